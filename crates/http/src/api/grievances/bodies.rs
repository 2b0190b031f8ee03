//! What can be said of a grievance.

use serde::Deserialize;
use unionhall_application::grievances::FileGrievance;
use unionhall_domain::{
    grievances::{Claim, ClaimChange},
    ids::Id,
    text::{Line, Prose},
};
use utoipa::ToSchema;

use crate::web::{
    fields::{Input, Reader, Unknown, date},
    problem::Problem,
};

/// A grievance to be filed.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = FileGrievance,
    example = json!({
        "member_id": "019aa5c8-7b00-7000-8000-000000000001",
        "employer_id": "019aa5c8-7b00-7000-8000-000000000002",
        "incident_date": "2026-11-16",
        "contract_article": "Article 12.3",
        "violation_description": "Overtime was given out by favour, not by the list.",
        "remedy_sought": "Sixteen hours at double time."
    })
)]
pub(super) struct FileGrievanceBody {
    /// Whose grievance it is: a member of the hall.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = "uuid")]
    member_id: Input,
    /// Against whom: an organization of the hall that is an employer.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = "uuid")]
    employer_id: Input,
    /// The day of filing, not in the future; today when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    filed_date: Input,
    /// The agreement by whose rules its deadlines are counted: one of the hall with this employer, with rules in
    /// effect on the day of filing. Without one it has no deadlines.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    agreement_id: Input,
    /// The day it happened, not after the day of filing.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    incident_date: Input,
    /// The article of the agreement that was broken.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    contract_article: Input,
    /// What was done.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 20000, pattern = r"\S")]
    violation_description: Input,
    /// What would make it good.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 20000, pattern = r"\S")]
    remedy_sought: Input,
    /// The user who represents the member: one of the hall who may work on grievances.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    assigned_representative_id: Input,
    /// The user who is the steward of the member: one of the hall who may work on grievances.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    steward_id: Input,
    /// Free notes.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 10000, pattern = r"\S")]
    notes: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl FileGrievanceBody {
    /// The filing, or every field that is wrong.
    pub(super) fn command(self) -> Result<FileGrievance, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let member = reader.required("member_id", self.member_id, Id::parse);
        let employer = reader.required("employer_id", self.employer_id, Id::parse);
        let filed_date = reader.optional("filed_date", self.filed_date, date);
        let agreement = reader.optional("agreement_id", self.agreement_id, Id::parse);
        let incident_date = reader.optional("incident_date", self.incident_date, date);
        let contract_article =
            reader.optional("contract_article", self.contract_article, Line::parse);
        let violation_description = reader.required(
            "violation_description",
            self.violation_description,
            Prose::parse,
        );
        let remedy_sought = reader.optional("remedy_sought", self.remedy_sought, Prose::parse);
        let assigned_representative = reader.optional(
            "assigned_representative_id",
            self.assigned_representative_id,
            Id::parse,
        );
        let steward = reader.optional("steward_id", self.steward_id, Id::parse);
        let notes = reader.optional("notes", self.notes, Prose::parse);
        let claim = violation_description.map(|violation_description| Claim {
            incident_date,
            contract_article,
            violation_description,
            remedy_sought,
            assigned_representative,
            steward,
            notes,
        });
        let parties = member.zip(employer);
        let filing = parties
            .zip(claim)
            .map(|((member, employer), claim)| FileGrievance {
                member,
                employer,
                filed_date,
                agreement,
                claim,
            });
        reader.finish(filing)
    }
}

/// What to change of a grievance.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChangeGrievance, example = json!({"contract_article": "Article 12.4", "notes": null}))]
pub(super) struct ChangeGrievanceBody {
    /// The day it happened, not after the day of filing.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    incident_date: Input,
    /// The article of the agreement that was broken.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    contract_article: Input,
    /// What was done.
    #[serde(default)]
    #[schema(value_type = String, max_length = 20000, pattern = r"\S")]
    violation_description: Input,
    /// What would make it good.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 20000, pattern = r"\S")]
    remedy_sought: Input,
    /// The user who represents the member: one of the hall who may work on grievances.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    assigned_representative_id: Input,
    /// The user who is the steward of the member: one of the hall who may work on grievances.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    steward_id: Input,
    /// Free notes.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 10000, pattern = r"\S")]
    notes: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ChangeGrievanceBody {
    /// The change, or every field that is wrong.
    pub(super) fn command(self) -> Result<ClaimChange, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let change = ClaimChange {
            incident_date: reader.clearable("incident_date", self.incident_date, date),
            contract_article: reader.clearable(
                "contract_article",
                self.contract_article,
                Line::parse,
            ),
            violation_description: reader.change(
                "violation_description",
                self.violation_description,
                Prose::parse,
            ),
            remedy_sought: reader.clearable("remedy_sought", self.remedy_sought, Prose::parse),
            assigned_representative: reader.clearable(
                "assigned_representative_id",
                self.assigned_representative_id,
                Id::parse,
            ),
            steward: reader.clearable("steward_id", self.steward_id, Id::parse),
            notes: reader.clearable("notes", self.notes, Prose::parse),
        };
        reader.finish(Some(change))
    }
}

