//! The payments of the whole fund: what left it, by day, method and whether it was taken back.

use actix_web::{HttpResponse, get};
use unionhall_application::{
    Application, PaymentFilter, PaymentSort,
    benevolence::BenevolenceError,
    call::Call,
    pages::{Direction, PageRequest},
};
use unionhall_domain::{audit::Target, benevolence::PaymentMethod};
use utoipa::openapi::path::{Parameter, ParameterIn};

use super::{
    super::super::{
        choices::BenevolencePaymentMethodName,
        docs::{self, Listed},
        exports::{ExportOf, File},
        routes::Routes,
    },
    views::PaidOutView,
};
use crate::web::{
    answer,
    caller::Caller,
    exports::{Asked, Exported, rows},
    fields::date,
    paging::{self, Named},
    problem::Problem,
    query::{Query, boolean},
};

/// What the payments can be sorted by.
const ORDERS: &[Named<PaymentSort>] = &[("payment_date", PaymentSort::Day)];

/// The routes, in the order of the document.
pub(in crate::api::benevolence) fn routes(routes: &mut Routes<'_, '_>) {
    routes.schema::<PaidOutView<'_>>().add(list).add(export);
}

/// Lists what was paid out of the fund, whatever it was granted to.
///
/// Those that were taken back are there too, unless `reversed=false`. It says nothing of whose an application is.
#[utoipa::path(
    operation_id = "benevolence_fund_payments",
    tag = "benevolence",
    params(Wanted),
    responses(Listed<PaidOutView>)
)]
#[get("/payments")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let (filter, page) = wanted(caller.query())?;
    let body = caller
        .list(false, move |application, call| {
            let found = application.benevolence.paid_out(call, &filter, &page)?;
            let shown = |found| {
                answer::bytes(&paging::view::<_, _, PaidOutView<'_>>(
                    &found, ORDERS, &page,
                ))
            };
            Ok::<_, BenevolenceError>(found.map(shown))
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports what was paid out of the fund, whatever it was granted to.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "benevolence_export_fund_payments",
    tag = "benevolence",
    params(ExportOf<Wanted>),
    responses(File)
)]
#[get("/payments/export")]
async fn export(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = Asked::from(&mut query);
    let (filter, page) = wanted(query)?;
    let exported = Exported("benevolence-payments", Target::BenevolenceFund);
    let read = move |application: &Application, call: &Call, page: &_| {
        let found = application.benevolence.paid_out(call, &filter, page)?.value;
        Ok::<_, BenevolenceError>(rows::<_, PaidOutView<'_>>(&found))
    };
    caller
        .export::<PaidOutView<'_>, _, _, _>(exported, asked, page, read)
        .await
}

fn wanted(mut query: Query) -> Result<(PaymentFilter, PageRequest<PaymentSort>), Problem> {
    let filter = PaymentFilter {
        from: query.optional("from", date),
        until: query.optional("until", date),
        method: query.optional("payment_method", PaymentMethod::parse),
        reversed: query.optional("reversed", boolean),
    };
    let usual = (("payment_date", PaymentSort::Day), Direction::Descending);
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish((filter, page))
}

/// The parameters of the list, for the document.
struct Wanted(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let method = docs::reference::<BenevolencePaymentMethodName>();
        let day = || docs::formatted("date");
        let mut parameters = vec![
            docs::query("from", day(), "Only paid on this day or later."),
            docs::query("until", day(), "Only paid on this day or earlier."),
            docs::query("payment_method", method, "Only paid this way."),
            docs::query(
                "reversed",
                docs::boolean(),
                "Only what was taken back, or only what was not.",
            ),
        ];
        parameters.extend(docs::list(ORDERS, "-payment_date"));
        parameters
    }
}
