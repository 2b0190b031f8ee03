//! Instructors: who teaches, how they are engaged, and the end of their tax id.

mod tax_ids;

use jiff::Timestamp;

pub use tax_ids::{TaxId, TaxIdEnding};

use crate::{
    audit::Fields,
    change::Change,
    ids::Id,
    money::Amount,
    names::names,
    text::{Line, Prose},
    users::{EmailAddress, UserId},
    version::Version,
};

names! {
    /// What an instructor's rate is paid for.
    pub enum RateType {
        /// Each hour.
        Hourly = "hourly",
        /// Each day.
        Daily = "daily",
        /// All of a course.
        Flat = "flat",
        /// All of a year.
        Salary = "salary",
    }
}

names! {
    /// How an instructor is engaged.
    pub enum Engagement {
        /// On the payroll.
        Employee = "employee",
        /// As a contractor, whose pay is told to the tax office on form 1099.
        Contractor = "contractor_1099",
    }
}

names! {
    /// Whether an instructor teaches at present.
    pub enum InstructorStatus {
        /// Teaches.
        Active = "active",
        /// Does not teach any more, or not yet.
        Inactive = "inactive",
    }
}

/// The id of a [`Instructor`].
pub type InstructorId = Id<Instructor>;

/// Somebody who teaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instructor {
    /// Its id.
    pub id: InstructorId,
    /// What is known of it.
    pub details: InstructorDetails,
    /// The end of their tax id, if there is one; all of it is sealed.
    pub tax_id: Option<TaxIdEnding>,
    /// Counts its changes.
    pub version: Version,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was deleted, if it is.
    pub deleted_at: Option<Timestamp>,
}

/// What is known of an instructor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstructorDetails {
    /// Given name.
    pub first_name: Line<50>,
    /// Family name.
    pub last_name: Line<50>,
    /// E-mail address, given to no other instructor of the tenant.
    pub email: EmailAddress,
    /// Telephone number, as written.
    pub phone: Option<Line<50>>,
    /// Who they are, in a few words.
    pub bio: Option<Prose<5_000>>,
    /// What certifies them to teach.
    pub certification: Option<Line<255>>,
    /// What they are best at.
    pub specialties: Option<Prose<2_000>>,
    /// What the rate is paid for.
    pub rate_type: RateType,
    /// What is paid for each hour or day, or altogether, in the currency of the tenant.
    pub rate_amount: Option<Amount>,
    /// How they are engaged.
    pub engagement: Engagement,
    /// The user of the tenant that they are, so that they can act.
    pub user: Option<UserId>,
    /// Whether they teach at present.
    pub status: InstructorStatus,
}

/// A partial change of an instructor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InstructorChange {
    /// Given name.
    pub first_name: Change<Line<50>>,
    /// Family name.
    pub last_name: Change<Line<50>>,
    /// E-mail address, given to no other instructor of the tenant.
    pub email: Change<EmailAddress>,
    /// Telephone number, as written.
    pub phone: Change<Option<Line<50>>>,
    /// Who they are, in a few words.
    pub bio: Change<Option<Prose<5_000>>>,
    /// What certifies them to teach.
    pub certification: Change<Option<Line<255>>>,
    /// What they are best at.
    pub specialties: Change<Option<Prose<2_000>>>,
    /// What the rate is paid for.
    pub rate_type: Change<RateType>,
    /// What is paid for each hour or day, or altogether, in the currency of the tenant.
    pub rate_amount: Change<Option<Amount>>,
    /// How they are engaged.
    pub engagement: Change<Engagement>,
    /// The user of the tenant that they are, so that they can act.
    pub user: Change<Option<UserId>>,
    /// Whether they teach at present.
    pub status: Change<InstructorStatus>,
}

impl InstructorDetails {
    /// The details after a change.
    #[must_use]
    pub fn changed(mut self, change: InstructorChange) -> Self {
        let InstructorChange {
            first_name,
            last_name,
            email,
            phone,
            bio,
            certification,
            specialties,
            rate_type,
            rate_amount,
            engagement,
            user,
            status,
        } = change;
        first_name.apply(&mut self.first_name);
        last_name.apply(&mut self.last_name);
        email.apply(&mut self.email);
        phone.apply(&mut self.phone);
        bio.apply(&mut self.bio);
        certification.apply(&mut self.certification);
        specialties.apply(&mut self.specialties);
        rate_type.apply(&mut self.rate_type);
        rate_amount.apply(&mut self.rate_amount);
        engagement.apply(&mut self.engagement);
        user.apply(&mut self.user);
        status.apply(&mut self.status);
        self
    }
}

impl Instructor {
    /// The instructor as the audit trail shows it.
    pub fn fields(&self) -> Fields {
        let InstructorDetails {
            first_name,
            last_name,
            email,
            phone,
            bio,
            certification,
            specialties,
            rate_type,
            rate_amount,
            engagement,
            user,
            status,
        } = &self.details;
        vec![
            ("first_name", Some(first_name.to_string())),
            ("last_name", Some(last_name.to_string())),
            ("email", Some(email.to_string())),
            ("phone", phone.as_ref().map(ToString::to_string)),
            ("bio", bio.as_ref().map(ToString::to_string)),
            (
                "certification",
                certification.as_ref().map(ToString::to_string),
            ),
            ("specialties", specialties.as_ref().map(ToString::to_string)),
            ("rate_type", Some(rate_type.as_str().to_owned())),
            ("rate_amount", rate_amount.as_ref().map(ToString::to_string)),
            ("engagement", Some(engagement.as_str().to_owned())),
            ("user_id", user.as_ref().map(ToString::to_string)),
            ("status", Some(status.as_str().to_owned())),
            ("tax_id", self.tax_id.as_ref().map(ToString::to_string)),
        ]
    }
}

impl InstructorDetails {
    /// Given and family name.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}
