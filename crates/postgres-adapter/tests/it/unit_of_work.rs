//! The unit of work: what is kept, what is not, and what a connection remembers.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use diesel::RunQueryDsl;
use unionhall_domain::{
    locks::Guard, passwords::Strength, roles::Role, tenants::Tenant, users::UserId,
};
use unionhall_ports::{
    locks::Watch,
    outbox::OutboxMail,
    passwords::PasswordHash,
    round_trips::counted,
    storage::StorageError,
    unit_of_work::{Decision, Mode, Repositories, Scope, UnitOfWork},
};
use unionhall_postgres_adapter::{PgUnitOfWork, PoolConfig};
use unionhall_testing::{TestDatabase, builders};

use crate::connect;

fn mail(tenant: &Tenant) -> OutboxMail {
    OutboxMail {
        id: builders::fresh_uuid(),
        tenant: Some(tenant.id),
        to: unionhall_domain::users::EmailAddress::parse("ada@hall.example").unwrap(),
        subject: "Hello".to_owned(),
        text: "Dear Ada".to_owned(),
        html: None,
        at: builders::now(),
    }
}

fn waiting(storage: &dyn UnitOfWork) -> u64 {
    storage
        .read(Scope::Worker, |tx| tx.outbox().waiting())
        .unwrap()
}

fn event(tenant: &Tenant) -> unionhall_ports::audit::AuditEvent {
    crate::audit::event(Some(tenant.id))
}

fn events(storage: &dyn UnitOfWork, tenant: &Tenant) -> usize {
    crate::audit::all(storage, tenant.id).len()
}

/// The guard of a user after so many wrong passwords.
fn failing(user: UserId, failures: u32) -> Watch {
    let guard = Guard {
        failures,
        ..Guard::default()
    };
    Watch {
        user,
        known: None,
        guard,
    }
}

#[test]
fn ok_keeps_what_every_repository_wrote_and_an_error_keeps_nothing() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1");
    let write = |tx: &mut dyn Repositories| {
        tx.outbox().insert(&mail(&tenant))?;
        tx.audit().insert(&[event(&tenant)])
    };

    let refused = storage.transaction(Scope::Tenant(tenant.id), |tx| {
        write(tx)?;
        Err::<(), _>(StorageError::Stale)
    });
    assert!(matches!(refused, Err(StorageError::Stale)));
    assert_eq!((waiting(storage), events(storage, &tenant)), (0, 0));

    storage
        .transaction(Scope::Tenant(tenant.id), write)
        .unwrap();
    assert_eq!((waiting(storage), events(storage, &tenant)), (1, 1));
}

#[test]
fn a_rehearsal_does_the_work_and_keeps_nothing() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1");
    let outcome: Result<&str, StorageError> = storage.rehearsal(Scope::Tenant(tenant.id), |tx| {
        tx.outbox().insert(&mail(&tenant))?;
        Ok("done")
    });
    assert_eq!(outcome.unwrap(), "done");
    assert_eq!(waiting(storage), 0);
}

#[test]
fn a_panic_keeps_nothing_and_a_pool_of_one_works_on() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1");
    for mode in [Mode::Read, Mode::Snapshot, Mode::Write] {
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            storage.run(Scope::Tenant(tenant.id), mode, &mut |tx| {
                if mode == Mode::Write {
                    tx.outbox().insert(&mail(&tenant)).unwrap();
                }
                panic!("the use case has a bug");
            })
        }));
        assert!(panicked.is_err());
        assert_eq!(waiting(storage), 0, "{mode:?}");
    }
}

#[test]
fn a_unique_violation_names_its_constraint() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1");
    let again = storage.transaction(Scope::Identity, |tx| tx.tenants().insert(&tenant));
    assert!(matches!(again, Err(StorageError::Constraint { name }) if name == "tenants_pkey"));
}

