//! Step meetings: permissions, what is put on record, and what the member sees.

use unionhall_domain::{
    audit::{AuditAction, Target},
    grievances::Step,
    roles::Role,
    step_meetings::{
        Agenda, AgendaChange, MeetingState, NewStatement, Party, StatementChange, StepMeeting,
        StepMeetingId,
    },
    text::{Line, Prose},
    version::Version,
};
use unionhall_ports::{mock::MockRepositories, storage::StorageError};

use crate::{
    error::Code,
    fixtures::{CASE, Hall, audited, call, code, grievance, id, now, told},
};

const MEETING: StepMeetingId = id(7_001);

fn agenda() -> Agenda {
    Agenda {
        starts_at: now(),
        place: None,
        notes: None,
        record: None,
        attendees: Vec::new(),
    }
}

fn meeting() -> StepMeeting {
    StepMeeting {
        id: MEETING,
        grievance: CASE,
        step: Step::Step1,
        agenda: agenda(),
        state: MeetingState::Planned,
        statements: Vec::new(),
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
    }
}

fn statement() -> NewStatement {
    NewStatement {
        party: Party::Union,
        made_by: Line::parse("A. Voltz").unwrap(),
        made_at: None,
        text: Prose::parse("The list was not followed.").unwrap(),
        corrects: None,
        signs: true,
    }
}

/// Mocks that have the case and its meeting.
fn with_meeting() -> MockRepositories {
    let mut mocks = MockRepositories::default();
    let find = mocks.grievances.expect_find();
    find.returning(|_| Ok(Some(grievance())));
    let find = mocks.step_meetings.expect_find();
    find.returning(|_, _| Ok(Some(meeting())));
    mocks
}

#[test]
fn whoever_may_not_work_on_grievances_touches_no_port() {
    let hall = Hall::untouchable();
    let meetings = &hall.application.step_meetings;
    let (member, key) = (call(Role::Organizer), (CASE, MEETING));
    let codes = [
        code(meetings.plan(&member, CASE, agenda())),
        code(meetings.update(&member, key, AgendaChange::default())),
        code(meetings.hold(&member, key, None)),
        code(meetings.cancel(&member, key, Prose::parse("Ill.").unwrap())),
        code(meetings.state(&member, key, statement())),
        code(meetings.redraft(&member, key, id(1), StatementChange::default())),
        code(meetings.sign(&member, key, id(1))),
        code(meetings.find(&member, CASE, MEETING).map(|_| ())),
    ];
    assert_eq!(codes, [Code::Forbidden; 8]);
}

#[test]
fn a_statement_is_written_with_who_signed_it_and_on_record_with_the_meeting() {
    let mut mocks = with_meeting();
    let events = audited(&mut mocks);
    mocks
        .step_meetings
        .expect_insert_statement()
        .withf(|id, statement| *id == MEETING && statement.signature.is_some())
        .returning(|_, _| Ok(()));
    mocks
        .step_meetings
        .expect_update()
        .withf(|meeting| meeting.version.get() == 2)
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let stated = hall
        .application
        .step_meetings
        .state(&call(Role::Staff), (CASE, MEETING), statement())
        .unwrap();
    assert_eq!(stated.statements.len(), 1);
    let events = events.lock().unwrap();
    let event = &events[0];
    assert_eq!(
        (event.action, event.target),
        (AuditAction::Updated, Target::StepMeeting)
    );
    assert_eq!(event.details, [("grievance_id", CASE.to_string())]);
    assert!(event.changes.iter().any(|change| change.field == "text"));
}

#[test]
fn a_change_that_changes_nothing_is_on_record_as_a_reading() {
    let mut mocks = with_meeting();
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let same = hall.application.step_meetings.update(
        &call(Role::Staff),
        (CASE, MEETING),
        AgendaChange::default(),
    );
    assert_eq!(same.unwrap(), meeting());
    assert_eq!(told(&events), [("read", "step_meeting")]);
}

#[test]
fn a_draft_that_is_changed_in_nothing_is_not_written() {
    let mut mocks = MockRepositories::default();
    let find = mocks.grievances.expect_find();
    find.returning(|_| Ok(Some(grievance())));
    let draft = || {
        let new = NewStatement {
            signs: false,
            ..statement()
        };
        let draft = meeting().stated(id(7_002), new, None, now()).unwrap();
        StepMeeting {
            statements: vec![draft],
            ..meeting()
        }
    };
    let find = mocks.step_meetings.expect_find();
    find.returning(move |_, _| Ok(Some(draft())));
    let hall = Hall::over(mocks);
    let same = hall.application.step_meetings.redraft(
        &call(Role::Staff),
        (CASE, MEETING),
        id(7_002),
        StatementChange::default(),
    );
    assert_eq!(same.unwrap().version, Version::FIRST);
}

#[test]
fn a_stranger_among_the_attendees_is_a_wrong_field() {
    let mut mocks = with_meeting();
    mocks.step_meetings.expect_insert().returning(|_| {
        Err(StorageError::Constraint {
            name: "step_meeting_attendees_user_fkey".to_owned(),
        })
    });
    let hall = Hall::over(mocks);
    let result = hall
        .application
        .step_meetings
        .plan(&call(Role::Staff), CASE, agenda());
    assert_eq!(code(result), Code::InvalidFields);
}
