//! What can be said of a SALTing activity.

use serde::Deserialize;
use unionhall_domain::{
    headcounts::Headcount,
    ids::Id,
    salting_activities::{
        Reach, SaltingActivityType, SaltingOutcome, SaltingReport, SaltingReportChange,
    },
    text::{Line, Prose},
};
use utoipa::ToSchema;

use super::super::choices::{SaltingActivityTypeName, SaltingOutcomeName};
use crate::web::{
    fields::{Input, Reader, Unknown, date},
    problem::Problem,
};

/// A SALTing activity to be recorded.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = CreateSaltingActivity,
    example = json!({
        "member_id": "019aa5c8-7b00-7000-8000-000000000001",
        "organization_id": "019aa5c8-7b00-7000-8000-000000000002",
        "activity_type": "card_signing",
        "activity_date": "2026-11-20",
        "outcome": "positive",
        "location": "Diner across from the yard",
        "workers_contacted": 9,
        "cards_signed": 4,
        "description": "Night shift; three asked for a second talk."
    })
)]
pub(super) struct CreateSaltingActivityBody {
    /// The member who organized.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = "uuid")]
    member_id: Input,
    /// The employer whose workers it was about: an organization of the hall that is an employer.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = "uuid")]
    organization_id: Input,
    /// The campaign that it belongs to, if to any: one at this employer that had not ended on the day.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    campaign_id: Input,
    /// What kind of activity it was.
    #[serde(default)]
    #[schema(value_type = SaltingActivityTypeName, required = true)]
    activity_type: Input,
    /// The day of it, not in the future.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Date)]
    activity_date: Input,
    /// What came of it; null while that is not known.
    #[serde(default)]
    #[schema(value_type = Option<SaltingOutcomeName>)]
    outcome: Input,
    /// Where it was.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 255, pattern = r"\S")]
    location: Input,
    /// How many workers were contacted; 0 when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<u32>, maximum = 1000000)]
    workers_contacted: Input,
    /// How many of them signed a card; 0 when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<u32>, maximum = 1000000)]
    cards_signed: Input,
    /// What happened.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 10000, pattern = r"\S")]
    description: Input,
    /// Free notes.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 10000, pattern = r"\S")]
    notes: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl CreateSaltingActivityBody {
    /// The report, or every field that is wrong.
    pub(super) fn command(self) -> Result<SaltingReport, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let member = reader.required("member_id", self.member_id, Id::parse);
        let organization = reader.required("organization_id", self.organization_id, Id::parse);
        let campaign = reader.optional("campaign_id", self.campaign_id, Id::parse);
        let activity_type = reader.required(
            "activity_type",
            self.activity_type,
            SaltingActivityType::parse,
        );
        let activity_date = reader.required("activity_date", self.activity_date, date);
        let outcome = reader.optional("outcome", self.outcome, SaltingOutcome::parse);
        let location = reader.optional("location", self.location, Line::parse);
        let contacted =
            reader.whole_number("workers_contacted", self.workers_contacted, Headcount::new);
        let signed = reader.whole_number("cards_signed", self.cards_signed, Headcount::new);
        let reach = Reach::new(contacted.unwrap_or_default(), signed.unwrap_or_default());
        let description = reader.optional("description", self.description, Prose::parse);
        let notes = reader.optional("notes", self.notes, Prose::parse);
        let reach = match reach {
            Ok(reach) => Some(reach),
            Err(error) => {
                reader.wrong("cards_signed", error.invalid);
                None
            }
        };
        let parties = member.zip(organization).zip(reach);
        let report = parties.zip(activity_type.zip(activity_date)).map(
            |(((member, organization), reach), (activity_type, activity_date))| SaltingReport {
                member,
                organization,
                campaign,
                activity_type,
                activity_date,
                outcome,
                location,
                reach,
                description,
                notes,
            },
        );
        reader.finish(report)
    }
}

