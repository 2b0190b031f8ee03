//! What the audit trail says: the names of actions and targets, and which fields a change touched.

use crate::invalid::Invalid;

/// The kind of record an audit event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// The trail itself: reading it is on record too.
    AuditTrail,
    /// An application to the benevolence fund.
    BenevolenceApplication,
    /// The benevolence fund: its money and its rules.
    BenevolenceFund,
    /// A declared relation between a member and somebody who reviews.
    BenevolenceRelation,
    /// A seat on the benevolence fund's ladder of reviews.
    BenevolenceSeat,
    /// A campaign.
    Campaign,
    /// The file of everything that is on record of a grievance.
    CaseFile,
    /// A group of students who are taught together.
    Cohort,
    /// A run of a course.
    Class,
    /// A session of a class.
    ClassSession,
    /// A person at an organization.
    Contact,
    /// A course of the catalogue.
    Course,
    /// A member's job at an organization.
    Employment,
    /// A deadline of a grievance.
    Deadline,
    /// Somebody's calendar feed of deadlines.
    DeadlineFeed,
    /// A file that belongs to a record.
    Document,
    /// An agreement with employers, and its rules.
    CollectiveAgreement,
    /// A grievance with its steps.
    Grievance,
    /// The working days of a year.
    HolidayCalendar,
    /// A request for information that a grievance needs.
    InformationRequest,
    /// Somebody who teaches.
    Instructor,
    /// An invitation into a tenant.
    Invitation,
    /// A place where people are taught.
    Location,
    /// A mail that waits, was sent or was given up.
    Mail,
    /// A union member.
    Member,
    /// A membership: a user's place in a tenant.
    Membership,
    /// Something that a settlement obliges a side to.
    Obligation,
    /// An employer, union, training partner or JATC.
    Organization,
    /// A contact with a member, or a decision about a grievance.
    RepresentationEntry,
    /// A SALTing activity.
    SaltingActivity,
    /// How an employer is judged to stand towards the union; its id is the employer's.
    SaltingScore,
    /// A sign-in on one device.
    Session,
    /// A meeting on a step of a grievance.
    StepMeeting,
    /// Somebody in training.
    Student,
    /// A tenant.
    Tenant,
    /// What a tenant has decided about its school; its id is the tenant's.
    TrainingSettings,
    /// A device on which the password alone is enough for a while.
    TrustedDevice,
    /// A person's sign-in.
    User,
}

impl Target {
    /// Every kind, in the order of their names.
    pub const ALL: [Self; 38] = [
        Self::AuditTrail,
        Self::BenevolenceApplication,
        Self::BenevolenceFund,
        Self::BenevolenceRelation,
        Self::BenevolenceSeat,
        Self::CollectiveAgreement,
        Self::Campaign,
        Self::CaseFile,
        Self::Cohort,
        Self::Class,
        Self::ClassSession,
        Self::Contact,
        Self::Course,
        Self::Employment,
        Self::Deadline,
        Self::DeadlineFeed,
        Self::Document,
        Self::Grievance,
        Self::HolidayCalendar,
        Self::InformationRequest,
        Self::Instructor,
        Self::Invitation,
        Self::Location,
        Self::Mail,
        Self::Member,
        Self::Membership,
        Self::Obligation,
        Self::Organization,
        Self::RepresentationEntry,
        Self::SaltingActivity,
        Self::SaltingScore,
        Self::Session,
        Self::StepMeeting,
        Self::Student,
        Self::Tenant,
        Self::TrainingSettings,
        Self::TrustedDevice,
        Self::User,
    ];

    /// The kinds that nobody but organizers and those above them may know to be there.
    pub const ORGANIZING: [Self; 3] = [Self::Campaign, Self::SaltingActivity, Self::SaltingScore];

