//! The closed lists of the fund: reasons, levels, decisions, statuses, ways to pay, and how people are related.

use crate::{invalid::Invalid, text::one_of};

/// Why help is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Illness or injury.
    Medical,
    /// Somebody of the family died.
    DeathInFamily,
    /// Money is short for another cause.
    Hardship,
    /// Fire, flood, storm or the like.
    Disaster,
    /// Anything else.
    Other,
}

impl Reason {
    /// Every reason, in the order of the wire's enumeration.
    pub const ALL: [Self; 5] = [
        Self::Medical,
        Self::DeathInFamily,
        Self::Hardship,
        Self::Disaster,
        Self::Other,
    ];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Medical => "medical",
            Self::DeathInFamily => "death_in_family",
            Self::Hardship => "hardship",
            Self::Disaster => "disaster",
            Self::Other => "other",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, |reason| reason.as_str())
    }
}

/// A rung of the review ladder; they are ordered from the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The vice-president.
    Vp,
    /// The office's administrator.
    Admin,
    /// The business manager.
    Manager,
    /// The president.
    President,
}

impl Level {
    /// Every level, from the lowest.
    pub const ALL: [Self; 4] = [Self::Vp, Self::Admin, Self::Manager, Self::President];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Vp => "vp",
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::President => "president",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, |level| level.as_str())
    }
}

impl Level {
    /// Its number: 1 to 4, the president being 4. It is also how many levels it takes to end there.
    pub const fn number(self) -> i16 {
        match self {
            Self::Vp => 1,
            Self::Admin => 2,
            Self::Manager => 3,
            Self::President => 4,
        }
    }

    /// The level above; there is none above the president.
    pub const fn above(self) -> Option<Self> {
        match self {
            Self::Vp => Some(Self::Admin),
            Self::Admin => Some(Self::Manager),
            Self::Manager => Some(Self::President),
            Self::President => None,
        }
    }
}

/// How one reviewer decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// For it.
    Approved,
    /// Against it: the application ends.
    Denied,
    /// Not before the applicant has answered a question.
    NeedsInfo,
    /// Not here: the level above decides instead.
    Deferred,
}

impl Decision {
    /// Every decision, in the order of the wire's enumeration.
    pub const ALL: [Self; 4] = [
        Self::Approved,
        Self::Denied,
        Self::NeedsInfo,
        Self::Deferred,
    ];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::NeedsInfo => "needs_info",
            Self::Deferred => "deferred",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, |decision| decision.as_str())
    }
}

impl Decision {
    /// Whether the level is done with it; after a question the same level goes on.
    pub const fn ends_level(self) -> bool {
        match self {
            Self::Approved | Self::Denied | Self::Deferred => true,
            Self::NeedsInfo => false,
        }
    }
}

/// Where an application stands, without what belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Being written; nobody reviews it.
    Draft,
    /// Handed in; the office has not opened it yet.
    Submitted,
    /// Waits for a level of the ladder.
    UnderReview,
    /// Waits for the applicant's answer to a question.
    NeedsInfo,
    /// Money was granted and is not paid in full.
    Approved,
    /// Refused, with a reason.
    Denied,
    /// Paid in full.
    Paid,
    /// Given up by the member before there was a decision.
    Withdrawn,
}

impl Status {
    /// Every status, in the order of an application's life.
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::Submitted,
        Self::UnderReview,
        Self::NeedsInfo,
        Self::Approved,
        Self::Denied,
        Self::Paid,
        Self::Withdrawn,
    ];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::UnderReview => "under_review",
            Self::NeedsInfo => "needs_info",
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::Paid => "paid",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, |status| status.as_str())
    }
}

/// How money is paid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaymentMethod {
    /// By check; its number is the reference.
    Check,
    /// To the member's account; the trace number is the reference.
    DirectDeposit,
    /// By wire; the bank's confirmation is the reference.
    WireTransfer,
    /// In cash; the receipt's number is the reference.
    Cash,
    /// To somebody the member owes, like a landlord; the invoice's number is the reference.
    Vendor,
}

