//! Tests of the one way to change and to read: what is kept, what is put on record, what is answered again.

use std::{any::Any, sync::Arc};

use jiff::SignedDuration;
use unionhall_domain::{
    audit::{AuditAction, Target},
    roles::Role,
    tenants::Standing,
};
use unionhall_ports::{
    audit::AuditActor,
    idempotency::{KeyState, StoredAnswer},
    mock::MockRepositories,
    storage::StorageError,
    tenants::Room,
    unit_of_work::{Decision, Mode, Scope},
};
use uuid::Uuid;

use super::Change;
use crate::{
    actor::Actor,
    call::{Call, Retry},
    error::{CallError, Code, Coded},
    fixtures::{
        ADA, CALLER, HALL, Hall, access, audited, call, call_of, code, for_good, now, rehearsed,
        tenant, told,
    },
};

fn answer() -> StoredAnswer {
    StoredAnswer {
        status: 201,
        headers: Vec::new(),
        body: "done".to_owned(),
    }
}

/// A call that may come again, and whose result is a text.
fn retried(call: Call) -> Call {
    let render = |_: &String| Some(answer());
    Call {
        retry: Some(Retry::new("key-1".to_owned(), [5; 32], render)),
        ..call
    }
}

/// The smallest change that is one.
fn touch(change: &mut Change<'_>) -> Result<String, CallError> {
    let id = ADA.uuid();
    change.record(
        AuditAction::Updated,
        Target::Member,
        id,
        Vec::new(),
        Vec::new(),
    );
    Ok("touched".to_owned())
}

fn never<T: Any>(_: &mut Change<'_>) -> Result<T, CallError> {
    panic!("the work must not run")
}

/// Mocks whose key is in this state.
fn keyed(state: KeyState) -> MockRepositories {
    let mut mocks = MockRepositories::default();
    mocks
        .idempotency
        .expect_begin()
        .times(1)
        .withf(|key, forgotten_before| {
            key.user == CALLER
                && key.key == "key-1"
                && key.fingerprint == [5; 32]
                && now().duration_since(*forgotten_before) == SignedDuration::from_hours(24)
        })
        .return_once(move |_, _| Ok(state));
    mocks
}

#[test]
fn a_change_is_kept_together_with_its_audit_event() {
    let mut mocks = MockRepositories::default();
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let value = hall.core.change(&call(Role::Staff), touch).unwrap();
    assert_eq!(value, "touched");
    assert!(hall.committed());
    let events = events.lock().unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].tenant, Some(HALL));
    assert_eq!(events[0].actor, AuditActor::User(CALLER));
    assert_eq!(events[0].target_id, Some(ADA.uuid()));
    assert_eq!(events[0].at, now());
    assert_eq!(events[0].origin.request_id, "request-1");
    assert_eq!(events[0].origin.address.as_deref(), Some("192.0.2.1"));
}

#[test]
fn a_change_without_an_audit_event_is_refused_and_rolled_back() {
    let hall = Hall::over(MockRepositories::default());
    let result = hall
        .core
        .change(&call(Role::Staff), |_| Ok::<_, CallError>(()));
    assert_eq!(code(result), Code::Internal);
    assert!(hall.rolled_back());
}

#[test]
fn a_change_that_says_there_was_nothing_to_change_needs_no_event() {
    let hall = Hall::over(MockRepositories::default());
    let work = |change: &mut Change<'_>| {
        change.leave_unchanged();
        Ok::<_, CallError>(())
    };
    hall.core.change(&call(Role::Staff), work).unwrap();
    assert!(hall.committed());
}

#[test]
fn a_change_whose_work_fails_is_rolled_back_and_leaves_no_event() {
    let hall = Hall::over(MockRepositories::default());
    let work = |change: &mut Change<'_>| {
        touch(change)?;
        Err::<(), _>(CallError::Stale)
    };
    assert_eq!(
        code(hall.core.change(&call(Role::Staff), work)),
        Code::Stale
    );
    assert!(hall.rolled_back());
}

#[test]
fn a_change_whose_audit_event_cannot_be_written_is_rolled_back() {
    let mut mocks = MockRepositories::default();
    let full = |_: &[_]| Err(StorageError::Failed("the disk is full".into()));
    mocks.audit.expect_insert().returning(full);
    let hall = Hall::over(mocks);
    let result = hall.core.change(&call(Role::Staff), touch);
    assert_eq!(code(result), Code::Internal);
    assert!(hall.rolled_back());
}

#[test]
fn events_that_were_flushed_are_written_once_and_count_as_the_changes_record() {
    let mut mocks = MockRepositories::default();
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let work = |change: &mut Change<'_>| {
        touch(change)?;
        change.flush()?;
        change.flush()?;
        Ok::<_, CallError>(())
    };
    hall.core.change(&call(Role::Staff), work).unwrap();
    assert_eq!(told(&events), [("updated", "member")]);
    assert!(hall.committed());
}

