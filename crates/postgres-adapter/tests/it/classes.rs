//! Contract of the repositories of classes, of their sessions, and of the settings of a school.

use jiff::civil::{Date, Time, date, time};
use unionhall_domain::{
    class_sessions::{
        ClassSession, ClockTimes, OverlapKind, SeriesId, SessionDetails, SessionTimes,
    },
    classes::{Class, ClassPlan, ClassState, Term},
    courses::{Course, CourseDetails, CourseType, Edition, Prerequisites},
    hundredths::Hundredths,
    locations::{Location, LocationDetails, LocationType},
    seats::Seats,
    tenants::Tenant,
    text::Prose,
    training_settings::{Excused, Overlaps, TrainingSettings},
    version::Version,
};
use unionhall_ports::{
    class_sessions::ClassSessionFilter,
    classes::{ClassFilter, ClassSort},
    pages::{Direction, PageRequest},
    storage::StorageError,
    unit_of_work::{Repositories, Scope, UnitOfWork},
};
use unionhall_testing::{TestDatabase, builders};

/// A tenant with a course.
struct School<'a> {
    storage: &'a dyn UnitOfWork,
    tenant: Tenant,
    course: Course,
}

impl<'a> School<'a> {
    fn new(storage: &'a dyn UnitOfWork, slug: &str) -> Self {
        let tenant = builders::tenant(storage, slug);
        let number = |hundredths| Hundredths::new(hundredths).unwrap();
        let course = Course {
            id: builders::fresh_id(),
            details: CourseDetails {
                code: builders::line("EL-1"),
                name: builders::line("Theory"),
                description: None,
                course_type: CourseType::Core,
                credits: Hundredths::new(300).unwrap(),
                contact_hours: Hundredths::new(3_750).unwrap(),
                passing_grade: number(7_000),
                capacity: None,
                required: true,
                taught: true,
                prerequisites: Prerequisites::default(),
            },
            edition: Edition::FIRST,
            version: Version::FIRST,
            created_at: builders::now(),
            updated_at: builders::now(),
            deleted_at: None,
        };
        let school = Self {
            storage,
            tenant,
            course,
        };
        school.store(|tx| tx.courses().insert(&school.course));
        school
    }

    fn scope(&self) -> Scope {
        Scope::Tenant(self.tenant.id)
    }

    fn store<T>(&self, work: impl FnOnce(&mut dyn Repositories) -> Result<T, StorageError>) -> T {
        builders::store(self.storage, self.scope(), work)
    }

    fn tried<T>(
        &self,
        work: impl FnOnce(&mut dyn Repositories) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        self.storage.transaction(self.scope(), work)
    }

    /// A class of the course, not stored.
    fn class(&self, name: &str, starts_on: Date) -> Class {
        Class {
            id: builders::fresh_id(),
            course: self.course.id,
            edition: Edition::FIRST,
            plan: ClassPlan {
                name: builders::line(name),
                term: Term::new(starts_on, date(2027, 6, 30)).unwrap(),
                capacity: None,
                notes: None,
            },
            state: ClassState::Planned,
            version: Version::FIRST,
            created_at: builders::now(),
            updated_at: builders::now(),
            deleted_at: None,
        }
    }

    /// A class that is stored.
    fn put(&self, name: &str) -> Class {
        let class = self.class(name, date(2027, 1, 4));
        self.store(|tx| tx.classes().insert(&class));
        class
    }

    /// A session of a class on a day between two times, not stored.
    fn session(&self, class: &Class, day: Date, from: Time, to: Time) -> ClassSession {
        let clock = ClockTimes {
            date: day,
            start: from,
            end_date: if to > from {
                day
            } else {
                day.tomorrow().unwrap()
            },
            end: to,
        };
        ClassSession {
            id: builders::fresh_id(),
            class: class.id,
            series: None,
            times: SessionTimes::new(clock, &self.tenant.time_zone).unwrap(),
            details: SessionDetails::default(),
            cancelled: None,
            version: Version::FIRST,
            created_at: builders::now(),
            updated_at: builders::now(),
        }
    }

