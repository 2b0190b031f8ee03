//! The use cases: what can be done with Unionhall, read aloud.
//!
//! A use case is a method that takes a [`Call`](call::Call) and a command, asks for a permission first,
//! and does its work in one transaction through the ports. Everything here is synchronous.
#![warn(missing_docs)]

pub mod accounts;
pub mod actor;
pub mod audit;
pub mod batches;
pub mod benevolence;
pub mod call;
pub mod campaigns;
pub mod case_files;
pub mod cases;
pub mod class_sessions;
pub mod classes;
pub mod cohorts;
pub mod collective_agreements;
pub mod contacts;
pub mod core;
pub mod courses;
pub mod deadline_feeds;
pub mod deadlines;
pub mod documents;
pub mod email_changes;
pub mod employments;
pub mod error;
pub mod exports;
#[cfg(test)]
mod fixtures;
mod founding;
pub mod grievance_boards;
pub mod grievances;
pub mod holidays;
pub mod identity;
pub mod imports;
pub mod information_requests;
pub mod instructors;
pub mod invitations;
pub mod letters;
pub mod links;
pub mod locations;
pub mod locks;
pub mod mail_tokens;
pub mod mails;
pub mod members;
pub mod obligations;
pub mod organizations;
pub mod outbox;
pub mod own_sessions;
pub mod passwords;
pub mod permissions;
pub mod pictures;
pub mod postman;
pub mod profiles;
pub mod registrations;
pub mod representation_log;
pub mod salting_activities;
pub mod salting_scores;
pub mod search;
pub mod second_factors;
pub mod signups;
pub mod step_meetings;
pub mod students;
pub mod tenants;
pub mod training_settings;
pub mod users;

use std::sync::Arc;

/// What an answer to a retried request is kept as.
pub use unionhall_ports::idempotency::StoredAnswer;
pub use unionhall_ports::{
    audit as trail, clock, identity as sessions, pages, rate_limits, round_trips, storage,
};
/// What a list can be asked for.
pub use unionhall_ports::{
    benevolence::{
        BenevolenceFilter, BenevolenceSort, EntrySort, PaymentFilter, PaymentSort, QueueSort,
        RelationFilter, RelationSort, SeatSort,
    },
    campaigns::{CampaignFilter, CampaignSort},
    class_sessions::{ClassSessionFilter, ClassSessionSort},
    classes::{ClassFilter, ClassSort},
    cohorts::{CohortFilter, CohortSort, StaySort},
    collective_agreements::{AgreementFilter, AgreementSort, RuleSetSort},
    contacts::{ContactFilter, ContactSort},
    courses::{CourseFilter, CourseSort, EditionSort},
    deadlines::{CaseDeadline, CaseEvent, DeadlineFilter, DeadlineSort},
    documents::{DocumentFilter, DocumentSort},
    employments::{EmploymentFilter, EmploymentSort, TitleInUse},
    grievance_boards::{DueFilter, DueSort, LoadSort},
    grievances::{GrievanceFilter, GrievanceSort},
    holidays::CalendarSort,
    information_requests::{InformationRequestFilter, InformationRequestSort},
    instructors::{InstructorFilter, InstructorSort},
    invitations::{InvitationFilter, InvitationSort},
    locations::{LocationFilter, LocationSort},
    members::{MemberFilter, MemberSort},
    obligations::{ObligationFilter, ObligationSort},
    organizations::{OrganizationFilter, OrganizationSort},
    representation_log::LogSort,
    salting_activities::{
        OutcomeKnown, SaltingActivityFilter, SaltingActivitySort, SaltingStatistics, SaltingTally,
    },
    salting_scores::SaltingScoreSort,
    search::Find,
    step_meetings::StepMeetingSort,
    students::{StudentFilter, StudentSort},
    tenants::TenantStatistics,
    users::{UserFilter, UserSort},
};

use crate::core::Core;

