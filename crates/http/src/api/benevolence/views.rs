//! How an application to the benevolence fund is shown, whole or without what tells whose it is.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use unionhall_domain::{
    benevolence::{
        BenevolenceApplication, BenevolenceApplicationId, BenevolenceNumber, Need, Reason, Request,
        Seen, State, Turn,
    },
    members::MemberId,
    money::Amount,
    text::Prose,
    users::UserId,
    version::Version,
};
use utoipa::ToSchema;

use super::super::{
    choices::{
        BenevolenceActionName, BenevolenceReasonName, BenevolenceStatusName, BenevolenceTurnName,
        ReviewLevelName,
    },
    shown::Shown,
};
use crate::BASE;

/// A member's application to the benevolence fund, and what became of it.
#[derive(Serialize, ToSchema)]
#[schema(as = BenevolenceApplication)]
pub(super) struct ApplicationView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<BenevolenceApplicationId>,
    /// The number people quote.
    #[schema(value_type = String, example = "BF-2026-0001")]
    application_number: Shown<BenevolenceNumber>,
    /// Who needs help; null while that is held back from the caller.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    member_id: Option<Shown<MemberId>>,
    /// The user who wrote it down; null while that is held back, and when whoever hosts the installation did.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    filed_by: Option<Shown<UserId>>,
    /// Whether whose it is, is held back from the caller: reviewers see the need before the name where the tenant says so.
    name_held_back: bool,
    /// The day it was made.
    #[schema(value_type = String, format = Date)]
    application_date: Shown<Date>,
    /// Why help is needed.
    #[schema(value_type = BenevolenceReasonName)]
    reason: &'static str,
    /// What happened.
    description: &'a str,
    /// How much is asked.
    #[schema(value_type = String, pattern = r"^[0-9]+\.[0-9]{2}$", example = "600.00")]
    amount_requested: Shown<Amount>,
    /// Notes of the office, which the applicant does not see.
    #[schema(required = true)]
    notes: Option<&'a str>,
    /// Where it stands.
    #[schema(value_type = BenevolenceStatusName)]
    status: &'static str,
    /// Whose turn it is; null when there is nothing left to do.
    #[schema(value_type = Option<BenevolenceTurnName>, required = true)]
    waits_for: Option<&'static str>,
    /// Since when it stands there.
    #[schema(value_type = String, format = DateTime)]
    since: Shown<Timestamp>,
    /// The level whose review is due, while there is no decision.
    #[schema(value_type = Option<ReviewLevelName>, required = true)]
    review_level: Option<&'static str>,
    /// The level whose approval grants the money, while there is no decision.
    #[schema(value_type = Option<ReviewLevelName>, required = true)]
    last_level: Option<&'static str>,
    /// The question that waits for the applicant's answer.
    #[schema(required = true)]
    question: Option<&'a str>,
    /// Why it was denied or withdrawn.
    #[schema(required = true)]
    status_reason: Option<&'a str>,
    /// What was granted.
    #[schema(value_type = Option<String>, required = true, pattern = r"^[0-9]+\.[0-9]{2}$")]
    approved_amount: Option<Shown<Amount>>,
    /// The day it was granted.
    #[schema(value_type = Option<String>, required = true, format = Date)]
    decision_date: Option<Shown<Date>>,
    /// What was paid of it.
    #[schema(value_type = Option<String>, required = true, pattern = r"^[0-9]+\.[0-9]{2}$")]
    paid_amount: Option<Shown<Amount>>,
    /// Counts the changes of the record.
    #[schema(minimum = 1)]
    version: i64,
    /// When it was written down; null while whose it is, is held back.
    #[schema(value_type = Option<String>, required = true, format = DateTime)]
    created_at: Option<Shown<Timestamp>>,
    /// When it was last changed; null while whose it is, is held back.
    #[schema(value_type = Option<String>, required = true, format = DateTime)]
    updated_at: Option<Shown<Timestamp>>,
    /// What the caller may do with it now, a seat at the level that is due and no conflict of interest presumed; not in
    /// lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<BenevolenceActionName>, required = false)]
    allowed_actions: Option<Vec<&'static str>>,
}

/// The id, version and place of what is seen.
const fn key(seen: &Seen) -> (BenevolenceApplicationId, Version) {
    match seen {
        Seen::Whole(whole) => (whole.id, whole.version),
        Seen::Need(need) => (need.id, need.version),
    }
}

/// The version of what is seen.
pub(super) const fn version(seen: &Seen) -> Version {
    key(seen).1
}

/// Where what is seen can be read.
pub(super) fn place(seen: &Seen) -> String {
    format!("{BASE}/benevolence-applications/{}", key(seen).0)
}

/// What everybody sees who sees the application at all.
struct Common<'a> {
    id: BenevolenceApplicationId,
    number: BenevolenceNumber,
    application_date: Date,
    reason: Reason,
    description: &'a Prose<20_000>,
    amount: Amount,
    state: &'a State,
    since: Timestamp,
    version: Version,
}

impl<'a> ApplicationView<'a> {
    /// The same view, with what the caller may do.
    pub(super) fn allowing(self, actions: Vec<&'static str>) -> Self {
        Self {
            allowed_actions: Some(actions),
            ..self
        }
    }

