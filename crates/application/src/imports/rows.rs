//! The rows of a file: read one by one, and checked as far as the file alone can tell.

use std::{collections::HashMap, rc::Rc};

use csv::StringRecord;
use jiff::civil::Date;
use unionhall_domain::{
    change::Change,
    invalid::{FieldError, Invalid},
    sheets::unguarded,
};

use super::{
    ImportError, Kind, MOST_ROWS, Sheet,
    columns::{Columns, Field},
    failed,
    report::{ImportReport, RowError},
    survey::Format,
    text::{END, Gauge, Text, explained},
};

/// The first row: what the columns are called.
#[derive(Debug)]
pub(super) struct Heading {
    /// The line it begins on.
    pub(super) line: u64,
    /// The headings.
    pub(super) cells: Vec<String>,
}

/// A row as it stands in the file.
pub(super) struct RawRow<'a> {
    /// The line it begins on.
    pub(super) line: u64,
    /// Its place among the rows, from 1.
    pub(super) record: u64,
    cells: &'a StringRecord,
}

/// The rows of a file, blank ones aside.
pub(super) struct Rows {
    reader: csv::Reader<Text>,
    gauge: Rc<Gauge>,
    heading: Heading,
    current: StringRecord,
    count: u64,
}

impl Rows {
    /// Opens a file and reads its headings.
    pub(super) fn open(sheet: &dyn Sheet, format: &Format) -> Result<Self, ImportError> {
        let text = Text::new(sheet.open().map_err(failed)?, format.encoding);
        let gauge = text.gauge();
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(format.delimiter)
            .from_reader(text);
        let mut rows = Self {
            reader,
            gauge,
            heading: Heading {
                line: 1,
                cells: Vec::new(),
            },
            current: StringRecord::new(),
            count: 0,
        };
        let line = rows
            .read()?
            .ok_or_else(|| ImportError::Unreadable("it holds no rows".to_owned()))?;
        rows.heading = Heading {
            line,
            cells: rows
                .current
                .iter()
                .map(|cell| cell.trim().to_owned())
                .collect(),
        };
        Ok(rows)
    }

    /// What the columns are called.
    pub(super) const fn heading(&self) -> &Heading {
        &self.heading
    }

    /// How many bytes of the file have been read.
    pub(super) fn bytes(&self) -> u64 {
        self.gauge.bytes()
    }

    /// The next row, if there is one.
    pub(super) fn advance(&mut self) -> Result<Option<RawRow<'_>>, ImportError> {
        let Some(line) = self.read()? else {
            return Ok(None);
        };
        self.count = self.count.saturating_add(1);
        if self.count > MOST_ROWS {
            return Err(ImportError::Unreadable(format!(
                "it has more than {MOST_ROWS} rows; bring it in in parts"
            )));
        }
        Ok(Some(RawRow {
            line,
            record: self.count,
            cells: &self.current,
        }))
    }

    /// Reads the next row that is not blank and tells the line it begins on.
    fn read(&mut self) -> Result<Option<u64>, ImportError> {
        loop {
            self.gauge.begin_row();
            let before = self.reader.position().line();
            match self.reader.read_record(&mut self.current) {
                Ok(true) => {}
                // The text's last line is missing: it lies inside the quotes of the row before.
                Ok(false) => return Err(open_quote(before)),
                Err(error) => return Err(misread(error, before)),
            }
            let mut cells = self.current.iter();
            if cells.next() == Some(END.encode_utf8(&mut [0; 4])) {
                return Ok(None);
            }
            let breaks: usize = self
                .current
                .iter()
                .map(|cell| cell.matches('\n').count())
                .sum();
            let breaks = u64::try_from(breaks).unwrap_or(u64::MAX);
            let after = self.reader.position().line();
            if self.current.iter().any(|cell| cell.ends_with(END)) {
                return Err(open_quote(after.saturating_sub(breaks)));
            }
            if self.current.iter().any(|cell| !cell.trim().is_empty()) {
                return Ok(Some(after.saturating_sub(breaks).saturating_sub(1)));
            }
        }
    }
}

fn open_quote(line: u64) -> ImportError {
    ImportError::Unreadable(format!(
        "a quote is opened in the row that begins on line {line} and never closed"
    ))
}

fn misread(error: csv::Error, line: u64) -> ImportError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => match explained(error) {
            ImportError::Unreadable(reason) => {
                ImportError::Unreadable(format!("{reason} (at or after line {line})"))
            }
            other => other,
        },
        other => ImportError::Unreadable(format!("{other:?}")),
    }
}

/// A row, and where it stands in the file.
#[derive(Debug)]
pub(crate) struct Placed<R> {
    /// The line it begins on.
    pub(crate) line: u64,
    /// Its place among the rows, from 1.
    pub(crate) record: u64,
    /// What it says.
    pub(crate) row: R,
}

/// Checks rows one after the other; it remembers their keys, and nothing else of them.
pub(super) struct Checker<K: Kind> {
    columns: Columns<K::Field>,
    today: Date,
    seen: HashMap<String, u64>,
}

