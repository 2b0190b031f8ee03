//! Applying: who writes for whom, what a draft may, and what handing in settles.

use unionhall_domain::{
    benevolence::{BenevolenceNumber, RequestChange, Seen, Status},
    change::Change,
    roles::Role,
};

use super::*;
use crate::{
    benevolence::{ApplyForHelp, BenevolenceError, ChangeApplication},
    error::Code,
    fixtures::{
        GRACE, Hall, audited, call, call_of_member, code, if_match, mailed, told, wrong_fields,
    },
};

fn asking() -> ApplyForHelp {
    ApplyForHelp {
        member: ADA,
        application_date: None,
        request: request(),
        notes: None,
    }
}

/// Mocks that number and keep a new application of Ada's.
fn taking() -> MockRepositories {
    let mut mocks = MockRepositories::default();
    mocks
        .members
        .expect_hold()
        .returning(|id| Ok((id == ADA).then(ada)));
    mocks
        .benevolence
        .expect_next_number()
        .returning(|year| Ok(BenevolenceNumber::new(year, 7).unwrap()));
    mocks.benevolence.expect_insert().returning(|_| Ok(()));
    mocks
}

#[test]
fn applying_asks_for_its_permission_before_it_touches_a_port() {
    let hall = Hall::untouchable();
    let fund = &hall.application.benevolence;
    for role in [
        Role::Organizer,
        Role::Instructor,
        Role::Moderator,
        Role::Contact,
    ] {
        let call = call(role);
        let codes = [
            code(fund.apply(&call, asking())),
            code(fund.update(&call, ASK, ChangeApplication::default())),
            code(fund.delete(&call, ASK)),
            code(fund.restore(&call, ASK)),
            code(fund.submit(&call, ASK)),
            code(fund.begin_review(&call, ASK)),
            code(fund.answer(&call, ASK, words("Yes."))),
            code(fund.withdraw(&call, ASK, None)),
        ];
        assert_eq!(codes, [Code::Forbidden; 8]);
    }
    assert_eq!(hall.runs(), []);
}

#[test]
fn an_application_is_a_draft_under_the_years_next_number() {
    for caller in [call(Role::Staff), call_of_member(Some(ADA))] {
        let mut mocks = taking();
        let events = audited(&mut mocks);
        let hall = Hall::over(mocks);
        let made = hall
            .application
            .benevolence
            .apply(&caller, asking())
            .unwrap();
        assert_eq!(made.number.to_string(), "BF-2026-0007");
        assert_eq!((made.state, made.filed_by), (State::Draft, Some(CALLER)));
        assert_eq!(told(&events), [("created", "benevolence_application")]);
        assert!(hall.committed());
    }
}

#[test]
fn a_member_applies_for_nobody_else_and_writes_no_notes_of_the_office() {
    let hall = Hall::untouchable();
    let fund = &hall.application.benevolence;
    let member = call_of_member(Some(GRACE));
    assert_eq!(code(fund.apply(&member, asking())), Code::Forbidden);
    let nobody = call_of_member(None);
    assert_eq!(code(fund.apply(&nobody, asking())), Code::Forbidden);
    let noted = ApplyForHelp {
        notes: Some(words("Please.")),
        ..asking()
    };
    let own = call_of_member(Some(ADA));
    assert_eq!(code(fund.apply(&own, noted.clone())), Code::Forbidden);
    let at_work = ada_as(Role::Officer);
    assert_eq!(code(fund.apply(&at_work, noted)), Code::NotOneself);
}

#[test]
fn nothing_is_asked_for_nothing_or_by_a_stranger() {
    let hall = Hall::over(taking());
    let fund = &hall.application.benevolence;
    let mut nothing = asking();
    nothing.request.amount = Amount::ZERO;
    nothing.application_date = Some(date(2026, 11, 22));
    assert_eq!(
        wrong_fields(fund.apply(&call(Role::Staff), nothing)),
        [
            ("amount_requested".to_owned(), "not_positive"),
            ("application_date".to_owned(), "in_the_future")
        ]
    );
    let stranger = ApplyForHelp {
        member: GRACE,
        ..asking()
    };
    assert_eq!(
        wrong_fields(fund.apply(&call(Role::Staff), stranger)),
        [("member_id".to_owned(), "unknown_member")]
    );
}

