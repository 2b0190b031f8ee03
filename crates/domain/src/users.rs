//! People's sign-ins: global, known by their e-mail address.

pub mod places;

use std::fmt;

use jiff::Timestamp;

use crate::{ids::Id, invalid::Invalid, text::Line};

/// The id of a [`User`].
pub type UserId = Id<User>;

/// A person who can sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The address the person signs in with.
    pub email: EmailAddress,
    /// Given name.
    pub first_name: Line<100>,
    /// Family name.
    pub last_name: Line<100>,
    /// When the person last signed in.
    pub last_login_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// An e-mail address of at most 254 bytes, in lower case: `Ada@Hall.example` and `ada@hall.example` are one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Trims, lowers and checks an address: one `@`, a local part of 1 to 64 bytes of the characters
    /// that RFC 5322 allows without quotes, and a domain of dot-separated labels (RFC 1035).
    ///
    /// # Errors
    /// `not_an_email` for anything else.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim().to_lowercase();
        let fits = text.len() <= 254
            && text
                .split_once('@')
                .is_some_and(|(local, domain)| is_local_part(local) && is_domain(domain));
        if fits {
            Ok(Self(text))
        } else {
            Err(Invalid::new(
                "not_an_email",
                "must be an e-mail address like ada@hall.example",
            ))
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_local_part(text: &str) -> bool {
    let atom = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    text.len() <= 64
        && text
            .split('.')
            .all(|part| !part.is_empty() && part.chars().all(atom))
}

fn is_domain(text: &str) -> bool {
    let label = |part: &str| {
        (1..=63).contains(&part.len())
            && part.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    text.contains('.') && text.split('.').all(label)
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_that_differ_in_case_are_one() {
        assert_eq!(
            EmailAddress::parse(" Ada@Hall.Example "),
            EmailAddress::parse("ada@hall.example")
        );
    }

    #[test]
    fn what_is_not_an_address_is_refused() {
        for text in [
            "",
            "ada",
            "@hall.example",
            "ada@",
            "ada@hall",
            "a@b@c.d",
            "a..b@c.de",
            "a b@c.de",
            "a@-c.de",
            "a@c.de\r\nbcc: x",
        ] {
            assert_eq!(
                EmailAddress::parse(text).unwrap_err().code,
                "not_an_email",
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn a_parsed_address_parses_to_itself(text in "[A-Za-z0-9.+]{1,70}@[a-z0-9.-]{1,40}") {
            if let Ok(address) = EmailAddress::parse(&text) {
                prop_assert_eq!(EmailAddress::parse(address.as_str()), Ok(address));
            }
        }
    }
}
