//! The money: sums that hold, one who grants at a time, awards of a year, entries.

use std::{sync::Barrier, thread};

use jiff::civil::{Date, date};
use unionhall_domain::{
    benevolence::{
        BenevolenceApplication, EntryKind, Fund, FundEntry, FundError, Payment, PaymentMethod,
        Reason, Reversal, Rules, State, YearAwards,
    },
    money::Amount,
};
use unionhall_ports::{
    benevolence::{EntrySort, PaymentFilter, PaymentSort},
    pages::{Cursor, Direction, PageRequest},
    storage::StorageError,
    unit_of_work::UnitOfWork,
};
use unionhall_postgres_adapter::{PgUnitOfWork, PoolConfig};
use unionhall_testing::{TestDatabase, builders};

use super::{DAY, Hall, awarded, cents, prose, store};

fn keep(storage: &dyn UnitOfWork, hall: &Hall, fund: &Fund) {
    builders::store(storage, hall.scope(), |tx| {
        tx.benevolence_fund().hold()?;
        tx.benevolence_fund().keep(fund)
    });
}

fn find(storage: &dyn UnitOfWork, hall: &Hall) -> Fund {
    builders::store(storage, hall.scope(), |tx| tx.benevolence_fund().find())
}

fn sums(deposited: i64, awarded: i64, paid: i64) -> Fund {
    Fund::restore(cents(deposited), cents(awarded), cents(paid)).unwrap()
}

#[test]
fn a_fund_is_empty_at_first_and_then_what_was_kept_and_each_tenants_own() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (hall, other) = (
        Hall::new(storage, "local-46"),
        Hall::new(storage, "local-77"),
    );
    assert_eq!(find(storage, &hall), Fund::EMPTY);
    let held = builders::store(storage, hall.scope(), |tx| tx.benevolence_fund().hold());
    assert_eq!(held, Fund::EMPTY);
    keep(storage, &hall, &sums(1_000, 600, 100));
    assert_eq!(find(storage, &hall), sums(1_000, 600, 100));
    assert_eq!(find(storage, &other), Fund::EMPTY);
}

#[test]
fn the_database_itself_refuses_a_fund_that_gave_more_than_it_holds() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    keep(storage, &hall, &sums(1_000, 1_000, 0));
    // No fund of the domain's is like that, so it is written by hand.
    let url = database.owner_url();
    for broken in [
        "awarded = 1001",
        "paid = 1001",
        "deposited = 999",
        "paid = -1",
    ] {
        let statement = format!("update benevolence_funds set {broken}");
        let refused = diesel::connection::SimpleConnection::batch_execute(
            &mut crate::connect(&url),
            &statement,
        );
        let told = refused.unwrap_err().to_string();
        assert!(told.contains("benevolence_funds_check"), "{broken}: {told}");
    }
}

/// Grants so much of what is left, as the approval of the last level does.
fn grant(storage: &dyn UnitOfWork, hall: &Hall, place: i32, amount: Amount) -> Result<(), String> {
    let done = storage.transaction(hall.scope(), |tx| {
        let fund = tx.benevolence_fund().hold().map_err(Refusal::Storage)?;
        let had = tx
            .benevolence_fund()
            .awarded(hall.ada.id, Reason::Medical, 2026)
            .map_err(Refusal::Storage)?;
        let rules = Rules {
            reserve: cents(100),
            ..Rules::default_rules()
        };
        let fund = fund
            .award(&rules, Reason::Medical, had, amount)
            .map_err(Refusal::Fund)?;
        let case = hall.standing(place, awarded(amount.minor(), 0, DAY));
        tx.benevolence().insert(&case).map_err(Refusal::Storage)?;
        tx.benevolence_fund().keep(&fund).map_err(Refusal::Storage)
    });
    done.map_err(|refusal| match refusal {
        Refusal::Storage(error) => format!("{error:?}"),
        Refusal::Fund(error) => error.to_string(),
    })
}

enum Refusal {
    Storage(StorageError),
    Fund(FundError),
}

