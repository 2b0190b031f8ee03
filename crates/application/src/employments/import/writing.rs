//! What a batch of rows means for the jobs there are.

use std::collections::{HashMap, hash_map::Entry};

use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target, created, differences},
    employments::{Employment, EmploymentDetails, EmploymentId},
    ids::Id,
    invalid::{FieldError, Invalid},
    version::Version,
};
use unionhall_ports::employments::Employed;

use super::{Field, Jobs, Row, looking::Batch};
use crate::{
    core::Change,
    employments::judge,
    imports::{ImportError, Placed, Tally},
};

/// A job on its way to what a row says.
struct Draft {
    place: usize,
    /// What it was; none when the row adds it.
    before: Option<Employed>,
    after: Employed,
}

impl Jobs {
    /// Writes a batch and its part of the audit trail.
    pub(super) fn write_batch(
        &mut self,
        change: &mut Change<'_>,
        rows: &[Placed<Row>],
        tally: &mut Tally<'_, Field>,
    ) -> Result<(), ImportError> {
        let mut batch = Batch::look_up(change, rows)?;
        let mut drafts = Vec::new();
        let mut made = HashMap::new();
        for (place, row) in rows.iter().enumerate() {
            match self.draft(change, (place, row), &batch, &mut made) {
                Ok(draft) => drafts.push(draft),
                Err(errors) => {
                    self.spoiled.insert(row.row.number.clone());
                    tally.reject(row, errors);
                }
            }
        }
        // What ends is ended before anything begins or goes on for longer, so that the order of the rows does not
        // matter within a batch.
        drafts.sort_by_key(Draft::turn);
        let mut taken = Vec::new();
        for draft in drafts {
            let Some(row) = rows.get(draft.place) else {
                continue;
            };
            // Once nothing is kept, what a bad row would have ended is not held against the member's other rows.
            if !tally.keeps() && self.spoiled.contains(&row.row.number) {
                continue;
            }
            match draft.admitted(&mut batch) {
                Ok(()) => {
                    draft.count(row, &batch, tally);
                    taken.push((row.line, draft));
                }
                Err(error) => {
                    if draft.before.is_some() {
                        self.spoiled.insert(row.row.number.clone());
                    }
                    tally.reject(row, vec![error]);
                }
            }
        }
        // Written also when all of it will be rolled back: later rows are judged beside these.
        keep(change, taken)
    }

    /// What a row makes of the job that it is about.
    fn draft(
        &mut self,
        change: &Change<'_>,
        (place, Placed { line, row, .. }): (usize, &Placed<Row>),
        batch: &Batch,
        made: &mut HashMap<(Id<unionhall_domain::members::Member>, String), u64>,
    ) -> Result<Draft, Vec<FieldError>> {
        let (member, organization) = batch.parties(place, row)?;
        let before = batch
            .meant(row, member, organization)
            .map_err(|error| vec![error])?;
        let details = match &before {
            Some(before) => row.over(before.employment.details.clone()),
            None => row.as_new(),
        };
        let details = details.map_err(|error| vec![error])?;
        details.check(change.today())?;
        let after = match &before {
            Some(before) => over(change, before, details),
            None => {
                let key = (member.id, format!("{} {}", organization.id, row.start));
                if let Some(earlier) = made.insert(key, *line) {
                    return Err(vec![twice(earlier)]);
                }
                Employed {
                    employment: Employment {
                        id: Id::new(change.new_id()),
                        member: member.id,
                        organization: organization.id,
                        details,
                        version: Version::FIRST,
                        created_at: change.now,
                        updated_at: change.now,
                        deleted_at: None,
                    },
                    member_number: member.details.member_number.clone(),
                    first_name: member.details.first_name.clone(),
                    last_name: member.details.last_name.clone(),
                    organization_name: organization.details.name.clone(),
                }
            }
        };
        self.once(after.employment.id, *line)?;
        Ok(Draft {
            place,
            before,
            after,
        })
    }

