//! Bounded text: every string that people type has a largest length and no control characters.

use std::fmt;

use crate::invalid::Invalid;

/// How many characters of a long text a list shows where a row holds many of them.
pub const EXCERPT: usize = 200;

/// One line of 1 to `MAX` characters, trimmed, without control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line<const MAX: usize>(String);

/// Text of 1 to `MAX` characters that may hold line breaks and tabs, trimmed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Prose<const MAX: usize>(String);

fn bounded(text: &str, max: usize, allowed: fn(char) -> bool) -> Result<String, Invalid> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Invalid::new("blank", "must not be blank"));
    }
    if text.chars().count() > max {
        return Err(Invalid::new(
            "too_long",
            format!("must be at most {max} characters"),
        ));
    }
    if text.chars().any(|c| c.is_control() && !allowed(c)) {
        return Err(Invalid::new(
            "control_character",
            "must not contain control characters",
        ));
    }
    Ok(text.to_owned())
}

/// Finds the value of a closed list by its name.
///
/// # Errors
/// `unknown_value`, with the names there are.
pub(crate) fn one_of<T: Copy>(
    text: &str,
    values: &[T],
    name: impl Fn(T) -> &'static str,
) -> Result<T, Invalid> {
    values
        .iter()
        .copied()
        .find(|value| name(*value) == text)
        .ok_or_else(|| {
            let names: Vec<_> = values.iter().map(|value| name(*value)).collect();
            Invalid::new(
                "unknown_value",
                format!("must be one of {}", names.join(", ")),
            )
        })
}

impl<const MAX: usize> Line<MAX> {
    /// Trims and checks a line.
    ///
    /// # Errors
    /// `blank`, `too_long` or `control_character`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        bounded(text, MAX, |_| false).map(Self)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> Prose<MAX> {
    /// Trims and checks a text; line breaks become `\n`.
    ///
    /// # Errors
    /// `blank`, `too_long` or `control_character`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        bounded(&text.replace("\r\n", "\n"), MAX, |c| {
            matches!(c, '\n' | '\t')
        })
        .map(Self)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text as a list shows it: its first [`EXCERPT`] characters, the last of them an ellipsis where there are more.
    #[must_use]
    pub fn excerpt(self) -> Self {
        if self.0.chars().nth(EXCERPT).is_none() {
            return self;
        }
        let last = EXCERPT.saturating_sub(1);
        Self(self.0.chars().take(last).chain(['…']).collect())
    }
}

impl<const MAX: usize> Prose<MAX> {
    /// A text that stands for any text, where only the shape of a value matters.
    pub(crate) fn placeholder() -> Self {
        Self("…".to_owned())
    }
}

impl<const MAX: usize> fmt::Display for Line<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const MAX: usize> fmt::Display for Prose<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_trimmed_bounded_in_characters_and_has_no_control_characters() {
        assert_eq!(Line::<3>::parse("  äöü ").unwrap().as_str(), "äöü");
        assert_eq!(Line::<3>::parse("äöüß").unwrap_err().code, "too_long");
        assert_eq!(Line::<3>::parse(" \t").unwrap_err().code, "blank");
        for text in ["a\0b", "a\nb", "a\u{7f}b"] {
            assert_eq!(
                Line::<9>::parse(text).unwrap_err().code,
                "control_character"
            );
        }
    }

    #[test]
    fn an_excerpt_is_as_long_as_a_list_shows_and_says_that_there_is_more() {
        let text = |length| Prose::<900>::parse(&"ä".repeat(length)).unwrap();
        assert_eq!(text(EXCERPT).excerpt(), text(EXCERPT));
        let cut = text(EXCERPT + 1).excerpt();
        assert_eq!(cut.as_str().chars().count(), EXCERPT);
        assert!(cut.as_str().ends_with("ä…"));
    }

    #[test]
    fn prose_keeps_its_line_breaks_in_one_form() {
        assert_eq!(Prose::<9>::parse("a\r\nb\tc").unwrap().as_str(), "a\nb\tc");
        assert_eq!(
            Prose::<9>::parse("a\0b").unwrap_err().code,
            "control_character"
        );
    }
}