    /// What everybody sees, as if the rest were held back.
    fn masked(common: Common<'a>) -> Self {
        let Common {
            id,
            number,
            application_date,
            reason,
            description,
            amount,
            state,
            since,
            version,
        } = common;
        let (climb, award) = (state.climb(), state.award());
        Self {
            id: Shown(id),
            application_number: Shown(number),
            member_id: None,
            filed_by: None,
            name_held_back: true,
            application_date: Shown(application_date),
            reason: reason.as_str(),
            description: description.as_str(),
            amount_requested: Shown(amount),
            notes: None,
            status: state.status().as_str(),
            waits_for: state.turn().map(Turn::as_str),
            since: Shown(since),
            review_level: climb.map(|climb| climb.level().as_str()),
            last_level: climb.map(|climb| climb.last().as_str()),
            question: state.question().map(Prose::as_str),
            status_reason: state.reason().map(Prose::as_str),
            approved_amount: award.map(|award| Shown(award.amount())),
            decision_date: award.map(|award| Shown(award.on())),
            paid_amount: award.map(|award| Shown(award.paid())),
            version: version.get(),
            created_at: None,
            updated_at: None,
            allowed_actions: None,
        }
    }
}

impl<'a> From<&'a Seen> for ApplicationView<'a> {
    fn from(seen: &'a Seen) -> Self {
        match seen {
            Seen::Whole(whole) => Self::from(&**whole),
            Seen::Need(need) => Self::from(&**need),
        }
    }
}

impl<'a> From<&'a Need> for ApplicationView<'a> {
    fn from(need: &'a Need) -> Self {
        let Need {
            id,
            number,
            application_date,
            reason,
            description,
            amount_requested,
            state,
            since,
            version,
        } = need;
        Self::masked(Common {
            id: *id,
            number: *number,
            application_date: *application_date,
            reason: *reason,
            description,
            amount: *amount_requested,
            state,
            since: *since,
            version: *version,
        })
    }
}

impl<'a> From<&'a BenevolenceApplication> for ApplicationView<'a> {
    fn from(application: &'a BenevolenceApplication) -> Self {
        let BenevolenceApplication {
            id,
            number,
            member,
            filed_by,
            author: _,
            application_date,
            request,
            notes,
            state,
            since,
            version,
            created_at,
            updated_at,
            deleted_at: _,
        } = application;
        let Request {
            reason,
            description,
            amount,
        } = request;
        let common = Common {
            id: *id,
            number: *number,
            application_date: *application_date,
            reason: *reason,
            description,
            amount: *amount,
            state,
            since: *since,
            version: *version,
        };
        Self {
            member_id: Some(Shown(*member)),
            filed_by: filed_by.map(Shown),
            name_held_back: false,
            notes: notes.as_ref().map(Prose::as_str),
            created_at: Some(Shown(*created_at)),
            updated_at: Some(Shown(*updated_at)),
            ..Self::masked(common)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use unionhall_domain::{
        benevolence::{Author, Award},
        ids::Id,
    };
    use uuid::Uuid;

    use super::*;

    fn application() -> BenevolenceApplication {
        let day = jiff::civil::date(2026, 11, 21);
        let amount = |minor| Amount::from_minor(minor).unwrap();
        BenevolenceApplication {
            id: Id::new(Uuid::from_u128(1)),
            number: BenevolenceNumber::new(2026, 7).unwrap(),
            member: Id::new(Uuid::from_u128(0xa2)),
            filed_by: Some(Id::new(Uuid::from_u128(0xa3))),
            author: Author::Office,
            application_date: day,
            request: Request {
                reason: Reason::Disaster,
                description: Prose::parse("The river was in the house.").unwrap(),
                amount: amount(60_000),
            },
            notes: Some(Prose::parse("Ada called.").unwrap()),
            state: State::Awarded(Award::restore(amount(50_000), amount(100), day).unwrap()),
            since: "2026-11-21T08:00:00Z".parse().unwrap(),
            version: Version::FIRST,
            created_at: "2026-11-21T07:00:00Z".parse().unwrap(),
            updated_at: "2026-11-21T09:00:00Z".parse().unwrap(),
            deleted_at: None,
        }
    }

    #[test]
    fn the_whole_shows_everything_and_the_need_nothing_of_whose_it_is() {
        let whole = Seen::Whole(Box::new(application()));
        let whole = serde_json::to_value(ApplicationView::from(&whole)).unwrap();
        assert_eq!(whole["approved_amount"], "500.00");
        assert_eq!(whole["waits_for"], "payment");
        assert_eq!(whole["notes"], "Ada called.");
        let need = Seen::Need(Box::new(application().need()));
        let need = serde_json::to_value(ApplicationView::from(&need)).unwrap();
        assert_eq!(need["name_held_back"], true);
        let hidden = ["member_id", "filed_by", "notes", "created_at", "updated_at"];
        for (name, value) in need.as_object().unwrap() {
            if hidden.contains(&name.as_str()) {
                assert_eq!(*value, Value::Null, "{name}");
                assert_ne!(whole[name], Value::Null, "{name}");
            } else if name != "name_held_back" {
                assert_eq!(*value, whole[name], "{name}");
            }
        }
        assert_eq!(whole["allowed_actions"], json!(null));
    }
}
