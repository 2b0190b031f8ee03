//! Deadlines as an iCalendar object (RFC 5545): the same deadlines always give the same octets.

use icalendar::{Calendar, Component, Event, Property};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use unionhall_domain::deadline_feeds::FeedEntry;

/// A line has this many octets at most, without its end (RFC 5545 §3.1).
const LINE: usize = 75;

/// Who writes the calendar (RFC 5545 §3.7.3).
const PRODUCT: &str = "-//Unionhall//Deadlines//EN";

/// How often a calendar should ask, by RFC 7986 §5.7 and by what was usual before it.
const REFRESH: &str = "PT1H";

/// What the calendar is called: nothing of the hall and of its people.
const NAME: &str = "Grievance deadlines";

/// How a calendar ends.
const END: &str = "END:VCALENDAR\r\n";

/// The time zone that nothing in the calendar refers to: a calendar has at least one component (RFC 5545 §3.6), and
/// this one alone shows nobody anything.
const UTC: &str = "BEGIN:VTIMEZONE\r\nTZID:UTC\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n\
    TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";

/// The calendar of these deadlines. It is one that is shown, and no message of a scheduling method (RFC 5545 §3.7.2):
/// `DTSTAMP` is when the entry was last changed (§3.8.7.2).
pub(super) fn written(entries: &[FeedEntry]) -> String {
    let mut calendar = Calendar::empty();
    for (name, value) in [
        ("VERSION", "2.0"),
        ("PRODID", PRODUCT),
        ("CALSCALE", "GREGORIAN"),
        ("NAME", NAME),
        ("X-WR-CALNAME", NAME),
    ] {
        calendar.append_property(Property::new(name, value));
    }
    let mut refresh = Property::new("REFRESH-INTERVAL", REFRESH);
    calendar.append_property(refresh.add_parameter("VALUE", "DURATION").done());
    calendar.append_property(Property::new("X-PUBLISHED-TTL", REFRESH));
    for entry in entries {
        calendar.push(event(entry));
    }
    let mut calendar = calendar.to_string();
    if entries.is_empty() {
        calendar = calendar.replace(END, &format!("{UTC}{END}"));
    }
    folded(&calendar)
}

/// A whole day, free for other things, and nobody else's to see. It rings by itself nowhere: the warnings go out by
/// mail, and who wants more can say so in their calendar.
fn event(entry: &FeedEntry) -> Event {
    let status = if entry.runs { "CONFIRMED" } else { "CANCELLED" };
    let mut event = Event::new();
    let mut start = Property::new("DTSTART", date(entry.due));
    event.append_property(start.add_parameter("VALUE", "DATE").done());
    for (name, value) in [
        ("UID", entry.deadline.to_string()),
        ("SEQUENCE", entry.sequence.to_string()),
        ("DTSTAMP", instant(entry.changed_at)),
        ("LAST-MODIFIED", instant(entry.changed_at)),
        ("CREATED", instant(entry.begun_at)),
        ("SUMMARY", entry.summary()),
        ("STATUS", status.to_owned()),
        ("CLASS", "PRIVATE".to_owned()),
        ("TRANSP", "TRANSPARENT".to_owned()),
    ] {
        event.append_property(Property::new(name, value));
    }
    event
}

fn date(day: Date) -> String {
    day.strftime("%Y%m%d").to_string()
}

fn instant(at: Timestamp) -> String {
    let utc = at.to_zoned(TimeZone::UTC);
    utc.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Folds the lines of a calendar anew. What writes it leaves some last pieces of a line one octet too long.
fn folded(calendar: &str) -> String {
    let mut text = String::with_capacity(calendar.len());
    for line in calendar.replace("\r\n ", "").split_terminator("\r\n") {
        let mut room = LINE;
        for letter in line.chars() {
            if letter.len_utf8() > room {
                text.push_str("\r\n ");
                // The space counts.
                room = LINE - 1;
            }
            text.push(letter);
            room -= letter.len_utf8();
        }
        text.push_str("\r\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use unionhall_domain::{
        collective_agreements::{Duty, Side},
        grievances::{GrievanceNumber, Step},
        ids::Id,
    };

    use super::*;

    fn entry() -> FeedEntry {
        FeedEntry {
            deadline: Id::new(uuid::Uuid::from_u128(7)),
            number: GrievanceNumber::new(2026, 12).unwrap(),
            step: Step::Arbitration,
            side: Side::Employer,
            duty: Duty::ProvideInformation,
            due: date(2028, 2, 29),
            runs: true,
            sequence: 3,
            begun_at: "2026-11-21T10:00:00.123456Z".parse().unwrap(),
            changed_at: "2026-11-22T23:59:59.999Z".parse().unwrap(),
        }
    }

    #[test]
    fn a_calendar_is_what_the_standard_says_to_the_octet() {
        let ended = FeedEntry {
            deadline: Id::new(uuid::Uuid::from_u128(8)),
            runs: false,
            ..entry()
        };
        let calendar = written(&[entry(), ended]);
        insta::assert_snapshot!(calendar.replace("\r\n", "\n"));
    }

    #[test]
    fn a_calendar_of_nothing_has_a_component_all_the_same() {
        let calendar = written(&[]);
        insta::assert_snapshot!(calendar.replace("\r\n", "\n"));
    }

    #[test]
    fn no_line_is_too_long_whatever_its_length_and_letters_and_unfolding_gives_it_back() {
        for letter in ["x", " ", "é", "→", "😀"] {
            for length in 0..320 {
                let line = format!("SUMMARY:{}", letter.repeat(length));
                let text = folded(&format!("{line}\r\n"));
                assert_eq!(text.replace("\r\n ", ""), format!("{line}\r\n"));
                let longest = text.split("\r\n").map(str::len).max();
                assert!(longest <= Some(LINE), "{letter} {length}");
            }
        }
    }

    #[test]
    fn what_has_a_meaning_in_the_format_is_escaped() {
        let mut event = Event::new();
        event.append_property(Property::new("SUMMARY", "a,b;c\\d\ne\r\nEND:VCALENDAR"));
        event.append_property(Property::new("UID", "1"));
        event.append_property(Property::new("DTSTAMP", "20260101T000000Z"));
        let mut calendar = Calendar::empty();
        calendar.push(event);
        let text = folded(&calendar.to_string());
        let line = text
            .lines()
            .find(|line| line.starts_with("SUMMARY"))
            .unwrap();
        assert!(line.starts_with("SUMMARY:a\\,b\\;c\\\\d\\ne"), "{line}");
        assert_eq!(text.matches("END:VCALENDAR").count(), 2);
        assert_eq!(
            text.lines().filter(|line| *line == "END:VCALENDAR").count(),
            1
        );
    }
}
