//! Texts on their way into spreadsheets and back: what a program would take for a formula is made harmless.

use std::borrow::Cow;

/// What makes a spreadsheet program take a text for itself instead of showing it.
const MARK: char = '\'';

/// A text as it goes into a cell of a file that has no types, such as CSV.
///
/// A text that a spreadsheet program would take for a formula gets an apostrophe in front, which those programs know
/// as "this is text" (OWASP, "CSV Injection"). A text that would look like one that has got it gets one more, so that
/// [`unguarded`] finds every text as it was.
pub fn guarded(text: &str) -> Cow<'_, str> {
    if is_taken_for_formula(text) {
        Cow::Owned(format!("{MARK}{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text that was [`guarded`].
pub fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix(MARK) {
        Some(text) if is_taken_for_formula(text) => text,
        Some(_) | None => cell,
    }
}

/// Whether a text begins, apostrophes and blanks aside, as a formula does; also in the wide forms of East Asian type.
fn is_taken_for_formula(text: &str) -> bool {
    let unmarked = text.trim_start_matches(MARK);
    let begins = |text: &str| {
        text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
    };
    begins(unmarked) || begins(unmarked.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_formula_is_marked_as_text() {
        for text in [
            "=1+1",
            "+1 206 555 0100",
            "-2",
            "@SUM(A1)",
            "\tx",
            "\rx",
            "\n=1",
            " =1",
            "＝1",
            "'=1",
            "''-1",
        ] {
            assert_eq!(guarded(text), format!("'{text}"), "{text:?}");
        }
    }

    #[test]
    fn any_other_text_stays_as_it_is() {
        for text in [
            "",
            "Voltz",
            "O'Hara",
            "'tis",
            "1-2",
            "a=b",
            "ada@hall.example",
            "'",
        ] {
            assert_eq!(guarded(text), text);
        }
    }

    #[test]
    fn whatever_was_guarded_comes_back_as_it_was() {
        for text in [
            "", "=1", "'=1", "''=1", "'tis", "'", "''", "+1", "' =1", "Voltz",
        ] {
            assert_eq!(unguarded(&guarded(text)), text, "{text:?}");
        }
    }
}
