//! Information that the union asks of an employer: items, a clock of their own, and what became of each.
//!
//! Nothing of an answer is overwritten. What was given, refused, disputed and asked again are entries in their order,
//! and where an item and the whole request stand follows from them.

mod entries;
mod status;

use jiff::{Timestamp, civil::Date};

pub use self::{
    entries::{Answers, Entry, EntryId, EntryKind, FollowUp, ItemAnswer, Unwritable},
    status::{ItemAction, ItemStatus, RequestAction, RequestStatus},
};
use crate::{
    audit::Fields,
    grievances::GrievanceId,
    ids::Id,
    invalid::{FieldError, Invalid},
    text::{Line, Prose},
    users::UserId,
    version::Version,
};

/// The id of an [`InformationRequest`].
pub type InformationRequestId = Id<InformationRequest>;

/// How many items one request asks for.
pub const MOST_ITEMS: usize = 50;
/// How many entries one request holds.
pub const MOST_ENTRIES: usize = 500;

/// A request for information.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InformationRequest {
    /// Its id.
    pub id: InformationRequestId,
    /// The grievance it is made for.
    pub grievance: GrievanceId,
    /// What is asked, of whom and by when.
    pub asked: Asked,
    /// The user who wrote it down; none for the operator.
    pub asked_by: Option<UserId>,
    /// What became of it, earliest first.
    pub entries: Vec<Entry>,
    /// Counts its changes.
    pub version: Version,
    /// When it was written down.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What it is about, in one line.
    pub subject: Line<200>,
    /// Why the union needs it.
    pub relevance: Option<Prose<2_000>>,
    /// Of whom at the employer.
    pub asked_of: Option<Line<200>>,
    /// The day it was asked.
    pub asked_on: Date,
    /// The last day for the answer; a follow-up may set another.
    pub due_on: Date,
    /// The items, numbered from 1 in their order.
    pub items: Vec<Prose<2_000>>,
}

impl Asked {
    /// Checks the days against each other and the tenant's `today`, and how many items there are.
    ///
    /// # Errors
    /// Every wrong field: `in_the_future`, `before_asking`, `required` or `too_many`.
    pub fn check(&self, today: Date) -> Result<(), Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut wrong =
            |field, code, detail: &str| errors.push(Invalid::new(code, detail).at(field));
        if self.asked_on > today {
            wrong("asked_on", "in_the_future", "must not be in the future");
        }
        if self.due_on < self.asked_on {
            wrong(
                "due_on",
                "before_asking",
                "must not be before the day of asking",
            );
        }
        if self.items.is_empty() {
            wrong("items", "required", "must be at least one");
        } else if self.items.len() > MOST_ITEMS {
            wrong("items", "too_many", "must be at most 50");
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors)
        }
    }
}

impl InformationRequest {
    /// The last day for the answer: the newest that was set.
    pub fn due_on(&self) -> Date {
        let newest = self.entries.iter().rev().find_map(|entry| entry.due_on);
        newest.unwrap_or(self.asked.due_on)
    }

    /// Whether the clock runs and has run out: the day itself is not overdue.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.status().is_awaiting() && self.due_on() < today
    }

    /// The request as a list shows it: of each entry an excerpt of its text, because a request holds up to
    /// [`MOST_ENTRIES`] of them.
    #[must_use]
    pub fn in_short(mut self) -> Self {
        let short = |entry: Entry| Entry {
            text: entry.text.excerpt(),
            ..entry
        };
        self.entries = self.entries.into_iter().map(short).collect();
        self
    }

    /// The request as the audit trail shows it.
    pub fn fields(&self) -> Fields {
        let Asked {
            subject,
            relevance,
            asked_of,
            asked_on,
            due_on: _,
            items,
        } = &self.asked;
        let items: Vec<_> = items.iter().map(ToString::to_string).collect();
        vec![
            ("grievance_id", Some(self.grievance.to_string())),
            ("status", Some(self.status().as_str().to_owned())),
            ("subject", Some(subject.to_string())),
            ("relevance", relevance.as_ref().map(ToString::to_string)),
            ("asked_of", asked_of.as_ref().map(ToString::to_string)),
            ("asked_on", Some(asked_on.to_string())),
            ("due_on", Some(self.due_on().to_string())),
            ("items", Some(items.join("\n"))),
        ]
    }
}

#[cfg(test)]
pub(crate) mod tests;
