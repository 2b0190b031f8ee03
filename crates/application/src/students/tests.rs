//! Tests of the use cases of students.

use std::sync::Arc;

use jiff::civil::date;
use unionhall_domain::{
    change::Change,
    cohorts::Stay,
    members::MemberId,
    organizations::{Organization, OrganizationDetails, OrganizationType},
    roles::Role,
    students::{
        Moved, Person, PersonName, Sent, SentChange, Standing, Student, StudentChange,
        StudentDetails, StudentId, StudentMove, StudentNumber, StudentStatus, Transition,
    },
    text::{Line, Prose},
    version::Version,
};
use unionhall_ports::{mock::MockRepositories, storage::StorageError, students::StudentFilter};

use super::{NewPerson, NewStudent};
use crate::{
    error::{Code, Coded},
    fixtures::{
        ADA, EMPLOYER, GRACE, Hall, Shared, audited, call, call_of_member, code, id, if_match,
        member, now, organization, page, told, touched, wrong_fields,
    },
};

const STUDENT: StudentId = id(8_201);

fn details() -> StudentDetails {
    StudentDetails {
        application_date: date(2026, 3, 2),
        expected_completion_date: None,
        former_number: None,
        emergency_contact_name: None,
        emergency_contact_phone: None,
        emergency_contact_relationship: None,
        notes: None,
    }
}

fn sent() -> Sent {
    Sent {
        union: EMPLOYER,
        member_number: Line::parse("77-1").unwrap(),
        email: None,
        phone: None,
    }
}

fn name() -> PersonName {
    PersonName {
        first: Line::parse("Eve").unwrap(),
        last: Line::parse("Volt").unwrap(),
    }
}

fn student(status: StudentStatus) -> Student {
    Student {
        id: STUDENT,
        number: StudentNumber::new(2026, 7).unwrap(),
        person: Person::Sent(sent()),
        name: name(),
        details: details(),
        standing: Standing {
            status,
            ..Standing::applicant(date(2026, 3, 2))
        },
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
    }
}

fn new(person: NewPerson) -> NewStudent {
    NewStudent {
        person,
        details: details(),
    }
}

fn transition(wanted: StudentMove, reason: Option<&str>) -> Transition {
    Transition {
        wanted,
        on: None,
        reason: reason.map(|reason| Prose::parse(reason).unwrap()),
    }
}

/// An organization of this kind in place of the usual one.
fn party(org_type: OrganizationType) -> Organization {
    let usual = organization();
    Organization {
        details: OrganizationDetails {
            org_type,
            ..usual.details
        },
        ..usual
    }
}

/// Mocks of a school with one student, the moves that are kept and the students that are written.
fn with_one(status: StudentStatus) -> (MockRepositories, Shared<Moved>, Shared<Student>) {
    let mut mocks = MockRepositories::default();
    let known = move |id| Ok((id == STUDENT).then(|| student(status)));
    mocks.students.expect_find().returning(known);
    mocks.students.expect_find_deleted().returning(known);
    mocks.cohort_roll.expect_present().returning(|_| Ok(None));
    let (kept, written) = (Shared::default(), Shared::default());
    let moves = Arc::clone(&kept);
    mocks
        .students
        .expect_insert_move()
        .returning(move |_, _, moved: &Moved| {
            moves.lock().unwrap().push(moved.clone());
            Ok(())
        });
    for_writes(&mut mocks, &written);
    (mocks, kept, written)
}

fn for_writes(mocks: &mut MockRepositories, written: &Shared<Student>) {
    let (inserts, updates) = (Arc::clone(written), Arc::clone(written));
    mocks.students.expect_insert().returning(move |student| {
        inserts.lock().unwrap().push(student.clone());
        Ok(())
    });
    mocks.students.expect_update().returning(move |student| {
        updates.lock().unwrap().push(student.clone());
        Ok(())
    });
    mocks
        .students
        .expect_next_number()
        .returning(|year| Ok(StudentNumber::new(year, 1).unwrap()));
    mocks
        .members
        .expect_hold()
        .returning(|id| Ok((id == ADA).then(member)));
    mocks
        .students
        .expect_is_sent()
        .returning(|_, number| Ok(number.as_str() == "77-2"));
}

