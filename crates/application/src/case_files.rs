//! Case files: small ones are made while somebody waits, large ones by the worker and kept for a while.
//!
//! A large file is announced as one that nothing refers to after a day, then stored, and then entered with its job: what
//! a crash leaves behind is removed when it is due, and so is the file itself. A job is done under a lease, so a crash
//! lets another worker do it, and the one that comes second changes nothing.

mod gathering;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use jiff::SignedDuration;
use unionhall_domain::{
    audit::Target,
    case_files::{
        CaseFile, CaseFileFormat, CaseFileJob, CaseFileJobId, CaseRecords, Circumstances, JobState,
    },
    grievances::GrievanceId,
    ids::Id,
    tenants::TenantId,
};
pub use unionhall_ports::case_files::CaseFileWriter;
use unionhall_ports::{
    blobs::{BlobError, BlobKey, BlobStore},
    case_files::{ClaimedJob, ONE_WAITING, Unwritten},
    storage::StorageError,
    unit_of_work::{Repositories, Scope},
};

use crate::{
    call::Call,
    cases::{self, CaseError},
    core::{Core, Recorded},
    error::CallError,
    grievances::Readable,
    permissions::Permission,
};

/// The most things on record in a file that somebody waits for.
const SMALL: u64 = 200;
/// The most bytes on record in a file that somebody waits for.
const SHORT: u64 = 200_000;
/// How long a file is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How long a worker may take for a file.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// How often it is tried to make a file.
const TRIES: u32 = 5;
/// How many jobs are forgotten at once.
const FORGOTTEN: u16 = 100;

/// What comes of asking for a case file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// The file.
    File(File),
    /// It is being made, or is there to be taken: where.
    Job(CaseFileJob),
}

/// A case file as bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The content.
    pub bytes: Vec<u8>,
    /// What it is.
    pub format: CaseFileFormat,
    /// Under which name it is kept by whoever takes it.
    pub name: String,
}

/// The use cases of case files.
#[derive(Clone)]
pub struct CaseFiles {
    core: Arc<Core>,
    blobs: Arc<dyn BlobStore>,
    writer: Arc<dyn CaseFileWriter>,
}

impl CaseFiles {
    /// Over these ports.
    pub fn new(
        core: Arc<Core>,
        blobs: Arc<dyn BlobStore>,
        writer: Arc<dyn CaseFileWriter>,
    ) -> Self {
        Self {
            core,
            blobs,
            writer,
        }
    }

