//! Proving the second factor: at sign-in, and before the factor itself is changed.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use unionhall_domain::{
    audit::{AuditAction, Target},
    second_factors::{OneTimeCode, RecoveryCode, TotpSecret},
    users::UserId,
};
use unionhall_ports::{
    audit::{AuditActor, AuditEvent, Origin},
    identity::Credentials,
    sealing::Sealed,
    second_factors::SecondFactor,
    sign_in_challenges::SignInChallenge,
    unit_of_work::Repositories,
};

use super::{Held, SecondFactorError, SecondFactors, letters, totp};
use crate::{
    call::Call,
    core::Core,
    error::CallError,
    identity::{Challenge, SignedIn, may_sign_in},
    locks,
};

/// How long a sign-in waits for its second factor.
const WAITING: SignedDuration = SignedDuration::from_mins(5);
/// So many wrong codes end a sign-in that waits.
const ATTEMPTS: u32 = 5;

/// What somebody offers to prove the second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// The phone's code.
    Code(OneTimeCode),
    /// A recovery code.
    RecoveryCode(RecoveryCode),
}

/// A sign-in that waits for its second factor.
#[derive(Clone, PartialEq, Eq)]
pub struct Challenged {
    /// Its token: 32 random bytes in URL-safe base64 (RFC 4648 §5), shown this once.
    pub token: String,
    /// How long it waits.
    pub waits: SignedDuration,
}

impl fmt::Debug for Challenged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Challenged")
            .field("waits", &self.waits)
            .finish_non_exhaustive()
    }
}

/// A sign-in that came through with its second factor.
#[derive(Clone, PartialEq, Eq)]
pub struct Finished {
    /// The session.
    pub signed_in: SignedIn,
    /// The token of the device, if it is to be trusted; shown this once.
    pub device_token: Option<String>,
}

impl fmt::Debug for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Finished")
            .field("session", &self.signed_in.session)
            .finish_non_exhaustive()
    }
}

/// What let somebody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Means {
    /// The password alone: there is no second factor.
    Password,
    /// The password, on a device that is trusted.
    TrustedDevice,
    /// The password and the phone's code.
    Code,
    /// The password and a recovery code.
    RecoveryCode,
}

impl Means {
    /// What the audit trail says of it.
    pub(crate) fn details(self) -> Vec<(&'static str, String)> {
        let second = match self {
            Self::Password => return Vec::new(),
            Self::TrustedDevice => "trusted_device",
            Self::Code => "code",
            Self::RecoveryCode => "recovery_code",
        };
        vec![("second_factor", second.to_owned())]
    }
}

/// How a sign-in goes on after the right password.
pub(crate) enum Next {
    /// The session begins.
    Begin(Means),
    /// A code is asked for.
    Challenge(Challenged),
}

/// How a sign-in goes on after the right password: whoever has a second factor must prove it, unless the device
/// holds the token of one that is trusted.
pub(crate) fn after_password(
    core: &Core,
    tx: &mut dyn Repositories,
    user: UserId,
    device_token: Option<&str>,
    now: Timestamp,
) -> Result<Next, CallError> {
    let factor = tx.second_factors().find(user)?;
    if factor.is_none_or(|factor| factor.confirmed_at.is_none()) {
        return Ok(Next::Begin(Means::Password));
    }
    if let Some(token) = device_token
        && tx.trusted_devices().recognise(user, &hashed(token), now)?
    {
        return Ok(Next::Begin(Means::TrustedDevice));
    }
    let token = URL_SAFE_NO_PAD.encode(core.clock.secret());
    let expires_at = now
        .checked_add(WAITING)
        .map_err(|error| CallError::Internal(error.into()))?;
    tx.sign_in_challenges()
        .insert(user, &hashed(&token), now, expires_at)?;
    Ok(Next::Challenge(Challenged {
        token,
        waits: WAITING,
    }))
}

