//! Tests of the use cases of calendar feeds.

use std::sync::Arc;

use jiff::{Timestamp, civil::date};
use sha2::{Digest, Sha256};
use unionhall_domain::{
    deadline_feeds::DeadlineFeed,
    roles::Role,
    tenants::{Plan, Standing, Tenant},
};
use unionhall_ports::{
    audit::Origin,
    deadline_feeds::UnseenMove,
    identity::{Access, Colleague},
    mock::MockRepositories,
};

use crate::{
    deadlines::tests::case,
    error::Code,
    fixtures::{
        CALLER, HALL, Hall, STEWARD, access, audited, call, code, colleague, for_good, id, mailed,
        now, tenant, told,
    },
};

fn feed() -> DeadlineFeed {
    DeadlineFeed {
        id: id(6_001),
        user: CALLER,
        made_at: now(),
        issued_at: now(),
        fetched_at: None,
    }
}

#[test]
fn who_makes_a_feed_is_shown_its_address_and_storage_and_trail_have_neither_token_nor_address() {
    let mut mocks = MockRepositories::default();
    let events = audited(&mut mocks);
    mocks.deadline_feeds.expect_insert().returning(|_, hash| {
        let secret = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";
        let expected: [u8; 32] = Sha256::digest(secret.as_bytes()).into();
        assert_eq!(*hash, expected);
        Ok(true)
    });
    let hall = Hall::over(mocks);
    let issued = hall
        .application
        .deadline_feeds
        .make(&call(Role::Staff))
        .unwrap();
    let expected = "https://hall.example/api/v1/deadline-feeds/BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc.ics";
    assert_eq!(issued.address, expected);
    assert_eq!(told(&events), [("created", "deadline_feed")]);
    assert!(!format!("{issued:?}{:?}", events.lock().unwrap()).contains("BwcH"));
    assert!(hall.committed());
}

#[test]
fn there_is_one_feed_each_and_members_have_none() {
    let mut mocks = MockRepositories::default();
    mocks
        .deadline_feeds
        .expect_insert()
        .returning(|_, _| Ok(false));
    let hall = Hall::over(mocks);
    let feeds = &hall.application.deadline_feeds;
    assert_eq!(code(feeds.make(&call(Role::Staff))), Code::Duplicate);
    assert!(hall.rolled_back());
    let hall = Hall::untouchable();
    let feeds = &hall.application.deadline_feeds;
    assert_eq!(code(feeds.make(&call(Role::Member))), Code::Forbidden);
    assert_eq!(code(feeds.replace(&call(Role::Member))), Code::Forbidden);
    assert_eq!(
        code(feeds.revoke(&call(Role::Officer), STEWARD)),
        Code::Forbidden
    );
}

#[test]
fn whose_feed_an_administrator_ends_is_told_and_who_ends_their_own_is_not() {
    let mut mocks = MockRepositories::default();
    let events = audited(&mut mocks);
    let mails = mailed(&mut mocks);
    mocks
        .deadline_feeds
        .expect_find()
        .returning(|_| Ok(Some(feed())));
    mocks.deadline_feeds.expect_delete().returning(|_| Ok(true));
    mocks
        .identity
        .expect_find_colleague()
        .returning(|_| Ok(Some(colleague(&[for_good(Role::Staff)]))));
    let hall = Hall::over(mocks);
    let feeds = &hall.application.deadline_feeds;
    feeds.revoke_own(&call(Role::Member)).unwrap();
    assert!(mails.lock().unwrap().is_empty());
    feeds.revoke(&call(Role::Admin), STEWARD).unwrap();
    let mails = mails.lock().unwrap();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].subject.contains("was ended"));
    assert_eq!(told(&events), [("deleted", "deadline_feed"); 2]);
}

/// A hall in which every token is that of a feed with this access.
fn presented(access: Option<Access>) -> Hall {
    let mut mocks = MockRepositories::default();
    let feeds = &mut mocks.deadline_feeds;
    feeds
        .expect_presented()
        .returning(move |_| Ok(access.clone()));
    feeds.expect_entries().returning(|_, _, _| Ok(Vec::new()));
    Hall::over(mocks)
}

#[test]
fn a_feed_is_there_as_long_as_its_owner_could_read_what_it_shows() {
    let with = |role, change: fn(&mut Access)| {
        let mut access = access(&[for_good(role)], None);
        change(&mut access);
        let hall = presented(Some(access));
        hall.application
            .deadline_feeds
            .fetch("token", Origin::default())
            .is_ok()
    };
    let standing = |standing| Tenant {
        plan: Plan {
            standing,
            ..Plan::ACTIVE
        },
        ..tenant()
    };
    assert!(with(Role::Staff, |_| {}));
    assert!(!with(Role::Member, |_| {}));
    assert!(!with(Role::Staff, |access| access.roles.clear()));
    assert!(!with(Role::Staff, |access| {
        access.roles[0].expires_at = Some(now());
    }));
    assert!(!with(Role::Staff, |access| {
        access.second_factor_roles = vec![Role::Staff];
    }));
    for (there, standing) in [
        (true, standing(Standing::Suspended)),
        (false, standing(Standing::Canceled)),
    ] {
        let access = Access {
            tenant: standing,
            ..access(&[for_good(Role::Staff)], None)
        };
        let hall = presented(Some(access));
        let fetched = hall
            .application
            .deadline_feeds
            .fetch("t", Origin::default());
        assert_eq!(fetched.is_ok(), there);
    }
    let hall = presented(None);
    let fetched = hall
        .application
        .deadline_feeds
        .fetch("t", Origin::default());
    assert_eq!(code(fetched), Code::NotFound);
}

