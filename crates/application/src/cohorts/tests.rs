//! Tests of the use cases of cohorts.

use std::sync::Arc;

use jiff::civil::date;
use unionhall_domain::{
    change::Change,
    cohorts::{Cohort, CohortDetails, CohortId, CohortMove, CohortStatus, Stay, Taught, Teachers},
    instructors::InstructorId,
    members::MemberId,
    roles::Role,
    seats::Seats,
    students::{
        Person, PersonName, Standing, Student, StudentDetails, StudentId, StudentNumber,
        StudentStatus,
    },
    text::{Line, Prose},
    version::Version,
};
use unionhall_ports::{cohorts::CohortFilter, mock::MockRepositories, storage::StorageError};

use super::{Join, Leave, NewCohort, UpdateCohort};
use crate::{
    error::{Code, Coded},
    fixtures::{
        ADA, Hall, Shared, audited, call, code, id, if_match, now, page, told, wrong_fields,
    },
};

const SPRING: CohortId = id(8_301);
const OTHER: CohortId = id(8_302);
const STUDENT: StudentId = id(8_201);
const NOBODY: InstructorId = id(8_199);

fn details(seats: Option<i64>) -> CohortDetails {
    CohortDetails {
        code: Line::parse("S27").unwrap(),
        name: Line::parse("Spring 2027").unwrap(),
        description: None,
        start_date: date(2026, 1, 11),
        end_date: None,
        location: None,
        capacity: seats.map(|seats| Seats::new(seats).unwrap()),
    }
}

fn cohort(status: CohortStatus, seats: Option<i64>, students: u32) -> Cohort {
    Cohort {
        id: SPRING,
        details: details(seats),
        teachers: None,
        status,
        cancellation: None,
        students,
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
    }
}

