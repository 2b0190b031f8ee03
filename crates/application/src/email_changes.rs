//! The change of the address that somebody signs in with.
//!
//! Whoever asks shows the present password, and a link goes to the old address and one to the new. When both were
//! followed, in whichever order, the account moves. An address that somebody has is answered like any other, and its
//! owner is told by mail; nobody can agree for it, so the change comes to nothing when its time is over.

mod letters;

use std::sync::Arc;

use jiff::Timestamp;
use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target},
    email_changes::{EmailChange, Side},
    invalid::{FieldError, Invalid},
    tenants::TenantId,
    users::{EmailAddress, User},
};
use unionhall_ports::{
    audit::{AuditActor, AuditEvent, Origin},
    email_changes::Agreed,
    identity::{Credentials, UserState},
    mail_tokens::Spent,
    storage::StorageError,
    unit_of_work::{Repositories, Scope},
};

use crate::{
    call::Call,
    core::Core,
    error::{CallError, Code, Coded},
    identity::{Identity, IdentityError},
    locks, mail_tokens,
    passwords::{Checked, PasswordHash, may_change},
};

/// What can go wrong with a change of address.
#[derive(Debug, thiserror::Error)]
pub enum EmailChangeError {
    /// Fields are wrong: the address is the present one, the password is not right, the token does not count.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// Nothing is there to be called off.
    #[error("there is no change of address that waits")]
    NotFound,
    /// Both addresses have agreed, and somebody has the new one meanwhile.
    #[error(
        "there is an account with the new address already, so yours keeps the address that it has; choose another one"
    )]
    Taken,
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for EmailChangeError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Constraint { name } if name == "users_email_key" => Self::Taken,
            other => Self::Call(other.into()),
        }
    }
}

impl From<IdentityError> for EmailChangeError {
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

impl Coded for EmailChangeError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(_) => Code::InvalidFields,
            Self::NotFound => Code::NotFound,
            Self::Taken => Code::Duplicate,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            Self::NotFound | Self::Taken => &[],
            Self::Call(error) => error.fields(),
        }
    }
}

/// What an agreement has led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The other address has yet to agree.
    Waiting,
    /// The account has moved.
    Moved,
}

/// The use cases of changing one's address.
#[derive(Clone)]
pub struct EmailChanges {
    core: Arc<Core>,
}

impl EmailChanges {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Says which hash the caller's present password is to be checked against, if the address is another one.
    ///
    /// # Errors
    /// [`EmailChangeError::Invalid`] at `email`.
    pub fn begin(
        &self,
        call: &Call,
        email: &EmailAddress,
    ) -> Result<PasswordHash, EmailChangeError> {
        let user = caller(call)?;
        if *email == user.email {
            let invalid = Invalid::new("unchanged", "must not be the present address");
            return Err(EmailChangeError::Invalid(vec![invalid.at("email")]));
        }
        let found = self.core.unit_of_work.read(Scope::Identity, |tx| {
            Ok::<_, EmailChangeError>(tx.identity().find_credentials(&user.email)?)
        })?;
        let own = found.filter(|found| found.user.id == user.id);
        own.map(|found| found.password_hash).ok_or_else(moved_away)
    }

    /// Asks both addresses, if the password was right. A wrong one counts like one at the door. For every address the
    /// same statements run, and an older change that waited is replaced.
    ///
    /// # Errors
    /// [`EmailChangeError::Invalid`] at `current_password`, when it was wrong or none is accepted at present.
    pub fn ask(
        &self,
        call: &Call,
        email: &EmailAddress,
        checked: &Checked,
    ) -> Result<(), EmailChangeError> {
        let (user, now) = (caller(call)?, self.core.clock.now());
        let asked = self.core.unit_of_work.transaction(Scope::Identity, |tx| {
            let held = locks::hold(tx, &user.email, now, &call.origin)?;
            let own = held.filter(|(_, found)| found.user.id == user.id);
            let (watch, found) = own.ok_or_else(moved_away)?;
            if !may_change(&found, checked, now) {
                let identity = Identity::new(Arc::clone(&self.core));
                identity.fail(tx, Some((watch, &found)), now, &call.origin)?;
                return Ok::<_, EmailChangeError>(false);
            }
            let session = call.actor.session().ok_or_else(moved_away)?;
            let change = EmailChange::asked(user.id, email.clone(), now);
            tx.email_changes().put(&change, session)?;
            self.write_to_both(tx, user, email, now)?;
            let (tenant, action) = (Some(call.actor.tenant_id()), AuditAction::EmailChangeAsked);
            self.note(tx, user, action, &[], (now, tenant, &call.origin))?;
            Ok(true)
        })?;
        if asked {
            return Ok(());
        }
        let invalid = Invalid::new("wrong_password", "is not the present password");
        Err(EmailChangeError::Invalid(vec![
            invalid.at("current_password"),
        ]))
    }

