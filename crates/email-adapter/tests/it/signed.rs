//! The signature under a mail (DKIM), checked with an implementation that shares no code with ours.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use rcgen::{KeyPair, PKCS_ED25519, PublicKeyData};
use unionhall_email_adapter::{Dkim, InvalidDkimKey, InvalidSmtpConfig, Password, SmtpMailer};
use unionhall_embedded::python_tools;
use unionhall_ports::mail::{Mailer, OutgoingMail};

use crate::servers::{Server, mail};

const TOOL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/dkimpy");

/// Runs the tool with this on its standard input, and gives what it printed.
fn tool(arguments: &[&str], input: &str) -> String {
    let packages = python_tools::install(&Path::new(TOOL).join("requirements.txt")).unwrap();
    let mut process = Command::new("python3")
        .arg(Path::new(TOOL).join("dkim_tool.py"))
        .args(arguments)
        .env("PYTHONPATH", packages)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = process.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// A private key in PEM, and the DNS record of its public half.
fn rsa(bits: &str, form: &str) -> (String, String) {
    let made = tool(&["rsa-key", bits, form], "");
    let (private, public) = made.trim_end().rsplit_once('\n').unwrap();
    (private.to_owned(), format!("v=DKIM1; k=rsa; p={public}"))
}

fn ed25519() -> (String, String) {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let key = KeyPair::generate_for(&PKCS_ED25519).unwrap();
    let public = STANDARD.encode(key.der_bytes());
    (
        key.serialize_pem(),
        format!("v=DKIM1; k=ed25519; p={public}"),
    )
}

/// What arrives of a mail that was signed with this key.
fn sent(key: String, mail: &OutgoingMail) -> String {
    let mut server = Server::embedded();
    server.config.dkim = Some(signing_with(key));
    server.adapter().send(mail).unwrap();
    server.received(1).remove(0).raw
}

fn signing_with(key: String) -> Dkim {
    Dkim {
        domain: "hall.example".to_owned(),
        selector: "letters".to_owned(),
        key: Password::new(key),
    }
}

fn letter() -> OutgoingMail {
    OutgoingMail {
        subject: "Größe: 5 µm ✊".to_owned(),
        html: Some("<p>Grüße,\n  your <b>step</b> is due.</p>\n".repeat(40)),
        ..mail(1)
    }
}

#[test]
fn a_signature_of_either_kind_holds_for_mail_with_and_without_html() {
    for (key, record) in [rsa("2048", "pkcs8"), rsa("2048", "pkcs1"), ed25519()] {
        for mail in [mail(1), letter()] {
            let raw = sent(key.clone(), &mail);
            let verdict = tool(&["verify", &record], &raw);
            assert_eq!(verdict, "True letters._domainkey.hall.example.\n", "{raw}");
        }
    }
}

#[test]
fn a_mail_that_was_changed_on_its_way_fails_the_check() {
    let (key, record) = ed25519();
    let raw = sent(key, &letter());
    for (part, forged) in [
        ("To: ada@", "To: eve@"),
        ("Auto-Submitted: auto-generated", "Auto-Submitted: no"),
        ("your step is due", "your dues are due"),
    ] {
        let changed = raw.replace(part, forged);
        assert_ne!(changed, raw);
        let verdict = tool(&["verify", &record], &changed);
        assert!(verdict.starts_with("False"), "{part}: {verdict}");
    }
}

#[test]
fn a_short_key_and_one_that_is_none_are_an_invalid_configuration_without_the_key() {
    let mut server = Server::embedded();
    let (short, _) = rsa("1024", "pkcs8");
    for (key, is_short) in [(short, true), ("hunter2-secret".to_owned(), false)] {
        server.config.dkim = Some(signing_with(key.clone()));
        let error = SmtpMailer::new(&server.config, server.runtime.handle().clone()).unwrap_err();
        match &error {
            InvalidSmtpConfig::Dkim(InvalidDkimKey::Short) => assert!(is_short),
            InvalidSmtpConfig::Dkim(InvalidDkimKey::NotPem) => assert!(!is_short),
            other => panic!("{other}"),
        }
        let shown = format!("{error:?} {:?}", server.config);
        assert!(
            !shown.contains("hunter2") && !shown.contains(&key),
            "{shown}"
        );
    }
}