#[test]
fn every_use_case_asks_for_its_permission_before_it_touches_a_port() {
    let hall = Hall::untouchable();
    let students = &hall.application.students;
    let (member, teacher) = (call(Role::Member), call(Role::Instructor));
    let act = |call, wanted| code(students.act(call, STUDENT, transition(wanted, Some("So."))));
    let codes = [
        code(students.create(&member, new(NewPerson::Member(ADA)))),
        code(students.find(&member, STUDENT).map(drop)),
        code(
            students
                .find_by_number(&member, StudentNumber::new(2026, 1).unwrap())
                .map(drop),
        ),
        code(
            students
                .list(&member, &StudentFilter::default(), &page())
                .map(drop),
        ),
        code(students.history(&member, STUDENT).map(drop)),
        code(students.own(&teacher).map(drop)),
        code(students.update(&member, STUDENT, StudentChange::default())),
        code(students.delete(&teacher, STUDENT)),
        code(students.restore(&teacher, STUDENT)),
        act(&member, StudentMove::Enroll),
        act(&teacher, StudentMove::Dismiss),
        act(&call(Role::Staff), StudentMove::Readmit),
    ];
    assert_eq!(codes, [Code::Forbidden; 12]);
}

#[test]
fn a_member_becomes_a_student_under_the_name_and_the_number_of_the_year() {
    let (mut mocks, kept, written) = with_one(StudentStatus::Applicant);
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let teacher = call(Role::Instructor);
    let made = hall
        .application
        .students
        .create(&teacher, new(NewPerson::Member(ADA)));
    let made = made.unwrap();
    assert_eq!(made.number.to_string(), "2026-0001");
    assert_eq!(made.person.member(), Some(ADA));
    assert_eq!(made.name.first, member().details.first_name);
    assert_eq!(*written.lock().unwrap(), [made]);
    let first = kept.lock().unwrap()[0].clone();
    assert_eq!((first.from, first.to), (None, StudentStatus::Applicant));
    assert_eq!(told(&events), [("created", "student")]);
}

#[test]
fn who_is_sent_comes_from_a_union_on_the_books_and_comes_once() {
    let create = |org_type: Option<OrganizationType>, number: &str| {
        let (mut mocks, ..) = with_one(StudentStatus::Applicant);
        mocks
            .organizations
            .expect_lock()
            .returning(move |_| Ok(org_type.map(party)));
        let _events = audited(&mut mocks);
        let hall = Hall::over(mocks);
        let sent = Sent {
            member_number: Line::parse(number).unwrap(),
            ..sent()
        };
        let staff = call(Role::Staff);
        let person = NewPerson::Sent(sent, name());
        hall.application.students.create(&staff, new(person))
    };
    let made = create(Some(OrganizationType::Union), "77-1").unwrap();
    assert_eq!(made.name, name());
    let wrong = |org_type| wrong_fields(create(org_type, "77-1"));
    let at = |code| vec![("union_id".to_owned(), code)];
    assert_eq!(wrong(Some(OrganizationType::Employer)), at("not_a_union"));
    assert_eq!(wrong(None), at("unknown_organization"));
    let again = create(Some(OrganizationType::Union), "77-2");
    assert_eq!(code(again), Code::Duplicate);
}

#[test]
fn everything_that_is_wrong_with_a_new_student_is_told_at_once() {
    let (mocks, ..) = with_one(StudentStatus::Applicant);
    let hall = Hall::over(mocks);
    let nobody: MemberId = GRACE;
    let mut new = new(NewPerson::Member(nobody));
    new.details.application_date = date(2999, 1, 1);
    let answer = hall.application.students.create(&call(Role::Staff), new);
    assert_eq!(
        wrong_fields(answer),
        [
            ("application_date".to_owned(), "in_the_future"),
            ("member_id".to_owned(), "unknown_member")
        ]
    );
}

#[test]
fn a_member_is_one_student_at_most() {
    for (constraint, expected) in [
        ("students_member_key", Code::Duplicate),
        ("students_former_number_key", Code::Duplicate),
        ("students_pkey", Code::Internal),
    ] {
        let mut mocks = MockRepositories::default();
        mocks
            .members
            .expect_hold()
            .returning(|_| Ok(Some(member())));
        let number = |year| Ok(StudentNumber::new(year, 1).unwrap());
        mocks.students.expect_next_number().returning(number);
        mocks.students.expect_insert().returning(move |_| {
            Err(StorageError::Constraint {
                name: constraint.to_owned(),
            })
        });
        let hall = Hall::over(mocks);
        let staff = call(Role::Staff);
        let answer = hall
            .application
            .students
            .create(&staff, new(NewPerson::Member(ADA)));
        assert_eq!(code(answer), expected, "{constraint}");
    }
}

