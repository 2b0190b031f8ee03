//! The token of an invitation: which one it is, a secret, and the installation's signature over both.
//!
//! 81 bytes as 108 characters of URL-safe base64 (RFC 4648 §5), without a bit to spare, so that no two texts are the
//! same token: a version, the 16 bytes of the id, 32 random bytes, and 32 bytes of signature. Storage knows the SHA-256
//! of all of them.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use unionhall_domain::invitations::InvitationId;
use unionhall_ports::{
    clock::Clock,
    signatures::{NoKey, Signatures},
};
use uuid::Uuid;

/// How tokens look that begin with it.
const VERSION: u8 = 1;
/// How many characters a token has.
const LENGTH: usize = 108;
/// What is signed begins with it, so that nothing else the installation signs is taken for an invitation.
const PURPOSE: &[u8] = b"unionhall invitation ";

/// A token that the installation gave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ticket {
    /// The invitation it was made for.
    pub(super) invitation: InvitationId,
    /// Its SHA-256.
    pub(super) hash: [u8; 32],
}

/// A new token for an invitation: its text for the mail, and its SHA-256.
///
/// # Errors
/// [`NoKey`].
pub(super) fn issue(
    signatures: &dyn Signatures,
    clock: &dyn Clock,
    invitation: InvitationId,
) -> Result<(String, [u8; 32]), NoKey> {
    let mut token = vec![VERSION];
    token.extend(invitation.uuid().as_bytes());
    token.extend(clock.secret());
    let signature = signatures.sign(&signed(&token))?;
    token.extend(signature);
    let hash = Sha256::digest(&token).into();
    Ok((URL_SAFE_NO_PAD.encode(token), hash))
}

/// Reads a token, without the white space that comes with copying it out of a mail; nothing for what the installation
/// has not signed, whatever is wrong with it.
pub(super) fn read(signatures: &dyn Signatures, text: &str) -> Option<Ticket> {
    let text = text.trim();
    // Before anything is decoded, because the text may be as long as a body.
    let token = (text.len() == LENGTH)
        .then(|| URL_SAFE_NO_PAD.decode(text).ok())
        .flatten()?;
    let (message, signature) = token.split_last_chunk::<32>()?;
    let (version, rest) = message.split_first()?;
    let (id, _secret) = rest.split_first_chunk::<16>()?;
    let ours = *version == VERSION && signatures.verify(&signed(message), signature);
    ours.then(|| Ticket {
        invitation: InvitationId::new(Uuid::from_bytes(*id)),
        hash: Sha256::digest(&token).into(),
    })
}

fn signed(message: &[u8]) -> Vec<u8> {
    [PURPOSE, message].concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unionhall_ports::clock::MockClock;

    use super::*;
    use crate::fixtures::signatures;

    fn issued(id: u128, secret: [u8; 32], key: u8) -> (String, [u8; 32]) {
        let mut clock = MockClock::new();
        clock.expect_secret().returning(move || secret);
        let id = InvitationId::new(Uuid::from_u128(id));
        issue(&signatures(key), &clock, id).unwrap()
    }

    proptest! {
        #[test]
        fn every_token_comes_back_as_the_invitation_it_was_made_for(id: u128, secret: [u8; 32], key: u8) {
            let (text, hash) = issued(id, secret, key);
            prop_assert_eq!(text.len(), LENGTH);
            let url_safe = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            prop_assert!(text.chars().all(url_safe));
            let expected = Ticket { invitation: InvitationId::new(Uuid::from_u128(id)), hash };
            prop_assert_eq!(read(&signatures(key), &text), Some(expected));
            prop_assert_eq!(read(&signatures(key), &format!(" {text}\r\n")), Some(expected));
            prop_assert_eq!(read(&signatures(key.wrapping_add(1)), &text), None);
        }

        #[test]
        fn a_token_with_any_character_changed_added_or_left_out_is_none(
            id: u128, secret: [u8; 32], place in 0..LENGTH, other in "[A-Za-z0-9_-]|[!-~]|é"
        ) {
            let (text, _) = issued(id, secret, 1);
            let (before, after) = text.split_at(place);
            let changed = format!("{before}{other}{}", &after[1..]);
            if changed != text {
                prop_assert_eq!(read(&signatures(1), &changed), None);
            }
            prop_assert_eq!(read(&signatures(1), &format!("{before}{other}{after}")), None);
            prop_assert_eq!(read(&signatures(1), &format!("{before}{}", &after[1..])), None);
        }

        #[test]
        fn whatever_else_somebody_sends_is_no_token(text in ".*") {
            prop_assert_eq!(read(&signatures(1), &text), None);
        }
    }

    #[test]
    fn two_tokens_of_one_invitation_have_nothing_in_common_but_the_invitation() {
        let (first, second) = (issued(7, [1; 32], 1), issued(7, [2; 32], 1));
        let hashes = [first, second].map(|(text, hash)| {
            let ticket = read(&signatures(1), &text).unwrap();
            assert_eq!(ticket.hash, hash);
            hash
        });
        assert_ne!(hashes[0], hashes[1]);
    }
}