impl<K: Kind> Checker<K> {
    /// A checker for rows under these headings; none when they will not do, which the report then says.
    pub(super) fn new(heading: &Heading, today: Date, report: &mut ImportReport) -> Option<Self> {
        Some(Self {
            columns: Columns::parse(heading, report)?,
            today,
            seen: HashMap::new(),
        })
    }

    /// The columns.
    pub(super) const fn columns(&self) -> &Columns<K::Field> {
        &self.columns
    }

    /// The row, or everything that is wrong with it.
    pub(super) fn check(&mut self, raw: &RawRow<'_>) -> Result<Placed<K::Row>, Vec<RowError>> {
        let (expected, found) = (self.columns.count(), raw.cells.len());
        if found != expected {
            let detail = format!("has {found} cells, and the row of headings has {expected}");
            return Err(vec![raw.error(
                None,
                None,
                Invalid::new("ragged_row", detail),
            )]);
        }
        let mut cells = Cells {
            columns: &self.columns,
            raw,
            errors: Vec::new(),
        };
        let row = K::read(&mut cells);
        let key = K::key(&cells);
        let mut errors = cells.errors;
        if let Some(row) = &row
            && let Err(wrong) = K::check(row, self.today)
        {
            errors.extend(placed(wrong, &self.columns, raw.line, raw.record));
        }
        if let Some(key) = key {
            self.once(key, raw, &mut errors);
        }
        match row {
            Some(row) if errors.is_empty() => Ok(Placed {
                line: raw.line,
                record: raw.record,
                row,
            }),
            Some(_) | None => Err(errors),
        }
    }

    /// Refuses a key that an earlier row has, be that row good or bad.
    fn once(&mut self, key: String, raw: &RawRow<'_>, errors: &mut Vec<RowError>) {
        match self.seen.get(&key) {
            None => {
                self.seen.insert(key, raw.line);
            }
            Some(earlier) => {
                let (field, detail) = K::twice(*earlier);
                let column = self.columns.heading(field);
                let invalid = Invalid::new("duplicate_row", detail);
                errors.push(raw.error(column, Some(field.as_str()), invalid));
            }
        }
    }
}

/// Wrong fields of a record as mistakes of the row they came from.
pub(super) fn placed<F: Field>(
    errors: Vec<FieldError>,
    columns: &Columns<F>,
    line: u64,
    record: u64,
) -> impl Iterator<Item = RowError> {
    errors.into_iter().map(move |error| {
        let field = F::on_the_wire(&error.field);
        let column = field.and_then(|field| columns.heading(field));
        RowError {
            line,
            record,
            column: column.map(str::to_owned),
            field: field.map(F::as_str),
            invalid: error.invalid,
        }
    })
}

impl RawRow<'_> {
    fn error(
        &self,
        column: Option<&str>,
        field: Option<&'static str>,
        invalid: Invalid,
    ) -> RowError {
        RowError {
            line: self.line,
            record: self.record,
            column: column.map(str::to_owned),
            field,
            invalid,
        }
    }
}

/// The cells of one row on their way to values; mistakes gather.
pub(crate) struct Cells<'a, F> {
    columns: &'a Columns<F>,
    raw: &'a RawRow<'a>,
    errors: Vec<RowError>,
}

impl<F: Field> Cells<'_, F> {
    /// The value of a cell that must hold one.
    pub(crate) fn needed<T>(
        &mut self,
        field: F,
        parse: fn(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        let text = self.text(field)?;
        if text.is_empty() {
            self.wrong(field, Invalid::new("blank", "must not be blank"));
            return None;
        }
        parse(text)
            .map_err(|invalid| self.wrong(field, invalid))
            .ok()
    }

    /// The value of a cell that may be empty: a column there is clears or sets, one there is not keeps.
    pub(crate) fn free<T>(
        &mut self,
        field: F,
        parse: fn(&str) -> Result<T, Invalid>,
    ) -> Change<Option<T>> {
        match self.text(field) {
            None => Change::Keep,
            Some("") => Change::Set(None),
            Some(text) => match parse(text) {
                Ok(value) => Change::Set(Some(value)),
                Err(invalid) => {
                    self.wrong(field, invalid);
                    Change::Keep
                }
            },
        }
    }

    /// The text of a cell, trimmed and as it was before an export marked it; none when there is no such column.
    pub(crate) fn text(&self, field: F) -> Option<&str> {
        let place = self.columns.place(field)?;
        // What an export has marked as text comes back as it was.
        let cell = self.raw.cells.get(place)?;
        Some(unguarded(cell.trim()))
    }

    /// The value of a cell that may be missing or empty and then says nothing; what is wrong with it gathers.
    pub(crate) fn told<T>(&mut self, field: F, parse: fn(&str) -> Result<T, Invalid>) -> Option<T> {
        match self.free(field, parse) {
            Change::Set(value) => value,
            Change::Keep => None,
        }
    }

    /// Notes that the cell of a field is wrong.
    pub(crate) fn wrong(&mut self, field: F, invalid: Invalid) {
        let column = self.columns.heading(field);
        let error = self.raw.error(column, Some(field.as_str()), invalid);
        self.errors.push(error);
    }
}
