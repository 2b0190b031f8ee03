//! The command line: what can be typed, checked as far as the text alone allows.

mod import;
mod mail;
mod plans;
mod setup;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use unionhall_domain::{
    invalid::Invalid,
    roles::Role,
    tenants::{Currency, Slug, TenantKind, ZoneName},
    text::Line,
    users::EmailAddress,
};

pub use self::import::{ImportCommand, ImportFile, ImportKind};
pub use self::mail::{ListMails, MailCommand, RetryMails};
pub use self::plans::{Bound, SetTenant};
pub use self::setup::SetUp;

use crate::config::Flags;

/// The operations platform of union locals and their training trusts.
///
/// Without a subcommand it serves. With nothing configured it brings its own PostgreSQL, object store
/// and mailbox, makes two demo tenants and listens on http://127.0.0.1:8080.
#[derive(Debug, Parser)]
#[command(name = "unionhall", version, after_long_help = EXAMPLES, arg_required_else_help = false)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  unionhall                                    serve with everything embedded
  unionhall --listen 0.0.0.0:80 --env production --config /etc/unionhall.toml
  unionhall config                             what is configured, and where each value came from
  unionhall tenant create --slug local-46 --name 'Local 46' --kind local \\
                          --owner-email ada@hall.example
  unionhall import members roster.csv --tenant local-46 --dry-run

Exit codes:
  0 done · 1 failed · 2 wrong command line or configuration · 3 already running, or port in use
  4 database or other dependency not there · 5 bad rows in the input · 6 named thing not found
  7 thing to make exists";

#[derive(Debug, Args)]
#[command(next_help_heading = "Configuration")]
struct Global {
    /// Read this TOML file [default: ./unionhall.toml if it exists]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Keep the embedded services' files here [default: ./data]
    #[arg(long, global = true, value_name = "FOLDER")]
    data_dir: Option<String>,
    /// Serve HTTP on this address [default: 127.0.0.1:8080]
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// development or production [default: development]
    #[arg(long, global = true, value_name = "ENVIRONMENT")]
    env: Option<String>,
}

/// What to do.
#[derive(Debug, Subcommand, PartialEq)]
pub enum Command {
    /// Serve the hall until Ctrl-C or SIGTERM (the default)
    ///
    /// Starts what is embedded, migrates an embedded database, and serves the API and its documentation.
    /// On Ctrl-C or SIGTERM it stops accepting, finishes the requests in flight and the worker's job,
    /// and stops its database cleanly.
    #[command(after_long_help = "\
Examples:
  unionhall serve
  UNIONHALL_LISTEN=0.0.0.0:8080 unionhall serve

Exit codes: 0 stopped when told · 2 configuration wrong or unsafe for production
            3 already running on this data folder, or port in use · 4 a dependency is not there")]
    Serve,
    /// Bring the database's tables and roles up to date
    ///
    /// Connects as the owner of the tables (DATABASE_OWNER_URL), applies the migrations that are missing
    /// in one go, and grants the serving role what it needs and no more. Running it again changes nothing.
    /// The embedded database is migrated by `serve`, so that this is for databases of your own.
    #[command(after_long_help = "\
Example:
  DATABASE_OWNER_URL=postgres://owner:…@db/hall DATABASE_URL=postgres://app:…@db/hall unionhall migrate

Exit codes: 0 up to date · 1 a migration failed, and nothing of it was kept
            2 configuration wrong · 4 the database does not answer")]
    Migrate,
    /// Show the effective configuration, secrets masked, and where each value came from
    ///
    /// One row for each key: its name in the file, its value, and default, file, environment variable or flag.
    /// In production it also lists what would be refused.
    #[command(after_long_help = "\
Examples:
  unionhall config
  unionhall config --reference > keys.md      every key there is, as a Markdown table

Exit codes: 0 the configuration can be served · 2 it is wrong, or unsafe for production")]
    Config {
        /// Print every key with its variable, default and meaning instead
        #[arg(long)]
        reference: bool,
    },
    /// Make the first tenant and its owner, once
    ///
    /// There is no default account. Without a password the owner gets a mail with a link to choose one.
    #[command(after_long_help = setup::HELP)]
    Setup(SetUp),
    /// Make or list tenants: locals and training trusts
    #[command(subcommand)]
    Tenant(TenantCommand),
    /// Make or list people who sign in, or give one a new password
    #[command(subcommand)]
    User(UserCommand),
    /// See what mail waits or was given up, and have it sent again
    #[command(subcommand)]
    Mail(MailCommand),
    /// Bring records in from files
    #[command(subcommand)]
    Import(ImportCommand),
    /// Print the OpenAPI document of the HTTP API
    ///
    /// The same document that a running server gives at /api/v1/openapi.json; nothing is started for it.
    #[command(after_long_help = "\
Example:
  unionhall openapi > openapi.json

Exit codes: 0 printed")]
    Openapi,
    /// Print the version
    #[command(after_long_help = "Exit codes: 0 printed")]
    Version,
}

