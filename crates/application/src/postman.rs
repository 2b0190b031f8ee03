//! Sending what waits in the outbox: each mail once, later again when the mail server is down, never lost.

mod logos;
mod reasons;

pub use self::logos::Logos;

use std::{collections::HashMap, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use unionhall_domain::tenants::TenantId;
use unionhall_ports::{
    clock::Clock,
    mail::{InlinePicture, MailError, Mailer, OutgoingMail},
    outbox::{ClaimedMail, Delivery, OutboxMail},
    pictures::Picture,
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
};

use crate::letters::LOGO;

/// How long a claimed mail is ours alone; longer than a mail server may take to answer.
const LEASE: SignedDuration = SignedDuration::from_secs(120);
/// No mail of a batch is begun later than this after its claim: what one server's slowness leaves undone is due again
/// when the lease runs out, and no second worker has it at the same time.
const LAST_START: SignedDuration = SignedDuration::from_secs(60);
/// How many mails are claimed at once.
const BATCH: u16 = 20;
/// After so many refusals to connect, a mail is given up: with the waits below, after about four days.
const ATTEMPTS: u32 = 24;

/// The logos that a batch has asked for.
type KnownLogos = HashMap<TenantId, Option<Picture>>;

/// Sends what waits in the outbox.
#[derive(Clone)]
pub struct Postman {
    unit_of_work: Arc<dyn UnitOfWork>,
    mailer: Arc<dyn Mailer>,
    clock: Arc<dyn Clock>,
    logos: Logos,
    domain: String,
}

impl Postman {
    /// A postman whose mails carry ids of `domain`, and the logos of the tenants that send them.
    pub const fn new(
        unit_of_work: Arc<dyn UnitOfWork>,
        mailer: Arc<dyn Mailer>,
        clock: Arc<dyn Clock>,
        logos: Logos,
        domain: String,
    ) -> Self {
        Self {
            unit_of_work,
            mailer,
            clock,
            logos,
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
        let mut logos = HashMap::new();
        for claim in &claimed {
            if self.clock.now() > last_start {
                tracing::warn!("the mail server is slow; the rest of the batch waits");
                break;
            }
            let delivery = self.send(claim, &mut logos);
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

    fn send(&self, claim: &ClaimedMail, logos: &mut KnownLogos) -> Delivery {
        let mail = &claim.mail;
        let (html, picture) = self.illustrated(mail, logos);
        let outgoing = OutgoingMail {
            message_id: format!("{}@{}", mail.id, self.domain),
            to: mail.to.as_str().to_owned(),
            subject: mail.subject.clone(),
            text: mail.text.clone(),
            html,
            picture,
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

    /// The HTML with the logo of the tenant that the mail is from, and the logo; without either, where there is none.
    fn illustrated(
        &self,
        mail: &OutboxMail,
        logos: &mut KnownLogos,
    ) -> (Option<String>, Option<InlinePicture>) {
        let (Some(html), Some(tenant)) = (&mail.html, mail.tenant) else {
            return (mail.html.clone(), None);
        };
        if !html.contains(LOGO) {
            return (mail.html.clone(), None);
        }
        let logo = logos
            .entry(tenant)
            .or_insert_with(|| self.logos.of(tenant))
            .clone();
        let Some(logo) = logo else {
            return (Some(html.replacen(LOGO, "", 1)), None);
        };
        let content_id = format!("logo.{}@{}", mail.id, self.domain);
        let shown = logos::shown(&content_id, &logo);
        let picture = InlinePicture {
            content_id,
            media_type: logo.format.media_type(),
            bytes: logo.bytes,
        };
        (Some(html.replacen(LOGO, &shown, 1)), Some(picture))
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
