//! What every use case stands on: the ports, and the one way to change and to read.

mod receipts;
mod rehearsals;

use std::{any::Any, future::ready, sync::Arc};

use jiff::{SignedDuration, Timestamp, civil::Date};
use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target},
    registrations::RegistrationMode,
    tenants::TenantId,
};
use unionhall_ports::{
    audit::{AuditEvent, ReadLog, Receipt},
    clock::Clock,
    idempotency::{IdempotencyKey, KeyState},
    passwords::CommonPasswords,
    sealing::Sealer,
    signatures::Signatures,
    storage::StorageError,
    tenants::Room,
    unit_of_work::{Repositories, Scope, UnitOfWork},
};
use uuid::Uuid;

use self::{receipts::All, rehearsals::told_of};
use crate::{
    call::{Call, Retry},
    error::{CallError, Resource},
    letters::Letter,
    links::Links,
};

/// How long the answer to a retried request is kept.
const ANSWERS_KEPT: SignedDuration = SignedDuration::from_hours(24);

/// The ports that the use cases share.
pub struct Core {
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// The audit trail for reads.
    pub reads: Arc<dyn ReadLog>,
    /// Time and chance.
    pub clock: Arc<dyn Clock>,
    /// The addresses that mails lead to.
    pub links: Links,
    /// Passwords that are guessed first.
    pub common_passwords: Arc<dyn CommonPasswords>,
    /// Tells what this installation has given out.
    pub signatures: Arc<dyn Signatures>,
    /// Who may make an account by themselves.
    pub registration: RegistrationMode,
    /// Keeps secrets that must be read again.
    pub sealer: Arc<dyn Sealer>,
}

/// A result that may be told once its reading is on record.
pub struct Recorded<T> {
    /// The result.
    pub value: T,
    /// Resolves when the reading is on record.
    pub receipt: Receipt,
}

impl<T> Recorded<T> {
    /// The same with something else made of the result.
    pub fn map<R>(self, make: impl FnOnce(T) -> R) -> Recorded<R> {
        Recorded {
            value: make(self.value),
            receipt: self.receipt,
        }
    }
}

/// The work of one change: the transaction, and the audit events that will be written with it.
pub struct Change<'a> {
    /// The transaction.
    pub tx: &'a mut dyn Repositories,
    /// Who calls.
    pub call: &'a Call,
    /// The instant of the change.
    pub now: Timestamp,
    clock: &'a dyn Clock,
    events: Vec<AuditEvent>,
    flushed: bool,
    unchanged: bool,
}

impl Change<'_> {
    /// A new id.
    pub fn new_id(&self) -> Uuid {
        self.clock.new_id()
    }

    /// Puts a letter into the outbox: it leaves if, and only if, the change is kept.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn post(&mut self, letter: Letter) -> Result<(), CallError> {
        let mail = letter.into_mail(self.new_id(), self.now)?;
        Ok(self.tx.outbox().insert(&mail)?)
    }

    /// The tenant's calendar day.
    pub fn today(&self) -> Date {
        self.call.actor.today(self.now)
    }

    /// Puts on record what was done to one record.
    pub fn record(
        &mut self,
        action: AuditAction,
        target: Target,
        id: Uuid,
        changes: Vec<FieldChange>,
        details: Vec<(&'static str, String)>,
    ) {
        self.events.push(AuditEvent {
            target_id: Some(id),
            changes,
            ..event(self.clock, self.call, self.now, action, target, details)
        });
    }

    /// Writes what was put on record so far, inside the transaction: a change of very many records then
    /// needs no more memory than a small one.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn flush(&mut self) -> Result<(), StorageError> {
        if self.events.is_empty() {
            return Ok(());
        }
        self.tx.audit().insert(&self.events)?;
        self.events.clear();
        self.flushed = true;
        Ok(())
    }

    /// Uses up `bytes` of the tenant's storage in place of `freed` bytes that it used before.
    ///
    /// # Errors
    /// [`CallError::LimitReached`] when there is not so much left.
    pub fn reserve_storage(&mut self, bytes: u64, freed: u64) -> Result<(), CallError> {
        let tenant = self.call.actor.tenant_id();
        let room = self.tx.tenants().reserve_storage(tenant, bytes, freed)?;
        reserved(Resource::StorageBytes, room)
    }

    /// Says that there was nothing to change. The answer tells the record all the same, so that it was read goes on record.
    pub fn leave_unchanged_and_told(&mut self, target: Target, id: Uuid) {
        self.record(AuditAction::Read, target, id, Vec::new(), Vec::new());
    }

    /// Says that there was nothing to change, so that there is nothing to put on record.
    pub const fn leave_unchanged(&mut self) {
        self.unchanged = true;
    }
}

