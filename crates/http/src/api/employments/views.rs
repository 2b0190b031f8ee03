//! How a job and a tenant's rules of jobs are shown.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use unionhall_application::{
    TitleInUse,
    employments::{Job, Written},
};
use unionhall_domain::{
    employments::{Employment, EmploymentDetails, EmploymentId, JobRules},
    invalid::FieldError,
    members::MemberId,
    money::Amount,
    organizations::OrganizationId,
};
use utoipa::ToSchema;

use super::super::{choices::EmploymentActionName, shown::Shown};

/// A member's job at an organization.
#[derive(Serialize, ToSchema)]
#[schema(as = Employment)]
pub(in crate::api) struct EmploymentView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<EmploymentId>,
    /// Who works.
    #[schema(value_type = String, format = "uuid")]
    member_id: Shown<MemberId>,
    /// The number of the member.
    #[schema(example = "A1204")]
    member_number: &'a str,
    /// The member's given name.
    first_name: &'a str,
    /// The member's family name.
    last_name: &'a str,
    /// Where.
    #[schema(value_type = String, format = "uuid")]
    organization_id: Shown<OrganizationId>,
    /// The name of the organization.
    organization_name: &'a str,
    /// The first day.
    #[schema(value_type = String, format = Date)]
    start_date: Shown<Date>,
    /// The last day, which is worked; null while none is known.
    #[schema(value_type = Option<String>, required = true, format = Date)]
    end_date: Option<Shown<Date>>,
    /// Whether today, in the tenant's time zone, is one of its days.
    is_current: bool,
    /// As what.
    #[schema(required = true)]
    job_title: Option<&'a str>,
    /// For how much an hour, in the tenant's currency.
    #[schema(value_type = Option<String>, required = true, pattern = r"^[0-9]+\.[0-9]{2}$", example = "62.40")]
    hourly_rate: Option<Shown<Amount>>,
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
    #[schema(value_type = Vec<EmploymentActionName>, required = false)]
    allowed_actions: Option<Vec<&'static str>>,
    /// What is unusual about it, although it was taken; only after a change.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<WarningView>, required = false)]
    warnings: Option<Vec<WarningView<'a>>>,
    /// The jobs that were ended with it; only after a change.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<String>, required = false)]
    ended_previous: Option<Vec<Shown<EmploymentId>>>,
}

impl<'a> EmploymentView<'a> {
    /// The same view, with what the caller may do.
    pub(super) fn allowing(self, actions: Vec<&'static str>) -> Self {
        Self {
            allowed_actions: Some(actions),
            ..self
        }
    }

    /// The view of a job after a change, with what the change came with.
    pub(super) fn written(written: &'a Written) -> Self {
        Self {
            warnings: Some(written.warnings.iter().map(WarningView::from).collect()),
            ended_previous: Some(written.ended.iter().copied().map(Shown).collect()),
            ..Self::from(&written.job)
        }
    }
}

impl<'a> From<&'a Job> for EmploymentView<'a> {
    fn from(job: &'a Job) -> Self {
        let Employment {
            id,
            member,
            organization,
            details,
            version,
            created_at,
            updated_at,
            deleted_at: _,
        } = &job.record.employment;
        let EmploymentDetails {
            period,
            job_title,
            hourly_rate,
        } = details;
        Self {
            id: Shown(*id),
            member_id: Shown(*member),
            member_number: job.record.member_number.as_str(),
            first_name: job.record.first_name.as_str(),
            last_name: job.record.last_name.as_str(),
            organization_id: Shown(*organization),
            organization_name: job.record.organization_name.as_str(),
            start_date: Shown(period.start()),
            end_date: period.end().map(Shown),
            is_current: job.is_current(),
            job_title: job_title.as_ref().map(|text| text.as_str()),
            hourly_rate: hourly_rate.map(Shown),
            version: version.get(),
            created_at: Shown(*created_at),
            updated_at: Shown(*updated_at),
            allowed_actions: None,
            warnings: None,
            ended_previous: None,
        }
    }
}

/// Something unusual that was taken as it is.
#[derive(Serialize, ToSchema)]
#[schema(as = Warning)]
pub(super) struct WarningView<'a> {
    /// The field.
    #[schema(value_type = String, example = "/hourly_rate")]
    pointer: String,
    /// What it is, as a word for programs.
    #[schema(example = "unusual_rate")]
    code: &'static str,
    /// What it is, for people.
    detail: &'a str,
}

impl<'a> From<&'a FieldError> for WarningView<'a> {
    fn from(warning: &'a FieldError) -> Self {
        Self {
            pointer: format!("/{}", warning.field),
            code: warning.invalid.code,
            detail: &warning.invalid.detail,
        }
    }
}

/// Job titles in use.
#[derive(Serialize, ToSchema)]
#[schema(as = JobTitles)]
pub(super) struct TitlesView<'a> {
    /// The titles, those that most jobs have first.
    items: Vec<TitleView<'a>>,
}

/// A job title in use.
#[derive(Serialize, ToSchema)]
#[schema(as = JobTitle)]
struct TitleView<'a> {
    /// The title.
    job_title: &'a str,
    /// How many jobs have it.
    #[schema(minimum = 1)]
    count: u64,
}

impl<'a> From<&'a [TitleInUse]> for TitlesView<'a> {
    fn from(titles: &'a [TitleInUse]) -> Self {
        let view = |title: &'a TitleInUse| TitleView {
            job_title: title.job_title.as_str(),
            count: title.count,
        };
        Self {
            items: titles.iter().map(view).collect(),
        }
    }
}

/// What a tenant holds to be usual of jobs.
#[derive(Serialize, ToSchema)]
#[schema(as = JobRules)]
pub(super) struct JobRulesView {
    /// How many jobs a member may have at once.
    #[schema(minimum = 1, maximum = 10)]
    max_current_jobs: u8,
    /// Hourly rates below this are warned of.
    #[schema(value_type = String, example = "10.00")]
    hourly_rate_low: Shown<Amount>,
    /// Hourly rates above this are warned of.
    #[schema(value_type = String, example = "150.00")]
    hourly_rate_high: Shown<Amount>,
    /// Counts the changes of the rules.
    #[schema(minimum = 1)]
    version: i64,
}

impl From<&JobRules> for JobRulesView {
    fn from(rules: &JobRules) -> Self {
        let JobRules {
            at_once,
            lowest_rate,
            highest_rate,
            version,
        } = rules;
        Self {
            max_current_jobs: at_once.get(),
            hourly_rate_low: Shown(*lowest_rate),
            hourly_rate_high: Shown(*highest_rate),
            version: version.get(),
        }
    }
}
