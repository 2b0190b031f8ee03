//! Signatures with the installation's keys: HMAC-SHA-256 (RFC 2104) under the keys that sign access tokens.
//!
//! What is signed says in its first words what it is about, and no access token begins like that: one key for both is
//! one less to keep.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use unionhall_ports::signatures::{NoKey, Signatures};

use crate::{
    config::{self, Config, Environment},
    exit::Exit,
    failure::Failure,
};

/// Signs with the first key and knows the signatures of all of them.
pub struct KeyedSignatures {
    keys: Vec<Vec<u8>>,
}

impl KeyedSignatures {
    /// With these keys, the newest first.
    pub const fn new(keys: Vec<Vec<u8>>) -> Self {
        Self { keys }
    }

    /// With the keys of an installation. In production there may be none at the command line, where nothing is signed.
    ///
    /// # Errors
    /// When the key that is drawn for development can be neither read nor made.
    pub fn of(config: &Config) -> Result<Self, Failure> {
        let mut keys: Vec<_> = config
            .signing_keys
            .iter()
            .map(|key| key.secret.expose().clone())
            .collect();
        if keys.is_empty() && config.environment == Environment::Development {
            let key = config::development_signing_key(&config.data_dir)
                .map_err(|error| Failure::caused(Exit::Failed, "the signing key", &error))?;
            keys.push(key.secret.expose().clone());
        }
        Ok(Self::new(keys))
    }
}

impl Signatures for KeyedSignatures {
    fn sign(&self, message: &[u8]) -> Result<[u8; 32], NoKey> {
        let key = self.keys.first().ok_or(NoKey)?;
        let signed = over(key, message).ok_or(NoKey)?;
        Ok(signed.finalize().into_bytes().into())
    }

    fn verify(&self, message: &[u8], signature: &[u8; 32]) -> bool {
        let made_by = |key: &Vec<u8>| {
            over(key, message).is_some_and(|signed| signed.verify_slice(signature).is_ok())
        };
        self.keys.iter().any(made_by)
    }
}

/// A key of any length will do for HMAC, so that there always is one.
fn over(key: &[u8], message: &[u8]) -> Option<Hmac<Sha256>> {
    let mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    Some(mac.chain_update(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyed(keys: &[u8]) -> KeyedSignatures {
        KeyedSignatures::new(keys.iter().map(|byte| vec![*byte; 32]).collect())
    }

    #[test]
    fn the_newest_key_signs_and_every_key_is_known() {
        let old = keyed(&[1]).sign(b"a message").unwrap();
        let both = keyed(&[2, 1]);
        let new = both.sign(b"a message").unwrap();
        assert_ne!(old, new);
        assert!(both.verify(b"a message", &old) && both.verify(b"a message", &new));
        assert!(!keyed(&[2]).verify(b"a message", &old));
    }

    #[test]
    fn a_signature_is_good_for_its_message_and_for_no_other() {
        let signatures = keyed(&[1]);
        let signature = signatures.sign(b"a message").unwrap();
        assert!(!signatures.verify(b"a massage", &signature));
        for place in 0..32 {
            let mut other = signature;
            other[place] ^= 1;
            assert!(!signatures.verify(b"a message", &other), "{place}");
        }
    }

    #[test]
    fn without_a_key_nothing_is_signed_and_nothing_is_known() {
        assert_eq!(keyed(&[]).sign(b"a message"), Err(NoKey));
        assert!(!keyed(&[]).verify(b"a message", &[0; 32]));
    }

    #[test]
    fn it_is_hmac_sha_256() {
        // RFC 4231, section 4.3: key "Jefe".
        let signatures = KeyedSignatures::new(vec![b"Jefe".to_vec()]);
        let signature = signatures.sign(b"what do ya want for nothing?").unwrap();
        let hex: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            hex,
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
