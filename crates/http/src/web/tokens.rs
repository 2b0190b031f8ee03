//! Access tokens: JSON Web Tokens (RFC 7519) signed with HMAC-SHA-256 under keys that have ids.
//!
//! A token says in its header that it is an access token (`at+jwt`, RFC 9068 §2.1) and in its claims for whom:
//! whatever else an installation may sign with the same keys one day is not taken for one.

use std::{collections::HashMap, fmt};

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use unionhall_application::sessions::SessionId;
use unionhall_domain::{ids::Id, tenants::TenantId, users::UserId};
use uuid::Uuid;

/// How long an access token counts.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(30);
const ISSUER: &str = "unionhall";
const AUDIENCE: &str = "unionhall-api";
const TYPE: &str = "at+jwt";

/// A key that signs tokens, and the id by which its tokens name it.
#[derive(Clone)]
pub struct SigningKey {
    /// The id, sent in each token's header.
    pub id: String,
    /// At least 32 bytes that nobody can guess.
    pub secret: Vec<u8>,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Signs tokens with the first key and knows those of every key.
#[derive(Clone)]
pub struct Tokens {
    header: Header,
    signing: EncodingKey,
    known: HashMap<String, DecodingKey>,
    validation: Validation,
}

/// What a token names; what its bearer may do is looked up, never taken from the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bearer {
    /// The user.
    pub user: UserId,
    /// The tenant worked in.
    pub tenant: TenantId,
    /// The session.
    pub session: SessionId,
}

/// There is no key to sign with.
#[derive(Debug, thiserror::Error)]
#[error("there is no signing key")]
pub struct NoSigningKey;

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    tenant: Uuid,
    sid: Uuid,
    iat: i64,
    exp: i64,
}

impl Tokens {
    /// Signs with the first key and knows the tokens of all of them, so that keys can be changed without
    /// signing anybody out: add the new one in front, drop the old one half an hour later.
    ///
    /// # Errors
    /// [`NoSigningKey`] without keys.
    pub fn new(keys: &[SigningKey]) -> Result<Self, NoSigningKey> {
        let first = keys.first().ok_or(NoSigningKey)?;
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        // Expiry is checked below against the clock that the rest of the program uses.
        validation.validate_exp = false;
        Ok(Self {
            header: Header {
                typ: Some(TYPE.to_owned()),
                kid: Some(first.id.clone()),
                ..Header::new(Algorithm::HS256)
            },
            signing: EncodingKey::from_secret(&first.secret),
            known: keys
                .iter()
                .map(|key| (key.id.clone(), DecodingKey::from_secret(&key.secret)))
                .collect(),
            validation,
        })
    }

    /// A token for a bearer that counts from `now` for [`LIFETIME`].
    ///
    /// # Errors
    /// When the token cannot be signed; a bug.
    pub fn sign(
        &self,
        bearer: Bearer,
        now: Timestamp,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: bearer.user.uuid(),
            tenant: bearer.tenant.uuid(),
            sid: bearer.session.uuid(),
            iat: now.as_second(),
            exp: now.as_second().saturating_add(LIFETIME.as_secs()),
        };
        jsonwebtoken::encode(&self.header, &claims, &self.signing)
    }

    /// The bearer a token names, if one of our keys signed it and it counts at `now`.
    #[must_use]
    pub fn verify(&self, token: &str, now: Timestamp) -> Option<Bearer> {
        let header = jsonwebtoken::decode_header(token).ok()?;
        if header.typ.as_deref() != Some(TYPE) {
            return None;
        }
        let key = self.known.get(&header.kid?)?;
        let claims = jsonwebtoken::decode::<Claims>(token, key, &self.validation)
            .ok()?
            .claims;
        (now.as_second() < claims.exp).then(|| Bearer {
            user: Id::new(claims.sub),
            tenant: Id::new(claims.tenant),
            session: Id::new(claims.sid),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(id: &str, byte: u8) -> SigningKey {
        SigningKey {
            id: id.to_owned(),
            secret: vec![byte; 32],
        }
    }

    fn bearer() -> Bearer {
        Bearer {
            user: Id::new(Uuid::from_u128(1)),
            tenant: Id::new(Uuid::from_u128(2)),
            session: Id::new(Uuid::from_u128(3)),
        }
    }

    #[test]
    fn a_token_counts_for_its_lifetime_and_not_a_second_longer() {
        let tokens = Tokens::new(&[key("a", 1)]).unwrap();
        let now: Timestamp = "2026-11-21T08:00:00Z".parse().unwrap();
        let token = tokens.sign(bearer(), now).unwrap();
        assert_eq!(tokens.verify(&token, now), Some(bearer()));
        let end = now.checked_add(LIFETIME).unwrap();
        assert!(
            tokens
                .verify(
                    &token,
                    end.checked_sub(SignedDuration::from_secs(1)).unwrap()
                )
                .is_some()
        );
        assert!(tokens.verify(&token, end).is_none());
    }

    #[test]
    fn keys_can_be_changed_without_signing_anybody_out() {
        let now: Timestamp = "2026-11-21T08:00:00Z".parse().unwrap();
        let old = Tokens::new(&[key("old", 1)]).unwrap();
        let token = old.sign(bearer(), now).unwrap();
        let both = Tokens::new(&[key("new", 2), key("old", 1)]).unwrap();
        assert!(both.verify(&token, now).is_some());
        let fresh = both.sign(bearer(), now).unwrap();
        assert!(old.verify(&fresh, now).is_none());
        assert!(
            Tokens::new(&[key("new", 2)])
                .unwrap()
                .verify(&token, now)
                .is_none()
        );
    }

    #[test]
    fn what_no_key_of_ours_signed_names_nobody() {
        let now: Timestamp = "2026-11-21T08:00:00Z".parse().unwrap();
        let tokens = Tokens::new(&[key("a", 1)]).unwrap();
        let forged = Tokens::new(&[key("a", 9)])
            .unwrap()
            .sign(bearer(), now)
            .unwrap();
        let unsigned = "eyJhbGciOiJub25lIiwia2lkIjoiYSJ9.eyJpc3MiOiJ1bmlvbmhhbGwifQ.";
        for token in [forged.as_str(), unsigned, "", "a.b.c"] {
            assert_eq!(tokens.verify(token, now), None);
        }
    }
}