/// What to do with tenants.
#[derive(Debug, Subcommand, PartialEq)]
pub enum TenantCommand {
    /// Make a tenant and its owner
    ///
    /// The owner is found by e-mail address, or made with a password that is drawn and printed once.
    #[command(after_long_help = "\
Example:
  unionhall tenant create --slug local-46 --name 'IBEW Local 46' --kind local \\
                          --owner-email ada@hall.example

Exit codes: 0 made · 2 wrong command line · 4 the database does not answer · 7 the slug is taken")]
    Create(NewTenant),
    /// List the tenants: slug, kind, status, name
    #[command(after_long_help = "Exit codes: 0 listed · 4 the database does not answer")]
    List,
    /// Set what a tenant may use and until when, and show it
    ///
    /// What is not named stays as it is; with nothing named it is only shown. A tenant that is suspended or canceled, or whose trial has ended, can be
    /// read and not changed; nothing of it is lost. It counts everywhere within five seconds.
    #[command(after_long_help = "\
Examples:
  unionhall tenant set local-46 --status suspended
  unionhall tenant set local-46 --status active --max-users 25 --max-storage 10737418240
  unionhall tenant set local-46 --trial-ends 2027-01-31T08:00:00Z
  unionhall tenant set local-46 --max-users none --tier none

Exit codes: 0 set, or so already · 1 the status does not lead there · 2 wrong command line
            4 the database does not answer · 6 no such tenant")]
    Set(SetTenant),
}

/// A tenant to make.
#[derive(Debug, Args, PartialEq)]
pub struct NewTenant {
    /// The short name in addresses and commands: lower-case letters, digits, inner hyphens
    #[arg(long, value_parser = slug)]
    pub slug: Slug,
    /// What the hall calls itself
    #[arg(long, value_parser = line::<255>)]
    pub name: Line<255>,
    /// `local` or `training_trust`
    #[arg(long, value_parser = kind)]
    pub kind: TenantKind,
    /// Where its days begin and end
    #[arg(long, value_parser = zone, default_value = "America/Los_Angeles", value_name = "ZONE")]
    pub time_zone: ZoneName,
    /// What its amounts are in
    #[arg(long, value_parser = currency, default_value = "USD", value_name = "ISO-4217")]
    pub currency: Currency,
    /// The address its first owner signs in with
    #[arg(long, value_parser = email, value_name = "ADDRESS")]
    pub owner_email: EmailAddress,
}

