//! Contract of the repository of instructors.

use unionhall_domain::{
    instructors::{Engagement, Instructor, InstructorDetails, InstructorStatus, RateType, TaxId},
    money::Amount,
    roles::Role,
    tenants::Tenant,
    text::Prose,
    users::{EmailAddress, UserId},
    version::Version,
};
use unionhall_ports::{
    instructors::{InstructorFilter, InstructorSort, SealedTaxId},
    pages::{Direction, PageRequest},
    sealing::Sealed,
    storage::StorageError,
    unit_of_work::{Repositories, Scope},
};
use unionhall_testing::{
    TestDatabase,
    builders::{self, line},
};

/// An instructor with every field but a user.
fn instructor(first_name: &str, last_name: &str) -> Instructor {
    let email = format!("{}@volt.example", last_name.to_lowercase());
    Instructor {
        id: builders::fresh_id(),
        details: InstructorDetails {
            first_name: line(first_name),
            last_name: line(last_name),
            email: EmailAddress::parse(&email).unwrap(),
            phone: Some(line("206-555-0117")),
            bio: Some(Prose::parse("Twenty years in the trade.").unwrap()),
            certification: Some(line("OSHA 500")),
            specialties: Some(Prose::parse("Conduit bending").unwrap()),
            rate_type: RateType::Daily,
            rate_amount: Some(Amount::from_minor(62_550).unwrap()),
            engagement: Engagement::Contractor,
            user: None,
            status: InstructorStatus::Active,
        },
        tax_id: None,
        version: Version::FIRST,
        created_at: builders::now(),
        updated_at: builders::now(),
        deleted_at: None,
    }
}

struct World {
    database: TestDatabase,
    tenant: Tenant,
    user: UserId,
}

impl World {
    fn new() -> Self {
        let database = TestDatabase::new();
        let storage = database.unit_of_work();
        let tenant = builders::tenant(&*storage, "trust-46");
        let user = builders::user(&*storage, "mara@volt.example");
        builders::membership(&*storage, &user, tenant.id, &[Role::Instructor]);
        Self {
            database,
            tenant,
            user: user.id,
        }
    }

    fn write<T>(
        &self,
        work: impl FnOnce(&mut dyn Repositories) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let storage = self.database.unit_of_work();
        storage.transaction(Scope::Tenant(self.tenant.id), work)
    }

    fn names(&self, filter: &InstructorFilter) -> Vec<String> {
        let mut request = PageRequest {
            limit: 1,
            after: None,
            sort: InstructorSort::Name,
            direction: Direction::Ascending,
            with_total: true,
        };
        let mut names = Vec::new();
        loop {
            let page = self
                .write(|tx| tx.instructors().list(filter, &request))
                .unwrap();
            names.extend(page.items.iter().map(|found| found.details.full_name()));
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

fn refused_by<T: std::fmt::Debug>(result: Result<T, StorageError>, constraint: &str) {
    match result {
        Err(StorageError::Constraint { name }) => assert_eq!(name, constraint),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_instructor_comes_back_as_they_were_and_a_deleted_one_as_such_alone() {
    let world = World::new();
    let mara = instructor("Mara", "Volt");
    let gone = Instructor {
        deleted_at: Some(builders::now()),
        version: mara.version.next(),
        ..mara.clone()
    };
    world
        .write(|tx| {
            let instructors = tx.instructors();
            instructors.insert(&mara)?;
            assert_eq!(instructors.find(mara.id)?, Some(mara.clone()));
            assert_eq!(instructors.hold(mara.id)?, Some(mara.clone()));
            assert_eq!(instructors.find_deleted(mara.id)?, None);
            instructors.update(&gone)?;
            assert_eq!(instructors.find(mara.id)?, None);
            assert_eq!(instructors.find_deleted(mara.id)?, Some(gone.clone()));
            Ok(())
        })
        .unwrap();
    let stale = world.write(|tx| tx.instructors().update(&gone));
    assert!(matches!(stale, Err(StorageError::Stale)));
}

#[test]
fn a_sealed_tax_id_stays_through_changes_until_it_is_replaced_or_taken_away() {
    let world = World::new();
    let mara = instructor("Mara", "Volt");
    let tax_id = TaxId::parse("12-3456789").unwrap();
    let sealed = Sealed {
        key: "2026".to_owned(),
        bytes: vec![0, 255, 7],
    };
    let kept = SealedTaxId {
        ending: tax_id.ending(),
        sealed: sealed.clone(),
    };
    world
        .write(|tx| {
            let instructors = tx.instructors();
            instructors.insert(&mara)?;
            assert_eq!(instructors.tax_id(mara.id)?, None);
            instructors.put_tax_id(mara.id, Some(kept))?;
            let shown = instructors.find(mara.id)?.unwrap();
            assert_eq!(shown.tax_id, Some(tax_id.ending()));
            let changed = Instructor {
                version: mara.version.next(),
                ..mara.clone()
            };
            instructors.update(&changed)?;
            assert_eq!(instructors.tax_id(mara.id)?, Some(sealed));
            instructors.put_tax_id(mara.id, None)?;
            assert_eq!(instructors.tax_id(mara.id)?, None);
            assert_eq!(instructors.find(mara.id)?.unwrap().tax_id, None);
            Ok(())
        })
        .unwrap();
}

#[test]
fn addresses_and_users_are_one_instructors_each_and_users_are_of_this_tenant() {
    let world = World::new();
    let mut mara = instructor("Mara", "Volt");
    mara.details.user = Some(world.user);
    world.write(|tx| tx.instructors().insert(&mara)).unwrap();
    let double = instructor("Tess", "Volt");
    refused_by(
        world.write(|tx| tx.instructors().insert(&double)),
        "instructors_email_key",
    );
    let mut same = instructor("Tess", "Watt");
    same.details.user = Some(world.user);
    refused_by(
        world.write(|tx| tx.instructors().insert(&same)),
        "instructors_user_key",
    );
    let mut stranger = instructor("Tess", "Watt");
    stranger.details.user = Some(builders::fresh_id());
    refused_by(
        world.write(|tx| tx.instructors().insert(&stranger)),
        "instructors_user_fkey",
    );
}

#[test]
fn lists_are_in_order_and_filtered_by_status_user_and_words() {
    let world = World::new();
    let mut mara = instructor("Mara", "Volt");
    mara.details.user = Some(world.user);
    let mut rene = instructor("René", "Ampère");
    rene.details.email = EmailAddress::parse("rene@ampere.example").unwrap();
    rene.details.status = InstructorStatus::Inactive;
    world
        .write(|tx| {
            tx.instructors().insert(&mara)?;
            tx.instructors().insert(&rene)
        })
        .unwrap();
    let all = InstructorFilter::default();
    assert_eq!(world.names(&all), ["René Ampère", "Mara Volt"]);
    let active = InstructorFilter {
        status: Some(InstructorStatus::Active),
        ..InstructorFilter::default()
    };
    assert_eq!(world.names(&active), ["Mara Volt"]);
    let of_user = InstructorFilter {
        user: Some(world.user),
        ..InstructorFilter::default()
    };
    assert_eq!(world.names(&of_user), ["Mara Volt"]);
    let found = InstructorFilter {
        search: Some("ampere conduit".to_owned()),
        ..InstructorFilter::default()
    };
    assert_eq!(world.names(&found), ["René Ampère"]);
}
