//! Contract of the repository of organizations.

mod merging;

use jiff::ToSpan;
use unionhall_domain::{
    organizations::{Organization, OrganizationDetails, OrganizationType},
    tenants::Tenant,
    users::EmailAddress,
};
use unionhall_ports::{
    organizations::{OrganizationFilter, OrganizationSort},
    pages::{Cursor, Direction, Page, PageRequest},
    round_trips::counted,
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::{
    TestDatabase,
    builders::{self, line},
};

fn whole_organization() -> Organization {
    Organization {
        details: OrganizationDetails {
            name: line("Núñez & Söhne 'Electric' \\ ?"),
            org_type: OrganizationType::Jatc,
            address: Some(line("12 Union Street")),
            city: Some(line("Kent")),
            state: Some(line("WA")),
            zip_code: Some(line("98030")),
            phone: Some(line("206-555-0100")),
            email: Some(EmailAddress::parse("office@electric.example").unwrap()),
            website: Some(line("https://electric.example/?a=b")),
        },
        ..builders::unstored_organization("x")
    }
}

fn next(organization: &Organization) -> Organization {
    Organization {
        version: organization.version.next(),
        ..organization.clone()
    }
}

fn update(
    storage: &dyn UnitOfWork,
    tenant: &Tenant,
    organization: &Organization,
) -> Result<(), StorageError> {
    storage.transaction(Scope::Tenant(tenant.id), |tx| {
        tx.organizations().update(organization)
    })
}

fn find(
    storage: &dyn UnitOfWork,
    tenant: &Tenant,
    organization: &Organization,
) -> Option<Organization> {
    storage
        .read(Scope::Tenant(tenant.id), |tx| {
            tx.organizations().find(organization.id)
        })
        .unwrap_or_else(|error: StorageError| panic!("{error:?}"))
}

fn page(limit: u16, sort: OrganizationSort, direction: Direction) -> PageRequest<OrganizationSort> {
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
    tenant: &Tenant,
    filter: &OrganizationFilter,
    page: &PageRequest<OrganizationSort>,
) -> Page<Organization> {
    storage
        .snapshot(Scope::Tenant(tenant.id), |tx| {
            tx.organizations().list(filter, page)
        })
        .unwrap_or_else(|error: StorageError| panic!("{error:?}"))
}

/// Follows the cursors to the end, and gives the names of all organizations on the way.
fn walk(
    storage: &dyn UnitOfWork,
    tenant: &Tenant,
    filter: &OrganizationFilter,
    mut request: PageRequest<OrganizationSort>,
) -> Vec<String> {
    let mut names = Vec::new();
    loop {
        let page = list(storage, tenant, filter, &request);
        assert!(page.items.len() <= usize::from(request.limit));
        names.extend(
            page.items
                .iter()
                .map(|found| found.details.name.to_string()),
        );
        match page.next {
            None => return names,
            Some(next) => request.after = Some(next),
        }
    }
}

fn all() -> OrganizationFilter {
    OrganizationFilter::default()
}

fn searching(words: &str) -> OrganizationFilter {
    OrganizationFilter {
        search: Some(words.to_owned()),
        ..all()
    }
}

#[test]
fn an_organization_comes_back_as_it_was() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let (whole, plain) = (
        whole_organization(),
        builders::unstored_organization("Ampere"),
    );
    let found = storage.transaction(Scope::Tenant(tenant.id), |tx| {
        let organizations = tx.organizations();
        organizations.insert(&whole)?;
        organizations.insert(&plain)?;
        Ok::<_, StorageError>((
            organizations.find(whole.id)?,
            organizations.hold(plain.id)?,
            organizations.find(builders::fresh_id())?,
        ))
    });
    assert_eq!(found.unwrap(), (Some(whole), Some(plain), None));
}

#[test]
fn an_update_writes_every_field_and_the_second_of_two_is_stale() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let plain = builders::organization(storage, tenant.id, "Ampere");
    let whole = Organization {
        id: plain.id,
        ..next(&whole_organization())
    };
    update(storage, &tenant, &whole).unwrap();
    assert_eq!(find(storage, &tenant, &plain), Some(whole.clone()));
    assert!(matches!(
        update(storage, &tenant, &next(&plain)),
        Err(StorageError::Stale)
    ));
    assert!(matches!(
        update(storage, &tenant, &next(&whole_organization())),
        Err(StorageError::Stale)
    ));
    let cleared = Organization {
        version: whole.version.next(),
        ..plain
    };
    update(storage, &tenant, &cleared).unwrap();
    assert_eq!(find(storage, &tenant, &cleared), Some(cleared));
}

