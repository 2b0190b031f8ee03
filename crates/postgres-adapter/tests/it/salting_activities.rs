//! Contract of the repository of SALTing activities.

use jiff::{ToSpan, civil::date};
use unionhall_domain::{
    headcounts::Headcount,
    members::Member,
    organizations::Organization,
    salting_activities::{
        Reach, SaltingActivity, SaltingActivityType, SaltingOutcome, SaltingReport,
    },
    tenants::Tenant,
    text::Prose,
    version::Version,
};
use unionhall_ports::{
    pages::{Direction, Page, PageRequest},
    salting_activities::{
        OutcomeKnown, SaltingActivityFilter, SaltingActivitySort, SaltingStatistics, SaltingTally,
    },
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::{TestDatabase, builders};

use crate::members::plans::plan;

/// A tenant with a member who organizes and two employers.
struct Hall {
    tenant: Tenant,
    member: Member,
    employers: [Organization; 2],
}

impl Hall {
    fn new(storage: &dyn UnitOfWork, slug: &str) -> Self {
        let tenant = builders::tenant(storage, slug);
        let employer = |name| builders::organization(storage, tenant.id, name);
        Self {
            member: builders::member(storage, tenant.id, "1", "Bo", "Li"),
            employers: [employer("Voltage Electric"), employer("Ohm Brothers")],
            tenant,
        }
    }

    fn scope(&self) -> Scope {
        Scope::Tenant(self.tenant.id)
    }

    /// An activity on a day of March, not stored: so many workers, so many cards.
    fn activity(&self, day: i8, contacted: i64, signed: i64) -> SaltingActivity {
        SaltingActivity {
            id: builders::fresh_id(),
            report: SaltingReport {
                member: self.member.id,
                organization: self.employers[0].id,
                campaign: None,
                activity_type: SaltingActivityType::Outreach,
                activity_date: date(2026, 3, day),
                outcome: None,
                location: None,
                reach: reach(contacted, signed),
                description: None,
                notes: None,
            },
            version: Version::FIRST,
            created_at: builders::now(),
            updated_at: builders::now(),
            deleted_at: None,
        }
    }
}

fn reach(contacted: i64, signed: i64) -> Reach {
    let count = |number| Headcount::new(number).unwrap();
    Reach::new(count(contacted), count(signed)).unwrap()
}

fn insert(storage: &dyn UnitOfWork, hall: &Hall, activity: &SaltingActivity) {
    builders::store(storage, hall.scope(), |tx| {
        tx.salting_activities().insert(activity)
    });
}

fn find(
    storage: &dyn UnitOfWork,
    hall: &Hall,
    activity: &SaltingActivity,
) -> Option<SaltingActivity> {
    builders::store(storage, hall.scope(), |tx| {
        tx.salting_activities().find(activity.id)
    })
}

fn everything() -> PageRequest<SaltingActivitySort> {
    PageRequest {
        limit: 100,
        after: None,
        sort: SaltingActivitySort::Date,
        direction: Direction::Ascending,
        with_total: true,
    }
}

fn list(
    storage: &dyn UnitOfWork,
    hall: &Hall,
    filter: &SaltingActivityFilter,
    page: &PageRequest<SaltingActivitySort>,
) -> Page<SaltingActivity> {
    storage
        .read(hall.scope(), |tx| {
            tx.salting_activities().list(filter, page)
        })
        .unwrap_or_else(|error: StorageError| panic!("{error:?}"))
}

fn statistics(
    storage: &dyn UnitOfWork,
    hall: &Hall,
    filter: &SaltingActivityFilter,
) -> SaltingStatistics {
    storage
        .read(hall.scope(), |tx| {
            tx.salting_activities().statistics(filter)
        })
        .unwrap_or_else(|error: StorageError| panic!("{error:?}"))
}

#[test]
fn an_activity_comes_back_as_it_was_and_as_it_was_changed() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let plain = hall.activity(2, 0, 0);
    insert(storage, &hall, &plain);
    assert_eq!(find(storage, &hall, &plain).as_ref(), Some(&plain));
    for (number, kind) in (1..).zip(SaltingActivityType::ALL) {
        for outcome in SaltingOutcome::ALL {
            let whole = SaltingActivity {
                id: builders::fresh_id(),
                report: SaltingReport {
                    organization: hall.employers[1].id,
                    activity_type: kind,
                    outcome: Some(outcome),
                    location: Some(builders::line("Diner, 'back' room")),
                    reach: reach(1_000_000, number),
                    description: Some(Prose::parse("Two\nlines and ?").unwrap()),
                    notes: Some(Prose::parse("Careful.").unwrap()),
                    ..plain.report.clone()
                },
                ..plain.clone()
            };
            insert(storage, &hall, &whole);
            assert_eq!(find(storage, &hall, &whole).as_ref(), Some(&whole));
        }
    }
    let changed = SaltingActivity {
        report: SaltingReport {
            activity_date: date(1900, 1, 1),
            reach: reach(7, 7),
            ..plain.report.clone()
        },
        version: plain.version.next(),
        updated_at: builders::now() + 1.hour(),
        ..plain.clone()
    };
    let update = |activity: &SaltingActivity| {
        storage.transaction(hall.scope(), |tx| tx.salting_activities().update(activity))
    };
    update(&changed).unwrap();
    assert_eq!(find(storage, &hall, &plain), Some(changed.clone()));
    assert!(matches!(update(&changed), Err(StorageError::Stale)));
    assert_eq!(find(storage, &hall, &hall.activity(2, 0, 0)), None);
}

