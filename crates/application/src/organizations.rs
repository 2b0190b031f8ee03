//! Organizations: adding, changing, deleting and finding employers and other parties.

mod import;
mod merging;
mod overview;

use std::sync::Arc;

use unionhall_domain::{
    audit::{AuditAction, Target, created, differences},
    collective_agreements::CollectiveAgreement,
    ids::Id,
    invalid::FieldError,
    organizations::{
        Organization, OrganizationChange, OrganizationDetails, OrganizationId, OrganizationType,
    },
    version::Version,
};
use unionhall_ports::{
    collective_agreements::{AgreementFilter, AgreementSort},
    organizations::{OrganizationFilter, OrganizationSort},
    pages::{Direction, Page, PageRequest},
    storage::StorageError,
};

use crate::{
    actor::Actor,
    call::Call,
    core::{Change, Core},
    error::{CallError, Code, Coded},
    permissions::Permission,
};

pub use self::{
    merging::{Added, MergeOrganizations, Merged},
    overview::{Organizing, Overview},
};
pub use unionhall_ports::organizations::{Likeness, OpenGrievance, Similar, Twins};

/// What can go wrong with organizations.
#[derive(Debug, thiserror::Error)]
pub enum OrganizationError {
    /// There is none with this id.
    #[error("there is no such organization")]
    NotFound,
    /// It was merged into another one.
    #[error("there is no such organization any more: it was merged into {0}")]
    Merged(OrganizationId),
    /// Fields are wrong.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// Other records still need it.
    #[error("this organization still has {}", enumerated(.0))]
    InUse(Vec<Hanging>),
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for OrganizationError {
    fn from(error: StorageError) -> Self {
        Self::Call(error.into())
    }
}

impl Coded for OrganizationError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound | Self::Merged(_) => Code::NotFound,
            Self::Invalid(_) => Code::InvalidFields,
            Self::InUse(_) => Code::InUse,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            Self::NotFound | Self::Merged(_) | Self::InUse(_) | Self::Call(_) => &[],
        }
    }

    fn replay(&self) -> Option<&unionhall_ports::idempotency::StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::NotFound | Self::Merged(_) | Self::Invalid(_) | Self::InUse(_) => None,
        }
    }
}

/// Records of one kind that hang on another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hanging {
    /// What they are, in the plural.
    pub kind: &'static str,
    /// What people know them by; not always all of them.
    pub names: Vec<String>,
}

/// Everything that hangs on a record, in words.
pub(crate) fn enumerated(hanging: &[Hanging]) -> String {
    let told = |found: &Hanging| format!("{} ({})", found.kind, found.names.join(", "));
    hanging.iter().map(told).collect::<Vec<_>>().join("; ")
}

/// The use cases of organizations.
#[derive(Clone)]
pub struct Organizations {
    core: Arc<Core>,
}

impl Organizations {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Adds an organization, and tells which others are like it.
    ///
    /// # Errors
    /// [`OrganizationError`].
    pub fn create(
        &self,
        call: &Call,
        details: OrganizationDetails,
    ) -> Result<Added, OrganizationError> {
        call.actor.require(Permission::OrganizationsWrite)?;
        self.core.change(call, |change| {
            let organization = Organization {
                id: Id::new(change.new_id()),
                details,
                version: Version::FIRST,
                created_at: change.now,
                updated_at: change.now,
                deleted_at: None,
            };
            change.tx.organizations().insert(&organization)?;
            let fields = created(organization.details.fields());
            record(change, AuditAction::Created, &organization, fields);
            Ok(Added {
                possible_duplicates: merging::alike(change, &organization)?,
                organization,
            })
        })
    }

    /// One organization.
    ///
    /// # Errors
    /// [`OrganizationError`].
    pub fn find(&self, call: &Call, id: OrganizationId) -> Result<Organization, OrganizationError> {
        call.actor.require(Permission::OrganizationsRead)?;
        let found = self.core.read(call, |tx| {
            Ok::<_, OrganizationError>(tx.organizations().find(id)?)
        })?;
        found.ok_or_else(|| self.missing(call, id))
    }

    /// The organizations that match.
    ///
    /// # Errors
    /// [`OrganizationError`].
    pub fn list(
        &self,
        call: &Call,
        filter: &OrganizationFilter,
        page: &PageRequest<OrganizationSort>,
    ) -> Result<Page<Organization>, OrganizationError> {
        call.actor.require(Permission::OrganizationsRead)?;
        self.core
            .read(call, |tx| Ok(tx.organizations().list(filter, page)?))
    }

