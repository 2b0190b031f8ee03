//! Passwords for people who are made on the command line: read from a pipe, or drawn.

use std::io::{self, Read};

use unionhall_ports::passwords::Password;

/// Letters and digits that cannot be mistaken for one another, read aloud or typed from paper.
/// There are 32, so that five random bits choose one without favour.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Five groups of four: 100 bits.
const GROUPS: usize = 5;
const GROUP: usize = 4;
/// More than any password: what is longer is not one.
const LONGEST_BYTES: usize = 1_024;

/// Why what was given is not taken for a password.
#[derive(Debug, thiserror::Error)]
pub enum GivenPasswordError {
    /// Standard input cannot be read.
    #[error("standard input cannot be read: {0}")]
    Unreadable(#[source] io::Error),
    /// Longer than any password.
    #[error("the password on standard input has more than {LONGEST_BYTES} bytes")]
    TooLong,
}

/// A password drawn at random, like `k3vn-8qtz-…`: 100 bits, 24 characters.
///
/// # Errors
/// When the system has no random bytes to give.
pub fn generate() -> Result<Password, getrandom::Error> {
    let mut bytes = [0_u8; GROUPS * GROUP];
    getrandom::fill(&mut bytes)?;
    let letter = |byte: &u8| {
        ALPHABET
            .get(usize::from(byte & 31))
            .copied()
            .map(char::from)
    };
    let groups: Vec<String> = bytes
        .chunks(GROUP)
        .map(|group| group.iter().filter_map(letter).collect())
        .collect();
    // Far under the longest, so there is always one.
    Password::new(groups.join("-")).ok_or(getrandom::Error::UNEXPECTED)
}

/// All of `input` as a password, without the line break that `echo` puts at its end. Whether it is a good one is
/// judged elsewhere.
///
/// # Errors
/// When the input cannot be read, or is too long for a password.
pub fn read_from(input: impl Read) -> Result<Password, GivenPasswordError> {
    let mut text = String::new();
    // Two more for the line break, one more to see that it is too long.
    let most = u64::try_from(LONGEST_BYTES + 3).unwrap_or(u64::MAX);
    input
        .take(most)
        .read_to_string(&mut text)
        .map_err(GivenPasswordError::Unreadable)?;
    let password = text.strip_suffix('\n').unwrap_or(&text);
    let password = password.strip_suffix('\r').unwrap_or(password);
    Password::new(password.to_owned()).ok_or(GivenPasswordError::TooLong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawn_password_is_long_and_new_each_time() {
        let (one, two) = (generate().unwrap(), generate().unwrap());
        assert_ne!(one.expose(), two.expose());
        assert_eq!(one.expose().len(), 24);
        let of_alphabet = |c: char| c == '-' || ALPHABET.contains(&u8::try_from(c).unwrap());
        assert!(one.expose().chars().all(of_alphabet), "{}", one.expose());
    }

    #[test]
    fn a_password_is_read_without_its_line_break() {
        for input in ["correct horse", "correct horse\n", "correct horse\r\n"] {
            assert_eq!(
                read_from(input.as_bytes()).unwrap().expose(),
                "correct horse"
            );
        }
        assert_eq!(
            read_from(&b" spaces count \n"[..]).unwrap().expose(),
            " spaces count "
        );
    }

    #[test]
    fn what_is_too_long_or_not_text_is_refused() {
        let longest = "a".repeat(LONGEST_BYTES);
        assert!(read_from(format!("{longest}\n").as_bytes()).is_ok());
        assert!(matches!(
            read_from(format!("{longest}a\n").as_bytes()),
            Err(GivenPasswordError::TooLong)
        ));
        assert!(matches!(
            read_from(&b"\xff\xfe"[..]),
            Err(GivenPasswordError::Unreadable(_))
        ));
    }
}
