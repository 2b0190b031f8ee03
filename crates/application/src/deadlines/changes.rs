//! What would change if running deadlines were counted again: a list for an officer, who confirms what was shown and
//! nothing else.

use std::fmt::Write as _;

use jiff::civil::Date;
use sha2::{Digest, Sha256};
use unionhall_domain::{
    audit::Target,
    collective_agreements::{CollectiveAgreementId, RuleSet},
    deadlines::{Cause, Comparison, Deadline, Difference, Effect, compare},
    holidays::{CalendarYear, Calendars},
    version::Version,
};
use unionhall_ports::{deadlines::CaseDeadline, unit_of_work::Repositories};

use super::{DeadlineError, Deadlines, OnDay, engine};
use crate::{
    call::Call,
    core::{Change, Recorded},
    holidays,
    permissions::Permission,
};

/// How many running deadlines are counted again at once, those that are due first.
pub const MOST: u16 = 2_000;

/// What is to be counted again, and with what: always with the calendars as they count now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recount {
    /// The deadlines of which agreement; of every one when none is named.
    pub agreement: Option<Recounted>,
    /// Only those that are due on this day or later.
    pub due_from: Option<Date>,
}

/// The deadlines of an agreement that are to be counted again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recounted {
    /// Which agreement.
    pub agreement: CollectiveAgreementId,
    /// By which version of its rules; each by its own when none is named.
    pub rules: Option<Version>,
}

/// What would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// What would.
    pub comparison: Comparison,
    /// The deadlines that were looked at.
    pub cases: Vec<CaseDeadline>,
    /// Whether there are more than were looked at.
    pub more: bool,
    /// Stands for all that was shown: what is confirmed is this.
    pub fingerprint: String,
}

impl Deadlines {
    /// What would change if the running deadlines were counted again; nothing does.
    ///
    /// # Errors
    /// [`DeadlineError`].
    pub fn changes(
        &self,
        call: &Call,
        wanted: Recount,
    ) -> Result<Recorded<OnDay<Preview>>, DeadlineError> {
        call.actor.require(Permission::GrievancesRead)?;
        let preview = self.core.snapshot(call, |tx| preview(tx, wanted))?;
        let details = vec![("count", preview.comparison.differences.len().to_string())];
        let preview = self.on_day(call, preview);
        Ok(self
            .core
            .recorded_list(call, Target::Deadline, details, preview)?)
    }

    /// Lets the deadlines change as was shown under a fingerprint. Those that could not be counted stay as they are.
    ///
    /// # Errors
    /// [`DeadlineError::Overtaken`] when something else would change by now, and any other [`DeadlineError`].
    pub fn confirm_changes(
        &self,
        call: &Call,
        wanted: Recount,
        fingerprint: &str,
    ) -> Result<OnDay<Preview>, DeadlineError> {
        call.actor.require(Permission::GrievancesDecide)?;
        self.core.change(call, |change| {
            let shown = preview(change.tx, wanted)?;
            if shown.fingerprint != fingerprint {
                return Err(DeadlineError::Overtaken);
            }
            let mut changed = false;
            for difference in &shown.comparison.differences {
                changed |= take(change, &shown.cases, difference)?;
            }
            if !changed {
                change.leave_unchanged();
            }
            Ok(OnDay {
                today: change.today(),
                found: shown,
            })
        })
    }
}

/// Takes a difference over, if there is something to take.
fn take(
    change: &mut Change<'_>,
    cases: &[CaseDeadline],
    difference: &Difference,
) -> Result<bool, DeadlineError> {
    let derivation = match &difference.effect {
        Effect::Moves(derivation) | Effect::Rests(derivation) => derivation,
        Effect::NoRule | Effect::Fails(_) => return Ok(false),
    };
    let mut known = cases.iter().map(|case| &case.deadline);
    let before = known
        .find(|deadline| deadline.id == difference.deadline)
        .ok_or(DeadlineError::Overtaken)?;
    holidays::keep_shipped(change, &derivation.calendars)?;
    let after = before.confirm(difference, change.now)?;
    engine::keep(change, before, &after)?;
    Ok(true)
}

