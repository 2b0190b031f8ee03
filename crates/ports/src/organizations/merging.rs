//! Organizations that are there twice, and what moves when they are merged.

use jiff::Timestamp;
use unionhall_domain::{
    audit::Target,
    organizations::{Organization, OrganizationId},
};
use uuid::Uuid;

use crate::storage::StorageError;

/// What an organization is compared with others by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    /// Its name.
    pub name: String,
    /// Its street address, if one is known.
    pub address: Option<String>,
}

/// An organization that is like another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Similar {
    /// The organization.
    pub organization: Organization,
    /// How much of the names is alike, in percent; 100 where they differ in nothing but how they are written.
    pub similarity: u8,
    /// Whether both have the same street address.
    pub same_address: bool,
}

/// Two organizations that may be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twins {
    /// The one that was made first.
    pub first: Organization,
    /// The one that is like it.
    pub second: Similar,
}

/// An organization that may be the same as another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Double {
    /// The one that was asked about.
    pub id: OrganizationId,
    /// The other one.
    pub like: OrganizationId,
    /// What the other one is called.
    pub name: String,
}

/// A record that hung on one organization and hangs on another one now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// What kind of record it is.
    pub target: Target,
    /// Its field that names the organization.
    pub field: &'static str,
    /// Its id.
    pub id: Uuid,
    /// Its field that was true and is not any more, if there is one.
    pub gave_up: Option<&'static str>,
}

/// Organizations that are there twice.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait DuplicateRepository {
    /// Up to 10 organizations that are not deleted and are like this one, the most alike first: by name once legal form,
    /// punctuation, accents and case are taken away, or by street address.
    ///
    /// # Errors
    /// [`StorageError`].
    fn similar(
        &mut self,
        wanted: &Likeness,
        except: Option<OrganizationId>,
    ) -> Result<Vec<Similar>, StorageError>;

    /// Up to `limit` pairs of organizations that are not deleted and may be one, the most alike first.
    ///
    /// # Errors
    /// [`StorageError`].
    fn pairs(&mut self, limit: u16) -> Result<Vec<Twins>, StorageError>;

    /// Which of these organizations have another's name once legal form, punctuation, accents and case are taken away, or
    /// another's street address, and whose: the id and the name of one that is not deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn doubles_of(&mut self, ids: &[OrganizationId]) -> Result<Vec<Double>, StorageError>;

    /// What a deleted organization was merged into, if it was.
    ///
    /// # Errors
    /// [`StorageError`].
    fn merged_into(&mut self, id: OrganizationId) -> Result<Option<OrganizationId>, StorageError>;

    /// Which of these organizations were merged, and into which.
    ///
    /// # Errors
    /// [`StorageError`].
    fn merged(
        &mut self,
        ids: &[OrganizationId],
    ) -> Result<Vec<(OrganizationId, OrganizationId)>, StorageError>;

    /// Lets everything that hangs on `loser`, deleted or not, hang on `winner`, and notes of the loser, which is deleted,
    /// what it was merged into. Of the contacts the winner's primary one stays so, where it has one. Each record that is
    /// moved gets the next version.
    ///
    /// # Errors
    /// [`StorageError`].
    fn take_over(
        &mut self,
        winner: OrganizationId,
        loser: OrganizationId,
        now: Timestamp,
    ) -> Result<Vec<Moved>, StorageError>;
}
