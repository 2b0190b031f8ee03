//! Grievances and their meetings are found and written.

use jiff::{ToSpan, civil::date};
use unionhall_domain::grievances::{
    Answer, Grievance, Meeting, Outcome, Progress, State, Step, StepRecord, places,
};
use unionhall_ports::{
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::{TestDatabase, builders};

use super::{Hall, number, prose, settlement};

fn insert(
    storage: &dyn UnitOfWork,
    scope: Scope,
    grievance: &Grievance,
) -> Result<(), StorageError> {
    storage.transaction(scope, |tx| tx.grievances().insert(grievance))
}

fn update(
    storage: &dyn UnitOfWork,
    scope: Scope,
    grievance: &Grievance,
) -> Result<(), StorageError> {
    storage.transaction(scope, |tx| tx.grievances().update(grievance))
}

fn find(storage: &dyn UnitOfWork, scope: Scope, grievance: &Grievance) -> Option<Grievance> {
    storage
        .read(scope, |tx| tx.grievances().find(grievance.id))
        .unwrap_or_else(|error: StorageError| panic!("{error:?}"))
}

fn next(grievance: &Grievance) -> Grievance {
    Grievance {
        version: grievance.version.next(),
        ..grievance.clone()
    }
}

fn meeting(grievance: &Grievance, day: i8, outcome: Outcome) -> StepRecord {
    StepRecord {
        id: builders::fresh_id(),
        grievance: grievance.id,
        step: Step::Step1,
        meeting: Meeting {
            date: date(2026, 3, day),
            union_attendees: None,
            employer_attendees: None,
            notes: None,
        },
        outcome,
        created_at: builders::now(),
    }
}

#[test]
fn a_grievance_comes_back_as_it_was_by_id_and_by_number() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let (whole, plain) = (hall.whole_grievance(2026, 1), hall.grievance(2026, 12_345));
    insert(storage, hall.scope(), &whole).unwrap();
    insert(storage, hall.scope(), &plain).unwrap();
    let found = storage.snapshot(hall.scope(), |tx| {
        let grievances = tx.grievances();
        Ok::<_, StorageError>((
            grievances.find(whole.id)?,
            grievances.find(plain.id)?,
            grievances.find_by_number(number(2026, 1))?,
            grievances.find_by_number(number(2025, 1))?,
            grievances.find(builders::fresh_id())?,
        ))
    });
    let expected = (Some(whole.clone()), Some(plain), Some(whole), None, None);
    assert_eq!(found.unwrap(), expected);
}

#[test]
fn every_place_of_the_ladder_can_be_stored_and_comes_back() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let mut grievance = hall.grievance(2026, 1);
    insert(storage, hall.scope(), &grievance).unwrap();
    let settled = [
        settlement(None),
        settlement(Some(0)),
        settlement(Some(999_999_999_999)),
    ];
    for place in places() {
        for settlement in settled.clone() {
            // The table's own settlement is of year 0; a stored one is not before the filing.
            let state = match place.state.clone() {
                State::Settled(_) => State::Settled(settlement),
                State::Closed(reason, Some(_)) => State::Closed(reason, Some(settlement)),
                state => state,
            };
            grievance = next(&grievance);
            grievance.progress = Progress {
                state,
                ..place.clone()
            };
            update(storage, hall.scope(), &grievance).unwrap();
            assert_eq!(
                find(storage, hall.scope(), &grievance).as_ref(),
                Some(&grievance)
            );
        }
    }
    grievance = next(&grievance);
    grievance.progress = Progress {
        state: State::Closed(prose("The union withdrew it."), None),
        ..Progress::FILED
    };
    update(storage, hall.scope(), &grievance).unwrap();
    assert_eq!(
        find(storage, hall.scope(), &grievance).as_ref(),
        Some(&grievance)
    );
}

#[test]
fn the_database_refuses_a_step_that_contradicts_the_status() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    for (step, state) in [
        (Step::Arbitration, State::Open),
        (Step::Arbitration, State::Hearing),
        (Step::Step3, State::Arbitration),
    ] {
        let mut grievance = hall.grievance(2026, 1);
        grievance.progress = Progress {
            step,
            answer: Answer::Pending,
            state,
        };
        let refused = insert(storage, hall.scope(), &grievance);
        assert!(
            matches!(&refused, Err(StorageError::Constraint { name }) if name == "grievances_progress_check"),
            "{refused:?}"
        );
    }
}

