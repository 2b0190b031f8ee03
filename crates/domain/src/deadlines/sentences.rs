//! A derivation in sentences that a hearing officer can read and check with a finger on a paper calendar.

use jiff::civil::{Date, Weekday};

use super::{
    Deadline,
    accords::Grant,
    comparison::{Cause, Difference, Effect},
    counting::{Count, OffDay, Rolled, Way},
    dates::{listed, long, ordinal, several, weekday},
    derivation::{Derivation, Extended, Service, Stage, Trigger},
    words::{amount, day, duty, event, missed, plural, step},
};
use crate::{
    collective_agreements::{DayKind, Duty, FirstDay, Side, StepRule},
    grievances::Step,
    holidays::{DayOff, Holiday},
    version::Version,
};

impl Derivation {
    /// The working in English: the rule and its article, the event, each step, the result, what a missed deadline
    /// means, and which versions of rules and calendars were used.
    pub fn sentences(&self) -> String {
        let Self {
            basis,
            trigger,
            calendars,
            stages,
            due,
        } = self;
        let mut sentences = vec![format!(
            "Article {} of the {}, version {} of its rules: {}.",
            basis.rule.article,
            basis.agreement_name,
            basis.rules.get(),
            demand(&basis.rule, *trigger)
        )];
        sentences.extend(stages.iter().map(stage));
        if basis.rule.period.mail.is_none() && trigger.service == Service::Mail {
            sentences.push("The rule adds no days for service by mail.".to_owned());
        }
        sentences.push(format!("The last day is {}.", long(*due)));
        sentences.push(missed(basis.rule.missed).to_owned());
        sentences.push(calendars_used(calendars));
        sentences.retain(|sentence| !sentence.is_empty());
        sentences.join(" ")
    }
}

impl Deadline {
    /// Who must do what by when, in one English sentence: "the union must … by Tuesday, November 17, 2026."
    pub fn asked(&self) -> String {
        let key = self.derivation.basis.rule.key;
        let task = task(key.step, key.side, key.duty);
        format!("{task} by {}.", long(self.due()))
    }
}

/// Who must do what on which step: "the union must …".
pub fn task(on: Step, side: Side, what: Duty) -> String {
    format!(
        "the {} must {} {}",
        side.as_str(),
        duty(what, side),
        step(on)
    )
}

impl Difference {
    /// What would change, in one English sentence.
    pub fn sentence(&self) -> String {
        let before = long(self.before);
        let effect = match &self.effect {
            Effect::Moves(after) => {
                let days = self.days().unwrap_or_default();
                let way = if days < 0 { "earlier" } else { "later" };
                format!(
                    "The deadline of {before} would move to {}, {} {way}",
                    long(after.due),
                    plural(days.unsigned_abs(), "day")
                )
            }
            Effect::Rests(_) => {
                format!("The deadline of {before} would stay on its day, on other grounds")
            }
            Effect::NoRule => {
                format!("The deadline of {before} would have no rule any more and stays as it is")
            }
            Effect::Fails(reason) => {
                format!(
                    "The deadline of {before} could not be counted and stays as it is: {reason}"
                )
            }
        };
        let causes: Vec<_> = self.causes.iter().map(cause).collect();
        if causes.is_empty() {
            format!("{effect}.")
        } else {
            format!("{effect} ({}).", causes.join("; "))
        }
    }
}

fn cause(cause: &Cause) -> String {
    match cause {
        Cause::Rules { from, to } => {
            format!(
                "rules: version {} instead of version {}",
                to.get(),
                from.get()
            )
        }
        Cause::Calendar { year, from, to } => format!(
            "holiday calendar of {year}: {} instead of {}",
            version(*to),
            version(*from)
        ),
    }
}

fn version(version: Option<Version>) -> String {
    version.map_or_else(
        || "none".to_owned(),
        |version| format!("version {}", version.get()),
    )
}

/// "on step 1 the employer must answer the grievance within 10 working days after …".
fn demand(rule: &StepRule, trigger: Trigger) -> String {
    let period = rule.period;
    let (preposition, first) = match period.first_day {
        FirstDay::NotCounted => ("after", "that day is not counted"),
        FirstDay::Counted => match period.kind {
            DayKind::Calendar => ("from", "that day is the first"),
            DayKind::Working => ("from", "that day is the first, if it is a working day"),
        },
    };
    let served = match trigger.service {
        Service::Direct => "",
        Service::Mail => ", served by mail",
    };
    format!(
        "{} the {} must {} within {} {preposition} {} ({}{served}; {first})",
        step(rule.key.step),
        rule.key.side.as_str(),
        duty(rule.key.duty, rule.key.side),
        amount(period.days, period.kind),
        event(trigger.kind),
        long(trigger.date),
    )
}