#[test]
fn a_rehearsal_does_everything_and_keeps_nothing() {
    let mut mocks = MockRepositories::default();
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let value = hall.core.change(&rehearsed(call(Role::Staff)), touch);
    assert_eq!(value.unwrap(), "touched");
    let events = told(&events);
    assert_eq!(events[0], ("updated", "member"));
    let first = (Scope::Tenant(HALL), Mode::Write, Decision::RollBack);
    assert_eq!(hall.runs()[0], first);
}

#[test]
fn that_a_rehearsal_has_told_of_a_sensitive_record_is_kept() {
    let mut mocks = MockRepositories::default();
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    hall.core
        .change(&rehearsed(call(Role::Staff)), touch)
        .unwrap();
    assert_eq!(told(&events)[1..], [("read", "member")]);
    let kept = events.lock().unwrap()[1].clone();
    assert_eq!(kept.details, [("rehearsed", "true".to_owned())]);
    assert_eq!(kept.target_id, events.lock().unwrap()[0].target_id);
    let second = (Scope::Tenant(HALL), Mode::Write, Decision::Commit);
    assert_eq!(hall.runs()[1..], [second]);
}

#[test]
fn of_many_records_and_of_what_a_merger_moves_a_rehearsal_tells_none() {
    let one = |target, number| (AuditAction::Updated, target, number);
    let merged = (AuditAction::Merged, Target::Organization, 1);
    let table = [
        (vec![one(Target::Member, 1), one(Target::Member, 2)], vec![]),
        (vec![one(Target::Grievance, 1), merged], vec![]),
        (
            vec![
                one(Target::Grievance, 1),
                one(Target::Grievance, 1),
                one(Target::Obligation, 2),
                one(Target::Obligation, 3),
            ],
            vec![("read", "grievance")],
        ),
    ];
    for (touched, expected) in table {
        let mut mocks = MockRepositories::default();
        let events = audited(&mut mocks);
        let hall = Hall::over(mocks);
        let work = |change: &mut Change<'_>| {
            for (action, target, number) in &touched {
                let id = Uuid::from_u128(*number);
                change.record(*action, *target, id, Vec::new(), Vec::new());
            }
            Ok::<_, CallError>(())
        };
        hall.core
            .change(&rehearsed(call(Role::Staff)), work)
            .unwrap();
        assert_eq!(told(&events)[touched.len()..], expected);
    }
}

#[test]
fn a_fresh_key_keeps_the_answer_in_the_same_transaction() {
    let mut mocks = keyed(KeyState::Fresh);
    audited(&mut mocks);
    mocks
        .idempotency
        .expect_keep()
        .times(1)
        .withf(|key, kept, at| key.key == "key-1" && *kept == answer() && *at == now())
        .returning(|_, _, _| Ok(()));
    let hall = Hall::over(mocks);
    hall.core
        .change(&retried(call(Role::Staff)), touch)
        .unwrap();
    assert!(hall.committed());
}

#[test]
fn a_key_that_was_answered_gives_the_first_answer_and_runs_nothing() {
    let hall = Hall::over(keyed(KeyState::Answered(answer())));
    let error = hall
        .core
        .change(&retried(call(Role::Staff)), never::<String>)
        .unwrap_err();
    assert_eq!(error.replay(), Some(&answer()));
    assert!(hall.rolled_back());
}

#[test]
fn a_key_that_is_in_use_or_was_used_for_something_else_runs_nothing() {
    let table = [
        (KeyState::InProgress, Code::KeyInProgress),
        (KeyState::Reused, Code::KeyReused),
    ];
    for (state, expected) in table {
        let hall = Hall::over(keyed(state));
        let call = retried(call(Role::Staff));
        assert_eq!(code(hall.core.change(&call, never::<String>)), expected);
        assert!(hall.rolled_back());
    }
}

#[test]
fn a_rehearsal_takes_no_key() {
    let mut mocks = MockRepositories::default();
    audited(&mut mocks);
    let hall = Hall::over(mocks);
    let call = rehearsed(retried(call(Role::Staff)));
    hall.core.change(&call, touch).unwrap();
    assert!(hall.rolled_back());
}

#[test]
fn the_operator_takes_no_key_and_is_named_as_such_on_record() {
    let mut mocks = MockRepositories::default();
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let call = retried(call_of(Actor::operator(tenant())));
    hall.core.change(&call, touch).unwrap();
    assert_eq!(events.lock().unwrap()[0].actor, AuditActor::Operator);
}

#[test]
fn an_answer_of_another_type_than_announced_is_a_bug_and_keeps_nothing() {
    let mut mocks = keyed(KeyState::Fresh);
    audited(&mut mocks);
    let hall = Hall::over(mocks);
    let work = |change: &mut Change<'_>| touch(change).map(|text| text.len());
    let result = hall.core.change(&retried(call(Role::Staff)), work);
    assert_eq!(code(result), Code::Internal);
    assert!(hall.rolled_back());
}

