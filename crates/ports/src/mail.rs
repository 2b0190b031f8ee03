//! The port to the mail server: one finished mail goes out.

use std::fmt;

use thiserror::Error;

/// What went wrong underneath, kept for the log and never shown to a client.
type Source = Box<dyn std::error::Error + Send + Sync>;

/// A mail that is ready to go out; the sender's address belongs to the adapter.
#[derive(Clone, PartialEq, Eq)]
pub struct OutgoingMail {
    /// The mail's own id, such as `1f0….outbox@unionhall.example`, with or without `<` and `>`.
    ///
    /// It stays the same when the mail is sent again after an uncertain failure, so that a
    /// receiver can recognise the second copy.
    pub message_id: String,
    /// The bare address of the one recipient.
    pub to: String,
    /// One line of any characters; line breaks and other control characters become spaces.
    pub subject: String,
    /// The plain text, lines ended by `\n`.
    pub text: String,
    /// The same words as a page of HTML, for those whose program shows it.
    pub html: Option<String>,
    /// A picture that the HTML shows by its id, and that travels with it.
    pub picture: Option<InlinePicture>,
}

/// A picture inside of a mail.
#[derive(Clone, PartialEq, Eq)]
pub struct InlinePicture {
    /// Its id, such as `logo.1f0…@unionhall.example`, of the form `left@right`: the HTML names it behind `cid:`
    /// (RFC 2392).
    pub content_id: String,
    /// Its media type, such as `image/png`.
    pub media_type: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for OutgoingMail {
    /// Shows the id alone: addresses and texts are personal data and do not reach logs.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("OutgoingMail")
            .field("message_id", &self.message_id)
            .finish_non_exhaustive()
    }
}

/// Why a mail did not go out.
#[derive(Debug, Error)]
pub enum MailError {
    /// The mail server cannot be reached, does not let us in or asks to wait: send again later.
    ///
    /// The mail may have gone out all the same when the connection broke at the last moment;
    /// sending it again with the same id is right.
    #[error("the mail server is unavailable")]
    Unavailable(#[source] Source),
    /// This mail will never be accepted: sending it again is pointless.
    #[error("the mail was refused")]
    Refused(#[source] Source),
}

/// Sends mail.
///
/// Calls block until the server has answered or a timeout has passed, so they are made from
/// blocking threads and never inside a database transaction.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Mailer: Send + Sync {
    /// Hands `mail` to the mail server; after `Ok` the server answers for it.
    ///
    /// # Errors
    ///
    /// [`MailError::Unavailable`] when trying again later makes sense, else
    /// [`MailError::Refused`].
    fn send(&self, mail: &OutgoingMail) -> Result<(), MailError>;

    /// Answers whether the mail server is there and lets us in; sends nothing.
    ///
    /// # Errors
    ///
    /// [`MailError::Unavailable`].
    fn probe(&self) -> Result<(), MailError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_debug_form_of_a_mail_shows_no_personal_data() {
        let mail = OutgoingMail {
            message_id: "1@unionhall.example".to_owned(),
            to: "ada@local46.example".to_owned(),
            subject: "Grievance GR-2026-0001".to_owned(),
            text: "Dear Ada".to_owned(),
            html: Some("<p>Dear Ada</p>".to_owned()),
            picture: None,
        };
        assert_eq!(
            format!("{mail:?}"),
            r#"OutgoingMail { message_id: "1@unionhall.example", .. }"#
        );
    }
}
