//! The second factor: one-time codes by time (TOTP, RFC 6238), and recovery codes for whoever has lost the phone.
//!
//! What is here is the arithmetic around the code: time steps, the window, replay, truncation and spelling. The
//! keyed hash itself is computed by whoever holds the secret, one layer further out.

use std::fmt;

use jiff::Timestamp;

use crate::{
    ids::Id,
    invalid::Invalid,
    users::{EmailAddress, UserId},
};

/// How long a time step lasts, in seconds (RFC 6238 §5.2).
const STEP_SECONDS: i64 = 30;
/// How many digits a code has (RFC 4226 §5.3 asks for six at least).
const DIGITS: usize = 6;
/// Ten to the power of [`DIGITS`].
const MODULUS: u32 = 1_000_000;
/// How many recovery codes a set has.
pub const RECOVERY_CODES: usize = 10;
/// How many random bytes are in a recovery code: with 112 bits or more a plain hash keeps it (OWASP ASVS 5.0, 6.5.2).
pub const RECOVERY_BYTES: usize = 15;
/// The characters of base32 (RFC 4648 §6): none of them is taken for another when it is read from paper.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The id of a [`TrustedDevice`].
pub type TrustedDeviceId = Id<TrustedDevice>;

/// A device on which the password alone is enough for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedDevice {
    /// Its id.
    pub id: TrustedDeviceId,
    /// Whose it is.
    pub user: UserId,
    /// What the client said it was.
    pub label: Option<String>,
    /// When it was trusted.
    pub created_at: Timestamp,
    /// When it last stood in for a code.
    pub last_used_at: Option<Timestamp>,
    /// From when it is trusted no more.
    pub expires_at: Timestamp,
}

/// The secret that a phone and the hall share: 160 random bits (RFC 4226 §4, R6); printing it shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret([u8; 20]);

impl TotpSecret {
    /// Takes 20 random bytes.
    pub const fn new(bytes: [u8; 20]) -> Self {
        Self(bytes)
    }

    /// The bytes, to compute codes with and to be sealed.
    pub const fn expose(&self) -> &[u8; 20] {
        &self.0
    }

    /// The secret as it is typed into a phone that cannot read the picture.
    pub fn base32(&self) -> String {
        base32(&self.0)
    }

    /// The address that phones read from the picture: issuer, account and secret, and what they assume anyway.
    pub fn otpauth_uri(&self, account: &EmailAddress) -> String {
        format!(
            "otpauth://totp/{ISSUER}:{}?secret={}&issuer={ISSUER}&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}",
            percent_encoded(account.as_str()),
            self.base32(),
        )
    }
}

/// Under which name phones list the code.
const ISSUER: &str = "Unionhall";

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

/// So many times thirty seconds after the beginning of 1970 (RFC 6238 §4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeStep(i64);

impl TimeStep {
    /// The step that an instant falls into.
    pub fn of(instant: Timestamp) -> Self {
        Self(instant.as_second().div_euclid(STEP_SECONDS))
    }

    /// The step with this number.
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// Its number.
    pub const fn number(self) -> i64 {
        self.0
    }

    /// What is hashed for the code of this step: the number in eight bytes, the highest first (RFC 4226 §5.2).
    pub const fn counter(self) -> [u8; 8] {
        self.0.to_be_bytes()
    }

    /// The steps whose codes count now: this one, and one on either side, because clocks differ and typing takes
    /// a while (RFC 6238 §5.2 and §6).
    fn window(self) -> [Self; 3] {
        [
            Self(self.0.saturating_sub(1)),
            self,
            Self(self.0.saturating_add(1)),
        ]
    }
}

/// A one-time code: six digits; printing it shows nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct OneTimeCode(u32);