#[test]
fn a_move_is_written_to_the_record_and_to_its_history_with_who_when_and_why() {
    let (mut mocks, kept, written) = with_one(StudentStatus::Enrolled);
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let teacher = call(Role::Instructor);
    let wanted = transition(StudentMove::TakeLeave, Some("A child was born."));
    let moved = hall
        .application
        .students
        .act(&teacher, STUDENT, wanted)
        .unwrap();
    assert_eq!(moved.standing.status, StudentStatus::OnLeave);
    assert_eq!(*written.lock().unwrap(), [moved]);
    let entry = kept.lock().unwrap()[0].clone();
    assert_eq!(entry.from, Some(StudentStatus::Enrolled));
    assert_eq!(entry.by, teacher.actor.user_id());
    assert_eq!(entry.reason.unwrap().as_str(), "A child was born.");
    assert_eq!(told(&events), [("moved", "student")]);
    assert_eq!(touched(&events), ["status"]);
}

#[test]
fn a_move_the_table_has_not_is_refused_with_those_it_has() {
    let (mocks, kept, _) = with_one(StudentStatus::Completed);
    let hall = Hall::over(mocks);
    let officer = call(Role::Officer);
    let wanted = transition(StudentMove::Readmit, Some("Asked for."));
    let error = hall
        .application
        .students
        .act(&officer, STUDENT, wanted)
        .unwrap_err();
    assert_eq!(error.code(), Code::IllegalMove);
    assert_eq!(error.allowed_actions(), Some(Vec::new()));
    assert!(kept.lock().unwrap().is_empty());
}

#[test]
fn a_move_that_decides_has_a_reason_and_no_move_is_of_tomorrow_or_before_the_last_one() {
    let (mocks, ..) = with_one(StudentStatus::Dropped);
    let hall = Hall::over(mocks);
    let officer = call(Role::Officer);
    let act = |reason, on| {
        let wanted = Transition {
            on,
            ..transition(StudentMove::Readmit, reason)
        };
        wrong_fields(hall.application.students.act(&officer, STUDENT, wanted))
    };
    let at = |field: &str, code| vec![(field.to_owned(), code)];
    assert_eq!(act(None, None), at("reason", "required"));
    let some = Some("Asked for.");
    assert_eq!(act(some, Some(date(2999, 1, 1))), at("on", "in_the_future"));
    assert_eq!(
        act(some, Some(date(2026, 3, 1))),
        at("on", "before_last_move")
    );
}

#[test]
fn what_is_known_of_a_sent_person_is_changed_and_nobody_takes_anothers_number() {
    let (mut mocks, _, written) = with_one(StudentStatus::Enrolled);
    mocks
        .organizations
        .expect_lock()
        .returning(|_| Ok(Some(party(OrganizationType::Union))));
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let staff = call(Role::Staff);
    let numbered = |number: &str| StudentChange {
        sent: SentChange {
            member_number: Change::Set(Line::parse(number).unwrap()),
            ..SentChange::default()
        },
        ..StudentChange::default()
    };
    let students = &hall.application.students;
    let same = students.update(&staff, STUDENT, numbered("77-1")).unwrap();
    assert_eq!(same.version, Version::FIRST);
    students.update(&staff, STUDENT, numbered("77-3")).unwrap();
    assert_eq!(written.lock().unwrap().len(), 1);
    let taken = students.update(&staff, STUDENT, numbered("77-2"));
    assert_eq!(code(taken), Code::Duplicate);
    assert_eq!(told(&events), [("read", "student"), ("updated", "student")]);
}

