//! Bringing lists in from CSV files: all of a file or nothing, with every mistake named.
//!
//! The file is read three times, so that it never has to fit into memory: once to find out how it is
//! written, once to check every row before the database is touched, and once to write, in one
//! transaction. What only the database knows, such as that a number is of a deleted member, shows in
//! the third reading, which then keeps nothing.
//!
//! What a file is a list of is a kind; everything else is the same for all of them.

pub(crate) mod columns;
#[cfg(test)]
pub(crate) mod fixtures;
pub(crate) mod places;
mod report;
pub(crate) mod rows;
mod survey;
mod text;
pub(crate) mod values;
mod writing;

use std::io::{self, Read};

use jiff::civil::Date;
use unionhall_domain::invalid::FieldError;
use unionhall_ports::{idempotency::StoredAnswer, storage::StorageError};

pub use report::{ImportReport, RowError};
pub(crate) use rows::{Cells, Placed};
pub(crate) use writing::Tally;

use self::{
    columns::Field,
    rows::{Checker, Rows},
    survey::Format,
    writing::Writing,
};
use crate::{
    call::Call,
    core::{Change, Core},
    error::{CallError, Code, Coded},
};

/// The most rows that one file may have.
const MOST_ROWS: u64 = 500_000;
/// After how many rows the progress is told.
const TOLD_EVERY: u64 = 500;

/// A file that can be read from its beginning several times, and is the same each time.
pub trait Sheet {
    /// Opens the file at its beginning; what was opened before is not read any more.
    ///
    /// # Errors
    /// What the system says when it cannot be opened.
    fn open(&self) -> io::Result<Box<dyn Read>>;
}

/// What is to be done with a file.
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

/// Why a file was not brought in; then nothing is kept.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Columns or rows are wrong.
    #[error("the file has mistakes, and nothing was written")]
    BadRows(Box<ImportReport>),
    /// The file is no CSV file that can be read; the sentence says why.
    #[error("the file cannot be read: {0}")]
    Unreadable(String),
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

/// What was looked at before it was written, so that somebody else has changed it since.
const CHANGED_SINCE: [&str; 3] = [
    "members_number_key",
    "contacts_primary_key",
    "employments_at_once",
];

impl From<StorageError> for ImportError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Constraint { name } if CHANGED_SINCE.contains(&name.as_str()) => {
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

/// What a file is a list of.
pub(crate) trait Kind {
    /// What a column can hold.
    type Field: Field;
    /// A row that is right as far as the file alone can tell.
    type Row;

    /// Reads every value of a row, and gathers what is wrong with it; none when one that is needed is wrong.
    fn read(cells: &mut Cells<'_, Self::Field>) -> Option<Self::Row>;

    /// Checks what no value tells alone.
    ///
    /// # Errors
    /// The fields that are wrong, by their names on the wire.
    fn check(row: &Self::Row, today: Date) -> Result<(), Vec<FieldError>>;

    /// What no two rows of a file may have in common, as far as the file alone can tell; none when the row does not say.
    fn key(cells: &Cells<'_, Self::Field>) -> Option<String>;

    /// The field that is wrong in the later one of two rows with one key, and why.
    fn twice(earlier: u64) -> (Self::Field, String);

    /// Decides what a batch of rows means for the records there are, writes it, and counts it.
    ///
    /// # Errors
    /// [`ImportError`]; then nothing of the file is kept.
    fn write(
        &mut self,
        change: &mut Change<'_>,
        rows: Vec<Placed<Self::Row>>,
        tally: &mut Tally<'_, Self::Field>,
    ) -> Result<(), ImportError>;
}

/// A file, how it is written, and what is to be done with it.
#[derive(Clone, Copy)]
struct Job<'a> {
    sheet: &'a dyn Sheet,
    format: Format,
    options: ImportOptions,
    progress: &'a dyn Fn(ImportProgress),
}

/// Brings a file in, for a caller who may.
///
/// Everything is written in one transaction. When any row is bad, nothing is, unless the options say to skip bad rows. A
/// tenant brings one list in at a time: batch after batch locks what the rows name, and two files that name the same in
/// another order would wait for each other in a circle. Whoever comes second waits for a while and is then refused.
///
/// # Errors
/// [`ImportError`]; then nothing is kept.
pub(crate) fn bring_in<K: Kind>(
    (core, call): (&Core, &Call),
    sheet: &dyn Sheet,
    options: ImportOptions,
    progress: &dyn Fn(ImportProgress),
    mut kind: K,
) -> Result<ImportReport, ImportError> {
    let job = Job {
        sheet,
        format: survey::survey(sheet, progress, &|heading| {
            K::Field::named(heading).is_some()
        })?,
        options,
        progress,
    };
    let today = call.actor.today(core.clock.now());
    job.check::<K>(today)?;
    core.change(call, |change| {
        let today = change.today();
        let tenant = call.actor.tenant_id();
        change.tx.tenants().hold_imports(tenant)?;
        let mut writing = Writing::new(change, &mut kind, options);
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

impl Job<'_> {
    /// Checks every row as far as the file alone can tell.
    fn check<K: Kind>(&self, today: Date) -> Result<(), ImportError> {
        let report = self.each::<K>(ImportPhase::Checking, today, None)?;
        if report.bad > 0 && !self.options.skip_bad {
            return Err(ImportError::BadRows(report.nothing_written()));
        }
        Ok(())
    }

    /// Goes through the file once and writes the good rows, if they are to be written; bad rows go into
    /// the report.
    fn each<K: Kind>(
        &self,
        phase: ImportPhase,
        today: Date,
        mut writing: Option<&mut Writing<'_, '_, K>>,
    ) -> Result<ImportReport, ImportError> {
        let mut report = ImportReport::of(&self.format);
        let mut rows = Rows::open(self.sheet, &self.format)?;
        let Some(mut checker) = Checker::<K>::new(rows.heading(), today, &mut report) else {
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
