//! Bringing a hall's roster in from a CSV file: all of it or nothing, with every mistake named.
//!
//! The file is read three times, so that it never has to fit into memory: once to find out how it is
//! written, once to check every row before the database is touched, and once to write, in one
//! transaction. What only the database knows, such as that a number is of a deleted member, shows in
//! the third reading, which then keeps nothing.

mod columns;
mod report;
mod rows;
mod survey;
mod text;
mod values;
mod writing;

#[cfg(test)]
mod tests;

use std::io::{self, Read};

use jiff::civil::Date;
use unionhall_domain::invalid::FieldError;
use unionhall_ports::{idempotency::StoredAnswer, storage::StorageError};

pub use report::{ImportReport, RowError};

use self::{
    rows::{Checker, Rows},
    survey::Format,
    writing::Writing,
};
use super::Members;
use crate::{
    call::Call,
    error::{CallError, Code, Coded},
    permissions::Permission,
};

/// The most rows that one file may have.
const MOST_ROWS: u64 = 500_000;
/// After how many rows the progress is told.
const TOLD_EVERY: u64 = 500;

/// A file that can be read from its beginning several times, and is the same each time.
pub trait Roster {
    /// Opens the file at its beginning; what was opened before is not read any more.
    ///
    /// # Errors
    /// What the system says when it cannot be opened.
    fn open(&self) -> io::Result<Box<dyn Read>>;
}

/// What is to be done with a roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportOptions {
    /// Bring the good rows in although others are bad.
    pub skip_bad: bool,
}

/// What an import is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportPhase {
    /// Finding out how the file is written.
    Reading,
    /// Checking every row.
    Checking,
    /// Writing.
    Writing,
}

/// How far an import has come; told after every 500 rows and at the end of each phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportProgress {
    /// What it is doing.
    pub phase: ImportPhase,
    /// How many rows it has done in this phase; none while it is reading.
    pub rows: u64,
    /// How many bytes of the file it has read in this phase.
    pub bytes: u64,
    /// How many bytes the file has; not known before it was read once.
    pub bytes_total: Option<u64>,
}

/// Why a roster was not brought in; then nothing is kept.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Columns or rows are wrong.
    #[error("the roster has mistakes, and nothing was written")]
    BadRows(Box<ImportReport>),
    /// The file is no CSV file that can be read; the sentence says why.
    #[error("the roster cannot be read: {0}")]
    Unreadable(String),
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for ImportError {
    fn from(error: StorageError) -> Self {
        match error {
            // Every number was looked up, so somebody else has added it since.
            StorageError::Constraint { name } if name == "members_number_key" => {
                Self::Call(CallError::ChangedMeanwhile)
            }
            other => Self::Call(other.into()),
        }
    }
}

impl Coded for ImportError {
    fn code(&self) -> Code {
        match self {
            Self::BadRows(_) => Code::InvalidFields,
            Self::Unreadable(_) => Code::BadRequest,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::BadRows(report) => report.fields(),
            Self::Unreadable(_) | Self::Call(_) => &[],
        }
    }

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::BadRows(_) | Self::Unreadable(_) => None,
        }
    }
}

/// A roster, how it is written, and what is to be done with it.
#[derive(Clone, Copy)]
struct Job<'a> {
    roster: &'a dyn Roster,
    format: Format,
    options: ImportOptions,
    progress: &'a dyn Fn(ImportProgress),
}

impl Members {
    /// Brings a roster in: a row whose number is known changes that member, any other adds one.
    ///
    /// Everything is written in one transaction. When any row is bad, nothing is, unless the options
    /// say to skip bad rows.
    ///
    /// # Errors
    /// [`ImportError`]; then nothing is kept.
    pub fn import(
        &self,
        call: &Call,
        roster: &dyn Roster,
        options: ImportOptions,
        progress: &dyn Fn(ImportProgress),
    ) -> Result<ImportReport, ImportError> {
        call.actor.require(Permission::MembersImport)?;
        let job = Job {
            roster,
            format: survey::survey(roster, progress)?,
            options,
            progress,
        };
        let today = call.actor.today(self.core.clock.now());
        job.check(today)?;
        self.core.change(call, |change| {
            let today = change.today();
            let mut writing = Writing::new(change, options);
            let report = job.each(ImportPhase::Writing, today, Some(&mut writing))?;
            if report.bad > 0 && !options.skip_bad {
                return Err(ImportError::BadRows(report.nothing_written()));
            }
            if report.created == 0 && report.updated == 0 {
                change.leave_unchanged();
            }
            Ok(report)
        })
    }
}

impl Job<'_> {
    /// Checks every row as far as the file alone can tell.
    fn check(&self, today: Date) -> Result<(), ImportError> {
        let report = self.each(ImportPhase::Checking, today, None)?;
        if report.bad > 0 && !self.options.skip_bad {
            return Err(ImportError::BadRows(report.nothing_written()));
        }
        Ok(())
    }

    /// Goes through the file once and writes the good rows, if they are to be written; bad rows go into
    /// the report.
    fn each(
        &self,
        phase: ImportPhase,
        today: Date,
        mut writing: Option<&mut Writing<'_, '_>>,
    ) -> Result<ImportReport, ImportError> {
        let mut report = ImportReport::of(&self.format);
        let mut rows = Rows::open(self.roster, &self.format)?;
        let Some(mut checker) = Checker::new(rows.heading(), today, &mut report) else {
            return Err(ImportError::BadRows(report.nothing_written()));
        };
        while let Some(raw) = rows.advance()? {
            report.rows = raw.record;
            match (checker.check(&raw), &mut writing) {
                (Ok(row), Some(writing)) => writing.take(row, checker.columns(), &mut report)?,
                (Ok(_), None) => {}
                (Err(errors), _) => report.reject(errors),
            }
            if report.rows.is_multiple_of(TOLD_EVERY) {
                self.tell(phase, &report, rows.bytes());
            }
        }
        if let Some(writing) = writing {
            writing.finish(checker.columns(), &mut report)?;
        }
        self.tell(phase, &report, rows.bytes());
        Ok(report)
    }

    fn tell(&self, phase: ImportPhase, report: &ImportReport, bytes: u64) {
        (self.progress)(ImportProgress {
            phase,
            rows: report.rows,
            bytes,
            bytes_total: Some(self.format.bytes),
        });
    }
}

/// A failure of the system underneath, which is no fault of the file.
fn failed(error: io::Error) -> ImportError {
    ImportError::Call(CallError::Internal(Box::new(error)))
}
