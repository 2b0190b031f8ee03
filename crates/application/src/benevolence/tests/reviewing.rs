//! Reviewing: who may, what the last approval grants, and what the fund does not allow.

use unionhall_domain::{
    benevolence::{Seen, Status},
    roles::Role,
};

use unionhall_ports::storage::StorageError;

use super::*;
use crate::{
    benevolence::{BenevolenceError, ReviewApplication},
    error::{Code, Coded},
    fixtures::{Hall, STEWARD, audited, call, code, mailed, told},
};

fn approve(level: Level, amount: &str) -> ReviewApplication {
    ReviewApplication {
        level,
        verdict: Verdict::Approve(dollars(amount)),
        comments: None,
    }
}

/// Mocks at a level, with the caller seated at these.
fn at(level: Level, seats: &[Level], naming: Naming) -> MockRepositories {
    let mut mocks = with_case(under_review(level));
    ruled(&mut mocks, naming);
    seated(&mut mocks, seats);
    mocks
}

fn by_officer(hall: &Hall, command: ReviewApplication) -> Result<Seen, BenevolenceError> {
    let fund = &hall.application.benevolence;
    fund.review(&call(Role::Officer), ASK, command)
}

#[test]
fn reviewing_asks_for_its_permission_before_it_touches_a_port() {
    let hall = Hall::untouchable();
    let fund = &hall.application.benevolence;
    for role in [Role::Staff, Role::Organizer, Role::Member, Role::Contact] {
        let call = call(role);
        let codes = [
            code(fund.review(&call, ASK, approve(Level::Vp, "1"))),
            code(fund.unmask(&call, ASK, words("Is it my brother?"))),
        ];
        assert_eq!(codes, [Code::Forbidden; 2]);
    }
    let operator = call_of(Actor::operator(tenant()));
    let refused = fund.review(&operator, ASK, approve(Level::Vp, "1"));
    assert_eq!(code(refused), Code::Barred, "the operator sits nowhere");
    assert_eq!(hall.runs(), []);
}

#[test]
fn an_approval_below_the_last_level_goes_up_and_touches_no_money() {
    let mut mocks = at(Level::Vp, &[Level::Vp], Naming::Shown);
    known(&mut mocks, Vec::new(), None);
    let events = audited(&mut mocks);
    let mails = mailed(&mut mocks);
    let kept = keeping(&mut mocks);
    mocks
        .benevolence_file
        .expect_insert_review()
        .withf(|review| review.reviewer.user == CALLER && review.level == Level::Vp)
        .times(1)
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    by_officer(&hall, approve(Level::Vp, "600")).unwrap();
    assert_eq!(kept.lock().unwrap()[0].state, under_review(Level::Admin));
    assert_eq!(told(&events), [("moved", "benevolence_application")]);
    let subject = &mails.lock().unwrap()[0].subject;
    assert_eq!(
        subject,
        "Your application BF-2026-0001 has come one step further"
    );
    assert!(hall.committed());
}

#[test]
fn the_last_approval_grants_the_money_in_the_same_transaction() {
    let mut mocks = at(Level::Admin, &[Level::Admin], Naming::Shown);
    let before = vec![review(Level::Vp, STEWARD, Verdict::Approve(dollars("600")))];
    known(&mut mocks, before, None);
    audited(&mut mocks);
    mailed(&mut mocks);
    let kept = keeping(&mut mocks);
    let left = funded(&mut mocks, fund("600", "0", "0"));
    mocks
        .benevolence_file
        .expect_insert_review()
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    by_officer(&hall, approve(Level::Admin, "500")).unwrap();
    let award = kept.lock().unwrap()[0].state.award().unwrap();
    assert_eq!((award.amount(), award.on()), (dollars("500"), TODAY));
    assert_eq!(*left.lock().unwrap(), [fund("600", "500", "0")]);
}

#[test]
fn an_approval_that_would_eat_into_the_reserve_is_refused_and_nothing_is_kept() {
    let mut mocks = at(Level::Admin, &[Level::Admin], Naming::Shown);
    known(&mut mocks, Vec::new(), None);
    let left = funded(&mut mocks, fund("600", "0", "0"));
    let hall = Hall::over(mocks);
    let refused = by_officer(&hall, approve(Level::Admin, "500.01")).unwrap_err();
    assert_eq!(refused.code(), Code::FundShort);
    assert_eq!(
        refused.to_string(),
        "the fund has 500.00 to give, the reserve aside"
    );
    assert!(left.lock().unwrap().is_empty());
    assert!(hall.rolled_back());
}

#[test]
fn of_two_who_decide_at_the_same_instant_the_second_is_told_of_the_first() {
    let mut mocks = at(Level::Vp, &[Level::Vp], Naming::Shown);
    known(&mut mocks, Vec::new(), None);
    mocks
        .benevolence_file
        .expect_insert_review()
        .returning(|_| {
            Err(StorageError::Constraint {
                name: "benevolence_reviews_level_key".to_owned(),
            })
        });
    let hall = Hall::over(mocks);
    let second = by_officer(&hall, approve(Level::Vp, "600"));
    assert_eq!(code(second), Code::ChangedMeanwhile);
    assert!(hall.rolled_back());
}

