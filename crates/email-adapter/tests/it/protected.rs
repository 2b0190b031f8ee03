//! Connections that are protected: STARTTLS and TLS with certificates of an authority of our own, and signing in.

use std::fs;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tempfile::TempDir;
use unionhall_email_adapter::{
    InvalidSmtpConfig, Password, SmtpCredentials, SmtpMailer, SmtpSecurity,
};
use unionhall_ports::mail::{MailError, Mailer};

use crate::servers::{Server, config_of, mail, runtime};

const PASSWORD: &str = "a secret between hall and server";

/// An authority, and a folder with the certificate that it gave for `name`.
struct Authority {
    pem: Vec<u8>,
    folder: TempDir,
}

fn authority_for(name: &str) -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("certificate.pem"), certificate.pem()).unwrap();
    fs::write(folder.path().join("key.pem"), key.serialize_pem()).unwrap();
    Authority {
        pem: issuer.pem().into_bytes(),
        folder,
    }
}

impl Authority {
    /// A server with this authority's certificate that wants a sign-in, and the adapter's configuration for it.
    fn server(&self, security: SmtpSecurity) -> Server {
        let tls = match security {
            SmtpSecurity::None => "none",
            SmtpSecurity::StartTls => "starttls",
            SmtpSecurity::Tls => "tls",
        };
        let mut server = Server::aiosmtpd_with(&[
            ("SMTP_TEST_TLS", tls),
            (
                "SMTP_TEST_CERTIFICATES",
                self.folder.path().to_str().unwrap(),
            ),
            ("SMTP_TEST_USER", "hall"),
            ("SMTP_TEST_PASSWORD", PASSWORD),
        ]);
        server.config.security = security;
        server.config.authorities = Some(self.pem.clone());
        server.config.credentials = Some(SmtpCredentials {
            user: "hall".to_owned(),
            password: Password::new(PASSWORD),
        });
        server
    }
}

const PROTECTED: [SmtpSecurity; 2] = [SmtpSecurity::StartTls, SmtpSecurity::Tls];

#[test]
fn mail_goes_out_over_starttls_and_over_tls_signed_in_and_encrypted() {
    let authority = authority_for("127.0.0.1");
    for security in PROTECTED {
        let server = authority.server(security);
        let mailer = server.adapter();
        mailer.probe().unwrap();
        mailer.send(&mail(1)).unwrap();
        mailer.send(&mail(2)).unwrap();
        for received in server.received(2) {
            assert_eq!(received.protected, Some((true, true)), "{security:?}");
        }
    }
}

#[test]
fn a_server_that_nobody_vouches_for_gets_nothing() {
    let authority = authority_for("127.0.0.1");
    let another = authority_for("127.0.0.1");
    for security in PROTECTED {
        for trusted in [None, Some(another.pem.clone())] {
            let mut server = authority.server(security);
            server.config.authorities = trusted;
            let outcome = server.adapter().send(&mail(1));
            assert!(
                matches!(outcome, Err(MailError::Unavailable(_))),
                "{security:?} {outcome:?}"
            );
        }
    }
}

#[test]
fn a_certificate_for_another_name_is_not_taken() {
    let authority = authority_for("mail.hall.example");
    for security in PROTECTED {
        let outcome = authority.server(security).adapter().send(&mail(1));
        assert!(
            matches!(outcome, Err(MailError::Unavailable(_))),
            "{security:?} {outcome:?}"
        );
    }
}

#[test]
fn a_wrong_password_keeps_the_mail_for_later_and_is_told_to_nobody() {
    let authority = authority_for("127.0.0.1");
    for security in PROTECTED {
        let mut server = authority.server(security);
        server.config.credentials = Some(SmtpCredentials {
            user: "hall".to_owned(),
            password: Password::new("hunter2-secret"),
        });
        let mailer = server.adapter();
        for outcome in [mailer.send(&mail(1)), mailer.probe()] {
            assert!(
                matches!(outcome, Err(MailError::Unavailable(_))),
                "{security:?} {outcome:?}"
            );
            assert!(!format!("{outcome:?}").contains("hunter2-secret"));
        }
    }
}

#[test]
fn a_server_that_speaks_in_the_clear_gets_nothing_where_tls_is_asked_for() {
    let plain = Server::aiosmtpd();
    for security in PROTECTED {
        let mut config = plain.config.clone();
        config.security = security;
        config.timeout = std::time::Duration::from_secs(2);
        let mailer = SmtpMailer::new(&config, plain.runtime.handle().clone()).unwrap();
        let outcome = mailer.send(&mail(1));
        assert!(
            matches!(outcome, Err(MailError::Unavailable(_))),
            "{security:?} {outcome:?}"
        );
    }
}

#[test]
fn authorities_that_are_no_certificates_are_an_invalid_configuration() {
    let runtime = runtime();
    for pem in ["", "nothing of the kind"] {
        let mut config = config_of(std::net::SocketAddr::from(([127, 0, 0, 1], 9)));
        config.security = SmtpSecurity::Tls;
        config.authorities = Some(pem.as_bytes().to_vec());
        let outcome = SmtpMailer::new(&config, runtime.handle().clone());
        assert!(
            matches!(outcome, Err(InvalidSmtpConfig::NoAuthorities)),
            "{outcome:?}"
        );
    }
}
