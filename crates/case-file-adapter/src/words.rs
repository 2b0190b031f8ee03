//! How a case file is put to people: what programs need, such as ids and names with underscores, is left to the JSON.

use std::borrow::Cow;

use unionhall_domain::case_files::SectionEntry;

/// What the file is called.
pub(crate) fn title(number: &str) -> String {
    format!("Case file of grievance {number}")
}

/// The facts of an entry by their names, those aside that say nothing to people.
pub(crate) fn facts(entry: &SectionEntry) -> impl Iterator<Item = (String, String)> + '_ {
    let told = entry.facts.iter().filter(|(_, fact)| !is_id(fact));
    told.map(|(field, fact)| (name(field), value(fact).into_owned()))
}

/// What happened, apart from its day.
pub(crate) fn dated(title: &str) -> Option<(&str, &str)> {
    let (day, happened) = title.split_once(": ")?;
    let mut parts = day.split('-').map(|part| (part.len(), is_number(part)));
    let is_day = [4, 2, 2].map(|length| parts.next() == Some((length, true))) == [true; 3];
    (is_day && parts.next().is_none()).then_some((day, happened))
}

/// A value in words: a name on the wire without its underscores, an instant as a clock shows it.
pub(crate) fn value(fact: &str) -> Cow<'_, str> {
    let is_wire = |character: char| {
        character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_'
    };
    if fact.contains('_') && fact.chars().all(is_wire) {
        return fact.replace('_', " ").into();
    }
    shown(fact).map_or(Cow::Borrowed(fact), Cow::Owned)
}

/// `2026-11-21T08:30:05-08:00` as `2026-11-21, 08:30 (UTC-08:00)`.
fn shown(fact: &str) -> Option<String> {
    let (day, clock) = fact.split_once('T')?;
    let (time, offset) = (clock.get(..8)?, clock.get(8..)?);
    let is_time = time
        .split(':')
        .all(|part| part.len() == 2 && is_number(part));
    let is_offset = offset.len() == 6 && offset.starts_with(['+', '-']);
    let whole = format!("{day}: ");
    (is_time && is_offset && dated(&whole).is_some()).then(|| {
        let minutes = time.get(..5).unwrap_or(time);
        format!("{day}, {minutes} (UTC{offset})")
    })
}

/// The name of a field as people write it: `Assigned representative` of `assigned_representative_id`.
fn name(field: &str) -> String {
    let words = field.trim_end_matches("_id").replace('_', " ");
    let mut characters = words.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether this is a UUID: what it names is either named already, or is nothing to people.
fn is_id(fact: &str) -> bool {
    let groups = fact.split('-').map(str::len);
    let is_hex = |byte: u8| byte == b'-' || byte.is_ascii_hexdigit();
    groups.eq([8, 4, 4, 4, 12]) && fact.bytes().all(is_hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_programs_need_and_ids_that_name_nobody_are_left_out() {
        let entry = SectionEntry {
            title: String::new(),
            facts: vec![
                ("id", "0190ffff-ffff-7fff-bfff-ffffffffffff".to_owned()),
                ("assigned_representative_id", "Stella Steward".to_owned()),
                ("current_step", "step_1".to_owned()),
                ("held_at", "2026-11-21T08:30:05-08:00".to_owned()),
                ("said", "snake_case is a word".to_owned()),
            ],
        };
        let told: Vec<_> = facts(&entry)
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        assert_eq!(
            told,
            [
                "Assigned representative: Stella Steward",
                "Current step: step 1",
                "Held at: 2026-11-21, 08:30 (UTC-08:00)",
                "Said: snake_case is a word",
            ]
        );
    }

    #[test]
    fn a_day_stands_apart_from_what_happened_on_it() {
        let happened = dated("2026-11-21: Due: the list");
        assert_eq!(happened, Some(("2026-11-21", "Due: the list")));
        for other in ["Due: the list", "2026-11: x", "2026-11-2x: y", "no colon"] {
            assert_eq!(dated(other), None, "{other}");
        }
    }
}