    /// Notes that a row is about a job, which no other row is.
    fn once(&mut self, id: EmploymentId, line: u64) -> Result<(), Vec<FieldError>> {
        match self.named.entry(id) {
            Entry::Occupied(earlier) => Err(vec![twice(*earlier.get())]),
            Entry::Vacant(free) => {
                free.insert(line);
                Ok(())
            }
        }
    }
}

/// A job with other details: as it is when they are the same.
fn over(change: &Change<'_>, before: &Employed, details: EmploymentDetails) -> Employed {
    if details == before.employment.details {
        return before.clone();
    }
    Employed {
        employment: Employment {
            details,
            version: before.employment.version.next(),
            updated_at: change.now,
            ..before.employment.clone()
        },
        ..before.clone()
    }
}

impl Draft {
    /// Whether it gets no day that it did not have.
    fn is_shortened(&self) -> bool {
        let after = self.after.employment.details.period;
        let covers = |before: &Employed| before.employment.details.period.covers(after);
        self.before.as_ref().is_some_and(covers)
    }

    /// When it is decided: jobs that end first, then those that are moved, then those that begin.
    fn turn(&self) -> u8 {
        match (&self.before, self.is_shortened()) {
            (Some(_), true) => 0,
            (Some(_), false) => 1,
            (None, _) => 2,
        }
    }

    /// Takes the place of the job among the member's, if it may have it beside the others.
    fn admitted(&self, batch: &mut Batch) -> Result<(), FieldError> {
        let jobs = batch.jobs.entry(self.after.employment.member).or_default();
        let id = self.after.employment.id;
        if !self.is_shortened() {
            let others: Vec<_> = jobs
                .iter()
                .filter(|job| job.employment.id != id)
                .cloned()
                .collect();
            let period = self.after.employment.details.period;
            judge(&batch.rules, period, &others).map_err(|error| {
                Invalid::new("jobs_overlap", error.to_string()).at("start_date")
            })?;
        }
        jobs.retain(|job| job.employment.id != id);
        jobs.push(self.after.clone());
        Ok(())
    }

    fn count(&self, row: &Placed<Row>, batch: &Batch, tally: &mut Tally<'_, Field>) {
        match &self.before {
            None => tally.created(),
            Some(before) if *before == self.after => return tally.unchanged(),
            Some(_) => tally.updated(),
        }
        let rate = self.after.employment.details.hourly_rate;
        tally.warn(row, batch.rules.warnings(rate));
    }
}

/// Writes jobs: those that end before those that begin.
fn keep(change: &mut Change<'_>, drafts: Vec<(u64, Draft)>) -> Result<(), ImportError> {
    let (mut added, mut changed) = (Vec::new(), Vec::new());
    for (line, Draft { before, after, .. }) in drafts {
        let after = after.employment;
        match before {
            None => {
                let fields = created(after.fields());
                record(change, AuditAction::Created, &after, fields, line);
                added.push(after);
            }
            Some(before) if before.employment != after => {
                let fields = differences(before.employment.fields(), after.fields());
                record(change, AuditAction::Updated, &after, fields, line);
                changed.push(after);
            }
            Some(_) => {}
        }
    }
    if !changed.is_empty() {
        change.tx.employments().update_many(&changed)?;
    }
    if !added.is_empty() {
        change.tx.employments().insert_many(&added)?;
    }
    Ok(())
}

fn twice(earlier: u64) -> FieldError {
    let detail = format!("is the job of the row on line {earlier} too");
    Invalid::new("duplicate_row", detail).at("start_date")
}

fn record(
    change: &mut Change<'_>,
    action: AuditAction,
    employment: &Employment,
    fields: Vec<FieldChange>,
    line: u64,
) {
    let details = vec![("import_line", line.to_string())];
    let id = employment.id.uuid();
    change.record(action, Target::Employment, id, fields, details);
}
