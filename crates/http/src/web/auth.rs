//! From a bearer token to an actor, without a query on the hot path.
//!
//! What a session may do is kept for [`AGE`], so a sign-out, a removed role or a suspension on another
//! instance counts here within that time; on this instance it counts at once.

use std::{sync::Arc, time::Duration};

use actix_web::{HttpRequest, http::header};
use jiff::Timestamp;
use moka::future::Cache;
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
/// How many sessions are kept in mind.
const SESSIONS: u64 = 100_000;

/// Knows who is behind a token.
#[derive(Clone)]
pub(crate) struct Authenticator {
    application: Application,
    gate: Gate,
    tokens: Arc<Tokens>,
    clock: Arc<dyn Clock>,
    known: Cache<(SessionId, TenantId), Option<Known>>,
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
            known: Cache::builder()
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
        let known = match self.known.get(&key).await {
            Some(known) => known,
            // On the heap, because every waiting request carries this future's size.
            None => Box::pin(self.ask(key)).await?,
        };
        let known = known.ok_or_else(Problem::unauthenticated)?;
        Ok(Actor::person(known.access, known.tenant, now))
    }

    /// Forgets what is known of every session, so that the next request asks the database.
    pub(crate) fn forget(&self) {
        self.known.invalidate_all();
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Asks the database, once however many requests of the session wait for the answer.
    async fn ask(&self, key: (SessionId, TenantId)) -> Result<Option<Known>, Problem> {
        let asked = self.known.try_get_with(key, async {
            let application = self.application.clone();
            let access = self
                .gate
                .run(move || application.identity.access(key.0, key.1))
                .await?
                .value;
            Ok::<_, Problem>(access.map(|access| Known {
                tenant: Arc::new(access.tenant.clone()),
                access: Arc::new(access),
            }))
        });
        asked.await.map_err(|problem| Problem::clone(&problem))
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
