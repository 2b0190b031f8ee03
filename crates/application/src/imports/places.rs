//! How a row names the organization that it is about: by its id, or by its name.

use std::collections::HashMap;

use unionhall_domain::{
    invalid::{FieldError, Invalid},
    organizations::{Organization, OrganizationId},
    text::Line,
};

use super::{
    Cells,
    columns::Field,
    values::{id, line},
};
use crate::{core::Change, imports::ImportError};

/// What halls call the column with an organization's id, its own name aside.
pub(crate) const ID_SYNONYMS: &str = "orgid organisationid employerid companyid contractorid";
/// What halls call the column with an organization's name, its own name aside.
pub(crate) const NAME_SYNONYMS: &str = "organization organisation organisationname employer employername company \
     companyname contractor contractorname firm firmname business businessname shop workplace";

/// An organization as a row names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    id: Option<OrganizationId>,
    name: Option<Line<255>>,
}

/// What is done with the organizations that rows name, until the transaction ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hold {
    /// They are kept from being changed.
    Shared,
    /// They are locked, for whoever decides on what hangs on them.
    Locked,
}

impl Place {
    /// Reads how a row names an organization; none, which is a mistake, when it does not.
    pub(crate) fn read<F: Field>(cells: &mut Cells<'_, F>, by_id: F, by_name: F) -> Option<Self> {
        let blank = |cells: &Cells<'_, F>, field| cells.text(field).is_none_or(str::is_empty);
        if blank(cells, by_id) && blank(cells, by_name) {
            let detail =
                "must name the organization, here by its name or in organization_id by its id";
            cells.wrong(by_name, Invalid::new("blank", detail));
            return None;
        }
        let place = Self {
            id: cells.told(by_id, id),
            name: cells.told(by_name, line),
        };
        (place.id.is_some() || place.name.is_some()).then_some(place)
    }

    /// What tells two organizations apart, as far as a file alone can tell.
    pub(crate) fn key<F: Field>(cells: &Cells<'_, F>, by_id: F, by_name: F) -> String {
        let id = cells.text(by_id).unwrap_or_default();
        let told = if id.is_empty() {
            cells.text(by_name).unwrap_or_default()
        } else {
            id
        };
        told.to_lowercase()
    }

    /// Whether it is named by name alone, or perhaps has to be, because the id is one of another hall's books.
    fn name(&self) -> Option<String> {
        self.name.as_ref().map(ToString::to_string)
    }
}

/// The organizations that rows name, in the order of the rows, or why a row names none.
///
/// An id that is not known here is one of another hall's books; then the name counts, if there is one. What was merged is
/// what it was merged into; an id of another deleted organization is a mistake, whatever the name.
///
/// # Errors
/// [`ImportError`], of storage alone.
pub(crate) fn named(
    change: &mut Change<'_>,
    places: &[&Place],
    hold: Hold,
) -> Result<Vec<Result<Organization, FieldError>>, ImportError> {
    let mut names: Vec<_> = places.iter().filter_map(|place| place.name()).collect();
    names.sort();
    names.dedup();
    let called = if names.is_empty() {
        Vec::new()
    } else {
        change.tx.organizations().called(&names)?
    };
    let told: Vec<_> = places.iter().filter_map(|place| place.id).collect();
    let merged = merged(change, &told)?;
    let mut ids: Vec<_> = called
        .iter()
        .flat_map(|called| called.ids.iter().copied())
        .chain(told)
        .chain(merged.values().copied())
        .collect();
    // Always in the same order, so that two imports at once wait for each other and do not lock up.
    ids.sort();
    ids.dedup();
    let there = match hold {
        Hold::Shared => change.tx.organizations().hold_by_ids(&ids)?,
        Hold::Locked => change.tx.organizations().lock_by_ids(&ids)?,
    };
    let there: HashMap<_, _> = there.into_iter().map(|one| (one.id, one)).collect();
    let called: HashMap<_, _> = names.into_iter().zip(called).collect();
    let find = |place: &&Place| {
        let told = place.id.map(|id| merged.get(&id).copied().unwrap_or(id));
        if let Some(found) = told.and_then(|id| there.get(&id)) {
            return still_there(found);
        }
        let Some(name) = place.name() else {
            return Err(unknown("organization_id"));
        };
        let ids = called.get(&name).map(|called| called.ids.as_slice());
        let mut found = ids
            .unwrap_or_default()
            .iter()
            .filter_map(|id| there.get(id))
            .filter(|found| found.deleted_at.is_none());
        match (found.next(), found.next()) {
            (Some(only), None) => Ok(only.clone()),
            (None, _) => Err(unknown("organization_name")),
            (Some(_), Some(_)) => {
                let detail =
                    "is the name of several organizations; say which in a column organization_id";
                Err(Invalid::new("ambiguous_organization", detail).at("organization_name"))
            }
        }
    };
    Ok(places.iter().map(find).collect())
}

/// Which of these organizations were merged, and into which.
///
/// # Errors
/// [`ImportError`], of storage alone.
pub(crate) fn merged(
    change: &mut Change<'_>,
    ids: &[OrganizationId],
) -> Result<HashMap<OrganizationId, OrganizationId>, ImportError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(change.tx.duplicates().merged(ids)?.into_iter().collect())
}

fn still_there(found: &Organization) -> Result<Organization, FieldError> {
    if found.deleted_at.is_some() {
        let detail = "is the id of a deleted organization; restore it first, or leave the id out";
        return Err(Invalid::new("deleted_organization", detail).at("organization_id"));
    }
    Ok(found.clone())
}

fn unknown(field: &'static str) -> FieldError {
    let detail = "is no organization of this tenant; bring the organizations in first";
    Invalid::new("unknown_organization", detail).at(field)
}
