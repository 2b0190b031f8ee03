//! Locks on accounts whose passwords somebody guesses at.
//!
//! A place is a network with a device. Wherever its owner has signed in lately, an account has a guard of its own;
//! everybody else shares one. So strangers who guess lock out strangers, and the owner is let in from a place that
//! is known, or makes one known with the link that a lock sends by mail (after the device cookies of OWASP's
//! "Slow Down Online Guessing Attacks with Device Cookies").

use std::{
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use unionhall_domain::{
    audit::{AuditAction, Target},
    ids::Id,
    invalid::{FieldError, Invalid},
    locks::Guard,
    mail_tokens::MailPurpose,
    users::{EmailAddress, User, UserId},
};
use unionhall_ports::{
    audit::{AuditActor, AuditEvent, Origin},
    identity::Credentials,
    locks::{Place, Watch},
    storage::StorageError,
    unit_of_work::{Repositories, Scope},
};
use uuid::Uuid;

use crate::{
    core::Core,
    error::{CallError, Code, Coded},
    letters::Letter,
    links::Link,
    mail_tokens,
};

/// How long a place is known after the last sign-in from there.
const KNOWN: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How many people are told at once.
const BATCH: u16 = 20;

/// What can go wrong with unlocking.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// The token does not count.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for LockError {
    fn from(error: StorageError) -> Self {
        Self::Call(error.into())
    }
}

impl Coded for LockError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(_) => Code::InvalidFields,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            Self::Call(error) => error.fields(),
        }
    }
}

/// The use cases of locks.
#[derive(Clone)]
pub struct Locks {
    core: Arc<Core>,
}

impl Locks {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Whether the account with this address was signed in to lately from where the request comes. Asks as much
    /// whether there is such an account or not.
    ///
    /// # Errors
    /// [`LockError`].
    pub fn knows(&self, email: &str, origin: &Origin) -> Result<bool, LockError> {
        let Ok(email) = EmailAddress::parse(email) else {
            return Ok(false);
        };
        let since = since(self.core.clock.now());
        self.core.unit_of_work.read(Scope::Identity, |tx| {
            Ok(tx.locks().knows(&email, &place(origin), since)?)
        })
    }

    /// Lifts every lock of whoever was sent this token by mail, and knows the place from which it comes.
    ///
    /// # Errors
    /// [`LockError::Invalid`] at `token`, when it does not count (any more).
    pub fn unlock(&self, token: &str, origin: &Origin) -> Result<(), LockError> {
        let now = self.core.clock.now();
        self.core.unit_of_work.transaction(Scope::Identity, |tx| {
            let spent = mail_tokens::spend(tx, token, MailPurpose::Unlock, now)?;
            let user = spent.ok_or_else(token_refused)?.user;
            tx.locks().lift(user.id, &place(origin), now)?;
            let found = tx.identity().find_credentials(&user.email)?;
            let event = AuditEvent {
                id: self.core.clock.new_id(),
                at: now,
                tenant: found.and_then(|found| found.tenant),
                actor: AuditActor::User(user.id),
                action: AuditAction::Unlocked,
                target: Target::User,
                target_id: Some(user.id.uuid()),
                changes: Vec::new(),
                details: Vec::new(),
                origin: origin.clone(),
            };
            Ok(tx.audit().insert(&[event])?)
        })
    }

    /// Mails the owners of accounts that were locked since the last time, and tells how many those are. Meant for the
    /// worker: the sign-in that led to a lock takes no longer for it than any other.
    ///
    /// # Errors
    /// [`LockError`].
    pub fn tell(&self) -> Result<usize, LockError> {
        let now = self.core.clock.now();
        self.core.unit_of_work.transaction(Scope::Identity, |tx| {
            let users = tx.locks().take_untold(BATCH)?;
            for user in &users {
                let purpose = MailPurpose::Unlock;
                let token = mail_tokens::issue(tx, &*self.core.clock, user.id, purpose, None, now)?;
                let letter = locked(user, self.core.links.unlock(&token));
                self.core.post(tx, letter)?;
            }
            Ok(users.len())
        })
    }

