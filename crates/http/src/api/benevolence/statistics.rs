//! The years of the benevolence fund in numbers.

use actix_web::{HttpResponse, get};
use serde::Serialize;
use unionhall_domain::{
    benevolence::{Outcome, Reason, Tally, Year},
    invalid::Invalid,
    money::Sum,
};
use utoipa::{
    ToSchema,
    openapi::{
        ObjectBuilder, Type,
        path::{Parameter, ParameterIn},
    },
};

use super::{
    super::{
        choices::{BenevolenceOutcomeName, BenevolenceReasonName},
        docs::{self, Listed},
        routes::Routes,
        shown::Shown,
    },
    file::whole,
};
use crate::web::{caller::Caller, problem::Problem};

/// The first and the last year there can be.
const YEARS: (i16, i16) = (1900, 9999);

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes.schema::<YearView>().add(statistics);
}

/// A number of applications, and their sums.
#[derive(Serialize, ToSchema)]
#[schema(as = BenevolenceTally)]
struct TallyView {
    /// How many.
    applications: u64,
    /// What they ask together.
    #[schema(value_type = String, pattern = r"^[0-9]+\.[0-9]{2}$")]
    amount_requested: Shown<Sum>,
    /// What was granted to them together.
    #[schema(value_type = String, pattern = r"^[0-9]+\.[0-9]{2}$")]
    approved_amount: Shown<Sum>,
    /// What was paid to them together.
    #[schema(value_type = String, pattern = r"^[0-9]+\.[0-9]{2}$")]
    paid_amount: Shown<Sum>,
}

/// The applications of one year; drafts do not count.
#[derive(Serialize, ToSchema)]
#[schema(as = BenevolenceYear)]
struct YearView {
    /// The year of the applications' dates.
    #[schema(minimum = 1900, maximum = 9999)]
    year: i16,
    /// All of it.
    whole: TallyView,
    /// Of 1,000 that were granted or denied, how many were granted, rounded down; null before the first decision.
    #[schema(required = true, minimum = 0, maximum = 1000)]
    granted_per_thousand: Option<u64>,
    /// By reason; reasons that nobody had are left out.
    by_reason: Vec<ReasonView>,
    /// By what became of them; outcomes that nothing had are left out.
    by_outcome: Vec<OutcomeView>,
    /// By both.
    by_reason_and_outcome: Vec<CellView>,
}

/// The applications of a year for one reason.
#[derive(Serialize, ToSchema)]
#[schema(as = BenevolenceYearReason)]
struct ReasonView {
    /// The reason.
    #[schema(value_type = BenevolenceReasonName)]
    reason: &'static str,
    /// How many, and their sums.
    tally: TallyView,
}

/// The applications of a year with one outcome.
#[derive(Serialize, ToSchema)]
#[schema(as = BenevolenceYearOutcome)]
struct OutcomeView {
    /// The outcome.
    #[schema(value_type = BenevolenceOutcomeName)]
    outcome: &'static str,
    /// How many, and their sums.
    tally: TallyView,
}

/// The applications of a year for one reason with one outcome.
#[derive(Serialize, ToSchema)]
#[schema(as = BenevolenceYearCell)]
struct CellView {
    /// The reason.
    #[schema(value_type = BenevolenceReasonName)]
    reason: &'static str,
    /// The outcome.
    #[schema(value_type = BenevolenceOutcomeName)]
    outcome: &'static str,
    /// How many, and their sums.
    tally: TallyView,
}

/// Counts applications by year, reason and outcome, the newest year first, all on one page.
#[utoipa::path(
    operation_id = "benevolence_statistics",
    tag = "benevolence",
    params(Years),
    responses(Listed<YearView>)
)]
#[get("/statistics")]
async fn statistics(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let from = query.optional("from_year", year).unwrap_or(YEARS.0);
    let until = query.optional("until_year", year).unwrap_or(YEARS.1);
    query.finish(())?;
    let years = caller
        .look(move |application, call| application.benevolence.statistics(call, from, until))
        .await?;
    Ok(whole(years.iter().map(YearView::from)))
}

fn year(text: &str) -> Result<i16, Invalid> {
    let (first, last) = YEARS;
    let year = text.parse().ok();
    year.filter(|year| (first..=last).contains(year))
        .ok_or_else(|| Invalid::new("out_of_range", "must be a year from 1900 to 9999"))
}

impl From<Tally> for TallyView {
    fn from(tally: Tally) -> Self {
        let Tally {
            applications,
            asked,
            awarded,
            paid,
        } = tally;
        Self {
            applications,
            amount_requested: Shown(asked),
            approved_amount: Shown(awarded),
            paid_amount: Shown(paid),
        }
    }
}

impl From<&Year> for YearView {
    fn from(year: &Year) -> Self {
        let Year {
            year,
            whole,
            reasons,
            outcomes,
            cells,
            granted_per_thousand,
        } = year;
        let of_reason = |(reason, tally): (&Reason, &Tally)| ReasonView {
            reason: reason.as_str(),
            tally: TallyView::from(*tally),
        };
        let of_outcome = |(outcome, tally): (&Outcome, &Tally)| OutcomeView {
            outcome: outcome.as_str(),
            tally: TallyView::from(*tally),
        };
        let of_both = |((reason, outcome), tally): (&(Reason, Outcome), &Tally)| CellView {
            reason: reason.as_str(),
            outcome: outcome.as_str(),
            tally: TallyView::from(*tally),
        };
        Self {
            year: *year,
            whole: TallyView::from(*whole),
            granted_per_thousand: *granted_per_thousand,
            by_reason: reasons.iter().map(of_reason).collect(),
            by_outcome: outcomes.iter().map(of_outcome).collect(),
            by_reason_and_outcome: cells.iter().map(of_both).collect(),
        }
    }
}

/// The parameters, for the document.
struct Years(());

impl utoipa::IntoParams for Years {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let year = || {
            ObjectBuilder::new()
                .schema_type(Type::Integer)
                .minimum(Some(1900))
                .maximum(Some(9999))
        };
        vec![
            docs::query("from_year", year(), "Only of this year or later."),
            docs::query("until_year", year(), "Only of this year or earlier."),
        ]
    }
}
