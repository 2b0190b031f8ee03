//! What a token that is sent by mail is good for, and for how long.

use jiff::SignedDuration;

use crate::invalid::Invalid;

/// What a token that somebody was sent by mail lets them do, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailPurpose {
    /// Show that the address is theirs.
    VerifyEmail,
    /// Choose a new password without the old one.
    ResetPassword,
    /// Lift the lock that wrong passwords have put on the account.
    Unlock,
    /// Agree at the old address to another one.
    ChangeEmailOld,
    /// Show that the other address is theirs.
    ChangeEmailNew,
}

impl MailPurpose {
    /// Every purpose.
    pub const ALL: [Self; 5] = [
        Self::VerifyEmail,
        Self::ResetPassword,
        Self::Unlock,
        Self::ChangeEmailOld,
        Self::ChangeEmailNew,
    ];

    /// The name in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetPassword => "reset_password",
            Self::Unlock => "unlock",
            Self::ChangeEmailOld => "change_email_old",
            Self::ChangeEmailNew => "change_email_new",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        crate::text::one_of(text, &Self::ALL, |purpose| purpose.as_str())
    }

    /// How long such a token can be used. What opens an account is good for an hour, what only confirms an
    /// address for a day: NIST SP 800-63B-4 §4.2.1.2 allows a day for codes sent to an address.
    pub const fn lifetime(self) -> SignedDuration {
        match self {
            Self::ResetPassword | Self::Unlock => SignedDuration::from_hours(1),
            Self::VerifyEmail | Self::ChangeEmailOld | Self::ChangeEmailNew => {
                SignedDuration::from_hours(24)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_purpose_reads_what_it_prints() {
        for purpose in MailPurpose::ALL {
            assert_eq!(MailPurpose::parse(purpose.as_str()), Ok(purpose));
        }
        assert_eq!(
            MailPurpose::parse("login").unwrap_err().code,
            "unknown_value"
        );
    }

    #[test]
    fn what_opens_an_account_is_good_for_an_hour_and_what_confirms_an_address_for_a_day() {
        let hours = MailPurpose::ALL.map(|purpose| purpose.lifetime().as_hours());
        assert_eq!(hours, [24, 1, 1, 24, 24]);
    }
}
