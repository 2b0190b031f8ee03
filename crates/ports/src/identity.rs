//! Users, their places in tenants, and their sessions, in storage.

use jiff::Timestamp;
use unionhall_domain::{
    ids::Id,
    members::MemberId,
    passwords::Strength,
    roles::Role,
    tenants::{Slug, Tenant, TenantId},
    users::{EmailAddress, User, UserId},
};

pub use unionhall_domain::roles::HeldRole;

use crate::{passwords::PasswordHash, storage::StorageError};

/// The id of a [`Session`].
pub type SessionId = Id<Session>;

/// A user's place in a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The user.
    pub user: UserId,
    /// The tenant.
    pub tenant: TenantId,
    /// The roles held there.
    pub roles: Vec<HeldRole>,
    /// The union member the user is, if one.
    pub member: Option<MemberId>,
}

/// Whether a user may sign in at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserState {
    /// Yes.
    Active,
    /// Switched off.
    Inactive,
    /// Deleted.
    Deleted,
}

/// What signing in needs to know of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The user.
    pub user: User,
    /// The password's hash.
    pub password_hash: PasswordHash,
    /// Whether the user may sign in.
    pub state: UserState,
    /// Whether the user has shown that the address is theirs.
    pub verified: bool,
    /// Wrong passwords in a row, of strangers.
    pub failures: u32,
    /// Until when no stranger's password is accepted.
    pub locked_until: Option<Timestamp>,
    /// The tenant the user signs in to: of those with an active place the one last used, else the first joined.
    pub tenant: Option<TenantId>,
}

/// A sign-in on one device: the family of its refresh tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// The tenant it works in.
    pub tenant: TenantId,
    /// What the client says it is.
    pub device: Option<String>,
    /// The client's network address.
    pub address: Option<String>,
    /// When it began.
    pub created_at: Timestamp,
}

/// A one-time refresh token, known by its SHA-256 alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// SHA-256 of the token.
    pub hash: [u8; 32],
    /// The session it continues.
    pub session: SessionId,
    /// When it was made.
    pub issued_at: Timestamp,
    /// From when it is worth nothing.
    pub expires_at: Timestamp,
}

/// What became of a refresh token that was presented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spending {
    /// It was good, and is spent now; the session goes on.
    Spent(Session),
    /// It had been spent before: somebody else has it.
    Reused(Session),
    /// It is unknown or expired, its session or user has ended, or the user's place is not active.
    Refused,
}

/// What a session may do in a tenant now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The session.
    pub session: SessionId,
    /// The user.
    pub user: User,
    /// The tenant.
    pub tenant: Tenant,
    /// The roles held there, expired ones too.
    pub roles: Vec<HeldRole>,
    /// The union member the user is, if one.
    pub member: Option<MemberId>,
    /// The roles whose holders must have a second factor there.
    pub second_factor_roles: Vec<Role>,
    /// Whether the user has a second factor, and has confirmed it.
    pub has_second_factor: bool,
}

/// A user of a tenant who can be given work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// The user.
    pub user: User,
    /// The roles held in the tenant.
    pub roles: Vec<HeldRole>,
}

