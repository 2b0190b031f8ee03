//! One transaction, or one read, on one connection that sees one scope's rows.

use std::time::Duration;

use diesel::{PgConnection, QueryResult, connection::SimpleConnection};
use unionhall_domain::tenants::TenantId;
use unionhall_ports::{
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
    round_trips,
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
    unit_of_work::{Decision, Mode, Repositories, Scope, UnitOfWork},
    users::UserRepository,
};

use crate::{
    connections::{Pool, PoolConfig},
    errors::{InconsistentRow, storage_error},
    migrate,
};

/// How long a question about the database itself waits for a connection: less than whoever watches over health waits
/// for the answer, so that they can be told what is down.
const PROBED_WITHIN: Duration = Duration::from_secs(2);

/// What every repository is implemented on: a connection with its scope set.
///
/// In [`Mode::Write`] and [`Mode::Snapshot`] a transaction is open around it.
pub(crate) struct Transaction<'c> {
    connection: &'c mut PgConnection,
    scope: Scope,
    failed: bool,
    members_brought_in: usize,
}

/// So many members brought in at once change what the planner should expect.
const MANY: usize = 1_000;

impl<'c> Transaction<'c> {
    /// Work in `scope`, on a connection that has been told so.
    pub(crate) fn new(connection: &'c mut PgConnection, scope: Scope) -> Self {
        Self {
            connection,
            scope,
            failed: false,
            members_brought_in: 0,
        }
    }

    /// Notes that members were added in bulk.
    pub(crate) fn brought_in(&mut self, members: usize) {
        self.members_brought_in = self.members_brought_in.saturating_add(members);
    }

    /// Tells the planner of members that were brought in, so that the first search finds them quickly.
    fn analyze(&mut self) -> Result<(), StorageError> {
        if self.members_brought_in < MANY {
            return Ok(());
        }
        self.query(|connection| connection.batch_execute("select members_analyze()"))
    }

    /// Whether a statement failed or a repository refused: then nothing may be kept.
    pub(crate) fn has_failed(&self) -> bool {
        self.failed
    }

    /// Every statement goes through here: it is counted, its failure is mapped, and remembered.
    ///
    /// PostgreSQL answers the `COMMIT` of a transaction in which a statement failed with a rollback, and calls it
    /// a success. Whoever ends the transaction must therefore know of the failure, even if the use case ignores it.
    pub(crate) fn query<T>(
        &mut self,
        work: impl FnOnce(&mut PgConnection) -> QueryResult<T>,
    ) -> Result<T, StorageError> {
        round_trips::add();
        work(self.connection).map_err(|error| self.refuse(storage_error(error)))
    }

    /// Remembers a failure that PostgreSQL does not know of, such as a stale version or a row that makes no sense:
    /// `return Err(self.refuse(StorageError::Stale))`.
    pub(crate) fn refuse(&mut self, error: impl Into<StorageError>) -> StorageError {
        self.failed = true;
        error.into()
    }

    /// Every row as what it is a row of.
    pub(crate) fn all<R, T>(
        &mut self,
        rows: Vec<R>,
        read: impl Fn(R) -> Result<T, InconsistentRow>,
    ) -> Result<Vec<T>, StorageError> {
        let values: Result<_, _> = rows.into_iter().map(read).collect();
        values.map_err(|row| self.refuse(row))
    }

    /// The scope's tenant.
    ///
    /// # Errors
    /// [`StorageError::Failed`] when the scope is no tenant.
    pub(crate) fn tenant(&mut self) -> Result<TenantId, StorageError> {
        match self.scope {
            Scope::Tenant(tenant) => Ok(tenant),
            Scope::Identity | Scope::Worker => {
                Err(self.refuse(StorageError::Failed("this needs a tenant's scope".into())))
            }
        }
    }
}

