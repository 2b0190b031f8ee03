//! Ruling: from when rules hold, who is seated, and who is related to whom.

use mockall::Sequence;
use unionhall_domain::{benevolence::Kinship, roles::Role};
use unionhall_ports::{benevolence::RelationFilter, pages::Page, storage::StorageError};

use super::*;
use crate::{
    benevolence::{DeclareRelation, SeatReviewer},
    error::{Code, Coded},
    fixtures::{
        GRACE, Hall, STEWARD, audited, call, call_of_member, code, colleague, for_good, page, told,
        touched, wrong_fields,
    },
};

fn seating() -> SeatReviewer {
    SeatReviewer {
        level: Level::Vp,
        user: STEWARD,
        from: None,
        until: None,
    }
}

fn relating(member: MemberId, user: UserId) -> DeclareRelation {
    DeclareRelation {
        member,
        user,
        kinship: Kinship::Sibling,
    }
}

/// Mocks that know the steward with this role.
fn with_steward(role: Role) -> MockRepositories {
    let mut mocks = MockRepositories::default();
    mocks
        .identity
        .expect_find_colleague()
        .returning(move |user| Ok((user == STEWARD).then(|| colleague(&[for_good(role)]))));
    mocks
}

#[test]
fn ruling_asks_for_its_permission_before_it_touches_a_port() {
    let hall = Hall::untouchable();
    let fund = &hall.application.benevolence;
    for role in [Role::Officer, Role::Staff, Role::Member] {
        let call = call(role);
        let codes = [
            code(fund.set_rules(&call, TODAY, Rules::default_rules())),
            code(fund.seat(&call, seating())),
            code(fund.unseat(&call, id(1), TODAY)),
            code(fund.end_relation(&call, id(1))),
        ];
        assert_eq!(codes, [Code::Forbidden; 4]);
    }
    let staff = fund.relations(&call(Role::Staff), RelationFilter::default(), &page());
    assert_eq!(code(staff), Code::Forbidden);
    let member = call(Role::Member);
    assert_eq!(code(fund.rules(&member)), Code::Forbidden);
    assert_eq!(code(fund.seats(&member, &page())), Code::Forbidden);
    assert_eq!(hall.runs(), []);
}

#[test]
fn rules_are_set_from_a_day_on_and_what_changes_is_on_record() {
    let mut mocks = MockRepositories::default();
    // Of two who set rules at once the second waits for the first before it reads what there is.
    let mut order = Sequence::new();
    mocks
        .benevolence_fund
        .expect_hold()
        .times(1)
        .in_sequence(&mut order)
        .returning(|| Ok(fund("0", "0", "0")));
    let book = RuleBook::of(vec![version(Naming::Shown)]).unwrap();
    mocks
        .benevolence_bench
        .expect_rules()
        .times(1)
        .in_sequence(&mut order)
        .returning(move || Ok(book.clone()));
    let events = audited(&mut mocks);
    mocks
        .benevolence_bench
        .expect_put_rules()
        .withf(|version| version.effective_from == TODAY && version.set_by == Some(CALLER))
        .times(1)
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let fund = &hall.application.benevolence;
    let admin = call(Role::Admin);
    let rules = Rules {
        naming: Naming::NeedFirst,
        ..Rules::default_rules()
    };
    let book = fund.set_rules(&admin, TODAY, rules).unwrap();
    assert_eq!(book.versions().len(), 2);
    assert_eq!(touched(&events), ["reserve", "naming"]);
}

#[test]
fn rules_do_not_hold_from_a_day_that_has_passed() {
    let mut mocks = MockRepositories::default();
    ruled(&mut mocks, Naming::Shown);
    mocks
        .benevolence_fund
        .expect_hold()
        .returning(|| Ok(fund("0", "0", "0")));
    let hall = Hall::over(mocks);
    let yesterday = date(2026, 11, 20);
    let rules = Rules::default_rules();
    let admin = call(Role::Admin);
    let late = hall
        .application
        .benevolence
        .set_rules(&admin, yesterday, rules);
    assert_eq!(
        wrong_fields(late),
        [("effective_from".to_owned(), "in_the_past")]
    );
}