/// Users and sessions. Needs the identity scope, except where a method says otherwise.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait IdentityRepository {
    /// What signing in with this address needs to know.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_credentials(
        &mut self,
        email: &EmailAddress,
    ) -> Result<Option<Credentials>, StorageError>;

    /// Adds a user who may sign in, and whose address counts as verified.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `users_email_key` when the address is taken.
    fn insert_user(&mut self, user: &User, hash: &PasswordHash) -> Result<(), StorageError>;

    /// Adds a user who may sign in once the address is verified, and returns its id. A user of that address who has not
    /// verified it gets name and password anew instead; one who has, or who is switched off or deleted, stays as they
    /// are, and nothing is returned. What they wanted when they registered before is forgotten. Of two at once, one adds and the other finds. `hall` is the tenant that they want
    /// to join; it counts if there is one of that name which takes who registers.
    ///
    /// # Errors
    /// [`StorageError`].
    fn register(
        &mut self,
        user: &User,
        hash: &PasswordHash,
        hall: Option<Slug>,
    ) -> Result<Option<UserId>, StorageError>;

    /// Says that a user has shown that the address is theirs, and returns the tenant that they registered for, if it
    /// still takes who registers and can change anything. Saying it again changes nothing and returns nothing.
    ///
    /// # Errors
    /// [`StorageError`].
    fn verify_email(
        &mut self,
        user: UserId,
        at: Timestamp,
    ) -> Result<Option<TenantId>, StorageError>;

    /// Users by address, deleted ones aside; only those with a place in `tenant` that was not removed when one is
    /// named.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list_users(&mut self, tenant: Option<TenantId>) -> Result<Vec<User>, StorageError>;

    /// Gives a user a new password, ends what stood against the old one: failures and locks, wherever from, and what
    /// stood on it: trusted devices and sign-ins that are half done. A password that does not stand alone is covered by
    /// the user's second factor from then on, which cannot be removed before there is another.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the password does not stand alone and there is no second factor.
    fn set_password(
        &mut self,
        user: UserId,
        hash: &PasswordHash,
        strength: Strength,
        at: Timestamp,
    ) -> Result<(), StorageError>;

    /// Gives a user a place in a tenant, or replaces roles and member of the place there is; it is active then,
    /// whatever it was.
    ///
    /// # Errors
    /// [`StorageError`].
    fn put_membership(
        &mut self,
        membership: &Membership,
        at: Timestamp,
    ) -> Result<(), StorageError>;

    /// The tenants a user has an active place in, by slug.
    ///
    /// # Errors
    /// [`StorageError`].
    fn tenants_of(&mut self, user: UserId) -> Result<Vec<Tenant>, StorageError>;

    /// The user with this id and its roles, if it has an active place in the scope's tenant and may sign in.
    /// Works in the tenant's scope.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_colleague(&mut self, user: UserId) -> Result<Option<Colleague>, StorageError>;

    /// The same for many users with one statement, in any order; who is none is left out.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_colleagues(&mut self, users: &[UserId]) -> Result<Vec<Colleague>, StorageError>;

    /// Begins a session with its first refresh token.
    ///
    /// # Errors
    /// [`StorageError`].
    fn insert_session(
        &mut self,
        session: &Session,
        token: &RefreshToken,
    ) -> Result<(), StorageError>;

    /// Spends a refresh token; of two who present it at once, one spends it.
    ///
    /// # Errors
    /// [`StorageError`].
    fn spend_token(&mut self, hash: &[u8; 32], now: Timestamp) -> Result<Spending, StorageError>;

    /// Adds the next refresh token of a session.
    ///
    /// # Errors
    /// [`StorageError`].
    fn insert_token(&mut self, token: &RefreshToken) -> Result<(), StorageError>;

    /// Moves a session to a tenant that its user has an active place in, and ends its refresh tokens at `at`: the
    /// next one is the only one. Tells whether it was moved: an ended session is not.
    ///
    /// # Errors
    /// [`StorageError`].
    fn move_session(
        &mut self,
        session: SessionId,
        tenant: TenantId,
        at: Timestamp,
    ) -> Result<bool, StorageError>;

    /// Ends a session; ending an ended one is fine.
    ///
    /// # Errors
    /// [`StorageError`].
    fn end_session(&mut self, session: SessionId, at: Timestamp) -> Result<(), StorageError>;

    /// Ends every session of a user and tells how many were open.
    ///
    /// # Errors
    /// [`StorageError`].
    fn end_sessions(&mut self, user: UserId, at: Timestamp) -> Result<u64, StorageError>;

    /// Ends every session of a user but one, and tells how many were open.
    ///
    /// # Errors
    /// [`StorageError`].
    fn end_other_sessions(
        &mut self,
        user: UserId,
        kept: SessionId,
        at: Timestamp,
    ) -> Result<u64, StorageError>;

    /// What a session may do in a tenant now; nothing when the session or the user has ended, or the
    /// user has no active place there.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_access(
        &mut self,
        session: SessionId,
        tenant: TenantId,
    ) -> Result<Option<Access>, StorageError>;
}
