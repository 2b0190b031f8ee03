//! One run, from an empty folder to its figures.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use crate::{
    api::{Answer, Api},
    compare,
    database::Database,
    failure::{Doing, Failure, Outcome},
    figures::{Figures, LoginsAlone, Measured, ReadsBesideLogins, RouteFigures, Starts},
    machine::{self, Machine},
    options::{Part, Plan, RunOptions},
    passwords, pgbench,
    prepare::{self, Product, Recorded, STAFF, TRUST_STAFF},
    process, roster,
    routes::{self, ROUTES, Route, Samples},
    server::{self, Folder, Process},
    wrk::{self, Load, Request},
};

/// Connections of the logins that reads are measured beside.
const QUEUING_LOGINS: u32 = 64;

/// A load average above which others disturb the run.
const BUSY: f64 = 0.5;

/// Tells on the screen what happens.
pub(crate) fn say(words: impl std::fmt::Display) {
    // When nobody reads any more there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{words}");
}

/// Measures everything that the options ask for.
pub(crate) async fn run(options: &RunOptions) -> Outcome<Figures> {
    let plan = Plan::new(options);
    wrk::find()?;
    machine::allow_open_files()?;
    let program = options.server.canonicalize();
    let program = program.doing(format!("looking for {}", options.server.display()))?;
    let folder = Folder::make()?;
    let product = Product {
        program: &program,
        folder: &folder,
    };
    let (mut figures, samples, recorded) =
        prepared(&product, &plan, options.date.as_deref()).await?;
    let (server, _) = server::start(&program, &folder).await?;
    process::settle(server.pid()).await?;
    figures.idle = Some(process::memory(server.pid())?);
    let session = Session::begin(&server, &folder, &plan, samples).await?;
    session.routes(&recorded, &mut figures).await;
    session.others(&mut figures).await;
    session.bare.stop()?;
    server.stop()?;
    if plan.wants(Part::Starts) {
        let found = starts(&program, &folder, &plan).await;
        figures.starts = noted(found, "starts", &mut figures.failures);
    }
    Ok(figures)
}

/// Fills an empty folder, and records what each route sends to the database.
async fn prepared(
    product: &Product<'_>,
    plan: &Plan,
    date: Option<&str>,
) -> Outcome<(Figures, Samples, Vec<Recorded>)> {
    let load_before = machine::load_average();
    if load_before > BUSY {
        say(format!(
            "this machine is busy (load average {load_before:.2}): the figures will be off"
        ));
    }
    say("starting on an empty folder, with demo data");
    let (server, _) = server::start(product.program, product.folder).await?;
    let database = Database::of(&product.folder.data()).await?;
    let machine = Machine::look(database.version.clone(), date, load_before)?;
    let mut figures = Figures::new(machine, plan.members, plan.searched_members);
    say(format!("importing {} members into local-46", plan.members));
    product.import("local-46", plan.members)?;
    say(format!("importing {} employers", plan.employers));
    product.import_employers("local-46", plan.employers, plan.members)?;
    if plan.wants(Part::SearchAmongMany) {
        say(format!(
            "importing {} members into training-trust",
            plan.searched_members
        ));
        let seconds = product.import("training-trust", plan.searched_members);
        figures.import_seconds = noted(seconds, "import", &mut figures.failures);
    }
    say("filing grievances");
    let samples = prepare::samples(&Api::new(server.base())?, plan).await?;
    database.record_statements(true).await?;
    server.stop()?;
    say("recording the statements of each route");
    let (server, _) = server::start(product.program, product.folder).await?;
    let database = Database::of(&product.folder.data()).await?;
    let recorded = prepare::record(&Api::new(server.base())?, &database, &samples).await;
    database.record_statements(false).await?;
    database.tidy_up().await?;
    server.stop()?;
    let recorded = noted(recorded, "statements", &mut figures.failures);
    Ok((figures, samples, recorded.unwrap_or_default()))
}

/// The running server, the bare handler beside it, and what is sent to both.
struct Session<'a> {
    plan: &'a Plan,
    folder: &'a Path,
    pid: u32,
    api: Api,
    samples: Samples,
    tenant: String,
    database: Database,
    bare: Process,
}

impl<'a> Session<'a> {
    async fn begin(
        server: &Process,
        folder: &'a Folder,
        plan: &'a Plan,
        samples: Samples,
    ) -> Outcome<Self> {
        let api = Api::new(server.base())?;
        let (_, tenant) = api.sign_in(STAFF).await?;
        let database = Database::of(&folder.data()).await?;
        let bare = start_bare(&database, &tenant, folder.path()).await?;
        Ok(Self {
            plan,
            folder: folder.path(),
            pid: server.pid(),
            api,
            samples,
            tenant,
            database,
            bare,
        })
    }

