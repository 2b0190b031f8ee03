//! What a session may do in a tenant now, and which tenant a user signs in to.

use unionhall_domain::roles::Role;
use unionhall_ports::{
    identity::{Access, HeldRole, SessionId},
    round_trips::counted,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::{TestDatabase, builders};

use super::{credentials, identity, later, sign_in, user_in};

fn access(
    storage: &dyn UnitOfWork,
    session: SessionId,
    tenant: unionhall_domain::tenants::TenantId,
) -> Option<Access> {
    storage
        .read(Scope::Identity, |tx| {
            tx.identity().find_access(session, tenant)
        })
        .unwrap()
}

#[test]
fn access_is_user_tenant_and_roles_in_one_round_trip() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, tenant) = user_in(storage, "local-1", &[Role::Staff, Role::Owner]);
    let session = sign_in(storage, user.id, tenant, 1, later(0));
    let (found, trips) = counted(|| access(storage, session.id, tenant).unwrap());
    assert_eq!(trips, 1);
    assert_eq!(found.session, session.id);
    assert_eq!((found.user.id, found.tenant.id), (user.id, tenant));
    assert_eq!(found.user.last_login_at, Some(later(0)));
    let held = |role| HeldRole {
        role,
        expires_at: None,
    };
    assert_eq!(found.roles, [held(Role::Owner), held(Role::Staff)]);
    assert_eq!(found.member, None);
}

#[test]
fn a_session_has_no_access_where_its_user_has_no_place() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, tenant) = user_in(storage, "local-1", &[]);
    let session = sign_in(storage, user.id, tenant, 1, later(0));
    let other = builders::tenant(storage, "local-2").id;
    assert_eq!(access(storage, session.id, other), None);
    assert_eq!(access(storage, builders::fresh_id(), tenant), None);
}

#[test]
fn an_ended_session_or_user_has_no_access() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, tenant) = user_in(storage, "local-1", &[]);
    let session = sign_in(storage, user.id, tenant, 1, later(0));
    for (end, undo) in [
        ("state = 'inactive'", "state = 'active'"),
        ("deleted_at = now()", "deleted_at = null"),
    ] {
        database.execute(&format!("update users set {end}"));
        assert_eq!(access(storage, session.id, tenant), None, "{end}");
        database.execute(&format!("update users set {undo}"));
        assert!(access(storage, session.id, tenant).is_some());
    }
    identity(storage, |identity| {
        identity.end_session(session.id, later(1))
    });
    assert_eq!(access(storage, session.id, tenant), None);
}

#[test]
fn a_user_signs_in_to_the_tenant_last_used_else_the_first_joined() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, first) = user_in(storage, "local-1", &[]);
    let second = builders::tenant(storage, "local-2").id;
    let mut place = builders::membership(storage, &user, second, &[]);
    let third = builders::tenant(storage, "local-3").id;
    place.tenant = third;
    identity(storage, |identity| {
        identity.put_membership(&place, later(-5))
    });
    let next = || credentials(storage, &user.email).unwrap().tenant;
    assert_eq!(next(), Some(third), "the first joined");
    let session = sign_in(storage, user.id, first, 1, later(10));
    assert_eq!(next(), Some(first), "the last signed in to");
    identity(storage, |identity| {
        identity.move_session(session.id, second)
    });
    assert_eq!(next(), Some(second), "the last moved to");
    assert!(access(storage, session.id, second).is_some());
    sign_in(storage, user.id, third, 2, later(11));
    assert_eq!(next(), Some(third));
}

#[test]
fn a_session_is_not_moved_where_its_user_has_no_place_nor_after_its_end() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, tenant) = user_in(storage, "local-1", &[]);
    let other = builders::tenant(storage, "local-2").id;
    let session = sign_in(storage, user.id, tenant, 1, later(0));
    let result = storage.transaction(Scope::Identity, |tx| {
        tx.identity().move_session(session.id, other)
    });
    assert!(result.is_err());
    identity(storage, |identity| {
        identity.end_session(session.id, later(1))
    });
    let result = storage.transaction(Scope::Identity, |tx| {
        tx.identity().move_session(session.id, tenant)
    });
    assert!(result.is_err());
}