fn stage(stage: &Stage) -> String {
    match stage {
        Stage::Counted(count) => format!(
            "Counting begins on {}; {}the {} {} is {}.",
            long(count.from),
            left_out(count),
            ordinal(count.days.get()),
            day(count.kind),
            long(count.last)
        ),
        Stage::MailAdded(count) => format!(
            "Service by mail adds {}, counted from {}; {}the last of them is {}.",
            amount(count.days, count.kind),
            long(count.from),
            left_out(count),
            long(count.last)
        ),
        Stage::Rolled(rolled) => roll(rolled),
        Stage::Stands(off) => format!("{}, and the deadline stays on it.", not_worked(off)),
        Stage::Extended(extended) => extension(extended),
    }
}

fn roll(rolled: &Rolled) -> String {
    let way = match rolled.way {
        Way::Next => "the next working day",
        Way::Previous => "the working day before",
        Way::NextInstead => {
            "the next working day, because the one before lies before the first day of the period"
        }
    };
    let passed = if rolled.passed.is_empty() {
        String::new()
    } else {
        format!(" past {}", off_days(&rolled.passed))
    };
    format!(
        "{}, so the deadline moves{passed} to {way}: {}.",
        not_worked(&rolled.from),
        long(rolled.to)
    )
}

fn extension(extended: &Extended) -> String {
    let accord = &extended.extension.accord;
    let agreed = format!(
        "On {}, {} for the union and {} for the employer agreed to extend the deadline of {}",
        long(accord.agreed_on),
        accord.for_union,
        accord.for_employer,
        long(extended.from)
    );
    match (extended.extension.grant, &extended.counted) {
        (Grant::Days(days, kind), Some(count)) => format!(
            "{agreed} by {}: counted from {}, {}the last of them is {}.",
            amount(days, kind),
            long(count.from),
            left_out(count),
            long(count.last)
        ),
        (Grant::Until(until), _) if until < extended.to => format!(
            "{agreed} to {}; that day is not later, and an extension takes no time away.",
            long(until)
        ),
        (Grant::Until(until), _) => format!("{agreed} to {}.", long(until)),
        (Grant::Days(days, kind), None) => format!("{agreed} by {}.", amount(days, kind)),
    }
}

/// Which days were not counted, and why; of calendar days none.
fn left_out(count: &Count) -> String {
    if count.skipped.is_empty() {
        String::new()
    } else {
        format!("without {}, ", off_days(&count.skipped))
    }
}

/// "Saturdays and Sundays (November 7, 8, 14 and 15, 2026) and Veterans Day (Wednesday, November 11, 2026)".
fn off_days(days: &[OffDay]) -> String {
    let mut dates: Vec<Date> = Vec::new();
    let mut holidays = Vec::new();
    for day in days {
        match &day.why {
            DayOff::Weekday(_) => dates.push(day.date),
            DayOff::Holiday(of) => holidays.push(holiday(day.date, of)),
        }
    }
    dates.sort_unstable();
    let weekdays = match dates.as_slice() {
        [] => None,
        [date] => Some(long(*date)),
        dates => Some(format!("{} ({})", weekdays(dates), several(dates))),
    };
    let parts: Vec<_> = weekdays.into_iter().chain(holidays).collect();
    listed(&parts)
}

/// "Saturdays and Sundays", from Monday; "Saturday and Sunday" where there is one of each.
fn weekdays(dates: &[Date]) -> String {
    let mut days: Vec<Weekday> = dates.iter().map(|date| date.weekday()).collect();
    days.sort_unstable_by_key(|day| day.to_monday_zero_offset());
    days.dedup();
    let ending = if days.len() == dates.len() { "" } else { "s" };
    let names: Vec<_> = days
        .into_iter()
        .map(|day| format!("{}{ending}", weekday(day)))
        .collect();
    listed(&names)
}

/// "Christmas Day (Friday, December 24, 2027, observed for December 25, 2027)".
fn holiday(date: Date, holiday: &Holiday) -> String {
    let observed = holiday
        .observed_for
        .map(|own| own.strftime(", observed for %B %-d, %Y").to_string());
    format!(
        "{} ({}{})",
        holiday.name,
        long(date),
        observed.unwrap_or_default()
    )
}

