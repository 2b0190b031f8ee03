//! The writing of a file: in batches, inside the one transaction of the import.

use unionhall_domain::invalid::FieldError;

use super::{
    ImportError, ImportOptions, Kind,
    columns::{Columns, Field},
    report::ImportReport,
    rows::{Placed, placed},
};
use crate::core::Change;

/// How many rows are looked up and written at once.
const BATCH: usize = 500;

/// Takes rows and writes them batch by batch.
pub(super) struct Writing<'a, 'b, K: Kind> {
    change: &'a mut Change<'b>,
    kind: &'a mut K,
    options: ImportOptions,
    batch: Vec<Placed<K::Row>>,
}

impl<'a, 'b, K: Kind> Writing<'a, 'b, K> {
    /// Nothing written yet.
    pub(super) fn new(change: &'a mut Change<'b>, kind: &'a mut K, options: ImportOptions) -> Self {
        Self {
            change,
            kind,
            options,
            batch: Vec::with_capacity(BATCH),
        }
    }

    /// Takes a row; a full batch is written.
    pub(super) fn take(
        &mut self,
        row: Placed<K::Row>,
        columns: &Columns<K::Field>,
        report: &mut ImportReport,
    ) -> Result<(), ImportError> {
        self.batch.push(row);
        if self.batch.len() >= BATCH {
            self.finish(columns, report)?;
        }
        Ok(())
    }

    /// Writes what is left, and its part of the audit trail.
    pub(super) fn finish(
        &mut self,
        columns: &Columns<K::Field>,
        report: &mut ImportReport,
    ) -> Result<(), ImportError> {
        let rows = std::mem::take(&mut self.batch);
        if rows.is_empty() {
            return Ok(());
        }
        let mut tally = Tally {
            columns,
            report,
            skip_bad: self.options.skip_bad,
        };
        self.kind.write(self.change, rows, &mut tally)?;
        Ok(self.change.flush()?)
    }
}

/// Counts what becomes of rows.
pub(crate) struct Tally<'a, F> {
    columns: &'a Columns<F>,
    report: &'a mut ImportReport,
    skip_bad: bool,
}

impl<F: Field> Tally<'_, F> {
    /// A row made a record.
    pub(crate) fn created(&mut self) {
        self.report.created = self.report.created.saturating_add(1);
    }

    /// A row changed a record.
    pub(crate) fn updated(&mut self) {
        self.report.updated = self.report.updated.saturating_add(1);
    }

    /// A row said what is known.
    pub(crate) fn unchanged(&mut self) {
        self.report.unchanged = self.report.unchanged.saturating_add(1);
    }

    /// A row is bad.
    pub(crate) fn reject<R>(&mut self, row: &Placed<R>, errors: Vec<FieldError>) {
        let errors = placed(errors, self.columns, row.line, row.record).collect();
        self.report.reject(errors);
    }

    /// A row is taken although something about it is unusual.
    pub(crate) fn warn<R>(&mut self, row: &Placed<R>, warnings: Vec<FieldError>) {
        self.report
            .warn(placed(warnings, self.columns, row.line, row.record));
    }

    /// Whether what is decided is to be written: once everything will be rolled back, the rest is read for its mistakes
    /// alone.
    pub(crate) fn keeps(&self) -> bool {
        self.report.bad == 0 || self.skip_bad
    }
}
