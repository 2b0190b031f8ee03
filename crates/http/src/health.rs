//! Whether the process lives, and whether it can serve: for the programs that start, stop and watch it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{
    HttpResponse, guard,
    rt::task::{self, JoinHandle},
    web::{self, Data, ServiceConfig},
};
use serde::Serialize;
use tokio::{sync::Mutex, time};

/// How long an outcome is good for, however many ask.
const FRESH: Duration = Duration::from_secs(1);

/// How long whoever asks is kept waiting; a dependency that takes longer counts as down.
const PATIENCE: Duration = Duration::from_secs(3);

/// Names what is down when the checks themselves do not come back.
const CHECKS: &str = "checks";

/// One dependency and what is wrong with it, if anything is.
pub type Check = (&'static str, Result<(), String>);

/// What the program needs in order to serve.
pub trait Readiness: Send + Sync {
    /// Tries every dependency: its name in `snake_case`, and why it cannot be used.
    ///
    /// It may block for as long as it takes; it is never called twice at the same time.
    /// The names are shown to everybody, the reasons are for the log.
    fn check(&self) -> Vec<Check>;
}

/// Puts `GET /livez` and `GET /readyz` into a server whose application data has a [`Health`].
pub(crate) fn configure(server: &mut ServiceConfig) {
    server
        .service(web::resource("/livez").guard(asking()).to(livez))
        .service(web::resource("/readyz").guard(asking()).to(readyz));
}

fn asking() -> impl guard::Guard {
    guard::Any(guard::Get()).or(guard::Head())
}

async fn livez() -> HttpResponse {
    HttpResponse::Ok().json(Liveness { status: "ok" })
}

async fn readyz(health: Data<Health>) -> HttpResponse {
    let report = health.report().await;
    if report.is_ready() {
        HttpResponse::Ok().json(&*report)
    } else {
        HttpResponse::ServiceUnavailable().json(&*report)
    }
}

#[derive(Serialize)]
struct Liveness {
    status: &'static str,
}

/// What is up and what is down.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Report {
    status: &'static str,
    checks: Vec<Line>,
}

/// One dependency in a report.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Line {
    name: &'static str,
    status: &'static str,
}

impl Report {
    fn of(checks: &[Check]) -> Self {
        let line = |(name, result): &Check| Line {
            name,
            status: if result.is_ok() { "up" } else { "down" },
        };
        let all_up = checks.iter().all(|(_, result)| result.is_ok());
        Self {
            status: if all_up { "ok" } else { "unavailable" },
            checks: checks.iter().map(line).collect(),
        }
    }

    fn is_ready(&self) -> bool {
        self.status == "ok"
    }
}

/// Asks a [`Readiness`], one call at a time, and remembers for a second what it said.
pub(crate) struct Health {
    readiness: Arc<dyn Readiness>,
    patience: Duration,
    memory: Mutex<Memory>,
}

/// What was heard last, and the call that has not come back.
#[derive(Default)]
struct Memory {
    last: Option<(Instant, Arc<Report>)>,
    running: Option<JoinHandle<Vec<Check>>>,
}

impl Health {
    /// Nothing has been asked yet.
    pub(crate) fn new(readiness: Arc<dyn Readiness>) -> Self {
        Self {
            readiness,
            patience: PATIENCE,
            memory: Mutex::default(),
        }
    }

    async fn report(&self) -> Arc<Report> {
        // Whoever comes while somebody asks waits here, and then finds a fresh outcome.
        let mut memory = self.memory.lock().await;
        if let Some((at, report)) = &memory.last
            && at.elapsed() < FRESH
        {
            return Arc::clone(report);
        }
        let checks = self.ask(&mut memory).await;
        let report = Arc::new(Report::of(&checks));
        let before = memory.last.as_ref().map(|(_, report)| report);
        if before.is_none_or(|before| **before != *report) {
            log(&checks);
        }
        memory.last = Some((Instant::now(), Arc::clone(&report)));
        report
    }

    async fn ask(&self, memory: &mut Memory) -> Vec<Check> {
        let running = memory.running.get_or_insert_with(|| {
            let readiness = Arc::clone(&self.readiness);
            task::spawn_blocking(move || readiness.check())
        });
        match time::timeout(self.patience, running).await {
            Ok(outcome) => {
                memory.running = None;
                outcome.unwrap_or_else(|panic| vec![(CHECKS, Err(panic.to_string()))])
            }
            // The call stays: the next one to ask waits for it instead of beginning another.
            Err(elapsed) => vec![(CHECKS, Err(elapsed.to_string()))],
        }
    }
}

