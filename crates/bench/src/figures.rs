//! What one run found: everything that is written down.

use serde::Serialize;

use crate::{machine::Machine, pgbench::Rate, process::Memory, wrk::Load};

/// A load and the server's memory with it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Measured {
    /// What the clients saw.
    #[serde(flatten)]
    pub(crate) load: Load,
    /// The server's memory right behind it, and the most during it.
    pub(crate) memory: Memory,
}

/// One route.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct RouteFigures {
    /// What it does, for people.
    pub(crate) title: &'static str,
    /// Its name in `--only`.
    pub(crate) key: &'static str,
    /// Round trips to the database of one request, on a connection that knows its tenant.
    pub(crate) round_trips: Option<u32>,
    /// Length of an answer, in bytes.
    pub(crate) bytes: Option<usize>,
    /// The server's loads, fewest connections first.
    pub(crate) loads: Vec<Measured>,
    /// The bare handler's.
    pub(crate) bare: Vec<Load>,
    /// Fields in which the bare handler's rows differ from the API's, other than those that are meant to.
    pub(crate) bare_differences: Vec<String>,
    /// What pgbench reaches with the same statements.
    pub(crate) pgbench: Vec<Rate>,
}

impl RouteFigures {
    /// The best of the server.
    pub(crate) fn best(&self) -> Option<f64> {
        best(self.loads.iter().map(|measured| &measured.load))
    }

    /// The best of the bare handler.
    pub(crate) fn bare_best(&self) -> Option<f64> {
        best(self.bare.iter())
    }

    /// The best of pgbench.
    pub(crate) fn pgbench_best(&self) -> Option<f64> {
        let rates = self.pgbench.iter().map(|rate| rate.per_second);
        rates.max_by(f64::total_cmp)
    }
}

/// The highest rate of some loads.
pub(crate) fn best<'a>(loads: impl Iterator<Item = &'a Load>) -> Option<f64> {
    loads.map(|load| load.per_second).max_by(f64::total_cmp)
}

/// Logins with nothing beside them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct LoginsAlone {
    /// Seconds of one bcrypt of cost 12, alone on one core.
    pub(crate) bcrypt_seconds: f64,
    /// Hashes a second when every core is busy with them and nothing else runs.
    pub(crate) bcrypt_on_all_cores: f64,
    /// The server's.
    pub(crate) load: Measured,
}

/// Reads, alone and while logins queue.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct ReadsBesideLogins {
    /// Members lists with nothing beside them.
    pub(crate) alone: Load,
    /// The same while logins queue.
    pub(crate) beside: Load,
    /// Those logins.
    pub(crate) logins: Load,
}

/// Starts, in seconds to the first answer that the server is ready.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Starts {
    /// On an empty folder.
    pub(crate) first: Vec<f64>,
    /// On a folder that has been used.
    pub(crate) later: Vec<f64>,
}

/// Everything.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Figures {
    /// Where.
    pub(crate) machine: Machine,
    /// Members in the lists.
    pub(crate) members: usize,
    /// Members in the search among many.
    pub(crate) searched_members: usize,
    /// Seconds that the import of those took.
    pub(crate) import_seconds: Option<f64>,
    /// Memory of the server before any load.
    pub(crate) idle: Option<Memory>,
    /// The routes.
    pub(crate) routes: Vec<RouteFigures>,
    /// Logins alone.
    pub(crate) logins_alone: Option<LoginsAlone>,
    /// Reads beside logins.
    pub(crate) reads_beside_logins: Option<ReadsBesideLogins>,
    /// Searches among many.
    pub(crate) search_among_many: Option<Measured>,
    /// Searches across kinds of records where there are very many members.
    pub(crate) found_among_many: Option<Measured>,
    /// The most connections, held.
    pub(crate) held: Option<Measured>,
    /// Starts.
    pub(crate) starts: Option<Starts>,
    /// What could not be measured, and why.
    pub(crate) failures: Vec<String>,
}

impl Figures {
    /// No figures yet.
    pub(crate) fn new(machine: Machine, members: usize, searched_members: usize) -> Self {
        Self {
            machine,
            members,
            searched_members,
            import_seconds: None,
            idle: None,
            routes: Vec::new(),
            logins_alone: None,
            reads_beside_logins: None,
            search_among_many: None,
            found_among_many: None,
            held: None,
            starts: None,
            failures: Vec::new(),
        }
    }

    /// The route with this key.
    pub(crate) fn route(&self, key: &str) -> Option<&RouteFigures> {
        self.routes.iter().find(|route| route.key == key)
    }

    /// The most memory that the server held in any load, in MiB.
    pub(crate) fn highest_memory(&self) -> Option<f64> {
        let routes = self.routes.iter().flat_map(|route| &route.loads);
        let others = [&self.search_among_many, &self.found_among_many, &self.held];
        let all = routes.chain(others.into_iter().flatten());
        all.map(|measured| measured.memory.peak_mib)
            .max_by(f64::total_cmp)
    }
}
