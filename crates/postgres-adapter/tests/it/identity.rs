//! Users, places and sessions: what signing in reads and writes.

mod access;
mod own_sessions;
mod sessions;

use jiff::{SignedDuration, Timestamp};
use unionhall_domain::{
    passwords::Strength,
    roles::Role,
    tenants::TenantId,
    users::{EmailAddress, User, UserId},
};
use unionhall_ports::{
    identity::{
        Credentials, HeldRole, IdentityRepository, Membership, RefreshToken, Session, SessionId,
        UserState,
    },
    passwords::PasswordHash,
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::{TestDatabase, builders};

/// Does something in the identity scope and keeps it.
fn identity<T>(
    storage: &dyn UnitOfWork,
    work: impl FnOnce(&mut dyn IdentityRepository) -> Result<T, StorageError>,
) -> T {
    builders::store(storage, Scope::Identity, |tx| work(tx.identity()))
}

fn credentials(storage: &dyn UnitOfWork, email: &EmailAddress) -> Option<Credentials> {
    storage
        .read(Scope::Identity, |tx| tx.identity().find_credentials(email))
        .unwrap()
}

fn later(seconds: i64) -> Timestamp {
    builders::now() + SignedDuration::from_secs(seconds)
}

fn token(session: SessionId, byte: u8) -> RefreshToken {
    RefreshToken {
        hash: [byte; 32],
        session,
        issued_at: later(0),
        expires_at: later(1_000),
    }
}

/// Signs a user in; the session's first token is 32 times `byte`.
fn sign_in(
    storage: &dyn UnitOfWork,
    user: UserId,
    tenant: TenantId,
    byte: u8,
    at: Timestamp,
) -> Session {
    let session = Session {
        id: builders::fresh_id(),
        user,
        tenant,
        device: Some("Firefox".to_owned()),
        address: Some("192.0.2.1".to_owned()),
        created_at: at,
    };
    identity(storage, |identity| {
        identity.insert_session(&session, &token(session.id, byte))
    });
    session
}

/// A user with a place in a new tenant.
fn user_in(storage: &dyn UnitOfWork, slug: &str, roles: &[Role]) -> (User, TenantId) {
    let tenant = builders::tenant(storage, slug).id;
    let user = builders::user(storage, "ada@hall.example");
    builders::membership(storage, &user, tenant, roles);
    (user, tenant)
}

#[test]
fn a_users_credentials_come_back_as_they_were() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hash = PasswordHash::new("$2b$12$…".to_owned());
    let user = builders::user_with_hash(storage, "ada@hall.example", &hash);
    let expected = Credentials {
        user: user.clone(),
        password_hash: hash,
        state: UserState::Active,
        verified: true,
        failures: 0,
        locked_until: None,
        tenant: None,
    };
    assert_eq!(credentials(storage, &user.email), Some(expected));
    let nobody = EmailAddress::parse("nobody@hall.example").unwrap();
    assert_eq!(credentials(storage, &nobody), None);
}

#[test]
fn a_taken_address_is_named() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let mut user = builders::user(storage, "ada@hall.example");
    user.id = builders::fresh_id();
    let result = storage.transaction(Scope::Identity, |tx| {
        tx.identity()
            .insert_user(&user, &PasswordHash::new("h".to_owned()))
    });
    assert!(matches!(result, Err(StorageError::Constraint { name }) if name == "users_email_key"));
}

#[test]
fn the_state_of_a_user_is_told() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = builders::user(storage, "ada@hall.example");
    let state = || credentials(storage, &user.email).unwrap().state;
    database.execute("update users set state = 'inactive'");
    assert_eq!(state(), UserState::Inactive);
    database.execute("update users set deleted_at = now()");
    assert_eq!(state(), UserState::Deleted);
}