impl Repositories for Transaction<'_> {
    fn tenants(&mut self) -> &mut dyn TenantRepository {
        self
    }
    fn identity(&mut self) -> &mut dyn IdentityRepository {
        self
    }
    fn instructors(&mut self) -> &mut dyn InstructorRepository {
        self
    }
    fn locations(&mut self) -> &mut dyn LocationRepository {
        self
    }
    fn students(&mut self) -> &mut dyn StudentRepository {
        self
    }
    fn cohort_roll(&mut self) -> &mut dyn CohortRoll {
        self
    }
    fn cohorts(&mut self) -> &mut dyn CohortRepository {
        self
    }
    fn invitations(&mut self) -> &mut dyn InvitationRepository {
        self
    }
    fn locks(&mut self) -> &mut dyn LockRepository {
        self
    }
    fn mail_tokens(&mut self) -> &mut dyn MailTokenRepository {
        self
    }
    fn email_changes(&mut self) -> &mut dyn EmailChangeRepository {
        self
    }
    fn signups(&mut self) -> &mut dyn SignupRepository {
        self
    }
    fn users(&mut self) -> &mut dyn UserRepository {
        self
    }
    fn second_factors(&mut self) -> &mut dyn SecondFactorRepository {
        self
    }
    fn sign_in_challenges(&mut self) -> &mut dyn SignInChallengeRepository {
        self
    }
    fn trusted_devices(&mut self) -> &mut dyn TrustedDeviceRepository {
        self
    }
    fn members(&mut self) -> &mut dyn MemberRepository {
        self
    }
    fn contacts(&mut self) -> &mut dyn ContactRepository {
        self
    }
    fn organizations(&mut self) -> &mut dyn OrganizationRepository {
        self
    }
    fn duplicates(&mut self) -> &mut dyn DuplicateRepository {
        self
    }
    fn overviews(&mut self) -> &mut dyn OverviewRepository {
        self
    }
    fn employments(&mut self) -> &mut dyn EmploymentRepository {
        self
    }
    fn grievances(&mut self) -> &mut dyn GrievanceRepository {
        self
    }
    fn benevolence(&mut self) -> &mut dyn BenevolenceRepository {
        self
    }
    fn benevolence_file(&mut self) -> &mut dyn BenevolenceFile {
        self
    }
    fn benevolence_fund(&mut self) -> &mut dyn BenevolenceFund {
        self
    }
    fn benevolence_bench(&mut self) -> &mut dyn BenevolenceBench {
        self
    }
    fn step_meetings(&mut self) -> &mut dyn StepMeetingRepository {
        self
    }
    fn information_requests(&mut self) -> &mut dyn InformationRequestRepository {
        self
    }
    fn obligations(&mut self) -> &mut dyn ObligationRepository {
        self
    }
    fn representation_log(&mut self) -> &mut dyn RepresentationLog {
        self
    }
    fn campaigns(&mut self) -> &mut dyn CampaignRepository {
        self
    }
    fn class_sessions(&mut self) -> &mut dyn ClassSessionRepository {
        self
    }
    fn classes(&mut self) -> &mut dyn ClassRepository {
        self
    }
    fn training_settings(&mut self) -> &mut dyn TrainingSettingsRepository {
        self
    }
    fn courses(&mut self) -> &mut dyn CourseRepository {
        self
    }
    fn salting_activities(&mut self) -> &mut dyn SaltingActivityRepository {
        self
    }
    fn salting_scores(&mut self) -> &mut dyn SaltingScoreRepository {
        self
    }
    fn collective_agreements(&mut self) -> &mut dyn CollectiveAgreementRepository {
        self
    }
    fn deadline_feeds(&mut self) -> &mut dyn DeadlineFeedRepository {
        self
    }
    fn deadlines(&mut self) -> &mut dyn DeadlineRepository {
        self
    }
    fn holidays(&mut self) -> &mut dyn HolidayCalendarRepository {
        self
    }
    fn grievance_boards(&mut self) -> &mut dyn GrievanceBoards {
        self
    }
    fn case_files(&mut self) -> &mut dyn CaseFileRepository {
        self
    }
    fn documents(&mut self) -> &mut dyn DocumentRepository {
        self
    }
    fn pictures(&mut self) -> &mut dyn PictureRepository {
        self
    }
    fn profiles(&mut self) -> &mut dyn ProfileRepository {
        self
    }
    fn audit(&mut self) -> &mut dyn AuditTrail {
        self
    }
    fn own_sessions(&mut self) -> &mut dyn OwnSessions {
        self
    }
    fn outbox(&mut self) -> &mut dyn Outbox {
        self
    }
    fn search(&mut self) -> &mut dyn SearchIndex {
        self
    }
    fn idempotency(&mut self) -> &mut dyn IdempotencyStore {
        self
    }
}

/// The unit of work on a pool of connections.
pub struct PgUnitOfWork {
    pool: Pool,
}

impl PgUnitOfWork {
    /// A unit of work that connects when it is first needed; [`probe`](Self::probe) tells whether it can.
    #[must_use]
    pub fn new(config: &PoolConfig) -> Self {
        Self {
            pool: Pool::new(config),
        }
    }

    /// Asks the database whether it is there, and which migrations of this program it has not seen.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when it is not there.
    pub fn probe(&self) -> Result<Vec<String>, StorageError> {
        self.ask(migrate::missing)
    }

    /// What is wrong with the role that the program runs as; empty when it can do no more than it needs.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when the database is not there.
    pub fn check_role(&self) -> Result<Vec<String>, StorageError> {
        self.ask(migrate::complaints)
    }

    /// Asks something that is in nobody's scope.
    fn ask<T>(
        &self,
        question: impl FnOnce(&mut PgConnection) -> QueryResult<T>,
    ) -> Result<T, StorageError> {
        let mut connection = self.pool.get_within(PROBED_WITHIN)?;
        question(connection.raw()).map_err(|error| {
            connection.forget();
            storage_error(error)
        })
    }
}

impl UnitOfWork for PgUnitOfWork {
    fn run(
        &self,
        scope: Scope,
        mode: Mode,
        work: &mut dyn FnMut(&mut dyn Repositories) -> Decision,
    ) -> Result<(), StorageError> {
        let mut connection = self.pool.begin(scope, mode)?;
        let mut transaction = Transaction::new(connection.raw(), scope);
        let decision = work(&mut transaction);
        if decision == Decision::Commit && !transaction.has_failed() {
            transaction.analyze()?;
        }
        let failed = transaction.has_failed();
        match decision {
            Decision::Commit if !failed => connection.commit(mode),
            Decision::Commit | Decision::RollBack => {
                connection.roll_back(mode);
                if failed {
                    Err(StorageError::Failed(
                        "a repository had failed, so nothing was kept".into(),
                    ))
                } else {
                    Ok(())
                }
            }
        }
    }
}
