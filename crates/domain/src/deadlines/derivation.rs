//! How a deadline is found, with every step of the working kept: the proof that goes with the date.

use jiff::{Timestamp, civil::Date};

use super::{
    accords::{Extension, Grant},
    counting::{Count, Ending, OffDay, Rolled, Uncountable, count, roll},
    dates::day_after,
};
use crate::{
    collective_agreements::{
        CollectiveAgreement, CollectiveAgreementId, EventKind, FirstDay, MailDays, MailOrder,
        RuleKey, RuleSet, StepRule,
    },
    holidays::{Calendars, HolidayCalendar},
    invalid::Invalid,
    tenants::ZoneName,
    text::{Line, one_of},
    version::Version,
};

/// The rule that a deadline is counted by, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// The agreement.
    pub agreement: CollectiveAgreementId,
    /// What the agreement was called when the deadline was counted.
    pub agreement_name: Line<255>,
    /// Which version of the agreement's rules.
    pub rules: Version,
    /// The rule of that version.
    pub rule: StepRule,
}

/// How the event reached the side that has to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// By hand or electronically: on the day itself.
    Direct,
    /// By mail.
    Mail,
}

impl Service {
    /// Both ways.
    pub const ALL: [Self; 2] = [Self::Direct, Self::Mail];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Mail => "mail",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, Self::as_str)
    }
}

/// The event that a deadline is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trigger {
    /// What happened.
    pub kind: EventKind,
    /// On which day, in the tenant's time zone. For service by mail it is the day of mailing.
    pub date: Date,
    /// How it reached the side that has to act.
    pub service: Service,
}

/// One step of the working.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// The days of the period were counted.
    Counted(Count),
    /// The days for service by mail were counted, after the last day so far.
    MailAdded(Count),
    /// The last day so far is not worked, and the deadline moved.
    Rolled(Rolled),
    /// The last day so far is not worked, and the deadline stays on it.
    Stands(OffDay),
    /// The sides extended the deadline.
    Extended(Extended),
}

impl Stage {
    /// The last of the days that were looked at.
    fn last_day(&self) -> Date {
        match self {
            Self::Counted(count) | Self::MailAdded(count) => count.last,
            Self::Rolled(rolled) => rolled.from.date.max(rolled.to),
            Self::Stands(day) => day.date,
            Self::Extended(extended) => extended.to,
        }
    }
}

/// What an extension did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extended {
    /// What the sides agreed on.
    pub extension: Extension,
    /// The deadline before.
    pub from: Date,
    /// The days that were counted for it, when it was granted in days.
    pub counted: Option<Count>,
    /// The deadline after, before it rolls; the same as before when that was later than what was agreed.
    pub to: Date,
}

/// A date and how it was found; enough to find it again, and to say so to somebody who doubts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derivation {
    /// By which rule.
    pub basis: Basis,
    /// From which event.
    pub trigger: Trigger,
    /// With which version of each year's calendar, for the years from the event to the last day that was looked at
    /// that have one: a deadline can roll back out of a year.
    pub calendars: Vec<(i16, Version)>,
    /// The steps of the working, in their order.
    pub stages: Vec<Stage>,
    /// The last day on which the deadline can be met, in the tenant's time zone.
    pub due: Date,
}

impl Basis {
    /// The rule with a key in a version of an agreement's rules, if it is there.
    pub fn find(agreement: &CollectiveAgreement, rules: &RuleSet, key: RuleKey) -> Option<Self> {
        let rule = rules.rule(key)?;
        (rules.agreement() == agreement.id).then(|| Self {
            agreement: agreement.id,
            agreement_name: agreement.terms.name().clone(),
            rules: rules.version(),
            rule: rule.clone(),
        })
    }
}

impl Trigger {
    /// An event at an instant: its day is the one that the hall was in.
    pub fn at(kind: EventKind, instant: Timestamp, zone: &ZoneName, service: Service) -> Self {
        Self {
            kind,
            date: zone.day_of(instant),
            service,
        }
    }
}

impl Derivation {
    /// What the sides agreed on, in their order.
    pub fn extensions(&self) -> Vec<Extension> {
        let extension = |stage: &Stage| match stage {
            Stage::Extended(extended) => Some(extended.extension.clone()),
            Stage::Counted(_) | Stage::MailAdded(_) | Stage::Rolled(_) | Stage::Stands(_) => None,
        };
        self.stages.iter().filter_map(extension).collect()
    }

    /// The same event and extensions under another rule or other calendars.
    ///
    /// # Errors
    /// As [`derive()`].
    pub fn under(&self, basis: Basis, calendars: &Calendars) -> Result<Self, Uncountable> {
        derive(basis, self.trigger, &self.extensions(), calendars)
    }

    /// The same with one more extension, counted with the same versions of the calendars: agreeing on more time is
    /// no consent to another version.
    ///
    /// # Errors
    /// [`Uncountable::OtherCalendar`] when the calendar of a year is not of the version that this was counted with,
    /// and as [`derive()`].
    pub fn extended(
        &self,
        extension: Extension,
        calendars: &Calendars,
    ) -> Result<Self, Uncountable> {
        for (year, version) in &self.calendars {
            if calendars.of(*year).map(HolidayCalendar::version) != Some(*version) {
                return Err(Uncountable::OtherCalendar { year: *year });
            }
        }
        let mut extensions = self.extensions();
        extensions.push(extension);
        derive(self.basis.clone(), self.trigger, &extensions, calendars)
    }

