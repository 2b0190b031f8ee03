//! What the adapter has to be told about the mail server.

use std::{fmt, time::Duration};

/// Where the mail server is, how to be let in and who sends.
#[derive(Clone, Debug)]
pub struct SmtpConfig {
    /// The server's name or address; with TLS, the name in its certificate.
    pub host: String,
    /// The server's port, usually 587 with STARTTLS and 465 with TLS.
    pub port: u16,
    /// How the connection is protected.
    pub security: SmtpSecurity,
    /// The certificates, in PEM, of which one must vouch for the server; `None`: those that browsers trust.
    pub authorities: Option<Vec<u8>>,
    /// How to sign in, where the server asks for it.
    pub credentials: Option<SmtpCredentials>,
    /// The sender of every mail, such as `Unionhall <noreply@unionhall.example>`.
    pub from: String,
    /// How every mail is signed, where it is (DKIM, RFC 6376).
    pub dkim: Option<Dkim>,
    /// How long sending one mail may take altogether.
    pub timeout: Duration,
}

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// Not at all: right on loopback only.
    None,
    /// It begins in the clear and turns to TLS before anything of worth is said, or fails.
    StartTls,
    /// TLS from the first byte.
    Tls,
}

/// Who vouches for our mails to the servers that receive them.
#[derive(Clone, Debug)]
pub struct Dkim {
    /// The domain that signs, usually that of the sender's address.
    pub domain: String,
    /// The name below `_domainkey` of that domain where the public key can be found.
    pub selector: String,
    /// The private key in PEM: RSA of 2,048 bits or more, or Ed25519.
    pub key: Password,
}

/// A sign-in at the mail server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmtpCredentials {
    /// The name.
    pub user: String,
    /// The password.
    pub password: Password,
}

/// A password, which never shows itself in a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Takes the password as it is.
    pub fn new(password: impl Into<String>) -> Self {
        Self(password.into())
    }

    /// The password itself, for the one who signs in with it.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_debug_form_of_a_password_masks_it() {
        let credentials = SmtpCredentials {
            user: "hall".to_owned(),
            password: Password::new("hunter2"),
        };
        assert_eq!(
            format!("{credentials:?}"),
            r#"SmtpCredentials { user: "hall", password: Password(***) }"#
        );
    }
}
