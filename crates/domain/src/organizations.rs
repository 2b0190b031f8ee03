//! Organizations: the parties outside the hall, employers above all.

mod merging;

use jiff::Timestamp;

pub use self::merging::OrganizationField;
use crate::{
    audit::Fields,
    change::Change,
    ids::Id,
    invalid::Invalid,
    text::{Line, one_of},
    users::EmailAddress,
    version::Version,
};

/// The id of an [`Organization`].
pub type OrganizationId = Id<Organization>;

/// An employer, union, training partner or JATC on a tenant's books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// What the hall knows of it.
    pub details: OrganizationDetails,
    /// Counts its changes.
    pub version: Version,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was deleted, if it is.
    pub deleted_at: Option<Timestamp>,
}

/// What an organization can be to the hall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrganizationType {
    /// Employs members; grievances are filed against it.
    Employer,
    /// Another union.
    Union,
    /// A training partner.
    TrainingPartner,
    /// A joint apprenticeship and training committee.
    Jatc,
}

impl OrganizationType {
    /// Every type.
    pub const ALL: [Self; 4] = [
        Self::Employer,
        Self::Union,
        Self::TrainingPartner,
        Self::Jatc,
    ];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Employer => "employer",
            Self::Union => "union",
            Self::TrainingPartner => "training_partner",
            Self::Jatc => "jatc",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, |kind| kind.as_str())
    }
}

/// What is known of an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationDetails {
    /// Its name.
    pub name: Line<255>,
    /// What it is to the hall.
    pub org_type: OrganizationType,
    /// Street address.
    pub address: Option<Line<255>>,
    /// City.
    pub city: Option<Line<100>>,
    /// State or province.
    pub state: Option<Line<50>>,
    /// Postal code.
    pub zip_code: Option<Line<20>>,
    /// Telephone number, as written.
    pub phone: Option<Line<50>>,
    /// E-mail address.
    pub email: Option<EmailAddress>,
    /// Web site.
    pub website: Option<Line<255>>,
}

/// A partial change of an organization.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrganizationChange {
    /// Its name.
    pub name: Change<Line<255>>,
    /// What it is to the hall.
    pub org_type: Change<OrganizationType>,
    /// Street address.
    pub address: Change<Option<Line<255>>>,
    /// City.
    pub city: Change<Option<Line<100>>>,
    /// State or province.
    pub state: Change<Option<Line<50>>>,
    /// Postal code.
    pub zip_code: Change<Option<Line<20>>>,
    /// Telephone number.
    pub phone: Change<Option<Line<50>>>,
    /// E-mail address.
    pub email: Change<Option<EmailAddress>>,
    /// Web site.
    pub website: Change<Option<Line<255>>>,
}

impl OrganizationDetails {
    /// The details after a change.
    #[must_use]
    pub fn changed(mut self, change: OrganizationChange) -> Self {
        let OrganizationChange {
            name,
            org_type,
            address,
            city,
            state,
            zip_code,
            phone,
            email,
            website,
        } = change;
        name.apply(&mut self.name);
        org_type.apply(&mut self.org_type);
        address.apply(&mut self.address);
        city.apply(&mut self.city);
        state.apply(&mut self.state);
        zip_code.apply(&mut self.zip_code);
        phone.apply(&mut self.phone);
        email.apply(&mut self.email);
        website.apply(&mut self.website);
        self
    }

    /// The details as the audit trail shows them.
    pub fn fields(&self) -> Fields {
        let Self {
            name,
            org_type,
            address,
            city,
            state,
            zip_code,
            phone,
            email,
            website,
        } = self;
        vec![
            ("name", Some(name.to_string())),
            ("org_type", Some(org_type.as_str().to_owned())),
            ("address", address.as_ref().map(ToString::to_string)),
            ("city", city.as_ref().map(ToString::to_string)),
            ("state", state.as_ref().map(ToString::to_string)),
            ("zip_code", zip_code.as_ref().map(ToString::to_string)),
            ("phone", phone.as_ref().map(ToString::to_string)),
            ("email", email.as_ref().map(ToString::to_string)),
            ("website", website.as_ref().map(ToString::to_string)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_reads_what_it_prints() {
        for kind in OrganizationType::ALL {
            assert_eq!(OrganizationType::parse(kind.as_str()), Ok(kind));
        }
    }
}