#[test]
fn only_a_draft_is_changed_or_deleted_and_the_notes_at_any_time() {
    let less = || ChangeApplication {
        request: RequestChange {
            amount: Change::Set(dollars("400")),
            ..RequestChange::default()
        },
        ..ChangeApplication::default()
    };
    let mut mocks = with_case(State::Draft);
    ruled(&mut mocks, Naming::Shown);
    let events = audited(&mut mocks);
    let kept = keeping(&mut mocks);
    let hall = Hall::over(mocks);
    let fund = &hall.application.benevolence;
    fund.update(&call(Role::Staff), ASK, less()).unwrap();
    assert_eq!(kept.lock().unwrap()[0].request.amount, dollars("400"));
    fund.delete(&call_of_member(Some(ADA)), ASK).unwrap();
    assert!(kept.lock().unwrap()[1].deleted_at.is_some());
    let application = "benevolence_application";
    assert_eq!(
        told(&events),
        [("updated", application), ("deleted", application)]
    );

    let mut mocks = with_case(under_review(Level::Vp));
    ruled(&mut mocks, Naming::Shown);
    audited(&mut mocks);
    keeping(&mut mocks);
    let hall = Hall::over(mocks);
    let fund = &hall.application.benevolence;
    let refused = fund.update(&call(Role::Staff), ASK, less()).unwrap_err();
    let allowed = crate::error::Coded::allowed_actions(&refused).unwrap();
    assert_eq!(allowed, ["approve", "deny", "ask", "defer", "withdraw"]);
    assert_eq!(
        code(fund.delete(&call(Role::Officer), ASK)),
        Code::IllegalMove
    );
    let noted = || ChangeApplication {
        notes: Change::Set(None),
        ..ChangeApplication::default()
    };
    assert!(fund.update(&call(Role::Staff), ASK, noted()).is_ok());
    let own = fund.update(&call_of_member(Some(ADA)), ASK, noted());
    assert_eq!(code(own), Code::Forbidden);
    let at_work = fund.update(&ada_as(Role::Officer), ASK, noted());
    assert_eq!(code(at_work), Code::NotOneself);
}

#[test]
fn a_deleted_draft_comes_back_while_its_member_is_there() {
    let restoring = |member: Option<Member>| {
        let mut mocks = MockRepositories::default();
        ruled(&mut mocks, Naming::Shown);
        mocks.benevolence.expect_find_deleted().returning(|id| {
            Ok((id == ASK).then(|| BenevolenceApplication {
                deleted_at: Some(now()),
                ..application(State::Draft)
            }))
        });
        mocks
            .members
            .expect_hold()
            .returning(move |_| Ok(member.clone()));
        let events = audited(&mut mocks);
        let kept = keeping(&mut mocks);
        (Hall::over(mocks), kept, events)
    };
    let (hall, kept, events) = restoring(Some(ada()));
    let officer = call(Role::Officer);
    let fund = &hall.application.benevolence;
    fund.restore(&officer, ASK).unwrap();
    assert_eq!(kept.lock().unwrap()[0].deleted_at, None);
    assert_eq!(told(&events), [("restored", "benevolence_application")]);
    assert_eq!(code(fund.restore(&officer, id(1))), Code::NotFound);

    let (hall, kept, _) = restoring(None);
    let gone = hall.application.benevolence.restore(&officer, ASK);
    assert_eq!(
        wrong_fields(gone),
        [("member_id".to_owned(), "unknown_member")]
    );
    assert!(kept.lock().unwrap().is_empty());
}

#[test]
fn handing_in_settles_how_far_it_climbs_and_tells_the_applicant() {
    let mut mocks = with_case(State::Draft);
    mocks.members.expect_hold().returning(|_| Ok(Some(ada())));
    ruled(&mut mocks, Naming::Shown);
    audited(&mut mocks);
    let mails = mailed(&mut mocks);
    let kept = keeping(&mut mocks);
    let hall = Hall::over(mocks);
    let own = call_of_member(Some(ADA));
    let seen = hall.application.benevolence.submit(&own, ASK).unwrap();
    match seen {
        Seen::Whole(whole) => assert_eq!(whole.notes, None, "notes are the office's"),
        Seen::Need(_) => panic!("it is their own"),
    }
    let after = kept.lock().unwrap()[0].clone();
    let climb = after.state.climb().unwrap();
    assert_eq!(
        (after.state.status(), climb.last()),
        (Status::Submitted, Level::Admin)
    );
    assert!(after.notes.is_some(), "what is not shown is kept");
    let mails = mails.lock().unwrap();
    assert_eq!(
        mails[0].subject,
        "Your application BF-2026-0001 was handed in"
    );
    assert!(!mails[0].text.contains("Surgery") && !mails[0].text.contains("600"));
}