fn not_worked(off: &OffDay) -> String {
    match &off.why {
        DayOff::Weekday(_) => format!("{} is not a working day", long(off.date)),
        DayOff::Holiday(of) => format!("{} is not a working day", holiday(off.date, of)),
    }
}

fn calendars_used(calendars: &[(i16, Version)]) -> String {
    let years: Vec<_> = calendars
        .iter()
        .map(|(year, version)| format!("{year} in version {}", version.get()))
        .collect();
    if years.is_empty() {
        String::new()
    } else {
        format!("Holiday calendars: {}.", listed(&years))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{super::samples, *};
    use crate::{
        collective_agreements::{Duty, MailDays, MailOrder, Period, Roll},
        deadlines::{compare, derive},
        holidays::{CalendarEdit, Calendars},
        text::Line,
    };

    fn calendar_days(days: u16) -> Period {
        Period {
            days: samples::days(days),
            kind: DayKind::Calendar,
            ..samples::period()
        }
    }

    fn mailed(on: Date, period: Period) -> String {
        let trigger = samples::filed(on, Service::Mail);
        let derived = derive(samples::basis(period), trigger, &[], &samples::calendars());
        derived.unwrap().sentences()
    }

    #[test]
    fn working_days_over_a_holiday() {
        insta::assert_snapshot!(samples::derived(date(2026, 11, 2), samples::period()).sentences());
    }

    #[test]
    fn calendar_days_that_roll_over_a_long_weekend() {
        insta::assert_snapshot!(samples::derived(date(2026, 8, 26), calendar_days(10)).sentences());
    }

    #[test]
    fn service_by_mail_after_rolling() {
        insta::assert_snapshot!(mailed(date(2026, 12, 11), calendar_days(14)));
    }

    #[test]
    fn service_by_mail_before_rolling() {
        let mail = MailDays {
            days: samples::days(5),
            kind: DayKind::Calendar,
            order: MailOrder::BeforeRolling,
        };
        let period = Period {
            mail: Some(mail),
            ..calendar_days(14)
        };
        insta::assert_snapshot!(mailed(date(2026, 12, 11), period));
    }

    #[test]
    fn service_by_mail_where_the_rule_adds_nothing() {
        let period = Period {
            mail: None,
            first_day: FirstDay::Counted,
            roll: Roll::Stays,
            ..calendar_days(5)
        };
        insta::assert_snapshot!(mailed(date(2026, 7, 1), period));
    }

    #[test]
    fn rolling_back_and_rolling_forward_instead() {
        let period = Period {
            roll: Roll::PreviousWorkingDay,
            ..calendar_days(2)
        };
        let days = [date(2026, 7, 2), date(2026, 9, 3), date(2026, 9, 4)];
        let sentences = days.map(|day| samples::derived(day, period).sentences());
        insta::assert_snapshot!(sentences.join("\n"));
    }

    #[test]
    fn extensions_by_agreement() {
        let extensions = [
            samples::extension(
                date(2026, 11, 16),
                Grant::Days(samples::days(5), DayKind::Working),
            ),
            samples::extension(date(2026, 11, 20), Grant::Until(date(2026, 12, 5))),
            samples::extension(date(2026, 11, 23), Grant::Until(date(2026, 12, 1))),
        ];
        let trigger = samples::filed(date(2026, 11, 2), Service::Direct);
        let basis = samples::basis(samples::period());
        let derived = derive(basis, trigger, &extensions, &samples::calendars());
        insta::assert_snapshot!(derived.unwrap().sentences());
    }

    #[test]
    fn over_the_end_of_the_year() {
        let period = samples::period();
        insta::assert_snapshot!(samples::derived(date(2027, 12, 20), period).sentences());
    }

    #[test]
    fn what_another_calendar_would_change() {
        let all = samples::calendars();
        let edit = CalendarEdit::Add {
            date: date(2026, 11, 10),
            name: Line::parse("Founders' Day").unwrap(),
        };
        let calendar = all.of(2026).unwrap().edited(&[edit]).unwrap();
        let deadlines = [samples::deadline(1)];
        let rules = {
            let mut rule = samples::rule(samples::period());
            rule.key.duty = Duty::Meet;
            samples::rules(3, rule)
        };
        let sentences = [
            compare(&deadlines, None, &Calendars::new([calendar])),
            compare(&deadlines, Some(&rules), &all),
            compare(&deadlines, None, &Calendars::default()),
        ]
        .map(|comparison| comparison.differences[0].sentence());
        insta::assert_snapshot!(sentences.join("\n"));
    }
}