impl SecondFactors {
    /// Finishes a sign-in whose password was right, if the proof is right too; else writes the failure down as a
    /// wrong password is. The fifth ends the challenge.
    ///
    /// # Errors
    /// [`SecondFactorError::Refused`], whatever the reason.
    pub fn finish(
        &self,
        token: &str,
        proof: &Proof,
        trust_device: bool,
        origin: &Origin,
    ) -> Result<Finished, SecondFactorError> {
        let now = self.core.clock.now();
        let hash = hashed(token);
        self.keeping_failures(|tx| {
            let Some((challenge, held, factor)) = waiting(tx, &hash, now, origin)? else {
                self.identity.fail(tx, None, now, origin)?;
                return Ok(Err(SecondFactorError::Refused));
            };
            if !self.proven(tx, &held, &factor, proof, now, origin)? {
                count(tx, &challenge)?;
                return Ok(Err(SecondFactorError::Refused));
            }
            tx.sign_in_challenges().end(&hash)?;
            let (_, found) = &held;
            self.let_in(tx, found, proof, trust_device, now, origin)
                .map(Ok)
        })
    }

    /// Begins the session, and trusts the device if that is wished.
    fn let_in(
        &self,
        tx: &mut dyn Repositories,
        found: &Credentials,
        proof: &Proof,
        trust_device: bool,
        now: Timestamp,
        origin: &Origin,
    ) -> Result<Finished, SecondFactorError> {
        let means = match proof {
            Proof::Code(_) => Means::Code,
            Proof::RecoveryCode(_) => Means::RecoveryCode,
        };
        let tenant = found.tenant.ok_or(SecondFactorError::Refused)?;
        let signed_in = self
            .identity
            .begin(tx, &found.user, tenant, means, now, origin)?;
        if means == Means::RecoveryCode {
            let left = tx.second_factors().count_recovery_codes(found.user.id)?;
            let letter = letters::recovered(&found.user, left, &self.core.links);
            self.core.post(tx, letter)?;
        }
        let device_token = if trust_device {
            Some(self.trust(tx, found, now, origin)?)
        } else {
            None
        };
        Ok(Finished {
            signed_in,
            device_token,
        })
    }

    /// Trusts the device that signs in, and gives it the token by which it will be known.
    fn trust(
        &self,
        tx: &mut dyn Repositories,
        found: &Credentials,
        now: Timestamp,
        origin: &Origin,
    ) -> Result<String, SecondFactorError> {
        let user = found.user.id;
        let device = self.device(user, now, origin)?;
        let token = URL_SAFE_NO_PAD.encode(self.core.clock.secret());
        tx.trusted_devices().insert(&device, &hashed(&token))?;
        let event = AuditEvent {
            id: self.new_id(),
            at: now,
            tenant: found.tenant,
            actor: AuditActor::User(user),
            action: AuditAction::Created,
            target: Target::TrustedDevice,
            target_id: Some(device.id.uuid()),
            changes: Vec::new(),
            details: Vec::new(),
            origin: origin.clone(),
        };
        tx.audit().insert(&[event])?;
        Ok(token)
    }

    /// Whether the account may sign in and the proof is right, which then counts for nothing any more. A wrong one
    /// is written down as a wrong password is, and with as many of them the account is locked: otherwise a million
    /// codes could be tried by whoever knows the password, or has found a session that was left open.
    pub(super) fn proven(
        &self,
        tx: &mut dyn Repositories,
        (watch, found): &Held,
        factor: &SecondFactor,
        proof: &Proof,
        now: Timestamp,
        origin: &Origin,
    ) -> Result<bool, SecondFactorError> {
        if may_sign_in(found, now) && self.accepted(tx, factor, proof, now)? {
            return Ok(true);
        }
        self.identity.fail(tx, Some((*watch, found)), now, origin)?;
        Ok(false)
    }

