//! One's own sessions: which are seen, which are ended, and when it is written down that they were used.

use mockall::predicate::eq;
use unionhall_domain::roles::Role;
use unionhall_ports::{
    mock::MockRepositories,
    unit_of_work::{Decision, Mode},
};

use super::*;
use crate::{
    actor::Actor,
    fixtures::{
        CALLER, HALL, Hall, SESSION, audited, call, call_of, code, id, now, page, tenant, told,
    },
};

const WRITTEN: (Scope, Mode, Decision) = (Scope::Identity, Mode::Write, Decision::Commit);

fn session() -> Session {
    Session {
        id: SESSION,
        user: CALLER,
        tenant: HALL,
        device: None,
        address: None,
        created_at: now(),
    }
}

#[test]
fn a_person_sees_their_own_sessions_and_alarms() {
    let mut mocks = MockRepositories::default();
    let open = OpenSession {
        session: session(),
        last_used_at: now(),
    };
    let raised = Alarm {
        session: session(),
        at: now(),
        address: None,
        device: None,
    };
    let (shown, shown_alarm) = (open.clone(), raised.clone());
    mocks
        .own_sessions
        .expect_list()
        .withf(|user, at, _| *user == CALLER && *at == now())
        .returning(move |_, _, _| {
            Ok(Page {
                items: vec![shown.clone()],
                next: None,
                total: None,
            })
        });
    mocks
        .own_sessions
        .expect_list_alarms()
        .withf(|user, _| *user == CALLER)
        .returning(move |_, _| {
            Ok(Page {
                items: vec![shown_alarm.clone()],
                next: None,
                total: None,
            })
        });
    let own = Hall::over(mocks).application.own_sessions;
    let caller = call(Role::Member);
    assert_eq!(own.list(&caller, &page()).unwrap().items, [open]);
    assert_eq!(own.alarms(&caller, &page()).unwrap().items, [raised]);
}

#[test]
fn ending_a_session_is_on_record_and_one_that_is_not_theirs_is_like_none() {
    let mut mocks = MockRepositories::default();
    let events = audited(&mut mocks);
    mocks
        .own_sessions
        .expect_end()
        .returning(|user, session, _| Ok(user == CALLER && session == SESSION));
    let hall = Hall::over(mocks);
    let own = &hall.application.own_sessions;
    own.end(&call(Role::Member), SESSION).unwrap();
    assert_eq!(told(&events), [("signed_out", "session")]);
    assert_eq!(hall.runs(), [WRITTEN]);
    let other = own.end(&call(Role::Member), id(77));
    assert_eq!(code(other), Code::NotFound);
    assert_eq!(told(&events).len(), 1);
}

#[test]
fn the_session_that_one_calls_from_is_ended_with_the_others_only_when_that_is_wanted() {
    for (present_too, kept) in [(false, Some(SESSION)), (true, None)] {
        let mut mocks = MockRepositories::default();
        let events = audited(&mut mocks);
        mocks
            .own_sessions
            .expect_end_all()
            .with(eq(CALLER), eq(kept), eq(now()))
            .times(1)
            .returning(|_, _, _| Ok(2));
        let hall = Hall::over(mocks);
        let own = &hall.application.own_sessions;
        own.end_others(&call(Role::Member), present_too).unwrap();
        assert_eq!(hall.runs(), [WRITTEN]);
        let expected = [("sessions", "2".to_owned())];
        assert_eq!(events.lock().unwrap()[0].details, expected);
    }
}

#[test]
fn the_operator_has_no_sessions() {
    let hall = Hall::untouchable();
    let own = &hall.application.own_sessions;
    let operator = call_of(Actor::operator(tenant()));
    assert_eq!(code(own.list(&operator, &page())), Code::Unauthenticated);
    assert_eq!(code(own.end(&operator, SESSION)), Code::Unauthenticated);
    assert_eq!(hall.runs(), []);
}

#[test]
fn uses_are_written_down_together_and_each_once() {
    let mut mocks = MockRepositories::default();
    mocks
        .own_sessions
        .expect_touch()
        .times(1)
        .withf(|uses| uses == [(SESSION, now())])
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let own = &hall.application.own_sessions;
    own.write_uses().unwrap();
    own.note_use(SESSION);
    own.clone().note_use(SESSION);
    own.write_uses().unwrap();
    own.write_uses().unwrap();
    assert_eq!(hall.runs(), [WRITTEN]);
}
