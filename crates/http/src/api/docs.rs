//! What many routes say of themselves in the API document: their parameters, their answers, their problems.

use std::{collections::BTreeMap, marker::PhantomData};

use unionhall_application::error::Code;
use utoipa::{
    IntoParams, IntoResponses, ToSchema,
    openapi::{
        ContentBuilder, HeaderBuilder, ObjectBuilder, Ref, RefOr, Required, Response,
        ResponseBuilder, Schema, SchemaFormat, Type,
        path::{Parameter, ParameterBuilder, ParameterIn},
        schema::ArrayBuilder,
    },
};

use super::choices::one_of;
use crate::web::{
    paging::Named,
    problem::{self, ProblemView},
    problem_catalogue,
};

/// Answers by their status.
pub(super) type Responses = BTreeMap<String, RefOr<Response>>;

/// `200` with one record and its version.
pub(super) struct Record<T>(PhantomData<T>);
/// `200` with a part of a list.
pub(super) struct Listed<T>(PhantomData<T>);
/// `201` with the new record, its place and its version.
pub(super) struct Created<T>(PhantomData<T>);
/// `201` with something added to a record that must exist, its place and the record's version.
pub(super) struct Added<T>(PhantomData<T>);
/// `200` with the record as it is after a change, and its version.
pub(super) struct Changed<T>(PhantomData<T>);
/// `200` with all rows of a short list as they are after a change.
pub(super) struct ListChanged<T>(PhantomData<T>);
/// `204` after a deletion.
pub(super) struct Deleted(());

impl<T: ToSchema> IntoResponses for Record<T> {
    fn responses() -> Responses {
        let answer = shows::<T>("The record.").header("ETag", etag());
        with_problems("200", answer, &[400, 401, 403, 404, 503])
    }
}

impl<T: ToSchema> IntoResponses for Listed<T> {
    fn responses() -> Responses {
        let page = page(reference::<T>());
        let answer = ResponseBuilder::new()
            .description("The rows of this page.")
            .content(JSON, ContentBuilder::new().schema(Some(page)).build());
        with_problems("200", answer, &[400, 401, 403, 503])
    }
}

/// `200` with a part of a list of what is the caller's own, for which no permission is needed.
pub(super) fn own_list<T: ToSchema>() -> Responses {
    let mut responses = Listed::<T>::responses();
    responses.remove("403");
    responses
}

impl<T: ToSchema> IntoResponses for Created<T> {
    fn responses() -> Responses {
        let answer = changed(shows::<T>("The new record."))
            .header("ETag", etag())
            .header("Location", location());
        with_problems("201", answer, &[400, 401, 403, 409, 413, 415, 422, 503])
    }
}

impl<T: ToSchema> IntoResponses for Added<T> {
    fn responses() -> Responses {
        let answer = changed(shows::<T>(
            "What was added, and the record it was added to.",
        ))
        .header("ETag", etag())
        .header("Location", location());
        with_problems("201", answer, ON_A_RECORD)
    }
}

impl<T: ToSchema> IntoResponses for Changed<T> {
    fn responses() -> Responses {
        let answer = changed(shows::<T>("The record as it is now.")).header("ETag", etag());
        with_problems("200", answer, ON_A_RECORD)
    }
}

impl<T: ToSchema> IntoResponses for ListChanged<T> {
    fn responses() -> Responses {
        let page = page(reference::<T>());
        let answer = ResponseBuilder::new()
            .description("The rows as they are now.")
            .content(JSON, ContentBuilder::new().schema(Some(page)).build());
        with_problems("200", changed(answer), ON_A_RECORD)
    }
}

impl IntoResponses for Deleted {
    fn responses() -> Responses {
        let answer = changed(ResponseBuilder::new().description("It is deleted."));
        with_problems("204", answer, &[400, 401, 403, 404, 409, 412, 422, 503])
    }
}

/// The statuses of problems that a change of one record can meet.
pub(super) const ON_A_RECORD: &[u16] = &[400, 401, 403, 404, 409, 412, 413, 415, 422, 503];
const JSON: &str = "application/json";

