//! A person's own sessions: seeing them, ending them, and being told when a token of one was used twice.

use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use unionhall_domain::{
    audit::{AuditAction, Target},
    users::{User, UserId},
};
pub use unionhall_ports::own_sessions::{Alarm, AlarmSort, OpenSession, SessionSort};
use unionhall_ports::{
    audit::AuditEvent,
    identity::{Session, SessionId},
    pages::{Page, PageRequest},
    storage::StorageError,
    unit_of_work::{Repositories, Scope},
};
use uuid::Uuid;

use crate::{
    call::Call,
    core::Core,
    error::{CallError, Code, Coded},
    letters::Letter,
};

/// Of how many sessions the last use is kept in mind until it is written down.
const NOTED: usize = 100_000;

/// What can go wrong with one's own sessions.
#[derive(Debug, thiserror::Error)]
pub enum OwnSessionError {
    /// Nobody is signed in.
    #[error("sign in to see and to end your sessions")]
    NoSession,
    /// The person has no such session, or it has ended.
    #[error("there is no such session of yours")]
    NotFound,
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for OwnSessionError {
    fn from(error: StorageError) -> Self {
        Self::Call(error.into())
    }
}

impl Coded for OwnSessionError {
    fn code(&self) -> Code {
        match self {
            Self::NoSession => Code::Unauthenticated,
            Self::NotFound => Code::NotFound,
            Self::Call(error) => error.code(),
        }
    }
}

/// The use cases of one's own sessions.
#[derive(Clone)]
pub struct OwnSessions {
    core: Arc<Core>,
    /// When sessions were used since that was last written down.
    uses: Arc<Mutex<HashMap<SessionId, Timestamp>>>,
}

impl OwnSessions {
    /// Over these ports.
    pub fn new(core: Arc<Core>) -> Self {
        Self {
            core,
            uses: Arc::default(),
        }
    }

    /// The caller's sessions that can go on.
    ///
    /// # Errors
    /// [`OwnSessionError`].
    pub fn list(
        &self,
        call: &Call,
        request: &PageRequest<SessionSort>,
    ) -> Result<Page<OpenSession>, OwnSessionError> {
        let (user, _) = caller(call)?;
        let now = self.core.clock.now();
        self.core.unit_of_work.read(Scope::Identity, |tx| {
            Ok(tx.own_sessions().list(user, now, request)?)
        })
    }

    /// The times a spent token of the caller's sessions was presented.
    ///
    /// # Errors
    /// [`OwnSessionError`].
    pub fn alarms(
        &self,
        call: &Call,
        request: &PageRequest<AlarmSort>,
    ) -> Result<Page<Alarm>, OwnSessionError> {
        let (user, _) = caller(call)?;
        self.core.unit_of_work.read(Scope::Identity, |tx| {
            Ok(tx.own_sessions().list_alarms(user, request)?)
        })
    }

    /// Ends one session of the caller, which may be the one they call from.
    ///
    /// # Errors
    /// [`OwnSessionError::NotFound`] for one that is not theirs or has ended, which look alike.
    pub fn end(&self, call: &Call, session: SessionId) -> Result<(), OwnSessionError> {
        let (user, _) = caller(call)?;
        let now = self.core.clock.now();
        self.core.unit_of_work.transaction(Scope::Identity, |tx| {
            if !tx.own_sessions().end(user, session, now)? {
                return Err(OwnSessionError::NotFound);
            }
            let event = self.ended(call, Target::Session, session.uuid(), now);
            Ok(tx.audit().insert(&[event])?)
        })
    }

    /// Ends the caller's other sessions, and the one they call from as well if they want that.
    ///
    /// # Errors
    /// [`OwnSessionError`].
    pub fn end_others(&self, call: &Call, present_too: bool) -> Result<(), OwnSessionError> {
        let (user, present) = caller(call)?;
        let now = self.core.clock.now();
        self.core.unit_of_work.transaction(Scope::Identity, |tx| {
            let kept = (!present_too).then_some(present);
            let ended = tx.own_sessions().end_all(user, kept, now)?;
            let event = AuditEvent {
                details: vec![("sessions", ended.to_string())],
                ..self.ended(call, Target::User, user.uuid(), now)
            };
            Ok(tx.audit().insert(&[event])?)
        })
    }

    /// Notes that a session was used. That is written down later, by [`write_uses`](Self::write_uses), because no
    /// request should wait for it.
    pub fn note_use(&self, session: SessionId) {
        let mut uses = self.uses();
        if uses.len() < NOTED || uses.contains_key(&session) {
            uses.insert(session, self.core.clock.now());
        }
    }

    /// Writes down the uses that were noted. Meant for the worker, once a minute; what cannot be written is lost,
    /// because the next use of the session is as good.
    ///
    /// # Errors
    /// [`OwnSessionError`].
    pub fn write_uses(&self) -> Result<(), OwnSessionError> {
        let uses: Vec<_> = mem::take(&mut *self.uses()).into_iter().collect();
        if uses.is_empty() {
            return Ok(());
        }
        self.core
            .unit_of_work
            .transaction(Scope::Identity, |tx| Ok(tx.own_sessions().touch(&uses)?))
    }

    fn uses(&self) -> MutexGuard<'_, HashMap<SessionId, Timestamp>> {
        // Nothing that can panic happens under the lock.
        self.uses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ended(&self, call: &Call, target: Target, id: Uuid, now: Timestamp) -> AuditEvent {
        AuditEvent {
            id: self.core.clock.new_id(),
            at: now,
            tenant: Some(call.actor.tenant_id()),
            actor: call.actor.in_trail(),
            action: AuditAction::SignedOut,
            target,
            target_id: Some(id),
            changes: Vec::new(),
            details: Vec::new(),
            origin: call.origin.clone(),
        }
    }
}

/// Who calls, and from which session.
fn caller(call: &Call) -> Result<(UserId, SessionId), OwnSessionError> {
    let person = call.actor.user_id().zip(call.actor.session());
    person.ok_or(OwnSessionError::NoSession)
}

/// Ends a session whose spent token came back, and tells its owner by mail.
pub(crate) fn alarm(
    core: &Core,
    tx: &mut dyn Repositories,
    session: &Session,
    now: Timestamp,
    origin: &unionhall_ports::audit::Origin,
) -> Result<(), CallError> {
    let alarm = Alarm {
        session: session.clone(),
        at: now,
        address: origin.address.clone(),
        device: origin.device.clone(),
    };
    match tx.own_sessions().raise_alarm(&alarm)? {
        Some(user) => core.post(tx, told(core, &user)),
        None => Ok(()),
    }
}

/// To whoever's session it was. What the other one called itself is not repeated: it could be anything.
fn told(core: &Core, user: &User) -> Letter {
    Letter::new(&user.email, "One of your sessions was ended")
        .greeting(&user.first_name)
        .paragraph(
            "A key that keeps you signed in was used twice. That can happen when a connection breaks, but also when \
             somebody has copied it from your device. To be safe, this sign-in was ended: nobody can go on with it.",
        )
        .paragraph(
            "You can sign in again at any time. If you see a place you do not know in the list of your sessions, end \
             it and choose a new password.",
        )
        .action("See my sessions", core.links.sessions())
}

#[cfg(test)]
mod tests;
