//! Lists of members: filters, orders, cursors, totals.

use jiff::ToSpan;
use unionhall_domain::{
    members::{Member, MemberClassification, MemberStatus},
    tenants::Tenant,
};
use unionhall_ports::{
    members::{MemberFilter, MemberSort},
    pages::{Direction, PageRequest},
    round_trips::counted,
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::{TestDatabase, builders};

use super::{cursor, list, page, walk};

const SORTS: [MemberSort; 3] = [MemberSort::Name, MemberSort::Number, MemberSort::Created];
const DIRECTIONS: [Direction; 2] = [Direction::Ascending, Direction::Descending];

fn store(storage: &dyn UnitOfWork, tenant: &Tenant, members: &[Member]) {
    builders::store(storage, Scope::Tenant(tenant.id), |tx| {
        tx.members().insert_many(members)
    });
}

fn everyone() -> MemberFilter {
    MemberFilter::default()
}

#[test]
fn names_are_sorted_without_accents_and_case_and_family_names_first() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let sorted = [
        ("1", "zoe", "Åberg"),
        ("2", "Al", "abernathy"),
        ("3", "Zed", "Smith"),
        ("4", "Al", "Smith Jones"),
        ("5", "Bo", "ŚMITHERS"),
        ("6", "Élan", "Zwick"),
        ("7", "Elba", "Zwick"),
    ];
    let members: Vec<_> = sorted
        .iter()
        .rev()
        .map(|(number, first, last)| builders::unstored_member(number, first, last))
        .collect();
    store(storage, &tenant, &members);
    let mut expected: Vec<_> = sorted.iter().map(|(number, ..)| *number).collect();
    let numbers = |direction| {
        walk(
            storage,
            &tenant,
            &everyone(),
            page(3, MemberSort::Name, direction),
        )
    };
    assert_eq!(numbers(Direction::Ascending), expected);
    expected.reverse();
    assert_eq!(numbers(Direction::Descending), expected);
}

#[test]
fn numbers_and_times_of_entry_sort_both_ways() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let mut members: Vec<_> = ["B1", "A2", "A1"]
        .iter()
        .map(|number| builders::unstored_member(number, "Bo", "Li"))
        .collect();
    for (n, member) in (0..).zip(&mut members) {
        member.created_at = builders::now() + (7 * n).microseconds();
    }
    store(storage, &tenant, &members);
    let numbers = |sort, direction| walk(storage, &tenant, &everyone(), page(1, sort, direction));
    assert_eq!(
        numbers(MemberSort::Number, Direction::Ascending),
        ["A1", "A2", "B1"]
    );
    assert_eq!(
        numbers(MemberSort::Number, Direction::Descending),
        ["B1", "A2", "A1"]
    );
    assert_eq!(
        numbers(MemberSort::Created, Direction::Ascending),
        ["B1", "A2", "A1"]
    );
    assert_eq!(
        numbers(MemberSort::Created, Direction::Descending),
        ["A1", "A2", "B1"]
    );
}

#[test]
fn cursors_visit_everyone_exactly_once_even_where_names_and_times_are_equal() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let members: Vec<_> = (0..23)
        .map(|n| {
            builders::unstored_member(&format!("{n:02}"), "Bo", if n < 15 { "Li" } else { "Wu" })
        })
        .collect();
    store(storage, &tenant, &members);
    let all: Vec<_> = (0..23).map(|n| format!("{n:02}")).collect();
    let searched = MemberFilter {
        search: Some("bo".to_owned()),
        ..everyone()
    };
    for filter in [everyone(), searched] {
        for sort in SORTS {
            for direction in DIRECTIONS {
                for limit in [1, 7, 23, 100] {
                    let mut numbers = walk(storage, &tenant, &filter, page(limit, sort, direction));
                    numbers.sort();
                    assert_eq!(numbers, all, "{sort:?} {direction:?} {limit}");
                }
            }
        }
    }
}

#[test]
fn a_full_last_page_has_no_next_one() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let nobody = list(
        storage,
        &tenant,
        &everyone(),
        &page(1, MemberSort::Name, Direction::Ascending),
    );
    assert_eq!((nobody.items.len(), nobody.next), (0, None));
    builders::member(storage, tenant.id, "1", "Bo", "Li");
    let one = list(
        storage,
        &tenant,
        &everyone(),
        &page(1, MemberSort::Name, Direction::Ascending),
    );
    assert_eq!((one.items.len(), one.next), (1, None));
}

