//! What follows by itself from what happens to a grievance: deadlines begin, are met, and lose their purpose, in the
//! transaction of the move. Whether one was missed, and what that leads to, is for somebody to say.

use jiff::civil::Date;
use unionhall_domain::{
    audit::{AuditAction, Target, created, differences},
    collective_agreements::{CollectiveAgreement, RuleSet, StepRule},
    deadlines::{Basis, Deadline, DeadlineAction, DeadlineState, Derivation, Happening, derive},
    grievances::{Action, FiledUnder, Grievance},
    holidays::Calendars,
    ids::Id,
};

use crate::{core::Change, error::CallError, holidays::CountingCalendars};

/// What follows from the filing of a grievance.
///
/// # Errors
/// [`CallError`].
pub(crate) fn filed(change: &mut Change<'_>, grievance: &Grievance) -> Result<(), CallError> {
    happened(change, grievance, &Happening::of_filing(grievance))
}

/// What follows from a move of a grievance on a day.
///
/// # Errors
/// [`CallError`].
pub(crate) fn moved(
    change: &mut Change<'_>,
    before: &Grievance,
    after: &Grievance,
    action: &Action,
    day: Date,
) -> Result<(), CallError> {
    if after.agreement.is_none() {
        return Ok(());
    }
    let (from, to) = (before.progress.step, after.progress.step);
    happened(change, after, &Happening::of_move(action, from, to, day))?;
    let today = change.today();
    for deadline in of_grievance(change, after)? {
        let taken_up = matches!(action, Action::Reopen(_))
            && matches!(deadline.state, DeadlineState::Lapsed { .. })
            && deadline.derivation.basis.rule.key.step == to;
        let next = if deadline.loses_its_purpose(action, to, day) {
            Some(DeadlineAction::Lapse)
        } else if taken_up {
            Some(DeadlineAction::Reopen)
        } else {
            None
        };
        if let Some(next) = next {
            let after = deadline.apply(next, &Calendars::default(), today, change.now);
            let after = after.map_err(|error| CallError::Internal(Box::new(error)))?;
            keep(change, &deadline, &after)?;
        }
    }
    Ok(())
}

/// What follows from things that happened on the way of a grievance, in their order. A grievance that names no
/// agreement has no deadlines.
///
/// # Errors
/// [`CallError`].
pub(crate) fn happened(
    change: &mut Change<'_>,
    grievance: &Grievance,
    happened: &[Happening],
) -> Result<(), CallError> {
    let (Some(under), false) = (grievance.agreement, happened.is_empty()) else {
        return Ok(());
    };
    let (agreement, rules) = rules(change, under)?;
    let mut deadlines = of_grievance(change, grievance)?;
    let mut events = Vec::new();
    for happening in happened {
        meet(change, &mut deadlines, happening)?;
        let starting = happening.starts(&rules, &deadlines);
        let begun = begin(change, grievance, (&agreement, &rules), happening, starting)?;
        deadlines.extend(begun);
        events.push((change.new_id(), *happening));
    }
    let now = change.now;
    let storage = change.tx.deadlines();
    Ok(storage.insert_events(grievance.id, &events, now)?)
}

/// Writes a deadline that was changed, and puts on record what differs.
///
/// # Errors
/// [`CallError`].
pub(super) fn keep(
    change: &mut Change<'_>,
    before: &Deadline,
    after: &Deadline,
) -> Result<(), CallError> {
    change.tx.deadlines().update(after)?;
    let fields = differences(before.fields(), after.fields());
    let id = after.id.uuid();
    let details = vec![("grievance_id", after.grievance.to_string())];
    change.record(AuditAction::Moved, Target::Deadline, id, fields, details);
    Ok(())
}

/// The agreement that a grievance was filed under, and the version of its rules that counts for it.
fn rules(
    change: &mut Change<'_>,
    under: FiledUnder,
) -> Result<(CollectiveAgreement, RuleSet), CallError> {
    let agreements = change.tx.collective_agreements();
    let agreement = agreements.find(under.agreement)?;
    let rules = agreements.find_rule_set(under.agreement, under.rules)?;
    // An agreement that grievances name is not deleted, and its rules stay.
    agreement
        .zip(rules)
        .ok_or_else(|| CallError::Internal("the agreement of a grievance is gone".into()))
}

fn of_grievance(
    change: &mut Change<'_>,
    grievance: &Grievance,
) -> Result<Vec<Deadline>, CallError> {
    let found = change.tx.deadlines().of_grievance(grievance.id)?;
    Ok(found.into_iter().map(|case| case.deadline).collect())
}

/// Marks as met what was done in time. What was done too late stays overdue: what that means is not for the program
/// to say.
fn meet(
    change: &mut Change<'_>,
    deadlines: &mut [Deadline],
    happening: &Happening,
) -> Result<(), CallError> {
    let today = change.today();
    for deadline in deadlines {
        if !deadline.runs() || !happening.meets(deadline) {
            continue;
        }
        let action = DeadlineAction::Meet {
            on: happening.trigger.date,
            by: deadline.derivation.basis.rule.key.duty.done_by(),
        };
        let met = deadline.apply(action, &Calendars::default(), today, change.now);
        if let Ok(met) = met {
            keep(change, deadline, &met)?;
            *deadline = met;
        }
    }
    Ok(())
}

fn begin(
    change: &mut Change<'_>,
    grievance: &Grievance,
    (agreement, rules): (&CollectiveAgreement, &RuleSet),
    happening: &Happening,
    starting: Vec<&StepRule>,
) -> Result<Vec<Deadline>, CallError> {
    let mut begun = Vec::new();
    if starting.is_empty() {
        return Ok(begun);
    }
    let mut calendars = CountingCalendars::from(change, happening.trigger.date.year())?;
    for rule in starting {
        let Some(basis) = Basis::find(agreement, rules, rule.key) else {
            continue;
        };
        let derivation = counted(change, &mut calendars, basis, happening)?;
        let id = Id::new(change.new_id());
        let deadline = Deadline::begun(id, grievance.id, derivation, change.now);
        let fields = created(deadline.fields());
        let details = vec![("grievance_id", grievance.id.to_string())];
        change.record(
            AuditAction::Created,
            Target::Deadline,
            id.uuid(),
            fields,
            details,
        );
        begun.push(deadline);
    }
    change.tx.deadlines().insert(&begun)?;
    Ok(begun)
}

fn counted(
    change: &mut Change<'_>,
    calendars: &mut CountingCalendars,
    basis: Basis,
    happening: &Happening,
) -> Result<Derivation, CallError> {
    calendars.count(change, |calendars| {
        derive(basis.clone(), happening.trigger, &[], calendars)
    })
}
