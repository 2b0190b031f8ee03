//! What follows by itself from what happens to a grievance: deadlines begin, are met, and lose their purpose, in the
//! transaction of the move. Whether one was missed, and what that leads to, is for somebody to say.

use jiff::civil::Date;
use unionhall_domain::{
    audit::{AuditAction, Target, created, differences},
    collective_agreements::{CollectiveAgreement, EventKind, RuleSet, StepRule},
    deadlines::{
        Basis, Correction, Deadline, DeadlineAction, DeadlineId, DeadlineState, Derivation,
        Happening, Occurrence, TakenBack, Witness, derive,
    },
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
    let deadlines = of_grievance(change, after)?;
    let reopened = match action {
        Action::Reopen(_) => running_again(change, after, &deadlines)?,
        Action::Investigate
        | Action::ScheduleHearing
        | Action::RecordStep(_)
        | Action::Advance
        | Action::Withdraw(_)
        | Action::Close(_) => Vec::new(),
    };
    for deadline in &deadlines {
        let taken_up = reopened.contains(&deadline.id);
        let next = if deadline.loses_its_purpose(action, to, day) {
            Some(DeadlineAction::Lapse)
        } else if taken_up {
            Some(DeadlineAction::Reopen)
        } else {
            None
        };
        if let Some(next) = next {
            end(change, deadline, next)?;
        }
    }
    Ok(())
}

/// Those of the deadlines that lapsed on the step of a grievance and run again when it is taken up: what was counted
/// from an event that was taken back, or by an agreement that was left behind, does not.
fn running_again(
    change: &mut Change<'_>,
    grievance: &Grievance,
    deadlines: &[Deadline],
) -> Result<Vec<DeadlineId>, CallError> {
    let Some(under) = grievance.agreement else {
        return Ok(Vec::new());
    };
    let known = change.tx.deadlines().events(grievance.id)?;
    let left = left(&known);
    let here = deadlines.iter().filter(|deadline| {
        matches!(deadline.state, DeadlineState::Lapsed { .. })
            && deadline.derivation.basis.rule.key.step == grievance.progress.step
            && deadline.has_ground(under.agreement, &left, deadlines)
    });
    Ok(here.map(|deadline| deadline.id).collect())
}

/// What of the events on record counts.
fn left(known: &[CaseEvent]) -> Vec<Occurrence> {
    let counts = known.iter().filter(|event| event.retraction.is_none());
    counts.map(CaseEvent::occurrence).collect()
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
    let happened = on_record(change, happened);
    follow(change, grievance, &rules, deadlines, &happened)?;
    insert(change, grievance, &happened, by)
}

/// What happened, as it goes on record now.
fn on_record(change: &Change<'_>, happened: &[Happening]) -> Vec<Occurrence> {
    let recorded = happened.iter().map(|happening| Occurrence {
        id: change.new_id(),
        at: change.now,
        happening: *happening,
    });
    recorded.collect()
}

/// What follows when one of the events on record is taken back: what ran because of it has no purpose, what it met runs
/// again and is asked of what came later, and what it kept from beginning begins. No other deadline changes.
///
/// # Errors
/// [`CallError`].
pub(super) fn retracted(
    change: &mut Change<'_>,
    grievance: &Grievance,
    wrong: &CaseEvent,
    known: &[CaseEvent],
) -> Result<(), CallError> {
    let Some(under) = grievance.agreement else {
        return Ok(());
    };
    let wrong = wrong.occurrence();
    let mut left = left(known);
    left.retain(|event| event.id != wrong.id);
    let gone = known.iter().filter(|event| event.retraction.is_some());
    let gone: Vec<_> = gone.map(CaseEvent::occurrence).collect();
    let taken = TakenBack {
        wrong: &wrong,
        gone: &gone,
        left: &left,
        under: under.agreement,
    };
    let before = of_grievance(change, grievance)?;
    let mut touched = Vec::new();
    let mut lapsed = Vec::new();
    for deadline in &before {
        let reopened = match taken.correction(deadline, &before) {
            None => continue,
            Some(Correction::Lapse) => {
                end(change, deadline, DeadlineAction::Lapse)?;
                lapsed.push(deadline);
                continue;
            }
            Some(Correction::Void) => {
                let reopened = end(change, deadline, DeadlineAction::Reopen)?;
                end(change, &reopened, DeadlineAction::Lapse)?;
                lapsed.push(deadline);
                continue;
            }
            Some(Correction::Reopen) => end(change, deadline, DeadlineAction::Reopen)?,
        };
        let mut reopened = [reopened];
        for event in taken.asked_again(deadline) {
            meet(change, &mut reopened, &event)?;
        }
        touched.extend(reopened);
    }
    touched.extend(begun_late(change, grievance, &taken, &lapsed)?);
    let (today, progress) = (change.today(), &grievance.progress);
    touched.retain(|deadline| deadline.is_done_with(progress, today));
    lapse(change, &touched)
}

