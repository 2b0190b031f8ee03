//! What people say of themselves: theirs in every tenant they work in, and never how they sign in.

use diesel::{RunQueryDsl, connection::SimpleConnection, sql_query};
use unionhall_domain::{
    profiles::{Language, Profile, ProfileDetails},
    roles::Role,
    tenants::{TenantId, ZoneName},
    text::Prose,
    users::User,
    version::Version,
};
use unionhall_ports::{
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::{TestDatabase, builders};

use crate::connect;

/// A hall and somebody with a place in it.
fn person(storage: &dyn UnitOfWork, slug: &str) -> (TenantId, User) {
    let tenant = builders::tenant(storage, slug).id;
    let user = builders::user(storage, &format!("{slug}@hall.example"));
    builders::membership(storage, &user, tenant, &[Role::Staff]);
    (tenant, user)
}

fn full(user: User) -> Profile {
    Profile {
        user: User {
            first_name: builders::line("Robyn"),
            last_name: builders::line("Öztürk"),
            ..user
        },
        details: ProfileDetails {
            phone: Some(builders::line("206-555-0146")),
            bio: Some(Prose::parse("Since 2001.\nIn Kent.").unwrap()),
            job_title: Some(builders::line("Dispatcher")),
            department: Some(builders::line("Hall")),
            language: Some(Language::parse("es-MX").unwrap()),
            time_zone: Some(ZoneName::parse("America/Denver").unwrap()),
        },
        version: Version::FIRST.next(),
    }
}

#[test]
fn a_profile_comes_back_as_it_was_written_in_a_tenants_scope_and_is_the_same_in_every_scope() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (tenant, user) = person(storage, "local-46");
    let scope = Scope::Tenant(tenant);
    let first = storage.read(scope, |tx| tx.profiles().find(user.id));
    let empty = Profile {
        user: user.clone(),
        details: ProfileDetails::default(),
        version: Version::FIRST,
    };
    assert_eq!(first.unwrap(), Some(empty.clone()));
    let emptied = Profile {
        version: Version::FIRST.next().next(),
        ..empty
    };
    for profile in [full(user.clone()), emptied] {
        let at = builders::now();
        builders::store(storage, scope, |tx| tx.profiles().update(&profile, at));
        for scope in [scope, Scope::Identity] {
            let found = storage.read(scope, |tx| tx.profiles().find(user.id));
            assert_eq!(found.unwrap(), Some(profile.clone()));
        }
        let again = storage.transaction(scope, |tx| tx.profiles().update(&profile, at));
        assert!(matches!(again, Err(StorageError::Stale)));
    }
}

#[test]
fn the_profile_of_somebody_elsewhere_is_neither_seen_nor_written() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (_, user) = person(storage, "local-46");
    let (other, _) = person(storage, "local-47");
    let scope = Scope::Tenant(other);
    let found = storage.snapshot(scope, |tx| {
        let profile = tx.profiles().find(user.id)?;
        Ok::<_, StorageError>((profile, tx.profiles().find_card(user.id)?))
    });
    assert_eq!(found.unwrap(), (None, None));
    let profile = full(user);
    let written = storage.transaction(scope, |tx| tx.profiles().update(&profile, builders::now()));
    assert!(matches!(written, Err(StorageError::Stale)));
}

#[test]
fn a_card_shows_a_colleague_who_may_sign_in() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (tenant, user) = person(storage, "local-46");
    let scope = Scope::Tenant(tenant);
    let profile = full(user.clone());
    builders::store(storage, scope, |tx| {
        tx.profiles().update(&profile, builders::now())
    });
    let card = || {
        storage
            .read(scope, |tx| tx.profiles().find_card(user.id))
            .unwrap()
    };
    let seen = card().unwrap();
    assert_eq!(seen.user, user.id);
    assert_eq!(seen.first_name, profile.user.first_name);
    assert_eq!(seen.job_title, profile.details.job_title);
    database.execute("update users set state = 'inactive'");
    assert_eq!(card(), None);
    let own = storage.read(scope, |tx| tx.profiles().find(user.id));
    assert_eq!(own.unwrap(), None);
}

#[test]
fn how_somebody_signs_in_cannot_be_changed_in_a_tenants_scope() {
    let database = TestDatabase::new();
    let (tenant, _) = person(&*database.unit_of_work(), "local-46");
    let mut connection = connect(&database.runtime_url());
    let settings = format!(
        "select set_config('app.scope', 'tenant', false), set_config('app.tenant', '{tenant}', false)"
    );
    connection.batch_execute(&settings).unwrap();
    for column in [
        "email = 'mine@hall.example'",
        "password_hash = 'mine'",
        "state = 'inactive'",
        "failed_logins = 0, locked_until = now()",
        "deleted_at = now()",
    ] {
        let refused = sql_query(format!("update users set {column}")).execute(&mut connection);
        let refused = refused.unwrap_err().to_string();
        assert!(
            refused.contains("not a tenant's to change"),
            "{column}: {refused}"
        );
    }
}
