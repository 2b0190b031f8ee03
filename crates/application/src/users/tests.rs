//! Tests of the use cases of users.

use jiff::SignedDuration;
use mockall::{Sequence, predicate::eq};
use unionhall_domain::roles::Role;
use unionhall_domain::users::places::Standing;
use unionhall_ports::{
    mock::MockRepositories,
    tenants::Room,
    unit_of_work::{Decision, Mode, Scope},
};

use super::*;
use crate::fixtures::{
    ADA, CALLER, HALL, Hall, STEWARD, audited, call, code, for_good, if_match, member, now, page,
    place, rehearsed, told, touched, wrong_fields,
};

fn reason() -> Line<500> {
    Line::parse("On leave.").unwrap()
}

fn steward() -> Place {
    place(STEWARD, &[for_good(Role::Staff)])
}

fn removed() -> Place {
    Place {
        standing: Standing::Removed { at: now() },
        ..steward()
    }
}

fn suspended() -> Place {
    Place {
        standing: Standing::Suspended {
            reason: reason(),
            since: now(),
        },
        ..steward()
    }
}

/// Mocks in which the steward has this place, and the caller owns the hall.
fn with(found: Place) -> MockRepositories {
    let mut mocks = MockRepositories::default();
    mocks
        .tenants
        .expect_reserve_user()
        .returning(|_| Ok(Room::Reserved));
    mocks
        .users
        .expect_lock_owners()
        .returning(|| Ok(vec![place(CALLER, &[for_good(Role::Owner)])]));
    mocks
        .users
        .expect_find()
        .returning(move |id| Ok((id == STEWARD).then(|| found.clone())));
    mocks
}

/// Every change, as the role makes it.
fn tried(hall: &Hall, role: Role) -> Vec<Result<(), UserError>> {
    let (users, who) = (&hall.application.users, call(role));
    vec![
        users
            .set_roles(&who, STEWARD, vec![for_good(Role::Member)])
            .map(drop),
        users.suspend(&who, STEWARD, reason()).map(drop),
        users.reactivate(&who, STEWARD).map(drop),
        users.remove(&who, STEWARD),
        users.restore(&who, STEWARD).map(drop),
        users.link_member(&who, STEWARD, Some(ADA)).map(drop),
    ]
}

#[test]
fn every_use_case_asks_for_its_permission_before_it_touches_a_port() {
    let hall = Hall::untouchable();
    let users = &hall.application.users;
    let (reader, member) = (call(Role::Officer), call(Role::Member));
    let of_state = |state| UserFilter {
        state: Some(state),
        ..UserFilter::default()
    };
    let refused = [
        code(users.list(&member, UserFilter::default(), &page())),
        code(users.list(&reader, of_state(PlaceState::Suspended), &page())),
        code(users.list(&reader, of_state(PlaceState::Removed), &page())),
        code(users.find(&member, STEWARD)),
    ];
    assert_eq!(refused, [Code::Forbidden; 4]);
    for result in tried(&hall, Role::Officer) {
        assert_eq!(code(result), Code::Forbidden);
    }
    assert_eq!(hall.runs(), []);
}

#[test]
fn who_manages_users_sees_all_but_the_removed_and_others_see_the_active() {
    for (role, found, seen) in [
        (Role::Admin, steward(), true),
        (Role::Admin, suspended(), true),
        (Role::Admin, removed(), false),
        (Role::Moderator, steward(), true),
        (Role::Moderator, suspended(), false),
        (Role::Moderator, removed(), false),
    ] {
        let hall = Hall::over(with(found));
        let result = hall.application.users.find(&call(role), STEWARD);
        assert_eq!(result.is_ok(), seen, "{role:?}");
    }
}

#[test]
fn a_list_is_of_all_but_the_removed_for_who_manages_users_and_of_the_active_for_others() {
    for (role, state) in [
        (Role::Admin, None),
        (Role::Moderator, Some(PlaceState::Active)),
    ] {
        let mut mocks = MockRepositories::default();
        mocks
            .users
            .expect_list()
            .withf(move |filter, _, at| filter.state == state && *at == now())
            .times(1)
            .returning(|_, _, _| {
                Ok(Page {
                    items: vec![steward()],
                    next: None,
                    total: None,
                })
            });
        let hall = Hall::over(mocks);
        let users = &hall.application.users;
        let found = users
            .list(&call(role), UserFilter::default(), &page())
            .unwrap();
        assert_eq!(found.items, [steward()]);
        assert_eq!(
            hall.runs(),
            [(Scope::Tenant(HALL), Mode::Read, Decision::Commit)]
        );
    }
}