/// What to change of a SALTing activity.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChangeSaltingActivity, example = json!({"outcome": "neutral", "notes": null}))]
pub(super) struct ChangeSaltingActivityBody {
    /// The member who organized.
    #[serde(default)]
    #[schema(value_type = String, format = "uuid")]
    member_id: Input,
    /// The employer whose workers it was about.
    #[serde(default)]
    #[schema(value_type = String, format = "uuid")]
    organization_id: Input,
    /// The campaign that it belongs to, if to any.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    campaign_id: Input,
    /// What kind of activity it was.
    #[serde(default)]
    #[schema(value_type = SaltingActivityTypeName)]
    activity_type: Input,
    /// The day of it, not in the future.
    #[serde(default)]
    #[schema(value_type = String, format = Date)]
    activity_date: Input,
    /// What came of it; null while that is not known.
    #[serde(default)]
    #[schema(value_type = Option<SaltingOutcomeName>)]
    outcome: Input,
    /// Where it was.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 255, pattern = r"\S")]
    location: Input,
    /// How many workers were contacted.
    #[serde(default)]
    #[schema(value_type = u32, maximum = 1000000)]
    workers_contacted: Input,
    /// How many of them signed a card.
    #[serde(default)]
    #[schema(value_type = u32, maximum = 1000000)]
    cards_signed: Input,
    /// What happened.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 10000, pattern = r"\S")]
    description: Input,
    /// Free notes.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 10000, pattern = r"\S")]
    notes: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ChangeSaltingActivityBody {
    /// The change, or every field that is wrong.
    pub(super) fn command(self) -> Result<SaltingReportChange, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let change = SaltingReportChange {
            member: reader.change("member_id", self.member_id, Id::parse),
            organization: reader.change("organization_id", self.organization_id, Id::parse),
            campaign: reader.clearable("campaign_id", self.campaign_id, Id::parse),
            activity_type: reader.change(
                "activity_type",
                self.activity_type,
                SaltingActivityType::parse,
            ),
            activity_date: reader.change("activity_date", self.activity_date, date),
            outcome: reader.clearable("outcome", self.outcome, SaltingOutcome::parse),
            location: reader.clearable("location", self.location, Line::parse),
            workers_contacted: reader.changed_number(
                "workers_contacted",
                self.workers_contacted,
                Headcount::new,
            ),
            cards_signed: reader.changed_number("cards_signed", self.cards_signed, Headcount::new),
            description: reader.clearable("description", self.description, Prose::parse),
            notes: reader.clearable("notes", self.notes, Prose::parse),
        };
        reader.finish(Some(change))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use unionhall_domain::change::Change;

    use super::*;
    use crate::web::problem::tests::told;

    const ID: &str = "019aa5c8-7b00-7000-8000-000000000001";

    fn create(body: Value) -> Result<SaltingReport, Problem> {
        serde_json::from_value::<CreateSaltingActivityBody>(body)
            .unwrap()
            .command()
    }

    fn change(body: Value) -> Result<SaltingReportChange, Problem> {
        serde_json::from_value::<ChangeSaltingActivityBody>(body)
            .unwrap()
            .command()
    }

    #[test]
    fn an_activity_needs_two_parties_a_type_and_a_day_and_counts_nobody_unless_told() {
        let report = create(json!({
            "member_id": ID, "organization_id": ID, "activity_type": "one_on_one",
            "activity_date": "2026-11-20"
        }))
        .unwrap();
        assert_eq!(report.activity_type, SaltingActivityType::OneOnOne);
        assert_eq!((report.outcome, report.reach), (None, Reach::default()));
        assert_eq!(
            told(create(json!({}))),
            [
                "/member_id required",
                "/organization_id required",
                "/activity_type required",
                "/activity_date required",
            ]
        );
    }

    #[test]
    fn every_field_is_checked_and_all_that_are_wrong_are_told() {
        let long = "x".repeat(10_001);
        let body = json!({
            "member_id": "x", "organization_id": 7, "campaign_id": "x", "activity_type": "x", "activity_date": "x",
            "outcome": "pending", "location": long, "workers_contacted": -1, "cards_signed": 1.5,
            "description": long, "notes": long, "salting_score": 3
        });
        let wrong = [
            "/salting_score unknown_field",
            "/member_id not_a_uuid",
            "/organization_id wrong_type",
            "/campaign_id not_a_uuid",
            "/activity_type unknown_value",
            "/activity_date not_a_date",
            "/outcome unknown_value",
            "/location too_long",
            "/workers_contacted out_of_range",
            "/cards_signed wrong_type",
            "/description too_long",
            "/notes too_long",
        ];
        assert_eq!(told(create(body.clone())), wrong);
        assert_eq!(told(change(body)), wrong);
    }

    #[test]
    fn no_more_cards_are_signed_than_workers_contacted() {
        let body = json!({
            "member_id": ID, "organization_id": ID, "activity_type": "meeting",
            "activity_date": "2026-11-20", "workers_contacted": 3, "cards_signed": 4
        });
        assert_eq!(told(create(body)), ["/cards_signed more_than_contacted"]);
    }

    #[test]
    fn a_change_keeps_what_is_not_named_and_clears_what_is_null() {
        let expected = SaltingReportChange {
            outcome: Change::Set(None),
            cards_signed: Change::Set(Headcount::new(2).unwrap()),
            ..SaltingReportChange::default()
        };
        let changed = change(json!({"outcome": null, "cards_signed": 2}));
        assert_eq!(changed.unwrap(), expected);
        assert_eq!(
            told(change(
                json!({"workers_contacted": null, "member_id": null})
            )),
            ["/member_id required", "/workers_contacted required"]
        );
    }
}
