//! Contacts: adding, changing, deleting and finding the people at organizations, one of whom is asked first.
//!
//! An organization with contacts has exactly one primary contact. The first becomes it; making another one primary takes
//! the place from the one before; when the primary one is deleted the eldest of the others follows; one that is restored
//! becomes primary only where there is none.

mod import;

use std::{collections::BTreeSet, sync::Arc};

use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target, created, differences},
    change::Change as Wanted,
    contacts::{Contact, ContactChange, ContactDetails, ContactId, Rank},
    ids::Id,
    invalid::{FieldError, Invalid},
    organizations::OrganizationId,
    version::Version,
};
use unionhall_ports::{
    contacts::{ContactFilter, ContactSort},
    idempotency::StoredAnswer,
    pages::{Page, PageRequest},
    storage::StorageError,
};

use crate::{
    actor::Actor,
    call::Call,
    core::{Change, Core},
    error::{CallError, Code, Coded},
    permissions::Permission,
};

/// What can go wrong with contacts.
#[derive(Debug, thiserror::Error)]
pub enum ContactError {
    /// There is none with this id.
    #[error("there is no such contact")]
    NotFound,
    /// Fields are wrong.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for ContactError {
    fn from(error: StorageError) -> Self {
        Self::Call(error.into())
    }
}

impl Coded for ContactError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Invalid(_) => Code::InvalidFields,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            Self::NotFound | Self::Call(_) => &[],
        }
    }

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::NotFound | Self::Invalid(_) => None,
        }
    }
}

/// A contact to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewContact {
    /// Where the person works.
    pub organization: OrganizationId,
    /// What is known of the person.
    pub details: ContactDetails,
    /// What the person is to be; the first at an organization is primary anyhow.
    pub rank: Rank,
}

/// What to change of a contact.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpdateContact {
    /// What is known of the person.
    pub details: ContactChange,
    /// What the person is to be.
    pub rank: Wanted<Rank>,
}

/// A contact with the name of where the person works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactAt {
    /// The contact.
    pub contact: Contact,
    /// What the organization is called.
    pub organization_name: String,
}

/// The use cases of contacts.
#[derive(Clone)]
pub struct Contacts {
    core: Arc<Core>,
}

impl Contacts {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Adds a contact. The first of an organization is primary, whatever is said.
    ///
    /// # Errors
    /// [`ContactError`].
    pub fn create(&self, call: &Call, new: NewContact) -> Result<Contact, ContactError> {
        call.actor.require(Permission::OrganizationsWrite)?;
        self.core.change(call, |change| {
            lock(change, new.organization)?;
            let contact = Contact {
                id: Id::new(change.new_id()),
                organization: new.organization,
                details: new.details,
                rank: vacant(change, new.organization, new.rank)?,
                version: Version::FIRST,
                created_at: change.now,
                updated_at: change.now,
                deleted_at: None,
            };
            change.tx.contacts().insert(&contact)?;
            let fields = created(contact.fields());
            record(change, AuditAction::Created, &contact, fields);
            Ok(contact)
        })
    }

    /// One contact.
    ///
    /// # Errors
    /// [`ContactError`].
    pub fn find(&self, call: &Call, id: ContactId) -> Result<Contact, ContactError> {
        call.actor.require(Permission::OrganizationsRead)?;
        self.core.read(call, |tx| {
            tx.contacts().find(id)?.ok_or(ContactError::NotFound)
        })
    }

    /// The contacts that match.
    ///
    /// # Errors
    /// [`ContactError`].
    pub fn list(
        &self,
        call: &Call,
        filter: &ContactFilter,
        page: &PageRequest<ContactSort>,
    ) -> Result<Page<Contact>, ContactError> {
        call.actor.require(Permission::OrganizationsRead)?;
        self.core
            .read(call, |tx| Ok(tx.contacts().list(filter, page)?))
    }

    /// The same with the names of the organizations, by which another hall's books know them.
    ///
    /// # Errors
    /// [`ContactError`].
    pub fn list_with_places(
        &self,
        call: &Call,
        filter: &ContactFilter,
        page: &PageRequest<ContactSort>,
    ) -> Result<Page<ContactAt>, ContactError> {
        call.actor.require(Permission::OrganizationsRead)?;
        self.core.snapshot(call, |tx| {
            let Page { items, next, total } = tx.contacts().list(filter, page)?;
            let ids: BTreeSet<_> = items.iter().map(|contact| contact.organization).collect();
            let ids: Vec<_> = ids.into_iter().collect();
            let names = tx.organizations().names(&ids)?;
            let with_name = |contact: Contact| ContactAt {
                organization_name: names
                    .get(&contact.organization)
                    .cloned()
                    .unwrap_or_default(),
                contact,
            };
            let items = items.into_iter().map(with_name).collect();
            Ok(Page { items, next, total })
        })
    }