    /// Whether another derivation has the same rule, the same working and the same end, whatever the versions.
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        let Self {
            basis,
            trigger,
            calendars: _,
            stages,
            due,
        } = self;
        basis.rule == other.basis.rule
            && *trigger == other.trigger
            && *stages == other.stages
            && *due == other.due
    }
}

/// Finds the deadline that a rule sets after an event.
///
/// The period is counted from the event, service by mail adds its days before or after the last day has rolled, and
/// each extension in its order goes on from there. The same arguments always give the same derivation.
///
/// # Errors
/// [`Uncountable::OtherEvent`] when the rule is not about this kind of event; [`Uncountable::MissingCalendar`] when a
/// day has to be looked at whose year has no calendar.
pub fn derive(
    basis: Basis,
    trigger: Trigger,
    extensions: &[Extension],
    calendars: &Calendars,
) -> Result<Derivation, Uncountable> {
    let (wanted, got) = (basis.rule.key.after, trigger.kind);
    if wanted != got {
        return Err(Uncountable::OtherEvent { wanted, got });
    }
    let mut working = Working {
        basis: &basis,
        calendars,
        stages: Vec::new(),
        due: trigger.date,
    };
    working.count_period(trigger)?;
    for extension in extensions {
        working.extend(extension)?;
    }
    let Working { stages, due, .. } = working;
    let last = stages.iter().map(Stage::last_day).fold(due, Date::max);
    Ok(Derivation {
        calendars: calendars.versions(trigger.date.year(), last.year()),
        basis,
        trigger,
        stages,
        due,
    })
}

/// A derivation in the making.
struct Working<'a> {
    basis: &'a Basis,
    calendars: &'a Calendars,
    stages: Vec<Stage>,
    due: Date,
}

impl Working<'_> {
    fn count_period(&mut self, trigger: Trigger) -> Result<(), Uncountable> {
        let period = self.basis.rule.period;
        let first = match period.first_day {
            FirstDay::Counted => trigger.date,
            FirstDay::NotCounted => day_after(trigger.date),
        };
        let counted = count(first, period.days, period.kind, self.calendars)?;
        self.due = counted.last;
        self.stages.push(Stage::Counted(counted));
        let mail = match trigger.service {
            Service::Mail => period.mail,
            Service::Direct => None,
        };
        match mail {
            None => self.roll(first),
            Some(mail) => match mail.order {
                MailOrder::BeforeRolling => {
                    self.add_mail(mail)?;
                    self.roll(first)
                }
                MailOrder::AfterRolling => {
                    self.roll(first)?;
                    let first = self.add_mail(mail)?;
                    self.roll(first)
                }
            },
        }
    }

    /// Counts the days for service by mail, and says with which day they began.
    fn add_mail(&mut self, mail: MailDays) -> Result<Date, Uncountable> {
        let first = day_after(self.due);
        let counted = count(first, mail.days, mail.kind, self.calendars)?;
        self.due = counted.last;
        self.stages.push(Stage::MailAdded(counted));
        Ok(first)
    }

    fn roll(&mut self, first: Date) -> Result<(), Uncountable> {
        let way = self.basis.rule.period.roll;
        match roll(self.due, first, way, self.calendars)? {
            Ending::Works => {}
            Ending::Stands(day) => self.stages.push(Stage::Stands(day)),
            Ending::Rolled(rolled) => {
                self.due = rolled.to;
                self.stages.push(Stage::Rolled(rolled));
            }
        }
        Ok(())
    }

    fn extend(&mut self, extension: &Extension) -> Result<(), Uncountable> {
        let from = self.due;
        let counted = match extension.grant {
            Grant::Until(_) => None,
            Grant::Days(days, kind) => Some(count(day_after(from), days, kind, self.calendars)?),
        };
        let agreed = match extension.grant {
            Grant::Until(day) => day,
            Grant::Days(..) => counted.as_ref().map_or(from, |count| count.last),
        };
        self.due = agreed.max(from);
        let first = counted.as_ref().map(|count| count.from);
        self.stages.push(Stage::Extended(Extended {
            extension: extension.clone(),
            from,
            counted,
            to: self.due,
        }));
        // A day that the sides named is the day they meant.
        first.map_or(Ok(()), |first| self.roll(first))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::samples::{derived, period};
    use crate::collective_agreements::{DayKind, Days, Period, Roll};

    #[test]
    fn a_deadline_that_rolls_back_out_of_a_year_names_the_calendar_of_that_year() {
        // Ten days after December 22, 2027 is New Year's Day, a Saturday that is kept on the Friday before.
        let period = Period {
            days: Days::new(10).unwrap(),
            kind: DayKind::Calendar,
            roll: Roll::PreviousWorkingDay,
            ..period()
        };
        let derivation = derived(date(2027, 12, 22), period);
        assert_eq!(derivation.due, date(2027, 12, 30));
        let years: Vec<_> = derivation.calendars.iter().map(|(year, _)| *year).collect();
        assert_eq!(years, [2027, 2028]);
    }
}
