//! Tests of the operator's use cases.

use mockall::predicate::eq;
use unionhall_domain::{
    passwords::Strength,
    roles::Role,
    tenants::{Slug, TenantId},
    text::Line,
    users::EmailAddress,
};
use unionhall_ports::{
    audit::AuditActor,
    identity::{Credentials, UserState},
    mock::MockRepositories,
    passwords::PasswordHash,
    storage::StorageError,
    tenants::Room,
    unit_of_work::{Decision, Mode, Scope},
};

use super::{AccountError, NewTenant, NewUser};
use crate::fixtures::{CALLER, HALL, Hall, audited, for_good, now, tenant, told, user};

const KEPT: (Scope, Mode, Decision) = (Scope::Identity, Mode::Write, Decision::Commit);
const LOST: (Scope, Mode, Decision) = (Scope::Identity, Mode::Write, Decision::RollBack);

fn new_tenant() -> NewTenant {
    let tenant = tenant();
    NewTenant {
        slug: tenant.slug,
        name: tenant.name,
        kind: tenant.kind,
        time_zone: tenant.time_zone,
        currency: tenant.currency,
    }
}

fn address() -> EmailAddress {
    EmailAddress::parse("owner@hall.example").unwrap()
}

fn hash() -> PasswordHash {
    PasswordHash::new("$2b$12$".to_owned())
}

fn new_user() -> NewUser {
    NewUser {
        email: address(),
        first_name: Line::parse("Olive").unwrap(),
        last_name: Line::parse("Owner").unwrap(),
        password: hash(),
    }
}

fn known(tenant: Option<TenantId>) -> Credentials {
    Credentials {
        user: user(CALLER),
        password_hash: hash(),
        state: UserState::Active,
        verified: true,
        failures: 0,
        locked_until: None,
        tenant,
    }
}

fn taken(name: &str) -> StorageError {
    StorageError::Constraint {
        name: name.to_owned(),
    }
}

fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

#[test]
fn a_tenant_is_made_with_its_owner_and_all_of_it_is_on_record() {
    let mut mocks = MockRepositories::default();
    let events = audited(&mut mocks);
    mocks.tenants.expect_insert().times(1).returning(|_| Ok(()));
    mocks
        .identity
        .expect_find_credentials()
        .returning(|_| Ok(None));
    mocks
        .identity
        .expect_insert_user()
        .times(1)
        .withf(|user, password| user.email == address() && *password == hash())
        .returning(|_, _| Ok(()));
    mocks
        .identity
        .expect_put_membership()
        .times(1)
        .withf(|place, at| place.roles == [for_good(Role::Owner)] && *at == now())
        .returning(|_, _| Ok(()));
    let hall = Hall::over(mocks);
    let accounts = &hall.application.accounts;
    let tenant = accounts.create_tenant(new_tenant(), new_user()).unwrap();
    assert_eq!(tenant.slug, slug("local-46"));
    assert_eq!(hall.runs(), [KEPT]);
    let made = [
        ("created", "tenant"),
        ("created", "user"),
        ("created", "membership"),
    ];
    assert_eq!(told(&events), made);
    let events = events.lock().unwrap();
    let by_the_operator_in_the_tenant =
        |event: &_| -> bool { operator_event(event) == (AuditActor::Operator, Some(tenant.id)) };
    assert!(events.iter().all(by_the_operator_in_the_tenant));
}

fn operator_event(event: &unionhall_ports::audit::AuditEvent) -> (AuditActor, Option<TenantId>) {
    (event.actor, event.tenant)
}

#[test]
fn a_tenants_owner_may_be_a_user_there_is_whose_password_stays() {
    let mut mocks = MockRepositories::default();
    let events = audited(&mut mocks);
    mocks.tenants.expect_insert().returning(|_| Ok(()));
    mocks
        .identity
        .expect_find_credentials()
        .with(eq(address()))
        .returning(|_| Ok(Some(known(None))));
    mocks
        .identity
        .expect_put_membership()
        .times(1)
        .withf(|place, _| place.user == CALLER)
        .returning(|_, _| Ok(()));
    let hall = Hall::over(mocks);
    let accounts = &hall.application.accounts;
    accounts.create_tenant(new_tenant(), new_user()).unwrap();
    assert_eq!(
        told(&events),
        [("created", "tenant"), ("created", "membership")]
    );
}

#[test]
fn a_slug_or_an_address_that_is_taken_is_told_and_nothing_is_made() {
    let mut mocks = MockRepositories::default();
    mocks
        .tenants
        .expect_insert()
        .returning(|_| Err(taken("tenants_slug_key")));
    let hall = Hall::over(mocks);
    let result = hall
        .application
        .accounts
        .create_tenant(new_tenant(), new_user());
    assert!(matches!(result, Err(AccountError::SlugTaken)));
    assert_eq!(hall.runs(), [LOST]);

    let mut mocks = MockRepositories::default();
    mocks
        .identity
        .expect_insert_user()
        .returning(|_, _| Err(taken("users_email_key")));
    let hall = Hall::over(mocks);
    let result = hall.application.accounts.create_user(new_user(), None);
    assert!(matches!(result, Err(AccountError::EmailTaken)));
    assert_eq!(hall.runs(), [LOST]);
}

