//! Tests of the use cases of profiles.

use std::sync::Arc;

use unionhall_domain::{
    change::Change,
    profiles::{ColleagueCard, Profile, ProfileChange, ProfileDetails},
    roles::Role,
    tenants::Standing,
    text::Line,
    version::Version,
};
use unionhall_ports::{
    mock::MockRepositories,
    unit_of_work::{Decision, Mode, Scope},
};

use crate::{
    actor::Actor,
    error::Code,
    fixtures::{
        CALLER, HALL, Hall, STEWARD, access, audited, call, call_of, code, for_good, id, if_match,
        now, rehearsed, tenant, told, touched, user,
    },
};

fn profile() -> Profile {
    Profile {
        user: user(CALLER),
        details: ProfileDetails::default(),
        version: Version::FIRST,
    }
}

/// Mocks that know the caller.
fn with_caller() -> MockRepositories {
    let mut mocks = MockRepositories::default();
    mocks
        .profiles
        .expect_find()
        .returning(|id| Ok((id == CALLER).then(profile)));
    mocks
}

fn to(title: &str) -> ProfileChange {
    ProfileChange {
        job_title: Change::Set(Some(Line::parse(title).unwrap())),
        ..ProfileChange::default()
    }
}

#[test]
fn everybody_sees_their_own_profile_with_tenants_and_what_they_may_do() {
    let mut mocks = with_caller();
    mocks
        .identity
        .expect_tenants_of()
        .returning(|_| Ok(vec![tenant()]));
    mocks.email_changes.expect_find().returning(|_, _| Ok(None));
    let hall = Hall::over(mocks);
    let own = hall.application.profiles.find_own(&call(Role::Contact));
    let own = own.unwrap();
    assert_eq!((own.profile, own.tenants), (profile(), vec![tenant()]));
    let read = (Scope::Identity, Mode::Snapshot, Decision::Commit);
    assert_eq!(hall.runs(), [read]);
}

#[test]
fn a_change_of_ones_own_profile_is_on_record_field_by_field() {
    let mut mocks = with_caller();
    let events = audited(&mut mocks);
    mocks
        .profiles
        .expect_update()
        .times(1)
        .withf(|after, at| after.version.get() == 2 && after.user.id == CALLER && *at == now())
        .returning(|_, _| Ok(()));
    let hall = Hall::over(mocks);
    let call = if_match(call(Role::Member), 1);
    hall.application
        .profiles
        .update_own(&call, to("Steward"))
        .unwrap();
    assert!(hall.committed());
    assert_eq!(told(&events), [("updated", "user")]);
    assert_eq!(touched(&events), ["job_title"]);
}

#[test]
fn a_profile_is_the_persons_also_where_the_tenant_may_change_nothing() {
    let mut mocks = with_caller();
    audited(&mut mocks);
    mocks.profiles.expect_update().returning(|_, _| Ok(()));
    let hall = Hall::over(mocks);
    let mut suspended = tenant();
    suspended.plan.standing = Standing::Suspended;
    let access = Arc::new(access(&[for_good(Role::Staff)], None));
    let call = call_of(Actor::person(access, Arc::new(suspended), now()));
    let profiles = &hall.application.profiles;
    profiles.update_own(&call, to("Steward")).unwrap();
    assert!(hall.committed());
}

#[test]
fn a_rehearsed_change_and_one_that_changes_nothing_and_a_stale_one_keep_nothing() {
    let mut mocks = with_caller();
    audited(&mut mocks);
    mocks.profiles.expect_update().returning(|_, _| Ok(()));
    let hall = Hall::over(mocks);
    let profiles = &hall.application.profiles;
    let rehearsed = rehearsed(call(Role::Staff));
    profiles.update_own(&rehearsed, to("Steward")).unwrap();
    assert!(hall.rolled_back());

    let hall = Hall::over(with_caller());
    let profiles = &hall.application.profiles;
    let nothing = ProfileChange::default();
    let kept = profiles.update_own(&call(Role::Staff), nothing).unwrap();
    assert_eq!(kept, profile());
    let stale = if_match(call(Role::Staff), 9);
    let result = profiles.update_own(&stale, to("Steward"));
    assert_eq!(code(result), Code::Stale);
}

#[test]
fn colleagues_are_seen_by_everybody_but_contacts() {
    let card = || ColleagueCard {
        user: STEWARD,
        first_name: Line::parse("Stella").unwrap(),
        last_name: Line::parse("Steward").unwrap(),
        job_title: None,
        department: None,
    };
    for role in Role::ALL {
        let mut mocks = MockRepositories::default();
        mocks
            .profiles
            .expect_find_card()
            .returning(move |id| Ok((id == STEWARD).then(card)));
        let hall = Hall::over(mocks);
        let profiles = &hall.application.profiles;
        let found = profiles.find_colleague(&call(role), STEWARD);
        if role == Role::Contact {
            assert_eq!(code(found), Code::Forbidden);
            assert_eq!(hall.runs(), []);
        } else {
            assert_eq!(found.unwrap(), card());
            let unknown = profiles.find_colleague(&call(role), id(9));
            assert_eq!(code(unknown), Code::NotFound);
            let read = (Scope::Tenant(HALL), Mode::Read, Decision::Commit);
            assert_eq!(hall.runs(), [read; 2]);
        }
    }
}
