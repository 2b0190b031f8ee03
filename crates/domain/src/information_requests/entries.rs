//! What became of a request: entries that are added and never changed.

use jiff::{Timestamp, civil::Date};

use super::{InformationRequest, ItemAction, ItemStatus, MOST_ENTRIES, RequestAction};
use crate::{
    ids::Id,
    invalid::{FieldError, Invalid},
    refused::Refused,
    text::Prose,
    users::UserId,
};

/// The id of an [`Entry`].
pub type EntryId = Id<Entry>;

/// One thing that became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: EntryId,
    /// Of which item it is said, from 1; none for the whole request.
    pub item: Option<u16>,
    /// What it is.
    pub kind: EntryKind,
    /// The day it happened.
    pub on: Date,
    /// What was given, the ground of a refusal, what is missing, what was asked again, or why the union does without.
    pub text: Prose<10_000>,
    /// The new last day for the answer, if a follow-up set one.
    pub due_on: Option<Date>,
    /// The user who wrote it down; none for the operator.
    pub recorded_by: Option<UserId>,
    /// When it was written down.
    pub recorded_at: Timestamp,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// Something happened to an item.
    Item(ItemAction),
    /// The union asked again.
    FollowUp,
    /// The union does without.
    Withdrawal,
}

/// What was said of items on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    /// The day; today when nothing is said.
    pub on: Option<Date>,
    /// What was said of each item.
    pub items: Vec<ItemAnswer>,
}

/// What was said of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemAnswer {
    /// Which one, from 1.
    pub item: u16,
    /// What happened to it.
    pub action: ItemAction,
    /// What was given, the ground of a refusal, or what is missing.
    pub text: Prose<10_000>,
}

/// The union asks again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    /// The day; today when nothing is said.
    pub on: Option<Date>,
    /// What was asked.
    pub text: Prose<10_000>,
    /// The new last day for the answer, if there is one.
    pub due_on: Option<Date>,
}

impl EntryKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Item(ItemAction::AnswerInPart),
        Self::Item(ItemAction::Answer),
        Self::Item(ItemAction::Refuse),
        Self::Item(ItemAction::Dispute),
        Self::FollowUp,
        Self::Withdrawal,
    ];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Item(action) => action.as_str(),
            Self::FollowUp => "follow_up",
            Self::Withdrawal => "withdraw",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        crate::text::one_of(text, &Self::ALL, Self::as_str)
    }
}

/// Why something cannot be written down of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unwritable {
    /// Where it stands does not allow it.
    Refused(Refused),
    /// Fields are wrong.
    Invalid(Vec<FieldError>),
}

impl InformationRequest {
    /// The entries that these answers make, with their ids from `new_id`.
    ///
    /// # Errors
    /// [`Unwritable`]: the request is withdrawn; the day is before the asking or in the future; an item is unknown, or
    /// stands where that cannot happen to it.
    pub fn answered(
        &self,
        answers: Answers,
        by: (Option<UserId>, Timestamp, Date),
        mut new_id: impl FnMut() -> EntryId,
    ) -> Result<Vec<Entry>, Unwritable> {
        self.permit(RequestAction::Answer)
            .map_err(Unwritable::Refused)?;
        let (recorded_by, recorded_at, today) = by;
        let on = answers.on.unwrap_or(today);
        let mut errors = self.wrong_day("answered_on", on, today);
        if answers.items.is_empty() {
            errors.push(Invalid::new("required", "must be at least one").at("items"));
        }
        errors.extend(self.without_room(answers.items.len(), "items"));
        let mut standing = self.items();
        for (index, answer) in answers.items.iter().enumerate() {
            let place = usize::from(answer.item).checked_sub(1);
            let status = place.and_then(|place| standing.get_mut(place));
            errors.extend(happened(index, status, answer.action).err());
        }
        if !errors.is_empty() {
            return Err(Unwritable::Invalid(errors));
        }
        let entry = |answer: ItemAnswer| Entry {
            id: new_id(),
            item: Some(answer.item),
            kind: EntryKind::Item(answer.action),
            on,
            text: answer.text,
            due_on: None,
            recorded_by,
            recorded_at,
        };
        Ok(answers.items.into_iter().map(entry).collect())
    }

