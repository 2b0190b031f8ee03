//! The writing of a roster: what a batch of its rows means for the members there are.

use std::collections::HashMap;

use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target, created, differences},
    ids::Id,
    invalid::{FieldError, Invalid},
    members::{Member, MemberDetails, MemberNumber},
    version::Version,
};

use super::{columns::Field, rows::Row};
use crate::{
    core::Change,
    imports::{ImportError, Placed, Tally},
};

/// What a batch comes to.
#[derive(Default)]
struct Outcome {
    added: Vec<(u64, Member)>,
    changed: Vec<(u64, Member, Vec<FieldChange>)>,
}

/// Writes a batch and its part of the audit trail.
pub(super) fn write(
    change: &mut Change<'_>,
    rows: Vec<Placed<Row>>,
    tally: &mut Tally<'_, Field>,
) -> Result<(), ImportError> {
    // Always in the same order, so that two imports at once wait for each other and do not lock up.
    let mut numbers: Vec<_> = rows.iter().map(|row| row.row.number.clone()).collect();
    numbers.sort();
    let found = change.tx.members().lock_by_numbers(&numbers)?;
    let mut known: HashMap<MemberNumber, Member> = found
        .into_iter()
        .map(|member| (member.details.member_number.clone(), member))
        .collect();
    let mut outcome = Outcome::default();
    for row in rows {
        let before = known.remove(&row.row.number);
        if let Err(errors) = decide(change, &row, before, tally, &mut outcome) {
            tally.reject(&row, errors);
        }
    }
    if tally.keeps() {
        keep(change, outcome)?;
    }
    Ok(())
}

/// What a row means for the member it names.
fn decide(
    change: &Change<'_>,
    Placed { line, row, .. }: &Placed<Row>,
    before: Option<Member>,
    tally: &mut Tally<'_, Field>,
    outcome: &mut Outcome,
) -> Result<(), Vec<FieldError>> {
    let today = change.today();
    let Some(before) = before else {
        let details = row.as_new();
        details.check(today)?;
        outcome.added.push((*line, new_member(change, details)));
        tally.created();
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
        tally.unchanged();
        return Ok(());
    }
    details.check(today)?;
    let after = Member {
        details,
        version: before.version.next(),
        updated_at: change.now,
        ..before
    };
    outcome.changed.push((*line, after, fields));
    tally.updated();
    Ok(())
}

fn new_member(change: &Change<'_>, details: MemberDetails) -> Member {
    Member {
        id: Id::new(change.new_id()),
        details,
        version: Version::FIRST,
        created_at: change.now,
        updated_at: change.now,
        deleted_at: None,
    }
}

fn keep(change: &mut Change<'_>, outcome: Outcome) -> Result<(), ImportError> {
    let (mut added, mut changed) = (Vec::new(), Vec::new());
    for (line, member) in outcome.added {
        let fields = created(member.details.fields());
        record(change, AuditAction::Created, &member, fields, line);
        added.push(member);
    }
    for (line, member, fields) in outcome.changed {
        record(change, AuditAction::Updated, &member, fields, line);
        changed.push(member);
    }
    if !added.is_empty() {
        change.tx.members().insert_many(&added)?;
    }
    if !changed.is_empty() {
        change.tx.members().update_many(&changed)?;
    }
    Ok(())
}

fn record(
    change: &mut Change<'_>,
    action: AuditAction,
    member: &Member,
    fields: Vec<FieldChange>,
    line: u64,
) {
    let details = vec![("import_line", line.to_string())];
    change.record(action, Target::Member, member.id.uuid(), fields, details);
}
