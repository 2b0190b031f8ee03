//! Union members: who they are, where they stand, and what may be written about them.

use std::fmt;

use jiff::{Timestamp, civil::Date};

use crate::{
    audit::Fields,
    change::Change,
    ids::Id,
    invalid::{FieldError, Invalid},
    text::{Line, Prose, one_of},
    users::EmailAddress,
    version::Version,
};

/// The id of a [`Member`].
pub type MemberId = Id<Member>;

/// A union member on a tenant's books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its id.
    pub id: MemberId,
    /// What the hall knows of the person.
    pub details: MemberDetails,
    /// Counts its changes.
    pub version: Version,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was deleted, if it is.
    pub deleted_at: Option<Timestamp>,
}

/// A member's number: 1 to 50 ASCII letters, digits and inner hyphens, in upper case.
///
/// Halls write numbers with a letter before or after; `a1204` and `A1204` are one number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberNumber(String);

impl MemberNumber {
    /// Trims, raises and checks a number.
    ///
    /// # Errors
    /// `not_a_member_number` for anything else.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim().to_ascii_uppercase();
        let fits = (1..=50).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !text.starts_with('-')
            && !text.ends_with('-');
        if fits {
            Ok(Self(text))
        } else {
            Err(Invalid::new(
                "not_a_member_number",
                "must be 1 to 50 letters, digits and inner hyphens, like 1204 or A1204",
            ))
        }
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MemberNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a member stands with the union.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MemberStatus {
    /// In good standing.
    Active,
    /// Not active at present.
    Inactive,
    /// Suspended.
    Suspended,
    /// Retired.
    Retired,
    /// Deceased.
    Deceased,
}

impl MemberStatus {
    /// Every status.
    pub const ALL: [Self; 5] = [
        Self::Active,
        Self::Inactive,
        Self::Suspended,
        Self::Retired,
        Self::Deceased,
    ];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Suspended => "suspended",
            Self::Retired => "retired",
            Self::Deceased => "deceased",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, |status| status.as_str())
    }
}

/// What a member works as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MemberClassification {
    /// First-year apprentice.
    Apprentice1,
    /// Second-year apprentice.
    Apprentice2,
    /// Third-year apprentice.
    Apprentice3,
    /// Fourth-year apprentice.
    Apprentice4,
    /// Fifth-year apprentice.
    Apprentice5,
    /// Journeyman.
    Journeyman,
    /// Foreman.
    Foreman,
    /// Retiree.
    Retiree,
    /// Honorary member.
    Honorary,
}

impl MemberClassification {
    /// Every classification.
    pub const ALL: [Self; 9] = [
        Self::Apprentice1,
        Self::Apprentice2,
        Self::Apprentice3,
        Self::Apprentice4,
        Self::Apprentice5,
        Self::Journeyman,
        Self::Foreman,
        Self::Retiree,
        Self::Honorary,
    ];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Apprentice1 => "apprentice_1",
            Self::Apprentice2 => "apprentice_2",
            Self::Apprentice3 => "apprentice_3",
            Self::Apprentice4 => "apprentice_4",
            Self::Apprentice5 => "apprentice_5",
            Self::Journeyman => "journeyman",
            Self::Foreman => "foreman",
            Self::Retiree => "retiree",
            Self::Honorary => "honorary",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, |class| class.as_str())
    }
}

/// What is known of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberDetails {
    /// The number the hall knows the member by; unique in the tenant.
    pub member_number: MemberNumber,
    /// Given name.
    pub first_name: Line<100>,
    /// Family name.
    pub last_name: Line<100>,
    /// Middle name.
    pub middle_name: Option<Line<100>>,
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
    /// Date of birth.
    pub date_of_birth: Option<Date>,
    /// The day the person joined the union.
    pub hire_date: Option<Date>,
    /// Where the member stands.
    pub status: MemberStatus,
    /// What the member works as.
    pub classification: MemberClassification,
    /// Free notes.
    pub notes: Option<Prose<10_000>>,
}

/// A partial change of a member.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MemberChange {
    /// The number.
    pub member_number: Change<MemberNumber>,
    /// Given name.
    pub first_name: Change<Line<100>>,
    /// Family name.
    pub last_name: Change<Line<100>>,
    /// Middle name.
    pub middle_name: Change<Option<Line<100>>>,
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
    /// Date of birth.
    pub date_of_birth: Change<Option<Date>>,
    /// The day the person joined the union.
    pub hire_date: Change<Option<Date>>,
    /// Where the member stands.
    pub status: Change<MemberStatus>,
    /// What the member works as.
    pub classification: Change<MemberClassification>,
    /// Free notes.
    pub notes: Change<Option<Prose<10_000>>>,
}

/// The earliest date of birth that is believed.
pub const EARLIEST_BIRTH: Date = Date::constant(1900, 1, 1);

