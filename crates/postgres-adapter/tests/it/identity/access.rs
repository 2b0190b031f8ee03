//! What a session may do in a tenant now, and which tenant a user signs in to.

use unionhall_domain::roles::Role;
use unionhall_ports::{
    identity::{Access, HeldRole, SessionId, Spending},
    round_trips::counted,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::{TestDatabase, builders};

use super::{credentials, identity, later, sign_in, token, user_in};

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
fn access_tells_which_roles_need_a_second_factor_there_and_whether_there_is_one() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, tenant) = user_in(storage, "local-1", &[Role::Staff]);
    let session = sign_in(storage, user.id, tenant, 1, later(0));
    let told = || {
        let found = access(storage, session.id, tenant).unwrap();
        (found.second_factor_roles, found.has_second_factor)
    };
    assert_eq!(told(), (vec![], false));
    database.execute("update tenants set second_factor_roles = '{owner,staff}'");
    database.execute(&format!(
        "insert into second_factors values ('{}', 'sealed', '2026', now(), null, null)",
        user.id
    ));
    let needing = vec![Role::Owner, Role::Staff];
    assert_eq!(told(), (needing.clone(), false));
    database.execute("update second_factors set confirmed_at = now(), last_step = 1");
    assert_eq!(told(), (needing, true));
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
        identity.move_session(session.id, second, later(11))
    });
    assert_eq!(next(), Some(second), "the last moved to");
    assert!(access(storage, session.id, second).is_some());
    sign_in(storage, user.id, third, 2, later(12));
    assert_eq!(next(), Some(third));
}

#[test]
fn a_session_is_not_moved_where_its_user_has_no_active_place_nor_after_its_end() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, tenant) = user_in(storage, "local-1", &[]);
    let other = builders::tenant(storage, "local-2").id;
    let session = sign_in(storage, user.id, tenant, 1, later(0));
    let moved = |to| {
        identity(storage, |identity| {
            identity.move_session(session.id, to, later(1))
        })
    };
    assert!(!moved(other));
    builders::membership(storage, &user, other, &[]);
    database.execute(SUSPENDED);
    assert!(!moved(other));
    database.execute(
        "update memberships set state = 'active', suspended_at = null, suspended_for = null",
    );
    assert!(moved(other));
    identity(storage, |identity| {
        identity.end_session(session.id, later(1))
    });
    assert!(!moved(tenant));
}

#[test]
fn a_session_that_is_moved_has_no_token_but_the_next_one() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, tenant) = user_in(storage, "local-1", &[]);
    let session = sign_in(storage, user.id, tenant, 1, later(0));
    let spend = |byte| {
        identity(storage, |identity| {
            identity.spend_token(&[byte; 32], later(5))
        })
    };
    identity(storage, |identity| {
        assert!(identity.move_session(session.id, tenant, later(4))?);
        identity.insert_token(&token(session.id, 2))
    });
    assert_eq!(spend(1), Spending::Refused, "worthless, and no alarm");
    assert!(matches!(spend(2), Spending::Spent(_)));
}

#[test]
fn two_who_move_a_session_at_once_both_move_it_and_one_token_is_left() {
    let database = TestDatabase::new();
    let (storage, other) = (&*database.unit_of_work(), &*database.unit_of_work());
    let (user, first) = user_in(storage, "local-1", &[]);
    let second = builders::tenant(storage, "local-2").id;
    builders::membership(storage, &user, second, &[]);
    for round in 0..20_u8 {
        let byte = round * 3 + 1;
        let session = sign_in(storage, user.id, first, byte, later(0));
        let moved = |storage, to, byte| {
            identity(storage, |identity| {
                let moved = identity.move_session(session.id, to, later(1))?;
                identity.insert_token(&token(session.id, byte))?;
                Ok(moved)
            })
        };
        // To the same tenant, and to two different ones.
        let there = if round % 2 == 0 { second } else { first };
        let both = std::thread::scope(|scope| {
            let here = scope.spawn(|| moved(storage, second, byte + 1));
            let there = scope.spawn(|| moved(other, there, byte + 2));
            (here.join().unwrap(), there.join().unwrap())
        });
        assert_eq!(both, (true, true));
        let spent = [byte, byte + 1, byte + 2].map(|byte| {
            identity(storage, |identity| {
                identity.spend_token(&[byte; 32], later(2))
            })
        });
        let spent = spent
            .iter()
            .filter(|spending| matches!(spending, Spending::Spent(_)));
        assert_eq!(spent.count(), 1);
    }
}

/// Suspends whoever has a place in the local that was made second.
const SUSPENDED: &str = "update memberships set state = 'suspended', suspended_at = now(), suspended_for = 'x' \
    where tenant_id = (select id from tenants where slug = 'local-2')";

#[test]
fn a_place_that_is_not_active_lets_nobody_in() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, first) = user_in(storage, "local-1", &[Role::Staff]);
    let second = builders::tenant(storage, "local-2").id;
    builders::membership(storage, &user, second, &[Role::Staff]);
    let session = sign_in(storage, user.id, second, 1, later(0));
    let next = || credentials(storage, &user.email).unwrap().tenant;
    assert_eq!(next(), Some(second));
    for end in [
        SUSPENDED,
        "update memberships set state = 'removed', removed_at = now(), suspended_at = null, suspended_for = null \
            where state = 'suspended'",
    ] {
        database.execute(end);
        assert_eq!(access(storage, session.id, second), None, "{end}");
        assert!(access(storage, session.id, first).is_some(), "{end}");
        assert_eq!(next(), Some(first), "{end}");
        let spent = identity(storage, |identity| identity.spend_token(&[1; 32], later(1)));
        assert_eq!(spent, Spending::Refused, "{end}");
        let tenants = identity(storage, |identity| identity.tenants_of(user.id));
        assert_eq!(tenants.len(), 1, "{end}");
        let colleague = storage
            .read(Scope::Tenant(second), |tx| {
                tx.identity().find_colleague(user.id)
            })
            .unwrap();
        assert_eq!(colleague, None, "{end}");
    }
    let listed = identity(storage, |identity| identity.list_users(Some(second)));
    assert_eq!(listed, []);
    // Who is let in again is active, whatever they were.
    builders::membership(storage, &user, second, &[Role::Staff]);
    assert!(access(storage, session.id, second).is_some());
}
