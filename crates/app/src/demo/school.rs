//! What the trust's school has: a place, two instructors, a cohort under way and its students; all invented.

use std::collections::HashMap;

use jiff::{ToSpan, civil::Date};
use unionhall_application::{
    Application, CohortFilter, CohortSort, InstructorFilter, InstructorSort, LocationFilter,
    LocationSort, StudentFilter, StudentSort,
    call::Call,
    cohorts::{Join, NewCohort},
    instructors::NewInstructor,
    pages::{Direction, PageRequest},
    students::{NewPerson, NewStudent},
};
use unionhall_domain::{
    change::Change,
    cohorts::{Cohort, CohortDetails, CohortMove, Taught},
    instructors::{Engagement, InstructorDetails, InstructorId, InstructorStatus, RateType, TaxId},
    locations::{LocationDetails, LocationId, LocationType},
    members::MemberDetails,
    money::Amount,
    organizations::OrganizationId,
    seats::Seats,
    students::{PersonName, Sent, Student, StudentDetails, StudentMove, Transition},
    text::Line,
    users::EmailAddress,
};

use super::DemoError;

/// The union that sends students, an organization of the trust.
const SENDER: &str = "Electrical Workers Local 46";
/// How many members of the trust are in the cohort.
const MEMBERS: usize = 8;
/// Given name, family name and number of those whom the union sends.
const SENT: [(&str, &str, &str); 4] = [
    ("Tomasz", "Wójcik", "46-2071"),
    ("Leilani", "Kealoha", "46-2072"),
    ("Priya", "Raman", "46-2073"),
    ("Duc", "Trần", "46-2074"),
];
/// Given name, family name, certification, rate in cents, how they are engaged and their tax id.
const INSTRUCTORS: [(&str, &str, &str, i64, Engagement, &str); 2] = [
    (
        "Marguerite",
        "Oyelaran",
        "OSHA 500",
        6_850,
        Engagement::Employee,
        "900-70-4411",
    ),
    (
        "Hal",
        "Brandvold",
        "State journey level instructor",
        7_500,
        Engagement::Contractor,
        "00-1234567",
    ),
];

/// Makes the school, each part where it is missing.
pub(super) fn ensure(
    application: &Application,
    call: &Call,
    today: Date,
    roster: &[MemberDetails],
    organizations: &HashMap<String, OrganizationId>,
) -> Result<(), DemoError> {
    let location = location(application, call)?;
    let instructors = instructors(application, call)?;
    let cohort = cohort(application, call, today, location, instructors)?;
    let page = everything(StudentSort::Name);
    let there = application
        .students
        .list(call, &StudentFilter::default(), &page)?
        .value
        .items
        .len();
    for new in people(application, call, today, roster, organizations)?
        .into_iter()
        .skip(there)
    {
        let student = application.students.create(call, new)?;
        enroll(application, call, today, &cohort, &student)?;
    }
    Ok(())
}

fn location(application: &Application, call: &Call) -> Result<LocationId, DemoError> {
    let page = everything(LocationSort::Name);
    let found = application
        .locations
        .list(call, &LocationFilter::default(), &page)?;
    if let Some(found) = found.items.first() {
        return Ok(found.id);
    }
    let details = LocationDetails {
        name: Line::parse("Renton Training Center")?,
        code: Some(Line::parse("RTC")?),
        kind: LocationType::TrainingSite,
        address_line1: Some(Line::parse("550 SW 7th St")?),
        address_line2: None,
        city: Some(Line::parse("Renton")?),
        state: Some(Line::parse("WA")?),
        postal_code: Some(Line::parse("98057")?),
        capacity: Some(Seats::new(60)?),
        square_feet: None,
        contact_name: None,
        contact_phone: None,
        contact_email: None,
        notes: None,
    };
    Ok(application.locations.create(call, details)?.id)
}

