//! Which passwords are taken, after NIST SP 800-63B-4 §3.1.1: long ones that nobody tries first.
//!
//! There are no rules of composition and no expiry: both make passwords worse. A password is refused for its length,
//! for being on a list of common or breached ones, for being made of what everybody knows of the person or the hall,
//! and for being one piece over and over or a walk along the keyboard.

mod patterns;

use unicode_normalization::UnicodeNormalization;

use crate::{invalid::Invalid, tenants::Tenant, users::EmailAddress};

/// The longest password, in characters; the limit keeps hashing bounded and is above the 64 that must be allowed.
pub const LONGEST: usize = 128;
/// What the product is called, which no password may contain.
const PRODUCT: &str = "unionhall";
/// Shorter words are in too many good passwords to be held against them.
const TELLING: usize = 4;

/// What a password stands against a guesser with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// It is all there is.
    Alone,
    /// Whoever signs in shows a second factor too.
    WithSecondFactor,
}

impl Strength {
    /// The shortest password, in characters: NIST SP 800-63B-4 §3.1.1.2 asks for 15, or 8 beside a second factor.
    pub const fn shortest(self) -> usize {
        match self {
            Self::Alone => 15,
            Self::WithSecondFactor => 8,
        }
    }

    /// What a password of this length is good for at most; whether it is good otherwise is another question.
    pub fn reached_by(password: &str) -> Self {
        if password.chars().count() < Self::Alone.shortest() {
            Self::WithSecondFactor
        } else {
            Self::Alone
        }
    }
}

/// What is known of the person and the hall, and therefore tried first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KnownWords(Vec<(String, &'static str)>);

impl KnownWords {
    /// Adds the halves of an address: what stands before the `@`, the domain, and the domain's name.
    #[must_use]
    pub fn address(mut self, address: &EmailAddress) -> Self {
        const DETAIL: &str = "must not contain a part of the e-mail address";
        let (local, domain) = address
            .as_str()
            .split_once('@')
            .unwrap_or((address.as_str(), ""));
        let name = domain.rsplit('.').nth(1).unwrap_or_default();
        for word in [local, domain, name] {
            self.add(word, DETAIL);
        }
        self
    }

    /// Adds what a hall calls itself, and its short name.
    #[must_use]
    pub fn hall(self, hall: &Tenant) -> Self {
        self.hall_called(hall.name.as_str())
            .hall_called(hall.slug.as_str())
    }

    /// Adds a name of a hall, or whatever somebody gives for one.
    #[must_use]
    pub fn hall_called(mut self, name: &str) -> Self {
        self.add(name, "must not contain the name of the hall");
        self
    }

    fn add(&mut self, word: &str, detail: &'static str) {
        let word = letters_of(&folded(word));
        if word.chars().count() >= TELLING {
            self.0.push((word, detail));
        }
    }

    /// Why the password is refused, if it contains one of the words, however it is spelt out.
    fn objection(&self, password: &str) -> Option<Invalid> {
        let letters = letters_of(password);
        let product = (PRODUCT, "must not contain the name of this program");
        let known = self.0.iter().map(|(word, detail)| (word.as_str(), *detail));
        known
            .chain([product])
            .find(|(word, _)| letters.contains(word))
            .map(|(_, detail)| Invalid::new("contains_known_word", detail))
    }
}

/// Everything that speaks against a password; nothing does against a good one.
///
/// `is_common` answers for a [`folded`] password whether it is on the list of common and breached ones.
pub fn objections(
    password: &str,
    strength: Strength,
    known: &KnownWords,
    is_common: impl Fn(&str) -> bool,
) -> Vec<Invalid> {
    let length = normalized(password).chars().count();
    let folded = folded(password);
    let shortest = strength.shortest();
    let mut objections = Vec::new();
    if length < shortest {
        let detail = format!("must have at least {shortest} characters");
        objections.push(Invalid::new("too_short", detail));
    }
    if length > LONGEST {
        let detail = format!("must have at most {LONGEST} characters");
        objections.push(Invalid::new("too_long", detail));
        // Nobody looks for patterns in a text of any length.
        return objections;
    }
    if is_common(&folded) {
        objections.push(Invalid::new(
            "common",
            "is on a list of common or breached passwords",
        ));
    }
    objections.extend(known.objection(&folded));
    if length >= shortest {
        objections.extend(patterns::objection(&folded, shortest));
    }
    objections
}

/// One form for what looks the same: Unicode's NFC, as RFC 8265 §4.2.2 prescribes for passwords.
pub fn normalized(password: &str) -> String {
    password.nfc().collect()
}

/// One form for what is guessed at once: compatible characters alike (NFKC), in lower case.
pub fn folded(password: &str) -> String {
    password.nfkc().flat_map(char::to_lowercase).collect()
}

/// The letters and digits alone: `Local 46`, `local-46` and `LOCAL_46` are one word.
fn letters_of(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests;
