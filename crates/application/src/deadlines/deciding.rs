//! What is said of one deadline: it was met, missed, extended, waived, or runs again; and what happened outside of
//! meetings.

use jiff::civil::Date;
use unionhall_domain::{
    audit::{AuditAction, Target},
    collective_agreements::{Duty, EventKind},
    deadlines::{
        Accord, Deadline, DeadlineAction, DeadlineId, DeadlineMove, DeadlineRefusal, DeadlineState,
        Extension, Happening, Trigger, Uncountable, Witness,
    },
    grievances::{Grievance, GrievanceId, Step},
    holidays::Calendars,
    invalid::Invalid,
};
use unionhall_ports::deadlines::{CaseDeadline, CaseEvent};

use super::{DeadlineError, Deadlines, OnDay, correcting, engine, permission_for};
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
                witness: Witness::Word,
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
            // Locks are taken in one order: the grievance, then what belongs to it. What is said of one deadline and
            // looks at others waits for whoever says something of those.
            let locked = match kind {
                DeadlineMove::Miss | DeadlineMove::Reopen => {
                    change.tx.grievances().lock_by_ids(&[grievance])?
                }
                DeadlineMove::Meet
                | DeadlineMove::Extend
                | DeadlineMove::Waive
                | DeadlineMove::Lapse => Vec::new(),
            };
            let before = present(change, grievance, id)?;
            // Whoever decides said that it was missed: nobody else takes that back.
            if matches!(before.deadline.state, DeadlineState::Missed { .. }) {
                call.actor.require(Permission::GrievancesDecide)?;
            }
            let action = command.action(&before.deadline);
            let after = applied(change, &before.deadline, action)?;
            alone(change, &before.deadline, &after)?;
            engine::keep(change, &before.deadline, &after)?;
            match locked.first() {
                Some(grievance) if kind == DeadlineMove::Miss => {
                    answer_due(change, grievance, &after)?;
                }
                Some(_) | None => {}
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
            let grievance = correcting::present(change, id)?;
            let step = grievance.progress.step;
            let happening = Happening { step, trigger };
            check(change, &grievance, &happening)?;
            // Who records something of the grievance at the same time finds it changed.
            grievances::touch(change, grievance.clone())?;
            note(change, id, &trigger);
            engine::noted(change, &grievance, &[happening], call.actor.user_id())?;
            correcting::shown(change, id)
        })
    }
}

/// Puts on record what was said to have happened, also when no deadline hangs on it.
fn note(change: &mut Change<'_>, id: GrievanceId, trigger: &Trigger) {
    let details = vec![
        ("recorded_event", trigger.kind.as_str().to_owned()),
        ("happened_on", trigger.date.to_string()),
        ("service", trigger.service.as_str().to_owned()),
    ];
    let target = Target::Grievance;
    change.record(AuditAction::Updated, target, id.uuid(), Vec::new(), details);
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

/// Refuses that a deadline runs again beside another that runs for the same thing by now.
fn alone(
    change: &mut Change<'_>,
    before: &Deadline,
    after: &Deadline,
) -> Result<(), DeadlineError> {
    if before.runs() || !after.runs() {
        return Ok(());
    }
    let all = change.tx.deadlines().of_grievance(after.grievance)?;
    let all: Vec<_> = all.into_iter().map(|case| case.deadline).collect();
    if after.runs_already(&all) {
        return Err(DeadlineError::runs_already(before.allowed()));
    }
    Ok(())
}

/// That an answer did not come begins what is counted from the day it was due. The grievance is locked: the worker
/// notices it, and somebody says it at the same time; the second waits, and sees that it is known.
pub(super) fn answer_due(
    change: &mut Change<'_>,
    grievance: &Grievance,
    deadline: &Deadline,
) -> Result<(), CallError> {
    let key = deadline.derivation.basis.rule.key;
    if key.duty != Duty::Answer {
        return Ok(());
    }
    // What would follow on a step that the grievance has left is done already.
    if grievance.progress.step != key.step {
        return Ok(());
    }
    let due = Happening::on(key.step, EventKind::AnswerDue, deadline.due());
    // Of one that has ended nothing follows any more, even if somebody lets a deadline run again to say so.
    let course = due.check_course(grievance.filed_date, &grievance.progress);
    if course.is_err() {
        return Ok(());
    }
    let known = change.tx.deadlines().events(grievance.id)?;
    let counts = |event: &&CaseEvent| event.retraction.is_none();
    if known
        .iter()
        .filter(counts)
        .any(|event| event.happening == due)
    {
        return Ok(());
    }
    engine::happened(change, grievance, &[due])
}

fn check(
    change: &mut Change<'_>,
    grievance: &Grievance,
    happening: &Happening,
) -> Result<(), DeadlineError> {
    let wrong = |code, detail: &str| {
        let error = Invalid::new(code, detail).at("kind");
        Err(DeadlineError::Invalid(vec![error]))
    };
    let today = change.today();
    happening.check(today).map_err(DeadlineError::Invalid)?;
    if grievance.agreement.is_none() {
        return wrong("no_agreement", "the grievance names no agreement");
    }
    let by_hand = match happening.trigger.kind {
        EventKind::Knowledge
        | EventKind::MeetingHeld
        | EventKind::Answered
        | EventKind::PanelReceived
        | EventKind::ArbitratorSelected
        | EventKind::InformationRequested
        | EventKind::InformationProvided
        | EventKind::SettlementFulfilled => true,
        EventKind::Advanced | EventKind::ArbitrationDemanded => {
            is_unknown(change, grievance, happening)?
        }
        EventKind::Incident | EventKind::Filed | EventKind::AnswerDue | EventKind::Settled => false,
    };
    if !by_hand {
        let detail = "is recorded when the grievance is filed or moved";
        return wrong("follows_from_a_move", detail);
    }
    let course = happening.check_course(grievance.filed_date, &grievance.progress);
    course.map_err(DeadlineError::Invalid)
}

/// Whether the grievance came to its step before it had an agreement, so that no day of that is known.
fn is_unknown(
    change: &mut Change<'_>,
    grievance: &Grievance,
    happening: &Happening,
) -> Result<bool, DeadlineError> {
    let (step, kind) = (happening.step, happening.trigger.kind);
    let place = if kind == EventKind::ArbitrationDemanded {
        step == Step::Arbitration
    } else {
        step > Step::Step1
    };
    let known = change.tx.deadlines().events(grievance.id)?;
    let same = |event: &CaseEvent| {
        let known = event.happening;
        event.retraction.is_none() && known.step == step && known.trigger.kind == kind
    };
    Ok(place && !known.iter().any(same))
}
