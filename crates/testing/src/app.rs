//! The whole service in one process, for black-box tests over HTTP.
//!
//! Each has its own database, object store, mailbox, folder and port, so any number of them run side by side.

pub mod halls;
pub mod requests;

use std::{
    collections::HashMap,
    fmt,
    path::Path,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use jiff::{Timestamp, civil::Date};
use reqwest::{blocking::Client, redirect::Policy};
use serde_json::json;
use tempfile::TempDir;
use unionhall::{
    config::{Config, Flags, Sources},
    serve::Running,
};
use unionhall_domain::{
    members::{Member, MemberId},
    roles::Role,
    users::User,
};
use unionhall_embedded::mailbox::{MailView, Mailbox};
use unionhall_ports::unit_of_work::{Scope, UnitOfWork};

pub use halls::{Hall, PASSWORD};
pub use requests::{Answer, Identity, Request};

use crate::{
    TestDatabase,
    builders::{self, store},
    eventually,
    sql::Sql,
};

/// The id of the key that signs access tokens.
pub const SIGNING_KEY_ID: &str = "tests";
/// That key, in base64.
pub const SIGNING_KEY: &str = "dW5pb25oYWxsLXRlc3RzLXNpZ24td2l0aC10aGlzLWtleS4=";
/// What the requests say they come from.
pub const DEVICE: &str = "unionhall-tests";

/// How long anything in the service may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(30);
/// More mails than a test sends.
const ALL_MAILS: usize = 10_000;

/// A running service with two tenants, a local and a trust, and one person for each role in each.
///
/// Mail that a test causes it must also look at, with [`deliver_mail`](Self::deliver_mail): dropping the service
/// with mail that was not looked at fails the test.
pub struct TestApp {
    running: Option<Running>,
    client: Option<Client>,
    mailbox: Mailbox,
    /// The local.
    pub local: Hall,
    /// The trust.
    pub trust: Hall,
    tokens: Mutex<HashMap<String, String>>,
    mails_seen: AtomicUsize,
    mail_matters: AtomicBool,
    database: TestDatabase,
    folder: TempDir,
}

impl TestApp {
    /// Starts a service as it is started in development, with the demo data left out.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts a service with more settings, by their names in the environment.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start_with(settings: &[(&str, &str)]) -> Self {
        let database = TestDatabase::new();
        let folder = tempfile::tempdir().expect("the temporary folder can be written");
        let config = config(&database, folder.path(), settings);
        let running = Running::start(&config, &|_| {})
            .unwrap_or_else(|failure| panic!("the service does not start: {failure:?}"));
        let (local, trust) = halls::found(&*running.wired.core.unit_of_work);
        let mailbox = running.mailbox.clone().expect("it brings a mailbox");
        Self {
            running: Some(running),
            client: Some(client()),
            mailbox,
            local,
            trust,
            tokens: Mutex::default(),
            mails_seen: AtomicUsize::new(0),
            mail_matters: AtomicBool::new(true),
            database,
            folder,
        }
    }

    /// Somebody who is not signed in.
    #[must_use]
    pub const fn anonymous(&self) -> Identity<'_> {
        Identity::new(self, None)
    }

    /// The local's person with this role, signed in.
    #[must_use]
    pub fn as_role(&self, role: Role) -> Identity<'_> {
        self.as_person(self.local.person(role))
    }

    /// The trust's person with this role, signed in.
    #[must_use]
    pub fn in_trust(&self, role: Role) -> Identity<'_> {
        self.as_person(self.trust.person(role))
    }

    /// A person, signed in; they sign in once, at their first request.
    #[must_use]
    pub fn as_person(&self, user: &User) -> Identity<'_> {
        let email = user.email.as_str();
        let known = self.tokens().get(email).cloned();
        let token = known.unwrap_or_else(|| {
            let token = self.sign_in(email).text_at("/access_token");
            self.tokens().insert(email.to_owned(), token.clone());
            token
        });
        self.with_token(&token)
    }

    /// Whoever bears this access token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Identity<'_> {
        Identity::new(self, Some(token.to_owned()))
    }

    /// Lets everybody sign in anew at their next request, as after a test that ended their sessions.
    pub fn forget_sign_ins(&self) {
        self.tokens().clear();
    }

    /// Begins a new session for the person with this address, and returns the pair of tokens.
    ///
    /// # Panics
    /// When the sign-in is refused.
    #[must_use]
    pub fn sign_in(&self, email: &str) -> Answer {
        let body = json!({"email": email, "password": PASSWORD});
        self.anonymous().post("/auth/login", &body).expect(200)
    }

    /// Makes the local's person with the role `member` this union member.
    pub fn is_member(&self, member: MemberId) {
        let membership = self.local.membership(Role::Member, Some(member));
        store(self.storage(), Scope::Identity, |tx| {
            tx.identity().put_membership(&membership, self.now())
        });
    }

    /// A member of the local, stored through the port.
    pub fn member(&self, number: &str, first_name: &str, last_name: &str) -> Member {
        builders::member(
            self.storage(),
            self.local.id(),
            number,
            first_name,
            last_name,
        )
    }

    /// The storage of the service.
    ///
    /// # Panics
    /// Never: it runs until it is dropped.
    #[must_use]
    pub fn storage(&self) -> &dyn UnitOfWork {
        &*self.running().wired.core.unit_of_work
    }

    /// The database of the service.
    #[must_use]
    pub const fn database(&self) -> &TestDatabase {
        &self.database
    }

    /// The present instant, by the service's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.running().wired.clock.now()
    }

    /// The local's calendar day.
    #[must_use]
    pub fn today(&self) -> Date {
        self.local.tenant.time_zone.day_of(self.now())
    }

    /// The address of a path.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running().address)
    }

    /// Sends all mail that waits, and returns what was not returned before, oldest first.
    ///
    /// # Panics
    /// When mail cannot be sent or read.
    #[must_use]
    pub fn deliver_mail(&self) -> Vec<MailView> {
        // The worker sends too: what it has in hand is waited for.
        let database = Sql::connect(&self.database.owner_url());
        let waiting = "select count(*) from outbox where sent_at is null and given_up_at is null";
        eventually("all mail is sent", PATIENCE, || {
            send_everything(self.running());
            database.number(waiting) == 0
        });
        let mut summaries = self
            .mailbox
            .list(ALL_MAILS)
            .expect("the mailbox can be read");
        summaries.reverse();
        let seen = self.mails_seen.swap(summaries.len(), Ordering::SeqCst);
        let fresh = summaries.iter().skip(seen);
        fresh
            .filter_map(|mail| {
                self.mailbox
                    .find(&mail.id)
                    .expect("the mailbox can be read")
            })
            .collect()
    }

    /// Writes down when sessions were used, as the worker does every minute.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn write_uses(&self) {
        let own_sessions = &self.running().wired.application.own_sessions;
        own_sessions.write_uses().expect("the uses can be written");
    }

    /// Removes documents for good as the worker does every minute, and tells of how many.
    ///
    /// # Panics
    /// When it cannot be done.
    #[must_use]
    pub fn purge_documents(&self) -> usize {
        let purged = self.running().documents.purge();
        purged.expect("documents can be removed")
    }

    /// Warns of deadlines as the worker would at an instant, and tells of how many.
    ///
    /// # Panics
    /// When it cannot be done.
    #[must_use]
    pub fn warn_of_deadlines(&self, at: Timestamp) -> usize {
        let deadlines = &self.running().wired.application.deadlines;
        deadlines.warn_at(at).expect("people can be warned")
    }

    /// Tells of moves that no calendar has seen, as the worker would at an instant, and says of how many.
    ///
    /// # Panics
    /// When it cannot be done.
    #[must_use]
    pub fn tell_of_moves(&self, at: Timestamp) -> usize {
        let feeds = &self.running().wired.application.deadline_feeds;
        feeds.tell_moves_at(at).expect("people can be told")
    }

    /// Says that the mail which this test causes does not matter to it.
    pub fn ignore_mail(&self) {
        self.mail_matters.store(false, Ordering::SeqCst);
    }

    fn running(&self) -> &Running {
        self.running.as_ref().expect("it runs until it is dropped")
    }

    fn client(&self) -> &Client {
        self.client.as_ref().expect("it runs until it is dropped")
    }

    fn tokens(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for TestApp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("TestApp")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // The client first: the server waits for connections that are open.
        drop(self.client.take());
        let Some(running) = self.running.take() else {
            return;
        };
        let matters = self.mail_matters.load(Ordering::SeqCst) && !thread::panicking();
        if matters {
            send_everything(&running);
        }
        let stopped = running.stop(&|_| {});
        if thread::panicking() {
            return;
        }
        stopped.unwrap_or_else(|failure| panic!("the service does not stop: {failure:?}"));
        if matters {
            let mails = self
                .mailbox
                .list(ALL_MAILS)
                .expect("the mailbox can be read");
            let unseen = mails.len() - self.mails_seen.load(Ordering::SeqCst);
            assert_eq!(
                unseen, 0,
                "the test looked at none of these mails: {mails:#?}"
            );
        }
    }
}