/// Every use case, by context.
#[derive(Clone)]
pub struct Application {
    /// Tenants and users, for the operator.
    pub accounts: accounts::Accounts,
    /// The audit trail.
    pub audit: audit::Audit,
    /// The benevolence fund.
    pub benevolence: benevolence::Benevolence,
    /// Contacts.
    pub contacts: contacts::Contacts,
    /// Class sessions.
    pub class_sessions: class_sessions::ClassSessions,
    /// Classes.
    pub classes: classes::Classes,
    /// What a tenant has decided about its school.
    pub training_settings: training_settings::TrainingSettingsUse,
    /// Courses.
    pub courses: courses::Courses,
    /// Collective agreements and their rules.
    pub collective_agreements: collective_agreements::CollectiveAgreements,
    /// Calendar feeds of deadlines.
    pub deadline_feeds: deadline_feeds::DeadlineFeeds,
    /// Deadlines of grievances.
    pub deadlines: deadlines::Deadlines,
    /// Changes of the address that one signs in with.
    pub email_changes: email_changes::EmailChanges,
    /// Employments.
    pub employments: employments::Employments,
    /// Lists as files.
    pub exports: exports::Exports,
    /// Grievances.
    pub grievances: grievances::Grievances,
    /// Holiday calendars.
    pub holidays: holidays::Holidays,
    /// Signing in and out.
    pub identity: identity::Identity,
    /// Invitations into a tenant.
    pub invitations: invitations::Invitations,
    /// Cohorts.
    pub cohorts: cohorts::Cohorts,
    /// Who is trained.
    pub students: students::Students,
    /// Places where people are taught.
    pub locations: locations::Locations,
    /// Who teaches.
    pub instructors: instructors::Instructors,
    /// Locks on accounts.
    pub locks: locks::Locks,
    /// Members.
    pub members: members::Members,
    /// Organizations.
    pub organizations: organizations::Organizations,
    /// A person's own sessions.
    pub own_sessions: own_sessions::OwnSessions,
    /// Mail that was not sent, for the operator.
    pub outbox: outbox::Outbox,
    /// Passwords.
    pub passwords: passwords::Passwords,
    /// What people say of themselves.
    pub profiles: profiles::Profiles,
    /// Search across kinds of records.
    pub search: search::Search,
    /// The tenant itself.
    pub tenants: tenants::Tenants,
    /// Accounts that people make by themselves.
    pub registrations: registrations::Registrations,
    /// Campaigns.
    pub campaigns: campaigns::Campaigns,
    /// SALTing activities.
    pub salting_activities: salting_activities::SaltingActivities,
    /// SALTing scores.
    pub salting_scores: salting_scores::SaltingScores,
    /// Halls that people make by themselves.
    pub signups: signups::Signups,
    /// Requests for information.
    pub information_requests: information_requests::InformationRequests,
    /// Obligations out of settlements.
    pub obligations: obligations::Obligations,
    /// How the union represented somebody.
    pub representation: representation_log::Representation,
    /// Boards over all grievances.
    pub grievance_boards: grievance_boards::GrievanceBoards,
    /// Meetings on the steps of grievances.
    pub step_meetings: step_meetings::StepMeetings,
    /// The users of a tenant.
    pub users: users::Users,
    /// The second factor.
    pub second_factors: second_factors::SecondFactors,
}

impl Application {
    /// Every use case over the same ports.
    pub fn new(core: Arc<Core>) -> Self {
        Self {
            accounts: accounts::Accounts::new(Arc::clone(&core)),
            audit: audit::Audit::new(Arc::clone(&core)),
            benevolence: benevolence::Benevolence::new(Arc::clone(&core)),
            contacts: contacts::Contacts::new(Arc::clone(&core)),
            collective_agreements: collective_agreements::CollectiveAgreements::new(Arc::clone(
                &core,
            )),
            deadline_feeds: deadline_feeds::DeadlineFeeds::new(Arc::clone(&core)),
            deadlines: deadlines::Deadlines::new(Arc::clone(&core)),
            email_changes: email_changes::EmailChanges::new(Arc::clone(&core)),
            employments: employments::Employments::new(Arc::clone(&core)),
            exports: exports::Exports::new(Arc::clone(&core)),
            grievances: grievances::Grievances::new(Arc::clone(&core)),
            holidays: holidays::Holidays::new(Arc::clone(&core)),
            identity: identity::Identity::new(Arc::clone(&core)),
            invitations: invitations::Invitations::new(Arc::clone(&core)),
            cohorts: cohorts::Cohorts::new(Arc::clone(&core)),
            students: students::Students::new(Arc::clone(&core)),
            locations: locations::Locations::new(Arc::clone(&core)),
            instructors: instructors::Instructors::new(Arc::clone(&core)),
            locks: locks::Locks::new(Arc::clone(&core)),
            members: members::Members::new(Arc::clone(&core)),
            own_sessions: own_sessions::OwnSessions::new(Arc::clone(&core)),
            organizations: organizations::Organizations::new(Arc::clone(&core)),
            outbox: outbox::Outbox::new(Arc::clone(&core)),
            passwords: passwords::Passwords::new(Arc::clone(&core)),
            profiles: profiles::Profiles::new(Arc::clone(&core)),
            tenants: tenants::Tenants::new(Arc::clone(&core)),
            registrations: registrations::Registrations::new(Arc::clone(&core)),
            campaigns: campaigns::Campaigns::new(Arc::clone(&core)),
            class_sessions: class_sessions::ClassSessions::new(Arc::clone(&core)),
            classes: classes::Classes::new(Arc::clone(&core)),
            training_settings: training_settings::TrainingSettingsUse::new(Arc::clone(&core)),
            courses: courses::Courses::new(Arc::clone(&core)),
            salting_activities: salting_activities::SaltingActivities::new(Arc::clone(&core)),
            salting_scores: salting_scores::SaltingScores::new(Arc::clone(&core)),
            search: search::Search::new(Arc::clone(&core)),
            second_factors: second_factors::SecondFactors::new(Arc::clone(&core)),
            signups: signups::Signups::new(Arc::clone(&core)),
            information_requests: information_requests::InformationRequests::new(Arc::clone(&core)),
            obligations: obligations::Obligations::new(Arc::clone(&core)),
            representation: representation_log::Representation::new(Arc::clone(&core)),
            grievance_boards: grievance_boards::GrievanceBoards::new(Arc::clone(&core)),
            step_meetings: step_meetings::StepMeetings::new(Arc::clone(&core)),
            users: users::Users::new(core),
        }
    }
}
