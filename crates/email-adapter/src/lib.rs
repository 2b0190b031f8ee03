//! Sends mail through an SMTP server.
//!
//! The client is asynchronous and the port is not: calls come from blocking threads and wait for
//! the client on a runtime that the program hands in.

mod compose;
mod config;
mod errors;
mod signing;

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    message::{Mailbox, dkim::DkimConfig},
    transport::smtp::{
        AsyncSmtpTransportBuilder, Error as SmtpError, PoolConfig,
        authentication::Credentials,
        client::{Certificate, CertificateStore, Tls, TlsParameters},
    },
};
use tokio::runtime::Handle;
use unionhall_ports::mail::{MailError, Mailer, OutgoingMail};

use crate::errors::{NotConnected, TimedOut};
pub use crate::{
    config::{Dkim, Password, SmtpConfig, SmtpCredentials, SmtpSecurity},
    errors::{InvalidDkimKey, InvalidSmtpConfig},
};

/// Connections that are kept open between mails.
const POOLED_CONNECTIONS: u32 = 4;

/// How long a connection is kept open without a mail: less than servers wait.
const POOLED_IDLE: Duration = Duration::from_secs(30);

/// What a certificate in PEM begins with: without one, nobody could vouch for the server.
const CERTIFICATE: &[u8] = b"-----BEGIN CERTIFICATE-----";

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// Sends mail through one SMTP server, over connections that are used again.
#[derive(Debug)]
pub struct SmtpMailer {
    builder: AsyncSmtpTransportBuilder,
    /// `None` only while the mailer is being dropped.
    transport: Mutex<Option<Transport>>,
    from: Mailbox,
    signer: Option<DkimConfig>,
    timeout: Duration,
    runtime: Handle,
}

impl SmtpMailer {
    /// Makes a client for the server that `config` names; nothing is sent yet.
    ///
    /// `runtime` is where the client does its work. It must have a thread of its own and outlive
    /// this mailer.
    ///
    /// # Errors
    ///
    /// [`InvalidSmtpConfig`] when the sender is no address, the host no name, an authority no certificate, or the
    /// DKIM key no key.
    pub fn new(config: &SmtpConfig, runtime: Handle) -> Result<Self, InvalidSmtpConfig> {
        let from = config.from.parse().map_err(InvalidSmtpConfig::From)?;
        let signer = config.dkim.as_ref().map(signing::signer).transpose();
        let signer = signer.map_err(InvalidSmtpConfig::Dkim)?;
        let mut builder = Transport::builder_dangerous(config.host.as_str())
            .tls(tls(config)?)
            .port(config.port)
            .timeout(Some(config.timeout))
            .pool_config(
                PoolConfig::new()
                    .max_size(POOLED_CONNECTIONS)
                    .idle_timeout(POOLED_IDLE),
            );
        if let Some(credentials) = &config.credentials {
            let password = credentials.password.expose().to_owned();
            builder = builder.credentials(Credentials::new(credentials.user.clone(), password));
        }
        let transport = {
            let _in_runtime = runtime.enter();
            builder.clone().build()
        };
        let transport = Mutex::new(Some(transport));
        Ok(Self {
            builder,
            transport,
            from,
            signer,
            timeout: config.timeout,
            runtime,
        })
    }

    /// Lets `call` talk to the server, for no longer than the timeout.
    fn wait<T>(
        &self,
        call: impl AsyncFnOnce(Transport) -> Result<T, SmtpError>,
    ) -> Result<T, MailError> {
        let Some(transport) = self.transport().clone() else {
            return Err(MailError::Unavailable(Box::new(NotConnected)));
        };
        self.runtime.block_on(async {
            match tokio::time::timeout(self.timeout, call(transport)).await {
                Ok(outcome) => outcome.map_err(errors::mail_error),
                Err(_elapsed) => {
                    // The connection stopped in the middle of a conversation, and the pool would
                    // give it to the next mail: that one gets a new pool instead.
                    *self.transport() = Some(self.builder.clone().build());
                    Err(MailError::Unavailable(Box::new(TimedOut(self.timeout))))
                }
            }
        })
    }

    /// A panic elsewhere leaves the value whole: it is only ever replaced.
    fn transport(&self) -> MutexGuard<'_, Option<Transport>> {
        self.transport
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// How the connection is protected, and whom the server's certificate must be from.
fn tls(config: &SmtpConfig) -> Result<Tls, InvalidSmtpConfig> {
    let parameters = || {
        let mut tls = TlsParameters::builder(config.host.clone());
        if let Some(pem) = &config.authorities {
            if !pem
                .windows(CERTIFICATE.len())
                .any(|part| part == CERTIFICATE)
            {
                return Err(InvalidSmtpConfig::NoAuthorities);
            }
            let authorities = Certificate::from_pem(pem).map_err(InvalidSmtpConfig::Authorities)?;
            tls = tls
                .certificate_store(CertificateStore::None)
                .add_root_certificate(authorities);
        }
        tls.build_rustls().map_err(InvalidSmtpConfig::Host)
    };
    Ok(match config.security {
        SmtpSecurity::None => Tls::None,
        SmtpSecurity::StartTls => Tls::Required(parameters()?),
        SmtpSecurity::Tls => Tls::Wrapper(parameters()?),
    })
}

impl Mailer for SmtpMailer {
    fn send(&self, mail: &OutgoingMail) -> Result<(), MailError> {
        let mut message = compose::message(&self.from, mail)
            .map_err(|error| MailError::Refused(Box::new(error)))?;
        if let Some(signer) = &self.signer {
            message.sign(signer);
        }
        let envelope = message.envelope().clone();
        let raw = message.formatted();
        self.wait(async |transport| transport.send_raw(&envelope, &raw).await)
            .map(|_| ())
    }

    fn probe(&self) -> Result<(), MailError> {
        if self.wait(async |transport| transport.test_connection().await)? {
            Ok(())
        } else {
            Err(MailError::Unavailable(Box::new(NotConnected)))
        }
    }
}

impl Drop for SmtpMailer {
    fn drop(&mut self) {
        // The pool closes its connections in a task, which needs the runtime around it.
        let _in_runtime = self.runtime.enter();
        *self.transport() = None;
    }
}
