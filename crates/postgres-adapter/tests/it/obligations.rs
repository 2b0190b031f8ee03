//! Contract of the repository of obligations.

use jiff::civil::{Date, date};
use unionhall_domain::{
    grievances::Grievance,
    money::Amount,
    obligations::{Obligation, ObligationState, ObligationStatus, Terms},
    step_meetings::Party,
    text::Prose,
    version::Version,
};
use unionhall_ports::{
    obligations::{ObligationFilter, ObligationSort},
    pages::{Direction, PageRequest},
    storage::StorageError,
    unit_of_work::UnitOfWork,
};
use unionhall_testing::{TestDatabase, builders};

use crate::grievances::Hall;

fn filed(storage: &dyn UnitOfWork, hall: &Hall) -> Grievance {
    let mut grievance = hall.grievance(2026, 1);
    grievance.claim.assigned_representative = Some(hall.steward.id);
    builders::store(storage, hall.scope(), |tx| {
        tx.grievances().insert(&grievance)
    });
    grievance
}

fn obligation(grievance: &Grievance, due_on: Date) -> Obligation {
    Obligation {
        id: builders::fresh_id(),
        grievance: grievance.id,
        terms: Terms {
            what: Prose::parse("Pay sixteen hours.").unwrap(),
            owed_by: Party::Employer,
            owed_to: Some(builders::line("Ada Voltz")),
            due_on,
            amount: Some(Amount::from_minor(125_000).unwrap()),
        },
        state: ObligationState::Open,
        version: Version::FIRST,
        created_at: builders::now(),
        updated_at: builders::now(),
    }
}

fn insert(storage: &dyn UnitOfWork, hall: &Hall, obligation: &Obligation) {
    builders::store(storage, hall.scope(), |tx| {
        tx.obligations().insert(obligation)
    });
}

#[test]
fn an_obligation_is_found_in_every_state_as_it_was_written() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local");
    let grievance = filed(storage, &hall);
    let mut written = obligation(&grievance, date(2026, 3, 10));
    insert(storage, &hall, &written);
    let (on, words) = (date(2026, 3, 11), Prose::parse("Seen.").unwrap());
    for state in [
        ObligationState::Fulfilled(on, None),
        ObligationState::Fulfilled(on, Some(words.clone())),
        ObligationState::Breached(on, words.clone()),
        ObligationState::Waived(on, words),
        ObligationState::Open,
    ] {
        written.state = state;
        written.terms.owed_to = None;
        written.version = written.version.next();
        builders::store(storage, hall.scope(), |tx| {
            tx.obligations().update(&written)
        });
        let found = builders::store(storage, hall.scope(), |tx| {
            tx.obligations().find(grievance.id, written.id)
        });
        assert_eq!(found.as_ref(), Some(&written));
    }
    let stale = storage.transaction(hall.scope(), |tx| tx.obligations().update(&written));
    assert!(matches!(stale, Err(StorageError::Stale)));
    let elsewhere = builders::store(storage, hall.scope(), |tx| {
        tx.obligations().find(builders::fresh_id(), written.id)
    });
    assert_eq!(elsewhere, None);
}

#[test]
fn obligations_are_listed_by_when_they_are_due_and_by_every_filter() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local");
    let grievance = filed(storage, &hall);
    let open = obligation(&grievance, date(2026, 3, 20));
    let breached = Obligation {
        state: ObligationState::Breached(date(2026, 3, 11), Prose::parse("Nothing.").unwrap()),
        ..obligation(&grievance, date(2026, 3, 10))
    };
    let mut done = obligation(&grievance, date(2026, 3, 1));
    done.state = ObligationState::Fulfilled(date(2026, 3, 1), None);
    done.terms.owed_by = Party::Union;
    for obligation in [&open, &breached, &done] {
        insert(storage, &hall, obligation);
    }
    let found = |filter: ObligationFilter| {
        let page = PageRequest {
            limit: 100,
            after: None,
            sort: ObligationSort::Due,
            direction: Direction::Ascending,
            with_total: true,
        };
        let found = builders::store(storage, hall.scope(), |tx| {
            tx.obligations().list(&filter, &page)
        });
        let ids: Vec<_> = found.items.iter().map(|obligation| obligation.id).collect();
        assert_eq!(found.total, u64::try_from(ids.len()).ok());
        ids
    };
    let every = ObligationFilter::default;
    assert_eq!(found(every()), [done.id, breached.id, open.id]);
    let outstanding = ObligationFilter {
        only_outstanding: true,
        grievance: Some(grievance.id),
        employer: Some(hall.employer.id),
        representative: Some(hall.steward.id),
        ..every()
    };
    assert_eq!(found(outstanding), [breached.id, open.id]);
    let overdue = ObligationFilter {
        overdue_on: Some(date(2026, 3, 20)),
        ..every()
    };
    assert_eq!(found(overdue), [breached.id]);
    let unions = ObligationFilter {
        owed_by: Some(Party::Union),
        status: Some(ObligationStatus::Fulfilled),
        due_until: Some(date(2026, 3, 1)),
        ..every()
    };
    assert_eq!(found(unions), [done.id]);
}