#[test]
fn what_a_calendar_is_told_is_on_record_as_read_by_its_owner() {
    // Whatever is fetched and told: that a calendar shows it is for whoever answers to say.
    let hall = presented(Some(access(&[for_good(Role::Staff)], None)));
    let feeds = &hall.application.deadline_feeds;
    let fetched = feeds.fetch("t", Origin::default()).unwrap();
    assert!(hall.reads.lock().unwrap().is_empty());
    let _told = feeds.told(&fetched, ()).unwrap();
    assert_eq!(told(&hall.reads), [("listed", "deadline_feed")]);
    let reads = hall.reads.lock().unwrap();
    assert_eq!(reads[0].actor, call(Role::Staff).actor.in_trail());
}

/// A hall in which one move was not seen, and whether somebody is told of it.
fn moved(at: &str, fresh: bool, roles: &'static [Role]) -> (usize, Vec<String>) {
    let owner = move || {
        let roles: Vec<_> = roles.iter().map(|role| for_good(*role)).collect();
        Some(colleague(&roles))
    };
    let by_day = at.contains("T15:00");
    moved_of(at, fresh, owner, tenant(), usize::from(by_day))
}

/// The same of a feed's owner, and in a tenant.
fn moved_of(
    at: &str,
    fresh: bool,
    owner: impl Fn() -> Option<Colleague> + Send + 'static,
    tenant: Tenant,
    notices: usize,
) -> (usize, Vec<String>) {
    let mut mocks = MockRepositories::default();
    let mails = mailed(&mut mocks);
    let feeds = &mut mocks.deadline_feeds;
    feeds
        .expect_tenants_with_moves()
        .returning(|_| Ok(vec![HALL]));
    feeds.expect_unseen_moves().returning(|_, _, _| {
        Ok(vec![UnseenMove {
            user: STEWARD,
            deadline: case().deadline.id,
            from: date(2026, 11, 20),
            sequence: 1,
        }])
    });
    // Whoever is not told is done with too: the move stands in nobody's way.
    feeds
        .expect_insert_notice()
        .times(notices)
        .returning(move |_, _| Ok(fresh));
    mocks
        .tenants
        .expect_find()
        .returning(move |_| Ok(Some(tenant.clone())));
    mocks
        .deadlines
        .expect_find()
        .returning(|_| Ok(Some(case())));
    mocks
        .identity
        .expect_find_colleague()
        .returning(move |_| Ok(owner()));
    let hall = Hall::over(mocks);
    let at: Timestamp = at.parse().unwrap();
    let told = hall.application.deadline_feeds.tell_moves_at(at).unwrap();
    let mails = Arc::clone(&mails);
    let texts = mails
        .lock()
        .unwrap()
        .iter()
        .map(|mail| mail.text.clone())
        .collect();
    (told, texts)
}

#[test]
fn a_move_is_told_once_by_day_to_who_may_read_of_it_and_says_both_days() {
    let (told, texts) = moved("2026-11-23T15:00:00Z", true, &[Role::Staff]);
    assert_eq!(told, 1);
    assert!(texts[0].contains("by Tuesday, November 24, 2026. Before, it was 2026-11-20."));
    let nobody = (0, Vec::new());
    // Seven in the morning is there; six, and nine in the evening, are not.
    assert_eq!(moved("2026-11-23T14:59:59Z", true, &[Role::Staff]), nobody);
    assert_eq!(moved("2026-11-24T05:00:00Z", true, &[Role::Staff]), nobody);
    assert_eq!(moved("2026-11-23T15:00:00Z", false, &[Role::Staff]), nobody);
    assert_eq!(moved("2026-11-23T15:00:00Z", true, &[Role::Member]), nobody);
}

#[test]
fn a_move_is_done_with_where_its_owner_left_and_nobody_is_told_where_feeds_show_nothing() {
    let nobody = (0, Vec::new());
    let noon = "2026-11-23T20:00:00Z";
    assert_eq!(moved_of(noon, true, || None, tenant(), 1), nobody);
    let canceled = Tenant {
        plan: Plan {
            standing: Standing::Canceled,
            ..Plan::ACTIVE
        },
        ..tenant()
    };
    let owner = || Some(colleague(&[for_good(Role::Staff)]));
    assert_eq!(moved_of(noon, true, owner, canceled, 0), nobody);
}

#[test]
fn what_a_calendar_shows_is_kept_as_seen() {
    let mut mocks = MockRepositories::default();
    let feeds = &mut mocks.deadline_feeds;
    feeds
        .expect_presented()
        .returning(|_| Ok(Some(access(&[for_good(Role::Staff)], None))));
    feeds.expect_entries().returning(|_, _, _| Ok(Vec::new()));
    feeds.expect_fetched().times(1).returning(|_, _, _| Ok(()));
    let hall = Hall::over(mocks);
    let feeds = &hall.application.deadline_feeds;
    let fetched = feeds.fetch("t", Origin::default()).unwrap();
    feeds.seen(&fetched).unwrap();
}
