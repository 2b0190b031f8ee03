//! What came of an import, and every mistake in the file by row and column.

use unionhall_domain::invalid::{FieldError, Invalid};

use super::survey::Format;

/// How many mistakes a report keeps; all are counted.
const KEPT: usize = 1_000;
/// How many ignored columns a report lists.
const COLUMNS: usize = 100;

/// A mistake in a file, or something unusual that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// The line of the file that the row begins on, from 1.
    pub line: u64,
    /// The row, from 1; the headings and blank rows do not count. 0 for a mistake in the headings.
    pub record: u64,
    /// The column as the file calls it; none when it is about the whole row.
    pub column: Option<String>,
    /// The record's field on the wire; none when it is about the whole row.
    pub field: Option<&'static str>,
    /// What is wrong. It never repeats the value.
    pub invalid: Invalid,
}

/// What came of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportReport {
    /// Rows read; the headings and blank rows do not count.
    pub rows: u64,
    /// Records added, or that would be in a rehearsal.
    pub created: u64,
    /// Records changed.
    pub updated: u64,
    /// Records that were already as the row says.
    pub unchanged: u64,
    /// Bad rows, which were skipped.
    pub bad: u64,
    /// The first 1,000 mistakes, in the order they were found in; a row can have several.
    pub errors: Vec<RowError>,
    /// All mistakes, counted.
    pub error_count: u64,
    /// The first 1,000 things that are unusual and were taken as they are, in the order they were found in.
    pub warnings: Vec<RowError>,
    /// All of them, counted.
    pub warning_count: u64,
    /// Columns that mean nothing here and were not read.
    pub ignored_columns: Vec<String>,
    /// How the file's bytes stand for characters: `UTF-8`, `UTF-16LE`, `UTF-16BE` or `windows-1252`.
    pub encoding: &'static str,
    /// What parts its cells: a comma, a semicolon or a tab.
    pub delimiter: char,
    fields: Vec<FieldError>,
}

impl ImportReport {
    /// A report of nothing yet.
    pub(super) fn of(format: &Format) -> Self {
        Self {
            rows: 0,
            created: 0,
            updated: 0,
            unchanged: 0,
            bad: 0,
            errors: Vec::new(),
            error_count: 0,
            warnings: Vec::new(),
            warning_count: 0,
            ignored_columns: Vec::new(),
            encoding: format.encoding.name(),
            delimiter: char::from(format.delimiter),
            fields: Vec::new(),
        }
    }

    /// Counts a bad row with its mistakes.
    pub(super) fn reject(&mut self, errors: Vec<RowError>) {
        self.bad = self.bad.saturating_add(1);
        self.reject_heading(errors);
    }

    /// Counts mistakes in the headings.
    pub(super) fn reject_heading(&mut self, errors: Vec<RowError>) {
        let count = u64::try_from(errors.len()).unwrap_or(u64::MAX);
        self.error_count = self.error_count.saturating_add(count);
        let room = KEPT.saturating_sub(self.errors.len());
        self.errors.extend(errors.into_iter().take(room));
    }

    /// Counts what is unusual about a row that is taken.
    pub(super) fn warn(&mut self, warnings: impl Iterator<Item = RowError>) {
        for warning in warnings {
            self.warning_count = self.warning_count.saturating_add(1);
            if self.warnings.len() < KEPT {
                self.warnings.push(warning);
            }
        }
    }

    /// Lists a column as ignored, by its heading or its place.
    pub(super) fn ignore(&mut self, place: usize, heading: &str) {
        if self.ignored_columns.len() >= COLUMNS {
            return;
        }
        let name = heading.trim();
        self.ignored_columns.push(if name.is_empty() {
            format!("column {}, which has no name", place.saturating_add(1))
        } else {
            name.chars().take(100).collect()
        });
    }

    /// The report of an import that kept nothing.
    pub(super) fn nothing_written(mut self) -> Box<Self> {
        self.created = 0;
        self.updated = 0;
        self.unchanged = 0;
        self.warnings.clear();
        self.warning_count = 0;
        self.fields = self.errors.iter().map(RowError::at_its_place).collect();
        Box::new(self)
    }

    /// The mistakes as wrong fields: `rows/12/email` is the twelfth row's; `rows/0` are the headings.
    pub(super) fn fields(&self) -> &[FieldError] {
        &self.fields
    }
}

impl RowError {
    fn at_its_place(&self) -> FieldError {
        let row = self.record;
        let field = self.field.map(|field| format!("/{field}"));
        let line = self.line;
        let column = self
            .column
            .as_deref()
            .map(|name| format!(", column {name}"));
        FieldError {
            field: format!("rows/{row}{}", field.unwrap_or_default()).into(),
            invalid: Invalid {
                code: self.invalid.code,
                detail: format!(
                    "line {line}{}: {}",
                    column.unwrap_or_default(),
                    self.invalid.detail
                ),
            },
        }
    }
}
