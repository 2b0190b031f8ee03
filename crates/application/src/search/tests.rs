//! Search, decided on with mocks: how far each role's look goes, and what goes on record.

use unionhall_domain::{
    benevolence::{Level, Naming},
    roles::Role,
    search::Rank,
};
use unionhall_ports::{
    mock::MockRepositories,
    unit_of_work::{Decision, Mode, Scope},
};
use uuid::Uuid;

use super::*;
use crate::{
    benevolence::tests::{ruled, seated},
    error::Code,
    fixtures::{ADA, HALL, Hall, Shared, call, call_of_member, code, told},
};

fn question(kinds: &[SearchKind]) -> Question {
    Question {
        words: SearchWords::parse("Voltz").unwrap(),
        kinds: kinds.to_vec(),
        limit: 20,
    }
}

fn find(kind: SearchKind) -> Find {
    Find {
        kind,
        id: Uuid::from_u128(7),
        rank: Rank::Words,
        number: None,
        title: "Ada Voltz".to_owned(),
        subtitle: None,
        status: "active".to_owned(),
        texts: Vec::new(),
    }
}

/// A hall with these rules of naming, where the caller sits at the lowest level, in which whatever may be found is found
/// once.
fn hall_with(naming: Naming) -> Hall {
    let mut mocks = MockRepositories::default();
    ruled(&mut mocks, naming);
    seated(&mut mocks, &[Level::Vp]);
    mocks
        .search
        .expect_find()
        .returning(|request| Ok(request.kinds().into_iter().map(find).collect()));
    Hall::over(mocks)
}

/// The same where names are shown.
fn hall() -> Hall {
    hall_with(Naming::Shown)
}

#[test]
fn each_role_finds_what_it_may_read_and_nothing_else() {
    for role in Role::ALL {
        let hall = hall();
        let found = hall.application.search.find(&call(role), question(&[]));
        let kinds = found.unwrap().value.kinds;
        let expected: &[SearchKind] = match role {
            Role::Owner | Role::Admin | Role::Officer | Role::Staff => &SearchKind::ALL,
            Role::Organizer => &[SearchKind::Member, SearchKind::Organization],
            Role::Instructor | Role::Moderator | Role::Member | Role::Contact => &[],
        };
        assert_eq!(kinds, expected, "{role:?}");
        // Whoever can find nothing does not even look.
        let runs = if expected.is_empty() { 0 } else { 1 };
        assert_eq!(hall.runs().len(), runs, "{role:?}");
    }
}

#[test]
fn who_may_read_only_their_own_records_looks_no_further() {
    let ada = call_of_member(Some(ADA));
    let request = within_reach(&ada.actor, question(&[]));
    assert_eq!(request.members, Reach::Of(ADA));
    assert_eq!(request.grievances, Reach::Of(ADA));
    assert_eq!(request.applications, Reach::Of(ADA));
    assert!(!request.organizations);
    let nobody = within_reach(&call_of_member(None).actor, question(&[]));
    assert_eq!(nobody.kinds(), []);
}

#[test]
fn only_the_kinds_that_are_wanted_are_looked_through() {
    let staff = call(Role::Staff);
    let request = within_reach(&staff.actor, question(&[SearchKind::Organization]));
    assert_eq!(request.kinds(), [SearchKind::Organization]);
}

#[test]
fn names_are_held_back_from_who_reviews_where_the_tenant_says_so_and_from_nobody_else() {
    let asked = |naming, call: &Call| {
        let taken = Shared::default();
        let seen = Shared::clone(&taken);
        let mut mocks = MockRepositories::default();
        ruled(&mut mocks, naming);
        seated(&mut mocks, &[Level::Vp]);
        mocks.search.expect_find().returning(move |request| {
            seen.lock().unwrap().push(request.applicants);
            Ok(Vec::new())
        });
        let hall = Hall::over(mocks);
        hall.application.search.find(call, question(&[])).unwrap();
        taken.lock().unwrap().clone()
    };
    let officer = call(Role::Officer);
    assert_eq!(asked(Naming::NeedFirst, &officer), [Applicants::HeldBack]);
    assert_eq!(asked(Naming::Shown, &officer), [Applicants::Named]);
    let ada = call_of_member(Some(ADA));
    assert_eq!(asked(Naming::NeedFirst, &ada), [Applicants::Named]);
}

#[test]
fn sensitive_kinds_go_on_record_and_one_statement_is_enough_for_who_finds_no_applications() {
    let hall = hall();
    let staff = call(Role::Staff);
    hall.application.search.find(&staff, question(&[])).unwrap();
    let events = ["member", "grievance", "benevolence_application"];
    assert_eq!(told(&hall.reads), events.map(|kind| ("listed", kind)));
    let expected = [("count", "1".to_owned()), ("q", "Voltz".to_owned())];
    assert_eq!(hall.reads.lock().unwrap()[0].details, expected);
    let organizer = call(Role::Organizer);
    hall.application
        .search
        .find(&organizer, question(&[]))
        .unwrap();
    let modes = [Mode::Snapshot, Mode::Read];
    let run = |mode| (Scope::Tenant(HALL), mode, Decision::Commit);
    assert_eq!(hall.runs(), modes.map(run));
}

#[test]
fn what_cannot_go_on_record_is_not_found() {
    let mut mocks = MockRepositories::default();
    ruled(&mut mocks, Naming::Shown);
    mocks.search.expect_find().returning(|_| Ok(Vec::new()));
    let hall = Hall::without_log(mocks);
    let staff = call(Role::Staff);
    let result = hall.application.search.find(&staff, question(&[]));
    assert_eq!(code(result), Code::Unavailable);
}
