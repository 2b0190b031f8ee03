//! The parties that the demo halls deal with; all invented.

use unionhall_domain::{
    invalid::Invalid,
    organizations::{OrganizationDetails, OrganizationType},
    text::Line,
    users::EmailAddress,
};

use OrganizationType::{Employer, Jatc, TrainingPartner, Union};

/// An organization in short: type, name, street, city, postal code, the last two digits of its telephone number,
/// and the name of its site.
type Entry = (
    OrganizationType,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    u8,
    &'static str,
);

#[rustfmt::skip]
const OF_THE_LOCAL: [Entry; 18] = [
    (Employer, "Duwamish Electric Works", "4120 Airport Way S", "Seattle", "98108", 10, "duwamish-electric"),
    (Employer, "Snoqualmie Line Constructors", "880 Preston Fall City Rd", "Preston", "98050", 11, "snoqualmie-line"),
    (Employer, "Olympic Switchgear & Controls", "2301 Port Industrial Way", "Bremerton", "98312", 12, "olympic-switchgear"),
    (Employer, "Emerald Harbor Electric, Inc.", "1509 Elliott Ave W", "Seattle", "98119", 13, "emerald-harbor"),
    (Employer, "Tidewater Marine Electric", "3600 W Commodore Way", "Seattle", "98199", 14, "tidewater-marine"),
    (Employer, "Copper Ridge Electrical Contractors", "712 S Fife St", "Tacoma", "98405", 15, "copper-ridge"),
    (Employer, "Northgate Low Voltage LLC", "11050 Roosevelt Way NE", "Seattle", "98125", 16, "northgate-lv"),
    (Employer, "Harbor Island Industrial Electric", "1740 13th Ave SW", "Seattle", "98134", 17, "harbor-island-ie"),
    (Employer, "Pilchuck Solar & Storage", "4915 Evergreen Way", "Everett", "98203", 18, "pilchuck-solar"),
    (Employer, "Cedar River Data & Power", "601 SW 41st St", "Renton", "98057", 19, "cedar-river-dp"),
    (Employer, "Skykomish Signal & Traffic", "17231 Beaton Rd SE", "Monroe", "98272", 20, "skykomish-signal"),
    (Employer, "SoDo Tenant Improvement Electric", "2944 1st Ave S", "Seattle", "98134", 21, "sodo-tie"),
    (Union, "Pipe Trades Local 932", "595 Monster Rd SW", "Renton", "98057", 30, "pipetrades932"),
    (Union, "Stage and Exhibition Workers Local 415", "2800 1st Ave", "Seattle", "98121", 31, "stage415"),
    (TrainingPartner, "South Harbor Technical College", "6000 16th Ave SW", "Seattle", "98106", 40, "southharbor"),
    (TrainingPartner, "Cascadia Safety Institute", "19401 40th Ave W", "Lynnwood", "98036", 41, "cascadia-safety"),
    (TrainingPartner, "First Rung Pre-Apprenticeship Project", "1411 S Yakima Ave", "Tacoma", "98405", 42, "firstrung"),
    (Jatc, "Salish Sea Electrical JATC", "550 SW 7th St", "Renton", "98057", 43, "salishsea-jatc"),
];

#[rustfmt::skip]
const OF_THE_TRUST: [Entry; 6] = [
    (Union, "Electrical Workers Local 46", "19802 62nd Ave S", "Kent", "98032", 1, "local46"),
    (Jatc, "Salish Sea Electrical JATC", "550 SW 7th St", "Renton", "98057", 43, "salishsea-jatc"),
    (TrainingPartner, "South Harbor Technical College", "6000 16th Ave SW", "Seattle", "98106", 40, "southharbor"),
    (TrainingPartner, "Cascadia Safety Institute", "19401 40th Ave W", "Lynnwood", "98036", 41, "cascadia-safety"),
    (Employer, "Emerald Harbor Electric, Inc.", "1509 Elliott Ave W", "Seattle", "98119", 13, "emerald-harbor"),
    (Employer, "Cedar River Data & Power", "601 SW 41st St", "Renton", "98057", 19, "cedar-river-dp"),
];

/// The organizations on the local's books.
pub(super) fn of_the_local() -> Result<Vec<OrganizationDetails>, Invalid> {
    OF_THE_LOCAL.iter().map(details).collect()
}

/// The organizations on the trust's books.
pub(super) fn of_the_trust() -> Result<Vec<OrganizationDetails>, Invalid> {
    OF_THE_TRUST.iter().map(details).collect()
}

/// The names of the local's employers, in their order.
pub(super) fn employers() -> impl Iterator<Item = &'static str> {
    let employer = |entry: &&Entry| entry.0 == Employer;
    OF_THE_LOCAL.iter().filter(employer).map(|entry| entry.1)
}

fn details(entry: &Entry) -> Result<OrganizationDetails, Invalid> {
    let (org_type, name, address, city, zip_code, phone, site) = entry;
    Ok(OrganizationDetails {
        name: Line::parse(name)?,
        org_type: *org_type,
        address: Some(Line::parse(address)?),
        city: Some(Line::parse(city)?),
        state: Some(Line::parse("WA")?),
        zip_code: Some(Line::parse(zip_code)?),
        // 555-0100 to 555-0199 are kept free for inventions.
        phone: Some(Line::parse(&format!("206-555-01{phone:02}"))?),
        email: Some(EmailAddress::parse(&format!("office@{site}.example"))?),
        website: Some(Line::parse(&format!("https://www.{site}.example"))?),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_organization_can_be_made_and_has_a_name_of_its_own() {
        for organizations in [of_the_local().unwrap(), of_the_trust().unwrap()] {
            let names: HashSet<_> = organizations.iter().map(|found| &found.name).collect();
            assert_eq!(names.len(), organizations.len());
        }
    }

    #[test]
    fn the_local_deals_with_every_kind_of_organization() {
        let organizations = of_the_local().unwrap();
        let count = |kind| {
            let of_kind = |found: &&OrganizationDetails| found.org_type == kind;
            organizations.iter().filter(of_kind).count()
        };
        let counts = OrganizationType::ALL.map(count);
        assert_eq!(counts, [12, 2, 3, 1]);
    }
}
