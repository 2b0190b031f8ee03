//! Members in storage.

use unionhall_domain::members::{
    Member, MemberClassification, MemberId, MemberNumber, MemberStatus,
};

use crate::{
    pages::{Page, PageRequest},
    storage::StorageError,
};

/// Which members are wanted; what is empty does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MemberFilter {
    /// With this status.
    pub status: Option<MemberStatus>,
    /// With this classification.
    pub classification: Option<MemberClassification>,
    /// Whose name, number or e-mail address matches these words, accents and case aside. When none
    /// match, names that are spelt alike are found instead.
    pub search: Option<String>,
    /// Only this one: what a member without further rights may see.
    pub only: Option<MemberId>,
}

/// What a list of members can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MemberSort {
    /// Family name, given name; accents and case aside.
    #[default]
    Name,
    /// Member number.
    Number,
    /// Time of entry.
    Created,
}

/// The members of one tenant.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait MemberRepository {
    /// The member with this id, unless deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, id: MemberId) -> Result<Option<Member>, StorageError>;

    /// The member with this id, unless deleted, kept from being changed or deleted by others until
    /// the transaction ends; others may hold it too.
    ///
    /// # Errors
    /// [`StorageError`].
    fn hold(&mut self, id: MemberId) -> Result<Option<Member>, StorageError>;

    /// The member with this id, unless deleted, kept from being changed, deleted, held or locked by others until the
    /// transaction ends: for whoever decides on all that hangs on the member.
    ///
    /// # Errors
    /// [`StorageError`].
    fn lock(&mut self, id: MemberId) -> Result<Option<Member>, StorageError>;

    /// The member with this id, if it is deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_deleted(&mut self, id: MemberId) -> Result<Option<Member>, StorageError>;

    /// The member with this number, unless deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_by_number(&mut self, number: &MemberNumber) -> Result<Option<Member>, StorageError>;

    /// The members that match and are not deleted, in a total order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        filter: &MemberFilter,
        page: &PageRequest<MemberSort>,
    ) -> Result<Page<Member>, StorageError>;

    /// Adds a member.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `members_number_key` when the number is taken.
    fn insert(&mut self, member: &Member) -> Result<(), StorageError>;

    /// Writes a member whose version is one above the stored one.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another; [`StorageError::Constraint`] as for
    /// [`insert`](Self::insert).
    fn update(&mut self, member: &Member) -> Result<(), StorageError>;

    /// The members with these numbers, deleted ones too, locked until the transaction ends.
    ///
    /// # Errors
    /// [`StorageError`].
    fn lock_by_numbers(&mut self, numbers: &[MemberNumber]) -> Result<Vec<Member>, StorageError>;

    /// The members with these ids that are not deleted, locked until the transaction ends in the order of their ids.
    ///
    /// # Errors
    /// [`StorageError`].
    fn lock_by_ids(&mut self, ids: &[MemberId]) -> Result<Vec<Member>, StorageError>;

    /// Adds many members in one round trip.
    ///
    /// # Errors
    /// As for [`insert`](Self::insert); then none is added.
    fn insert_many(&mut self, members: &[Member]) -> Result<(), StorageError>;

    /// Writes many members that were locked, in one round trip.
    ///
    /// # Errors
    /// [`StorageError::Stale`] unless every one was written.
    fn update_many(&mut self, members: &[Member]) -> Result<(), StorageError>;
}