fn student(status: StudentStatus) -> Student {
    let member: MemberId = ADA;
    Student {
        id: STUDENT,
        number: StudentNumber::new(2026, 7).unwrap(),
        person: Person::Member(member),
        name: PersonName {
            first: Line::parse("Ada").unwrap(),
            last: Line::parse("Volt").unwrap(),
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
        standing: Standing {
            status,
            ..Standing::applicant(date(2026, 1, 2))
        },
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
    }
}

fn stay(cohort: CohortId) -> Stay {
    Stay {
        id: id(8_401),
        cohort,
        student: STUDENT,
        joined_on: date(2026, 1, 12),
        left_on: None,
        reason: None,
    }
}

const JOIN: Join = Join {
    student: STUDENT,
    on: None,
};

/// Mocks of a school with this cohort and a student of this status, and the stays that are written.
fn with(cohort: Cohort, status: StudentStatus) -> (MockRepositories, Shared<Stay>) {
    let mut mocks = MockRepositories::default();
    let deleted = cohort.clone();
    mocks
        .cohorts
        .expect_lock()
        .returning(move |id| Ok((id == SPRING).then(|| cohort.clone())));
    mocks
        .cohorts
        .expect_find_deleted()
        .returning(move |_| Ok(Some(deleted.clone())));
    mocks.cohorts.expect_update().returning(|_| Ok(()));
    mocks.cohorts.expect_insert().returning(|_| Ok(()));
    mocks
        .students
        .expect_hold()
        .returning(move |id| Ok((id == STUDENT).then(|| student(status))));
    mocks.instructors.expect_hold().returning(|_| Ok(None));
    mocks
        .cohort_roll
        .expect_last_left()
        .returning(|_| Ok(Some(date(2026, 1, 20))));
    let stays = Shared::default();
    let (inserts, ends) = (Arc::clone(&stays), Arc::clone(&stays));
    mocks.cohort_roll.expect_insert().returning(move |stay| {
        inserts.lock().unwrap().push(stay.clone());
        Ok(())
    });
    mocks.cohort_roll.expect_end().returning(move |stay| {
        ends.lock().unwrap().push(stay.clone());
        Ok(())
    });
    (mocks, stays)
}

#[test]
fn every_use_case_asks_for_its_permission_before_it_touches_a_port() {
    let hall = Hall::untouchable();
    let cohorts = &hall.application.cohorts;
    let (member, teacher) = (call(Role::Member), call(Role::Instructor));
    let new = NewCohort {
        details: details(None),
        taught: Taught::default(),
    };
    let codes = [
        code(cohorts.create(&teacher, new)),
        code(cohorts.find(&member, SPRING)),
        code(cohorts.list(&member, &CohortFilter::default(), &page())),
        code(cohorts.update(&teacher, SPRING, UpdateCohort::default())),
        code(cohorts.act(&teacher, SPRING, CohortMove::Open, None)),
        code(cohorts.delete(&teacher, SPRING)),
        code(cohorts.restore(&teacher, SPRING)),
        code(cohorts.join(&member, SPRING, JOIN)),
        code(cohorts.leave(&member, SPRING, STUDENT, Leave::default())),
        code(cohorts.roll(&member, SPRING, &page()).map(drop)),
    ];
    assert_eq!(codes, [Code::Forbidden; 10]);
}

#[test]
fn a_student_joins_while_there_is_a_seat_and_the_cohort_counts_them() {
    let join = |seats, students| {
        let cohort = cohort(CohortStatus::Enrolling, seats, students);
        let (mut mocks, stays) = with(cohort, StudentStatus::Enrolled);
        let _events = audited(&mut mocks);
        let hall = Hall::over(mocks);
        let joined = hall
            .application
            .cohorts
            .join(&call(Role::Instructor), SPRING, JOIN);
        (joined, stays.lock().unwrap().len())
    };
    let (joined, stays) = join(Some(3), 2);
    assert_eq!((joined.unwrap().students, stays), (3, 1));
    let (unbounded, _) = join(None, 900);
    assert_eq!(unbounded.unwrap().students, 901);
    let (full, stays) = join(Some(3), 3);
    let full = full.unwrap_err();
    assert_eq!((full.code(), stays), (Code::NoSeat, 0));
    assert_eq!(full.to_string(), "all 3 seats of this cohort are taken");
}

#[test]
fn nobody_joins_what_is_over_or_joins_who_is_not_in_training_or_in_another_cohort() {
    let join = |status, student, join| {
        let (mut mocks, _) = with(cohort(status, None, 0), student);
        let _events = audited(&mut mocks);
        let hall = Hall::over(mocks);
        hall.application
            .cohorts
            .join(&call(Role::Staff), SPRING, join)
    };
    let over = join(CohortStatus::Completed, StudentStatus::Enrolled, JOIN);
    assert_eq!(code(over), Code::IllegalMove);
    let wrong = |student, on| {
        let wanted = Join { student, on };
        wrong_fields(join(CohortStatus::Active, StudentStatus::Dropped, wanted))
    };
    assert_eq!(
        wrong(STUDENT, Some(date(2999, 1, 1))),
        [
            ("student_id".to_owned(), "not_in_training"),
            ("on".to_owned(), "in_the_future")
        ]
    );
    assert_eq!(
        wrong(id(1), None),
        [("student_id".to_owned(), "unknown_student")]
    );
    let mut mocks = MockRepositories::default();
    mocks
        .cohorts
        .expect_lock()
        .returning(|_| Ok(Some(cohort(CohortStatus::Active, None, 0))));
    let held = |_| Ok(Some(student(StudentStatus::Enrolled)));
    mocks.students.expect_hold().returning(held);
    mocks.cohort_roll.expect_last_left().returning(|_| Ok(None));
    mocks.cohort_roll.expect_insert().returning(|_| {
        Err(StorageError::Constraint {
            name: "cohort_stays_one_key".to_owned(),
        })
    });
    let hall = Hall::over(mocks);
    let twice = hall
        .application
        .cohorts
        .join(&call(Role::Staff), SPRING, JOIN);
    assert_eq!(code(twice), Code::Duplicate);
}

#[test]
fn nobody_joins_before_they_applied_or_left_the_cohort_before() {
    let join = |on| {
        let cohort = cohort(CohortStatus::Active, None, 0);
        let (mut mocks, stays) = with(cohort, StudentStatus::Enrolled);
        let _events = audited(&mut mocks);
        let hall = Hall::over(mocks);
        let wanted = Join { on, ..JOIN };
        let staff = call(Role::Staff);
        let joined = hall.application.cohorts.join(&staff, SPRING, wanted);
        let stays = stays.lock().unwrap().clone();
        joined.map(|_| stays[0].joined_on)
    };
    let at = |code| vec![("on".to_owned(), code)];
    let applied = Some(date(2026, 1, 1));
    assert_eq!(wrong_fields(join(applied)), at("before_application"));
    let left = Some(date(2026, 1, 19));
    assert_eq!(wrong_fields(join(left)), at("before_leaving"));
    // Who leaves one and joins the other on the same day was nowhere twice.
    assert_eq!(join(Some(date(2026, 1, 20))).unwrap(), date(2026, 1, 20));
}

#[test]
fn a_student_leaves_the_cohort_they_are_in_and_no_other() {
    let leave = |of: CohortId| {
        let (mut mocks, stays) = with(
            cohort(CohortStatus::Active, None, 1),
            StudentStatus::Enrolled,
        );
        let present = move |_| Ok(Some(stay(of)));
        mocks.cohort_roll.expect_present().returning(present);
        let events = audited(&mut mocks);
        let hall = Hall::over(mocks);
        let wanted = Leave {
            on: Some(date(2026, 1, 13)),
            reason: Some(Prose::parse("Evenings suit better.").unwrap()),
        };
        let left = hall
            .application
            .cohorts
            .leave(&call(Role::Staff), SPRING, STUDENT, wanted);
        (left, stays.lock().unwrap().clone(), told(&events))
    };
    let (left, stays, events) = leave(SPRING);
    assert_eq!(left.unwrap().students, 0);
    assert_eq!(stays[0].left_on, Some(date(2026, 1, 13)));
    assert_eq!(events, [("moved", "cohort")]);
    let (other, ..) = leave(OTHER);
    assert_eq!(code(other), Code::NotFound);
}

#[test]
fn whoever_is_in_a_cohort_that_is_over_leaves_it_with_its_end() {
    let (mut mocks, _) = with(
        cohort(CohortStatus::Active, None, 7),
        StudentStatus::Enrolled,
    );
    mocks
        .cohort_roll
        .expect_end_all()
        .times(1)
        .returning(|_, _| Ok(()));
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let staff = call(Role::Staff);
    let over = hall
        .application
        .cohorts
        .act(&staff, SPRING, CohortMove::Complete, None);
    let over = over.unwrap();
    assert_eq!((over.status, over.students), (CohortStatus::Completed, 0));
    assert_eq!(told(&events), [("moved", "cohort")]);
    let illegal = hall
        .application
        .cohorts
        .act(&staff, SPRING, CohortMove::Open, None);
    assert_eq!(
        illegal.unwrap_err().allowed_actions(),
        Some(vec!["complete", "cancel"])
    );
}

#[test]
fn a_cohort_takes_no_fewer_than_are_in_it_and_is_taught_by_who_is_there() {
    let (mocks, _) = with(
        cohort(CohortStatus::Active, Some(9), 7),
        StudentStatus::Enrolled,
    );
    let hall = Hall::over(mocks);
    let mut wanted = UpdateCohort::default();
    wanted.details.capacity = Change::Set(Some(Seats::new(6).unwrap()));
    wanted.taught.instructors = Change::Set(vec![NOBODY]);
    let answer = hall
        .application
        .cohorts
        .update(&call(Role::Staff), SPRING, wanted);
    assert_eq!(
        wrong_fields(answer),
        [
            ("capacity".to_owned(), "fewer_than_students"),
            ("instructor_ids".to_owned(), "unknown_instructor")
        ]
    );
    let mut wanted = UpdateCohort::default();
    wanted.taught.primary = Change::Set(NOBODY);
    let answer = hall
        .application
        .cohorts
        .update(&call(Role::Staff), SPRING, wanted);
    assert_eq!(
        wrong_fields(answer),
        [("primary_instructor_id".to_owned(), "not_among_them")]
    );
}

#[test]
fn a_cohort_that_somebody_is_in_stays_and_what_is_stale_is_refused() {
    let (mocks, _) = with(
        cohort(CohortStatus::Active, None, 1),
        StudentStatus::Enrolled,
    );
    let hall = Hall::over(mocks);
    let cohorts = &hall.application.cohorts;
    assert_eq!(
        code(cohorts.delete(&call(Role::Staff), SPRING)),
        Code::InUse
    );
    assert_eq!(
        code(cohorts.delete(&call(Role::Staff), OTHER)),
        Code::NotFound
    );
    let stale = if_match(call(Role::Staff), 7);
    assert_eq!(code(cohorts.delete(&stale, SPRING)), Code::Stale);
    let actor = call(Role::Staff).actor;
    assert_eq!(
        cohorts.allowed_actions(&actor, &cohort(CohortStatus::Planned, Some(1), 1)),
        ["update", "open", "cancel"]
    );
    let teacher = call(Role::Instructor).actor;
    for (seats, expected) in [(2, vec!["join"]), (1, Vec::new())] {
        let cohort = cohort(CohortStatus::Active, Some(seats), 1);
        assert_eq!(cohorts.allowed_actions(&teacher, &cohort), expected);
    }
    let member = call(Role::Member).actor;
    let open = cohort(CohortStatus::Active, None, 1);
    assert!(cohorts.allowed_actions(&member, &open).is_empty());
    assert!(Teachers::of(&[], None).unwrap().is_none());
}
