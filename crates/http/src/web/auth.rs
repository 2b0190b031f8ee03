//! From a bearer token to an actor, without a query on the hot path.
//!
//! What a session may do is kept for [`AGE`], so a sign-out, a removed role or a suspension on another
//! instance counts here within that time; on this instance it counts at once.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use actix_web::{HttpRequest, http::header};
use jiff::Timestamp;
use moka::sync::Cache;
use unionhall_application::{
    Application,
    actor::Actor,
    clock::Clock,
    sessions::{Access, SessionId},
};
use unionhall_domain::tenants::{Tenant, TenantId};

use super::{gate::Gate, problem::Problem, tokens::Tokens};

/// How long an answer of the database counts; the promise is five seconds.
const AGE: Duration = Duration::from_secs(4);
/// From this age on, one request asks again while the others go on with what is known: then nobody waits,
/// and the database is asked once however many requests a session sends.
const OLD: Duration = Duration::from_secs(2);
/// How many sessions are kept in mind.
const SESSIONS: u64 = 100_000;

/// Knows who is behind a token.
#[derive(Clone)]
pub(crate) struct Authenticator {
    application: Application,
    gate: Gate,
    tokens: Arc<Tokens>,
    clock: Arc<dyn Clock>,
    remembered: Cache<Key, Arc<Answer>>,
}

type Key = (SessionId, TenantId);

/// What the database said of a session in a tenant.
struct Answer {
    known: Option<Known>,
    at: Instant,
    asking_again: AtomicBool,
}

#[derive(Clone)]
struct Known {
    access: Arc<Access>,
    tenant: Arc<Tenant>,
}

impl Authenticator {
    pub(crate) fn new(
        application: Application,
        gate: Gate,
        tokens: Arc<Tokens>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            application,
            gate,
            tokens,
            clock,
            remembered: Cache::builder()
                .max_capacity(SESSIONS)
                .time_to_live(AGE)
                .build(),
        }
    }

    /// The actor whose token the request carries.
    pub(crate) async fn actor(&self, request: &HttpRequest) -> Result<Actor, Problem> {
        let now = self.clock.now();
        let token = bearer_token(request).ok_or_else(Problem::unauthenticated)?;
        let bearer = self
            .tokens
            .verify(token, now)
            .ok_or_else(Problem::unauthenticated)?;
        let key = (bearer.session, bearer.tenant);
        let answer = match self.remembered.get(&key) {
            Some(answer) if !answer.is_to_be_renewed() => answer,
            // On the heap, because every waiting request carries this future's size.
            Some(_) | None => Box::pin(self.ask(key)).await?,
        };
        let known = answer.known.clone().ok_or_else(Problem::unauthenticated)?;
        Ok(Actor::person(known.access, known.tenant, now))
    }

    /// Forgets what is known of every session, so that the next request asks the database.
    pub(crate) fn forget(&self) {
        self.remembered.invalidate_all();
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    async fn ask(&self, key: Key) -> Result<Arc<Answer>, Problem> {
        let application = self.application.clone();
        // The age counts from the question: what changed after it is not in the answer.
        let at = Instant::now();
        let passed = self
            .gate
            .run(move || application.identity.access(key.0, key.1))
            .await?;
        if passed.value.is_some() {
            self.application.own_sessions.note_use(key.0);
        }
        let answer = Arc::new(Answer {
            known: passed.value.map(|access| Known {
                tenant: Arc::new(access.tenant.clone()),
                access: Arc::new(access),
            }),
            at,
            asking_again: AtomicBool::new(false),
        });
        self.remembered.insert(key, Arc::clone(&answer));
        Ok(answer)
    }
}

impl Answer {
    /// Whether this request is the one that asks again. An answer that counts no more is always renewed:
    /// the cache counts from when it was put in, which was later.
    fn is_to_be_renewed(&self) -> bool {
        let age = self.at.elapsed();
        age >= AGE || (age >= OLD && !self.asking_again.swap(true, Ordering::Relaxed))
    }
}

fn bearer_token(request: &HttpRequest) -> Option<&str> {
    let value = request
        .headers()
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
