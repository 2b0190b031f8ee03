//! The values in a roster's cells, in the spellings that halls use.

use jiff::civil::Date;
use unionhall_domain::{
    invalid::Invalid,
    members::{MemberClassification, MemberStatus},
    text::Line,
};

use super::columns::bare;

/// A line; line breaks and tabs inside it become spaces.
pub(super) fn line<const MAX: usize>(text: &str) -> Result<Line<MAX>, Invalid> {
    if text.contains(['\n', '\t']) {
        let words: Vec<_> = text.split_whitespace().collect();
        return Line::parse(&words.join(" "));
    }
    Line::parse(text)
}

/// A street address; its lines are joined with commas.
pub(super) fn address<const MAX: usize>(text: &str) -> Result<Line<MAX>, Invalid> {
    let lines: Vec<_> = text
        .lines()
        .map(|part| part.trim().trim_end_matches(',').trim_end())
        .filter(|part| !part.is_empty())
        .collect();
    line(&lines.join(", "))
}

/// A day: `2001-09-03`, or `9/3/2001` with the month first; a time of midnight after it is dropped.
pub(super) fn date(text: &str) -> Result<Date, Invalid> {
    let day = without_midnight(text);
    if let Some(parts) = three(day, '-') {
        return iso(parts);
    }
    if let Some(parts) = three(day, '/') {
        return american(parts);
    }
    Err(not_a_date())
}

fn not_a_date() -> Invalid {
    Invalid::new(
        "not_a_date",
        "must be a date like 2001-09-03, or 9/3/2001 with the month first",
    )
}

/// Databases export days as midnights.
fn without_midnight(text: &str) -> &str {
    let Some((day, time)) = text.split_once([' ', 'T']) else {
        return text;
    };
    let midnight = matches!(
        time.trim().trim_end_matches('Z'),
        "0:00" | "00:00" | "0:00:00" | "00:00:00" | "00:00:00.000" | "12:00 AM" | "12:00:00 AM"
    );
    if midnight { day } else { text }
}

/// The three numbers between two separators, each of 1 to 4 digits.
fn three(text: &str, separator: char) -> Option<[&str; 3]> {
    let mut parts = text.split(separator);
    let found = [parts.next()?, parts.next()?, parts.next()?];
    let number = |part: &&str| {
        (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    (parts.next().is_none() && found.iter().all(number)).then_some(found)
}

fn iso([year, month, day]: [&str; 3]) -> Result<Date, Invalid> {
    if year.len() != 4 || month.len() != 2 || day.len() != 2 {
        return Err(not_a_date());
    }
    calendar(year, month, day)
}

fn american([month, day, year]: [&str; 3]) -> Result<Date, Invalid> {
    if month.len() > 2 || day.len() > 2 {
        return Err(not_a_date());
    }
    if year.len() != 4 {
        return Err(Invalid::new(
            "short_year",
            "must have a year of four digits: 68 could be 1968 or 2068",
        ));
    }
    calendar(year, month, day)
}

fn calendar(year: &str, month: &str, day: &str) -> Result<Date, Invalid> {
    let found = || Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok();
    found().ok_or_else(|| {
        Invalid::new(
            "no_such_day",
            "must be a day that the calendar has; in 9/3/2001 the month comes first",
        )
    })
}

/// Where a member stands, by its name or what halls call it.
pub(super) fn status(text: &str) -> Result<MemberStatus, Invalid> {
    use MemberStatus as S;
    let name = bare(text);
    let names = |status: S| match status {
        S::Active => "activemember ingoodstanding goodstanding current paidup act",
        S::Inactive => "inactivemember notactive lapsed dropped expired",
        S::Suspended => "suspension susp",
        S::Retired => "retiree retiredmember pensioner pensioned onpension ret",
        S::Deceased => "dead died passedaway dec",
    };
    S::ALL
        .into_iter()
        .find(|status| bare(status.as_str()) == name || listed(names(*status), &name))
        .map_or_else(|| S::parse(text), Ok)
}

/// What a member works as, by its name or what halls call it.
pub(super) fn classification(text: &str) -> Result<MemberClassification, Invalid> {
    use MemberClassification as C;
    let name = bare(text);
    let names = |class: C| match class {
        C::Apprentice1 => "1 1st first",
        C::Apprentice2 => "2 2nd second",
        C::Apprentice3 => "3 3rd third",
        C::Apprentice4 => "4 4th fourth",
        C::Apprentice5 => "5 5th fifth",
        C::Journeyman => {
            "jw jiw jl journeymanwireman journeywireman insidewireman wireman \
             journeymaninsidewireman insidejourneymanwireman journeymanlineman lineman \
             journeymanelectrician journeyworker journeyperson journeylevel jrnymn"
        }
        C::Foreman => "generalforeman foreperson gf fm foremanwireman",
        C::Retiree => "retired pensioner pensioned retiredmember",
        C::Honorary => "honorarymember honourary hon",
    };
    let apprentice = year_of_apprenticeship(&name);
    C::ALL
        .into_iter()
        .find(|class| {
            let names = names(*class);
            bare(class.as_str()) == name
                || if class.as_str().starts_with("apprentice") {
                    apprentice.is_some_and(|year| listed(names, year))
                } else {
                    listed(names, &name)
                }
        })
        .map_or_else(|| C::parse(text), Ok)
}

/// What is left of `1st Year Apprentice`, `Apprentice 1` or `Appr. Yr 1` when the words are taken away.
fn year_of_apprenticeship(name: &str) -> Option<&str> {
    const WORDS: [&str; 5] = ["apprenticewireman", "apprentice", "appr", "app", "ap"];
    let word = WORDS.into_iter().find(|word| name.contains(word))?;
    let (before, after) = name.split_once(word)?;
    let rest = match (before, after) {
        ("", rest) | (rest, "") => rest,
        (_, _) => return None,
    };
    let rest = ["year", "yr"].into_iter().fold(rest, |rest, word| {
        rest.trim_start_matches(word).trim_end_matches(word)
    });
    (!rest.is_empty()).then_some(rest)
}

fn listed(names: &str, name: &str) -> bool {
    names.split_ascii_whitespace().any(|known| known == name)
}