/// What to do with users.
#[derive(Debug, Subcommand, PartialEq)]
pub enum UserCommand {
    /// Make a person who can sign in
    ///
    /// With --password-stdin the password is read from standard input, without a prompt;
    /// otherwise one is drawn and printed once.
    #[command(after_long_help = "\
Examples:
  unionhall user create --email ada@hall.example --first-name Ada --last-name Byron \\
                        --tenant local-46 --role staff --role organizer
  pass hall/ada | unionhall user create --email ada@hall.example --first-name Ada \\
                                        --last-name Byron --password-stdin

Exit codes: 0 made · 2 wrong command line or password · 4 the database does not answer
            6 no such tenant · 7 the address is taken")]
    Create(NewUser),
    /// List the people who can sign in: address, name, and roles in a tenant
    #[command(
        after_long_help = "Exit codes: 0 listed · 4 the database does not answer · 6 no such tenant"
    )]
    List {
        /// Only those with a place in this tenant
        #[arg(long, value_parser = slug, value_name = "SLUG")]
        tenant: Option<Slug>,
    },
    /// Give a person a new password and end all their sessions
    ///
    /// With --password-stdin the password is read from standard input, without a prompt;
    /// otherwise one is drawn and printed once.
    #[command(after_long_help = "\
Example:
  unionhall user reset-password --email ada@hall.example

Exit codes: 0 changed · 2 wrong command line or password · 4 the database does not answer · 6 no such user")]
    ResetPassword {
        /// The address the person signs in with
        #[arg(long, value_parser = email, value_name = "ADDRESS")]
        email: EmailAddress,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
}

/// A user to make.
#[derive(Debug, Args, PartialEq)]
pub struct NewUser {
    /// The address the person signs in with
    #[arg(long, value_parser = email, value_name = "ADDRESS")]
    pub email: EmailAddress,
    /// Given name
    #[arg(long, value_parser = line::<100>, value_name = "NAME")]
    pub first_name: Line<100>,
    /// Family name
    #[arg(long, value_parser = line::<100>, value_name = "NAME")]
    pub last_name: Line<100>,
    /// Give the person a place in this tenant
    #[arg(long, value_parser = slug, requires = "role", value_name = "SLUG")]
    pub tenant: Option<Slug>,
    /// A role in the tenant; may be given several times
    #[arg(long, value_parser = role, requires = "tenant")]
    pub role: Vec<Role>,
    /// Read the password from standard input
    #[arg(long)]
    pub password_stdin: bool,
}

impl Cli {
    /// What to do, and what the command line says about the configuration.
    pub fn into_parts(self) -> (Command, Flags) {
        let flags = Flags {
            config: self.global.config,
            environment: self.global.env,
            data_dir: self.global.data_dir,
            listen: self.global.listen,
        };
        (self.command.unwrap_or(Command::Serve), flags)
    }
}

fn slug(text: &str) -> Result<Slug, String> {
    said(Slug::parse(text))
}

fn line<const MAX: usize>(text: &str) -> Result<Line<MAX>, String> {
    said(Line::parse(text))
}

fn kind(text: &str) -> Result<TenantKind, String> {
    said(TenantKind::parse(text))
}

fn zone(text: &str) -> Result<ZoneName, String> {
    said(ZoneName::parse(text))
}

fn currency(text: &str) -> Result<Currency, String> {
    said(Currency::parse(text))
}

fn email(text: &str) -> Result<EmailAddress, String> {
    said(EmailAddress::parse(text))
}

fn role(text: &str) -> Result<Role, String> {
    said(Role::parse(text))
}

