//! Tokens that people are sent by mail: 32 random bytes, of which storage knows the SHA-256 alone.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use unionhall_domain::{invalid::Invalid, mail_tokens::MailPurpose, users::UserId};
use unionhall_ports::{
    clock::Clock,
    mail_tokens::{MailToken, Spent},
    storage::StorageError,
    unit_of_work::Repositories,
};

/// Makes a token that counts instead of every older one of this user and purpose.
///
/// Returns it for the mail: URL-safe base64 (RFC 4648 §5), 43 characters. For a user there is not, it counts for nothing.
///
/// # Errors
/// [`StorageError`].
pub fn issue(
    tx: &mut dyn Repositories,
    clock: &dyn Clock,
    user: UserId,
    purpose: MailPurpose,
    payload: Option<String>,
    now: Timestamp,
) -> Result<String, StorageError> {
    let secret = URL_SAFE_NO_PAD.encode(clock.secret());
    let expires_at = now.saturating_add(purpose.lifetime());
    tx.mail_tokens().issue(&MailToken {
        hash: hashed(&secret),
        user,
        purpose,
        payload,
        issued_at: now,
        expires_at: expires_at.unwrap_or(Timestamp::MAX),
    })?;
    Ok(secret)
}

/// What a token from a mail stands for, without spending it.
///
/// # Errors
/// [`StorageError`].
pub fn find(
    tx: &mut dyn Repositories,
    token: &str,
    purpose: MailPurpose,
    now: Timestamp,
) -> Result<Option<Spent>, StorageError> {
    tx.mail_tokens().find(&hashed(token), purpose, now)
}

/// Spends a token from a mail; nothing when it does not count (any more).
///
/// # Errors
/// [`StorageError`].
pub fn spend(
    tx: &mut dyn Repositories,
    token: &str,
    purpose: MailPurpose,
    now: Timestamp,
) -> Result<Option<Spent>, StorageError> {
    tx.mail_tokens().spend(&hashed(token), purpose, now)
}

/// What is said of a token that does not count (any more), whatever the reason.
pub fn refused() -> Invalid {
    Invalid::new(
        "token_refused",
        "has expired, was used, or was replaced by a newer one: ask for a new one",
    )
}

/// The SHA-256 of a token, without the white space that comes with copying it out of a mail.
fn hashed(token: &str) -> [u8; 32] {
    Sha256::digest(token.trim().as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use jiff::SignedDuration;
    use unionhall_ports::mock::MockRepositories;

    use super::*;
    use crate::fixtures::{CALLER, clock, now, user};

    #[test]
    fn the_mail_has_43_letters_and_storage_only_their_hash() {
        let kept = Arc::new(Mutex::new(Vec::new()));
        let taken = Arc::clone(&kept);
        let mut mocks = MockRepositories::default();
        mocks.mail_tokens.expect_issue().returning(move |token| {
            taken.lock().unwrap().push(token.clone());
            Ok(())
        });
        let purpose = MailPurpose::ResetPassword;
        let token = issue(&mut mocks, &clock(), CALLER, purpose, None, now()).unwrap();
        let url_safe = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        assert!(token.len() == 43 && token.chars().all(url_safe), "{token}");
        let expected = MailToken {
            hash: hashed(&token),
            user: CALLER,
            purpose,
            payload: None,
            issued_at: now(),
            expires_at: now() + SignedDuration::from_hours(1),
        };
        assert_eq!(*kept.lock().unwrap(), [expected]);
        assert!(!format!("{:?}", kept.lock().unwrap()).contains(&token));
    }

    #[test]
    fn a_token_is_looked_for_by_its_hash_however_it_was_copied() {
        let wanted: [u8; 32] = Sha256::digest(b"abc").into();
        let mut mocks = MockRepositories::default();
        let found = || Spent {
            user: user(CALLER),
            payload: None,
        };
        mocks
            .mail_tokens
            .expect_find()
            .withf(move |hash, purpose, _| *hash == wanted && *purpose == MailPurpose::Unlock)
            .returning(move |_, _, _| Ok(Some(found())));
        mocks
            .mail_tokens
            .expect_spend()
            .withf(move |hash, purpose, _| *hash == wanted && *purpose == MailPurpose::Unlock)
            .returning(move |_, _, _| Ok(Some(found())));
        let looked = find(&mut mocks, " abc\r\n", MailPurpose::Unlock, now()).unwrap();
        let spent = spend(&mut mocks, "abc", MailPurpose::Unlock, now()).unwrap();
        assert_eq!(looked, spent);
        assert_eq!(spent, Some(found()));
    }
}
