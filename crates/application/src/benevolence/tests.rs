//! Tests of the use cases of the benevolence fund.

mod applying;
mod paying;
mod reading;
mod reviewing;
mod ruling;

use std::sync::Arc;

use jiff::civil::{Date, date};
use unionhall_domain::{
    benevolence::{
        Author, Award, BenevolenceApplication, BenevolenceApplicationId, BenevolenceNumber, Climb,
        Fund, Kinship, Level, Naming, Reason, Relation, Request, Review, Reviewer, RuleBook, Rules,
        RulesVersion, Seat, State, Verdict, YearAwards,
    },
    members::{Member, MemberId},
    money::Amount,
    roles::Role,
    text::Prose,
    users::{EmailAddress, UserId},
    version::Version,
};
use unionhall_ports::mock::MockRepositories;

use crate::{
    actor::Actor,
    call::Call,
    fixtures::{ADA, CALLER, Shared, access, call_of, for_good, id, member, now, tenant},
};

/// The application of every test.
const ASK: BenevolenceApplicationId = id(5_001);
/// Every test's day in Seattle.
const TODAY: Date = date(2026, 11, 21);

fn dollars(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

fn words<const MAX: usize>(text: &str) -> Prose<MAX> {
    Prose::parse(text).unwrap()
}

fn request() -> Request {
    Request {
        reason: Reason::Medical,
        description: words("Surgery, and no work since May."),
        amount: dollars("600"),
    }
}

/// Ada's application, standing there.
fn application(state: State) -> BenevolenceApplication {
    BenevolenceApplication {
        id: ASK,
        number: BenevolenceNumber::new(2026, 1).unwrap(),
        member: ADA,
        filed_by: None,
        author: Author::Office,
        application_date: TODAY,
        request: request(),
        notes: Some(words("Came by on Friday.")),
        state,
        since: now(),
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
    }
}

/// At this level, of two.
fn under_review(level: Level) -> State {
    State::UnderReview(Climb::restore(dollars("600"), level, Level::Admin).unwrap())
}

fn awarded(amount: &str, paid: &str) -> State {
    State::Awarded(Award::restore(dollars(amount), dollars(paid), TODAY).unwrap())
}

/// Ada, who can be written to.
fn ada() -> Member {
    let mut ada = member();
    ada.details.email = Some(EmailAddress::parse("ada@hall.example").unwrap());
    ada
}

/// Mocks that know the application, standing there, and its member.
fn with_case(state: State) -> MockRepositories {
    let case = application(state);
    let mut mocks = MockRepositories::default();
    mocks
        .benevolence
        .expect_find()
        .returning(move |id| Ok((id == ASK).then(|| case.clone())));
    mocks
        .members
        .expect_find()
        .returning(|id| Ok((id == ADA).then(ada)));
    mocks
}

/// Lets the mocks write the application, and shows it.
fn keeping(mocks: &mut MockRepositories) -> Shared<BenevolenceApplication> {
    let kept = Shared::default();
    let taken = Shared::clone(&kept);
    mocks.benevolence.expect_update().returning(move |after| {
        taken.lock().unwrap().push(after.clone());
        Ok(())
    });
    kept
}

/// The defaults with this naming, and a reserve of 100, from the beginning of the year on.
fn version(naming: Naming) -> RulesVersion {
    let rules = Rules {
        naming,
        reserve: dollars("100"),
        ..Rules::default_rules()
    };
    RulesVersion {
        effective_from: date(2026, 1, 1),
        rules,
        set_by: None,
        set_at: now(),
    }
}

/// Tells the mocks the rules: the defaults with this naming, and a reserve of 100.
pub(crate) fn ruled(mocks: &mut MockRepositories, naming: Naming) {
    let book = RuleBook::of(vec![version(naming)]).unwrap();
    mocks
        .benevolence_bench
        .expect_rules()
        .returning(move || Ok(book.clone()));
}

fn seat(level: Level, user: UserId) -> Seat {
    Seat {
        id: id(6_001),
        level,
        holder: Reviewer { user, member: None },
        from: date(2026, 1, 1),
        until: None,
    }
}

/// Seats the caller at these levels.
pub(crate) fn seated(mocks: &mut MockRepositories, levels: &[Level]) {
    let seats: Vec<_> = levels.iter().map(|level| seat(*level, CALLER)).collect();
    mocks
        .benevolence_bench
        .expect_seats()
        .withf(|day| *day == TODAY)
        .returning(move |_| Ok(seats.clone()));
}

/// Tells the mocks what was reviewed, by whom the caller is related, and that nothing was unmasked.
fn known(mocks: &mut MockRepositories, reviews: Vec<Review>, related: Option<MemberId>) {
    mocks
        .benevolence_file
        .expect_reviews()
        .returning(move |_| Ok(reviews.clone()));
    mocks
        .benevolence_file
        .expect_unmaskings()
        .returning(|_| Ok(Vec::new()));
    let relations: Vec<_> = related.into_iter().map(relation).collect();
    mocks
        .benevolence_bench
        .expect_relations()
        .returning(move |_| Ok(relations.clone()));
}

fn relation(member: MemberId) -> Relation {
    Relation {
        id: id(7_001),
        member,
        reviewer: Reviewer {
            user: CALLER,
            member: None,
        },
        kinship: Kinship::Sibling,
        declared_by: None,
        declared_at: now(),
        ended_at: None,
    }
}

fn review(level: Level, user: UserId, verdict: Verdict) -> Review {
    Review {
        id: id(8_001),
        application: ASK,
        level,
        reviewer: Reviewer { user, member: None },
        verdict,
        comments: Some(words("Looks right.")),
        reviewed_at: now(),
    }
}

/// Tells the mocks what the fund holds and that the member has had nothing this year; shows what is kept of it.
fn funded(mocks: &mut MockRepositories, fund: Fund) -> Shared<Fund> {
    mocks
        .benevolence_fund
        .expect_hold()
        .returning(move || Ok(fund));
    mocks
        .benevolence_fund
        .expect_awarded()
        .withf(|member, reason, year| (*member, *reason, *year) == (ADA, Reason::Medical, 2026))
        .returning(|_, _, _| {
            Ok(YearAwards {
                whole: Amount::ZERO,
                reason: Amount::ZERO,
            })
        });
    let kept = Shared::default();
    let taken = Shared::clone(&kept);
    mocks.benevolence_fund.expect_keep().returning(move |fund| {
        taken.lock().unwrap().push(*fund);
        Ok(())
    });
    kept
}

/// Ada at work in the hall, with this role.
fn ada_as(role: Role) -> Call {
    let access = Arc::new(access(&[for_good(role)], Some(ADA)));
    call_of(Actor::person(access, Arc::new(tenant()), now()))
}

fn fund(deposited: &str, awarded: &str, paid: &str) -> Fund {
    Fund::restore(dollars(deposited), dollars(awarded), dollars(paid)).unwrap()
}
