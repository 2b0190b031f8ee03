//! A person's own sessions and alarms: lists, ends, last uses.

use jiff::Timestamp;
use unionhall_domain::{tenants::TenantId, users::User};
use unionhall_ports::{
    identity::{Session, Spending},
    own_sessions::{Alarm, OpenSession, OwnSessions},
    pages::{Direction, Page, PageRequest},
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::{TestDatabase, builders};

use super::{identity, later, sign_in, user_in};

fn own<T>(
    storage: &dyn UnitOfWork,
    work: impl FnOnce(&mut dyn OwnSessions) -> Result<T, StorageError>,
) -> T {
    builders::store(storage, Scope::Identity, |tx| work(tx.own_sessions()))
}

fn page<S: Default>(limit: u16) -> PageRequest<S> {
    PageRequest {
        limit,
        after: None,
        sort: S::default(),
        direction: Direction::Descending,
        with_total: true,
    }
}

fn listed(storage: &dyn UnitOfWork, user: &User, now: Timestamp) -> Page<OpenSession> {
    own(storage, |own| own.list(user.id, now, &page(50)))
}

fn ids(page: &Page<OpenSession>) -> Vec<Session> {
    page.items.iter().map(|open| open.session.clone()).collect()
}

fn alarm(session: &Session, seconds: i64) -> Alarm {
    Alarm {
        session: session.clone(),
        at: later(seconds),
        address: Some("203.0.113.9".to_owned()),
        device: Some("curl".to_owned()),
    }
}

/// A user with three sessions, begun one second after the other.
fn three(storage: &dyn UnitOfWork) -> (User, TenantId, [Session; 3]) {
    let (user, tenant) = user_in(storage, "local-1", &[]);
    let sessions =
        [1, 2, 3].map(|byte| sign_in(storage, user.id, tenant, byte, later(byte.into())));
    (user, tenant, sessions)
}

#[test]
fn open_sessions_are_listed_by_their_last_use_in_pages_with_their_total() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, tenant, [first, second, third]) = three(storage);
    let other = builders::user(storage, "ben@hall.example");
    builders::membership(storage, &other, tenant, &[]);
    sign_in(storage, other.id, tenant, 9, later(9));
    let all = listed(storage, &user, later(10));
    assert_eq!(ids(&all), [third.clone(), second.clone(), first.clone()]);
    assert_eq!((all.total, &all.next), (Some(3), &None));
    assert_eq!(all.items[0].last_used_at, later(3));
    let one = own(storage, |own| own.list(user.id, later(10), &page(2)));
    assert_eq!(ids(&one), [third, second]);
    let rest = PageRequest {
        after: one.next,
        ..page(2)
    };
    let rest = own(storage, |own| own.list(user.id, later(10), &rest));
    assert_eq!((ids(&rest), rest.next), (vec![first], None));
}

#[test]
fn a_session_that_has_ended_or_whose_token_is_worth_nothing_is_not_open() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, _, [first, second, third]) = three(storage);
    assert!(own(storage, |own| own.end(user.id, first.id, later(4))));
    assert_eq!(
        ids(&listed(storage, &user, later(10))),
        [third.clone(), second]
    );
    let spent = identity(storage, |identity| identity.spend_token(&[2; 32], later(5)));
    assert!(matches!(spent, Spending::Spent(_)));
    assert_eq!(ids(&listed(storage, &user, later(10))), [third]);
    assert_eq!(ids(&listed(storage, &user, later(1_000))), []);
}

#[test]
fn a_session_is_ended_by_whose_it_is_and_once() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, _, [first, ..]) = three(storage);
    let stranger = builders::user(storage, "ben@hall.example");
    let end = |user: &User| own(storage, |own| own.end(user.id, first.id, later(4)));
    assert!(!end(&stranger));
    assert!(end(&user));
    assert!(!end(&user));
}

#[test]
fn all_sessions_are_ended_or_all_but_one_and_those_that_were_open_are_counted() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, tenant, [first, ..]) = three(storage);
    let other = builders::user(storage, "ben@hall.example");
    builders::membership(storage, &other, tenant, &[]);
    sign_in(storage, other.id, tenant, 9, later(9));
    let end = |kept| own(storage, |own| own.end_all(user.id, kept, later(4)));
    assert_eq!(end(Some(first.id)), 2);
    assert_eq!(ids(&listed(storage, &user, later(10))), [first]);
    assert_eq!((end(None), end(None)), (1, 0));
    assert_eq!(listed(storage, &other, later(10)).items.len(), 1);
}

#[test]
fn an_alarm_ends_its_session_once_and_is_listed_newest_first() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, _, [first, second, third]) = three(storage);
    let raise = |alarm: &Alarm| own(storage, |own| own.raise_alarm(alarm));
    let (early, late) = (alarm(&second, 5), alarm(&first, 6));
    assert_eq!(raise(&early).map(|user| user.id), Some(user.id));
    assert!(raise(&late).is_some());
    assert_eq!(raise(&alarm(&first, 7)), None);
    assert_eq!(ids(&listed(storage, &user, later(10))), [third]);
    let alarms = |limit, after| {
        let request = PageRequest {
            after,
            ..page(limit)
        };
        own(storage, |own| own.list_alarms(user.id, &request))
    };
    let all = alarms(50, None);
    assert_eq!((all.items, all.total), (vec![late, early.clone()], Some(2)));
    let next = alarms(1, None).next;
    assert_eq!(alarms(1, next).items, [early]);
    let stranger = builders::user(storage, "ben@hall.example");
    let none = own(storage, |own| own.list_alarms(stranger.id, &page(50)));
    assert_eq!((none.items, none.total), (Vec::new(), Some(0)));
}

#[test]
fn a_use_is_written_down_unless_a_later_one_is_known() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, _, [first, second, _]) = three(storage);
    let uses = [
        (first.id, later(90)),
        (second.id, later(0)),
        (builders::fresh_id(), later(90)),
    ];
    own(storage, |own| own.touch(&uses));
    own(storage, |own| own.touch(&[]));
    let used: Vec<_> = listed(storage, &user, later(100))
        .items
        .into_iter()
        .map(|open| open.last_used_at)
        .collect();
    assert_eq!(used, [later(90), later(3), later(2)]);
}
