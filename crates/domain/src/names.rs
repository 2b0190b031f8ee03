//! Closed lists of names: one line for each, and the same functions for all of them.

/// Makes an enumeration out of names on the wire: `ALL`, `as_str` and `parse`.
macro_rules! names {
    ($(#[$about:meta])* pub enum $kind:ident { $($(#[$what:meta])* $variant:ident = $name:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $kind {
            $($(#[$what])* $variant,)+
        }

        impl $kind {
            /// Every one, in the order of the documents.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// The name on the wire and in storage.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// Reads the name.
            ///
            /// # Errors
            /// `unknown_value`, with the names there are.
            pub fn parse(text: &str) -> Result<Self, $crate::invalid::Invalid> {
                $crate::text::one_of(text, &Self::ALL, Self::as_str)
            }
        }
    };
}
pub(crate) use names;

#[cfg(test)]
mod tests {
    use crate::step_meetings::Party;

    #[test]
    fn every_name_is_read_as_what_it_was_printed_from_and_no_other_name_is() {
        for party in Party::ALL {
            assert_eq!(Party::parse(party.as_str()), Ok(party));
        }
        assert_eq!(Party::parse("Union").unwrap_err().code, "unknown_value");
    }
}
