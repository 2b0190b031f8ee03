//! Tax ids: numbers with the tax office, of which no more than the end is ever shown by the way.

use std::fmt;

use crate::invalid::Invalid;

/// An employer's (EIN) or a person's number (SSN) with the tax office: nine digits, as they were written.
///
/// Printing it for debugging shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct TaxId(String);

impl TaxId {
    /// Reads `123456789`, `12-3456789` (EIN) or `123-45-6789` (SSN).
    ///
    /// # Errors
    /// `not_a_tax_id` for anything else; what was read is not repeated.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let parts: Vec<_> = text.split('-').map(str::len).collect();
        let written = matches!(parts.as_slice(), [9] | [2, 7] | [3, 2, 4]);
        let digits = text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-');
        if written && digits {
            Ok(Self(text.to_owned()))
        } else {
            let detail = "must be nine digits, like 12-3456789 or 123-45-6789";
            Err(Invalid::new("not_a_tax_id", detail))
        }
    }

    /// The whole number, for whoever seals it or was shown it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Its last four digits.
    pub fn ending(&self) -> TaxIdEnding {
        let start = self.0.len().saturating_sub(TaxIdEnding::DIGITS);
        TaxIdEnding(self.0.get(start..).unwrap_or_default().to_owned())
    }
}

impl fmt::Debug for TaxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TaxId(..)")
    }
}

/// The last four digits of a tax id; prints with the others covered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxIdEnding(String);

impl TaxIdEnding {
    /// How many digits are shown.
    const DIGITS: usize = 4;

    /// Reads four digits.
    ///
    /// # Errors
    /// `not_a_tax_id_ending` for anything else.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.len() == Self::DIGITS && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::new("not_a_tax_id_ending", "must be four digits"))
        }
    }

    /// The four digits.
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TaxIdEnding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "*****{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tax_id_is_nine_digits_as_an_employer_or_a_person_writes_them() {
        for text in ["123456789", "12-3456789", "123-45-6789"] {
            let id = TaxId::parse(text).unwrap();
            assert_eq!(id.expose(), text);
            assert_eq!(id.ending().to_string(), "*****6789");
            assert_eq!(TaxIdEnding::parse(id.ending().digits()), Ok(id.ending()));
        }
        for text in [
            "",
            "12345678",
            "1234-56789",
            "123-456789",
            "12345678x",
            "１２３４５６７８９",
            " 123456789",
        ] {
            assert_eq!(
                TaxId::parse(text).unwrap_err().code,
                "not_a_tax_id",
                "{text}"
            );
        }
        for text in ["", "678", "67890", "678x"] {
            assert!(TaxIdEnding::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_tax_id_is_not_printed_for_debugging() {
        let id = TaxId::parse("123-45-6789").unwrap();
        assert_eq!(format!("{id:?}"), "TaxId(..)");
    }
}
