//! Who decides: seats that do not overlap, relations that are declared once, rules with their days.

use std::collections::BTreeMap;

use jiff::{
    SignedDuration,
    civil::{Date, date},
};
use unionhall_domain::{
    benevolence::{
        Caps, Kinship, Level, Naming, Reason, Relation, Reviewer, Rules, RulesVersion, Seat,
        Thresholds,
    },
    members::MemberId,
    users::UserId,
};
use unionhall_ports::{
    benevolence::{RelationFilter, RelationSort, SeatSort},
    identity::{HeldRole, Membership},
    pages::{Cursor, Direction, Page, PageRequest},
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::{TestDatabase, builders};
use uuid::Uuid;

use super::{DAY, Hall, cents};

fn seat(user: UserId, level: Level, from: Date, until: Option<Date>) -> Seat {
    Seat {
        id: builders::fresh_id(),
        level,
        holder: Reviewer { user, member: None },
        from,
        until,
    }
}

fn seated(storage: &dyn UnitOfWork, hall: &Hall, seat: &Seat) -> Result<(), StorageError> {
    storage.transaction(hall.scope(), |tx| tx.benevolence_bench().insert_seat(seat))
}

fn is(result: Result<(), StorageError>, constraint: &str) -> bool {
    matches!(result, Err(StorageError::Constraint { name }) if name == constraint)
}

/// Makes the vice-president this member.
fn vp_is(storage: &dyn UnitOfWork, hall: &Hall, member: MemberId) {
    let membership = Membership {
        user: hall.vp.id,
        tenant: hall.tenant.id,
        roles: vec![HeldRole {
            role: unionhall_domain::roles::Role::Officer,
            expires_at: None,
        }],
        member: Some(member),
    };
    builders::store(storage, Scope::Identity, |tx| {
        tx.identity().put_membership(&membership, builders::now())
    });
}

#[test]
fn seats_are_listed_by_level_with_the_member_that_their_holder_is_until_they_end() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    vp_is(storage, &hall, hall.grace.id);
    let manager = seat(hall.manager.id, Level::Manager, DAY, None);
    let admin = seat(hall.vp.id, Level::Admin, date(2026, 6, 1), None);
    let vp = seat(hall.vp.id, Level::Vp, DAY, Some(date(2026, 4, 1)));
    for seat in [&manager, &admin, &vp] {
        seated(storage, &hall, seat).unwrap();
    }
    let levels = |day| {
        let seats = builders::store(storage, hall.scope(), |tx| {
            tx.benevolence_bench().seats(day)
        });
        for seat in &seats {
            let member = (seat.holder.user == hall.vp.id).then_some(hall.grace.id);
            assert_eq!(seat.holder.member, member);
        }
        seats.iter().map(|seat| seat.level).collect::<Vec<_>>()
    };
    let (low, high) = (Level::Vp, Level::Manager);
    assert_eq!(levels(DAY), [low, Level::Admin, high]);
    assert_eq!(levels(date(2026, 3, 31)), [low, Level::Admin, high]);
    assert_eq!(levels(date(2026, 4, 1)), [Level::Admin, high]);
    let ended = Seat {
        until: Some(DAY),
        ..manager
    };
    builders::store(storage, hall.scope(), |tx| {
        tx.benevolence_bench().end_seat(&ended)
    });
    let found = builders::store(storage, hall.scope(), |tx| {
        tx.benevolence_bench().find_seat(ended.id)
    });
    assert_eq!(found, Some(ended));
    assert_eq!(levels(DAY), [low, Level::Admin]);
}

fn pages<S: Default>(limit: u16) -> PageRequest<S> {
    PageRequest {
        limit,
        after: None,
        sort: S::default(),
        direction: Direction::Ascending,
        with_total: true,
    }
}

/// Everything that a list has, page by page of this size, and the same from behind.
fn walked<T, S: Default>(
    limit: u16,
    list: impl Fn(&PageRequest<S>) -> Page<T>,
    id: impl Fn(&T) -> Uuid,
) -> Vec<Uuid> {
    let walk = |direction| {
        let mut request = PageRequest {
            direction,
            ..pages(limit)
        };
        let mut ids = Vec::new();
        loop {
            let page = list(&request);
            assert!(page.items.len() <= usize::from(limit));
            ids.extend(page.items.iter().map(&id));
            match page.next {
                Some(next) => request.after = Some(next),
                None => {
                    assert_eq!(page.total, u64::try_from(ids.len()).ok());
                    return ids;
                }
            }
        }
    };
    let forth = walk(Direction::Ascending);
    let mut back = walk(Direction::Descending);
    back.reverse();
    assert_eq!(forth, back);
    forth
}

