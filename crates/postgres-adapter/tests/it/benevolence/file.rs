//! Reviews, answers, payments and unmaskings: nothing is lost, no level decides twice, nothing is taken back twice.

use unionhall_domain::benevolence::{
    Answer, BenevolenceApplication, Level, Payment, PaymentMethod, Reversal, Review, Reviewer,
    Unmasking, Verdict,
};
use unionhall_ports::{storage::StorageError, unit_of_work::UnitOfWork};
use unionhall_testing::{TestDatabase, builders};

use super::{DAY, Hall, awarded, cents, prose, store, under_review};

fn constraint<T>(result: Result<T, StorageError>) -> String {
    match result {
        Err(StorageError::Constraint { name }) => name,
        Err(other) => panic!("{other:?}"),
        Ok(_) => "none".to_owned(),
    }
}

fn reviewed(storage: &dyn UnitOfWork, hall: &Hall, review: &Review) -> Result<(), StorageError> {
    storage.transaction(hall.scope(), |tx| {
        tx.benevolence_file().insert_review(review)
    })
}

fn case(storage: &dyn UnitOfWork, hall: &Hall, place: i32) -> BenevolenceApplication {
    let case = hall.standing(place, under_review(Level::Vp));
    store(storage, hall, std::slice::from_ref(&case));
    case
}

#[test]
fn reviews_are_read_as_they_were_written_those_of_several_applications_at_once() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let verdicts = [
        Verdict::Approve(cents(1)),
        Verdict::Deny(prose("No.")),
        Verdict::Ask(prose("How much?")),
        Verdict::Defer(prose("I know them.")),
    ];
    let mut expected = Vec::new();
    let mut ids = Vec::new();
    for (place, verdict) in (1..).zip(verdicts) {
        let case = case(storage, &hall, place);
        let review = Review {
            comments: (place == 1).then(|| prose("Fine.")),
            ..hall.review(&case, verdict)
        };
        reviewed(storage, &hall, &review).unwrap();
        ids.push(case.id);
        expected.push(review);
    }
    let found = |ids: &[_]| {
        builders::store(storage, hall.scope(), |tx| {
            tx.benevolence_file().reviews(ids)
        })
    };
    assert_eq!(found(&ids), expected);
    assert_eq!(found(&ids[1..2]), expected[1..2]);
    assert!(found(&[]).is_empty());
}

#[test]
fn a_level_decides_once_a_reviewer_at_one_level_and_questions_do_not_count() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let case = case(storage, &hall, 1);
    let question = || hall.review(&case, Verdict::Ask(prose("How much?")));
    reviewed(storage, &hall, &question()).unwrap();
    reviewed(storage, &hall, &question()).unwrap();
    let decided = hall.review(&case, Verdict::Approve(cents(1)));
    reviewed(storage, &hall, &decided).unwrap();
    let by_another = Review {
        id: builders::fresh_id(),
        reviewer: Reviewer {
            user: hall.manager.id,
            member: None,
        },
        ..decided.clone()
    };
    let refused = reviewed(storage, &hall, &by_another);
    assert_eq!(constraint(refused), "benevolence_reviews_level_key");
    let elsewhere = Review {
        id: builders::fresh_id(),
        level: Level::Admin,
        ..decided
    };
    let refused = reviewed(storage, &hall, &elsewhere);
    assert_eq!(constraint(refused), "benevolence_reviews_reviewer_key");
}

#[test]
fn answers_and_unmaskings_are_read_as_they_were_written() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let (one, other) = (case(storage, &hall, 1), case(storage, &hall, 2));
    let answer = Answer {
        id: builders::fresh_id(),
        application: one.id,
        level: Level::Manager,
        question: prose("How much?"),
        text: prose("600 a month."),
        by: Some(hall.vp.id),
        at: builders::now(),
    };
    let unmasking = Unmasking {
        id: builders::fresh_id(),
        application: one.id,
        user: hall.manager.id,
        reason: prose("I may know them."),
        at: builders::now(),
    };
    builders::store(storage, hall.scope(), |tx| {
        let file = tx.benevolence_file();
        file.insert_answer(&answer)?;
        file.insert_unmasking(&unmasking)?;
        assert_eq!(file.answers(one.id)?, std::slice::from_ref(&answer));
        assert_eq!(file.answers(other.id)?, []);
        let both = file.unmaskings(&[one.id, other.id])?;
        assert_eq!(both, std::slice::from_ref(&unmasking));
        assert_eq!(file.unmaskings(&[other.id])?, []);
        Ok(())
    });
}

#[test]
fn a_payment_is_taken_back_once_and_a_reference_is_used_once_until_then() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let case = hall.standing(1, awarded(600, 100, DAY));
    store(storage, &hall, std::slice::from_ref(&case));
    let paid = || Payment {
        id: builders::fresh_id(),
        application: case.id,
        amount: cents(100),
        method: PaymentMethod::Check,
        reference: builders::line("1044"),
        on: DAY,
        paid_by: Some(hall.vp.id),
        created_at: builders::now(),
        reversal: None,
    };
    let pay = |payment: &Payment| {
        storage.transaction(hall.scope(), |tx| {
            tx.benevolence_file().insert_payment(payment)
        })
    };
    let first = paid();
    pay(&first).unwrap();
    let name = constraint(pay(&paid()));
    assert_eq!(name, "benevolence_payments_reference_key");
    let back = Payment {
        reversal: Some(Reversal {
            reason: prose("It was lost."),
            by: Some(hall.manager.id),
            at: builders::now(),
        }),
        ..first.clone()
    };
    let reverse = || {
        storage.transaction(hall.scope(), |tx| {
            tx.benevolence_file().reverse_payment(&back)
        })
    };
    reverse().unwrap();
    assert!(matches!(reverse(), Err(StorageError::Stale)));
    let again = paid();
    pay(&again).unwrap();
    builders::store(storage, hall.scope(), |tx| {
        let file = tx.benevolence_file();
        assert_eq!(file.payments(case.id)?, [back.clone(), again.clone()]);
        assert_eq!(file.find_payment(back.id)?, Some(back.clone()));
        assert_eq!(file.find_payment(builders::fresh_id())?, None);
        Ok(())
    });
}