/// Says what has changed, with the reasons; the answer has only the names.
fn log(checks: &[Check]) {
    for (name, result) in checks {
        if let Err(error) = result {
            tracing::warn!(check = name, error, "not ready");
        }
    }
    if checks.iter().all(|(_, result)| result.is_ok()) {
        tracing::info!("ready");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    };

    use actix_web::{
        App,
        http::StatusCode,
        test::{TestRequest, call_service, init_service, read_body_json},
    };
    use serde_json::{Value, json};

    use super::*;

    /// Says what it is told to, and counts how often it was asked.
    struct Told {
        checks: Mutex<Vec<Check>>,
        asked: AtomicUsize,
    }

    impl Told {
        fn to_say(checks: Vec<Check>) -> Arc<Self> {
            let checks = Mutex::new(checks);
            let asked = AtomicUsize::new(0);
            Arc::new(Self { checks, asked })
        }
    }

    impl Readiness for Told {
        fn check(&self) -> Vec<Check> {
            self.asked.fetch_add(1, Ordering::SeqCst);
            self.checks.lock().unwrap().clone()
        }
    }

    async fn answer(health: Data<Health>, path: &str) -> (StatusCode, Value) {
        let server = init_service(App::new().app_data(health).configure(configure)).await;
        let request = TestRequest::get().uri(path).to_request();
        let response = call_service(&server, request).await;
        let status = response.status();
        (status, read_body_json(response).await)
    }

    #[actix_web::test]
    async fn a_process_that_answers_lives() {
        let health = Data::new(Health::new(Told::to_say(vec![(
            "database",
            Err("gone".into()),
        )])));
        let expected = (StatusCode::OK, json!({"status": "ok"}));
        assert_eq!(answer(health, "/livez").await, expected);
    }

    #[actix_web::test]
    async fn it_is_ready_when_everything_is_up() {
        let told = Told::to_say(vec![("database", Ok(())), ("mail", Ok(()))]);
        let (status, body) = answer(Data::new(Health::new(told)), "/readyz").await;
        assert_eq!(status, StatusCode::OK);
        let checks =
            json!([{"name": "database", "status": "up"}, {"name": "mail", "status": "up"}]);
        assert_eq!(body, json!({"status": "ok", "checks": checks}));
    }

    #[actix_web::test]
    async fn what_is_down_is_named_and_the_reason_is_kept_back() {
        let reason = "password authentication failed".to_owned();
        let told = Told::to_say(vec![("database", Err(reason)), ("mail", Ok(()))]);
        let (status, body) = answer(Data::new(Health::new(told)), "/readyz").await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        let checks =
            json!([{"name": "database", "status": "down"}, {"name": "mail", "status": "up"}]);
        assert_eq!(body, json!({"status": "unavailable", "checks": checks}));
    }

    #[actix_web::test]
    async fn many_who_ask_at_once_are_one_question() {
        let told = Told::to_say(vec![("database", Ok(()))]);
        let health = Health::new(told.clone());
        let reports = futures_util::future::join_all((0..20).map(|_| health.report())).await;
        assert!(reports.iter().all(|report| report.is_ready()));
        assert_eq!(told.asked.load(Ordering::SeqCst), 1);
    }

    #[actix_web::test]
    async fn an_outcome_is_forgotten_after_a_second() {
        let told = Told::to_say(vec![("database", Ok(()))]);
        let health = Health::new(told.clone());
        assert!(health.report().await.is_ready());
        *told.checks.lock().unwrap() = vec![("database", Err("gone".to_owned()))];
        let long_ago = Instant::now().checked_sub(FRESH).unwrap();
        health.memory.lock().await.last.as_mut().unwrap().0 = long_ago;
        assert!(!health.report().await.is_ready());
    }

    /// Blocks until the sender is dropped, and then panics on the second call.
    struct Stuck(Mutex<mpsc::Receiver<()>>);

    impl Readiness for Stuck {
        fn check(&self) -> Vec<Check> {
            let receiver = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = receiver.recv();
            panic!("the connection to the database is a ghost");
        }
    }

    #[actix_web::test]
    async fn a_check_that_panics_counts_as_down_and_the_next_one_is_asked_again() {
        let (release, receiver) = mpsc::channel();
        drop(release);
        let health = Health::new(Arc::new(Stuck(Mutex::new(receiver))));
        let report = health.report().await;
        let down = Report::of(&[(CHECKS, Err(String::new()))]);
        assert_eq!(*report, down);
        assert!(health.memory.lock().await.running.is_none());
    }

    #[actix_web::test]
    async fn a_check_that_does_not_come_back_counts_as_down_and_is_not_begun_again() {
        let (release, receiver) = mpsc::channel();
        let health = Health::new(Arc::new(Stuck(Mutex::new(receiver))));
        let health = Health {
            patience: Duration::ZERO,
            ..health
        };
        let report = health.report().await;
        assert!(!report.is_ready());
        assert!(health.memory.lock().await.running.is_some());
        drop(release);
    }
}
