//! Search over HTTP: one question over every kind of record that the caller may read.

mod views;

use actix_web::{HttpResponse, get};
use unionhall_application::{error::CallError, search::Question};
use unionhall_domain::{
    invalid::Invalid,
    search::{SearchKind, SearchWords},
};
use utoipa::openapi::{
    ObjectBuilder, ResponseBuilder, Type,
    path::{Parameter, ParameterIn},
};

use self::views::FindingsView;
use super::{docs, routes::Routes};
use crate::web::{answer, caller::Caller, problem::Problem, query::Query};

/// How many finds there are when nothing is said.
const USUAL: u16 = 20;
/// How many there are at most.
const MOST: u16 = 50;

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes.schema::<FindingsView<'_>>().add(find);
}

/// Finds members, organizations, grievances and applications to the benevolence fund.
///
/// Best first: what has the words for its number, then what has a number that begins with them, then what has each of
/// the words, then what has words that begin with them, then the cases of members found by name, and last, where
/// nothing else of a kind is found, what is spelt alike. Accents and case do not matter. Nobody finds what they may
/// not read; reviewers from whom the names of applicants are held back find no application by name.
#[utoipa::path(
    operation_id = "search_find",
    tag = "search",
    params(Wanted),
    responses(Found)
)]
#[get("")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    let question = wanted(caller.query())?;
    let body = caller
        .list(true, move |application, call| {
            let found = application.search.find(call, question)?;
            let shown = |found| answer::bytes(&FindingsView::from(&found));
            Ok::<_, CallError>(found.map(shown))
        })
        .await?;
    Ok(answer::made(body))
}

fn wanted(mut query: Query) -> Result<Question, Problem> {
    let words = query.needed("q", SearchWords::parse);
    let kinds = query.optional("types", SearchKind::parse_list);
    let limit = query.optional("limit", |text| {
        let limit = text.parse().ok().filter(|limit| (1..=MOST).contains(limit));
        limit.ok_or_else(|| {
            let detail = format!("must be a whole number from 1 to {MOST}");
            Invalid::new("out_of_range", detail)
        })
    });
    let question = words.map(|words| Question {
        words,
        kinds: kinds.unwrap_or_default(),
        limit: limit.unwrap_or(USUAL),
    });
    let question = query.finish(question)?;
    question.ok_or_else(|| Problem::new(unionhall_application::error::Code::Internal, "no words"))
}

/// The parameters, for the document.
struct Wanted(());
/// The answers, for the document.
struct Found(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let words = docs::text()
            .min_length(Some(2))
            .max_length(Some(200))
            .pattern(Some(r"[0-9A-Za-z\u00c0-\uffff].*[0-9A-Za-z\u00c0-\uffff]"));
        let names = SearchKind::ALL.map(SearchKind::as_str).join("|");
        let types = docs::text().pattern(Some(format!("^({names})(,({names}))*$")));
        let limit = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1))
            .maximum(Some(MOST))
            .default(Some(USUAL.into()));
        vec![
            docs::needed("q", words, "The words: at least two letters or digits."),
            docs::query(
                "types",
                types,
                "Only these kinds of records, with commas between them; all that there are when nothing is said.",
            ),
            docs::query("limit", limit, "How many finds at most."),
        ]
    }
}

impl utoipa::IntoResponses for Found {
    fn responses() -> docs::Responses {
        let answer: ResponseBuilder =
            docs::shows::<FindingsView<'_>>("What was found, best first.");
        docs::with_problems("200", answer, &[400, 401, 503])
    }
}