    fn location(&self) -> Location {
        let location = Location {
            id: builders::fresh_id(),
            details: LocationDetails {
                name: builders::line("Renton"),
                code: None,
                kind: LocationType::TrainingSite,
                address_line1: None,
                address_line2: None,
                city: None,
                state: None,
                postal_code: None,
                capacity: None,
                square_feet: None,
                contact_name: None,
                contact_phone: None,
                contact_email: None,
                notes: None,
            },
            version: Version::FIRST,
            created_at: builders::now(),
            updated_at: builders::now(),
            deleted_at: None,
        };
        self.store(|tx| tx.locations().insert(&location));
        location
    }
}

fn page<S: Default>() -> PageRequest<S> {
    PageRequest {
        limit: 50,
        after: None,
        sort: S::default(),
        direction: Direction::Ascending,
        with_total: true,
    }
}

const fn at(hour: i8) -> Time {
    time(hour, 0, 0, 0)
}

#[test]
fn a_class_comes_back_as_it_was_in_every_state_and_is_written_in_one_version() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let school = School::new(storage, "trust");
    let mut class = school.put("Spring");
    let reason = Prose::parse("Nobody came.").unwrap();
    for state in [
        ClassState::Planned,
        ClassState::Open,
        ClassState::Completed,
        ClassState::Cancelled(reason),
    ] {
        class.state = state;
        class.version = class.version.next();
        class.plan.capacity = Some(Seats::new(24).unwrap());
        class.plan.notes = Some(Prose::parse("Two\nlines").unwrap());
        school.store(|tx| tx.classes().update(&class));
        let found = school.store(|tx| tx.classes().find(class.id));
        assert_eq!(found.as_ref(), Some(&class));
    }
    let stale = school.tried(|tx| tx.classes().update(&class));
    assert!(matches!(stale, Err(StorageError::Stale)));
    let held = school.store(|tx| tx.classes().hold(class.id));
    assert_eq!(held.as_ref(), Some(&class));
    let of_course = || school.store(|tx| tx.classes().count_of_course(school.course.id));
    assert_eq!(of_course(), 1);
    let gone = Class {
        deleted_at: Some(builders::now()),
        version: class.version.next(),
        ..class.clone()
    };
    school.store(|tx| tx.classes().update(&gone));
    let found = school.store(|tx| {
        let classes = tx.classes();
        Ok((
            classes.find(class.id)?,
            classes.hold(class.id)?,
            classes.find_deleted(class.id)?,
        ))
    });
    assert_eq!(found, (None, None, Some(gone)));
    assert_eq!(of_course(), 0);
    let other = School::new(storage, "other");
    let foreign = Class {
        course: other.course.id,
        ..school.class("Theirs", date(2027, 1, 4))
    };
    let refused = school.tried(|tx| tx.classes().insert(&foreign));
    let Err(StorageError::Constraint { name }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(name, "classes_course_fkey");
}

#[test]
fn classes_are_filtered_by_course_status_day_and_words() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let school = School::new(storage, "trust");
    let spring = school.put("Spring evenings");
    let mut autumn = school.class("Autumn", date(2026, 9, 1));
    autumn.plan.term = Term::new(date(2026, 9, 1), date(2026, 12, 1)).unwrap();
    autumn.state = ClassState::Open;
    school.store(|tx| tx.classes().insert(&autumn));
    let names = |filter: ClassFilter, sort| {
        let page = PageRequest { sort, ..page() };
        let found = school.store(|tx| tx.classes().list(&filter, &page));
        assert_eq!(found.total, Some(u64::try_from(found.items.len()).unwrap()));
        found
            .items
            .into_iter()
            .map(|class| class.plan.name.to_string())
            .collect::<Vec<_>>()
    };
    let all = ClassFilter::default;
    assert_eq!(
        names(all(), ClassSort::Starts),
        ["Autumn", "Spring evenings"]
    );
    assert_eq!(names(all(), ClassSort::Created).len(), 2);
    for (filter, expected) in [
        (
            ClassFilter {
                status: Some("open"),
                ..all()
            },
            "Autumn",
        ),
        (
            ClassFilter {
                on: Some(date(2026, 12, 1)),
                ..all()
            },
            "Autumn",
        ),
        (
            ClassFilter {
                search: Some("even".to_owned()),
                ..all()
            },
            "Spring evenings",
        ),
    ] {
        assert_eq!(names(filter, ClassSort::Starts), [expected]);
    }
    let course = Some(spring.course);
    assert_eq!(
        names(ClassFilter { course, ..all() }, ClassSort::Starts).len(),
        2
    );
    let course = Some(builders::fresh_id());
    assert!(names(ClassFilter { course, ..all() }, ClassSort::Starts).is_empty());
}

