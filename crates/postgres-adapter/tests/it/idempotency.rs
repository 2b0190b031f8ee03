//! Kept answers: one request works at a time, and its answer comes back.

use jiff::{SignedDuration, Timestamp};
use unionhall_domain::{tenants::TenantId, users::UserId};
use unionhall_ports::{
    idempotency::{IdempotencyKey, KeyState, StoredAnswer},
    round_trips::counted,
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::{TestDatabase, builders};

fn key(user: UserId, key: &str) -> IdempotencyKey {
    IdempotencyKey {
        user,
        key: key.to_owned(),
        fingerprint: [7; 32],
    }
}

fn answer() -> StoredAnswer {
    StoredAnswer {
        status: 201,
        headers: vec![("Location".to_owned(), "/api/v1/members/1".to_owned())],
        body: "{\"id\": \"ü\"}".to_owned(),
    }
}

/// What is kept longer than a day is forgotten.
fn forgotten_before() -> Timestamp {
    builders::now() - SignedDuration::from_hours(24)
}

fn begin(storage: &dyn UnitOfWork, tenant: TenantId, key: &IdempotencyKey) -> KeyState {
    builders::store(storage, Scope::Tenant(tenant), |tx| {
        tx.idempotency().begin(key, forgotten_before())
    })
}

/// Does a request and keeps its answer.
fn answered(storage: &dyn UnitOfWork, tenant: TenantId, key: &IdempotencyKey, at: Timestamp) {
    builders::store(storage, Scope::Tenant(tenant), |tx| {
        assert_eq!(
            tx.idempotency().begin(key, forgotten_before())?,
            KeyState::Fresh
        );
        tx.idempotency().keep(key, &answer(), at)
    });
}

fn tenant_and_user(storage: &dyn UnitOfWork) -> (TenantId, UserId) {
    let tenant = builders::tenant(storage, "local-1").id;
    (tenant, builders::user(storage, "ada@hall.example").id)
}

#[test]
fn an_answer_comes_back_as_it_was() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (tenant, user) = tenant_and_user(storage);
    let key = key(user, "k");
    answered(storage, tenant, &key, builders::now());
    assert_eq!(begin(storage, tenant, &key), KeyState::Answered(answer()));
}

#[test]
fn the_same_key_for_another_request_is_told_apart() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (tenant, user) = tenant_and_user(storage);
    let key = key(user, "k");
    answered(storage, tenant, &key, builders::now());
    let other = IdempotencyKey {
        fingerprint: [8; 32],
        ..key
    };
    assert_eq!(begin(storage, tenant, &other), KeyState::Reused);
}

#[test]
fn keys_of_other_users_and_tenants_are_other_keys() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (tenant, user) = tenant_and_user(storage);
    answered(storage, tenant, &key(user, "k"), builders::now());
    let other_user = builders::user(storage, "ben@hall.example").id;
    let other_tenant = builders::tenant(storage, "local-2").id;
    assert_eq!(
        begin(storage, tenant, &key(other_user, "k")),
        KeyState::Fresh
    );
    assert_eq!(
        begin(storage, other_tenant, &key(user, "k")),
        KeyState::Fresh
    );
    assert_eq!(begin(storage, tenant, &key(user, "l")), KeyState::Fresh);
}

#[test]
fn an_old_answer_counts_as_never_seen_and_gives_way() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (tenant, user) = tenant_and_user(storage);
    let key = key(user, "k");
    let just_too_old = forgotten_before() - SignedDuration::from_micros(1);
    answered(storage, tenant, &key, just_too_old);
    answered(storage, tenant, &key, forgotten_before());
    assert_eq!(begin(storage, tenant, &key), KeyState::Answered(answer()));
}

#[test]
fn forgotten_answers_go_when_their_owner_comes_with_a_new_key() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (tenant, user) = tenant_and_user(storage);
    let old = forgotten_before() - SignedDuration::from_secs(1);
    answered(storage, tenant, &key(user, "old"), old);
    answered(storage, tenant, &key(user, "young"), builders::now());
    begin(storage, tenant, &key(user, "new"));
    database.execute(
        "do $$ begin assert (select array_agg(key) = '{young}' from idempotency_keys); end $$",
    );
}

#[test]
fn while_one_works_the_other_is_told_so_at_once_and_then_gets_the_answer() {
    let database = TestDatabase::new();
    let (storage, other) = (&*database.unit_of_work(), &*database.unit_of_work());
    let (tenant, user) = tenant_and_user(storage);
    let key = key(user, "k");
    builders::store(storage, Scope::Tenant(tenant), |tx| {
        assert_eq!(
            tx.idempotency().begin(&key, forgotten_before())?,
            KeyState::Fresh
        );
        tx.idempotency().keep(&key, &answer(), builders::now())?;
        assert_eq!(begin(other, tenant, &key), KeyState::InProgress);
        Ok(())
    });
    assert_eq!(begin(other, tenant, &key), KeyState::Answered(answer()));
}

#[test]
fn an_answer_that_is_committed_while_the_next_asks_is_never_missed() {
    let database = TestDatabase::new();
    let (storage, other) = (&*database.unit_of_work(), &*database.unit_of_work());
    let (tenant, user) = tenant_and_user(storage);
    // Whoever gets the key next must see the answer, however close the two are.
    for round in 0..50 {
        let key = key(user, &format!("k{round}"));
        std::thread::scope(|scope| {
            let first = scope.spawn(|| work(storage, tenant, &key));
            let second = scope.spawn(|| work(other, tenant, &key));
            let fresh = [first.join().unwrap(), second.join().unwrap()];
            assert_eq!(
                fresh
                    .iter()
                    .filter(|state| **state == KeyState::Fresh)
                    .count(),
                1,
                "{fresh:?}"
            );
        });
    }
}

/// Asks until it is known how the request stands, and does it if nobody has.
fn work(storage: &dyn UnitOfWork, tenant: TenantId, key: &IdempotencyKey) -> KeyState {
    loop {
        let state = builders::store(storage, Scope::Tenant(tenant), |tx| {
            let state = tx.idempotency().begin(key, forgotten_before())?;
            if state == KeyState::Fresh {
                tx.idempotency().keep(key, &answer(), builders::now())?;
            }
            Ok(state)
        });
        if state != KeyState::InProgress {
            return state;
        }
    }
}

#[test]
fn a_key_is_free_again_when_its_transaction_was_not_kept() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (tenant, user) = tenant_and_user(storage);
    let key = key(user, "k");
    let rehearsed: Result<(), StorageError> = storage.rehearsal(Scope::Tenant(tenant), |tx| {
        tx.idempotency().begin(&key, forgotten_before())?;
        tx.idempotency().keep(&key, &answer(), builders::now())
    });
    rehearsed.unwrap();
    assert_eq!(begin(storage, tenant, &key), KeyState::Fresh);
}

#[test]
fn taking_a_key_is_one_round_trip() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (tenant, user) = tenant_and_user(storage);
    let trips = builders::store(storage, Scope::Tenant(tenant), |tx| {
        let (state, trips) =
            counted(|| tx.idempotency().begin(&key(user, "k"), forgotten_before()));
        state.map(|_| trips)
    });
    assert_eq!(trips, 1);
}
