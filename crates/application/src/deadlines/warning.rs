//! Warnings about deadlines: each once, in the tenant's morning, to whoever carries the grievance.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, civil::Date};
use unionhall_domain::{
    deadlines::{Audience, Deadline, Warning, WarningKind},
    roles::Role,
    tenants::TenantId,
    users::{User, UserId, places::PlaceState},
};
use unionhall_ports::{
    audit::Origin,
    deadlines::CaseDeadline,
    pages::{Direction, PageRequest},
    unit_of_work::Scope,
    users::{UserFilter, UserSort},
};

use super::{DeadlineError, Deadlines, deciding::answer_due};
use crate::{actor::Actor, call::Call, core::Change, error::CallError, mails};

/// The hour from which the warnings of a day go out, in the tenant's time zone: they are there when the office opens
/// at eight, and nobody's telephone rings at night.
pub(crate) const MORNING: i8 = 7;
/// How many deadlines of a tenant are warned of at once; the next time the others are.
const BATCH: u16 = 200;
/// How far ahead the first warning reaches, and a day more, because somewhere it is tomorrow already.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 8);
/// How many officers are told of what is overdue.
const OFFICERS: u16 = 100;

impl Deadlines {
    /// Sends the warnings that are due and have not gone out, for every tenant where it is morning, and tells how many
    /// deadlines were warned of. Meant for the worker: however often it is called, and by however many at once, each
    /// warning goes out once.
    ///
    /// # Errors
    /// [`DeadlineError`], when every tenant has had its turn.
    pub fn warn(&self) -> Result<usize, DeadlineError> {
        self.warn_at(self.core.clock.now())
    }

    /// The same as it would be at an instant.
    ///
    /// # Errors
    /// As for [`warn`](Self::warn).
    pub fn warn_at(&self, now: Timestamp) -> Result<usize, DeadlineError> {
        let ahead = now.saturating_add(AHEAD).unwrap_or(now);
        let until = jiff::tz::Offset::UTC.to_datetime(ahead).date();
        let storage = &self.core.unit_of_work;
        let tenants = storage.read(Scope::Worker, |tx| {
            Ok::<_, DeadlineError>(tx.deadlines().tenants_with_due(until)?)
        })?;
        let (mut warned, mut failure) = (0, None);
        for tenant in tenants {
            match self.warn_tenant(tenant, now) {
                Ok(count) => warned += count,
                // One tenant's trouble is no reason to let another one miss a deadline.
                Err(error) => failure = Some(error),
            }
        }
        failure.map_or(Ok(warned), Err)
    }

    fn warn_tenant(&self, tenant: TenantId, now: Timestamp) -> Result<usize, DeadlineError> {
        let storage = &self.core.unit_of_work;
        let scope = Scope::Tenant(tenant);
        let found = storage.read(scope, |tx| {
            Ok::<_, DeadlineError>(tx.tenants().find(tenant)?)
        })?;
        let Some(tenant) = found else { return Ok(0) };
        if tenant.time_zone.hour_of(now) < MORNING {
            return Ok(0);
        }
        let today = tenant.time_zone.day_of(now);
        let cases = storage.read(scope, |tx| {
            Ok::<_, DeadlineError>(tx.deadlines().to_warn(today, BATCH)?)
        })?;
        let call = Call::new(Actor::operator(tenant), Origin::default());
        let (mut warned, mut failed) = (0, None);
        for case in cases {
            // One that fails does not keep the others from being warned of; it is tried again with the next round.
            match self.warn_of(&call, &case.deadline, today) {
                Ok(true) => warned += 1,
                Ok(false) => {}
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(warned), Err)
    }

    /// Warns of one deadline, unless that was done: also in a tenant that may change nothing, for the other side's
    /// clock does not stop.
    fn warn_of(&self, call: &Call, seen: &Deadline, today: Date) -> Result<bool, DeadlineError> {
        self.core.change_own(call, |change| {
            change.leave_unchanged();
            // Locks are taken in one order, the grievance first; and what was said meanwhile is seen by who has it.
            let locked = change.tx.grievances().lock_by_ids(&[seen.grievance])?;
            let Some(grievance) = locked.first() else {
                return Ok(false);
            };
            let Some(case) = change.tx.deadlines().find(seen.id)? else {
                return Ok(false);
            };
            let Some(warning) = case.deadline.warning_on(today) else {
                return Ok(false);
            };
            let now = change.now;
            if !change.tx.deadlines().insert_warning(&warning.key, now)? {
                return Ok(false);
            }
            let told = recipients(change, &case, &warning)?;
            if told.is_empty() {
                // It is not used up: whoever comes next is warned.
                return Err(DeadlineError::Call(CallError::Internal(
                    "there is nobody to warn of a deadline".into(),
                )));
            }
            for user in told.values() {
                let letter = mails::deadline_warning(change, &case, &warning, user);
                change.post(letter.action("Open Unionhall", self.core.links.home()))?;
            }
            if warning.key.kind == WarningKind::Overdue {
                answer_due(change, grievance, &case.deadline)?;
            }
            Ok(true)
        })
    }
}

/// Who is told, each once: the representative and the steward, and the officers of what is over or is nobody's. Where
/// there are none of them, the administrators are, and last the owners, of whom a tenant always has one.
fn recipients(
    change: &mut Change<'_>,
    case: &CaseDeadline,
    warning: &Warning,
) -> Result<BTreeMap<UserId, User>, CallError> {
    let mut told = BTreeMap::new();
    for user in case.representative.into_iter().chain(case.steward) {
        let colleague = change.tx.identity().find_colleague(user)?;
        told.extend(colleague.map(|found| (found.user.id, found.user)));
    }
    let officers_too = match warning.key.kind.audience() {
        Audience::Carriers => told.is_empty(),
        Audience::CarriersAndOfficers => true,
    };
    if officers_too {
        told.extend(holders(change, Role::Officer)?);
    }
    for role in [Role::Admin, Role::Owner] {
        if told.is_empty() {
            told = holders(change, role)?;
        }
    }
    Ok(told)
}

/// Who holds a role and is at work.
fn holders(change: &mut Change<'_>, role: Role) -> Result<BTreeMap<UserId, User>, CallError> {
    let filter = UserFilter {
        state: Some(PlaceState::Active),
        role: Some(role),
        search: None,
    };
    let page = PageRequest {
        limit: OFFICERS,
        after: None,
        sort: UserSort::Name,
        direction: Direction::Ascending,
        with_total: false,
    };
    let now = change.now;
    let holders = change.tx.users().list(&filter, &page, now)?;
    let holders = holders.items.into_iter();
    Ok(holders.map(|place| (place.user.id, place.user)).collect())
}