    /// Calls off the change that the caller waits for: its links count no more.
    ///
    /// # Errors
    /// [`EmailChangeError::NotFound`] when there is none.
    pub fn withdraw(&self, call: &Call) -> Result<(), EmailChangeError> {
        let (user, now) = (caller(call)?, self.core.clock.now());
        self.core.unit_of_work.transaction(Scope::Identity, |tx| {
            let waits = tx.email_changes().find(user.id, now)?.is_some();
            if !waits || !tx.email_changes().remove(user.id)? {
                return Err(EmailChangeError::NotFound);
            }
            let (tenant, action) = (Some(call.actor.tenant_id()), AuditAction::EmailChangeEnded);
            let details = [("reason", "withdrawn")];
            self.note(tx, user, action, &details, (now, tenant, &call.origin))
        })
    }

    /// Spends the token of a mail: one of the two addresses agrees. When the other has agreed before, the account moves,
    /// its other sessions, the trust in devices and every older link end, and both addresses are told.
    ///
    /// # Errors
    /// [`EmailChangeError::Invalid`] at `token`, when it does not count (any more); [`Taken`](EmailChangeError::Taken)
    /// when both have agreed and somebody has the address meanwhile: then the change is over.
    pub fn confirm(&self, token: &str, origin: &Origin) -> Result<Outcome, EmailChangeError> {
        let now = self.core.clock.now();
        let outcome = self.core.unit_of_work.transaction(Scope::Identity, |tx| {
            let (side, user) = found(tx, token, now)?.ok_or_else(token_refused)?;
            // The account is held before the token, as by whoever asks, so that no two wait for each other.
            let held = locks::hold(tx, &user.email, now, origin)?;
            let tenant = held.and_then(|(_, found)| found.tenant);
            let spent = mail_tokens::spend(tx, token, side.purpose(), now)?;
            let email = spent.as_ref().and_then(wanted).ok_or_else(token_refused)?;
            let agreed = tx.email_changes().confirm(user.id, &email, side, now)?;
            let agreed = agreed.ok_or_else(token_refused)?;
            let (at, details) = ((now, tenant, origin), [("address", side.as_str())]);
            self.note(tx, &user, AuditAction::EmailChangeConfirmed, &details, at)?;
            if !agreed.change.is_agreed() {
                return Ok(Some(Outcome::Waiting));
            }
            self.carry_out(tx, &user, &agreed, at)
        })?;
        // What was refused is on record, and so the refusal comes after the commit.
        outcome.ok_or(EmailChangeError::Taken)
    }

    /// Writes to the old address and to the new one, or to whoever has that already.
    fn write_to_both(
        &self,
        tx: &mut dyn Repositories,
        user: &User,
        email: &EmailAddress,
        now: Timestamp,
    ) -> Result<(), EmailChangeError> {
        let (clock, links) = (&*self.core.clock, &self.core.links);
        let mut issue = |side: Side| {
            let payload = Some(email.as_str().to_owned());
            mail_tokens::issue(tx, clock, user.id, side.purpose(), payload, now)
        };
        let (old, new) = (issue(Side::Old)?, issue(Side::New)?);
        let holder = tx.identity().find_credentials(email)?;
        let holder = holder.filter(|found| !gives_way(found));
        let letter = letters::agree_at_old(user, email, links.confirm_email(&old));
        self.core.post(tx, letter)?;
        let reachable = holder
            .as_ref()
            .is_none_or(|found| found.state == UserState::Active);
        let letter = match holder {
            Some(found) => letters::known(&found.user, links.page("/account/forgot-password")),
            None => letters::agree_at_new(email, links.confirm_email(&new)),
        };
        Ok(self.core.post_if(reachable, tx, letter)?)
    }

