//! The rows of a roster: read one by one, and checked as far as the file alone can tell.

use std::{collections::HashMap, rc::Rc};

use csv::StringRecord;
use jiff::civil::Date;
use unionhall_domain::{
    change::Change,
    invalid::{FieldError, Invalid},
    members::{MemberChange, MemberClassification, MemberDetails, MemberNumber, MemberStatus},
    sheets::unguarded,
    text::{Line, Prose},
    users::EmailAddress,
};

use super::{
    ImportError, MOST_ROWS, Roster,
    columns::{Columns, Field},
    failed,
    report::{ImportReport, RowError},
    survey::Format,
    text::{END, Gauge, Text, explained},
    values,
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
    pub(super) fn open(roster: &dyn Roster, format: &Format) -> Result<Self, ImportError> {
        let text = Text::new(roster.open().map_err(failed)?, format.encoding);
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

/// A row that is right as far as the file alone can tell.
#[derive(Debug)]
pub(super) struct Row {
    /// The line it begins on.
    pub(super) line: u64,
    /// Its place among the rows, from 1.
    pub(super) record: u64,
    /// Whose it is.
    pub(super) number: MemberNumber,
    first_name: Line<100>,
    last_name: Line<100>,
    classification: MemberClassification,
    rest: MemberChange,
}

impl Row {
    /// The row as a new member: active, unless the row says otherwise.
    pub(super) fn as_new(&self) -> MemberDetails {
        let bare = MemberDetails {
            member_number: self.number.clone(),
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            middle_name: None,
            address: None,
            city: None,
            state: None,
            zip_code: None,
            phone: None,
            email: None,
            date_of_birth: None,
            hire_date: None,
            status: MemberStatus::Active,
            classification: self.classification,
            notes: None,
        };
        bare.changed(self.rest.clone())
    }

    /// The row over what is known of a member: a column that the file lacks keeps what there is.
    pub(super) fn over(&self, known: MemberDetails) -> MemberDetails {
        known.changed(MemberChange {
            first_name: Change::Set(self.first_name.clone()),
            last_name: Change::Set(self.last_name.clone()),
            classification: Change::Set(self.classification),
            ..self.rest.clone()
        })
    }
}

/// Checks rows one after the other; it remembers their numbers, and nothing else of them.
pub(super) struct Checker {
    columns: Columns,
    today: Date,
    seen: HashMap<MemberNumber, u64>,
}

impl Checker {
    /// A checker for rows under these headings; none when they will not do, which the report then says.
    pub(super) fn new(heading: &Heading, today: Date, report: &mut ImportReport) -> Option<Self> {
        Some(Self {
            columns: Columns::parse(heading, report)?,
            today,
            seen: HashMap::new(),
        })
    }

    /// The columns.
    pub(super) const fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The row, or everything that is wrong with it.
    pub(super) fn check(&mut self, raw: &RawRow<'_>) -> Result<Row, Vec<RowError>> {
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
        let row = cells.row();
        let mut errors = cells.errors;
        if let Some(row) = &row
            && let Err(wrong) = row.as_new().check(self.today)
        {
            errors.extend(placed(wrong, &self.columns, raw.line, raw.record));
        }
        self.once(raw, &mut errors);
        match row {
            Some(row) if errors.is_empty() => Ok(row),
            Some(_) | None => Err(errors),
        }
    }

    /// Refuses a number that an earlier row has, be that row good or bad.
    fn once(&mut self, raw: &RawRow<'_>, errors: &mut Vec<RowError>) {
        let place = self.columns.place(Field::MemberNumber);
        let cell = place.and_then(|place| raw.cells.get(place));
        let Some(Ok(number)) = cell.map(MemberNumber::parse) else {
            return;
        };
        match self.seen.get(&number) {
            None => {
                self.seen.insert(number, raw.line);
            }
            Some(earlier) => {
                let detail = format!("is the number of the row on line {earlier} too");
                let column = self.columns.heading(Field::MemberNumber);
                let invalid = Invalid::new("duplicate_row", detail);
                errors.push(raw.error(column, Some("member_number"), invalid));
            }
        }
    }
}

/// Wrong fields of a member as mistakes of the row they came from.
pub(super) fn placed(
    errors: Vec<FieldError>,
    columns: &Columns,
    line: u64,
    record: u64,
) -> impl Iterator<Item = RowError> {
    errors.into_iter().map(move |error| {
        let field = Field::on_the_wire(&error.field);
        let column = field.and_then(|field| columns.heading(field));
        RowError {
            line,
            record,
            column: column.map(str::to_owned),
            field: field.map(Field::as_str),
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
struct Cells<'a> {
    columns: &'a Columns,
    raw: &'a RawRow<'a>,
    errors: Vec<RowError>,
}

impl Cells<'_> {
    /// Every value of the row; none when one that is needed is wrong.
    fn row(&mut self) -> Option<Row> {
        let number = self.needed(Field::MemberNumber, MemberNumber::parse);
        let first_name = self.needed(Field::FirstName, values::line);
        let last_name = self.needed(Field::LastName, values::line);
        let classification = self.needed(Field::Classification, values::classification);
        let rest = MemberChange {
            middle_name: self.free(Field::MiddleName, values::line),
            address: self.free(Field::Address, values::address),
            city: self.free(Field::City, values::line),
            state: self.free(Field::State, values::line),
            zip_code: self.free(Field::ZipCode, values::line),
            phone: self.free(Field::Phone, values::line),
            email: self.free(Field::Email, EmailAddress::parse),
            date_of_birth: self.free(Field::DateOfBirth, values::date),
            hire_date: self.free(Field::HireDate, values::date),
            status: match self.free(Field::Status, values::status) {
                Change::Set(Some(status)) => Change::Set(status),
                Change::Set(None) | Change::Keep => Change::Keep,
            },
            notes: self.free(Field::Notes, Prose::parse),
            ..MemberChange::default()
        };
        Some(Row {
            line: self.raw.line,
            record: self.raw.record,
            number: number?,
            first_name: first_name?,
            last_name: last_name?,
            classification: classification?,
            rest,
        })
    }

    /// The value of a cell that must hold one.
    fn needed<T>(&mut self, field: Field, parse: fn(&str) -> Result<T, Invalid>) -> Option<T> {
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
    fn free<T>(
        &mut self,
        field: Field,
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

    fn text(&self, field: Field) -> Option<&str> {
        let place = self.columns.place(field)?;
        // What an export has marked as text comes back as it was.
        let cell = self.raw.cells.get(place)?;
        Some(unguarded(cell.trim()))
    }

    fn wrong(&mut self, field: Field, invalid: Invalid) {
        let column = self.columns.heading(field);
        let error = self.raw.error(column, Some(field.as_str()), invalid);
        self.errors.push(error);
    }
}
