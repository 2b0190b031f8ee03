//! Passwords hashed with bcrypt, every byte of them, on threads of their own.

mod common;
mod given;
mod pool;

use base64::{
    Engine as _, alphabet,
    engine::{
        GeneralPurpose,
        general_purpose::{NO_PAD, STANDARD},
    },
};
use sha2::{Digest as _, Sha256};
use unionhall_ports::passwords::{HashError, Password, PasswordHash, PasswordHasher};

pub use common::{DamagedList, ShippedList};
pub use given::{GivenPasswordError, generate, read_from};
pub use pool::{HashingError, HashingPool};

/// Goes before every password in the digest, so that digests of the same password that leaked
/// elsewhere cannot be tried against our hashes. Changing it makes every stored hash worthless.
const DOMAIN: &[u8] = b"unionhall/password/v1\0";

/// How bcrypt writes bytes: an alphabet of its own.
const BCRYPT_BASE64: GeneralPurpose = GeneralPurpose::new(&alphabet::BCRYPT, NO_PAD);

/// The port's hasher: bcrypt over a digest of the password.
pub struct BcryptHasher {
    cost: u32,
    stand_in: String,
}

impl BcryptHasher {
    /// A hasher that makes hashes of that cost, from 4 (tests) to 31; 12 takes about a quarter of a second.
    ///
    /// # Errors
    /// When the system has no random bytes to give.
    pub fn new(cost: u32) -> Result<Self, getrandom::Error> {
        let stand_in = stand_in(cost)?;
        Ok(Self { cost, stand_in })
    }
}

impl PasswordHasher for BcryptHasher {
    fn hash(&self, password: &Password) -> Result<PasswordHash, HashError> {
        bcrypt::hash(digest(password), self.cost)
            .map(PasswordHash::new)
            .map_err(|error| HashError(Box::new(error)))
    }

    fn verify(&self, password: &Password, hash: Option<PasswordHash>) -> bool {
        let digest = digest(password);
        let known = hash.and_then(|hash| bcrypt::verify(&digest, hash.expose()).ok());
        known.unwrap_or_else(|| {
            // Nobody there, or a hash that is none: the same work for an answer that is always no.
            let matches = bcrypt::verify(&digest, &self.stand_in);
            std::hint::black_box(matches).is_ok_and(|_| false)
        })
    }
}

/// 44 printable bytes that depend on every byte of the password: bcrypt alone reads 72 and no zero.
fn digest(password: &Password) -> String {
    let mut sha256 = Sha256::new();
    sha256.update(DOMAIN);
    sha256.update(password.expose());
    STANDARD.encode(sha256.finalize())
}

/// A well-formed hash of no known password. It is drawn, not computed: computing it would delay every start.
fn stand_in(cost: u32) -> Result<String, getrandom::Error> {
    let (mut salt, mut hash) = ([0_u8; 16], [0_u8; 23]);
    getrandom::fill(&mut salt)?;
    getrandom::fill(&mut hash)?;
    let (salt, hash) = (BCRYPT_BASE64.encode(salt), BCRYPT_BASE64.encode(hash));
    Ok(format!("$2b${cost:02}${salt}{hash}"))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    const CHEAP: u32 = 4;

    fn password(text: &str) -> Password {
        Password::new(text.to_owned()).unwrap()
    }

    #[test]
    fn a_password_matches_its_own_hash_and_no_other() {
        let hasher = BcryptHasher::new(CHEAP).unwrap();
        let hash = hasher.hash(&password("solidarity")).unwrap();
        assert!(hasher.verify(&password("solidarity"), Some(hash.clone())));
        assert!(!hasher.verify(&password("Solidarity"), Some(hash.clone())));
        assert!(hash.expose().starts_with("$2b$04$"));
    }

    #[test]
    fn the_same_password_has_another_hash_each_time() {
        let hasher = BcryptHasher::new(CHEAP).unwrap();
        let (one, two) = (
            hasher.hash(&password("x")).unwrap(),
            hasher.hash(&password("x")).unwrap(),
        );
        assert_ne!(one.expose(), two.expose());
    }

    #[test]
    fn passwords_that_differ_after_byte_72_differ() {
        let hasher = BcryptHasher::new(CHEAP).unwrap();
        let long = "a".repeat(72);
        let hash = hasher.hash(&password(&format!("{long}b"))).unwrap();
        assert!(hasher.verify(&password(&format!("{long}b")), Some(hash.clone())));
        assert!(!hasher.verify(&password(&format!("{long}c")), Some(hash.clone())));
        assert!(!hasher.verify(&password(&long), Some(hash)));
    }

    #[test]
    fn passwords_that_differ_after_a_zero_byte_differ() {
        let hasher = BcryptHasher::new(CHEAP).unwrap();
        let hash = hasher.hash(&password("a\0b")).unwrap();
        assert!(!hasher.verify(&password("a\0c"), Some(hash)));
    }

    #[test]
    fn nobody_and_a_broken_hash_answer_no() {
        let hasher = BcryptHasher::new(CHEAP).unwrap();
        assert!(!hasher.verify(&password("x"), None));
        assert!(!hasher.verify(
            &password("x"),
            Some(PasswordHash::new("not a hash".to_owned()))
        ));
    }

    #[test]
    fn the_stand_in_is_a_hash_so_that_nobody_costs_as_much_as_somebody() {
        let hasher = BcryptHasher::new(CHEAP).unwrap();
        assert_eq!(bcrypt::verify("x", &hasher.stand_in).ok(), Some(false));
        assert!(hasher.stand_in.starts_with("$2b$04$"));

        // Costs of 4 and 10 differ by a factor of 64: a stand-in of the wrong cost cannot pass for the right one.
        let hasher = BcryptHasher::new(10).unwrap();
        let hash = hasher.hash(&password("x")).unwrap();
        let fastest = |hash: Option<PasswordHash>| {
            let time = |_| {
                let start = Instant::now();
                assert!(!hasher.verify(&password("y"), hash.clone()));
                start.elapsed()
            };
            (0..5).map(time).min().unwrap_or(Duration::ZERO)
        };
        let (somebody, nobody) = (fastest(Some(hash)), fastest(None));
        let ratio = nobody.as_secs_f64() / somebody.as_secs_f64();
        assert!(
            (0.1..10.0).contains(&ratio),
            "{nobody:?} for nobody, {somebody:?} for somebody"
        );
    }

    #[test]
    fn a_cost_outside_its_range_is_an_error_and_not_a_panic() {
        assert!(BcryptHasher::new(3).unwrap().hash(&password("x")).is_err());
    }

    #[test]
    fn the_digest_stays_what_it_was() {
        // Stored hashes depend on it: this value may never change.
        assert_eq!(
            digest(&password("solidarity-forever")),
            DIGEST_OF_A_KNOWN_PASSWORD
        );
        assert_eq!(digest(&password("solidarity-forever")).len(), 44);
    }

    const DIGEST_OF_A_KNOWN_PASSWORD: &str = "Wa0s1VhfBaAh3jh6kunj0sUx6GT9ViLrCrBWarHrHUo=";
}
