//! Students: who is trained, whether a member of this tenant or somebody whom another union sends.

mod numbers;
mod progress;

use jiff::{Timestamp, civil::Date};

pub use numbers::StudentNumber;
pub use progress::{IllegalMove, Moved, StudentMove, StudentStatus, Transition, table};

use crate::{
    audit::Fields,
    change::Change,
    ids::Id,
    invalid::{FieldError, Invalid},
    members::MemberId,
    organizations::OrganizationId,
    text::{Line, Prose},
    users::EmailAddress,
    version::Version,
};

/// The id of a [`Student`].
pub type StudentId = Id<Student>;

/// Somebody in training.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Student {
    /// Its id.
    pub id: StudentId,
    /// The number that people quote.
    pub number: StudentNumber,
    /// Who it is.
    pub person: Person,
    /// What they are called; of a member what the roster says, whenever it is read.
    pub name: PersonName,
    /// What else is known of them.
    pub details: StudentDetails,
    /// Where they stand; moved by [`Standing::apply`] alone.
    pub standing: Standing,
    /// Counts its changes.
    pub version: Version,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was deleted, if it is.
    pub deleted_at: Option<Timestamp>,
}

/// Who is trained, or wants to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Person {
    /// A member of this tenant.
    Member(MemberId),
    /// Somebody whom another union sends: what this tenant itself holds of them.
    Sent(Sent),
}

/// What a tenant holds of a person whom another union sends. Nothing of it is read from that union's own books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The union, an organization on the books of this tenant.
    pub union: OrganizationId,
    /// The number that the person has there.
    pub member_number: Line<50>,
    /// E-mail address.
    pub email: Option<EmailAddress>,
    /// Telephone number, as written.
    pub phone: Option<Line<50>>,
}

/// What somebody is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonName {
    /// Given name.
    pub first: Line<100>,
    /// Family name.
    pub last: Line<100>,
}

impl PersonName {
    /// Given and family name.
    pub fn full(&self) -> String {
        format!("{} {}", self.first, self.last)
    }
}

impl Person {
    /// The member, if it is one of this tenant.
    pub const fn member(&self) -> Option<MemberId> {
        match self {
            Self::Member(member) => Some(*member),
            Self::Sent(_) => None,
        }
    }

    /// What is held of them, if another union sends them.
    pub const fn sent(&self) -> Option<&Sent> {
        match self {
            Self::Member(_) => None,
            Self::Sent(sent) => Some(sent),
        }
    }
}

/// A change of what is held of a person whom another union sends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SentChange {
    /// Given name.
    pub first_name: Change<Line<100>>,
    /// Family name.
    pub last_name: Change<Line<100>>,
    /// The number that the person has at their union.
    pub member_number: Change<Line<50>>,
    /// E-mail address.
    pub email: Change<Option<EmailAddress>>,
    /// Telephone number.
    pub phone: Change<Option<Line<50>>>,
}

impl SentChange {
    /// The fields that it names.
    fn named(&self) -> Vec<&'static str> {
        let Self {
            first_name,
            last_name,
            member_number,
            email,
            phone,
        } = self;
        let named = [
            ("first_name", matches!(first_name, Change::Set(_))),
            ("last_name", matches!(last_name, Change::Set(_))),
            ("member_number", matches!(member_number, Change::Set(_))),
            ("email", matches!(email, Change::Set(_))),
            ("phone", matches!(phone, Change::Set(_))),
        ];
        let named = named.into_iter().filter(|(_, is_named)| *is_named);
        named.map(|(name, _)| name).collect()
    }

    /// The person and their name after the change.
    ///
    /// # Errors
    /// `kept_on_the_roster` of each field that is named of a member: those are changed on the roster.
    pub fn apply(
        self,
        person: Person,
        name: PersonName,
    ) -> Result<(Person, PersonName), Vec<FieldError>> {
        match person {
            Person::Member(member) => {
                let detail = "is what the roster says of the member, and changed there";
                let wrong = |field| Invalid::new("kept_on_the_roster", detail).at(field);
                let errors: Vec<_> = self.named().into_iter().map(wrong).collect();
                if errors.is_empty() {
                    Ok((Person::Member(member), name))
                } else {
                    Err(errors)
                }
            }
            Person::Sent(mut sent) => {
                let mut name = name;
                self.first_name.apply(&mut name.first);
                self.last_name.apply(&mut name.last);
                self.member_number.apply(&mut sent.member_number);
                self.email.apply(&mut sent.email);
                self.phone.apply(&mut sent.phone);
                Ok((Person::Sent(sent), name))
            }
        }
    }
}

/// Where a student stands, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The status.
    pub status: StudentStatus,
    /// The day they were enrolled, the first time.
    pub enrollment_date: Option<Date>,
    /// The day they completed.
    pub completion_date: Option<Date>,
    /// The day of the last move; the day of the application before the first.
    pub since: Date,
}

impl Standing {
    /// Somebody who applied on this day.
    pub const fn applicant(on: Date) -> Self {
        Self {
            status: StudentStatus::Applicant,
            enrollment_date: None,
            completion_date: None,
            since: on,
        }
    }

    /// The standing of somebody who, as it turns out, applied on this day.
    fn applied(self, on: Date) -> Result<Self, Vec<FieldError>> {
        if self.status == StudentStatus::Applicant {
            return Ok(Self { since: on, ..self });
        }
        if on > self.enrollment_date.unwrap_or(self.since) {
            let invalid = Invalid::new("after_first_move", "must not be after the first move");
            return Err(vec![invalid.at("application_date")]);
        }
        Ok(self)
    }