#[test]
fn a_seat_is_for_somebody_who_may_review_and_is_taken_once() {
    let mut mocks = with_steward(Role::Officer);
    let events = audited(&mut mocks);
    mocks
        .benevolence_bench
        .expect_insert_seat()
        .times(1)
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let admin = call(Role::Admin);
    let seat = hall
        .application
        .benevolence
        .seat(&admin, seating())
        .unwrap();
    assert_eq!((seat.from, seat.until), (TODAY, None));
    assert_eq!(told(&events), [("created", "benevolence_seat")]);
    let empty = SeatReviewer {
        until: Some(TODAY),
        ..seating()
    };
    let refused = hall.application.benevolence.seat(&admin, empty);
    assert_eq!(
        wrong_fields(refused),
        [("until".to_owned(), "not_after_start")]
    );

    let hall = Hall::over(with_steward(Role::Staff));
    let refused = hall.application.benevolence.seat(&admin, seating());
    assert_eq!(
        wrong_fields(refused),
        [("user_id".to_owned(), "not_a_reviewer")]
    );
    let stranger = SeatReviewer {
        user: id(1),
        ..seating()
    };
    let refused = hall.application.benevolence.seat(&admin, stranger);
    assert_eq!(
        wrong_fields(refused),
        [("user_id".to_owned(), "unknown_user")]
    );

    let mut mocks = with_steward(Role::Officer);
    mocks.benevolence_bench.expect_insert_seat().returning(|_| {
        Err(StorageError::Constraint {
            name: "benevolence_seats_overlap".to_owned(),
        })
    });
    let hall = Hall::over(mocks);
    let refused = hall.application.benevolence.seat(&admin, seating());
    assert_eq!(code(refused), Code::Duplicate);
}

#[test]
fn a_seat_ends_today_or_later() {
    let mut mocks = MockRepositories::default();
    let events = audited(&mut mocks);
    mocks
        .benevolence_bench
        .expect_find_seat()
        .returning(|seat_id| Ok((seat_id == id(6_001)).then(|| seat(Level::Vp, STEWARD))));
    mocks
        .benevolence_bench
        .expect_end_seat()
        .times(1)
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let fund = &hall.application.benevolence;
    let admin = call(Role::Admin);
    fund.unseat(&admin, id(6_001), TODAY).unwrap();
    assert_eq!(touched(&events), ["until"]);
    let late = fund.unseat(&admin, id(6_001), date(2026, 11, 20));
    assert_eq!(wrong_fields(late), [("until".to_owned(), "in_the_past")]);
    assert_eq!(code(fund.unseat(&admin, id(1), TODAY)), Code::NotFound);
}

#[test]
fn the_office_declares_for_anybody_and_others_for_themselves() {
    let mut mocks = MockRepositories::default();
    audited(&mut mocks);
    mocks
        .members
        .expect_hold()
        .returning(|id| Ok((id == ADA).then(ada)));
    mocks
        .identity
        .expect_find_colleague()
        .returning(|_| Ok(Some(colleague(&[for_good(Role::Officer)]))));
    mocks
        .benevolence_bench
        .expect_insert_relation()
        .times(3)
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let fund = &hall.application.benevolence;
    assert!(
        fund.relate(&call(Role::Staff), relating(ADA, STEWARD))
            .is_ok()
    );
    let member = call_of_member(Some(ADA));
    assert!(fund.relate(&member, relating(ADA, STEWARD)).is_ok());
    assert!(
        fund.relate(&call(Role::Officer), relating(ADA, CALLER))
            .is_ok()
    );
    let other = fund.relate(&call_of_member(Some(GRACE)), relating(ADA, STEWARD));
    assert_eq!(code(other), Code::Forbidden);
    let no_reviewer = fund.relate(&call(Role::Moderator), relating(ADA, CALLER));
    assert_eq!(code(no_reviewer), Code::Forbidden);
    let stranger = fund.relate(&call(Role::Staff), relating(GRACE, STEWARD));
    assert_eq!(
        wrong_fields(stranger),
        [("member_id".to_owned(), "unknown_member")]
    );
}

