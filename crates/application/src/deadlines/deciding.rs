//! What is said of one deadline: it was met, missed, extended, waived, or runs again; and what happened outside of
//! meetings.

use jiff::civil::Date;
use unionhall_domain::{
    collective_agreements::{Duty, EventKind},
    deadlines::{
        Accord, Deadline, DeadlineAction, DeadlineId, DeadlineMove, DeadlineRefusal, DeadlineState,
        Extension, Happening, Trigger, Uncountable,
    },
    grievances::{Grievance, GrievanceId},
    holidays::Calendars,
    invalid::Invalid,
};
use unionhall_ports::deadlines::CaseDeadline;

use super::{DeadlineError, Deadlines, OnDay, engine, permission_for};
use crate::{
    call::Call, core::Change, error::CallError, grievances, holidays::CountingCalendars,
    permissions::Permission,
};

/// What is said of a deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeadlineCommand {
    /// What had to be done was done on this day, in time.
    Meet(Date),
    /// It went by.
    Miss,
    /// The sides agreed on more time.
    Extend(Extension),
    /// The sides agreed to let it go.
    Waive(Accord),
    /// What was said is taken back: it runs again.
    Reopen,
}

impl DeadlineCommand {
    const fn kind(&self) -> DeadlineMove {
        match self {
            Self::Meet(_) => DeadlineMove::Meet,
            Self::Miss => DeadlineMove::Miss,
            Self::Extend(_) => DeadlineMove::Extend,
            Self::Waive(_) => DeadlineMove::Waive,
            Self::Reopen => DeadlineMove::Reopen,
        }
    }

    fn action(self, deadline: &Deadline) -> DeadlineAction {
        match self {
            Self::Meet(on) => DeadlineAction::Meet {
                on,
                by: deadline.derivation.basis.rule.key.duty.done_by(),
            },
            Self::Miss => DeadlineAction::Miss,
            Self::Extend(extension) => DeadlineAction::Extend(extension),
            Self::Waive(accord) => DeadlineAction::Waive(accord),
            Self::Reopen => DeadlineAction::Reopen,
        }
    }
}

impl Deadlines {
    /// Says something of a deadline. That an answer was missed begins what the union has to do after it; what else a
    /// missed deadline means is shown, and for people to do.
    ///
    /// # Errors
    /// [`DeadlineError`].
    pub fn act(
        &self,
        call: &Call,
        grievance: GrievanceId,
        id: DeadlineId,
        command: DeadlineCommand,
    ) -> Result<OnDay<CaseDeadline>, DeadlineError> {
        let kind = command.kind();
        let needed = permission_for(kind).unwrap_or(Permission::GrievancesDecide);
        call.actor.require(needed)?;
        self.core.change(call, |change| {
            let before = present(change, grievance, id)?;
            // Whoever decides said that it was missed: nobody else takes that back.
            if matches!(before.deadline.state, DeadlineState::Missed { .. }) {
                call.actor.require(Permission::GrievancesDecide)?;
            }
            let action = command.action(&before.deadline);
            let after = applied(change, &before.deadline, action)?;
            engine::keep(change, &before.deadline, &after)?;
            if kind == DeadlineMove::Miss {
                answer_due(change, &after)?;
            }
            Ok(OnDay {
                today: change.today(),
                found: CaseDeadline {
                    deadline: after,
                    ..before
                },
            })
        })
    }

