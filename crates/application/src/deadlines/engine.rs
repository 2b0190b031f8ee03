//! What follows by itself from what happens to a grievance: deadlines begin, are met, and lose their purpose, in the
//! transaction of the move. Whether one was missed, and what that leads to, is for somebody to say.

use jiff::civil::Date;
use unionhall_domain::{
    audit::{AuditAction, Target, created, differences},
    collective_agreements::{CollectiveAgreement, EventKind, RuleSet, StepRule},
    deadlines::{Basis, Deadline, DeadlineAction, DeadlineState, Derivation, Happening, derive},
    grievances::{Action, FiledUnder, Grievance},
    holidays::Calendars,
    ids::Id,
    text::Prose,
    users::UserId,
};
use unionhall_ports::deadlines::{CaseEvent, Retraction};

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
            end(change, &deadline, next)?;
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
    noted(change, grievance, happened, None)
}

/// The same, where somebody has recorded it by hand.
///
/// # Errors
/// [`CallError`].
pub(super) fn noted(
    change: &mut Change<'_>,
    grievance: &Grievance,
    happened: &[Happening],
    by: Option<UserId>,
) -> Result<(), CallError> {
    let (Some(under), false) = (grievance.agreement, happened.is_empty()) else {
        return Ok(());
    };
    let rules = rules(change, under)?;
    let deadlines = of_grievance(change, grievance)?;
    follow(change, grievance, &rules, deadlines, happened)?;
    insert(change, grievance, happened, by)
}

/// What follows when an event is taken back, of which only those are left: what ran because of it has no purpose, what
/// it met runs again, and both are asked anew of what is left.
///
/// # Errors
/// [`CallError`].
pub(super) fn retracted(
    change: &mut Change<'_>,
    grievance: &Grievance,
    wrong: &Happening,
    left: &[Happening],
) -> Result<(), CallError> {
    // Somebody has recorded it twice, and once it was right.
    if left.contains(wrong) {
        return Ok(());
    }
    for deadline in of_grievance(change, grievance)? {
        if deadline.runs() && deadline.began_with(wrong) {
            end(change, &deadline, DeadlineAction::Lapse)?;
        } else if deadline.was_met_by(wrong) {
            end(change, &deadline, DeadlineAction::Reopen)?;
        }
    }
    let Some(under) = grievance.agreement else {
        return Ok(());
    };
    let rules = rules(change, under)?;
    let mut deadlines = of_grievance(change, grievance)?;
    for happening in left {
        meet(change, &mut deadlines, happening)?;
    }
    // Only what the wrong one kept from beginning begins: the rest did when it happened.
    let same = |happening: &&Happening| {
        happening.step == wrong.step && happening.trigger.kind == wrong.trigger.kind
    };
    for happening in left.iter().filter(same) {
        let starting = happening.starts(&rules.1, &deadlines);
        let before = |rule: &&StepRule| {
            let of_rule = |deadline: &&Deadline| deadline.derivation.basis.rule.key == rule.key;
            let mut begun = deadlines.iter().filter(of_rule);
            !begun.any(|deadline| deadline.began_with(happening))
        };
        let starting = starting.into_iter().filter(before).collect();
        let begun = begin(change, grievance, &rules, happening, starting)?;
        deadlines.extend(begun);
    }
    settle(change, grievance, deadlines)
}

/// What follows from everything on record of a grievance under the agreement that it has now: what ran by other rules
/// lapses, and the rest is as if it had been filed under this one.
///
/// # Errors
/// [`CallError`].
pub(super) fn counted_anew(
    change: &mut Change<'_>,
    grievance: &Grievance,
) -> Result<(), CallError> {
    let Some(under) = grievance.agreement else {
        return Ok(());
    };
    for deadline in of_grievance(change, grievance)? {
        if deadline.runs() {
            end(change, &deadline, DeadlineAction::Lapse)?;
        }
    }
    let known = change.tx.deadlines().events(grievance.id)?;
    let counts = |event: &CaseEvent| event.retraction.is_none();
    let of_rules = |event: &CaseEvent| event.happening.trigger.kind == EventKind::AnswerDue;
    for event in known
        .iter()
        .filter(|event| counts(event) && of_rules(event))
    {
        leave_behind(change, event)?;
    }
    let happened = known
        .iter()
        .filter(|event| counts(event) && !of_rules(event));
    let mut happened: Vec<_> = happened.map(|event| event.happening).collect();
    if known.is_empty() {
        let steps = change.tx.grievances().steps(grievance.id)?;
        happened = Happening::of_record(grievance, &steps);
        insert(change, grievance, &happened, None)?;
    }
    let rules = rules(change, under)?;
    let begun = follow(change, grievance, &rules, Vec::new(), &happened)?;
    settle(change, grievance, begun)
}

/// Lets that an answer was due count no more: it was by rules that are left behind.
fn leave_behind(change: &mut Change<'_>, event: &CaseEvent) -> Result<(), CallError> {
    let reason = Prose::parse("The grievance is under another agreement since.");
    let retraction = Retraction {
        at: change.now,
        by: change.call.actor.user_id(),
        reason: reason.map_err(|invalid| CallError::Internal(invalid.detail.into()))?,
    };
    let deadlines = change.tx.deadlines();
    Ok(deadlines.retract_event(event.id, &retraction)?)
}

/// Begins and meets deadlines, and gives them all.
fn follow(
    change: &mut Change<'_>,
    grievance: &Grievance,
    rules: &(CollectiveAgreement, RuleSet),
    mut deadlines: Vec<Deadline>,
    happened: &[Happening],
) -> Result<Vec<Deadline>, CallError> {
    for happening in happened {
        meet(change, &mut deadlines, happening)?;
        let starting = happening.starts(&rules.1, &deadlines);
        let begun = begin(change, grievance, rules, happening, starting)?;
        deadlines.extend(begun);
    }
    Ok(deadlines)
}

fn insert(
    change: &mut Change<'_>,
    grievance: &Grievance,
    happened: &[Happening],
    by: Option<UserId>,
) -> Result<(), CallError> {
    let events = happened
        .iter()
        .map(|happening| (change.new_id(), *happening));
    let events: Vec<_> = events.collect();
    let now = change.now;
    let storage = change.tx.deadlines();
    Ok(storage.insert_events(grievance.id, &events, by, now)?)
}

/// Lets lapse what runs on a step that the grievance has left, or of a grievance that has ended.
fn settle(
    change: &mut Change<'_>,
    grievance: &Grievance,
    deadlines: Vec<Deadline>,
) -> Result<(), CallError> {
    for deadline in deadlines {
        if deadline.is_behind(&grievance.progress) {
            end(change, &deadline, DeadlineAction::Lapse)?;
        }
    }
    Ok(())
}

/// Moves a deadline by what the program knows of it.
fn end(
    change: &mut Change<'_>,
    deadline: &Deadline,
    action: DeadlineAction,
) -> Result<(), CallError> {
    let today = change.today();
    let after = deadline.apply(action, &Calendars::default(), today, change.now);
    let after = after.map_err(|error| CallError::Internal(Box::new(error)))?;
    keep(change, deadline, &after)
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
    (agreement, rules): &(CollectiveAgreement, RuleSet),
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
