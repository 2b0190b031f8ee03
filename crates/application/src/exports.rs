//! Exports: whole lists as files, for those who may take them out of the house.
//!
//! An export shows what the list shows: its rows come from the list's own use case, page by page, so that whoever
//! asks sees no row and no field more. What is its own are the permission, the largest number of rows, and its place
//! on record, before the first byte leaves.

use std::sync::Arc;

use jiff::civil::Date;
use unionhall_domain::{audit::Target, invalid::FieldError};
use unionhall_ports::{idempotency::StoredAnswer, pages::Page};

use crate::{
    call::Call,
    core::{Core, Recorded},
    error::{CallError, Code, Coded},
    permissions::Permission,
};

/// The most rows that one file may have.
pub const MOST_ROWS: u64 = 200_000;

/// What is exported, for the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Of what kind the rows are.
    pub target: Target,
    /// What the list is called.
    pub list: &'static str,
    /// As what kind of file.
    pub format: &'static str,
    /// The filters and the order as they were asked for.
    pub query: String,
}

/// The beginning of an export.
#[derive(Debug)]
pub struct Begun<T> {
    /// The first rows, and how many there are in all.
    pub page: Page<T>,
    /// The tenant's calendar day, which the file is named after.
    pub day: Date,
}

/// Why there is no export, or no more of one.
#[derive(Debug, thiserror::Error)]
pub enum ExportError<E> {
    /// The list itself failed or was refused.
    #[error(transparent)]
    List(E),
    /// More rows match than a file may have.
    #[error("{found} rows match, and a file has {MOST_ROWS} at most; narrow the filters")]
    TooManyRows {
        /// How many match.
        found: u64,
    },
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl<E: Coded> Coded for ExportError<E> {
    fn code(&self) -> Code {
        match self {
            Self::List(error) => error.code(),
            Self::TooManyRows { .. } => Code::TooManyRows,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::List(error) => error.fields(),
            Self::TooManyRows { .. } | Self::Call(_) => &[],
        }
    }

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::List(error) => error.replay(),
            Self::Call(error) => error.replay(),
            Self::TooManyRows { .. } => None,
        }
    }
}

/// The use cases of exports.
#[derive(Clone)]
pub struct Exports {
    core: Arc<Core>,
}

impl Exports {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Begins an export: `first` reads the first page of the list, counts all of its rows, and decides for itself
    /// whether the caller may read it. The file may be told once the export is on record: who took which list, with
    /// which filters, and how many rows there were.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn begin<T, E>(
        &self,
        call: &Call,
        subject: &Subject,
        first: impl FnOnce(&Call) -> Result<Page<T>, E>,
    ) -> Result<Recorded<Begun<T>>, ExportError<E>> {
        call.actor.require(Permission::ListsExport)?;
        let page = first(&within(call)).map_err(ExportError::List)?;
        let found = page.total.ok_or_else(|| {
            CallError::Internal("a list that is exported did not count its rows".into())
        })?;
        if found > MOST_ROWS {
            return Err(ExportError::TooManyRows { found });
        }
        let day = call.actor.today(self.core.clock.now());
        let begun = Begun { page, day };
        Ok(self
            .core
            .recorded_export(call, subject.target, details(subject, found), begun)?)
    }

    /// Goes on with an export that has begun: `next` reads the page.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn go_on<T, E>(
        &self,
        call: &Call,
        next: impl FnOnce(&Call) -> Result<Page<T>, E>,
    ) -> Result<Page<T>, ExportError<E>> {
        call.actor.require(Permission::ListsExport)?;
        next(&within(call)).map_err(ExportError::List)
    }
}

/// The call as that of a part of something that is on record as a whole.
fn within(call: &Call) -> Call {
    Call {
        on_record: true,
        ..call.clone()
    }
}

fn details(subject: &Subject, rows: u64) -> Vec<(&'static str, String)> {
    let mut details = vec![
        ("list", subject.list.to_owned()),
        ("format", subject.format.to_owned()),
        ("count", rows.to_string()),
    ];
    if !subject.query.is_empty() {
        details.push(("filters", subject.query.clone()));
    }
    details
}

#[cfg(test)]
mod tests;
