//! Meetings on the steps of grievances: set, held or called off, and what the sides put forward there.

use std::sync::Arc;

use jiff::Timestamp;
use unionhall_domain::{
    audit::{AuditAction, Fields, Target, created, differences},
    grievances::{GrievanceId, StepRecordId},
    ids::Id,
    step_meetings::{
        Agenda, AgendaChange, MOST_ATTENDEES, MeetingAction, MeetingState, NewStatement, Signature,
        Statement, StatementChange, StatementId, StatementRefusal, StepMeeting, StepMeetingId,
        check_held,
    },
    text::Prose,
    version::Version,
};
use unionhall_ports::{
    pages::{Page, PageRequest},
    step_meetings::StepMeetingSort,
};

use crate::{
    actor::Actor,
    call::Call,
    cases::{self, CaseError},
    core::{Change, Core, Recorded},
    grievances::{Readable, readable},
    permissions::Permission,
};

/// What a constraint says of a field.
const FOREIGN: &[(&str, &str, &str, &str)] = &[(
    "step_meeting_attendees_user_fkey",
    "attendees",
    "unknown_user",
    "name somebody who is no user of this tenant",
)];

/// The use cases of step meetings.
#[derive(Clone)]
pub struct StepMeetings {
    core: Arc<Core>,
}

