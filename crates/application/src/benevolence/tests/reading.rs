//! Reading: who sees which application and how much of it, and what waits for whom.

use unionhall_domain::{
    benevolence::{Answer, Count, Move, Seen, Status, Tally, Turn},
    roles::Role,
};
use unionhall_ports::{
    benevolence::{BenevolenceFilter, Queue, QueueSort, Waiter},
    pages::{Page, PageRequest},
    unit_of_work::{Decision, Mode, Scope},
};

use super::*;
use crate::{
    benevolence::Own,
    error::Code,
    fixtures::{
        GRACE, HALL, Hall, STEWARD, call, call_of_member, code, colleague, page, told, wrong_fields,
    },
};

fn one(state: State) -> Page<BenevolenceApplication> {
    all(vec![application(state)])
}

/// Everything on one page.
const fn all(items: Vec<BenevolenceApplication>) -> Page<BenevolenceApplication> {
    Page {
        items,
        next: None,
        total: None,
    }
}

fn of_member(member: MemberId) -> BenevolenceFilter {
    BenevolenceFilter {
        member: Some(member),
        ..BenevolenceFilter::default()
    }
}

#[test]
fn reading_asks_for_its_permission_before_it_touches_a_port() {
    let hall = Hall::untouchable();
    let fund = &hall.application.benevolence;
    let number = BenevolenceNumber::new(2026, 1).unwrap();
    for role in [
        Role::Organizer,
        Role::Instructor,
        Role::Moderator,
        Role::Contact,
    ] {
        let call = call(role);
        let codes = [
            code(fund.find(&call, ASK)),
            code(fund.find_by_number(&call, number)),
            code(fund.list(&call, BenevolenceFilter::default(), &page())),
            code(fund.reviews(&call, ASK)),
            code(fund.answers(&call, ASK)),
            code(fund.payments(&call, ASK)),
            code(fund.unmaskings(&call, ASK)),
            code(fund.free_reviewers(&call, ASK)),
            code(fund.waiting(&call, None, &page())),
            code(fund.statistics(&call, 2026, 2026)),
        ];
        assert_eq!(codes, [Code::Forbidden; 10]);
    }
    assert_eq!(hall.runs(), []);
}

#[test]
fn reading_an_application_is_on_record_and_a_miss_is_not() {
    let mut mocks = with_case(under_review(Level::Vp));
    ruled(&mut mocks, Naming::Shown);
    let hall = Hall::over(mocks);
    let fund = &hall.application.benevolence;
    let staff = call(Role::Staff);
    let found = fund.find(&staff, ASK).unwrap().value;
    assert!(matches!(found, Seen::Whole(_)));
    assert_eq!(code(fund.find(&staff, id(1))), Code::NotFound);
    assert_eq!(told(&hall.reads), [("read", "benevolence_application")]);
    let snapshot = (Scope::Tenant(HALL), Mode::Snapshot, Decision::Commit);
    assert_eq!(hall.runs(), [snapshot; 2]);
}

#[test]
fn an_application_is_not_told_when_its_reading_cannot_be_put_on_record() {
    let mut mocks = with_case(under_review(Level::Vp));
    ruled(&mut mocks, Naming::Shown);
    let hall = Hall::without_log(mocks);
    let found = hall.application.benevolence.find(&call(Role::Staff), ASK);
    assert_eq!(code(found), Code::Unavailable);
}

#[test]
fn a_member_finds_their_own_application_without_the_notes_and_no_other() {
    let hall = Hall::over(with_case(under_review(Level::Vp)));
    let fund = &hall.application.benevolence;
    match fund.find(&call_of_member(Some(ADA)), ASK).unwrap().value {
        Seen::Whole(whole) => assert_eq!(whole.notes, None),
        Seen::Need(_) => panic!("it is their own"),
    }
    let other = call_of_member(Some(GRACE));
    assert_eq!(code(fund.find(&other, ASK)), Code::NotFound);
    let listed = fund.list(&other, of_member(ADA), &page()).unwrap();
    assert_eq!((listed.value.items.len(), listed.value.total), (0, Some(0)));
}

