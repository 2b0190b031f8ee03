//! Contract of the repository of students.

use diesel::{Connection, PgConnection, connection::SimpleConnection};
use jiff::civil::date;
use unionhall_domain::{
    members::Member,
    organizations::OrganizationId,
    students::{
        Moved, Person, PersonName, Sent, Standing, Student, StudentDetails, StudentMove,
        StudentNumber, StudentStatus,
    },
    tenants::Tenant,
    text::Prose,
    users::EmailAddress,
    version::Version,
};
use unionhall_ports::{
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
    union: OrganizationId,
    member: Member,
}

impl World {
    fn new() -> Self {
        let database = TestDatabase::new();
        let storage = database.unit_of_work();
        let tenant = builders::tenant(&*storage, "trust-46");
        let union = builders::organization(&*storage, tenant.id, "Local 77").id;
        let member = builders::member(&*storage, tenant.id, "M-1", "Zoë", "Ångström");
        Self {
            database,
            tenant,
            union,
            member,
        }
    }

    fn write<T>(
        &self,
        work: impl FnOnce(&mut dyn Repositories) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let storage = self.database.unit_of_work();
        storage.transaction(Scope::Tenant(self.tenant.id), work)
    }

    /// A student with every field whom the union sends.
    fn sent(&self, place: i32, last_name: &str) -> Student {
        Student {
            id: builders::fresh_id(),
            number: StudentNumber::new(2026, place).unwrap(),
            person: Person::Sent(Sent {
                union: self.union,
                member_number: line(&format!("A77-{place}")),
                email: Some(EmailAddress::parse("eve@local77.example").unwrap()),
                phone: Some(line("206-555-0117")),
            }),
            name: PersonName {
                first: line("Eve"),
                last: line(last_name),
            },
            details: StudentDetails {
                application_date: date(2026, 3, 2),
                expected_completion_date: Some(date(2030, 6, 30)),
                former_number: Some(line(&format!("S00000{place}"))),
                emergency_contact_name: Some(line("Ira Volt")),
                emergency_contact_phone: Some(line("206-555-0118")),
                emergency_contact_relationship: Some(line("Brother")),
                notes: Some(Prose::parse("Evenings.").unwrap()),
            },
            standing: Standing::applicant(date(2026, 3, 2)),
            version: Version::FIRST,
            created_at: builders::now(),
            updated_at: builders::now(),
            deleted_at: None,
        }
    }

    /// The member as a student, whatever name is given.
    fn of_member(&self, place: i32) -> Student {
        let mut student = self.sent(place, "Nobody");
        student.person = Person::Member(self.member.id);
        student
    }