    /// Changes what a caller names; a change that changes nothing leaves no trace. A primary contact stays so until
    /// another one is made primary.
    ///
    /// # Errors
    /// [`ContactError`].
    pub fn update(
        &self,
        call: &Call,
        id: ContactId,
        wanted: UpdateContact,
    ) -> Result<Contact, ContactError> {
        call.actor.require(Permission::OrganizationsWrite)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let rank = match (before.rank, wanted.rank) {
                (Rank::Primary, Wanted::Set(Rank::Other)) => return Err(still_primary()),
                (Rank::Other, Wanted::Set(Rank::Primary)) => {
                    lock(change, before.organization)?;
                    vacant(change, before.organization, Rank::Primary)?
                }
                (rank, Wanted::Keep | Wanted::Set(_)) => rank,
            };
            let after = Contact {
                details: before.details.clone().changed(wanted.details),
                rank,
                ..before.clone()
            };
            if after == before {
                change.leave_unchanged();
                return Ok(before);
            }
            write(change, AuditAction::Updated, &before, after)
        })
    }

    /// Deletes a contact, which can be restored. When it was the primary one, the eldest of the others becomes primary.
    ///
    /// # Errors
    /// [`ContactError`].
    pub fn delete(&self, call: &Call, id: ContactId) -> Result<(), ContactError> {
        call.actor.require(Permission::OrganizationsWrite)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            lock(change, before.organization)?;
            let after = Contact {
                rank: Rank::Other,
                deleted_at: Some(change.now),
                ..before.clone()
            };
            write(change, AuditAction::Deleted, &before, after)?;
            match before.rank {
                Rank::Primary => follow(change, before.organization),
                Rank::Other => Ok(()),
            }
        })
    }

    /// Brings a deleted contact back: as the primary one only where the organization has none.
    ///
    /// # Errors
    /// [`ContactError`]; the organization must not be deleted.
    pub fn restore(&self, call: &Call, id: ContactId) -> Result<Contact, ContactError> {
        call.actor.require(Permission::OrganizationsWrite)?;
        self.core.change(call, |change| {
            let before = change
                .tx
                .contacts()
                .find_deleted(id)?
                .ok_or(ContactError::NotFound)?;
            call.expects(before.version)?;
            lock(change, before.organization)?;
            let after = Contact {
                rank: vacant(change, before.organization, Rank::Other)?,
                deleted_at: None,
                ..before.clone()
            };
            write(change, AuditAction::Restored, &before, after)
        })
    }

    /// What this actor may do with a contact now.
    pub fn allowed_actions(&self, actor: &Actor, contact: &Contact) -> Vec<&'static str> {
        if !actor.may(Permission::OrganizationsWrite) {
            return Vec::new();
        }
        match contact.rank {
            Rank::Primary => vec!["update", "delete"],
            Rank::Other => vec!["update", "delete", "make_primary"],
        }
    }
}

fn present(change: &mut Change<'_>, id: ContactId) -> Result<Contact, ContactError> {
    let found = change
        .tx
        .contacts()
        .find(id)?
        .ok_or(ContactError::NotFound)?;
    change.call.expects(found.version)?;
    Ok(found)
}

/// Lets nobody else change who is primary at this organization, which must be there.
fn lock(change: &mut Change<'_>, organization: OrganizationId) -> Result<(), ContactError> {
    match change.tx.organizations().lock(organization)? {
        Some(_) => Ok(()),
        None => {
            let detail = "is no organization of this tenant";
            let error = Invalid::new("unknown_organization", detail).at("organization_id");
            Err(ContactError::Invalid(vec![error]))
        }
    }
}

fn still_primary() -> ContactError {
    let detail =
        "cannot be taken from the primary contact; make another one primary, and it moves there";
    ContactError::Invalid(vec![Invalid::new("still_primary", detail).at("is_primary")])
}

/// The rank that a contact gets at a locked organization: primary where there is none yet, else what is wanted. The one
/// that was primary gives its place up.
fn vacant(
    change: &mut Change<'_>,
    organization: OrganizationId,
    wanted: Rank,
) -> Result<Rank, ContactError> {
    match (change.tx.contacts().primary(organization)?, wanted) {
        (None, Rank::Primary | Rank::Other) => Ok(Rank::Primary),
        (Some(_), Rank::Other) => Ok(Rank::Other),
        (Some(before), Rank::Primary) => {
            let after = Contact {
                rank: Rank::Other,
                ..before.clone()
            };
            write(change, AuditAction::Updated, &before, after)?;
            Ok(Rank::Primary)
        }
    }
}

/// Makes the eldest contact of a locked organization the primary one, if it has any.
fn follow(change: &mut Change<'_>, organization: OrganizationId) -> Result<(), ContactError> {
    if let Some(before) = change.tx.contacts().eldest(organization)? {
        let after = Contact {
            rank: Rank::Primary,
            ..before.clone()
        };
        write(change, AuditAction::Updated, &before, after)?;
    }
    Ok(())
}

/// Writes what became of a contact, and puts on record what differs.
fn write(
    change: &mut Change<'_>,
    action: AuditAction,
    before: &Contact,
    after: Contact,
) -> Result<Contact, ContactError> {
    let after = Contact {
        version: before.version.next(),
        updated_at: change.now,
        ..after
    };
    change.tx.contacts().update(&after)?;
    let fields = differences(before.fields(), after.fields());
    record(change, action, &after, fields);
    Ok(after)
}

fn record(
    change: &mut Change<'_>,
    action: AuditAction,
    contact: &Contact,
    fields: Vec<FieldChange>,
) {
    let id = contact.id.uuid();
    change.record(action, Target::Contact, id, fields, Vec::new());
}

#[cfg(test)]
mod tests;
