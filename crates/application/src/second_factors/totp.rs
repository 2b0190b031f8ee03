//! The keyed hash of one-time codes: HMAC-SHA-1 over the number of the time step (RFC 4226 §5.2, RFC 6238 §4.2).
//!
//! SHA-1 because it is what every phone computes; its known weakness, collisions, is none of an HMAC.

use jiff::Timestamp;
use ring::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};
use unionhall_domain::second_factors::{OneTimeCode, TimeStep, TotpSecret};

/// The step of a code that counts now and was not used before; see [`OneTimeCode::accepted`].
pub(super) fn accepted(
    secret: &TotpSecret,
    code: OneTimeCode,
    now: Timestamp,
    last: Option<TimeStep>,
) -> Option<TimeStep> {
    code.accepted(now, last, |step| code_of(secret, step))
}

/// The code of a step.
pub(super) fn code_of(secret: &TotpSecret, step: TimeStep) -> OneTimeCode {
    OneTimeCode::truncated(&hmac_sha1(secret.expose(), &step.counter()))
}

fn hmac_sha1(key: &[u8], message: &[u8]) -> [u8; 20] {
    let tag = sign(&Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, key), message);
    // The hash has 20 bytes; if it did not, this code would be that of no key and match nothing.
    tag.as_ref().try_into().unwrap_or([0; 20])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of the test vectors of RFC 6238, appendix B.
    fn secret() -> TotpSecret {
        TotpSecret::new(*b"12345678901234567890")
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    fn code(text: &str) -> OneTimeCode {
        OneTimeCode::parse(text).unwrap()
    }

    #[test]
    fn the_codes_are_those_that_rfc_6238_prints_in_appendix_b() {
        // The RFC prints eight digits; six are the last six of them.
        for (seconds, printed) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            let expected = code(&printed[2..]);
            assert!(
                code_of(&secret(), TimeStep::of(at(seconds))) == expected,
                "{seconds}"
            );
        }
    }

    #[test]
    fn a_code_of_the_step_before_or_after_is_accepted_once() {
        let now = at(1_111_111_111);
        let step = TimeStep::of(now);
        for near in [step.number() - 1, step.number(), step.number() + 1] {
            let near = TimeStep::new(near);
            let code = code_of(&secret(), near);
            assert_eq!(accepted(&secret(), code, now, None), Some(near));
            assert_eq!(accepted(&secret(), code, now, Some(near)), None);
        }
        let far = code_of(&secret(), TimeStep::new(step.number() + 2));
        assert_eq!(accepted(&secret(), far, now, None), None);
    }

    #[test]
    fn a_code_of_another_secret_is_not_accepted() {
        let now = at(1_234_567_890);
        assert_eq!(
            accepted(&TotpSecret::new([7; 20]), code("005924"), now, None),
            None
        );
    }
}
