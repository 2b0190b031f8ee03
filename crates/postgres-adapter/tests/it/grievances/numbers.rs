//! Numbers of grievances: consecutive, per tenant and year, and given back when not used.

use std::time::Duration;

use unionhall_domain::grievances::GrievanceNumber;
use unionhall_ports::{
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_postgres_adapter::{PgUnitOfWork, PoolConfig};
use unionhall_testing::{TestDatabase, builders};

use super::{Hall, number};

fn next(storage: &dyn UnitOfWork, scope: Scope, year: i16) -> GrievanceNumber {
    storage
        .transaction(scope, |tx| tx.grievances().next_number(year))
        .unwrap_or_else(|error: StorageError| panic!("{error:?}"))
}

#[test]
fn numbers_count_per_tenant_and_year_from_one() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let own = Scope::Tenant(builders::tenant(storage, "local-46").id);
    let other = Scope::Tenant(builders::tenant(storage, "local-47").id);
    assert_eq!(next(storage, own, 2026), number(2026, 1));
    assert_eq!(next(storage, own, 2026), number(2026, 2));
    assert_eq!(next(storage, own, 2027), number(2027, 1));
    assert_eq!(next(storage, other, 2026), number(2026, 1));
    assert_eq!(next(storage, own, 2026), number(2026, 3));
}

#[test]
fn a_number_that_is_not_kept_is_given_out_again() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let scope = Scope::Tenant(builders::tenant(storage, "local-46").id);
    next(storage, scope, 2026);
    let taken = storage.rehearsal(scope, |tx| tx.grievances().next_number(2026));
    assert_eq!(
        taken.unwrap_or_else(|error: StorageError| panic!("{error:?}")),
        number(2026, 2)
    );
    assert_eq!(next(storage, scope, 2026), number(2026, 2));
}

#[test]
fn fifty_filings_at_once_get_fifty_consecutive_numbers() {
    let database = TestDatabase::new();
    let hall = Hall::new(&*database.unit_of_work(), "local-46");
    let pool = PoolConfig {
        size: 8,
        wait: Duration::from_secs(30),
        ..database.pool_config()
    };
    let storage: &dyn UnitOfWork = &PgUnitOfWork::new(&pool);
    let file = |keep: bool| {
        let result = storage.transaction(hall.scope(), |tx| {
            let number = tx.grievances().next_number(2026)?;
            let mut grievance = hall.grievance(2026, 1);
            grievance.number = number;
            tx.grievances().insert(&grievance)?;
            if keep {
                Ok(number)
            } else {
                Err(StorageError::Stale)
            }
        });
        result.ok()
    };
    let file = &file;
    let mut numbers: Vec<_> = std::thread::scope(|threads| {
        // Others begin to file in between and give it up.
        let filings: Vec<_> = (0..60)
            .map(|n| threads.spawn(move || file(n % 6 != 0)))
            .collect();
        filings
            .into_iter()
            .filter_map(|filing| filing.join().unwrap())
            .collect()
    });
    numbers.sort();
    let expected: Vec<_> = (1..=50).map(|place| number(2026, place)).collect();
    assert_eq!(numbers, expected);
}