#[test]
fn failures_and_locks_are_told_and_ended_by_a_new_password() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = builders::user(storage, "ada@hall.example");
    let until = later(60);
    database.execute(&format!(
        "update users set failed_logins = 5, locked_until = '{until}'"
    ));
    let locked = credentials(storage, &user.email).unwrap();
    assert_eq!((locked.failures, locked.locked_until), (5, Some(later(60))));
    let hash = PasswordHash::new("new".to_owned());
    identity(storage, |identity| {
        identity.set_password(user.id, &hash, Strength::Alone, later(1))
    });
    let fresh = credentials(storage, &user.email).unwrap();
    assert_eq!(
        (fresh.failures, fresh.locked_until, fresh.password_hash),
        (0, None, hash)
    );
}

#[test]
fn users_are_listed_by_address_without_the_deleted_and_of_one_tenant_when_named() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let ben = builders::user(storage, "ben@hall.example");
    let (ada, tenant) = user_in(storage, "local-1", &[]);
    let gone = builders::user(storage, "gone@hall.example");
    builders::membership(storage, &gone, tenant, &[]);
    database.execute("update users set deleted_at = now() where email = 'gone@hall.example'");
    let list = |tenant| {
        storage
            .read(Scope::Identity, |tx| tx.identity().list_users(tenant))
            .unwrap()
    };
    assert_eq!(list(None), [ada.clone(), ben]);
    assert_eq!(list(Some(tenant)), [ada]);
}

#[test]
fn putting_a_membership_again_replaces_its_roles_and_its_member() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, tenant) = user_in(storage, "local-1", &[Role::Staff, Role::Owner]);
    let member = builders::member(storage, tenant, "1204", "Ada", "Okafor");
    let held = |role, expires_at| HeldRole { role, expires_at };
    let roles = vec![held(Role::Owner, Some(later(9))), held(Role::Member, None)];
    let replaced = Membership {
        user: user.id,
        tenant,
        roles: roles.clone(),
        member: Some(member.id),
    };
    identity(storage, |identity| {
        identity.put_membership(&replaced, later(1))
    });
    let session = sign_in(storage, user.id, tenant, 1, later(2));
    let access = storage
        .read(Scope::Identity, |tx| {
            tx.identity().find_access(session.id, tenant)
        })
        .unwrap()
        .unwrap();
    assert_eq!((access.roles, access.member), (roles, Some(member.id)));
    let nothing = Membership {
        roles: Vec::new(),
        member: None,
        ..replaced
    };
    identity(storage, |identity| {
        identity.put_membership(&nothing, later(3))
    });
    let access = storage
        .read(Scope::Identity, |tx| {
            tx.identity().find_access(session.id, tenant)
        })
        .unwrap()
        .unwrap();
    assert_eq!((access.roles, access.member), (Vec::new(), None));
}

#[test]
fn a_users_tenants_are_listed_by_slug() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, _) = user_in(storage, "local-2", &[]);
    let first = builders::tenant(storage, "local-1");
    builders::membership(storage, &user, first.id, &[]);
    builders::tenant(storage, "local-3");
    let tenants = storage
        .read(Scope::Identity, |tx| tx.identity().tenants_of(user.id))
        .unwrap();
    let slugs: Vec<_> = tenants.iter().map(|tenant| tenant.slug.as_str()).collect();
    assert_eq!(slugs, ["local-1", "local-2"]);
}

#[test]
fn a_colleague_is_a_user_of_the_scopes_tenant_who_may_sign_in() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, tenant) = user_in(storage, "local-1", &[Role::Staff, Role::Officer]);
    let other = builders::tenant(storage, "local-2").id;
    let colleague = |tenant| {
        storage
            .read(Scope::Tenant(tenant), |tx| {
                let found = tx.identity().find_colleague(user.id)?;
                // Among many, somebody who is nobody here is left out.
                let many = tx
                    .identity()
                    .find_colleagues(&[user.id, builders::fresh_id()])?;
                assert_eq!(many, Vec::from_iter(found.clone()));
                Ok::<_, StorageError>(found)
            })
            .unwrap()
    };
    let found = colleague(tenant).unwrap();
    assert_eq!(found.user, user);
    let roles: Vec<_> = found.roles.iter().map(|held| held.role).collect();
    assert_eq!(roles, [Role::Officer, Role::Staff]);
    assert_eq!(colleague(other), None);
    for end in [
        "update users set state = 'inactive'",
        "update users set state = 'active', deleted_at = now()",
    ] {
        database.execute(end);
        assert_eq!(colleague(tenant), None, "{end}");
    }
}

