//! The signed-in caller of a route: one extractor that every handler takes, and the ways to a use case.

use std::future::Future;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::sync::Arc;

use actix_web::{
    FromRequest, HttpMessage, HttpRequest, HttpResponse, dev::Payload, http::header, web::Data,
};
use sha2::{Digest, Sha256};
use unionhall_application::{
    Application, StoredAnswer,
    actor::Actor,
    call::{Call, Retry},
    case_files::CaseFiles,
    core::Recorded,
    error::{CallError, Code, Coded},
    trail::Origin,
};
use unionhall_domain::{ids::Id, version::Version};

use super::{
    answer::{self, Rendering},
    auth::Authenticator,
    client::TrustedProxies,
    documents::FileGate,
    exports::Desk,
    gate::Gate,
    passwords::PasswordGate,
    pictures::PictureGate,
    problem::Problem,
    query::{Query, boolean},
    rate_limits::{self, RateLimiter},
    request_id, second_factor,
    tokens::Tokens,
};

/// What the routes share.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) application: Application,
    pub(crate) gate: Gate,
    pub(crate) authenticator: Authenticator,
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) passwords: Arc<dyn PasswordGate>,
    pub(crate) pictures: PictureGate,
    pub(crate) case_files: CaseFiles,
    pub(crate) files: FileGate,
    pub(crate) exports: Desk,
    pub(crate) proxies: TrustedProxies,
    /// None when nobody is limited.
    pub(crate) rate_limiter: Option<Arc<RateLimiter>>,
    /// The largest JSON body that is taken, in bytes.
    pub(crate) body_bytes: usize,
    /// The largest roster that is taken, in bytes.
    pub(crate) import_bytes: usize,
}

impl Shared {
    /// The address that a request comes from; without one, as in a test without a network, that of nowhere.
    pub(crate) fn address(&self, request: &HttpRequest) -> IpAddr {
        let client = self.proxies.client(request);
        client.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
    }
}

/// The round trips to the database that a request has made, kept in its extensions.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RoundTrips(pub(crate) u32);

/// A signed-in caller.
pub(crate) struct Caller {
    pub(crate) request: HttpRequest,
    pub(crate) shared: Data<Shared>,
    pub(crate) actor: Actor,
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let shared = shared(&request)?;
            let actor = shared.authenticator.actor(&request).await;
            rate_limits::count(&request, &shared, actor.as_ref().ok())?;
            let actor = actor?;
            second_factor::demanded(&request, &actor)?;
            Ok(Self {
                request,
                shared,
                actor,
            })
        })
    }
}

impl Caller {
    /// The id in the path; what is no id is the id of nothing.
    pub(crate) fn id<T>(&self, what: &str) -> Result<Id<T>, Problem> {
        Id::parse(self.segment("id")).map_err(|_| Problem::not_found(what))
    }

    /// The part of the path with this name.
    pub(crate) fn segment(&self, name: &str) -> &str {
        self.request.match_info().get(name).unwrap_or_default()
    }

    /// The parameters of the query.
    pub(crate) fn query(&self) -> Query {
        Query::of(&self.request)
    }

    /// Reads something whose reading is on record before the answer leaves.
    pub(crate) async fn read<T, E>(
        &self,
        work: impl FnOnce(&Application, &Call) -> Result<Recorded<T>, E> + Send + 'static,
    ) -> Result<T, Problem>
    where
        T: Send + 'static,
        E: Coded,
    {
        on_record(self.look(work).await?).await
    }

    /// Reads a list like [`read`](Self::read); one that words are looked for in takes its turn after other searches.
    pub(crate) async fn list<T, E>(
        &self,
        is_search: bool,
        work: impl FnOnce(&Application, &Call) -> Result<Recorded<T>, E> + Send + 'static,
    ) -> Result<T, Problem>
    where
        T: Send + 'static,
        E: Coded,
    {
        let turn = if is_search {
            Some(self.shared.gate.turn_to_search().await?)
        } else {
            None
        };
        let recorded = self.look(work).await?;
        // The search is over: the next one need not wait until this one is on record.
        drop(turn);
        on_record(recorded).await
    }

