//! Telling people of deadlines that moved while their calendar shows the old day: each move once, while people are up.

use jiff::{SignedDuration, Timestamp};
use unionhall_domain::tenants::TenantId;
use unionhall_ports::{
    audit::Origin, deadline_feeds::UnseenMove, identity::Colleague, unit_of_work::Scope,
};

use super::{DeadlineFeedError, DeadlineFeeds, is_served};
use crate::{
    actor::Actor, call::Call, core::Change, deadlines::MORNING, mails, permissions::Permission,
};

/// The hour from which nobody is told any more until the next morning, in the tenant's time zone.
const EVENING: i8 = 21;
/// How long a calendar has to fetch the feed by itself before its owner is told: most ask every hour.
const GRACE: SignedDuration = SignedDuration::from_hours(2);
/// How long a move is worth a mail; what is older was told by the warnings, or is far away.
const NEWS: SignedDuration = SignedDuration::from_hours(24 * 7);
/// How many moves of a tenant are told of at once; the next time the others are.
const BATCH: u16 = 200;

impl DeadlineFeeds {
    /// Tells of the moves that nobody's calendar has seen, for every tenant where people are up, and says of how many.
    /// Meant for the worker: however often it is called, and by however many at once, each owner of a feed is told of
    /// each move once.
    ///
    /// # Errors
    /// [`DeadlineFeedError`], when every tenant has had its turn.
    pub fn tell_moves(&self) -> Result<usize, DeadlineFeedError> {
        self.tell_moves_at(self.core.clock.now())
    }

    /// The same as it would be at an instant.
    ///
    /// # Errors
    /// As for [`tell_moves`](Self::tell_moves).
    pub fn tell_moves_at(&self, now: Timestamp) -> Result<usize, DeadlineFeedError> {
        let after = now.saturating_sub(NEWS).unwrap_or(now);
        let storage = &self.core.unit_of_work;
        let tenants = storage.read(Scope::Worker, |tx| {
            Ok::<_, DeadlineFeedError>(tx.deadline_feeds().tenants_with_moves(after)?)
        })?;
        let (mut told, mut failure) = (0, None);
        for tenant in tenants {
            match self.tell_tenant(tenant, after, now) {
                Ok(count) => told += count,
                // One tenant's trouble is no reason to leave another one's people uninformed.
                Err(error) => failure = Some(error),
            }
        }
        failure.map_or(Ok(told), Err)
    }

    fn tell_tenant(
        &self,
        tenant: TenantId,
        after: Timestamp,
        now: Timestamp,
    ) -> Result<usize, DeadlineFeedError> {
        let storage = &self.core.unit_of_work;
        let scope = Scope::Tenant(tenant);
        let found = storage.read(scope, |tx| {
            Ok::<_, DeadlineFeedError>(tx.tenants().find(tenant)?)
        })?;
        let Some(tenant) = found else { return Ok(0) };
        if !is_served(&tenant) {
            return Ok(0);
        }
        if !(MORNING..EVENING).contains(&tenant.time_zone.hour_of(now)) {
            return Ok(0);
        }
        let until = now.saturating_sub(GRACE).unwrap_or(now);
        let unseen = storage.read(scope, |tx| {
            Ok::<_, DeadlineFeedError>(tx.deadline_feeds().unseen_moves(after, until, BATCH)?)
        })?;
        let call = Call::new(Actor::operator(tenant), Origin::default());
        let (mut told, mut failed) = (0, None);
        for unseen in unseen {
            match self.tell(&call, &unseen) {
                Ok(true) => told += 1,
                Ok(false) => {}
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(told), Err)
    }

    /// Tells of one move, unless that was done, or whoever has the feed may not read of it any more.
    fn tell(&self, call: &Call, unseen: &UnseenMove) -> Result<bool, DeadlineFeedError> {
        self.core.change_own(call, |change| {
            change.leave_unchanged();
            let Some(case) = change.tx.deadlines().find(unseen.deadline)? else {
                return Ok(false);
            };
            let now = change.now;
            // Who may not read of it is done with too, and stands in nobody's way the next time.
            if !change.tx.deadline_feeds().insert_notice(unseen, now)? {
                return Ok(false);
            }
            let owner = change.tx.identity().find_colleague(unseen.user)?;
            let Some(owner) = owner.filter(|owner| reads_grievances(change, owner)) else {
                return Ok(false);
            };
            let letter = mails::deadline_moved(change, &case, unseen.from, &owner.user);
            change.post(letter.action("Open Unionhall", self.core.links.home()))?;
            Ok(true)
        })
    }
}

fn reads_grievances(change: &Change<'_>, colleague: &Colleague) -> bool {
    let held = colleague.roles.iter();
    let roles: Vec<_> = held
        .filter(|held| held.counts(change.now))
        .map(|held| held.role)
        .collect();
    Permission::GrievancesRead.held_by(&roles)
}
