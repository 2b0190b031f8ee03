//! Values that go out as they print, written straight into the answer.

use std::fmt::Display;

use serde::{Serialize, Serializer};

/// A value as the string that it prints as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shown<T>(pub(super) T);

impl<T: Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Pairs as an object, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pairs<'a>(pub(super) &'a [(String, String)]);

impl Serialize for Pairs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_goes_out_as_it_prints_and_nothing_as_null() {
        let day = jiff::civil::date(2026, 11, 21);
        assert_eq!(
            serde_json::to_string(&[Some(Shown(day)), None]).unwrap(),
            r#"["2026-11-21",null]"#
        );
    }

    #[test]
    fn pairs_go_out_as_an_object() {
        let pairs = [("count".to_owned(), "3".to_owned())];
        assert_eq!(
            serde_json::to_string(&Pairs(&pairs)).unwrap(),
            r#"{"count":"3"}"#
        );
    }
}