/// An answer among the problems that can come instead.
pub(super) fn with_problems(status: &str, answer: ResponseBuilder, statuses: &[u16]) -> Responses {
    let mut responses = problems(statuses);
    responses.insert(status.to_owned(), answer.build().into());
    responses
}

/// The problems with these statuses.
pub(super) fn problems(statuses: &[u16]) -> Responses {
    statuses
        .iter()
        .map(|status| (status.to_string(), problem(*status).into()))
        .collect()
}

/// An answer that holds a `T` as JSON.
pub(super) fn shows<T: ToSchema>(description: &str) -> ResponseBuilder {
    let content = ContentBuilder::new().schema(Some(reference::<T>())).build();
    ResponseBuilder::new()
        .description(description)
        .content(JSON, content)
}

/// The place of a schema in the document.
pub(super) fn reference<T: ToSchema>() -> Ref {
    Ref::from_schema_name(T::name())
}

fn problem(status: u16) -> Response {
    let titles: Vec<_> = Code::ALL
        .into_iter()
        .filter(|code| problem_catalogue::status(*code) == status)
        .map(|code| format!("{} (`{}`)", problem_catalogue::title(code), code.as_str()))
        .collect();
    let content = ContentBuilder::new()
        .schema(Some(reference::<ProblemView>()))
        .build();
    let mut response = ResponseBuilder::new()
        .description(titles.join("; "))
        .content(problem::CONTENT_TYPE, content);
    for code in Code::ALL {
        if problem_catalogue::status(code) == status
            && let Some((name, _)) = problem::header_of(code)
        {
            response = response.header(name.as_str(), header(text(), header_words(status)));
        }
    }
    response.build()
}

const fn header_words(status: u16) -> &'static str {
    match status {
        401 => "How to sign in.",
        _ => "After how many seconds to try again.",
    }
}

fn page(row: Ref) -> Schema {
    let next = ObjectBuilder::new()
        .schema_type(
            [Type::String, Type::Null]
                .into_iter()
                .collect::<utoipa::openapi::schema::SchemaType>(),
        )
        .description(Some(
            "Send this as `cursor` to get the next page; null on the last one.",
        ));
    let total = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(0))
        .description(Some(
            "How many rows match in all, when `include_total=true` was sent.",
        ));
    ObjectBuilder::new()
        .property("items", ArrayBuilder::new().items(row))
        .required("items")
        .property("next_cursor", next)
        .required("next_cursor")
        .property("total", total)
        .into()
}

/// An answer with what may be said of any change.
pub(super) fn changed(response: ResponseBuilder) -> ResponseBuilder {
    let only_true = || one_of(["true"]);
    response
        .header(
            "Dry-Run",
            header(only_true(), "There when the change was only rehearsed."),
        )
        .header(
            "Idempotent-Replayed",
            header(
                only_true(),
                "There when this is the answer that was given to the same request before.",
            ),
        )
}

fn etag() -> utoipa::openapi::Header {
    let version = text().pattern(Some("^\"[0-9]+\"$"));
    header(version, "The version of the record, for `If-Match`.")
}

fn location() -> utoipa::openapi::Header {
    header(text(), "Where it can be read.")
}

/// The headers of every answer that counts for a limit.
pub(super) fn rate_limits() -> [(&'static str, utoipa::openapi::Header); 2] {
    let rest = "How many more requests of this kind are taken (`r`), and in how many seconds there will be more (`t`), for each limit; absent when there are none.";
    let policy = "How many requests (`q`) are taken in how many seconds (`w`), for each limit.";
    [
        ("RateLimit", header(text(), rest)),
        ("RateLimit-Policy", header(text(), policy)),
    ]
}

/// The answer to too many requests, which every route may give.
pub(super) fn too_many() -> Response {
    problem(429)
}

/// The id of the request, on every answer.
pub(super) fn request_id() -> utoipa::openapi::Header {
    header(
        text(),
        "The id of the request: the one that was sent in this header, or a new one.",
    )
}

fn header(schema: ObjectBuilder, description: &str) -> utoipa::openapi::Header {
    HeaderBuilder::new()
        .schema(Some(Schema::from(schema)))
        .description(Some(description))
        .build()
}

/// The terms of a change that makes something new.
pub(super) struct NewTerms(());
/// The terms of a change of something that exists.
pub(super) struct Terms(());
/// The id of the record, in the path.
pub(super) struct RecordId(());

impl IntoParams for NewTerms {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![dry_run(), idempotency_key()]
    }
}