impl StepMeetings {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// The meetings of a grievance, in short. The member whose case it is sees what was signed off, and no drafts or notes.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn list(
        &self,
        call: &Call,
        grievance: GrievanceId,
        page: &PageRequest<StepMeetingSort>,
    ) -> Result<Recorded<Page<StepMeeting>>, CaseError> {
        let own = readable(&call.actor)?;
        let mut found = self.core.snapshot(call, |tx| {
            cases::shown(tx, &own, grievance)?;
            Ok::<_, CaseError>(tx.step_meetings().list(grievance, page)?)
        })?;
        found.items = found
            .items
            .into_iter()
            .map(|one| seen(one.in_short(), &own))
            .collect();
        Ok(self
            .core
            .recorded(call, Target::Grievance, grievance.uuid(), found)?)
    }

    /// One meeting of a grievance with every word, as far as [`list`](Self::list) shows it.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn find(
        &self,
        call: &Call,
        grievance: GrievanceId,
        id: StepMeetingId,
    ) -> Result<Recorded<StepMeeting>, CaseError> {
        let own = readable(&call.actor)?;
        let found = self.core.snapshot(call, |tx| {
            cases::shown(tx, &own, grievance)?;
            let found = tx.step_meetings().find(grievance, id)?;
            found.ok_or(NO_MEETING)
        })?;
        Ok(self
            .core
            .recorded(call, Target::StepMeeting, id.uuid(), seen(found, &own))?)
    }

    /// Sets a meeting on the step that the grievance is on.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn plan(
        &self,
        call: &Call,
        grievance: GrievanceId,
        agenda: Agenda,
    ) -> Result<StepMeeting, CaseError> {
        call.actor.require(Permission::GrievancesWork)?;
        self.core.change(call, |change| {
            let case = cases::alive(change, grievance, "plan_meeting")?;
            check(&agenda)?;
            on_record(change, grievance, agenda.record)?;
            let meeting = StepMeeting {
                id: Id::new(change.new_id()),
                grievance,
                step: case.progress.step,
                agenda,
                state: MeetingState::Planned,
                statements: Vec::new(),
                version: Version::FIRST,
                created_at: change.now,
                updated_at: change.now,
            };
            cases::unless_foreign(change.tx.step_meetings().insert(&meeting), FOREIGN)?;
            record(change, AuditAction::Created, &meeting, Vec::new());
            Ok(meeting)
        })
    }

    /// Sets a meeting anew, or mends what is said of it.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn update(
        &self,
        call: &Call,
        (grievance, id): (GrievanceId, StepMeetingId),
        wanted: AgendaChange,
    ) -> Result<StepMeeting, CaseError> {
        self.changed(
            call,
            (grievance, id),
            AuditAction::Updated,
            |meeting, now| {
                meeting.permit(MeetingAction::Update)?;
                meeting.changed(wanted, now).map_err(CaseError::Invalid)
            },
        )
    }

    /// Says that a meeting took place; it began when it was set to begin, unless something else is said.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn hold(
        &self,
        call: &Call,
        (grievance, id): (GrievanceId, StepMeetingId),
        began: Option<Timestamp>,
    ) -> Result<StepMeeting, CaseError> {
        self.changed(call, (grievance, id), AuditAction::Moved, |meeting, now| {
            let began = began.unwrap_or(meeting.agenda.starts_at);
            meeting.permit(MeetingAction::Hold)?;
            check_held(began, now).map_err(CaseError::Invalid)?;
            Ok(meeting.held(began)?)
        })
    }

    /// Calls a meeting off.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn cancel(
        &self,
        call: &Call,
        (grievance, id): (GrievanceId, StepMeetingId),
        reason: Prose<2_000>,
    ) -> Result<StepMeeting, CaseError> {
        self.changed(call, (grievance, id), AuditAction::Moved, |meeting, _| {
            Ok(meeting.canceled(reason)?)
        })
    }

    /// Writes down what a side put forward.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn state(
        &self,
        call: &Call,
        (grievance, id): (GrievanceId, StepMeetingId),
        new: NewStatement,
    ) -> Result<StepMeeting, CaseError> {
        call.actor.require(Permission::GrievancesWork)?;
        self.core.change(call, |change| {
            let meeting = present(change, grievance, id)?;
            let statement_id = Id::new(change.new_id());
            let by = call.actor.user_id();
            let statement = meeting
                .stated(statement_id, new, by, change.now)
                .map_err(refusal)?;
            change.tx.step_meetings().insert_statement(id, &statement)?;
            stated(change, meeting, None, statement)
        })
    }

    /// Changes a draft.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn redraft(
        &self,
        call: &Call,
        meeting: (GrievanceId, StepMeetingId),
        statement: StatementId,
        wanted: StatementChange,
    ) -> Result<StepMeeting, CaseError> {
        self.restated(call, meeting, statement, |found, now| {
            found.redrafted(statement, wanted, now)
        })
    }

    /// Signs a draft off: from then on nobody changes it.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn sign(
        &self,
        call: &Call,
        meeting: (GrievanceId, StepMeetingId),
        statement: StatementId,
    ) -> Result<StepMeeting, CaseError> {
        let by = call.actor.user_id();
        self.restated(call, meeting, statement, |found, now| {
            found.signed(statement, Signature { at: now, by })
        })
    }

    /// What this actor may do with a meeting now.
    pub fn allowed_actions(&self, actor: &Actor, meeting: &StepMeeting) -> Vec<&'static str> {
        let permission = |_| Permission::GrievancesWork;
        cases::named(actor, meeting.allowed(), permission, MeetingAction::as_str)
    }

    fn changed(
        &self,
        call: &Call,
        (grievance, id): (GrievanceId, StepMeetingId),
        action: AuditAction,
        work: impl FnOnce(StepMeeting, Timestamp) -> Result<StepMeeting, CaseError>,
    ) -> Result<StepMeeting, CaseError> {
        call.actor.require(Permission::GrievancesWork)?;
        self.core.change(call, |change| {
            let before = present(change, grievance, id)?;
            let after = work(before.clone(), change.now)?;
            check(&after.agenda)?;
            if after.agenda.record != before.agenda.record {
                on_record(change, grievance, after.agenda.record)?;
            }
            if after == before {
                change.leave_unchanged_and_told(Target::StepMeeting, id.uuid());
                return Ok(before);
            }
            let after = touched(change, after);
            cases::unless_foreign(change.tx.step_meetings().update(&after), FOREIGN)?;
            record(change, action, &after, before.fields());
            Ok(after)
        })
    }

    fn restated(
        &self,
        call: &Call,
        (grievance, id): (GrievanceId, StepMeetingId),
        statement: StatementId,
        work: impl FnOnce(&StepMeeting, Timestamp) -> Result<Statement, StatementRefusal>,
    ) -> Result<StepMeeting, CaseError> {
        call.actor.require(Permission::GrievancesWork)?;
        self.core.change(call, |change| {
            let meeting = present(change, grievance, id)?;
            let after = work(&meeting, change.now).map_err(refusal)?;
            let before = meeting.statement(statement).cloned();
            if before.as_ref() == Some(&after) {
                change.leave_unchanged();
                return Ok(meeting);
            }
            change.tx.step_meetings().update_statement(&after)?;
            stated(change, meeting, before, after)
        })
    }
}