    /// Whether the password that was checked is the account's own, still, and the account is not locked; else the
    /// failure is written down.
    pub(super) fn password_proven(
        &self,
        tx: &mut dyn Repositories,
        call: &Call,
        challenge: &Challenge,
        matched: bool,
        (watch, found): &Held,
        now: Timestamp,
    ) -> Result<bool, SecondFactorError> {
        let same = challenge.hash().as_ref() == Some(&found.password_hash);
        if matched && same && may_sign_in(found, now) {
            return Ok(true);
        }
        self.identity
            .fail(tx, Some((*watch, found)), now, &call.origin)?;
        Ok(false)
    }

    fn accepted(
        &self,
        tx: &mut dyn Repositories,
        factor: &SecondFactor,
        proof: &Proof,
        now: Timestamp,
    ) -> Result<bool, SecondFactorError> {
        let code = match proof {
            Proof::RecoveryCode(code) => {
                let hash = recovery_hash(code);
                return Ok(tx
                    .second_factors()
                    .spend_recovery_code(factor.user, &hash)?);
            }
            Proof::Code(code) => *code,
        };
        let secret = self.open(factor)?;
        let Some(step) = totp::accepted(&secret, code, now, factor.last_step) else {
            return Ok(false);
        };
        if !tx.second_factors().accept_step(factor.user, step)? {
            return Ok(false);
        }
        if !self.core.sealer.is_current(&factor.secret) {
            let sealed = self.seal(factor.user, &secret)?;
            tx.second_factors()
                .reseal(factor.user, &factor.secret, &sealed)?;
        }
        Ok(true)
    }

    pub(super) fn seal(
        &self,
        user: UserId,
        secret: &TotpSecret,
    ) -> Result<Sealed, SecondFactorError> {
        Ok(self.core.sealer.seal(&context(user), secret.expose())?)
    }

    pub(super) fn open(&self, factor: &SecondFactor) -> Result<TotpSecret, SecondFactorError> {
        let opened = self
            .core
            .sealer
            .open(&context(factor.user), &factor.secret)?;
        let bytes = <[u8; 20]>::try_from(opened.as_slice())
            .map_err(|error| CallError::Internal(Box::new(error)))?;
        Ok(TotpSecret::new(bytes))
    }
}

/// The sign-in with this hash, if it waits still, with the account that it is for and its factor. The account is held
/// before the sign-in is looked at: everybody takes that order, so nobody waits for each other in a circle.
fn waiting(
    tx: &mut dyn Repositories,
    hash: &[u8; 32],
    now: Timestamp,
    origin: &Origin,
) -> Result<Option<(SignInChallenge, Held, SecondFactor)>, SecondFactorError> {
    let Some(challenge) = tx.sign_in_challenges().find(hash)? else {
        return Ok(None);
    };
    let held = locks::hold(tx, &challenge.email, now, origin)?;
    let challenge = tx.sign_in_challenges().find(hash)?;
    let challenge =
        challenge.filter(|challenge| now < challenge.expires_at && challenge.attempts < ATTEMPTS);
    let Some((challenge, held)) = challenge.zip(held) else {
        return Ok(None);
    };
    let factor = tx.second_factors().find(challenge.user)?;
    let factor = factor.filter(|factor| factor.confirmed_at.is_some());
    Ok(factor.map(|factor| (challenge, held, factor)))
}

/// Writes a wrong code down; the last one that is allowed ends the challenge.
fn count(tx: &mut dyn Repositories, challenge: &SignInChallenge) -> Result<(), SecondFactorError> {
    let attempts = challenge.attempts.saturating_add(1);
    if attempts < ATTEMPTS {
        tx.sign_in_challenges()
            .record_attempts(&challenge.hash, attempts)?;
    } else {
        tx.sign_in_challenges().end(&challenge.hash)?;
    }
    Ok(())
}

/// What a secret is sealed for: it opens for this user and no other.
fn context(user: UserId) -> String {
    format!("second-factor/{user}")
}

/// The SHA-256 of a token: all that storage knows of it.
pub(super) fn hashed(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// The SHA-256 of a recovery code: all that storage knows of it.
pub(super) fn recovery_hash(code: &RecoveryCode) -> [u8; 32] {
    hashed(code.expose())
}
