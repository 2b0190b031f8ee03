//! Contract of the repository of calendar feeds.

use jiff::{SignedDuration, Timestamp, ToSpan, civil::date};
use unionhall_domain::{
    deadline_feeds::{DeadlineFeed, FeedEntry},
    deadlines::{Deadline, DeadlineAction, Extension, Grant},
    grievances::Step,
    holidays::Calendars,
};
use unionhall_ports::{
    deadline_feeds::UnseenMove,
    storage::StorageError,
    unit_of_work::{Repositories, Scope},
};
use unionhall_testing::builders::{self, store};

use super::{Hall, accord, calendars};

const HASH: [u8; 32] = [1; 32];

fn feed(hall: &Hall) -> DeadlineFeed {
    DeadlineFeed {
        id: builders::fresh_id(),
        user: hall.steward,
        made_at: builders::now(),
        issued_at: builders::now(),
        fetched_at: None,
    }
}

/// The second grievance is the steward's; this is its deadline.
fn carried(hall: &Hall) -> Deadline {
    let deadline = hall.deadline(1, date(2026, 11, 2));
    let others = hall.deadline(0, date(2026, 11, 2));
    let storage = &*hall.database.unit_of_work();
    store(storage, Scope::Tenant(hall.tenant), |tx| {
        tx.deadlines().insert(&[deadline.clone(), others.clone()])
    });
    deadline
}

fn later(deadline: &Deadline, days: i64) -> Deadline {
    let until = deadline.due() + days.days();
    let extension = Extension {
        accord: accord(),
        grant: Grant::Until(until),
    };
    let action = DeadlineAction::Extend(extension);
    let today = date(2026, 11, 20);
    let at = deadline.updated_at + SignedDuration::from_mins(1);
    deadline.apply(action, &calendars(), today, at).unwrap()
}

fn entries(tx: &mut dyn Repositories, hall: &Hall) -> Result<Vec<FeedEntry>, StorageError> {
    let ended_after = builders::now() - SignedDuration::from_hours(1);
    tx.deadline_feeds().entries(hall.steward, ended_after, 9)
}

#[test]
fn a_feed_is_made_once_found_replaced_and_removed() {
    let hall = Hall::new();
    let storage = &*hall.database.unit_of_work();
    let feed = feed(&hall);
    let presented =
        |hash: [u8; 32]| storage.read(Scope::Identity, |tx| tx.deadline_feeds().presented(&hash));
    store(storage, Scope::Tenant(hall.tenant), |tx| {
        let feeds = tx.deadline_feeds();
        assert_eq!(feeds.find(hall.steward)?, None);
        assert!(feeds.insert(&feed, &HASH)?);
        let second = DeadlineFeed {
            id: builders::fresh_id(),
            ..feed.clone()
        };
        assert!(!feeds.insert(&second, &[2; 32])?);
        assert_eq!(feeds.find(hall.steward)?, Some(feed.clone()));
        Ok(())
    });
    let access = presented(HASH).unwrap().unwrap();
    assert_eq!(
        (access.user.id, access.tenant.id),
        (hall.steward, hall.tenant)
    );
    assert_eq!(access.session.uuid(), feed.id.uuid());
    let after = DeadlineFeed {
        issued_at: feed.issued_at + SignedDuration::from_mins(1),
        ..feed.clone()
    };
    store(storage, Scope::Tenant(hall.tenant), |tx| {
        tx.deadline_feeds().replace(&after, &[3; 32])
    });
    assert!(presented(HASH).unwrap().is_none());
    assert!(presented([3; 32]).unwrap().is_some());
    store(storage, Scope::Tenant(hall.tenant), |tx| {
        let feeds = tx.deadline_feeds();
        assert!(feeds.delete(hall.steward)?);
        assert!(!feeds.delete(hall.steward)?);
        feeds.fetched(feed.id, &[], builders::now())
    });
    assert!(presented([3; 32]).unwrap().is_none());
    let gone = storage.transaction(Scope::Tenant(hall.tenant), |tx| {
        tx.deadline_feeds().replace(&feed, &HASH)
    });
    assert!(matches!(gone, Err(StorageError::Stale)), "{gone:?}");
}