#[test]
fn more_than_is_asked_is_a_wrong_field_and_another_level_an_illegal_move() {
    let refused = |command| {
        let mut mocks = at(Level::Vp, &Level::ALL, Naming::Shown);
        known(&mut mocks, Vec::new(), None);
        by_officer(&Hall::over(mocks), command).unwrap_err()
    };
    let more = refused(approve(Level::Vp, "600.01"));
    assert_eq!(more.fields()[0].invalid.code, "not_asked");
    let early = refused(approve(Level::Manager, "600"));
    assert_eq!(early.code(), Code::IllegalMove);
    assert_eq!(
        early.to_string(),
        "the review of vp is due, not that of manager"
    );
}

#[test]
fn who_has_no_seat_or_reviewed_elsewhere_or_is_related_does_not_review() {
    let refused = |seats: &[Level], reviews: Vec<Review>, related, naming| {
        let mut mocks = at(Level::Admin, seats, naming);
        known(&mut mocks, reviews, related);
        by_officer(&Hall::over(mocks), approve(Level::Admin, "600")).unwrap_err()
    };
    let shown = Naming::Shown;
    let seatless = refused(&[Level::Vp], Vec::new(), None, shown);
    assert_eq!(seatless.code(), Code::Barred);
    let before = vec![review(Level::Vp, CALLER, Verdict::Approve(dollars("600")))];
    let twice = refused(&[Level::Vp, Level::Admin], before, None, shown);
    assert_eq!(
        twice.to_string(),
        "who reviewed at the level of vp may not review at another"
    );
    let related = refused(&[Level::Admin], Vec::new(), Some(ADA), shown);
    assert!(related.to_string().contains("sibling"));
    let masked = refused(&[Level::Admin], Vec::new(), Some(ADA), Naming::NeedFirst);
    assert_eq!(masked.code(), Code::Barred);
    assert!(
        !masked.to_string().contains("sibling"),
        "that would tell whose it is"
    );
}

#[test]
fn nobody_reviews_their_own_application() {
    let mut mocks = at(Level::Vp, &[Level::Vp], Naming::Shown);
    known(&mut mocks, Vec::new(), None);
    let hall = Hall::over(mocks);
    let own = ada_as(Role::Owner);
    let command = approve(Level::Vp, "600");
    let refused = hall.application.benevolence.review(&own, ASK, command);
    assert_eq!(code(refused), Code::Barred);
}

#[test]
fn a_denial_keeps_its_reason_and_the_mail_does_not_tell_it() {
    let mut mocks = at(Level::Vp, &[Level::Vp], Naming::Shown);
    known(&mut mocks, Vec::new(), None);
    audited(&mut mocks);
    let mails = mailed(&mut mocks);
    let kept = keeping(&mut mocks);
    mocks
        .benevolence_file
        .expect_insert_review()
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let command = ReviewApplication {
        level: Level::Vp,
        verdict: Verdict::Deny(words("Paid by the insurance.")),
        comments: None,
    };
    by_officer(&hall, command).unwrap();
    let state = kept.lock().unwrap()[0].state.clone();
    assert_eq!(state.status(), Status::Denied);
    assert_eq!(state.reason().unwrap().as_str(), "Paid by the insurance.");
    assert!(!mails.lock().unwrap()[0].text.contains("insurance"));
}

#[test]
fn an_unmasking_is_on_record_with_its_reason_and_what_is_shown_needs_none() {
    let mut mocks = at(Level::Vp, &[Level::Vp], Naming::NeedFirst);
    known(&mut mocks, Vec::new(), None);
    let events = audited(&mut mocks);
    mocks
        .benevolence_file
        .expect_insert_unmasking()
        .withf(|unmasking| unmasking.user == CALLER && unmasking.application == ASK)
        .times(1)
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let fund = &hall.application.benevolence;
    let officer = call(Role::Officer);
    let seen = fund
        .unmask(&officer, ASK, words("To rule out a conflict."))
        .unwrap();
    assert!(matches!(seen, Seen::Whole(_)));
    assert_eq!(told(&events), [("unmasked", "benevolence_application")]);
    let details = events.lock().unwrap()[0].details.clone();
    assert_eq!(details, [("reason", "To rule out a conflict.".to_owned())]);

    let mut mocks = at(Level::Vp, &[Level::Vp], Naming::Shown);
    known(&mut mocks, Vec::new(), None);
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let fund = &hall.application.benevolence;
    assert!(fund.unmask(&officer, ASK, words("Curious.")).is_ok());
    assert_eq!(told(&events), [("read", "benevolence_application")]);
}
