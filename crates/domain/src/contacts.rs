//! Contacts: the people at an organization, one of whom is the one to ask first.

use jiff::Timestamp;

use crate::{
    audit::Fields,
    change::Change,
    ids::Id,
    organizations::OrganizationId,
    text::{Line, Prose},
    users::EmailAddress,
    version::Version,
};

/// The id of a [`Contact`].
pub type ContactId = Id<Contact>;

/// A person at an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// Where the person works.
    pub organization: OrganizationId,
    /// What is known of the person.
    pub details: ContactDetails,
    /// Whether the person is the one to ask first.
    pub rank: Rank,
    /// Counts its changes.
    pub version: Version,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was deleted, if it is.
    pub deleted_at: Option<Timestamp>,
}

/// A contact's place among those of one organization, of which exactly one is primary as long as there are any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rank {
    /// The one to ask first.
    Primary,
    /// Any other.
    Other,
}

impl Rank {
    /// Whether it is the one to ask first.
    pub const fn is_primary(self) -> bool {
        match self {
            Self::Primary => true,
            Self::Other => false,
        }
    }

    /// The rank that a truth value stands for on the wire and in storage.
    pub const fn of(is_primary: bool) -> Self {
        if is_primary {
            Self::Primary
        } else {
            Self::Other
        }
    }
}

/// What is known of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactDetails {
    /// Given name.
    pub first_name: Line<100>,
    /// Family name.
    pub last_name: Line<100>,
    /// What the person is there.
    pub title: Option<Line<100>>,
    /// Telephone number, as written.
    pub phone: Option<Line<50>>,
    /// E-mail address.
    pub email: Option<EmailAddress>,
    /// Free notes.
    pub notes: Option<Prose<500>>,
}

/// A partial change of a contact.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContactChange {
    /// Given name.
    pub first_name: Change<Line<100>>,
    /// Family name.
    pub last_name: Change<Line<100>>,
    /// What the person is there.
    pub title: Change<Option<Line<100>>>,
    /// Telephone number.
    pub phone: Change<Option<Line<50>>>,
    /// E-mail address.
    pub email: Change<Option<EmailAddress>>,
    /// Free notes.
    pub notes: Change<Option<Prose<500>>>,
}

impl ContactDetails {
    /// The details after a change.
    #[must_use]
    pub fn changed(mut self, change: ContactChange) -> Self {
        let ContactChange {
            first_name,
            last_name,
            title,
            phone,
            email,
            notes,
        } = change;
        first_name.apply(&mut self.first_name);
        last_name.apply(&mut self.last_name);
        title.apply(&mut self.title);
        phone.apply(&mut self.phone);
        email.apply(&mut self.email);
        notes.apply(&mut self.notes);
        self
    }

    /// Given and family name.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

impl Contact {
    /// The contact as the audit trail shows it.
    pub fn fields(&self) -> Fields {
        let ContactDetails {
            first_name,
            last_name,
            title,
            phone,
            email,
            notes,
        } = &self.details;
        vec![
            ("organization_id", Some(self.organization.to_string())),
            ("first_name", Some(first_name.to_string())),
            ("last_name", Some(last_name.to_string())),
            ("title", title.as_ref().map(ToString::to_string)),
            ("phone", phone.as_ref().map(ToString::to_string)),
            ("email", email.as_ref().map(ToString::to_string)),
            ("notes", notes.as_ref().map(ToString::to_string)),
            ("is_primary", Some(self.rank.is_primary().to_string())),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rank_is_what_its_truth_value_says() {
        for rank in [Rank::Primary, Rank::Other] {
            assert_eq!(Rank::of(rank.is_primary()), rank);
        }
    }

    #[test]
    fn a_change_touches_only_what_it_names() {
        let known = ContactDetails {
            first_name: Line::parse("Ira").unwrap(),
            last_name: Line::parse("Ohm").unwrap(),
            title: None,
            phone: Some(Line::parse("206-555-0100").unwrap()),
            email: None,
            notes: None,
        };
        let change = ContactChange {
            title: Change::Set(Some(Line::parse("Superintendent").unwrap())),
            phone: Change::Set(None),
            ..ContactChange::default()
        };
        let expected = ContactDetails {
            title: Some(Line::parse("Superintendent").unwrap()),
            phone: None,
            ..known.clone()
        };
        assert_eq!(known.changed(change), expected);
        assert_eq!(expected.full_name(), "Ira Ohm");
    }
}
