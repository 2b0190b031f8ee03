//! What can be done to a holiday calendar.

use serde::Deserialize;
use serde_json::Value;
use unionhall_domain::{
    change::Change,
    holidays::{CalendarEdit, CalendarEditKind, MOST_HOLIDAYS, WorkingWeek, parse_weekday},
    invalid::Invalid,
    text::Line,
};
use utoipa::ToSchema;

use super::super::choices::{CalendarEditName, WeekdayName};
use crate::web::{
    fields::{Input, Reader, Unknown, date},
    problem::Problem,
};

/// Edits of a calendar, in their order.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = EditHolidayCalendar,
    example = json!({"edits": [
        {"action": "add", "date": "2026-11-27", "name": "Day after Thanksgiving"},
        {"action": "remove", "date": "2026-10-12"},
        {"action": "week", "working_days": ["monday", "tuesday", "wednesday", "thursday"]}
    ]})
)]
pub(super) struct EditCalendarBody {
    /// The edits: together they make the next version.
    #[serde(default)]
    #[schema(value_type = Vec<CalendarEditBody>, required = true, min_items = 1, max_items = 120)]
    edits: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// One edit.
#[derive(Deserialize, ToSchema)]
#[schema(as = HolidayCalendarEdit)]
pub(super) struct CalendarEditBody {
    /// What is done: a day becomes a holiday, a day is a holiday no more, or other weekdays are worked.
    #[serde(default)]
    #[schema(value_type = CalendarEditName, required = true)]
    action: Input,
    /// The day, to add or to remove: the one that is off.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    date: Input,
    /// What the holiday is called, to add.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100, pattern = r"\S")]
    name: Input,
    /// The weekdays that are worked.
    #[serde(default)]
    #[schema(value_type = Vec<WeekdayName>, min_items = 1, max_items = 7)]
    working_days: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl EditCalendarBody {
    /// The edits, or every field that is wrong.
    pub(super) fn command(self) -> Result<Vec<CalendarEdit>, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let nothing =
            matches!(&self.edits, Input::Present(Value::Array(edits)) if edits.is_empty());
        let edits = reader.objects("edits", self.edits, MOST_HOLIDAYS, CalendarEditBody::read);
        if nothing {
            reader.wrong("edits", Invalid::new("missing", "must be at least one"));
        }
        reader.finish(edits)
    }
}

impl CalendarEditBody {
    fn read(self, reader: &mut Reader) -> Option<CalendarEdit> {
        reader.refuse(&self.unknown);
        match reader.required("action", self.action, CalendarEditKind::parse)? {
            CalendarEditKind::Add => {
                let date = reader.required("date", self.date, date);
                let name = reader.required("name", self.name, Line::parse);
                let (date, name) = date.zip(name)?;
                Some(CalendarEdit::Add { date, name })
            }
            CalendarEditKind::Remove => {
                let date = reader.required("date", self.date, date)?;
                Some(CalendarEdit::Remove { date })
            }
            CalendarEditKind::Week => week(reader, self.working_days),
        }
    }
}

fn week(reader: &mut Reader, days: Input) -> Option<CalendarEdit> {
    match reader.changed_list("working_days", days, 7, parse_weekday) {
        Change::Keep => {
            reader.wrong("working_days", Invalid::new("required", "must be given"));
            None
        }
        Change::Set(days) => WorkingWeek::of(&days)
            .map(CalendarEdit::Week)
            .map_err(|invalid| reader.wrong("working_days", invalid))
            .ok(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil;
    use serde_json::json;

    use super::*;
    use crate::web::problem::tests::told;

    fn edits(edits: Value) -> Result<Vec<CalendarEdit>, Problem> {
        serde_json::from_value::<EditCalendarBody>(json!({ "edits": edits }))
            .unwrap()
            .command()
    }

    #[test]
    fn each_edit_is_read() {
        let read = edits(json!([
            {"action": "add", "date": "2026-11-27", "name": "Day after Thanksgiving"},
            {"action": "remove", "date": "2026-10-12"},
            {"action": "week", "working_days": ["monday"]}
        ]));
        let expected = [
            CalendarEdit::Add {
                date: civil::date(2026, 11, 27),
                name: Line::parse("Day after Thanksgiving").unwrap(),
            },
            CalendarEdit::Remove {
                date: civil::date(2026, 10, 12),
            },
            CalendarEdit::Week(WorkingWeek::of(&[civil::Weekday::Monday]).unwrap()),
        ];
        assert_eq!(read.unwrap(), expected);
    }

    #[test]
    fn every_wrong_edit_is_told_at_its_place() {
        assert_eq!(told(edits(json!([]))), ["/edits missing"]);
        let wrong = edits(json!([
            {"action": "move"}, {"action": "add"}, {"action": "remove", "date": "tomorrow"},
            {"action": "week", "working_days": []}
        ]));
        assert_eq!(
            told(wrong),
            [
                "/edits/0/action unknown_value",
                "/edits/1/date required",
                "/edits/1/name required",
                "/edits/2/date not_a_date",
                "/edits/3/working_days no_working_day"
            ]
        );
    }
}
