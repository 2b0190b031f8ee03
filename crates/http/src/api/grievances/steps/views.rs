//! How a meeting is shown.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use unionhall_domain::{
    grievances::{GrievanceId, Meeting, Outcome, Settlement, StepRecord, StepRecordId},
    money::Amount,
};
use utoipa::ToSchema;

use super::super::{
    super::{
        choices::{GrievanceStepName, MeetingOutcomeName},
        shown::Shown,
    },
    views::GrievanceView,
};

/// A meeting that was held.
#[derive(Serialize, ToSchema)]
#[schema(as = StepRecord)]
pub(super) struct StepView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<StepRecordId>,
    /// The grievance it belongs to.
    #[schema(value_type = String, format = "uuid")]
    grievance_id: Shown<GrievanceId>,
    /// The step that it was held on.
    #[schema(value_type = GrievanceStepName)]
    step: &'static str,
    /// The number of that step; arbitration is 4.
    #[schema(minimum = 1, maximum = 4)]
    step_number: i16,
    /// The day of the meeting.
    #[schema(value_type = String, format = Date)]
    meeting_date: Shown<Date>,
    /// Who was there for the union.
    #[schema(required = true)]
    union_attendees: Option<&'a str>,
    /// Who was there for the employer.
    #[schema(required = true)]
    employer_attendees: Option<&'a str>,
    /// How it ended.
    #[schema(value_type = MeetingOutcomeName)]
    outcome: &'static str,
    /// What was agreed, if it was settled.
    #[schema(required = true)]
    resolution: Option<&'a str>,
    /// The money in it, if there is any.
    #[schema(value_type = Option<String>, required = true, pattern = r"^[0-9]+\.[0-9]{2}$")]
    settlement_amount: Option<Shown<Amount>>,
    /// Free notes.
    #[schema(required = true)]
    notes: Option<&'a str>,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown<Timestamp>,
}

/// A meeting that was recorded, and where it left the grievance.
#[derive(Serialize, ToSchema)]
#[schema(as = StepRecorded)]
pub(super) struct StepRecordedView<'a> {
    /// The meeting.
    pub(super) step: StepView<'a>,
    /// The grievance after it.
    pub(super) grievance: GrievanceView<'a>,
}

impl<'a> From<&'a StepRecord> for StepView<'a> {
    fn from(record: &'a StepRecord) -> Self {
        let StepRecord {
            id,
            grievance,
            step,
            meeting,
            outcome,
            created_at,
        } = record;
        let Meeting {
            date,
            union_attendees,
            employer_attendees,
            notes,
        } = meeting;
        let settlement = settlement(outcome);
        Self {
            id: Shown(*id),
            grievance_id: Shown(*grievance),
            step: step.as_str(),
            step_number: step.number(),
            meeting_date: Shown(*date),
            union_attendees: union_attendees.as_ref().map(|text| text.as_str()),
            employer_attendees: employer_attendees.as_ref().map(|text| text.as_str()),
            outcome: outcome.as_str(),
            resolution: settlement.map(|found| found.resolution.as_str()),
            settlement_amount: settlement.and_then(|found| found.amount).map(Shown),
            notes: notes.as_ref().map(|text| text.as_str()),
            created_at: Shown(*created_at),
        }
    }
}

const fn settlement(outcome: &Outcome) -> Option<&Settlement> {
    match outcome {
        Outcome::Settled(settlement) => Some(settlement),
        Outcome::Denied | Outcome::Advanced => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use unionhall_domain::{grievances::Step, ids::Id, text::Prose};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_settled_meeting_shows_what_was_agreed() {
        let day = jiff::civil::date(2026, 11, 20);
        let record = StepRecord {
            id: Id::new(Uuid::from_u128(1)),
            grievance: Id::new(Uuid::from_u128(2)),
            step: Step::Arbitration,
            meeting: Meeting {
                date: day,
                union_attendees: Some(Prose::parse("Ada Voltz").unwrap()),
                employer_attendees: None,
                notes: None,
            },
            outcome: Outcome::Settled(Settlement {
                resolution: Prose::parse("Paid.").unwrap(),
                date: day,
                amount: Some(Amount::from_minor(125_000).unwrap()),
            }),
            created_at: "2026-11-21T08:00:00Z".parse().unwrap(),
        };
        assert_eq!(
            serde_json::to_value(StepView::from(&record)).unwrap(),
            json!({
                "id": "00000000-0000-0000-0000-000000000001",
                "grievance_id": "00000000-0000-0000-0000-000000000002", "step": "arbitration",
                "step_number": 4, "meeting_date": "2026-11-20", "union_attendees": "Ada Voltz",
                "employer_attendees": null, "outcome": "settled", "resolution": "Paid.",
                "settlement_amount": "1250.00", "notes": null,
                "created_at": "2026-11-21T08:00:00Z"
            })
        );
    }
}