impl OneTimeCode {
    /// Reads six digits; blanks between them, as phones show them, do not matter.
    ///
    /// # Errors
    /// `not_a_code` for anything else.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let digits: String = text.chars().filter(|c| *c != ' ').collect();
        let fits = digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
        match digits.parse() {
            Ok(number) if fits => Ok(Self(number)),
            Ok(_) | Err(_) => Err(Invalid::new("not_a_code", "must be six digits")),
        }
    }

    /// The code of a keyed hash: 31 bits of it, from a place that its last half-byte names, of which the last six
    /// digits count (RFC 4226 §5.3).
    pub fn truncated(mac: &[u8; 20]) -> Self {
        let offset = usize::from(mac.last().copied().unwrap_or_default() & 0x0f);
        let word = mac
            .iter()
            .skip(offset)
            .take(4)
            .fold(0_u32, |word, byte| (word << 8) | u32::from(*byte));
        Self((word & 0x7fff_ffff) % MODULUS)
    }

    /// The step that this code is of, if its codes count at `now` and it is later than `last`, the step whose
    /// code was accepted last: a code works once, and none works after a later one (RFC 6238 §5.2).
    ///
    /// `code_of` computes the code of a step.
    pub fn accepted(
        self,
        now: Timestamp,
        last: Option<TimeStep>,
        code_of: impl Fn(TimeStep) -> Self,
    ) -> Option<TimeStep> {
        let fresh = |step: &TimeStep| last.is_none_or(|last| last < *step);
        // Each is computed, so that the time it takes does not tell which one it was.
        let matching = TimeStep::of(now)
            .window()
            .map(|step| (code_of(step) == self).then_some(step));
        matching.into_iter().flatten().find(fresh)
    }
}

impl fmt::Debug for OneTimeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimeCode(…)")
    }
}

