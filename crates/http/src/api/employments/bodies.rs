//! What can be said of a job, and of a tenant's rules of jobs.

use jiff::civil::Date;
use serde::Deserialize;
use unionhall_application::employments::NewEmployment;
use unionhall_domain::{
    employments::{EmploymentChange, EmploymentDetails, JobRulesChange, JobsAtOnce, Period},
    ids::Id,
    money::Amount,
    text::Line,
};
use utoipa::ToSchema;

use crate::web::{
    fields::{Input, Reader, Unknown, date},
    problem::Problem,
};

/// A job to be started.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = CreateEmployment,
    example = json!({
        "member_id": "0190ab54-3c2e-7b1a-8f00-3a5d1c9e2b47",
        "organization_id": "0190ab54-3c2e-7b1a-8f00-3a5d1c9e2b48",
        "start_date": "2026-11-23",
        "job_title": "Journeyman Wireman",
        "hourly_rate": "62.40",
        "ends_previous": true
    })
)]
pub(super) struct CreateEmploymentBody {
    /// Who works.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = "uuid")]
    member_id: Input,
    /// Where.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = "uuid")]
    organization_id: Input,
    /// The first day; at most a year ahead.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Date)]
    start_date: Input,
    /// The last day, which is worked; null or absent while none is known.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    end_date: Input,
    /// As what.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100, pattern = r"\S")]
    job_title: Input,
    /// For how much an hour, in the tenant's currency.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = r"^[0-9]+(\.[0-9]{1,2})?$", example = "62.40")]
    hourly_rate: Input,
    /// Whether the jobs before it are over on the day before it begins.
    #[serde(default)]
    #[schema(value_type = Option<bool>, default = false)]
    ends_previous: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl CreateEmploymentBody {
    /// The job, or every field that is wrong.
    pub(super) fn command(self) -> Result<NewEmployment, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let member = reader.required("member_id", self.member_id, Id::parse);
        let organization = reader.required("organization_id", self.organization_id, Id::parse);
        let start = reader.required("start_date", self.start_date, date);
        let end = reader.optional("end_date", self.end_date, date);
        let job_title = reader.optional("job_title", self.job_title, Line::parse);
        let hourly_rate = reader.optional("hourly_rate", self.hourly_rate, Amount::parse);
        let ends_previous = reader.truth("ends_previous", self.ends_previous);
        let period = start.and_then(|start| {
            Period::new(start, end)
                .map_err(|invalid| reader.wrong("end_date", invalid))
                .ok()
        });
        let new = member
            .zip(organization)
            .zip(period)
            .map(|((member, organization), period)| NewEmployment {
                member,
                organization,
                details: EmploymentDetails {
                    period,
                    job_title,
                    hourly_rate,
                },
                ends_previous,
            });
        reader.finish(new)
    }
}

/// What to change of a job.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChangeEmployment, example = json!({"hourly_rate": "64.10", "end_date": null}))]
pub(super) struct ChangeEmploymentBody {
    /// The first day; at most a year ahead.
    #[serde(default)]
    #[schema(value_type = String, format = Date)]
    start_date: Input,
    /// The last day, which is worked; null while none is known.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    end_date: Input,
    /// As what.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100, pattern = r"\S")]
    job_title: Input,
    /// For how much an hour, in the tenant's currency.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = r"^[0-9]+(\.[0-9]{1,2})?$")]
    hourly_rate: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ChangeEmploymentBody {
    /// The change, or every field that is wrong.
    pub(super) fn command(self) -> Result<EmploymentChange, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let change = EmploymentChange {
            start_date: reader.change("start_date", self.start_date, date),
            end_date: reader.clearable("end_date", self.end_date, date),
            job_title: reader.clearable("job_title", self.job_title, Line::parse),
            hourly_rate: reader.clearable("hourly_rate", self.hourly_rate, Amount::parse),
        };
        reader.finish(Some(change))
    }
}

/// When a job ends.
#[derive(Default, Deserialize, ToSchema)]
#[schema(as = EndEmployment, example = json!({"end_date": "2026-11-20"}))]
pub(super) struct EndEmploymentBody {
    /// The last day, which is worked; today when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    end_date: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl EndEmploymentBody {
    /// The last day, if one is named.
    pub(super) fn command(self) -> Result<Option<Date>, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let last = reader.optional("end_date", self.end_date, date);
        reader.finish(Some(last))
    }
}

/// What to change of the tenant's rules of jobs.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChangeJobRules, example = json!({"max_current_jobs": 2, "hourly_rate_low": "18.00"}))]
pub(super) struct ChangeJobRulesBody {
    /// How many jobs a member may have at once.
    #[serde(default)]
    #[schema(value_type = i64, minimum = 1, maximum = 10)]
    max_current_jobs: Input,
    /// Hourly rates below this are warned of.
    #[serde(default)]
    #[schema(value_type = String, pattern = r"^[0-9]+(\.[0-9]{1,2})?$")]
    hourly_rate_low: Input,
    /// Hourly rates above this are warned of; it is not below the other.
    #[serde(default)]
    #[schema(value_type = String, pattern = r"^[0-9]+(\.[0-9]{1,2})?$")]
    hourly_rate_high: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ChangeJobRulesBody {
    /// The change, or every field that is wrong.
    pub(super) fn command(self) -> Result<JobRulesChange, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let change = JobRulesChange {
            at_once: reader.changed_number(
                "max_current_jobs",
                self.max_current_jobs,
                JobsAtOnce::new,
            ),
            lowest_rate: reader.change("hourly_rate_low", self.hourly_rate_low, Amount::parse),
            highest_rate: reader.change("hourly_rate_high", self.hourly_rate_high, Amount::parse),
        };
        reader.finish(Some(change))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::web::problem::tests::told;

    fn create(body: Value) -> Result<NewEmployment, Problem> {
        serde_json::from_value::<CreateEmploymentBody>(body)
            .unwrap()
            .command()
    }

    #[test]
    fn every_field_is_checked_and_all_that_are_wrong_are_told() {
        let body = json!({
            "member_id": "x", "start_date": "3/2/2026", "end_date": 7, "job_title": " ",
            "hourly_rate": -1, "ends_previous": 1, "is_current": true
        });
        let wrong = [
            "/is_current unknown_field",
            "/member_id not_a_uuid",
            "/organization_id required",
            "/start_date not_a_date",
            "/end_date wrong_type",
            "/job_title blank",
            "/hourly_rate wrong_type",
            "/ends_previous wrong_type",
        ];
        assert_eq!(told(create(body)), wrong);
    }

    #[test]
    fn a_last_day_before_the_first_is_refused_where_both_are_named() {
        let id = "0190ab54-3c2e-7b1a-8f00-3a5d1c9e2b47";
        let body = json!({
            "member_id": id, "organization_id": id, "start_date": "2026-03-02", "end_date": "2026-03-01"
        });
        assert_eq!(told(create(body)), ["/end_date before_start"]);
    }

    #[test]
    fn rules_are_changed_by_numbers_and_amounts() {
        let body = json!({"max_current_jobs": 0, "hourly_rate_low": null, "hourly_rate_high": "x"});
        let body: ChangeJobRulesBody = serde_json::from_value(body).unwrap();
        let wrong = [
            "/max_current_jobs out_of_range",
            "/hourly_rate_low required",
            "/hourly_rate_high not_an_amount",
        ];
        assert_eq!(told(body.command()), wrong);
    }
}
