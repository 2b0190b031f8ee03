//! What holds of every deadline, whatever the rule and the day.

use std::{collections::BTreeSet, sync::LazyLock};

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::{
    Basis, Deadline, DeadlineState, Derivation, Extension, Grant, Service, Stage, Way, compare,
    dates::{day_after, day_before, days_between},
    derive, samples,
};
use crate::{
    collective_agreements::{DayKind, FirstDay, MailDays, MailOrder, Period, Roll},
    holidays::{Calendars, DayOff},
};

fn any_day() -> impl Strategy<Value = Date> {
    // Days from 1990 to 2034: two periods of two years and their extensions end before 2040 does.
    (0i64..16_000).prop_map(|days| {
        date(1990, 1, 1)
            .checked_add(jiff::Span::new().days(days))
            .unwrap()
    })
}

fn any_of<T: Copy + std::fmt::Debug + 'static>(values: &'static [T]) -> impl Strategy<Value = T> {
    proptest::sample::select(values)
}

fn any_mail() -> impl Strategy<Value = MailDays> {
    let parts = (1u16..8, any_of(&DayKind::ALL), any_of(&MailOrder::ALL));
    parts.prop_map(|(days, kind, order)| MailDays {
        days: samples::days(days),
        kind,
        order,
    })
}

fn any_period() -> impl Strategy<Value = Period> {
    (
        1u16..90,
        any_of(&DayKind::ALL),
        any_of(&FirstDay::ALL),
        any_of(&Roll::ALL),
        proptest::option::of(any_mail()),
    )
        .prop_map(|(days, kind, first_day, roll, mail)| Period {
            days: samples::days(days),
            kind,
            first_day,
            roll,
            mail,
        })
}

fn any_extensions() -> impl Strategy<Value = Vec<Extension>> {
    let days = (1u16..30, any_of(&DayKind::ALL))
        .prop_map(|(days, kind)| Grant::Days(samples::days(days), kind));
    let grant = prop_oneof![days, any_day().prop_map(Grant::Until)];
    let extension = grant.prop_map(|grant| samples::extension(date(1990, 1, 1), grant));
    proptest::collection::vec(extension, 0..3)
}

fn found(day: Date, service: Service, period: Period, extensions: &[Extension]) -> Derivation {
    let trigger = samples::filed(day, service);
    derive(samples::basis(period), trigger, extensions, &CALENDARS).unwrap()
}

/// Made once, for it is asked for every day of every case.
static CALENDARS: LazyLock<Calendars> = LazyLock::new(samples::calendars);

fn works(day: Date) -> bool {
    CALENDARS.day_off(day).unwrap().is_none()
}

