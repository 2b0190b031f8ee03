//! Calendar feeds of deadlines, in storage.

use jiff::{Timestamp, civil::Date};
use unionhall_domain::{
    deadline_feeds::{DeadlineFeed, DeadlineFeedId, FeedEntry},
    deadlines::DeadlineId,
    tenants::TenantId,
    users::UserId,
};

use crate::{identity::Access, storage::StorageError};

/// A move of a running deadline that the feed of somebody who carries it was not fetched after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnseenMove {
    /// Whose feed.
    pub user: UserId,
    /// Which deadline.
    pub deadline: DeadlineId,
    /// The day that it was due before.
    pub from: Date,
    /// Which of the changes of its entry the move was.
    pub sequence: u32,
}

/// The feeds of one tenant, one for each user. Needs the tenant's scope, except where a method says otherwise.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait DeadlineFeedRepository {
    /// What the owner of the feed with this hash of its token may do, with the feed's id in place of a session's;
    /// nothing when the user has ended or has no active place in the feed's tenant. Needs the identity scope.
    ///
    /// # Errors
    /// [`StorageError`].
    fn presented(&mut self, hash: &[u8; 32]) -> Result<Option<Access>, StorageError>;

    /// The feed of a user.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, user: UserId) -> Result<Option<DeadlineFeed>, StorageError>;

    /// Adds a feed, and says whether the user had none; of two at once, one adds.
    ///
    /// # Errors
    /// [`StorageError`].
    fn insert(&mut self, feed: &DeadlineFeed, hash: &[u8; 32]) -> Result<bool, StorageError>;

    /// Writes when the present address of a feed was made and gives it this one, which nobody has fetched yet; the one
    /// before counts no more. What was seen through it stays seen.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when it is gone.
    fn replace(&mut self, feed: &DeadlineFeed, hash: &[u8; 32]) -> Result<(), StorageError>;

    /// Removes a user's feed, and says whether there was one.
    ///
    /// # Errors
    /// [`StorageError`].
    fn delete(&mut self, user: UserId) -> Result<bool, StorageError>;

    /// What a user's calendar shows: the deadlines of the grievances that the user represents or is the steward of,
    /// those that run and those that ended after an instant, the running ones and the earliest first, at most so many.
    ///
    /// # Errors
    /// [`StorageError`].
    fn entries(
        &mut self,
        user: UserId,
        ended_after: Timestamp,
        most: u16,
    ) -> Result<Vec<FeedEntry>, StorageError>;

    /// Writes down that a feed was fetched, and what was shown. One that is gone by now is fine.
    ///
    /// # Errors
    /// [`StorageError`].
    fn fetched(
        &mut self,
        feed: DeadlineFeedId,
        shown: &[FeedEntry],
        at: Timestamp,
    ) -> Result<(), StorageError>;

    /// The tenants in which a running deadline moved after an instant, in the worker's scope.
    ///
    /// # Errors
    /// [`StorageError`], in any other scope too.
    fn tenants_with_moves(&mut self, after: Timestamp) -> Result<Vec<TenantId>, StorageError>;

    /// The last moves of running deadlines between two instants, the later one included, that came after a carrier's
    /// feed was made, that this feed was not fetched after, and that its owner was not told of, at most so many.
    ///
    /// # Errors
    /// [`StorageError`].
    fn unseen_moves(
        &mut self,
        after: Timestamp,
        until: Timestamp,
        most: u16,
    ) -> Result<Vec<UnseenMove>, StorageError>;

    /// Takes note that somebody is told of a move, and says whether they had not been. Of two who ask at once the
    /// second waits for the end of the first.
    ///
    /// # Errors
    /// [`StorageError`].
    fn insert_notice(&mut self, unseen: &UnseenMove, at: Timestamp) -> Result<bool, StorageError>;
}
