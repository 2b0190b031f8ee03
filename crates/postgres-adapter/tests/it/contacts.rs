//! Contract of the repository of contacts.

use unionhall_domain::{
    contacts::{Contact, ContactDetails, Rank},
    ids::Id,
    organizations::{Organization, OrganizationId},
    tenants::Tenant,
    text::Prose,
    users::EmailAddress,
    version::Version,
};
use unionhall_ports::{
    contacts::{ContactFilter, ContactSort},
    pages::{Direction, Page, PageRequest},
    round_trips::counted,
    storage::StorageError,
    unit_of_work::{Repositories, Scope},
};
use unionhall_testing::{
    TestDatabase,
    builders::{self, line},
};

/// A contact with every field.
fn contact(organization: OrganizationId, last_name: &str, rank: Rank) -> Contact {
    Contact {
        id: builders::fresh_id(),
        organization,
        details: ContactDetails {
            first_name: line("Ira"),
            last_name: line(last_name),
            title: Some(line("Superintendent")),
            phone: Some(line("206-555-0117")),
            email: Some(EmailAddress::parse("ira@electric.example").unwrap()),
            notes: Some(Prose::parse("Mornings.\nNot on Fridays.").unwrap()),
        },
        rank,
        version: Version::FIRST,
        created_at: builders::now(),
        updated_at: builders::now(),
        deleted_at: None,
    }
}

fn next(contact: &Contact) -> Contact {
    Contact {
        version: contact.version.next(),
        ..contact.clone()
    }
}

struct World {
    database: TestDatabase,
    tenant: Tenant,
    employer: Organization,
}

impl World {
    fn new() -> Self {
        let database = TestDatabase::new();
        let storage = database.unit_of_work();
        let tenant = builders::tenant(&*storage, "local-46");
        let employer = builders::organization(&*storage, tenant.id, "Ampere");
        Self {
            database,
            tenant,
            employer,
        }
    }

    fn write<T>(
        &self,
        work: impl FnOnce(&mut dyn Repositories) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let storage = self.database.unit_of_work();
        storage.transaction(Scope::Tenant(self.tenant.id), work)
    }

    fn names(
        &self,
        filter: &ContactFilter,
        sort: ContactSort,
        direction: Direction,
    ) -> Vec<String> {
        let mut request = PageRequest {
            limit: 2,
            after: None,
            sort,
            direction,
            with_total: true,
        };
        let mut names = Vec::new();
        loop {
            let Page { items, next, total } = self
                .write(|tx| tx.contacts().list(filter, &request))
                .unwrap();
            names.extend(
                items
                    .iter()
                    .map(|found| found.details.last_name.to_string()),
            );
            match next {
                Some(next) => request.after = Some(next),
                None => {
                    assert_eq!(total, u64::try_from(names.len()).ok());
                    return names;
                }
            }
        }
    }
}

