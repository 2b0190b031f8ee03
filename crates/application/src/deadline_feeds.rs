//! Calendar feeds of deadlines: making, seeing, replacing and ending one's own, fetching one by its token, and telling
//! people of moves that their calendar does not show yet.

mod errors;
mod moves;

use std::{fmt, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use unionhall_domain::{
    audit::{AuditAction, Target},
    deadline_feeds::{DeadlineFeed, DeadlineFeedId, ENDED_SHOWN, FeedEntry},
    ids::Id,
    tenants::{Standing, Tenant},
    users::UserId,
};
use unionhall_ports::{audit::Origin, unit_of_work::Scope};

pub use errors::DeadlineFeedError;

use crate::{
    actor::Actor,
    call::Call,
    core::{Change, Core, Recorded},
    mails,
    permissions::Permission,
};

/// How many deadlines a calendar shows; nobody carries so many.
const MOST: u16 = 1_000;

/// The use cases of calendar feeds.
#[derive(Clone)]
pub struct DeadlineFeeds {
    core: Arc<Core>,
}

/// A feed with its address, which is known at this moment alone.
#[derive(Clone, PartialEq, Eq)]
pub struct IssuedFeed {
    /// The feed.
    pub feed: DeadlineFeed,
    /// Where it is fetched from. Whoever knows it can fetch it.
    pub address: String,
}

impl fmt::Debug for IssuedFeed {
    /// Without the address, which lets somebody in.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("IssuedFeed")
            .field("feed", &self.feed)
            .finish_non_exhaustive()
    }
}

/// A feed as it was fetched.
#[derive(Debug, Clone)]
pub struct FetchedFeed {
    /// What it shows.
    pub entries: Vec<FeedEntry>,
    feed: DeadlineFeedId,
    call: Call,
}

impl DeadlineFeeds {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Makes the caller's feed.
    ///
    /// # Errors
    /// [`DeadlineFeedError::Exists`] when there is one, and any other [`DeadlineFeedError`].
    pub fn make(&self, call: &Call) -> Result<IssuedFeed, DeadlineFeedError> {
        call.actor.require(Permission::GrievancesRead)?;
        let user = caller(call)?;
        self.core.change_own(call, |change| {
            let (secret, hash) = self.token();
            let feed = DeadlineFeed {
                id: Id::new(change.new_id()),
                user,
                made_at: change.now,
                issued_at: change.now,
                fetched_at: None,
            };
            if !change.tx.deadline_feeds().insert(&feed, &hash)? {
                return Err(DeadlineFeedError::Exists);
            }
            record(change, AuditAction::Created, &feed);
            Ok(self.issued(feed, &secret))
        })
    }

    /// The caller's feed, without its address.
    ///
    /// # Errors
    /// [`DeadlineFeedError`].
    pub fn find(&self, call: &Call) -> Result<DeadlineFeed, DeadlineFeedError> {
        let user = caller(call)?;
        self.core.read(call, |tx| {
            let found = tx.deadline_feeds().find(user)?;
            found.ok_or(DeadlineFeedError::NotFound)
        })
    }

    /// Gives the caller's feed another address; the old one is worth nothing from then on.
    ///
    /// # Errors
    /// [`DeadlineFeedError`].
    pub fn replace(&self, call: &Call) -> Result<IssuedFeed, DeadlineFeedError> {
        call.actor.require(Permission::GrievancesRead)?;
        let user = caller(call)?;
        self.core.change_own(call, |change| {
            let found = change.tx.deadline_feeds().find(user)?;
            let (secret, hash) = self.token();
            let feed = DeadlineFeed {
                issued_at: change.now,
                fetched_at: None,
                ..found.ok_or(DeadlineFeedError::NotFound)?
            };
            change.tx.deadline_feeds().replace(&feed, &hash)?;
            record(change, AuditAction::Updated, &feed);
            Ok(self.issued(feed, &secret))
        })
    }

    /// Ends the caller's feed.
    ///
    /// # Errors
    /// [`DeadlineFeedError`].
    pub fn revoke_own(&self, call: &Call) -> Result<(), DeadlineFeedError> {
        let user = caller(call)?;
        self.core.change_own(call, |change| revoke(change, user))
    }

    /// Ends somebody's feed, and tells them: their calendar says nothing of it.
    ///
    /// # Errors
    /// [`DeadlineFeedError`].
    pub fn revoke(&self, call: &Call, user: UserId) -> Result<(), DeadlineFeedError> {
        call.actor.require(Permission::UsersManage)?;
        // Also where nothing may be changed: it takes something away from whoever should not have it.
        self.core.change_own(call, |change| {
            revoke(change, user)?;
            if let Some(owner) = change.tx.identity().find_colleague(user)? {
                let letter = mails::feed_revoked(change, &owner.user);
                change.post(letter.action("Open Unionhall", self.core.links.home()))?;
            }
            Ok(())
        })
    }

