//! Mail that leaves after the commit.

use std::fmt;

use jiff::Timestamp;
use unionhall_domain::{tenants::TenantId, users::EmailAddress};
use uuid::Uuid;

use crate::storage::StorageError;

/// A mail to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct OutboxMail {
    /// Its id; the Message-ID is made of it, so a mail sent again is recognised as the same.
    pub id: Uuid,
    /// Whose mail it is; `None` before and outside any tenant.
    pub tenant: Option<TenantId>,
    /// To whom.
    pub to: EmailAddress,
    /// The subject: one line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same words as a page of HTML that needs nothing from elsewhere, where there is one.
    pub html: Option<String>,
    /// When it was written.
    pub at: Timestamp,
}

impl fmt::Debug for OutboxMail {
    /// Shows the id alone: a mail names a person and may hold a link that lets somebody in.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("OutboxMail")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// A mail that a worker has taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedMail {
    /// The mail.
    pub mail: OutboxMail,
    /// How often it was tried before.
    pub earlier_attempts: u32,
}

/// What became of a claimed mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// The mail server took it.
    Sent,
    /// It did not; try again later.
    RetryAt {
        /// Not before that instant.
        due: Timestamp,
        /// Why, in few words and without addresses or anything of the mail.
        reason: String,
    },
    /// It never will.
    GivenUp {
        /// Why, in few words and without addresses or anything of the mail.
        reason: String,
    },
}

/// Where a mail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailState {
    /// It will be sent when it is due.
    Waiting,
    /// The mail server has it.
    Sent,
    /// It will not be tried again, unless somebody says so.
    GivenUp,
}

impl MailState {
    /// Every state, in the order of a mail's life.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Sent, Self::GivenUp];

    /// The name for people.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::GivenUp => "given-up",
        }
    }
}

/// What an operator sees of a mail: everything but its words.
#[derive(Clone, PartialEq, Eq)]
pub struct MailSummary {
    /// Its id.
    pub id: Uuid,
    /// Whose mail it is.
    pub tenant: Option<TenantId>,
    /// To whom.
    pub to: EmailAddress,
    /// The subject.
    pub subject: String,
    /// Where it stands.
    pub state: MailState,
    /// When it was written.
    pub at: Timestamp,
    /// When it was or will be tried next, was sent, or was given up.
    pub since: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
}

impl fmt::Debug for MailSummary {
    /// Without person and subject, which are personal data.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MailSummary")
            .field("id", &self.id)
            .field("state", &self.state)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

/// The outbox inside a transaction.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Outbox {
    /// Adds a mail; it will be sent if, and only if, the transaction is kept. In a tenant's scope the mail must
    /// be that tenant's, in the scope of identity it may be anybody's.
    ///
    /// # Errors
    /// [`StorageError`].
    fn insert(&mut self, mail: &OutboxMail) -> Result<(), StorageError>;

    /// Does the work of adding a mail and adds none: for whoever must not be told apart by the time it takes from
    /// somebody who is written to.
    ///
    /// # Errors
    /// [`StorageError`].
    fn withhold(&mut self, mail: &OutboxMail) -> Result<(), StorageError>;

    /// Takes up to `limit` mails that are due at `now`, oldest first, for whoever calls alone until `lease`;
    /// a mail whose lease ran out is due again. Needs the worker's scope.
    ///
    /// # Errors
    /// [`StorageError`].
    fn claim(
        &mut self,
        now: Timestamp,
        lease: Timestamp,
        limit: u16,
    ) -> Result<Vec<ClaimedMail>, StorageError>;

    /// Writes down what became of a claimed mail; the words of one that was sent are not kept. Needs the worker's
    /// scope.
    ///
    /// # Errors
    /// [`StorageError`].
    fn settle(&mut self, id: Uuid, delivery: &Delivery, at: Timestamp) -> Result<(), StorageError>;

    /// How many mails wait to be sent. Needs the worker's scope.
    ///
    /// # Errors
    /// [`StorageError`].
    fn waiting(&mut self) -> Result<u64, StorageError>;

    /// The newest mails in a state, or in any, at most `limit`, newest first. Needs the worker's scope.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        state: Option<MailState>,
        limit: u16,
    ) -> Result<Vec<MailSummary>, StorageError>;

    /// Makes this mail, or with `None` every mail, due at `now` if it was not sent, and returns which and whose
    /// they are, oldest first. One that was given up is counted from its first attempt again; one that a worker has
    /// in hand stays there. Needs the worker's scope.
    ///
    /// # Errors
    /// [`StorageError`].
    fn retry(
        &mut self,
        id: Option<Uuid>,
        now: Timestamp,
    ) -> Result<Vec<(Uuid, Option<TenantId>)>, StorageError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_debug_form_of_a_mail_shows_neither_person_nor_words() {
        let mail = OutboxMail {
            id: Uuid::from_u128(7),
            tenant: None,
            to: EmailAddress::parse("ada@local46.example").unwrap(),
            subject: "Verify your e-mail address".to_owned(),
            text: "https://hall.example/account/verify-email#token=secret".to_owned(),
            html: None,
            at: Timestamp::UNIX_EPOCH,
        };
        assert_eq!(
            format!("{mail:?}"),
            "OutboxMail { id: 00000000-0000-0000-0000-000000000007, .. }"
        );
    }
}
