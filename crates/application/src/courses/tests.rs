//! Tests of the use cases of courses.

use unionhall_domain::{
    change::Change,
    courses::{
        ContactHours, Course, CourseChange, CourseDetails, CourseId, CourseType, Credits, Edition,
        Percent, Prerequisites,
    },
    roles::Role,
    text::Line,
    version::Version,
};
use unionhall_ports::{courses::CourseFilter, mock::MockRepositories, storage::StorageError};

use crate::{
    error::Code,
    fixtures::{Hall, audited, call, code, id, if_match, now, page, told, touched, wrong_fields},
};

/// The course of every test.
const THEORY: CourseId = id(8_001);
/// Another course.
const BASICS: CourseId = id(8_002);

fn details() -> CourseDetails {
    CourseDetails {
        code: Line::parse("EL-201").unwrap(),
        name: Line::parse("Electrical theory").unwrap(),
        description: None,
        course_type: CourseType::Core,
        credits: Credits::parse("3").unwrap(),
        contact_hours: ContactHours::parse("37.5").unwrap(),
        passing_grade: Percent::parse("70").unwrap(),
        capacity: None,
        required: true,
        taught: true,
        prerequisites: Prerequisites::new(vec![BASICS]).unwrap(),
    }
}

fn course() -> Course {
    Course {
        id: THEORY,
        details: details(),
        edition: Edition::FIRST,
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
    }
}

/// Mocks that know both courses and let them be written.
fn mocks() -> MockRepositories {
    let mut mocks = MockRepositories::default();
    let courses = &mut mocks.courses;
    courses
        .expect_find()
        .returning(|id| Ok((id == THEORY).then(course)));
    courses.expect_lock_prerequisites().returning(|| Ok(()));
    courses
        .expect_known()
        .returning(|ids| Ok(ids.iter().copied().filter(|id| *id == BASICS).collect()));
    mocks.classes.expect_count_of_course().returning(|_| Ok(0));
    let courses = &mut mocks.courses;
    courses.expect_insert().returning(|_| Ok(()));
    courses.expect_update().returning(|_| Ok(()));
    mocks
}

fn named(name: &str) -> CourseChange {
    CourseChange {
        name: Change::Set(Line::parse(name).unwrap()),
        ..CourseChange::default()
    }
}

#[test]
fn every_use_case_asks_for_its_permission_before_it_touches_a_port() {
    for role in [
        Role::Organizer,
        Role::Moderator,
        Role::Member,
        Role::Contact,
    ] {
        let hall = Hall::untouchable();
        let (courses, call) = (&hall.application.courses, call(role));
        let codes = [
            code(courses.find(&call, THEORY)),
            code(courses.list(&call, &CourseFilter::default(), &page())),
            code(courses.editions(&call, THEORY, &page())),
        ];
        assert_eq!(codes, [Code::Forbidden; 3], "{role:?}");
    }
    let hall = Hall::untouchable();
    let (courses, call) = (&hall.application.courses, call(Role::Instructor));
    let codes = [
        code(courses.create(&call, details())),
        code(courses.update(&call, THEORY, named("Theory"))),
        code(courses.delete(&call, THEORY)),
        code(courses.restore(&call, THEORY)),
    ];
    assert_eq!(codes, [Code::Forbidden; 4]);
    assert!(courses.allowed_actions(&call.actor).is_empty());
}

#[test]
fn a_course_that_a_transcript_would_show_differently_goes_into_its_next_edition() {
    let mut mocks = mocks();
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let (courses, staff) = (&hall.application.courses, call(Role::Staff));
    let renamed = courses.update(&staff, THEORY, named("Theory")).unwrap();
    assert_eq!((renamed.edition.get(), renamed.version.get()), (2, 2));
    assert_eq!(touched(&events), ["name", "edition"]);
    let same = courses.update(&staff, THEORY, named("Electrical theory"));
    assert_eq!(same.unwrap(), course());
    assert_eq!(told(&events), [("updated", "course")]);
    let stale = if_match(staff, 7);
    assert_eq!(
        code(courses.update(&stale, THEORY, named("X"))),
        Code::Stale
    );
}

#[test]
fn a_course_comes_after_courses_of_the_tenant_that_do_not_come_after_it() {
    let mut mocks = mocks();
    mocks
        .courses
        .expect_requirements()
        .returning(|| Ok(vec![(BASICS, THEORY)]));
    let hall = Hall::over(mocks);
    let (courses, staff) = (&hall.application.courses, call(Role::Staff));
    let after = |ids: &[CourseId]| CourseChange {
        prerequisites: Change::Set(Prerequisites::new(ids.to_vec()).unwrap()),
        ..CourseChange::default()
    };
    let refused = courses.update(&staff, THEORY, after(&[BASICS, id(8_003)]));
    let place = |index: u8| format!("prerequisite_ids/{index}");
    let expected = [(place(1), "unknown_course"), (place(0), "circle")];
    assert_eq!(wrong_fields(refused), expected);
    let refused = courses.update(&staff, THEORY, after(&[THEORY]));
    assert_eq!(wrong_fields(refused), [(place(0), "circle")]);
    assert!(hall.rolled_back());
}

#[test]
fn a_code_is_had_by_one_course() {
    let mut mocks = MockRepositories::default();
    mocks.courses.expect_insert().returning(|_| {
        Err(StorageError::Constraint {
            name: "courses_code_key".to_owned(),
        })
    });
    let hall = Hall::over(mocks);
    let details = CourseDetails {
        prerequisites: Prerequisites::default(),
        ..details()
    };
    let refused = hall.application.courses.create(&call(Role::Staff), details);
    assert_eq!(code(refused), Code::Duplicate);
}

#[test]
fn a_course_that_others_ask_for_is_not_deleted_and_one_without_can_be_restored() {
    for asked in [true, false] {
        let mut mocks = mocks();
        let events = audited(&mut mocks);
        mocks
            .courses
            .expect_requirements()
            .returning(move || Ok(vec![(BASICS, if asked { THEORY } else { id(8_003) })]));
        mocks
            .courses
            .expect_find_deleted()
            .returning(|_| Ok(Some(course())));
        let hall = Hall::over(mocks);
        let (courses, staff) = (&hall.application.courses, call(Role::Staff));
        let deleted = courses.delete(&staff, THEORY);
        if asked {
            assert_eq!(code(deleted), Code::InUse);
            assert!(hall.rolled_back());
        } else {
            deleted.unwrap();
            courses.restore(&staff, THEORY).unwrap();
            let both = [("deleted", "course"), ("restored", "course")];
            assert_eq!(told(&events), both);
        }
    }
}
