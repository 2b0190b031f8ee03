//! Passwords: which ones are taken, and how people get a new one.
//!
//! Hashing takes a quarter of a second and is done between two use cases, never inside one: the first says whether it is
//! worth while, the second writes down what came of it, and looks again because time has passed. Whoever asks for a new
//! password is answered alike whether or not there is such an account, after the same work.

mod letters;

use std::sync::Arc;

use jiff::Timestamp;
use unionhall_domain::{
    audit::{AuditAction, Target},
    ids::Id,
    invalid::{FieldError, Invalid},
    mail_tokens::MailPurpose,
    passwords::{KnownWords, Strength, objections},
    tenants::TenantId,
    users::{EmailAddress, User, UserId},
};
pub use unionhall_ports::passwords::{
    CommonPasswords, HashError, Password, PasswordHash, PasswordHasher,
};
use unionhall_ports::{
    audit::{AuditActor, AuditEvent, Origin},
    idempotency::StoredAnswer,
    identity::{Credentials, UserState},
    storage::StorageError,
    unit_of_work::{Repositories, Scope},
};
use uuid::Uuid;

use crate::{
    call::Call,
    core::Core,
    error::{CallError, Code, Coded},
    identity::{Identity, IdentityError},
    locks, mail_tokens, registrations,
};

/// What can go wrong with passwords.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Fields are wrong: the new password is refused, the old one is not right, the token does not count.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for PasswordError {
    fn from(error: StorageError) -> Self {
        Self::Call(error.into())
    }
}

impl From<IdentityError> for PasswordError {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Call(error) => Self::Call(error),
            other @ (IdentityError::Refused
            | IdentityError::TokenRefused
            | IdentityError::NoPlace
            | IdentityError::NoTenant) => Self::Call(CallError::Internal(other.into())),
        }
    }
}

impl Coded for PasswordError {
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

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::Invalid(_) => None,
        }
    }
}

/// A present password that was checked: against which hash, and whether it was right.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The hash it was checked against.
    pub against: PasswordHash,
    /// Whether it was right.
    pub matched: bool,
}

/// A new password that is taken, hashed.
#[derive(Debug, Clone)]
pub struct NewPassword {
    /// Its hash.
    pub hash: PasswordHash,
    /// What it stands against a guesser with.
    pub strength: Strength,
}

/// The use cases of passwords.
#[derive(Clone)]
pub struct Passwords {
    core: Arc<Core>,
}

impl Passwords {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Everything that speaks against a password of somebody of whom this is known, alone or beside a second factor;
    /// nothing, if it is a good one.
    pub fn objections(
        &self,
        password: &Password,
        strength: Strength,
        known: &KnownWords,
    ) -> Vec<Invalid> {
        let common = &self.core.common_passwords;
        objections(password.expose(), strength, known, |folded| {
            common.contains(folded)
        })
    }