    /// Whether it goes on record when one such record is read: what a person would not want to be read unseen.
    pub const fn is_read_on_record(self) -> bool {
        matches!(
            self,
            Self::BenevolenceApplication
                | Self::Campaign
                | Self::Document
                | Self::Employment
                | Self::Grievance
                | Self::InformationRequest
                | Self::Instructor
                | Self::Student
                | Self::Member
                | Self::Obligation
                | Self::SaltingActivity
                | Self::SaltingScore
                | Self::StepMeeting
        )
    }

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuditTrail => "audit_trail",
            Self::BenevolenceApplication => "benevolence_application",
            Self::BenevolenceFund => "benevolence_fund",
            Self::BenevolenceRelation => "benevolence_relation",
            Self::BenevolenceSeat => "benevolence_seat",
            Self::Campaign => "campaign",
            Self::CaseFile => "case_file",
            Self::Cohort => "cohort",
            Self::Class => "class",
            Self::ClassSession => "class_session",
            Self::Contact => "contact",
            Self::Course => "course",
            Self::Employment => "employment",
            Self::Deadline => "deadline",
            Self::DeadlineFeed => "deadline_feed",
            Self::Document => "document",
            Self::CollectiveAgreement => "collective_agreement",
            Self::Grievance => "grievance",
            Self::HolidayCalendar => "holiday_calendar",
            Self::InformationRequest => "information_request",
            Self::Instructor => "instructor",
            Self::Invitation => "invitation",
            Self::Location => "location",
            Self::Mail => "mail",
            Self::Member => "member",
            Self::Membership => "membership",
            Self::Obligation => "obligation",
            Self::Organization => "organization",
            Self::RepresentationEntry => "representation_entry",
            Self::SaltingActivity => "salting_activity",
            Self::SaltingScore => "salting_score",
            Self::Session => "session",
            Self::StepMeeting => "step_meeting",
            Self::Student => "student",
            Self::Tenant => "tenant",
            Self::TrainingSettings => "training_settings",
            Self::TrustedDevice => "trusted_device",
            Self::User => "user",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        crate::text::one_of(text, &Self::ALL, |target| target.as_str())
    }
}

/// What was done, or tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuditAction {
    /// A record was made.
    Created,
    /// A record was deleted; it can be restored.
    Deleted,
    /// Somebody asked to sign in with another e-mail address.
    EmailChangeAsked,
    /// The old or the new address agreed to a change of address.
    EmailChangeConfirmed,
    /// A change of address was called off, by its owner or because the address was taken.
    EmailChangeEnded,
    /// Somebody signs in with another e-mail address from now on.
    EmailChanged,
    /// Somebody showed that an e-mail address is theirs.
    EmailVerified,
    /// A whole list was taken out as a file.
    Exported,
    /// Several records were read at once.
    Listed,
    /// A record was merged into another one of its kind.
    Merged,
    /// A record moved along its table of states.
    Moved,
    /// A person chose a new password.
    PasswordChanged,
    /// Somebody asked for a new password in place of a forgotten one.
    PasswordForgotten,
    /// A password was set by somebody else than its owner.
    PasswordReset,
    /// A record was read.
    Read,
    /// Somebody made an account by themselves.
    Registered,
    /// Somebody registered an address that has an account.
    RegistrationRefused,
    /// Somebody's recovery codes were replaced by new ones.
    RecoveryCodesRenewed,
    /// A deleted record was brought back.
    Restored,
    /// Somebody was shown the secret of a second factor to set it up.
    SecondFactorBegun,
    /// Somebody's second factor was set up.
    SecondFactorConfirmed,
    /// Somebody's second factor was removed by themselves.
    SecondFactorRemoved,
    /// Somebody's second factor was removed by an administrator.
    SecondFactorReset,
    /// A sign-in was refused.
    SignInRefused,
    /// Somebody signed in.
    SignedIn,
    /// A session was ended by its owner.
    SignedOut,
    /// A session went on in another tenant.
    TenantSwitched,
    /// A refresh token was used a second time; its session was ended.
    TokenReused,
    /// The owner of an account has lifted its locks.
    Unlocked,
    /// Somebody was shown a name that was held back from them.
    Unmasked,
    /// A record was changed.
    Updated,
    /// Somebody asked for another link to verify an address.
    VerificationAsked,
}