impl IntoParams for Terms {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let tag = r#""[!#-+.-~-]*""#;
        let tags = text().pattern(Some(format!(r"^(\*|{tag}(, ?{tag})*)$")));
        let if_match = parameter("If-Match", ParameterIn::Header, tags)
            .description(Some(
                "Change the record only if its `ETag` is one of these; else the answer is `412`.",
            ))
            .example(Some("\"3\"".into()))
            .build();
        vec![dry_run(), if_match, idempotency_key()]
    }
}

impl IntoParams for RecordId {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![path("id", uuid(), "The id of the record.")]
    }
}

fn dry_run() -> Parameter {
    query(
        "dry_run",
        boolean().default(Some(false.into())),
        "Only rehearse: everything is done and answered, nothing is kept; what is sensitive in the answer was read, and that is on record.",
    )
}

fn idempotency_key() -> Parameter {
    let key = text()
        .min_length(Some(1))
        .max_length(Some(255))
        .pattern(Some("^[!-~]+$"));
    parameter("Idempotency-Key", ParameterIn::Header, key)
        .description(Some(
            "A new key for each new thing to do: sent again within 24 hours, the request gets its first answer again.",
        ))
        .build()
}

/// The parameters of every list: page, order, count. `usual` is the order when nothing is said.
pub(super) fn list<S>(orders: &[Named<S>], usual: &str) -> Vec<Parameter> {
    let sorts = orders
        .iter()
        .flat_map(|(name, _)| [(*name).to_owned(), format!("-{name}")]);
    let sort = text().enum_values(Some(sorts)).default(Some(usual.into()));
    let limit = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .maximum(Some(100))
        .default(Some(50.into()));
    vec![
        query("limit", limit, "How many rows at most."),
        query(
            "cursor",
            text().min_length(Some(1)),
            "Go on behind the page whose `next_cursor` this is.",
        ),
        query("sort", sort, "The order; a minus turns it around."),
        query(
            "include_total",
            boolean().default(Some(false.into())),
            "Count all rows that match, too.",
        ),
    ]
}

/// A parameter of the query that may be left out.
pub(super) fn query(name: &str, schema: impl Into<RefOr<Schema>>, description: &str) -> Parameter {
    parameter(name, ParameterIn::Query, schema)
        .description(Some(description))
        .build()
}

/// A parameter of the query that must be there.
pub(super) fn needed(name: &str, schema: impl Into<RefOr<Schema>>, description: &str) -> Parameter {
    parameter(name, ParameterIn::Query, schema)
        .required(Required::True)
        .description(Some(description))
        .build()
}

/// A parameter in the path.
pub(super) fn path(name: &str, schema: impl Into<RefOr<Schema>>, description: &str) -> Parameter {
    parameter(name, ParameterIn::Path, schema)
        .required(Required::True)
        .description(Some(description))
        .build()
}

/// Words to search for.
pub(super) fn words(description: &str) -> Parameter {
    let words = text()
        .min_length(Some(1))
        .max_length(Some(200))
        .pattern(Some(r"\S"));
    query("q", words, description)
}

fn parameter(name: &str, place: ParameterIn, schema: impl Into<RefOr<Schema>>) -> ParameterBuilder {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(Required::False)
        .schema(Some(schema))
}

/// A string.
pub(super) fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

/// True or false.
pub(super) fn boolean() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Boolean)
}

/// A whole number within bounds.
pub(super) fn integer(least: i32, most: i32) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(least))
        .maximum(Some(most))
}

/// A UUID.
pub(super) fn uuid() -> ObjectBuilder {
    formatted("uuid")
}

/// A string of a format that JSON Schema names.
pub(super) fn formatted(format: &str) -> ObjectBuilder {
    text().format(Some(SchemaFormat::Custom(format.to_owned())))
}