/// A class with an evening in January, and a night in March, of a series, at a location, in which the clocks are put
/// forward.
struct Timetable<'a> {
    school: School<'a>,
    class: Class,
    series: SeriesId,
    early: ClassSession,
    night: ClassSession,
}

impl<'a> Timetable<'a> {
    fn new(storage: &'a dyn UnitOfWork) -> Self {
        let school = School::new(storage, "trust");
        let class = school.put("Spring");
        let location = school.location();
        let series = SeriesId::new(builders::fresh_uuid());
        let mut night = school.session(&class, date(2027, 3, 13), at(22), at(3));
        night.series = Some(series);
        night.details = SessionDetails {
            location: Some(location.id),
            room: Some(builders::line("Lab")),
            instructor: None,
            topic: Some(builders::line("Ohm's law")),
            notes: Some(Prose::parse("Bring meters.").unwrap()),
        };
        let early = school.session(&class, date(2027, 1, 5), at(18), at(21));
        let both = [night.clone(), early.clone()];
        school.store(|tx| tx.class_sessions().insert(&both));
        Self {
            school,
            class,
            series,
            early,
            night,
        }
    }

    fn list(&self, filter: &ClassSessionFilter) -> Vec<ClassSession> {
        let list = self
            .school
            .store(|tx| tx.class_sessions().list(filter, &page()));
        assert_eq!(list.total, Some(u64::try_from(list.items.len()).unwrap()));
        list.items
    }
}

#[test]
fn sessions_are_listed_by_time_and_filtered() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let known = Timetable::new(storage);
    let all = ClassSessionFilter::default;
    let both = [known.early.clone(), known.night.clone()];
    assert_eq!(known.list(&all()), both);
    assert_eq!(known.list(&all())[1].times.minutes(), 240);
    for filter in [
        ClassSessionFilter {
            series: Some(known.series),
            ..all()
        },
        ClassSessionFilter {
            location: known.night.details.location,
            ..all()
        },
        ClassSessionFilter {
            from: Some(date(2027, 3, 13)),
            ..all()
        },
    ] {
        assert_eq!(known.list(&filter), std::slice::from_ref(&known.night));
    }
    let early = ClassSessionFilter {
        to: Some(date(2027, 3, 12)),
        ..all()
    };
    assert_eq!(known.list(&early), std::slice::from_ref(&known.early));
    let of_class = ClassSessionFilter {
        class: Some(known.class.id),
        is_cancelled: Some(false),
        ..all()
    };
    assert_eq!(known.list(&of_class), both);
    let nobodys = ClassSessionFilter {
        instructor: Some(builders::fresh_id()),
        ..all()
    };
    assert!(known.list(&nobodys).is_empty());
}

