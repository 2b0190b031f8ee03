//! Short names of tenants: how they are written, how one is made of a name, and which are nobody's.

use unicode_normalization::UnicodeNormalization;

use crate::{invalid::Invalid, text::Line};

/// How long a slug may be, in bytes: a DNS label (RFC 1035).
const LONGEST: usize = 63;
/// How long a slug that is made of a name becomes: what is added to tell halls apart still fits.
const LONGEST_MADE: usize = 48;
/// What a hall is called whose name has nothing in it that a slug can have.
const NAMELESS: &str = "my-hall";

/// What no hall is called, because it reads like a part of the program or like whoever runs it; sorted.
const RESERVED: [&str; 55] = [
    "abuse",
    "account",
    "accounts",
    "admin",
    "administrator",
    "api",
    "app",
    "assets",
    "auth",
    "billing",
    "blog",
    "card",
    "colleagues",
    "console",
    "demo",
    "docs",
    "ftp",
    "health",
    "help",
    "home",
    "hostmaster",
    "imap",
    "invitations",
    "localhost",
    "login",
    "logo",
    "logout",
    "mail",
    "mailbox",
    "me",
    "members",
    "metrics",
    "new",
    "openapi",
    "operator",
    "owner",
    "postmaster",
    "problems",
    "register",
    "root",
    "security",
    "settings",
    "setup",
    "signup",
    "smtp",
    "static",
    "status",
    "support",
    "system",
    "tenant",
    "tenants",
    "unionhall",
    "users",
    "webmaster",
    "www",
];

/// A tenant's short name: 2 to 63 lower-case letters, digits and inner hyphens (a DNS label, RFC 1035).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

impl Slug {
    /// Checks a slug.
    ///
    /// # Errors
    /// `not_a_slug` for anything else.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let fits = (2..=LONGEST).contains(&text.len())
            && text.bytes().all(inner)
            && !text.starts_with('-')
            && !text.ends_with('-');
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::new(
                "not_a_slug",
                "must be 2 to 63 lower-case letters, digits and inner hyphens, like local-46",
            ))
        }
    }

    /// Checks a slug that somebody wants for a hall of their own.
    ///
    /// # Errors
    /// `not_a_slug`, or `reserved` for one that is no hall's.
    pub fn parse_wanted(text: &str) -> Result<Self, Invalid> {
        let slug = Self::parse(text)?;
        if slug.is_reserved() {
            return Err(Invalid::new(
                "reserved",
                "is kept for the program itself; choose another one",
            ));
        }
        Ok(slug)
    }

    /// The slug of a hall with this name: letters without their accents, and a hyphen for whatever else there is.
    pub fn of_name(name: &Line<255>) -> Self {
        let mut made = String::new();
        for letter in name.as_str().nfkd().flat_map(char::to_lowercase) {
            match plain(letter) {
                Some(text) => made.push_str(text),
                None if letter.is_ascii_alphanumeric() => made.push(letter),
                None if !made.is_empty() && !made.ends_with('-') => made.push('-'),
                None => {}
            }
        }
        made.truncate(LONGEST_MADE);
        let made = made.trim_end_matches('-');
        let slug = Self(match made.len() {
            0 => NAMELESS.to_owned(),
            1 => format!("hall-{made}"),
            _ => made.to_owned(),
        });
        if slug.is_reserved() {
            return slug.followed_by("hall");
        }
        slug
    }

    /// The same with something behind it that tells it apart, of lower-case letters and digits; it stays a slug.
    #[must_use]
    pub fn followed_by(&self, suffix: &str) -> Self {
        let room = LONGEST.saturating_sub(suffix.len().saturating_add(1));
        let kept: String = self.0.chars().take(room).collect();
        Self(format!("{}-{suffix}", kept.trim_end_matches('-')))
    }

    /// Whether it is kept for the program itself.
    pub fn is_reserved(&self) -> bool {
        RESERVED.contains(&self.0.as_str())
    }

    /// The slug.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What becomes of a letter that is more than a letter with an accent; nothing of an accent, which the normal form has
/// put behind its letter, and of apostrophes.
const fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        'ħ' => "h",
        'ŋ' => "ng",
        '\u{300}'..='\u{36f}' | '\'' | '’' | 'ʼ' | 'ʻ' => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of_name(name: &str) -> String {
        Slug::of_name(&Line::parse(name).unwrap())
            .as_str()
            .to_owned()
    }

    #[test]
    fn a_slug_is_a_dns_label() {
        assert!(Slug::parse("local-46").is_ok());
        for text in [
            "l",
            "-local",
            "local-",
            "Local",
            "lo cal",
            "ö-1",
            &"a".repeat(64),
        ] {
            assert_eq!(Slug::parse(text).unwrap_err().code, "not_a_slug", "{text}");
        }
    }

    #[test]
    fn a_name_becomes_a_slug_without_accents_and_signs() {
        for (name, slug) in [
            ("Local 46", "local-46"),
            ("  IBEW  Local #46 (Seattle) ", "ibew-local-46-seattle"),
            ("Électriciens de Montréal", "electriciens-de-montreal"),
            ("Größe & Łódź", "grosse-lodz"),
            ("Carpenters' Local 30", "carpenters-local-30"),
            ("Sjømannsforbundet", "sjomannsforbundet"),
            ("ＬＯＣＡＬ ４６", "local-46"),
            ("工会", "my-hall"),
            ("7", "hall-7"),
            ("Admin", "admin-hall"),
        ] {
            assert_eq!(of_name(name), slug, "{name}");
        }
    }

    #[test]
    fn names_of_the_program_are_nobodys() {
        assert!(RESERVED.is_sorted());
        for text in RESERVED {
            let refused = Slug::parse_wanted(text).unwrap_err();
            assert_eq!(refused.code, "reserved", "{text}");
        }
        assert!(Slug::parse_wanted("local-46").is_ok());
        assert_eq!(Slug::parse_wanted("Local").unwrap_err().code, "not_a_slug");
    }

    proptest! {
        #[test]
        fn whatever_a_hall_is_called_its_slug_is_one_that_can_be_wanted(name in "\\PC{1,255}", suffix in "[a-z0-9]{1,8}") {
            if let Ok(name) = Line::parse(&name) {
                let slug = Slug::of_name(&name);
                prop_assert_eq!(Slug::parse_wanted(slug.as_str()), Ok(slug.clone()));
                let longer = slug.followed_by(&suffix);
                prop_assert_eq!(Slug::parse(longer.as_str()), Ok(longer.clone()));
            }
        }

        #[test]
        fn any_slug_can_be_told_apart_from_another(text in "[a-z0-9][a-z0-9-]{0,61}[a-z0-9]", suffix in "[a-z0-9]{1,8}") {
            let slug = Slug::parse(&text).unwrap().followed_by(&suffix);
            prop_assert_eq!(Slug::parse(slug.as_str()), Ok(slug.clone()));
        }
    }
}