#[test]
fn seats_come_in_pages_by_level_and_day_and_each_comes_once() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let later = date(2026, 6, 1);
    let seats = [
        seat(hall.vp.id, Level::Vp, DAY, None),
        seat(hall.manager.id, Level::Vp, later, None),
        seat(hall.vp.id, Level::Admin, DAY, None),
        seat(hall.vp.id, Level::Manager, DAY, None),
        seat(hall.manager.id, Level::President, DAY, None),
    ];
    let over = seat(hall.manager.id, Level::Vp, date(2025, 1, 1), Some(DAY));
    for seat in seats.iter().rev().chain([&over]) {
        seated(storage, &hall, seat).unwrap();
    }
    let list = |page: &PageRequest<SeatSort>| {
        builders::store(storage, hall.scope(), |tx| {
            tx.benevolence_bench().list_seats(DAY, page)
        })
    };
    let expected: Vec<_> = seats.iter().map(|seat| seat.id.uuid()).collect();
    for limit in [1, 2, 100] {
        assert_eq!(walked(limit, list, |seat: &Seat| seat.id.uuid()), expected);
    }
    let after = Some(Cursor {
        key: "vp".to_owned(),
        id: builders::fresh_uuid(),
    });
    let elsewhere = list(&PageRequest { after, ..pages(5) });
    assert_eq!((elsewhere.items.len(), elsewhere.total), (0, Some(5)));
}

#[test]
fn relations_come_in_pages_in_the_order_in_which_they_were_declared_with_the_same_filters() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    vp_is(storage, &hall, hall.grace.id);
    let relation = |hours, member, user, reviewer| Relation {
        id: builders::fresh_id(),
        member,
        reviewer: Reviewer {
            user,
            member: reviewer,
        },
        kinship: Kinship::InLaw,
        declared_by: None,
        declared_at: builders::now() + SignedDuration::from_hours(hours),
        ended_at: None,
    };
    let (ada, grace) = (hall.ada.id, hall.grace.id);
    let relations = [
        relation(0, grace, hall.manager.id, None),
        relation(1, ada, hall.vp.id, Some(grace)),
        relation(1, ada, hall.manager.id, None),
    ];
    builders::store(storage, hall.scope(), |tx| {
        let bench = tx.benevolence_bench();
        relations
            .iter()
            .try_for_each(|tie| bench.insert_relation(tie))
    });
    let filters = [
        (None, None),
        (Some(ada), None),
        (Some(grace), None),
        (None, Some(hall.vp.id)),
        (None, Some(hall.manager.id)),
        (Some(ada), Some(hall.vp.id)),
        (Some(grace), Some(hall.vp.id)),
    ];
    for (member, user) in filters {
        let filter = RelationFilter { member, user };
        let whole = builders::store(storage, hall.scope(), |tx| {
            tx.benevolence_bench().relations(&filter)
        });
        assert!(!whole.is_empty(), "{filter:?}");
        let expected: Vec<_> = whole.iter().map(|tie| tie.id.uuid()).collect();
        let list = |page: &PageRequest<RelationSort>| {
            builders::store(storage, hall.scope(), |tx| {
                tx.benevolence_bench().list_relations(&filter, page)
            })
        };
        assert_eq!(list(&pages(100)).items, whole, "{filter:?}");
        for limit in [1, 2] {
            let found = walked(limit, list, |tie: &Relation| tie.id.uuid());
            assert_eq!(found, expected, "{filter:?}");
        }
    }
}

#[test]
fn nobody_has_the_same_seat_twice_on_one_day_and_strangers_have_none() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let until = Some(date(2026, 4, 1));
    let first = seat(hall.vp.id, Level::Vp, DAY, until);
    seated(storage, &hall, &first).unwrap();
    let again = |level, from, until| seated(storage, &hall, &seat(hall.vp.id, level, from, until));
    let overlap = "benevolence_seats_overlap";
    assert!(is(again(Level::Vp, date(2026, 3, 31), None), overlap));
    assert!(is(again(Level::Vp, date(2020, 1, 1), None), overlap));
    again(Level::Admin, DAY, None).unwrap();
    again(Level::Vp, date(2026, 4, 1), None).unwrap();
    let longer = Seat {
        until: Some(date(2026, 4, 2)),
        ..first
    };
    let prolonged =
        storage.transaction(hall.scope(), |tx| tx.benevolence_bench().end_seat(&longer));
    assert!(is(prolonged, overlap));
    let other = Hall::new(storage, "local-77");
    let stranger = seat(other.vp.id, Level::Vp, DAY, None);
    let refused = seated(storage, &hall, &stranger);
    assert!(is(refused, "benevolence_seats_user_fkey"));
    let unknown = storage.transaction(hall.scope(), |tx| {
        tx.benevolence_bench().end_seat(&stranger)
    });
    assert!(matches!(unknown, Err(StorageError::Stale)));
}

#[test]
fn of_two_who_give_the_same_seat_at_once_one_does() {
    let database = TestDatabase::new();
    let hall = Hall::new(&*database.unit_of_work(), "local-46");
    let storage =
        unionhall_postgres_adapter::PgUnitOfWork::new(&unionhall_postgres_adapter::PoolConfig {
            size: 2,
            ..database.pool_config()
        });
    let storage: &dyn UnitOfWork = &storage;
    for level in Level::ALL {
        let barrier = std::sync::Barrier::new(2);
        let given: Vec<_> = std::thread::scope(|scope| {
            let (barrier, hall) = (&barrier, &hall);
            let threads: Vec<_> = (0..2)
                .map(|_| {
                    scope.spawn(move || {
                        barrier.wait();
                        seated(storage, hall, &seat(hall.vp.id, level, DAY, None))
                    })
                })
                .collect();
            let joined = threads.into_iter().map(|thread| thread.join().unwrap());
            joined.collect()
        });
        let won = given.iter().filter(|result| result.is_ok()).count();
        assert_eq!(won, 1, "{given:?}");
    }
}