#[test]
fn what_is_deleted_is_found_among_the_deleted_alone_and_counts_nowhere() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let there = hall.activity(2, 5, 1);
    let deleted = SaltingActivity {
        deleted_at: Some(builders::now()),
        ..hall.activity(3, 7, 7)
    };
    insert(storage, &hall, &there);
    insert(storage, &hall, &deleted);
    let found_deleted = |activity: &SaltingActivity| {
        builders::store(storage, hall.scope(), |tx| {
            tx.salting_activities().find_deleted(activity.id)
        })
    };
    assert_eq!(find(storage, &hall, &deleted), None);
    assert_eq!(found_deleted(&deleted), Some(deleted.clone()));
    assert_eq!(found_deleted(&there), None);
    let filter = SaltingActivityFilter::default();
    let all = list(storage, &hall, &filter, &everything());
    assert_eq!((all.items.len(), all.total), (1, Some(1)));
    let total = statistics(storage, &hall, &filter).total;
    assert_eq!((total.activities, total.cards_signed), (1, 1));
}

#[test]
fn parties_of_another_tenant_and_counts_that_make_no_sense_are_refused_by_the_database() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (hall, other) = (
        Hall::new(storage, "local-46"),
        Hall::new(storage, "local-77"),
    );
    let insert = |report: SaltingReport| {
        let activity = SaltingActivity {
            report,
            ..hall.activity(2, 0, 0)
        };
        let result =
            storage.transaction(hall.scope(), |tx| tx.salting_activities().insert(&activity));
        match result {
            Err(StorageError::Constraint { name }) => name,
            other => panic!("{other:?}"),
        }
    };
    let report = hall.activity(2, 0, 0).report;
    let member = SaltingReport {
        member: other.member.id,
        ..report.clone()
    };
    assert_eq!(insert(member), "salting_activities_member_fkey");
    let organization = SaltingReport {
        organization: other.employers[0].id,
        ..report.clone()
    };
    assert_eq!(insert(organization), "salting_activities_organization_fkey");
    let long_ago = SaltingReport {
        activity_date: date(1899, 12, 31),
        ..report
    };
    assert_eq!(insert(long_ago), "salting_activities_activity_date_check");
    let stored = hall.activity(2, 3, 3);
    self::insert(storage, &hall, &stored);
    for wrong in [
        "cards_signed = 4",
        "cards_signed = -1",
        "workers_contacted = 2",
        "workers_contacted = 1000001",
        "outcome = 'pending'",
        "activity_type = 'party'",
    ] {
        let refused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            database.execute(&format!("update salting_activities set {wrong}"));
        }));
        assert!(refused.is_err(), "{wrong}");
    }
}