#[test]
fn the_database_refuses_what_the_program_would_never_write() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    insert(storage, hall.scope(), &hall.grievance(2026, 1)).unwrap();
    for (assignment, constraint) in [
        ("status = 'lost'", "grievances_status_check"),
        ("current_step = 'step_4'", "grievances_current_step_check"),
        (
            "employer_answer = 'maybe'",
            "grievances_employer_answer_check",
        ),
        ("status = 'settled'", "grievances_settlement_check"),
        ("resolution = 'Paid.'", "grievances_settlement_check"),
        ("settlement_amount = 1", "grievances_settlement_check"),
        (
            "status = 'closed', status_reason = 'x', resolution = 'x'",
            "grievances_settlement_check",
        ),
        ("status = 'withdrawn'", "grievances_reason_check"),
        ("status_reason = 'Lost'", "grievances_reason_check"),
        (
            "status = 'settled', resolution = 'x', resolution_date = '2026-03-09', settlement_amount = -1",
            "grievances_settlement_amount_check",
        ),
        (
            "status = 'settled', resolution = 'x', resolution_date = '2026-03-01'",
            "grievances_resolution_date_check",
        ),
        (
            "incident_date = '2026-03-03'",
            "grievances_incident_date_check",
        ),
        (
            "violation_description = ''",
            "grievances_violation_description_check",
        ),
        ("place = 0", "grievances_number_check"),
    ] {
        database.execute(&format!(
            "do $$ declare refused text; begin \
                 begin update grievances set {assignment}; \
                 exception when check_violation then get stacked diagnostics refused = constraint_name; end; \
                 if refused is distinct from '{constraint}' then raise exception '%', refused; end if; \
             end $$"
        ));
    }
}

#[test]
fn a_party_of_another_tenant_is_named() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let other = Hall::new(storage, "local-47");
    let table = [
        (
            Grievance {
                member: other.member.id,
                ..hall.grievance(2026, 1)
            },
            "grievances_member_fkey",
        ),
        (
            Grievance {
                employer: other.employer.id,
                ..hall.grievance(2026, 1)
            },
            "grievances_employer_fkey",
        ),
        (
            {
                let mut grievance = hall.grievance(2026, 1);
                grievance.claim.assigned_representative = Some(other.steward.id);
                grievance
            },
            "grievances_representative_fkey",
        ),
    ];
    let stored = hall.grievance(2026, 2);
    insert(storage, hall.scope(), &stored).unwrap();
    for (grievance, constraint) in table {
        let changed = Grievance {
            id: stored.id,
            number: stored.number,
            ..next(&grievance)
        };
        for refused in [
            insert(storage, hall.scope(), &grievance),
            update(storage, hall.scope(), &changed),
        ] {
            assert!(
                matches!(&refused, Err(StorageError::Constraint { name }) if name == constraint),
                "{refused:?}"
            );
        }
    }
}

#[test]
fn a_taken_number_is_named() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    insert(storage, hall.scope(), &hall.grievance(2026, 1)).unwrap();
    let taken = insert(storage, hall.scope(), &hall.grievance(2026, 1));
    assert!(
        matches!(taken, Err(StorageError::Constraint { name }) if name == "grievances_number_key")
    );
}

#[test]
fn an_update_writes_every_field_and_the_second_of_two_is_stale() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let plain = hall.grievance(2026, 1);
    insert(storage, hall.scope(), &plain).unwrap();
    let whole = Grievance {
        id: plain.id,
        ..next(&hall.whole_grievance(2026, 1))
    };
    update(storage, hall.scope(), &whole).unwrap();
    assert_eq!(find(storage, hall.scope(), &plain), Some(whole.clone()));
    let stale = update(storage, hall.scope(), &next(&plain));
    assert!(matches!(stale, Err(StorageError::Stale)));
    let cleared = Grievance {
        version: whole.version.next(),
        ..plain
    };
    update(storage, hall.scope(), &cleared).unwrap();
    assert_eq!(find(storage, hall.scope(), &cleared), Some(cleared));
}

#[test]
fn a_deleted_grievance_is_found_as_such_and_in_no_other_way() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let grievance = hall.grievance(2026, 1);
    insert(storage, hall.scope(), &grievance).unwrap();
    let deleted = Grievance {
        deleted_at: Some(builders::now()),
        ..next(&grievance)
    };
    let look = || {
        storage
            .snapshot(hall.scope(), |tx| {
                let grievances = tx.grievances();
                Ok::<_, StorageError>((
                    grievances.find(grievance.id)?,
                    grievances.find_by_number(grievance.number)?,
                    grievances.find_deleted(grievance.id)?,
                ))
            })
            .unwrap()
    };
    let found = Some(grievance.clone());
    assert_eq!(look(), (found.clone(), found, None));
    update(storage, hall.scope(), &deleted).unwrap();
    assert_eq!(look(), (None, None, Some(deleted)));
}