    /// The case file of a grievance, or where it will be: a large one that the caller asked for already is not made
    /// twice. It is the union's own file; the member whose case it is does not take it here.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn ask(
        &self,
        call: &Call,
        grievance: GrievanceId,
        format: CaseFileFormat,
    ) -> Result<Recorded<Asked>, CaseError> {
        call.actor.require(Permission::GrievancesRead)?;
        let tenant = call.actor.tenant();
        let small = self.core.snapshot(call, |tx| {
            let case = cases::shown(tx, &Readable::Every, grievance)?;
            let size = tx.case_files().size(grievance)?;
            if size.things > SMALL || size.bytes > SHORT {
                return Ok(None);
            }
            let small = gathering::first(tx, case)?;
            let named = |records: CaseRecords| {
                let names = tx.case_files().names(&records.named())?;
                Ok::<_, CaseError>((records, names))
            };
            small.map(named).transpose()
        })?;
        let asked = match small {
            Some((records, names)) => Asked::File(self.written(
                &records,
                &Circumstances {
                    hall: tenant.name.to_string(),
                    zone: tenant.time_zone.clone(),
                    made_at: self.core.clock.now(),
                    names,
                },
                format,
            )?),
            None => Asked::Job(self.job(call, grievance, format)?),
        };
        let id = grievance.uuid();
        Ok(self.core.recorded(call, Target::CaseFile, id, asked)?)
    }

    /// A file that was made, or the job that it waits for. Only who asked for it finds it.
    ///
    /// # Errors
    /// [`CaseError::NotFound`] also when it is not kept any more, and [`CaseError::NotMade`] when it was given up: then
    /// [`ask`](Self::ask) begins another one.
    pub fn find(
        &self,
        call: &Call,
        grievance: GrievanceId,
        id: CaseFileJobId,
    ) -> Result<Recorded<Asked>, CaseError> {
        call.actor.require(Permission::GrievancesRead)?;
        let (now, by) = (self.core.clock.now(), call.actor.user_id());
        let (number, job) = self.core.snapshot(call, |tx| {
            let case = cases::shown(tx, &Readable::Every, grievance)?;
            let found = tx.case_files().find(grievance, id)?;
            let counts = |job: &CaseFileJob| job.counts(now) && job.asked_by == by;
            let job = found.filter(counts).ok_or(NO_FILE)?;
            Ok::<_, CaseError>((case.number, job))
        })?;
        let asked = match &job.state {
            JobState::Waiting => Asked::Job(job),
            JobState::Failed => return Err(CaseError::NotMade("case file")),
            JobState::Ready { key, .. } => {
                let stored = self.blobs.find(&key_of(key)?).map_err(unavailable)?;
                Asked::File(File {
                    bytes: stored.ok_or(NO_FILE)?.bytes,
                    format: job.format,
                    name: CaseFile::file_name(&number.to_string(), job.format),
                })
            }
        };
        let id = grievance.uuid();
        Ok(self.core.recorded(call, Target::CaseFile, id, asked)?)
    }

    /// Makes the file that has waited longest, and tells whether there was one.
    ///
    /// # Errors
    /// [`CaseError`]; then it is tried again when the lease has run out.
    pub fn make_due(&self) -> Result<bool, CaseError> {
        let now = self.core.clock.now();
        let lease = later(now, LEASE)?;
        let storage = &self.core.unit_of_work;
        let claimed = storage.transaction(Scope::Worker, |tx| {
            Ok::<_, CaseError>(tx.case_files().claim(now, lease)?)
        })?;
        let Some(claimed) = claimed else {
            return Ok(false);
        };
        if claimed.earlier_attempts >= TRIES {
            let state = JobState::Failed;
            self.settle(
                claimed.tenant,
                CaseFileJob {
                    state,
                    ..claimed.job
                },
            )?;
        } else {
            self.make(claimed)?;
        }
        Ok(true)
    }

    /// Forgets jobs whose files are gone.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn sweep(&self) -> Result<usize, CaseError> {
        let now = self.core.clock.now();
        let before = later(now, -KEPT.saturating_mul(2))?;
        let storage = &self.core.unit_of_work;
        storage.transaction(Scope::Worker, |tx| {
            Ok(tx.case_files().forget(before, now, FORGOTTEN)?)
        })
    }

    fn written(
        &self,
        records: &CaseRecords,
        circumstances: &Circumstances,
        format: CaseFileFormat,
    ) -> Result<File, CaseError> {
        let file = CaseFile::of(records, circumstances);
        // A writer that panics fails at this file alone: the thread goes on, and the writer keeps nothing from one file
        // to the next that could be half done.
        let write = AssertUnwindSafe(|| self.writer.write(&file, format));
        let written =
            catch_unwind(write).unwrap_or_else(|_| Err(Unwritten("the writer panicked".into())));
        Ok(File {
            bytes: written.map_err(unwritten)?,
            format,
            name: CaseFile::file_name(&file.number, format),
        })
    }

    /// The job that the caller asked for already, or a new one.
    fn job(
        &self,
        call: &Call,
        grievance: GrievanceId,
        format: CaseFileFormat,
    ) -> Result<CaseFileJob, CaseError> {
        let (now, by) = (self.core.clock.now(), call.actor.user_id());
        let scope = Scope::Tenant(call.actor.tenant_id());
        let job = CaseFileJob {
            id: Id::new(self.core.clock.new_id()),
            grievance,
            format,
            asked_by: by,
            asked_at: now,
            state: JobState::Waiting,
        };
        let ask = || {
            self.core.unit_of_work.transaction(scope, |tx| {
                if let Some(job) = tx.case_files().find_asked(grievance, format, by, now)? {
                    return Ok(job);
                }
                tx.case_files().insert(&job)?;
                Ok(job.clone())
            })
        };
        Ok(match ask() {
            // The same user asked twice at once: both wait for the same.
            Err(StorageError::Constraint { name }) if name == ONE_WAITING => ask()?,
            asked => asked?,
        })
    }

    /// Makes the file of a job, as of when its records are read.
    fn make(&self, claimed: ClaimedJob) -> Result<(), CaseError> {
        let ClaimedJob { tenant, job, .. } = claimed;
        let storage = &self.core.unit_of_work;
        let gathered = storage.snapshot(Scope::Tenant(tenant), |tx| {
            gathered(tx, tenant, &job, self.core.clock.now())
        });
        let (records, circumstances) = match gathered {
            // The grievance was deleted meanwhile: there is nothing to be made.
            Err(CaseError::NotFound(_)) => {
                let state = JobState::Failed;
                return self.settle(tenant, CaseFileJob { state, ..job });
            }
            gathered => gathered?,
        };
        let file = self.written(&records, &circumstances, job.format)?;
        // Each try has a key of its own, so that what another one stored is not removed with this one's.
        let stored = self.core.clock.new_id();
        let key = key_of(&format!("tenants/{tenant}/case-files/{stored}"))?;
        let until = later(self.core.clock.now(), KEPT)?;
        storage.transaction(Scope::Tenant(tenant), |tx| {
            Ok::<_, CaseError>(tx.pictures().release(&key, until)?)
        })?;
        let media_type = job.format.media_type();
        self.blobs
            .put(&key, &file.bytes, media_type)
            .map_err(unavailable)?;
        match job.ready(key.to_string(), until) {
            Some(ready) => self.settle(tenant, ready),
            None => Ok(()),
        }
    }

    fn settle(&self, tenant: TenantId, job: CaseFileJob) -> Result<(), CaseError> {
        let storage = &self.core.unit_of_work;
        storage.transaction(Scope::Tenant(tenant), |tx| {
            Ok(tx.case_files().settle(&job)?)
        })
    }
}

