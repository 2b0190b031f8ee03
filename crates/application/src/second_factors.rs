//! The second factor: setting it up, proving it at sign-in, and living without it for a while or for good.
//!
//! Nothing here is kept for retries or rehearsed: what goes in are passwords and codes, what comes out are secrets
//! that are shown once, and a rehearsal would be a guess that does not count.

mod errors;
mod letters;
mod proving;
mod resetting;
mod totp;

use std::{fmt, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use unionhall_domain::{
    audit::{AuditAction, Target},
    ids::Id,
    second_factors::{
        OneTimeCode, RECOVERY_BYTES, RECOVERY_CODES, RecoveryCode, TotpSecret, TrustedDevice,
        TrustedDeviceId,
    },
    users::{EmailAddress, UserId},
};
use unionhall_ports::{
    audit::{AuditEvent, Origin},
    clock::Clock,
    identity::Credentials,
    locks::Watch,
    second_factors::SecondFactor,
    unit_of_work::{Repositories, Scope},
};
use uuid::Uuid;

pub(crate) use self::proving::{Means, Next, after_password};
pub use self::{
    errors::SecondFactorError,
    proving::{Challenged, Finished, Proof},
};
use crate::{
    call::Call,
    core::Core,
    error::CallError,
    identity::{Challenge, Identity},
    locks,
};

/// For how long a device is trusted.
pub const TRUSTED: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How somebody stands with the second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Whether there is one.
    pub state: State,
    /// Whether a role held in the present tenant needs one.
    pub required: bool,
    /// The devices on which the password alone is enough, newest first.
    pub devices: Vec<TrustedDevice>,
}

/// Whether somebody has a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// No.
    None,
    /// It was begun then, and no code has shown yet that the phone has the secret.
    Begun(Timestamp),
    /// Yes.
    Confirmed {
        /// Since when.
        at: Timestamp,
        /// How many recovery codes are left.
        recovery_codes: u64,
    },
}

/// A secret on its way to a phone; shown this once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The secret.
    pub secret: TotpSecret,
    /// The account it is for, as the phone will list it.
    pub account: EmailAddress,
}

/// A set of recovery codes; shown this once.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCodes(pub Vec<RecoveryCode>);

impl fmt::Debug for RecoveryCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCodes(…)")
    }
}

impl RecoveryCodes {
    fn draw(clock: &dyn Clock) -> Self {
        let code = |_| RecoveryCode::of(&beginning::<RECOVERY_BYTES>(clock.secret()));
        Self((0..RECOVERY_CODES).map(code).collect())
    }

    /// All that storage knows of them. Plain SHA-256 is enough: of 120 random bits nobody can try all, so there is
    /// nothing that a slow hash or a salt would make harder.
    fn hashes(&self) -> Vec<[u8; 32]> {
        self.0.iter().map(proving::recovery_hash).collect()
    }
}

/// An account that is held until the transaction ends, with the guard against whoever comes from there.
type Held = (Watch, Credentials);

/// The use cases of the second factor.
#[derive(Clone)]
pub struct SecondFactors {
    core: Arc<Core>,
    identity: Identity,
}

impl SecondFactors {
    /// Over these ports.
    pub fn new(core: Arc<Core>) -> Self {
        let identity = Identity::new(Arc::clone(&core));
        Self { core, identity }
    }

    /// How the caller stands with the second factor.
    ///
    /// # Errors
    /// [`SecondFactorError`].
    pub fn show(&self, call: &Call) -> Result<Standing, SecondFactorError> {
        let user = caller(call)?;
        let now = self.core.clock.now();
        self.core.unit_of_work.snapshot(Scope::Identity, |tx| {
            let state = match tx.second_factors().find(user)? {
                None => State::None,
                Some(factor) => match factor.confirmed_at {
                    None => State::Begun(factor.begun_at),
                    Some(at) => State::Confirmed {
                        at,
                        recovery_codes: tx.second_factors().count_recovery_codes(user)?,
                    },
                },
            };
            Ok(Standing {
                state,
                required: call.actor.needs_second_factor(),
                devices: tx.trusted_devices().list(user, now)?,
            })
        })
    }

    /// Begins an enrolment with a new secret; one that was begun before is worth nothing then.
    ///
    /// The password is asked for again, so that a session that was left open is not enough to take an account over.
    ///
    /// # Errors
    /// [`SecondFactorError::Wrong`] for a wrong password, [`SecondFactorError::AlreadyThere`].
    pub fn begin(
        &self,
        call: &Call,
        challenge: &Challenge,
        password_matched: bool,
    ) -> Result<Enrolment, SecondFactorError> {
        let now = self.core.clock.now();
        let secret = TotpSecret::new(beginning(self.core.clock.secret()));
        self.keeping_failures(|tx| {
            let held = Self::account(tx, call, now)?;
            if !self.password_proven(tx, call, challenge, password_matched, &held, now)? {
                return Ok(Err(SecondFactorError::wrong_password()));
            }
            let user = held.1.user.id;
            let factor = tx.second_factors().find(user)?;
            if factor.is_some_and(|factor| factor.confirmed_at.is_some()) {
                return Err(SecondFactorError::AlreadyThere);
            }
            let sealed = self.seal(user, &secret)?;
            tx.second_factors().begin(user, &sealed, now)?;
            let event = self.own(now, call, AuditAction::SecondFactorBegun, user);
            tx.audit().insert(&[event])?;
            let account = held.1.user.email;
            Ok(Ok(Enrolment { secret, account }))
        })
    }

