//! SALTing activities over HTTP.

mod bodies;
mod statistics;
pub(super) mod views;

pub(super) use views::{SaltingTallyView, TallyOfMonthView};

use actix_web::{HttpResponse, delete, get, patch, post};
use unionhall_application::{
    Application, OutcomeKnown, SaltingActivityFilter, SaltingActivitySort, StoredAnswer,
    call::Call,
    pages::{Direction, PageRequest},
    salting_activities::SaltingActivityError,
};
use unionhall_domain::{
    audit::Target,
    ids::Id,
    invalid::Invalid,
    salting_activities::{SaltingActivity, SaltingActivityType, SaltingOutcome},
};
use utoipa::openapi::path::{Parameter, ParameterIn};

use self::{
    bodies::{ChangeSaltingActivityBody, CreateSaltingActivityBody},
    views::SaltingActivityView,
};
use super::{
    choices::{SaltingActivityTypeName, SaltingOutcomeKnownName},
    docs::{self, Changed, Created, Deleted, Listed, NewTerms, Record, RecordId, Terms},
    exports::{ExportOf, File},
    nothing::{self, Nothing},
    routes::Routes,
};
use crate::{
    BASE,
    web::{
        answer::{self, Rendering},
        body::Body,
        caller::Caller,
        exports::{Asked, Exported, rows},
        fields::date,
        paging::{self, Named},
        problem::Problem,
        query::Query,
    },
};

/// What a list can be sorted by.
const ORDERS: &[Named<SaltingActivitySort>] = &[
    ("activity_date", SaltingActivitySort::Date),
    ("created_at", SaltingActivitySort::Created),
];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes.schema::<SaltingActivityView<'_>>();
    routes.add(list).add(create).add(export);
    statistics::routes(routes);
    routes.add(find).add(update).add(delete).add(restore);
}

/// Records a SALTing activity.
///
/// The day is not in the future, no more cards are signed than workers contacted, and the target is an employer.
#[utoipa::path(
    operation_id = "salting_activities_create",
    tag = "salting_activities",
    params(NewTerms),
    request_body = CreateSaltingActivityBody,
    responses(Created<SaltingActivityView>)
)]
#[post("")]
async fn create(
    caller: Caller,
    body: Body<CreateSaltingActivityBody>,
) -> Result<HttpResponse, Problem> {
    let report = body.parse()?.command()?;
    caller
        .change(body.bytes(), created, |application, call| {
            application.salting_activities.create(call, report)
        })
        .await
}

/// Lists SALTing activities.
#[utoipa::path(
    operation_id = "salting_activities_list",
    tag = "salting_activities",
    params(Wanted),
    responses(Listed<SaltingActivityView>)
)]
#[get("")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let (filter, page) = wanted(caller.query())?;
    let body = caller
        .read(move |application, call| {
            let found = application.salting_activities.list(call, &filter, &page)?;
            let shown = |found| {
                answer::bytes(&paging::view::<_, _, SaltingActivityView<'_>>(
                    &found, ORDERS, &page,
                ))
            };
            Ok::<_, SaltingActivityError>(found.map(shown))
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports SALTing activities.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "salting_activities_export",
    tag = "salting_activities",
    params(ExportOf<Wanted>),
    responses(File)
)]
#[get("/export")]
async fn export(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = Asked::from(&mut query);
    let (filter, page) = wanted(query)?;
    let exported = Exported("salting-activities", Target::SaltingActivity);
    let read = move |application: &Application, call: &Call, page: &_| {
        let found = application.salting_activities.list(call, &filter, page)?;
        Ok::<_, SaltingActivityError>(rows::<_, SaltingActivityView<'_>>(&found.value))
    };
    caller
        .export::<SaltingActivityView<'_>, _, _, _>(exported, asked, page, read)
        .await
}

/// Reads a SALTing activity.
#[utoipa::path(
    operation_id = "salting_activities_find",
    tag = "salting_activities",
    params(RecordId),
    responses(Record<SaltingActivityView>)
)]
#[get("/{id}")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("activity")?;
    let activity = caller
        .read(move |application, call| application.salting_activities.find(call, id))
        .await?;
    let view = view(&caller.rendering(), &activity);
    Ok(answer::record(&view, activity.version))
}

