//! Who may make an account by themselves on an installation.

use crate::{invalid::Invalid, text::one_of};

/// Who may make an account by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RegistrationMode {
    /// Everybody.
    Open,
    /// Nobody without an invitation.
    Invitation,
    /// Nobody, not even with an invitation: the operator makes accounts.
    Closed,
}

impl RegistrationMode {
    /// Every mode.
    pub const ALL: [Self; 3] = [Self::Open, Self::Invitation, Self::Closed];

    /// The name in the configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Invitation => "invitation",
            Self::Closed => "closed",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, Self::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mode_reads_what_it_prints() {
        for mode in RegistrationMode::ALL {
            assert_eq!(RegistrationMode::parse(mode.as_str()), Ok(mode));
        }
        assert_eq!(
            RegistrationMode::parse("half-open").unwrap_err().code,
            "unknown_value"
        );
    }
}
