//! Sending what waits in the outbox: each mail once, later again when the mail server is down, never lost.

mod reasons;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use unionhall_ports::{
    clock::Clock,
    mail::{MailError, Mailer, OutgoingMail},
    outbox::{ClaimedMail, Delivery},
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
};

/// How long a claimed mail is ours alone; longer than a mail server may take to answer.
const LEASE: SignedDuration = SignedDuration::from_secs(120);
/// No mail of a batch is begun later than this after its claim: what one server's slowness leaves undone is due again
/// when the lease runs out, and no second worker has it at the same time.
const LAST_START: SignedDuration = SignedDuration::from_secs(60);
/// How many mails are claimed at once.
const BATCH: u16 = 20;
/// After so many refusals to connect, a mail is given up: with the waits below, after about four days.
const ATTEMPTS: u32 = 24;

/// Sends what waits in the outbox.
#[derive(Clone)]
pub struct Postman {
    unit_of_work: Arc<dyn UnitOfWork>,
    mailer: Arc<dyn Mailer>,
    clock: Arc<dyn Clock>,
    domain: String,
}

impl Postman {
    /// A postman whose mails carry ids of `domain`.
    pub const fn new(
        unit_of_work: Arc<dyn UnitOfWork>,
        mailer: Arc<dyn Mailer>,
        clock: Arc<dyn Clock>,
        domain: String,
    ) -> Self {
        Self {
            unit_of_work,
            mailer,
            clock,
            domain,
        }
    }

    /// Sends one batch of what is due, and tells how many mails were taken in hand: call again until none.
    ///
    /// # Errors
    /// [`StorageError`]; what was claimed is due again when its lease has run out.
    pub fn send_due(&self) -> Result<usize, StorageError> {
        let now = self.clock.now();
        let lease = now.saturating_add(LEASE).unwrap_or(Timestamp::MAX);
        let claimed: Vec<ClaimedMail> = self
            .unit_of_work
            .transaction(Scope::Worker, |tx| tx.outbox().claim(now, lease, BATCH))?;
        let last_start = now.saturating_add(LAST_START).unwrap_or(Timestamp::MAX);
        for claim in &claimed {
            if self.clock.now() > last_start {
                tracing::warn!("the mail server is slow; the rest of the batch waits");
                break;
            }
            let delivery = self.send(claim);
            let at = self.clock.now();
            self.unit_of_work.transaction(Scope::Worker, |tx| {
                tx.outbox().settle(claim.mail.id, &delivery, at)
            })?;
        }
        Ok(claimed.len())
    }

    /// How many mails wait to be sent.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn waiting(&self) -> Result<u64, StorageError> {
        self.unit_of_work
            .read(Scope::Worker, |tx| tx.outbox().waiting())
    }

    fn send(&self, claim: &ClaimedMail) -> Delivery {
        let mail = &claim.mail;
        let outgoing = OutgoingMail {
            message_id: format!("{}@{}", mail.id, self.domain),
            to: mail.to.as_str().to_owned(),
            subject: mail.subject.clone(),
            text: mail.text.clone(),
            html: mail.html.clone(),
        };
        match self.mailer.send(&outgoing) {
            Ok(()) => Delivery::Sent,
            Err(error @ MailError::Refused(_)) => {
                let reason = reasons::told(&error);
                tracing::warn!(mail = %mail.id, reason, "a mail was refused and is given up; see `unionhall mail list`");
                Delivery::GivenUp { reason }
            }
            Err(error @ MailError::Unavailable(_)) => {
                let reason = reasons::told(&error);
                let delivery = self.later(claim.earlier_attempts, reason);
                match &delivery {
                    Delivery::GivenUp { reason } => {
                        tracing::warn!(mail = %mail.id, reason, "a mail was tried for days and is given up; see `unionhall mail list`");
                    }
                    Delivery::RetryAt { due, reason } => {
                        tracing::warn!(mail = %mail.id, %due, reason, "a mail could not be sent yet");
                    }
                    Delivery::Sent => {}
                }
                delivery
            }
        }
    }

    /// Waits 30 seconds, then twice as long each time, and at most six hours.
    fn later(&self, earlier_attempts: u32, reason: String) -> Delivery {
        if earlier_attempts.saturating_add(1) >= ATTEMPTS {
            return Delivery::GivenUp { reason };
        }
        let seconds = 30_i64
            .saturating_mul(1 << earlier_attempts.min(10))
            .min(21_600);
        let at = self
            .clock
            .now()
            .saturating_add(SignedDuration::from_secs(seconds));
        Delivery::RetryAt {
            due: at.unwrap_or(Timestamp::MAX),
            reason,
        }
    }
}

#[cfg(test)]
mod tests;
