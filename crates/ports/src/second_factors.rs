//! People's second factors and recovery codes, in storage.

use jiff::Timestamp;
use unionhall_domain::{roles::Role, second_factors::TimeStep, users::UserId};

use crate::{sealing::Sealed, storage::StorageError};

/// Somebody's second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// Whose it is.
    pub user: UserId,
    /// The secret that the phone has too.
    pub secret: Sealed,
    /// When it was begun.
    pub begun_at: Timestamp,
    /// When a first code showed that the phone has it; before that it is asked of nobody.
    pub confirmed_at: Option<Timestamp>,
    /// The step whose code was accepted last: none up to it is accepted again.
    pub last_step: Option<TimeStep>,
    /// Whether the password is too short to stand without the factor.
    pub covers_password: bool,
}

/// Second factors. Needs the identity scope, except where a method says otherwise.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait SecondFactorRepository {
    /// The user's factor, confirmed or not.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, user: UserId) -> Result<Option<SecondFactor>, StorageError>;

    /// Begins an enrolment with a new secret, in place of one that was begun and not confirmed.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the user has a confirmed factor.
    fn begin(&mut self, user: UserId, secret: &Sealed, at: Timestamp) -> Result<(), StorageError>;

    /// Confirms the enrolment with this secret; the code of `step` was its first. The set of recovery codes, known
    /// by their SHA-256 alone, comes with it.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when another enrolment was begun, or it was confirmed, meanwhile.
    fn confirm(
        &mut self,
        factor: &SecondFactor,
        step: TimeStep,
        recovery_codes: &[[u8; 32]],
        at: Timestamp,
    ) -> Result<(), StorageError>;

    /// Accepts the code of a step, unless that of the same or a later one was accepted before: of two who come at
    /// once, one is accepted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn accept_step(&mut self, user: UserId, step: TimeStep) -> Result<bool, StorageError>;

    /// Puts the same secret, sealed anew, in place of `old`; when there is another meanwhile, it stays.
    ///
    /// # Errors
    /// [`StorageError`].
    fn reseal(&mut self, user: UserId, old: &Sealed, new: &Sealed) -> Result<(), StorageError>;

    /// Removes the factor with its recovery codes, and with it everything that stands in for it or waits for it:
    /// trusted devices and sign-ins that were half done. A factor that covers the password stays, with all of that. Tells
    /// whether there was one that could go.
    ///
    /// # Errors
    /// [`StorageError`].
    fn remove(&mut self, user: UserId) -> Result<bool, StorageError>;

    /// Puts a new set of recovery codes, known by their SHA-256 alone, in place of the old one.
    ///
    /// # Errors
    /// [`StorageError`].
    fn replace_recovery_codes(
        &mut self,
        user: UserId,
        recovery_codes: &[[u8; 32]],
    ) -> Result<(), StorageError>;

    /// Spends a recovery code; of two who come at once with the same one, one spends it.
    ///
    /// # Errors
    /// [`StorageError`].
    fn spend_recovery_code(
        &mut self,
        user: UserId,
        recovery_code: &[u8; 32],
    ) -> Result<bool, StorageError>;

    /// How many recovery codes are left.
    ///
    /// # Errors
    /// [`StorageError`].
    fn count_recovery_codes(&mut self, user: UserId) -> Result<u64, StorageError>;

    /// The roles that somebody holds in other tenants than the scope's at `now`. Works in the tenant's scope.
    ///
    /// # Errors
    /// [`StorageError`].
    fn roles_elsewhere(&mut self, user: UserId, now: Timestamp) -> Result<Vec<Role>, StorageError>;

    /// Removes the factor of somebody who has a place in the scope's tenant, as [`remove`](Self::remove) does, and
    /// ends all their sessions; a password that the factor covered counts no more. Tells whether there was a factor; else
    /// nothing ends. Works in the tenant's scope.
    ///
    /// # Errors
    /// [`StorageError`].
    fn reset(&mut self, user: UserId, at: Timestamp) -> Result<bool, StorageError>;
}