    /// The entry that a follow-up makes.
    ///
    /// # Errors
    /// [`Unwritable`]: there is nothing to ask again; the day is before the asking or in the future; the new last day
    /// is before it.
    pub fn followed_up(
        &self,
        follow_up: FollowUp,
        by: (Option<UserId>, Timestamp, Date),
        id: EntryId,
    ) -> Result<Entry, Unwritable> {
        self.permit(RequestAction::FollowUp)
            .map_err(Unwritable::Refused)?;
        let (recorded_by, recorded_at, today) = by;
        let on = follow_up.on.unwrap_or(today);
        let mut errors = self.wrong_day("followed_up_on", on, today);
        errors.extend(self.without_room(1, "text"));
        if follow_up.due_on.is_some_and(|due| due < on) {
            let invalid = Invalid::new("before_asking", "must not be before the follow-up");
            errors.push(invalid.at("due_on"));
        }
        if !errors.is_empty() {
            return Err(Unwritable::Invalid(errors));
        }
        Ok(Entry {
            id,
            item: None,
            kind: EntryKind::FollowUp,
            on,
            text: follow_up.text,
            due_on: follow_up.due_on,
            recorded_by,
            recorded_at,
        })
    }

    /// The entry with which the union does without.
    ///
    /// # Errors
    /// [`Unwritable`]: there is nothing to withdraw, or no room for an entry.
    pub fn withdrawn(
        &self,
        reason: Prose<10_000>,
        by: (Option<UserId>, Timestamp, Date),
        id: EntryId,
    ) -> Result<Entry, Unwritable> {
        self.permit(RequestAction::Withdraw)
            .map_err(Unwritable::Refused)?;
        if self.entries.len() >= MOST_ENTRIES {
            return Err(Unwritable::Invalid(vec![full("reason")]));
        }
        let (recorded_by, recorded_at, on) = by;
        Ok(Entry {
            id,
            item: None,
            kind: EntryKind::Withdrawal,
            on,
            text: reason,
            due_on: None,
            recorded_by,
            recorded_at,
        })
    }

    fn wrong_day(&self, field: &'static str, on: Date, today: Date) -> Vec<FieldError> {
        let wrong = |code, detail: &str| vec![Invalid::new(code, detail).at(field)];
        if on > today {
            wrong("in_the_future", "must not be in the future")
        } else if on < self.asked.asked_on {
            wrong("before_asking", "must not be before the day of asking")
        } else {
            Vec::new()
        }
    }

    /// What is wrong with so many entries more: the last place is kept for the withdrawal, so that a request can
    /// always be ended.
    fn without_room(&self, more: usize, field: &'static str) -> Option<FieldError> {
        let is_full = self.entries.len().saturating_add(more) >= MOST_ENTRIES;
        is_full.then(|| full(field))
    }
}

fn full(field: &'static str) -> FieldError {
    let detail = "the request holds 499 entries and its withdrawal at most";
    Invalid::new("too_many", detail).at(field)
}

/// Moves an item on, or says what is wrong with the answer at this place of the list.
fn happened(
    index: usize,
    status: Option<&mut ItemStatus>,
    action: ItemAction,
) -> Result<(), FieldError> {
    let wrong = |field: &str, code, detail: String| FieldError {
        field: format!("items/{index}/{field}").into(),
        invalid: Invalid::new(code, detail),
    };
    let Some(status) = status else {
        let detail = "is no item of this request".to_owned();
        return Err(wrong("item", "unknown_item", detail));
    };
    match status.after(action) {
        Some(after) => {
            *status = after;
            Ok(())
        }
        None => {
            let detail = format!("cannot happen to an item that is {}", status.as_str());
            Err(wrong("action", "illegal_action", detail))
        }
    }
}
