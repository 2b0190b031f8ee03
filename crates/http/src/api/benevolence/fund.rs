//! The money of the benevolence fund: what it holds, what is put in, and what is corrected.

use actix_web::{HttpResponse, get, post};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use unionhall_application::{
    Application, EntrySort, StoredAnswer,
    benevolence::{BenevolenceError, EnterMoney, FundStatement},
    call::Call,
    pages::Direction,
};
use unionhall_domain::{
    audit::Target,
    benevolence::{EntryKind, FundEntry, FundEntryId},
    money::Amount,
    text::Line,
    users::UserId,
};
use utoipa::{
    ToSchema,
    openapi::path::{Parameter, ParameterIn},
};

use super::{
    super::{
        choices::FundEntryKindName,
        docs::{self, Listed, NewTerms},
        exports::{ExportOf, File},
        routes::Routes,
        shown::Shown,
    },
    rules::TermsView,
};
use crate::web::{
    answer::{self, Rendering},
    body::Body,
    caller::Caller,
    exports::{Asked, Exported, rows},
    fields::{Input, Reader, Unknown, date},
    paging::{self, Named},
    problem::Problem,
};

/// What the entries can be sorted by.
const ORDERS: &[Named<EntrySort>] = &[("entry_date", EntrySort::Day)];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<FundView>()
        .schema::<EntryView<'_>>()
        .add(statement)
        .add(entries)
        .add(enter)
        .add(export_entries);
}

/// What the fund holds, and what can still be granted.
#[derive(Serialize, ToSchema)]
#[schema(as = BenevolenceFund)]
struct FundView {
    /// What was put in, corrections taken away.
    #[schema(value_type = String, pattern = r"^[0-9]+\.[0-9]{2}$")]
    deposited: Shown<Amount>,
    /// What was granted, ever.
    #[schema(value_type = String, pattern = r"^[0-9]+\.[0-9]{2}$")]
    approved: Shown<Amount>,
    /// What was paid and not taken back.
    #[schema(value_type = String, pattern = r"^[0-9]+\.[0-9]{2}$")]
    paid: Shown<Amount>,
    /// What is in the bank: put in and not paid.
    #[schema(value_type = String, pattern = r"^[0-9]+\.[0-9]{2}$")]
    cash: Shown<Amount>,
    /// What is promised: granted and not paid.
    #[schema(value_type = String, pattern = r"^[0-9]+\.[0-9]{2}$")]
    committed: Shown<Amount>,
    /// What is nobody's yet: put in and not granted.
    #[schema(value_type = String, pattern = r"^[0-9]+\.[0-9]{2}$")]
    balance: Shown<Amount>,
    /// What can still be granted: the balance less the reserve.
    #[schema(value_type = String, pattern = r"^[0-9]+\.[0-9]{2}$")]
    available: Shown<Amount>,
    /// The rules of today.
    rules: TermsView,
}

/// Money that was put into the fund, or taken out other than to a member.
#[derive(Serialize, ToSchema)]
#[schema(as = FundEntry)]
struct EntryView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<FundEntryId>,
    /// In or out.
    #[schema(value_type = FundEntryKindName)]
    kind: &'static str,
    /// How much.
    #[schema(value_type = String, pattern = r"^[0-9]+\.[0-9]{2}$")]
    amount: Shown<Amount>,
    /// Where it came from, or why it went.
    source: &'a str,
    /// The day.
    #[schema(value_type = String, format = Date)]
    entry_date: Shown<Date>,
    /// The user who entered it.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    recorded_by: Option<Shown<UserId>>,
    /// When it was entered.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown<Timestamp>,
}

/// Money to be put into the fund, or to be taken out other than to a member.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = EnterMoney,
    example = json!({"kind": "deposit", "amount": "2500.00", "source": "Raffle of 12 June"})
)]
struct EnterBody {
    /// In or out.
    #[serde(default)]
    #[schema(value_type = FundEntryKindName, required = true)]
    kind: Input,
    /// How much: 0.01 or more.
    #[serde(default)]
    #[schema(value_type = String, required = true, pattern = r"^[0-9]{1,10}(\.[0-9]{1,2})?$")]
    amount: Input,
    /// Where it comes from, or why it goes.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 255, pattern = r"\S")]
    source: Input,
    /// The day, not in the future; today when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    entry_date: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl EnterBody {
    /// The entry, or every field that is wrong.
    fn command(self) -> Result<EnterMoney, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let kind = reader.required("kind", self.kind, EntryKind::parse);
        let amount = reader.required("amount", self.amount, Amount::parse);
        let source = reader.required("source", self.source, Line::parse);
        let on = reader.optional("entry_date", self.entry_date, date);
        let entry = kind
            .zip(amount)
            .zip(source)
            .map(|((kind, amount), source)| EnterMoney {
                kind,
                amount,
                source,
                on,
            });
        reader.finish(entry)
    }
}

/// Reads what the benevolence fund holds today, and what can still be granted.
#[utoipa::path(
    operation_id = "benevolence_fund",
    tag = "benevolence",
    responses(Held)
)]
#[get("")]
async fn statement(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let held = caller
        .look(|application, call| application.benevolence.statement(call))
        .await?;
    Ok(answer::json(&FundView::from(&held)))
}

