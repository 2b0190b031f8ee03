//! How a grievance is shown.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use unionhall_domain::{
    collective_agreements::CollectiveAgreementId,
    grievances::{Claim, Grievance, GrievanceId, GrievanceNumber},
    members::MemberId,
    money::Amount,
    organizations::OrganizationId,
    users::UserId,
};
use utoipa::ToSchema;

use super::super::{
    choices::{EmployerAnswerName, GrievanceActionName, GrievanceStatusName, GrievanceStepName},
    shown::Shown,
};

/// A grievance of a member against an employer.
#[derive(Serialize, ToSchema)]
#[schema(as = Grievance)]
pub(super) struct GrievanceView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<GrievanceId>,
    /// The number people quote.
    #[schema(value_type = String, example = "GR-2026-0001")]
    grievance_number: Shown<GrievanceNumber>,
    /// Whose grievance it is.
    #[schema(value_type = String, format = "uuid")]
    member_id: Shown<MemberId>,
    /// Against whom.
    #[schema(value_type = String, format = "uuid")]
    employer_id: Shown<OrganizationId>,
    /// The day it was filed.
    #[schema(value_type = String, format = Date)]
    filed_date: Shown<Date>,
    /// The agreement by whose rules its deadlines are counted.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    agreement_id: Option<Shown<CollectiveAgreementId>>,
    /// The version of those rules: the one in effect on the day of filing.
    #[schema(required = true, minimum = 1)]
    rules_version: Option<i64>,
    /// The day it happened.
    #[schema(value_type = Option<String>, required = true, format = Date)]
    incident_date: Option<Shown<Date>>,
    /// The article of the agreement that was broken.
    #[schema(required = true)]
    contract_article: Option<&'a str>,
    /// What was done.
    violation_description: &'a str,
    /// What would make it good.
    #[schema(required = true)]
    remedy_sought: Option<&'a str>,
    /// The rung of the ladder it is on.
    #[schema(value_type = GrievanceStepName)]
    current_step: &'static str,
    /// The number of that step; arbitration is 4.
    #[schema(minimum = 1, maximum = 4)]
    step_number: i16,
    /// What the employer answered on that step.
    #[schema(value_type = EmployerAnswerName)]
    employer_answer: &'static str,
    /// Where it stands.
    #[schema(value_type = GrievanceStatusName)]
    status: &'static str,
    /// Why it was withdrawn or closed, if it was.
    #[schema(required = true)]
    status_reason: Option<&'a str>,
    /// The user who represents the member.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    assigned_representative_id: Option<Shown<UserId>>,
    /// The user who is the steward of the member.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    steward_id: Option<Shown<UserId>>,
    /// What was agreed.
    #[schema(required = true)]
    resolution: Option<&'a str>,
    /// The day of the agreement.
    #[schema(value_type = Option<String>, required = true, format = Date)]
    resolution_date: Option<Shown<Date>>,
    /// The money in it, if there is any.
    #[schema(value_type = Option<String>, required = true, pattern = r"^[0-9]+\.[0-9]{2}$", example = "1250.00")]
    settlement_amount: Option<Shown<Amount>>,
    /// Free notes.
    #[schema(required = true)]
    notes: Option<&'a str>,
    /// Counts the changes of the record.
    #[schema(minimum = 1)]
    version: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown<Timestamp>,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Shown<Timestamp>,
    /// What the caller may do with it now; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<GrievanceActionName>, required = false)]
    allowed_actions: Option<Vec<&'static str>>,
}

impl GrievanceView<'_> {
    /// The same view, with what the caller may do.
    pub(super) fn allowing(self, actions: Vec<&'static str>) -> Self {
        Self {
            allowed_actions: Some(actions),
            ..self
        }
    }
}