#[test]
fn a_draft_that_the_member_wrote_is_there_for_them_alone() {
    let own = || {
        let draft = BenevolenceApplication {
            author: Author::Applicant,
            ..application(State::Draft)
        };
        let mut mocks = MockRepositories::default();
        let (same, gone) = (draft.clone(), draft.clone());
        mocks
            .benevolence
            .expect_find()
            .returning(move |_| Ok(Some(draft.clone())));
        mocks
            .benevolence
            .expect_find_by_number()
            .returning(move |_| Ok(Some(same.clone())));
        mocks
            .benevolence
            .expect_find_deleted()
            .returning(move |_| Ok(Some(gone.clone())));
        ruled(&mut mocks, Naming::Shown);
        Hall::over(mocks)
    };
    let hall = own();
    let fund = &hall.application.benevolence;
    let number = BenevolenceNumber::new(2026, 1).unwrap();
    let member = call_of_member(Some(ADA));
    assert!(fund.find(&member, ASK).is_ok());
    assert!(fund.find_by_number(&member, number).is_ok());
    for role in [Role::Owner, Role::Admin, Role::Officer, Role::Staff] {
        let call = call(role);
        assert_eq!(code(fund.find(&call, ASK)), Code::NotFound);
        assert_eq!(code(fund.find_by_number(&call, number)), Code::NotFound);
        assert_eq!(code(fund.answers(&call, ASK)), Code::NotFound);
        assert_eq!(code(fund.submit(&call, ASK)), Code::NotFound);
        assert_eq!(code(fund.begin_review(&call, ASK)), Code::NotFound);
    }
    let owner = call(Role::Owner);
    assert_eq!(code(fund.delete(&owner, ASK)), Code::NotFound);
    assert_eq!(code(fund.restore(&owner, ASK)), Code::NotFound);
}

#[test]
fn a_member_who_is_nobody_lists_nothing_and_a_member_their_own() {
    let mut mocks = MockRepositories::default();
    mocks
        .benevolence
        .expect_list()
        .withf(|filter, _| filter.member == Some(ADA))
        .times(1)
        .returning(|_, _| Ok(one(State::Draft)));
    let hall = Hall::over(mocks);
    let fund = &hall.application.benevolence;
    let everything = BenevolenceFilter::default;
    let nobody = call_of_member(None);
    let listed = fund.list(&nobody, everything(), &page()).unwrap();
    assert!(listed.value.items.is_empty());
    let own = call_of_member(Some(ADA));
    let listed = fund.list(&own, everything(), &page()).unwrap();
    assert_eq!(listed.value.items.len(), 1);
}

#[test]
fn who_sits_on_the_bench_sees_the_need_before_the_name_and_does_not_find_by_it() {
    let mut mocks = with_case(under_review(Level::Vp));
    ruled(&mut mocks, Naming::NeedFirst);
    seated(&mut mocks, &[Level::Vp]);
    known(&mut mocks, Vec::new(), None);
    mocks
        .benevolence
        .expect_list()
        .returning(|_, _| Ok(one(under_review(Level::Vp))));
    let hall = Hall::over(mocks);
    let fund = &hall.application.benevolence;
    let officer = call(Role::Officer);
    let need = |seen: &Seen| match seen {
        Seen::Whole(_) => false,
        Seen::Need(need) => need.description.as_str().starts_with("Surgery"),
    };
    assert!(need(&fund.find(&officer, ASK).unwrap().value));
    let everything = BenevolenceFilter::default();
    let listed = fund.list(&officer, everything, &page()).unwrap().value;
    assert!(listed.items.iter().all(need));
    let by_name = fund.list(&officer, of_member(ADA), &page());
    assert_eq!(
        wrong_fields(by_name),
        [("member_id".to_owned(), "held_back")]
    );
}

#[test]
fn who_has_decided_sees_the_name_and_reviews_show_no_comments_to_the_applicant() {
    let reviews = || vec![review(Level::Vp, CALLER, Verdict::Approve(dollars("600")))];
    let mut mocks = with_case(under_review(Level::Admin));
    ruled(&mut mocks, Naming::NeedFirst);
    seated(&mut mocks, &[Level::Vp]);
    known(&mut mocks, reviews(), None);
    let hall = Hall::over(mocks);
    let fund = &hall.application.benevolence;
    let officer = call(Role::Officer);
    let found = fund.find(&officer, ASK).unwrap().value;
    assert!(matches!(found, Seen::Whole(_)));
    let shown = fund.reviews(&officer, ASK).unwrap().value;
    assert!(shown[0].comments.is_some());
    let own = ada_as(Role::Staff);
    assert_eq!(fund.reviews(&own, ASK).unwrap().value[0].comments, None);
}