/// Lists what was put into the fund and what was corrected.
#[utoipa::path(
    operation_id = "benevolence_entries",
    tag = "benevolence",
    params(Entries),
    responses(Listed<EntryView>)
)]
#[get("/entries")]
async fn entries(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let usual = (("entry_date", EntrySort::Day), Direction::Descending);
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish(())?;
    let body = caller
        .read(move |application, call| {
            let found = application.benevolence.entries(call, &page)?;
            let shown =
                |found| answer::bytes(&paging::view::<_, _, EntryView<'_>>(&found, ORDERS, &page));
            Ok::<_, BenevolenceError>(found.map(shown))
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports what was put into the fund and what was corrected.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "benevolence_export_entries",
    tag = "benevolence",
    params(ExportOf<Entries>),
    responses(File)
)]
#[get("/entries/export")]
async fn export_entries(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = Asked::from(&mut query);
    let usual = (("entry_date", EntrySort::Day), Direction::Descending);
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish(())?;
    let exported = Exported("benevolence-fund-entries", Target::BenevolenceFund);
    let read = |application: &Application, call: &Call, page: &_| {
        let found = application.benevolence.entries(call, page)?.value;
        Ok::<_, BenevolenceError>(rows::<_, EntryView<'_>>(&found))
    };
    caller
        .export::<EntryView<'_>, _, _, _>(exported, asked, page, read)
        .await
}

/// Puts money into the fund, or corrects what was put in.
///
/// A correction takes nothing that is promised; it may take of the reserve. An entry is never changed: another one
/// corrects it.
#[utoipa::path(
    operation_id = "benevolence_enter",
    tag = "benevolence",
    params(NewTerms),
    request_body = EnterBody,
    responses(Entered<EntryView>)
)]
#[post("/entries")]
async fn enter(caller: Caller, body: Body<EnterBody>) -> Result<HttpResponse, Problem> {
    let command = body.parse()?.command()?;
    let render = |_: &Rendering, entry: &FundEntry| entered(&EntryView::from(entry));
    caller
        .change(body.bytes(), render, |application, call| {
            application.benevolence.enter(call, command)
        })
        .await
}

/// `201` with what was added and has no page of its own.
pub(super) fn entered(view: &impl Serialize) -> StoredAnswer {
    let mut answer = answer::ok(view, None);
    answer.status = 201;
    answer
}

impl From<&FundStatement> for FundView {
    fn from(held: &FundStatement) -> Self {
        let FundStatement {
            fund,
            rules,
            available,
        } = held;
        Self {
            deposited: Shown(fund.deposited()),
            approved: Shown(fund.awarded()),
            paid: Shown(fund.paid()),
            cash: Shown(fund.cash()),
            committed: Shown(fund.committed()),
            balance: Shown(fund.balance()),
            available: Shown(*available),
            rules: TermsView::from(rules),
        }
    }
}

impl<'a> From<&'a FundEntry> for EntryView<'a> {
    fn from(entry: &'a FundEntry) -> Self {
        let FundEntry {
            id,
            kind,
            amount,
            source,
            on,
            recorded_by,
            created_at,
        } = entry;
        Self {
            id: Shown(*id),
            kind: kind.as_str(),
            amount: Shown(*amount),
            source: source.as_str(),
            entry_date: Shown(*on),
            recorded_by: recorded_by.map(Shown),
            created_at: Shown(*created_at),
        }
    }
}

/// The answers of the statement, for the document.
struct Held(());
/// The parameters of the list of entries, for the document.
struct Entries(());
/// The answers to something that is added and has no page of its own, for the document.
pub(super) struct Entered<T>(std::marker::PhantomData<T>);

impl utoipa::IntoResponses for Held {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<FundView>("What the fund holds.");
        docs::with_problems("200", answer, &[400, 401, 403, 503])
    }
}

impl utoipa::IntoParams for Entries {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        docs::list(ORDERS, "-entry_date")
    }
}

impl<T: ToSchema> utoipa::IntoResponses for Entered<T> {
    fn responses() -> docs::Responses {
        let answer = docs::changed(docs::shows::<T>("What was added."));
        docs::with_problems("201", answer, &[400, 401, 403, 409, 413, 415, 422, 503])
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::web::problem::tests::told;

    #[test]
    fn an_entry_is_of_a_kind_and_an_amount_and_comes_from_somewhere() {
        let read = |body| serde_json::from_value::<EnterBody>(body).unwrap().command();
        let entry = read(json!({"kind": "correction", "amount": "12", "source": "Wrong box"}));
        assert_eq!(entry.unwrap().kind, EntryKind::Correction);
        let wrong = read(json!({"kind": "theft", "entry_date": "x", "to": "Ada"}));
        let expected = [
            "/to unknown_field",
            "/kind unknown_value",
            "/amount required",
            "/source required",
            "/entry_date not_a_date",
        ];
        assert_eq!(told(wrong), expected);
    }
}
