//! Contract of the repository of cohorts and of their roll.

use diesel::{Connection, PgConnection, connection::SimpleConnection, result::Error};
use jiff::civil::{Date, date};
use unionhall_domain::{
    cohorts::{Cohort, CohortDetails, CohortId, CohortStatus, Stay, Teachers},
    ids::Id,
    instructors::{
        Engagement, Instructor, InstructorDetails, InstructorId, InstructorStatus, RateType,
    },
    seats::Seats,
    students::{Person, PersonName, Standing, Student, StudentDetails, StudentId, StudentNumber},
    tenants::Tenant,
    text::Prose,
    users::EmailAddress,
    version::Version,
};
use unionhall_ports::{
    cohorts::{CohortFilter, CohortSort, StaySort},
    pages::{Direction, PageRequest},
    storage::StorageError,
    students::{StudentFilter, StudentSort},
    unit_of_work::{Repositories, Scope},
};
use unionhall_testing::{
    TestDatabase,
    builders::{self, line},
};

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

    fn instructor(&self, name: &str) -> InstructorId {
        let instructor = Instructor {
            id: builders::fresh_id(),
            details: InstructorDetails {
                first_name: line("Mara"),
                last_name: line(name),
                email: EmailAddress::parse(&format!("{name}@volt.example")).unwrap(),
                phone: None,
                bio: None,
                certification: None,
                specialties: None,
                rate_type: RateType::Hourly,
                rate_amount: None,
                engagement: Engagement::Employee,
                user: None,
                status: InstructorStatus::Active,
            },
            tax_id: None,
            version: Version::FIRST,
            created_at: builders::now(),
            updated_at: builders::now(),
            deleted_at: None,
        };
        self.write(|tx| tx.instructors().insert(&instructor))
            .unwrap();
        instructor.id
    }

    fn student(&self, place: i32) -> StudentId {
        let number = format!("M-{place}");
        let storage = self.database.unit_of_work();
        let member = builders::member(&*storage, self.tenant.id, &number, "Ada", &number);
        let student = Student {
            id: builders::fresh_id(),
            number: StudentNumber::new(2026, place).unwrap(),
            person: Person::Member(member.id),
            name: PersonName {
                first: line("Ada"),
                last: line("Volt"),
            },
            details: StudentDetails {
                application_date: date(2026, 1, 2),
                expected_completion_date: None,
                former_number: None,
                emergency_contact_name: None,
                emergency_contact_phone: None,
                emergency_contact_relationship: None,
                notes: None,
            },
            standing: Standing::applicant(date(2026, 1, 2)),
            version: Version::FIRST,
            created_at: builders::now(),
            updated_at: builders::now(),
            deleted_at: None,
        };
        self.write(|tx| tx.students().insert(&student)).unwrap();
        student.id
    }

    fn names(&self, filter: &CohortFilter) -> Vec<String> {
        let mut request = PageRequest {
            limit: 1,
            after: None,
            sort: CohortSort::Name,
            direction: Direction::Ascending,
            with_total: true,
        };
        let mut names = Vec::new();
        loop {
            let page = self
                .write(|tx| tx.cohorts().list(filter, &request))
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

fn cohort(code: &str, teachers: &[InstructorId]) -> Cohort {
    Cohort {
        id: builders::fresh_id(),
        details: CohortDetails {
            code: line(code),
            name: line(&format!("Group {code}")),
            description: Some(Prose::parse("Evenings.").unwrap()),
            start_date: date(2026, 1, 11),
            end_date: Some(date(2026, 6, 30)),
            location: None,
            capacity: Some(Seats::new(20).unwrap()),
        },
        teachers: Teachers::of(teachers, None).unwrap(),
        status: CohortStatus::Planned,
        cancellation: None,
        students: 0,
        version: Version::FIRST,
        created_at: builders::now(),
        updated_at: builders::now(),
        deleted_at: None,
    }
}

fn stay(cohort: CohortId, student: StudentId, on: Date) -> Stay {
    Stay {
        id: Id::new(builders::fresh_uuid()),
        cohort,
        student,
        joined_on: on,
        left_on: None,
        reason: None,
    }
}

fn refused_by<T: std::fmt::Debug>(result: Result<T, StorageError>, constraint: &str) {
    match result {
        Err(StorageError::Constraint { name }) => assert_eq!(name, constraint),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_cohort_comes_back_as_it_was_with_who_teaches_it_and_a_deleted_one_as_such_alone() {
    let world = World::new();
    let (mara, tess) = (world.instructor("mara"), world.instructor("tess"));
    let spring = cohort("S26", &[mara, tess]);
    let moved = Cohort {
        teachers: Teachers::of(&[tess, mara], None).unwrap(),
        status: CohortStatus::Cancelled,
        cancellation: Some(Prose::parse("Too few.").unwrap()),
        version: spring.version.next(),
        ..spring.clone()
    };
    let gone = Cohort {
        teachers: None,
        deleted_at: Some(builders::now()),
        version: moved.version.next(),
        ..moved.clone()
    };
    world
        .write(|tx| {
            let cohorts = tx.cohorts();
            cohorts.insert(&spring)?;
            assert_eq!(cohorts.find(spring.id)?, Some(spring.clone()));
            assert_eq!(cohorts.lock(spring.id)?, Some(spring.clone()));
            cohorts.update(&moved)?;
            assert_eq!(cohorts.find(spring.id)?, Some(moved.clone()));
            assert_eq!(cohorts.find_deleted(spring.id)?, None);
            cohorts.update(&gone)?;
            assert_eq!(cohorts.find(spring.id)?, None);
            assert_eq!(cohorts.find_deleted(spring.id)?, Some(gone.clone()));
            Ok(())
        })
        .unwrap();
    let stale = world.write(|tx| tx.cohorts().update(&gone));
    assert!(matches!(stale, Err(StorageError::Stale)));
}

#[test]
fn codes_are_one_cohorts_and_what_is_named_is_of_this_tenant() {
    let world = World::new();
    world
        .write(|tx| tx.cohorts().insert(&cohort("S26", &[])))
        .unwrap();
    refused_by(
        world.write(|tx| tx.cohorts().insert(&cohort("s26", &[]))),
        "cohorts_code_key",
    );
    let stranger = cohort("F26", &[builders::fresh_id()]);
    refused_by(
        world.write(|tx| tx.cohorts().insert(&stranger)),
        "cohort_instructors_instructor_fkey",
    );
    let mut nowhere = cohort("F26", &[]);
    nowhere.details.location = Some(builders::fresh_id());
    refused_by(
        world.write(|tx| tx.cohorts().insert(&nowhere)),
        "cohorts_location_fkey",
    );
}

#[test]
fn the_database_holds_that_a_cohort_with_instructors_has_exactly_one_primary() {
    let world = World::new();
    let (mara, tess) = (world.instructor("mara"), world.instructor("tess"));
    let spring = cohort("S26", &[mara, tess]);
    world.write(|tx| tx.cohorts().insert(&spring)).unwrap();
    let refused = |statement: &str, constraint: &str| {
        let mut owner = PgConnection::establish(&world.database.owner_url()).unwrap();
        let error = owner.batch_execute(statement).unwrap_err();
        match error {
            Error::DatabaseError(_, told) => {
                assert_eq!(told.constraint_name(), Some(constraint), "{statement}");
            }
            other => panic!("{other:?}"),
        }
    };
    refused(
        "delete from cohort_instructors where is_primary",
        "cohorts_have_a_primary",
    );
    refused(
        "update cohort_instructors set is_primary = true",
        "cohort_instructors_primary_key",
    );
}

#[test]
fn a_student_is_in_one_cohort_at_a_time_and_the_roll_keeps_who_left() {
    let world = World::new();
    let (spring, fall) = (cohort("S26", &[]), cohort("F26", &[]));
    let (ada, eve) = (world.student(1), world.student(2));
    world
        .write(|tx| {
            tx.cohorts().insert(&spring)?;
            tx.cohorts().insert(&fall)
        })
        .unwrap();
    let first = stay(spring.id, ada, date(2026, 1, 12));
    let second = stay(spring.id, eve, date(2026, 1, 13));
    world
        .write(|tx| {
            tx.cohort_roll().insert(&first)?;
            tx.cohort_roll().insert(&second)
        })
        .unwrap();
    let again = stay(fall.id, ada, date(2026, 2, 1));
    refused_by(
        world.write(|tx| tx.cohort_roll().insert(&again)),
        "cohort_stays_one_key",
    );
    let left = Stay {
        left_on: Some(date(2026, 2, 1)),
        reason: Some(Prose::parse("Evenings.").unwrap()),
        ..first.clone()
    };
    world
        .write(|tx| {
            assert_eq!(tx.cohorts().find(spring.id)?.unwrap().students, 2);
            assert_eq!(tx.cohort_roll().present(ada)?, Some(first.clone()));
            assert_eq!(tx.cohort_roll().last_left(ada)?, None);
            tx.cohort_roll().end(&left)?;
            assert_eq!(tx.cohort_roll().present(ada)?, None);
            assert_eq!(tx.cohort_roll().last_left(ada)?, left.left_on);
            tx.cohort_roll().insert(&again)?;
            assert_eq!(tx.cohorts().find(spring.id)?.unwrap().students, 1);
            tx.cohort_roll().end_all(spring.id, date(2026, 1, 1))?;
            assert_eq!(tx.cohorts().find(spring.id)?.unwrap().students, 0);
            assert_eq!(tx.cohorts().find(fall.id)?.unwrap().students, 1);
            Ok(())
        })
        .unwrap();
    let stale = world.write(|tx| tx.cohort_roll().end(&left));
    assert!(matches!(stale, Err(StorageError::Stale)));
    roll_tells(&world, spring.id, &left, &second);
}

/// That the roll of a cohort has these two stays on two pages, the second of them ended on its first day.
fn roll_tells(world: &World, cohort: CohortId, first: &Stay, second: &Stay) {
    let request = PageRequest {
        limit: 1,
        after: None,
        sort: StaySort::Joined,
        direction: Direction::Ascending,
        with_total: true,
    };
    let page = world
        .write(|tx| tx.cohort_roll().list(cohort, &request))
        .unwrap();
    assert_eq!((page.items, page.total), (vec![first.clone()], Some(2)));
    let rest = PageRequest {
        after: page.next,
        ..request
    };
    let page = world
        .write(|tx| tx.cohort_roll().list(cohort, &rest))
        .unwrap();
    assert_eq!(page.items[0].left_on, Some(second.joined_on));
    assert_eq!(page.next, None);
}

#[test]
fn lists_are_filtered_and_students_are_found_by_the_cohort_they_are_in() {
    let world = World::new();
    let mara = world.instructor("mara");
    let (spring, mut fall) = (cohort("S26", &[mara]), cohort("F26", &[mara]));
    fall.status = CohortStatus::Completed;
    let ada = world.student(1);
    world.student(2);
    world
        .write(|tx| {
            tx.cohorts().insert(&spring)?;
            tx.cohorts().insert(&fall)?;
            tx.cohort_roll()
                .insert(&stay(spring.id, ada, date(2026, 1, 12)))
        })
        .unwrap();
    assert_eq!(
        world.names(&CohortFilter::default()),
        ["Group F26", "Group S26"]
    );
    let planned = CohortFilter {
        status: Some(CohortStatus::Planned),
        instructor: Some(mara),
        search: Some("s26".to_owned()),
        ..CohortFilter::default()
    };
    assert_eq!(world.names(&planned), ["Group S26"]);
    let nowhere = CohortFilter {
        location: Some(builders::fresh_id()),
        ..CohortFilter::default()
    };
    assert!(world.names(&nowhere).is_empty());
    let in_spring = StudentFilter {
        cohort: Some(spring.id),
        ..StudentFilter::default()
    };
    let request = PageRequest {
        limit: 10,
        after: None,
        sort: StudentSort::Name,
        direction: Direction::Ascending,
        with_total: true,
    };
    world
        .write(|tx| {
            assert_eq!(tx.cohorts().codes_taught_by(mara)?, ["S26"]);
            assert!(tx.cohorts().codes_at(builders::fresh_id())?.is_empty());
            let found = tx.students().list(&in_spring, &request)?;
            assert_eq!((found.items[0].id, found.total), (ada, Some(1)));
            Ok(())
        })
        .unwrap();
}
