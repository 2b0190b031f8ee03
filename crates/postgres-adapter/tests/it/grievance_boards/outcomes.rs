//! What counts as settled, won and given up: each case alone in its hall, with all the others beside it.

use jiff::{SignedDuration, Timestamp, civil::date};
use unionhall_domain::{
    grievance_boards::{Grouping, Period},
    grievances::{Grievance, Meeting, Outcome, Progress, Settlement, State, Step, StepRecord},
    money::Amount,
    obligations::{Obligation, ObligationState, Terms},
    representation_log::{Decision, DecisionKind, LogContent, LogEntry},
    step_meetings::Party,
    text::Prose,
    version::Version,
};
use unionhall_ports::unit_of_work::UnitOfWork;
use unionhall_testing::{
    TestDatabase,
    builders::{self, now, store},
};

use crate::grievances::Hall;

/// What is recorded of a case, in minutes.
enum Then {
    Met(i64, Step, Outcome),
    Owed(i64, Party, ObligationState),
    Decided(i64, DecisionKind),
}

/// What it is, where it stands, what was recorded, and how often it is settled, won and withdrawn.
type Case = (&'static str, State, Vec<Then>, [u64; 3]);

fn prose<const MAX: usize>(text: &str) -> Prose<MAX> {
    Prose::parse(text).unwrap()
}

fn agreed(amount: Option<i64>) -> Settlement {
    Settlement {
        resolution: prose("Paid."),
        date: date(2026, 3, 9),
        amount: amount.map(|minor| Amount::from_minor(minor).unwrap()),
    }
}

fn minute(minute: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minute)
}

fn settled(at: i64) -> Then {
    Then::Met(at, Step::Step1, Outcome::Settled(agreed(None)))
}

fn owed(at: i64) -> Then {
    Then::Owed(at, Party::Employer, ObligationState::Open)
}

fn agreements() -> Vec<Case> {
    let for_nothing = || State::Settled(agreed(None));
    let waived = ObligationState::Waived(date(2026, 3, 9), prose("Not needed."));
    let filed_away = State::Closed(prose("Done."), Some(agreed(None)));
    vec![
        (
            "settled for nothing",
            for_nothing(),
            vec![settled(1)],
            [1, 0, 0],
        ),
        (
            "nothing paid",
            State::Settled(agreed(Some(0))),
            vec![settled(1)],
            [1, 0, 0],
        ),
        (
            "paid",
            State::Settled(agreed(Some(1))),
            vec![settled(1)],
            [1, 1, 0],
        ),
        (
            "owed at once",
            for_nothing(),
            vec![settled(1), owed(1)],
            [1, 1, 0],
        ),
        ("owed by no step", for_nothing(), vec![owed(1)], [1, 1, 0]),
        (
            "waived",
            for_nothing(),
            vec![settled(1), Then::Owed(2, Party::Employer, waived)],
            [1, 0, 0],
        ),
        (
            "owed by the union",
            for_nothing(),
            vec![
                settled(1),
                Then::Owed(2, Party::Union, ObligationState::Open),
            ],
            [1, 0, 0],
        ),
        (
            "owed by a settlement that was taken back",
            for_nothing(),
            vec![settled(1), owed(2), settled(5)],
            [1, 0, 0],
        ),
        (
            "reopened",
            State::Open,
            vec![settled(1), owed(2)],
            [0, 0, 0],
        ),
        ("closed", filed_away, vec![settled(1), owed(2)], [1, 1, 0]),
    ]
}

