//! Lists of grievances: filters, orders, cursors, totals, search.

use jiff::civil::date;
use unionhall_domain::grievances::{Answer, Grievance, Progress, State, Step};
use unionhall_ports::{
    grievances::{GrievanceFilter, GrievanceSort},
    pages::{Cursor, Direction, Page, PageRequest},
    round_trips::counted,
    storage::StorageError,
    unit_of_work::UnitOfWork,
};
use unionhall_postgres_adapter::migrate;
use unionhall_testing::{TestDatabase, builders};

use super::{Hall, prose};

fn page(limit: u16, sort: GrievanceSort, direction: Direction) -> PageRequest<GrievanceSort> {
    PageRequest {
        limit,
        after: None,
        sort,
        direction,
        with_total: false,
    }
}

fn list(
    storage: &dyn UnitOfWork,
    hall: &Hall,
    filter: &GrievanceFilter,
    page: &PageRequest<GrievanceSort>,
) -> Page<Grievance> {
    storage
        .snapshot(hall.scope(), |tx| tx.grievances().list(filter, page))
        .unwrap_or_else(|error: StorageError| panic!("{error:?}"))
}

/// Follows the cursors to the end, and gives the numbers of all grievances on the way.
fn walk(
    storage: &dyn UnitOfWork,
    hall: &Hall,
    filter: &GrievanceFilter,
    mut request: PageRequest<GrievanceSort>,
) -> Vec<String> {
    let mut numbers = Vec::new();
    loop {
        let page = list(storage, hall, filter, &request);
        assert!(page.items.len() <= usize::from(request.limit));
        numbers.extend(page.items.iter().map(|found| found.number.to_string()));
        match page.next {
            None => return numbers,
            Some(next) => request.after = Some(next),
        }
    }
}

fn store(storage: &dyn UnitOfWork, hall: &Hall, grievances: &[Grievance]) {
    builders::store(storage, hall.scope(), |tx| {
        grievances
            .iter()
            .try_for_each(|grievance| tx.grievances().insert(grievance))
    });
}

fn all() -> GrievanceFilter {
    GrievanceFilter::default()
}

fn found(storage: &dyn UnitOfWork, hall: &Hall, words: &str) -> Vec<String> {
    let filter = GrievanceFilter {
        search: Some(words.to_owned()),
        ..all()
    };
    walk(
        storage,
        hall,
        &filter,
        page(100, GrievanceSort::Number, Direction::Ascending),
    )
}

#[test]
fn numbers_sort_by_year_and_place_and_days_of_filing_by_the_calendar() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let grievances: Vec<_> = [(2026, 10_000, 1), (2026, 9, 3), (2025, 700, 2)]
        .into_iter()
        .map(|(year, place, day)| Grievance {
            filed_date: date(2026, 3, day),
            ..hall.grievance(year, place)
        })
        .collect();
    store(storage, &hall, &grievances);
    let numbers = |sort, direction| walk(storage, &hall, &all(), page(1, sort, direction));
    let [ten_thousand, nine, last_year] = ["GR-2026-10000", "GR-2026-0009", "GR-2025-0700"];
    assert_eq!(
        numbers(GrievanceSort::Number, Direction::Ascending),
        [last_year, nine, ten_thousand]
    );
    assert_eq!(
        numbers(GrievanceSort::Number, Direction::Descending),
        [ten_thousand, nine, last_year]
    );
    assert_eq!(
        numbers(GrievanceSort::Filed, Direction::Ascending),
        [ten_thousand, last_year, nine]
    );
    assert_eq!(
        numbers(GrievanceSort::Filed, Direction::Descending),
        [nine, last_year, ten_thousand]
    );
}

#[test]
fn cursors_visit_every_grievance_exactly_once_even_when_filed_on_one_day() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let grievances: Vec<_> = (1..=11).map(|place| hall.grievance(2026, place)).collect();
    store(storage, &hall, &grievances);
    let expected: Vec<_> = grievances
        .iter()
        .map(|one| one.number.to_string())
        .collect();
    let searched = GrievanceFilter {
        search: Some("overtime".to_owned()),
        ..all()
    };
    for filter in [all(), searched] {
        for sort in [GrievanceSort::Number, GrievanceSort::Filed] {
            for direction in [Direction::Ascending, Direction::Descending] {
                for limit in [1, 4, 11, 100] {
                    let mut numbers = walk(storage, &hall, &filter, page(limit, sort, direction));
                    numbers.sort();
                    assert_eq!(numbers, expected, "{sort:?} {direction:?} {limit}");
                }
            }
        }
    }
}

#[test]
fn nothing_lies_behind_a_cursor_that_no_list_gave_out() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    store(storage, &hall, &[hall.grievance(2026, 1)]);
    for (sort, key) in [
        (GrievanceSort::Number, "GR-0"),
        (GrievanceSort::Number, "\0"),
        (GrievanceSort::Filed, "yesterday"),
    ] {
        let request = PageRequest {
            after: Some(Cursor {
                key: key.to_owned(),
                id: builders::fresh_uuid(),
            }),
            ..page(10, sort, Direction::Ascending)
        };
        let page = list(storage, &hall, &all(), &request);
        assert_eq!((page.items, page.next), (vec![], None), "{key:?}");
    }
}