impl MemberDetails {
    /// Checks what only shows in several fields together, or against the tenant's `today`.
    ///
    /// # Errors
    /// Every wrong field: `in_the_future` and `too_early` for dates, `before_birth` for a union
    /// joined before birth.
    pub fn check(&self, today: Date) -> Result<(), Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut wrong = |field, code, detail: &str| {
            errors.push(Invalid::new(code, detail).at(field));
        };
        if self.date_of_birth.is_some_and(|born| born > today) {
            wrong(
                "date_of_birth",
                "in_the_future",
                "must not be in the future",
            );
        }
        if self.date_of_birth.is_some_and(|born| born < EARLIEST_BIRTH) {
            wrong("date_of_birth", "too_early", "must be 1900-01-01 or later");
        }
        if self.hire_date.is_some_and(|hired| hired > today) {
            wrong("hire_date", "in_the_future", "must not be in the future");
        }
        if self.hire_date.is_some_and(|hired| hired < EARLIEST_BIRTH) {
            wrong("hire_date", "too_early", "must be 1900-01-01 or later");
        }
        if let (Some(born), Some(hired)) = (self.date_of_birth, self.hire_date)
            && hired <= born
        {
            wrong(
                "hire_date",
                "before_birth",
                "must be after the date of birth",
            );
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors)
        }
    }

    /// The details after a change.
    #[must_use]
    pub fn changed(mut self, change: MemberChange) -> Self {
        let MemberChange {
            member_number,
            first_name,
            last_name,
            middle_name,
            address,
            city,
            state,
            zip_code,
            phone,
            email,
            date_of_birth,
            hire_date,
            status,
            classification,
            notes,
        } = change;
        member_number.apply(&mut self.member_number);
        first_name.apply(&mut self.first_name);
        last_name.apply(&mut self.last_name);
        middle_name.apply(&mut self.middle_name);
        address.apply(&mut self.address);
        city.apply(&mut self.city);
        state.apply(&mut self.state);
        zip_code.apply(&mut self.zip_code);
        phone.apply(&mut self.phone);
        email.apply(&mut self.email);
        date_of_birth.apply(&mut self.date_of_birth);
        hire_date.apply(&mut self.hire_date);
        status.apply(&mut self.status);
        classification.apply(&mut self.classification);
        notes.apply(&mut self.notes);
        self
    }

    /// The details as the audit trail shows them.
    pub fn fields(&self) -> Fields {
        let Self {
            member_number,
            first_name,
            last_name,
            middle_name,
            address,
            city,
            state,
            zip_code,
            phone,
            email,
            date_of_birth,
            hire_date,
            status,
            classification,
            notes,
        } = self;
        vec![
            ("member_number", Some(member_number.to_string())),
            ("first_name", Some(first_name.to_string())),
            ("last_name", Some(last_name.to_string())),
            ("middle_name", middle_name.as_ref().map(ToString::to_string)),
            ("address", address.as_ref().map(ToString::to_string)),
            ("city", city.as_ref().map(ToString::to_string)),
            ("state", state.as_ref().map(ToString::to_string)),
            ("zip_code", zip_code.as_ref().map(ToString::to_string)),
            ("phone", phone.as_ref().map(ToString::to_string)),
            ("email", email.as_ref().map(ToString::to_string)),
            ("date_of_birth", date_of_birth.map(|day| day.to_string())),
            ("hire_date", hire_date.map(|day| day.to_string())),
            ("status", Some(status.as_str().to_owned())),
            ("classification", Some(classification.as_str().to_owned())),
            ("notes", notes.as_ref().map(ToString::to_string)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn details() -> MemberDetails {
        MemberDetails {
            member_number: MemberNumber::parse("A1204").unwrap(),
            first_name: Line::parse("Ada").unwrap(),
            last_name: Line::parse("Voltz").unwrap(),
            middle_name: None,
            address: None,
            city: None,
            state: None,
            zip_code: None,
            phone: None,
            email: None,
            date_of_birth: None,
            hire_date: None,
            status: MemberStatus::Active,
            classification: MemberClassification::Journeyman,
            notes: None,
        }
    }

    #[test]
    fn numbers_that_differ_in_case_or_blanks_are_one() {
        assert_eq!(MemberNumber::parse(" a1204 "), MemberNumber::parse("A1204"));
    }

    #[test]
    fn what_is_not_a_number_is_refused() {
        for text in ["", " ", "12 04", "-1204", "1204-", "Ä12", &"9".repeat(51)] {
            assert_eq!(
                MemberNumber::parse(text).unwrap_err().code,
                "not_a_member_number"
            );
        }
    }

    #[test]
    fn dates_are_checked_against_each_other_and_the_halls_today() {
        let today = date(2026, 11, 21);
        let table = [
            (None, None, vec![]),
            (Some(today), None, vec![]),
            (
                Some(date(2026, 11, 22)),
                None,
                vec![("date_of_birth", "in_the_future")],
            ),
            (
                Some(date(1899, 12, 31)),
                None,
                vec![("date_of_birth", "too_early")],
            ),
            (
                None,
                Some(date(2026, 11, 22)),
                vec![("hire_date", "in_the_future")],
            ),
            (
                None,
                Some(date(1899, 12, 31)),
                vec![("hire_date", "too_early")],
            ),
            (
                Some(date(1980, 5, 1)),
                Some(date(1980, 5, 1)),
                vec![("hire_date", "before_birth")],
            ),
            (Some(date(1980, 5, 1)), Some(date(2001, 9, 3)), vec![]),
        ];
        for (date_of_birth, hire_date, expected) in table {
            let details = MemberDetails {
                date_of_birth,
                hire_date,
                ..details()
            };
            let errors = details.check(today).err().unwrap_or_default();
            let found: Vec<_> = errors
                .iter()
                .map(|error| (error.field.as_ref(), error.invalid.code))
                .collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_change_touches_only_what_it_names() {
        let change = MemberChange {
            city: Change::Set(Some(Line::parse("Kent").unwrap())),
            ..MemberChange::default()
        };
        let changes =
            crate::audit::differences(details().fields(), details().changed(change).fields());
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0].field, "city");
        assert_eq!(changes[0].after.as_deref(), Some("Kent"));
    }

    #[test]
    fn every_status_and_classification_reads_what_it_prints() {
        for status in MemberStatus::ALL {
            assert_eq!(MemberStatus::parse(status.as_str()), Ok(status));
        }
        for class in MemberClassification::ALL {
            assert_eq!(MemberClassification::parse(class.as_str()), Ok(class));
        }
    }
}
