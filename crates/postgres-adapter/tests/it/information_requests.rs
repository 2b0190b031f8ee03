//! Contract of the repository of requests for information.

use diesel::{RunQueryDsl, sql_query};
use jiff::civil::{Date, date};
use unionhall_domain::{
    grievances::Grievance,
    information_requests::{
        Asked, Entry, EntryKind, InformationRequest, ItemAction, RequestStatus,
    },
    text::Prose,
    version::Version,
};
use unionhall_ports::{
    information_requests::{InformationRequestFilter, InformationRequestSort},
    pages::{Direction, PageRequest},
    storage::StorageError,
    unit_of_work::UnitOfWork,
};
use unionhall_postgres_adapter::migrate::{self, prepare_and_migrate};
use unionhall_testing::{TestDatabase, builders};

use crate::{connect, grievances::Hall};

fn filed(storage: &dyn UnitOfWork, hall: &Hall, place: i32) -> Grievance {
    let mut grievance = hall.grievance(2026, place);
    grievance.claim.assigned_representative = Some(hall.steward.id);
    builders::store(storage, hall.scope(), |tx| {
        tx.grievances().insert(&grievance)
    });
    grievance
}

fn request(hall: &Hall, grievance: &Grievance, due_on: Date) -> InformationRequest {
    InformationRequest {
        id: builders::fresh_id(),
        grievance: grievance.id,
        asked: Asked {
            subject: builders::line("Overtime lists"),
            relevance: Some(Prose::parse("Was the list followed?").unwrap()),
            asked_of: Some(builders::line("B. Ohm")),
            asked_on: date(2026, 3, 2),
            due_on,
            items: vec![
                Prose::parse("The list of October.").unwrap(),
                Prose::parse("Who was called.").unwrap(),
            ],
        },
        asked_by: Some(hall.steward.id),
        entries: Vec::new(),
        version: Version::FIRST,
        created_at: builders::now(),
        updated_at: builders::now(),
    }
}

fn entry(item: Option<u16>, kind: EntryKind, due_on: Option<Date>) -> Entry {
    Entry {
        id: builders::fresh_id(),
        item,
        kind,
        on: date(2026, 3, 3),
        text: Prose::parse("A copy.").unwrap(),
        due_on,
        recorded_by: None,
        recorded_at: builders::now(),
    }
}

fn insert(storage: &dyn UnitOfWork, hall: &Hall, request: &InformationRequest) {
    builders::store(storage, hall.scope(), |tx| {
        tx.information_requests().insert(request)
    });
}

#[test]
fn a_list_in_short_has_of_each_text_what_the_domain_calls_an_excerpt() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local");
    let grievance = filed(storage, &hall, 1);
    let mut request = request(&hall, &grievance, date(2026, 3, 12));
    insert(storage, &hall, &request);
    let texts = [
        "ä".repeat(199),
        "ä".repeat(200),
        "ä".repeat(201),
        "Short.".to_owned(),
    ];
    // A blank at the cut is one that the text goes on behind.
    let texts = texts
        .into_iter()
        .chain([format!("{} {}", "a".repeat(199), "b".repeat(300))]);
    let entries: Vec<_> = texts
        .map(|text| Entry {
            text: Prose::parse(&text).unwrap(),
            ..entry(None, EntryKind::FollowUp, None)
        })
        .collect();
    request.entries = entries.clone();
    request.version = request.version.next();
    builders::store(storage, hall.scope(), |tx| {
        tx.information_requests().add(&request, &entries)
    });
    let filter = InformationRequestFilter::default();
    let page = PageRequest {
        limit: 10,
        after: None,
        sort: InformationRequestSort::Due,
        direction: Direction::Ascending,
        with_total: true,
    };
    let (short, whole) = builders::store(storage, hall.scope(), |tx| {
        let requests = tx.information_requests();
        Ok::<_, StorageError>((
            requests.list_in_short(&filter, &page)?,
            requests.list(&filter, &page)?,
        ))
    });
    assert_eq!(
        (short.total, whole.items.as_slice()),
        (Some(1), &[request.clone()][..])
    );
    assert_eq!(short.items, [request.in_short()]);
}

#[test]
fn what_was_refused_and_asked_for_again_waits_after_the_migration_too() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local");
    let grievance = filed(storage, &hall, 1);
    let refuse = |item| entry(Some(item), EntryKind::Item(ItemAction::Refuse), None);
    let again = || entry(None, EntryKind::FollowUp, None);
    let cases = [
        (vec![refuse(1), refuse(2), again()], RequestStatus::Asked),
        (vec![refuse(1), again()], RequestStatus::Asked),
        (
            vec![refuse(1), again(), refuse(2)],
            RequestStatus::PartlyAnswered,
        ),
        (vec![refuse(1), refuse(2)], RequestStatus::Refused),
    ];
    let requests = cases.map(|(entries, status)| {
        let mut request = request(&hall, &grievance, date(2026, 3, 10));
        insert(storage, &hall, &request);
        request.version = request.version.next();
        request.entries.clone_from(&entries);
        builders::store(storage, hall.scope(), |tx| {
            tx.information_requests().add(&request, &entries)
        });
        assert_eq!(request.status(), status);
        request
    });
    // As the version of the program before wrote them, and forward again.
    migrate::revert_to(&database.owner_url(), "20261121200010").unwrap();
    let mut owner = connect(&database.owner_url());
    sql_query("alter table information_requests no force row level security")
        .execute(&mut owner)
        .unwrap();
    let written =
        sql_query("update information_requests set version = version where status = 'refused'");
    assert_eq!(written.execute(&mut owner).unwrap(), 3);
    sql_query("alter table information_requests force row level security")
        .execute(&mut owner)
        .unwrap();
    prepare_and_migrate(&database.owner_url(), &database.runtime_url()).unwrap();
    for request in requests {
        let found = builders::store(storage, hall.scope(), |tx| {
            tx.information_requests().find(grievance.id, request.id)
        });
        assert_eq!(found, Some(request));
    }
}

