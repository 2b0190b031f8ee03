//! The roles a person can hold in a tenant.

use jiff::Timestamp;

use crate::{invalid::Invalid, text::one_of};

/// A role; what each may do is the application's permission matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Everything in the tenant, including ownership, purge and offboarding.
    Owner,
    /// Everything but ownership, purge and offboarding.
    Admin,
    /// All union operations.
    Officer,
    /// The office's daily work.
    Staff,
    /// Organizing drives.
    Organizer,
    /// Training records.
    Instructor,
    /// Community moderation.
    Moderator,
    /// A union member's own record and cases.
    Member,
    /// An employer's or partner's person.
    Contact,
}

impl Role {
    /// Every role, from the most to the least powerful.
    pub const ALL: [Self; 9] = [
        Self::Owner,
        Self::Admin,
        Self::Officer,
        Self::Staff,
        Self::Organizer,
        Self::Instructor,
        Self::Moderator,
        Self::Member,
        Self::Contact,
    ];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Officer => "officer",
            Self::Staff => "staff",
            Self::Organizer => "organizer",
            Self::Instructor => "instructor",
            Self::Moderator => "moderator",
            Self::Member => "member",
            Self::Contact => "contact",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, |role| role.as_str())
    }

    /// Whether it is more powerful than another.
    pub fn outranks(self, other: Self) -> bool {
        // From the most to the least powerful, so the more powerful one comes first.
        self < other
    }
}

/// A role somebody holds, for good or for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldRole {
    /// The role.
    pub role: Role,
    /// Until when; from then on it counts for nothing.
    pub expires_at: Option<Timestamp>,
}

impl HeldRole {
    /// Whether it counts at `now`.
    pub fn counts(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|until| now < until)
    }
}