/// Seven grievances: open ones, a hearing (2), an arbitration (3), one of another member that the steward carries
/// (4), one against another employer (5), a later one (6) and a deleted one (7).
fn seven(storage: &dyn UnitOfWork, hall: &Hall) -> [Grievance; 7] {
    let mut grievances = [1, 2, 3, 4, 5, 6, 7].map(|place| hall.grievance(2026, place));
    let [_, hearing, arbitration, carried, against, later, deleted] = &mut grievances;
    hearing.progress.state = State::Hearing;
    arbitration.progress = Progress {
        step: Step::Arbitration,
        answer: Answer::Denied,
        state: State::Arbitration,
    };
    carried.member = builders::member(storage, hall.tenant.id, "2", "Al", "Wu").id;
    carried.claim.assigned_representative = Some(hall.steward.id);
    against.claim.steward = Some(hall.steward.id);
    against.employer = builders::organization(storage, hall.tenant.id, "Ampere").id;
    later.filed_date = date(2026, 3, 20);
    deleted.deleted_at = Some(builders::now());
    store(storage, hall, &grievances);
    grievances
}

#[test]
fn filters_narrow_and_totals_count_all_pages() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let grievances = seven(storage, &hall);
    let filtered = |narrow: fn(&mut GrievanceFilter, &Hall, &[Grievance])| {
        let mut filter = all();
        narrow(&mut filter, &hall, &grievances);
        filter
    };
    let table = [
        (all(), vec![1, 2, 3, 4, 5, 6]),
        (
            filtered(|filter, _, _| filter.status = Some("hearing")),
            vec![2],
        ),
        (
            filtered(|filter, _, _| filter.step = Some(Step::Arbitration)),
            vec![3],
        ),
        (
            filtered(|filter, _, all| filter.member = Some(all[3].member)),
            vec![4],
        ),
        (
            filtered(|filter, hall, _| filter.representative = Some(hall.steward.id)),
            vec![4],
        ),
        (
            filtered(|filter, hall, _| filter.carrier = Some(hall.steward.id)),
            vec![4, 5],
        ),
        (
            filtered(|filter, hall, all| {
                filter.carrier = Some(hall.steward.id);
                filter.employer = Some(all[4].employer);
            }),
            vec![5],
        ),
        (
            filtered(|filter, _, all| filter.employer = Some(all[4].employer)),
            vec![5],
        ),
    ];
    for (filter, expected) in table {
        assert_listed(storage, &hall, &filter, &expected);
    }
}

#[test]
fn days_of_filing_narrow_from_the_first_to_the_last_inclusive() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    seven(storage, &hall);
    let filed = |from: Option<i8>, until: Option<i8>| GrievanceFilter {
        filed_from: from.map(|day| date(2026, 3, day)),
        filed_until: until.map(|day| date(2026, 3, day)),
        ..all()
    };
    let table = [
        (filed(Some(20), None), vec![6]),
        (filed(Some(21), None), vec![]),
        (filed(None, Some(2)), vec![1, 2, 3, 4, 5]),
        (filed(Some(2), Some(20)), vec![1, 2, 3, 4, 5, 6]),
        (filed(Some(3), Some(19)), vec![]),
    ];
    for (filter, expected) in table {
        assert_listed(storage, &hall, &filter, &expected);
    }
}

/// That the filter, alone and with words, lets exactly these places through, on pages of two, and the total says so.
fn assert_listed(storage: &dyn UnitOfWork, hall: &Hall, filter: &GrievanceFilter, places: &[i32]) {
    let numbers: Vec<_> = places
        .iter()
        .map(|place| format!("GR-2026-000{place}"))
        .collect();
    for search in [None, Some("paid".to_owned())] {
        let filter = GrievanceFilter {
            search,
            ..filter.clone()
        };
        let request = page(2, GrievanceSort::Number, Direction::Ascending);
        assert_eq!(
            walk(storage, hall, &filter, request.clone()),
            numbers,
            "{filter:?}"
        );
        let counted = PageRequest {
            with_total: true,
            ..request
        };
        let total = list(storage, hall, &filter, &counted).total;
        assert_eq!(
            total,
            Some(u64::try_from(numbers.len()).unwrap()),
            "{filter:?}"
        );
    }
}

