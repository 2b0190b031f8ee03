//! Tests of one application: what it asks, for whom it waits, and who sees whose it is.

use jiff::{SignedDuration, Timestamp, civil::date};
use uuid::Uuid;

use super::super::*;

const TODAY: Date = date(2026, 11, 21);
const ADA: MemberId = Id::new(Uuid::from_u128(1));
const VP: UserId = Id::new(Uuid::from_u128(2));
const CLERK: UserId = Id::new(Uuid::from_u128(3));

fn at() -> Timestamp {
    "2026-11-21T20:00:00Z".parse().unwrap()
}

fn days(days: i64) -> Timestamp {
    at() + SignedDuration::from_hours(24 * days)
}

fn cents(minor: i64) -> Amount {
    Amount::from_minor(minor).unwrap()
}

fn application(place: i32, state: State) -> BenevolenceApplication {
    BenevolenceApplication {
        id: Id::new(Uuid::from_u128(10)),
        number: BenevolenceNumber::new(2026, place).unwrap(),
        member: ADA,
        filed_by: Some(CLERK),
        author: Author::Office,
        application_date: TODAY,
        request: Request {
            reason: Reason::Medical,
            description: Prose::parse("Surgery, and no work since May.").unwrap(),
            amount: cents(60_000),
        },
        notes: Some(Prose::parse("Ada came by.").unwrap()),
        state,
        since: at(),
        version: Version::FIRST,
        created_at: at(),
        updated_at: at(),
        deleted_at: None,
    }
}

fn under_review() -> State {
    State::UnderReview(Climb::begin(cents(60_000), Level::Admin).unwrap())
}

fn reviewer(user: UserId) -> Reviewer {
    Reviewer { user, member: None }
}

fn seat() -> Seat {
    Seat {
        id: Id::new(Uuid::from_u128(4)),
        level: Level::Vp,
        holder: reviewer(VP),
        from: TODAY,
        until: None,
    }
}

fn review(verdict: Verdict) -> Review {
    Review {
        id: Id::new(Uuid::from_u128(5)),
        application: Id::new(Uuid::from_u128(10)),
        level: Level::Vp,
        reviewer: reviewer(VP),
        verdict,
        comments: None,
        reviewed_at: at(),
    }
}

#[test]
fn a_request_is_for_something_and_not_of_tomorrow() {
    let request = application(1, State::Draft).request;
    assert_eq!(request.check(TODAY, TODAY), Ok(()));
    let nothing = request.changed(RequestChange {
        amount: Change::Set(Amount::ZERO),
        ..RequestChange::default()
    });
    let wrong: Vec<_> = nothing
        .check(date(2026, 11, 22), TODAY)
        .unwrap_err()
        .into_iter()
        .map(|error| (error.field.into_owned(), error.invalid.code))
        .collect();
    let expected = [
        ("amount_requested", "not_positive"),
        ("application_date", "in_the_future"),
    ];
    assert_eq!(
        wrong,
        expected.map(|(field, code)| (field.to_owned(), code))
    );
}

#[test]
fn what_is_handed_in_climbs_as_far_as_the_rules_of_the_day_say() {
    let draft = application(1, State::Draft);
    let action = draft.handed_in(&Rules::default_rules()).unwrap();
    let handed_in = draft.moved(action, days(1)).unwrap();
    let climb = handed_in.state.climb().unwrap();
    assert_eq!((climb.level(), climb.last()), (Level::Vp, Level::Admin));
    assert_eq!(handed_in.since, days(1));
}

#[test]
fn an_application_waits_anew_at_each_level_and_not_after_a_payment_in_part() {
    let approve = |level, on| Action::Review {
        level,
        verdict: Verdict::Approve(cents(50_000)),
        on,
    };
    let up = application(1, under_review()).moved(approve(Level::Vp, TODAY), days(1));
    let up = up.unwrap();
    assert_eq!(
        (up.state.turn(), up.since),
        (Some(Turn::Level(Level::Admin)), days(1))
    );
    let granted = up.moved(approve(Level::Admin, TODAY), days(2)).unwrap();
    assert_eq!(
        (granted.state.turn(), granted.since),
        (Some(Turn::Payment), days(2))
    );
    let part = granted.moved(Action::Pay(cents(1)), days(3)).unwrap();
    assert_eq!(part.since, days(2));
    let paid = part.moved(Action::Pay(cents(49_999)), days(4)).unwrap();
    assert_eq!((paid.state.turn(), paid.since), (None, days(4)));
}

#[test]
fn the_queue_shows_only_what_is_mine_in_the_order_in_which_it_was_found() {
    let cases = [
        BenevolenceApplication {
            since: days(1),
            ..application(1, under_review())
        },
        application(3, under_review()),
        application(2, under_review()),
        application(4, State::Draft),
        application(5, State::Withdrawn(None)),
    ];
    let mine = |_: &BenevolenceApplication, turn| turn == Turn::Level(Level::Vp);
    let now = days(3) - SignedDuration::from_secs(1);
    let shown: Vec<_> = queue(&cases, now, mine)
        .into_iter()
        .map(|waiting| (waiting.number.place(), waiting.days))
        .collect();
    assert_eq!(shown, [(1, 1), (3, 2), (2, 2)]);
    let early = queue(&cases[..1], at(), mine);
    assert_eq!(early[0].days, 0, "nobody waits for less than nothing");
}

