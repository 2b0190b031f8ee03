//! What waits for whom, and how long.

use actix_web::{HttpResponse, get};
use jiff::Timestamp;
use serde::Serialize;
use unionhall_domain::{
    benevolence::{BenevolenceApplicationId, BenevolenceNumber, Waiting},
    money::Amount,
};
use utoipa::ToSchema;

use super::{
    super::{
        choices::{BenevolenceReasonName, BenevolenceTurnName},
        docs::Listed,
        routes::Routes,
        shown::Shown,
    },
    file::whole,
};
use crate::web::{caller::Caller, problem::Problem};

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<WaitingView>()
        .add(waiting_for_me)
        .add(waiting);
}

/// An application that waits for somebody; it says nothing of whose it is.
#[derive(Serialize, ToSchema)]
#[schema(as = WaitingApplication)]
struct WaitingView {
    /// The id of the application.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<BenevolenceApplicationId>,
    /// Its number.
    #[schema(value_type = String, example = "BF-2026-0001")]
    application_number: Shown<BenevolenceNumber>,
    /// Whose turn it is.
    #[schema(value_type = BenevolenceTurnName)]
    waits_for: &'static str,
    /// Why help is needed.
    #[schema(value_type = BenevolenceReasonName)]
    reason: &'static str,
    /// How much is asked.
    #[schema(value_type = String, pattern = r"^[0-9]+\.[0-9]{2}$")]
    amount_requested: Shown<Amount>,
    /// Since when it waits.
    #[schema(value_type = String, format = DateTime)]
    since: Shown<Timestamp>,
    /// How many whole days it has waited.
    #[schema(minimum = 0)]
    days: i64,
}

/// Lists what waits for the caller, whoever waits longest first, at most 200, all on one page.
///
/// Reviews at the levels that they sit at and may give, what the office has to open, what is to be paid, and their own
/// drafts and questions.
#[utoipa::path(
    operation_id = "benevolence_waiting_for_me",
    tag = "benevolence",
    responses(Listed<WaitingView>)
)]
#[get("/waiting-for-me")]
async fn waiting_for_me(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let found = caller
        .read(|application, call| application.benevolence.waiting(call))
        .await?;
    Ok(whole(found.iter().map(WaitingView::from)))
}

/// Lists everything that waits, for whomever, whoever waits longest first, at most 200, all on one page.
#[utoipa::path(
    operation_id = "benevolence_waiting",
    tag = "benevolence",
    responses(Listed<WaitingView>)
)]
#[get("/waiting")]
async fn waiting(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let found = caller
        .read(|application, call| application.benevolence.standing(call))
        .await?;
    Ok(whole(found.iter().map(WaitingView::from)))
}

impl From<&Waiting> for WaitingView {
    fn from(case: &Waiting) -> Self {
        let Waiting {
            id,
            number,
            turn,
            reason,
            amount_requested,
            since,
            days,
        } = case;
        Self {
            id: Shown(*id),
            application_number: Shown(*number),
            waits_for: turn.as_str(),
            reason: reason.as_str(),
            amount_requested: Shown(*amount_requested),
            since: Shown(*since),
            days: *days,
        }
    }
}
