//! Applications: every place they can be in, numbers without gaps, versions, tenants.

use std::{collections::BTreeSet, thread};

use jiff::civil::date;
use unionhall_domain::benevolence::{
    Award, BenevolenceApplication, BenevolenceNumber, Climb, State, places,
};
use unionhall_ports::{
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_postgres_adapter::{PgUnitOfWork, PoolConfig};
use unionhall_testing::{TestDatabase, builders};

use super::{DAY, Hall, awarded, cents, store, under_review};

/// A place as it is stored of a request of 600.00.
fn of_the_request(place: State) -> State {
    let higher = |climb: Climb| Climb::restore(cents(60_000), climb.level(), climb.last()).unwrap();
    match place {
        State::Submitted(climb) => State::Submitted(higher(climb)),
        State::UnderReview(climb) => State::UnderReview(higher(climb)),
        State::NeedsInfo(climb, question) => State::NeedsInfo(higher(climb), question),
        State::Awarded(award) => {
            State::Awarded(Award::restore(award.amount(), award.paid(), DAY).unwrap())
        }
        State::Draft | State::Denied(_) | State::Withdrawn(_) => place,
    }
}

#[test]
fn an_application_is_found_as_it_was_written_wherever_it_stands() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let applications: Vec<_> = (1..)
        .zip(places())
        .map(|(number, place)| hall.standing(number, of_the_request(place)))
        .collect();
    store(storage, &hall, &applications);
    builders::store(storage, hall.scope(), |tx| {
        for one in &applications {
            assert_eq!(tx.benevolence().find(one.id)?.as_ref(), Some(one));
            let by_number = tx.benevolence().find_by_number(one.number)?;
            assert_eq!(by_number.as_ref(), Some(one));
            assert_eq!(tx.benevolence().find_deleted(one.id)?, None);
        }
        Ok(())
    });
}

#[test]
fn a_move_is_written_once_and_leaves_nothing_of_the_place_before() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let before = hall.draft(1);
    store(storage, &hall, std::slice::from_ref(&before));
    let mut known = before;
    let moves = places().into_iter().map(of_the_request);
    for place in moves.chain([State::Draft]) {
        let after = BenevolenceApplication {
            state: place,
            notes: None,
            version: known.version.next(),
            ..known.clone()
        };
        builders::store(storage, hall.scope(), |tx| tx.benevolence().update(&after));
        let found = builders::store(storage, hall.scope(), |tx| tx.benevolence().find(after.id));
        assert_eq!(found.as_ref(), Some(&after));
        let again = storage.transaction(hall.scope(), |tx| tx.benevolence().update(&after));
        assert!(matches!(again, Err(StorageError::Stale)));
        known = after;
    }
}

#[test]
fn a_deleted_draft_is_found_as_deleted_alone() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let gone = BenevolenceApplication {
        deleted_at: Some(builders::now()),
        ..hall.draft(1)
    };
    store(storage, &hall, std::slice::from_ref(&gone));
    builders::store(storage, hall.scope(), |tx| {
        assert_eq!(tx.benevolence().find(gone.id)?, None);
        assert_eq!(tx.benevolence().find_by_number(gone.number)?, None);
        let deleted = tx.benevolence().find_deleted(gone.id)?;
        assert_eq!(deleted.as_ref(), Some(&gone));
        Ok(())
    });
}

#[test]
fn what_was_handed_in_cannot_be_deleted_nor_more_granted_than_is_asked() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let handed_in = BenevolenceApplication {
        deleted_at: Some(builders::now()),
        ..hall.standing(1, under_review(unionhall_domain::benevolence::Level::Vp))
    };
    let too_much = hall.standing(2, awarded(60_001, 0, DAY));
    for (application, constraint) in [
        (handed_in, "benevolence_applications_deleted_check"),
        (too_much, "benevolence_applications_award_check"),
    ] {
        let refused = storage.transaction(hall.scope(), |tx| tx.benevolence().insert(&application));
        let expected = StorageError::Constraint {
            name: constraint.to_owned(),
        };
        assert_eq!(
            refused.unwrap_err().to_string(),
            expected.to_string(),
            "{constraint}"
        );
    }
}