/// Changes what a SALTing activity says.
///
/// Fields that are not named stay as they are; `null` clears a field.
#[utoipa::path(
    operation_id = "salting_activities_update",
    tag = "salting_activities",
    params(RecordId, Terms),
    request_body = ChangeSaltingActivityBody,
    responses(Changed<SaltingActivityView>)
)]
#[patch("/{id}")]
async fn update(
    caller: Caller,
    body: Body<ChangeSaltingActivityBody>,
) -> Result<HttpResponse, Problem> {
    let id = caller.id("activity")?;
    let wanted = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.salting_activities.update(call, id, wanted)
        })
        .await
}

/// Deletes a SALTing activity.
///
/// It can be restored.
#[utoipa::path(
    operation_id = "salting_activities_delete",
    tag = "salting_activities",
    params(RecordId, Terms),
    responses(Deleted)
)]
#[delete("/{id}")]
async fn delete(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = caller.id("activity")?;
    caller
        .change(&[], answer::gone, move |application, call| {
            application.salting_activities.delete(call, id)
        })
        .await
}

/// Restores a deleted SALTing activity.
#[utoipa::path(
    operation_id = "salting_activities_restore",
    tag = "salting_activities",
    params(RecordId, Terms),
    responses(Changed<SaltingActivityView>)
)]
#[post("/{id}/restore")]
async fn restore(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    let id = caller.id("activity")?;
    nothing::expected(&body)?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.salting_activities.restore(call, id)
        })
        .await
}

fn wanted(
    mut query: Query,
) -> Result<(SaltingActivityFilter, PageRequest<SaltingActivitySort>), Problem> {
    let filter = filter(&mut query);
    let usual = (
        ("activity_date", SaltingActivitySort::Date),
        Direction::Descending,
    );
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish((filter, page))
}

/// Reads which activities are asked for.
fn filter(query: &mut Query) -> SaltingActivityFilter {
    SaltingActivityFilter {
        organization: query.optional("organization_id", Id::parse),
        campaign: query.optional("campaign_id", Id::parse),
        member: query.optional("member_id", Id::parse),
        activity_type: query.optional("activity_type", SaltingActivityType::parse),
        outcome: query.optional("outcome", outcome),
        from: query.optional("from", date),
        until: query.optional("until", date),
    }
}

fn outcome(text: &str) -> Result<OutcomeKnown, Invalid> {
    if text == OutcomeKnown::PENDING {
        return Ok(OutcomeKnown::Pending);
    }
    let known = SaltingOutcome::parse(text).map(OutcomeKnown::Known);
    known.map_err(|invalid| Invalid {
        detail: format!("{}, {}", invalid.detail, OutcomeKnown::PENDING),
        ..invalid
    })
}

fn view<'a>(rendering: &Rendering, activity: &'a SaltingActivity) -> SaltingActivityView<'a> {
    let activities = &rendering.application.salting_activities;
    let actions = activities.allowed_actions(&rendering.actor);
    SaltingActivityView::from(activity).allowing(actions)
}

fn present(rendering: &Rendering, activity: &SaltingActivity) -> StoredAnswer {
    answer::ok(&view(rendering, activity), Some(activity.version))
}

fn created(rendering: &Rendering, activity: &SaltingActivity) -> StoredAnswer {
    let place = format!("{BASE}/salting-activities/{}", activity.id);
    answer::created(&view(rendering, activity), place, activity.version)
}

/// The parameters of the list, for the document.
struct Wanted(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut parameters = filters();
        parameters.extend(docs::list(ORDERS, "-activity_date"));
        parameters
    }
}

/// The parameters of [`filter`], for the document.
fn filters() -> Vec<Parameter> {
    let kind = docs::reference::<SaltingActivityTypeName>();
    let outcome = docs::reference::<SaltingOutcomeKnownName>();
    let day = || docs::formatted("date");
    vec![
        docs::query("organization_id", docs::uuid(), "Only at this employer."),
        docs::query("campaign_id", docs::uuid(), "Only of this campaign."),
        docs::query("member_id", docs::uuid(), "Only by this member."),
        docs::query("activity_type", kind, "Only of this type."),
        docs::query(
            "outcome",
            outcome,
            "Only with this outcome; `pending` where none is known yet.",
        ),
        docs::query("from", day(), "Only on this day or later."),
        docs::query("until", day(), "Only on this day or earlier."),
    ]
}