const NO_MEETING: CaseError = CaseError::NotFound("meeting");

/// What whoever may read the case sees of a meeting.
fn seen(mut meeting: StepMeeting, own: &Readable) -> StepMeeting {
    match own {
        Readable::Every => {}
        Readable::Own(_) => {
            meeting.agenda.notes = None;
            meeting
                .statements
                .retain(|statement| statement.signature.is_some());
        }
    }
    meeting
}

fn present(
    change: &mut Change<'_>,
    grievance: GrievanceId,
    id: StepMeetingId,
) -> Result<StepMeeting, CaseError> {
    cases::present(change, grievance)?;
    let found = change.tx.step_meetings().find(grievance, id)?;
    let found = found.ok_or(NO_MEETING)?;
    change.call.expects(found.version)?;
    Ok(found)
}

/// Goes on if the record, if one is named, is one of this grievance.
fn on_record(
    change: &mut Change<'_>,
    grievance: GrievanceId,
    record: Option<StepRecordId>,
) -> Result<(), CaseError> {
    let Some(record) = record else { return Ok(()) };
    let steps = change.tx.grievances().steps(grievance)?;
    if steps.iter().any(|step| step.id == record) {
        Ok(())
    } else {
        let detail = "is no recorded step of this grievance";
        Err(CaseError::wrong(
            "step_record_id",
            "unknown_step_record",
            detail,
        ))
    }
}

fn check(agenda: &Agenda) -> Result<(), CaseError> {
    if agenda.attendees.len() > MOST_ATTENDEES {
        return Err(CaseError::wrong(
            "attendees",
            "too_many",
            "must be at most 40",
        ));
    }
    Ok(())
}

fn refusal(refusal: StatementRefusal) -> CaseError {
    match refusal {
        StatementRefusal::Refused(refused) => refused.into(),
        StatementRefusal::Invalid(errors) => CaseError::Invalid(errors),
        StatementRefusal::Unknown => CaseError::NotFound("statement"),
    }
}

/// The meeting with a statement that was written just now, in place of what it was before.
fn stated(
    change: &mut Change<'_>,
    meeting: StepMeeting,
    before: Option<Statement>,
    after: Statement,
) -> Result<StepMeeting, CaseError> {
    let mut meeting = touched(change, meeting);
    let fields = match &before {
        None => created(after.fields()),
        Some(before) => differences(before.fields(), after.fields()),
    };
    match meeting.statements.iter_mut().find(|one| one.id == after.id) {
        Some(place) => *place = after,
        None => meeting.statements.push(after),
    }
    change.tx.step_meetings().update(&meeting)?;
    let target = (Target::StepMeeting, meeting.id.uuid());
    cases::record(
        change,
        AuditAction::Updated,
        target,
        meeting.grievance,
        fields,
    );
    Ok(meeting)
}

fn touched(change: &Change<'_>, meeting: StepMeeting) -> StepMeeting {
    StepMeeting {
        version: meeting.version.next(),
        updated_at: change.now,
        ..meeting
    }
}

fn record(change: &mut Change<'_>, action: AuditAction, after: &StepMeeting, before: Fields) {
    let fields = if before.is_empty() {
        created(after.fields())
    } else {
        differences(before, after.fields())
    };
    let target = (Target::StepMeeting, after.id.uuid());
    cases::record(change, action, target, after.grievance, fields);
}

#[cfg(test)]
mod tests;
