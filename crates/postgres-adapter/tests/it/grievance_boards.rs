//! Contract of the boards over all grievances.

mod outcomes;

use diesel::{RunQueryDsl, sql_types::Text};
use jiff::{
    ToSpan,
    civil::{Date, date},
};
use unionhall_domain::{
    grievance_boards::{DueKind, Grouping, Period, Week},
    grievances::{Grievance, Meeting, Outcome, Progress, State, Step, StepRecord},
    tenants::ZoneName,
};
use unionhall_ports::{
    grievance_boards::{DueFilter, DueSort, LoadSort},
    pages::{Cursor, Direction, PageRequest},
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::{
    TestDatabase,
    builders::{self, store},
};

use crate::{connect, deadlines, grievances::Hall};

#[diesel::declare_sql_function]
extern "SQL" {
    /// The zone, or UTC where the server does not know it.
    fn zone_or_utc(zone: Text) -> Text;
}

fn zone() -> ZoneName {
    ZoneName::parse("America/Los_Angeles").unwrap()
}

fn page<S: Default>(after: Option<Cursor>, direction: Direction) -> PageRequest<S> {
    PageRequest {
        limit: 1,
        after,
        sort: S::default(),
        direction,
        with_total: true,
    }
}

fn insert(storage: &dyn UnitOfWork, hall: &Hall, grievance: &Grievance) {
    store(storage, hall.scope(), |tx| {
        tx.grievances().insert(grievance)
    });
}

fn record(storage: &dyn UnitOfWork, hall: &Hall, of: &Grievance, step: Step, day: Date) {
    let record = StepRecord {
        id: builders::fresh_id(),
        grievance: of.id,
        step,
        meeting: Meeting {
            date: day,
            union_attendees: None,
            employer_attendees: None,
            notes: None,
        },
        outcome: Outcome::Denied,
        created_at: builders::now(),
    };
    store(storage, hall.scope(), |tx| {
        tx.grievances().insert_step(&record)
    });
}

#[test]
fn behind_a_place_that_no_board_gave_out_lies_nothing() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local");
    insert(storage, &hall, &hall.grievance(2026, 1));
    let week = Week::from(date(2026, 11, 21));
    let forged = |key: &str| {
        let id = hall.member.id.uuid();
        let key = key.to_owned();
        Some(Cursor { key, id })
    };
    for key in ["-9223372036854775808", "-1", "x"] {
        for direction in [Direction::Ascending, Direction::Descending] {
            let loads = store(storage, hall.scope(), |tx| {
                let page = page::<LoadSort>(forged(key), direction);
                tx.grievance_boards().by_employer(week, &zone(), &page)
            });
            assert_eq!(loads.items.len(), 0, "{key}");
        }
    }
    for key in ["-009999-01-01", "0000-01-01"] {
        let due = store(storage, hall.scope(), |tx| {
            let page = page::<DueSort>(forged(key), Direction::Ascending);
            tx.grievance_boards()
                .due(week, &zone(), &DueFilter::default(), &page)
        });
        assert_eq!(due.items.len(), 0, "{key}");
    }
}

#[test]
fn a_zone_that_the_server_does_not_know_has_the_days_of_greenwich() {
    let database = TestDatabase::new();
    let mut owner = connect(&database.owner_url());
    for (zone, expected) in [
        ("America/Los_Angeles", "America/Los_Angeles"),
        ("Etc/Unknown", "UTC"),
        ("Mars/Base", "UTC"),
    ] {
        let found = diesel::select(zone_or_utc(zone)).get_result::<String>(&mut owner);
        assert_eq!(found.unwrap(), expected);
    }
}

#[test]
fn every_step_is_there_with_what_is_alive_on_it_and_nothing_deleted() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local");
    insert(storage, &hall, &hall.grievance(2026, 1));
    let second = Grievance {
        filed_date: date(2026, 2, 1),
        progress: Progress {
            state: State::Investigation,
            ..Progress::FILED
        },
        ..hall.grievance(2026, 2)
    };
    insert(storage, &hall, &second);
    let gone = Grievance {
        deleted_at: Some(builders::now()),
        ..hall.grievance(2026, 3)
    };
    insert(storage, &hall, &gone);
    let steps = store(storage, hall.scope(), |tx| tx.grievance_boards().by_step());
    let rows: Vec<_> = steps
        .iter()
        .map(|load| (load.step, load.open, load.oldest_filed))
        .collect();
    let expected = [
        (Step::Step1, 2, Some(date(2026, 2, 1))),
        (Step::Step2, 0, None),
        (Step::Step3, 0, None),
        (Step::Arbitration, 0, None),
    ];
    assert_eq!(rows, expected);
}

