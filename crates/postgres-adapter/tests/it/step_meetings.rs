//! Contract of the repository of step meetings.

use jiff::SignedDuration;
use unionhall_domain::{
    grievances::{Grievance, Step},
    step_meetings::{Agenda, Attendee, MeetingState, Party, Signature, Statement, StepMeeting},
    version::Version,
};
use unionhall_ports::{
    pages::{Direction, PageRequest},
    step_meetings::StepMeetingSort,
    storage::StorageError,
    unit_of_work::UnitOfWork,
};
use unionhall_testing::{TestDatabase, builders};

use crate::grievances::Hall;

fn filed(storage: &dyn UnitOfWork, hall: &Hall) -> Grievance {
    let grievance = hall.grievance(2026, 1);
    builders::store(storage, hall.scope(), |tx| {
        tx.grievances().insert(&grievance)
    });
    grievance
}

fn meeting(hall: &Hall, grievance: &Grievance, hours: i64) -> StepMeeting {
    StepMeeting {
        id: builders::fresh_id(),
        grievance: grievance.id,
        step: Step::Step1,
        agenda: Agenda {
            starts_at: builders::now() + SignedDuration::from_hours(hours),
            place: Some(builders::line("Room 2")),
            notes: None,
            record: None,
            attendees: vec![
                attendee(Party::Union, hall.steward.id),
                Attendee {
                    user: None,
                    role: None,
                    ..attendee(Party::Employer, hall.steward.id)
                },
            ],
        },
        state: MeetingState::Planned,
        statements: Vec::new(),
        version: Version::FIRST,
        created_at: builders::now(),
        updated_at: builders::now(),
    }
}

fn attendee(party: Party, user: unionhall_domain::users::UserId) -> Attendee {
    Attendee {
        party,
        name: builders::line("A. Voltz"),
        role: Some(builders::line("steward")),
        user: Some(user),
    }
}

fn statement(signed: bool) -> Statement {
    let at = builders::now();
    Statement {
        id: builders::fresh_id(),
        party: Party::Employer,
        made_by: builders::line("B. Ohm"),
        made_at: at,
        text: unionhall_domain::text::Prose::parse("The list was followed.").unwrap(),
        corrects: None,
        written_by: None,
        signature: signed.then_some(Signature { at, by: None }),
        created_at: at,
    }
}

#[test]
fn a_meeting_is_found_below_its_grievance_as_it_was_written() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local");
    let grievance = filed(storage, &hall);
    let mut written = meeting(&hall, &grievance, 1);
    builders::store(storage, hall.scope(), |tx| {
        tx.step_meetings().insert(&written)
    });
    let find = |grievance| {
        builders::store(storage, hall.scope(), |tx| {
            tx.step_meetings().find(grievance, written.id)
        })
    };
    assert_eq!(find(grievance.id).as_ref(), Some(&written));
    assert_eq!(find(builders::fresh_id()), None);
    written.agenda.attendees.truncate(1);
    written.state = MeetingState::Held(builders::now());
    written.version = written.version.next();
    let first = statement(true);
    builders::store(storage, hall.scope(), |tx| {
        tx.step_meetings().update(&written)?;
        tx.step_meetings().insert_statement(written.id, &first)
    });
    written.statements.push(first);
    let found = builders::store(storage, hall.scope(), |tx| {
        tx.step_meetings().find(grievance.id, written.id)
    });
    assert_eq!(found.as_ref(), Some(&written));
    let stale = storage.transaction(hall.scope(), |tx| tx.step_meetings().update(&written));
    assert!(matches!(stale, Err(StorageError::Stale)));
}

#[test]
fn a_signed_statement_is_changed_by_nobody() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local");
    let grievance = filed(storage, &hall);
    let meeting = meeting(&hall, &grievance, 1);
    let draft = statement(false);
    builders::store(storage, hall.scope(), |tx| {
        tx.step_meetings().insert(&meeting)?;
        tx.step_meetings().insert_statement(meeting.id, &draft)
    });
    let signed = Statement {
        signature: Some(Signature {
            at: builders::now(),
            by: Some(hall.steward.id),
        }),
        ..draft.clone()
    };
    builders::store(storage, hall.scope(), |tx| {
        tx.step_meetings().update_statement(&signed)
    });
    for after in [draft, signed] {
        let refused = storage.transaction(hall.scope(), |tx| {
            tx.step_meetings().update_statement(&after)
        });
        assert!(matches!(refused, Err(StorageError::Stale)));
    }
}

#[test]
fn meetings_are_listed_in_pages_by_when_they_begin() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local");
    let grievance = filed(storage, &hall);
    for hours in [3, 1, 2] {
        let meeting = meeting(&hall, &grievance, hours);
        builders::store(storage, hall.scope(), |tx| {
            tx.step_meetings().insert(&meeting)
        });
    }
    let page = |after| PageRequest {
        limit: 2,
        after,
        sort: StepMeetingSort::Start,
        direction: Direction::Descending,
        with_total: true,
    };
    let list = |after| {
        builders::store(storage, hall.scope(), |tx| {
            tx.step_meetings().list(grievance.id, &page(after))
        })
    };
    let first = list(None);
    assert_eq!((first.items.len(), first.total), (2, Some(3)));
    let second = list(first.next);
    assert_eq!(second.items.len(), 1);
    assert_eq!(second.next, None);
    let starts = second.items[0].agenda.starts_at;
    assert_eq!(starts, builders::now() + SignedDuration::from_hours(1));
}

#[test]
fn a_user_of_nowhere_attends_nothing() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local");
    let grievance = filed(storage, &hall);
    let mut meeting = meeting(&hall, &grievance, 1);
    meeting.agenda.attendees[0].user = Some(builders::fresh_id());
    let refused = storage.transaction(hall.scope(), |tx| tx.step_meetings().insert(&meeting));
    assert!(matches!(
        refused,
        Err(StorageError::Constraint { name }) if name == "step_meeting_attendees_user_fkey"
    ));
}
