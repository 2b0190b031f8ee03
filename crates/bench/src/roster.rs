//! Rosters of invented members, and what somebody might look for in them.

mod names;

use std::fmt::Write as _;

use names::{CITIES, FIRST_NAMES, STREETS, SURNAMES};

const HEADER: &str = "member_number,first_name,last_name,middle_name,address,city,state,zip_code,phone,email,\
                      date_of_birth,hire_date,status,classification,notes\n";
const STATUSES: [&str; 10] = [
    "active",
    "active",
    "active",
    "active",
    "active",
    "active",
    "inactive",
    "suspended",
    "retired",
    "deceased",
];
const CLASSES: [&str; 8] = [
    "journeyman",
    "journeyman",
    "journeyman",
    "foreman",
    "apprentice_1",
    "apprentice_3",
    "apprentice_5",
    "retiree",
];

/// A surname that many have.
pub(crate) const COMMON_SURNAME: &str = "garcia";

/// Numbers that look drawn and are the same in every run: a linear congruential generator.
#[derive(Debug)]
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let high = usize::try_from(self.0 >> 33).unwrap_or_default();
        high.checked_rem(end).unwrap_or_default()
    }

    fn of<T: Copy + Default>(&mut self, list: &[T]) -> T {
        list.get(self.below(list.len()))
            .copied()
            .unwrap_or_default()
    }

    /// The earlier in the list, the likelier: some names are common.
    fn common_first<T: Copy + Default>(&mut self, list: &[T]) -> T {
        let end = self.below(list.len()) + 1;
        list.get(self.below(end)).copied().unwrap_or_default()
    }
}

/// A roster of `count` members as CSV.
pub(crate) fn csv(count: usize) -> String {
    let mut draw = Draw(46);
    let mut csv = HEADER.to_owned();
    for number in 1..=count {
        row(&mut csv, &mut draw, number);
    }
    csv
}

/// So many employers as CSV.
pub(crate) fn employers(count: usize) -> String {
    let mut draw = Draw(47);
    let mut csv = "name,org_type,address,city,state,zip_code,phone\n".to_owned();
    for number in 1..=count {
        let (city, zip) = draw.of(CITIES);
        // Writing to a string cannot fail.
        let _ = writeln!(
            csv,
            "{name},employer,{house} {street},{city},WA,{zip},206-555-{phone:04}",
            name = employer(number),
            house = 100 + draw.below(9_900),
            street = draw.of(STREETS),
            phone = draw.below(10_000),
        );
    }
    csv
}

/// One person at each of them as CSV.
pub(crate) fn contacts(employers: usize) -> String {
    let mut draw = Draw(48);
    let mut csv = "organization_name,first_name,last_name,title,is_primary\n".to_owned();
    for number in 1..=employers {
        let _ = writeln!(
            csv,
            "{},{},{},Superintendent,yes",
            employer(number),
            draw.of(FIRST_NAMES),
            draw.of(SURNAMES)
        );
    }
    csv
}

/// One job of each member as CSV.
pub(crate) fn jobs(members: usize, employers: usize) -> String {
    let mut draw = Draw(49);
    let mut csv = "member_number,organization_name,start_date,job_title,hourly_rate\n".to_owned();
    for number in 1..=members {
        let _ = writeln!(
            csv,
            "{},{},2025-{:02}-{:02},Journeyman wireman,62.40",
            member_number(number),
            employer(1 + draw.below(employers)),
            1 + draw.below(12),
            1 + draw.below(28)
        );
    }
    csv
}

/// Names unlike those of the demo's employers.
fn employer(number: usize) -> String {
    format!("Bench Electric {number:04}")
}

fn row(csv: &mut String, draw: &mut Draw, number: usize) {
    let first = draw.common_first(FIRST_NAMES);
    let last = draw.common_first(SURNAMES);
    let middle = if draw.below(3) == 0 {
        draw.of(FIRST_NAMES)
    } else {
        ""
    };
    let (city, zip) = draw.of(CITIES);
    let born = 1950 + draw.below(52);
    let hired = born + 19 + draw.below(4);
    let (month, day) = (1 + draw.below(12), 1 + draw.below(28));
    let notes = if draw.below(5) == 0 {
        "Wants the evening class; call after four."
    } else {
        ""
    };
    // Writing to a string cannot fail.
    let _ = writeln!(
        csv,
        "{number},{first},{last},{middle},{house} {street},{city},WA,{zip},206-555-{phone:04},{email},\
         {born}-{month:02}-{day:02},{hired}-{day_of_hire:02}-{month:02},{status},{class},{notes}",
        number = member_number(number),
        house = 100 + draw.below(9_900),
        street = draw.of(STREETS),
        phone = draw.below(10_000),
        email = email(first, last, number),
        day_of_hire = 1 + draw.below(12),
        status = draw.of(&STATUSES),
        class = draw.of(&CLASSES),
    );
}