impl AuditAction {
    /// Every action, in the order of their names.
    pub const ALL: [Self; 32] = [
        Self::Created,
        Self::Deleted,
        Self::EmailChangeAsked,
        Self::EmailChangeConfirmed,
        Self::EmailChangeEnded,
        Self::EmailChanged,
        Self::EmailVerified,
        Self::Exported,
        Self::Listed,
        Self::Merged,
        Self::Moved,
        Self::PasswordChanged,
        Self::PasswordForgotten,
        Self::PasswordReset,
        Self::Read,
        Self::Registered,
        Self::RegistrationRefused,
        Self::RecoveryCodesRenewed,
        Self::Restored,
        Self::SecondFactorBegun,
        Self::SecondFactorConfirmed,
        Self::SecondFactorRemoved,
        Self::SecondFactorReset,
        Self::SignInRefused,
        Self::SignedIn,
        Self::SignedOut,
        Self::TenantSwitched,
        Self::TokenReused,
        Self::Unlocked,
        Self::Unmasked,
        Self::Updated,
        Self::VerificationAsked,
    ];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Deleted => "deleted",
            Self::EmailChangeAsked => "email_change_asked",
            Self::EmailChangeConfirmed => "email_change_confirmed",
            Self::EmailChangeEnded => "email_change_ended",
            Self::EmailChanged => "email_changed",
            Self::EmailVerified => "email_verified",
            Self::Exported => "exported",
            Self::Listed => "listed",
            Self::Merged => "merged",
            Self::Moved => "moved",
            Self::PasswordChanged => "password_changed",
            Self::PasswordForgotten => "password_forgotten",
            Self::PasswordReset => "password_reset",
            Self::Read => "read",
            Self::Registered => "registered",
            Self::RegistrationRefused => "registration_refused",
            Self::RecoveryCodesRenewed => "recovery_codes_renewed",
            Self::Restored => "restored",
            Self::SecondFactorBegun => "second_factor_begun",
            Self::SecondFactorConfirmed => "second_factor_confirmed",
            Self::SecondFactorRemoved => "second_factor_removed",
            Self::SecondFactorReset => "second_factor_reset",
            Self::SignInRefused => "sign_in_refused",
            Self::SignedIn => "signed_in",
            Self::SignedOut => "signed_out",
            Self::TenantSwitched => "tenant_switched",
            Self::TokenReused => "token_reused",
            Self::Unlocked => "unlocked",
            Self::Unmasked => "unmasked",
            Self::Updated => "updated",
            Self::VerificationAsked => "verification_asked",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        crate::text::one_of(text, &Self::ALL, |action| action.as_str())
    }
}

/// The fields of a record as the audit trail shows them: name and value, `None` where there is none.
pub type Fields = Vec<(&'static str, Option<String>)>;

/// One changed field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// The field's name on the wire.
    pub field: &'static str,
    /// What it was; `None` for nothing.
    pub before: Option<String>,
    /// What it is now; `None` for nothing.
    pub after: Option<String>,
}

/// The fields that differ. Both sides list the same fields in the same order.
pub fn differences(before: Fields, after: Fields) -> Vec<FieldChange> {
    before
        .into_iter()
        .zip(after)
        .filter(|((_, before), (_, after))| before != after)
        .map(|((field, before), (_, after))| FieldChange {
            field,
            before,
            after,
        })
        .collect()
}

/// Every field that a new record fills.
pub fn created(fields: Fields) -> Vec<FieldChange> {
    fields
        .into_iter()
        .filter(|(_, after)| after.is_some())
        .map(|(field, after)| FieldChange {
            field,
            before: None,
            after,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_fields_that_differ_are_listed() {
        let some = |text: &str| Some(text.to_owned());
        let changes = differences(
            vec![
                ("city", some("Kent")),
                ("phone", None),
                ("notes", some("x")),
            ],
            vec![
                ("city", some("Kent")),
                ("phone", some("1")),
                ("notes", None),
            ],
        );
        let fields: Vec<_> = changes.iter().map(|change| change.field).collect();
        assert_eq!(fields, ["phone", "notes"]);
    }

    #[test]
    fn every_target_reads_what_it_prints() {
        for target in Target::ALL {
            assert_eq!(Target::parse(target.as_str()), Ok(target));
        }
    }
}
