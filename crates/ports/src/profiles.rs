//! What people say of themselves, in storage.

use jiff::Timestamp;
use unionhall_domain::{
    profiles::{ColleagueCard, Profile},
    users::UserId,
};

use crate::storage::StorageError;

/// People's profiles. A tenant's scope sees the people who have a place in it.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait ProfileRepository {
    /// The profile of a user who may sign in.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, user: UserId) -> Result<Option<Profile>, StorageError>;

    /// What colleagues may see of somebody who has a place in the scope's tenant and may sign in. Needs the tenant's
    /// scope.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_card(&mut self, user: UserId) -> Result<Option<ColleagueCard>, StorageError>;

    /// Writes names and details of a profile whose version is one above the stored one; address and password stay.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another.
    fn update(&mut self, profile: &Profile, at: Timestamp) -> Result<(), StorageError>;
}
