//! Deadlines that were worked out by hand, each with its source, in `worked_dates.txt`.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date};

use super::{Grant, Service, Trigger, derive, samples};
use crate::{
    collective_agreements::{DayKind, EventKind, FirstDay, MailDays, MailOrder, Period, Roll},
    tenants::ZoneName,
};

const DATES: &str = include_str!("worked_dates.txt");
const CLAUSES: &str = include_str!("specimen_clauses.txt");

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

/// What a source begins with; the number of a rule or a section follows.
const SOURCES: [&str; 6] = [
    "FRCP ",
    " CFR ",
    " U.S.C. ",
    "Pub. L. ",
    "Executive Order ",
    "Specimen §",
];

/// The worked dates with what is said above each; titles and the beginning of the file have no line of their own.
fn explained() -> impl Iterator<Item = (&'static str, &'static str)> {
    let parts = DATES.split("\n\n").map(str::trim_end);
    parts.filter_map(|part| match part.rsplit_once('\n') {
        Some((said, line)) if !line.starts_with('#') => Some((said, line)),
        _ if part.starts_with('#') => None,
        _ => panic!("{part} has nothing above it"),
    })
}

/// Whether the text names a source with its number.
fn names_a_source(said: &str) -> bool {
    let numbered = |(at, begins): (usize, &str)| {
        let rest = said.get(at + begins.len()..).unwrap_or_default();
        rest.starts_with(|first: char| first.is_ascii_digit())
    };
    let mut named = SOURCES
        .iter()
        .flat_map(|begins| said.match_indices(*begins));
    named.any(numbered)
}

#[test]
fn there_are_more_than_forty_and_each_names_the_rule_that_it_comes_from() {
    assert!(lines().count() > 40, "{}", lines().count());
    assert!(explained().map(|(_, line)| line).eq(lines()));
    let mut nameless = Vec::new();
    let mut is_named_above = false;
    for (said, line) in explained() {
        is_named_above = names_a_source(said) || is_named_above && said.starts_with("# The same");
        if !is_named_above {
            nameless.push(line);
        }
    }
    assert!(nameless.is_empty(), "no source: {nameless:#?}");
}

#[test]
fn what_names_no_number_of_a_rule_names_no_source() {
    for said in ["# The calendar.", "# An agreement.", "# FRCP", "# A CFR x"] {
        assert!(!names_a_source(said), "{said}");
    }
    for said in ["# 5 CFR 1201.23(a): July 1.", "# Specimen §3: a day."] {
        assert!(names_a_source(said), "{said}");
    }
}

/// The numbers of the specimen clauses that a text names, or has.
fn clauses(text: &str) -> BTreeSet<u8> {
    let number = |rest: &str| {
        let digits = rest.find(|next: char| !next.is_ascii_digit());
        rest.get(..digits.unwrap_or(rest.len()))?.parse().ok()
    };
    text.split('§').skip(1).filter_map(number).collect()
}

#[test]
fn each_clause_that_stands_for_agreements_is_worded_and_used() {
    let worded = CLAUSES.lines().filter(|line| line.starts_with('§'));
    let worded: BTreeSet<_> = worded.flat_map(clauses).collect();
    let lines = DATES.lines().filter(|line| line.starts_with('#'));
    let specimens = lines.filter(|line| line.contains("Specimen"));
    let used: BTreeSet<_> = specimens.flat_map(clauses).collect();
    assert_eq!(used, worded);
}
