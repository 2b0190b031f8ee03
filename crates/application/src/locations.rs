//! Locations: adding, changing and finding the places of the school.

mod errors;

use std::sync::Arc;

use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target, created, differences},
    ids::Id,
    locations::{Location, LocationChange, LocationDetails, LocationId},
    version::Version,
};
use unionhall_ports::{
    locations::{LocationFilter, LocationSort},
    pages::{Page, PageRequest},
};

pub use errors::LocationError;

use crate::{
    actor::Actor,
    call::Call,
    core::{Change, Core},
    permissions::Permission,
};

/// The use cases of locations.
#[derive(Clone)]
pub struct Locations {
    core: Arc<Core>,
}

impl Locations {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Adds a location.
    ///
    /// # Errors
    /// [`LocationError`].
    pub fn create(&self, call: &Call, details: LocationDetails) -> Result<Location, LocationError> {
        call.actor.require(Permission::TrainingManage)?;
        self.core.change(call, |change| {
            let location = Location {
                id: Id::new(change.new_id()),
                details,
                version: Version::FIRST,
                created_at: change.now,
                updated_at: change.now,
                deleted_at: None,
            };
            change.tx.locations().insert(&location)?;
            let fields = created(location.fields());
            record(change, AuditAction::Created, &location, fields);
            Ok(location)
        })
    }

    /// One location.
    ///
    /// # Errors
    /// [`LocationError`].
    pub fn find(&self, call: &Call, id: LocationId) -> Result<Location, LocationError> {
        call.actor.require(Permission::TrainingRead)?;
        self.core.read(call, |tx| {
            tx.locations().find(id)?.ok_or(LocationError::NotFound)
        })
    }

    /// The locations that match.
    ///
    /// # Errors
    /// [`LocationError`].
    pub fn list(
        &self,
        call: &Call,
        filter: &LocationFilter,
        page: &PageRequest<LocationSort>,
    ) -> Result<Page<Location>, LocationError> {
        call.actor.require(Permission::TrainingRead)?;
        self.core
            .read(call, |tx| Ok(tx.locations().list(filter, page)?))
    }

    /// Changes what a caller names; a change that changes nothing leaves no trace.
    ///
    /// # Errors
    /// [`LocationError`].
    pub fn update(
        &self,
        call: &Call,
        id: LocationId,
        wanted: LocationChange,
    ) -> Result<Location, LocationError> {
        call.actor.require(Permission::TrainingManage)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let after = Location {
                details: before.details.clone().changed(wanted),
                ..before.clone()
            };
            let fields = differences(before.fields(), after.fields());
            if fields.is_empty() {
                change.leave_unchanged();
                return Ok(before);
            }
            let after = touched(change, after);
            change.tx.locations().update(&after)?;
            record(change, AuditAction::Updated, &after, fields);
            Ok(after)
        })
    }

    /// Deletes a location that neither a cohort that is not over nor a session to come needs; it can be restored.
    ///
    /// # Errors
    /// [`LocationError`].
    pub fn delete(&self, call: &Call, id: LocationId) -> Result<(), LocationError> {
        call.actor.require(Permission::TrainingManage)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let after = Location {
                deleted_at: Some(change.now),
                version: before.version.next(),
                ..before
            };
            change.tx.locations().update(&after)?;
            // The write waits for whoever plans a cohort or a session with it at this moment; the questions after it see
            // what was planned.
            let cohorts = change.tx.cohorts().codes_at(id)?;
            if !cohorts.is_empty() {
                return Err(LocationError::InUse(cohorts));
            }
            let days = change.tx.class_sessions().days_at(id, change.now)?;
            if !days.is_empty() {
                let days = days.iter().map(ToString::to_string);
                return Err(LocationError::Scheduled(days.collect()));
            }
            record(change, AuditAction::Deleted, &after, Vec::new());
            Ok(())
        })
    }

    /// Brings a deleted location back.
    ///
    /// # Errors
    /// [`LocationError`].
    pub fn restore(&self, call: &Call, id: LocationId) -> Result<Location, LocationError> {
        call.actor.require(Permission::TrainingManage)?;
        self.core.change(call, |change| {
            let found = change.tx.locations().find_deleted(id)?;
            let before = found.ok_or(LocationError::NotFound)?;
            call.expects(before.version)?;
            let after = Location {
                deleted_at: None,
                ..touched(change, before)
            };
            change.tx.locations().update(&after)?;
            record(change, AuditAction::Restored, &after, Vec::new());
            Ok(after)
        })
    }

    /// What this actor may do with a location now.
    pub fn allowed_actions(&self, actor: &Actor) -> Vec<&'static str> {
        if actor.may(Permission::TrainingManage) {
            vec!["update", "delete"]
        } else {
            Vec::new()
        }
    }
}

fn present(change: &mut Change<'_>, id: LocationId) -> Result<Location, LocationError> {
    let found = change.tx.locations().find(id)?;
    let found = found.ok_or(LocationError::NotFound)?;
    change.call.expects(found.version)?;
    Ok(found)
}

fn touched(change: &Change<'_>, location: Location) -> Location {
    Location {
        version: location.version.next(),
        updated_at: change.now,
        ..location
    }
}

fn record(
    change: &mut Change<'_>,
    action: AuditAction,
    location: &Location,
    fields: Vec<FieldChange>,
) {
    let id = location.id.uuid();
    change.record(action, Target::Location, id, fields, Vec::new());
}

#[cfg(test)]
mod tests;
