//! Signing in, staying signed in, and signing out.
//!
//! Signing in takes two use cases with the slow part between them: [`Identity::challenge`] reads what is
//! known of an address, the caller checks the password off the database's threads, and
//! [`Identity::sign_in`] writes down how it went. An unknown address, a wrong password, and a locked,
//! inactive or deleted account take the same way and give the same answer.

mod errors;

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use unionhall_domain::{
    audit::{AuditAction, Target},
    ids::Id,
    tenants::{Slug, Tenant, TenantId},
    users::{EmailAddress, User, UserId},
};
use unionhall_ports::{
    audit::{AuditActor, AuditEvent, Origin},
    identity::{Access, Credentials, RefreshToken, Session, SessionId, Spending, UserState},
    locks::Watch,
    passwords::PasswordHash,
    unit_of_work::{Repositories, Scope},
};
use uuid::Uuid;

pub use self::errors::IdentityError;
use crate::{
    actor::Actor,
    call::Call,
    core::Core,
    error::CallError,
    locks,
    own_sessions::alarm,
    registrations,
    second_factors::{Challenged, Means, Next, after_password},
};

/// How long a session lasts, however often it is refreshed: the most that NIST SP 800-63B-4 §2.1.3 recommends for
/// its first level of assurance.
const LASTING: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long a refresh token can be used.
const REFRESHABLE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What is known of an address before its password is checked.
#[derive(Debug, Clone)]
pub struct Challenge {
    email: Option<EmailAddress>,
    credentials: Option<Credentials>,
}

impl Challenge {
    /// The hash to check the password against; none for an unknown address, which takes as long.
    pub fn hash(&self) -> Option<PasswordHash> {
        self.credentials
            .as_ref()
            .map(|found| found.password_hash.clone())
    }
}

/// A session that was begun or goes on, with the one refresh token that continues it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Whose it is.
    pub user: UserId,
    /// The session.
    pub session: SessionId,
    /// The tenant it works in.
    pub tenant: Tenant,
    /// The token: 32 random bytes in URL-safe base64 (RFC 4648 §5), shown this once.
    pub refresh_token: String,
}

/// How far a sign-in has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignIn {
    /// All the way.
    Begun(Box<SignedIn>),
    /// The password was right, and the second factor is asked for.
    Challenged(Challenged),
}

/// Who is signed in, and where else they could work.
#[derive(Debug, Clone)]
pub struct Me {
    /// The person.
    pub user: User,
    /// The person at work in the present tenant.
    pub actor: Actor,
    /// Every tenant the person has a place in, by slug.
    pub tenants: Vec<Tenant>,
}

/// The use cases of signing in and out.
#[derive(Clone)]
pub struct Identity {
    core: Arc<Core>,
}

impl Identity {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// What is known of an address; what is no address is known to nobody.
    ///
    /// # Errors
    /// [`IdentityError`].
    pub fn challenge(&self, email: &str) -> Result<Challenge, IdentityError> {
        let Ok(email) = EmailAddress::parse(email) else {
            return Ok(Challenge {
                email: None,
                credentials: None,
            });
        };
        let credentials = self.core.unit_of_work.read(Scope::Identity, |tx| {
            Ok::<_, IdentityError>(tx.identity().find_credentials(&email)?)
        })?;
        Ok(Challenge {
            email: Some(email),
            credentials,
        })
    }