/// Begins what these deadlines kept from beginning, and lets what came after it meet it; gives what has begun.
fn begun_late(
    change: &mut Change<'_>,
    grievance: &Grievance,
    taken: &TakenBack<'_>,
    lapsed: &[&Deadline],
) -> Result<Vec<Deadline>, CallError> {
    let (Some(under), false) = (grievance.agreement, lapsed.is_empty()) else {
        return Ok(Vec::new());
    };
    let rules = rules(change, under)?;
    let others = of_grievance(change, grievance)?;
    let mut begun: Vec<Deadline> = Vec::new();
    for event in taken.left {
        meet(change, &mut begun, event)?;
        let all: Vec<_> = others.iter().chain(&begun).cloned().collect();
        let mut starting = event.happening.starts(&rules.1, &all);
        starting.retain(|rule| {
            let same = |deadline: &Deadline| deadline.derivation.basis.rule.key == rule.key;
            let mut kept = lapsed.iter().filter(|deadline| same(deadline));
            let began =
                |deadline: &Deadline| same(deadline) && deadline.began_with(&event.happening);
            kept.any(|deadline| taken.was_kept_by(event, deadline)) && !all.iter().any(began)
        });
        begun.extend(begin(
            change,
            grievance,
            &rules,
            &event.happening,
            starting,
        )?);
    }
    Ok(begun)
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
    let mut happened: Vec<_> = happened.map(CaseEvent::occurrence).collect();
    if known.is_empty() {
        let steps = change.tx.grievances().steps(grievance.id)?;
        happened = on_record(change, &Happening::of_record(grievance, &steps));
        insert(change, grievance, &happened, None)?;
    }
    let rules = rules(change, under)?;
    let mut begun = follow(change, grievance, &rules, Vec::new(), &happened)?;
    // What begins on a step that was left long ago was never anybody's to decide on, overdue or not.
    begun.retain(|deadline| deadline.is_behind(&grievance.progress));
    lapse(change, &begun)
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
    happened: &[Occurrence],
) -> Result<Vec<Deadline>, CallError> {
    for event in happened {
        meet(change, &mut deadlines, event)?;
        let starting = event.happening.starts(&rules.1, &deadlines);
        let begun = begin(change, grievance, rules, &event.happening, starting)?;
        deadlines.extend(begun);
    }
    Ok(deadlines)
}

fn insert(
    change: &mut Change<'_>,
    grievance: &Grievance,
    happened: &[Occurrence],
    by: Option<UserId>,
) -> Result<(), CallError> {
    let events = happened.iter().map(|event| (event.id, event.happening));
    let events: Vec<_> = events.collect();
    let now = change.now;
    let storage = change.tx.deadlines();
    Ok(storage.insert_events(grievance.id, &events, by, now)?)
}

fn lapse(change: &mut Change<'_>, deadlines: &[Deadline]) -> Result<(), CallError> {
    for deadline in deadlines {
        end(change, deadline, DeadlineAction::Lapse)?;
    }
    Ok(())
}

/// Moves a deadline by what the program knows of it, and gives it as it is then.
fn end(
    change: &mut Change<'_>,
    deadline: &Deadline,
    action: DeadlineAction,
) -> Result<Deadline, CallError> {
    let today = change.today();
    let after = deadline.apply(action, &Calendars::default(), today, change.now);
    let after = after.map_err(|error| CallError::Internal(Box::new(error)))?;
    keep(change, deadline, &after)?;
    Ok(after)
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
    event: &Occurrence,
) -> Result<(), CallError> {
    let today = change.today();
    for deadline in deadlines {
        if !deadline.runs() || !event.happening.meets(deadline) {
            continue;
        }
        let action = DeadlineAction::Meet {
            on: event.happening.trigger.date,
            by: deadline.derivation.basis.rule.key.duty.done_by(),
            witness: Witness::Event(event.id),
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
