//! What a batch of rows means for the organizations there are.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target, created, differences},
    ids::Id,
    invalid::{FieldError, Invalid},
    organizations::{Organization, OrganizationDetails, OrganizationId, OrganizationType},
    version::Version,
};
use unionhall_ports::organizations::Called;

use super::{Books, Field, Row};
use crate::{
    core::Change,
    imports::{ImportError, Placed, Tally, places::merged},
};

/// The organizations that a batch may be about.
struct Known {
    there: HashMap<OrganizationId, Organization>,
    /// What became of those that were merged.
    merged: HashMap<OrganizationId, OrganizationId>,
}

/// What a batch comes to.
#[derive(Default)]
struct Outcome {
    added: Vec<(usize, Organization)>,
    changed: Vec<(u64, Organization, Vec<FieldChange>)>,
}

impl Books {
    /// Writes a batch and its part of the audit trail.
    pub(super) fn write_batch(
        &mut self,
        change: &mut Change<'_>,
        rows: &[Placed<Row>],
        tally: &mut Tally<'_, Field>,
    ) -> Result<(), ImportError> {
        let names: Vec<_> = rows.iter().map(|row| row.row.name.to_string()).collect();
        let called = change.tx.organizations().called(&names)?;
        let named = called.iter().flat_map(|called| called.ids.iter().copied());
        let told: Vec<_> = rows.iter().filter_map(|row| row.row.id).collect();
        let merged = merged(change, &told)?;
        let mut ids: Vec<_> = named.chain(told).chain(merged.values().copied()).collect();
        // Always in the same order, so that two imports at once wait for each other and do not lock up.
        ids.sort();
        ids.dedup();
        let there = change.tx.organizations().lock_by_ids(&ids)?;
        let known = Known {
            there: there.into_iter().map(|one| (one.id, one)).collect(),
            merged,
        };
        let mut outcome = Outcome::default();
        for (place, (row, called)) in rows.iter().zip(&called).enumerate() {
            let decided = match known.meant(&row.row, called, &self.moved) {
                Ok(Some(before)) => {
                    self.changed(change, (row, called), before, tally, &mut outcome)
                }
                Ok(None) => self.added(change, (place, row), called, &mut outcome),
                Err(error) => Err(error),
            };
            match decided {
                Ok(()) => {}
                Err(error) => tally.reject(row, vec![error]),
            }
        }
        for _ in &outcome.added {
            tally.created();
        }
        if tally.keeps() {
            keep(change, outcome, rows, tally)?;
        }
        Ok(())
    }

    /// Notes that a row is about an organization, which no other row is.
    fn once(&mut self, id: OrganizationId, line: u64) -> Result<(), FieldError> {
        match self.named.entry(id) {
            Entry::Occupied(earlier) => Err(twice(*earlier.get())),
            Entry::Vacant(free) => {
                free.insert(line);
                Ok(())
            }
        }
    }

    fn changed(
        &mut self,
        change: &Change<'_>,
        (Placed { line, row, .. }, called): (&Placed<Row>, &Called<Organization>),
        before: &Organization,
        tally: &mut Tally<'_, Field>,
        outcome: &mut Outcome,
    ) -> Result<(), FieldError> {
        self.once(before.id, *line)?;
        let mut details = row.over(before.details.clone());
        // Found by the id or the name of what was merged into it, it keeps its own name.
        let own = before.details.name.as_str().to_lowercase();
        if row.id != Some(before.id) && row.name.as_str().to_lowercase() != own {
            details.name = before.details.name.clone();
        }
        let fields = differences(before.details.fields(), details.fields());
        if fields.is_empty() {
            tally.unchanged();
            return Ok(());
        }
        let names = |of: &OrganizationDetails| (of.name.clone(), of.org_type);
        if names(&details) != names(&before.details) {
            self.call(called, details.org_type, *line)?;
            self.moved.insert(before.id);
        }
        let after = Organization {
            details,
            version: before.version.next(),
            updated_at: change.now,
            ..before.clone()
        };
        outcome.changed.push((*line, after, fields));
        tally.updated();
        Ok(())
    }

    fn added(
        &mut self,
        change: &Change<'_>,
        (place, Placed { line, row, .. }): (usize, &Placed<Row>),
        called: &Called<Organization>,
        outcome: &mut Outcome,
    ) -> Result<(), FieldError> {
        let details = row.as_new();
        self.call(called, details.org_type, *line)?;
        let organization = Organization {
            id: Id::new(change.new_id()),
            details,
            version: Version::FIRST,
            created_at: change.now,
            updated_at: change.now,
            deleted_at: None,
        };
        self.once(organization.id, *line)?;
        self.moved.insert(organization.id);
        outcome.added.push((place, organization));
        Ok(())
    }

