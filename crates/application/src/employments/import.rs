//! Bringing jobs of members in from a CSV file.
//!
//! A row names the member by number and the organization by its id or its name. A row with a known id, or with the first
//! day of a job that the member has there, changes that job; any other adds one. Nobody gets more jobs at once than the
//! tenant allows: of one batch, jobs that end are ended before others begin.

mod columns;
mod looking;
mod writing;

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use unionhall_domain::{
    change::Change as Wanted,
    employments::{EmploymentChange, EmploymentDetails, EmploymentId, Period},
    invalid::{FieldError, Invalid},
    members::MemberNumber,
    money::Amount,
    text::Line,
};

use self::columns::Field;
use super::Employments;
use crate::{
    call::Call,
    core::Change,
    imports::{
        Cells, ImportError, ImportOptions, ImportProgress, ImportReport, Kind, Placed, Sheet,
        Tally, bring_in,
        columns::bare,
        places::Place,
        values::{amount, date, id, line, listed},
    },
    permissions::Permission,
};

impl Employments {
    /// Brings jobs in: a row with a known id, or with the first day of a job that the member has at the organization,
    /// changes that job, any other adds one.
    ///
    /// Everything is written in one transaction. When any row is bad, nothing is, unless the options say to skip bad
    /// rows. An unusual rate is a warning of the report.
    ///
    /// # Errors
    /// [`ImportError`]; then nothing is kept.
    pub fn import(
        &self,
        call: &Call,
        sheet: &dyn Sheet,
        options: ImportOptions,
        progress: &dyn Fn(ImportProgress),
    ) -> Result<ImportReport, ImportError> {
        call.actor.require(Permission::MembersWrite)?;
        let kind = Jobs::default();
        bring_in((&self.core, call), sheet, options, progress, kind)
    }
}

/// Files that list jobs, and what is known of one so far.
#[derive(Default)]
struct Jobs {
    /// The jobs that it has named, and on which line.
    named: HashMap<EmploymentId, u64>,
    /// The members with a bad row that may have changed one of their jobs.
    spoiled: HashSet<MemberNumber>,
}

/// What a row says of a job.
#[derive(Debug)]
struct Row {
    id: Option<EmploymentId>,
    number: MemberNumber,
    place: Place,
    start: Date,
    end: Wanted<Option<Date>>,
    job_title: Wanted<Option<Line<100>>>,
    hourly_rate: Wanted<Option<Amount>>,
}

impl Row {
    /// The row as a new job.
    fn as_new(&self) -> Result<EmploymentDetails, FieldError> {
        let period = Period::new(self.start, None).map_err(|invalid| invalid.at("start_date"))?;
        self.over(EmploymentDetails {
            period,
            job_title: None,
            hourly_rate: None,
        })
    }

    /// The row over what is known of a job: a column that the file lacks keeps what there is.
    fn over(&self, known: EmploymentDetails) -> Result<EmploymentDetails, FieldError> {
        known.changed(EmploymentChange {
            start_date: Wanted::Set(self.start),
            end_date: self.end.clone(),
            job_title: self.job_title.clone(),
            hourly_rate: self.hourly_rate.clone(),
        })
    }
}

/// A last day; none is known where a cell says that the job goes on.
fn last_day(text: &str) -> Result<Option<Date>, Invalid> {
    if listed(
        "present current now ongoing todate open none na",
        &bare(text),
    ) || text == "-"
    {
        return Ok(None);
    }
    date(text).map(Some)
}

impl Kind for Jobs {
    type Field = Field;
    type Row = Row;

    fn read(cells: &mut Cells<'_, Field>) -> Option<Row> {
        let number = cells.needed(Field::MemberNumber, MemberNumber::parse);
        let place = Place::read(cells, Field::OrganizationId, Field::OrganizationName);
        let start = cells.needed(Field::StartDate, date);
        let row = Row {
            id: cells.told(Field::Id, id),
            end: match cells.free(Field::EndDate, last_day) {
                Wanted::Set(last) => Wanted::Set(last.flatten()),
                Wanted::Keep => Wanted::Keep,
            },
            job_title: cells.free(Field::JobTitle, line),
            hourly_rate: cells.free(Field::HourlyRate, amount),
            number: number?,
            place: place?,
            start: start?,
        };
        Some(row)
    }

    fn check(row: &Row, today: Date) -> Result<(), Vec<FieldError>> {
        row.as_new().map_err(|error| vec![error])?.check(today)
    }

    fn key(cells: &Cells<'_, Field>) -> Option<String> {
        match cells.text(Field::Id).filter(|id| !id.is_empty()) {
            Some(id) => Some(id.to_lowercase()),
            None => {
                let number = MemberNumber::parse(cells.text(Field::MemberNumber)?).ok()?;
                let start = date(cells.text(Field::StartDate)?).ok()?;
                let place = Place::key(cells, Field::OrganizationId, Field::OrganizationName);
                Some(format!("{number}\t{place}\t{start}"))
            }
        }
    }

    fn twice(earlier: u64) -> (Field, String) {
        let detail = format!("is the job of the row on line {earlier} too");
        (Field::StartDate, detail)
    }

    fn write(
        &mut self,
        change: &mut Change<'_>,
        rows: Vec<Placed<Row>>,
        tally: &mut Tally<'_, Field>,
    ) -> Result<(), ImportError> {
        self.write_batch(change, &rows, tally)
    }
}

#[cfg(test)]
mod tests;