    /// Moves the account; nothing when somebody has the address, and then the change is over.
    fn carry_out(
        &self,
        tx: &mut dyn Repositories,
        user: &User,
        agreed: &Agreed,
        at: (Timestamp, Option<TenantId>, &Origin),
    ) -> Result<Option<Outcome>, EmailChangeError> {
        let (now, email) = (at.0, &agreed.change.email);
        tx.email_changes().remove(user.id)?;
        if let Some(given_up) = tx.email_changes().free_address(email, now)? {
            let event = AuditEvent {
                target_id: Some(given_up.uuid()),
                details: vec![("reason", "address_verified_by_another".to_owned())],
                ..self.event(user, AuditAction::Deleted, (now, None, at.2))
            };
            tx.audit().insert(&[event])?;
        }
        if !tx.email_changes().move_account(user.id, email, now)? {
            let details = [("reason", "taken")];
            self.note(tx, user, AuditAction::EmailChangeEnded, &details, at)?;
            return Ok(None);
        }
        let session = agreed.session;
        let ended = tx.identity().end_other_sessions(user.id, session, now)?;
        tx.trusted_devices().remove_all(user.id)?;
        // Links that went to the old address are worth nothing at the new one.
        tx.mail_tokens().end_all(user.id, now)?;
        let event = AuditEvent {
            changes: vec![FieldChange {
                field: "email",
                before: Some(user.email.to_string()),
                after: Some(email.to_string()),
            }],
            details: vec![("sessions", ended.to_string())],
            ..self.event(user, AuditAction::EmailChanged, at)
        };
        tx.audit().insert(&[event])?;
        self.core.post(tx, letters::moved_away(user, email))?;
        let link = self.core.links.home();
        self.core.post(tx, letters::moved_here(user, email, link))?;
        Ok(Some(Outcome::Moved))
    }

    /// Puts something on record.
    fn note(
        &self,
        tx: &mut dyn Repositories,
        user: &User,
        action: AuditAction,
        details: &[(&'static str, &str)],
        at: (Timestamp, Option<TenantId>, &Origin),
    ) -> Result<(), EmailChangeError> {
        let details = details
            .iter()
            .map(|(name, text)| (*name, (*text).to_owned()));
        let event = AuditEvent {
            details: details.collect(),
            ..self.event(user, action, at)
        };
        Ok(tx.audit().insert(&[event])?)
    }

    fn event(
        &self,
        user: &User,
        action: AuditAction,
        (at, tenant, origin): (Timestamp, Option<TenantId>, &Origin),
    ) -> AuditEvent {
        AuditEvent {
            id: self.core.clock.new_id(),
            at,
            tenant,
            actor: AuditActor::User(user.id),
            action,
            target: Target::User,
            target_id: Some(user.id.uuid()),
            changes: Vec::new(),
            details: Vec::new(),
            origin: origin.clone(),
        }
    }
}

/// Which of the two addresses a token was sent to, and whose it is.
fn found(
    tx: &mut dyn Repositories,
    token: &str,
    now: Timestamp,
) -> Result<Option<(Side, User)>, StorageError> {
    for side in Side::ALL {
        if let Some(found) = mail_tokens::find(tx, token, side.purpose(), now)? {
            return Ok(Some((side, found.user)));
        }
    }
    Ok(None)
}

/// The address that a token was made for.
fn wanted(spent: &Spent) -> Option<EmailAddress> {
    EmailAddress::parse(spent.payload.as_deref()?).ok()
}

/// Whether an account would lose its address to whoever shows that it is theirs: its own holder never has, and it has a
/// place nowhere.
fn gives_way(found: &Credentials) -> bool {
    !found.verified && found.tenant.is_none() && found.state != UserState::Deleted
}

/// The person who calls.
fn caller(call: &Call) -> Result<&User, EmailChangeError> {
    call.actor
        .user()
        .ok_or_else(|| EmailChangeError::Call(CallError::Internal("nobody in person calls".into())))
}

/// The caller's address has changed a moment ago, and it is not remembered everywhere yet.
const fn moved_away() -> EmailChangeError {
    EmailChangeError::Call(CallError::ChangedMeanwhile)
}

fn token_refused() -> EmailChangeError {
    EmailChangeError::Invalid(vec![mail_tokens::refused().at("token")])
}

#[cfg(test)]
mod tests;
