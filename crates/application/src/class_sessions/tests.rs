//! Tests of the use cases of class sessions.

use jiff::civil::{date, time};
use unionhall_domain::{
    change::Change,
    class_sessions::{
        ClassSessionId, ClockTimes, Overlap, OverlapKind, Rhythm, SessionDetails,
        SessionDetailsChange,
    },
    classes::{Class, ClassId, ClassPlan, ClassState, Term},
    courses::Edition,
    roles::Role,
    text::{Line, Prose},
    training_settings::{Overlaps, TrainingSettings},
    version::Version,
};
use unionhall_ports::{class_sessions::ClassSessionFilter, mock::MockRepositories};

use super::{NewSeries, SeriesMove, SessionChange, TimesChange, fixtures::session};
use crate::{
    error::{Code, Coded},
    fixtures::{Hall, audited, call, code, id, if_match, now, page, told, touched, wrong_fields},
};

const SPRING: ClassId = id(8_101);

fn class(state: ClassState) -> Class {
    Class {
        id: SPRING,
        course: id(8_001),
        edition: Edition::FIRST,
        plan: ClassPlan {
            name: Line::parse("Spring").unwrap(),
            term: Term::new(date(2026, 11, 2), date(2027, 3, 26)).unwrap(),
            capacity: None,
            notes: None,
        },
        state,
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
    }
}

/// A Tuesday evening of the term.
fn evening() -> ClockTimes {
    session(3).times.clock()
}

fn nowhere() -> SessionDetails {
    SessionDetails::default()
}

fn reason() -> Prose<2_000> {
    Prose::parse("The instructor is ill.").unwrap()
}

/// Mocks of a class in this state, whose sessions overlap others or not, as the tenant allows or not.
fn mocks(state: ClassState, overlaps: &'static [Overlap], allowed: Overlaps) -> MockRepositories {
    let mut mocks = MockRepositories::default();
    mocks
        .classes
        .expect_hold()
        .returning(move |id| Ok((id == SPRING).then(|| class(state.clone()))));
    let sessions = &mut mocks.class_sessions;
    sessions.expect_lock_timetable().returning(|| Ok(()));
    sessions
        .expect_find()
        .returning(|id| Ok((id == session(3).id).then(|| session(3))));
    sessions.expect_insert().returning(|_| Ok(()));
    sessions.expect_update().returning(|_| Ok(()));
    sessions
        .expect_overlaps()
        .returning(|_| Ok(overlaps.to_vec()));
    mocks.locations.expect_hold().returning(|_| Ok(None));
    mocks.instructors.expect_hold().returning(|_| Ok(None));
    mocks
        .holidays
        .expect_last_of_each()
        .returning(|_, _| Ok(Vec::new()));
    mocks.training_settings.expect_find().returning(move || {
        Ok(TrainingSettings {
            overlaps: allowed,
            ..TrainingSettings::USUAL
        })
    });
    mocks
}

const IN_THE_WAY: &[Overlap] = &[Overlap {
    kind: OverlapKind::Instructor,
    session: id(8_203),
    other: id(8_299),
    of: uuid::Uuid::from_u128(7),
}];

fn free() -> MockRepositories {
    mocks(ClassState::Open, &[], Overlaps::Refuse)
}

fn series() -> NewSeries {
    // Thursdays: November 26, 2026 is Thanksgiving Day.
    let first = date(2026, 11, 19);
    NewSeries {
        class: SPRING,
        rhythm: Rhythm::new(first, 1, 3).unwrap(),
        first,
        start: time(18, 0, 0, 0),
        end: time(21, 0, 0, 0),
        over_midnight: false,
        on_holidays: false,
        details: nowhere(),
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
        let (sessions, call) = (&hall.application.class_sessions, call(role));
        let (one, all): (ClassSessionId, _) = (session(3).id, ClassSessionFilter::default());
        let codes = [
            code(sessions.find(&call, one)),
            code(sessions.list(&call, &all, &page())),
            code(sessions.create(&call, SPRING, evening(), nowhere())),
            code(sessions.update(&call, one, SessionChange::default())),
            code(sessions.cancel(&call, one, &reason())),
            code(sessions.create_series(&call, series())),
            code(sessions.move_series(&call, id(8_301), &SeriesMove::default())),
        ];
        assert_eq!(codes, [Code::Forbidden; 7], "{role:?}");
    }
}

