//! What the cells of a list of organizations may say, and who may bring one in.

use unionhall_domain::{organizations::OrganizationType as T, roles::Role};

use super::columns::{Field, org_type};
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
fn whoever_may_not_write_organizations_brings_none_in() {
    let hall = Hall::untouchable();
    let organizations = &hall.application.organizations;
    for role in [Role::Organizer, Role::Instructor, Role::Member] {
        let refused = organizations.import(&call(role), &Closed, ImportOptions::default(), &|_| ());
        assert_eq!(code(refused), Code::Forbidden);
    }
    assert_eq!(hall.runs(), []);
}

#[test]
fn headings_and_types_are_known_by_what_halls_call_them() {
    for (heading, field) in [
        ("Company Name", Field::Name),
        ("EMPLOYER", Field::Name),
        ("Organization ID", Field::Id),
        ("Web Site", Field::Website),
        ("Type", Field::OrgType),
    ] {
        assert_eq!(Field::named(heading), Some(field), "{heading}");
    }
    assert_eq!(Field::named("Fax"), None);
    for (text, expected) in [
        ("Signatory Contractor", T::Employer),
        ("Local", T::Union),
        ("training_partner", T::TrainingPartner),
        ("J.A.T.C.", T::Jatc),
    ] {
        assert_eq!(org_type(text), Ok(expected), "{text}");
    }
    assert_eq!(org_type("bakery").unwrap_err().code, "unknown_value");
}