/// Six activities, no two quite alike.
fn six(storage: &dyn UnitOfWork, hall: &Hall) -> Vec<SaltingActivity> {
    let mut six = [2, 2, 3, 5, 5, 8].map(|day| hall.activity(day, 3, 0));
    let [_, elsewhere, positive, meeting, ..] = &mut six;
    let [_, other] = &hall.employers;
    elsewhere.report.organization = other.id;
    positive.report.outcome = Some(SaltingOutcome::Positive);
    meeting.report.activity_type = SaltingActivityType::Meeting;
    for (hours, activity) in (0..).zip(&mut six) {
        activity.created_at = builders::now() - hours.hours();
        insert(storage, hall, activity);
    }
    six.to_vec()
}

#[test]
fn a_list_is_filtered_by_everything() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let activities = six(storage, &hall);
    let found = |filter: &SaltingActivityFilter| {
        let page = list(storage, &hall, filter, &everything());
        let ids: Vec<_> = page.items.iter().map(|found| found.id).collect();
        assert_eq!(page.total, u64::try_from(ids.len()).ok());
        let places = activities.iter().enumerate();
        places
            .filter(|(_, activity)| ids.contains(&activity.id))
            .map(|(place, _)| place)
            .collect::<Vec<_>>()
    };
    let any = SaltingActivityFilter::default;
    let outcome = |outcome| SaltingActivityFilter {
        outcome: Some(outcome),
        ..any()
    };
    let at_the_other = SaltingActivityFilter {
        organization: Some(hall.employers[1].id),
        ..any()
    };
    assert_eq!(found(&at_the_other), [1]);
    let by_nobody = SaltingActivityFilter {
        member: Some(builders::fresh_id()),
        ..any()
    };
    assert_eq!(found(&by_nobody), [0; 0]);
    let meetings = SaltingActivityFilter {
        activity_type: Some(SaltingActivityType::Meeting),
        ..any()
    };
    assert_eq!(found(&meetings), [3]);
    let positive = OutcomeKnown::Known(SaltingOutcome::Positive);
    assert_eq!(found(&outcome(positive)), [2]);
    assert_eq!(found(&outcome(OutcomeKnown::Pending)), [0, 1, 3, 4, 5]);
    let days = SaltingActivityFilter {
        from: Some(date(2026, 3, 3)),
        until: Some(date(2026, 3, 5)),
        ..any()
    };
    assert_eq!(found(&days), [2, 3, 4]);
}

#[test]
fn a_list_is_paged_in_a_total_order() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let activities = six(storage, &hall);
    let walked = |mut request: PageRequest<SaltingActivitySort>| {
        let mut walked = Vec::new();
        loop {
            let page = list(storage, &hall, &SaltingActivityFilter::default(), &request);
            walked.extend(page.items);
            if page.next.is_none() {
                return walked;
            }
            request.after = page.next;
        }
    };
    for sort in [SaltingActivitySort::Date, SaltingActivitySort::Created] {
        let mut expected = activities.clone();
        expected.sort_by_key(|found| match sort {
            SaltingActivitySort::Date => (found.report.activity_date.to_string(), found.id),
            SaltingActivitySort::Created => (found.created_at.to_string(), found.id),
        });
        for direction in [Direction::Ascending, Direction::Descending] {
            let request = PageRequest {
                limit: 2,
                sort,
                direction,
                ..everything()
            };
            assert_eq!(walked(request), expected, "{sort:?} {direction:?}");
            expected.reverse();
        }
    }
}