    /// Begins a session if the password matched and the account may sign in; else writes the failure down. Whoever has
    /// the right password and has not verified the address is mailed another link for that, and whoever has a second factor
    /// is asked for it, unless `device_token` is that of a device they trust.
    ///
    /// # Errors
    /// [`IdentityError::Refused`], whatever the reason; [`NoPlace`](IdentityError::NoPlace) for whoever may sign in and
    /// has nowhere to.
    pub fn sign_in(
        &self,
        challenge: Challenge,
        password_matched: bool,
        device_token: Option<&str>,
        origin: &Origin,
    ) -> Result<SignIn, IdentityError> {
        let now = self.core.clock.now();
        self.core.unit_of_work.transaction(Scope::Identity, |tx| {
            // Checking took a while: others may have tried meanwhile, or the password was changed.
            let held = match &challenge.email {
                Some(email) => locks::hold(tx, email, now, origin)?,
                None => None,
            };
            let (hash, found) = (challenge.hash(), held.as_ref().map(|(_, found)| found));
            let matched = |found: &&Credentials| {
                password_matched && hash.as_ref() == Some(&found.password_hash)
            };
            let welcome = found.filter(matched).filter(|found| is_open(found, now));
            match welcome.map(|found| (found, found.tenant)) {
                Some((found, Some(tenant))) if found.verified => {
                    let (user, device) = (&found.user, device_token);
                    self.go_on(tx, user, tenant, device, now, origin).map(Ok)
                }
                Some((found, None)) if found.verified => {
                    registrations::turn_away(&self.core, tx, found, now, origin)?;
                    Ok(Err(IdentityError::NoPlace))
                }
                Some(_) | None => {
                    let failed = held.as_ref().map(|(watch, found)| (*watch, found));
                    self.fail(tx, failed, now, origin)?;
                    if let Some(email) = &challenge.email {
                        registrations::remind(&self.core, tx, email, welcome, now)?;
                    }
                    Ok(Err(IdentityError::Refused))
                }
            }
        })?
    }

    /// Continues a session with a new refresh token. A token that was spent before ends the session:
    /// somebody else has it. A session of thirty days has lasted long enough, and ends too.
    ///
    /// # Errors
    /// [`IdentityError::TokenRefused`], whatever the reason.
    pub fn refresh(&self, token: &str, origin: &Origin) -> Result<SignedIn, IdentityError> {
        let now = self.core.clock.now();
        let hash = hashed(token);
        let continued = self.core.unit_of_work.transaction(Scope::Identity, |tx| {
            match tx.identity().spend_token(&hash, now)? {
                Spending::Refused => Ok::<_, IdentityError>(None),
                Spending::Reused(session) => {
                    alarm(&self.core, tx, &session, now, origin)?;
                    let event = self.event(now, &session, AuditAction::TokenReused, origin);
                    tx.audit().insert(&[event])?;
                    Ok(None)
                }
                Spending::Spent(session) if now.duration_since(session.created_at) >= LASTING => {
                    tx.identity().end_session(session.id, now)?;
                    let event = self.event(now, &session, AuditAction::SignedOut, origin);
                    tx.audit().insert(&[event])?;
                    Ok(None)
                }
                Spending::Spent(session) => {
                    let tenant = tx.tenants().find(session.tenant)?;
                    let tenant = tenant.ok_or(IdentityError::NoTenant)?;
                    let (secret, token) = self.token(session.id, now)?;
                    tx.identity().insert_token(&token)?;
                    Ok(Some(SignedIn {
                        user: session.user,
                        session: session.id,
                        tenant,
                        refresh_token: secret,
                    }))
                }
            }
        })?;
        continued.ok_or(IdentityError::TokenRefused)
    }

    /// Ends the caller's session.
    ///
    /// # Errors
    /// [`IdentityError`].
    pub fn sign_out(&self, call: &Call) -> Result<(), IdentityError> {
        let (Some(session), Some(user)) = (call.actor.session(), call.actor.user_id()) else {
            return Ok(());
        };
        let now = self.core.clock.now();
        self.core.unit_of_work.transaction(Scope::Identity, |tx| {
            tx.identity().end_session(session, now)?;
            let event = self.own(now, call, user, Target::Session, session.uuid());
            Ok(tx.audit().insert(&[event])?)
        })
    }

