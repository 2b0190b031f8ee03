//! The columns of a list of organizations: what halls call them, and what they mean here.

use unionhall_domain::{invalid::Invalid, organizations::OrganizationType};

use crate::imports::{
    columns::{self, bare},
    values::listed,
};

/// A field of an organization that a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Id,
    Name,
    OrgType,
    Address,
    City,
    State,
    ZipCode,
    Phone,
    Email,
    Website,
}

impl columns::Field for Field {
    const ALL: &'static [Self] = &[
        Self::Id,
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

    const REQUIRED: &'static [Self] = &[Self::Name];

    fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
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

    fn synonyms(self) -> &'static str {
        match self {
            Self::Id => "organizationid orgid employerid companyid",
            Self::Name => {
                "organization organizationname organisation organisationname employer employername company \
                 companyname contractor contractorname firm firmname business businessname"
            }
            Self::OrgType => "type kind organizationtype organisationtype category",
            Self::Address => {
                "street streetaddress address1 addressline1 mailingaddress businessaddress addr"
            }
            Self::City => "town mailingcity",
            Self::State => "st province stateprovince region mailingstate",
            Self::ZipCode => "zip postalcode postcode postal zippostal zippostalcode mailingzip",
            Self::Phone => {
                "phonenumber phoneno telephone telephonenumber tel officephone mainphone \
                 businessphone"
            }
            Self::Email => "emailaddress officeemail businessemail",
            Self::Website => "web site url homepage webaddress www",
        }
    }
}

/// What an organization is to the hall, by its name or what halls call it.
pub(super) fn org_type(text: &str) -> Result<OrganizationType, Invalid> {
    use OrganizationType as T;
    let name = bare(text);
    let names = |kind: T| match kind {
        T::Employer => {
            "company contractor signatory signatorycontractor signatoryemployer firm shop business er"
        }
        T::Union => "local localunion labororganization otherunion",
        T::TrainingPartner => "training trainer trainingprovider trainingcenter school college",
        T::Jatc => {
            "jac apprenticeship apprenticeshipcommittee jointapprenticeshipandtrainingcommittee"
        }
    };
    T::ALL
        .into_iter()
        .find(|kind| bare(kind.as_str()) == name || listed(names(*kind), &name))
        .map_or_else(|| T::parse(text), Ok)
}
