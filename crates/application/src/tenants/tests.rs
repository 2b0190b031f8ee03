//! Tests of the use cases of the tenant itself.

use std::sync::Arc;

use unionhall_domain::{
    change::Change,
    roles::Role,
    tenants::{SettingsChange, Standing, TenantDetails, TenantSettings},
    text::Line,
};
use unionhall_ports::{
    identity::Access,
    mock::MockRepositories,
    storage::StorageError,
    tenants::TenantStatistics,
    unit_of_work::{Decision, Mode, Scope},
};

use crate::{
    actor::Actor,
    error::Code,
    fixtures::{
        HALL, Hall, access, audited, call, call_of, code, for_good, if_match, now, rehearsed,
        tenant, told, touched,
    },
};

fn details() -> TenantDetails {
    TenantDetails {
        tenant: tenant(),
        settings: TenantSettings::NONE,
    }
}

/// Mocks that know the hall.
fn with_hall() -> MockRepositories {
    let mut mocks = MockRepositories::default();
    mocks
        .tenants
        .expect_find_details()
        .returning(|id| Ok((id == HALL).then(details)));
    mocks
}

fn to(city: &str) -> SettingsChange {
    SettingsChange {
        city: Change::Set(Some(Line::parse(city).unwrap())),
        second_factor_roles: Change::Set(vec![Role::Staff, Role::Officer, Role::Staff]),
        ..SettingsChange::default()
    }
}

#[test]
fn only_owners_and_administrators_change_settings_and_see_what_is_used() {
    for role in Role::ALL {
        let hall = Hall::untouchable();
        let tenants = &hall.application.tenants;
        if ![Role::Owner, Role::Admin].contains(&role) {
            assert_eq!(
                code(tenants.update(&call(role), to("Kent"))),
                Code::Forbidden
            );
            assert_eq!(code(tenants.statistics(&call(role))), Code::Forbidden);
            assert_eq!(hall.runs(), []);
        }
    }
}

#[test]
fn whoever_has_a_place_sees_the_settings() {
    for role in Role::ALL {
        let hall = Hall::over(with_hall());
        let found = hall.application.tenants.find(&call(role)).unwrap();
        assert_eq!(found, details());
        let read = (Scope::Tenant(HALL), Mode::Read, Decision::Commit);
        assert_eq!(hall.runs(), [read]);
    }
}

#[test]
fn a_change_raises_the_version_and_is_on_record_with_the_day_from_which_it_counts() {
    let mut mocks = with_hall();
    let events = audited(&mut mocks);
    mocks
        .tenants
        .expect_update_settings()
        .times(1)
        .withf(|after| {
            after.tenant.version.get() == 2
                && after.settings.second_factor_roles == [Role::Officer, Role::Staff]
        })
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let call = if_match(call(Role::Admin), 1);
    hall.application.tenants.update(&call, to("Kent")).unwrap();
    assert!(hall.committed());
    assert_eq!(told(&events), [("updated", "tenant")]);
    assert_eq!(touched(&events), ["city", "second_factor_roles"]);
    let details = &events.lock().unwrap()[0].details;
    assert_eq!(*details, [("effective_date", "2026-11-21".to_owned())]);
}

#[test]
fn nobody_makes_a_rule_that_keeps_themselves_out() {
    let wanted = || SettingsChange {
        second_factor_roles: Change::Set(vec![Role::Owner, Role::Admin]),
        ..SettingsChange::default()
    };
    let without = call(Role::Admin);
    let hall = Hall::over(with_hall());
    let refused = hall.application.tenants.update(&without, wanted());
    assert_eq!(code(refused), Code::SecondFactorRequired);
    assert!(hall.rolled_back());

    let mut mocks = with_hall();
    audited(&mut mocks);
    mocks.tenants.expect_update_settings().returning(|_| Ok(()));
    let access = Access {
        has_second_factor: true,
        ..access(&[for_good(Role::Admin)], None)
    };
    let with_one = call_of(Actor::person(Arc::new(access), Arc::new(tenant()), now()));
    let hall = Hall::over(mocks);
    let changed = hall.application.tenants.update(&with_one, wanted());
    let roles = changed.unwrap().settings.second_factor_roles;
    assert_eq!(roles, [Role::Owner, Role::Admin]);
}

#[test]
fn a_rehearsed_change_keeps_nothing_and_one_that_changes_nothing_leaves_no_trace() {
    let mut mocks = with_hall();
    audited(&mut mocks);
    mocks.tenants.expect_update_settings().returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let call = rehearsed(call(Role::Owner));
    hall.application.tenants.update(&call, to("Kent")).unwrap();
    assert!(hall.rolled_back());

    let hall = Hall::over(with_hall());
    let call = crate::fixtures::call(Role::Owner);
    let after = hall
        .application
        .tenants
        .update(&call, SettingsChange::default())
        .unwrap();
    assert_eq!(after, details());
    assert!(hall.committed());
}

#[test]
fn whoever_saw_another_version_or_is_overtaken_changes_nothing() {
    let hall = Hall::over(with_hall());
    let stale = if_match(call(Role::Owner), 7);
    let result = hall.application.tenants.update(&stale, to("Kent"));
    assert_eq!(code(result), Code::Stale);
    let mut mocks = with_hall();
    mocks
        .tenants
        .expect_update_settings()
        .returning(|_| Err(StorageError::Stale));
    let hall = Hall::over(mocks);
    let result = hall
        .application
        .tenants
        .update(&call(Role::Owner), to("Kent"));
    assert_eq!(code(result), Code::ChangedMeanwhile);
}

#[test]
fn what_is_used_is_counted_in_one_read() {
    let mut mocks = MockRepositories::default();
    let counted = TenantStatistics {
        active_users: 3,
        users_by_role: vec![(Role::Owner, 1)],
        ..TenantStatistics::default()
    };
    let answer = counted.clone();
    mocks
        .tenants
        .expect_statistics()
        .returning(move |_| Ok(answer.clone()));
    let hall = Hall::over(mocks);
    let found = hall.application.tenants.statistics(&call(Role::Admin));
    assert_eq!(found.unwrap(), counted);
    let read = (Scope::Tenant(HALL), Mode::Read, Decision::Commit);
    assert_eq!(hall.runs(), [read]);
}

#[test]
fn a_tenant_has_a_card_until_it_is_canceled() {
    let standings = [Standing::Active, Standing::Suspended, Standing::Canceled];
    for (standing, there) in standings.into_iter().zip([true, true, false]) {
        let mut mocks = MockRepositories::default();
        mocks
            .tenants
            .expect_find_details_by_slug()
            .returning(move |slug| {
                let mut found = details();
                found.tenant.plan.standing = standing;
                Ok((*slug == found.tenant.slug).then_some(found))
            });
        let hall = Hall::over(mocks);
        let tenants = &hall.application.tenants;
        assert_eq!(tenants.card("local-46").is_ok(), there);
        assert_eq!(code(tenants.card("local-47")), Code::NotFound);
        assert_eq!(code(tenants.card("No Slug")), Code::NotFound);
    }
}