#[test]
fn an_error_that_a_use_case_ignores_still_keeps_everything_from_being_kept() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1");
    let mail = mail(&tenant);
    let result = storage.transaction(Scope::Tenant(tenant.id), |tx| {
        tx.outbox().insert(&mail)?;
        // The same id again: the database refuses, and the use case does not care.
        assert!(tx.outbox().insert(&mail).is_err());
        Ok::<_, StorageError>(())
    });
    assert!(matches!(result, Err(StorageError::Failed(_))), "{result:?}");
    assert_eq!(waiting(storage), 0);
}

#[test]
fn a_refusal_that_the_database_does_not_know_of_keeps_nothing_either() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = builders::user(storage, "ada@hall.example");
    let result = storage.transaction(Scope::Identity, |tx| {
        tx.locks().record(&failing(user.id, 3), false)?;
        let (stranger, hash) = (builders::fresh_id(), PasswordHash::new("h".to_owned()));
        let at = builders::now();
        let given = tx
            .identity()
            .set_password(stranger, &hash, Strength::Alone, at);
        assert!(given.is_err());
        Ok::<_, StorageError>(())
    });
    assert!(matches!(result, Err(StorageError::Failed(_))));
    let credentials = storage.read(Scope::Identity, |tx| {
        tx.identity().find_credentials(&user.email)
    });
    assert_eq!(credentials.unwrap().unwrap().failures, 0);
}

#[test]
fn the_works_own_error_wins_over_the_rollback_that_follows_it() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1");
    let taken = storage.transaction(Scope::Identity, |tx| tx.tenants().insert(&tenant));
    assert!(matches!(taken, Err(StorageError::Constraint { .. })));
}

#[test]
fn a_read_cannot_write() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1");
    for mode in [Mode::Read, Mode::Snapshot] {
        let mut failed = false;
        let result = storage.run(Scope::Tenant(tenant.id), mode, &mut |tx| {
            failed = tx.outbox().insert(&mail(&tenant)).is_err();
            Decision::Commit
        });
        assert!(
            failed && matches!(result, Err(StorageError::Failed(_))),
            "{mode:?}"
        );
    }
    assert_eq!(waiting(storage), 0);
}

#[test]
fn a_transaction_inside_a_transaction_is_refused_by_a_pool_of_one() {
    let database = TestDatabase::new();
    let config = PoolConfig {
        wait: Duration::from_millis(200),
        ..database.pool_config()
    };
    let storage: &dyn UnitOfWork = &PgUnitOfWork::new(&config);
    // The pool connects first: that may take longer than it waits.
    while storage
        .read(Scope::Identity, |tx| tx.tenants().list())
        .is_err()
    {}
    let result = storage.read(Scope::Identity, |_| {
        storage.read(Scope::Identity, |tx| tx.tenants().list())
    });
    assert!(matches!(result, Err(StorageError::Unavailable(_))));
}

#[test]
fn a_database_that_is_not_there_is_unavailable() {
    let storage: &dyn UnitOfWork = &PgUnitOfWork::new(&PoolConfig {
        url: "postgresql://nobody@127.0.0.1:1/nothing".to_owned(),
        size: 1,
        wait: Duration::from_millis(50),
    });
    let result = storage.read(Scope::Identity, |tx| tx.tenants().list());
    assert!(matches!(result, Err(StorageError::Unavailable(_))));
}

#[test]
fn connections_that_the_server_has_ended_are_replaced() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1");
    database.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity \
         where datname = current_database() and pid <> pg_backend_pid()",
    );
    // The scope changes, so the dead connection shows itself before any work is done.
    builders::store(storage, Scope::Tenant(tenant.id), |tx| {
        tx.outbox().insert(&mail(&tenant))
    });
    assert_eq!(waiting(storage), 1);
}

#[test]
fn a_statement_that_waits_too_long_for_a_lock_is_unavailable() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = builders::user(storage, "ada@hall.example");
    // A shorter patience than the product's, for the role in this database.
    let mut holder = connect(&database.owner_url());
    let result = storage.transaction(Scope::Identity, |tx| {
        diesel::sql_query("begin").execute(&mut holder).unwrap();
        diesel::sql_query("select from users for update")
            .execute(&mut holder)
            .unwrap();
        tx.locks().record(&failing(user.id, 1), false)
    });
    assert!(
        matches!(result, Err(StorageError::Unavailable(_))),
        "{result:?}"
    );
}