#[test]
fn roles_are_set_after_the_owners_are_locked_and_before_and_after_are_on_record() {
    let mut mocks = MockRepositories::default();
    let events = audited(&mut mocks);
    let mut order = Sequence::new();
    mocks
        .users
        .expect_lock_owners()
        .times(1)
        .in_sequence(&mut order)
        .returning(|| Ok(Vec::new()));
    mocks
        .users
        .expect_find()
        .times(1)
        .in_sequence(&mut order)
        .returning(|_| Ok(Some(steward())));
    mocks
        .users
        .expect_update()
        .times(1)
        .in_sequence(&mut order)
        .withf(|put| put.roles == [for_good(Role::Officer)] && put.version.get() == 2)
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let officer = vec![for_good(Role::Officer)];
    let users = &hall.application.users;
    users
        .set_roles(&if_match(call(Role::Admin), 1), STEWARD, officer)
        .unwrap();
    assert!(hall.committed());
    assert_eq!(told(&events), [("updated", "membership")]);
    let events = events.lock().unwrap();
    let roles = &events[0].changes[0];
    assert_eq!(events[0].target_id, Some(STEWARD.uuid()));
    assert_eq!(
        (roles.field, roles.before.as_deref(), roles.after.as_deref()),
        ("roles", Some("staff"), Some("officer"))
    );
}

#[test]
fn suspending_and_removing_end_the_sessions_in_the_tenant() {
    for (suspend, action) in [(true, "moved"), (false, "deleted")] {
        let mut mocks = with(steward());
        let events = audited(&mut mocks);
        mocks.users.expect_update().times(1).returning(|_| Ok(()));
        mocks
            .users
            .expect_end_sessions()
            .with(eq(STEWARD), eq(now()))
            .times(1)
            .returning(|_, _| Ok(2));
        let hall = Hall::over(mocks);
        let (users, admin) = (&hall.application.users, call(Role::Admin));
        if suspend {
            users.suspend(&admin, STEWARD, reason()).unwrap();
            assert_eq!(touched(&events), ["state", "reason"]);
        } else {
            users.remove(&admin, STEWARD).unwrap();
            assert_eq!(touched(&events), ["state"]);
        }
        assert!(hall.committed());
        assert_eq!(told(&events), [(action, "membership")]);
        let ended = ("sessions_ended", "2".to_owned());
        assert_eq!(events.lock().unwrap()[0].details, [ended]);
    }
}

#[test]
fn reactivating_and_restoring_begin_no_session_and_are_on_record() {
    for (found, action) in [(suspended(), "moved"), (removed(), "restored")] {
        let mut mocks = with(found);
        let events = audited(&mut mocks);
        mocks
            .users
            .expect_update()
            .withf(|put| put.standing == Standing::Active)
            .times(1)
            .returning(|_| Ok(()));
        let hall = Hall::over(mocks);
        let (users, admin) = (&hall.application.users, call(Role::Admin));
        if action == "moved" {
            users.reactivate(&admin, STEWARD).unwrap();
        } else {
            users.restore(&admin, STEWARD).unwrap();
        }
        assert_eq!(told(&events), [(action, "membership")]);
    }
}

#[test]
fn nobody_is_restored_to_a_tenant_that_is_full() {
    let mut mocks = MockRepositories::default();
    mocks
        .tenants
        .expect_reserve_user()
        .with(eq(HALL))
        .returning(|_| Ok(Room::Full { limit: 5 }));
    let hall = Hall::over(mocks);
    let restored = hall.application.users.restore(&call(Role::Admin), STEWARD);
    assert_eq!(code(restored), Code::LimitReached);
    assert!(hall.rolled_back());
}

#[test]
fn a_removed_user_can_be_restored_and_is_unknown_to_every_other_change() {
    let codes = |found: Place| {
        let mut mocks = with(found);
        audited(&mut mocks);
        mocks.users.expect_update().returning(|_| Ok(()));
        mocks.users.expect_end_sessions().returning(|_, _| Ok(0));
        mocks
            .members
            .expect_hold()
            .returning(|_| Ok(Some(member())));
        let hall = Hall::over(mocks);
        let told = |result: Result<(), UserError>| result.err().map(|error| error.code());
        tried(&hall, Role::Admin)
            .into_iter()
            .map(told)
            .collect::<Vec<_>>()
    };
    let unknown = Some(Code::NotFound);
    assert_eq!(
        codes(removed()),
        [unknown, unknown, unknown, unknown, None, unknown]
    );
    let illegal = Some(Code::IllegalMove);
    assert_eq!(codes(steward()), [None, None, illegal, None, unknown, None]);
    assert_eq!(
        codes(suspended()),
        [None, illegal, None, None, unknown, None]
    );
}

