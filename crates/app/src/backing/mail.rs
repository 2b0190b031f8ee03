//! Mail: a server named in the configuration, or our own mailbox that keeps it all.

use std::{sync::Arc, time::Duration};

use tokio::runtime::Handle;
use unionhall_email_adapter::{Password, SmtpConfig, SmtpCredentials, SmtpMailer, SmtpSecurity};
use unionhall_embedded::mailbox::{Mailbox, MailboxConfig};
use unionhall_ports::mail::Mailer;

use super::{Say, below};
use crate::{
    config::{self, Config},
    exit::Exit,
    failure::Failure,
};

/// How long a mail server may take; well below the time for which a mail is claimed.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The way out for mail; and our own mailbox, if there is no other.
pub(super) fn start(
    config: &Config,
    runtime: &Handle,
    say: Say<'_>,
) -> Result<(Arc<dyn Mailer>, Option<Mailbox>), Failure> {
    let failed = |error: &dyn std::error::Error| Failure::caused(Exit::Unavailable, "mail", error);
    let from = config.smtp.from.clone();
    let (settings, mailbox) = match &config.smtp.server {
        Some(server) => (named(server, from), None),
        None => {
            say("starting the mailbox");
            let folder = below(config, "mailbox");
            let mailbox =
                Mailbox::start(&MailboxConfig { folder }).map_err(|error| failed(&error))?;
            let address = mailbox.smtp_address();
            let settings = SmtpConfig {
                host: address.ip().to_string(),
                port: address.port(),
                security: SmtpSecurity::None,
                credentials: None,
                from,
                timeout: TIMEOUT,
            };
            (settings, Some(mailbox))
        }
    };
    let mailer = SmtpMailer::new(&settings, runtime.clone())
        .map_err(|error| Failure::caused(Exit::Usage, "mail", &error))?;
    Ok((Arc::new(mailer), mailbox))
}

fn named(server: &config::SmtpServer, from: String) -> SmtpConfig {
    SmtpConfig {
        host: server.host.clone(),
        port: server.port,
        security: match server.security {
            config::SmtpSecurity::None => SmtpSecurity::None,
            config::SmtpSecurity::StartTls => SmtpSecurity::StartTls,
            config::SmtpSecurity::Tls => SmtpSecurity::Tls,
        },
        credentials: server.credentials.as_ref().map(|given| SmtpCredentials {
            user: given.user.clone(),
            password: Password::new(given.password.expose().clone()),
        }),
        from,
        timeout: TIMEOUT,
    }
}