#[test]
fn a_cancelled_session_comes_back_as_it_was_and_belongs_to_no_series_and_class_any_more() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let known = Timetable::new(storage);
    let cancelled = ClassSession {
        cancelled: Some(Prose::parse("Snow.").unwrap()),
        version: known.night.version.next(),
        ..known.night.clone()
    };
    let school = &known.school;
    let (location, times) = (cancelled.details.location.unwrap(), cancelled.times);
    let days = |now| school.store(|tx| tx.class_sessions().days_at(location, now));
    assert_eq!(days(times.starts_at()), [times.date()]);
    assert!(days(times.ends_at()).is_empty());
    let nobody = builders::fresh_id();
    let taught = school.store(|tx| tx.class_sessions().days_taught_by(nobody, builders::now()));
    assert!(taught.is_empty());
    school.store(|tx| tx.class_sessions().update(&cancelled));
    assert!(days(times.starts_at()).is_empty());
    let stale = school.tried(|tx| tx.class_sessions().update(&cancelled));
    assert!(matches!(stale, Err(StorageError::Stale)));
    let (found, held, of_class, of_series) = school.store(|tx| {
        let sessions = tx.class_sessions();
        Ok((
            sessions.find(cancelled.id)?,
            sessions.hold(cancelled.id)?,
            sessions.of_class(known.class.id)?,
            sessions.of_series(known.series, date(2027, 1, 1))?,
        ))
    });
    assert_eq!(found.as_ref(), Some(&cancelled));
    assert_eq!(held.as_ref(), Some(&cancelled));
    assert_eq!(
        (of_class, of_series),
        (vec![known.early.clone()], Vec::new())
    );
    let filter = ClassSessionFilter {
        is_cancelled: Some(true),
        ..ClassSessionFilter::default()
    };
    assert_eq!(known.list(&filter), [cancelled]);
}

#[test]
fn overlaps_are_of_rooms_and_classes_for_a_moment_at_least_and_not_of_what_is_cancelled() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let school = School::new(storage, "trust");
    let [one, other] = ["One", "Other"].map(|name| school.put(name));
    let location = school.location();
    let day = date(2027, 1, 5);
    let in_room = |class, from, to, room: &str| {
        let mut session = school.session(class, day, at(from), at(to));
        session.details.location = Some(location.id);
        session.details.room = Some(builders::line(room));
        session
    };
    let asked = in_room(&one, 18, 21, "Lab");
    let same_room = in_room(&other, 20, 22, "lab");
    let afterwards = in_room(&other, 22, 23, "Lab");
    let mut other_room = in_room(&other, 18, 19, "Hall");
    let mut cancelled = in_room(&other, 18, 21, "Lab");
    cancelled.cancelled = Some(Prose::parse("Snow.").unwrap());
    let night = school.session(&one, date(2027, 1, 4), at(20), at(19));
    other_room.details.notes = None;
    let all = [
        &asked,
        &same_room,
        &afterwards,
        &other_room,
        &cancelled,
        &night,
    ]
    .map(Clone::clone);
    school.store(|tx| tx.class_sessions().insert(&all));
    let found = school.store(|tx| tx.class_sessions().overlaps(&[asked.id, cancelled.id]));
    let found: Vec<_> = found
        .iter()
        .map(|overlap| (overlap.kind, overlap.other, overlap.of))
        .collect();
    let expected = [
        (OverlapKind::Class, night.id, one.id.uuid()),
        (OverlapKind::Room, same_room.id, location.id.uuid()),
    ];
    assert_eq!(found, expected);
}

#[test]
fn settings_are_the_usual_ones_until_somebody_decides() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let school = School::new(storage, "trust");
    let find = || school.store(|tx| tx.training_settings().find());
    assert_eq!(find(), TrainingSettings::USUAL);
    let mut decided = TrainingSettings {
        overlaps: Overlaps::Warn,
        excused: Excused::Absent,
        version: Version::FIRST.next(),
        ..TrainingSettings::USUAL
    };
    let put = |settings: &TrainingSettings| school.tried(|tx| tx.training_settings().put(settings));
    put(&decided).unwrap();
    assert_eq!(find(), decided);
    assert!(matches!(put(&decided), Err(StorageError::Stale)));
    decided.version = decided.version.next();
    decided.overlaps = Overlaps::Refuse;
    put(&decided).unwrap();
    assert_eq!(find(), decided);
}