    /// Records something that happened on the present step of a grievance and that no meeting and no move tells of.
    ///
    /// # Errors
    /// [`DeadlineError`].
    pub fn record_event(
        &self,
        call: &Call,
        id: GrievanceId,
        trigger: Trigger,
    ) -> Result<OnDay<Vec<CaseDeadline>>, DeadlineError> {
        call.actor.require(Permission::GrievancesWork)?;
        self.core.change(call, |change| {
            let found = change.tx.grievances().find(id)?;
            let grievance = found.ok_or(DeadlineError::NoGrievance)?;
            call.expects(grievance.version)?;
            let step = grievance.progress.step;
            let happening = Happening { step, trigger };
            check(&grievance, &happening, change.today())?;
            // Who records something of the grievance at the same time finds it changed.
            grievances::touch(change, grievance.clone())?;
            engine::happened(change, &grievance, &[happening])?;
            Ok(OnDay {
                today: change.today(),
                found: change.tx.deadlines().of_grievance(id)?,
            })
        })
    }
}

/// The deadline of a grievance, if the caller means this version of it.
fn present(
    change: &mut Change<'_>,
    grievance: GrievanceId,
    id: DeadlineId,
) -> Result<CaseDeadline, DeadlineError> {
    let found = change.tx.deadlines().find(id)?;
    let found = found
        .filter(|case| case.deadline.grievance == grievance)
        .ok_or(DeadlineError::NotFound)?;
    change.call.expects(found.deadline.version)?;
    Ok(found)
}

/// The deadline after an action; an extension is counted with the calendars that the deadline was counted with.
fn applied(
    change: &mut Change<'_>,
    deadline: &Deadline,
    action: DeadlineAction,
) -> Result<Deadline, DeadlineError> {
    let (today, now) = (change.today(), change.now);
    let refused = |refusal| DeadlineError::refused(refusal, deadline.allowed());
    if action.kind() != DeadlineMove::Extend {
        let after = deadline.apply(action, &Calendars::default(), today, now);
        return after.map_err(refused);
    }
    let versions = &deadline.derivation.calendars;
    let mut calendars = CountingCalendars::of_versions(change, versions)?;
    let after = calendars.count(change, |calendars| {
        match deadline.apply(action.clone(), calendars, today, now) {
            Err(DeadlineRefusal::Uncountable(error @ Uncountable::MissingCalendar(_))) => {
                Err(error)
            }
            other => Ok(other),
        }
    })?;
    after.map_err(refused)
}

/// That an answer did not come begins what is counted from the day it was due.
pub(super) fn answer_due(change: &mut Change<'_>, deadline: &Deadline) -> Result<(), CallError> {
    let key = deadline.derivation.basis.rule.key;
    if key.duty != Duty::Answer {
        return Ok(());
    }
    let Some(grievance) = change.tx.grievances().find(deadline.grievance)? else {
        return Ok(());
    };
    // What would follow on a step that the grievance has left is done already.
    if grievance.progress.step != key.step {
        return Ok(());
    }
    let due = Happening::on(key.step, EventKind::AnswerDue, deadline.due());
    // The worker notices it, and somebody says it later: it happened once.
    if change.tx.deadlines().events(grievance.id)?.contains(&due) {
        return Ok(());
    }
    engine::happened(change, &grievance, &[due])
}

fn check(grievance: &Grievance, happening: &Happening, today: Date) -> Result<(), DeadlineError> {
    let wrong = |code, detail: &str| {
        let error = Invalid::new(code, detail).at("kind");
        Err(DeadlineError::Invalid(vec![error]))
    };
    happening.check(today).map_err(DeadlineError::Invalid)?;
    if grievance.agreement.is_none() {
        return wrong("no_agreement", "the grievance names no agreement");
    }
    match happening.trigger.kind {
        EventKind::Knowledge
        | EventKind::MeetingHeld
        | EventKind::Answered
        | EventKind::PanelReceived
        | EventKind::ArbitratorSelected
        | EventKind::InformationRequested
        | EventKind::InformationProvided
        | EventKind::SettlementFulfilled => Ok(()),
        EventKind::Incident
        | EventKind::Filed
        | EventKind::AnswerDue
        | EventKind::Advanced
        | EventKind::ArbitrationDemanded
        | EventKind::Settled => wrong(
            "follows_from_a_move",
            "is recorded when the grievance is filed or moved",
        ),
    }
}
