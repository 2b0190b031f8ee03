//! What the answers of the mail server and the failures of its client mean.

use std::time::Duration;

use lettre::{address::AddressError, transport::smtp::Error as SmtpError};
use thiserror::Error;
use unionhall_ports::mail::MailError;

/// The configuration of the mail server cannot be used.
#[derive(Debug, Error)]
pub enum InvalidSmtpConfig {
    /// The sender is no address.
    #[error("the sender of mails is no mail address")]
    From(#[source] AddressError),
    /// The host is no name that a certificate could carry.
    #[error("the mail server's host cannot be used")]
    Host(#[source] SmtpError),
}

/// The server did not finish in time.
#[derive(Debug, Error)]
#[error("no answer within {0:?}")]
pub(crate) struct TimedOut(pub(crate) Duration);

/// The server answered, and not as a server that takes mail.
#[derive(Debug, Error)]
#[error("there is no working connection")]
pub(crate) struct NotConnected;

/// Sorts a failure by what the caller can do about it.
pub(crate) fn mail_error(error: SmtpError) -> MailError {
    let status = error.status().map(u16::from);
    // These are about our sign-in and not about the mail: once that is right, it will go out.
    let about_us = matches!(status, Some(530 | 534 | 535 | 538));
    if error.is_permanent() && !about_us {
        MailError::Refused(Box::new(error))
    } else {
        MailError::Unavailable(Box::new(error))
    }
}
