//! The users of a tenant and their places in it, in storage. All of it works in the tenant's scope.

use jiff::Timestamp;
use unionhall_domain::{
    roles::Role,
    users::{
        UserId,
        places::{Place, PlaceState},
    },
};

use crate::{
    pages::{Page, PageRequest},
    storage::StorageError,
};

/// Which users are wanted; what is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserFilter {
    /// Whose place is in this state; when it does not matter, all but the removed.
    pub state: Option<PlaceState>,
    /// Who hold this role now.
    pub role: Option<Role>,
    /// Whose name or address holds these words, accents and case aside.
    pub search: Option<String>,
}

/// What a list of users can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UserSort {
    /// Family name, then given name, accents and case aside.
    #[default]
    Name,
    /// E-mail address.
    Email,
    /// When the person was let in.
    Joined,
}

/// The places of one tenant's users; users who were deleted altogether are nowhere among them.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait UserRepository {
    /// The place of a user, whatever its state.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, user: UserId) -> Result<Option<Place>, StorageError>;

    /// The places that match, in a total order; roles count as they do at `now`.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        filter: &UserFilter,
        page: &PageRequest<UserSort>,
        now: Timestamp,
    ) -> Result<Page<Place>, StorageError>;

    /// The places of everybody who holds the role `owner` and may sign in, whatever their state. They are kept from
    /// being changed by others until the transaction ends; who comes second waits, and then sees what the first
    /// has left.
    ///
    /// # Errors
    /// [`StorageError`].
    fn lock_owners(&mut self) -> Result<Vec<Place>, StorageError>;

    /// Writes roles, member and standing of a place whose version is one above the stored one.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another; [`StorageError::Constraint`] with
    /// `memberships_member_key` when another user is the member.
    fn update(&mut self, place: &Place) -> Result<(), StorageError>;

    /// Ends every session of a user that works in the tenant, and tells how many there were.
    ///
    /// # Errors
    /// [`StorageError`].
    fn end_sessions(&mut self, user: UserId, at: Timestamp) -> Result<u64, StorageError>;
}