#[test]
fn a_deleted_organization_is_found_as_such_and_in_no_other_way() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let organization = builders::organization(storage, tenant.id, "Ampere");
    let look = || {
        storage
            .transaction(Scope::Tenant(tenant.id), |tx| {
                let organizations = tx.organizations();
                Ok::<_, StorageError>((
                    organizations.find(organization.id)?,
                    organizations.hold(organization.id)?,
                    organizations.find_deleted(organization.id)?,
                ))
            })
            .unwrap()
    };
    let found = Some(organization.clone());
    assert_eq!(look(), (found.clone(), found, None));
    let deleted = Organization {
        deleted_at: Some(builders::now()),
        ..next(&organization)
    };
    update(storage, &tenant, &deleted).unwrap();
    assert_eq!(look(), (None, None, Some(deleted)));
    let everything = walk(
        storage,
        &tenant,
        &all(),
        page(10, OrganizationSort::Name, Direction::Ascending),
    );
    assert!(everything.is_empty());
}

#[test]
fn a_held_organization_is_locked_against_change_and_not_against_holding() {
    let database = TestDatabase::new();
    let (storage, other) = (database.unit_of_work(), database.unit_of_work());
    let tenant = builders::tenant(&*storage, "local-46");
    let organization = builders::organization(&*storage, tenant.id, "Ampere");
    let scope = Scope::Tenant(tenant.id);
    let result = storage.transaction(scope, |tx| {
        tx.organizations().hold(organization.id)?;
        let too = other.transaction(scope, |tx| tx.organizations().hold(organization.id));
        assert_eq!(
            too.unwrap_or_else(|error: StorageError| panic!("{error:?}")),
            Some(organization.clone())
        );
        // The table's owner asks without waiting.
        let refused = unionhall_postgres_adapter::migrate::execute(
            &database.owner_url(),
            "select from organizations for no key update nowait",
        );
        assert!(
            format!("{refused:?}").contains("could not obtain lock"),
            "{refused:?}"
        );
        Ok::<_, StorageError>(())
    });
    result.unwrap();
    update(&*storage, &tenant, &next(&organization)).unwrap();
}

#[test]
fn names_are_sorted_without_accents_and_case_and_times_by_the_clock() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let names = ["ábaco", "Abacus", "BETA", "gamma"];
    builders::store(storage, Scope::Tenant(tenant.id), |tx| {
        for (n, name) in (0..).zip(["gamma", "ábaco", "BETA", "Abacus"]) {
            let mut organization = builders::unstored_organization(name);
            organization.created_at = builders::now() + (3 * n).microseconds();
            tx.organizations().insert(&organization)?;
        }
        Ok(())
    });
    let walked = |sort, direction| walk(storage, &tenant, &all(), page(1, sort, direction));
    assert_eq!(walked(OrganizationSort::Name, Direction::Ascending), names);
    assert_eq!(
        walked(OrganizationSort::Name, Direction::Descending),
        ["gamma", "BETA", "Abacus", "ábaco"]
    );
    assert_eq!(
        walked(OrganizationSort::Created, Direction::Ascending),
        ["gamma", "ábaco", "BETA", "Abacus"]
    );
    assert_eq!(
        walked(OrganizationSort::Created, Direction::Descending),
        ["Abacus", "BETA", "ábaco", "gamma"]
    );
}

#[test]
fn cursors_visit_every_organization_exactly_once_even_where_names_are_equal() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    for _ in 0..7 {
        builders::organization(storage, tenant.id, "Ampere");
    }
    for sort in [OrganizationSort::Name, OrganizationSort::Created] {
        for direction in [Direction::Ascending, Direction::Descending] {
            for limit in [1, 3, 7] {
                let mut request = page(limit, sort, direction);
                let mut ids = Vec::new();
                loop {
                    let page = list(storage, &tenant, &all(), &request);
                    ids.extend(page.items.iter().map(|found| found.id));
                    match page.next {
                        None => break,
                        Some(next) => request.after = Some(next),
                    }
                }
                assert_eq!(ids.len(), 7);
                ids.sort();
                ids.dedup();
                assert_eq!(ids.len(), 7);
            }
        }
        let request = PageRequest {
            after: Some(Cursor {
                key: "\0".to_owned(),
                id: builders::fresh_uuid(),
            }),
            ..page(10, sort, Direction::Ascending)
        };
        assert!(list(storage, &tenant, &all(), &request).items.is_empty());
    }
}

