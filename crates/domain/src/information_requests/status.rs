//! Where an item and a whole request stand: both follow from the entries, and neither is ever set.

use super::{Entry, EntryKind, InformationRequest};
use crate::{names::names, refused::Refused};

names! {
    /// Where one item stands.
    pub enum ItemStatus {
        /// Nothing was said of it.
        Awaited = "awaited",
        /// A part of it was given.
        PartlyAnswered = "partly_answered",
        /// It was given.
        Answered = "answered",
        /// It was refused.
        Refused = "refused",
    }
}

names! {
    /// What can happen to one item.
    pub enum ItemAction {
        /// A part of it is given.
        AnswerInPart = "answer_in_part",
        /// It is given.
        Answer = "answer",
        /// It is refused.
        Refuse = "refuse",
        /// What was given turns out not to be all of it.
        Dispute = "dispute",
    }
}

names! {
    /// Where a request stands.
    pub enum RequestStatus {
        /// Nothing was said of any item.
        Asked = "asked",
        /// Something was said, and something is missing.
        PartlyAnswered = "partly_answered",
        /// Every item was given.
        Answered = "answered",
        /// Nothing is missing but what was refused.
        Refused = "refused",
        /// The union does without.
        Withdrawn = "withdrawn",
    }
}

names! {
    /// What can be done with a request.
    pub enum RequestAction {
        /// Write down what was said of items.
        Answer = "answer",
        /// Ask again.
        FollowUp = "follow_up",
        /// Do without.
        Withdraw = "withdraw",
    }
}

impl ItemStatus {
    /// Where an action leads, if it is allowed.
    pub const fn after(self, action: ItemAction) -> Option<Self> {
        match (self, action) {
            (Self::Awaited | Self::PartlyAnswered | Self::Refused, ItemAction::AnswerInPart)
            | (Self::Answered, ItemAction::Dispute) => Some(Self::PartlyAnswered),
            (Self::Awaited | Self::PartlyAnswered | Self::Refused, ItemAction::Answer) => {
                Some(Self::Answered)
            }
            (Self::Awaited | Self::PartlyAnswered, ItemAction::Refuse) => Some(Self::Refused),
            (
                Self::Answered,
                ItemAction::AnswerInPart | ItemAction::Answer | ItemAction::Refuse,
            )
            | (Self::Refused, ItemAction::Refuse)
            | (Self::Awaited | Self::PartlyAnswered | Self::Refused, ItemAction::Dispute) => None,
        }
    }
}

impl ItemStatus {
    /// Where an item stands when the union asks again: what was refused is waited for anew, and can be overdue.
    #[must_use]
    pub const fn asked_again(self) -> Self {
        match self {
            Self::Awaited | Self::Refused => Self::Awaited,
            Self::PartlyAnswered => Self::PartlyAnswered,
            Self::Answered => Self::Answered,
        }
    }
}

impl RequestStatus {
    /// Whether the employer's clock runs.
    pub const fn is_awaiting(self) -> bool {
        match self {
            Self::Asked | Self::PartlyAnswered => true,
            Self::Answered | Self::Refused | Self::Withdrawn => false,
        }
    }

    /// Whether an action is allowed. An answer can come after a refusal, and be disputed after all was given.
    pub const fn permits(self, action: RequestAction) -> bool {
        match (self, action) {
            (
                Self::Asked | Self::PartlyAnswered | Self::Refused,
                RequestAction::Answer | RequestAction::FollowUp | RequestAction::Withdraw,
            )
            | (Self::Answered, RequestAction::Answer) => true,
            (Self::Answered, RequestAction::FollowUp | RequestAction::Withdraw)
            | (
                Self::Withdrawn,
                RequestAction::Answer | RequestAction::FollowUp | RequestAction::Withdraw,
            ) => false,
        }
    }
}

/// Where a request with these items stands, if the union did not withdraw it.
fn rolled_up(items: &[ItemStatus]) -> RequestStatus {
    let all = |wanted: &[ItemStatus]| items.iter().all(|item| wanted.contains(item));
    if all(&[ItemStatus::Awaited]) {
        RequestStatus::Asked
    } else if all(&[ItemStatus::Answered]) {
        RequestStatus::Answered
    } else if all(&[ItemStatus::Answered, ItemStatus::Refused]) {
        RequestStatus::Refused
    } else {
        RequestStatus::PartlyAnswered
    }
}

impl InformationRequest {
    /// Where each item stands, in their order.
    pub fn items(&self) -> Vec<ItemStatus> {
        let item = |place: usize| {
            let counts = |entry: &&Entry| entry.item.is_none_or(|item| usize::from(item) == place);
            let entries = self.entries.iter().filter(counts);
            entries.fold(ItemStatus::Awaited, |status, entry| match entry.kind {
                EntryKind::Item(action) => status.after(action).unwrap_or(status),
                EntryKind::FollowUp => status.asked_again(),
                EntryKind::Withdrawal => status,
            })
        };
        (1..=self.asked.items.len()).map(item).collect()
    }

    /// Where the request stands.
    pub fn status(&self) -> RequestStatus {
        let gone = |entry: &Entry| entry.kind == EntryKind::Withdrawal;
        if self.entries.iter().any(gone) {
            RequestStatus::Withdrawn
        } else {
            rolled_up(&self.items())
        }
    }

    /// What its status allows.
    pub fn allowed(&self) -> Vec<RequestAction> {
        let status = self.status();
        let permits = |action: &RequestAction| status.permits(*action);
        RequestAction::ALL.into_iter().filter(permits).collect()
    }

    /// Goes on if its status allows the action.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn permit(&self, action: RequestAction) -> Result<(), Refused> {
        let status = self.status();
        if status.permits(action) {
            return Ok(());
        }
        let allowed = self.allowed().into_iter().map(RequestAction::as_str);
        Err(Refused {
            what: "a request for information",
            status: status.as_str(),
            action: action.as_str(),
            allowed: allowed.collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refused::table;

    #[test]
    fn the_whole_table_of_an_items_states_and_actions() {
        insta::assert_snapshot!(table(
            (&ItemStatus::ALL, ItemStatus::as_str),
            (&ItemAction::ALL, ItemAction::as_str),
            |status, action| status.after(action).map(ItemStatus::as_str)
        ));
    }

    #[test]
    fn the_whole_table_of_a_requests_states_and_actions() {
        insta::assert_snapshot!(table(
            (&RequestStatus::ALL, RequestStatus::as_str),
            (&RequestAction::ALL, RequestAction::as_str),
            |status, action| status.permits(action).then_some("✓")
        ));
    }

    #[test]
    fn a_request_stands_where_its_items_stand() {
        use ItemStatus::{Answered, Awaited, PartlyAnswered, Refused};
        for (items, expected) in [
            ([Awaited, Awaited], RequestStatus::Asked),
            ([Awaited, Answered], RequestStatus::PartlyAnswered),
            ([Awaited, Refused], RequestStatus::PartlyAnswered),
            ([PartlyAnswered, Answered], RequestStatus::PartlyAnswered),
            ([Answered, Answered], RequestStatus::Answered),
            ([Answered, Refused], RequestStatus::Refused),
            ([Refused, Refused], RequestStatus::Refused),
        ] {
            assert_eq!(rolled_up(&items), expected, "{items:?}");
        }
    }
}
