//! What can be said of a campaign.

use serde::Deserialize;
use unionhall_domain::{
    campaigns::{CampaignPlan, CampaignPlanChange, CampaignTarget, Targets},
    change::Change,
    headcounts::Headcount,
    ids::Id,
    text::{Line, Prose},
};
use utoipa::ToSchema;

use crate::web::{
    fields::{Input, Reader, Unknown, date},
    problem::Problem,
};

/// A campaign to be planned.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = CreateCampaign,
    example = json!({
        "name": "South end data centers",
        "description": "Two crews who moved over from the trades.",
        "lead_id": "019aa5c8-7b00-7000-8000-000000000001",
        "target_date": "2027-06-30",
        "targets": [{
            "organization_id": "019aa5c8-7b00-7000-8000-000000000002",
            "unit_size": 44, "cards_goal": 30
        }]
    })
)]
pub(super) struct CreateCampaignBody {
    /// What it is called.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 255, pattern = r"\S")]
    name: Input,
    /// What it is about.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 10000, pattern = r"\S")]
    description: Input,
    /// The user who leads it: one of the hall who may organize.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = "uuid")]
    lead_id: Input,
    /// The day by which its goal is to be reached.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    target_date: Input,
    /// The employers, none twice.
    #[serde(default)]
    #[schema(value_type = Vec<CampaignTargetBody>, required = true, min_items = 1, max_items = 20)]
    targets: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// One employer of a campaign.
#[derive(Deserialize, ToSchema)]
#[schema(as = SetCampaignTarget)]
struct CampaignTargetBody {
    /// The employer: an organization of the hall that is one.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = "uuid")]
    organization_id: Input,
    /// How many workers the unit is thought to have.
    #[serde(default)]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 1000000)]
    unit_size: Input,
    /// How many cards are to be signed, not more than there are in the unit.
    #[serde(default)]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 1000000)]
    cards_goal: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl CampaignTargetBody {
    fn read(self, reader: &mut Reader) -> Option<CampaignTarget> {
        reader.refuse(&self.unknown);
        let organization = reader.required("organization_id", self.organization_id, Id::parse);
        let unit_size = reader.whole_number("unit_size", self.unit_size, Headcount::new);
        let cards_goal = reader.whole_number("cards_goal", self.cards_goal, Headcount::new);
        match CampaignTarget::new(organization?, unit_size, cards_goal) {
            Ok(target) => Some(target),
            Err(error) => {
                let name = if error.field == "unit_size" {
                    "unit_size"
                } else {
                    "cards_goal"
                };
                reader.wrong(name, error.invalid);
                None
            }
        }
    }
}

/// The employers, if they were all understood.
fn targets(reader: &mut Reader, input: Input) -> Option<Targets> {
    let mut understood = true;
    let read = |body: CampaignTargetBody, reader: &mut Reader| {
        let target = body.read(reader);
        understood &= target.is_some();
        target
    };
    let found = reader.objects("targets", input, Targets::MOST, read)?;
    if !understood {
        return None;
    }
    match Targets::new(found) {
        Ok(targets) => Some(targets),
        Err(invalid) => {
            reader.wrong("targets", invalid);
            None
        }
    }
}

impl CreateCampaignBody {
    /// The plan, or every field that is wrong.
    pub(super) fn command(self) -> Result<CampaignPlan, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let name = reader.required("name", self.name, Line::parse);
        let description = reader.optional("description", self.description, Prose::parse);
        let lead = reader.required("lead_id", self.lead_id, Id::parse);
        let target_date = reader.optional("target_date", self.target_date, date);
        let targets = targets(&mut reader, self.targets);
        let plan = name
            .zip(lead)
            .zip(targets)
            .map(|((name, lead), targets)| CampaignPlan {
                name,
                description,
                lead,
                target_date,
                targets,
            });
        reader.finish(plan)
    }
}

/// What to change of the plan of a campaign.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChangeCampaign, example = json!({"target_date": "2027-09-30", "description": null}))]
pub(super) struct ChangeCampaignBody {
    /// What it is called.
    #[serde(default)]
    #[schema(value_type = String, max_length = 255, pattern = r"\S")]
    name: Input,
    /// What it is about.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 10000, pattern = r"\S")]
    description: Input,
    /// The user who leads it: one of the hall who may organize.
    #[serde(default)]
    #[schema(value_type = String, format = "uuid")]
    lead_id: Input,
    /// The day by which its goal is to be reached.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    target_date: Input,
    /// The employers, all of them as they are to be.
    #[serde(default)]
    #[schema(value_type = Vec<CampaignTargetBody>, min_items = 1, max_items = 20)]
    targets: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ChangeCampaignBody {
    /// The change, or every field that is wrong.
    pub(super) fn command(self) -> Result<CampaignPlanChange, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let change = CampaignPlanChange {
            name: reader.change("name", self.name, Line::parse),
            description: reader.clearable("description", self.description, Prose::parse),
            lead: reader.change("lead_id", self.lead_id, Id::parse),
            target_date: reader.clearable("target_date", self.target_date, date),
            targets: match self.targets {
                Input::Absent => Change::Keep,
                input @ Input::Present(_) => {
                    targets(&mut reader, input).map_or(Change::Keep, Change::Set)
                }
            },
        };
        reader.finish(Some(change))
    }
}

/// Why a campaign is moved.
#[derive(Deserialize, ToSchema)]
#[schema(as = CampaignReason, example = json!({"reason": "The firm has recognized the union."}))]
pub(super) struct CampaignReasonBody {
    /// The reason, in words.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 2000, pattern = r"\S")]
    reason: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl CampaignReasonBody {
    /// The reason, or what is wrong with it.
    pub(super) fn command(self) -> Result<Prose<2_000>, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let reason = reader.required("reason", self.reason, Prose::parse);
        reader.finish(reason)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::web::problem::tests::told;

    const ID: &str = "019aa5c8-7b00-7000-8000-000000000001";
    const OTHER: &str = "019aa5c8-7b00-7000-8000-000000000002";

    fn create(body: Value) -> Result<CampaignPlan, Problem> {
        serde_json::from_value::<CreateCampaignBody>(body)
            .unwrap()
            .command()
    }

    fn change(body: Value) -> Result<CampaignPlanChange, Problem> {
        serde_json::from_value::<ChangeCampaignBody>(body)
            .unwrap()
            .command()
    }

    fn aimed_at(targets: Value) -> Result<CampaignPlan, Problem> {
        create(json!({"name": "South end", "lead_id": ID, "targets": targets}))
    }

    #[test]
    fn a_campaign_needs_a_name_a_lead_and_an_employer() {
        let plan = aimed_at(json!([{"organization_id": ID}])).unwrap();
        assert_eq!(plan.targets.as_slice()[0].unit_size(), None);
        assert_eq!(
            told(create(json!({}))),
            ["/name required", "/lead_id required", "/targets required"]
        );
    }

    #[test]
    fn every_wrong_employer_is_told_with_its_place() {
        let many = vec![json!({"organization_id": ID}); 21];
        for (targets, expected) in [
            (json!([]), vec!["/targets required"]),
            (json!(many), vec!["/targets too_many"]),
            (
                json!([{"organization_id": ID}, {"organization_id": ID}]),
                vec!["/targets repeated"],
            ),
            (
                json!([
                    {"organization_id": ID, "unit_size": 9, "cards_goal": 10},
                    {"organization_id": OTHER, "unit_size": 0},
                    {"unit_size": "many", "size": 1},
                    7
                ]),
                vec![
                    "/targets/0/cards_goal more_than_unit",
                    "/targets/1/unit_size nobody",
                    "/targets/2/size unknown_field",
                    "/targets/2/organization_id required",
                    "/targets/2/unit_size wrong_type",
                    "/targets/3 wrong_type",
                ],
            ),
        ] {
            assert_eq!(told(aimed_at(targets)), expected);
        }
    }

    #[test]
    fn a_change_keeps_what_is_not_named_and_clears_what_is_null() {
        let expected = CampaignPlanChange {
            target_date: Change::Set(None),
            ..CampaignPlanChange::default()
        };
        assert_eq!(change(json!({"target_date": null})).unwrap(), expected);
        let targets = change(json!({"targets": [{"organization_id": ID}]})).unwrap();
        assert!(matches!(targets.targets, Change::Set(_)));
        assert_eq!(
            told(change(
                json!({"name": null, "targets": null, "status": "won"})
            )),
            [
                "/status unknown_field",
                "/name required",
                "/targets required"
            ]
        );
    }
}
