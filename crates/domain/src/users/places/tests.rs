//! The rules of places, each on its own.

use uuid::Uuid;

use super::*;
use crate::{ids::Id, users::EmailAddress};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

const NOW: i64 = 0;

fn user(number: u128) -> User {
    User {
        id: Id::new(Uuid::from_u128(number)),
        email: EmailAddress::parse("ada@hall.example").unwrap(),
        first_name: Line::parse("Ada").unwrap(),
        last_name: Line::parse("Okafor").unwrap(),
        last_login_at: None,
        created_at: at(-100),
    }
}

fn for_good(role: Role) -> HeldRole {
    HeldRole {
        role,
        expires_at: None,
    }
}

fn until(role: Role, second: i64) -> HeldRole {
    HeldRole {
        role,
        expires_at: Some(at(second)),
    }
}

fn place(number: u128, roles: &[HeldRole]) -> Place {
    Place {
        user: user(number),
        roles: roles.to_vec(),
        member: None,
        standing: Standing::Active,
        version: Version::FIRST,
        joined_at: at(-50),
        last_used_at: None,
        updated_at: at(-50),
    }
}

/// Somebody else, who holds this role.
fn by(role: Role) -> Changer {
    Changer {
        user: Some(Id::new(Uuid::from_u128(99))),
        highest: Some(role),
    }
}

fn reason() -> Line<500> {
    Line::parse("On leave.").unwrap()
}

fn suspended(place: Place) -> Place {
    Place {
        standing: Standing::Suspended {
            reason: reason(),
            since: at(-10),
        },
        ..place
    }
}

fn removed(place: Place) -> Place {
    Place {
        standing: Standing::Removed { at: at(-10) },
        ..place
    }
}

fn changes() -> [PlaceChange; 6] {
    [
        PlaceChange::Roles(vec![for_good(Role::Contact)]),
        PlaceChange::Suspend(reason()),
        PlaceChange::Reactivate,
        PlaceChange::Remove,
        PlaceChange::Restore,
        PlaceChange::Member(None),
    ]
}

fn change(
    place: &Place,
    change: PlaceChange,
    by: Changer,
    owners: &[Place],
) -> Result<Place, Refusal> {
    place.changed(change, by, owners, at(NOW))
}