impl<'a> From<&'a Grievance> for GrievanceView<'a> {
    fn from(grievance: &'a Grievance) -> Self {
        let Grievance {
            id,
            number,
            member,
            employer,
            filed_date,
            agreement,
            claim,
            progress,
            version,
            created_at,
            updated_at,
            deleted_at: _,
        } = grievance;
        let Claim {
            incident_date,
            contract_article,
            violation_description,
            remedy_sought,
            assigned_representative,
            steward,
            notes,
        } = claim;
        let settlement = progress.settlement();
        Self {
            id: Shown(*id),
            grievance_number: Shown(*number),
            member_id: Shown(*member),
            employer_id: Shown(*employer),
            filed_date: Shown(*filed_date),
            agreement_id: agreement.map(|under| Shown(under.agreement)),
            rules_version: agreement.map(|under| under.rules.get()),
            incident_date: incident_date.map(Shown),
            contract_article: contract_article.as_ref().map(|text| text.as_str()),
            violation_description: violation_description.as_str(),
            remedy_sought: remedy_sought.as_ref().map(|text| text.as_str()),
            current_step: progress.step.as_str(),
            step_number: progress.step.number(),
            employer_answer: progress.answer.as_str(),
            status: progress.state.as_str(),
            status_reason: progress.reason().map(|text| text.as_str()),
            assigned_representative_id: assigned_representative.map(Shown),
            steward_id: steward.map(Shown),
            resolution: settlement.map(|found| found.resolution.as_str()),
            resolution_date: settlement.map(|found| Shown(found.date)),
            settlement_amount: settlement.and_then(|found| found.amount).map(Shown),
            notes: notes.as_ref().map(|text| text.as_str()),
            version: version.get(),
            created_at: Shown(*created_at),
            updated_at: Shown(*updated_at),
            allowed_actions: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use unionhall_domain::{
        grievances::{Answer, Progress, Settlement, State, Step},
        ids::Id,
        text::Prose,
        version::Version,
    };
    use uuid::Uuid;

    use super::*;

    fn grievance(progress: Progress) -> Grievance {
        let at: Timestamp = "2026-11-21T08:00:00Z".parse().unwrap();
        Grievance {
            id: Id::new(Uuid::from_u128(1)),
            number: GrievanceNumber::new(2026, 7).unwrap(),
            member: Id::new(Uuid::from_u128(2)),
            employer: Id::new(Uuid::from_u128(3)),
            filed_date: jiff::civil::date(2026, 11, 20),
            agreement: None,
            claim: Claim {
                incident_date: None,
                contract_article: None,
                violation_description: Prose::parse("No list.").unwrap(),
                remedy_sought: None,
                assigned_representative: Some(Id::new(Uuid::from_u128(4))),
                steward: None,
                notes: None,
            },
            progress,
            version: Version::FIRST,
            created_at: at,
            updated_at: at,
            deleted_at: None,
        }
    }

    #[test]
    fn a_row_shows_every_field_and_a_record_what_may_be_done_too() {
        let filed = grievance(Progress::FILED);
        let mut expected = json!({
            "id": "00000000-0000-0000-0000-000000000001", "grievance_number": "GR-2026-0007",
            "member_id": "00000000-0000-0000-0000-000000000002",
            "employer_id": "00000000-0000-0000-0000-000000000003", "filed_date": "2026-11-20",
            "agreement_id": null, "rules_version": null, "steward_id": null,
            "incident_date": null, "contract_article": null, "violation_description": "No list.",
            "remedy_sought": null, "current_step": "step_1", "step_number": 1,
            "employer_answer": "pending", "status": "open", "status_reason": null,
            "assigned_representative_id": "00000000-0000-0000-0000-000000000004",
            "resolution": null, "resolution_date": null, "settlement_amount": null, "notes": null,
            "version": 1, "created_at": "2026-11-21T08:00:00Z",
            "updated_at": "2026-11-21T08:00:00Z"
        });
        let row = serde_json::to_value(GrievanceView::from(&filed)).unwrap();
        assert_eq!(row, expected);
        let record = GrievanceView::from(&filed).allowing(vec!["advance"]);
        expected["allowed_actions"] = json!(["advance"]);
        assert_eq!(serde_json::to_value(record).unwrap(), expected);
    }

    #[test]
    fn a_closed_grievance_shows_why_and_what_had_been_agreed() {
        let settlement = Settlement {
            resolution: Prose::parse("Paid.").unwrap(),
            date: jiff::civil::date(2026, 11, 21),
            amount: Some(Amount::from_minor(125_000).unwrap()),
        };
        let closed = grievance(Progress {
            step: Step::Step2,
            answer: Answer::Denied,
            state: State::Closed(Prose::parse("Done.").unwrap(), Some(settlement)),
        });
        let shown = serde_json::to_value(GrievanceView::from(&closed)).unwrap();
        let parts = [
            "current_step",
            "employer_answer",
            "status",
            "status_reason",
            "resolution",
            "resolution_date",
            "settlement_amount",
        ]
        .map(|name| shown[name].clone());
        assert_eq!(
            json!(parts),
            json!([
                "step_2",
                "denied",
                "closed",
                "Done.",
                "Paid.",
                "2026-11-21",
                "1250.00"
            ])
        );
    }
}
