//! What the trust teaches: the beginning of its catalogue, and a class that is under way; all invented.

use jiff::{
    ToSpan,
    civil::{Date, Weekday, time},
};
use unionhall_application::{
    Application, ClassFilter, ClassSort, CourseFilter, CourseSort,
    call::Call,
    class_sessions::NewSeries,
    pages::{Direction, PageRequest},
};
use unionhall_domain::{
    class_sessions::{Rhythm, SessionDetails},
    classes::{ClassMove, ClassPlan, Term},
    courses::{CourseDetails, CourseId, CourseType, Prerequisites},
    hundredths::Hundredths,
    invalid::Invalid,
    seats::Seats,
    text::{Line, Prose},
};

use super::DemoError;

use CourseType::{Certification, Core, Elective};

/// A course in short: code, title, type, credits and contact hours in hundredths, the course before it.
type Entry = (
    &'static str,
    &'static str,
    CourseType,
    i64,
    i64,
    Option<&'static str>,
);

/// The catalogue, each course after the one that it asks for.
#[rustfmt::skip]
const COURSES: [Entry; 6] = [
    ("EL-101", "Electrical theory I", Core, 300, 3_600, None),
    ("EL-102", "Electrical theory II", Core, 300, 3_600, Some("EL-101")),
    ("CO-110", "Conduit bending", Core, 150, 2_400, None),
    ("MC-201", "Motor controls", Core, 350, 4_200, Some("EL-102")),
    ("PV-220", "Photovoltaic systems", Elective, 200, 2_700, Some("EL-102")),
    ("SA-30", "Construction safety, 30 hours", Certification, 100, 3_000, None),
];

/// The course that is taught now, and how its class is called.
const CLASS: (&str, &str) = ("EL-101", "Tuesday evenings");

/// Makes what is missing of it.
pub(super) fn ensure(application: &Application, call: &Call, today: Date) -> Result<(), DemoError> {
    let mut known: Vec<(&str, CourseId)> = Vec::new();
    for entry in &COURSES {
        let id = match find(application, call, entry.0)? {
            Some(id) => id,
            None => {
                let details = details(entry, &known)?;
                application.courses.create(call, details)?.id
            }
        };
        known.push((entry.0, id));
    }
    let (code, name) = CLASS;
    let course = known.iter().find(|(known, _)| *known == code);
    let (_, course) = course.ok_or_else(|| DemoError::Missing(code.to_owned()))?;
    class(application, call, today, (*course, name))
}

fn find(application: &Application, call: &Call, code: &str) -> Result<Option<CourseId>, DemoError> {
    let filter = CourseFilter {
        code: Some(code.to_owned()),
        ..CourseFilter::default()
    };
    let page = first(CourseSort::Code);
    let found = application.courses.list(call, &filter, &page)?;
    Ok(found.items.first().map(|course| course.id))
}

fn details(entry: &Entry, known: &[(&str, CourseId)]) -> Result<CourseDetails, Invalid> {
    let (code, name, course_type, credits, hours, before) = entry;
    let before = known.iter().filter(|(code, _)| Some(*code) == *before);
    Ok(CourseDetails {
        code: Line::parse(code)?,
        name: Line::parse(name)?,
        description: None,
        course_type: *course_type,
        credits: Hundredths::new(*credits)?,
        contact_hours: Hundredths::new(*hours)?,
        passing_grade: Hundredths::new(7_000)?,
        capacity: Some(Seats::new(24)?),
        required: *course_type == Core,
        taught: true,
        prerequisites: Prerequisites::new(before.map(|(_, id)| *id).collect())?,
    })
}

/// A class that began four weeks ago, with twelve evenings.
fn class(
    application: &Application,
    call: &Call,
    today: Date,
    (course, name): (CourseId, &str),
) -> Result<(), DemoError> {
    let filter = ClassFilter {
        course: Some(course),
        ..ClassFilter::default()
    };
    let page = first(ClassSort::Starts);
    if !application
        .classes
        .list(call, &filter, &page)?
        .items
        .is_empty()
    {
        return Ok(());
    }
    let began = today.saturating_sub(28.days());
    let term = Term::new(began, today.saturating_add(120.days()));
    let plan = ClassPlan {
        name: Line::parse(name)?,
        term: term.map_err(|error| error.invalid)?,
        capacity: None,
        notes: Some(Prose::parse("Meters and gloves are lent at the door.")?),
    };
    let class = application.classes.create(call, course, plan)?;
    let class = application.classes.act(call, class.id, ClassMove::Open)?;
    let first = began.nth_weekday(1, Weekday::Tuesday).unwrap_or(began);
    let rhythm = Rhythm::new(first, 1, 12).map_err(|error| error.invalid)?;
    let series = NewSeries {
        class: class.id,
        rhythm,
        first,
        start: time(18, 0, 0, 0),
        end: time(21, 0, 0, 0),
        over_midnight: false,
        on_holidays: false,
        details: SessionDetails::default(),
    };
    application.class_sessions.create_series(call, series)?;
    Ok(())
}

const fn first<S>(sort: S) -> PageRequest<S> {
    PageRequest {
        limit: 1,
        after: None,
        sort,
        direction: Direction::Ascending,
        with_total: false,
    }
}
