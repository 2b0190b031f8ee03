//! The names of files: as they are shown, and as they are written into keys.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::invalid::Invalid;

/// The name of a file as whoever sent it called it: 1 to 255 characters on one line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileName(String);

impl FileName {
    /// The longest name, in characters.
    pub const LONGEST: usize = 255;

    /// Takes a name as it is, without control characters and without marks that turn the direction of reading around: with
    /// those a program can be made to look like a letter.
    ///
    /// # Errors
    /// `blank` or `too_long`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let shown: String = text.chars().filter(|one| !is_hidden(*one)).collect();
        let shown = shown.trim();
        if shown.is_empty() {
            return Err(Invalid::new("blank", "must not be blank"));
        }
        if shown.chars().count() > Self::LONGEST {
            return Err(Invalid::new("too_long", "must be at most 255 characters"));
        }
        Ok(Self(shown.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is before the last dot, and what is behind it in small letters; nothing behind it when there is none.
    pub fn split(&self) -> (&str, String) {
        match self.0.rsplit_once('.') {
            Some((stem, extension)) => (stem, extension.to_lowercase()),
            None => (&self.0, String::new()),
        }
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn is_hidden(one: char) -> bool {
    one.is_control()
        || matches!(one, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(one, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// A text as a part of a key: letters are written without their accents, everything but `A-Z a-z 0-9 -` becomes `_`,
/// several of which are one, and none stands at an end. It has at most `most` characters, and may be empty.
pub(super) fn plain(text: &str, most: usize) -> String {
    let mut plain = String::new();
    for one in text.nfkd() {
        if let Some(letters) = latin(one) {
            plain.push_str(letters);
        } else if one.is_ascii_alphanumeric() || one == '-' {
            plain.push(one);
        } else if is_divider(one) && !plain.is_empty() && !plain.ends_with('_') {
            plain.push('_');
        }
        if plain.len() > most {
            break;
        }
    }
    plain.truncate(most);
    plain
        .trim_matches(|one| one == '_' || one == '-')
        .to_owned()
}

/// Whether a character divides words: an apostrophe and what stands on a letter do not.
fn is_divider(one: char) -> bool {
    one.is_ascii() && !matches!(one, '\'' | '`')
}

/// Latin letters that are no letter with something on it.
const fn latin(one: char) -> Option<&'static str> {
    Some(match one {
        'ł' => "l",
        'Ł' => "L",
        'ø' => "o",
        'Ø' => "O",
        'đ' | 'ð' => "d",
        'Đ' | 'Ð' => "D",
        'ß' => "ss",
        'æ' => "ae",
        'Æ' => "AE",
        'œ' => "oe",
        'Œ' => "OE",
        'þ' => "th",
        'Þ' => "Th",
        'ı' => "i",
        _ => return None,
    })
}