#[test]
fn a_member_reads_the_student_they_are_and_nobody_else_does_so() {
    let mut mocks = MockRepositories::default();
    mocks
        .students
        .expect_find_of_member()
        .returning(|member| Ok((member == ADA).then(|| student(StudentStatus::Enrolled))));
    let hall = Hall::over(mocks);
    let students = &hall.application.students;
    let own = students.own(&call_of_member(Some(ADA))).unwrap();
    assert_eq!(own.value.id, STUDENT);
    assert_eq!(told(&hall.reads), [("read", "student")]);
    assert_eq!(
        code(students.own(&call_of_member(Some(GRACE))).map(drop)),
        Code::NotFound
    );
    assert_eq!(
        code(students.own(&call_of_member(None)).map(drop)),
        Code::NotFound
    );
}

#[test]
fn a_student_whose_union_is_gone_is_not_restored() {
    for found in [None, Some(OrganizationType::Employer)] {
        let (mut mocks, _, written) = with_one(StudentStatus::Enrolled);
        mocks
            .organizations
            .expect_lock()
            .returning(move |_| Ok(found.map(party)));
        let hall = Hall::over(mocks);
        let staff = call(Role::Staff);
        let back = hall.application.students.restore(&staff, STUDENT);
        assert_eq!(code(back), Code::InUse);
        assert!(written.lock().unwrap().is_empty());
    }
}

#[test]
fn students_are_deleted_and_restored_on_record_and_what_is_stale_is_refused() {
    let (mut mocks, ..) = with_one(StudentStatus::Enrolled);
    mocks
        .organizations
        .expect_lock()
        .returning(|_| Ok(Some(party(OrganizationType::Union))));
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let students = &hall.application.students;
    let staff = call(Role::Staff);
    students.delete(&staff, STUDENT).unwrap();
    students.restore(&staff, STUDENT).unwrap();
    assert_eq!(
        told(&events),
        [("deleted", "student"), ("restored", "student")]
    );
    let stale = if_match(call(Role::Staff), 7);
    assert_eq!(code(students.delete(&stale, STUDENT)), Code::Stale);
    assert_eq!(code(students.restore(&stale, STUDENT)), Code::Stale);
}

#[test]
fn whoever_may_decide_is_offered_what_decides() {
    let hall = Hall::untouchable();
    let actions = |role, status| {
        let actor = call(role).actor;
        hall.application
            .students
            .allowed_actions(&actor, &student(status))
    };
    assert_eq!(
        actions(Role::Instructor, StudentStatus::Enrolled),
        ["update", "take_leave", "complete", "drop"]
    );
    assert_eq!(
        actions(Role::Officer, StudentStatus::Dropped),
        ["update", "delete", "readmit"]
    );
    assert!(actions(Role::Member, StudentStatus::Enrolled).is_empty());
}

/// The stay of the student in a cohort that they came to on this day.
fn stay(on: jiff::civil::Date) -> Stay {
    Stay {
        id: id(8_401),
        cohort: id(8_301),
        student: STUDENT,
        joined_on: on,
        left_on: None,
        reason: None,
    }
}

#[test]
fn whoever_is_not_in_training_any_more_leaves_their_cohort_with_the_move() {
    let mut mocks = MockRepositories::default();
    mocks
        .students
        .expect_find()
        .returning(|_| Ok(Some(student(StudentStatus::Enrolled))));
    mocks.students.expect_update().returning(|_| Ok(()));
    mocks
        .students
        .expect_insert_move()
        .returning(|_, _, _| Ok(()));
    mocks
        .cohort_roll
        .expect_present()
        .returning(|_| Ok(Some(stay(date(2026, 3, 5)))));
    let left = Shared::default();
    let ends = Arc::clone(&left);
    mocks
        .cohort_roll
        .expect_end()
        .returning(move |stay: &Stay| {
            ends.lock().unwrap().push(stay.left_on);
            Ok(())
        });
    let _events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let students = &hall.application.students;
    let staff = call(Role::Staff);
    for on in [date(2026, 3, 3), date(2026, 3, 9)] {
        let wanted = Transition {
            on: Some(on),
            ..transition(StudentMove::Drop, Some("Moved away."))
        };
        students.act(&staff, STUDENT, wanted).unwrap();
    }
    // Nobody leaves before the day they came.
    let expected = [Some(date(2026, 3, 5)), Some(date(2026, 3, 9))];
    assert_eq!(*left.lock().unwrap(), expected);
    assert_eq!(code(students.delete(&staff, STUDENT)), Code::InUse);
}