impl PaymentMethod {
    /// Every method, in the order of the wire's enumeration.
    pub const ALL: [Self; 5] = [
        Self::Check,
        Self::DirectDeposit,
        Self::WireTransfer,
        Self::Cash,
        Self::Vendor,
    ];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::DirectDeposit => "direct_deposit",
            Self::WireTransfer => "wire_transfer",
            Self::Cash => "cash",
            Self::Vendor => "vendor",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, |method| method.as_str())
    }
}

/// How a reviewer is related to an applicant.
///
/// The list follows who is family under 26 U.S.C. 4958(f)(4), which names spouse, ancestors, descendants, siblings and
/// their spouses; household and other closeness are added, because those reviewers are not free either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kinship {
    /// Married to, or living as a couple with.
    Spouse,
    /// Parent, grandparent, and so on, by birth, adoption or marriage.
    Ancestor,
    /// Child, grandchild, and so on, by birth, adoption or marriage.
    Descendant,
    /// Brother or sister, of the whole or half blood.
    Sibling,
    /// Spouse of a sibling or descendant, or the spouse's own family.
    InLaw,
    /// Lives in the same household.
    Household,
    /// Close in another way, such as business with each other.
    Other,
}

impl Kinship {
    /// Every kind, the closest first.
    pub const ALL: [Self; 7] = [
        Self::Spouse,
        Self::Ancestor,
        Self::Descendant,
        Self::Sibling,
        Self::InLaw,
        Self::Household,
        Self::Other,
    ];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Spouse => "spouse",
            Self::Ancestor => "ancestor",
            Self::Descendant => "descendant",
            Self::Sibling => "sibling",
            Self::InLaw => "in_law",
            Self::Household => "household",
            Self::Other => "other",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, |kinship| kinship.as_str())
    }
}

/// What a reviewer sees of an application before deciding on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Naming {
    /// Everything, the applicant's name too.
    Shown,
    /// The need; the name only after the own decision, or after an unmasking that is on record.
    NeedFirst,
}

impl Naming {
    /// Both ways.
    pub const ALL: [Self; 2] = [Self::Shown, Self::NeedFirst];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::NeedFirst => "need_first",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, |naming| naming.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads_back<T: Copy + PartialEq + std::fmt::Debug>(
        all: &[T],
        name: impl Fn(T) -> &'static str,
        parse: impl Fn(&str) -> Result<T, Invalid>,
    ) {
        for value in all {
            assert_eq!(parse(name(*value)), Ok(*value));
        }
        assert_eq!(parse("nobody").unwrap_err().code, "unknown_value");
    }

    #[test]
    fn every_word_reads_what_it_prints() {
        reads_back(&Reason::ALL, Reason::as_str, Reason::parse);
        reads_back(&Level::ALL, Level::as_str, Level::parse);
        reads_back(&Decision::ALL, Decision::as_str, Decision::parse);
        reads_back(&Status::ALL, Status::as_str, Status::parse);
        reads_back(
            &PaymentMethod::ALL,
            PaymentMethod::as_str,
            PaymentMethod::parse,
        );
        reads_back(&Kinship::ALL, Kinship::as_str, Kinship::parse);
        reads_back(&Naming::ALL, Naming::as_str, Naming::parse);
    }

    #[test]
    fn the_ladder_goes_from_the_vice_president_to_the_president_one_by_one() {
        assert!(Level::ALL.is_sorted());
        let numbers = Level::ALL.map(Level::number);
        assert_eq!(numbers, [1, 2, 3, 4]);
        for pair in Level::ALL.windows(2) {
            assert_eq!(pair[0].above(), Some(pair[1]));
        }
        assert_eq!(Level::President.above(), None);
    }
}