/// The days from one to another, both of them included.
fn days(from: Date, to: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(from), |day| Some(day_after(*day))).take_while(move |day| *day <= to)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_deadline_is_never_before_its_event(
        day in any_day(),
        service in any_of(&Service::ALL),
        period in any_period(),
        extensions in any_extensions(),
    ) {
        let derivation = found(day, service, period, &extensions);
        let first = match period.first_day {
            FirstDay::Counted => day,
            FirstDay::NotCounted => day_after(day),
        };
        prop_assert!(first <= derivation.due);
    }

    #[test]
    fn an_extension_never_takes_time_away(
        day in any_day(),
        period in any_period(),
        extensions in any_extensions(),
    ) {
        let mut due = found(day, Service::Direct, period, &[]).due;
        for number in 1..=extensions.len() {
            let longer = found(day, Service::Direct, period, &extensions[..number]).due;
            prop_assert!(due <= longer);
            match extensions[number - 1].grant {
                Grant::Until(day) => prop_assert_eq!(longer, day.max(due)),
                Grant::Days(..) => prop_assert!(due < longer),
            }
            due = longer;
        }
    }

    #[test]
    fn mail_never_takes_time_away(day in any_day(), period in any_period()) {
        let direct = found(day, Service::Direct, period, &[]).due;
        let by_mail = found(day, Service::Mail, period, &[]).due;
        prop_assert!(direct <= by_mail);
        if period.mail.is_none() {
            prop_assert_eq!(direct, by_mail);
        }
    }

    #[test]
    fn a_count_has_exactly_the_days_it_says(
        day in any_day(),
        service in any_of(&Service::ALL),
        period in any_period(),
        extensions in any_extensions(),
    ) {
        for stage in found(day, service, period, &extensions).stages {
            let count = match stage {
                Stage::Counted(count) | Stage::MailAdded(count) => count,
                Stage::Extended(extended) => match extended.counted {
                    Some(count) => count,
                    None => continue,
                },
                Stage::Rolled(_) | Stage::Stands(_) => continue,
            };
            let all: Vec<_> = days(count.from, count.last).collect();
            let skipped: Vec<_> = count.skipped.iter().map(|off| off.date).collect();
            match count.kind {
                DayKind::Calendar => prop_assert!(skipped.is_empty()),
                DayKind::Working => {
                    let off: Vec<_> = all.iter().copied().filter(|day| !works(*day)).collect();
                    prop_assert_eq!(&skipped, &off);
                    prop_assert!(works(count.last));
                }
            }
            prop_assert_eq!(all.len() - skipped.len(), usize::from(count.days.get()));
        }
    }

    #[test]
    fn what_rolls_lands_on_the_nearest_working_day_of_its_way(
        day in any_day(),
        service in any_of(&Service::ALL),
        period in any_period(),
    ) {
        let derivation = found(day, service, period, &[]);
        for stage in &derivation.stages {
            if let Stage::Rolled(rolled) = stage {
                prop_assert!(!works(rolled.from.date));
                prop_assert!(works(rolled.to));
                let between: Vec<_> = match rolled.way {
                    Way::Next | Way::NextInstead => {
                        days(day_after(rolled.from.date), day_before(rolled.to)).collect()
                    }
                    Way::Previous => {
                        days(day_after(rolled.to), day_before(rolled.from.date)).collect()
                    }
                };
                prop_assert!(between.iter().all(|day| !works(*day)));
                prop_assert_eq!(between.len(), rolled.passed.len());
            }
        }
        match period.roll {
            Roll::Stays => {}
            Roll::NextWorkingDay | Roll::PreviousWorkingDay => {
                prop_assert!(works(derivation.due));
            }
        }
    }

    #[test]
    fn the_same_versions_change_nothing(
        day in any_day(),
        service in any_of(&Service::ALL),
        period in any_period(),
        extensions in any_extensions(),
    ) {
        let derivation = found(day, service, period, &extensions);
        prop_assert_eq!(derivation.extensions(), extensions);
        let again = derivation.under(derivation.basis.clone(), &CALENDARS).unwrap();
        prop_assert_eq!(&again, &derivation);
        prop_assert_eq!(again.sentences(), derivation.sentences());
        let deadline = Deadline { derivation, ..samples::deadline(1) };
        let comparison = compare(&[deadline], None, &CALENDARS);
        prop_assert_eq!(comparison.unchanged, 1);
    }

    #[test]
    fn a_difference_is_what_counting_anew_would_give(
        day in any_day(),
        before in any_period(),
        after in any_period(),
    ) {
        let derivation = found(day, Service::Mail, before, &[]);
        let deadline = Deadline { derivation, ..samples::deadline(1) };
        let rules = samples::rules(2, samples::rule(after));
        let comparison = compare(std::slice::from_ref(&deadline), Some(&rules), &CALENDARS);
        let basis = Basis { rules: rules.version(), ..samples::basis(after) };
        let anew = deadline.derivation.under(basis, &CALENDARS).unwrap();
        match comparison.differences.as_slice() {
            [] => {
                prop_assert_eq!(anew.due, deadline.due());
                prop_assert_eq!(anew.stages, deadline.derivation.stages);
            }
            [difference] => {
                let at = jiff::Timestamp::UNIX_EPOCH;
                let confirmed = deadline.confirm(difference, at).unwrap();
                prop_assert_eq!(confirmed.derivation, anew);
            }
            _ => prop_assert!(false, "more differences than deadlines"),
        }
    }

    #[test]
    fn each_warning_has_a_key_of_its_own_and_comes_once(
        day in any_day(),
        period in any_period(),
        asked in proptest::collection::vec(-20i64..40, 0..60),
    ) {
        let derivation = found(day, Service::Direct, period, &[]);
        let deadline = Deadline { derivation, ..samples::deadline(1) };
        let mut sent = BTreeSet::new();
        let mut kinds = BTreeSet::new();
        for offset in asked {
            let today = deadline.due().checked_sub(jiff::Span::new().days(offset)).unwrap();
            if let Some(warning) = deadline.warning_on(today) {
                prop_assert_eq!(warning.days_left, days_between(today, deadline.due()));
                prop_assert_eq!(sent.insert(warning.key.to_string()), kinds.insert(warning.key.kind));
                let other = samples::deadline(2);
                prop_assert!(other.warning_on(other.due()).is_none_or(|of| of.key != warning.key));
            }
        }
        prop_assert!(sent.len() <= 5);
    }

    #[test]
    fn whoever_asks_each_morning_gets_every_warning_in_its_order(period in any_period(), day in any_day()) {
        let derivation = found(day, Service::Direct, period, &[]);
        let due = derivation.due;
        let deadline = Deadline { derivation, state: DeadlineState::Open, ..samples::deadline(1) };
        let first = due.checked_sub(jiff::Span::new().days(10)).unwrap();
        let mut keys = Vec::new();
        for today in days(first, day_after(day_after(due))) {
            keys.extend(deadline.warning_on(today).map(|warning| warning.key.kind));
        }
        keys.dedup();
        prop_assert_eq!(keys, super::WarningKind::ALL.to_vec());
    }
}

#[test]
fn weekends_are_named_before_holidays() {
    // July 4, 2027, is a Sunday: off as a Sunday, and observed on Monday.
    let off = CALENDARS.day_off(date(2027, 7, 4)).unwrap();
    assert_eq!(off, Some(DayOff::Weekday(jiff::civil::Weekday::Sunday)));
}
