//! Bringing the people at organizations in from a CSV file.
//!
//! A row names the organization by its id or its name. A row with a known id, or with the name of one person there, changes
//! that person; any other adds one. A row that says yes to `is_primary` moves that place to its person; one that says no
//! gives nothing up, because an organization with contacts always has somebody to ask first.

mod columns;
mod writing;

use std::collections::HashMap;

use jiff::civil::Date;
use unionhall_domain::{
    change::Change as Wanted,
    contacts::{ContactChange, ContactDetails, ContactId},
    invalid::FieldError,
    organizations::OrganizationId,
    text::{Line, Prose},
    users::EmailAddress,
};

use self::columns::Field;
use super::Contacts;
use crate::{
    call::Call,
    core::Change,
    imports::{
        Cells, ImportError, ImportOptions, ImportProgress, ImportReport, Kind, Placed, Sheet,
        Tally, bring_in,
        places::Place,
        values::{id, line, yes},
    },
    permissions::Permission,
};

impl Contacts {
    /// Brings contacts in: a row with a known id, or with the name of one person at its organization, changes that
    /// person, any other adds one.
    ///
    /// Everything is written in one transaction. When any row is bad, nothing is, unless the options say to skip bad
    /// rows.
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
        call.actor.require(Permission::OrganizationsWrite)?;
        let kind = People::default();
        bring_in((&self.core, call), sheet, options, progress, kind)
    }
}

/// Files that list contacts; which of them a file has named so far, and for which organizations it has said who is
/// primary, each with the line.
#[derive(Default)]
struct People {
    named: HashMap<ContactId, u64>,
    claimed: HashMap<OrganizationId, u64>,
}

/// What a row says of a contact.
#[derive(Debug)]
struct Row {
    id: Option<ContactId>,
    place: Place,
    first_name: Line<100>,
    last_name: Line<100>,
    rest: ContactChange,
    is_primary: bool,
}

impl Row {
    /// The row as a new contact.
    fn as_new(&self) -> ContactDetails {
        self.over(ContactDetails {
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            title: None,
            phone: None,
            email: None,
            notes: None,
        })
    }

    /// The row over what is known of a contact: a column that the file lacks keeps what there is.
    fn over(&self, known: ContactDetails) -> ContactDetails {
        known.changed(ContactChange {
            first_name: Wanted::Set(self.first_name.clone()),
            last_name: Wanted::Set(self.last_name.clone()),
            ..self.rest.clone()
        })
    }
}

impl Kind for People {
    type Field = Field;
    type Row = Row;

    fn read(cells: &mut Cells<'_, Field>) -> Option<Row> {
        let place = Place::read(cells, Field::OrganizationId, Field::OrganizationName);
        let first_name = cells.needed(Field::FirstName, line);
        let last_name = cells.needed(Field::LastName, line);
        let row = Row {
            id: cells.told(Field::Id, id),
            rest: ContactChange {
                title: cells.free(Field::Title, line),
                phone: cells.free(Field::Phone, line),
                email: cells.free(Field::Email, EmailAddress::parse),
                notes: cells.free(Field::Notes, Prose::parse),
                ..ContactChange::default()
            },
            is_primary: cells.told(Field::IsPrimary, yes).unwrap_or(false),
            place: place?,
            first_name: first_name?,
            last_name: last_name?,
        };
        Some(row)
    }

    fn check(_: &Row, _: Date) -> Result<(), Vec<FieldError>> {
        Ok(())
    }

    fn key(cells: &Cells<'_, Field>) -> Option<String> {
        match cells.text(Field::Id).filter(|id| !id.is_empty()) {
            Some(id) => Some(id.to_lowercase()),
            None => {
                let place = Place::key(cells, Field::OrganizationId, Field::OrganizationName);
                let (first, last) = (cells.text(Field::FirstName)?, cells.text(Field::LastName)?);
                Some(format!("{place}\t{last}\t{first}").to_lowercase())
            }
        }
    }

    fn twice(earlier: u64) -> (Field, String) {
        let detail = format!("is the person of the row on line {earlier} too");
        (Field::LastName, detail)
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