#[test]
fn loads_go_from_page_to_page_in_either_order_and_nobody_is_one_of_them() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local");
    for place in 1..=3 {
        let mut grievance = hall.grievance(2026, place);
        grievance.claim.assigned_representative = (place > 1).then_some(hall.steward.id);
        insert(storage, &hall, &grievance);
    }
    let week = Week::from(date(2026, 11, 21));
    let load = |direction, after| {
        store(storage, hall.scope(), |tx| {
            let page = page::<LoadSort>(after, direction);
            tx.grievance_boards()
                .by_representative(week, &zone(), &page)
        })
    };
    let (most, least) = ((Some(hall.steward.id), 2), (None, 1));
    for (direction, expected) in [
        (Direction::Descending, [most, least]),
        (Direction::Ascending, [least, most]),
    ] {
        let first = load(direction, None);
        let second = load(direction, first.next.clone());
        assert_eq!((first.total, second.next), (Some(2), None));
        let found: Vec<_> = first
            .items
            .iter()
            .chain(&second.items)
            .map(|load| (load.of, load.open))
            .collect();
        assert_eq!(found, expected);
    }
    let employers = store(storage, hall.scope(), |tx| {
        let page = page::<LoadSort>(None, Direction::Descending);
        tx.grievance_boards().by_employer(week, &zone(), &page)
    });
    assert_eq!(employers.items[0].of, hall.employer.id);
    assert_eq!(employers.items[0].open, 3);
}

#[test]
fn deadlines_that_run_are_due_with_what_else_waits() {
    let hall = deadlines::Hall::new();
    let storage = &*hall.database.unit_of_work();
    let scope = Scope::Tenant(hall.tenant);
    // Ten working days and three more by mail, from either Monday.
    let (first, second) = (
        hall.deadline(0, date(2026, 10, 5)),
        hall.deadline(1, date(2026, 10, 12)),
    );
    store(storage, scope, |tx| {
        tx.deadlines().insert(&[second.clone(), first.clone()])
    });
    let due = |today, direction, after| {
        store(storage, scope, |tx| {
            let page = page::<DueSort>(after, direction);
            tx.grievance_boards()
                .due(Week::from(today), &zone(), &DueFilter::default(), &page)
        })
    };
    let early = due(first.due() - 6.days(), Direction::Ascending, None);
    assert_eq!((early.items.len(), early.total), (1, Some(1)));
    let page = due(second.due(), Direction::Ascending, None);
    let item = &page.items[0];
    assert_eq!((item.kind, item.id), (DueKind::Deadline, first.id.uuid()));
    assert_eq!(item.about, "employer: answer");
    let rest = due(second.due(), Direction::Ascending, page.next);
    assert_eq!(rest.items[0].due_on, second.due());
    let last = due(second.due(), Direction::Descending, None);
    assert_eq!(last.items[0].id, second.id.uuid());
    let loads = store(storage, scope, |tx| {
        let page = super::grievance_boards::page::<LoadSort>(None, Direction::Descending);
        let week = Week::from(second.due());
        tx.grievance_boards().by_employer(week, &zone(), &page)
    });
    let load = &loads.items[0];
    assert_eq!((load.open, load.due_this_week, load.overdue), (2, 1, 1));
}

#[test]
fn days_on_a_step_run_from_the_filing_or_the_last_meeting_on_the_step_before() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local");
    // Both were filed on March 2.
    let cases = [hall.grievance(2026, 1), hall.grievance(2026, 2)];
    for case in &cases {
        insert(storage, &hall, case);
    }
    for (case, step, day) in [
        (0, Step::Step1, date(2026, 3, 5)),
        (0, Step::Step1, date(2026, 3, 12)),
        (0, Step::Step2, date(2026, 4, 1)),
        (1, Step::Step1, date(2026, 3, 7)),
        // Written down for a day before the step before it ended.
        (1, Step::Step2, date(2026, 3, 4)),
    ] {
        record(storage, &hall, &cases[case], step, day);
    }
    let statistics = |from, until| {
        let period = Period::new(Some(from), Some(until), until).unwrap();
        store(storage, hall.scope(), |tx| {
            tx.grievance_boards().statistics(period, Grouping::Month)
        })
    };
    let days: Vec<_> = statistics(date(2026, 1, 1), date(2026, 12, 31))
        .days_per_step
        .iter()
        .map(|step| (step.cases, step.average_tenths))
        .collect();
    assert_eq!(days, [(2, Some(75)), (2, Some(100)), (0, None), (0, None)]);
    let lately = Grievance {
        filed_date: date(2026, 5, 4),
        ..hall.grievance(2026, 3)
    };
    insert(storage, &hall, &lately);
    let groups = statistics(date(2026, 1, 1), date(2026, 12, 31)).groups;
    let months: Vec<_> = groups
        .iter()
        .map(|group| (group.group.as_deref(), group.outcomes.filed))
        .collect();
    assert_eq!(months, [(Some("2026-05"), 1), (Some("2026-03"), 2)]);
    // Of the first case, only the second step ended in April; it still began with the meeting in March.
    let april = statistics(date(2026, 4, 1), date(2026, 4, 30));
    let days: Vec<_> = april
        .days_per_step
        .iter()
        .map(|step| (step.cases, step.average_tenths))
        .collect();
    assert_eq!(days, [(0, None), (1, Some(200)), (0, None), (0, None)]);
    assert_eq!(april.total.filed, 0);
}
