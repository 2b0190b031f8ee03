//! The audit trail: kept with its transaction, read in pages, changed by nobody.

use diesel::{RunQueryDsl, connection::SimpleConnection, sql_query};
use jiff::{SignedDuration, Timestamp};
use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target},
    tenants::TenantId,
};
use unionhall_ports::{
    audit::{AuditActor, AuditEvent, AuditFilter, AuditRecord, AuditSort, Origin},
    pages::{Cursor, Direction, PageRequest},
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::{TestDatabase, builders};

use crate::connect;

/// Something that happened.
pub(crate) fn event(tenant: Option<TenantId>) -> AuditEvent {
    AuditEvent {
        id: builders::fresh_uuid(),
        at: builders::now(),
        tenant,
        actor: AuditActor::Operator,
        action: AuditAction::Created,
        target: Target::Member,
        target_id: Some(builders::fresh_uuid()),
        changes: Vec::new(),
        details: Vec::new(),
        origin: Origin::default(),
    }
}

/// A page of up to 100 events, oldest first.
fn first_page() -> PageRequest<AuditSort> {
    PageRequest {
        limit: 100,
        after: None,
        sort: AuditSort::Time,
        direction: Direction::Ascending,
        with_total: false,
    }
}

/// The trail of a tenant, oldest first.
pub(crate) fn all(storage: &dyn UnitOfWork, tenant: TenantId) -> Vec<AuditRecord> {
    matching(storage, tenant, &AuditFilter::default())
}

fn matching(storage: &dyn UnitOfWork, tenant: TenantId, filter: &AuditFilter) -> Vec<AuditRecord> {
    storage
        .read(Scope::Tenant(tenant), |tx| {
            tx.audit().list(filter, &first_page())
        })
        .unwrap()
        .items
}

fn minutes_later(minutes: i64) -> Timestamp {
    builders::now() + SignedDuration::from_mins(minutes)
}

#[test]
fn kinds_of_records_can_be_left_out_of_the_trail_and_its_count() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    let events = Target::ALL.map(|target| AuditEvent {
        target,
        ..event(Some(tenant))
    });
    builders::store(storage, Scope::Tenant(tenant), |tx| {
        tx.audit().insert(&events)
    });
    let filter = AuditFilter {
        without: &Target::ORGANIZING,
        ..AuditFilter::default()
    };
    let page = PageRequest {
        with_total: true,
        ..first_page()
    };
    let seen = builders::store(storage, Scope::Tenant(tenant), |tx| {
        tx.audit().list(&filter, &page)
    });
    let kinds: Vec<_> = seen.items.iter().map(|event| event.target).collect();
    let expected = Target::ALL.into_iter();
    let expected: Vec<_> = expected
        .filter(|target| !Target::ORGANIZING.contains(target))
        .collect();
    assert_eq!(kinds, expected);
    assert_eq!(seen.total, u64::try_from(expected.len()).ok());
    let hidden = AuditFilter {
        target: Some(Target::SaltingScore),
        ..filter
    };
    assert!(matching(storage, tenant, &hidden).is_empty());
}

#[test]
fn an_event_comes_back_as_it_was() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    let user = builders::user(storage, "ada@hall.example");
    builders::membership(storage, &user, tenant, &[]);
    let stored = AuditEvent {
        actor: AuditActor::User(user.id),
        changes: vec![
            FieldChange {
                field: "phone",
                before: None,
                after: Some("1 \"2\" \\ ü".to_owned()),
            },
            FieldChange {
                field: "city",
                before: Some(String::new()),
                after: None,
            },
        ],
        details: vec![("z", "first".to_owned()), ("a", "second".to_owned())],
        origin: Origin {
            request_id: "r-1".to_owned(),
            address: Some("192.0.2.1".to_owned()),
            device: Some("Firefox".to_owned()),
        },
        ..event(Some(tenant))
    };
    builders::store(storage, Scope::Tenant(tenant), |tx| {
        tx.audit().insert(std::slice::from_ref(&stored))
    });
    let expected = AuditRecord {
        id: stored.id,
        at: stored.at,
        actor_kind: "user".to_owned(),
        actor_id: Some(user.id),
        actor_email: Some("ada@hall.example".to_owned()),
        action: stored.action,
        target: stored.target,
        target_id: stored.target_id,
        changes: vec![
            ("phone".to_owned(), None, Some("1 \"2\" \\ ü".to_owned())),
            ("city".to_owned(), Some(String::new()), None),
        ],
        details: vec![
            ("z".to_owned(), "first".to_owned()),
            ("a".to_owned(), "second".to_owned()),
        ],
        origin: stored.origin,
    };
    assert_eq!(all(storage, tenant), [expected]);
}

