//! Mocks for unit tests of the use cases: one `mockall` mock per repository, one transaction around them.

use std::sync::Mutex;

use crate::{
    audit::{AuditTrail, MockAuditTrail},
    benevolence::{
        BenevolenceBench, BenevolenceFile, BenevolenceFund, BenevolenceRepository,
        MockBenevolenceBench, MockBenevolenceFile, MockBenevolenceFund, MockBenevolenceRepository,
    },
    campaigns::{CampaignRepository, MockCampaignRepository},
    case_files::{CaseFileRepository, MockCaseFileRepository},
    class_sessions::{ClassSessionRepository, MockClassSessionRepository},
    classes::{ClassRepository, MockClassRepository},
    cohorts::{CohortRepository, CohortRoll, MockCohortRepository, MockCohortRoll},
    collective_agreements::{CollectiveAgreementRepository, MockCollectiveAgreementRepository},
    contacts::{ContactRepository, MockContactRepository},
    courses::{CourseRepository, MockCourseRepository},
    deadline_feeds::{DeadlineFeedRepository, MockDeadlineFeedRepository},
    deadlines::{DeadlineRepository, MockDeadlineRepository},
    documents::{DocumentRepository, MockDocumentRepository},
    email_changes::{EmailChangeRepository, MockEmailChangeRepository},
    employments::{EmploymentRepository, MockEmploymentRepository},
    grievance_boards::{GrievanceBoards, MockGrievanceBoards},
    grievances::{GrievanceRepository, MockGrievanceRepository},
    holidays::{HolidayCalendarRepository, MockHolidayCalendarRepository},
    idempotency::{IdempotencyStore, MockIdempotencyStore},
    identity::{IdentityRepository, MockIdentityRepository},
    information_requests::{InformationRequestRepository, MockInformationRequestRepository},
    instructors::{InstructorRepository, MockInstructorRepository},
    invitations::{InvitationRepository, MockInvitationRepository},
    locations::{LocationRepository, MockLocationRepository},
    locks::{LockRepository, MockLockRepository},
    mail_tokens::{MailTokenRepository, MockMailTokenRepository},
    members::{MemberRepository, MockMemberRepository},
    obligations::{MockObligationRepository, ObligationRepository},
    organizations::{
        DuplicateRepository, MockDuplicateRepository, MockOrganizationRepository,
        MockOverviewRepository, OrganizationRepository, OverviewRepository,
    },
    outbox::{MockOutbox, Outbox},
    own_sessions::{MockOwnSessions, OwnSessions},
    pictures::{MockPictureRepository, PictureRepository},
    profiles::{MockProfileRepository, ProfileRepository},
    representation_log::{MockRepresentationLog, RepresentationLog},
    salting_activities::{MockSaltingActivityRepository, SaltingActivityRepository},
    salting_scores::{MockSaltingScoreRepository, SaltingScoreRepository},
    search::{MockSearchIndex, SearchIndex},
    second_factors::{MockSecondFactorRepository, SecondFactorRepository},
    sign_in_challenges::{MockSignInChallengeRepository, SignInChallengeRepository},
    signups::{MockSignupRepository, SignupRepository},
    step_meetings::{MockStepMeetingRepository, StepMeetingRepository},
    storage::StorageError,
    students::{MockStudentRepository, StudentRepository},
    tenants::{MockTenantRepository, TenantRepository},
    training_settings::{MockTrainingSettingsRepository, TrainingSettingsRepository},
    trusted_devices::{MockTrustedDeviceRepository, TrustedDeviceRepository},
    unit_of_work::{Decision, Mode, Repositories, Scope, UnitOfWork},
    users::{MockUserRepository, UserRepository},
};