#[test]
fn a_relation_is_declared_once_found_from_both_sides_and_ended_once() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    vp_is(storage, &hall, hall.grace.id);
    let relation = |member, user, reviewer| Relation {
        id: builders::fresh_id(),
        member,
        reviewer: Reviewer {
            user,
            member: reviewer,
        },
        kinship: Kinship::InLaw,
        declared_by: Some(hall.manager.id),
        declared_at: builders::now(),
        ended_at: None,
    };
    let scope = hall.scope();
    let declared = |tie: &Relation| {
        storage.transaction(scope, |tx| tx.benevolence_bench().insert_relation(tie))
    };
    let to_vp = relation(hall.ada.id, hall.vp.id, Some(hall.grace.id));
    let to_manager = relation(hall.ada.id, hall.manager.id, None);
    declared(&to_vp).unwrap();
    declared(&to_manager).unwrap();
    let twice = relation(hall.ada.id, hall.vp.id, None);
    assert!(is(declared(&twice), "benevolence_relations_key"));
    let found = |member, user| {
        builders::store(storage, hall.scope(), |tx| {
            let filter = RelationFilter { member, user };
            tx.benevolence_bench().relations(&filter)
        })
    };
    let both = [to_vp.clone(), to_manager.clone()];
    assert_eq!(found(None, None), both);
    assert_eq!(found(Some(hall.ada.id), None), both);
    assert_eq!(found(None, Some(hall.vp.id)), both[..1]);
    let between = found(Some(hall.ada.id), Some(hall.manager.id));
    assert_eq!(between, [to_manager]);
    // The vice-president is Grace: what is declared counts when she applies, too.
    assert_eq!(
        found(Some(hall.grace.id), None),
        std::slice::from_ref(&to_vp)
    );
    let over = Relation {
        ended_at: Some(builders::now()),
        ..to_vp
    };
    let end = || storage.transaction(scope, |tx| tx.benevolence_bench().end_relation(&over));
    end().unwrap();
    assert!(matches!(end(), Err(StorageError::Stale)));
    assert!(found(None, Some(hall.vp.id)).is_empty());
    let known = builders::store(storage, hall.scope(), |tx| {
        tx.benevolence_bench().find_relation(over.id)
    });
    assert_eq!(known, Some(over));
    declared(&twice).unwrap();
}

#[test]
fn a_relation_is_between_people_of_the_tenant() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let other = Hall::new(storage, "local-77");
    for (member, user, constraint) in [
        (
            other.ada.id,
            hall.vp.id,
            "benevolence_relations_member_fkey",
        ),
        (hall.ada.id, other.vp.id, "benevolence_relations_user_fkey"),
    ] {
        let relation = Relation {
            id: builders::fresh_id(),
            member,
            reviewer: Reviewer { user, member: None },
            kinship: Kinship::Other,
            declared_by: None,
            declared_at: builders::now(),
            ended_at: None,
        };
        let refused = storage.transaction(hall.scope(), |tx| {
            tx.benevolence_bench().insert_relation(&relation)
        });
        assert!(is(refused, constraint));
    }
}

#[test]
fn rules_are_read_as_they_were_set_and_those_of_one_day_are_replaced() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let version = |from, rules| RulesVersion {
        effective_from: from,
        rules,
        set_by: Some(hall.vp.id),
        set_at: builders::now(),
    };
    let caps = (1..)
        .zip(Reason::ALL)
        .map(|(minor, reason)| (reason, cents(minor)))
        .collect();
    let strict = Rules {
        thresholds: Thresholds::new(cents(1), cents(2), cents(3)).unwrap(),
        reserve: cents(4),
        caps: Caps {
            per_member: Some(cents(9)),
            per_reason: caps,
        },
        naming: Naming::NeedFirst,
    };
    let lax = Rules {
        caps: Caps {
            per_member: None,
            per_reason: BTreeMap::new(),
        },
        ..Rules::default_rules()
    };
    let book = || builders::store(storage, hall.scope(), |tx| tx.benevolence_bench().rules());
    let put = |version: &RulesVersion| {
        builders::store(storage, hall.scope(), |tx| {
            tx.benevolence_bench().put_rules(version)
        });
    };
    assert!(book().versions().is_empty());
    let (late, early) = (
        version(date(2027, 1, 1), lax.clone()),
        version(DAY, strict.clone()),
    );
    put(&late);
    put(&early);
    assert_eq!(book().versions(), [early.clone(), late]);
    let replaced = version(date(2027, 1, 1), strict);
    put(&replaced);
    assert_eq!(book().versions(), [early.clone(), replaced]);
    put(&version(DAY, lax.clone()));
    assert_eq!(book().versions()[0].rules, lax, "caps are cleared too");
}
