//! Passwords that are long and say little: one piece over and over, or a walk along the alphabet or the keyboard.

use crate::invalid::Invalid;

/// The rows of the keyboard, left to right.
const ROWS: [&str; 4] = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
/// A password of fewer walks than this is one that a program tries early.
const WALKS: usize = 5;
/// A password of fewer different characters than this is too.
const DIFFERENT: usize = 5;

/// What speaks against a folded password, if anything does; `shortest` is the length that it must have.
pub(super) fn objection(password: &str, shortest: usize) -> Option<Invalid> {
    let letters: Vec<char> = password.chars().collect();
    if letters.is_empty() {
        return None;
    }
    let mut different = letters.clone();
    different.sort_unstable();
    different.dedup();
    let piece = piece(&letters);
    let repeats = piece < letters.len() && piece < shortest;
    if repeats || different.len() < DIFFERENT {
        return Some(Invalid::new(
            "repetitive",
            "must not be one short piece over and over",
        ));
    }
    (walks(&letters) < WALKS).then(|| {
        Invalid::new(
            "sequence",
            "must not be a walk along the alphabet or the keyboard",
        )
    })
}

/// The length of the shortest piece that, over and over, makes the text; the last time it may be cut short.
fn piece(letters: &[char]) -> usize {
    let repeats = |length: &usize| {
        letters
            .iter()
            .zip(letters.iter().skip(*length))
            .all(|(before, after)| before == after)
    };
    // Twice at least, or any text would end with a piece of itself.
    (1..=letters.len() / 2)
        .find(repeats)
        .unwrap_or(letters.len())
}

/// How many walks the text is made of: runs in which each character is the one before, or next to it.
fn walks(letters: &[char]) -> usize {
    let jumps = letters
        .iter()
        .zip(letters.iter().skip(1))
        .filter(|(from, to)| !neighbours(**from, **to));
    jumps.count().saturating_add(1)
}

fn neighbours(one: char, other: char) -> bool {
    let apart = u32::from(one).abs_diff(u32::from(other));
    let ends = [one, other];
    apart <= 1
        || ROWS.iter().any(|row| {
            row.chars()
                .zip(row.chars().skip(1))
                .any(|(left, right)| ends == [left, right] || ends == [right, left])
        })
}