/// A code that stands in for the phone once: 120 random bits; printing it shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// The code of these random bytes.
    pub fn of(bytes: &[u8; RECOVERY_BYTES]) -> Self {
        Self(base32(bytes))
    }

    /// Reads a code; case, blanks and hyphens do not matter.
    ///
    /// # Errors
    /// `not_a_recovery_code` for what cannot be one.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let letters: String = text
            .chars()
            .filter(|c| !matches!(c, ' ' | '-'))
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let fits = letters.len() == RECOVERY_BYTES * 8 / 5
            && letters.bytes().all(|byte| BASE32.contains(&byte));
        if fits {
            Ok(Self(letters))
        } else {
            Err(Invalid::new(
                "not_a_recovery_code",
                "must be six groups of four letters and digits, like ABCD-EFGH-2345-WXYZ-IJKL-MNOP",
            ))
        }
    }

    /// The 24 characters, to be hashed.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The code as people write it down: six groups of four.
    pub fn grouped(&self) -> String {
        let mut text = String::new();
        for (place, letter) in self.0.chars().enumerate() {
            if place > 0 && place % 4 == 0 {
                text.push('-');
            }
            text.push(letter);
        }
        text
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

/// Base32 without padding (RFC 4648 §6): five bits a character, the highest first.
fn base32(bytes: &[u8]) -> String {
    let mut text = String::new();
    let (mut word, mut bits) = (0_u32, 0_u32);
    for byte in bytes {
        word = (word << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(character(word >> bits));
        }
        word &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(character(word << (5 - bits)));
    }
    text
}

/// The character of the lowest five bits.
fn character(word: u32) -> char {
    let place = usize::try_from(word & 31).unwrap_or_default();
    BASE32.get(place).copied().map_or('A', char::from)
}

/// Text as a part of a URI (RFC 3986 §2): everything but the unreserved characters is escaped.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes<const N: usize>(hexadecimal: &str) -> [u8; N] {
        let byte = |place: usize| u8::from_str_radix(&hexadecimal[2 * place..2 * place + 2], 16);
        std::array::from_fn(|place| byte(place).unwrap())
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    /// A stand-in for the keyed hash: each step has a code of its own.
    fn code_of(step: TimeStep) -> OneTimeCode {
        OneTimeCode(u32::try_from(step.number()).unwrap() % MODULUS)
    }

    #[test]
    fn a_hash_is_cut_down_to_a_code_as_rfc_4226_prints_it_in_appendix_d() {
        for (mac, code) in [
            ("cc93cf18508d94934c64b65d8ba7667fb7cde4b0", "755224"),
            ("75a48a19d4cbe100644e8ac1397eea747a2d33ab", "287082"),
            ("0bacb7fa082fef30782211938bc1c5e70416ff44", "359152"),
            ("66c28227d03a2d5529262ff016a1e6ef76557ece", "969429"),
            ("a904c900a64b35909874b33e61c5938a8e15ed1c", "338314"),
            ("a37e783d7b7233c083d4f62926c7a25f238d0316", "254676"),
            ("bc9cd28561042c83f219324d3c607256c03272ae", "287922"),
            ("a4fb960c0bc06e1eabb804e5b397cdc4b45596fa", "162583"),
            ("1b3c89f65e6c9e883012052823443f048b4332db", "399871"),
            ("1637409809a679dc698207310c8c7fc07290d9e5", "520489"),
        ] {
            let truncated = OneTimeCode::truncated(&bytes(mac));
            assert!(truncated == OneTimeCode::parse(code).unwrap(), "{mac}");
        }
    }

    #[test]
    fn a_step_lasts_thirty_seconds_as_rfc_6238_counts_them_in_appendix_b() {
        for (seconds, step) in [
            (0, 0x0),
            (29, 0x0),
            (30, 0x1),
            (59, 0x1),
            (1_111_111_109, 0x0235_23EC),
            (1_234_567_890, 0x0273_EF07),
            (20_000_000_000, 0x27BC_86AA),
        ] {
            assert_eq!(TimeStep::of(at(seconds)).number(), step);
        }
        assert_eq!(TimeStep::new(1).counter(), [0, 0, 0, 0, 0, 0, 0, 1]);
    }

    #[test]
    fn the_codes_of_one_step_on_either_side_count_and_no_others() {
        let now = at(30 * 1_000 + 12);
        let accepted = |step: i64| code_of(TimeStep::new(step)).accepted(now, None, code_of);
        for step in [999, 1_000, 1_001] {
            assert_eq!(accepted(step), Some(TimeStep::new(step)));
        }
        assert_eq!((accepted(998), accepted(1_002)), (None, None));
    }

    #[test]
    fn a_code_works_once_and_none_works_after_a_later_one() {
        let now = at(30 * 1_000);
        let accepted = |step: i64, last: i64| {
            code_of(TimeStep::new(step)).accepted(now, Some(TimeStep::new(last)), code_of)
        };
        assert_eq!(accepted(1_000, 999), Some(TimeStep::new(1_000)));
        for (step, last) in [(1_000, 1_000), (999, 1_000), (1_001, 1_001), (999, 1_001)] {
            assert_eq!(accepted(step, last), None);
        }
    }

    #[test]
    fn of_two_steps_with_the_same_code_the_one_that_still_counts_is_taken() {
        let same = |_: TimeStep| OneTimeCode(7);
        let now = at(30 * 1_000);
        let taken = OneTimeCode(7).accepted(now, Some(TimeStep::new(1_000)), same);
        assert_eq!(taken, Some(TimeStep::new(1_001)));
    }

    #[test]
    fn a_code_is_six_digits_and_may_be_typed_as_phones_show_it() {
        assert!(OneTimeCode::parse("012 345").unwrap() == OneTimeCode(12_345));
        for text in [
            "12345",
            "1234567",
            "12345a",
            "+12345",
            "",
            "१२३४५६",
            "-12345",
        ] {
            assert_eq!(OneTimeCode::parse(text).unwrap_err().code, "not_a_code");
        }
    }

    #[test]
    fn base32_is_that_of_rfc_4648() {
        for (plain, encoded) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(plain.as_bytes()), encoded);
        }
    }

    #[test]
    fn a_recovery_code_is_read_however_it_is_written() {
        let code = RecoveryCode::of(&[
            0, 68, 50, 20, 199, 66, 84, 182, 53, 207, 11, 133, 250, 29, 90,
        ]);
        let written = code.grouped();
        assert_eq!(written.len(), 29);
        assert_eq!(written.matches('-').count(), 5);
        for text in [
            written.clone(),
            written.to_lowercase(),
            written.replace('-', ""),
            format!(" {} ", written.replace('-', " - ")),
        ] {
            assert!(RecoveryCode::parse(&text).unwrap() == code, "{text}");
        }
        for text in [
            "ABCD-EFGH-2345-WXYZ-IJKL-MNO",
            "ABCD-EFGH-2345-WXYZ-IJKL-MNO1",
            "",
            "ÄBCD-EFGH-2345-WXYZ-IJKL-MNO",
        ] {
            let refused = RecoveryCode::parse(text).unwrap_err();
            assert_eq!(refused.code, "not_a_recovery_code", "{text}");
        }
    }

    #[test]
    fn a_phone_reads_issuer_account_and_secret() {
        let account = EmailAddress::parse("ada+hall@local46.example").unwrap();
        assert_eq!(
            TotpSecret::new(*b"12345678901234567890").otpauth_uri(&account),
            "otpauth://totp/Unionhall:ada%2Bhall%40local46.example\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Unionhall&algorithm=SHA1&digits=6&period=30"
        );
    }

    #[test]
    fn no_secret_is_printed() {
        let secret = TotpSecret::new([7; 20]);
        let (code, recovery) = (OneTimeCode(123_456), RecoveryCode::of(&[7; RECOVERY_BYTES]));
        let printed = format!("{secret:?} {code:?} {recovery:?}");
        assert_eq!(printed, "TotpSecret(…) OneTimeCode(…) RecoveryCode(…)");
    }
}
