//! How many requests somebody may send: per person by their roles, per address while nobody is signed in, and, where
//! passwords and tokens could be guessed, per address and per account.
//!
//! Signed-in requests are counted in memory, and once a second the instances tell each other through storage what
//! they counted: no request waits for that. The few routes where every guess matters ask storage itself, so their
//! limits hold to the last request however many instances there are.

mod layer;
mod routes;
mod standing;

use std::{
    collections::HashMap,
    fmt, mem,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use actix_web::{HttpMessage, HttpRequest, http::header};
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use moka::sync::Cache;
use sha2::Sha256;
use unionhall_application::{
    actor::Actor,
    clock::Clock,
    error::CallError,
    rate_limits::{Count, RateKey, RateLimits, Take},
    storage::StorageError,
};
use unionhall_domain::{rate_limits::Window, roles::Role};

pub(crate) use self::{
    layer::{asked, held_back},
    standing::Standings,
};
use self::{routes::Rule, standing::Standing};
use super::{
    caller::{Shared, through},
    client,
    problem::Problem,
};

/// Of how many people and addresses the counts are kept in mind; whoever is beyond is known by storage alone.
const KNOWN: u64 = 100_000;
/// The same for those whose counts storage has not been told.
const UNTOLD: usize = 100_000;
/// How long a count is kept in mind that nobody adds to: a little longer than anything is counted.
const IDLE: Duration = Duration::from_secs(90);
/// How many counts are told at once.
const BATCH: usize = 1_000;

/// Requests in a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowances {
    /// Tries to sign in, per address and again per account.
    pub sign_in: u32,
    /// Registrations and repeated mails, per address and again per account.
    pub registration: u32,
    /// Forgotten passwords and resets, per address and again per account.
    pub recovery: u32,
    /// Everything else of somebody who is not signed in, per address.
    pub anonymous: u32,
    /// A member or contact, per person.
    pub member: u32,
    /// Officers, staff, organizers, instructors and moderators, per person.
    pub staff: u32,
    /// Owners and administrators, per person.
    pub admin: u32,
}

/// Counts requests and says when there were enough.
pub struct RateLimiter {
    allowances: Allowances,
    keyed: Hmac<Sha256>,
    shared: Arc<dyn RateLimits>,
    clock: Arc<dyn Clock>,
    known: Cache<RateKey, Arc<Mutex<Local>>>,
    untold: Mutex<Vec<RateKey>>,
}

/// What this instance knows of a count: all of it as it was last told, with its own requests since.
struct Local {
    window: Window,
    /// Requests that storage has not been told of.
    untold: u32,
}

impl fmt::Debug for RateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimiter")
            .field("allowances", &self.allowances)
            .finish_non_exhaustive()
    }
}