#[test]
fn a_session_is_of_a_class_under_way_within_its_term_at_places_of_the_tenant() {
    let hall = Hall::over(free());
    let (sessions, staff) = (&hall.application.class_sessions, call(Role::Instructor));
    let clock = ClockTimes {
        date: date(2027, 3, 27),
        end_date: date(2027, 3, 27),
        ..evening()
    };
    let wrong = |field: &str, code| [(field.to_owned(), code)];
    let refused = sessions.create(&staff, SPRING, clock, nowhere());
    assert_eq!(
        wrong_fields(refused),
        wrong("session_date", "outside_the_term")
    );
    let refused = sessions.create(&staff, id(9), evening(), nowhere());
    assert_eq!(wrong_fields(refused), wrong("class_id", "unknown_class"));
    let details = SessionDetails {
        location: Some(id(1)),
        instructor: Some(id(2)),
        ..nowhere()
    };
    let refused = sessions.create(&staff, SPRING, evening(), details);
    let expected = [
        ("location_id".to_owned(), "unknown_location"),
        ("instructor_id".to_owned(), "unknown_instructor"),
    ];
    assert_eq!(wrong_fields(refused), expected);
    let details = SessionDetails {
        room: Some(Line::parse("2").unwrap()),
        ..nowhere()
    };
    let refused = sessions.create(&staff, SPRING, evening(), details);
    assert_eq!(wrong_fields(refused), wrong("room", "without_location"));
    let over = Hall::over(mocks(ClassState::Completed, &[], Overlaps::Refuse));
    let sessions = &over.application.class_sessions;
    let refused = sessions.create(&staff, SPRING, evening(), nowhere());
    assert_eq!(wrong_fields(refused), wrong("class_id", "not_under_way"));
}

#[test]
fn what_overlaps_is_refused_or_told_as_the_tenant_has_decided() {
    let hall = Hall::over(mocks(ClassState::Open, IN_THE_WAY, Overlaps::Refuse));
    let (sessions, staff) = (&hall.application.class_sessions, call(Role::Staff));
    let refused = sessions.create(&staff, SPRING, evening(), nowhere());
    let refused = refused.unwrap_err();
    assert_eq!(refused.code(), Code::SessionsOverlap);
    assert!(refused.to_string().contains("of the same instructor"));
    assert!(hall.rolled_back());
    let mut mocks = mocks(ClassState::Open, IN_THE_WAY, Overlaps::Warn);
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let sessions = &hall.application.class_sessions;
    let made = sessions
        .create(&staff, SPRING, evening(), nowhere())
        .unwrap();
    assert_eq!(made.overlaps, IN_THE_WAY);
    assert_eq!(told(&events), [("created", "class_session")]);
}

#[test]
fn what_overlapped_before_is_told_and_what_a_change_makes_is_refused() {
    let mut mocks = mocks(ClassState::Open, IN_THE_WAY, Overlaps::Refuse);
    let events = audited(&mut mocks);
    mocks
        .class_sessions
        .expect_of_series()
        .returning(|_, _| Ok(vec![session(3)]));
    let hall = Hall::over(mocks);
    let (sessions, staff) = (&hall.application.class_sessions, call(Role::Staff));
    let topic = SessionDetailsChange {
        topic: Change::Set(Some(Line::parse("Ohm's law").unwrap())),
        ..SessionDetailsChange::default()
    };
    let mut wanted = SessionChange {
        details: topic.clone(),
        ..SessionChange::default()
    };
    let one = session(3).id;
    let changed = sessions.update(&staff, one, wanted.clone()).unwrap();
    assert_eq!(changed.overlaps, IN_THE_WAY);
    let mut series = SeriesMove {
        details: topic,
        ..SeriesMove::default()
    };
    let moved = sessions.move_series(&staff, id(8_301), &series).unwrap();
    assert_eq!(moved.overlaps, IN_THE_WAY);
    assert_eq!(told(&events), [("updated", "class_session"); 2]);
    wanted.times.start = Some(time(17, 0, 0, 0));
    series.start = wanted.times.start;
    assert_eq!(
        code(sessions.update(&staff, one, wanted)),
        Code::SessionsOverlap
    );
    assert_eq!(
        code(sessions.move_series(&staff, id(8_301), &series)),
        Code::SessionsOverlap
    );
}