    /// Reads something that need not be on record.
    pub(crate) async fn look<T, E>(
        &self,
        work: impl FnOnce(&Application, &Call) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Problem>
    where
        T: Send + 'static,
        E: Coded,
    {
        let call = Call::new(self.actor.clone(), origin(&self.request));
        let application = self.shared.application.clone();
        through(&self.request, &self.shared.gate, move || {
            work(&application, &call)
        })
        .await
    }

    /// Changes something on the terms of the request: `dry_run`, `If-Match`, `Idempotency-Key`.
    pub(crate) async fn change<T, E>(
        &self,
        body: &[u8],
        render: impl Fn(&Rendering, &T) -> StoredAnswer + Send + Sync + 'static,
        work: impl FnOnce(&Application, &Call) -> Result<T, E> + Send + 'static,
    ) -> Result<HttpResponse, Problem>
    where
        T: Send + 'static,
        E: Coded,
    {
        self.change_asked(self.query(), body, render, work).await
    }

    /// Changes something like [`change`](Self::change), where the query says more than `dry_run`.
    pub(crate) async fn change_asked<T, E>(
        &self,
        mut query: Query,
        body: &[u8],
        render: impl Fn(&Rendering, &T) -> StoredAnswer + Send + Sync + 'static,
        work: impl FnOnce(&Application, &Call) -> Result<T, E> + Send + 'static,
    ) -> Result<HttpResponse, Problem>
    where
        T: Send + 'static,
        E: Coded,
    {
        let dry_run = query.optional("dry_run", boolean).unwrap_or(false);
        query.finish(())?;
        let rendering = Rendering {
            application: self.shared.application.clone(),
            actor: self.actor.clone(),
        };
        let render = Arc::new(move |value: &T| render(&rendering, value));
        let mut call = Call::new(self.actor.clone(), origin(&self.request));
        call.dry_run = dry_run;
        call.expected = expected(&self.request)?;
        call.retry = idempotency_key(&self.request)?.map(|key| {
            let render = Arc::clone(&render);
            let fingerprint = fingerprint(&self.request, body);
            Retry::new(key, fingerprint, move |value: &T| Some(render(value)))
        });
        let application = self.shared.application.clone();
        let answer = through(&self.request, &self.shared.gate, move || {
            work(&application, &call).map(|value| render(&value))
        })
        .await?;
        Ok(answer::fresh(&answer, dry_run))
    }

    /// What the making of an answer may look at.
    pub(crate) fn rendering(&self) -> Rendering {
        Rendering {
            application: self.shared.application.clone(),
            actor: self.actor.clone(),
        }
    }
}

/// What the routes share, as it was put into the server.
pub(crate) fn shared(request: &HttpRequest) -> Result<Data<Shared>, Problem> {
    request
        .app_data::<Data<Shared>>()
        .cloned()
        .ok_or_else(|| Problem::new(Code::Internal, "the server is not wired"))
}

/// What was read, once its reading is on record.
pub(crate) async fn on_record<T>(recorded: Recorded<T>) -> Result<T, Problem> {
    recorded.receipt.await.map_err(CallError::from)?;
    Ok(recorded.value)
}

/// Runs a use case through the gate and adds its round trips to the request's.
pub(crate) async fn through<T, E>(
    request: &HttpRequest,
    gate: &Gate,
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, Problem>
where
    T: Send + 'static,
    E: Coded,
{
    // A use case that refuses has its cost too, and it is told like any other.
    let passed = gate.run(move || Ok::<_, CallError>(work())).await?;
    let mut extensions = request.extensions_mut();
    let before = extensions.get::<RoundTrips>().copied().unwrap_or_default();
    extensions.insert(RoundTrips(before.0.saturating_add(passed.round_trips)));
    Ok(passed.value?)
}

/// Where the request came from.
pub(crate) fn origin(request: &HttpRequest) -> Origin {
    let device = request
        .headers()
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .map(|text| text.chars().take(500).collect());
    let address = shared(request)
        .ok()
        .and_then(|shared| shared.proxies.client(request));
    Origin {
        request_id: request_id::of(request),
        address: address.map(|address| address.to_string()),
        device,
    }
}

/// The versions that `If-Match` (RFC 9110 §13.1.1) lists; `*` and no header mean any.
fn expected(request: &HttpRequest) -> Result<Option<Vec<Version>>, Problem> {
    let Some(value) = request.headers().get(header::IF_MATCH) else {
        return Ok(None);
    };
    let wrong = || Problem::new(Code::BadRequest, "If-Match is * or a list of entity tags");
    let text = value.to_str().map_err(|_| wrong())?;
    if text.trim() == "*" {
        return Ok(None);
    }
    let tag = |part: &str| {
        part.trim()
            .strip_prefix('"')?
            .strip_suffix('"')
            .map(str::to_owned)
    };
    let tags: Option<Vec<String>> = text.split(',').map(tag).collect();
    // A tag of ours is a version; any other tag is well formed and matches nothing.
    let versions = tags
        .ok_or_else(wrong)?
        .iter()
        .filter_map(|tag| tag.parse().ok().and_then(Version::new))
        .collect();
    Ok(Some(versions))
}

fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let Some(value) = request.headers().get("Idempotency-Key") else {
        return Ok(None);
    };
    let key = value.to_str().ok().filter(|key| {
        (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
    });
    key.map(|key| Some(key.to_owned())).ok_or_else(|| {
        Problem::new(
            Code::BadRequest,
            "Idempotency-Key is 1 to 255 visible ASCII characters",
        )
    })
}

/// What makes two requests the same: method, path, query, version meant, and body.
fn fingerprint(request: &HttpRequest, body: &[u8]) -> [u8; 32] {
    let meant = request.headers().get(header::IF_MATCH);
    let parts: [&[u8]; 5] = [
        request.method().as_str().as_bytes(),
        request.path().as_bytes(),
        request.query_string().as_bytes(),
        meant.map_or(&[], |value| value.as_bytes()),
        body,
    ];
    let mut hasher = Sha256::new();
    for part in parts {
        // The length in front keeps one part from running into the next.
        hasher.update(part.len().to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}
