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
    /// The certificates are none.
    #[error("the mail server's certificate authorities are not certificates in PEM")]
    Authorities(#[source] SmtpError),
    /// There is no certificate in the file.
    #[error("the file of the mail server's certificate authorities holds no certificate")]
    NoAuthorities,
    /// The key cannot sign.
    #[error("the DKIM key cannot be used")]
    Dkim(#[source] InvalidDkimKey),
}

/// Why a key cannot sign mail; never with anything of the key.
#[derive(Debug, Error)]
pub enum InvalidDkimKey {
    /// It is not of a form that is understood.
    #[error("it is no private key in PEM: `BEGIN PRIVATE KEY` or `BEGIN RSA PRIVATE KEY`")]
    NotPem,
    /// It is of another kind.
    #[error("it is neither an RSA nor an Ed25519 key")]
    Kind,
    /// Receivers do not trust short keys (RFC 8301 §3.2).
    #[error("it is an RSA key of fewer than 2,048 bits")]
    Short,
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