#[test]
fn sums_are_of_all_by_type_outcome_employer_and_month() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let mut activities = [
        hall.activity(2, 10, 4),
        hall.activity(9, 5, 0),
        hall.activity(9, 7, 7),
    ];
    activities[1].report.activity_type = SaltingActivityType::Meeting;
    activities[1].report.outcome = Some(SaltingOutcome::Negative);
    activities[1].report.activity_date = date(2025, 12, 31);
    activities[2].report.organization = hall.employers[1].id;
    for activity in &activities {
        insert(storage, &hall, activity);
    }
    let other = Hall::new(storage, "local-77");
    insert(storage, &other, &other.activity(2, 100, 100));
    let tally = |activities, workers_contacted, cards_signed, last_on| SaltingTally {
        activities,
        workers_contacted,
        cards_signed,
        last_on: Some(last_on),
    };
    let (december, second, ninth) = (date(2025, 12, 31), date(2026, 3, 2), date(2026, 3, 9));
    let expected = SaltingStatistics {
        total: tally(3, 22, 11, ninth),
        by_type: vec![
            (SaltingActivityType::Outreach, tally(2, 17, 11, ninth)),
            (SaltingActivityType::Meeting, tally(1, 5, 0, december)),
        ],
        by_outcome: vec![
            (OutcomeKnown::Pending, tally(2, 17, 11, ninth)),
            (
                OutcomeKnown::Known(SaltingOutcome::Negative),
                tally(1, 5, 0, december),
            ),
        ],
        employers: 2,
        by_employer: vec![
            (hall.employers[0].id, tally(2, 15, 4, second)),
            (hall.employers[1].id, tally(1, 7, 7, ninth)),
        ],
        by_month: vec![
            (date(2026, 3, 1), tally(2, 17, 11, ninth)),
            (date(2025, 12, 1), tally(1, 5, 0, december)),
        ],
    };
    let all = SaltingActivityFilter::default();
    assert_eq!(statistics(storage, &hall, &all), expected);
}

#[test]
fn sums_are_of_what_was_asked_for_and_of_nothing_nothing() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let _activities = six(storage, &hall);
    let filter = SaltingActivityFilter {
        organization: Some(hall.employers[0].id),
        campaign: None,
        member: Some(hall.member.id),
        activity_type: Some(SaltingActivityType::Outreach),
        outcome: Some(OutcomeKnown::Pending),
        from: Some(date(2026, 3, 3)),
        until: Some(date(2026, 3, 5)),
    };
    let one = statistics(storage, &hall, &filter);
    let total = one.total;
    assert_eq!((total.activities, total.workers_contacted), (1, 3));
    assert_eq!(one.employers, 1);
    let none = SaltingActivityFilter {
        member: Some(builders::fresh_id()),
        ..filter
    };
    let nothing = statistics(storage, &hall, &none);
    assert_eq!(nothing, SaltingStatistics::default());
}

#[test]
fn every_way_to_ask_for_a_list_has_an_index() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let (tenant, member, employer) = (hall.tenant.id, hall.member.id, hall.employers[0].id);
    // One of a hundred is of the member, type, outcome and employer that are asked for.
    let (others, rare) = (
        builders::member(storage, tenant, "2", "Jo", "Ng").id,
        "n % 100 = 0",
    );
    database.execute(&format!(
        "set app.tenant = '{tenant}'; \
         insert into salting_activities (id, tenant_id, member_id, organization_id, activity_type, activity_date, \
             outcome, workers_contacted, cards_signed, version, created_at, updated_at) \
         select gen_random_uuid(), '{tenant}', \
             case when {rare} then '{member}'::uuid else '{others}'::uuid end, \
             case when {rare} then '{employer}'::uuid else '{other}'::uuid end, \
             case when {rare} then 'meeting' else 'outreach' end, date '2000-01-01' + n / 10, \
             case when {rare} then 'negative' end, 3, 1, 1, now() - n * interval '1 minute', now() \
         from generate_series(1, 20000) as n; \
         analyze salting_activities",
        other = hall.employers[1].id
    ));
    for (condition, order, index) in [
        ("true", "activity_date, id", "salting_activities_by_date"),
        ("true", "created_at, id", "salting_activities_by_creation"),
        (
            &format!("organization_id = '{employer}'"),
            "activity_date, id",
            "salting_activities_by_organization",
        ),
        (
            &format!("member_id = '{member}'"),
            "activity_date, id",
            "salting_activities_by_member",
        ),
        (
            "activity_type = 'meeting'",
            "activity_date, id",
            "salting_activities_by_type",
        ),
        (
            "outcome = 'negative'",
            "activity_date, id",
            "salting_activities_by_outcome",
        ),
    ] {
        let statement = format!(
            "explain select * from salting_activities where tenant_id = '{tenant}' and deleted_at is null \
             and {condition} order by {order} limit 51"
        );
        let plan = plan(&database, &hall.tenant, &statement);
        assert!(plan.contains(index), "{condition}: {plan}");
        assert!(!plan.contains("Sort"), "{condition}: {plan}");
    }
}
