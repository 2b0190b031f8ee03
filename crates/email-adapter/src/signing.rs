//! Signs mails for the servers that receive them (DKIM, RFC 6376).

use base64::{Engine, engine::general_purpose::STANDARD};
use lettre::message::{
    dkim::{
        DkimCanonicalization, DkimCanonicalizationType, DkimConfig, DkimSigningAlgorithm,
        DkimSigningKey,
    },
    header::HeaderName,
};
use pkcs8::{
    LineEnding, ObjectIdentifier, PrivateKeyInfo, SecretDocument,
    der::pem::{self, PemLabel},
};

use crate::{config::Dkim, errors::InvalidDkimKey};

/// What the signature vouches for, besides the whole body: what people and their programs go by. The headers that
/// describe the body belong to it in lettre's eyes, and cannot be named here.
const SIGNED: [&str; 7] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
];

/// The names of the two kinds of key (RFC 8017 appendix C, RFC 8410 §3).
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

const PKCS1: &str = "RSA PRIVATE KEY";

/// An RSA key of 2,048 bits takes about 1,190 bytes (RFC 8017 appendix A.1.2); one of 1,536 bits about 900.
const SHORTEST_RSA: usize = 1_150;

/// What lettre needs to sign; white space may change on the way, as relays do change it.
pub(crate) fn signer(dkim: &Dkim) -> Result<DkimConfig, InvalidDkimKey> {
    let relaxed = DkimCanonicalization {
        header: DkimCanonicalizationType::Relaxed,
        body: DkimCanonicalizationType::Relaxed,
    };
    Ok(DkimConfig::new(
        dkim.selector.clone(),
        dkim.domain.clone(),
        key(dkim.key.expose())?,
        SIGNED.map(HeaderName::new_from_ascii_str).to_vec(),
        relaxed,
    ))
}

/// Reads what `openssl genrsa` and `openssl genpkey` write, of today and of old.
fn key(pem: &str) -> Result<DkimSigningKey, InvalidDkimKey> {
    let (label, document) =
        SecretDocument::from_pem(pem.trim()).map_err(|_| InvalidDkimKey::NotPem)?;
    if label == PKCS1 {
        return rsa(document.as_bytes());
    }
    if label != PrivateKeyInfo::PEM_LABEL {
        return Err(InvalidDkimKey::NotPem);
    }
    let info = PrivateKeyInfo::try_from(document.as_bytes()).map_err(|_| InvalidDkimKey::NotPem)?;
    match info.algorithm.oid {
        RSA => rsa(info.private_key),
        ED25519 => ed25519(info.private_key),
        _ => Err(InvalidDkimKey::Kind),
    }
}

fn rsa(pkcs1: &[u8]) -> Result<DkimSigningKey, InvalidDkimKey> {
    if pkcs1.len() < SHORTEST_RSA {
        return Err(InvalidDkimKey::Short);
    }
    let text =
        pem::encode_string(PKCS1, LineEnding::LF, pkcs1).map_err(|_| InvalidDkimKey::NotPem)?;
    DkimSigningKey::new(&text, DkimSigningAlgorithm::Rsa).map_err(|_| InvalidDkimKey::NotPem)
}

/// The key is 32 bytes inside an octet string of its own (RFC 8410 §7).
fn ed25519(wrapped: &[u8]) -> Result<DkimSigningKey, InvalidDkimKey> {
    let seed = wrapped
        .strip_prefix(&[0x04, 0x20])
        .ok_or(InvalidDkimKey::NotPem)?;
    DkimSigningKey::new(&STANDARD.encode(seed), DkimSigningAlgorithm::Ed25519)
        .map_err(|_| InvalidDkimKey::NotPem)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Password;

    fn refused(key: &str) -> InvalidDkimKey {
        let dkim = Dkim {
            domain: "hall.example".to_owned(),
            selector: "unionhall".to_owned(),
            key: Password::new(key),
        };
        signer(&dkim).expect_err("this is no key")
    }

    #[test]
    fn what_is_no_private_key_is_refused_without_being_repeated() {
        for key in [
            "",
            "hunter2",
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        ] {
            let error = refused(key);
            assert!(matches!(error, InvalidDkimKey::NotPem), "{error}");
            assert!(!format!("{error} {error:?}").contains("hunter2"));
        }
    }

    #[test]
    fn a_key_of_another_kind_or_a_short_one_is_refused() {
        // An elliptic curve that DKIM does not know: the algorithm is read before the key is.
        let p256 = "-----BEGIN PRIVATE KEY-----\nMBoCAQAwEwYHKoZIzj0CAQYIKoZIzj0DAQcEAA==\n-----END PRIVATE KEY-----";
        assert!(matches!(refused(p256), InvalidDkimKey::Kind));
        let short = "-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----";
        assert!(matches!(refused(short), InvalidDkimKey::Short));
    }
}