#[test]
fn the_queue_shows_what_the_caller_may_do_and_leaves_conflicts_out() {
    let queued = |related: Option<MemberId>| {
        let mut mocks = MockRepositories::default();
        seated(&mut mocks, &[Level::Vp]);
        known(&mut mocks, Vec::new(), related);
        mocks
            .benevolence
            .expect_waiting()
            .withf(move |turns, queue, _| {
                let expected = [Turn::Office, Turn::Level(Level::Vp), Turn::Payment];
                let whose = Queue::Of(Waiter {
                    user: Some(CALLER),
                    member: None,
                    relatives: related.into_iter().collect(),
                });
                turns == expected && *queue == whose
            })
            .returning(|_, _, _| {
                Ok(all(vec![
                    application(under_review(Level::Vp)),
                    application(awarded("600", "0")),
                ]))
            });
        let hall = Hall::over(mocks);
        let fund = &hall.application.benevolence;
        let waiting = fund.waiting(&call(Role::Officer), None, &page());
        assert_eq!(told(&hall.reads), [("listed", "benevolence_application")]);
        let waiting = waiting.unwrap().value.items;
        waiting.into_iter().map(|one| one.turn).collect::<Vec<_>>()
    };
    assert_eq!(queued(None), [Turn::Level(Level::Vp), Turn::Payment]);
    assert_eq!(queued(Some(ADA)), [Turn::Payment]);
}

#[test]
fn an_administrator_sees_where_nobody_may_review() {
    let free_as = |role: Role, state: State, reviews: Vec<Review>, related| {
        let mut mocks = with_case(state);
        ruled(&mut mocks, Naming::Shown);
        seated(&mut mocks, &[Level::Vp, Level::Admin]);
        known(&mut mocks, reviews, related);
        mocks
            .identity
            .expect_find_colleagues()
            .times(..=1)
            .returning(move |users| {
                let found = users.iter().map(|user| {
                    let mut colleague = colleague(&[for_good(role)]);
                    colleague.user.id = *user;
                    colleague
                });
                Ok(found.collect())
            });
        let hall = Hall::over(mocks);
        let found = hall
            .application
            .benevolence
            .free_reviewers(&call(Role::Admin), ASK);
        found.unwrap().value.len()
    };
    let free = |state, reviews, related| free_as(Role::Officer, state, reviews, related);
    let resigned = free_as(Role::Member, under_review(Level::Vp), Vec::new(), None);
    assert_eq!(resigned, 0, "who may not review any more is not free");
    assert_eq!(free(under_review(Level::Vp), Vec::new(), None), 1);
    assert_eq!(free(under_review(Level::Vp), Vec::new(), Some(ADA)), 0);
    let before = vec![review(Level::Vp, CALLER, Verdict::Approve(dollars("600")))];
    assert_eq!(free(under_review(Level::Admin), before, None), 0);
    assert_eq!(free(awarded("600", "0"), Vec::new(), None), 0);
}

#[test]
fn from_whom_the_name_is_held_back_who_answered_and_who_is_free_is_too() {
    let mut mocks = with_case(under_review(Level::Vp));
    ruled(&mut mocks, Naming::NeedFirst);
    seated(&mut mocks, &[Level::Vp]);
    known(&mut mocks, Vec::new(), None);
    let answer = Answer {
        id: id(9_001),
        application: ASK,
        level: Level::Vp,
        question: words("How much is the bill?"),
        text: words("600, it is attached."),
        by: Some(STEWARD),
        at: now(),
    };
    mocks
        .benevolence_file
        .expect_answers()
        .returning(move |_| Ok(vec![answer.clone()]));
    let hall = Hall::over(mocks);
    let fund = &hall.application.benevolence;
    let admin = call(Role::Admin);
    assert_eq!(fund.answers(&admin, ASK).unwrap().value[0].by, None);
    assert_eq!(code(fund.free_reviewers(&admin, ASK)), Code::Barred);
    let own = call_of_member(Some(ADA));
    assert_eq!(fund.answers(&own, ASK).unwrap().value[0].by, Some(STEWARD));
}

#[test]
fn what_waits_how_long_is_everybodys_and_says_nothing_of_whose_it_is() {
    let mut mocks = MockRepositories::default();
    mocks
        .benevolence
        .expect_waiting()
        .withf(|turns, whose, page: &PageRequest<QueueSort>| {
            turns == Turn::ALL && *whose == Queue::Everybody && page.limit == 50
        })
        .returning(|_, _, _| Ok(all(vec![application(under_review(Level::Vp))])));
    mocks
        .benevolence
        .expect_waiting()
        .withf(|turns, _, _| turns == [Turn::Level(Level::Admin)])
        .returning(|_, _, _| Ok(all(Vec::new())));
    let hall = Hall::over(mocks);
    let fund = &hall.application.benevolence;
    let staff = call(Role::Staff);
    let standing = fund.standing(&staff, None, &page()).unwrap().value;
    assert_eq!(standing.items[0].turn, Turn::Level(Level::Vp));
    let of_a_level = Some(Turn::Level(Level::Admin));
    let standing = fund.standing(&staff, of_a_level, &page()).unwrap().value;
    assert!(standing.items.is_empty());
    let member = call_of_member(Some(ADA));
    let refused = fund.standing(&member, None, &page());
    assert_eq!(code(refused), Code::Forbidden);
}