#[test]
fn a_user_is_made_with_or_without_a_place() {
    let mut mocks = MockRepositories::default();
    let events = audited(&mut mocks);
    mocks
        .tenants
        .expect_find_by_slug()
        .returning(|found| Ok((*found == slug("local-46")).then(tenant)));
    mocks
        .identity
        .expect_insert_user()
        .times(2)
        .returning(|_, _| Ok(()));
    mocks
        .identity
        .expect_put_membership()
        .times(1)
        .withf(|place, _| {
            place.tenant == HALL
                && place.roles == [for_good(Role::Staff), for_good(Role::Organizer)]
        })
        .returning(|_, _| Ok(()));
    mocks
        .tenants
        .expect_reserve_user()
        .with(eq(HALL))
        .times(1)
        .returning(|_| Ok(Room::Reserved));
    let hall = Hall::over(mocks);
    let accounts = &hall.application.accounts;
    let local = slug("local-46");
    let roles = [Role::Staff, Role::Organizer];
    accounts
        .create_user(new_user(), Some((&local, &roles)))
        .unwrap();
    accounts.create_user(new_user(), None).unwrap();
    let made = [
        ("created", "user"),
        ("created", "membership"),
        ("created", "user"),
    ];
    assert_eq!(told(&events), made);
    assert_eq!(events.lock().unwrap()[2].tenant, None);
    let nowhere = slug("nowhere-1");
    let result = accounts.create_user(new_user(), Some((&nowhere, &roles)));
    assert!(matches!(result, Err(AccountError::NoTenant(name)) if name == "nowhere-1"));
    assert_eq!(hall.runs(), [KEPT, KEPT, LOST]);
}

#[test]
fn a_tenant_without_a_place_left_gets_no_user() {
    let mut mocks = MockRepositories::default();
    audited(&mut mocks);
    mocks
        .tenants
        .expect_find_by_slug()
        .returning(|_| Ok(Some(tenant())));
    mocks.identity.expect_insert_user().returning(|_, _| Ok(()));
    mocks
        .tenants
        .expect_reserve_user()
        .returning(|_| Ok(Room::Full { limit: 25 }));
    let hall = Hall::over(mocks);
    let accounts = &hall.application.accounts;
    let result = accounts.create_user(new_user(), Some((&slug("local-46"), &[Role::Staff])));
    assert_eq!(
        result.unwrap_err().to_string(),
        "the tenant has used up what it may use: 25 users"
    );
    assert_eq!(hall.runs(), [LOST]);
}

#[test]
fn tenants_and_users_are_listed_by_reading_alone() {
    let mut mocks = MockRepositories::default();
    mocks.tenants.expect_list().returning(|| Ok(vec![tenant()]));
    mocks
        .tenants
        .expect_find_by_slug()
        .returning(|found| Ok((*found == slug("local-46")).then(tenant)));
    mocks
        .identity
        .expect_list_users()
        .returning(|tenant| Ok(vec![user(CALLER); if tenant.is_some() { 1 } else { 2 }]));
    let hall = Hall::over(mocks);
    let accounts = &hall.application.accounts;
    let local = slug("local-46");
    assert_eq!(accounts.list_tenants().unwrap(), [tenant()]);
    assert_eq!(accounts.find_tenant(&local).unwrap(), tenant());
    assert_eq!(accounts.list_users(None).unwrap().len(), 2);
    assert_eq!(accounts.list_users(Some(&local)).unwrap().len(), 1);
    let nowhere = slug("nowhere-1");
    assert!(accounts.find_tenant(&nowhere).is_err());
    assert!(accounts.list_users(Some(&nowhere)).is_err());
    let modes: Vec<_> = hall.runs().into_iter().map(|(_, mode, _)| mode).collect();
    assert!(!modes.contains(&Mode::Write));
}

#[test]
fn a_new_password_ends_every_session_and_is_on_record_without_the_password() {
    let mut mocks = MockRepositories::default();
    let events = audited(&mut mocks);
    mocks
        .identity
        .expect_find_credentials()
        .returning(|_| Ok(Some(known(Some(HALL)))));
    mocks
        .identity
        .expect_set_password()
        .with(eq(CALLER), eq(hash()), eq(Strength::Alone), eq(now()))
        .times(1)
        .returning(|_, _, _, _| Ok(()));
    mocks
        .identity
        .expect_end_sessions()
        .with(eq(CALLER), eq(now()))
        .times(1)
        .returning(|_, _| Ok(2));
    let hall = Hall::over(mocks);
    let accounts = &hall.application.accounts;
    accounts.reset_password(&address(), &hash()).unwrap();
    assert_eq!(hall.runs(), [KEPT]);
    assert_eq!(told(&events), [("password_reset", "user")]);
    let events = events.lock().unwrap();
    assert_eq!(events[0].tenant, Some(HALL));
    assert!(!format!("{:?}", events[0]).contains("$2b$12$"));
}

#[test]
fn an_address_that_nobody_has_gets_no_new_password() {
    let mut mocks = MockRepositories::default();
    mocks
        .identity
        .expect_find_credentials()
        .returning(|_| Ok(None));
    let hall = Hall::over(mocks);
    let accounts = &hall.application.accounts;
    let error = accounts.reset_password(&address(), &hash()).unwrap_err();
    assert_eq!(error.to_string(), "there is no user owner@hall.example");
    assert_eq!(hall.runs(), [LOST]);
}