#[test]
fn types_and_words_narrow_and_totals_count_all_pages() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    builders::store(storage, Scope::Tenant(tenant.id), |tx| {
        for (name, city, org_type) in [
            ("Núñez Electric", None, OrganizationType::Employer),
            ("O'Brien Electric", Some("Kent"), OrganizationType::Employer),
            ("Kent Training", Some("Seattle"), OrganizationType::Jatc),
        ] {
            let mut organization = builders::unstored_organization(name);
            organization.details.city = city.map(line);
            organization.details.org_type = org_type;
            tx.organizations().insert(&organization)?;
        }
        Ok(())
    });
    let (nunez, brien, training) = ("Núñez Electric", "O'Brien Electric", "Kent Training");
    let table = [
        (all(), vec![training, nunez, brien]),
        (searching("NUNEZ"), vec![nunez]),
        (searching("electr"), vec![nunez, brien]),
        (searching("lectr"), vec![]),
        (searching("kent"), vec![training, brien]),
        (searching("kent electric"), vec![brien]),
        (searching("o'brien"), vec![brien]),
        (searching(" "), vec![training, nunez, brien]),
        (searching("%"), vec![]),
        (searching("'; drop table organizations; --"), vec![]),
        (searching("_\\:*&|\0"), vec![]),
        (
            OrganizationFilter {
                org_type: Some(OrganizationType::Jatc),
                ..all()
            },
            vec![training],
        ),
        (
            OrganizationFilter {
                org_type: Some(OrganizationType::Employer),
                ..searching("kent")
            },
            vec![brien],
        ),
    ];
    for (filter, expected) in table {
        assert_listed(storage, &tenant, &filter, &expected);
    }
}

/// That the filter lets exactly these names through, on pages of two, and the total says so.
fn assert_listed(
    storage: &dyn UnitOfWork,
    tenant: &Tenant,
    filter: &OrganizationFilter,
    names: &[&str],
) {
    let request = page(2, OrganizationSort::Name, Direction::Ascending);
    assert_eq!(
        walk(storage, tenant, filter, request.clone()),
        names,
        "{filter:?}"
    );
    let counted = PageRequest {
        with_total: true,
        ..request
    };
    let total = list(storage, tenant, filter, &counted).total;
    assert_eq!(
        total,
        Some(u64::try_from(names.len()).unwrap()),
        "{filter:?}"
    );
}

#[test]
fn a_list_is_one_round_trip_and_its_total_another() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    for with_total in [false, true] {
        let request = PageRequest {
            with_total,
            ..page(50, OrganizationSort::Name, Direction::Ascending)
        };
        let trips = storage.snapshot(Scope::Tenant(tenant.id), |tx| {
            let (page, trips) = counted(|| tx.organizations().list(&searching("kent"), &request));
            page.map(|_| trips)
        });
        let trips = trips.unwrap_or_else(|error: StorageError| panic!("{error:?}"));
        assert_eq!(trips, if with_total { 2 } else { 1 });
    }
}

#[test]
fn another_tenants_organization_is_as_unknown_as_one_that_never_was() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let other = builders::tenant(storage, "local-47");
    let theirs = builders::organization(storage, other.id, "Ampere");
    assert_eq!(find(storage, &tenant, &theirs), None);
    assert!(matches!(
        update(storage, &tenant, &next(&theirs)),
        Err(StorageError::Stale)
    ));
    for filter in [all(), searching("ampere")] {
        let request = page(10, OrganizationSort::Name, Direction::Ascending);
        assert!(walk(storage, &tenant, &filter, request).is_empty());
    }
    assert_eq!(find(storage, &other, &theirs), Some(theirs));
}

#[test]
fn a_row_that_makes_no_sense_is_named_by_table_and_id() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let organization = builders::organization(storage, tenant.id, "Ampere");
    database.execute(
        "alter table organizations drop constraint organizations_org_type_check; \
         update organizations set org_type = 'ghost'",
    );
    let found = storage.read(Scope::Tenant(tenant.id), |tx| {
        tx.organizations().find(organization.id)
    });
    let Err(StorageError::Failed(cause)) = found else {
        panic!("{found:?}");
    };
    let text = cause.to_string();
    assert!(
        text.contains("organizations") && text.contains(&organization.id.to_string()),
        "{text}"
    );
}