const NO_FILE: CaseError = CaseError::NotFound("case file");

/// Everything that the file of a job tells.
fn gathered(
    tx: &mut dyn Repositories,
    tenant: TenantId,
    job: &CaseFileJob,
    now: jiff::Timestamp,
) -> Result<(CaseRecords, Circumstances), CaseError> {
    let case = cases::shown(tx, &Readable::Every, job.grievance)?;
    let records = gathering::all(tx, case)?;
    let names = tx.case_files().names(&records.named())?;
    let hall = tx.tenants().find(tenant)?.ok_or(NO_FILE)?;
    let circumstances = Circumstances {
        hall: hall.name.to_string(),
        zone: hall.time_zone,
        made_at: now,
        names,
    };
    Ok((records, circumstances))
}

fn later(at: jiff::Timestamp, by: SignedDuration) -> Result<jiff::Timestamp, CaseError> {
    let moved = at.checked_add(by);
    moved.map_err(|error| CallError::Internal(error.into()).into())
}

fn key_of(key: &str) -> Result<BlobKey, CaseError> {
    BlobKey::parse(key).map_err(|error| CallError::Internal(error.into()).into())
}

fn unwritten(error: Unwritten) -> CaseError {
    CallError::Internal(error.into()).into()
}

fn unavailable(error: BlobError) -> CaseError {
    match error {
        BlobError::Unavailable(source) => CallError::Unavailable(source),
        error @ (BlobError::Refused(_) | BlobError::Failed(_)) => {
            CallError::Internal(Box::new(error))
        }
    }
    .into()
}

#[cfg(test)]
mod tests;
