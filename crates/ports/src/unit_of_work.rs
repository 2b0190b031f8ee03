//! One transaction across every repository, as a closure that cannot forget to commit.

use unionhall_domain::tenants::TenantId;

use crate::{
    audit::AuditTrail,
    benevolence::{BenevolenceBench, BenevolenceFile, BenevolenceFund, BenevolenceRepository},
    campaigns::CampaignRepository,
    case_files::CaseFileRepository,
    class_sessions::ClassSessionRepository,
    classes::ClassRepository,
    cohorts::{CohortRepository, CohortRoll},
    collective_agreements::CollectiveAgreementRepository,
    contacts::ContactRepository,
    courses::CourseRepository,
    deadline_feeds::DeadlineFeedRepository,
    deadlines::DeadlineRepository,
    documents::DocumentRepository,
    email_changes::EmailChangeRepository,
    employments::EmploymentRepository,
    grievance_boards::GrievanceBoards,
    grievances::GrievanceRepository,
    holidays::HolidayCalendarRepository,
    idempotency::IdempotencyStore,
    identity::IdentityRepository,
    information_requests::InformationRequestRepository,
    instructors::InstructorRepository,
    invitations::InvitationRepository,
    locations::LocationRepository,
    locks::LockRepository,
    mail_tokens::MailTokenRepository,
    members::MemberRepository,
    obligations::ObligationRepository,
    organizations::{DuplicateRepository, OrganizationRepository, OverviewRepository},
    outbox::Outbox,
    own_sessions::OwnSessions,
    pictures::PictureRepository,
    profiles::ProfileRepository,
    representation_log::RepresentationLog,
    salting_activities::SaltingActivityRepository,
    salting_scores::SaltingScoreRepository,
    search::SearchIndex,
    second_factors::SecondFactorRepository,
    sign_in_challenges::SignInChallengeRepository,
    signups::SignupRepository,
    step_meetings::StepMeetingRepository,
    storage::StorageError,
    students::StudentRepository,
    tenants::TenantRepository,
    training_settings::TrainingSettingsRepository,
    trusted_devices::TrustedDeviceRepository,
    users::UserRepository,
};

/// Whose rows a transaction can see; the database enforces it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The rows of one tenant.
    Tenant(TenantId),
    /// People's sign-ins and their places in every tenant, and nothing of any tenant's business.
    Identity,
    /// Mail that waits to be sent, of every tenant, and nothing else.
    Worker,
}

/// How a transaction is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Keep everything.
    Commit,
    /// Keep nothing.
    RollBack,
}

/// How much of a transaction a piece of work needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Reads with one statement: the statement is its own snapshot.
    Read,
    /// Reads with several statements that must agree with each other: one read-only snapshot.
    Snapshot,
    /// Writes: all or nothing.
    Write,
}

