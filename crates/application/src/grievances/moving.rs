//! Moving a grievance: meetings with their outcome, and the decisions between them.

use jiff::civil::Date;
use unionhall_domain::{
    audit::{AuditAction, differences},
    grievances::{
        Action, Grievance, GrievanceId, MOST_RECORDS, Meeting, Outcome, Settlement, StepRecord,
    },
    ids::Id,
    invalid::Invalid,
    money::Amount,
    text::Prose,
};

use super::{GrievanceError, Grievances, permission_for, present, record, touched};
use crate::{call::Call, core::Change, deadlines::engine, mails, obligations, representation_log};

/// A meeting to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordStep {
    /// What happened there.
    pub meeting: Meeting,
    /// How it ended.
    pub outcome: StepOutcome,
}

/// How a meeting ended; a settlement is of the day of the meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepOutcome {
    /// The employer denied the grievance.
    Denied,
    /// The sides take it to the next step.
    Advanced,
    /// The sides agreed.
    Settled {
        /// What was agreed.
        resolution: Prose<20_000>,
        /// The money in it, if there is any.
        amount: Option<Amount>,
    },
}

/// A recorded meeting, and where it left the grievance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepRecorded {
    /// The record.
    pub step: StepRecord,
    /// The grievance after it.
    pub grievance: Grievance,
}

impl Grievances {
    /// Records a meeting on the present step; its outcome moves the grievance.
    ///
    /// # Errors
    /// [`GrievanceError`].
    pub fn record_step(
        &self,
        call: &Call,
        id: GrievanceId,
        command: RecordStep,
    ) -> Result<StepRecorded, GrievanceError> {
        let outcome = match command.outcome {
            StepOutcome::Denied => Outcome::Denied,
            StepOutcome::Advanced => Outcome::Advanced,
            StepOutcome::Settled { resolution, amount } => Outcome::Settled(Settlement {
                resolution,
                date: command.meeting.date,
                amount,
            }),
        };
        let action = Action::RecordStep(outcome.clone());
        call.actor.require(permission_for(action.kind()))?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            command
                .meeting
                .check(before.filed_date, change.today())
                .map_err(GrievanceError::Invalid)?;
            let step = StepRecord {
                id: Id::new(change.new_id()),
                grievance: id,
                step: before.progress.step,
                meeting: command.meeting,
                outcome,
                created_at: change.now,
            };
            let grievance = moved(change, before, action, step.meeting.date)?;
            room_for_one(change, id)?;
            change.tx.grievances().insert_step(&step)?;
            tell(change, &grievance, &step)?;
            Ok(StepRecorded { step, grievance })
        })
    }

    /// Moves a grievance without a meeting: investigate, schedule a hearing, advance, withdraw, close,
    /// reopen.
    ///
    /// # Errors
    /// [`GrievanceError`].
    pub fn act(
        &self,
        call: &Call,
        id: GrievanceId,
        action: Action,
    ) -> Result<Grievance, GrievanceError> {
        call.actor.require(permission_for(action.kind()))?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let today = change.today();
            moved(change, before, action, today)
        })
    }
}

/// Goes on unless as many meetings of the grievance are on record as may be.
fn room_for_one(change: &mut Change<'_>, id: GrievanceId) -> Result<(), GrievanceError> {
    if change.tx.grievances().steps(id)?.len() < MOST_RECORDS {
        return Ok(());
    }
    let detail = format!("a grievance has at most {MOST_RECORDS} meetings on record");
    let full = Invalid::new("too_many", detail).at("outcome");
    Err(GrievanceError::Invalid(vec![full]))
}

/// Applies an action of a day, writes the grievance, puts the move on record, and sees to its deadlines.
fn moved(
    change: &mut Change<'_>,
    before: Grievance,
    action: Action,
    day: Date,
) -> Result<Grievance, GrievanceError> {
    let mut details = vec![("move", action.kind().as_str().to_owned())];
    if let Action::Withdraw(reason) | Action::Close(reason) | Action::Reopen(reason) = &action {
        details.push(("reason", reason.to_string()));
    }
    let progress = before.progress.clone().apply(action.clone())?;
    let after = Grievance {
        progress,
        ..touched(change, before.clone())
    };
    change.tx.grievances().update(&after)?;
    let fields = differences(before.fields(), after.fields());
    record(change, AuditAction::Moved, &after, fields, details);
    representation_log::note(change, &before, &action)?;
    obligations::release(change, &before, &action)?;
    engine::moved(change, &before, &after, &action, day)?;
    Ok(after)
}

/// Tells the representative, if there still is one, what came of the meeting.
fn tell(
    change: &mut Change<'_>,
    grievance: &Grievance,
    step: &StepRecord,
) -> Result<(), GrievanceError> {
    let Some(user) = grievance.claim.assigned_representative else {
        return Ok(());
    };
    if let Some(colleague) = change.tx.identity().find_colleague(user)? {
        change.post(mails::step_recorded(
            change,
            grievance,
            step,
            &colleague.user,
        ))?;
    }
    Ok(())
}
