//! What the cells of a list of jobs may say, and who may bring one in.

use jiff::civil::date;
use unionhall_domain::roles::Role;

use super::{columns::Field, last_day};
use crate::{
    error::Code,
    fixtures::{Hall, call, code},
    imports::{ImportOptions, Sheet, columns::Field as _},
};

/// A file that nobody may open.
struct Closed;

impl Sheet for Closed {
    fn open(&self) -> std::io::Result<Box<dyn std::io::Read>> {
        panic!("whoever may not bring it in does not read it")
    }
}

#[test]
fn whoever_may_not_write_members_brings_no_jobs_in() {
    let hall = Hall::untouchable();
    let employments = &hall.application.employments;
    for role in [Role::Organizer, Role::Instructor, Role::Member] {
        let refused = employments.import(&call(role), &Closed, ImportOptions::default(), &|_| ());
        assert_eq!(code(refused), Code::Forbidden);
    }
    assert_eq!(hall.runs(), []);
}

#[test]
fn headings_are_known_by_what_halls_call_them() {
    for (heading, field) in [
        ("Card #", Field::MemberNumber),
        ("Contractor", Field::OrganizationName),
        ("Date Hired", Field::StartDate),
        ("Term. Date", Field::EndDate),
        ("Rate of Pay", Field::HourlyRate),
        ("Occupation", Field::JobTitle),
    ] {
        assert_eq!(Field::named(heading), Some(field), "{heading}");
    }
}

#[test]
fn a_last_day_is_a_day_or_none_where_the_job_goes_on() {
    assert_eq!(last_day("6/30/2021"), Ok(Some(date(2021, 6, 30))));
    for text in ["present", "To date", "N/A", "-"] {
        assert_eq!(last_day(text), Ok(None), "{text}");
    }
    assert_eq!(last_day("soon").unwrap_err().code, "not_a_date");
}
