//! How a campaign is shown.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use unionhall_domain::{
    campaigns::{Campaign, CampaignId, CampaignPlan, CampaignTarget, Course},
    headcounts::Headcount,
    organizations::OrganizationId,
    users::UserId,
};
use utoipa::ToSchema;

use super::super::{
    choices::{CampaignActionName, CampaignStatusName},
    shown::Shown,
};

/// A campaign at one employer or several.
#[derive(Serialize, ToSchema)]
#[schema(as = Campaign)]
pub(super) struct CampaignView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<CampaignId>,
    /// What it is called.
    name: &'a str,
    /// What it is about.
    #[schema(required = true)]
    description: Option<&'a str>,
    /// The user who leads it.
    #[schema(value_type = String, format = "uuid")]
    lead_id: Shown<UserId>,
    /// The day by which its goal is to be reached.
    #[schema(value_type = Option<String>, required = true, format = Date)]
    target_date: Option<Shown<Date>>,
    /// The employers.
    targets: Vec<CampaignTargetView>,
    /// Where it stands.
    #[schema(value_type = CampaignStatusName)]
    status: &'static str,
    /// Why it rests or has ended.
    #[schema(required = true)]
    status_reason: Option<&'a str>,
    /// The day it began.
    #[schema(value_type = Option<String>, required = true, format = Date)]
    started_on: Option<Shown<Date>>,
    /// The day it ended.
    #[schema(value_type = Option<String>, required = true, format = Date)]
    ended_on: Option<Shown<Date>>,
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
    #[schema(value_type = Vec<CampaignActionName>, required = false)]
    allowed_actions: Option<Vec<&'static str>>,
}

/// One employer of a campaign.
#[derive(Serialize, ToSchema)]
#[schema(as = CampaignTarget)]
pub(super) struct CampaignTargetView {
    /// The employer.
    #[schema(value_type = String, format = "uuid")]
    organization_id: Shown<OrganizationId>,
    /// How many workers the unit is thought to have.
    #[schema(required = true)]
    unit_size: Option<u32>,
    /// How many cards are to be signed.
    #[schema(required = true)]
    cards_goal: Option<u32>,
}

impl CampaignView<'_> {
    /// The same view, with what the caller may do.
    pub(super) fn allowing(self, actions: Vec<&'static str>) -> Self {
        Self {
            allowed_actions: Some(actions),
            ..self
        }
    }
}

impl<'a> From<&'a Campaign> for CampaignView<'a> {
    fn from(campaign: &'a Campaign) -> Self {
        let Campaign {
            id,
            plan,
            course,
            version,
            created_at,
            updated_at,
            deleted_at: _,
        } = campaign;
        let CampaignPlan {
            name,
            description,
            lead,
            target_date,
            targets,
        } = plan;
        let Course {
            state,
            started_on,
            ended_on,
        } = course;
        Self {
            id: Shown(*id),
            name: name.as_str(),
            description: description.as_ref().map(|text| text.as_str()),
            lead_id: Shown(*lead),
            target_date: target_date.map(Shown),
            targets: targets
                .as_slice()
                .iter()
                .map(CampaignTargetView::from)
                .collect(),
            status: state.as_str(),
            status_reason: state.reason().map(|text| text.as_str()),
            started_on: started_on.map(Shown),
            ended_on: ended_on.map(Shown),
            version: version.get(),
            created_at: Shown(*created_at),
            updated_at: Shown(*updated_at),
            allowed_actions: None,
        }
    }
}

impl From<&CampaignTarget> for CampaignTargetView {
    fn from(target: &CampaignTarget) -> Self {
        Self {
            organization_id: Shown(target.organization()),
            unit_size: target.unit_size().map(Headcount::get),
            cards_goal: target.cards_goal().map(Headcount::get),
        }
    }
}
