//! The columns of a roster: what halls call them, and what they mean here.

use crate::imports::columns;

/// A field of a member that a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    MemberNumber,
    FirstName,
    LastName,
    MiddleName,
    Address,
    City,
    State,
    ZipCode,
    Phone,
    Email,
    DateOfBirth,
    HireDate,
    Status,
    Classification,
    Notes,
}

impl columns::Field for Field {
    const ALL: &'static [Self] = &[
        Self::MemberNumber,
        Self::FirstName,
        Self::LastName,
        Self::MiddleName,
        Self::Address,
        Self::City,
        Self::State,
        Self::ZipCode,
        Self::Phone,
        Self::Email,
        Self::DateOfBirth,
        Self::HireDate,
        Self::Status,
        Self::Classification,
        Self::Notes,
    ];

    const REQUIRED: &'static [Self] = &[
        Self::MemberNumber,
        Self::FirstName,
        Self::LastName,
        Self::Classification,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::MemberNumber => "member_number",
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::MiddleName => "middle_name",
            Self::Address => "address",
            Self::City => "city",
            Self::State => "state",
            Self::ZipCode => "zip_code",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::DateOfBirth => "date_of_birth",
            Self::HireDate => "hire_date",
            Self::Status => "status",
            Self::Classification => "classification",
            Self::Notes => "notes",
        }
    }

    fn synonyms(self) -> &'static str {
        match self {
            Self::MemberNumber => {
                "member memberno memberid membernum memberidnumber number no cardnumber cardno card \
                 cardid ibewnumber ibewno ibewcardnumber localid unionid unionnumber unioncardnumber \
                 registernumber registrationnumber ledgernumber"
            }
            Self::FirstName => "first given givenname givennames forename fname memberfirstname",
            Self::LastName => "last surname family familyname lname memberlastname",
            Self::MiddleName => "middle middleinitial mi mname secondname",
            Self::Address => {
                "street streetaddress address1 addressline1 mailingaddress homeaddress addr"
            }
            Self::City => "town mailingcity homecity",
            Self::State => "st province stateprovince region mailingstate homestate",
            Self::ZipCode => "zip postalcode postcode postal zippostal zippostalcode mailingzip",
            Self::Phone => {
                "phonenumber phoneno telephone telephonenumber tel mobile mobilephone mobilenumber \
                 cell cellphone cellnumber cellphonenumber homephone primaryphone contactnumber"
            }
            Self::Email => "emailaddress primaryemail personalemail homeemail",
            Self::DateOfBirth => "dob birthdate birthday birth born bdate",
            Self::HireDate => {
                "datehired hired joindate datejoined joined joineddate dateofjoining unionjoindate \
                 initiationdate initiation initiated dateinitiated dateofinitiation membersince \
                 memberdate"
            }
            Self::Status => "memberstatus membershipstatus standing",
            Self::Classification => {
                "class memberclass memberclassification jobclass jobclassification \
                 workclassification tradeclassification type membertype"
            }
            Self::Notes => "note comment comments remark remarks memo",
        }
    }
}
