//! The outbox as the operator sees it: what waits, what was given up and why, and another try.

use std::sync::Arc;

use unionhall_domain::{
    audit::{AuditAction, Target},
    tenants::TenantId,
};
pub use unionhall_ports::outbox::{MailState, MailSummary};
use unionhall_ports::{
    audit::{AuditActor, AuditEvent, Origin},
    storage::StorageError,
    unit_of_work::Scope,
};
use uuid::Uuid;

use crate::{core::Core, error::CallError};

/// What can go wrong with the outbox.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// There is no such mail, or it was sent already.
    #[error("there is no mail {0} that was not sent")]
    NotFound(Uuid),
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for OutboxError {
    fn from(error: StorageError) -> Self {
        Self::Call(error.into())
    }
}

/// The operator's view of the outbox.
#[derive(Clone)]
pub struct Outbox {
    core: Arc<Core>,
}

impl Outbox {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// The newest mails in a state, or in any, at most `limit`, newest first.
    ///
    /// # Errors
    /// [`OutboxError::Call`].
    pub fn list(
        &self,
        state: Option<MailState>,
        limit: u16,
    ) -> Result<Vec<MailSummary>, OutboxError> {
        self.core
            .unit_of_work
            .read(Scope::Worker, |tx| Ok(tx.outbox().list(state, limit)?))
    }

    /// Makes this mail, or with `None` every mail, due now unless it was sent, and tells how many they are. Who is
    /// written to is in the trail as the mail's id alone.
    ///
    /// # Errors
    /// [`OutboxError::NotFound`] when there is no such mail that was not sent.
    pub fn retry(&self, id: Option<Uuid>) -> Result<usize, OutboxError> {
        self.core.unit_of_work.transaction(Scope::Worker, |tx| {
            let now = self.core.clock.now();
            let retried = tx.outbox().retry(id, now)?;
            if let Some(id) = id.filter(|_| retried.is_empty()) {
                return Err(OutboxError::NotFound(id));
            }
            let events: Vec<_> = retried
                .iter()
                .map(|(mail, tenant)| self.event(*mail, *tenant))
                .collect();
            if !events.is_empty() {
                tx.audit().insert(&events)?;
            }
            Ok(retried.len())
        })
    }

    fn event(&self, mail: Uuid, tenant: Option<TenantId>) -> AuditEvent {
        AuditEvent {
            id: self.core.clock.new_id(),
            at: self.core.clock.now(),
            tenant,
            actor: AuditActor::Operator,
            action: AuditAction::Updated,
            target: Target::Mail,
            target_id: Some(mail),
            changes: Vec::new(),
            details: vec![("state", MailState::Waiting.as_str().to_owned())],
            origin: Origin::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use unionhall_ports::{
        mock::MockRepositories,
        unit_of_work::{Decision, Mode},
    };

    use super::*;
    use crate::fixtures::{HALL, Hall, audited, now, told};

    const MAIL: Uuid = Uuid::from_u128(5_001);

    #[test]
    fn a_retry_is_on_record_for_each_mail_in_the_same_transaction() {
        let mut mocks = MockRepositories::default();
        let events = audited(&mut mocks);
        mocks
            .outbox
            .expect_retry()
            .withf(|id, at| id.is_none() && *at == now())
            .returning(|_, _| Ok(vec![(MAIL, Some(HALL)), (Uuid::from_u128(5_002), None)]));
        let hall = Hall::over(mocks);
        assert_eq!(hall.application.outbox.retry(None).unwrap(), 2);
        assert_eq!(told(&events), [("updated", "mail"); 2]);
        let tenants: Vec<_> = events.lock().unwrap().iter().map(|e| e.tenant).collect();
        assert_eq!(tenants, [Some(HALL), None]);
        assert_eq!(
            hall.runs(),
            [(Scope::Worker, Mode::Write, Decision::Commit)]
        );
    }

    #[test]
    fn a_mail_that_is_not_there_or_was_sent_cannot_be_retried() {
        let mut mocks = MockRepositories::default();
        mocks.outbox.expect_retry().returning(|_, _| Ok(Vec::new()));
        let hall = Hall::over(mocks);
        let missing = hall.application.outbox.retry(Some(MAIL));
        assert!(matches!(missing, Err(OutboxError::NotFound(id)) if id == MAIL));
        // To retry all of nothing is no mistake, and nothing to put on record.
        assert_eq!(hall.application.outbox.retry(None).unwrap(), 0);
    }

    #[test]
    fn a_list_is_read_in_the_workers_scope() {
        let mut mocks = MockRepositories::default();
        mocks
            .outbox
            .expect_list()
            .withf(|state, limit| *state == Some(MailState::GivenUp) && *limit == 50)
            .returning(|_, _| Ok(Vec::new()));
        let hall = Hall::over(mocks);
        let listed = hall.application.outbox.list(Some(MailState::GivenUp), 50);
        assert_eq!(listed.unwrap(), []);
        assert_eq!(hall.runs(), [(Scope::Worker, Mode::Read, Decision::Commit)]);
    }
}
