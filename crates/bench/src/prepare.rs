//! Before anything is measured: members and grievances, and the statements of each route.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use serde_json::json;

use crate::{
    api::{self, Api},
    database::Database,
    failure::{Doing, Failure, Outcome},
    options::Plan,
    pgbench::Script,
    roster,
    routes::{self, ROUTES, Route, Samples},
    server::Folder,
    statements::{self, Log, Statement},
    wrk::Request,
};

/// Who works in the tenant of the lists.
pub(crate) const STAFF: &str = "staff@local46.example";
/// Who sees everything in it.
pub(crate) const OFFICER: &str = "officer@local46.example";
/// Who works in the tenant of the search among many.
pub(crate) const TRUST_STAFF: &str = "staff@trust.example";

/// How often a route is asked before its statements are recorded, so that they are prepared and the tenant is known.
const WARM_UP: usize = 12;

/// The program and its folder.
#[derive(Debug)]
pub(crate) struct Product<'a> {
    /// The program.
    pub(crate) program: &'a Path,
    /// Its folder.
    pub(crate) folder: &'a Folder,
}

impl Product<'_> {
    /// Brings members in through the program's own import; gives how many seconds that took.
    pub(crate) fn import(&self, tenant: &str, members: usize) -> Outcome<f64> {
        self.import_list(tenant, "members", &roster::csv(members))
    }

    /// Brings in employers, as many people there, and a job of each member.
    pub(crate) fn import_employers(
        &self,
        tenant: &str,
        employers: usize,
        members: usize,
    ) -> Outcome<()> {
        self.import_list(tenant, "organizations", &roster::employers(employers))?;
        self.import_list(tenant, "contacts", &roster::contacts(employers))?;
        self.import_list(tenant, "employments", &roster::jobs(members, employers))?;
        Ok(())
    }

    fn import_list(&self, tenant: &str, what: &str, csv: &str) -> Outcome<f64> {
        let file = self.folder.path().join(format!("{tenant}-{what}.csv"));
        fs::write(&file, csv).doing("writing what is imported")?;
        let begun = Instant::now();
        let output = Command::new(self.program)
            .args(["import", what])
            .arg(&file)
            .args(["--tenant", tenant])
            .current_dir(self.folder.path())
            .env("UNIONHALL_DATA_DIR", self.folder.data())
            .stdin(Stdio::null())
            .output()
            .doing("starting the import")?;
        if output.status.success() {
            return Ok(begun.elapsed().as_secs_f64());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(Failure::new(format!(
            "the import of {what} into {tenant} failed: {said}"
        )))
    }
}

/// Makes what the requests name: an employer, and so many grievances of members.
pub(crate) async fn samples(api: &Api, plan: &Plan) -> Outcome<Samples> {
    let (token, _) = api.sign_in(STAFF).await?;
    let members = api.get(&token, "/api/v1/members?limit=50").await?;
    let samples = Samples {
        members: api::ids(&members.body),
        employer: employer(api, &token).await?,
        email: STAFF.to_owned(),
    };
    let mut members = samples.members.iter().cycle();
    for _ in 0..plan.grievances {
        let member = members
            .next()
            .ok_or_else(|| Failure::new("there are no members"))?;
        send(api, &token, &routes::grievance(member, &samples.employer)).await?;
    }
    Ok(samples)
}

async fn employer(api: &Api, token: &str) -> Outcome<String> {
    let found = api
        .get(token, "/api/v1/organizations?org_type=employer&limit=1")
        .await?;
    if let Some(id) = api::ids(&found.body).into_iter().next() {
        return Ok(id);
    }
    let body = json!({ "name": "Cascade Electric", "org_type": "employer" }).to_string();
    let made = api.post(Some(token), "/api/v1/organizations", body).await?;
    api::text(&made.body, "/id")
}

/// Sends one request of a route.
pub(crate) async fn send(api: &Api, token: &str, request: &Request) -> Outcome<api::Answer> {
    match &request.body {
        None => api.get(token, &request.path).await,
        Some(body) => api.post(Some(token), &request.path, body.clone()).await,
    }
}

/// The scripts that let pgbench do what a route does: one for each record that takes its turn.
#[derive(Debug)]
pub(crate) struct Recorded {
    /// Whose they are.
    pub(crate) route: Route,
    /// The scripts; empty where nothing was recorded.
    pub(crate) scripts: Vec<Script>,
}

/// Asks every route and records what it sends to the database, which must be writing its statements down.
pub(crate) async fn record(
    api: &Api,
    database: &Database,
    samples: &Samples,
) -> Outcome<Vec<Recorded>> {
    let mut recorded = Vec::new();
    for route in ROUTES {
        if let Some(table) = route.table {
            let (token, _) = api.sign_in(route.asks()).await?;
            let scripts = scripts(api, database, samples, (&token, route, table)).await?;
            recorded.push(Recorded { route, scripts });
        }
    }
    Ok(recorded)
}

async fn scripts(
    api: &Api,
    database: &Database,
    samples: &Samples,
    (token, route, table): (&str, Route, &str),
) -> Outcome<Vec<Script>> {
    let requests = route.requests(samples);
    let request = requests
        .first()
        .ok_or_else(|| Failure::new("a route without requests"))?;
    for _ in 0..WARM_UP {
        send(api, token, request).await?;
    }
    let mut twice: Vec<Vec<Statement>> = Vec::new();
    for _ in 0..2 {
        let log = Log::end(&database.log)?;
        send(api, token, request).await?;
        let logged = log.statements()?;
        twice.push(if route.writes() {
            statements::of_write(&logged, table)
        } else {
            statements::of_read(&logged, table)
        });
    }
    let script = match twice.as_slice() {
        [first, second] if route.writes() => Script::differing(first, second),
        [_, second] => Script::repeating(second),
        _ => return Err(Failure::new("two recordings were expected")),
    };
    if script.is_empty() {
        return Err(Failure::new(format!(
            "no statement of {} was recorded",
            route.key
        )));
    }
    let Some(first) = samples.members.first().filter(|_| requests.len() > 1) else {
        return Ok(vec![script]);
    };
    let turns = samples.members.iter().take(requests.len());
    Ok(turns
        .map(|member| script.replacing(first, member))
        .collect())
}
