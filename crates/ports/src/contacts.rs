//! Contacts in storage.

use unionhall_domain::{
    contacts::{Contact, ContactId, Rank},
    organizations::OrganizationId,
};

use crate::{
    organizations::Called,
    pages::{Page, PageRequest},
    storage::StorageError,
};

/// Which contacts are wanted; what is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContactFilter {
    /// At this organization.
    pub organization: Option<OrganizationId>,
    /// Of this rank.
    pub rank: Option<Rank>,
    /// Whose name, title or e-mail address holds these words, accents and case aside.
    pub search: Option<String>,
}

/// What a list of contacts can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ContactSort {
    /// Family name, given name; accents and case aside.
    #[default]
    Name,
    /// Time of entry.
    Created,
}

/// A person of whom a file says where they work and what they are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonAt {
    /// Where.
    pub organization: OrganizationId,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
}

/// The contacts of one tenant.
///
/// Whoever adds or deletes one, or changes ranks, locks the organization first
/// ([`OrganizationRepository::lock`](crate::organizations::OrganizationRepository::lock)): who is primary there then
/// stays so until the transaction ends.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait ContactRepository {
    /// The contact with this id, unless deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, id: ContactId) -> Result<Option<Contact>, StorageError>;

    /// The contact with this id, if it is deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_deleted(&mut self, id: ContactId) -> Result<Option<Contact>, StorageError>;

    /// The primary contact of an organization; none when it has no contacts.
    ///
    /// # Errors
    /// [`StorageError`].
    fn primary(&mut self, organization: OrganizationId) -> Result<Option<Contact>, StorageError>;

    /// The contact of an organization that is not deleted and was made first.
    ///
    /// # Errors
    /// [`StorageError`].
    fn eldest(&mut self, organization: OrganizationId) -> Result<Option<Contact>, StorageError>;

    /// The names of up to 20 contacts of an organization that are not deleted, in order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn names_at(&mut self, organization: OrganizationId) -> Result<Vec<String>, StorageError>;

    /// The contacts that match and are not deleted, in a total order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        filter: &ContactFilter,
        page: &PageRequest<ContactSort>,
    ) -> Result<Page<Contact>, StorageError>;

    /// Adds a contact.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `contacts_primary_key` when it is a second primary one, and with
    /// `contacts_organization_fkey` when the organization is not of this tenant. That an organization has contacts
    /// and no primary one is refused when the transaction ends.
    fn insert(&mut self, contact: &Contact) -> Result<(), StorageError>;

    /// Writes a contact whose version is one above the stored one.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another; [`StorageError::Constraint`] as for
    /// [`insert`](Self::insert).
    fn update(&mut self, contact: &Contact) -> Result<(), StorageError>;

    /// For each of these people, in the same order: the contacts that are called that there and are not deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn called(&mut self, people: &[PersonAt]) -> Result<Vec<Called<Contact>>, StorageError>;

    /// The contacts with these ids, deleted ones too, locked until the transaction ends in the order of their ids.
    ///
    /// # Errors
    /// [`StorageError`].
    fn lock_by_ids(&mut self, ids: &[ContactId]) -> Result<Vec<Contact>, StorageError>;

    /// The primary contacts of these organizations, locked until the transaction ends in the order of their ids.
    ///
    /// # Errors
    /// [`StorageError`].
    fn primaries(&mut self, organizations: &[OrganizationId])
    -> Result<Vec<Contact>, StorageError>;

    /// Adds many contacts.
    ///
    /// # Errors
    /// As for [`insert`](Self::insert); then none is kept.
    fn insert_many(&mut self, contacts: &[Contact]) -> Result<(), StorageError>;

    /// Writes many contacts that were locked, in one round trip.
    ///
    /// # Errors
    /// [`StorageError::Stale`] unless every one was written; [`StorageError::Constraint`] as for
    /// [`insert`](Self::insert), also when a place is given up and taken among them.
    fn update_many(&mut self, contacts: &[Contact]) -> Result<(), StorageError>;
}