    /// Confirms the enrolment by a first code of the phone, and draws the recovery codes.
    ///
    /// Wrong codes are not counted: whoever may call this was shown the secret itself.
    ///
    /// # Errors
    /// [`SecondFactorError::Wrong`] for a wrong code, [`SecondFactorError::NotThere`] before an enrolment is begun,
    /// [`SecondFactorError::AlreadyThere`].
    pub fn confirm(
        &self,
        call: &Call,
        code: OneTimeCode,
    ) -> Result<RecoveryCodes, SecondFactorError> {
        let user = caller(call)?;
        let now = self.core.clock.now();
        let codes = RecoveryCodes::draw(&*self.core.clock);
        self.core.unit_of_work.transaction(Scope::Identity, |tx| {
            let factor = tx.second_factors().find(user)?;
            let factor = factor.ok_or(SecondFactorError::NotThere)?;
            if factor.confirmed_at.is_some() {
                return Err(SecondFactorError::AlreadyThere);
            }
            let secret = self.open(&factor)?;
            let step = totp::accepted(&secret, code, now, None);
            let step = step.ok_or_else(SecondFactorError::wrong_code)?;
            tx.second_factors()
                .confirm(&factor, step, &codes.hashes(), now)?;
            let event = self.own(now, call, AuditAction::SecondFactorConfirmed, user);
            tx.audit().insert(&[event])?;
            if let Some(person) = call.actor.user() {
                let letter = letters::set_up(person, &self.core.links);
                self.core.post(tx, letter)?;
            }
            Ok(codes)
        })
    }

    /// Draws a new set of recovery codes; the old ones are worth nothing then.
    ///
    /// # Errors
    /// [`SecondFactorError::Wrong`] for a wrong code, [`SecondFactorError::NotThere`].
    pub fn renew_codes(
        &self,
        call: &Call,
        code: OneTimeCode,
    ) -> Result<RecoveryCodes, SecondFactorError> {
        let now = self.core.clock.now();
        let codes = RecoveryCodes::draw(&*self.core.clock);
        self.keeping_failures(|tx| {
            let held = Self::account(tx, call, now)?;
            let factor = confirmed(tx, held.1.user.id)?;
            if !self.proven(tx, &held, &factor, &Proof::Code(code), now, &call.origin)? {
                return Ok(Err(SecondFactorError::wrong_code()));
            }
            let user = held.1.user.id;
            tx.second_factors()
                .replace_recovery_codes(user, &codes.hashes())?;
            let event = self.own(now, call, AuditAction::RecoveryCodesRenewed, user);
            tx.audit().insert(&[event])?;
            Ok(Ok(codes))
        })
    }

    /// Removes the factor, the recovery codes and the trusted devices.
    ///
    /// # Errors
    /// [`SecondFactorError::Required`] where a role held needs one, [`SecondFactorError::Wrong`] for a wrong
    /// password or code and for a password that is too short to stand alone, [`SecondFactorError::NotThere`].
    pub fn remove(
        &self,
        call: &Call,
        challenge: &Challenge,
        password_matched: bool,
        proof: &Proof,
    ) -> Result<(), SecondFactorError> {
        let now = self.core.clock.now();
        if call.actor.needs_second_factor() {
            return Err(SecondFactorError::Required);
        }
        self.keeping_failures(|tx| {
            let held = Self::account(tx, call, now)?;
            let factor = confirmed(tx, held.1.user.id)?;
            if !self.password_proven(tx, call, challenge, password_matched, &held, now)? {
                return Ok(Err(SecondFactorError::wrong_password()));
            }
            if !self.proven(tx, &held, &factor, proof, now, &call.origin)? {
                return Ok(Err(SecondFactorError::wrong(proof)));
            }
            let user = held.1.user.id;
            // The code is spent, as it is whenever it was right.
            if !tx.second_factors().remove(user)? {
                return Ok(Err(SecondFactorError::leaned_on()));
            }
            let event = self.own(now, call, AuditAction::SecondFactorRemoved, user);
            tx.audit().insert(&[event])?;
            let letter = letters::removed(&held.1.user, &self.core.links);
            self.core.post(tx, letter)?;
            Ok(Ok(()))
        })
    }

