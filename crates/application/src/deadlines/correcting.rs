//! Putting right what the deadlines of a grievance are counted from: taking back an event that was recorded by mistake,
//! and giving the grievance another agreement. Each can be rehearsed, which shows every deadline as it would be.

use unionhall_domain::{
    audit::{AuditAction, Target, differences},
    collective_agreements::CollectiveAgreementId,
    deadlines::countable,
    grievances::{Grievance, GrievanceId},
    text::Prose,
};
use unionhall_ports::deadlines::{CaseDeadline, CaseEvent, Retraction};
use uuid::Uuid;

use super::{DeadlineError, Deadlines, OnDay, engine};
use crate::{
    call::Call,
    core::{Change, Recorded},
    grievances::{self, GrievanceError, readable},
    permissions::Permission,
};

impl Deadlines {
    /// What happened to a grievance as far as deadlines are counted from it, earliest first. Who may read only their
    /// own cases finds no other.
    ///
    /// # Errors
    /// [`DeadlineError`].
    pub fn events(
        &self,
        call: &Call,
        id: GrievanceId,
    ) -> Result<Recorded<Vec<CaseEvent>>, DeadlineError> {
        let own = readable(&call.actor)?;
        let found = self.core.snapshot(call, |tx| {
            tx.grievances()
                .find(id)?
                .filter(|grievance| own.shows(grievance))
                .ok_or(DeadlineError::NoGrievance)?;
            Ok::<_, DeadlineError>(tx.deadlines().events(id)?)
        })?;
        Ok(self
            .core
            .recorded(call, Target::Grievance, id.uuid(), found)?)
    }

    /// Takes back an event that somebody recorded by mistake: it stays on record and counts no more. What ran because
    /// of it lapses, what it met runs again, and the events that are left are asked once more.
    ///
    /// # Errors
    /// [`DeadlineError::NoEvent`] for one that is not there or was taken back, [`DeadlineError::OfAMove`] for one that
    /// follows from filing or moving the grievance, and any other [`DeadlineError`].
    pub fn retract_event(
        &self,
        call: &Call,
        id: GrievanceId,
        event: Uuid,
        reason: Prose<2_000>,
    ) -> Result<OnDay<Vec<CaseDeadline>>, DeadlineError> {
        call.actor.require(Permission::GrievancesDecide)?;
        self.core.change(call, |change| {
            let grievance = present(change, id)?;
            let events = change.tx.deadlines().events(id)?;
            let counts = |found: &CaseEvent| found.retraction.is_none();
            let mut meant = events.iter().filter(|found| found.id == event);
            let wrong = meant.next().filter(|found| counts(found));
            let wrong = wrong.ok_or(DeadlineError::NoEvent)?;
            // Before it was kept who had recorded it, some kinds could come from nobody else.
            if wrong.recorded_by.is_none() && !wrong.happening.is_by_hand_alone() {
                return Err(DeadlineError::OfAMove);
            }
            // Who records something of the grievance at the same time finds it changed.
            grievances::touch(change, grievance.clone())?;
            note(change, id, wrong, &reason);
            let retraction = Retraction {
                at: change.now,
                by: call.actor.user_id(),
                reason,
            };
            change.tx.deadlines().retract_event(event, &retraction)?;
            engine::retracted(change, &grievance, wrong, &events)?;
            shown(change, id)
        })
    }

    /// Says under which agreement a grievance is, that was filed under none or another: by the rules in effect on the
    /// day of its filing, everything on record is counted anew. What ran by other rules lapses.
    ///
    /// # Errors
    /// [`DeadlineError`].
    pub fn set_agreement(
        &self,
        call: &Call,
        id: GrievanceId,
        agreement: CollectiveAgreementId,
        reason: &Prose<2_000>,
    ) -> Result<OnDay<Vec<CaseDeadline>>, DeadlineError> {
        call.actor.require(Permission::GrievancesDecide)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let incident = before.claim.incident_date.map_or(Ok(()), countable);
            incident.map_err(|invalid| DeadlineError::Invalid(vec![invalid.at("agreement_id")]))?;
            let under = grievances::filed_under(
                change,
                Some(agreement),
                before.employer,
                before.filed_date,
            );
            let after = Grievance {
                agreement: under.map_err(of_grievance)?,
                ..before.clone()
            };
            let fields = differences(before.fields(), after.fields());
            if fields.is_empty() {
                change.leave_unchanged();
                return shown(change, id);
            }
            grievances::touch(change, after.clone())?;
            let details = vec![("reason", reason.to_string())];
            change.record(
                AuditAction::Updated,
                Target::Grievance,
                id.uuid(),
                fields,
                details,
            );
            engine::counted_anew(change, &after)?;
            shown(change, id)
        })
    }
}

/// Puts on record which event was taken back, and why.
fn note(change: &mut Change<'_>, id: GrievanceId, event: &CaseEvent, reason: &Prose<2_000>) {
    let trigger = event.happening.trigger;
    let details = vec![
        ("retracted_event", trigger.kind.as_str().to_owned()),
        ("happened_on", trigger.date.to_string()),
        ("event_id", event.id.to_string()),
        ("reason", reason.to_string()),
    ];
    change.record(
        AuditAction::Updated,
        Target::Grievance,
        id.uuid(),
        Vec::new(),
        details,
    );
}

/// The grievance, if the caller means this version of it.
pub(super) fn present(
    change: &mut Change<'_>,
    id: GrievanceId,
) -> Result<Grievance, DeadlineError> {
    let found = change.tx.grievances().find(id)?;
    let grievance = found.ok_or(DeadlineError::NoGrievance)?;
    change.call.expects(grievance.version)?;
    Ok(grievance)
}

/// Every deadline of the grievance as it is now.
pub(super) fn shown(
    change: &mut Change<'_>,
    id: GrievanceId,
) -> Result<OnDay<Vec<CaseDeadline>>, DeadlineError> {
    Ok(OnDay {
        today: change.today(),
        found: change.tx.deadlines().of_grievance(id)?,
    })
}

fn of_grievance(error: GrievanceError) -> DeadlineError {
    match error {
        GrievanceError::NotFound => DeadlineError::NoGrievance,
        GrievanceError::Invalid(errors) => DeadlineError::Invalid(errors),
        GrievanceError::Call(error) => DeadlineError::Call(error),
        GrievanceError::Illegal(refused) => {
            DeadlineError::Call(crate::error::CallError::Internal(Box::new(refused)))
        }
    }
}
