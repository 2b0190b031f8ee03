//! Contract of the log of how the union represented somebody.

use diesel::{RunQueryDsl, sql_query};
use jiff::{SignedDuration, civil::date};
use unionhall_domain::{
    grievances::{Grievance, Step},
    representation_log::{
        Channel, Contact, Decision, DecisionKind, Direction as Towards, LogContent, LogEntry,
        LogEntryKind,
    },
    text::Prose,
};
use unionhall_ports::{
    pages::{Direction, PageRequest},
    representation_log::LogSort,
    unit_of_work::UnitOfWork,
};
use unionhall_testing::{TestDatabase, builders};

use crate::{connect, grievances::Hall};

fn filed(storage: &dyn UnitOfWork, hall: &Hall) -> Grievance {
    let grievance = hall.grievance(2026, 1);
    builders::store(storage, hall.scope(), |tx| {
        tx.grievances().insert(&grievance)
    });
    grievance
}

fn entry(hall: &Hall, grievance: &Grievance, minutes: i64, content: LogContent) -> LogEntry {
    LogEntry {
        id: builders::fresh_id(),
        grievance: grievance.id,
        content,
        corrects: None,
        recorded_by: Some(hall.steward.id),
        recorded_at: builders::now() + SignedDuration::from_mins(minutes),
    }
}

fn contact() -> LogContent {
    LogContent::Contact(Contact {
        at: builders::now(),
        channel: Channel::Phone,
        direction: Towards::Attempted,
        by: builders::line("A. Voltz"),
        said: Prose::parse("Nobody answered.").unwrap(),
        sent: None,
    })
}

fn decision() -> LogContent {
    LogContent::Decision(Decision {
        on: date(2026, 3, 2),
        kind: DecisionKind::NotAdvancing,
        step: Step::Step2,
        reason: Prose::parse("Two awards went the other way.").unwrap(),
    })
}

#[test]
fn entries_are_found_and_listed_as_they_were_written_of_one_kind_or_both() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local");
    let grievance = filed(storage, &hall);
    let first = entry(&hall, &grievance, 1, contact());
    let second = entry(&hall, &grievance, 2, decision());
    let third = LogEntry {
        corrects: Some(first.id),
        ..entry(&hall, &grievance, 3, contact())
    };
    for entry in [&first, &second, &third] {
        builders::store(storage, hall.scope(), |tx| {
            tx.representation_log().insert(entry)
        });
    }
    let list = |kind, after| {
        let page = PageRequest {
            limit: 2,
            after,
            sort: LogSort::Recorded,
            direction: Direction::Ascending,
            with_total: true,
        };
        builders::store(storage, hall.scope(), |tx| {
            tx.representation_log().list(grievance.id, kind, &page)
        })
    };
    let page = list(None, None);
    assert_eq!(
        (page.items.as_slice(), page.total),
        (&[first.clone(), second.clone()][..], Some(3))
    );
    assert_eq!(list(None, page.next).items, std::slice::from_ref(&third));
    assert_eq!(
        list(Some(LogEntryKind::Contact), None).items,
        [first.clone(), third]
    );
    assert_eq!(list(Some(LogEntryKind::Decision), None).items, [second]);
    let found = builders::store(storage, hall.scope(), |tx| {
        tx.representation_log().find(grievance.id, first.id)
    });
    assert_eq!(found, Some(first));
}

#[test]
fn the_program_can_neither_change_nor_remove_an_entry() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local");
    let grievance = filed(storage, &hall);
    let entry = entry(&hall, &grievance, 1, contact());
    builders::store(storage, hall.scope(), |tx| {
        tx.representation_log().insert(&entry)
    });
    let mut connection = connect(&database.runtime_url());
    for statement in [
        "update representation_log set words = 'Else.'",
        "delete from representation_log",
    ] {
        let refused = sql_query(statement).execute(&mut connection).unwrap_err();
        assert!(
            refused.to_string().contains("permission denied"),
            "{refused}"
        );
    }
}