#[test]
fn reading_is_in_the_callers_tenant_and_writes_nothing() {
    let hall = Hall::over(MockRepositories::default());
    let call = call(Role::Staff);
    hall.core.read(&call, |_| Ok::<_, CallError>(())).unwrap();
    hall.core
        .snapshot(&call, |_| Ok::<_, CallError>(()))
        .unwrap();
    let scope = Scope::Tenant(HALL);
    let expected = [
        (scope, Mode::Read, Decision::Commit),
        (scope, Mode::Snapshot, Decision::Commit),
    ];
    assert_eq!(hall.runs(), expected);
}

#[test]
fn what_was_read_is_put_on_record_with_its_reader() {
    let hall = Hall::over(MockRepositories::default());
    let id = Uuid::from_u128(3);
    let call = call(Role::Staff);
    let recorded = hall
        .core
        .recorded(&call, Target::Member, id, "Ada")
        .unwrap();
    assert_eq!(recorded.value, "Ada");
    let details = vec![("count", "2".to_owned())];
    hall.core
        .recorded_list(&call, Target::Member, details.clone(), ())
        .unwrap();
    assert_eq!(
        told(&hall.reads),
        [("read", "member"), ("listed", "member")]
    );
    let reads = hall.reads.lock().unwrap();
    assert_eq!(reads[0].target_id, Some(id));
    assert_eq!(reads[0].actor, AuditActor::User(CALLER));
    assert_eq!(reads[1].target_id, None);
    assert_eq!(reads[1].details, details);
}

#[test]
fn what_cannot_be_put_on_record_is_not_told() {
    let hall = Hall::without_log(MockRepositories::default());
    let call = call(Role::Staff);
    let id = ADA.uuid();
    let one = hall.core.recorded(&call, Target::Member, id, ());
    let list = hall
        .core
        .recorded_list(&call, Target::Member, Vec::new(), ());
    assert_eq!(code(one), Code::Unavailable);
    assert_eq!(code(list), Code::Unavailable);
}

/// A call in a hall that stands there.
fn standing(standing: Standing) -> Call {
    let mut hall = tenant();
    hall.plan.standing = standing;
    let access = Arc::new(access(&[for_good(Role::Owner)], None));
    call_of(Actor::person(access, Arc::new(hall), now()))
}

fn reserving(change: &mut Change<'_>) -> Result<String, CallError> {
    change.reserve_storage(900, 100)?;
    touch(change)
}

#[test]
fn a_tenant_whose_trial_has_ended_or_that_is_suspended_or_canceled_changes_nothing() {
    let ended = Standing::Trial { ends_at: now() };
    for (refused, words) in [
        (ended, "its trial has ended"),
        (Standing::Suspended, "it is suspended"),
        (Standing::Canceled, "it is canceled"),
    ] {
        let hall = Hall::over(MockRepositories::default());
        let error = hall
            .core
            .change(&standing(refused), never::<String>)
            .unwrap_err();
        assert!(error.to_string().ends_with(words), "{error}");
        assert_eq!(error.code(), Code::TenantReadOnly);
        assert!(hall.rolled_back());
    }
}

#[test]
fn a_tenant_whose_trial_runs_changes_what_it_likes() {
    let mut mocks = MockRepositories::default();
    audited(&mut mocks);
    let hall = Hall::over(mocks);
    let ends_at = now() + SignedDuration::from_secs(1);
    let call = standing(Standing::Trial { ends_at });
    hall.core.change(&call, touch).unwrap();
    assert!(hall.committed());
}

#[test]
fn what_was_done_before_the_tenant_was_suspended_is_answered_as_it_was() {
    let hall = Hall::over(keyed(KeyState::Answered(answer())));
    let call = retried(standing(Standing::Suspended));
    let error = hall.core.change(&call, never::<String>).unwrap_err();
    assert_eq!(error.replay(), Some(&answer()));
}

#[test]
fn storage_is_reserved_in_the_transaction_that_uses_it_and_refused_when_there_is_none_left() {
    for (room, kept) in [(Room::Reserved, true), (Room::Full { limit: 500 }, false)] {
        let mut mocks = MockRepositories::default();
        audited(&mut mocks);
        mocks
            .tenants
            .expect_reserve_storage()
            .times(1)
            .withf(|tenant, bytes, freed| (*tenant, *bytes, *freed) == (HALL, 900, 100))
            .returning(move |_, _, _| Ok(room));
        let hall = Hall::over(mocks);
        let result = hall.core.change(&call(Role::Staff), reserving);
        if kept {
            result.unwrap();
            assert!(hall.committed());
        } else {
            let error = result.unwrap_err();
            let words = "the tenant has used up what it may use: 500 bytes of storage";
            assert_eq!(error.to_string(), words);
            assert_eq!(error.code(), Code::LimitReached);
            assert!(hall.rolled_back());
        }
    }
}