#[test]
fn whoever_is_suspended_or_deleted_presents_nothing() {
    let hall = Hall::new();
    let storage = &*hall.database.unit_of_work();
    store(storage, Scope::Tenant(hall.tenant), |tx| {
        tx.deadline_feeds().insert(&feed(&hall), &HASH)
    });
    for [off, on] in [
        [
            "update memberships set state = 'suspended', suspended_at = now(), suspended_for = 'Left.'",
            "update memberships set state = 'active', suspended_at = null, suspended_for = null",
        ],
        [
            "update users set state = 'inactive'",
            "update users set state = 'active'",
        ],
    ] {
        let found = || {
            let read = |tx: &mut dyn Repositories| tx.deadline_feeds().presented(&HASH);
            storage.read(Scope::Identity, read).unwrap().is_some()
        };
        hall.database.execute(off);
        assert!(!found(), "{off}");
        hall.database.execute(on);
        assert!(found(), "{on}");
    }
}

#[test]
fn an_entry_counts_the_changes_of_its_day_and_its_end_and_no_others() {
    let hall = Hall::new();
    let storage = &*hall.database.unit_of_work();
    let first = carried(&hall);
    let shown = || {
        let entries = storage.read(Scope::Tenant(hall.tenant), |tx| entries(tx, &hall));
        let entries = entries.unwrap();
        assert_eq!(entries.len(), 1, "{entries:?}");
        entries.into_iter().next().unwrap()
    };
    let write = |deadline: &Deadline| {
        store(storage, Scope::Tenant(hall.tenant), |tx| {
            tx.deadlines().update(deadline)
        });
        let entry = shown();
        (entry.due, entry.sequence, entry.runs, entry.changed_at)
    };
    assert_eq!(
        (shown().sequence, shown().changed_at),
        (0, first.created_at)
    );
    let moved = later(&first, 7);
    let at = moved.updated_at;
    assert_eq!(write(&moved), (moved.due(), 1, true, at));
    let touched = Deadline {
        version: moved.version.next(),
        updated_at: at + SignedDuration::from_mins(1),
        ..moved.clone()
    };
    assert_eq!(write(&touched), (moved.due(), 1, true, at));
    let ended = touched.apply(
        DeadlineAction::Lapse,
        &Calendars::default(),
        moved.due(),
        at,
    );
    let ended = ended.unwrap();
    assert_eq!(write(&ended), (moved.due(), 2, false, at));
}

#[test]
fn what_ended_long_ago_is_shown_no_more() {
    let hall = Hall::new();
    let storage = &*hall.database.unit_of_work();
    let deadline = carried(&hall);
    let at = deadline.updated_at;
    let ended = deadline.apply(
        DeadlineAction::Lapse,
        &Calendars::default(),
        deadline.due(),
        at,
    );
    store(storage, Scope::Tenant(hall.tenant), |tx| {
        tx.deadlines().update(&ended.unwrap())
    });
    let shown = |after: Timestamp| {
        storage.read(Scope::Tenant(hall.tenant), |tx| {
            tx.deadline_feeds().entries(hall.steward, after, 9)
        })
    };
    assert_eq!(shown(at - SignedDuration::from_secs(1)).unwrap().len(), 1);
    assert_eq!(shown(at).unwrap().len(), 0);
}

