//! The columns of a roster: what halls call them, and what they mean here.

use unionhall_domain::invalid::Invalid;

use super::{
    report::{ImportReport, RowError},
    rows::Heading,
};

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

impl Field {
    const ALL: [Self; 15] = [
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

    /// The columns that a roster must have.
    const REQUIRED: [Self; 4] = [
        Self::MemberNumber,
        Self::FirstName,
        Self::LastName,
        Self::Classification,
    ];

    /// The name on the wire.
    pub(super) const fn as_str(self) -> &'static str {
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

    /// What halls call it, as [`bare`] writes it; its own name aside.
    const fn synonyms(self) -> &'static str {
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

    /// The field with this name on the wire.
    pub(super) fn on_the_wire(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == name)
    }

    /// The field that a heading means, if it is known.
    pub(super) fn named(heading: &str) -> Option<Self> {
        let heading = bare(heading);
        Self::ALL.into_iter().find(|field| {
            bare(field.as_str()) == heading
                || field
                    .synonyms()
                    .split_ascii_whitespace()
                    .any(|name| name == heading)
        })
    }
}

/// A name without case, spaces, underscores and punctuation; `#` and `№` mean `number`.
pub(super) fn bare(text: &str) -> String {
    text.replace(['#', '№'], "number")
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Where each field stands in a row.
#[derive(Debug)]
pub(super) struct Columns {
    headings: Vec<String>,
    places: Vec<(Field, usize)>,
}

impl Columns {
    /// Reads the headings. Unknown ones are listed in the report as ignored; none are returned when one
    /// is missing or there twice, which the report then says.
    pub(super) fn parse(heading: &Heading, report: &mut ImportReport) -> Option<Self> {
        let mut columns = Self {
            headings: heading.cells.clone(),
            places: Vec::new(),
        };
        let mut errors = Vec::new();
        let mut wrong = |column: String, field: Field, invalid: Invalid| {
            errors.push(RowError {
                line: heading.line,
                record: 0,
                column: Some(column),
                field: Some(field.as_str()),
                invalid,
            });
        };
        for (place, cell) in heading.cells.iter().enumerate() {
            match Field::named(cell) {
                None => report.ignore(place, cell),
                Some(field) => match columns.heading(field) {
                    None => columns.places.push((field, place)),
                    Some(earlier) => {
                        let detail = format!("means the same as the column {earlier}; keep one");
                        let invalid = Invalid::new("duplicate_column", detail);
                        wrong(cell.clone(), field, invalid);
                    }
                },
            }
        }
        for field in Field::REQUIRED {
            if columns.place(field).is_none() {
                let detail =
                    "is missing: the first row must name the columns, and this is one of them";
                let invalid = Invalid::new("missing_column", detail);
                wrong(field.as_str().to_owned(), field, invalid);
            }
        }
        if errors.is_empty() {
            return Some(columns);
        }
        report.reject_heading(errors);
        None
    }

    /// How many cells a row must have.
    pub(super) const fn count(&self) -> usize {
        self.headings.len()
    }

    /// Where a field stands in a row, if it has a column.
    pub(super) fn place(&self, field: Field) -> Option<usize> {
        self.places
            .iter()
            .find(|(known, _)| *known == field)
            .map(|(_, place)| *place)
    }

    /// What the file calls a field, if it has a column.
    pub(super) fn heading(&self, field: Field) -> Option<&str> {
        let place = self.place(field)?;
        self.headings.get(place).map(String::as_str)
    }
}
