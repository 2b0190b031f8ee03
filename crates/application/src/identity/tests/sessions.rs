//! Sessions: refreshing, a token used twice, another tenant, the end.

use mockall::predicate::eq;
use unionhall_domain::{
    audit::{AuditAction, Target},
    roles::Role,
};
use unionhall_ports::{
    audit::{AuditActor, Origin},
    identity::{Session, Spending},
    mock::MockRepositories,
    unit_of_work::{Decision, Mode, Scope},
};

use super::super::hashed;
use crate::{
    actor::Actor,
    error::{Code, Coded},
    fixtures::{
        CALLER, HALL, Hall, SESSION, access, audited, call, call_of, code, for_good, id, mailed,
        now, other_tenant, tenant, told, user,
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

/// Mocks where the token `old` is this.
fn with_token(spending: Spending) -> MockRepositories {
    let mut mocks = MockRepositories::default();
    mocks
        .identity
        .expect_spend_token()
        .with(eq(hashed("old")), eq(now()))
        .times(1)
        .return_once(move |_, _| Ok(spending));
    mocks
}

#[test]
fn a_good_token_is_spent_for_a_new_one_in_one_transaction() {
    let mut mocks = with_token(Spending::Spent(session()));
    mocks
        .tenants
        .expect_find()
        .returning(|_| Ok(Some(tenant())));
    mocks
        .identity
        .expect_insert_token()
        .times(1)
        .withf(|token| token.session == SESSION && token.hash != hashed("old"))
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let identity = &hall.application.identity;
    let signed_in = identity.refresh("old", &Origin::default()).unwrap();
    assert_eq!((signed_in.user, signed_in.session), (CALLER, SESSION));
    assert_eq!(signed_in.tenant, tenant());
    assert_eq!(hall.runs(), [WRITTEN]);
}

#[test]
fn a_token_used_twice_ends_the_session_and_is_on_record_and_its_owner_is_told() {
    let mut mocks = with_token(Spending::Reused(session()));
    let events = audited(&mut mocks);
    let mails = mailed(&mut mocks);
    mocks
        .own_sessions
        .expect_raise_alarm()
        .times(1)
        .withf(|alarm| {
            alarm.session == session()
                && alarm.at == now()
                && alarm.address.as_deref() == Some("203.0.113.9")
                && alarm.device.as_deref() == Some("thief")
        })
        .returning(|_| Ok(Some(user(CALLER))));
    let hall = Hall::over(mocks);
    let identity = &hall.application.identity;
    let origin = Origin {
        request_id: "request-1".to_owned(),
        address: Some("203.0.113.9".to_owned()),
        device: Some("thief".to_owned()),
    };
    let result = identity.refresh("old", &origin);
    assert_eq!(code(result), Code::Unauthenticated);
    assert_eq!(hall.runs(), [WRITTEN], "the end of the session is kept");
    let events = events.lock().unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].action, AuditAction::TokenReused);
    assert_eq!(events[0].target, Target::Session);
    assert_eq!(events[0].target_id, Some(SESSION.uuid()));
    assert_eq!(events[0].tenant, Some(HALL));
    let mails = mails.lock().unwrap();
    assert_eq!(mails[0].to, user(CALLER).email);
    insta::assert_snapshot!(mails[0].text);
}

#[test]
fn a_worthless_token_is_refused_in_the_same_words_as_one_used_twice() {
    let mut mocks = with_token(Spending::Reused(session()));
    audited(&mut mocks);
    mocks
        .own_sessions
        .expect_raise_alarm()
        .returning(|_| Ok(None));
    let said = |mocks| {
        let hall = Hall::over(mocks);
        let identity = &hall.application.identity;
        let error = identity.refresh("old", &Origin::default()).unwrap_err();
        (error.code(), error.to_string())
    };
    assert_eq!(said(mocks), said(with_token(Spending::Refused)));
}

#[test]
fn signing_out_ends_the_callers_session_and_is_on_record() {
    let mut mocks = MockRepositories::default();
    let events = audited(&mut mocks);
    mocks
        .identity
        .expect_end_session()
        .with(eq(SESSION), eq(now()))
        .times(1)
        .returning(|_, _| Ok(()));
    let hall = Hall::over(mocks);
    hall.application
        .identity
        .sign_out(&call(Role::Member))
        .unwrap();
    assert_eq!(hall.runs(), [WRITTEN]);
    assert_eq!(told(&events), [("signed_out", "session")]);
}

