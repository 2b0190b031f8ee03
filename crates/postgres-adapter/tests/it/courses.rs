//! Contract of the repository of courses.

use std::{thread, time::Duration};

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::BigInt};
use unionhall_domain::{
    courses::{
        ContactHours, Course, CourseDetails, CourseId, CourseType, Credits, Edition, Percent,
        Prerequisites,
    },
    seats::Seats,
    tenants::Tenant,
    text::Prose,
    version::Version,
};
use unionhall_ports::{
    courses::{CourseFilter, CourseSort},
    pages::{Direction, PageRequest},
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::{TestDatabase, builders, eventually};

fn scope(tenant: &Tenant) -> Scope {
    Scope::Tenant(tenant.id)
}

/// A course that is not stored.
fn course(code: &str, name: &str, after: &[CourseId]) -> Course {
    Course {
        id: builders::fresh_id(),
        details: CourseDetails {
            code: builders::line(code),
            name: builders::line(name),
            description: None,
            course_type: CourseType::Core,
            credits: Credits::parse("3").unwrap(),
            contact_hours: ContactHours::parse("37.5").unwrap(),
            passing_grade: Percent::parse("70").unwrap(),
            capacity: None,
            required: true,
            taught: true,
            prerequisites: Prerequisites::new(after.to_vec()).unwrap(),
        },
        edition: Edition::FIRST,
        version: Version::FIRST,
        created_at: builders::now(),
        updated_at: builders::now(),
        deleted_at: None,
    }
}

fn insert(storage: &dyn UnitOfWork, tenant: &Tenant, course: &Course) -> Result<(), StorageError> {
    storage.transaction(scope(tenant), |tx| tx.courses().insert(course))
}

fn update(storage: &dyn UnitOfWork, tenant: &Tenant, course: &Course) -> Result<(), StorageError> {
    storage.transaction(scope(tenant), |tx| tx.courses().update(course))
}

fn found(storage: &dyn UnitOfWork, tenant: &Tenant, id: CourseId) -> Option<Course> {
    builders::store(storage, scope(tenant), |tx| tx.courses().find(id))
}

fn next(course: &Course) -> Course {
    Course {
        version: course.version.next(),
        ..course.clone()
    }
}

fn constraint(result: Result<(), StorageError>) -> String {
    match result {
        Err(StorageError::Constraint { name }) => name,
        other => panic!("{other:?}"),
    }
}

fn page<S: Default>(limit: u16) -> PageRequest<S> {
    PageRequest {
        limit,
        after: None,
        sort: S::default(),
        direction: Direction::Ascending,
        with_total: true,
    }
}

#[test]
fn a_course_comes_back_as_it_was_with_what_comes_before_it_and_its_editions() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = builders::tenant(storage, "trust");
    let [basics, tools] = ["A", "B"].map(|code| course(code, code, &[]));
    for before in [&basics, &tools] {
        insert(storage, &hall, before).unwrap();
    }
    let first = course("EL-201", "Theory", &[basics.id, tools.id]);
    insert(storage, &hall, &first).unwrap();
    assert_eq!(found(storage, &hall, first.id).as_ref(), Some(&first));
    let details = CourseDetails {
        name: builders::line("Électricité"),
        description: Some(Prose::parse("Two\nlines").unwrap()),
        course_type: CourseType::Certification,
        capacity: Some(Seats::new(24).unwrap()),
        required: false,
        taught: false,
        prerequisites: Prerequisites::new(vec![tools.id]).unwrap(),
        ..first.details.clone()
    };
    let second = next(&first).with(details);
    update(storage, &hall, &second).unwrap();
    assert_eq!(found(storage, &hall, first.id).as_ref(), Some(&second));
    let refused = update(storage, &hall, &second);
    assert!(matches!(refused, Err(StorageError::Stale)));
    let (held, editions, asks) = builders::store(storage, scope(&hall), |tx| {
        let courses = tx.courses();
        let held = courses.hold(first.id)?;
        let editions = courses.editions(first.id, &page(1))?;
        Ok((held, editions, courses.requirements()?))
    });
    assert_eq!(held.as_ref(), Some(&second));
    assert_eq!((editions.items.len(), editions.total), (1, Some(2)));
    assert_eq!(editions.items[0], first.present_edition(builders::now()));
    assert_eq!(asks, [(first.id, tools.id)]);
    let rest = PageRequest {
        after: editions.next,
        ..page(1)
    };
    let rest = builders::store(storage, scope(&hall), |tx| {
        tx.courses().editions(first.id, &rest)
    });
    assert_eq!(rest.items, [second.present_edition(builders::now())]);
    assert_eq!(rest.next, None);
}