    /// Forgets the places from which nobody has signed in for a long time.
    ///
    /// # Errors
    /// [`LockError`].
    pub fn sweep(&self) -> Result<u64, LockError> {
        let before = since(self.core.clock.now());
        self.core.unit_of_work.transaction(Scope::Identity, |tx| {
            Ok(tx.locks().forget_places(before)?)
        })
    }
}

/// Holds an account until the transaction ends: what is known of it, with failures and lock as they stand against
/// whoever comes from this place.
pub(crate) fn hold(
    tx: &mut dyn Repositories,
    email: &EmailAddress,
    now: Timestamp,
    origin: &Origin,
) -> Result<Option<(Watch, Credentials)>, StorageError> {
    let watch = tx.locks().hold(email, &place(origin), since(now))?;
    let found = tx.identity().find_credentials(email)?;
    Ok(watch.zip(found).map(|(watch, found)| {
        let Guard {
            failures,
            locks: _,
            locked_until,
        } = watch.guard;
        let as_it_stands = Credentials {
            failures,
            locked_until,
            ..found
        };
        (watch, as_it_stands)
    }))
}

/// Counts a wrong password, with the same statement whether there is such an account or not. Gives the instant until
/// which it locked the account, if it did.
pub(crate) fn failed(
    tx: &mut dyn Repositories,
    watch: Option<Watch>,
    now: Timestamp,
) -> Result<Option<Timestamp>, StorageError> {
    let before = watch.unwrap_or(Watch {
        user: Id::new(Uuid::nil()),
        known: None,
        guard: Guard::default(),
    });
    let guard = before.guard.after_failure(now);
    let locked = guard.locks > before.guard.locks;
    tx.locks().record(&Watch { guard, ..before }, locked)?;
    Ok(guard.locked_until.filter(|_| locked))
}

/// Writes down that somebody was let in.
pub(crate) fn let_in(
    tx: &mut dyn Repositories,
    user: UserId,
    now: Timestamp,
    origin: &Origin,
) -> Result<(), StorageError> {
    tx.locks().let_in(user, &place(origin), now, since(now))
}

/// The network and device of a request. Whoever has one IPv6 address has its block of 64 bits, and a browser that
/// was brought up to date is the same browser: digits of its name do not count.
pub(crate) fn place(origin: &Origin) -> Place {
    let address = origin.address.as_deref().unwrap_or_default();
    let network = match address.parse() {
        Ok(IpAddr::V6(address)) => {
            Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).to_string()
        }
        Ok(IpAddr::V4(_)) | Err(_) => address.to_owned(),
    };
    let device = origin.device.as_deref().unwrap_or_default();
    let device = device.chars().filter(|c| !c.is_ascii_digit());
    let mut hasher = Sha256::new();
    hasher.update(network.as_bytes());
    // Neither holds a line break.
    hasher.update(b"\n");
    hasher.update(device.collect::<String>().as_bytes());
    Place(hasher.finalize().into())
}

fn since(now: Timestamp) -> Timestamp {
    now.saturating_sub(KNOWN).unwrap_or(Timestamp::MIN)
}

fn token_refused() -> LockError {
    let refused = Invalid::new(
        "token_refused",
        "is not a token that counts: it was used, replaced by a newer one, or is too old",
    );
    LockError::Invalid(vec![refused.at("token")])
}

/// To the owner of an account: it is locked.
fn locked(user: &User, link: Link) -> Letter {
    Letter::new(&user.email, "Your account is locked for a while")
        .greeting(&user.first_name)
        .paragraph(
            "Somebody has entered wrong passwords for your account several times in a row. For a while, not even the \
             right one is taken from where they came from.",
        )
        .paragraph(
            "If it was you, unlock the account and try again. If it was not, nobody has got in, and where you have \
             signed in before you still can.",
        )
        .action("Unlock my account", link)
        .note("The link works once, and for one hour. A new password unlocks the account as well.")
}

#[cfg(test)]
mod tests;