impl Core {
    /// Changes something: the change, its audit events and the answer to a retry are kept together or
    /// not at all. In a tenant whose trial has ended, or that is suspended or canceled, nothing is changed.
    ///
    /// # Errors
    /// What `work` returns, or [`CallError`]; then nothing is kept. A change without an audit event is
    /// refused as a bug.
    pub fn change<T, E>(
        &self,
        call: &Call,
        work: impl FnOnce(&mut Change<'_>) -> Result<T, E>,
    ) -> Result<T, E>
    where
        T: Any,
        E: From<CallError> + From<StorageError>,
    {
        self.change_own(call, |change| {
            // Behind the key, because what was done before is answered as it was done.
            call.actor.require_writable(change.now)?;
            work(change)
        })
    }

    /// Changes something that is the caller's own and not the tenant's, like [`change`](Self::change), and also
    /// where the tenant may change nothing.
    ///
    /// # Errors
    /// As for [`change`](Self::change).
    pub fn change_own<T, E>(
        &self,
        call: &Call,
        work: impl FnOnce(&mut Change<'_>) -> Result<T, E>,
    ) -> Result<T, E>
    where
        T: Any,
        E: From<CallError> + From<StorageError>,
    {
        let now = self.clock.now();
        let scope = Scope::Tenant(call.actor.tenant_id());
        let retry = call.retry.as_ref().filter(|_| !call.dry_run);
        let mut touched = Vec::new();
        let whole = |tx: &mut dyn Repositories| {
            let key = retry.and_then(|retry| Some((retry, key(call, retry)?)));
            if let Some((_, key)) = &key {
                hold(tx, key, now)?;
            }
            let mut change = Change {
                tx,
                call,
                now,
                clock: &*self.clock,
                events: Vec::new(),
                flushed: false,
                unchanged: false,
            };
            let value = work(&mut change)?;
            // What is written piece by piece, such as a whole roster, is not told record by record.
            if !change.flushed {
                touched = told_of(&change.events);
            }
            change.flush()?;
            let Change {
                tx,
                flushed,
                unchanged,
                ..
            } = change;
            if !flushed && !unchanged {
                return Err(CallError::Internal("a change left no audit event".into()).into());
            }
            if let Some((retry, key)) = &key {
                let answer = retry.answer(&value).ok_or_else(|| {
                    CallError::Internal("the answer is not of the type it was announced as".into())
                })?;
                tx.idempotency().keep(key, &answer, now)?;
            }
            Ok(value)
        };
        if call.dry_run {
            let value = self.unit_of_work.rehearsal(scope, whole)?;
            self.put_rehearsal_on_record(call, touched)?;
            Ok(value)
        } else {
            self.unit_of_work.transaction(scope, whole)
        }
    }

    /// Puts a letter into the outbox of a transaction that is no [`Change`], such as one of signing in: it leaves
    /// if, and only if, the transaction is kept.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn post(&self, tx: &mut dyn Repositories, letter: Letter) -> Result<(), CallError> {
        let mail = letter.into_mail(self.clock.new_id(), self.clock.now())?;
        Ok(tx.outbox().insert(&mail)?)
    }

    /// The same if `wanted`; else the same work with nothing to show for it, so that nobody can tell by the time whether
    /// somebody is written to.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn post_if(
        &self,
        wanted: bool,
        tx: &mut dyn Repositories,
        letter: Letter,
    ) -> Result<(), CallError> {
        let mail = letter.into_mail(self.clock.new_id(), self.clock.now())?;
        if wanted {
            Ok(tx.outbox().insert(&mail)?)
        } else {
            Ok(tx.outbox().withhold(&mail)?)
        }
    }

    /// Reads with one statement in the caller's tenant.
    ///
    /// # Errors
    /// What `work` returns, or storage's own failure.
    pub fn read<T, E: From<StorageError>>(
        &self,
        call: &Call,
        work: impl FnOnce(&mut dyn Repositories) -> Result<T, E>,
    ) -> Result<T, E> {
        self.unit_of_work
            .read(Scope::Tenant(call.actor.tenant_id()), work)
    }

    /// Reads with several statements that agree with each other.
    ///
    /// # Errors
    /// What `work` returns, or storage's own failure.
    pub fn snapshot<T, E: From<StorageError>>(
        &self,
        call: &Call,
        work: impl FnOnce(&mut dyn Repositories) -> Result<T, E>,
    ) -> Result<T, E> {
        self.unit_of_work
            .snapshot(Scope::Tenant(call.actor.tenant_id()), work)
    }

    /// Puts on record that one record was read; its value may be told when the receipt resolves.
    ///
    /// # Errors
    /// [`CallError::Unavailable`] when the trail cannot take it: then the value must not be told.
    pub fn recorded<T>(
        &self,
        call: &Call,
        target: Target,
        id: Uuid,
        value: T,
    ) -> Result<Recorded<T>, CallError> {
        self.put_on_record(
            call,
            AuditAction::Read,
            (target, Some(id)),
            Vec::new(),
            value,
        )
    }

    /// Puts on record that something of a record was shown that is covered else, as for [`recorded`](Self::recorded).
    ///
    /// # Errors
    /// [`CallError::Unavailable`] when the trail cannot take it: then the value must not be told.
    pub fn recorded_unmasking<T>(
        &self,
        call: &Call,
        target: Target,
        id: Uuid,
        value: T,
    ) -> Result<Recorded<T>, CallError> {
        let shown = (target, Some(id));
        self.put_on_record(call, AuditAction::Unmasked, shown, Vec::new(), value)
    }

