//! The columns of a list of contacts: what halls call them, and what they mean here.

use crate::imports::{
    columns,
    places::{ID_SYNONYMS, NAME_SYNONYMS},
};

/// A field of a contact that a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Id,
    OrganizationId,
    OrganizationName,
    FirstName,
    LastName,
    Title,
    Phone,
    Email,
    IsPrimary,
    Notes,
}

impl columns::Field for Field {
    const ALL: &'static [Self] = &[
        Self::Id,
        Self::OrganizationId,
        Self::OrganizationName,
        Self::FirstName,
        Self::LastName,
        Self::Title,
        Self::Phone,
        Self::Email,
        Self::IsPrimary,
        Self::Notes,
    ];

    const REQUIRED: &'static [Self] = &[Self::FirstName, Self::LastName];

    fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::OrganizationId => "organization_id",
            Self::OrganizationName => "organization_name",
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Title => "title",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::IsPrimary => "is_primary",
            Self::Notes => "notes",
        }
    }

    fn synonyms(self) -> &'static str {
        match self {
            Self::Id => "contactid",
            Self::OrganizationId => ID_SYNONYMS,
            Self::OrganizationName => NAME_SYNONYMS,
            Self::FirstName => "first given givenname givennames forename fname contactfirstname",
            Self::LastName => "last surname family familyname lname contactlastname",
            Self::Title => "jobtitle position role contacttitle",
            Self::Phone => {
                "phonenumber phoneno telephone telephonenumber tel mobile mobilephone cell \
                 cellphone directphone officephone contactphone"
            }
            Self::Email => "emailaddress contactemail workemail",
            Self::IsPrimary => "primary primarycontact main maincontact",
            Self::Notes => "note comment comments remark remarks memo",
        }
    }
}