/// The domain's refusal as clap prints it, after the value and the flag.
fn said<T>(parsed: Result<T, Invalid>) -> Result<T, String> {
    parsed.map_err(|invalid| invalid.detail)
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, error::ErrorKind};

    use super::*;
    use crate::exit::Exit;

    fn parse(line: &str) -> Result<(Command, Flags), clap::Error> {
        let words = std::iter::once("unionhall").chain(line.split_whitespace());
        Cli::try_parse_from(words).map(Cli::into_parts)
    }

    #[test]
    fn the_definition_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn no_subcommand_serves() {
        assert_eq!(parse("").unwrap().0, Command::Serve);
        assert_eq!(parse("serve").unwrap().0, Command::Serve);
    }

    #[test]
    fn the_configuration_flags_may_stand_before_or_after_the_subcommand() {
        for line in [
            "--listen 1.2.3.4:5 --env production config",
            "config --listen 1.2.3.4:5 --env production",
        ] {
            let (command, flags) = parse(line).unwrap();
            assert_eq!(command, Command::Config { reference: false });
            assert_eq!(flags.listen.as_deref(), Some("1.2.3.4:5"));
            assert_eq!(flags.environment.as_deref(), Some("production"));
        }
    }

    #[test]
    fn a_tenant_has_a_zone_and_a_currency_unless_told() {
        let line =
            "tenant create --slug local-46 --name Hall --kind local --owner-email Ada@Hall.example";
        let (Command::Tenant(TenantCommand::Create(tenant)), _) = parse(line).unwrap() else {
            panic!("another command");
        };
        assert_eq!(
            (tenant.time_zone.as_str(), tenant.currency.as_str()),
            ("America/Los_Angeles", "USD")
        );
        assert_eq!(tenant.owner_email.as_str(), "ada@hall.example");
    }

    #[test]
    fn a_user_may_hold_several_roles_and_only_in_a_tenant() {
        let person = "user create --email ada@hall.example --first-name Ada --last-name Byron";
        let (Command::User(UserCommand::Create(user)), _) = parse(&format!(
            "{person} --tenant local-46 --role staff --role organizer"
        ))
        .unwrap() else {
            panic!("another command");
        };
        assert_eq!(user.role, [Role::Staff, Role::Organizer]);
        for half in ["--tenant local-46", "--role staff"] {
            let error = parse(&format!("{person} {half}")).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::MissingRequiredArgument);
        }
    }

    #[test]
    fn a_bad_value_is_refused_with_its_flag_and_the_rule() {
        for (line, flag, rule) in [
            ("user list --tenant Local", "--tenant", "lower-case letters"),
            (
                "user reset-password --email ada",
                "--email",
                "e-mail address",
            ),
            (
                "tenant create --kind union",
                "--kind",
                "local, training_trust",
            ),
            ("user create --role boss", "--role", "owner, admin"),
            (
                "mail list --state lost",
                "--state",
                "waiting, sent, given-up",
            ),
            ("mail list --limit 0", "--limit", "1..="),
            (
                "tenant set x-1 --status trial",
                "--status",
                "active, suspended",
            ),
            ("tenant set x-1 --max-users 0", "--max-users", "from 1"),
            (
                "tenant set x-1 --max-storage 1GB",
                "--max-storage",
                "of bytes",
            ),
            (
                "tenant set x-1 --trial-ends soon",
                "--trial-ends",
                "a time like",
            ),
        ] {
            let error = parse(line).unwrap_err();
            let text = error.to_string();
            assert!(text.contains(flag) && text.contains(rule), "{text}");
            assert_eq!(error.exit_code(), i32::from(Exit::Usage.code()));
        }
    }

    #[test]
    fn every_subcommand_has_help_with_its_exit_codes() {
        fn check(command: &mut clap::Command) {
            let help = command.render_long_help().to_string();
            let subcommands: Vec<_> = command.get_subcommands_mut().collect();
            assert!(
                help.contains("Exit codes") || !subcommands.is_empty(),
                "{help}"
            );
            subcommands
                .into_iter()
                .filter(|command| command.get_name() != "help")
                .for_each(check);
        }
        let mut command = Cli::command();
        command.build();
        assert!(
            command
                .render_long_help()
                .to_string()
                .contains("Exit codes")
        );
        check(&mut command);
    }

    #[test]
    fn the_overview_of_exit_codes_names_each_of_them() {
        let (_, codes) = EXAMPLES.split_once("Exit codes:").unwrap();
        for exit in Exit::ALL {
            assert!(codes.contains(&format!("{} ", exit.code())), "{exit:?}");
        }
    }
}
