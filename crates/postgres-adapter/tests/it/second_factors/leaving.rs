//! How a factor goes: with a password that leans on it, and when an administrator resets it.

use super::*;

#[test]
fn a_short_password_leans_on_a_confirmed_factor_which_then_stays_until_there_is_a_long_one() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = ada(storage).id;
    let give = |strength| {
        let hash = PasswordHash::new("new".to_owned());
        storage.transaction(Scope::Identity, |tx| {
            tx.identity().set_password(user, &hash, strength, later(1))
        })
    };
    let remove = || {
        storage
            .transaction(Scope::Identity, |tx| tx.second_factors().remove(user))
            .unwrap()
    };
    let refused = give(Strength::WithSecondFactor).unwrap_err();
    assert!(matches!(refused, StorageError::Stale), "{refused:?}");
    enrolled(storage, user);
    device(storage, user, 1, 60);
    give(Strength::WithSecondFactor).unwrap();
    assert!(find(storage, user).unwrap().covers_password);
    device(storage, user, 2, 60);
    assert!(!remove(), "the password is too short without it");
    assert_eq!(left(&database, user), [1, 2, 1, 0, 0]);
    give(Strength::Alone).unwrap();
    assert!(!find(storage, user).unwrap().covers_password);
    assert!(remove());
    assert_eq!(left(&database, user), [0, 0, 0, 0, 0]);
}

#[test]
fn a_reset_leaves_a_long_password_and_ends_a_short_one() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    let user = ada(storage);
    builders::membership(storage, &user, tenant, &[Role::Staff]);
    for (strength, kept) in [(Strength::Alone, "new"), (Strength::WithSecondFactor, "!")] {
        enrolled(storage, user.id);
        let hash = PasswordHash::new("new".to_owned());
        builders::store(storage, Scope::Identity, |tx| {
            tx.identity()
                .set_password(user.id, &hash, strength, later(1))
        });
        let reset = storage.transaction(Scope::Tenant(tenant), |tx| {
            tx.second_factors().reset(user.id, later(9))
        });
        assert!(reset.unwrap());
        let found = storage.read(Scope::Identity, |tx| {
            tx.identity().find_credentials(&user.email)
        });
        assert_eq!(found.unwrap().unwrap().password_hash.expose(), kept);
    }
}

/// Whether anything of the user's sign-in is left: factor, codes, devices, sign-ins that wait, open sessions.
fn left(database: &TestDatabase, user: UserId) -> Vec<i64> {
    let tables = [
        "second_factors",
        "recovery_codes",
        "trusted_devices",
        "sign_in_challenges",
        "sessions",
    ];
    let count = |table: &str| {
        let open = if table == "sessions" {
            "and ended_at is null"
        } else {
            ""
        };
        counted(
            database,
            &format!("{table} where user_id = '{user}' {open}"),
        )
    };
    tables.into_iter().map(count).collect()
}

#[test]
fn a_tenant_resets_the_factor_of_its_own_people_and_ends_their_sessions_everywhere() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (here, there) = (
        builders::tenant(storage, "local-1").id,
        builders::tenant(storage, "local-2").id,
    );
    let user = ada(storage);
    for tenant in [here, there] {
        builders::membership(storage, &user, tenant, &[Role::Staff]);
        let session = builders::fresh_uuid();
        database.execute(&format!(
            "insert into sessions values ('{session}', '{}', '{tenant}', null, null, now(), now(), null)",
            user.id
        ));
    }
    let reset = |tenant| {
        storage
            .transaction(Scope::Tenant(tenant), |tx| {
                tx.second_factors().reset(user.id, later(9))
            })
            .unwrap()
    };
    assert!(!reset(here), "there is no factor");
    assert_eq!(left(&database, user.id), [0, 0, 0, 0, 2]);
    enrolled(storage, user.id);
    device(storage, user.id, 1, 60);
    challenge(storage, user.id, 1, 0);
    let stranger = builders::tenant(storage, "local-3").id;
    assert!(!reset(stranger), "the user has no place there");
    assert_eq!(left(&database, user.id), [1, 2, 1, 1, 2]);
    assert!(reset(here));
    assert_eq!(left(&database, user.id), [0, 0, 0, 0, 0]);
    assert!(!reset(here));
}

#[test]
fn the_roles_that_somebody_holds_in_other_tenants_are_told() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (here, there) = (
        builders::tenant(storage, "local-1").id,
        builders::tenant(storage, "local-2").id,
    );
    let user = ada(storage);
    builders::membership(storage, &user, here, &[Role::Staff]);
    let elsewhere = || {
        storage
            .read(Scope::Tenant(here), |tx| {
                tx.second_factors().roles_elsewhere(user.id, later(0))
            })
            .unwrap()
    };
    assert_eq!(elsewhere(), []);
    builders::membership(storage, &user, there, &[Role::Owner]);
    assert_eq!(elsewhere(), [Role::Owner]);
    database.execute(&format!(
        "update membership_roles set expires_at = '{}' where tenant_id = '{there}'",
        later(0)
    ));
    assert_eq!(elsewhere(), []);
}
