//! The command line, and the plan that follows from it.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use uuid::Uuid;

/// Measures the release server on this machine, beside pgbench and a bare handler on the same database.
///
/// Needs `target/release/unionhall`, PostgreSQL's programs with pgbench, and wrk on PATH. Every load goes to this
/// machine's loopback and ends by itself. A full run takes about a quarter of an hour and wants a quiet machine.
#[derive(Debug, Parser)]
#[command(
    name = "unionhall-bench",
    version,
    args_conflicts_with_subcommands = true
)]
pub(crate) struct Options {
    #[command(flatten)]
    pub(crate) run: RunOptions,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// How to measure.
#[derive(Debug, Args)]
pub(crate) struct RunOptions {
    /// Seconds of each load
    #[arg(long, default_value_t = 8)]
    seconds: u32,
    /// Seconds of each load of logins, which take a quarter of a second of one core each
    #[arg(long, default_value_t = 20)]
    login_seconds: u32,
    /// Seconds for which the most connections are held
    #[arg(long, default_value_t = 60)]
    hold_seconds: u32,
    /// A smoke run: a second each, few rows, few connections; its figures mean nothing
    #[arg(long)]
    quick: bool,
    /// Measure only these
    #[arg(long, value_delimiter = ',')]
    only: Vec<Part>,
    /// The server to measure
    #[arg(long, default_value = "target/release/unionhall")]
    pub(crate) server: PathBuf,
    /// Where the figures go as JSON
    #[arg(long, default_value = "target/bench/latest.json")]
    pub(crate) output: PathBuf,
    /// The document whose figures a full run replaces
    #[arg(long, default_value = "docs/performance.md")]
    pub(crate) document: PathBuf,
    /// The day to write beside the figures [default: what `date` says]
    #[arg(long)]
    pub(crate) date: Option<String>,
}

/// What else this program can be.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the bare handler: one prepared statement and its JSON, nothing else
    Bare(BareOptions),
}

/// What the bare handler needs.
#[derive(Debug, Args)]
pub(crate) struct BareOptions {
    /// The database
    #[arg(long)]
    pub(crate) database_url: String,
    /// Whose rows it serves
    #[arg(long)]
    pub(crate) tenant: Uuid,
    /// Where it listens
    #[arg(long)]
    pub(crate) listen: SocketAddr,
    /// Connections to the database of each worker
    #[arg(long, default_value_t = 2)]
    pub(crate) connections: usize,
}

/// What can be measured by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Part {
    /// 50 of many members.
    MembersList,
    /// 50 of those with one status.
    MembersFiltered,
    /// 50 of those with one name.
    MembersSearch,
    /// One member.
    Member,
    /// 50 grievances.
    GrievancesList,
    /// 50 organizations.
    OrganizationsList,
    /// 50 people at organizations.
    ContactsList,
    /// 50 jobs of members.
    EmploymentsList,
    /// 50 applications to the benevolence fund.
    ApplicationsList,
    /// 50 deadlines, the next first.
    DeadlinesList,
    /// 50 requests for information.
    InformationRequestsList,
    /// 50 things owed out of settlements.
    ObligationsList,
    /// 50 campaigns.
    CampaignsList,
    /// 50 activities of organizers.
    ActivitiesList,
    /// One name, among members, organizations and grievances.
    Search,
    /// What each representative has on the table.
    CaseLoads,
    /// What is due this week.
    CasesDue,
    /// A grievance is filed.
    GrievanceCreate,
    /// Somebody signs in.
    Login,
    /// Logins beside one bcrypt.
    LoginsAlone,
    /// Reads while logins queue.
    ReadsBesideLogins,
    /// Searches among very many members.
    SearchAmongMany,
    /// Very many connections for a long time.
    Held,
    /// First and later starts.
    Starts,
}

/// Sizes and times of one run.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// Seconds of each load.
    pub(crate) seconds: u32,
    /// Seconds of each load of logins.
    pub(crate) login_seconds: u32,
    /// Seconds for which the most connections are held.
    pub(crate) hold_seconds: u32,
    /// The numbers of connections, smallest first.
    pub(crate) connections: Vec<u32>,
    /// Members in the first tenant.
    pub(crate) members: usize,
    /// Employers in the first tenant, and people there.
    pub(crate) employers: usize,
    /// Members in the tenant that is searched.
    pub(crate) searched_members: usize,
    /// Grievances in the first tenant before any is measured.
    pub(crate) grievances: usize,
    /// How often each start is repeated.
    pub(crate) starts: usize,
    /// Whether the figures are worth keeping.
    pub(crate) whole: bool,
    only: Vec<Part>,
}

impl Plan {
    /// The plan that the options ask for.
    pub(crate) fn new(options: &RunOptions) -> Self {
        let only = options.only.clone();
        if options.quick {
            return Self {
                seconds: 1,
                login_seconds: 2,
                hold_seconds: 3,
                connections: vec![4, 32],
                members: 500,
                employers: 60,
                searched_members: 2_000,
                grievances: 60,
                starts: 1,
                whole: false,
                only,
            };
        }
        Self {
            seconds: options.seconds,
            login_seconds: options.login_seconds,
            hold_seconds: options.hold_seconds,
            connections: vec![16, 256, 4_000],
            members: 10_000,
            employers: 1_000,
            searched_members: 100_000,
            grievances: 200,
            starts: 3,
            whole: only.is_empty(),
            only,
        }
    }

    /// Whether this part is wanted.
    pub(crate) fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    /// The largest number of connections.
    pub(crate) fn most_connections(&self) -> u32 {
        self.connections.iter().copied().max().unwrap_or(1)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn plan(line: &str) -> Plan {
        let words = std::iter::once("unionhall-bench").chain(line.split_whitespace());
        Plan::new(&Options::try_parse_from(words).unwrap().run)
    }

    #[test]
    fn the_definition_holds_together() {
        Options::command().debug_assert();
    }

    #[test]
    fn everything_is_measured_unless_something_is_named() {
        assert!(plan("").wants(Part::Held));
        let named = plan("--only members_list,starts");
        assert!(named.wants(Part::Starts) && !named.wants(Part::Held));
    }

    #[test]
    fn only_a_full_run_is_worth_keeping() {
        assert!(plan("--seconds 4").whole);
        assert!(!plan("--quick").whole);
        assert!(!plan("--only login").whole);
    }

    #[test]
    fn the_bare_handler_takes_options_of_its_own() {
        let line = [
            "unionhall-bench",
            "bare",
            "--database-url",
            "postgresql://a@b/c",
            "--tenant",
            "0192d3a0-0000-7000-8000-000000000001",
            "--listen",
            "127.0.0.1:9",
        ];
        let options = Options::try_parse_from(line).unwrap();
        assert!(matches!(options.command, Some(Command::Bare(bare)) if bare.connections == 2));
    }
}