#[test]
fn an_applicant_sees_who_looked_and_what_hangs_on_the_application() {
    let mut mocks = with_case(under_review(Level::Vp));
    ruled(&mut mocks, Naming::NeedFirst);
    known(&mut mocks, Vec::new(), None);
    mocks
        .benevolence_file
        .expect_answers()
        .returning(|_| Ok(Vec::new()));
    mocks
        .benevolence_file
        .expect_payments()
        .returning(|_| Ok(Vec::new()));
    let hall = Hall::over(mocks);
    let fund = &hall.application.benevolence;
    let own = call_of_member(Some(ADA));
    assert!(fund.unmaskings(&own, ASK).is_ok());
    assert!(fund.answers(&own, ASK).is_ok());
    assert!(fund.payments(&own, ASK).is_ok());
    assert_eq!(hall.reads.lock().unwrap().len(), 3);
    let other = call_of_member(Some(GRACE));
    assert_eq!(code(fund.unmaskings(&other, ASK)), Code::NotFound);
    assert_eq!(code(fund.answers(&other, ASK)), Code::NotFound);
    assert_eq!(code(fund.payments(&other, ASK)), Code::NotFound);
}

#[test]
fn the_queue_leaves_out_what_one_may_not_do_for_oneself() {
    let mut mocks = MockRepositories::default();
    seated(&mut mocks, &[]);
    known(&mut mocks, Vec::new(), None);
    let submitted = State::Submitted(Climb::begin(dollars("600"), Level::Admin).unwrap());
    mocks
        .benevolence
        .expect_waiting()
        .returning(move |_, _, _| {
            Ok(all(vec![
                application(submitted.clone()),
                application(awarded("600", "0")),
            ]))
        });
    let hall = Hall::over(mocks);
    let fund = &hall.application.benevolence;
    let waiting = fund.waiting(&ada_as(Role::Officer), None, &page());
    assert!(waiting.unwrap().value.items.is_empty());
}

#[test]
fn a_member_is_asked_for_what_they_have_to_do_themselves() {
    let mut mocks = MockRepositories::default();
    seated(&mut mocks, &[]);
    known(&mut mocks, Vec::new(), None);
    mocks
        .benevolence
        .expect_waiting()
        .withf(|turns, queue, _| {
            let own = matches!(queue, Queue::Of(waiter) if waiter.member == Some(ADA));
            turns == [Turn::Applicant] && own
        })
        .returning(|_, _, _| Ok(all(vec![application(State::Draft)])));
    let hall = Hall::over(mocks);
    let own = call_of_member(Some(ADA));
    let fund = &hall.application.benevolence;
    let waiting = fund.waiting(&own, None, &page()).unwrap().value.items;
    assert_eq!((waiting.len(), waiting[0].turn), (1, Turn::Applicant));
}

#[test]
fn the_year_is_counted_over_what_storage_counts() {
    let mut mocks = MockRepositories::default();
    mocks
        .benevolence
        .expect_counts()
        .withf(|from, until| (*from, *until) == (2025, 2026))
        .returning(|_, _| {
            Ok(vec![Count {
                year: 2026,
                reason: Reason::Medical,
                status: Status::Denied,
                tally: Tally {
                    applications: 3,
                    ..Tally::NONE
                },
            }])
        });
    let hall = Hall::over(mocks);
    let fund = &hall.application.benevolence;
    let years = fund.statistics(&call(Role::Staff), 2025, 2026).unwrap();
    assert_eq!(years[0].whole.applications, 3);
    assert_eq!(years[0].granted_per_thousand, Some(0));
}

#[test]
fn allowed_actions_are_those_of_the_status_and_of_the_roles() {
    let hall = Hall::untouchable();
    let fund = &hall.application.benevolence;
    let may = |role, state: &State, own| {
        let call = call(role);
        fund.allowed_actions(&call.actor, state, own)
    };
    assert_eq!(
        may(Role::Member, &State::Draft, Own::Yes),
        ["update", "delete", "submit"]
    );
    let due = under_review(Level::Vp);
    assert_eq!(may(Role::Member, &due, Own::Yes), ["withdraw"]);
    assert_eq!(may(Role::Staff, &due, Own::No), ["withdraw"]);
    assert_eq!(
        may(Role::Officer, &due, Own::No),
        ["approve", "deny", "ask", "defer", "withdraw"]
    );
    assert_eq!(may(Role::Officer, &due, Own::Yes), ["withdraw"]);
    let granted = awarded("600", "100");
    let paying = [Move::Pay, Move::Reverse].map(Move::as_str);
    assert_eq!(may(Role::Officer, &granted, Own::No), paying);
    assert!(may(Role::Officer, &granted, Own::Yes).is_empty());
    assert!(may(Role::Contact, &granted, Own::No).is_empty());
}