fn preview(tx: &mut dyn Repositories, wanted: Recount) -> Result<Preview, DeadlineError> {
    let rules = match wanted.agreement {
        None => None,
        Some(recounted) => rules(tx, recounted)?,
    };
    let agreement = wanted.agreement.map(|recounted| recounted.agreement);
    let most = MOST.saturating_add(1);
    let mut cases = tx.deadlines().running(agreement, wanted.due_from, most)?;
    let more = cases.len() > usize::from(MOST);
    cases.truncate(usize::from(MOST));
    let deadlines: Vec<_> = cases.iter().map(|case| case.deadline.clone()).collect();
    let calendars = calendars(tx, &deadlines)?;
    let comparison = compare(&deadlines, rules.as_ref(), &calendars);
    Ok(Preview {
        fingerprint: fingerprint(rules.as_ref(), &comparison),
        comparison,
        cases,
        more,
    })
}

/// The rules that an agreement's deadlines are to be counted by, if others than their own.
fn rules(
    tx: &mut dyn Repositories,
    recounted: Recounted,
) -> Result<Option<RuleSet>, DeadlineError> {
    let Recounted { agreement, rules } = recounted;
    let agreements = tx.collective_agreements();
    agreements.find(agreement)?.ok_or(DeadlineError::NoRules)?;
    let Some(version) = rules else {
        return Ok(None);
    };
    let found = agreements.find_rule_set(agreement, version)?;
    found.map(Some).ok_or(DeadlineError::NoRules)
}

/// The calendars as they count now, for every year that the deadlines can reach; where there is none, the one that
/// there would be.
fn calendars(
    tx: &mut dyn Repositories,
    deadlines: &[Deadline],
) -> Result<Calendars, DeadlineError> {
    let first = deadlines
        .iter()
        .map(|deadline| deadline.derivation.trigger.date.year());
    let last = deadlines.iter().map(|deadline| deadline.due().year());
    let (Some(first), Some(last)) = (first.min(), last.max()) else {
        return Ok(Calendars::default());
    };
    // Another rule may reach further: a period has two years at most.
    let last = last.saturating_add(3).min(CalendarYear::LAST.get());
    let first = CalendarYear::new(first).unwrap_or(CalendarYear::FIRST);
    let last = CalendarYear::new(last).unwrap_or(CalendarYear::LAST);
    let kept = tx.holidays().last_of_each(first, last)?;
    let shipped = (first.get()..=last.get())
        .filter_map(|year| CalendarYear::new(year).ok())
        .map(holidays::shipped);
    // Of two calendars of one year the later counts, and of two alike the second.
    Ok(Calendars::new(shipped.chain(kept)))
}

/// SHA-256 of all that is shown: which deadlines, which of their versions, and what would become of each.
fn fingerprint(rules: Option<&RuleSet>, comparison: &Comparison) -> String {
    let mut shown = Sha256::new();
    if let Some(rules) = rules {
        shown.update(format!("{} {}\n", rules.agreement(), rules.version().get()));
    }
    for difference in &comparison.differences {
        let Difference {
            deadline,
            grievance: _,
            seen,
            before,
            effect,
            causes,
        } = difference;
        let after = match effect {
            Effect::Moves(after) | Effect::Rests(after) => after.sentences(),
            Effect::NoRule => "no rule".to_owned(),
            Effect::Fails(reason) => reason.to_string(),
        };
        let causes: Vec<_> = causes.iter().map(cause).collect();
        let causes = causes.join(",");
        let seen = seen.get();
        shown.update(format!("{deadline} {seen} {before} {causes} {after}\n"));
    }
    let mut text = String::new();
    for byte in shown.finalize() {
        // Writing into a text cannot fail.
        let _written = write!(text, "{byte:02x}");
    }
    text
}

fn cause(cause: &Cause) -> String {
    let number = |version: &Option<Version>| version.map_or(0, Version::get);
    match cause {
        Cause::Rules { from, to } => format!("rules {} {}", from.get(), to.get()),
        Cause::Calendar { year, from, to } => {
            format!("{year} {} {}", number(from), number(to))
        }
    }
}
