//! Payments of what was granted, and how one is taken back.

mod bodies;
pub(super) mod of_the_fund;
mod views;

use actix_web::{HttpResponse, get, post};
use unionhall_application::{StoredAnswer, benevolence::Paid};

use self::{
    bodies::PayBody,
    views::{PaidView, PaymentView},
};
use super::{
    super::{
        docs::{Added, Changed, RecordId, Terms},
        routes::Routes,
    },
    THING,
    bodies::WhyBody,
    file::{OfApplication, whole},
    view,
    views::{place, version},
};
use crate::web::{
    answer::{self, Rendering},
    body::Body,
    caller::Caller,
    problem::Problem,
};

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<PaymentView<'_>>()
        .schema::<PaidView<'_>>()
        .add(list)
        .add(pay);
}

/// Lists the payments of an application, earliest first, all on one page: it has at most 200.
///
/// Those that were taken back are there too.
#[utoipa::path(
    operation_id = "benevolence_payments",
    tag = "benevolence",
    params(RecordId),
    responses(OfApplication<PaymentView>)
)]
#[get("/{id}/payments")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id(THING)?;
    let found = caller
        .read(move |application, call| application.benevolence.payments(call, id))
        .await?;
    Ok(whole(found.iter().map(PaymentView::from)))
}

/// Records a payment of what was granted, in whole or in part.
///
/// Never more than is open, and nobody pays themselves. What has the method and the reference of a payment that is there
/// already is refused with `duplicate`.
#[utoipa::path(
    operation_id = "benevolence_pay",
    tag = "benevolence",
    params(RecordId, Terms),
    request_body = PayBody,
    responses(Added<PaidView>)
)]
#[post("/{id}/payments")]
async fn pay(caller: Caller, body: Body<PayBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id(THING)?;
    let command = body.parse()?.command()?;
    caller
        .change(body.bytes(), paid, move |application, call| {
            application.benevolence.pay(call, id, command)
        })
        .await
}

/// Takes a payment back.
///
/// It bounced, was lost, or was made by mistake. What was granted stays granted, and can be paid anew.
#[utoipa::path(
    operation_id = "benevolence_reverse",
    tag = "benevolence",
    params(RecordId, Terms),
    request_body = WhyBody,
    responses(Changed<PaidView>)
)]
#[post("/payments/{id}/reverse")]
pub(super) async fn reverse(caller: Caller, body: Body<WhyBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id(THING)?;
    let reason = body.parse()?.command()?;
    caller
        .change(body.bytes(), reversed, move |application, call| {
            application.benevolence.reverse(call, id, reason)
        })
        .await
}

fn shown<'a>(rendering: &Rendering, paid: &'a Paid) -> PaidView<'a> {
    let Paid {
        payment,
        application,
    } = paid;
    PaidView {
        payment: PaymentView::from(payment),
        application: view(rendering, application),
    }
}

fn paid(rendering: &Rendering, paid: &Paid) -> StoredAnswer {
    let place = format!("{}/payments", place(&paid.application));
    answer::created(&shown(rendering, paid), place, version(&paid.application))
}

fn reversed(rendering: &Rendering, paid: &Paid) -> StoredAnswer {
    answer::ok(&shown(rendering, paid), Some(version(&paid.application)))
}
