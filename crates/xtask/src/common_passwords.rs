//! Makes the list of common passwords that is shipped: out of a text with one password a line, the commonest first.

use std::{collections::BTreeSet, fs, path::Path};

use fst::Set;
use unionhall_domain::passwords::{LONGEST, Strength, folded};

use crate::project::root;

/// Where the program takes it from.
const LIST: &str = "crates/app/assets/common-passwords.fst";
/// So many of the commonest are kept whatever their length; of the others only those that are long enough to stand alone.
const COMMONEST: usize = 300_000;

/// Writes the list made of the text at `source`, and tells how many passwords are on it.
///
/// # Errors
/// When the text cannot be read or the list not be written.
pub fn write(source: &Path) -> Result<usize, String> {
    let text = fs::read(source).map_err(|error| error.to_string())?;
    let list = kept(&String::from_utf8_lossy(&text));
    let set = Set::from_iter(&list).map_err(|error| error.to_string())?;
    fs::write(root().join(LIST), set.as_fst().as_bytes()).map_err(|error| error.to_string())?;
    Ok(set.len())
}

/// The passwords that could be chosen at all, folded.
fn kept(text: &str) -> BTreeSet<String> {
    let (alone, beside) = (
        Strength::Alone.shortest(),
        Strength::WithSecondFactor.shortest(),
    );
    let passwords = text.lines().zip(0..).filter_map(|(line, place)| {
        let password = folded(line);
        let least = if place < COMMONEST { beside } else { alone };
        let fits = (least..=LONGEST).contains(&password.chars().count());
        // What was not UTF-8 in the source is nobody's password.
        (fits && !line.contains(char::REPLACEMENT_CHARACTER)).then_some(password)
    });
    passwords.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_ones_and_rare_ones_of_middling_length_are_left_out() {
        let common = "12345\nPassword1\npassword1\nSunshine-and-rain\n";
        assert_eq!(
            Vec::from_iter(kept(common)),
            ["password1", "sunshine-and-rain"]
        );
        let rare = "x\n".repeat(COMMONEST) + "rarebird\nthe-rarest-of-birds\n";
        assert_eq!(Vec::from_iter(kept(&rare)), ["the-rarest-of-birds"]);
    }
}
