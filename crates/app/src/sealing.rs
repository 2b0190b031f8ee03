//! Secrets sealed with ChaCha20-Poly1305 (RFC 8439), under keys derived from the configured ones by HKDF (RFC 5869).

use std::fmt;

use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, Salt},
};
use unionhall_ports::sealing::{SealError, Sealed, Sealer};

use crate::config::{self, Config, Environment, SigningKey, SigningKeyFileError};

/// The salt of the derivation. It names the scheme: another one would have another name beside it, and changing
/// this one makes every sealed secret worthless.
const SALT: &[u8] = b"unionhall/sealing/v1";

/// The keys of the installation: the first seals, all open.
pub struct KeyRing {
    keys: Vec<(String, LessSafeKey)>,
}

impl KeyRing {
    /// Derives a sealing key from each of these.
    ///
    /// # Errors
    /// Never, as far as anybody knows: the lengths that the derivation is asked for are those it is made for.
    pub fn new(keys: &[SigningKey]) -> Result<Self, SealError> {
        let derived = keys
            .iter()
            .map(|key| Ok((key.id.clone(), derived(key.secret.expose())?)));
        Ok(Self {
            keys: derived.collect::<Result<_, SealError>>()?,
        })
    }

    fn current(&self) -> Option<&(String, LessSafeKey)> {
        self.keys.first()
    }
}

/// The configured keys; in development, when there are none, one that is drawn and kept in the data folder. A
/// command in production needs none: what it would need them for is then refused.
///
/// # Errors
/// When the development key cannot be made or read.
pub fn keys(config: &Config) -> Result<Vec<SigningKey>, SigningKeyFileError> {
    match config.environment {
        Environment::Development if config.sealing_keys.is_empty() => {
            Ok(vec![config::development_sealing_key(&config.data_dir)?])
        }
        Environment::Development | Environment::Production => Ok(config.sealing_keys.clone()),
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids = self.keys.iter().map(|(id, _)| id);
        f.debug_list().entries(ids).finish()
    }
}

impl Sealer for KeyRing {
    fn seal(&self, context: &str, secret: &[u8]) -> Result<Sealed, SealError> {
        let (id, key) = self.current().ok_or(SealError::Failed)?;
        // 96 random bits: they repeat with a chance of one in 2³² after 2³² secrets, and there are as many as people.
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).map_err(|_| SealError::Failed)?;
        let mut sealed = secret.to_vec();
        key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(context),
            &mut sealed,
        )
        .map_err(|_| SealError::Failed)?;
        Ok(Sealed {
            key: id.clone(),
            bytes: [nonce.as_slice(), &sealed].concat(),
        })
    }

    fn open(&self, context: &str, sealed: &Sealed) -> Result<Vec<u8>, SealError> {
        let mut keys = self.keys.iter();
        let (_, key) = keys
            .find(|(id, _)| *id == sealed.key)
            .ok_or_else(|| SealError::UnknownKey(sealed.key.clone()))?;
        let (nonce, rest) = sealed
            .bytes
            .split_first_chunk::<NONCE_LEN>()
            .ok_or(SealError::Damaged)?;
        let mut rest = rest.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = key.open_in_place(nonce, Aad::from(context), &mut rest);
        opened
            .map(|secret| secret.to_vec())
            .map_err(|_| SealError::Damaged)
    }

    fn is_current(&self, sealed: &Sealed) -> bool {
        self.current().is_some_and(|(id, _)| *id == sealed.key)
    }
}

fn derived(secret: &[u8]) -> Result<LessSafeKey, SealError> {
    let okm_of = Salt::new(HKDF_SHA256, SALT).extract(secret);
    let okm = okm_of.expand(&[b"chacha20-poly1305"], &CHACHA20_POLY1305);
    let key = okm.map(UnboundKey::from).map_err(|_| SealError::Failed)?;
    Ok(LessSafeKey::new(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Secret;

    fn ring(keys: &[(&str, u8)]) -> KeyRing {
        let key = |(id, byte): &(&str, u8)| SigningKey {
            id: (*id).to_owned(),
            secret: Secret::new(vec![*byte; 32]),
        };
        KeyRing::new(&keys.iter().map(key).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_for_its_context_and_no_other() {
        let ring = ring(&[("2026", 1)]);
        let sealed = ring.seal("ada", b"secret").unwrap();
        assert_eq!(ring.open("ada", &sealed).unwrap(), b"secret");
        assert!(matches!(ring.open("ben", &sealed), Err(SealError::Damaged)));
    }

    #[test]
    fn a_sealed_secret_does_not_hold_it_and_is_another_each_time() {
        let ring = ring(&[("2026", 1)]);
        let one = ring.seal("ada", b"a secret of some length").unwrap();
        let two = ring.seal("ada", b"a secret of some length").unwrap();
        assert_ne!(one.bytes, two.bytes);
        let secret = b"secret";
        assert!(!one.bytes.windows(secret.len()).any(|part| part == secret));
    }

    #[test]
    fn whatever_is_changed_it_does_not_open() {
        let ring = ring(&[("2026", 1)]);
        let sealed = ring.seal("ada", b"secret").unwrap();
        for place in 0..sealed.bytes.len() {
            let mut changed = sealed.clone();
            changed.bytes[place] ^= 1;
            assert!(ring.open("ada", &changed).is_err(), "byte {place}");
        }
        let mut short = sealed;
        short.bytes.truncate(7);
        assert!(matches!(ring.open("ada", &short), Err(SealError::Damaged)));
    }

    #[test]
    fn keys_are_changed_by_a_new_one_in_front_and_an_old_one_that_still_opens() {
        let old = ring(&[("2026", 1)]);
        let sealed = old.seal("ada", b"secret").unwrap();
        let both = ring(&[("2027", 2), ("2026", 1)]);
        assert_eq!(both.open("ada", &sealed).unwrap(), b"secret");
        assert!(old.is_current(&sealed) && !both.is_current(&sealed));
        let anew = both.seal("ada", b"secret").unwrap();
        assert_eq!(anew.key, "2027");
        let new = ring(&[("2027", 2)]);
        assert_eq!(new.open("ada", &anew).unwrap(), b"secret");
        assert!(matches!(new.open("ada", &sealed), Err(SealError::UnknownKey(id)) if id == "2026"));
    }

    #[test]
    fn another_key_of_the_same_name_does_not_open_it() {
        let sealed = ring(&[("2026", 1)]).seal("ada", b"secret").unwrap();
        let opened = ring(&[("2026", 2)]).open("ada", &sealed);
        assert!(matches!(opened, Err(SealError::Damaged)));
    }

    #[test]
    fn without_a_key_nothing_is_sealed_and_names_are_all_that_is_printed() {
        assert!(matches!(
            ring(&[]).seal("ada", b"secret"),
            Err(SealError::Failed)
        ));
        assert_eq!(
            format!("{:?}", ring(&[("2027", 2), ("2026", 1)])),
            r#"["2027", "2026"]"#
        );
    }
}