#[test]
fn a_status_that_does_not_follow_from_the_entries_is_passed_over_and_put_right_by_the_next() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local");
    let grievance = filed(storage, &hall, 1);
    let mut written = request(&hall, &grievance, date(2026, 3, 16));
    insert(storage, &hall, &written);
    let mut owner = connect(&database.owner_url());
    sql_query("alter table information_requests no force row level security")
        .execute(&mut owner)
        .unwrap();
    let refused = sql_query("update information_requests set status = 'refused'");
    assert_eq!(refused.execute(&mut owner).unwrap(), 1);
    let find = || {
        builders::store(storage, hall.scope(), |tx| {
            tx.information_requests().find(grievance.id, written.id)
        })
    };
    let found = find().map(|request| request.status());
    assert_eq!(found, Some(RequestStatus::Asked));
    let new = [entry(None, EntryKind::FollowUp, None)];
    written.version = written.version.next();
    written.entries.extend(new.iter().cloned());
    builders::store(storage, hall.scope(), |tx| {
        tx.information_requests().add(&written, &new)
    });
    let put_right =
        sql_query("update information_requests set status = status where status = 'asked'");
    assert_eq!(put_right.execute(&mut owner).unwrap(), 1);
}

#[test]
fn a_request_is_found_with_its_items_and_entries_in_the_order_they_were_made() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local");
    let grievance = filed(storage, &hall, 1);
    let mut written = request(&hall, &grievance, date(2026, 3, 16));
    insert(storage, &hall, &written);
    let batches = [
        vec![
            entry(Some(2), EntryKind::Item(ItemAction::Refuse), None),
            entry(Some(1), EntryKind::Item(ItemAction::Answer), None),
        ],
        vec![entry(None, EntryKind::FollowUp, Some(date(2026, 3, 30)))],
    ];
    for new in batches {
        written.version = written.version.next();
        written.entries.extend(new.iter().cloned());
        builders::store(storage, hall.scope(), |tx| {
            tx.information_requests().add(&written, &new)
        });
        let stale = storage.transaction(hall.scope(), |tx| {
            tx.information_requests().add(&written, &new)
        });
        assert!(matches!(stale, Err(StorageError::Stale)));
    }
    let find = |grievance| {
        builders::store(storage, hall.scope(), |tx| {
            tx.information_requests().find(grievance, written.id)
        })
    };
    assert_eq!(find(grievance.id).as_ref(), Some(&written));
    assert_eq!(find(builders::fresh_id()), None);
}

#[test]
fn requests_are_listed_by_when_they_are_due_and_by_every_filter() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local");
    let (first, second) = (filed(storage, &hall, 1), filed(storage, &hall, 2));
    let late = request(&hall, &first, date(2026, 3, 10));
    let later = request(&hall, &second, date(2026, 3, 20));
    let mut gone = request(&hall, &second, date(2026, 3, 5));
    for request in [&late, &later, &gone] {
        insert(storage, &hall, request);
    }
    let withdrawal = [entry(None, EntryKind::Withdrawal, None)];
    gone.entries.extend(withdrawal.iter().cloned());
    gone.version = gone.version.next();
    builders::store(storage, hall.scope(), |tx| {
        tx.information_requests().add(&gone, &withdrawal)
    });
    let found = |filter: InformationRequestFilter| {
        let page = PageRequest {
            limit: 100,
            after: None,
            sort: InformationRequestSort::Due,
            direction: Direction::Ascending,
            with_total: true,
        };
        let found = builders::store(storage, hall.scope(), |tx| {
            tx.information_requests().list(&filter, &page)
        });
        let ids: Vec<_> = found.items.iter().map(|request| request.id).collect();
        assert_eq!(found.total, u64::try_from(ids.len()).ok());
        ids
    };
    let every = InformationRequestFilter::default;
    assert_eq!(found(every()), [gone.id, late.id, later.id]);
    let overdue = InformationRequestFilter {
        overdue_on: Some(date(2026, 3, 11)),
        ..every()
    };
    assert_eq!(found(overdue), [late.id]);
    let of_grievance = InformationRequestFilter {
        grievance: Some(second.id),
        due_from: Some(date(2026, 3, 6)),
        due_until: Some(date(2026, 3, 20)),
        employer: Some(hall.employer.id),
        representative: Some(hall.steward.id),
        ..every()
    };
    assert_eq!(found(of_grievance), [later.id]);
    let withdrawn = InformationRequestFilter {
        status: Some(RequestStatus::Withdrawn),
        ..every()
    };
    assert_eq!(found(withdrawn), [gone.id]);
    let nobodys = InformationRequestFilter {
        representative: Some(builders::fresh_id()),
        ..every()
    };
    assert_eq!(found(nobodys), []);
}