#[test]
fn an_applicant_is_asked_so_often_and_no_more_and_can_still_be_decided_on() {
    let (seats, words) = ([seat()], Prose::placeholder);
    let after = |questions: usize, verdict: Verdict| {
        let reviews = vec![review(Verdict::Ask(words())); questions];
        let bench = Bench {
            applicant: ADA,
            day: TODAY,
            seats: &seats,
            relations: &[],
            reviews: &reviews,
        };
        application(1, under_review()).reviewed(&bench, reviewer(VP), Level::Vp, verdict, at())
    };
    let ask = || Verdict::Ask(words());
    assert!(after(MOST_QUESTIONS - 1, ask()).is_ok());
    let refused = after(MOST_QUESTIONS, ask());
    assert_eq!(refused, Err(ReviewError::TooManyQuestions));
    assert!(after(MOST_QUESTIONS, Verdict::Deny(words())).is_ok());
}

#[test]
fn every_turn_has_a_name_of_its_own() {
    let names = Turn::ALL.map(Turn::as_str);
    let expected = [
        "applicant",
        "office",
        "vp",
        "admin",
        "manager",
        "president",
        "payment",
    ];
    assert_eq!(names, expected);
    assert_eq!(names.map(Turn::parse), Turn::ALL.map(Ok));
    assert_eq!(Turn::parse("draft").unwrap_err().code, "unknown_value");
}

fn sight(naming: Naming, who: Reviewer, state: State, reviews: &[Review]) -> Sight {
    let looking = Looking {
        who,
        day: TODAY,
        naming,
        seats: &[seat()],
        reviews,
        unmaskings: &[],
    };
    looking.sight(&application(1, state))
}

#[test]
fn who_sits_on_the_bench_sees_the_need_before_the_name_where_the_tenant_says_so() {
    let vp = reviewer(VP);
    let see = |naming, who| sight(naming, who, under_review(), &[]);
    assert_eq!(see(Naming::NeedFirst, vp), Sight::NeedOnly);
    assert_eq!(see(Naming::Shown, vp), Sight::Whole);
    let other = reviewer(Id::new(Uuid::from_u128(99)));
    assert_eq!(see(Naming::NeedFirst, other), Sight::Whole);
    assert_eq!(see(Naming::NeedFirst, reviewer(CLERK)), Sight::Whole);
    let own = Reviewer {
        member: Some(ADA),
        ..vp
    };
    assert_eq!(see(Naming::NeedFirst, own), Sight::Whole);
}

#[test]
fn the_name_is_shown_after_the_own_decision_but_not_after_a_question() {
    let see = |verdict| {
        sight(
            Naming::NeedFirst,
            reviewer(VP),
            under_review(),
            &[review(verdict)],
        )
    };
    let words = Prose::placeholder;
    assert_eq!(see(Verdict::Ask(words())), Sight::NeedOnly);
    assert_eq!(see(Verdict::Defer(words())), Sight::Whole);
    assert_eq!(see(Verdict::Approve(cents(1))), Sight::Whole);
    let denied = State::Denied(words());
    let after = sight(Naming::NeedFirst, reviewer(VP), denied, &[]);
    assert_eq!(after, Sight::Whole);
}

#[test]
fn an_unmasking_shows_the_name_to_whom_it_was_shown_and_to_nobody_else() {
    let unmasking = |user| Unmasking {
        id: Id::new(Uuid::from_u128(6)),
        application: Id::new(Uuid::from_u128(10)),
        user,
        reason: Prose::placeholder(),
        at: at(),
    };
    let see = |unmaskings: &[Unmasking]| {
        let looking = Looking {
            who: reviewer(VP),
            day: TODAY,
            naming: Naming::NeedFirst,
            seats: &[seat()],
            reviews: &[],
            unmaskings,
        };
        looking.look(application(1, under_review()))
    };
    assert!(matches!(see(&[unmasking(VP)]), Seen::Whole(_)));
    match see(&[unmasking(CLERK)]) {
        Seen::Whole(_) => panic!("the name is held back"),
        Seen::Need(need) => assert!(!format!("{need:?}").contains("Ada")),
    }
}

#[test]
fn the_audit_trail_shows_where_an_application_stands() {
    let shown = |state| -> Vec<String> {
        let wanted = [
            "status",
            "review_level",
            "last_level",
            "question",
            "decision_reason",
            "approved_amount",
            "decision_date",
            "paid_amount",
        ];
        application(1, state)
            .fields()
            .into_iter()
            .filter(|(name, _)| wanted.contains(name))
            .filter_map(|(_, value)| value)
            .collect()
    };
    assert_eq!(shown(under_review()), ["under_review", "vp", "admin"]);
    let award = Award::restore(cents(300), cents(100), TODAY).unwrap();
    assert_eq!(
        shown(State::Awarded(award)),
        ["approved", "3.00", "2026-11-21", "1.00"]
    );
    let reason = Prose::parse("The fund is for members.").unwrap();
    assert_eq!(
        shown(State::Denied(reason)),
        ["denied", "The fund is for members."]
    );
}