#[test]
fn signing_out_everywhere_ends_every_session_and_says_how_many() {
    let mut mocks = MockRepositories::default();
    let events = audited(&mut mocks);
    mocks
        .identity
        .expect_end_sessions()
        .with(eq(CALLER), eq(now()))
        .times(1)
        .returning(|_, _| Ok(3));
    let hall = Hall::over(mocks);
    hall.application
        .identity
        .sign_out_everywhere(&call(Role::Member))
        .unwrap();
    assert_eq!(hall.runs(), [WRITTEN]);
    assert_eq!(told(&events), [("signed_out", "user")]);
    let sessions = ("sessions", "3".to_owned());
    assert_eq!(events.lock().unwrap()[0].details, [sessions]);
}

#[test]
fn the_operator_has_no_session_to_end_or_to_move() {
    let hall = Hall::untouchable();
    let identity = &hall.application.identity;
    let operator = call_of(Actor::operator(tenant()));
    identity.sign_out(&operator).unwrap();
    identity.sign_out_everywhere(&operator).unwrap();
    let codes = [
        code(identity.me(&operator)),
        code(identity.switch_tenant(&operator, "training-trust")),
    ];
    assert_eq!(codes, [Code::Unauthenticated; 2]);
    assert_eq!(hall.runs(), []);
}

#[test]
fn me_tells_the_person_and_every_place_they_have() {
    let mut mocks = MockRepositories::default();
    mocks
        .identity
        .expect_tenants_of()
        .with(eq(CALLER))
        .returning(|_| Ok(vec![tenant(), other_tenant()]));
    let hall = Hall::over(mocks);
    let me = hall.application.identity.me(&call(Role::Staff)).unwrap();
    assert_eq!(me.user.id, CALLER);
    assert_eq!(me.actor.roles(), [Role::Staff]);
    assert_eq!(me.tenants, [tenant(), other_tenant()]);
}

#[test]
fn a_session_goes_on_in_another_tenant_of_the_caller() {
    let mut mocks = MockRepositories::default();
    let events = audited(&mut mocks);
    mocks
        .identity
        .expect_tenants_of()
        .returning(|_| Ok(vec![tenant(), other_tenant()]));
    mocks
        .identity
        .expect_move_session()
        .with(eq(SESSION), eq(other_tenant().id), eq(now()))
        .times(1)
        .returning(|_, _, _| Ok(true));
    mocks
        .identity
        .expect_insert_token()
        .times(1)
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let staff = call(Role::Staff);
    let moved = hall
        .application
        .identity
        .switch_tenant(&staff, "training-trust")
        .unwrap();
    assert_eq!(moved.tenant, other_tenant());
    assert_eq!(moved.session, SESSION);
    assert_eq!(hall.runs(), [WRITTEN]);
    let events = events.lock().unwrap();
    assert_eq!(events[0].action, AuditAction::TenantSwitched);
    assert_eq!(events[0].tenant, Some(other_tenant().id));
    assert_eq!(events[0].actor, AuditActor::User(CALLER));
}

#[test]
fn a_session_that_has_ended_goes_on_nowhere() {
    let mut mocks = MockRepositories::default();
    mocks
        .identity
        .expect_tenants_of()
        .returning(|_| Ok(vec![tenant(), other_tenant()]));
    mocks
        .identity
        .expect_move_session()
        .returning(|_, _, _| Ok(false));
    let hall = Hall::over(mocks);
    let result = hall
        .application
        .identity
        .switch_tenant(&call(Role::Staff), "training-trust");
    assert_eq!(code(result), Code::Unauthenticated);
    let rolled_back = (Scope::Identity, Mode::Write, Decision::RollBack);
    assert_eq!(hall.runs(), [rolled_back]);
}

#[test]
fn a_tenant_that_is_not_the_callers_is_like_one_that_does_not_exist() {
    let mut mocks = MockRepositories::default();
    mocks
        .identity
        .expect_tenants_of()
        .returning(|_| Ok(vec![tenant()]));
    let hall = Hall::over(mocks);
    let staff = call(Role::Staff);
    for slug in ["training-trust", "nowhere-1", "No Slug!"] {
        let result = hall.application.identity.switch_tenant(&staff, slug);
        assert_eq!(code(result), Code::NotFound, "{slug}");
    }
}

#[test]
fn what_a_session_may_do_is_looked_up_not_trusted() {
    let mut mocks = MockRepositories::default();
    mocks
        .identity
        .expect_find_access()
        .returning(|session, tenant| {
            let known = session == SESSION && tenant == HALL;
            Ok(known.then(|| access(&[for_good(Role::Staff)], None)))
        });
    let hall = Hall::over(mocks);
    let identity = &hall.application.identity;
    assert!(identity.access(SESSION, HALL).unwrap().is_some());
    assert!(identity.access(SESSION, id(77)).unwrap().is_none());
}
