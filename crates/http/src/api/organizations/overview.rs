//! An organization at one glance, over HTTP.

use actix_web::{HttpResponse, get};
use jiff::civil::Date;
use serde::Serialize;
use unionhall_application::organizations::{OpenGrievance, Organizing, Overview};
use unionhall_domain::{
    grievances::{GrievanceId, GrievanceNumber},
    members::MemberId,
    salting_scores::SaltingScore,
};
use utoipa::ToSchema;

use super::{
    super::{
        choices::{GrievanceStatusName, GrievanceStepName, SaltingScoreMeaningName},
        contacts::views::ContactView,
        docs::{Record, RecordId},
        employments::views::EmploymentView,
        salting_activities::views::SaltingActivityView,
        shown::Shown,
    },
    view,
    views::OrganizationView,
};
use crate::web::{answer, caller::Caller, problem::Problem};

/// Reads an organization at one glance.
///
/// Whom to ask first, who works there today, which grievances are open, and for organizers how organizing goes: in one
/// answer, of one moment. That it was looked at is on record.
#[utoipa::path(
    operation_id = "organizations_overview",
    tag = "organizations",
    params(RecordId),
    responses(Record<OverviewView>)
)]
#[get("/{id}/overview")]
pub(super) async fn overview(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("organization")?;
    let found = caller
        .read(move |application, call| application.organizations.overview(call, id))
        .await?;
    let organization = view(&caller.rendering(), &found.organization);
    let version = found.organization.version;
    Ok(answer::record(
        &OverviewView::of(&found, organization),
        version,
    ))
}

/// An organization and what it is in the middle of.
#[derive(Serialize, ToSchema)]
#[schema(as = OrganizationOverview)]
pub(super) struct OverviewView<'a> {
    /// The organization.
    organization: OrganizationView<'a>,
    /// Whom to ask first; null when it has no contacts.
    #[schema(value_type = Option<ContactView>, required = true)]
    primary_contact: Option<ContactView<'a>>,
    /// How many contacts it has.
    #[schema(minimum = 0)]
    contacts_count: u64,
    /// How many members work there today.
    #[schema(minimum = 0)]
    current_members_count: u64,
    /// The jobs that began last of those that are current, 10 at most.
    current_jobs: Vec<EmploymentView<'a>>,
    /// How many grievances against it are open; null for who may not read grievances.
    #[schema(required = true, minimum = 0)]
    open_grievances_count: Option<u64>,
    /// The grievances that were filed last of those that are open, 5 at most; null for who may not read grievances.
    #[schema(value_type = Option<Vec<OpenGrievanceView>>, required = true)]
    open_grievances: Option<Vec<OpenGrievanceView<'a>>>,
    /// How organizing goes there; not for who may not read of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = OrganizingView, required = false)]
    organizing: Option<OrganizingView<'a>>,
}

impl<'a> OverviewView<'a> {
    fn of(found: &'a Overview, organization: OrganizationView<'a>) -> Self {
        let Overview {
            organization: _,
            primary_contact,
            counts,
            current_jobs,
            open_grievances,
            organizing,
        } = found;
        let open = open_grievances.as_ref();
        Self {
            organization,
            primary_contact: primary_contact.as_ref().map(ContactView::from),
            contacts_count: counts.contacts,
            current_members_count: counts.current_members,
            current_jobs: current_jobs.iter().map(EmploymentView::from).collect(),
            open_grievances_count: open.map(|_| counts.open_grievances),
            open_grievances: open.map(|found| found.iter().map(OpenGrievanceView::from).collect()),
            organizing: organizing.as_ref().map(OrganizingView::from),
        }
    }
}

/// How organizing goes at an organization.
#[derive(Serialize, ToSchema)]
#[schema(as = OrganizationOrganizing)]
struct OrganizingView<'a> {
    /// How it is judged at present, from 1 to 5; null when it is not judged.
    #[schema(value_type = Option<u8>, required = true, minimum = 1, maximum = 5)]
    score: Option<i16>,
    /// What the score means; null when there is none.
    #[schema(value_type = Option<SaltingScoreMeaningName>, required = true)]
    meaning: Option<&'static str>,
    /// The activity of the latest day; null when there was none.
    #[schema(value_type = Option<SaltingActivityView>, required = true)]
    last_activity: Option<SaltingActivityView<'a>>,
}

impl<'a> From<&'a Organizing> for OrganizingView<'a> {
    fn from(organizing: &'a Organizing) -> Self {
        let Organizing {
            last_activity,
            score,
        } = organizing;
        let score = score.as_ref().and_then(|entry| entry.assessment.score);
        Self {
            score: score.map(SaltingScore::number),
            meaning: score.map(SaltingScore::meaning),
            last_activity: last_activity.as_ref().map(SaltingActivityView::from),
        }
    }
}

/// A grievance that is open, in short.
#[derive(Serialize, ToSchema)]
#[schema(as = OpenGrievance)]
struct OpenGrievanceView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<GrievanceId>,
    /// The number people quote.
    #[schema(value_type = String, example = "GR-2026-0001")]
    grievance_number: Shown<GrievanceNumber>,
    /// Whose grievance it is.
    #[schema(value_type = String, format = "uuid")]
    member_id: Shown<MemberId>,
    /// The day it was filed.
    #[schema(value_type = String, format = Date)]
    filed_date: Shown<Date>,
    /// The rung of the ladder it is on.
    #[schema(value_type = GrievanceStepName)]
    current_step: &'a str,
    /// Where it stands.
    #[schema(value_type = GrievanceStatusName)]
    status: &'a str,
}

impl<'a> From<&'a OpenGrievance> for OpenGrievanceView<'a> {
    fn from(grievance: &'a OpenGrievance) -> Self {
        let OpenGrievance {
            id,
            number,
            member,
            filed_date,
            current_step,
            status,
        } = grievance;
        Self {
            id: Shown(*id),
            grievance_number: Shown(*number),
            member_id: Shown(*member),
            filed_date: Shown(*filed_date),
            current_step,
            status,
        }
    }
}