    /// The standing after a move on this day.
    ///
    /// # Errors
    /// [`IllegalMove`] when the table does not have it.
    pub fn apply(self, wanted: StudentMove, on: Date) -> Result<Self, IllegalMove> {
        let status = self.status.apply(wanted)?;
        let is = |wanted: StudentStatus| (status == wanted).then_some(on);
        Ok(Self {
            status,
            enrollment_date: self.enrollment_date.or(is(StudentStatus::Enrolled)),
            completion_date: is(StudentStatus::Completed),
            since: on,
        })
    }
}

/// What is known of a student beside who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudentDetails {
    /// The day they applied.
    pub application_date: Date,
    /// The day they should be through.
    pub expected_completion_date: Option<Date>,
    /// The number that an older system gave them.
    pub former_number: Option<Line<20>>,
    /// Whom to call when something happens.
    pub emergency_contact_name: Option<Line<200>>,
    /// Their telephone number, as written.
    pub emergency_contact_phone: Option<Line<50>>,
    /// What they are to the student.
    pub emergency_contact_relationship: Option<Line<50>>,
    /// Free notes.
    pub notes: Option<Prose<5_000>>,
}

/// A partial change of a student.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StudentChange {
    /// What is held of a person whom another union sends.
    pub sent: SentChange,
    /// The day they applied.
    pub application_date: Change<Date>,
    /// The day they should be through.
    pub expected_completion_date: Change<Option<Date>>,
    /// The number that an older system gave them.
    pub former_number: Change<Option<Line<20>>>,
    /// Whom to call when something happens.
    pub emergency_contact_name: Change<Option<Line<200>>>,
    /// Their telephone number, as written.
    pub emergency_contact_phone: Change<Option<Line<50>>>,
    /// What they are to the student.
    pub emergency_contact_relationship: Change<Option<Line<50>>>,
    /// Free notes.
    pub notes: Change<Option<Prose<5_000>>>,
}

impl StudentDetails {
    /// Sees that the dates make sense on the tenant's `today`.
    ///
    /// # Errors
    /// `in_the_future` of `application_date`; `before_application` of `expected_completion_date`.
    pub fn check(&self, today: Date) -> Result<(), FieldError> {
        if self.application_date > today {
            let invalid = Invalid::new("in_the_future", "must not be after today");
            return Err(invalid.at("application_date"));
        }
        let expected = self.expected_completion_date;
        if expected.is_some_and(|expected| expected < self.application_date) {
            let invalid = Invalid::new("before_application", "must not be before the application");
            return Err(invalid.at("expected_completion_date"));
        }
        Ok(())
    }
}

impl Student {
    /// The student after a change. Whoever has applied and made no move since stands where they are since the day of the
    /// application.
    ///
    /// # Errors
    /// As [`SentChange::apply`]; `after_first_move` of `application_date`.
    pub fn changed(self, change: StudentChange) -> Result<Self, Vec<FieldError>> {
        let StudentChange {
            sent,
            application_date,
            expected_completion_date,
            former_number,
            emergency_contact_name,
            emergency_contact_phone,
            emergency_contact_relationship,
            notes,
        } = change;
        let (person, name) = sent.apply(self.person, self.name)?;
        let mut details = self.details;
        let applied = details.application_date;
        application_date.apply(&mut details.application_date);
        let standing = if details.application_date == applied {
            self.standing
        } else {
            self.standing.applied(details.application_date)?
        };
        expected_completion_date.apply(&mut details.expected_completion_date);
        former_number.apply(&mut details.former_number);
        emergency_contact_name.apply(&mut details.emergency_contact_name);
        emergency_contact_phone.apply(&mut details.emergency_contact_phone);
        emergency_contact_relationship.apply(&mut details.emergency_contact_relationship);
        notes.apply(&mut details.notes);
        Ok(Self {
            person,
            name,
            details,
            standing,
            ..self
        })
    }

    /// The student as the audit trail shows it.
    pub fn fields(&self) -> Fields {
        let StudentDetails {
            application_date,
            expected_completion_date,
            former_number,
            emergency_contact_name,
            emergency_contact_phone,
            emergency_contact_relationship,
            notes,
        } = &self.details;
        let day = |day: Option<Date>| day.map(|day| day.to_string());
        let sent = self.person.sent();
        vec![
            ("student_number", Some(self.number.to_string())),
            ("member_id", self.person.member().map(|id| id.to_string())),
            ("union_id", sent.map(|sent| sent.union.to_string())),
            (
                "member_number",
                sent.map(|sent| sent.member_number.to_string()),
            ),
            ("first_name", sent.map(|_| self.name.first.to_string())),
            ("last_name", sent.map(|_| self.name.last.to_string())),
            (
                "email",
                sent.and_then(|sent| sent.email.as_ref().map(ToString::to_string)),
            ),
            (
                "phone",
                sent.and_then(|sent| sent.phone.as_ref().map(ToString::to_string)),
            ),
            ("application_date", Some(application_date.to_string())),
            (
                "expected_completion_date",
                expected_completion_date.as_ref().map(ToString::to_string),
            ),
            (
                "former_number",
                former_number.as_ref().map(ToString::to_string),
            ),
            (
                "emergency_contact_name",
                emergency_contact_name.as_ref().map(ToString::to_string),
            ),
            (
                "emergency_contact_phone",
                emergency_contact_phone.as_ref().map(ToString::to_string),
            ),
            (
                "emergency_contact_relationship",
                emergency_contact_relationship
                    .as_ref()
                    .map(ToString::to_string),
            ),
            ("notes", notes.as_ref().map(ToString::to_string)),
            ("status", Some(self.standing.status.as_str().to_owned())),
            ("enrollment_date", day(self.standing.enrollment_date)),
            ("actual_completion_date", day(self.standing.completion_date)),
        ]
    }
}

#[cfg(test)]
mod tests;
