//! Deadlines of grievances: seeing them with their reasons, saying what became of them, and giving more time.

mod changes;
mod correcting;
mod deciding;
pub(crate) mod engine;
mod errors;
mod warning;

use std::sync::Arc;

use jiff::civil::Date;
use unionhall_domain::{
    audit::Target,
    deadlines::{DeadlineMove, DeadlineState, DeadlineStatus},
    grievances::GrievanceId,
};
use unionhall_ports::{
    deadlines::{CaseDeadline, DeadlineFilter, DeadlineSort},
    pages::{Page, PageRequest},
};

pub use changes::{MOST, Preview, Recount, Recounted};
pub use deciding::DeadlineCommand;
pub use errors::DeadlineError;
pub(crate) use warning::MORNING;

use crate::{
    actor::Actor,
    call::Call,
    core::{Core, Recorded},
    grievances::readable,
    permissions::Permission,
};

/// The use cases of deadlines.
#[derive(Clone)]
pub struct Deadlines {
    core: Arc<Core>,
}

/// Deadlines as they stand on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnDay<T> {
    /// The tenant's day.
    pub today: Date,
    /// What stands so.
    pub found: T,
}

impl Deadlines {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Every deadline of a grievance, by its last day. Who may read only their own cases finds no other.
    ///
    /// # Errors
    /// [`DeadlineError`].
    pub fn of_grievance(
        &self,
        call: &Call,
        id: GrievanceId,
    ) -> Result<Recorded<OnDay<Vec<CaseDeadline>>>, DeadlineError> {
        let own = readable(&call.actor)?;
        let found = self.core.snapshot(call, |tx| {
            tx.grievances()
                .find(id)?
                .filter(|grievance| own.shows(grievance))
                .ok_or(DeadlineError::NoGrievance)?;
            Ok::<_, DeadlineError>(tx.deadlines().of_grievance(id)?)
        })?;
        let found = self.on_day(call, found);
        Ok(self
            .core
            .recorded(call, Target::Grievance, id.uuid(), found)?)
    }

    /// The deadlines that match, across grievances.
    ///
    /// # Errors
    /// [`DeadlineError`].
    pub fn list(
        &self,
        call: &Call,
        filter: &DeadlineFilter,
        page: &PageRequest<DeadlineSort>,
    ) -> Result<Recorded<OnDay<Page<CaseDeadline>>>, DeadlineError> {
        call.actor.require(Permission::GrievancesRead)?;
        let found = self
            .core
            .read(call, |tx| tx.deadlines().list(filter, page))?;
        let details = details(filter, found.items.len());
        let found = self.on_day(call, found);
        Ok(self
            .core
            .recorded_list(call, Target::Deadline, details, found)?)
    }

    /// What this actor may do with a deadline now.
    pub fn allowed_actions(&self, actor: &Actor, case: &CaseDeadline) -> Vec<&'static str> {
        let moves = case.deadline.allowed().into_iter();
        let decides = actor.may(Permission::GrievancesDecide);
        let missed = matches!(case.deadline.state, DeadlineState::Missed { .. });
        moves
            .filter(|kind| permission_for(*kind).is_some_and(|needed| actor.may(needed)))
            .filter(|_| decides || !missed)
            .map(DeadlineMove::as_str)
            .collect()
    }

    fn on_day<T>(&self, call: &Call, found: T) -> OnDay<T> {
        let today = call.actor.today(self.core.clock.now());
        OnDay { today, found }
    }
}

/// The permission that a move needs: what loses or gives up a deadline, or takes that back, is for who decides; a
/// deadline lapses by itself alone.
pub const fn permission_for(kind: DeadlineMove) -> Option<Permission> {
    match kind {
        DeadlineMove::Meet | DeadlineMove::Extend => Some(Permission::GrievancesWork),
        DeadlineMove::Miss | DeadlineMove::Waive | DeadlineMove::Reopen => {
            Some(Permission::GrievancesDecide)
        }
        DeadlineMove::Lapse => None,
    }
}

fn details(filter: &DeadlineFilter, count: usize) -> Vec<(&'static str, String)> {
    let mut details = vec![("count", count.to_string())];
    let mut add = |name, value: Option<String>| details.extend(value.map(|value| (name, value)));
    let statuses: Vec<_> = filter
        .statuses
        .iter()
        .map(|status| DeadlineStatus::as_str(*status))
        .collect();
    add("carrier_id", filter.carrier.map(|id| id.to_string()));
    add("employer_id", filter.employer.map(|id| id.to_string()));
    add("agreement_id", filter.agreement.map(|id| id.to_string()));
    add("step", filter.step.map(|step| step.as_str().to_owned()));
    add("status", (!statuses.is_empty()).then(|| statuses.join(",")));
    add("due_from", filter.due_from.map(|day| day.to_string()));
    add("due_until", filter.due_until.map(|day| day.to_string()));
    details
}

#[cfg(test)]
pub(crate) mod tests;