    /// Changes what a caller names; a change that changes nothing leaves no trace.
    ///
    /// # Errors
    /// [`OrganizationError`].
    pub fn update(
        &self,
        call: &Call,
        id: OrganizationId,
        wanted: OrganizationChange,
    ) -> Result<Organization, OrganizationError> {
        call.actor.require(Permission::OrganizationsWrite)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let details = before.details.clone().changed(wanted);
            let fields = differences(before.details.fields(), details.fields());
            if fields.is_empty() {
                change.leave_unchanged();
                return Ok(before);
            }
            let after = Organization {
                details,
                version: before.version.next(),
                updated_at: change.now,
                ..before
            };
            change.tx.organizations().update(&after)?;
            record(change, AuditAction::Updated, &after, fields);
            Ok(after)
        })
    }

    /// Deletes an organization that nothing hangs on; it can be restored.
    ///
    /// # Errors
    /// [`OrganizationError`].
    pub fn delete(&self, call: &Call, id: OrganizationId) -> Result<(), OrganizationError> {
        call.actor.require(Permission::OrganizationsDelete)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let after = Organization {
                deleted_at: Some(change.now),
                version: before.version.next(),
                ..before
            };
            // The write waits for whoever adds something to it at this moment; the questions after it
            // see what they added.
            change.tx.organizations().update(&after)?;
            let hanging = hanging(change, id)?;
            if !hanging.is_empty() {
                return Err(OrganizationError::InUse(hanging));
            }
            record(change, AuditAction::Deleted, &after, Vec::new());
            Ok(())
        })
    }

    /// Brings a deleted organization back.
    ///
    /// # Errors
    /// [`OrganizationError`].
    pub fn restore(
        &self,
        call: &Call,
        id: OrganizationId,
    ) -> Result<Organization, OrganizationError> {
        call.actor.require(Permission::OrganizationsDelete)?;
        self.core.change(call, |change| {
            let before = change
                .tx
                .organizations()
                .find_deleted(id)?
                .ok_or(OrganizationError::NotFound)?;
            if let Some(winner) = change.tx.duplicates().merged_into(id)? {
                return Err(OrganizationError::Merged(winner));
            }
            call.expects(before.version)?;
            let after = Organization {
                deleted_at: None,
                version: before.version.next(),
                updated_at: change.now,
                ..before
            };
            change.tx.organizations().update(&after)?;
            record(change, AuditAction::Restored, &after, Vec::new());
            Ok(after)
        })
    }

    /// What this actor may do with an organization now.
    pub fn allowed_actions(&self, actor: &Actor, organization: &Organization) -> Vec<&'static str> {
        let is_employer = organization.details.org_type == OrganizationType::Employer;
        let table = [
            ("update", Permission::OrganizationsWrite, true),
            ("delete", Permission::OrganizationsDelete, true),
            ("merge", Permission::OrganizationsMerge, true),
            ("add_contact", Permission::OrganizationsWrite, true),
            ("file_grievance", Permission::GrievancesFile, is_employer),
        ];
        let may = |(name, permission, fits): (&'static str, Permission, bool)| {
            (fits && actor.may(permission)).then_some(name)
        };
        table.into_iter().filter_map(may).collect()
    }
}

/// What keeps an organization from being deleted, kind by kind.
fn hanging(change: &mut Change<'_>, id: OrganizationId) -> Result<Vec<Hanging>, StorageError> {
    let numbers = change.tx.grievances().numbers_against(id)?;
    let grievances = Hanging {
        kind: "grievances",
        names: numbers.iter().map(ToString::to_string).collect(),
    };
    let contacts = Hanging {
        kind: "contacts",
        names: change.tx.contacts().names_at(id)?,
    };
    let numbers = change.tx.employments().numbers_at(id)?;
    let employments = Hanging {
        kind: "employments",
        names: numbers.iter().map(ToString::to_string).collect(),
    };
    let agreements = Hanging {
        kind: "agreements",
        names: agreements(change, id)?,
    };
    let numbers = change.tx.students().numbers_sent_by(id)?;
    let students = Hanging {
        kind: "students",
        names: numbers.iter().map(ToString::to_string).collect(),
    };
    let mut hanging = vec![grievances, contacts, employments, agreements, students];
    hanging.retain(|found| !found.names.is_empty());
    Ok(hanging)
}

/// The names of the first agreements that an organization is a party of.
fn agreements(change: &mut Change<'_>, id: OrganizationId) -> Result<Vec<String>, StorageError> {
    let filter = AgreementFilter {
        organization: Some(id),
        in_force_on: None,
    };
    let page = PageRequest {
        limit: AGREEMENTS_TOLD,
        after: None,
        sort: AgreementSort::Name,
        direction: Direction::Ascending,
        with_total: false,
    };
    let found = change.tx.collective_agreements().list(&filter, &page)?;
    let name = |agreement: CollectiveAgreement| agreement.terms.name().to_string();
    Ok(found.items.into_iter().map(name).collect())
}

/// How many agreements are told when an organization cannot go because of them.
const AGREEMENTS_TOLD: u16 = 20;

fn present(change: &mut Change<'_>, id: OrganizationId) -> Result<Organization, OrganizationError> {
    let found = change
        .tx
        .organizations()
        .find(id)?
        .ok_or(OrganizationError::NotFound)?;
    change.call.expects(found.version)?;
    Ok(found)
}

fn record(
    change: &mut Change<'_>,
    action: AuditAction,
    organization: &Organization,
    fields: Vec<unionhall_domain::audit::FieldChange>,
) {
    let id = organization.id.uuid();
    change.record(action, Target::Organization, id, fields, Vec::new());
}

#[cfg(test)]
mod tests;