    /// Puts on record that a list was read: its filters and how many rows it gave.
    ///
    /// # Errors
    /// [`CallError::Unavailable`] when the trail cannot take it: then the list must not be told.
    pub fn recorded_list<T>(
        &self,
        call: &Call,
        target: Target,
        details: Vec<(&'static str, String)>,
        value: T,
    ) -> Result<Recorded<T>, CallError> {
        self.put_on_record(call, AuditAction::Listed, (target, None), details, value)
    }

    /// Puts on record that records of several kinds were read at once: one event for each kind, as for
    /// [`recorded_list`](Self::recorded_list).
    ///
    /// # Errors
    /// [`CallError::Unavailable`] when the trail cannot take them: then nothing of it must be told.
    pub fn recorded_lists<T>(
        &self,
        call: &Call,
        events: Vec<(Target, Vec<(&'static str, String)>)>,
        value: T,
    ) -> Result<Recorded<T>, CallError> {
        let receipts = events.into_iter().map(|(target, details)| {
            let recorded = self.recorded_list(call, target, details, ())?;
            Ok(recorded.receipt)
        });
        let receipts = receipts.collect::<Result<Vec<_>, CallError>>()?;
        let receipt = Box::pin(All(receipts));
        Ok(Recorded { value, receipt })
    }

    /// Puts on record that several records were read at once: one event for each, as for [`recorded`](Self::recorded).
    ///
    /// # Errors
    /// [`CallError::Unavailable`] when the trail cannot take them: then nothing of it must be told.
    pub fn recorded_together<T>(
        &self,
        call: &Call,
        records: &[(Target, Uuid)],
        value: T,
    ) -> Result<Recorded<T>, CallError> {
        let receipts = records.iter().map(|(target, id)| {
            let recorded = self.recorded(call, *target, *id, ())?;
            Ok(recorded.receipt)
        });
        let receipts = receipts.collect::<Result<Vec<_>, CallError>>()?;
        let receipt = Box::pin(All(receipts));
        Ok(Recorded { value, receipt })
    }

    /// Puts on record that a whole list is taken out as a file: what it is, its filters and how many rows it has.
    ///
    /// # Errors
    /// [`CallError::Unavailable`] when the trail cannot take it: then no part of the file must leave.
    pub fn recorded_export<T>(
        &self,
        call: &Call,
        target: Target,
        details: Vec<(&'static str, String)>,
        value: T,
    ) -> Result<Recorded<T>, CallError> {
        self.put_on_record(call, AuditAction::Exported, (target, None), details, value)
    }

    fn put_on_record<T>(
        &self,
        call: &Call,
        action: AuditAction,
        (target, target_id): (Target, Option<Uuid>),
        details: Vec<(&'static str, String)>,
        value: T,
    ) -> Result<Recorded<T>, CallError> {
        if call.on_record {
            let receipt = Box::pin(ready(Ok(())));
            return Ok(Recorded { value, receipt });
        }
        let now = self.clock.now();
        let event = AuditEvent {
            target_id,
            ..event(&*self.clock, call, now, action, target, details)
        };
        let receipt = self.reads.submit(event)?;
        Ok(Recorded { value, receipt })
    }
}

/// Takes a place for one more person in a tenant, before it is given.
///
/// # Errors
/// [`CallError::LimitReached`] when there is none left.
pub fn reserve_user(tx: &mut dyn Repositories, tenant: TenantId) -> Result<(), CallError> {
    let room = tx.tenants().reserve_user(tenant)?;
    reserved(Resource::Users, room)
}

const fn reserved(resource: Resource, room: Room) -> Result<(), CallError> {
    match room {
        Room::Reserved => Ok(()),
        Room::Full { limit } => Err(CallError::LimitReached { resource, limit }),
    }
}

fn event(
    clock: &dyn Clock,
    call: &Call,
    at: Timestamp,
    action: AuditAction,
    target: Target,
    details: Vec<(&'static str, String)>,
) -> AuditEvent {
    AuditEvent {
        id: clock.new_id(),
        at,
        tenant: Some(call.actor.tenant_id()),
        actor: call.actor.in_trail(),
        action,
        target,
        target_id: None,
        changes: Vec::new(),
        details,
        origin: call.origin.clone(),
    }
}

fn key(call: &Call, retry: &Retry) -> Option<IdempotencyKey> {
    Some(IdempotencyKey {
        user: call.actor.user_id()?,
        key: retry.key.clone(),
        fingerprint: retry.fingerprint,
    })
}

fn hold(tx: &mut dyn Repositories, key: &IdempotencyKey, now: Timestamp) -> Result<(), CallError> {
    let forgotten_before = now
        .checked_sub(ANSWERS_KEPT)
        .map_err(|error| CallError::Internal(error.into()))?;
    match tx.idempotency().begin(key, forgotten_before)? {
        KeyState::Fresh => Ok(()),
        KeyState::InProgress => Err(CallError::KeyInProgress),
        KeyState::Reused => Err(CallError::KeyReused),
        KeyState::Answered(answer) => Err(CallError::Replayed(answer)),
    }
}

#[cfg(test)]
mod tests;
