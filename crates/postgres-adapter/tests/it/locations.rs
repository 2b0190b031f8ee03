//! Contract of the repository of locations.

use unionhall_domain::{
    locations::{FloorArea, Location, LocationDetails, LocationType},
    seats::Seats,
    tenants::Tenant,
    text::Prose,
    users::EmailAddress,
    version::Version,
};
use unionhall_ports::{
    locations::{LocationFilter, LocationSort},
    pages::{Direction, PageRequest},
    storage::StorageError,
    unit_of_work::{Repositories, Scope},
};
use unionhall_testing::{
    TestDatabase,
    builders::{self, line},
};

/// A location with every field.
fn location(name: &str, code: Option<&str>, kind: LocationType) -> Location {
    Location {
        id: builders::fresh_id(),
        details: LocationDetails {
            name: line(name),
            code: code.map(line),
            kind,
            address_line1: Some(line("1 Hall Way")),
            address_line2: Some(line("Suite 2")),
            city: Some(line("Renton")),
            state: Some(line("WA")),
            postal_code: Some(line("98055")),
            capacity: Some(Seats::new(24).unwrap()),
            square_feet: Some(FloorArea::new(3_200).unwrap()),
            contact_name: Some(line("Ira Ohm")),
            contact_phone: Some(line("206-555-0117")),
            contact_email: Some(EmailAddress::parse("ira@hall.example").unwrap()),
            notes: Some(Prose::parse("Ring twice.").unwrap()),
        },
        version: Version::FIRST,
        created_at: builders::now(),
        updated_at: builders::now(),
        deleted_at: None,
    }
}

struct World {
    database: TestDatabase,
    tenant: Tenant,
}

impl World {
    fn new() -> Self {
        let database = TestDatabase::new();
        let tenant = builders::tenant(&*database.unit_of_work(), "trust-46");
        Self { database, tenant }
    }

    fn write<T>(
        &self,
        work: impl FnOnce(&mut dyn Repositories) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let storage = self.database.unit_of_work();
        storage.transaction(Scope::Tenant(self.tenant.id), work)
    }

    fn names(&self, filter: &LocationFilter, sort: LocationSort) -> Vec<String> {
        let mut request = PageRequest {
            limit: 1,
            after: None,
            sort,
            direction: Direction::Ascending,
            with_total: true,
        };
        let mut names = Vec::new();
        loop {
            let page = self
                .write(|tx| tx.locations().list(filter, &request))
                .unwrap();
            names.extend(
                page.items
                    .iter()
                    .map(|found| found.details.name.to_string()),
            );
            match page.next {
                Some(next) => request.after = Some(next),
                None => {
                    assert_eq!(page.total, u64::try_from(names.len()).ok());
                    return names;
                }
            }
        }
    }
}

#[test]
fn a_location_comes_back_as_it_was_and_a_deleted_one_as_such_alone() {
    let world = World::new();
    let center = location("Training Center", Some("TC"), LocationType::TrainingSite);
    let gone = Location {
        deleted_at: Some(builders::now()),
        version: center.version.next(),
        ..center.clone()
    };
    world
        .write(|tx| {
            let locations = tx.locations();
            locations.insert(&center)?;
            assert_eq!(locations.find(center.id)?, Some(center.clone()));
            assert_eq!(locations.hold(center.id)?, Some(center.clone()));
            assert_eq!(locations.find_deleted(center.id)?, None);
            locations.update(&gone)?;
            assert_eq!(locations.find(center.id)?, None);
            assert_eq!(locations.find_deleted(center.id)?, Some(gone.clone()));
            Ok(())
        })
        .unwrap();
    let stale = world.write(|tx| tx.locations().update(&gone));
    assert!(matches!(stale, Err(StorageError::Stale)));
}

#[test]
fn a_code_names_one_location_whatever_its_case_and_is_free_again_when_it_is_deleted() {
    let world = World::new();
    let first = location("Training Center", Some("TC"), LocationType::TrainingSite);
    world.write(|tx| tx.locations().insert(&first)).unwrap();
    let second = location("Tool Crib", Some("tc"), LocationType::Other);
    match world.write(|tx| tx.locations().insert(&second)) {
        Err(StorageError::Constraint { name }) => assert_eq!(name, "locations_code_key"),
        other => panic!("{other:?}"),
    }
    let gone = Location {
        deleted_at: Some(builders::now()),
        version: first.version.next(),
        ..first
    };
    let later = world.write(|tx| {
        tx.locations().update(&gone)?;
        tx.locations().insert(&second)
    });
    later.unwrap();
}

#[test]
fn lists_are_in_order_and_filtered_by_kind_and_words() {
    let world = World::new();
    world
        .write(|tx| {
            for (name, kind) in [
                ("Élan School", LocationType::School),
                ("Annex", LocationType::Office),
                ("Zenith School", LocationType::School),
            ] {
                tx.locations().insert(&location(name, None, kind))?;
            }
            Ok(())
        })
        .unwrap();
    let all = LocationFilter::default();
    let by_name = ["Annex", "Élan School", "Zenith School"];
    assert_eq!(world.names(&all, LocationSort::Name), by_name);
    assert_eq!(world.names(&all, LocationSort::Created).len(), 3);
    let schools = LocationFilter {
        kind: Some(LocationType::School),
        ..LocationFilter::default()
    };
    assert_eq!(
        world.names(&schools, LocationSort::Name),
        ["Élan School", "Zenith School"]
    );
    for (words, expected) in [
        ("elan RENTON", vec!["Élan School"]),
        ("school annex", vec![]),
        ("%", vec![]),
    ] {
        let filter = LocationFilter {
            search: Some(words.to_owned()),
            ..LocationFilter::default()
        };
        assert_eq!(
            world.names(&filter, LocationSort::Name),
            expected,
            "{words}"
        );
    }
}
