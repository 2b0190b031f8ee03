//! Two records of one organization become one: which of them says what.

use super::{OrganizationDetails, OrganizationType};
use crate::{invalid::Invalid, text::one_of};

/// A field of an organization that one of two records decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrganizationField {
    /// Its name.
    Name,
    /// What it is to the hall.
    OrgType,
    /// Street address.
    Address,
    /// City.
    City,
    /// State or province.
    State,
    /// Postal code.
    ZipCode,
    /// Telephone number.
    Phone,
    /// E-mail address.
    Email,
    /// Web site.
    Website,
}

impl OrganizationField {
    /// Every field.
    pub const ALL: [Self; 9] = [
        Self::Name,
        Self::OrgType,
        Self::Address,
        Self::City,
        Self::State,
        Self::ZipCode,
        Self::Phone,
        Self::Email,
        Self::Website,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::OrgType => "org_type",
            Self::Address => "address",
            Self::City => "city",
            Self::State => "state",
            Self::ZipCode => "zip_code",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Website => "website",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, |field| field.as_str())
    }
}

impl OrganizationDetails {
    /// These details after the other record was merged into this one: what is known here stays, save the fields that
    /// are `taken` from the other, and what is not known here comes from there.
    #[must_use]
    pub fn merged_with(self, other: Self, taken: &[OrganizationField]) -> Self {
        use OrganizationField as F;
        fn pick<T>(taken: bool, mine: Option<T>, theirs: Option<T>) -> Option<T> {
            if taken {
                theirs.or(mine)
            } else {
                mine.or(theirs)
            }
        }
        let is = |field: F| taken.contains(&field);
        let kind = |taken: bool, mine: OrganizationType, theirs: OrganizationType| {
            if taken { theirs } else { mine }
        };
        Self {
            name: if is(F::Name) { other.name } else { self.name },
            org_type: kind(is(F::OrgType), self.org_type, other.org_type),
            address: pick(is(F::Address), self.address, other.address),
            city: pick(is(F::City), self.city, other.city),
            state: pick(is(F::State), self.state, other.state),
            zip_code: pick(is(F::ZipCode), self.zip_code, other.zip_code),
            phone: pick(is(F::Phone), self.phone, other.phone),
            email: pick(is(F::Email), self.email, other.email),
            website: pick(is(F::Website), self.website, other.website),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Line;

    fn details(name: &str, city: Option<&str>, phone: Option<&str>) -> OrganizationDetails {
        OrganizationDetails {
            name: Line::parse(name).unwrap(),
            org_type: OrganizationType::Employer,
            address: None,
            city: city.map(|text| Line::parse(text).unwrap()),
            state: None,
            zip_code: None,
            phone: phone.map(|text| Line::parse(text).unwrap()),
            email: None,
            website: None,
        }
    }

    #[test]
    fn what_is_known_stays_what_is_not_is_filled_in_and_what_is_taken_is_taken() {
        let winner = details("Puget Electric", Some("Seattle"), None);
        let loser = details("Puget Electric, Inc.", Some("Kent"), Some("206-555-0100"));
        assert_eq!(
            winner.clone().merged_with(loser.clone(), &[]),
            details("Puget Electric", Some("Seattle"), Some("206-555-0100"))
        );
        let taken = [OrganizationField::Name, OrganizationField::City];
        assert_eq!(winner.clone().merged_with(loser.clone(), &taken), loser);
        // Nothing is taken from where there is nothing.
        let phone = [OrganizationField::Phone];
        assert_eq!(loser.clone().merged_with(winner, &phone), loser);
    }

    #[test]
    fn every_field_reads_what_it_prints() {
        for field in OrganizationField::ALL {
            assert_eq!(OrganizationField::parse(field.as_str()), Ok(field));
        }
    }
}