#[test]
fn what_a_stranger_typed_is_on_record_even_if_the_database_cannot_hold_it() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    let odd = AuditEvent {
        details: vec![("search", "a\0b".to_owned())],
        origin: Origin {
            device: Some("\0".to_owned()),
            ..Origin::default()
        },
        ..event(Some(tenant))
    };
    builders::store(storage, Scope::Tenant(tenant), |tx| {
        tx.audit().insert(&[odd])
    });
    let record = all(storage, tenant).remove(0);
    assert_eq!(
        record.details,
        [("search".to_owned(), "a\u{fffd}b".to_owned())]
    );
    assert_eq!(record.origin.device.as_deref(), Some("\u{fffd}"));
}

#[test]
fn any_number_of_events_takes_one_round_trip_and_none_takes_none() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    let trips = |count: usize| {
        let events: Vec<_> = (0..count).map(|_| event(Some(tenant))).collect();
        builders::store(storage, Scope::Tenant(tenant), |tx| {
            let (result, trips) =
                unionhall_ports::round_trips::counted(|| tx.audit().insert(&events));
            result.map(|()| trips)
        })
    };
    assert_eq!((trips(0), trips(1), trips(30)), (0, 1, 1));
    assert_eq!(all(storage, tenant).len(), 31);
}

#[test]
fn an_event_of_a_tenant_outside_the_scope_is_refused() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let own = builders::tenant(storage, "local-1").id;
    let other = builders::tenant(storage, "local-2").id;
    for tenant in [Some(other), None] {
        let result =
            storage.transaction(Scope::Tenant(own), |tx| tx.audit().insert(&[event(tenant)]));
        assert!(matches!(result, Err(StorageError::Failed(_))));
    }
    let worker = storage.transaction(Scope::Worker, |tx| tx.audit().insert(&[event(Some(own))]));
    assert!(worker.is_err());
}

#[test]
fn signing_in_is_on_record_in_the_tenant_it_is_for_or_in_none() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    builders::store(storage, Scope::Identity, |tx| {
        tx.audit().insert(&[event(Some(tenant)), event(None)])
    });
    assert_eq!(all(storage, tenant).len(), 1);
}

#[test]
fn a_tenant_reads_its_own_trail_and_nobody_elses() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let one = builders::tenant(storage, "local-1").id;
    let two = builders::tenant(storage, "local-2").id;
    builders::store(storage, Scope::Tenant(one), |tx| {
        tx.audit().insert(&[event(Some(one))])
    });
    assert_eq!(all(storage, two), []);
    let identity = storage.read(Scope::Identity, |tx| {
        tx.audit().list(&AuditFilter::default(), &first_page())
    });
    assert!(matches!(identity, Err(StorageError::Failed(_))));
}

