//! Bringing a hall's roster in from a CSV file: a row whose number is known changes that member, any other adds one.

mod columns;
mod rows;
mod values;
mod writing;

#[cfg(test)]
mod tests;

use jiff::civil::Date;
use unionhall_domain::{invalid::FieldError, members::MemberNumber};

use self::{columns::Field, rows::Row};
use super::Members;
use crate::{
    call::Call,
    core::Change,
    imports::{
        Cells, ImportError, ImportOptions, ImportProgress, ImportReport, Kind, Placed, Sheet,
        Tally, bring_in,
    },
    permissions::Permission,
};

impl Members {
    /// Brings a roster in: a row whose number is known changes that member, any other adds one.
    ///
    /// Everything is written in one transaction. When any row is bad, nothing is, unless the options
    /// say to skip bad rows.
    ///
    /// # Errors
    /// [`ImportError`]; then nothing is kept.
    pub fn import(
        &self,
        call: &Call,
        roster: &dyn Sheet,
        options: ImportOptions,
        progress: &dyn Fn(ImportProgress),
    ) -> Result<ImportReport, ImportError> {
        call.actor.require(Permission::MembersImport)?;
        bring_in((&self.core, call), roster, options, progress, Roster)
    }
}

/// Files that list members.
struct Roster;

impl Kind for Roster {
    type Field = Field;
    type Row = Row;

    fn read(cells: &mut Cells<'_, Field>) -> Option<Row> {
        Row::read(cells)
    }

    fn check(row: &Row, today: Date) -> Result<(), Vec<FieldError>> {
        row.as_new().check(today)
    }

    fn key(cells: &Cells<'_, Field>) -> Option<String> {
        let number = MemberNumber::parse(cells.text(Field::MemberNumber)?);
        number.ok().map(|number| number.to_string())
    }

    fn twice(earlier: u64) -> (Field, String) {
        let detail = format!("is the number of the row on line {earlier} too");
        (Field::MemberNumber, detail)
    }

    fn write(
        &mut self,
        change: &mut Change<'_>,
        rows: Vec<Placed<Row>>,
        tally: &mut Tally<'_, Field>,
    ) -> Result<(), ImportError> {
        writing::write(change, rows, tally)
    }
}