#[test]
fn a_refusal_has_its_code_and_an_illegal_move_names_what_is_allowed() {
    let refused = |found: Place, change: fn(&Users) -> Result<Place, UserError>| {
        let id = found.user.id;
        let mut mocks = MockRepositories::default();
        mocks
            .users
            .expect_lock_owners()
            .returning(|| Ok(Vec::new()));
        mocks
            .users
            .expect_find()
            .returning(move |asked| Ok((asked == id).then(|| found.clone())));
        let hall = Hall::over(mocks);
        let error = change(&hall.application.users).unwrap_err();
        assert!(hall.rolled_back());
        (error.code(), error.allowed_actions())
    };
    let oneself = refused(place(CALLER, &[for_good(Role::Admin)]), |users| {
        users.suspend(&call(Role::Admin), CALLER, reason())
    });
    assert_eq!(oneself, (Code::NotOneself, None));
    let owner = place(STEWARD, &[for_good(Role::Owner)]);
    let above = refused(owner.clone(), |users| {
        users.suspend(&call(Role::Admin), STEWARD, reason())
    });
    assert_eq!(above, (Code::AboveOwnRole, None));
    let last = refused(owner, |users| {
        users.suspend(&call(Role::Owner), STEWARD, reason())
    });
    assert_eq!(last, (Code::LastOwner, None));
    let illegal = refused(suspended(), |users| {
        users.suspend(&call(Role::Owner), STEWARD, reason())
    });
    let allowed = vec!["set_roles", "reactivate", "remove", "link_member"];
    assert_eq!(illegal, (Code::IllegalMove, Some(allowed)));
}

#[test]
fn roles_are_at_least_one_each_once_and_none_is_over_already() {
    let hall = Hall::untouchable();
    let over = HeldRole {
        role: Role::Member,
        expires_at: Some(now()),
    };
    let soon = HeldRole {
        role: Role::Staff,
        expires_at: Some(now() + SignedDuration::from_secs(1)),
    };
    let roles = vec![soon, over, for_good(Role::Staff)];
    let users = &hall.application.users;
    let admin = call(Role::Admin);
    let named = |field: &str, code| (field.to_owned(), code);
    assert_eq!(
        wrong_fields(users.set_roles(&admin, STEWARD, roles)),
        [
            named("roles/1/expires_at", "in_the_past"),
            named("roles/2/role", "repeated")
        ]
    );
    assert_eq!(
        wrong_fields(users.set_roles(&admin, STEWARD, Vec::new())),
        [named("roles", "too_few")]
    );
}

#[test]
fn who_somebody_is_on_the_books_is_said_of_a_member_who_is_there_and_nobody_elses() {
    let link = |found: Option<_>, stored: Result<(), StorageError>| {
        let mut mocks = with(steward());
        let events = audited(&mut mocks);
        mocks
            .members
            .expect_hold()
            .with(eq(ADA))
            .return_once(move |_| Ok(found));
        mocks.users.expect_update().return_once(move |_| stored);
        let hall = Hall::over(mocks);
        let users = &hall.application.users;
        let linked = users.link_member(&call(Role::Admin), STEWARD, Some(ADA));
        (linked, events)
    };
    let (linked, events) = link(Some(member()), Ok(()));
    assert_eq!(linked.unwrap().member, Some(ADA));
    assert_eq!(touched(&events), ["member_id"]);
    let (unknown, _) = link(None, Ok(()));
    assert_eq!(
        wrong_fields(unknown),
        [("member_id".to_owned(), "not_found")]
    );
    let taken = StorageError::Constraint {
        name: "memberships_member_key".to_owned(),
    };
    let (taken, _) = link(Some(member()), Err(taken));
    assert_eq!(code(taken), Code::Duplicate);
}

#[test]
fn a_change_that_changes_nothing_leaves_no_trace_and_a_rehearsal_keeps_nothing() {
    let hall = Hall::over(with(steward()));
    let (users, admin) = (&hall.application.users, call(Role::Admin));
    users.set_roles(&admin, STEWARD, steward().roles).unwrap();
    users.link_member(&admin, STEWARD, None).unwrap();
    let mut mocks = with(steward());
    audited(&mut mocks);
    mocks.users.expect_update().returning(|_| Ok(()));
    mocks.users.expect_end_sessions().returning(|_, _| Ok(0));
    let hall = Hall::over(mocks);
    let users = &hall.application.users;
    users
        .remove(&rehearsed(call(Role::Admin)), STEWARD)
        .unwrap();
    assert!(hall.rolled_back());
}

#[test]
fn whoever_saw_another_version_changes_nothing() {
    let hall = Hall::over(with(steward()));
    let users = &hall.application.users;
    let stale = users.remove(&if_match(call(Role::Admin), 2), STEWARD);
    assert_eq!(code(stale), Code::Stale);
    assert!(hall.rolled_back());
}

#[test]
fn who_may_not_manage_users_is_offered_nothing() {
    let hall = Hall::untouchable();
    let users = &hall.application.users;
    let offered = |role| users.allowed_actions(&call(role).actor, &steward());
    assert!(offered(Role::Officer).is_empty());
    assert_eq!(
        offered(Role::Admin),
        ["set_roles", "suspend", "remove", "link_member"]
    );
}