#[test]
fn each_filter_keeps_what_it_names() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    let user = builders::user(storage, "ada@hall.example").id;
    let wanted = AuditEvent {
        at: minutes_later(5),
        actor: AuditActor::User(user),
        action: AuditAction::Moved,
        target: Target::Grievance,
        ..event(Some(tenant))
    };
    let others = [
        AuditEvent {
            at: minutes_later(4),
            ..event(Some(tenant))
        },
        AuditEvent {
            at: minutes_later(6),
            ..event(Some(tenant))
        },
    ];
    builders::store(storage, Scope::Tenant(tenant), |tx| {
        tx.audit().insert(std::slice::from_ref(&wanted))?;
        tx.audit().insert(&others)
    });
    let none = AuditFilter::default();
    for filter in [
        AuditFilter {
            actor: Some(user),
            ..none.clone()
        },
        AuditFilter {
            action: Some(AuditAction::Moved),
            ..none.clone()
        },
        AuditFilter {
            target: Some(Target::Grievance),
            ..none.clone()
        },
        AuditFilter {
            target_id: wanted.target_id,
            ..none.clone()
        },
        AuditFilter {
            from: Some(minutes_later(5)),
            until: Some(minutes_later(6)),
            ..none.clone()
        },
    ] {
        let ids: Vec<_> = matching(storage, tenant, &filter)
            .iter()
            .map(|one| one.id)
            .collect();
        assert_eq!(ids, [wanted.id], "{filter:?}");
    }
    assert_eq!(matching(storage, tenant, &none).len(), 3);
}

#[test]
fn pages_follow_each_other_without_gap_or_overlap_in_both_directions() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    // Three of them at the same instant: the id decides.
    let events: Vec<_> = [0, 1, 1, 1, 2, 3, 4]
        .map(|minutes| AuditEvent {
            at: minutes_later(minutes),
            ..event(Some(tenant))
        })
        .into();
    builders::store(storage, Scope::Tenant(tenant), |tx| {
        tx.audit().insert(&events)
    });
    for direction in [Direction::Ascending, Direction::Descending] {
        let mut expected: Vec<_> = events.iter().map(|one| one.id).collect();
        if direction == Direction::Descending {
            expected.reverse();
        }
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let request = PageRequest {
                limit: 2,
                after,
                direction,
                with_total: true,
                ..first_page()
            };
            let page = storage
                .snapshot(Scope::Tenant(tenant), |tx| {
                    tx.audit().list(&AuditFilter::default(), &request)
                })
                .unwrap();
            assert_eq!(page.total, Some(7));
            seen.extend(page.items.iter().map(|one| one.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, expected, "{direction:?}");
    }
}

#[test]
fn behind_a_place_that_no_page_gave_out_lies_nothing() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    builders::store(storage, Scope::Tenant(tenant), |tx| {
        tx.audit().insert(&[event(Some(tenant))])
    });
    let after = Some(Cursor {
        key: "yesterday".to_owned(),
        id: builders::fresh_uuid(),
    });
    let request = PageRequest {
        after,
        ..first_page()
    };
    let page = storage
        .read(Scope::Tenant(tenant), |tx| {
            tx.audit().list(&AuditFilter::default(), &request)
        })
        .unwrap();
    assert_eq!((page.items, page.next), (Vec::new(), None));
}

#[test]
fn nobody_the_program_can_be_changes_the_trail() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    builders::store(storage, Scope::Tenant(tenant), |tx| {
        tx.audit().insert(&[event(Some(tenant))])
    });
    for url in [
        database.runtime_url(),
        database.table_owner_url(),
        database.owner_url(),
    ] {
        let mut connection = connect(&url);
        for scope in ["tenant", "identity", "audit", "worker"] {
            let settings = format!(
                "select set_config('app.tenant', '{tenant}', false), set_config('app.scope', '{scope}', false)"
            );
            connection.batch_execute(&settings).unwrap();
            for attempt in [
                "update audit_events set action = 'read'",
                "delete from audit_events",
                "truncate audit_events",
            ] {
                let refused = sql_query(attempt)
                    .execute(&mut connection)
                    .unwrap_err()
                    .to_string();
                let known = ["permission denied", "the audit trail cannot be changed"];
                assert!(
                    known.iter().any(|part| refused.contains(part)),
                    "{attempt}: {refused}"
                );
            }
        }
    }
    assert_eq!(all(storage, tenant).len(), 1);
}