impl RateLimiter {
    /// A limiter that shares its counts through `shared`. What it keeps of an address is a hash under `secret`, which
    /// all instances must have in common.
    #[must_use]
    pub fn new(
        allowances: Allowances,
        secret: &[u8],
        shared: Arc<dyn RateLimits>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            allowances,
            keyed: keyed(secret),
            shared,
            clock,
            known: Cache::builder()
                .max_capacity(KNOWN)
                .time_to_idle(IDLE)
                .build(),
            untold: Mutex::default(),
        }
    }

    /// Tells storage what was counted here since the last time, and learns what all instances counted together. Meant
    /// to be called every second, by one thread.
    ///
    /// # Errors
    /// [`StorageError`]; nothing is lost by it, and the limits go on with what this instance knows.
    pub fn exchange(&self) -> Result<(), StorageError> {
        let keys = mem::take(&mut *lock(&self.untold));
        let mut failed = None;
        for batch in keys.chunks(BATCH) {
            let told = self.counted(batch);
            if told.is_empty() {
                continue;
            }
            let counts: Vec<Count> = told.values().map(|(count, _)| *count).collect();
            match self.shared.add(&counts, self.clock.now()) {
                Ok(windows) => counts.iter().zip(windows).for_each(|(count, window)| {
                    if let Some((_, local)) = told.get(&count.key) {
                        let mut local = lock(local);
                        let since = local.untold;
                        local.window = window;
                        local.window.add(since);
                    }
                }),
                Err(error) => {
                    told.into_values()
                        .for_each(|(count, local)| self.owe(&mut lock(&local), count));
                    failed = Some(error);
                }
            }
        }
        failed.map_or(Ok(()), Err)
    }

    /// Forgets what is over in storage.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn sweep(&self) -> Result<u64, StorageError> {
        self.shared.forget(self.clock.now())
    }

    /// What is to be told of these keys; from then on it counts as told.
    fn counted(&self, keys: &[RateKey]) -> HashMap<RateKey, (Count, Arc<Mutex<Local>>)> {
        let mut told = HashMap::new();
        for key in keys {
            let Some(local) = self.known.get(key) else {
                continue;
            };
            let requests = mem::take(&mut lock(&local).untold);
            if requests > 0 {
                let key = *key;
                told.insert(key, (Count { key, requests }, local));
            }
        }
        told
    }

    /// Puts requests among those that storage has yet to be told of.
    fn owe(&self, local: &mut Local, count: Count) {
        if local.untold == 0 {
            let mut untold = lock(&self.untold);
            if untold.len() >= UNTOLD {
                return;
            }
            untold.push(count.key);
        }
        local.untold = local.untold.saturating_add(count.requests);
    }

    /// Counts a request in memory, if there is room for it.
    fn count(&self, policy: &'static str, key: RateKey, limit: u32) -> Standing {
        let now = self.clock.now();
        let local = self.known.get_with(key, || Local::new(Window::empty(now)));
        let mut local = lock(&local);
        local.window.pass(now);
        let allowed = local.window.used() < limit;
        if allowed {
            local.window.add(1);
            self.owe(&mut local, Count { key, requests: 1 });
        }
        Standing::of(policy, limit, &local.window, allowed, now)
    }

    /// How somebody stands of whom it is known already that nothing is left.
    fn exhausted(&self, policy: &'static str, take: Take, now: Timestamp) -> Option<Standing> {
        let local = self.known.get(&take.key)?;
        let mut window = lock(&local).window;
        window.pass(now);
        let used_up = window.used() >= take.limit;
        used_up.then(|| Standing::of(policy, take.limit, &window, false, now))
    }

    /// Takes from allowances in storage, in turn, and tells how those stand that were asked. Whoever has used up the
    /// first is told so without asking: counts that others add make them only more.
    async fn take(
        self: &Arc<Self>,
        request: &HttpRequest,
        shared: &Shared,
        wanted: Vec<(&'static str, Take)>,
    ) -> Result<Vec<Standing>, Problem> {
        let now = self.clock.now();
        if let Some((policy, take)) = wanted.first()
            && let Some(standing) = self.exhausted(policy, *take, now)
        {
            return Ok(vec![standing]);
        }
        let takes: Vec<Take> = wanted.iter().map(|(_, take)| *take).collect();
        let storage = Arc::clone(&self.shared);
        let work = move || storage.take(&takes, now).map_err(CallError::from);
        let taken = through(request, &shared.gate, work).await?;
        let standings = wanted
            .into_iter()
            .zip(taken)
            .map(|((policy, take), taken)| {
                self.known.insert(take.key, Local::new(taken.window));
                Standing::of(policy, take.limit, &taken.window, taken.allowed, now)
            });
        Ok(standings.collect())
    }

    /// Counts a request of whoever is signed in.
    fn count_person(&self, actor: &Actor) -> Standing {
        let (policy, limit) = match class(actor.roles()) {
            Class::Member => ("member", self.allowances.member),
            Class::Staff => ("staff", self.allowances.staff),
            Class::Admin => ("admin", self.allowances.admin),
        };
        let mut key = [0; 32];
        // An id tells nobody who it is: there is no need to hash it with every request.
        let id = actor.user_id().map(|user| user.uuid().into_bytes());
        for (place, byte) in key.iter_mut().zip(id.iter().flatten()) {
            *place = *byte;
        }
        self.count(policy, RateKey(key), limit)
    }

    /// Counts a request of an address that nobody has signed in from.
    fn count_stranger(&self, address: IpAddr) -> Standing {
        let household = client::household(address).to_string();
        let key = self.key(&["anonymous", &household]);
        self.count("anonymous", key, self.allowances.anonymous)
    }

    /// What a rule takes from: the address's allowance, and the account's if one is named.
    fn wanted(
        &self,
        rule: &Rule,
        address: IpAddr,
        account: Option<&str>,
    ) -> Vec<(&'static str, Take)> {
        let limit = (rule.allowance)(&self.allowances);
        let take = |what: &str, value: &str| Take {
            key: self.key(&[rule.path, what, value]),
            limit,
        };
        let household = client::household(address).to_string();
        let by_address = (rule.by_address, take("address", &household));
        let by_account = account.map(|account| (rule.by_account, take("account", account)));
        std::iter::once(by_address).chain(by_account).collect()
    }

    /// A hash that only holders of the secret can make of these words.
    fn key(&self, words: &[&str]) -> RateKey {
        let mut hasher = self.keyed.clone();
        for word in words {
            // The length in front keeps one word from running into the next.
            hasher.update(&word.len().to_le_bytes());
            hasher.update(word.as_bytes());
        }
        RateKey(hasher.finalize().into_bytes().into())
    }
}

impl Local {
    fn new(window: Window) -> Arc<Mutex<Self>> {
        Arc::new(Mutex::new(Self { window, untold: 0 }))
    }
}

/// Counts a request whose sender has been looked for: as the person it is of, or as its address's.
///
/// # Errors
/// `rate_limited` when there were enough of them.
pub(crate) fn count(
    request: &HttpRequest,
    shared: &Shared,
    actor: Option<&Actor>,
) -> Result<(), Problem> {
    let Some(limiter) = &shared.rate_limiter else {
        return Ok(());
    };
    let standing = match actor {
        Some(actor) => limiter.count_person(actor),
        // Who shows no token was counted on the way in.
        None if !request.headers().contains_key(header::AUTHORIZATION) => return Ok(()),
        None => limiter.count_stranger(shared.address(request)),
    };
    let refused = standing.refusal();
    request.extensions_mut().insert(Standings(vec![standing]));
    refused.map_or(Ok(()), Err)
}

/// In which class a person is counted, by the most powerful role held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Member,
    Staff,
    Admin,
}

fn class(roles: &[Role]) -> Class {
    let of = |role: &Role| match role {
        Role::Owner | Role::Admin => Class::Admin,
        Role::Officer | Role::Staff | Role::Organizer | Role::Instructor | Role::Moderator => {
            Class::Staff
        }
        Role::Member | Role::Contact => Class::Member,
    };
    roles.iter().map(of).max().unwrap_or(Class::Member)
}

#[expect(
    clippy::expect_used,
    reason = "HMAC takes keys of any length (RFC 2104 §2); its type does not say so"
)]
fn keyed(secret: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(secret).expect("HMAC takes keys of any length")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing that can panic happens under these locks.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