#[test]
fn a_deleted_course_is_found_nowhere_asks_for_nothing_and_frees_its_code() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = builders::tenant(storage, "trust");
    let basics = course("A", "A", &[]);
    insert(storage, &hall, &basics).unwrap();
    let theory = course("EL-201", "Theory", &[basics.id]);
    insert(storage, &hall, &theory).unwrap();
    let same_code = course("el-201", "Another", &[]);
    let taken = insert(storage, &hall, &same_code);
    assert_eq!(constraint(taken), "courses_code_key");
    let gone = Course {
        deleted_at: Some(builders::now()),
        ..next(&theory)
    };
    update(storage, &hall, &gone).unwrap();
    assert_eq!(found(storage, &hall, theory.id), None);
    let (held, deleted, asks, known) = builders::store(storage, scope(&hall), |tx| {
        let courses = tx.courses();
        Ok((
            courses.hold(theory.id)?,
            courses.find_deleted(theory.id)?,
            courses.requirements()?,
            courses.known(&[theory.id, basics.id])?,
        ))
    });
    assert_eq!((held, deleted), (None, Some(gone)));
    assert!(asks.is_empty());
    assert_eq!(known, [basics.id]);
    insert(storage, &hall, &same_code).unwrap();
    let back = Course {
        deleted_at: None,
        version: Version::new(3).unwrap(),
        ..theory
    };
    let taken = update(storage, &hall, &back);
    assert_eq!(constraint(taken), "courses_code_key");
}

/// Theory, which is core, and safety, which leads to a certificate and is not taught any more; and a course of another
/// tenant.
fn catalogue(storage: &dyn UnitOfWork) -> Tenant {
    let hall = builders::tenant(storage, "trust");
    let other = builders::tenant(storage, "other");
    let theory = course("EL-201", "Électricité", &[]);
    let mut safety = course("SA-1", "Safety at height", &[]);
    safety.details.course_type = CourseType::Certification;
    safety.details.taught = false;
    safety.details.required = false;
    for course in [&safety, &theory] {
        insert(storage, &hall, course).unwrap();
    }
    insert(storage, &other, &course("EL-201", "Theirs", &[])).unwrap();
    hall
}

/// The codes of the courses of a list.
fn codes(
    storage: &dyn UnitOfWork,
    hall: &Tenant,
    filter: &CourseFilter,
    sort: CourseSort,
) -> Vec<String> {
    let page = PageRequest { sort, ..page(50) };
    let found = builders::store(storage, scope(hall), |tx| tx.courses().list(filter, &page));
    let codes: Vec<_> = found
        .items
        .iter()
        .map(|course| course.details.code.to_string())
        .collect();
    assert_eq!(found.total, Some(u64::try_from(codes.len()).unwrap()));
    codes
}

#[test]
fn a_list_is_searched_by_the_beginnings_of_words_and_in_a_total_order() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = catalogue(storage);
    let all = CourseFilter::default();
    for sort in [CourseSort::Code, CourseSort::Name] {
        assert_eq!(codes(storage, &hall, &all, sort), ["EL-201", "SA-1"]);
    }
    let search = |words: &str, sort| {
        let filter = CourseFilter {
            search: Some(words.to_owned()),
            ..CourseFilter::default()
        };
        codes(storage, &hall, &filter, sort)
    };
    assert_eq!(search("electr", CourseSort::Created), ["EL-201"]);
    assert_eq!(search("heig sa", CourseSort::Code), ["SA-1"]);
    assert!(search("weight", CourseSort::Code).is_empty());
}

#[test]
fn a_list_is_filtered_by_kind_activity_need_and_code() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = catalogue(storage);
    let all = CourseFilter::default;
    for (filter, expected) in [
        (
            CourseFilter {
                course_type: Some(CourseType::Certification),
                ..all()
            },
            "SA-1",
        ),
        (
            CourseFilter {
                is_active: Some(true),
                ..all()
            },
            "EL-201",
        ),
        (
            CourseFilter {
                is_required: Some(false),
                ..all()
            },
            "SA-1",
        ),
        (
            CourseFilter {
                code: Some("el-201".to_owned()),
                ..all()
            },
            "EL-201",
        ),
    ] {
        let found = codes(storage, &hall, &filter, CourseSort::Code);
        assert_eq!(found, [expected]);
    }
}

#[test]
fn whoever_decides_about_prerequisites_waits_for_whoever_does_so_in_the_same_tenant_alone() {
    let database = TestDatabase::new();
    // Each has one connection.
    let [first, second, third] = [(); 3].map(|()| database.unit_of_work());
    let hall = builders::tenant(&*first, "trust");
    let other = builders::tenant(&*first, "other");
    let lock = |storage: &dyn UnitOfWork, tenant: &Tenant| {
        builders::store(storage, scope(tenant), |tx| {
            tx.courses().lock_prerequisites()
        });
    };
    thread::scope(|threads| {
        builders::store(&*first, scope(&hall), |tx| {
            tx.courses().lock_prerequisites()?;
            lock(&*second, &other);
            threads.spawn(|| lock(&*third, &hall));
            eventually("the second one waits", PATIENCE, || waiting(&database) == 1);
            Ok(())
        });
    });
    assert_eq!(waiting(&database), 0);
}

/// How long a lock may take to be asked for before a test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// How many wait for a lock that a program has named.
fn waiting(database: &TestDatabase) -> i64 {
    #[derive(QueryableByName)]
    struct Waiting {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let found: Waiting = sql_query(
        "select count(*) from pg_locks where locktype = 'advisory' and not granted
            and database = (select oid from pg_database where datname = current_database())",
    )
    .get_result(&mut crate::connect(&database.runtime_url()))
    .unwrap();
    found.count
}