#[test]
fn the_whole_table_of_state_and_action() {
    let mut table = String::from("| state | action | leads to |\n|---|---|---|\n");
    let active = place(1, &[for_good(Role::Staff)]);
    for before in [active.clone(), suspended(active.clone()), removed(active)] {
        for change in changes() {
            let action = change.action().as_str();
            let after = before.changed(change, by(Role::Owner), &[], at(NOW));
            let after = after.map_or("–", |after| after.state().as_str());
            let row = format!("| {} | {action} | {after} |\n", before.state().as_str());
            table.push_str(&row);
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn a_change_counts_and_is_dated() {
    let before = place(1, &[for_good(Role::Staff)]);
    let after = change(
        &before,
        PlaceChange::Suspend(reason()),
        by(Role::Admin),
        &[],
    )
    .unwrap();
    assert_eq!(
        (after.version, after.updated_at),
        (Version::FIRST.next(), at(NOW))
    );
    assert_eq!(
        after.standing,
        Standing::Suspended {
            reason: reason(),
            since: at(NOW)
        }
    );
}

#[test]
fn who_is_removed_is_nobody_on_the_books_any_more() {
    let member = Some(Id::new(Uuid::from_u128(7)));
    let before = Place {
        member,
        ..place(1, &[])
    };
    let after = change(&before, PlaceChange::Remove, by(Role::Admin), &[]).unwrap();
    assert_eq!(after.member, None);
    let back = change(&after, PlaceChange::Restore, by(Role::Admin), &[]).unwrap();
    assert_eq!((back.state(), back.member), (PlaceState::Active, None));
}

#[test]
fn nobody_decides_on_their_own_place_but_who_they_are_on_the_books() {
    let own = place(1, &[for_good(Role::Owner)]);
    let oneself = Changer {
        user: Some(own.user.id),
        highest: Some(Role::Owner),
    };
    let other = place(2, &[for_good(Role::Owner)]);
    for change in changes() {
        let refused = own.changed(
            change.clone(),
            oneself,
            &[own.clone(), other.clone()],
            at(NOW),
        );
        match change.action() {
            PlaceAction::LinkMember => assert!(refused.is_ok()),
            PlaceAction::SetRoles | PlaceAction::Suspend | PlaceAction::Remove => {
                assert_eq!(refused, Err(Refusal::Oneself), "{change:?}");
            }
            PlaceAction::Reactivate | PlaceAction::Restore => {
                assert!(
                    matches!(refused, Err(Refusal::Illegal { .. })),
                    "{change:?}"
                );
            }
        }
    }
}

#[test]
fn nobody_touches_a_place_above_their_own() {
    let owner = place(1, &[for_good(Role::Owner), for_good(Role::Staff)]);
    let second = place(2, &[for_good(Role::Owner)]);
    let owners = [owner.clone(), second];
    for before in [owner.clone(), suspended(owner.clone()), removed(owner)] {
        for change in changes() {
            if before.state().allows(change.action()) {
                let refused = before.changed(change.clone(), by(Role::Admin), &owners, at(NOW));
                assert_eq!(refused, Err(Refusal::Above(Role::Owner)), "{change:?}");
                assert!(
                    before
                        .changed(change, by(Role::Owner), &owners, at(NOW))
                        .is_ok()
                );
            }
        }
    }
}

#[test]
fn nobody_gives_takes_or_prolongs_a_role_above_their_own_in_the_whole_order() {
    for given in Role::ALL {
        for highest in Role::ALL {
            let before = place(1, &[]);
            let roles = PlaceChange::Roles(vec![for_good(given)]);
            let result = change(&before, roles, by(highest), &[]);
            let expected = given.outranks(highest).then_some(Refusal::Above(given));
            assert_eq!(result.err(), expected, "{given:?} by {highest:?}");
        }
    }
    let nobody = Changer {
        user: None,
        highest: None,
    };
    let roles = PlaceChange::Roles(vec![for_good(Role::Contact)]);
    let refused = change(&place(1, &[]), roles, nobody, &[]);
    assert_eq!(refused, Err(Refusal::Above(Role::Contact)));
}

#[test]
fn a_role_that_has_expired_protects_nobody_and_is_taken_by_anybody() {
    let before = place(1, &[until(Role::Owner, NOW), for_good(Role::Staff)]);
    let roles = PlaceChange::Roles(vec![for_good(Role::Member)]);
    let after = change(&before, roles, by(Role::Admin), &[]).unwrap();
    assert_eq!(after.roles, [for_good(Role::Member)]);
}

#[test]
fn roles_are_kept_in_the_order_of_their_power() {
    let roles = vec![
        for_good(Role::Member),
        until(Role::Staff, 9),
        for_good(Role::Admin),
    ];
    let after = change(
        &place(1, &[]),
        PlaceChange::Roles(roles),
        by(Role::Owner),
        &[],
    )
    .unwrap();
    let roles: Vec<_> = after.roles.iter().map(ToString::to_string).collect();
    assert_eq!(
        roles,
        ["admin", "staff until 2027-01-15T08:00:09Z", "member"]
    );
}

/// Everything that ends or weakens an ownership.
fn weakenings() -> Vec<PlaceChange> {
    vec![
        PlaceChange::Roles(vec![for_good(Role::Admin)]),
        PlaceChange::Roles(vec![until(Role::Owner, 1_000)]),
        PlaceChange::Suspend(reason()),
        PlaceChange::Remove,
    ]
}

#[test]
fn the_last_owner_for_good_stays_one() {
    let last = place(1, &[for_good(Role::Owner)]);
    let others = [
        ("nobody", vec![]),
        (
            "one for a while",
            vec![place(2, &[until(Role::Owner, 500)])],
        ),
        (
            "one whose time is over",
            vec![place(2, &[until(Role::Owner, NOW)])],
        ),
        (
            "one who is suspended",
            vec![suspended(place(2, &[for_good(Role::Owner)]))],
        ),
        (
            "one who was removed",
            vec![removed(place(2, &[for_good(Role::Owner)]))],
        ),
        ("an administrator", vec![place(2, &[for_good(Role::Admin)])]),
    ];
    for (who, mut owners) in others {
        owners.push(last.clone());
        for wanted in weakenings() {
            let refused = change(&last, wanted.clone(), by(Role::Owner), &owners);
            assert_eq!(refused, Err(Refusal::LastOwner), "beside {who}: {wanted:?}");
        }
    }
}

#[test]
fn an_owner_beside_another_for_good_can_be_anything() {
    let owners = [
        place(1, &[for_good(Role::Owner)]),
        place(2, &[for_good(Role::Owner)]),
    ];
    for wanted in weakenings() {
        assert!(change(&owners[0], wanted, by(Role::Owner), &owners).is_ok());
    }
    let operator = Changer {
        user: None,
        highest: Some(Role::Owner),
    };
    let refused = change(&owners[0], PlaceChange::Remove, operator, &owners[..1]);
    assert_eq!(refused, Err(Refusal::LastOwner), "not even by the operator");
}

#[test]
fn what_does_not_weaken_the_last_owner_is_allowed() {
    let last = place(1, &[for_good(Role::Owner)]);
    let owners = [last.clone()];
    let roles = vec![for_good(Role::Staff), for_good(Role::Owner)];
    assert!(change(&last, PlaceChange::Roles(roles), by(Role::Owner), &owners).is_ok());
    let passing = place(1, &[until(Role::Owner, 5)]);
    let longer = PlaceChange::Roles(vec![for_good(Role::Owner)]);
    assert!(change(&passing, longer, by(Role::Owner), &owners).is_ok());
}

#[test]
fn allowed_is_what_a_change_would_not_refuse() {
    let owners = [place(8, &[for_good(Role::Owner)])];
    for role in Role::ALL {
        let active = place(1, &[for_good(role)]);
        for before in [active.clone(), suspended(active.clone()), removed(active)] {
            let allowed = before.allowed(by(Role::Admin), at(NOW));
            for change in changes() {
                let action = change.action();
                let result = before.changed(change, by(Role::Admin), &owners, at(NOW));
                assert_eq!(
                    allowed.contains(&action),
                    result.is_ok(),
                    "{action:?} {role:?}"
                );
            }
        }
    }
}

#[test]
fn the_trail_shows_state_reason_roles_and_member() {
    let before = place(1, &[for_good(Role::Staff)]);
    let after = Place {
        roles: Vec::new(),
        ..suspended(before.clone())
    };
    let changed: Vec<_> = crate::audit::differences(before.fields(), after.fields())
        .into_iter()
        .map(|change| (change.field, change.before, change.after))
        .collect();
    let text = |text: &str| Some(text.to_owned());
    let expected = [
        ("state", text("active"), text("suspended")),
        ("reason", None, text("On leave.")),
        ("roles", text("staff"), None),
    ];
    assert_eq!(changed, expected);
}

#[test]
fn every_state_reads_what_it_prints() {
    for state in PlaceState::ALL {
        assert_eq!(PlaceState::parse(state.as_str()), Ok(state));
    }
}
