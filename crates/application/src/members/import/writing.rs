//! The writing of a roster: in batches, inside the one transaction of the import.

use std::collections::HashMap;

use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target, created, differences},
    ids::Id,
    invalid::{FieldError, Invalid},
    members::{Member, MemberDetails, MemberNumber},
    version::Version,
};

use super::{
    ImportError, ImportOptions,
    columns::Columns,
    report::ImportReport,
    rows::{Row, placed},
};
use crate::core::Change;

/// How many rows are looked up and written at once.
const BATCH: usize = 500;

/// Takes rows and writes them batch by batch.
pub(super) struct Writing<'a, 'b> {
    change: &'a mut Change<'b>,
    options: ImportOptions,
    batch: Vec<Row>,
}

/// What a batch comes to.
#[derive(Default)]
struct Outcome {
    added: Vec<(u64, Member)>,
    changed: Vec<(u64, Member, Vec<FieldChange>)>,
}

impl<'a, 'b> Writing<'a, 'b> {
    /// Nothing written yet.
    pub(super) fn new(change: &'a mut Change<'b>, options: ImportOptions) -> Self {
        Self {
            change,
            options,
            batch: Vec::with_capacity(BATCH),
        }
    }

    /// Takes a row; a full batch is written.
    pub(super) fn take(
        &mut self,
        row: Row,
        columns: &Columns,
        report: &mut ImportReport,
    ) -> Result<(), ImportError> {
        self.batch.push(row);
        if self.batch.len() >= BATCH {
            self.write(columns, report)?;
        }
        Ok(())
    }

    /// Writes what is left.
    pub(super) fn finish(
        &mut self,
        columns: &Columns,
        report: &mut ImportReport,
    ) -> Result<(), ImportError> {
        self.write(columns, report)
    }

    fn write(&mut self, columns: &Columns, report: &mut ImportReport) -> Result<(), ImportError> {
        let rows = std::mem::take(&mut self.batch);
        if rows.is_empty() {
            return Ok(());
        }
        // Always in the same order, so that two imports at once wait for each other and do not lock up.
        let mut numbers: Vec<_> = rows.iter().map(|row| row.number.clone()).collect();
        numbers.sort();
        let found = self.change.tx.members().lock_by_numbers(&numbers)?;
        let mut known: HashMap<MemberNumber, Member> = found
            .into_iter()
            .map(|member| (member.details.member_number.clone(), member))
            .collect();
        let mut outcome = Outcome::default();
        for row in rows {
            let before = known.remove(&row.number);
            if let Err(errors) = self.decide(&row, before, report, &mut outcome) {
                report.reject(placed(errors, columns, row.line, row.record).collect());
            }
        }
        // Once everything will be rolled back, the rest is read for its mistakes alone.
        if report.bad == 0 || self.options.skip_bad {
            self.keep(outcome)?;
        }
        Ok(())
    }

    /// What a row means for the member it names.
    fn decide(
        &self,
        row: &Row,
        before: Option<Member>,
        report: &mut ImportReport,
        outcome: &mut Outcome,
    ) -> Result<(), Vec<FieldError>> {
        let today = self.change.today();
        let Some(before) = before else {
            let details = row.as_new();
            details.check(today)?;
            outcome.added.push((row.line, self.new_member(details)));
            report.created = report.created.saturating_add(1);
            return Ok(());
        };
        if before.deleted_at.is_some() {
            let detail = "is the number of a deleted member; restore that member first";
            return Err(vec![
                Invalid::new("deleted_member", detail).at("member_number"),
            ]);
        }
        let details = row.over(before.details.clone());
        let fields = differences(before.details.fields(), details.fields());
        if fields.is_empty() {
            report.unchanged = report.unchanged.saturating_add(1);
            return Ok(());
        }
        details.check(today)?;
        let after = Member {
            details,
            version: before.version.next(),
            updated_at: self.change.now,
            ..before
        };
        outcome.changed.push((row.line, after, fields));
        report.updated = report.updated.saturating_add(1);
        Ok(())
    }

    fn new_member(&self, details: MemberDetails) -> Member {
        Member {
            id: Id::new(self.change.new_id()),
            details,
            version: Version::FIRST,
            created_at: self.change.now,
            updated_at: self.change.now,
            deleted_at: None,
        }
    }

    /// Writes a batch and its part of the audit trail.
    fn keep(&mut self, outcome: Outcome) -> Result<(), ImportError> {
        let (mut added, mut changed) = (Vec::new(), Vec::new());
        for (line, member) in outcome.added {
            let fields = created(member.details.fields());
            self.record(AuditAction::Created, &member, fields, line);
            added.push(member);
        }
        for (line, member, fields) in outcome.changed {
            self.record(AuditAction::Updated, &member, fields, line);
            changed.push(member);
        }
        if !added.is_empty() {
            self.change.tx.members().insert_many(&added)?;
        }
        if !changed.is_empty() {
            self.change.tx.members().update_many(&changed)?;
        }
        Ok(self.change.flush()?)
    }

    fn record(
        &mut self,
        action: AuditAction,
        member: &Member,
        fields: Vec<FieldChange>,
        line: u64,
    ) {
        let details = vec![("import_line", line.to_string())];
        let id = member.id.uuid();
        self.change
            .record(action, Target::Member, id, fields, details);
    }
}
