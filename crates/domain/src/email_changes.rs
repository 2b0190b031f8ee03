//! The change of the address that somebody signs in with: it counts when both addresses have agreed.

use jiff::Timestamp;

use crate::{
    mail_tokens::MailPurpose,
    users::{EmailAddress, UserId},
};

/// One of the two addresses that are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The address that the person signs in with at present.
    Old,
    /// The address that they want to sign in with.
    New,
}

impl Side {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Old, Self::New];

    /// The name on record.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Old => "old",
            Self::New => "new",
        }
    }

    /// What the token is good for that is sent to this address.
    pub const fn purpose(self) -> MailPurpose {
        match self {
            Self::Old => MailPurpose::ChangeEmailOld,
            Self::New => MailPurpose::ChangeEmailNew,
        }
    }
}

/// A change of address that somebody asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailChange {
    /// Whose address is to change.
    pub user: UserId,
    /// The address it is to become.
    pub email: EmailAddress,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// From when it is worth nothing.
    pub expires_at: Timestamp,
    /// When the old address agreed.
    pub old_confirmed_at: Option<Timestamp>,
    /// When the new address agreed.
    pub new_confirmed_at: Option<Timestamp>,
}

impl EmailChange {
    /// A change that nobody has agreed to yet; it waits as long as its links work.
    pub fn asked(user: UserId, email: EmailAddress, now: Timestamp) -> Self {
        let expires_at = now.saturating_add(Side::New.purpose().lifetime());
        Self {
            user,
            email,
            asked_at: now,
            expires_at: expires_at.unwrap_or(Timestamp::MAX),
            old_confirmed_at: None,
            new_confirmed_at: None,
        }
    }

    /// Whether both addresses have agreed, in whichever order.
    pub const fn is_agreed(&self) -> bool {
        self.old_confirmed_at.is_some() && self.new_confirmed_at.is_some()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::ids::Id;

    fn asked() -> EmailChange {
        let email = EmailAddress::parse("new@hall.example").unwrap();
        EmailChange::asked(Id::new(Uuid::from_u128(1)), email, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_change_is_agreed_when_both_addresses_have_and_not_before() {
        let at = Some(Timestamp::UNIX_EPOCH);
        for (old, new, agreed) in [
            (None, None, false),
            (at, None, false),
            (None, at, false),
            (at, at, true),
        ] {
            let change = EmailChange {
                old_confirmed_at: old,
                new_confirmed_at: new,
                ..asked()
            };
            assert_eq!(change.is_agreed(), agreed);
        }
    }

    #[test]
    fn a_change_waits_as_long_as_both_of_its_links_work() {
        for side in Side::ALL {
            let works_until = asked().asked_at + side.purpose().lifetime();
            assert_eq!(asked().expires_at, works_until, "{}", side.as_str());
        }
    }
}