    async fn routes(&self, recorded: &[Recorded], figures: &mut Figures) {
        for route in ROUTES
            .into_iter()
            .filter(|route| self.plan.wants(route.part))
        {
            let found = self.route(route, recorded, &mut figures.failures).await;
            figures
                .routes
                .extend(noted(found, route.key, &mut figures.failures));
        }
    }

    /// What one route reaches; where a limit cannot be measured the rest is kept.
    async fn route(
        &self,
        route: Route,
        recorded: &[Recorded],
        failures: &mut Vec<String>,
    ) -> Outcome<RouteFigures> {
        say(format!("measuring {}", route.title));
        let (token, _) = self.api.sign_in(route.asks()).await?;
        let requests = route.requests(&self.samples);
        let first = requests.first();
        let first = first.ok_or_else(|| Failure::new("a route without requests"))?;
        // The first answer may still have told a connection its tenant.
        prepare::send(&self.api, &token, first).await?;
        let answer = prepare::send(&self.api, &token, first).await?;
        let mut figures = RouteFigures {
            title: route.title,
            key: route.key,
            round_trips: answer.round_trips,
            bytes: Some(answer.bytes),
            loads: Vec::new(),
            bare: Vec::new(),
            bare_differences: Vec::new(),
            pgbench: Vec::new(),
        };
        let seconds = self.seconds(route);
        for connections in self.plan.connections.iter().copied() {
            let load = self.load(&token, &requests, connections, seconds).await?;
            figures.loads.push(load);
        }
        if route.bare {
            let bare = self.bare(&token, &requests).await;
            let what = format!("{}, bare handler", route.key);
            if let Some((theirs, loads)) = noted(bare, &what, failures) {
                figures.bare_differences = compare::differences(&answer.body, &theirs.body);
                figures.bare = loads;
            }
        }
        if let Some(recorded) = recorded.iter().find(|one| one.route == route) {
            let what = format!("{}, pgbench", route.key);
            let rates = noted(self.pgbench(recorded), &what, failures);
            figures.pgbench = rates.unwrap_or_default();
        }
        Ok(figures)
    }

    /// An answer of the bare handler, and its loads.
    async fn bare(&self, token: &str, requests: &[Request]) -> Outcome<(Answer, Vec<Load>)> {
        let bare = Api::new(self.bare.base())?;
        let first = requests.first();
        let first = first.ok_or_else(|| Failure::new("a route without requests"))?;
        let answer = prepare::send(&bare, token, first).await?;
        let mut loads = Vec::new();
        for connections in self.plan.connections.iter().copied() {
            let seconds = self.plan.seconds;
            let load = self.begin_load(bare.base(), token, requests, connections, seconds)?;
            loads.push(load.finish()?);
        }
        Ok((answer, loads))
    }

    fn seconds(&self, route: Route) -> u32 {
        if route.part == Part::Login {
            self.plan.login_seconds
        } else {
            self.plan.seconds
        }
    }

    fn pgbench(&self, recorded: &Recorded) -> Outcome<Vec<pgbench::Rate>> {
        let target = pgbench::Target {
            program: self.database.pgbench(),
            url: self.database.runtime_url(),
            tenant: &self.tenant,
            folder: self.folder,
        };
        pgbench::run(&target, &recorded.scripts, self.plan.seconds)
    }

    fn begin_load(
        &self,
        base: &str,
        token: &str,
        requests: &[Request],
        connections: u32,
        seconds: u32,
    ) -> Outcome<wrk::Running> {
        let script = self.folder.join(format!("load-{connections}.lua"));
        wrk::begin(&script, base, Some(token), requests, connections, seconds)
    }

    /// A load on the server, once it has nothing else to do, and its memory.
    async fn load(
        &self,
        token: &str,
        requests: &[Request],
        connections: u32,
        seconds: u32,
    ) -> Outcome<Measured> {
        process::settle(self.pid).await?;
        process::forget_peak(self.pid)?;
        let load = self
            .begin_load(self.api.base(), token, requests, connections, seconds)?
            .finish()?;
        let memory = process::memory(self.pid)?;
        say(format!(
            "  {connections} connections: {:.1}/s, p99 {:.1} ms, {} refused, {} errors, {} time-outs, {:.0} MiB",
            load.per_second,
            load.p99_ms,
            load.refused,
            load.socket_errors,
            load.timeouts,
            memory.peak_mib
        ));
        Ok(Measured { load, memory })
    }

