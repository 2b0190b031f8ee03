//! Deadlines that were worked out by hand, each with its source, in `worked_dates.txt`.

use jiff::{Timestamp, civil::Date};

use super::{Grant, Service, Trigger, derive, samples};
use crate::{
    collective_agreements::{DayKind, EventKind, FirstDay, MailDays, MailOrder, Period, Roll},
    tenants::ZoneName,
};

const DATES: &str = include_str!("worked_dates.txt");

/// One line of the file.
struct Worked {
    trigger: Trigger,
    period: Period,
    grants: Vec<Grant>,
    due: Date,
}

/// Reads `10 working` from the words.
fn amount<'a>(words: &mut impl Iterator<Item = &'a str>) -> (u16, DayKind) {
    let days = words.next().unwrap().parse().unwrap();
    (days, DayKind::parse(words.next().unwrap()).unwrap())
}

/// Reads a day, or an instant and the zone of the hall: `2026-03-08T07:30:00Z@America/Los_Angeles`.
fn trigger(text: &str, service: &str) -> Trigger {
    let service = Service::parse(service).unwrap();
    match text.split_once('@') {
        None => samples::filed(text.parse().unwrap(), service),
        Some((instant, zone)) => {
            let instant: Timestamp = instant.parse().unwrap();
            let zone = ZoneName::parse(zone).unwrap();
            Trigger::at(EventKind::Filed, instant, &zone, service)
        }
    }
}

fn parsed(line: &str) -> Worked {
    let (given, due) = line.split_once("->").unwrap();
    let mut words = given.split_whitespace();
    let trigger = trigger(words.next().unwrap(), words.next().unwrap());
    let (days, kind) = amount(&mut words);
    let mut period = Period {
        days: samples::days(days),
        kind,
        first_day: FirstDay::parse(words.next().unwrap()).unwrap(),
        roll: Roll::parse(words.next().unwrap()).unwrap(),
        mail: None,
    };
    let mut grants = Vec::new();
    while let Some(word) = words.next() {
        match word {
            "mail" => {
                let (days, kind) = amount(&mut words);
                period.mail = Some(MailDays {
                    days: samples::days(days),
                    kind,
                    order: MailOrder::parse(words.next().unwrap()).unwrap(),
                });
            }
            "until" => grants.push(Grant::Until(words.next().unwrap().parse().unwrap())),
            "more" => {
                let (days, kind) = amount(&mut words);
                grants.push(Grant::Days(samples::days(days), kind));
            }
            other => panic!("{other} means nothing"),
        }
    }
    Worked {
        trigger,
        period,
        grants,
        due: due.trim().parse().unwrap(),
    }
}

fn lines() -> impl Iterator<Item = &'static str> {
    let is_case = |line: &&str| !line.is_empty() && !line.starts_with('#');
    DATES.lines().filter(is_case)
}

#[test]
fn every_deadline_that_was_worked_by_hand_is_found() {
    let calendars = samples::calendars();
    let mut wrong = Vec::new();
    for line in lines() {
        let worked = parsed(line);
        let extension = |grant: &Grant| samples::extension(worked.trigger.date, *grant);
        let extensions: Vec<_> = worked.grants.iter().map(extension).collect();
        let basis = samples::basis(worked.period);
        let found = derive(basis, worked.trigger, &extensions, &calendars).unwrap();
        if found.due != worked.due {
            wrong.push(format!("{line}\n    {}", found.sentences()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn there_are_more_than_forty_and_each_says_where_it_comes_from() {
    assert!(lines().count() > 40, "{}", lines().count());
    let mut above = "";
    for line in DATES.lines() {
        if !line.is_empty() && !line.starts_with('#') {
            assert!(above.starts_with('#'), "{line} has no source");
        }
        above = line;
    }
}
