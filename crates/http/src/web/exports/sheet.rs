//! A sheet on its way out: its columns, its cells, and the two kinds of file that it can be.

use std::io;

use jiff::{Timestamp, civil::Date};
use serde_json::Value;
use unionhall_domain::invalid::Invalid;

pub(super) use super::columns::{Columns, Kind};
use super::{csv::Csv, xlsx::Xlsx};

/// The content type of a workbook (ECMA-376).
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Format {
    /// Text, as RFC 4180 describes it.
    #[default]
    Csv,
    /// A workbook with one sheet.
    Xlsx,
}

impl Format {
    /// Every kind.
    pub(crate) const ALL: [Self; 2] = [Self::Csv, Self::Xlsx];

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub(crate) fn parse(text: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|format| format.ending() == text);
        known.ok_or_else(|| Invalid::new("unknown_value", "must be one of csv, xlsx"))
    }

    /// The name, which is the ending of the file's name as well.
    pub(crate) const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// The type of the answer.
    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Xlsx => XLSX,
        }
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// Nothing.
    Empty,
    /// A text, which no program may take for anything else.
    Text(String),
    /// A number, as it is written.
    Number(String),
    /// A day.
    Day(Date),
    /// An instant.
    Instant(Timestamp),
    /// Yes or no.
    Flag(bool),
}

impl Cell {
    /// The cell of a value under a column.
    pub(super) fn of(value: Option<&Value>, kind: Kind) -> Self {
        match value {
            None | Some(Value::Null) => Self::Empty,
            Some(Value::Bool(flag)) => Self::Flag(*flag),
            Some(Value::Number(number)) => Self::Number(number.to_string()),
            Some(Value::String(text)) => Self::of_text(text, kind),
            Some(other @ (Value::Array(_) | Value::Object(_))) => Self::Text(told(other)),
        }
    }

    fn of_text(text: &str, kind: Kind) -> Self {
        let typed = match kind {
            Kind::Text => None,
            Kind::Day => text.parse().ok().map(Self::Day),
            Kind::Instant => text.parse().ok().map(Self::Instant),
            Kind::Amount => is_amount(text).then(|| Self::Number(text.to_owned())),
        };
        typed.unwrap_or_else(|| Self::Text(text.to_owned()))
    }
}

/// Whether a text is a number with a point and nothing else, so that it cannot be a formula.
fn is_amount(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    all_digits(whole) && all_digits(rest)
}

/// A list or an object in one text: `role: staff; role: member`.
fn told(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(told).collect::<Vec<_>>().join("; "),
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| {
                (!value.is_null()).then(|| format!("{name}: {}", told(value)))
            };
            fields
                .iter()
                .filter_map(field)
                .collect::<Vec<_>>()
                .join(", ")
        }
    }
}

/// A sheet of one of the kinds, and what of it has been written and not been taken.
pub(super) struct Sheet {
    columns: Columns,
    file: File,
}

enum File {
    Csv(Csv),
    Xlsx(Box<Xlsx>),
}

impl Sheet {
    /// An empty sheet.
    pub(super) fn new(format: Format, columns: Columns) -> Self {
        let file = match format {
            Format::Csv => File::Csv(Csv::default()),
            Format::Xlsx => File::Xlsx(Box::new(Xlsx::new())),
        };
        Self { columns, file }
    }

    /// Writes what comes before the rows, the headings included.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn head(&mut self) -> io::Result<()> {
        let headings = self.columns.headings();
        match &mut self.file {
            File::Csv(csv) => csv.head(headings),
            File::Xlsx(xlsx) => xlsx.head(headings),
        }
    }

    /// Writes rows.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn rows(&mut self, rows: &[Value]) -> io::Result<()> {
        for row in rows {
            let cells = self.columns.cells(row);
            match &mut self.file {
                File::Csv(csv) => csv.row(cells)?,
                File::Xlsx(xlsx) => xlsx.row(cells)?,
            }
        }
        Ok(())
    }

    /// Writes what comes behind the rows.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn foot(&mut self) -> io::Result<()> {
        match &mut self.file {
            File::Csv(_) => Ok(()),
            File::Xlsx(xlsx) => xlsx.foot(),
        }
    }

    /// What was written since this was last asked.
    pub(super) fn taken(&mut self) -> Vec<u8> {
        match &mut self.file {
            File::Csv(csv) => csv.taken(),
            File::Xlsx(xlsx) => xlsx.taken(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_cell_is_what_its_column_says_and_a_text_when_it_is_not() {
        let day = Cell::Day(jiff::civil::date(2026, 11, 21));
        assert_eq!(Cell::of(Some(&json!("2026-11-21")), Kind::Day), day);
        let text = |text: &str| Cell::Text(text.to_owned());
        assert_eq!(Cell::of(Some(&json!("soon")), Kind::Day), text("soon"));
        assert_eq!(
            Cell::of(Some(&json!("1250.00")), Kind::Text),
            text("1250.00")
        );
        let amount = Cell::Number("1250.00".to_owned());
        assert_eq!(Cell::of(Some(&json!("1250.00")), Kind::Amount), amount);
        assert_eq!(Cell::of(Some(&json!("-1+1")), Kind::Amount), text("-1+1"));
        assert_eq!(Cell::of(Some(&json!(null)), Kind::Text), Cell::Empty);
        assert_eq!(Cell::of(None, Kind::Text), Cell::Empty);
    }

    #[test]
    fn lists_and_objects_are_told_in_one_text() {
        let roles = json!([{"role": "staff", "expires_at": null}, {"role": "member"}]);
        let cell = Cell::of(Some(&roles), Kind::Text);
        assert_eq!(cell, Cell::Text("role: staff; role: member".to_owned()));
    }
}