#[test]
fn numbers_of_a_year_have_no_gaps_however_many_take_them_at_once() {
    let database = TestDatabase::new();
    let hall = Hall::new(&*database.unit_of_work(), "local-46");
    let storage = PgUnitOfWork::new(&PoolConfig {
        size: 4,
        ..database.pool_config()
    });
    let storage: &dyn UnitOfWork = &storage;
    let take = |keep: bool| {
        storage.transaction(hall.scope(), |tx| {
            let number = tx.benevolence().next_number(2026)?;
            if keep {
                tx.benevolence().insert(&BenevolenceApplication {
                    number,
                    ..hall.draft(1)
                })?;
                Ok(number)
            } else {
                Err(StorageError::Failed("not kept".into()))
            }
        })
    };
    let numbers: BTreeSet<BenevolenceNumber> = thread::scope(|scope| {
        let take = &take;
        let threads: Vec<_> = (0..12)
            .map(|index| scope.spawn(move || take(index % 3 != 0)))
            .collect();
        threads
            .into_iter()
            .filter_map(|thread| thread.join().unwrap().ok())
            .collect()
    });
    let expected: BTreeSet<_> = (1..=8)
        .map(|place| BenevolenceNumber::new(2026, place).unwrap())
        .collect();
    assert_eq!(numbers, expected);
    let next_year = builders::store(storage, hall.scope(), |tx| {
        tx.benevolence().next_number(2027)
    });
    assert_eq!(next_year.to_string(), "BF-2027-0001");
}

#[test]
fn a_member_of_another_tenant_is_none_and_nothing_of_theirs_is_found() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let other = Hall::new(storage, "trust");
    let theirs = BenevolenceApplication {
        member: other.ada.id,
        ..hall.draft(1)
    };
    let refused = storage.transaction(hall.scope(), |tx| tx.benevolence().insert(&theirs));
    assert!(
        matches!(refused, Err(StorageError::Constraint { name }) if name == "benevolence_applications_member_fkey")
    );
    let own = other.draft(1);
    store(storage, &other, std::slice::from_ref(&own));
    let found = builders::store(storage, Scope::Tenant(hall.tenant.id), |tx| {
        tx.benevolence().find(own.id)
    });
    assert_eq!(found, None);
}

#[test]
fn an_application_is_open_until_it_is_denied_withdrawn_or_paid_in_full() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let is_open = || {
        builders::store(storage, hall.scope(), |tx| {
            tx.benevolence().is_open_of(hall.ada.id)
        })
    };
    assert!(!is_open());
    let over = [
        State::Denied(super::prose("No.")),
        State::Withdrawn(None),
        awarded(100, 100, date(2026, 3, 2)),
    ];
    let over: Vec<_> = (1..)
        .zip(over)
        .map(|(place, state)| hall.standing(place, state))
        .collect();
    store(storage, &hall, &over);
    let deleted = BenevolenceApplication {
        deleted_at: Some(builders::now()),
        ..hall.draft(7)
    };
    store(storage, &hall, &[deleted]);
    assert!(!is_open());
    store(storage, &hall, &[hall.standing(8, awarded(100, 99, DAY))]);
    assert!(is_open());
}

#[test]
fn a_story_of_any_characters_can_be_told() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    for (place, story) in (1..).zip(["]Ï", "]\u{cf}", "\u{cf}", "…", "' & | !", "🔥 \u{301}"])
    {
        let mut application = hall.draft(place);
        application.request.description = super::prose(story);
        store(storage, &hall, std::slice::from_ref(&application));
        let found = builders::store(storage, hall.scope(), |tx| {
            tx.benevolence().find(application.id)
        });
        assert_eq!(found, Some(application));
    }
}
