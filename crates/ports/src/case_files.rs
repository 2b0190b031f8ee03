//! Case files: writing them, and those that are made while nobody waits.

use std::collections::BTreeMap;

use jiff::Timestamp;
use thiserror::Error;
use unionhall_domain::{
    case_files::{CaseFile, CaseFileFormat, CaseFileJob, CaseFileJobId, SentNotice},
    grievances::GrievanceId,
    tenants::TenantId,
    users::UserId,
};
use uuid::Uuid;

use crate::storage::StorageError;

/// A case file could not be written: a bug.
#[derive(Debug, Error)]
#[error("a case file could not be written")]
pub struct Unwritten(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Writes case files. The same file is written as the same bytes.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait CaseFileWriter: Send + Sync {
    /// The bytes of a file.
    ///
    /// # Errors
    /// [`Unwritten`].
    fn write(&self, file: &CaseFile, format: CaseFileFormat) -> Result<Vec<u8>, Unwritten>;
}

/// A job that a worker has taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedJob {
    /// Whose it is.
    pub tenant: TenantId,
    /// The job.
    pub job: CaseFileJob,
    /// How often it was tried before.
    pub earlier_attempts: u32,
}

/// How much is on record of a grievance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseSize {
    /// How many things, beside the grievance itself.
    pub things: u64,
    /// How long they and the grievance are as text, in bytes: what a file of them is long at least, roughly.
    pub bytes: u64,
}

/// The constraint that lets a user wait for a grievance's file in one format once.
pub const ONE_WAITING: &str = "case_file_jobs_one_waiting";

/// Case files that were asked for, and the names in them. Needs the tenant's scope, except where a method says
/// otherwise.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait CaseFileRepository {
    /// The names of the members, organizations, users and agreements of the tenant among these ids; deleted and removed
    /// ones too.
    ///
    /// # Errors
    /// [`StorageError`].
    fn names(&mut self, ids: &[Uuid]) -> Result<BTreeMap<Uuid, String>, StorageError>;

    /// How much is on record of a grievance, counted where it is stored.
    ///
    /// # Errors
    /// [`StorageError`].
    fn size(&mut self, grievance: GrievanceId) -> Result<CaseSize, StorageError>;

    /// The notices of the deadlines of a grievance that were sent, earliest first.
    ///
    /// # Errors
    /// [`StorageError`].
    fn notices(&mut self, grievance: GrievanceId) -> Result<Vec<SentNotice>, StorageError>;

    /// The job of this grievance with this id.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(
        &mut self,
        grievance: GrievanceId,
        id: CaseFileJobId,
    ) -> Result<Option<CaseFileJob>, StorageError>;

    /// The newest job of this grievance in this format that this user asked for and that still counts at `now`.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_asked(
        &mut self,
        grievance: GrievanceId,
        format: CaseFileFormat,
        by: Option<UserId>,
        now: Timestamp,
    ) -> Result<Option<CaseFileJob>, StorageError>;

    /// Adds a job that waits.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with [`ONE_WAITING`] when its user waits for the same already.
    fn insert(&mut self, job: &CaseFileJob) -> Result<(), StorageError>;

    /// Takes the job that has waited longest, for whoever calls alone until `lease`; a job whose lease ran out waits
    /// again. Needs the worker's scope.
    ///
    /// # Errors
    /// [`StorageError`].
    fn claim(
        &mut self,
        now: Timestamp,
        lease: Timestamp,
    ) -> Result<Option<ClaimedJob>, StorageError>;

    /// Writes how a job ended that waits in storage.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when it does not wait there any more.
    fn settle(&mut self, job: &CaseFileJob) -> Result<(), StorageError>;

    /// Forgets jobs whose file is not kept any more at `now`, and those that failed, when they were asked for before
    /// `before`, at most `limit`; tells how many. Needs the worker's scope.
    ///
    /// # Errors
    /// [`StorageError`].
    fn forget(
        &mut self,
        before: Timestamp,
        now: Timestamp,
        limit: u16,
    ) -> Result<usize, StorageError>;
}