/// Sends what is due and not in the worker's hands.
fn send_everything(running: &Running) {
    let locks = &running.wired.application.locks;
    while locks.tell().expect("the locks can be read") > 0 {}
    let postman = &running.postman;
    while postman.send_due().expect("the outbox can be read") > 0 {}
}

fn client() -> Client {
    Client::builder()
        .user_agent(DEVICE)
        .timeout(PATIENCE)
        .redirect(Policy::none())
        .no_proxy()
        .build()
        .expect("a client needs nothing")
}

fn config(database: &TestDatabase, folder: &Path, settings: &[(&str, &str)]) -> Config {
    let folder = folder
        .to_str()
        .expect("the temporary folder has a plain name");
    let keys = format!("{SIGNING_KEY_ID}:{SIGNING_KEY}");
    let (runtime, cost) = (database.runtime_url(), halls::BCRYPT_COST.to_string());
    let own = [
        ("DATABASE_URL", runtime.as_str()),
        ("UNIONHALL_DATABASE_POOL_SIZE", "4"),
        ("UNIONHALL_DATA_DIR", folder),
        ("UNIONHALL_DEMO", "false"),
        ("UNIONHALL_LISTEN", "127.0.0.1:0"),
        ("UNIONHALL_PASSWORDS_BCRYPT_COST", &cost),
        ("UNIONHALL_SIGNING_KEYS", &keys),
    ];
    let sources = Sources {
        flags: Flags::default(),
        variables: own.iter().chain(settings).copied().collect(),
        working_directory: folder.into(),
    };
    Config::load(&sources).unwrap_or_else(|errors| panic!("the configuration is wrong: {errors}"))
}