#[test]
fn another_tenants_grievance_is_as_unknown_as_one_that_never_was() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let other = Hall::new(storage, "local-47");
    let theirs = other.grievance(2026, 1);
    insert(storage, other.scope(), &theirs).unwrap();
    let record = meeting(&theirs, 3, Outcome::Denied);
    builders::store(storage, other.scope(), |tx| {
        tx.grievances().insert_step(&record)
    });
    let found = storage.snapshot(hall.scope(), |tx| {
        let grievances = tx.grievances();
        Ok::<_, StorageError>((
            grievances.find(theirs.id)?,
            grievances.find_by_number(theirs.number)?,
            grievances.steps(theirs.id)?,
            grievances.numbers_of_member(theirs.member)?,
            grievances.numbers_against(theirs.employer)?,
        ))
    });
    assert_eq!(found.unwrap(), (None, None, vec![], vec![], vec![]));
    let stolen = update(
        storage,
        hall.scope(),
        &next(&Grievance {
            id: theirs.id,
            ..hall.grievance(2026, 1)
        }),
    );
    assert!(matches!(stolen, Err(StorageError::Stale)));
    let strange = storage.transaction(hall.scope(), |tx| {
        tx.grievances()
            .insert_step(&meeting(&theirs, 4, Outcome::Denied))
    });
    assert!(
        matches!(strange, Err(StorageError::Constraint { name }) if name == "grievance_steps_grievance_fkey")
    );
}

#[test]
fn meetings_come_back_as_they_were_earliest_first() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let grievance = hall.grievance(2026, 1);
    insert(storage, hall.scope(), &grievance).unwrap();
    let mut first = meeting(&grievance, 3, Outcome::Denied);
    first.meeting = Meeting {
        union_attendees: Some(prose("Ada Okafor\nBo Li")),
        employer_attendees: Some(prose("Cy Xi")),
        notes: Some(prose("Short.")),
        ..first.meeting
    };
    let mut later_that_day = meeting(&grievance, 3, Outcome::Advanced);
    later_that_day.created_at = builders::now() + 1.microsecond();
    let mut last = meeting(&grievance, 9, Outcome::Settled(settlement(Some(125_000))));
    last.step = Step::Arbitration;
    last.created_at = builders::now() - 1.hour();
    for record in [&last, &later_that_day, &first] {
        builders::store(storage, hall.scope(), |tx| {
            tx.grievances().insert_step(record)
        });
    }
    let steps = storage.read(hall.scope(), |tx| tx.grievances().steps(grievance.id));
    assert_eq!(
        steps.unwrap_or_else(|error: StorageError| panic!("{error:?}")),
        [first, later_that_day, last]
    );
}

#[test]
fn a_meeting_once_recorded_is_not_changed() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let grievance = hall.grievance(2026, 1);
    insert(storage, hall.scope(), &grievance).unwrap();
    builders::store(storage, hall.scope(), |tx| {
        tx.grievances()
            .insert_step(&meeting(&grievance, 3, Outcome::Denied))
    });
    for statement in [
        "update grievance_steps set outcome = 'advanced'",
        "delete from grievance_steps",
        "delete from grievances",
        "delete from members",
        "delete from organizations",
    ] {
        let refused = unionhall_postgres_adapter::migrate::execute(
            &database.runtime_url(),
            &format!("set default_transaction_read_only = off; {statement}"),
        );
        let text = format!("{:?}", refused.unwrap_err());
        assert!(text.contains("permission denied"), "{text}");
    }
}

#[test]
fn the_first_twenty_numbers_of_a_member_and_against_an_employer_are_told() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    for place in (1..=22).rev() {
        let mut grievance = hall.grievance(if place < 3 { 2025 } else { 2026 }, place);
        if place == 4 {
            grievance.deleted_at = Some(builders::now());
        }
        insert(storage, hall.scope(), &grievance).unwrap();
    }
    let expected: Vec<_> = (1..=21)
        .filter(|place| *place != 4)
        .map(|place| number(if place < 3 { 2025 } else { 2026 }, place))
        .collect();
    let told = storage.snapshot(hall.scope(), |tx| {
        let grievances = tx.grievances();
        Ok::<_, StorageError>((
            grievances.numbers_of_member(hall.member.id)?,
            grievances.numbers_against(hall.employer.id)?,
            grievances.numbers_of_member(builders::fresh_id())?,
        ))
    });
    assert_eq!(told.unwrap(), (expected.clone(), expected, vec![]));
}
