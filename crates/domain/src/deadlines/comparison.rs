//! What would change if running deadlines were counted again under another rule or calendar: a list to be confirmed,
//! for a deadline never moves by itself.

use jiff::{Timestamp, civil::Date};

use super::{
    Basis, Deadline, DeadlineId, DeadlineState, Derivation, counting::Uncountable,
    dates::days_between,
};
use crate::{
    collective_agreements::RuleSet, grievances::GrievanceId, holidays::Calendars, version::Version,
};

/// What would become of a deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// It would move to another day.
    Moves(Derivation),
    /// It would stay on its day, for other reasons or with other consequences.
    Rests(Derivation),
    /// The version has no such rule; it stays as it is until somebody decides.
    NoRule,
    /// It could not be counted; it stays as it is.
    Fails(Uncountable),
}

/// Which version would be another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// That of the agreement's rules.
    Rules {
        /// The version it was counted by.
        from: Version,
        /// The version it would be counted by.
        to: Version,
    },
    /// That of a year's calendar; `None` where one of the two does not reach that year.
    Calendar {
        /// The year.
        year: i16,
        /// The version it was counted with.
        from: Option<Version>,
        /// The version it would be counted with.
        to: Option<Version>,
    },
}

/// What would change of one deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which deadline.
    pub deadline: DeadlineId,
    /// Of which grievance.
    pub grievance: GrievanceId,
    /// The version of the deadline that was looked at: a later one needs another look.
    pub seen: Version,
    /// Its last day as it is.
    pub before: Date,
    /// What would become of it.
    pub effect: Effect,
    /// Which versions would be others.
    pub causes: Vec<Cause>,
}

/// What would change of many.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comparison {
    /// What would, in the order of the deadlines.
    pub differences: Vec<Difference>,
    /// How many running deadlines would be what they are.
    pub unchanged: usize,
    /// How many run no more, and were not looked at.
    pub ended: usize,
}

/// Why a difference cannot be confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotConfirmed {
    /// It is one of another deadline.
    #[error("the difference is one of another deadline")]
    OtherDeadline,
    /// The deadline was changed since.
    #[error("the deadline was changed since it was compared")]
    Stale,
    /// There is nothing that could be taken over.
    #[error("the difference has no other deadline to take over")]
    NothingToTake,
}

impl Difference {
    /// By how many days it would move: later is positive, `None` when it would not.
    pub fn days(&self) -> Option<i32> {
        match &self.effect {
            Effect::Moves(after) => Some(days_between(self.before, after.due)),
            Effect::Rests(_) | Effect::NoRule | Effect::Fails(_) => None,
        }
    }
}

/// Counts the running deadlines again, with these calendars, and those of the rules' agreement by these rules.
///
/// What only counts with another version of the same rule and the same days is unchanged.
pub fn compare(
    deadlines: &[Deadline],
    rules: Option<&RuleSet>,
    calendars: &Calendars,
) -> Comparison {
    let mut comparison = Comparison::default();
    for deadline in deadlines {
        match &deadline.state {
            DeadlineState::Open => match deadline.difference(rules, calendars) {
                Some(difference) => comparison.differences.push(difference),
                None => comparison.unchanged += 1,
            },
            DeadlineState::Met { .. }
            | DeadlineState::Missed { .. }
            | DeadlineState::Waived(_)
            | DeadlineState::Lapsed { .. } => comparison.ended += 1,
        }
    }
    comparison
}

impl Deadline {
    fn difference(&self, rules: Option<&RuleSet>, calendars: &Calendars) -> Option<Difference> {
        let old = &self.derivation;
        let effect = match basis_under(&old.basis, rules) {
            None => Effect::NoRule,
            Some(basis) => match old.under(basis, calendars) {
                Err(reason) => Effect::Fails(reason),
                Ok(new) if new.says_the_same(old) => return None,
                Ok(new) if new.due == old.due => Effect::Rests(new),
                Ok(new) => Effect::Moves(new),
            },
        };
        Some(Difference {
            deadline: self.id,
            grievance: self.grievance,
            seen: self.version,
            before: old.due,
            causes: causes(old, rules, calendars),
            effect,
        })
    }