/// A mock of every repository.
#[derive(Default)]
#[expect(
    missing_docs,
    reason = "each field is the mock of the repository it is named after"
)]
pub struct MockRepositories {
    pub tenants: MockTenantRepository,
    pub identity: MockIdentityRepository,
    pub instructors: MockInstructorRepository,
    pub locations: MockLocationRepository,
    pub students: MockStudentRepository,
    pub cohorts: MockCohortRepository,
    pub cohort_roll: MockCohortRoll,
    pub invitations: MockInvitationRepository,
    pub locks: MockLockRepository,
    pub mail_tokens: MockMailTokenRepository,
    pub email_changes: MockEmailChangeRepository,
    pub signups: MockSignupRepository,
    pub users: MockUserRepository,
    pub second_factors: MockSecondFactorRepository,
    pub sign_in_challenges: MockSignInChallengeRepository,
    pub trusted_devices: MockTrustedDeviceRepository,
    pub members: MockMemberRepository,
    pub contacts: MockContactRepository,
    pub organizations: MockOrganizationRepository,
    pub duplicates: MockDuplicateRepository,
    pub overviews: MockOverviewRepository,
    pub employments: MockEmploymentRepository,
    pub grievances: MockGrievanceRepository,
    pub benevolence: MockBenevolenceRepository,
    pub benevolence_file: MockBenevolenceFile,
    pub benevolence_fund: MockBenevolenceFund,
    pub benevolence_bench: MockBenevolenceBench,
    pub step_meetings: MockStepMeetingRepository,
    pub information_requests: MockInformationRequestRepository,
    pub obligations: MockObligationRepository,
    pub representation_log: MockRepresentationLog,
    pub campaigns: MockCampaignRepository,
    /// Class sessions.
    pub class_sessions: MockClassSessionRepository,
    /// Classes.
    pub classes: MockClassRepository,
    /// What a tenant has decided about its school.
    pub training_settings: MockTrainingSettingsRepository,
    /// Courses.
    pub courses: MockCourseRepository,
    pub salting_activities: MockSaltingActivityRepository,
    pub salting_scores: MockSaltingScoreRepository,
    pub collective_agreements: MockCollectiveAgreementRepository,
    pub deadline_feeds: MockDeadlineFeedRepository,
    pub deadlines: MockDeadlineRepository,
    pub holidays: MockHolidayCalendarRepository,
    pub grievance_boards: MockGrievanceBoards,
    pub case_files: MockCaseFileRepository,
    pub documents: MockDocumentRepository,
    pub pictures: MockPictureRepository,
    pub profiles: MockProfileRepository,
    pub audit: MockAuditTrail,
    pub outbox: MockOutbox,
    pub own_sessions: MockOwnSessions,
    pub search: MockSearchIndex,
    pub idempotency: MockIdempotencyStore,
}

