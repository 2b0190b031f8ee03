//! What the columns of a list of contacts are called, and who may bring one in.

use unionhall_domain::roles::Role;

use super::columns::Field;
use crate::{
    error::Code,
    fixtures::{Hall, call, code},
    imports::{
        ImportOptions, Sheet,
        columns::Field as _,
        values::{amount, yes},
    },
};

/// A file that nobody may open.
struct Closed;

impl Sheet for Closed {
    fn open(&self) -> std::io::Result<Box<dyn std::io::Read>> {
        panic!("whoever may not bring it in does not read it")
    }
}

#[test]
fn whoever_may_not_write_organizations_brings_no_contacts_in() {
    let hall = Hall::untouchable();
    let contacts = &hall.application.contacts;
    for role in [Role::Organizer, Role::Instructor, Role::Member] {
        let refused = contacts.import(&call(role), &Closed, ImportOptions::default(), &|_| ());
        assert_eq!(code(refused), Code::Forbidden);
    }
    assert_eq!(hall.runs(), []);
}

#[test]
fn headings_are_known_by_what_halls_call_them() {
    for (heading, field) in [
        ("Employer", Field::OrganizationName),
        ("Company ID", Field::OrganizationId),
        ("Primary?", Field::IsPrimary),
        ("Main Contact", Field::IsPrimary),
        ("Position", Field::Title),
    ] {
        assert_eq!(Field::named(heading), Some(field), "{heading}");
    }
}

#[test]
fn a_yes_and_a_no_are_said_in_many_ways() {
    for text in ["yes", "Y", "TRUE", "1", "x", "✓", "Primary"] {
        assert_eq!(yes(text), Ok(true), "{text}");
    }
    for text in ["no", "N", "false", "0", "-"] {
        assert_eq!(yes(text), Ok(false), "{text}");
    }
    assert_eq!(yes("perhaps").unwrap_err().code, "not_a_boolean");
}

#[test]
fn money_is_read_as_spreadsheets_show_it_and_never_guessed() {
    for (text, minor) in [
        ("62.40", 6_240),
        ("$62.4", 6_240),
        ("$ 1,062.40/hr", 106_240),
        ("62.40 per hour", 6_240),
        ("1,234,567", 123_456_700),
    ] {
        assert_eq!(amount(text).map(|found| found.minor()), Ok(minor), "{text}");
    }
    for text in [
        "62,40",
        "1,23",
        "12,3456",
        "a lot",
        "62.405",
        "-5",
        "$",
        "62.40/week",
        "62.40 5",
    ] {
        assert_eq!(amount(text).unwrap_err().code, "not_an_amount", "{text}");
    }
}
