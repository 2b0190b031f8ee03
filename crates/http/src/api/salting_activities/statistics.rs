//! SALTing activities added up.

use actix_web::{HttpResponse, get};
use unionhall_application::salting_activities::SaltingActivityError;
use utoipa::openapi::path::{Parameter, ParameterIn};

use super::{
    super::{docs, routes::Routes},
    filter, filters,
    views::SaltingStatisticsView,
};
use crate::web::{answer, caller::Caller, problem::Problem};

/// The route.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes.schema::<SaltingStatisticsView>().add(statistics);
}

/// Adds SALTing activities up: in all, by type, by outcome, by employer and by month.
///
/// The counts are sums of what was reported of each day: a worker who was contacted twice is in them twice, so
/// they are contacts and not people.
#[utoipa::path(
    operation_id = "salting_activities_statistics",
    tag = "salting_activities",
    params(Counted),
    responses(CountedAnswer)
)]
#[get("/statistics")]
async fn statistics(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let filter = filter(&mut query);
    let filter = query.finish(filter)?;
    let body = caller
        .read(move |application, call| {
            let found = application.salting_activities.statistics(call, &filter)?;
            let shown = |found| answer::bytes(&SaltingStatisticsView::new(&filter, &found));
            Ok::<_, SaltingActivityError>(found.map(shown))
        })
        .await?;
    Ok(answer::made(body))
}

/// The parameters, for the document.
struct Counted(());
/// The answers, for the document.
struct CountedAnswer(());

impl utoipa::IntoParams for Counted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        filters()
    }
}

impl utoipa::IntoResponses for CountedAnswer {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<SaltingStatisticsView>("The sums.");
        docs::with_problems("200", answer, &[400, 401, 403, 404, 503])
    }
}