/// Numbers above those of the demo's members.
fn member_number(number: usize) -> String {
    format!("B{number:06}")
}

fn email(first: &str, last: &str, number: usize) -> String {
    let plain = |name: &str| -> String {
        name.to_lowercase()
            .chars()
            .filter(char::is_ascii_alphabetic)
            .collect()
    };
    format!("{}.{}{number}@members.example", plain(first), plain(last))
}

/// What people at a desk type: names, beginnings of names, both names, numbers, addresses, and mistakes.
pub(crate) fn searches(members: usize) -> Vec<String> {
    let mut draw = Draw(12);
    let mut searches = Vec::new();
    for _ in 0..40 {
        let (first, last) = (draw.common_first(FIRST_NAMES), draw.common_first(SURNAMES));
        let number = 1 + draw.below(members);
        searches.push(first.to_lowercase());
        searches.push(last.to_lowercase());
        searches.push(last.chars().take(4).collect());
        searches.push(format!("{first} {last}"));
        searches.push(format!(
            "{} {}",
            last.to_lowercase(),
            first.chars().take(2).collect::<String>()
        ));
        searches.push(member_number(number));
        searches.push(member_number(number).chars().take(5).collect());
        searches.push(email(first, last, number));
        searches.push(mistyped(last, &mut draw));
    }
    searches
}

/// A name with two letters swapped, or one left out.
fn mistyped(name: &str, draw: &mut Draw) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let place = 1 + draw.below(letters.len().saturating_sub(2));
    if draw.below(2) == 0 && place + 1 < letters.len() {
        letters.swap(place, place + 1);
    } else if place < letters.len() {
        letters.remove(place);
    }
    letters.into_iter().collect()
}

/// A text as it stands in a query: all but letters, digits and `-._~` escaped.
pub(crate) fn in_query(text: &str) -> String {
    let escaped = text.bytes().map(|byte| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    });
    escaped.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roster_has_a_row_for_each_member_and_a_field_for_each_column() {
        let roster = csv(200);
        let lines: Vec<_> = roster.lines().collect();
        assert_eq!(lines.len(), 201);
        let columns = lines[0].split(',').count();
        assert!(lines.iter().all(|line| line.split(',').count() == columns));
        assert!(lines[200].starts_with("B000200,"));
    }

    #[test]
    fn employers_their_people_and_jobs_have_a_field_for_each_column() {
        for list in [employers(30), contacts(30), jobs(200, 30)] {
            let columns = list.lines().next().unwrap().split(',').count();
            assert!(list.lines().all(|line| line.split(',').count() == columns));
        }
        assert!(jobs(200, 30).lines().skip(1).all(|job| {
            let name = job.split(',').nth(1).unwrap();
            employers(30).contains(&format!("{name},"))
        }));
    }

    #[test]
    fn the_same_roster_is_made_each_time() {
        assert_eq!(csv(50), csv(50));
    }

    #[test]
    fn nobody_is_hired_before_birth_or_in_the_future() {
        for line in csv(20_000).lines().skip(1) {
            let fields: Vec<_> = line.split(',').collect();
            assert!(
                fields[10] < fields[11] && fields[11] < "2026-01-01",
                "{line}"
            );
        }
    }

    #[test]
    fn searches_are_of_many_kinds_and_fit_a_query() {
        let searches = searches(1_000);
        assert_eq!(searches.len(), 360);
        assert!(searches.iter().any(|one| one.starts_with('B')));
        assert!(searches.iter().any(|one| one.contains('@')));
        assert_eq!(in_query("Núñez Al"), "N%C3%BA%C3%B1ez%20Al");
    }

    #[test]
    fn a_mistyped_name_is_another_of_nearly_the_same_length() {
        let mut draw = Draw(1);
        for name in SURNAMES {
            let wrong = mistyped(name, &mut draw).chars().count();
            assert!(name.chars().count() - wrong <= 1);
        }
    }
}