    /// The deadline as an officer has confirmed it.
    ///
    /// # Errors
    /// [`NotConfirmed`], for each of its reasons; the deadline is then as it was.
    pub fn confirm(&self, difference: &Difference, at: Timestamp) -> Result<Self, NotConfirmed> {
        if difference.deadline != self.id {
            return Err(NotConfirmed::OtherDeadline);
        }
        if difference.seen != self.version {
            return Err(NotConfirmed::Stale);
        }
        match &difference.effect {
            Effect::Moves(after) | Effect::Rests(after) => Ok(Self {
                derivation: after.clone(),
                state: self.state.clone(),
                version: self.version.next(),
                updated_at: at,
                ..*self
            }),
            Effect::NoRule | Effect::Fails(_) => Err(NotConfirmed::NothingToTake),
        }
    }
}

/// The rule in the place of an old one; rules of another agreement are none of its business.
fn basis_under(old: &Basis, rules: Option<&RuleSet>) -> Option<Basis> {
    match rules.filter(|rules| rules.agreement() == old.agreement) {
        None => Some(old.clone()),
        Some(rules) => rules.rule(old.rule.key).map(|rule| Basis {
            rules: rules.version(),
            rule: rule.clone(),
            ..old.clone()
        }),
    }
}

fn causes(old: &Derivation, rules: Option<&RuleSet>, calendars: &Calendars) -> Vec<Cause> {
    let from = old.basis.rules;
    let rules = rules
        .filter(|rules| rules.agreement() == old.basis.agreement && rules.version() != from)
        .map(|rules| Cause::Rules {
            from,
            to: rules.version(),
        });
    let years = old.calendars.iter().filter_map(|(year, from)| {
        let to = calendars.of(*year).map(|calendar| calendar.version());
        (to != Some(*from)).then_some(Cause::Calendar {
            year: *year,
            from: Some(*from),
            to,
        })
    });
    rules.into_iter().chain(years).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{super::samples, *};
    use crate::{
        collective_agreements::{Consequence, Duty, StepRule},
        deadlines::{DeadlineAction, table::places},
        holidays::{CalendarEdit, HolidayCalendar},
        text::Line,
    };

    fn edited(edit: CalendarEdit) -> Calendars {
        let all = samples::calendars();
        let calendar = all.of(2026).unwrap().edited(&[edit]).unwrap();
        let years = (2025..=2027).filter_map(|year| all.of(year).cloned());
        Calendars::new(years.chain([calendar]))
    }

    fn added(month: i8, day: i8) -> Calendars {
        edited(CalendarEdit::Add {
            date: date(2026, month, day),
            name: Line::parse("Founders' Day").unwrap(),
        })
    }

    /// What would become of the answer that is due on November 17, 2026.
    fn only(rules: Option<&RuleSet>, calendars: &Calendars) -> Option<Difference> {
        let comparison = compare(&[samples::deadline(1)], rules, calendars);
        let Comparison {
            mut differences,
            unchanged,
            ended,
        } = comparison;
        assert_eq!((differences.len() + unchanged, ended), (1, 0));
        differences.pop()
    }

    fn shorter() -> StepRule {
        let mut period = samples::period();
        period.days = samples::days(5);
        samples::rule(period)
    }

    #[test]
    fn a_new_holiday_moves_what_counts_over_it_and_says_so_without_moving_it() {
        let calendars = added(11, 10);
        let difference = only(None, &calendars).unwrap();
        assert_eq!(difference.before, date(2026, 11, 17));
        assert_eq!(difference.days(), Some(1));
        assert_eq!(
            difference.causes,
            [Cause::Calendar {
                year: 2026,
                from: Some(Version::FIRST),
                to: Version::new(2)
            }]
        );
        let deadline = samples::deadline(1);
        assert_eq!(deadline.due(), date(2026, 11, 17));
        let confirmed = deadline
            .confirm(&difference, Timestamp::UNIX_EPOCH)
            .unwrap();
        assert_eq!(confirmed.due(), date(2026, 11, 18));
        assert_eq!(compare(&[confirmed], None, &calendars).unchanged, 1);
    }

    #[test]
    fn a_holiday_that_is_not_counted_over_changes_nothing() {
        assert_eq!(only(None, &added(12, 24)), None);
        assert_eq!(only(None, &added(11, 14)), None, "a Saturday is off anyway");
        assert_eq!(only(None, &samples::calendars()), None);
    }

    #[test]
    fn a_holiday_that_goes_brings_the_deadline_forward() {
        let veterans_day = CalendarEdit::Remove {
            date: date(2026, 11, 11),
        };
        assert_eq!(only(None, &edited(veterans_day)).unwrap().days(), Some(-1));
    }

    #[test]
    fn another_version_of_the_rules_is_listed_and_the_same_rule_is_not() {
        let calendars = samples::calendars();
        let difference = only(Some(&samples::rules(2, shorter())), &calendars).unwrap();
        // Five working days after Monday, November 2: Monday, November 9.
        assert_eq!(difference.days(), Some(-8));
        assert_eq!(
            difference.causes,
            [Cause::Rules {
                from: Version::FIRST,
                to: Version::new(2).unwrap()
            }]
        );
        let same = samples::rules(2, samples::rule(samples::period()));
        assert_eq!(only(Some(&same), &calendars), None);
    }

    #[test]
    fn another_consequence_on_the_same_day_is_a_difference_too() {
        let granted = StepRule {
            missed: Consequence::Granted,
            ..samples::rule(samples::period())
        };
        let difference = only(Some(&samples::rules(2, granted)), &samples::calendars());
        let difference = difference.unwrap();
        assert!(matches!(difference.effect, Effect::Rests(_)));
        assert_eq!(difference.days(), None);
    }

    #[test]
    fn a_rule_that_is_gone_and_a_year_without_a_calendar_are_listed_and_cannot_be_confirmed() {
        let mut other = samples::rule(samples::period());
        other.key.duty = Duty::Meet;
        let gone = only(Some(&samples::rules(2, other)), &samples::calendars()).unwrap();
        assert_eq!(gone.effect, Effect::NoRule);
        let failing = only(None, &Calendars::default()).unwrap();
        assert!(matches!(failing.effect, Effect::Fails(_)));
        for difference in [gone, failing] {
            let confirmed = samples::deadline(1).confirm(&difference, Timestamp::UNIX_EPOCH);
            assert_eq!(confirmed, Err(NotConfirmed::NothingToTake));
        }
    }

    #[test]
    fn what_was_changed_since_is_not_confirmed() {
        let calendars = samples::calendars();
        let difference = only(None, &added(11, 10)).unwrap();
        let at = Timestamp::UNIX_EPOCH;
        let other = samples::deadline(2).confirm(&difference, at);
        assert_eq!(other, Err(NotConfirmed::OtherDeadline));
        let met = samples::action(super::super::DeadlineMove::Meet);
        let today = date(2026, 11, 18);
        let changed = samples::deadline(1)
            .apply(met, &calendars, today, at)
            .unwrap()
            .apply(DeadlineAction::Reopen, &calendars, today, at)
            .unwrap();
        assert_eq!(changed.confirm(&difference, at), Err(NotConfirmed::Stale));
    }

    #[test]
    fn what_has_ended_is_history() {
        let comparison = compare(&places(), None, &added(11, 10));
        // Open and extended run; met, missed, waived and lapsed do not.
        assert_eq!((comparison.differences.len(), comparison.ended), (2, 4));
    }

    #[test]
    fn rules_of_another_agreement_do_not_matter() {
        let mut deadline = samples::deadline(1);
        deadline.derivation.basis.agreement = crate::ids::Id::new(uuid::Uuid::from_u128(47));
        let rules = samples::rules(2, shorter());
        let comparison = compare(&[deadline], Some(&rules), &samples::calendars());
        assert_eq!(comparison.unchanged, 1);
    }

    #[test]
    fn an_extension_is_counted_with_the_calendars_of_its_deadline() {
        let action = samples::action(super::super::DeadlineMove::Extend);
        let refused = samples::deadline(1).apply(
            action,
            &added(12, 24),
            date(2026, 11, 18),
            Timestamp::UNIX_EPOCH,
        );
        assert_eq!(
            refused.unwrap_err().to_string(),
            "the deadline was counted with another version of the calendar for 2026"
        );
        let kept = samples::calendars().of(2026).map(HolidayCalendar::version);
        assert_eq!(kept, Some(Version::FIRST));
    }
}