/// Why something is done.
#[derive(Deserialize, ToSchema)]
#[schema(as = Reason, example = json!({"reason": "The member has asked for it."}))]
pub(crate) struct ReasonBody {
    /// The reason, in words.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 2000, pattern = r"\S")]
    reason: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ReasonBody {
    /// The reason, or what is wrong with it.
    pub(crate) fn command(self) -> Result<Prose<2_000>, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let reason = reader.required("reason", self.reason, Prose::parse);
        reader.finish(reason)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use unionhall_domain::change::Change;

    use super::*;
    use crate::web::problem::tests::told;

    const ID: &str = "019aa5c8-7b00-7000-8000-000000000001";

    fn file(body: Value) -> Result<FileGrievance, Problem> {
        serde_json::from_value::<FileGrievanceBody>(body)
            .unwrap()
            .command()
    }

    fn change(body: Value) -> Result<ClaimChange, Problem> {
        serde_json::from_value::<ChangeGrievanceBody>(body)
            .unwrap()
            .command()
    }

    fn reason(body: Value) -> Result<Prose<2_000>, Problem> {
        serde_json::from_value::<ReasonBody>(body)
            .unwrap()
            .command()
    }

    #[test]
    fn a_filing_needs_two_parties_and_what_was_done() {
        let filing = file(json!({
            "member_id": ID, "employer_id": ID, "violation_description": "No list.",
            "assigned_representative_id": ID, "filed_date": "2026-11-20"
        }))
        .unwrap();
        assert_eq!(filing.member.to_string(), ID);
        assert_eq!(filing.filed_date, Some(jiff::civil::date(2026, 11, 20)));
        assert!(filing.claim.assigned_representative.is_some());
        assert_eq!(
            told(file(json!({}))),
            [
                "/member_id required",
                "/employer_id required",
                "/violation_description required",
            ]
        );
    }

    #[test]
    fn every_field_is_checked_and_all_that_are_wrong_are_told() {
        let long = "x".repeat(20_001);
        let body = json!({
            "incident_date": "x", "contract_article": long, "violation_description": long,
            "remedy_sought": long, "assigned_representative_id": "x", "steward_id": "x", "notes": long, "status": "open"
        });
        let claim = [
            "/incident_date not_a_date",
            "/contract_article too_long",
            "/violation_description too_long",
            "/remedy_sought too_long",
            "/assigned_representative_id not_a_uuid",
            "/steward_id not_a_uuid",
            "/notes too_long",
        ];
        let mut wrong = vec!["/status unknown_field"];
        wrong.extend(claim);
        assert_eq!(told(change(body.clone())), wrong);

        let mut filing = body;
        for name in ["member_id", "employer_id", "filed_date", "agreement_id"] {
            filing[name] = json!("x");
        }
        let mut wrong = vec![
            "/status unknown_field",
            "/member_id not_a_uuid",
            "/employer_id not_a_uuid",
            "/filed_date not_a_date",
            "/agreement_id not_a_uuid",
        ];
        wrong.extend(claim);
        assert_eq!(told(file(filing)), wrong);
    }

    #[test]
    fn a_change_keeps_what_is_not_named_and_clears_what_is_null() {
        let expected = ClaimChange {
            assigned_representative: Change::Set(None),
            ..ClaimChange::default()
        };
        assert_eq!(
            change(json!({"assigned_representative_id": null})).unwrap(),
            expected
        );
    }

    #[test]
    fn a_reason_is_words() {
        assert_eq!(
            reason(json!({"reason": " Why. "})).unwrap().as_str(),
            "Why."
        );
        assert_eq!(told(reason(json!({}))), ["/reason required"]);
        assert_eq!(told(reason(json!({"reason": " "}))), ["/reason blank"]);
    }
}