    /// What is no route by itself.
    async fn others(&self, figures: &mut Figures) {
        let cores = figures.machine.cores;
        if self.plan.wants(Part::LoginsAlone) {
            let found = self.logins_alone(cores).await;
            figures.logins_alone = noted(found, "logins alone", &mut figures.failures);
        }
        if self.plan.wants(Part::ReadsBesideLogins) {
            let found = self.reads_beside_logins().await;
            figures.reads_beside_logins =
                noted(found, "reads beside logins", &mut figures.failures);
        }
        if self.plan.wants(Part::SearchAmongMany) {
            let found = self.search_among_many(routes::members_search).await;
            figures.search_among_many = noted(found, "search among many", &mut figures.failures);
            let found = self.search_among_many(routes::search).await;
            figures.found_among_many = noted(found, "found among many", &mut figures.failures);
        }
        if self.plan.wants(Part::Held) {
            let found = self.held().await;
            figures.held = noted(found, "held connections", &mut figures.failures);
        }
    }

    async fn logins_alone(&self, cores: u32) -> Outcome<LoginsAlone> {
        say("measuring logins beside one bcrypt");
        process::settle(self.pid).await?;
        let bcrypt_seconds = passwords::seconds_of_one()?;
        let bcrypt_on_all_cores = passwords::rate_on(cores)?;
        let requests = self.requests(Part::Login)?;
        let load = self
            .load("", &requests, self.fewest(), self.plan.login_seconds)
            .await?;
        Ok(LoginsAlone {
            bcrypt_seconds,
            bcrypt_on_all_cores,
            load,
        })
    }

    async fn reads_beside_logins(&self) -> Outcome<ReadsBesideLogins> {
        say("measuring reads while logins queue");
        let (token, _) = self.api.sign_in(STAFF).await?;
        let reads = self.requests(Part::MembersList)?;
        let alone = self
            .load(&token, &reads, self.fewest(), self.plan.seconds)
            .await?
            .load;
        let seconds = self.plan.seconds + 3;
        let logins = self.begin_load(
            self.api.base(),
            "",
            &self.requests(Part::Login)?,
            QUEUING_LOGINS,
            seconds,
        )?;
        tokio::time::sleep(Duration::from_secs(1)).await;
        let beside = self
            .begin_load(
                self.api.base(),
                &token,
                &reads,
                self.fewest(),
                self.plan.seconds,
            )?
            .finish()?;
        Ok(ReadsBesideLogins {
            alone,
            beside,
            logins: logins.finish()?,
        })
    }

    async fn search_among_many(&self, search: fn(&str) -> Request) -> Outcome<Measured> {
        say("measuring the search among many");
        let (token, _) = self.api.sign_in(TRUST_STAFF).await?;
        let searches = roster::searches(self.plan.searched_members);
        let requests: Vec<_> = searches.iter().map(|words| search(words)).collect();
        for request in requests.iter().take(20) {
            prepare::send(&self.api, &token, request).await?;
        }
        self.load(&token, &requests, self.fewest(), self.plan.seconds)
            .await
    }

    async fn held(&self) -> Outcome<Measured> {
        say("holding the most connections");
        let (token, _) = self.api.sign_in(STAFF).await?;
        let requests = self.requests(Part::MembersList)?;
        self.load(
            &token,
            &requests,
            self.plan.most_connections(),
            self.plan.hold_seconds,
        )
        .await
    }

    fn fewest(&self) -> u32 {
        self.plan.connections.first().copied().unwrap_or(1)
    }

    fn requests(&self, part: Part) -> Outcome<Vec<Request>> {
        let route = ROUTES.into_iter().find(|route| route.part == part);
        let route = route.ok_or_else(|| Failure::new("there is no such route"))?;
        Ok(route.requests(&self.samples))
    }
}

async fn start_bare(database: &Database, tenant: &str, folder: &Path) -> Outcome<Process> {
    let own: PathBuf = std::env::current_exe().doing("looking for this program")?;
    let address = server::free_address()?;
    let mut command = Command::new(own);
    command
        .arg("bare")
        .args(["--database-url", &database.superuser_url()])
        .args(["--tenant", tenant])
        .args(["--listen", &address.to_string()]);
    let (process, _) = Process::start(command, address, folder.join("bare.log"), "/readyz").await?;
    Ok(process)
}

async fn starts(program: &Path, used: &Folder, plan: &Plan) -> Outcome<Starts> {
    say("measuring starts");
    let (mut first, mut later) = (Vec::new(), Vec::new());
    for _ in 0..plan.starts {
        let (server, taken) = server::start(program, used).await?;
        later.push(taken.as_secs_f64());
        server.stop()?;
        let empty = Folder::make()?;
        let (server, taken) = server::start(program, &empty).await?;
        first.push(taken.as_secs_f64());
        server.stop()?;
    }
    Ok(Starts { first, later })
}

/// What was found; a failure is said and written down, and the run goes on.
fn noted<T>(found: Outcome<T>, what: &str, failures: &mut Vec<String>) -> Option<T> {
    found
        .map_err(|failure| {
            say(format!("{what}: {failure}"));
            failures.push(format!("{what}: {failure}"));
        })
        .ok()
}
