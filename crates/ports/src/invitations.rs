//! Invitations in storage. They are a tenant's own; whoever accepts one comes to the identity scope with a token.

use jiff::Timestamp;
use unionhall_domain::{
    invitations::{Invitation, InvitationId, Status, Tally},
    members::MemberId,
    roles::Role,
    users::{EmailAddress, places::PlaceState},
};

use crate::{
    identity::Colleague,
    pages::{Page, PageRequest},
    storage::StorageError,
};

/// Which invitations are wanted; what is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InvitationFilter {
    /// That stand so now.
    pub status: Option<Status>,
    /// To this role, among others.
    pub role: Option<Role>,
    /// Whose name or address holds these words, accents and case aside.
    pub search: Option<String>,
}

/// What a list of invitations can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InvitationSort {
    /// When it was first sent.
    #[default]
    Created,
    /// E-mail address.
    Email,
    /// When it runs out, or has.
    Expiry,
}

/// What the tenant knows of somebody who is to be invited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Acquaintance {
    /// Where the user with this address stands in the tenant, if there is one.
    pub place: Option<PlaceState>,
    /// Whether the member is another user.
    pub is_member_taken: bool,
}

/// An invitation that somebody came with, and what it takes to let them in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    /// The invitation.
    pub invitation: Invitation,
    /// Who answers for it, with the roles held there; nobody when they have no active place there any more.
    pub inviter: Option<Colleague>,
    /// What the tenant knows of whom it invited.
    pub known: Acquaintance,
}

/// Invitations. Needs the tenant's scope, except where a method says otherwise.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait InvitationRepository {
    /// The invitation with this id. One that waits is told as it is kept, also when it has run out.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, id: InvitationId) -> Result<Option<Invitation>, StorageError>;

    /// The invitations that match as of `now`, in a total order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        filter: &InvitationFilter,
        page: &PageRequest<InvitationSort>,
        now: Timestamp,
    ) -> Result<Page<Invitation>, StorageError>;

    /// How many invitations stand how at `now`.
    ///
    /// # Errors
    /// [`StorageError`].
    fn tally(&mut self, now: Timestamp) -> Result<Tally, StorageError>;

    /// What the tenant knows of a person, and of the member that they are said to be. People of other tenants are
    /// known to nobody.
    ///
    /// # Errors
    /// [`StorageError`].
    fn acquaintance(
        &mut self,
        email: &EmailAddress,
        member: Option<MemberId>,
    ) -> Result<Acquaintance, StorageError>;

    /// Writes down of invitations to this address, or for this member, that they have run out, so that another can
    /// wait in their place; returns them as they are then.
    ///
    /// # Errors
    /// [`StorageError`].
    fn retire(
        &mut self,
        email: &EmailAddress,
        member: Option<MemberId>,
        now: Timestamp,
    ) -> Result<Vec<Invitation>, StorageError>;

    /// Adds an invitation that waits, with the SHA-256 of its token, and tells whether it did: beside another one that
    /// waits at this address, or for this member, nothing is added. Of two at once, one is added.
    ///
    /// # Errors
    /// [`StorageError`].
    fn insert(&mut self, invitation: &Invitation, hash: &[u8; 32]) -> Result<bool, StorageError>;

    /// Writes what became of an invitation whose version is one above the stored one. With a hash, the token that it
    /// belongs to is the only one from now on. Works in the identity scope too.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another; [`StorageError::Constraint`] with
    /// `invitations_pending_key` or `invitations_pending_member_key` when another one waits.
    fn update(
        &mut self,
        invitation: &Invitation,
        hash: Option<[u8; 32]>,
    ) -> Result<(), StorageError>;

    /// The invitation with this id that waits at `now`, if the token with this hash is the one that was sent last.
    /// Needs the identity scope.
    ///
    /// # Errors
    /// [`StorageError`].
    fn look(
        &mut self,
        id: InvitationId,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<Presented>, StorageError>;

    /// The same, kept from being changed by others until the transaction ends: who comes second waits, and then sees
    /// what the first has left. Needs the identity scope.
    ///
    /// # Errors
    /// [`StorageError`].
    fn claim(
        &mut self,
        id: InvitationId,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<Presented>, StorageError>;
}
