//! Mail: a server named in the configuration, or our own mailbox that keeps it all.

use std::{fs, path::Path, sync::Arc, time::Duration};

use tokio::runtime::Handle;
use unionhall_email_adapter::{
    Dkim, Password, SmtpConfig, SmtpCredentials, SmtpMailer, SmtpSecurity,
};
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
    let dkim = config.smtp.dkim.as_ref().map(signature).transpose()?;
    let (settings, mailbox) = match &config.smtp.server {
        Some(server) => (named(server, from, dkim)?, None),
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
                authorities: None,
                credentials: None,
                from,
                dkim,
                timeout: TIMEOUT,
            };
            (settings, Some(mailbox))
        }
    };
    let mailer = SmtpMailer::new(&settings, runtime.clone())
        .map_err(|error| Failure::caused(Exit::Usage, "mail", &error))?;
    Ok((Arc::new(mailer), mailbox))
}

/// What signs mail, with its key read.
fn signature(dkim: &config::Dkim) -> Result<Dkim, Failure> {
    let key = read("smtp.dkim_key_file", &dkim.key_file)?;
    let key = String::from_utf8(key)
        .map_err(|_| Failure::new(Exit::Usage, "smtp.dkim_key_file: is not a PEM file"))?;
    Ok(Dkim {
        domain: dkim.domain.clone(),
        selector: dkim.selector.clone(),
        key: Password::new(key),
    })
}

fn read(name: &str, path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| {
        let doing = format!("{name}: reading {}", path.display());
        Failure::caused(Exit::Usage, &doing, &error)
    })
}

fn named(
    server: &config::SmtpServer,
    from: String,
    dkim: Option<Dkim>,
) -> Result<SmtpConfig, Failure> {
    let authorities = server.ca_file.as_deref();
    let authorities = authorities
        .map(|path| read("smtp.ca_file", path))
        .transpose()?;
    Ok(SmtpConfig {
        host: server.host.clone(),
        port: server.port,
        security: match server.security {
            config::SmtpSecurity::None => SmtpSecurity::None,
            config::SmtpSecurity::StartTls => SmtpSecurity::StartTls,
            config::SmtpSecurity::Tls => SmtpSecurity::Tls,
        },
        authorities,
        credentials: server.credentials.as_ref().map(|given| SmtpCredentials {
            user: given.user.clone(),
            password: Password::new(given.password.expose().clone()),
        }),
        from,
        dkim,
        timeout: TIMEOUT,
    })
}