    /// What is known of the person with this address: the address, and the names of the halls they have a place in.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub fn known_words(&self, email: &EmailAddress) -> Result<KnownWords, PasswordError> {
        self.core.unit_of_work.snapshot(Scope::Identity, |tx| {
            match tx.identity().find_credentials(email)? {
                Some(found) => known_of(tx, &found.user),
                None => Ok(KnownWords::default().address(email)),
            }
        })
    }

    /// Mails a link to whoever has an account with this address, if it may sign in; a locked one can be opened again
    /// this way. For every address the same statements run.
    ///
    /// # Errors
    /// [`PasswordError`], for reasons that have nothing to do with the account.
    pub fn ask_reset(&self, email: &EmailAddress, origin: &Origin) -> Result<(), PasswordError> {
        let now = self.core.clock.now();
        self.core.unit_of_work.transaction(Scope::Identity, |tx| {
            let found = tx.identity().find_credentials(email)?;
            let able = found
                .as_ref()
                .filter(|found| found.state == UserState::Active);
            let user = able.map_or(Id::new(Uuid::nil()), |found| found.user.id);
            let purpose = MailPurpose::ResetPassword;
            let token = mail_tokens::issue(tx, &*self.core.clock, user, purpose, None, now)?;
            let link = self.core.links.reset_password(&token);
            let letter = letters::forgotten(email, able.map(|found| &found.user), link);
            self.core.post_if(able.is_some(), tx, letter)?;
            let event = AuditEvent {
                action: AuditAction::PasswordForgotten,
                target_id: found.as_ref().map(|found| found.user.id.uuid()),
                ..self.event(now, found.and_then(|found| found.tenant), origin)
            };
            Ok(tx.audit().insert(&[event])?)
        })
    }

    /// Says whether a token from a mail counts and the new password is taken, before the work of hashing it, and what the
    /// password stands against a guesser with.
    ///
    /// # Errors
    /// [`PasswordError::Invalid`] at `token` or `new_password`.
    pub fn begin_reset(&self, token: &str, new: &Password) -> Result<Strength, PasswordError> {
        let now = self.core.clock.now();
        let (needed, known) = self.core.unit_of_work.snapshot(Scope::Identity, |tx| {
            let spent = mail_tokens::find(tx, token, MailPurpose::ResetPassword, now)?;
            let spent = spent.ok_or_else(token_refused)?;
            Ok::<_, PasswordError>((needed(tx, spent.user.id)?, known_of(tx, &spent.user)?))
        })?;
        self.taken(new, needed, &known)
    }

    /// Spends a token from a mail for a new password: failures and lock are forgotten, every session ends, and the person
    /// is told.
    ///
    /// # Errors
    /// [`PasswordError::Invalid`] at `token`, when it does not count (any more).
    pub fn reset(
        &self,
        token: &str,
        new: &NewPassword,
        origin: &Origin,
    ) -> Result<(), PasswordError> {
        let now = self.core.clock.now();
        self.core.unit_of_work.transaction(Scope::Identity, |tx| {
            let spent = mail_tokens::spend(tx, token, MailPurpose::ResetPassword, now)?;
            let user = spent.ok_or_else(token_refused)?.user;
            let found = tx.identity().find_credentials(&user.email)?;
            set(tx, user.id, new, now)?;
            // Whoever has the mail has the address.
            registrations::welcome(&self.core, tx, &user, now, origin)?;
            let ended = tx.identity().end_sessions(user.id, now)?;
            let tenant = found.and_then(|found| found.tenant);
            self.changed(tx, &user, now, tenant, origin, ("mail", ended))
        })
    }

    /// Says whether the caller's new password is taken and what it stands against a guesser with, and which hash the
    /// present one is to be checked against.
    ///
    /// # Errors
    /// [`PasswordError::Invalid`] at `new_password`.
    pub fn begin_change(
        &self,
        call: &Call,
        current: &Password,
        new: &Password,
    ) -> Result<(PasswordHash, Strength), PasswordError> {
        let user = caller(call)?;
        let (found, needed, known) = self.core.unit_of_work.snapshot(Scope::Identity, |tx| {
            let found = tx.identity().find_credentials(&user.email)?;
            Ok::<_, PasswordError>((found, needed(tx, user.id)?, known_of(tx, user)?))
        })?;
        let strength = self.taken(new, needed, &known)?;
        if current == new {
            let invalid = Invalid::new("unchanged", "must not be the present password");
            return Err(PasswordError::Invalid(vec![invalid.at("new_password")]));
        }
        // An address that was changed a moment ago may be somebody else's by now.
        let own = found.filter(|found| found.user.id == user.id);
        own.map(|found| (found.password_hash, strength))
            .ok_or(PasswordError::Call(CallError::ChangedMeanwhile))
    }

    /// Gives the caller a new password, if the present one was right: every other session ends, and the person is told.
    /// A wrong one counts like one at the door, so that a session that was left open is no place to guess at.
    ///
    /// # Errors
    /// [`PasswordError::Invalid`] at `current_password`, when it was wrong or none is accepted at present.
    pub fn change(
        &self,
        call: &Call,
        checked: &Checked,
        new: &NewPassword,
    ) -> Result<(), PasswordError> {
        let (user, now) = (caller(call)?, self.core.clock.now());
        let changed = self.core.unit_of_work.transaction(Scope::Identity, |tx| {
            // Checking took a while: others may have tried meanwhile, or the password was changed.
            let held = locks::hold(tx, &user.email, now, &call.origin)?;
            let own = held.filter(|(_, found)| found.user.id == user.id);
            let own = own.ok_or(PasswordError::Call(CallError::ChangedMeanwhile))?;
            let (watch, found) = own;
            if !may_change(&found, checked, now) {
                let identity = Identity::new(Arc::clone(&self.core));
                identity.fail(tx, Some((watch, &found)), now, &call.origin)?;
                return Ok::<_, PasswordError>(false);
            }
            set(tx, user.id, new, now)?;
            let session = call.actor.session().ok_or_else(|| gone(user))?;
            let ended = tx.identity().end_other_sessions(user.id, session, now)?;
            let tenant = Some(call.actor.tenant_id());
            self.changed(tx, user, now, tenant, &call.origin, ("password", ended))?;
            Ok(true)
        })?;
        if changed {
            return Ok(());
        }
        let invalid = Invalid::new("wrong_password", "is not the present password");
        Err(PasswordError::Invalid(vec![invalid.at("current_password")]))
    }

    /// Refuses a new password that something speaks against, with all of it; else tells what it is good for.
    fn taken(
        &self,
        new: &Password,
        needed: Strength,
        known: &KnownWords,
    ) -> Result<Strength, PasswordError> {
        let objections = self.objections(new, needed, known);
        if objections.is_empty() {
            return Ok(Strength::reached_by(new.expose()));
        }
        let at_field = |invalid: Invalid| invalid.at("new_password");
        Err(PasswordError::Invalid(
            objections.into_iter().map(at_field).collect(),
        ))
    }

    /// Puts a changed password on record and tells the person, who may not have been the one who changed it.
    fn changed(
        &self,
        tx: &mut dyn Repositories,
        user: &User,
        now: Timestamp,
        tenant: Option<TenantId>,
        origin: &Origin,
        (by, ended): (&str, u64),
    ) -> Result<(), PasswordError> {
        let event = AuditEvent {
            actor: AuditActor::User(user.id),
            action: AuditAction::PasswordChanged,
            target_id: Some(user.id.uuid()),
            details: vec![("by", by.to_owned()), ("sessions", ended.to_string())],
            ..self.event(now, tenant, origin)
        };
        tx.audit().insert(&[event])?;
        let letter = letters::changed(user, self.core.links.page("/account/forgot-password"));
        Ok(self.core.post(tx, letter)?)
    }

    fn event(&self, at: Timestamp, tenant: Option<TenantId>, origin: &Origin) -> AuditEvent {
        AuditEvent {
            id: self.core.clock.new_id(),
            at,
            tenant,
            actor: AuditActor::Anonymous,
            action: AuditAction::PasswordChanged,
            target: Target::User,
            target_id: None,
            changes: Vec::new(),
            details: Vec::new(),
            origin: origin.clone(),
        }
    }
}