fn instructors(application: &Application, call: &Call) -> Result<Vec<InstructorId>, DemoError> {
    let page = everything(InstructorSort::Created);
    let found = application
        .instructors
        .list(call, &InstructorFilter::default(), &page)?
        .value
        .items;
    let mut ids: Vec<_> = found.iter().map(|instructor| instructor.id).collect();
    for (first, last, certification, rate, engagement, tax_id) in INSTRUCTORS.iter().skip(ids.len())
    {
        let details = InstructorDetails {
            first_name: Line::parse(first)?,
            last_name: Line::parse(last)?,
            email: EmailAddress::parse(&format!("{}@trust.example", last.to_lowercase()))?,
            phone: None,
            bio: None,
            certification: Some(Line::parse(certification)?),
            specialties: None,
            rate_type: RateType::Hourly,
            rate_amount: Some(Amount::from_minor(*rate)?),
            engagement: *engagement,
            user: None,
            status: InstructorStatus::Active,
        };
        let tax_id = Some(TaxId::parse(tax_id)?);
        let new = NewInstructor { details, tax_id };
        ids.push(application.instructors.create(call, new)?.id);
    }
    Ok(ids)
}

fn cohort(
    application: &Application,
    call: &Call,
    today: Date,
    location: LocationId,
    instructors: Vec<InstructorId>,
) -> Result<Cohort, DemoError> {
    let page = everything(CohortSort::Created);
    let found = application
        .cohorts
        .list(call, &CohortFilter::default(), &page)?;
    if let Some(found) = found.items.into_iter().next() {
        return Ok(found);
    }
    let start_date = today.saturating_sub(70.days());
    let details = CohortDetails {
        code: Line::parse(&format!("IW-{}", start_date.year()))?,
        name: Line::parse("Inside wireman, first year")?,
        description: None,
        start_date,
        end_date: Some(today.saturating_add(190.days())),
        location: Some(location),
        capacity: Some(Seats::new(20)?),
    };
    let taught = Taught {
        instructors: Change::Set(instructors),
        primary: Change::Keep,
    };
    let made = application
        .cohorts
        .create(call, NewCohort { details, taught })?;
    application
        .cohorts
        .act(call, made.id, CohortMove::Open, None)?;
    Ok(application
        .cohorts
        .act(call, made.id, CohortMove::Start, None)?)
}

/// Who is trained: the first members of the roster, and those whom the union sends.
fn people(
    application: &Application,
    call: &Call,
    today: Date,
    roster: &[MemberDetails],
    organizations: &HashMap<String, OrganizationId>,
) -> Result<Vec<NewStudent>, DemoError> {
    let union = organizations.get(SENDER);
    let union = *union.ok_or_else(|| DemoError::Missing(SENDER.to_owned()))?;
    let mut people = Vec::new();
    for member in roster.iter().take(MEMBERS) {
        let found = application
            .members
            .find_by_number(call, &member.member_number)?;
        people.push(NewPerson::Member(found.value.id));
    }
    for (first, last, number) in SENT {
        let sent = Sent {
            union,
            member_number: Line::parse(number)?,
            email: None,
            phone: None,
        };
        let name = PersonName {
            first: Line::parse(first)?,
            last: Line::parse(last)?,
        };
        people.push(NewPerson::Sent(sent, name));
    }
    let new = |person| NewStudent {
        person,
        details: StudentDetails {
            application_date: today.saturating_sub(120.days()),
            expected_completion_date: Some(today.saturating_add(1_750.days())),
            former_number: None,
            emergency_contact_name: None,
            emergency_contact_phone: None,
            emergency_contact_relationship: None,
            notes: None,
        },
    };
    Ok(people.into_iter().map(new).collect())
}

/// Enrolls a student and takes them into the cohort, as of when it began.
fn enroll(
    application: &Application,
    call: &Call,
    today: Date,
    cohort: &Cohort,
    student: &Student,
) -> Result<(), DemoError> {
    let on = Some(cohort.details.start_date.min(today));
    let wanted = Transition {
        wanted: StudentMove::Enroll,
        on,
        reason: None,
    };
    application.students.act(call, student.id, wanted)?;
    let student = student.id;
    application
        .cohorts
        .join(call, cohort.id, Join { student, on })?;
    Ok(())
}

/// The first hundred: more than the demo has.
const fn everything<S>(sort: S) -> PageRequest<S> {
    PageRequest {
        limit: 100,
        after: None,
        sort,
        direction: Direction::Ascending,
        with_total: false,
    }
}