    /// The caller's trusted devices, newest first.
    ///
    /// # Errors
    /// [`SecondFactorError`].
    pub fn devices(&self, call: &Call) -> Result<Vec<TrustedDevice>, SecondFactorError> {
        let user = caller(call)?;
        let now = self.core.clock.now();
        self.core.unit_of_work.read(Scope::Identity, |tx| {
            Ok(tx.trusted_devices().list(user, now)?)
        })
    }

    /// Trusts a device of the caller no more.
    ///
    /// # Errors
    /// [`SecondFactorError::NoDevice`].
    pub fn distrust(&self, call: &Call, device: TrustedDeviceId) -> Result<(), SecondFactorError> {
        let user = caller(call)?;
        let now = self.core.clock.now();
        self.core.unit_of_work.transaction(Scope::Identity, |tx| {
            if !tx.trusted_devices().remove(user, device)? {
                return Err(SecondFactorError::NoDevice);
            }
            let event = AuditEvent {
                target: Target::TrustedDevice,
                target_id: Some(device.uuid()),
                ..self.own(now, call, AuditAction::Deleted, user)
            };
            Ok(tx.audit().insert(&[event])?)
        })
    }

    /// Trusts no device of the caller any more.
    ///
    /// # Errors
    /// [`SecondFactorError`].
    pub fn distrust_all(&self, call: &Call) -> Result<(), SecondFactorError> {
        let user = caller(call)?;
        let now = self.core.clock.now();
        self.core.unit_of_work.transaction(Scope::Identity, |tx| {
            let removed = tx.trusted_devices().remove_all(user)?;
            let event = AuditEvent {
                target: Target::TrustedDevice,
                target_id: None,
                details: vec![("devices", removed.to_string())],
                ..self.own(now, call, AuditAction::Deleted, user)
            };
            Ok(tx.audit().insert(&[event])?)
        })
    }

    /// A transaction that is kept when somebody failed to prove who they are: the failure counts.
    fn keeping_failures<T>(
        &self,
        work: impl FnOnce(
            &mut dyn Repositories,
        ) -> Result<Result<T, SecondFactorError>, SecondFactorError>,
    ) -> Result<T, SecondFactorError> {
        self.core
            .unit_of_work
            .transaction(Scope::Identity, work)
            .flatten()
    }

    /// The caller's account as it is now, held until the transaction ends.
    fn account(
        tx: &mut dyn Repositories,
        call: &Call,
        now: Timestamp,
    ) -> Result<Held, SecondFactorError> {
        let user = call.actor.user().ok_or(SecondFactorError::NotThere)?;
        let held = locks::hold(tx, &user.email, now, &call.origin)?;
        // An address that was changed a moment ago may be somebody else's by now.
        held.filter(|(_, found)| found.user.id == user.id)
            .ok_or(SecondFactorError::Call(CallError::ChangedMeanwhile))
    }

    fn own(&self, at: Timestamp, call: &Call, action: AuditAction, user: UserId) -> AuditEvent {
        AuditEvent {
            id: self.core.clock.new_id(),
            at,
            tenant: Some(call.actor.tenant_id()),
            actor: call.actor.in_trail(),
            action,
            target: Target::User,
            target_id: Some(user.uuid()),
            changes: Vec::new(),
            details: Vec::new(),
            origin: call.origin.clone(),
        }
    }

    /// A device that will be trusted, and how storage knows its token.
    fn device(
        &self,
        user: UserId,
        now: Timestamp,
        origin: &Origin,
    ) -> Result<TrustedDevice, CallError> {
        let expires_at = now
            .checked_add(TRUSTED)
            .map_err(|error| CallError::Internal(error.into()))?;
        Ok(TrustedDevice {
            id: Id::new(self.new_id()),
            user,
            label: origin.device.clone(),
            created_at: now,
            last_used_at: None,
            expires_at,
        })
    }

    fn new_id(&self) -> Uuid {
        self.core.clock.new_id()
    }
}

/// Who calls; the operator has no sign-in and no second factor.
fn caller(call: &Call) -> Result<UserId, SecondFactorError> {
    call.actor.user_id().ok_or(SecondFactorError::NotThere)
}

/// The factor of a user that counts.
fn confirmed(tx: &mut dyn Repositories, user: UserId) -> Result<SecondFactor, SecondFactorError> {
    let factor = tx.second_factors().find(user)?;
    factor
        .filter(|factor| factor.confirmed_at.is_some())
        .ok_or(SecondFactorError::NotThere)
}

/// As many of some random bytes as are needed.
fn beginning<const N: usize>(bytes: [u8; 32]) -> [u8; N] {
    let mut bytes = bytes.into_iter();
    std::array::from_fn(|_| bytes.next().unwrap_or_default())
}

#[cfg(test)]
mod tests;