/// Everything that one transaction can reach.
pub trait Repositories {
    /// Tenants.
    fn tenants(&mut self) -> &mut dyn TenantRepository;
    /// Users, memberships, sessions.
    fn identity(&mut self) -> &mut dyn IdentityRepository;
    /// Invitations.
    fn invitations(&mut self) -> &mut dyn InvitationRepository;
    /// Cohorts.
    fn cohorts(&mut self) -> &mut dyn CohortRepository;
    /// Who is and was in cohorts.
    fn cohort_roll(&mut self) -> &mut dyn CohortRoll;
    /// Who is trained.
    fn students(&mut self) -> &mut dyn StudentRepository;
    /// Places where people are taught.
    fn locations(&mut self) -> &mut dyn LocationRepository;
    /// Who teaches.
    fn instructors(&mut self) -> &mut dyn InstructorRepository;
    /// Wrong passwords and locks.
    fn locks(&mut self) -> &mut dyn LockRepository;
    /// Tokens sent by mail.
    fn mail_tokens(&mut self) -> &mut dyn MailTokenRepository;
    /// Changes of address that wait.
    fn email_changes(&mut self) -> &mut dyn EmailChangeRepository;
    /// Halls that wait to be made.
    fn signups(&mut self) -> &mut dyn SignupRepository;
    /// The places of a tenant's users.
    fn users(&mut self) -> &mut dyn UserRepository;
    /// Second factors and recovery codes.
    fn second_factors(&mut self) -> &mut dyn SecondFactorRepository;
    /// Sign-ins that wait for their second factor.
    fn sign_in_challenges(&mut self) -> &mut dyn SignInChallengeRepository;
    /// Devices that stand in for the second factor.
    fn trusted_devices(&mut self) -> &mut dyn TrustedDeviceRepository;
    /// Members.
    fn members(&mut self) -> &mut dyn MemberRepository;
    /// Contacts.
    fn contacts(&mut self) -> &mut dyn ContactRepository;
    /// Organizations.
    fn organizations(&mut self) -> &mut dyn OrganizationRepository;
    /// Organizations that are there twice.
    fn duplicates(&mut self) -> &mut dyn DuplicateRepository;
    /// Organizations at one glance.
    fn overviews(&mut self) -> &mut dyn OverviewRepository;
    /// Employments.
    fn employments(&mut self) -> &mut dyn EmploymentRepository;
    /// Grievances.
    fn grievances(&mut self) -> &mut dyn GrievanceRepository;
    /// Applications to the benevolence fund.
    fn benevolence(&mut self) -> &mut dyn BenevolenceRepository;
    /// What hangs on applications to the benevolence fund.
    fn benevolence_file(&mut self) -> &mut dyn BenevolenceFile;
    /// The benevolence fund's money.
    fn benevolence_fund(&mut self) -> &mut dyn BenevolenceFund;
    /// Who decides on the benevolence fund, and by which rules.
    fn benevolence_bench(&mut self) -> &mut dyn BenevolenceBench;
    /// Meetings on the steps of grievances.
    fn step_meetings(&mut self) -> &mut dyn StepMeetingRepository;
    /// Requests for information.
    fn information_requests(&mut self) -> &mut dyn InformationRequestRepository;
    /// Obligations out of settlements.
    fn obligations(&mut self) -> &mut dyn ObligationRepository;
    /// How the union represented somebody.
    fn representation_log(&mut self) -> &mut dyn RepresentationLog;
    /// Campaigns.
    fn campaigns(&mut self) -> &mut dyn CampaignRepository;
    /// Class sessions.
    fn class_sessions(&mut self) -> &mut dyn ClassSessionRepository;
    /// Classes.
    fn classes(&mut self) -> &mut dyn ClassRepository;
    /// What a tenant has decided about its school.
    fn training_settings(&mut self) -> &mut dyn TrainingSettingsRepository;
    /// Courses.
    fn courses(&mut self) -> &mut dyn CourseRepository;
    /// SALTing activities.
    fn salting_activities(&mut self) -> &mut dyn SaltingActivityRepository;
    /// SALTing scores.
    fn salting_scores(&mut self) -> &mut dyn SaltingScoreRepository;
    /// Collective agreements and their rules.
    fn collective_agreements(&mut self) -> &mut dyn CollectiveAgreementRepository;
    /// Calendar feeds of deadlines.
    fn deadline_feeds(&mut self) -> &mut dyn DeadlineFeedRepository;
    /// Deadlines of grievances.
    fn deadlines(&mut self) -> &mut dyn DeadlineRepository;
    /// Holiday calendars.
    fn holidays(&mut self) -> &mut dyn HolidayCalendarRepository;
    /// Boards over all grievances.
    fn grievance_boards(&mut self) -> &mut dyn GrievanceBoards;
    /// Case files that were asked for.
    fn case_files(&mut self) -> &mut dyn CaseFileRepository;
    /// Documents.
    fn documents(&mut self) -> &mut dyn DocumentRepository;
    /// Pictures.
    fn pictures(&mut self) -> &mut dyn PictureRepository;
    /// What people say of themselves.
    fn profiles(&mut self) -> &mut dyn ProfileRepository;
    /// The audit trail.
    fn audit(&mut self) -> &mut dyn AuditTrail;
    /// A person's own sessions.
    fn own_sessions(&mut self) -> &mut dyn OwnSessions;
    /// Mail to be sent after the commit.
    fn outbox(&mut self) -> &mut dyn Outbox;
    /// Records of several kinds.
    fn search(&mut self) -> &mut dyn SearchIndex;
    /// Answers kept for retried requests.
    fn idempotency(&mut self) -> &mut dyn IdempotencyStore;
}

