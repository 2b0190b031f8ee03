//! Bringing employers and other organizations in from a CSV file.
//!
//! A row with a known id, or with the name and the type of one organization, changes that one; any other adds one. What is
//! like an organization that is there is told and not merged: that is for somebody who knows both.

mod columns;
mod writing;

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use unionhall_domain::{
    change::Change as Wanted,
    invalid::FieldError,
    organizations::{OrganizationChange, OrganizationDetails, OrganizationId, OrganizationType},
    text::Line,
    users::EmailAddress,
};

use self::columns::{Field, org_type};
use super::Organizations;
use crate::{
    call::Call,
    core::Change,
    imports::{
        Cells, ImportError, ImportOptions, ImportProgress, ImportReport, Kind, Placed, Sheet,
        Tally, bring_in,
        values::{address, id, line},
    },
    permissions::Permission,
};

impl Organizations {
    /// Brings organizations in: a row with a known id, or with the name and type of one of them, changes that one, any
    /// other adds one.
    ///
    /// Everything is written in one transaction. When any row is bad, nothing is, unless the options say to skip bad
    /// rows. An organization that is added although another one has its name or its address is a warning of the report.
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
        let kind = Books::default();
        bring_in((&self.core, call), sheet, options, progress, kind)
    }
}

/// Files that list organizations, and what is known of one so far.
#[derive(Default)]
struct Books {
    /// The organizations that it has named, and on which line.
    named: HashMap<OrganizationId, u64>,
    /// The names that it has given to organizations of a type, and on which line.
    made: HashMap<(String, OrganizationType), u64>,
    /// The organizations that it has added, or given another name or type.
    moved: HashSet<OrganizationId>,
}

/// What a row says of an organization.
#[derive(Debug)]
struct Row {
    id: Option<OrganizationId>,
    name: Line<255>,
    org_type: Option<OrganizationType>,
    rest: OrganizationChange,
}

impl Row {
    /// The row as a new organization: an employer, unless the row says otherwise.
    fn as_new(&self) -> OrganizationDetails {
        let bare = OrganizationDetails {
            name: self.name.clone(),
            org_type: OrganizationType::Employer,
            address: None,
            city: None,
            state: None,
            zip_code: None,
            phone: None,
            email: None,
            website: None,
        };
        self.over(bare)
    }

    /// The row over what is known of an organization: a column that the file lacks keeps what there is.
    fn over(&self, known: OrganizationDetails) -> OrganizationDetails {
        known.changed(OrganizationChange {
            name: Wanted::Set(self.name.clone()),
            org_type: self.org_type.map_or(Wanted::Keep, Wanted::Set),
            ..self.rest.clone()
        })
    }
}

impl Kind for Books {
    type Field = Field;
    type Row = Row;

    fn read(cells: &mut Cells<'_, Field>) -> Option<Row> {
        let name = cells.needed(Field::Name, line);
        let row = Row {
            id: cells.told(Field::Id, id),
            org_type: cells.told(Field::OrgType, org_type),
            rest: OrganizationChange {
                address: cells.free(Field::Address, address),
                city: cells.free(Field::City, line),
                state: cells.free(Field::State, line),
                zip_code: cells.free(Field::ZipCode, line),
                phone: cells.free(Field::Phone, line),
                email: cells.free(Field::Email, EmailAddress::parse),
                website: cells.free(Field::Website, line),
                ..OrganizationChange::default()
            },
            name: name?,
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
                let name = cells.text(Field::Name).filter(|name| !name.is_empty())?;
                let org_type = cells.text(Field::OrgType).unwrap_or_default();
                Some(format!("{}\t{org_type}", name.to_lowercase()))
            }
        }
    }

    fn twice(earlier: u64) -> (Field, String) {
        let detail = format!("is the organization of the row on line {earlier} too");
        (Field::Name, detail)
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