/// That a constraint refused the write.
fn refused_by<T: std::fmt::Debug>(result: Result<T, StorageError>, constraint: &str) {
    match result {
        Err(StorageError::Constraint { name }) => assert_eq!(name, constraint),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_contact_comes_back_as_it_was_and_a_deleted_one_as_such_alone() {
    let world = World::new();
    let (ira, may) = (
        contact(world.employer.id, "Ohm", Rank::Primary),
        contact(world.employer.id, "Hertz", Rank::Other),
    );
    let gone = Contact {
        deleted_at: Some(builders::now()),
        ..next(&may)
    };
    world
        .write(|tx| {
            let contacts = tx.contacts();
            contacts.insert(&ira)?;
            contacts.insert(&may)?;
            assert_eq!(contacts.find(ira.id)?, Some(ira.clone()));
            assert_eq!(contacts.find_deleted(ira.id)?, None);
            contacts.update(&gone)?;
            assert_eq!(contacts.find(may.id)?, None);
            assert_eq!(contacts.find_deleted(may.id)?, Some(gone.clone()));
            assert_eq!(contacts.find(builders::fresh_id())?, None);
            Ok(())
        })
        .unwrap();
    assert!(matches!(
        world.write(|tx| tx.contacts().update(&next(&may))),
        Err(StorageError::Stale)
    ));
}

#[test]
fn primary_eldest_and_names_are_of_one_organization_and_of_nobody_deleted() {
    let world = World::new();
    let storage = world.database.unit_of_work();
    let other = builders::organization(&*storage, world.tenant.id, "Faraday");
    let late = Contact {
        created_at: builders::now() + jiff::SignedDuration::from_secs(1),
        ..contact(world.employer.id, "Ampère", Rank::Primary)
    };
    let early = contact(world.employer.id, "Ohm", Rank::Other);
    let gone = Contact {
        created_at: builders::now() - jiff::SignedDuration::from_secs(1),
        deleted_at: Some(builders::now()),
        ..contact(world.employer.id, "Volta", Rank::Other)
    };
    world
        .write(|tx| {
            let contacts = tx.contacts();
            for one in [
                &late,
                &early,
                &gone,
                &contact(other.id, "Else", Rank::Primary),
            ] {
                contacts.insert(one)?;
            }
            assert_eq!(contacts.primary(world.employer.id)?, Some(late.clone()));
            assert_eq!(contacts.eldest(world.employer.id)?, Some(early.clone()));
            assert_eq!(
                contacts.names_at(world.employer.id)?,
                ["Ira Ampère", "Ira Ohm"]
            );
            let nowhere: Id<Organization> = builders::fresh_id();
            assert_eq!(contacts.primary(nowhere)?, None);
            assert_eq!(contacts.eldest(nowhere)?, None);
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_second_primary_contact_is_refused_at_once_and_none_at_all_at_the_end() {
    let world = World::new();
    let ira = contact(world.employer.id, "Ohm", Rank::Primary);
    world.write(|tx| tx.contacts().insert(&ira)).unwrap();
    let second = contact(world.employer.id, "Hertz", Rank::Primary);
    refused_by(
        world.write(|tx| tx.contacts().insert(&second)),
        "contacts_primary_key",
    );
    let other = contact(world.employer.id, "Hertz", Rank::Other);
    world.write(|tx| tx.contacts().insert(&other)).unwrap();
    let demoted = Contact {
        rank: Rank::Other,
        ..next(&ira)
    };
    refused_by(
        world.write(|tx| tx.contacts().update(&demoted)),
        "contacts_have_a_primary",
    );
    let promoted = Contact {
        rank: Rank::Primary,
        ..next(&other)
    };
    world
        .write(|tx| {
            tx.contacts().update(&demoted)?;
            tx.contacts().update(&promoted)
        })
        .unwrap();
    // Of an organization whose contacts have all gone, nothing is asked.
    let gone = |contact: &Contact| Contact {
        rank: Rank::Other,
        deleted_at: Some(builders::now()),
        ..next(contact)
    };
    world
        .write(|tx| {
            tx.contacts().update(&gone(&promoted))?;
            tx.contacts().update(&gone(&demoted))
        })
        .unwrap();
}

#[test]
fn a_contact_that_moves_leaves_no_organization_without_a_primary_one() {
    let world = World::new();
    let storage = world.database.unit_of_work();
    let other = builders::organization(&*storage, world.tenant.id, "Faraday");
    let (ira, may) = (
        contact(world.employer.id, "Ohm", Rank::Primary),
        contact(world.employer.id, "Hertz", Rank::Other),
    );
    world
        .write(|tx| {
            tx.contacts().insert(&ira)?;
            tx.contacts().insert(&may)
        })
        .unwrap();
    let moved = Contact {
        organization: other.id,
        ..next(&ira)
    };
    refused_by(
        world.write(|tx| tx.contacts().update(&moved)),
        "contacts_have_a_primary",
    );
}

#[test]
fn a_locked_organization_is_held_and_locked_by_nobody_else() {
    let world = World::new();
    world
        .write(|tx| {
            let found = tx.organizations().lock(world.employer.id)?;
            assert_eq!(found, Some(world.employer.clone()));
            assert_eq!(tx.organizations().lock(builders::fresh_id())?, None);
            // The table's owner asks without waiting.
            let refused = unionhall_postgres_adapter::migrate::execute(
                &world.database.owner_url(),
                "select from organizations for share nowait",
            );
            assert!(
                format!("{refused:?}").contains("could not obtain lock"),
                "{refused:?}"
            );
            Ok(())
        })
        .unwrap();
}

#[test]
fn filters_words_and_orders_narrow_and_sort_and_the_total_counts_all_pages() {
    let world = World::new();
    let storage = world.database.unit_of_work();
    let other = builders::organization(&*storage, world.tenant.id, "Faraday");
    builders::store(&*storage, Scope::Tenant(world.tenant.id), |tx| {
        for (seconds, (organization, name, rank)) in (0..).zip([
            (world.employer.id, "Núñez", Rank::Primary),
            (world.employer.id, "Ohm", Rank::Other),
            (world.employer.id, "Ampère", Rank::Other),
            (other.id, "Hertz", Rank::Primary),
        ]) {
            let contact = Contact {
                created_at: builders::now() + jiff::SignedDuration::from_secs(seconds),
                ..contact(organization, name, rank)
            };
            tx.contacts().insert(&contact)?;
        }
        Ok(())
    });
    let all = ContactFilter::default;
    let by_name =
        |filter: &ContactFilter| world.names(filter, ContactSort::Name, Direction::Ascending);
    assert_eq!(by_name(&all()), ["Ampère", "Hertz", "Núñez", "Ohm"]);
    assert_eq!(
        world.names(&all(), ContactSort::Name, Direction::Descending),
        ["Ohm", "Núñez", "Hertz", "Ampère"]
    );
    assert_eq!(
        world.names(&all(), ContactSort::Created, Direction::Descending),
        ["Hertz", "Ampère", "Ohm", "Núñez"]
    );
    let at = ContactFilter {
        organization: Some(world.employer.id),
        ..all()
    };
    assert_eq!(by_name(&at), ["Ampère", "Núñez", "Ohm"]);
    let primary = ContactFilter {
        rank: Some(Rank::Primary),
        ..all()
    };
    assert_eq!(by_name(&primary), ["Hertz", "Núñez"]);
    for (words, expected) in [
        ("nunez ira", vec!["Núñez"]),
        ("superint", vec!["Ampère", "Hertz", "Núñez", "Ohm"]),
        ("ira@electric ohm", vec!["Ohm"]),
        ("%", vec![]),
        ("'; drop table contacts; --\0", vec![]),
    ] {
        let filter = ContactFilter {
            search: Some(words.to_owned()),
            ..all()
        };
        assert_eq!(by_name(&filter), expected, "{words}");
    }
}

#[test]
fn a_list_is_one_round_trip_and_its_total_another() {
    let world = World::new();
    for with_total in [false, true] {
        let request = PageRequest {
            limit: 50,
            after: None,
            sort: ContactSort::Name,
            direction: Direction::Ascending,
            with_total,
        };
        let trips = world.write(|tx| {
            let filter = ContactFilter::default();
            let (page, trips) = counted(|| tx.contacts().list(&filter, &request));
            page.map(|_| trips)
        });
        assert_eq!(trips.unwrap(), if with_total { 2 } else { 1 });
    }
}

#[test]
fn another_tenants_contact_is_unknown_and_its_organization_takes_none() {
    let world = World::new();
    let storage = world.database.unit_of_work();
    let other = builders::tenant(&*storage, "local-47");
    let theirs = builders::organization(&*storage, other.id, "Volta");
    let contact_of_theirs = contact(theirs.id, "Ohm", Rank::Primary);
    builders::store(&*storage, Scope::Tenant(other.id), |tx| {
        tx.contacts().insert(&contact_of_theirs)
    });
    assert_eq!(
        world
            .write(|tx| tx.contacts().find(contact_of_theirs.id))
            .unwrap(),
        None
    );
    assert_eq!(
        world.write(|tx| tx.contacts().primary(theirs.id)).unwrap(),
        None
    );
    assert!(matches!(
        world.write(|tx| tx.contacts().update(&next(&contact_of_theirs))),
        Err(StorageError::Stale)
    ));
    let smuggled = contact(theirs.id, "Hertz", Rank::Other);
    refused_by(
        world.write(|tx| tx.contacts().insert(&smuggled)),
        "contacts_organization_fkey",
    );
}
