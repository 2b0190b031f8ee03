//! The log of reads: durable when the receipt resolves, bounded, and honest when it fails.

use std::{
    future::Future,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
    time::{Duration, Instant},
};

use diesel::{
    QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query, sql_types::BigInt,
};
use unionhall_domain::tenants::TenantId;
use unionhall_ports::{
    audit::{AuditEvent, ReadLog},
    storage::StorageError,
};
use unionhall_postgres_adapter::{GroupReadLog, ReadLogConfig};
use unionhall_testing::{TestDatabase, builders};

use crate::{audit::event, connect};

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for a receipt on this thread.
fn wait<T>(receipt: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut receipt = Box::pin(receipt);
    loop {
        match receipt.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(result) => return result,
            Poll::Pending => thread::park(),
        }
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn written(database: &TestDatabase) -> i64 {
    sql_query("select count(*) from audit_events")
        .get_result::<Count>(&mut connect(&database.owner_url()))
        .unwrap()
        .count
}

fn log(database: &TestDatabase) -> GroupReadLog {
    GroupReadLog::start(ReadLogConfig::new(database.runtime_url())).unwrap()
}

fn record(log: &GroupReadLog, event: AuditEvent) -> Result<(), StorageError> {
    wait(log.submit(event)?)
}

fn tenants(database: &TestDatabase) -> [TenantId; 2] {
    let storage = &*database.unit_of_work();
    ["local-1", "local-2"].map(|slug| builders::tenant(storage, slug).id)
}

/// Takes the log's connections away, as a server does that is stopped.
fn disconnect(database: &TestDatabase) {
    database.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and usename = 'unionhall'",
    );
}

/// Records until it works, for a while.
fn record_in_the_end(log: &GroupReadLog, tenant: TenantId) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while record(log, event(Some(tenant))).is_err() {
        assert!(Instant::now() < deadline, "the log does not recover");
        thread::yield_now();
    }
}

#[test]
fn an_event_is_on_record_when_its_receipt_resolves_whichever_tenants_it_is() {
    let database = TestDatabase::new();
    let log = log(&database);
    for (number, tenant) in (1..).zip(tenants(&database)) {
        record(&log, event(Some(tenant))).unwrap();
        assert_eq!(written(&database), number);
    }
    record(&log, event(None)).unwrap();
    assert_eq!(written(&database), 3);
}

#[test]
fn many_readers_at_once_are_all_on_record() {
    let database = TestDatabase::new();
    let log = &log(&database);
    let [tenant, _] = tenants(&database);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..25 {
                    record(log, event(Some(tenant))).unwrap();
                }
            });
        }
    });
    assert_eq!(written(&database), 200);
}

#[test]
fn a_full_log_refuses_and_what_waits_is_written_when_it_can_be() {
    let database = TestDatabase::new();
    let [tenant, _] = tenants(&database);
    let config = ReadLogConfig {
        capacity: 4,
        ..ReadLogConfig::new(database.runtime_url())
    };
    let log = GroupReadLog::start(config).unwrap();
    let mut holder = connect(&database.owner_url());
    holder
        .batch_execute("begin; lock table audit_events in exclusive mode")
        .unwrap();
    // The writer has one or a few in hand and four wait; then there is no more room.
    let mut receipts = Vec::new();
    let refused = loop {
        match log.submit(event(Some(tenant))) {
            Ok(receipt) => receipts.push(receipt),
            Err(error) => break error,
        }
        assert!(receipts.len() < 100, "the log is not bounded");
    };
    assert!(matches!(refused, StorageError::Unavailable(_)));
    holder.batch_execute("commit").unwrap();
    let kept = i64::try_from(receipts.len()).unwrap();
    receipts
        .into_iter()
        .for_each(|receipt| wait(receipt).unwrap());
    assert_eq!(written(&database), kept);
}

#[test]
fn a_failing_database_refuses_and_later_it_works_again() {
    let database = TestDatabase::new();
    let [tenant, _] = tenants(&database);
    let log = log(&database);
    record(&log, event(Some(tenant))).unwrap();
    disconnect(&database);
    let refused = record(&log, event(Some(tenant)));
    assert!(
        matches!(refused, Err(StorageError::Unavailable(_))),
        "{refused:?}"
    );
    record_in_the_end(&log, tenant);
    assert_eq!(written(&database), 2);
}

#[test]
fn a_database_that_was_never_there_refuses() {
    let config = ReadLogConfig::new("postgresql://nobody@127.0.0.1:1/nothing".to_owned());
    let log = GroupReadLog::start(config).unwrap();
    for _ in 0..3 {
        let refused = record(&log, event(None));
        assert!(matches!(refused, Err(StorageError::Unavailable(_))));
    }
}

#[test]
fn an_event_that_cannot_be_written_harms_no_other() {
    let database = TestDatabase::new();
    let [tenant, _] = tenants(&database);
    let log = log(&database);
    let mut holder = connect(&database.owner_url());
    // While the first waits for the lock, the others gather and are written together.
    holder
        .batch_execute("begin; lock table audit_events in exclusive mode")
        .unwrap();
    let unknown_tenant = event(Some(builders::fresh_id()));
    let submitted = [
        event(Some(tenant)),
        event(Some(tenant)),
        unknown_tenant,
        event(Some(tenant)),
    ]
    .map(|event| log.submit(event).unwrap());
    holder.batch_execute("commit").unwrap();
    let results = submitted.map(|receipt| wait(receipt).is_ok());
    assert_eq!(results, [true, true, false, true]);
    assert_eq!(written(&database), 3);
}

#[test]
fn what_waits_is_written_before_the_log_has_gone() {
    let database = TestDatabase::new();
    let [tenant, _] = tenants(&database);
    let log = log(&database);
    let submit = || drop(log.submit(event(Some(tenant))).unwrap());
    (0..20).for_each(|_| submit());
    log.drain();
    assert_eq!(written(&database), 20);
    (0..20).for_each(|_| submit());
    drop(log);
    assert_eq!(written(&database), 40);
}