mod registering {
    use super::*;

    fn newcomer(first_name: &str) -> User {
        User {
            id: builders::fresh_id(),
            email: EmailAddress::parse("ada@hall.example").unwrap(),
            first_name: builders::line(first_name),
            last_name: builders::line("Voltz"),
            last_login_at: None,
            created_at: later(0),
        }
    }

    fn register(storage: &dyn UnitOfWork, user: &User, hash: &str) -> Option<UserId> {
        let hash = PasswordHash::new(hash.to_owned());
        identity(storage, |identity| identity.register(user, &hash, None))
    }

    #[test]
    fn whoever_registers_may_sign_in_once_the_address_is_verified() {
        let database = TestDatabase::new();
        let storage = &*database.unit_of_work();
        let ada = newcomer("Ada");
        assert_eq!(register(storage, &ada, "h"), Some(ada.id));
        let found = credentials(storage, &ada.email).unwrap();
        assert_eq!((found.user, found.verified), (ada.clone(), false));
        identity(storage, |identity| identity.verify_email(ada.id, later(1)));
        identity(storage, |identity| identity.verify_email(ada.id, later(2)));
        assert!(credentials(storage, &ada.email).unwrap().verified);
    }

    #[test]
    fn the_hall_that_somebody_registered_for_is_told_once_if_it_takes_them() {
        let database = TestDatabase::new();
        let storage = &*database.unit_of_work();
        let hall = builders::tenant(storage, "local-1");
        let hash = PasswordHash::new("h".to_owned());
        let join = |before: &str, after: &str| {
            database.execute(&format!(
                "delete from users; update tenants set registration_policy = '{before}'"
            ));
            let ada = newcomer("Ada");
            identity(storage, |identity| {
                identity.register(&ada, &hash, Some(hall.slug.clone()))
            });
            database.execute(&format!("update tenants set {after}"));
            let verify = || identity(storage, |identity| identity.verify_email(ada.id, later(1)));
            (verify(), verify())
        };
        assert_eq!(join("as_member", "name = name"), (Some(hall.id), None));
        assert_eq!(join("closed", "name = name"), (None, None));
        let closed = join("as_member", "registration_policy = 'closed'");
        assert_eq!(closed, (None, None));
        let suspended = join("as_member", "status = 'suspended'");
        assert_eq!(suspended, (None, None));
    }

    #[test]
    fn registering_again_replaces_what_was_not_verified_and_nothing_else() {
        let database = TestDatabase::new();
        let storage = &*database.unit_of_work();
        let (first, second) = (newcomer("Ada"), newcomer("Adelaide"));
        register(storage, &first, "one");
        assert_eq!(register(storage, &second, "two"), Some(first.id));
        let found = credentials(storage, &first.email).unwrap();
        assert_eq!(found.user.first_name, second.first_name);
        assert_eq!(found.password_hash.expose(), "two");
        for state in [
            "verified_at = now()",
            "verified_at = null, state = 'inactive'",
            "state = 'active', deleted_at = now()",
        ] {
            database.execute(&format!("update users set {state}"));
            assert_eq!(
                register(storage, &newcomer("Eve"), "three"),
                None,
                "{state}"
            );
        }
        let found = credentials(storage, &first.email).unwrap();
        assert_eq!(found.password_hash.expose(), "two");
    }
}