#[test]
fn a_change_of_the_day_takes_the_end_along_and_a_cancelled_session_stays_as_it_is() {
    let mut mocks = free();
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let (sessions, staff) = (&hall.application.class_sessions, call(Role::Staff));
    let (one, day) = (session(3).id, date(2026, 12, 1));
    let moved = SessionChange {
        times: TimesChange {
            date: Some(day),
            ..TimesChange::default()
        },
        ..SessionChange::default()
    };
    let changed = sessions.update(&staff, one, moved.clone()).unwrap();
    assert_eq!(changed.session.times.end_date(), day);
    assert_eq!(touched(&events), ["session_date", "end_date"]);
    let nothing = sessions.update(&staff, one, SessionChange::default());
    assert_eq!(nothing.unwrap().session, session(3));
    let stale = if_match(staff.clone(), 7);
    assert_eq!(
        code(sessions.update(&stale, one, moved.clone())),
        Code::Stale
    );
    let gone = sessions.cancel(&staff, one, &reason()).unwrap();
    assert_eq!(gone.session.cancelled, Some(reason()));
    let mut mocks = MockRepositories::default();
    mocks
        .class_sessions
        .expect_lock_timetable()
        .returning(|| Ok(()));
    mocks.class_sessions.expect_find().returning(|_| {
        let mut cancelled = session(3);
        cancelled.cancelled = Some(reason());
        Ok(Some(cancelled))
    });
    let hall = Hall::over(mocks);
    let sessions = &hall.application.class_sessions;
    assert_eq!(code(sessions.update(&staff, one, moved)), Code::IllegalMove);
    assert_eq!(
        code(sessions.cancel(&staff, one, &reason())),
        Code::IllegalMove
    );
}

#[test]
fn a_series_leaves_out_holidays_and_has_as_many_sessions_all_the_same() {
    let mut mocks = free();
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let (sessions, staff) = (&hall.application.class_sessions, call(Role::Staff));
    let made = sessions.create_series(&staff, series()).unwrap();
    let days: Vec<_> = made.sessions.iter().map(|one| one.times.date()).collect();
    let expected = [date(2026, 11, 19), date(2026, 12, 3), date(2026, 12, 10)];
    assert_eq!(days, expected);
    let left_out: Vec<_> = made.left_out.iter().map(|(day, _)| *day).collect();
    assert_eq!(left_out, [date(2026, 11, 26)]);
    assert!(made.sessions.iter().all(|one| one.series == Some(made.id)));
    assert_eq!(told(&events), [("created", "class_session"); 3]);
    let late = NewSeries {
        first: date(2027, 3, 18),
        rhythm: Rhythm::new(date(2027, 3, 18), 1, 3).unwrap(),
        ..series()
    };
    let refused = wrong_fields(sessions.create_series(&staff, late));
    assert_eq!(refused, [("first_date".to_owned(), "outside_the_term")]);
}

#[test]
fn a_series_is_moved_as_one_without_what_has_begun_and_not_to_a_holiday() {
    let mut mocks = free();
    let events = audited(&mut mocks);
    mocks
        .class_sessions
        .expect_of_series()
        .returning(|_, _| Ok(vec![session(0), session(3), session(10)]));
    let hall = Hall::over(mocks);
    let (sessions, staff) = (&hall.application.class_sessions, call(Role::Staff));
    let wanted = SeriesMove {
        days: 1,
        start: Some(time(17, 0, 0, 0)),
        details: SessionDetailsChange {
            topic: Change::Set(Some(Line::parse("Ohm's law").unwrap())),
            ..SessionDetailsChange::default()
        },
        ..SeriesMove::default()
    };
    let moved = sessions.move_series(&staff, id(8_301), &wanted).unwrap();
    // Today's evening has not begun at noon; it goes along.
    assert_eq!(moved.sessions.len(), 3);
    assert!(moved.sessions.iter().all(|one| one.times.minutes() == 240));
    assert_eq!(told(&events), [("updated", "class_session"); 3]);
    // Two days after a Tuesday is a Thursday: Thanksgiving Day.
    let holiday = SeriesMove { days: 2, ..wanted };
    let refused = sessions.move_series(&staff, id(8_301), &holiday);
    assert_eq!(wrong_fields(refused), [("days".to_owned(), "on_a_holiday")]);
    let meant = if_match(staff, 1);
    let refused = sessions.move_series(&meant, id(8_301), &holiday);
    assert_eq!(code(refused), Code::Stale);
}