#[test]
fn a_seat_that_is_over_stays_over_and_one_that_has_not_begun_is_called_off() {
    let ending = |seat: Seat, until: Date| {
        let mut mocks = MockRepositories::default();
        audited(&mut mocks);
        mocks
            .benevolence_bench
            .expect_find_seat()
            .returning(move |_| Ok(Some(seat.clone())));
        mocks
            .benevolence_bench
            .expect_end_seat()
            .returning(|_| Ok(()));
        let hall = Hall::over(mocks);
        hall.application
            .benevolence
            .unseat(&call(Role::Admin), id(6_001), until)
    };
    let over = Seat {
        until: Some(TODAY),
        ..seat(Level::Vp, STEWARD)
    };
    let wrong = wrong_fields(ending(over, date(2027, 1, 1)));
    assert_eq!(wrong, [("until".to_owned(), "already_ended")]);
    let next_year = date(2027, 1, 1);
    let coming = || Seat {
        from: next_year,
        ..seat(Level::Vp, STEWARD)
    };
    let wrong = wrong_fields(ending(coming(), TODAY));
    assert_eq!(wrong, [("until".to_owned(), "not_after_start")]);
    let called_off = ending(coming(), next_year).unwrap();
    assert!(!called_off.counts(next_year));
}

#[test]
fn relations_are_shown_to_those_who_are_in_them() {
    let asked = |call: Call, filter: RelationFilter| {
        let mut mocks = MockRepositories::default();
        let seen = Shared::default();
        let taken = Shared::clone(&seen);
        mocks
            .benevolence_bench
            .expect_list_relations()
            .returning(move |filter, _| {
                taken.lock().unwrap().push(*filter);
                Ok(Page {
                    items: Vec::new(),
                    next: None,
                    total: Some(0),
                })
            });
        let hall = Hall::over(mocks);
        let found = hall
            .application
            .benevolence
            .relations(&call, filter, &page());
        // Whoever is in none is told so in the same form.
        assert_eq!(found.ok().unwrap().value.total, Some(0));
        seen.lock().unwrap().clone()
    };
    let all = RelationFilter::default();
    let of = |member| RelationFilter {
        member: Some(member),
        user: None,
    };
    assert_eq!(asked(call(Role::Admin), all), [all]);
    assert_eq!(asked(call_of_member(Some(ADA)), all), [of(ADA)]);
    assert_eq!(asked(call_of_member(Some(ADA)), of(GRACE)), []);
    let mine = RelationFilter {
        member: None,
        user: Some(CALLER),
    };
    assert_eq!(asked(call(Role::Officer), all), [mine]);
}

#[test]
fn neither_of_two_who_are_related_ends_the_relation() {
    let ending = |user| {
        let mut mocks = MockRepositories::default();
        audited(&mut mocks);
        mocks
            .benevolence_bench
            .expect_find_relation()
            .returning(move |_| {
                Ok(Some(Relation {
                    reviewer: Reviewer { user, member: None },
                    ..relation(ADA)
                }))
            });
        mocks
            .benevolence_bench
            .expect_end_relation()
            .returning(|_| Ok(()));
        let hall = Hall::over(mocks);
        let admin = call(Role::Admin);
        hall.application.benevolence.end_relation(&admin, id(7_001))
    };
    assert_eq!(ending(CALLER).unwrap_err().code(), Code::NotOneself);
    assert_eq!(ending(STEWARD).unwrap().ended_at, Some(now()));
}
