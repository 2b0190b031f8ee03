//! The demo halls: two tenants with people, members, employers and cases to try everything on.
//!
//! They are made in development alone, through the same use cases as anything else, so that the audit trail tells
//! of them. Whoever was interrupted while making them goes on where it stopped.

mod benevolence;
mod case_papers;
mod collective_agreements;
mod contacts;
mod deadlines;
mod dice;
mod documents;
mod employments;
mod grievances;
mod organizations;
mod organizing;
mod roster;
mod school;
mod seeding;
mod sign_ins;
mod training;

use unionhall_application::{
    accounts::AccountError,
    benevolence::BenevolenceError,
    campaigns::CampaignError,
    cases::CaseError,
    class_sessions::SessionError,
    classes::ClassError,
    cohorts::CohortError,
    collective_agreements::AgreementError,
    contacts::ContactError,
    courses::CourseError,
    deadlines::DeadlineError,
    documents::{DocumentError, Documents},
    employments::EmploymentError,
    grievances::GrievanceError,
    identity::IdentityError,
    imports::ImportError,
    instructors::InstructorError,
    locations::LocationError,
    members::MemberError,
    organizations::OrganizationError,
    salting_activities::SaltingActivityError,
    salting_scores::SaltingScoreError,
    students::StudentError,
};
use unionhall_domain::invalid::Invalid;
use unionhall_ports::passwords::{HashError, Password, PasswordHasher};

pub use sign_ins::{LOCAL, PASSWORD, SIGN_INS, SignIn, TRUST};

use crate::wiring::Wired;
use seeding::Seeding;

/// Why the demo halls could not be made, or looked for.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A tenant or a person could not be made.
    #[error("the demo tenants and people could not be made")]
    Accounts(#[from] AccountError),
    /// A person could not be looked for.
    #[error("the demo people could not be looked for")]
    Identity(#[from] IdentityError),
    /// The members or their jobs could not be brought in.
    #[error("the demo members and their jobs could not be made")]
    Roster(#[from] ImportError),
    /// A member could not be looked for.
    #[error("a demo member could not be looked for")]
    Members(#[from] MemberError),
    /// An organization could not be made.
    #[error("the demo organizations could not be made")]
    Organizations(#[from] OrganizationError),
    /// A contact could not be made.
    #[error("the demo contacts could not be made")]
    Contacts(#[from] ContactError),
    /// Jobs could not be looked for.
    #[error("the demo jobs could not be looked for")]
    Employments(#[from] EmploymentError),
    /// A campaign could not be planned or moved.
    #[error("the demo campaigns could not be made")]
    Campaigns(#[from] CampaignError),
    /// An activity could not be recorded.
    #[error("the demo activities of organizers could not be made")]
    Activities(#[from] SaltingActivityError),
    /// An employer could not be judged.
    #[error("the demo scores of employers could not be made")]
    Scores(#[from] SaltingScoreError),
    /// The catalogue of courses could not be made.
    #[error("the demo courses could not be made")]
    Courses(#[from] CourseError),
    /// A class could not be planned or opened.
    #[error("the demo classes could not be made")]
    Classes(#[from] ClassError),
    /// The sessions of a class could not be planned.
    #[error("the demo sessions of classes could not be made")]
    Sessions(#[from] SessionError),
    /// The agreement or its rules could not be made.
    #[error("the demo agreement could not be made")]
    Agreements(#[from] AgreementError),
    /// A grievance could not be filed or moved.
    #[error("the demo grievances could not be made")]
    Grievances(#[from] GrievanceError),
    /// What became of a deadline could not be said.
    #[error("the demo deadlines could not be made")]
    Deadlines(#[from] DeadlineError),
    /// The papers of a grievance could not be made.
    #[error("the papers of the demo grievances could not be made")]
    Cases(#[from] CaseError),
    /// The papers could not be kept.
    #[error("the demo documents could not be made")]
    Documents(#[from] DocumentError),
    /// The benevolence fund could not be filled, or a request could not be decided.
    #[error("the demo benevolence fund could not be made")]
    Benevolence(#[from] BenevolenceError),
    /// A place of the school could not be made.
    #[error("the demo locations could not be made")]
    Locations(#[from] LocationError),
    /// An instructor could not be made.
    #[error("the demo instructors could not be made")]
    Instructors(#[from] InstructorError),
    /// A student could not be made or moved.
    #[error("the demo students could not be made")]
    Students(#[from] StudentError),
    /// A cohort could not be planned, moved or joined.
    #[error("the demo cohorts could not be made")]
    Cohorts(#[from] CohortError),
    /// The password could not be hashed.
    #[error("the demo password could not be hashed")]
    Hash(#[from] HashError),
    /// The demo's own data break a rule of the domain: a bug.
    #[error("a value of the demo {}", .0.detail)]
    Invalid(Invalid),
    /// The demo's own data name something that is not among them: a bug.
    #[error("the demo has no {0}")]
    Missing(String),
}

impl From<Invalid> for DemoError {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

/// Makes the demo halls, or what is missing of them, and says so; where they are complete, one query tells.
///
/// # Errors
/// [`DemoError`]; what was made until then stays, and the next call goes on from there.
pub fn ensure(wired: &Wired, documents: &Documents, say: &dyn Fn(&str)) -> Result<(), DemoError> {
    let Wired {
        application,
        clock,
        hasher,
        ..
    } = wired;
    Seeding::new(application, &**clock, &**hasher, say)
        .keeping(documents)
        .complete()
}

/// What of the demo is in the database, in sentences for whoever must not serve it: sign-ins, and their public
/// password. Empty when there is nothing.
///
/// # Errors
/// [`DemoError`] when the database does not answer.
pub fn left_overs(wired: &Wired) -> Result<Vec<String>, DemoError> {
    let password = Password::new(PASSWORD.to_owned());
    let (mut people, mut unchanged) = (Vec::new(), Vec::new());
    for sign_in in SIGN_INS {
        let known = wired.application.identity.challenge(sign_in.email)?;
        if let Some(hash) = known.hash() {
            people.push(sign_in.email);
            let matches = |password| wired.hasher.verify(password, Some(hash));
            if password.as_ref().is_some_and(matches) {
                unchanged.push(sign_in.email);
            }
        }
    }
    Ok(faults(&people, &unchanged))
}

fn faults(people: &[&str], unchanged: &[&str]) -> Vec<String> {
    let mut faults = Vec::new();
    if !people.is_empty() {
        faults.push(format!(
            "demo data: the database has the demo's {}; serve a database that the demo was never made in",
            people.join(", ")
        ));
    }
    if !unchanged.is_empty() {
        faults.push(format!(
            "default passwords: {} can be signed in to with a password that everyone knows",
            unchanged.join(", ")
        ));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_without_the_demo_has_no_faults() {
        assert_eq!(faults(&[], &[]), [""; 0]);
    }

    #[test]
    fn demo_people_are_a_fault_and_their_default_password_another() {
        let found = faults(
            &["a@local46.example", "b@local46.example"],
            &["b@local46.example"],
        );
        assert_eq!(found.len(), 2);
        assert!(found[0].starts_with("demo data: ") && found[0].contains("a@local46.example"));
        assert!(found[1].starts_with("default passwords: b@local46.example"));
    }

    #[test]
    fn values_that_break_a_rule_are_told_with_the_rule() {
        let error = DemoError::from(Invalid::new("blank", "must not be blank"));
        assert_eq!(error.to_string(), "a value of the demo must not be blank");
    }
}
