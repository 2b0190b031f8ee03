//! What the pages show: what runs where, who can try it out, and the mail that was kept.

use std::{io, sync::Arc};

use jiff::Timestamp;
use unionhall_embedded::mailbox::{MailSummary, Mailbox};
use unionhall_http::pages::{
    Demo, DemoSignIn, MailPage, MailRow, MailboxView, PagesConfig, Service,
};

use crate::{
    backing::Backing,
    config::{Config, Environment},
    demo,
};

/// What the pages show of this installation.
pub(super) fn pages(config: &Config, backing: &Backing) -> PagesConfig {
    let development = config.environment == Environment::Development;
    let kept = backing.mailbox.clone().filter(|_| development);
    let demo = (development && config.demo).then(|| Demo {
        password: demo::PASSWORD.to_owned(),
        sign_ins: demo::SIGN_INS
            .iter()
            .map(|sign_in| DemoSignIn {
                email: sign_in.email.to_owned(),
                role: sign_in.role.to_owned(),
                tenant: sign_in.tenant.to_owned(),
            })
            .collect(),
    });
    PagesConfig {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        environment: config.environment.to_string(),
        public_url: config.public_url.clone(),
        services: services(config, backing),
        demo,
        mailbox: kept.map(shown),
    }
}

/// Where each service comes from, without names of machines: everybody can read it.
fn services(config: &Config, backing: &Backing) -> Vec<Service> {
    let service = |name: &str, embedded: bool, brought: &str, named: &str| Service {
        name: name.to_owned(),
        what: if embedded { brought } else { named }.to_owned(),
    };
    vec![
        service(
            "Database",
            backing.urls.embedded,
            "PostgreSQL, brought along",
            "PostgreSQL, named in the configuration",
        ),
        service(
            "Object store",
            config.s3.is_none(),
            "S3-compatible, brought along",
            "S3-compatible, named in the configuration",
        ),
        service(
            "Mail",
            config.smtp.server.is_none(),
            "kept in the mailbox, delivered to nobody",
            "sent through the server named in the configuration",
        ),
    ]
}

fn shown(mailbox: Mailbox) -> Arc<dyn MailboxView> {
    Arc::new(Kept(mailbox))
}

/// The mailbox that was brought along, as the pages ask for it.
struct Kept(Mailbox);

impl MailboxView for Kept {
    fn list(&self, limit: usize) -> io::Result<Vec<MailRow>> {
        let mails = self.0.list(limit).map_err(io::Error::other)?;
        mails
            .into_iter()
            .map(|mail| {
                Ok(MailRow {
                    at: received(&mail)?,
                    id: mail.id,
                    to: mail.to,
                    subject: mail.subject,
                })
            })
            .collect()
    }

    fn find(&self, id: &str) -> io::Result<Option<MailPage>> {
        let Some(mail) = self.0.find(id).map_err(io::Error::other)? else {
            return Ok(None);
        };
        Ok(Some(MailPage {
            at: received(&mail.summary)?,
            from: mail.summary.from,
            to: mail.summary.to,
            subject: mail.summary.subject,
            text: mail.text,
            html: mail.html,
        }))
    }
}

fn received(mail: &MailSummary) -> io::Result<Timestamp> {
    Timestamp::try_from(mail.at).map_err(io::Error::other)
}