    fn names(&self, filter: &StudentFilter) -> Vec<String> {
        let mut request = PageRequest {
            limit: 1,
            after: None,
            sort: StudentSort::Name,
            direction: Direction::Ascending,
            with_total: true,
        };
        let mut names = Vec::new();
        loop {
            let page = self
                .write(|tx| tx.students().list(filter, &request))
                .unwrap();
            names.extend(page.items.iter().map(|found| found.name.full()));
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
fn a_student_comes_back_as_they_were_and_a_deleted_one_as_such_alone() {
    let world = World::new();
    let eve = world.sent(1, "Volt");
    let enrolled = Student {
        standing: eve
            .standing
            .apply(StudentMove::Enroll, date(2026, 3, 9))
            .unwrap(),
        version: eve.version.next(),
        ..eve.clone()
    };
    let gone = Student {
        deleted_at: Some(builders::now()),
        version: enrolled.version.next(),
        ..enrolled.clone()
    };
    world
        .write(|tx| {
            let students = tx.students();
            students.insert(&eve)?;
            assert_eq!(students.find(eve.id)?, Some(eve.clone()));
            assert_eq!(students.hold(eve.id)?, Some(eve.clone()));
            assert_eq!(students.find_by_number(eve.number)?, Some(eve.clone()));
            students.update(&enrolled)?;
            assert_eq!(students.find(eve.id)?, Some(enrolled.clone()));
            assert_eq!(students.find_deleted(eve.id)?, None);
            students.update(&gone)?;
            assert_eq!(students.find(eve.id)?, None);
            assert_eq!(students.find_by_number(eve.number)?, None);
            assert_eq!(students.find_deleted(eve.id)?, Some(gone.clone()));
            Ok(())
        })
        .unwrap();
    let stale = world.write(|tx| tx.students().update(&gone));
    assert!(matches!(stale, Err(StorageError::Stale)));
}

#[test]
fn a_student_who_is_a_member_is_called_what_the_roster_says_also_when_that_changes() {
    let world = World::new();
    let zoe = world.of_member(1);
    world.write(|tx| tx.students().insert(&zoe)).unwrap();
    let called = || {
        let found = world.write(|tx| tx.students().find_of_member(world.member.id));
        let found = found.unwrap().unwrap();
        (found.name.full(), found.version)
    };
    assert_eq!(called(), ("Zoë Ångström".to_owned(), Version::FIRST));
    let mut married = world.member.clone();
    married.details.last_name = line("Bell");
    married.version = married.version.next();
    world.write(|tx| tx.members().update(&married)).unwrap();
    assert_eq!(called(), ("Zoë Bell".to_owned(), Version::FIRST));
    let changed = Student {
        version: zoe.version.next(),
        ..zoe
    };
    world.write(|tx| tx.students().update(&changed)).unwrap();
    assert_eq!(called(), ("Zoë Bell".to_owned(), Version::FIRST.next()));
    assert_eq!(world.names(&StudentFilter::default()), ["Zoë Bell"]);
}

#[test]
fn a_member_is_one_student_also_when_the_record_is_deleted_and_a_former_number_is_one_students() {
    let world = World::new();
    let zoe = world.of_member(1);
    let gone = Student {
        deleted_at: Some(builders::now()),
        version: zoe.version.next(),
        ..zoe.clone()
    };
    world.write(|tx| tx.students().insert(&zoe)).unwrap();
    let mut numbered = world.sent(2, "Volt");
    numbered.details.former_number = Some(line("s000001"));
    refused_by(
        world.write(|tx| tx.students().insert(&numbered)),
        "students_former_number_key",
    );
    world.write(|tx| tx.students().update(&gone)).unwrap();
    world.write(|tx| tx.students().insert(&numbered)).unwrap();
    refused_by(
        world.write(|tx| tx.students().insert(&world.of_member(3))),
        "students_member_key",
    );
}

#[test]
fn who_is_sent_is_known_by_the_number_at_the_union_whatever_its_case() {
    let world = World::new();
    let eve = world.sent(1, "Volt");
    world
        .write(|tx| {
            let students = tx.students();
            students.insert(&eve)?;
            assert!(students.is_sent(world.union, &line("a77-1"))?);
            assert!(!students.is_sent(world.union, &line("A77-2"))?);
            assert!(!students.is_sent(builders::fresh_id(), &line("A77-1"))?);
            assert_eq!(students.numbers_sent_by(world.union)?, [eve.number]);
            assert!(students.numbers_sent_by(builders::fresh_id())?.is_empty());
            Ok(())
        })
        .unwrap();
}

#[test]
fn numbers_have_no_gaps_and_one_of_a_transaction_that_fails_is_given_out_again() {
    let world = World::new();
    let next = || {
        world
            .write(|tx| tx.students().next_number(2026))
            .unwrap()
            .to_string()
    };
    assert_eq!(
        (next(), next()),
        ("2026-0001".to_owned(), "2026-0002".to_owned())
    );
    let failed = world.write(|tx| {
        tx.students().next_number(2026)?;
        Err::<(), _>(StorageError::Stale)
    });
    assert!(failed.is_err());
    assert_eq!(next(), "2026-0003");
}

#[test]
fn a_history_comes_back_in_order_and_nothing_of_it_can_be_changed() {
    let world = World::new();
    let eve = world.sent(1, "Volt");
    let moved = |from, to, reason: Option<&str>, second| Moved {
        from,
        to,
        on: date(2026, 3, 9),
        reason: reason.map(|reason| Prose::parse(reason).unwrap()),
        by: Some(builders::fresh_id()),
        at: builders::now() + jiff::SignedDuration::from_secs(second),
    };
    let first = moved(None, StudentStatus::Applicant, None, 0);
    let second = moved(
        Some(StudentStatus::Applicant),
        StudentStatus::Dropped,
        Some("Never came."),
        1,
    );
    world
        .write(|tx| {
            let students = tx.students();
            students.insert(&eve)?;
            students.insert_move(builders::fresh_uuid(), eve.id, &second)?;
            students.insert_move(builders::fresh_uuid(), eve.id, &first)?;
            assert_eq!(students.history(eve.id)?, [first, second]);
            assert_eq!(students.history(builders::fresh_id())?, []);
            Ok(())
        })
        .unwrap();
    let mut runtime = PgConnection::establish(&world.database.runtime_url()).unwrap();
    for statement in [
        "update student_moves set reason = null",
        "delete from student_moves",
    ] {
        let refused = runtime.batch_execute(statement).unwrap_err();
        assert!(
            refused.to_string().contains("permission denied"),
            "{refused}"
        );
    }
}

#[test]
fn lists_are_in_order_and_filtered_by_status_union_member_and_words() {
    let world = World::new();
    world
        .write(|tx| {
            tx.students().insert(&world.of_member(1))?;
            tx.students().insert(&world.sent(2, "Volt"))
        })
        .unwrap();
    let by = |filter: StudentFilter| world.names(&filter);
    let all = ["Zoë Ångström", "Eve Volt"];
    assert_eq!(by(StudentFilter::default()), all);
    let applicants = StudentFilter {
        status: Some(StudentStatus::Applicant),
        ..StudentFilter::default()
    };
    assert_eq!(by(applicants), all);
    let sent = StudentFilter {
        union: Some(world.union),
        ..StudentFilter::default()
    };
    assert_eq!(by(sent), ["Eve Volt"]);
    let of_member = StudentFilter {
        member: Some(world.member.id),
        ..StudentFilter::default()
    };
    assert_eq!(by(of_member), ["Zoë Ångström"]);
    for (words, expected) in [
        ("zoe angstrom", vec!["Zoë Ångström"]),
        ("2026-0002", vec!["Eve Volt"]),
        ("s000001", vec!["Zoë Ångström"]),
        ("a77-2", vec!["Eve Volt"]),
        ("zoe volt", vec![]),
    ] {
        let filter = StudentFilter {
            search: Some(words.to_owned()),
            ..StudentFilter::default()
        };
        assert_eq!(by(filter), expected, "{words}");
    }
}
