//! The values in a file's cells, in the spellings that halls use.

use jiff::civil::Date;
use unionhall_domain::{ids::Id, invalid::Invalid, money::Amount, text::Line};
use uuid::Uuid;

use super::columns::bare;

/// A line; line breaks and tabs inside it become spaces.
pub(crate) fn line<const MAX: usize>(text: &str) -> Result<Line<MAX>, Invalid> {
    if text.contains(['\n', '\t']) {
        let words: Vec<_> = text.split_whitespace().collect();
        return Line::parse(&words.join(" "));
    }
    Line::parse(text)
}

/// A street address; its lines are joined with commas. What is one line stays as it is.
pub(crate) fn address<const MAX: usize>(text: &str) -> Result<Line<MAX>, Invalid> {
    if text.trim().lines().count() < 2 {
        return line(text);
    }
    let lines: Vec<_> = text
        .lines()
        .map(|part| part.trim().trim_end_matches(',').trim_end())
        .filter(|part| !part.is_empty())
        .collect();
    line(&lines.join(", "))
}

/// A day: `2001-09-03`, or `9/3/2001` with the month first; a time of midnight after it is dropped.
pub(crate) fn date(text: &str) -> Result<Date, Invalid> {
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

/// An id, however it is grouped.
pub(crate) fn id<T>(text: &str) -> Result<Id<T>, Invalid> {
    Uuid::try_parse(text)
        .map(Id::new)
        .map_err(|_| Invalid::new("not_a_uuid", "must be an id as an export shows it"))
}

/// A yes or a no, in the words of spreadsheets.
pub(crate) fn yes(text: &str) -> Result<bool, Invalid> {
    let name = bare(text);
    if listed("yes y true t 1 x primary main", &name) || matches!(text, "✓" | "✔") {
        return Ok(true);
    }
    if listed("no n false f 0 other secondary", &name) || text == "-" {
        return Ok(false);
    }
    Err(Invalid::new("not_a_boolean", "must be yes or no"))
}

/// An amount of money: `62.40`, or `$1,062.40` as spreadsheets show it; what it is for, such as `/hr`, is dropped.
pub(crate) fn amount(text: &str) -> Result<Amount, Invalid> {
    let text = text.trim_start_matches(['$', '€', '£']).trim_start();
    let number = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ','));
    let (number, rest) = text.split_at(number.unwrap_or(text.len()));
    if !listed("an_hour hr hour h perhour perhr anhour usd", &bare(rest)) && !bare(rest).is_empty()
    {
        return Amount::parse(text);
    }
    match number.split_once('.') {
        Some((whole, cents)) => Amount::parse(&format!("{}.{cents}", ungrouped(whole))),
        None => Amount::parse(&ungrouped(number)),
    }
}

/// A whole number without the commas that part its thousands; as it is when they part anything else.
fn ungrouped(number: &str) -> String {
    let mut groups = number.split(',');
    let first = groups
        .next()
        .is_some_and(|group| (1..=3).contains(&group.len()));
    if first && groups.all(|group| group.len() == 3) {
        number.replace(',', "")
    } else {
        number.to_owned()
    }
}

/// Whether a name is one of these, which are parted by blanks.
pub(crate) fn listed(names: &str, name: &str) -> bool {
    names.split_ascii_whitespace().any(|known| known == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_lines_of_an_address_lose_their_commas() {
        for (text, expected) in [
            ("12 Union St,", "12 Union St,"),
            ("12 Union St,\nApt 4,", "12 Union St, Apt 4"),
        ] {
            assert_eq!(address::<255>(text).unwrap().as_str(), expected);
        }
    }
}