/// The port an adapter implements; use cases call [`transaction`](#method.transaction),
/// [`read`](#method.read) or [`snapshot`](#method.snapshot) instead.
pub trait UnitOfWork: Send + Sync {
    /// Runs `work` once on one connection that sees only `scope`'s rows.
    ///
    /// In [`Mode::Write`] everything is kept when `work` decides [`Decision::Commit`] and nothing when
    /// it decides [`Decision::RollBack`] or panics. After a repository reported a failure, nothing is
    /// kept and the result is [`StorageError::Failed`], whatever `work` decided.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when there is no connection to be had.
    fn run(
        &self,
        scope: Scope,
        mode: Mode,
        work: &mut dyn FnMut(&mut dyn Repositories) -> Decision,
    ) -> Result<(), StorageError>;
}

impl dyn UnitOfWork + '_ {
    /// Commits if `work` returns `Ok`; rolls back if it returns `Err` or panics.
    ///
    /// # Errors
    /// What `work` returns, or storage's own failure.
    pub fn transaction<T, E: From<StorageError>>(
        &self,
        scope: Scope,
        work: impl FnOnce(&mut dyn Repositories) -> Result<T, E>,
    ) -> Result<T, E> {
        self.once(scope, Mode::Write, |tx| {
            let result = work(tx);
            let decision = if result.is_ok() {
                Decision::Commit
            } else {
                Decision::RollBack
            };
            (result, decision)
        })
    }

    /// Runs the real work and keeps nothing: what would have happened.
    ///
    /// # Errors
    /// What `work` returns, or storage's own failure.
    pub fn rehearsal<T, E: From<StorageError>>(
        &self,
        scope: Scope,
        work: impl FnOnce(&mut dyn Repositories) -> Result<T, E>,
    ) -> Result<T, E> {
        self.once(scope, Mode::Write, |tx| (work(tx), Decision::RollBack))
    }

    /// Reads with one statement.
    ///
    /// # Errors
    /// What `work` returns, or storage's own failure.
    pub fn read<T, E: From<StorageError>>(
        &self,
        scope: Scope,
        work: impl FnOnce(&mut dyn Repositories) -> Result<T, E>,
    ) -> Result<T, E> {
        self.once(scope, Mode::Read, |tx| (work(tx), Decision::Commit))
    }

    /// Reads with several statements that see one state of the database.
    ///
    /// # Errors
    /// What `work` returns, or storage's own failure.
    pub fn snapshot<T, E: From<StorageError>>(
        &self,
        scope: Scope,
        work: impl FnOnce(&mut dyn Repositories) -> Result<T, E>,
    ) -> Result<T, E> {
        self.once(scope, Mode::Snapshot, |tx| (work(tx), Decision::Commit))
    }

    fn once<T, E: From<StorageError>>(
        &self,
        scope: Scope,
        mode: Mode,
        work: impl FnOnce(&mut dyn Repositories) -> (Result<T, E>, Decision),
    ) -> Result<T, E> {
        let mut work = Some(work);
        let mut result = None;
        self.run(scope, mode, &mut |tx| {
            let Some(work) = work.take() else {
                return Decision::RollBack;
            };
            let (outcome, decision) = work(tx);
            result = Some(outcome);
            decision
        })
        .map_err(|error| match result.take() {
            // The work's own error says more than the roll-back that followed it.
            Some(Err(cause)) => cause,
            Some(Ok(_)) | None => E::from(error),
        })?;
        result.unwrap_or_else(|| {
            Err(E::from(StorageError::Failed(
                "the unit of work never ran its work".into(),
            )))
        })
    }
}