impl Repositories for MockRepositories {
    fn tenants(&mut self) -> &mut dyn TenantRepository {
        &mut self.tenants
    }
    fn identity(&mut self) -> &mut dyn IdentityRepository {
        &mut self.identity
    }
    fn instructors(&mut self) -> &mut dyn InstructorRepository {
        &mut self.instructors
    }
    fn locations(&mut self) -> &mut dyn LocationRepository {
        &mut self.locations
    }
    fn students(&mut self) -> &mut dyn StudentRepository {
        &mut self.students
    }
    fn cohort_roll(&mut self) -> &mut dyn CohortRoll {
        &mut self.cohort_roll
    }
    fn cohorts(&mut self) -> &mut dyn CohortRepository {
        &mut self.cohorts
    }
    fn invitations(&mut self) -> &mut dyn InvitationRepository {
        &mut self.invitations
    }
    fn locks(&mut self) -> &mut dyn LockRepository {
        &mut self.locks
    }
    fn mail_tokens(&mut self) -> &mut dyn MailTokenRepository {
        &mut self.mail_tokens
    }
    fn email_changes(&mut self) -> &mut dyn EmailChangeRepository {
        &mut self.email_changes
    }
    fn signups(&mut self) -> &mut dyn SignupRepository {
        &mut self.signups
    }
    fn users(&mut self) -> &mut dyn UserRepository {
        &mut self.users
    }
    fn second_factors(&mut self) -> &mut dyn SecondFactorRepository {
        &mut self.second_factors
    }
    fn sign_in_challenges(&mut self) -> &mut dyn SignInChallengeRepository {
        &mut self.sign_in_challenges
    }
    fn trusted_devices(&mut self) -> &mut dyn TrustedDeviceRepository {
        &mut self.trusted_devices
    }
    fn members(&mut self) -> &mut dyn MemberRepository {
        &mut self.members
    }
    fn contacts(&mut self) -> &mut dyn ContactRepository {
        &mut self.contacts
    }
    fn organizations(&mut self) -> &mut dyn OrganizationRepository {
        &mut self.organizations
    }
    fn duplicates(&mut self) -> &mut dyn DuplicateRepository {
        &mut self.duplicates
    }
    fn overviews(&mut self) -> &mut dyn OverviewRepository {
        &mut self.overviews
    }
    fn employments(&mut self) -> &mut dyn EmploymentRepository {
        &mut self.employments
    }
    fn grievances(&mut self) -> &mut dyn GrievanceRepository {
        &mut self.grievances
    }
    fn benevolence(&mut self) -> &mut dyn BenevolenceRepository {
        &mut self.benevolence
    }
    fn benevolence_file(&mut self) -> &mut dyn BenevolenceFile {
        &mut self.benevolence_file
    }
    fn benevolence_fund(&mut self) -> &mut dyn BenevolenceFund {
        &mut self.benevolence_fund
    }
    fn benevolence_bench(&mut self) -> &mut dyn BenevolenceBench {
        &mut self.benevolence_bench
    }
    fn step_meetings(&mut self) -> &mut dyn StepMeetingRepository {
        &mut self.step_meetings
    }
    fn information_requests(&mut self) -> &mut dyn InformationRequestRepository {
        &mut self.information_requests
    }
    fn obligations(&mut self) -> &mut dyn ObligationRepository {
        &mut self.obligations
    }
    fn representation_log(&mut self) -> &mut dyn RepresentationLog {
        &mut self.representation_log
    }
    fn campaigns(&mut self) -> &mut dyn CampaignRepository {
        &mut self.campaigns
    }
    fn class_sessions(&mut self) -> &mut dyn ClassSessionRepository {
        &mut self.class_sessions
    }
    fn classes(&mut self) -> &mut dyn ClassRepository {
        &mut self.classes
    }
    fn training_settings(&mut self) -> &mut dyn TrainingSettingsRepository {
        &mut self.training_settings
    }
    fn courses(&mut self) -> &mut dyn CourseRepository {
        &mut self.courses
    }
    fn salting_activities(&mut self) -> &mut dyn SaltingActivityRepository {
        &mut self.salting_activities
    }
    fn salting_scores(&mut self) -> &mut dyn SaltingScoreRepository {
        &mut self.salting_scores
    }
    fn collective_agreements(&mut self) -> &mut dyn CollectiveAgreementRepository {
        &mut self.collective_agreements
    }
    fn deadline_feeds(&mut self) -> &mut dyn DeadlineFeedRepository {
        &mut self.deadline_feeds
    }
    fn deadlines(&mut self) -> &mut dyn DeadlineRepository {
        &mut self.deadlines
    }
    fn holidays(&mut self) -> &mut dyn HolidayCalendarRepository {
        &mut self.holidays
    }
    fn grievance_boards(&mut self) -> &mut dyn GrievanceBoards {
        &mut self.grievance_boards
    }
    fn case_files(&mut self) -> &mut dyn CaseFileRepository {
        &mut self.case_files
    }
    fn documents(&mut self) -> &mut dyn DocumentRepository {
        &mut self.documents
    }
    fn pictures(&mut self) -> &mut dyn PictureRepository {
        &mut self.pictures
    }
    fn profiles(&mut self) -> &mut dyn ProfileRepository {
        &mut self.profiles
    }
    fn audit(&mut self) -> &mut dyn AuditTrail {
        &mut self.audit
    }
    fn own_sessions(&mut self) -> &mut dyn OwnSessions {
        &mut self.own_sessions
    }
    fn outbox(&mut self) -> &mut dyn Outbox {
        &mut self.outbox
    }
    fn search(&mut self) -> &mut dyn SearchIndex {
        &mut self.search
    }
    fn idempotency(&mut self) -> &mut dyn IdempotencyStore {
        &mut self.idempotency
    }
}

/// A unit of work over mocks that remembers how each transaction ended.
#[derive(Default)]
pub struct FakeUnitOfWork {
    repositories: Mutex<MockRepositories>,
    runs: Mutex<Vec<(Scope, Mode, Decision)>>,
}

impl FakeUnitOfWork {
    /// A unit of work over these mocks.
    pub fn new(repositories: MockRepositories) -> Self {
        Self {
            repositories: Mutex::new(repositories),
            runs: Mutex::default(),
        }
    }

    /// Every transaction so far: whose rows, how, and how it ended.
    ///
    /// # Panics
    /// When a test panicked while it held the lock.
    pub fn runs(&self) -> Vec<(Scope, Mode, Decision)> {
        self.runs.lock().expect("no test panics here").clone()
    }
}

impl UnitOfWork for FakeUnitOfWork {
    fn run(
        &self,
        scope: Scope,
        mode: Mode,
        work: &mut dyn FnMut(&mut dyn Repositories) -> Decision,
    ) -> Result<(), StorageError> {
        let decision = work(&mut *self.repositories.lock().expect("one transaction at a time"));
        let mut runs = self.runs.lock().expect("no test panics here");
        runs.push((scope, mode, decision));
        Ok(())
    }
}
