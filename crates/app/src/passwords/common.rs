//! The list of common and breached passwords that is shipped inside the program.

use fst::Set;
use unionhall_ports::passwords::CommonPasswords;

/// A finite-state transducer of the folded passwords, in order; `crates/app/assets/README.md` tells where they are
/// from and how the file is made.
static LIST: &[u8] = include_bytes!("../../assets/common-passwords.fst");

/// The shipped list. It is looked up where it lies in the program's file: only the pages that a look-up touches are
/// ever in memory.
#[derive(Debug)]
pub struct ShippedList(Set<&'static [u8]>);

/// The shipped list cannot be read: the program was built wrong.
#[derive(Debug, thiserror::Error)]
#[error("the list of common passwords in this program is damaged")]
pub struct DamagedList(#[source] fst::Error);

impl ShippedList {
    /// The list, ready to be asked.
    ///
    /// # Errors
    /// [`DamagedList`].
    pub fn open() -> Result<Self, DamagedList> {
        Set::new(LIST).map(Self).map_err(DamagedList)
    }

    /// How many passwords are on it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none; there are.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl CommonPasswords for ShippedList {
    fn contains(&self, folded: &str) -> bool {
        self.0.contains(folded)
    }
}

#[cfg(test)]
mod tests {
    use unionhall_domain::passwords::{LONGEST, folded};

    use super::*;

    #[test]
    fn what_everybody_chooses_is_on_the_list_and_what_nobody_does_is_not() {
        let list = ShippedList::open().unwrap();
        for common in [
            "password1",
            "PASSWORD1",
            "qwerty123456789",
            "1qaz2wsx3edc4rfv",
            "passwordstandard",
        ] {
            assert!(list.contains(&folded(common)), "{common}");
        }
        for own in [
            "solidarity-forever",
            "solidarity-in-tests",
            "",
            "gravel-otter-72",
        ] {
            assert!(!list.contains(&folded(own)), "{own}");
        }
    }

    #[test]
    fn the_list_is_whole_folded_and_of_lengths_that_a_password_can_have() {
        use fst::Streamer;
        let list = ShippedList::open().unwrap();
        assert!(list.len() > 100_000 && !list.is_empty());
        assert!(list.0.as_fst().verify().is_ok());
        let mut stream = list.0.stream();
        while let Some(entry) = stream.next() {
            let entry = std::str::from_utf8(entry).unwrap();
            assert_eq!(folded(entry), entry);
            assert!((8..=LONGEST).contains(&entry.chars().count()), "{entry}");
        }
    }
}