    /// Notes that a row gives a name to an organization, which no other row gives to one of its type.
    fn call(
        &mut self,
        called: &Called<Organization>,
        org_type: OrganizationType,
        line: u64,
    ) -> Result<(), FieldError> {
        match self.made.entry((called.folded.clone(), org_type)) {
            Entry::Occupied(earlier) => Err(twice(*earlier.get())),
            Entry::Vacant(free) => {
                free.insert(line);
                Ok(())
            }
        }
    }
}

impl Known {
    /// The organization that a row is about: the one with its id, or what that was merged into, or else the only one with
    /// its name and type; none when there is none. An id that is not known here is one of another hall's books and says
    /// nothing. A row without a type means the employer, where there are several.
    ///
    /// Those that the file itself has added or given another name are not found by their names: so it does not matter
    /// whether they were written already.
    fn meant(
        &self,
        row: &Row,
        called: &Called<Organization>,
        moved: &HashSet<OrganizationId>,
    ) -> Result<Option<&Organization>, FieldError> {
        let told = row.id.map(|id| self.merged.get(&id).copied().unwrap_or(id));
        if let Some(found) = told.and_then(|id| self.there.get(&id)) {
            if found.deleted_at.is_some() {
                let detail =
                    "is the id of a deleted organization; restore it first, or leave the id out";
                return Err(Invalid::new("deleted_organization", detail).at("id"));
            }
            return Ok(Some(found));
        }
        let fits = |found: &&Organization| {
            found.deleted_at.is_none()
                && !moved.contains(&found.id)
                && row
                    .org_type
                    .is_none_or(|kind| kind == found.details.org_type)
        };
        let mut named: Vec<_> = called
            .ids
            .iter()
            .filter_map(|id| self.there.get(id))
            .filter(fits)
            .collect();
        if named.len() > 1 && row.org_type.is_none() {
            let employer =
                |found: &&Organization| found.details.org_type == OrganizationType::Employer;
            named.retain(employer);
        }
        match named.as_slice() {
            [] => Ok(None),
            [only] => Ok(Some(*only)),
            _ => {
                let detail = "is the name of several organizations; say which by its id, or merge them first";
                Err(Invalid::new("ambiguous_organization", detail).at("name"))
            }
        }
    }
}

fn twice(earlier: u64) -> FieldError {
    let detail = format!("is the organization of the row on line {earlier} too");
    Invalid::new("duplicate_row", detail).at("name")
}

fn keep(
    change: &mut Change<'_>,
    outcome: Outcome,
    rows: &[Placed<Row>],
    tally: &mut Tally<'_, Field>,
) -> Result<(), ImportError> {
    let (mut added, mut changed, mut places) = (Vec::new(), Vec::new(), HashMap::new());
    for (place, organization) in outcome.added {
        let Some(row) = rows.get(place) else { continue };
        let fields = created(organization.details.fields());
        record(
            change,
            AuditAction::Created,
            &organization,
            fields,
            row.line,
        );
        places.insert(organization.id, row);
        added.push(organization);
    }
    for (line, organization, fields) in outcome.changed {
        record(change, AuditAction::Updated, &organization, fields, line);
        changed.push(organization);
    }
    if !changed.is_empty() {
        change.tx.organizations().update_many(&changed)?;
    }
    if !added.is_empty() {
        change.tx.organizations().insert_many(&added)?;
        let ids: Vec<_> = added.iter().map(|one| one.id).collect();
        for double in change.tx.duplicates().doubles_of(&ids)? {
            if let Some(row) = places.get(&double.id) {
                tally.warn(row, vec![alike(&double.name)]);
            }
        }
    }
    Ok(())
}

fn alike(name: &str) -> FieldError {
    let detail = format!("may be the same as {name}; it was added all the same, and can be merged");
    Invalid::new("possible_duplicate", detail).at("name")
}

fn record(
    change: &mut Change<'_>,
    action: AuditAction,
    organization: &Organization,
    fields: Vec<FieldChange>,
    line: u64,
) {
    let details = vec![("import_line", line.to_string())];
    let id = organization.id.uuid();
    change.record(action, Target::Organization, id, fields, details);
}
