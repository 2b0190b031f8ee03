//! The fields of a body: each read on its own, so that every wrong one is told at once.

use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::{Map, Value};
use unionhall_domain::{
    change::Change,
    invalid::{FieldError, Invalid},
};

use super::problem::Problem;

/// A field of a body before it is understood.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum Input {
    /// Not named.
    #[default]
    Absent,
    /// Named, with this value.
    Present(Value),
}

impl<'de> Deserialize<'de> for Input {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::Present)
    }
}

/// Fields that a body named and that mean nothing here.
pub(crate) type Unknown = Map<String, Value>;

/// Reads fields and gathers what is wrong with them.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    errors: Vec<FieldError>,
}

impl Reader {
    /// A reader for a body that named these fields nobody knows.
    pub(crate) fn new(unknown: &Unknown) -> Self {
        let mut reader = Self::default();
        reader.refuse(unknown);
        reader
    }

    /// Says of fields that nobody knows them.
    pub(crate) fn refuse(&mut self, unknown: &Unknown) {
        for name in unknown.keys() {
            self.errors.push(FieldError {
                field: pointer_token(name).into(),
                invalid: Invalid::new("unknown_field", "there is no such field"),
            });
        }
    }

    /// A list of objects that must be there, with at most so many of them; `read` is given each of them and a reader
    /// for its fields.
    pub(crate) fn objects<B: DeserializeOwned, T>(
        &mut self,
        name: &'static str,
        input: Input,
        most: usize,
        mut read: impl FnMut(B, &mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        let items = match input {
            Input::Absent | Input::Present(Value::Null) => return self.missing(name),
            Input::Present(Value::Array(items)) => items,
            Input::Present(_) => {
                self.wrong(name, Invalid::new("wrong_type", "must be a list"));
                return None;
            }
        };
        if items.len() > most {
            let detail = format!("must be at most {most}");
            self.wrong(name, Invalid::new("too_many", detail));
            return None;
        }
        let mut objects = Vec::new();
        for (index, item) in items.into_iter().enumerate() {
            match serde_json::from_value(item) {
                Ok(body) => {
                    let mut within = Self::default();
                    objects.extend(read(body, &mut within));
                    let placed = within.errors.into_iter().map(|error| FieldError {
                        field: format!("{name}/{index}/{}", error.field).into(),
                        ..error
                    });
                    self.errors.extend(placed);
                }
                Err(_) => self.errors.push(FieldError {
                    field: format!("{name}/{index}").into(),
                    invalid: Invalid::new("wrong_type", "must be an object"),
                }),
            }
        }
        Some(objects)
    }

    /// A field that must be there.
    pub(crate) fn required<T>(
        &mut self,
        name: &'static str,
        input: Input,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        match input {
            Input::Absent | Input::Present(Value::Null) => self.missing(name),
            Input::Present(value) => self.value(name, &value, parse),
        }
    }

    /// A field that may be absent or null.
    pub(crate) fn optional<T>(
        &mut self,
        name: &'static str,
        input: Input,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        match input {
            Input::Absent | Input::Present(Value::Null) => None,
            Input::Present(value) => self.value(name, &value, parse),
        }
    }

    /// A field that is true or false, and false when absent.
    pub(crate) fn truth(&mut self, name: &'static str, input: Input) -> bool {
        match input {
            Input::Absent | Input::Present(Value::Null) => false,
            Input::Present(Value::Bool(value)) => value,
            Input::Present(_) => {
                self.wrong(name, Invalid::new("wrong_type", "must be true or false"));
                false
            }
        }
    }

    /// A field that is true or false; it is kept when absent, and cannot be cleared.
    pub(crate) fn changed_truth(&mut self, name: &'static str, input: Input) -> Change<bool> {
        match input {
            Input::Absent => Change::Keep,
            Input::Present(Value::Bool(value)) => Change::Set(value),
            Input::Present(Value::Null) => {
                self.wrong(name, Invalid::new("required", "cannot be cleared"));
                Change::Keep
            }
            Input::Present(_) => {
                self.wrong(name, Invalid::new("wrong_type", "must be true or false"));
                Change::Keep
            }
        }
    }

    /// A whole number that may be absent or null.
    pub(crate) fn whole_number<T>(
        &mut self,
        name: &'static str,
        input: Input,
        parse: impl FnOnce(i64) -> Result<T, Invalid>,
    ) -> Option<T> {
        let parsed = match input {
            Input::Absent | Input::Present(Value::Null) => return None,
            Input::Present(value) => value
                .as_i64()
                .ok_or_else(|| Invalid::new("wrong_type", "must be a whole number"))
                .and_then(parse),
        };
        parsed
            .map_err(|invalid| self.errors.push(invalid.at(name)))
            .ok()
    }

    /// A whole number that is kept when absent, and cannot be cleared.
    pub(crate) fn changed_number<T>(
        &mut self,
        name: &'static str,
        input: Input,
        parse: impl FnOnce(i64) -> Result<T, Invalid>,
    ) -> Change<T> {
        match input {
            Input::Absent => Change::Keep,
            Input::Present(Value::Null) => {
                self.wrong(name, Invalid::new("required", "cannot be cleared"));
                Change::Keep
            }
            Input::Present(_) => self
                .whole_number(name, input, parse)
                .map_or(Change::Keep, Change::Set),
        }
    }

    /// A whole number that is kept when absent and cleared by null.
    pub(crate) fn clearable_number<T>(
        &mut self,
        name: &'static str,
        input: Input,
        parse: impl FnOnce(i64) -> Result<T, Invalid>,
    ) -> Change<Option<T>> {
        match input {
            Input::Absent => Change::Keep,
            Input::Present(Value::Null) => Change::Set(None),
            Input::Present(_) => self
                .whole_number(name, input, parse)
                .map_or(Change::Keep, |value| Change::Set(Some(value))),
        }
    }

    /// A field that is kept when absent, and cannot be cleared.
    pub(crate) fn change<T>(
        &mut self,
        name: &'static str,
        input: Input,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Change<T> {
        match input {
            Input::Absent => Change::Keep,
            Input::Present(Value::Null) => {
                let invalid = Invalid::new("required", "cannot be cleared");
                self.errors.push(invalid.at(name));
                Change::Keep
            }
            Input::Present(value) => self
                .value(name, &value, parse)
                .map_or(Change::Keep, Change::Set),
        }
    }

    /// A field that is kept when absent and cleared by null.
    pub(crate) fn clearable<T>(
        &mut self,
        name: &'static str,
        input: Input,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Change<Option<T>> {
        match input {
            Input::Absent => Change::Keep,
            Input::Present(Value::Null) => Change::Set(None),
            Input::Present(value) => self
                .value(name, &value, parse)
                .map_or(Change::Keep, |value| Change::Set(Some(value))),
        }
    }

    /// A field that is kept when absent, and else is a list of at most `most` texts; it cannot be cleared by null.
    pub(crate) fn changed_list<T>(
        &mut self,
        name: &'static str,
        input: Input,
        most: usize,
        parse: impl Fn(&str) -> Result<T, Invalid>,
    ) -> Change<Vec<T>> {
        let values = match input {
            Input::Absent => return Change::Keep,
            Input::Present(Value::Array(values)) if values.len() <= most => values,
            Input::Present(Value::Array(_)) => {
                let detail = format!("must be at most {most}");
                self.wrong(name, Invalid::new("too_many", detail));
                return Change::Keep;
            }
            Input::Present(Value::Null) => {
                self.wrong(name, Invalid::new("required", "cannot be cleared"));
                return Change::Keep;
            }
            Input::Present(_) => {
                self.wrong(name, Invalid::new("wrong_type", "must be a list"));
                return Change::Keep;
            }
        };
        let read = |value: &Value| self.value(name, value, &parse);
        let read: Option<Vec<T>> = values.iter().map(read).collect();
        read.map_or(Change::Keep, Change::Set)
    }

    /// Adds an error that does not come from one field's text.
    pub(crate) fn wrong(&mut self, name: &'static str, invalid: Invalid) {
        self.errors.push(invalid.at(name));
    }

    /// The command, if nothing was wrong: `build` is given what the fields said.
    pub(crate) fn finish<T>(self, command: Option<T>) -> Result<T, Problem> {
        match command {
            Some(command) if self.errors.is_empty() => Ok(command),
            Some(_) | None => Err(Problem::fields(self.errors)),
        }
    }

    fn missing<T>(&mut self, name: &'static str) -> Option<T> {
        let invalid = Invalid::new("required", "must be given");
        self.errors.push(invalid.at(name));
        None
    }

    fn value<T>(
        &mut self,
        name: &'static str,
        value: &Value,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        let parsed = match value {
            Value::String(text) => parse(text),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Array(_)
            | Value::Object(_) => Err(Invalid::new("wrong_type", "must be a string")),
        };
        parsed
            .map_err(|invalid| self.errors.push(invalid.at(name)))
            .ok()
    }
}

/// A field's name as a part of a JSON pointer (RFC 6901 §3), cut so that an answer stays small.
fn pointer_token(name: &str) -> String {
    let short: String = name.chars().take(100).collect();
    short.replace('~', "~0").replace('/', "~1")
}

/// A calendar date, `YYYY-MM-DD` (RFC 3339 full-date), of the years 1 to 9999.
pub(crate) fn date(text: &str) -> Result<jiff::civil::Date, Invalid> {
    let wrong = || Invalid::new("not_a_date", "must be a date like 2026-11-21");
    let day: jiff::civil::Date = text.parse().map_err(|_| wrong())?;
    if day.to_string() == text && day.year() > 0 {
        Ok(day)
    } else {
        Err(wrong())
    }
}

/// An instant (RFC 3339 date-time) of the years 1 to 9999.
pub(crate) fn instant(text: &str) -> Result<jiff::Timestamp, Invalid> {
    let wrong = || Invalid::new("not_an_instant", "must be a time like 2026-11-21T08:00:00Z");
    let at: jiff::Timestamp = text.parse().map_err(|_| wrong())?;
    if at.to_zoned(jiff::tz::TimeZone::UTC).year() > 0 {
        Ok(at)
    } else {
        Err(wrong())
    }
}

#[cfg(test)]
mod tests {
    use unionhall_domain::text::Line;

    use super::*;

    fn input(value: Value) -> Input {
        Input::Present(value)
    }

    #[test]
    fn days_and_instants_are_of_years_that_are_written_with_four_digits() {
        for written in ["0001-01-01", "2026-11-21", "9999-12-31"] {
            assert_eq!(date(written).unwrap().to_string(), written);
        }
        for wrong in ["0000-12-31", "-005000-01-01", "2026-2-3", "20261121", ""] {
            assert_eq!(date(wrong).unwrap_err().code, "not_a_date", "{wrong}");
        }
        assert!(instant("0001-01-01T00:00:00Z").is_ok());
        for wrong in ["-005000-01-01T00:00:00Z", "0000-12-31T23:59:59Z", "soon"] {
            assert_eq!(
                instant(wrong).unwrap_err().code,
                "not_an_instant",
                "{wrong}"
            );
        }
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let mut unknown = Unknown::new();
        unknown.insert("shoe/size".to_owned(), Value::Null);
        let mut reader = Reader::new(&unknown);
        reader.required("a", Input::Absent, Line::<5>::parse);
        reader.required("b", input(Value::from(7)), Line::<5>::parse);
        reader.optional("c", input(Value::from("too long")), Line::<5>::parse);
        reader.change("d", input(Value::Null), Line::<5>::parse);
        let told: Vec<_> = reader
            .errors
            .iter()
            .map(|error| (error.field.as_ref(), error.invalid.code))
            .collect();
        assert_eq!(
            told,
            [
                ("shoe~1size", "unknown_field"),
                ("a", "required"),
                ("b", "wrong_type"),
                ("c", "too_long"),
                ("d", "required"),
            ]
        );
        assert!(reader.finish(Some(())).is_err());
    }

    #[test]
    fn null_clears_and_absence_keeps() {
        let mut reader = Reader::default();
        assert_eq!(
            reader.clearable("a", Input::Absent, Line::<5>::parse),
            Change::Keep
        );
        assert_eq!(
            reader.clearable("a", input(Value::Null), Line::<5>::parse),
            Change::Set(None)
        );
        assert!(reader.finish(Some(())).is_ok());
    }

    #[test]
    fn only_full_dates_are_dates() {
        assert!(date("2026-11-21").is_ok());
        for text in [
            "2026-11-31",
            "20261121",
            "2026-11-21T00:00",
            "11/21/2026",
            "",
        ] {
            assert!(date(text).is_err(), "{text}");
        }
    }
}