fn given_up() -> Vec<Case> {
    use DecisionKind::{Closing, NotAdvancing, Withdrawing};
    let withdrawn = || State::Withdrawn(prose("Given up."));
    let closed = || State::Closed(prose("Done."), None);
    let denied = |at, step| Then::Met(at, step, Outcome::Denied);
    vec![
        (
            "withdrawn",
            withdrawn(),
            vec![Then::Decided(1, Withdrawing)],
            [0, 0, 1],
        ),
        (
            "withdrawn twice",
            withdrawn(),
            vec![Then::Decided(1, Withdrawing), Then::Decided(2, Withdrawing)],
            [0, 0, 1],
        ),
        (
            "not advanced",
            closed(),
            vec![denied(1, Step::Step2), Then::Decided(2, NotAdvancing)],
            [0, 0, 1],
        ),
        (
            "filed away",
            closed(),
            vec![Then::Decided(1, Closing)],
            [0, 0, 0],
        ),
        (
            "alive again",
            State::Open,
            vec![Then::Decided(1, Withdrawing)],
            [0, 0, 0],
        ),
        (
            "went on",
            closed(),
            vec![Then::Decided(1, NotAdvancing), denied(2, Step::Step3)],
            [0, 0, 0],
        ),
        (
            "went on and lost",
            closed(),
            vec![Then::Decided(1, NotAdvancing), denied(2, Step::Arbitration)],
            [0, 0, 0],
        ),
        (
            "lost in arbitration",
            closed(),
            vec![denied(1, Step::Arbitration), Then::Decided(2, NotAdvancing)],
            [0, 0, 0],
        ),
    ]
}

fn record(storage: &dyn UnitOfWork, hall: &Hall, of: &Grievance, then: Then) {
    let grievance = of.id;
    store(storage, hall.scope(), |tx| match then {
        Then::Met(at, step, outcome) => tx.grievances().insert_step(&StepRecord {
            id: builders::fresh_id(),
            grievance,
            step,
            meeting: Meeting {
                date: date(2026, 3, 9),
                union_attendees: None,
                employer_attendees: None,
                notes: None,
            },
            outcome,
            created_at: minute(at),
        }),
        Then::Owed(at, owed_by, state) => tx.obligations().insert(&Obligation {
            id: builders::fresh_id(),
            grievance,
            terms: Terms {
                what: prose("Pay sixteen hours."),
                owed_by,
                owed_to: None,
                due_on: date(2026, 3, 30),
                amount: None,
            },
            state,
            version: Version::FIRST,
            created_at: minute(at),
            updated_at: minute(at),
        }),
        Then::Decided(at, kind) => tx.representation_log().insert(&LogEntry {
            id: builders::fresh_id(),
            grievance,
            content: LogContent::Decision(Decision {
                on: date(2026, 3, 10),
                kind,
                step: Step::Step2,
                reason: prose("Two awards went the other way."),
            }),
            corrects: None,
            recorded_by: Some(hall.steward.id),
            recorded_at: minute(at),
        }),
    });
}

#[test]
fn what_came_of_a_case_is_what_stands_in_its_hall_alone() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let mut halls = Vec::new();
    for (place, (what, state, records, expected)) in
        agreements().into_iter().chain(given_up()).enumerate()
    {
        let hall = Hall::new(storage, &format!("local-{place}"));
        let case = Grievance {
            progress: Progress {
                state,
                ..Progress::FILED
            },
            ..hall.grievance(2026, 1)
        };
        // A deleted one with the same state counts for nothing.
        let deleted = Grievance {
            id: builders::fresh_id(),
            deleted_at: Some(now()),
            progress: case.progress.clone(),
            ..hall.grievance(2026, 2)
        };
        for grievance in [&case, &deleted] {
            store(storage, hall.scope(), |tx| {
                tx.grievances().insert(grievance)
            });
        }
        for then in records {
            record(storage, &hall, &case, then);
        }
        halls.push((what, hall, expected));
    }
    let period = Period::new(
        Some(date(2026, 1, 1)),
        Some(date(2026, 12, 31)),
        date(2026, 12, 31),
    );
    let period = period.unwrap();
    for (what, hall, expected) in halls {
        let total = store(storage, hall.scope(), |tx| {
            tx.grievance_boards().statistics(period, Grouping::Month)
        })
        .total;
        assert_eq!(total.filed, 1, "{what}");
        assert_eq!(
            [total.settled, total.won, total.withdrawn],
            expected,
            "{what}"
        );
    }
}
