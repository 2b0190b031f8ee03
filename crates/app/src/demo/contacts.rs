//! The people at the organizations that the demo local deals with; all invented.

use unionhall_domain::{
    contacts::ContactDetails,
    invalid::Invalid,
    text::{Line, Prose},
    users::EmailAddress,
};

/// A person in short: organization, given and family name, title, the last two digits of the telephone number, notes.
/// The first of each organization is its primary contact.
type Entry = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    u8,
    Option<&'static str>,
);

#[rustfmt::skip]
const OF_THE_LOCAL: [Entry; 12] = [
    ("Duwamish Electric Works", "Marguerite", "Sorensen", "Labor Relations Manager", 50, Some("Answers grievances at step 1. Mornings are best.")),
    ("Duwamish Electric Works", "Teo", "Vargas", "Superintendent", 51, None),
    ("Duwamish Electric Works", "Pat", "Lindqvist", "Payroll", 52, Some("Sends the monthly hours.")),
    ("Snoqualmie Line Constructors", "Hollis", "Grant", "Owner", 53, None),
    ("Olympic Switchgear & Controls", "Adaeze", "Brandt", "HR Director", 54, None),
    ("Olympic Switchgear & Controls", "Ned", "Kowalski", "Shop Foreman", 55, None),
    ("Emerald Harbor Electric, Inc.", "Renée", "Castellanos", "Project Manager", 56, Some("Prefers e-mail.")),
    ("Copper Ridge Electrical Contractors", "Wendell", "Oyelaran", "General Manager", 57, None),
    ("Harbor Island Industrial Electric", "Sigrid", "Molina", "Labor Relations Manager", 58, None),
    ("Cedar River Data & Power", "Jun", "Abernathy", "HR Director", 59, None),
    ("Cascadia Safety Institute", "Dolores", "Finch", "Registrar", 60, None),
    ("Salish Sea Electrical JATC", "Amos", "Whitfield", "Training Director", 61, None),
];

/// The contacts of an organization of the local, its primary one first.
pub(super) fn at(organization: &str) -> Result<Vec<ContactDetails>, Invalid> {
    let here = OF_THE_LOCAL.iter().filter(|entry| entry.0 == organization);
    here.map(details).collect()
}

/// The organizations that have contacts.
pub(super) fn organizations() -> Vec<&'static str> {
    let mut names: Vec<_> = OF_THE_LOCAL.iter().map(|entry| entry.0).collect();
    names.dedup();
    names
}

fn details(entry: &Entry) -> Result<ContactDetails, Invalid> {
    let (_, first_name, last_name, title, phone, notes) = entry;
    let letters = last_name.to_lowercase();
    Ok(ContactDetails {
        first_name: Line::parse(first_name)?,
        last_name: Line::parse(last_name)?,
        title: Some(Line::parse(title)?),
        // 555-0100 to 555-0199 are kept free for inventions.
        phone: Some(Line::parse(&format!("206-555-01{phone:02}"))?),
        email: Some(EmailAddress::parse(&format!("{letters}@people.example"))?),
        notes: notes.map(Prose::parse).transpose()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::organizations::of_the_local;

    #[test]
    fn every_contact_can_be_made_and_works_for_an_organization_that_the_local_knows() {
        let known = of_the_local().unwrap();
        let mut count = 0;
        for organization in organizations() {
            count += at(organization).unwrap().len();
            let mut names = known.iter().map(|found| found.name.as_str());
            assert!(names.any(|name| name == organization), "{organization}");
        }
        assert_eq!(count, OF_THE_LOCAL.len());
    }
}