/// Whether the present password was right, still is the present one, and any is accepted.
pub(crate) fn may_change(found: &Credentials, checked: &Checked, now: Timestamp) -> bool {
    checked.matched
        && checked.against == found.password_hash
        && found.state == UserState::Active
        && found.locked_until.is_none_or(|until| until <= now)
}

/// What a password of this user must stand against a guesser with.
fn needed(tx: &mut dyn Repositories, user: UserId) -> Result<Strength, PasswordError> {
    let factor = tx.second_factors().find(user)?;
    let is_there = factor.is_some_and(|factor| factor.confirmed_at.is_some());
    Ok(if is_there {
        Strength::WithSecondFactor
    } else {
        Strength::Alone
    })
}

/// Gives a user a new password, unless the factor that it leans on was removed since it was judged.
fn set(
    tx: &mut dyn Repositories,
    user: UserId,
    new: &NewPassword,
    now: Timestamp,
) -> Result<(), PasswordError> {
    let NewPassword { hash, strength } = new;
    if *strength == Strength::WithSecondFactor && needed(tx, user)? == Strength::Alone {
        let invalid = Invalid::new("too_short", "is too short without the second factor");
        return Err(PasswordError::Invalid(vec![invalid.at("new_password")]));
    }
    Ok(tx.identity().set_password(user, hash, *strength, now)?)
}

/// What is known of a user: the address and the halls' names.
fn known_of(tx: &mut dyn Repositories, user: &User) -> Result<KnownWords, PasswordError> {
    let halls = tx.identity().tenants_of(user.id)?;
    let known = KnownWords::default().address(&user.email);
    Ok(halls.iter().fold(known, KnownWords::hall))
}

/// The person who calls.
fn caller(call: &Call) -> Result<&User, PasswordError> {
    call.actor
        .user()
        .ok_or_else(|| PasswordError::Call(CallError::Internal("nobody in person calls".into())))
}

fn gone(user: &User) -> PasswordError {
    let id = user.id;
    PasswordError::Call(CallError::Internal(
        format!("the caller {id} has no session").into(),
    ))
}

fn token_refused() -> PasswordError {
    PasswordError::Invalid(vec![mail_tokens::refused().at("token")])
}

#[cfg(test)]
mod tests;