    /// What the calendar with this token shows. What its owner may not read any more is not there, and what is not
    /// there looks like a token that never was.
    ///
    /// # Errors
    /// [`DeadlineFeedError::NotFound`], whatever the reason is, or [`DeadlineFeedError::Call`].
    pub fn fetch(&self, token: &str, origin: Origin) -> Result<FetchedFeed, DeadlineFeedError> {
        let storage = &self.core.unit_of_work;
        let hash = Sha256::digest(token.as_bytes()).into();
        let access = storage.read(Scope::Identity, |tx| tx.deadline_feeds().presented(&hash))?;
        let access = Arc::new(access.ok_or(DeadlineFeedError::NotFound)?);
        let now = self.core.clock.now();
        let tenant = Arc::new(access.tenant.clone());
        let (user, feed) = (access.user.id, Id::new(access.session.uuid()));
        let actor = Actor::person(access, tenant, now);
        if !may_fetch(&actor) {
            return Err(DeadlineFeedError::NotFound);
        }
        let ended_after = now.saturating_sub(ENDED_SHOWN).unwrap_or(now);
        let scope = Scope::Tenant(actor.tenant_id());
        let entries = storage.read(scope, |tx| {
            tx.deadline_feeds().entries(user, ended_after, MOST)
        })?;
        Ok(FetchedFeed {
            entries,
            feed,
            call: Call::new(actor, origin),
        })
    }

    /// Puts on record that what was fetched is told; a calendar that has it already is told nothing.
    ///
    /// # Errors
    /// [`DeadlineFeedError`]; then it must not be told.
    pub fn told<T>(
        &self,
        fetched: &FetchedFeed,
        value: T,
    ) -> Result<Recorded<T>, DeadlineFeedError> {
        let details = vec![
            ("feed_id", fetched.feed.to_string()),
            ("count", fetched.entries.len().to_string()),
        ];
        let recorded =
            self.core
                .recorded_list(&fetched.call, Target::DeadlineFeed, details, value)?;
        Ok(recorded)
    }

    /// Takes note that a calendar shows what was fetched, so that nobody is told by mail of a move that they can see
    /// there. To be called last: what never arrives was not seen.
    ///
    /// # Errors
    /// [`DeadlineFeedError`].
    pub fn seen(&self, fetched: &FetchedFeed) -> Result<(), DeadlineFeedError> {
        let scope = Scope::Tenant(fetched.call.actor.tenant_id());
        let (feed, now) = (fetched.feed, self.core.clock.now());
        self.core.unit_of_work.transaction(scope, |tx| {
            tx.deadline_feeds().fetched(feed, &fetched.entries, now)?;
            Ok::<_, DeadlineFeedError>(())
        })
    }

    /// A new token and its hash: 32 random bytes in URL-safe base64 (RFC 4648 §5).
    fn token(&self) -> (String, [u8; 32]) {
        let secret = URL_SAFE_NO_PAD.encode(self.core.clock.secret());
        let hash = Sha256::digest(secret.as_bytes()).into();
        (secret, hash)
    }

    fn issued(&self, feed: DeadlineFeed, secret: &str) -> IssuedFeed {
        IssuedFeed {
            feed,
            address: self.core.links.deadline_feed(secret),
        }
    }
}

/// Whether whoever made the feed could still read in Unionhall what it shows.
fn may_fetch(actor: &Actor) -> bool {
    is_served(actor.tenant())
        && actor.may(Permission::GrievancesRead)
        && !actor.lacks_second_factor()
}

/// Whether a tenant's feeds show anything: also when it may change nothing for now.
const fn is_served(tenant: &Tenant) -> bool {
    match tenant.plan.standing {
        Standing::Trial { .. } | Standing::Active | Standing::Suspended => true,
        Standing::Canceled => false,
    }
}

fn revoke(change: &mut Change<'_>, user: UserId) -> Result<(), DeadlineFeedError> {
    let found = change.tx.deadline_feeds().find(user)?;
    let feed = found.ok_or(DeadlineFeedError::NotFound)?;
    if !change.tx.deadline_feeds().delete(user)? {
        return Err(DeadlineFeedError::NotFound);
    }
    record(change, AuditAction::Deleted, &feed);
    Ok(())
}

fn record(change: &mut Change<'_>, action: AuditAction, feed: &DeadlineFeed) {
    let id = feed.id.uuid();
    let details = vec![("user_id", feed.user.to_string())];
    change.record(action, Target::DeadlineFeed, id, Vec::new(), details);
}

/// Who calls: only people have calendars.
fn caller(call: &Call) -> Result<UserId, DeadlineFeedError> {
    call.actor.user_id().ok_or(DeadlineFeedError::NotFound)
}

#[cfg(test)]
mod tests;