#[test]
fn of_two_that_wait_for_each_other_one_is_told_to_try_later() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let other = &*database.unit_of_work();
    let ada = builders::user(storage, "ada@hall.example").id;
    let ben = builders::user(storage, "ben@hall.example").id;
    let both_hold_one = std::sync::Barrier::new(2);
    let cross = |storage: &dyn UnitOfWork, first, second| {
        storage.transaction(Scope::Identity, |tx| {
            tx.locks().record(&failing(first, 1), false)?;
            both_hold_one.wait();
            tx.locks().record(&failing(second, 1), false)
        })
    };
    let results: [Result<(), StorageError>; 2] = std::thread::scope(|scope| {
        let here = scope.spawn(|| cross(storage, ada, ben));
        let there = scope.spawn(|| cross(other, ben, ada));
        [here.join().unwrap(), there.join().unwrap()]
    });
    let unavailable =
        |result: &&Result<(), StorageError>| matches!(result, Err(StorageError::Unavailable(_)));
    assert_eq!(results.iter().filter(unavailable).count(), 1, "{results:?}");
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
}

#[test]
fn round_trips_are_as_few_as_they_can_be() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1");
    let scope = Scope::Tenant(tenant.id);
    let read = || {
        storage
            .read(scope, |tx| tx.tenants().find(tenant.id))
            .unwrap()
    };
    let (_, first) = counted(read);
    assert_eq!(first, 2, "the scope is told, and the statement asked");
    let (_, again) = counted(read);
    assert_eq!(again, 1, "the connection remembers its scope");
    let snapshot = || {
        storage.snapshot(scope, |tx| {
            tx.tenants().find(tenant.id)?;
            tx.tenants().find(tenant.id)
        })
    };
    let (_, trips) = counted(snapshot);
    assert_eq!(trips, 4, "begin, two statements, commit");
    let write = || {
        builders::store(storage, scope, |tx| tx.outbox().insert(&mail(&tenant)));
    };
    assert_eq!(counted(write).1, 3, "begin, one statement, commit");
    assert_eq!(counted(|| waiting(storage)).1, 2, "another scope is told");
    assert_eq!(
        counted(write).1,
        3,
        "the scope is told together with the begin"
    );
}

#[test]
fn a_connection_whose_scope_was_rolled_back_is_told_again() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let one = builders::tenant(storage, "local-1");
    let two = builders::tenant(storage, "local-2");
    let sees = |tenant: &Tenant| {
        storage
            .read(Scope::Tenant(tenant.id), |tx| tx.tenants().find(tenant.id))
            .unwrap()
            .is_some()
    };
    assert!(sees(&one));
    // The second tenant is told inside a transaction that is then rolled back: the session is the first's again.
    let nothing: Result<(), StorageError> = storage.rehearsal(Scope::Tenant(two.id), |_| Ok(()));
    nothing.unwrap();
    assert!(sees(&two) && sees(&one));
}

#[test]
fn a_snapshot_sees_one_state_of_the_database() {
    let database = TestDatabase::new();
    let (storage, other) = (&*database.unit_of_work(), &*database.unit_of_work());
    let user = builders::user(storage, "ada@hall.example");
    let tenants = storage.snapshot(Scope::Identity, |tx| {
        let before = tx.identity().list_users(None)?.len();
        let tenant = builders::tenant(other, "local-1");
        builders::membership(other, &user, tenant.id, &[Role::Staff]);
        Ok::<_, StorageError>((before, tx.tenants().list()?.len()))
    });
    assert_eq!(tenants.unwrap(), (1, 0));
}

#[test]
fn the_probe_names_no_migration_once_all_are_applied() {
    let database = TestDatabase::new();
    let probe = || PgUnitOfWork::new(&database.pool_config()).probe().unwrap();
    assert_eq!(probe(), Vec::<String>::new());
    database.execute("delete from __diesel_schema_migrations where version = '20261121100000'");
    assert_eq!(probe(), ["2026-11-21-100000_spine"]);
}