#[test]
fn somebody_else_opens_the_review_and_others_cases_are_not_there() {
    let submitted = State::Submitted(Climb::begin(dollars("600"), Level::Admin).unwrap());
    let hall = Hall::over(with_case(submitted.clone()));
    let fund = &hall.application.benevolence;
    let other = call_of_member(Some(GRACE));
    assert_eq!(code(fund.withdraw(&other, ASK, None)), Code::NotFound);
    assert_eq!(code(fund.submit(&other, ASK)), Code::NotFound);
    let own = fund.begin_review(&ada_as(Role::Staff), ASK);
    assert_eq!(code(own), Code::NotOneself);
    let stale = if_match(call(Role::Staff), 2);
    assert_eq!(code(fund.begin_review(&stale, ASK)), Code::Stale);

    let mut mocks = with_case(submitted);
    ruled(&mut mocks, Naming::Shown);
    audited(&mut mocks);
    mailed(&mut mocks);
    let kept = keeping(&mut mocks);
    let hall = Hall::over(mocks);
    hall.application
        .benevolence
        .begin_review(&call(Role::Staff), ASK)
        .unwrap();
    let after = kept.lock().unwrap()[0].clone();
    assert_eq!(after.state, under_review(Level::Vp));
    assert_eq!(after.version, Version::FIRST.next());
}

#[test]
fn an_answer_is_kept_with_its_question_and_goes_back_to_the_level_that_asked() {
    let climb = Climb::restore(dollars("600"), Level::Admin, Level::Admin).unwrap();
    let mut mocks = with_case(State::NeedsInfo(climb, words("Which hospital?")));
    ruled(&mut mocks, Naming::Shown);
    audited(&mut mocks);
    mailed(&mut mocks);
    let kept = keeping(&mut mocks);
    mocks
        .benevolence_file
        .expect_insert_answer()
        .withf(|answer| {
            answer.level == Level::Admin && answer.question.as_str() == "Which hospital?"
        })
        .times(1)
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let own = call_of_member(Some(ADA));
    let fund = &hall.application.benevolence;
    fund.answer(&own, ASK, words("Harborview.")).unwrap();
    assert_eq!(kept.lock().unwrap()[0].state, under_review(Level::Admin));
}

#[test]
fn whoever_withdraws_for_the_applicant_says_why_and_the_applicant_need_not() {
    let withdrawn = |call: &Call, reason: Option<&str>| {
        let mut mocks = with_case(under_review(Level::Vp));
        ruled(&mut mocks, Naming::Shown);
        audited(&mut mocks);
        mailed(&mut mocks);
        keeping(&mut mocks);
        let hall = Hall::over(mocks);
        let fund = &hall.application.benevolence;
        fund.withdraw(call, ASK, reason.map(words)).map(drop)
    };
    let staff = call(Role::Staff);
    let expected = [("reason".to_owned(), "required")];
    assert_eq!(wrong_fields(withdrawn(&staff, None)), expected);
    assert!(withdrawn(&staff, Some("She asked us to.")).is_ok());
    assert!(withdrawn(&call_of_member(Some(ADA)), None).is_ok());
}

#[test]
fn what_is_decided_is_not_withdrawn_and_the_refusal_says_what_is_allowed() {
    let hall = Hall::over(with_case(awarded("600", "0")));
    let own = call_of_member(Some(ADA));
    let refused = hall.application.benevolence.withdraw(&own, ASK, None);
    let error = refused.unwrap_err();
    assert!(matches!(error, BenevolenceError::Illegal(_)));
    assert_eq!(
        crate::error::Coded::allowed_actions(&error),
        Some(vec!["pay"])
    );
    assert!(hall.rolled_back());
}
