//! Tests of the use cases of classes.

use jiff::civil::date;
use unionhall_domain::{
    change::Change,
    classes::{Class, ClassId, ClassMove, ClassPlan, ClassPlanChange, ClassState, Term},
    courses::{Course, CourseDetails, CourseId, CourseType, Edition, Prerequisites},
    hundredths::Hundredths,
    roles::Role,
    seats::Seats,
    text::{Line, Prose},
    version::Version,
};
use unionhall_ports::{classes::ClassFilter, mock::MockRepositories};

use crate::{
    class_sessions::fixtures::session,
    error::{Code, Coded},
    fixtures::{Hall, audited, call, code, id, now, page, told, touched, wrong_fields},
};

/// The course of every test.
const THEORY: CourseId = id(8_001);
/// The class of every test.
const SPRING: ClassId = id(8_101);

fn plan() -> ClassPlan {
    ClassPlan {
        name: Line::parse("Spring").unwrap(),
        term: Term::new(date(2026, 11, 2), date(2027, 3, 26)).unwrap(),
        capacity: None,
        notes: None,
    }
}

fn class(state: ClassState) -> Class {
    Class {
        id: SPRING,
        course: THEORY,
        edition: Edition::FIRST,
        plan: plan(),
        state,
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
    }
}

fn course(is_active: bool) -> Course {
    Course {
        id: THEORY,
        details: CourseDetails {
            code: Line::parse("EL-201").unwrap(),
            name: Line::parse("Theory").unwrap(),
            description: None,
            course_type: CourseType::Core,
            credits: Hundredths::new(300).unwrap(),
            contact_hours: Hundredths::new(3_750).unwrap(),
            passing_grade: Hundredths::new(7_000).unwrap(),
            capacity: Some(Seats::new(24).unwrap()),
            required: true,
            taught: is_active,
            prerequisites: Prerequisites::default(),
        },
        edition: Edition::new(3).unwrap(),
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
    }
}

/// Mocks that know the class in this state, and let it be written.
fn mocks(state: ClassState) -> MockRepositories {
    let mut mocks = MockRepositories::default();
    mocks
        .class_sessions
        .expect_lock_timetable()
        .returning(|| Ok(()));
    mocks
        .classes
        .expect_hold()
        .returning(move |id| Ok((id == SPRING).then(|| class(state.clone()))));
    mocks.classes.expect_insert().returning(|_| Ok(()));
    mocks.classes.expect_update().returning(|_| Ok(()));
    mocks
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
        let (classes, call) = (&hall.application.classes, call(role));
        let codes = [
            code(classes.find(&call, SPRING)),
            code(classes.list(&call, &ClassFilter::default(), &page())),
        ];
        assert_eq!(codes, [Code::Forbidden; 2], "{role:?}");
    }
    let hall = Hall::untouchable();
    let (classes, call) = (&hall.application.classes, call(Role::Instructor));
    let codes = [
        code(classes.create(&call, THEORY, plan())),
        code(classes.update(&call, SPRING, ClassPlanChange::default())),
        code(classes.act(&call, SPRING, ClassMove::Open)),
        code(classes.delete(&call, SPRING)),
        code(classes.restore(&call, SPRING)),
    ];
    assert_eq!(codes, [Code::Forbidden; 5]);
    let actions = classes.allowed_actions(&call.actor, &class(ClassState::Open));
    assert_eq!(actions, ["add_session"]);
}

#[test]
fn a_class_is_of_the_present_edition_and_takes_as_many_as_its_course_says() {
    for (is_active, expected) in [(true, Ok(())), (false, Err("inactive_course"))] {
        let mut mocks = mocks(ClassState::Planned);
        let events = audited(&mut mocks);
        mocks
            .courses
            .expect_hold()
            .returning(move |_| Ok(Some(course(is_active))));
        let hall = Hall::over(mocks);
        let (classes, staff) = (&hall.application.classes, call(Role::Staff));
        let made = classes.create(&staff, THEORY, plan());
        match expected {
            Ok(()) => {
                let made = made.unwrap();
                assert_eq!(made.edition.get(), 3);
                assert_eq!(made.plan.capacity.map(Seats::get), Some(24));
                assert_eq!(told(&events), [("created", "class")]);
            }
            Err(wrong) => {
                assert_eq!(wrong_fields(made), [("course_id".to_owned(), wrong)]);
            }
        }
    }
}

#[test]
fn a_term_does_not_leave_out_sessions() {
    let mut mocks = mocks(ClassState::Open);
    let events = audited(&mut mocks);
    mocks
        .class_sessions
        .expect_of_class()
        .returning(|_| Ok(vec![session(1), session(2)]));
    let hall = Hall::over(mocks);
    let (classes, staff) = (&hall.application.classes, call(Role::Staff));
    let from = |day| ClassPlanChange {
        starts_on: Change::Set(day),
        ..ClassPlanChange::default()
    };
    let day = session(1).times.date();
    let refused = classes.update(&staff, SPRING, from(day.tomorrow().unwrap()));
    assert_eq!(
        wrong_fields(refused),
        [("starts_on".to_owned(), "has_sessions")]
    );
    classes.update(&staff, SPRING, from(day)).unwrap();
    assert_eq!(touched(&events), ["starts_on"]);
    assert_eq!(code(classes.delete(&staff, SPRING)), Code::InUse);
}

#[test]
fn what_is_cancelled_has_no_sessions_to_come() {
    let mut mocks = mocks(ClassState::Open);
    let events = audited(&mut mocks);
    // The first one is over.
    mocks
        .class_sessions
        .expect_of_class()
        .returning(|_| Ok(vec![session(-3), session(2)]));
    mocks
        .class_sessions
        .expect_update()
        .withf(|written| written.times == session(2).times && written.cancelled.is_some())
        .times(1)
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let (classes, staff) = (&hall.application.classes, call(Role::Staff));
    let reason = Prose::parse("Nobody came.").unwrap();
    let gone = classes.act(&staff, SPRING, ClassMove::Cancel(reason.clone()));
    assert_eq!(gone.unwrap().state, ClassState::Cancelled(reason));
    let expected = [("moved", "class_session"), ("moved", "class")];
    assert_eq!(told(&events), expected);
    let refused = classes.act(&staff, SPRING, ClassMove::Open).unwrap_err();
    assert_eq!(refused.code(), Code::IllegalMove);
    assert_eq!(refused.allowed_actions(), Some(vec!["complete", "cancel"]));
}