#[test]
fn numbers_articles_and_descriptions_are_found_by_the_beginnings_of_their_words() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let mut grievances = [hall.grievance(2026, 7), hall.grievance(2026, 12_345)];
    grievances[0].claim.contract_article = Some(builders::line("Article XII, 3(b)"));
    grievances[0].claim.violation_description =
        prose(&("No café break; ".to_owned() + &"x".repeat(15_000)));
    store(storage, &hall, &grievances);
    let (seven, long) = ("GR-2026-0007".to_owned(), "GR-2026-12345".to_owned());
    for words in [
        "GR-2026-0007",
        "gr-2026-00",
        "2026-0007",
        "0007",
        "CAFE bre",
        "xii article",
        "3(b)",
        "break 2026-0007",
    ] {
        assert_eq!(found(storage, &hall, words).join(" "), seven, "{words}");
    }
    for words in ["gr-2026-12345", "12345", "overtime paid", "PAI"] {
        assert_eq!(found(storage, &hall, words).join(" "), long, "{words}");
    }
    for words in ["GR", "gr-2026-", "2026-"] {
        assert_eq!(
            found(storage, &hall, words),
            [seven.clone(), long.clone()],
            "{words}"
        );
    }
    for words in [
        "break overtime",
        "GR-2025-0007",
        "%",
        "'",
        "\\",
        ":*",
        "&",
        "!",
        "gr-2026-0008",
        "-",
        "'; drop table x",
    ] {
        assert!(found(storage, &hall, words).is_empty(), "{words}");
    }
    assert_eq!(found(storage, &hall, "caf\u{e9}\0break%'\\:*"), [seven]);
}

#[test]
fn a_list_is_one_round_trip_and_its_total_another() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    for search in [None, Some("overtime".to_owned())] {
        let filter = GrievanceFilter { search, ..all() };
        for with_total in [false, true] {
            let request = PageRequest {
                with_total,
                ..page(50, GrievanceSort::Number, Direction::Ascending)
            };
            let trips = storage.snapshot(hall.scope(), |tx| {
                let (page, trips) = counted(|| tx.grievances().list(&filter, &request));
                page.map(|_| trips)
            });
            let trips = trips.unwrap_or_else(|error: StorageError| panic!("{error:?}"));
            assert_eq!(trips, if with_total { 2 } else { 1 });
        }
    }
}

#[test]
fn neither_lists_nor_the_search_functions_show_other_tenants_grievances() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let other = Hall::new(storage, "local-47");
    store(storage, &other, &[other.grievance(2026, 1)]);
    for search in [
        None,
        Some("overtime".to_owned()),
        Some("GR-2026-0001".to_owned()),
    ] {
        let filter = GrievanceFilter { search, ..all() };
        let request = PageRequest {
            with_total: true,
            ..page(50, GrievanceSort::Filed, Direction::Ascending)
        };
        let page = list(storage, &hall, &filter, &request);
        assert_eq!((page.items, page.total), (vec![], Some(0)));
    }
    let nulls = ["null"; 7].join(", ");
    let attempt = |tenant: &str| {
        migrate::execute(
            &database.runtime_url(),
            &format!(
                "select set_config('app.tenant', '{tenant}', false); \
                 do $$ begin if exists ( \
                     select grievances_search('overtime', {nulls}, 'filed', false, null, null, null, null, 50) \
                 ) or grievances_search_count('overtime', {nulls}) > 0 then raise exception 'seen'; end if; end $$"
            ),
        )
    };
    for tenant in [hall.tenant.id.to_string(), String::new()] {
        attempt(&tenant).unwrap_or_else(|error| panic!("{error:?}"));
    }
    let theirs = attempt(&other.tenant.id.to_string());
    assert!(theirs.is_err(), "the attempt itself must work");
}

#[test]
fn lists_and_searches_of_many_grievances_use_the_indexes() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    database.execute(&format!(
        "set app.tenant = '{0}'; \
         insert into grievances (id, tenant_id, year, place, member_id, employer_id, filed_date, \
             violation_description, current_step, employer_answer, status, version, created_at, updated_at) \
         select gen_random_uuid(), '{}', 2000 + n / 1000, 1 + n % 1000, '{}', '{}', '2000-01-01'::date + n / 4, \
             'Word ' || md5((n % 5000)::text), 'step_1', 'pending', 'open', 1, now(), now() \
         from generate_series(1, 20000) as n; \
         analyze grievances",
        hall.tenant.id, hall.member.id, hall.employer.id
    ));
    let steps = |statement: &str| crate::members::plans::plan(&database, &hall.tenant, statement);
    for (order, index) in [
        ("year desc, place desc", "grievances_by_number"),
        ("filed_date, id", "grievances_by_filing"),
    ] {
        let plan = steps(&format!(
            "explain select * from (select * from grievances where tenant_id = '{}' and deleted_at is null \
             order by {order} limit 101) as page limit 51",
            hall.tenant.id
        ));
        assert!(plan.contains(index) && !plan.contains("Sort"), "{plan}");
    }
    let nulls = ["null"; 7].join(", ");
    let blocks = crate::members::plans::blocks(&steps(&format!(
        "explain (analyze, buffers, costs off, timing off, summary off) \
         select grievances_search('c4ca', {nulls}, 'number', false, null, null, null, null, 51)"
    )));
    assert!(blocks < 150, "{blocks} blocks");
}