#[test]
fn a_move_is_unseen_until_the_feed_is_fetched_or_its_owner_is_told() {
    let hall = Hall::new();
    let storage = &*hall.database.unit_of_work();
    let first = carried(&hall);
    let feed = feed(&hall);
    let made_at = first.created_at - SignedDuration::from_mins(5);
    let feed = DeadlineFeed { made_at, ..feed };
    let moved = later(&first, 7);
    let at = moved.updated_at;
    let before = at - SignedDuration::from_secs(1);
    let move_of = |sequence, from| UnseenMove {
        user: hall.steward,
        deadline: first.id,
        from,
        sequence,
    };
    store(storage, Scope::Tenant(hall.tenant), |tx| {
        tx.deadline_feeds().insert(&feed, &HASH)?;
        assert_eq!(tx.deadline_feeds().unseen_moves(before, at, 9)?, []);
        tx.deadlines().update(&moved)?;
        let feeds = tx.deadline_feeds();
        assert_eq!(feeds.unseen_moves(before, before, 9)?, []);
        assert_eq!(feeds.unseen_moves(at, at, 9)?, []);
        let unseen = move_of(1, first.due());
        assert_eq!(feeds.unseen_moves(before, at, 9)?, [unseen]);
        let shown = entries(tx, &hall)?;
        tx.deadline_feeds().fetched(feed.id, &shown, at)?;
        assert_eq!(tx.deadline_feeds().unseen_moves(before, at, 9)?, []);
        let again = later(&moved, 3);
        tx.deadlines().update(&again)?;
        let (until, unseen) = (again.updated_at, move_of(2, moved.due()));
        let feeds = tx.deadline_feeds();
        assert_eq!(feeds.unseen_moves(before, until, 9)?, [unseen]);
        assert!(feeds.insert_notice(&unseen, until)?);
        assert!(!feeds.insert_notice(&unseen, until)?);
        assert_eq!(feeds.unseen_moves(before, until, 9)?, []);
        // Whatever the day was between, the calendar shows the one it was last shown; and when that is the day again, it
        // shows nothing wrong.
        let third = later(&again, 2);
        tx.deadlines().update(&third)?;
        let until = third.updated_at;
        let feeds = tx.deadline_feeds();
        assert_eq!(
            feeds.unseen_moves(before, until, 9)?,
            [move_of(3, moved.due())]
        );
        let back = Deadline {
            derivation: moved.derivation.clone(),
            ..later(&third, 1)
        };
        tx.deadlines().update(&back)?;
        let feeds = tx.deadline_feeds();
        assert_eq!(feeds.unseen_moves(before, back.updated_at, 9)?, []);
        Ok(())
    });
}

#[test]
fn what_takes_the_place_of_a_deadline_that_lapsed_is_that_deadline_on_another_day() {
    let hall = Hall::new();
    let storage = &*hall.database.unit_of_work();
    let first = carried(&hall);
    let feed = feed(&hall);
    let made_at = first.created_at - SignedDuration::from_mins(5);
    let feed = DeadlineFeed { made_at, ..feed };
    let at = first.updated_at + SignedDuration::from_mins(1);
    let lapsed = first.apply(
        DeadlineAction::Lapse,
        &Calendars::default(),
        first.due(),
        at,
    );
    let instead = |other: Deadline| {
        let id = builders::fresh_id();
        Deadline::begun(id, first.grievance, other.derivation, at)
    };
    let mut elsewhere = instead(later(&first, 4));
    elsewhere.derivation.basis.rule.key.step = Step::Step2;
    let (new, same) = (instead(later(&first, 3)), instead(first.clone()));
    let before = first.created_at - SignedDuration::from_secs(1);
    store(storage, Scope::Tenant(hall.tenant), |tx| {
        tx.deadline_feeds().insert(&feed, &HASH)?;
        tx.deadlines().update(&lapsed.unwrap())?;
        tx.deadlines().insert(&[new.clone(), elsewhere, same])?;
        let unseen = UnseenMove {
            user: hall.steward,
            deadline: new.id,
            from: first.due(),
            sequence: 0,
        };
        assert_eq!(tx.deadline_feeds().unseen_moves(before, at, 9)?, [unseen]);
        let shown = entries(tx, &hall)?;
        tx.deadline_feeds().fetched(feed.id, &shown, at)?;
        assert_eq!(tx.deadline_feeds().unseen_moves(before, at, 9)?, []);
        Ok(())
    });
}

#[test]
fn the_worker_learns_of_tenants_in_which_something_moved_and_nobody_else_does() {
    let hall = Hall::new();
    let storage = &*hall.database.unit_of_work();
    let first = carried(&hall);
    let moved = later(&first, 7);
    store(storage, Scope::Tenant(hall.tenant), |tx| {
        tx.deadlines().update(&moved)
    });
    let asked =
        |scope, after| storage.read(scope, |tx| tx.deadline_feeds().tenants_with_moves(after));
    let at = moved.updated_at;
    let before = at - SignedDuration::from_secs(1);
    assert_eq!(asked(Scope::Worker, before).unwrap(), [hall.tenant]);
    assert_eq!(asked(Scope::Worker, at).unwrap(), []);
    for scope in [Scope::Tenant(hall.tenant), Scope::Identity] {
        assert!(asked(scope, before).is_err());
    }
}