#[test]
fn nothing_lies_behind_a_cursor_that_no_list_gave_out() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    builders::member(storage, tenant.id, "1", "Bo", "Li");
    for (sort, key) in [
        (MemberSort::Name, "a\0b"),
        (MemberSort::Number, "\0"),
        (MemberSort::Created, "yesterday"),
        (MemberSort::Created, "-009999-01-02T00:00:00Z"),
    ] {
        for search in [None, Some("bo".to_owned())] {
            let filter = MemberFilter {
                search,
                ..everyone()
            };
            let request = PageRequest {
                after: cursor(key),
                ..page(10, sort, Direction::Ascending)
            };
            let page = list(storage, &tenant, &filter, &request);
            assert_eq!((page.items, page.next), (vec![], None), "{key:?}");
        }
    }
}

#[test]
fn filters_narrow_and_totals_count_all_pages() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let members: Vec<_> = (0..6)
        .map(|n| {
            let mut member = builders::unstored_member(&n.to_string(), "Bo", "Li");
            if n >= 2 {
                member.details.status = MemberStatus::Retired;
            }
            if n >= 4 {
                member.details.classification = MemberClassification::Retiree;
            }
            if n == 5 {
                member.deleted_at = Some(builders::now());
            }
            member
        })
        .collect();
    store(storage, &tenant, &members);
    let retired = MemberFilter {
        status: Some(MemberStatus::Retired),
        ..everyone()
    };
    let retirees = MemberFilter {
        classification: Some(MemberClassification::Retiree),
        ..retired.clone()
    };
    let one = MemberFilter {
        only: Some(members[2].id),
        ..everyone()
    };
    let table = [
        (everyone(), vec!["0", "1", "2", "3", "4"]),
        (retired, vec!["2", "3", "4"]),
        (retirees, vec!["4"]),
        (one, vec!["2"]),
    ];
    for (filter, expected) in table {
        for search in [None, Some("li".to_owned())] {
            let filter = MemberFilter {
                search,
                ..filter.clone()
            };
            assert_listed(storage, &tenant, &filter, &expected);
        }
    }
}

/// That the filter lets exactly these numbers through, on pages of two, and the total says so.
fn assert_listed(
    storage: &dyn UnitOfWork,
    tenant: &Tenant,
    filter: &MemberFilter,
    numbers: &[&str],
) {
    let request = page(2, MemberSort::Number, Direction::Ascending);
    assert_eq!(
        walk(storage, tenant, filter, request.clone()),
        numbers,
        "{filter:?}"
    );
    let counted = PageRequest {
        with_total: true,
        ..request
    };
    let total = list(storage, tenant, filter, &counted).total;
    assert_eq!(
        total,
        Some(u64::try_from(numbers.len()).unwrap()),
        "{filter:?}"
    );
}

#[test]
fn a_list_is_one_round_trip_and_its_total_another() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    for search in [None, Some("kowalski".to_owned())] {
        let filter = MemberFilter {
            search,
            ..everyone()
        };
        for with_total in [false, true] {
            let request = PageRequest {
                with_total,
                ..page(50, MemberSort::Name, Direction::Ascending)
            };
            let trips = storage.snapshot(Scope::Tenant(tenant.id), |tx| {
                let (page, trips) = counted(|| tx.members().list(&filter, &request));
                page.map(|_| trips)
            });
            let trips = trips.unwrap_or_else(|error: StorageError| panic!("{error:?}"));
            assert_eq!(trips, if with_total { 2 } else { 1 });
        }
    }
}

#[test]
fn a_list_shows_no_other_tenants_members() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let other = builders::tenant(storage, "local-47");
    let theirs = builders::member(storage, other.id, "1", "Bo", "Li");
    for search in [None, Some("bo".to_owned()), Some("lii".to_owned())] {
        for only in [None, Some(theirs.id)] {
            let filter = MemberFilter {
                search: search.clone(),
                only,
                ..everyone()
            };
            let request = PageRequest {
                with_total: true,
                ..page(50, MemberSort::Name, Direction::Ascending)
            };
            let page = list(storage, &tenant, &filter, &request);
            assert_eq!((page.items, page.total), (vec![], Some(0)));
        }
    }
}