impl From<StorageError> for Refusal {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

#[test]
fn of_many_who_grant_the_last_dollar_at_once_exactly_one_does() {
    let database = TestDatabase::new();
    let hall = Hall::new(&*database.unit_of_work(), "local-46");
    let storage = PgUnitOfWork::new(&PoolConfig {
        size: 6,
        ..database.pool_config()
    });
    let storage: &dyn UnitOfWork = &storage;
    // Six times as much is asked as there is behind the reserve, over and over; the first time there is no row yet.
    for round in 0..5 {
        let funded = find(storage, &hall);
        let more = funded.entered(EntryKind::Deposit, cents(200)).unwrap();
        let left = more.balance().minus(cents(100)).unwrap();
        keep(storage, &hall, &more);
        let barrier = Barrier::new(6);
        let granted: Vec<_> = thread::scope(|scope| {
            let (barrier, hall) = (&barrier, &hall);
            let threads: Vec<_> = (0..6)
                .map(|index| {
                    scope.spawn(move || {
                        barrier.wait();
                        grant(storage, hall, 1 + round * 6 + index, left)
                    })
                })
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        let won = granted.iter().filter(|result| result.is_ok()).count();
        assert_eq!(won, 1, "{granted:?}");
        for refused in granted.iter().filter_map(|result| result.as_ref().err()) {
            assert_eq!(refused, "the fund has 0.00 to give, the reserve aside");
        }
        let after = find(storage, &hall);
        assert_eq!(after.balance(), cents(100), "the reserve is untouched");
        let had = builders::store(storage, hall.scope(), |tx| {
            tx.benevolence_fund()
                .awarded(hall.ada.id, Reason::Medical, 2026)
        });
        assert_eq!(
            had.whole,
            after.awarded(),
            "what was granted is in the books"
        );
    }
}

#[test]
fn whoever_holds_the_fund_first_is_waited_for_also_before_its_first_entry() {
    let database = TestDatabase::new();
    let hall = Hall::new(&*database.unit_of_work(), "local-46");
    let storage = PgUnitOfWork::new(&PoolConfig {
        size: 4,
        ..database.pool_config()
    });
    let storage: &dyn UnitOfWork = &storage;
    let barrier = Barrier::new(4);
    thread::scope(|scope| {
        for _ in 0..4 {
            let (barrier, hall) = (&barrier, &hall);
            scope.spawn(move || {
                barrier.wait();
                builders::store(storage, hall.scope(), |tx| {
                    let fund = tx.benevolence_fund().hold()?;
                    let fund = fund.entered(EntryKind::Deposit, cents(1)).unwrap();
                    tx.benevolence_fund().keep(&fund)
                });
            });
        }
    });
    assert_eq!(find(storage, &hall), sums(4, 0, 0));
}

#[test]
fn awards_are_counted_by_member_reason_and_the_year_of_the_decision() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let granted = |place, minor, on: Date| hall.standing(place, awarded(minor, 0, on));
    let mut hardship = granted(3, 30, DAY);
    hardship.request.reason = Reason::Hardship;
    let of_grace = BenevolenceApplication {
        member: hall.grace.id,
        ..granted(4, 40, DAY)
    };
    store(
        storage,
        &hall,
        &[
            granted(1, 10, date(2026, 1, 1)),
            granted(2, 20, date(2026, 12, 31)),
            hardship,
            of_grace,
            granted(5, 50, date(2025, 12, 31)),
            granted(6, 60, date(2027, 1, 1)),
            hall.standing(7, State::Draft),
        ],
    );
    let had = |member, reason, year| {
        builders::store(storage, hall.scope(), |tx| {
            tx.benevolence_fund().awarded(member, reason, year)
        })
    };
    let awards = |whole, reason| YearAwards {
        whole: cents(whole),
        reason: cents(reason),
    };
    assert_eq!(had(hall.ada.id, Reason::Medical, 2026), awards(60, 30));
    assert_eq!(had(hall.ada.id, Reason::Disaster, 2026), awards(60, 0));
    assert_eq!(had(hall.grace.id, Reason::Medical, 2026), awards(40, 40));
    assert_eq!(had(hall.ada.id, Reason::Medical, 2024), awards(0, 0));
}

#[test]
fn entries_are_listed_by_day_and_then_in_the_order_in_which_they_were_made() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let entry = |kind, minor, on| FundEntry {
        id: builders::fresh_id(),
        kind,
        amount: cents(minor),
        source: builders::line("Raffle"),
        on,
        recorded_by: Some(hall.vp.id),
        created_at: builders::now(),
    };
    let entries = [
        entry(EntryKind::Deposit, 1, date(2026, 3, 3)),
        entry(EntryKind::Correction, 2, DAY),
        entry(EntryKind::Deposit, 3, DAY),
    ];
    builders::store(storage, hall.scope(), |tx| {
        entries
            .iter()
            .try_for_each(|entry| tx.benevolence_fund().insert_entry(entry))
    });
    let mut request = PageRequest {
        limit: 2,
        after: None,
        sort: EntrySort::Day,
        direction: Direction::Ascending,
        with_total: true,
    };
    let list = |request: &PageRequest<EntrySort>| {
        builders::store(storage, hall.scope(), |tx| {
            tx.benevolence_fund().entries(request)
        })
    };
    let first = list(&request);
    assert_eq!(first.items, entries[1..]);
    assert_eq!(first.total, Some(3));
    request.after = first.next;
    let second = list(&request);
    assert_eq!((second.items, second.next), (entries[..1].to_vec(), None));
}

/// Payments to two applications: by check on the day, by wire and by check a day later; the last was taken back.
fn payments(storage: &dyn UnitOfWork, hall: &Hall) -> Vec<Payment> {
    let cases = [1, 2].map(|place| hall.standing(place, awarded(600, 300, DAY)));
    store(storage, hall, &cases);
    let paid = |case: usize, method, on: Date, reference: &str| Payment {
        id: builders::fresh_id(),
        application: cases[case].id,
        amount: cents(100),
        method,
        reference: builders::line(reference),
        on,
        paid_by: Some(hall.vp.id),
        created_at: builders::now(),
        reversal: None,
    };
    let later = DAY.tomorrow().unwrap();
    let mut made = vec![
        paid(1, PaymentMethod::WireTransfer, later, "W-1"),
        paid(0, PaymentMethod::Check, DAY, "1044"),
        paid(1, PaymentMethod::Check, later, "1045"),
    ];
    let reversal = Reversal {
        reason: prose("It was lost."),
        by: Some(hall.manager.id),
        at: builders::now(),
    };
    builders::store(storage, hall.scope(), |tx| {
        made.iter()
            .try_for_each(|payment| tx.benevolence_file().insert_payment(payment))
    });
    made[2].reversal = Some(reversal);
    builders::store(storage, hall.scope(), |tx| {
        tx.benevolence_file().reverse_payment(&made[2])
    });
    made
}

/// So many payments by day, with how many there are.
const fn by_day(direction: Direction, limit: u16) -> PageRequest<PaymentSort> {
    PageRequest {
        limit,
        after: None,
        sort: PaymentSort::Day,
        direction,
        with_total: true,
    }
}

#[test]
fn payments_of_the_whole_fund_are_listed_by_day_with_the_numbers_of_what_they_were_granted_to() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (hall, other) = (
        Hall::new(storage, "local-46"),
        Hall::new(storage, "local-77"),
    );
    let made = payments(storage, &hall);
    let list = |hall: &Hall, filter: &PaymentFilter, request: &PageRequest<PaymentSort>| {
        builders::store(storage, hall.scope(), |tx| {
            tx.benevolence_fund().payments(filter, request)
        })
    };
    let walk = |filter: &PaymentFilter, mut request: PageRequest<PaymentSort>| {
        let mut found = Vec::new();
        loop {
            let page = list(&hall, filter, &request);
            found.extend(page.items);
            match page.next {
                None => {
                    assert_eq!(page.total, u64::try_from(found.len()).ok());
                    return found;
                }
                Some(next) => request.after = Some(next),
            }
        }
    };
    let order = |filter: &PaymentFilter, direction| {
        let found = walk(filter, by_day(direction, 1));
        let places = found.iter().map(|paid| {
            let place = made.iter().position(|one| *one == paid.payment);
            place.expect("it was paid as it is listed")
        });
        places.collect::<Vec<_>>()
    };
    let all = PaymentFilter::default();
    assert_eq!(order(&all, Direction::Ascending), [1, 0, 2]);
    assert_eq!(order(&all, Direction::Descending), [2, 0, 1]);
    let found = walk(&all, by_day(Direction::Ascending, 100));
    let numbers: Vec<_> = found.iter().map(|paid| paid.number.place()).collect();
    assert_eq!(numbers, [1, 2, 2]);
    let only = |change: fn(&mut PaymentFilter)| {
        let mut filter = PaymentFilter::default();
        change(&mut filter);
        order(&filter, Direction::Ascending)
    };
    assert_eq!(only(|f| f.until = Some(DAY)), [1]);
    assert_eq!(only(|f| f.from = DAY.tomorrow().ok()), [0, 2]);
    assert_eq!(only(|f| f.method = Some(PaymentMethod::Check)), [1, 2]);
    assert_eq!(only(|f| f.reversed = Some(true)), [2]);
    assert_eq!(only(|f| f.reversed = Some(false)), [1, 0]);
    let nowhere = PageRequest {
        after: Some(Cursor {
            key: "soon".to_owned(),
            id: builders::fresh_uuid(),
        }),
        ..by_day(Direction::Ascending, 10)
    };
    assert!(list(&hall, &all, &nowhere).items.is_empty());
    let elsewhere = list(&other, &all, &by_day(Direction::Ascending, 10));
    assert_eq!((elsewhere.items.len(), elsewhere.total), (0, Some(0)));
}