    /// Ends every session of the caller.
    ///
    /// # Errors
    /// [`IdentityError`].
    pub fn sign_out_everywhere(&self, call: &Call) -> Result<(), IdentityError> {
        let Some(user) = call.actor.user_id() else {
            return Ok(());
        };
        let now = self.core.clock.now();
        self.core.unit_of_work.transaction(Scope::Identity, |tx| {
            let ended = tx.identity().end_sessions(user, now)?;
            let event = AuditEvent {
                details: vec![("sessions", ended.to_string())],
                ..self.own(now, call, user, Target::User, user.uuid())
            };
            Ok(tx.audit().insert(&[event])?)
        })
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// [`IdentityError`].
    pub fn me(&self, call: &Call) -> Result<Me, IdentityError> {
        let user = call.actor.user().ok_or(IdentityError::TokenRefused)?;
        let tenants = self.core.unit_of_work.read(Scope::Identity, |tx| {
            Ok::<_, IdentityError>(tx.identity().tenants_of(user.id)?)
        })?;
        Ok(Me {
            user: user.clone(),
            actor: call.actor.clone(),
            tenants,
        })
    }

    /// Goes on in another tenant that the caller has a place in, with a new refresh token.
    ///
    /// # Errors
    /// [`IdentityError::NoTenant`] for a tenant that is unknown or not the caller's.
    pub fn switch_tenant(&self, call: &Call, slug: &str) -> Result<SignedIn, IdentityError> {
        let (Some(session), Some(user)) = (call.actor.session(), call.actor.user_id()) else {
            return Err(IdentityError::TokenRefused);
        };
        let slug = Slug::parse(slug).map_err(|_| IdentityError::NoTenant)?;
        let now = self.core.clock.now();
        self.core.unit_of_work.transaction(Scope::Identity, |tx| {
            let tenants = tx.identity().tenants_of(user)?;
            let tenant = tenants
                .into_iter()
                .find(|tenant| tenant.slug == slug)
                .ok_or(IdentityError::NoTenant)?;
            // A sign-out on another instance may be news here: then there is no session to move.
            if !tx.identity().move_session(session, tenant.id, now)? {
                return Err(IdentityError::TokenRefused);
            }
            let (secret, token) = self.token(session, now)?;
            tx.identity().insert_token(&token)?;
            let event = AuditEvent {
                tenant: Some(tenant.id),
                action: AuditAction::TenantSwitched,
                ..self.own(now, call, user, Target::Session, session.uuid())
            };
            tx.audit().insert(&[event])?;
            Ok(SignedIn {
                user,
                session,
                tenant,
                refresh_token: secret,
            })
        })
    }

    /// What a session may do in a tenant now; nothing when it has ended or the person has no place there.
    ///
    /// # Errors
    /// [`IdentityError`].
    pub fn access(
        &self,
        session: SessionId,
        tenant: TenantId,
    ) -> Result<Option<Access>, IdentityError> {
        self.core.unit_of_work.read(Scope::Identity, |tx| {
            Ok(tx.identity().find_access(session, tenant)?)
        })
    }

    /// After the right password: the session, or the second factor first.
    fn go_on(
        &self,
        tx: &mut dyn Repositories,
        user: &User,
        tenant: TenantId,
        device_token: Option<&str>,
        now: Timestamp,
        origin: &Origin,
    ) -> Result<SignIn, IdentityError> {
        match after_password(&self.core, tx, user.id, device_token, now)? {
            Next::Begin(means) => self
                .begin(tx, user, tenant, means, now, origin)
                .map(|signed_in| SignIn::Begun(Box::new(signed_in))),
            Next::Challenge(challenged) => Ok(SignIn::Challenged(challenged)),
        }
    }

    /// Begins a session for somebody who has proven who they are.
    pub(crate) fn begin(
        &self,
        tx: &mut dyn Repositories,
        user: &User,
        tenant: TenantId,
        means: Means,
        now: Timestamp,
        origin: &Origin,
    ) -> Result<SignedIn, IdentityError> {
        let tenant = tx.tenants().find(tenant)?.ok_or(IdentityError::NoTenant)?;
        let session = Session {
            id: Id::new(self.core.clock.new_id()),
            user: user.id,
            tenant: tenant.id,
            device: origin.device.clone(),
            address: origin.address.clone(),
            created_at: now,
        };
        let (secret, token) = self.token(session.id, now)?;
        tx.identity().insert_session(&session, &token)?;
        locks::let_in(tx, user.id, now, origin)?;
        let event = AuditEvent {
            details: means.details(),
            ..self.event(now, &session, AuditAction::SignedIn, origin)
        };
        tx.audit().insert(&[event])?;
        Ok(SignedIn {
            user: user.id,
            session: session.id,
            tenant,
            refresh_token: secret,
        })
    }

    /// Writes a refusal down with the same statements for everybody, so that none is quicker.
    pub(crate) fn fail(
        &self,
        tx: &mut dyn Repositories,
        held: Option<(Watch, &Credentials)>,
        now: Timestamp,
        origin: &Origin,
    ) -> Result<(), IdentityError> {
        let found = held.map(|(_, found)| found);
        let locked = locks::failed(tx, held.map(|(watch, _)| watch), now)?;
        let until = locked.map(|until| ("locked_until", until.to_string()));
        let event = AuditEvent {
            id: self.core.clock.new_id(),
            at: now,
            tenant: found.and_then(|found| found.tenant),
            actor: AuditActor::Anonymous,
            action: AuditAction::SignInRefused,
            target: Target::User,
            target_id: found.map(|found| found.user.id.uuid()),
            changes: Vec::new(),
            details: until.into_iter().collect(),
            origin: origin.clone(),
        };
        Ok(tx.audit().insert(&[event])?)
    }

    fn token(
        &self,
        session: SessionId,
        now: Timestamp,
    ) -> Result<(String, RefreshToken), CallError> {
        let secret = URL_SAFE_NO_PAD.encode(self.core.clock.secret());
        let expires_at = now
            .checked_add(REFRESHABLE)
            .map_err(|error| CallError::Internal(error.into()))?;
        let token = RefreshToken {
            hash: hashed(&secret),
            session,
            issued_at: now,
            expires_at,
        };
        Ok((secret, token))
    }

    fn event(
        &self,
        at: Timestamp,
        session: &Session,
        action: AuditAction,
        origin: &Origin,
    ) -> AuditEvent {
        AuditEvent {
            id: self.core.clock.new_id(),
            at,
            tenant: Some(session.tenant),
            actor: AuditActor::User(session.user),
            action,
            target: Target::Session,
            target_id: Some(session.id.uuid()),
            changes: Vec::new(),
            details: Vec::new(),
            origin: origin.clone(),
        }
    }

    fn own(
        &self,
        at: Timestamp,
        call: &Call,
        user: UserId,
        target: Target,
        id: Uuid,
    ) -> AuditEvent {
        AuditEvent {
            id: self.core.clock.new_id(),
            at,
            tenant: Some(call.actor.tenant_id()),
            actor: AuditActor::User(user),
            action: AuditAction::SignedOut,
            target,
            target_id: Some(id),
            changes: Vec::new(),
            details: Vec::new(),
            origin: call.origin.clone(),
        }
    }
}

/// Whether an account lets anybody in: it is open, its address is verified, and it has a place somewhere.
pub(crate) fn may_sign_in(found: &Credentials, now: Timestamp) -> bool {
    is_open(found, now) && found.verified && found.tenant.is_some()
}

/// Whether an account lets anybody in now, its address aside.
fn is_open(found: &Credentials, now: Timestamp) -> bool {
    found.state == UserState::Active && found.locked_until.is_none_or(|until| until <= now)
}

/// The SHA-256 of a token: all that storage knows of it.
fn hashed(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests;
