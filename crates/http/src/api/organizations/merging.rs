//! Organizations that are there twice, over HTTP: finding them, and merging two into one.

use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use unionhall_application::{
    StoredAnswer,
    organizations::{Likeness, MergeOrganizations, Merged, Similar, Twins},
};
use unionhall_domain::{
    change::Change,
    ids::Id,
    organizations::{OrganizationField, OrganizationId},
    text::Line,
    version::Version,
};
use utoipa::{
    ToSchema,
    openapi::path::{Parameter, ParameterIn},
};

use super::{
    super::{
        choices::{AuditTargetName, OrganizationFieldName},
        docs::{self, Changed, RecordId, Terms},
        shown::Shown,
    },
    view,
    views::OrganizationView,
};
use crate::web::{
    answer::{self, Rendering},
    body::Body,
    caller::Caller,
    fields::{Input, Reader, Unknown},
    problem::Problem,
    query::Query,
};

/// Finds organizations like one that is about to be added.
///
/// Up to 10, the most alike first: by name once legal form, punctuation, accents and case are taken away, or by street
/// address.
#[utoipa::path(
    operation_id = "organizations_duplicates",
    tag = "organizations",
    params(Alike),
    responses(Duplicates)
)]
#[get("/duplicates")]
pub(super) async fn duplicates(caller: Caller) -> Result<HttpResponse, Problem> {
    let wanted = likeness(caller.query())?;
    let found = caller
        .look(move |application, call| application.organizations.duplicates(call, &wanted))
        .await?;
    let items = found.iter().map(SimilarView::from).collect();
    Ok(answer::json(&DuplicatesView { items }))
}

/// Lists pairs of organizations that may be one.
///
/// Up to 100, the most alike first.
#[utoipa::path(
    operation_id = "organizations_duplicate_pairs",
    tag = "organizations",
    responses(Pairs)
)]
#[get("/duplicate-pairs")]
pub(super) async fn duplicate_pairs(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let found = caller
        .look(move |application, call| application.organizations.duplicate_pairs(call))
        .await?;
    let items = found.iter().map(PairView::from).collect();
    Ok(answer::json(&PairsView { items }))
}

/// Merges an organization into another one.
///
/// All that hangs on it, such as contacts, employments and grievances, hangs on the other one from then on, and it is
/// deleted for good. Of the contacts the other one's primary contact stays so. What the other one does not know comes from
/// it, and the fields of `take`. `If-Match` is about the organization that goes, `into_version` about the one that stays.
/// Merging it there again does nothing.
#[utoipa::path(
    operation_id = "organizations_merge",
    tag = "organizations",
    params(RecordId, Terms),
    request_body = MergeBody,
    responses(Changed<MergedView>)
)]
#[post("/{id}/merge")]
pub(super) async fn merge(caller: Caller, body: Body<MergeBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("organization")?;
    let wanted = body.parse()?.command()?;
    caller
        .change(body.bytes(), merged, move |application, call| {
            application.organizations.merge(call, id, &wanted)
        })
        .await
}

fn merged(rendering: &Rendering, merged: &Merged) -> StoredAnswer {
    let count = |(target, count): &(unionhall_domain::audit::Target, u64)| MovedView {
        kind: target.as_str(),
        count: *count,
    };
    let shown = MergedView {
        organization: view(rendering, &merged.winner),
        moved: merged.moved.iter().map(count).collect(),
    };
    answer::ok(&shown, Some(merged.winner.version))
}

fn likeness(mut query: Query) -> Result<Likeness, Problem> {
    let name = query.optional("name", Line::<255>::parse);
    let address = query.optional("address", Line::<255>::parse);
    query.finish(Likeness {
        name: name.map(|line| line.to_string()).unwrap_or_default(),
        address: address.map(|line| line.to_string()),
    })
}

/// An organization that goes, and the one that stays.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = MergeOrganization,
    example = json!({
        "into": "0190ab54-3c2e-7b1a-8f00-3a5d1c9e2b47", "into_version": 3, "take": ["phone", "website"]
    })
)]
pub(super) struct MergeBody {
    /// The organization that stays.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = "uuid")]
    into: Input,
    /// The version of it that was seen; merge only if it is the present one.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1)]
    into_version: Input,
    /// The fields that are taken from the one that goes, where it has them.
    #[serde(default)]
    #[schema(value_type = Vec<OrganizationFieldName>, max_items = 9)]
    take: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl MergeBody {
    /// The merger, or every field that is wrong.
    fn command(self) -> Result<MergeOrganizations, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let into: Option<OrganizationId> = reader.required("into", self.into, Id::parse);
        let winner_version = reader.whole_number("into_version", self.into_version, |count| {
            let wrong =
                || unionhall_domain::invalid::Invalid::new("out_of_range", "must be 1 or more");
            Version::new(count).ok_or_else(wrong)
        });
        let taken = reader.changed_list(
            "take",
            self.take,
            OrganizationField::ALL.len(),
            OrganizationField::parse,
        );
        let taken = match taken {
            Change::Keep => Vec::new(),
            Change::Set(taken) => taken,
        };
        reader.finish(into.map(|winner| MergeOrganizations {
            winner,
            winner_version,
            taken,
        }))
    }
}

/// What came of a merger.
#[derive(Serialize, ToSchema)]
#[schema(as = MergedOrganization)]
pub(super) struct MergedView<'a> {
    /// The organization that stayed.
    organization: OrganizationView<'a>,
    /// What hangs on it now that hung on the other one, kind by kind.
    moved: Vec<MovedView>,
}

/// Records of one kind that were moved.
#[derive(Serialize, ToSchema)]
#[schema(as = MovedRecords)]
struct MovedView {
    /// What they are.
    #[schema(value_type = AuditTargetName)]
    kind: &'static str,
    /// How many.
    #[schema(minimum = 1)]
    count: u64,
}

/// An organization that may be the same as another one.
#[derive(Serialize, ToSchema)]
#[schema(as = SimilarOrganization)]
pub(super) struct SimilarView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<OrganizationId>,
    /// Its name.
    name: &'a str,
    /// Street address.
    #[schema(required = true)]
    address: Option<&'a str>,
    /// City.
    #[schema(required = true)]
    city: Option<&'a str>,
    /// How much of the names is alike, in percent; 100 where they differ in nothing but how they are written.
    #[schema(minimum = 0, maximum = 100)]
    similarity: u8,
    /// Whether both have the same street address.
    same_address: bool,
}

impl<'a> From<&'a Similar> for SimilarView<'a> {
    fn from(similar: &'a Similar) -> Self {
        let details = &similar.organization.details;
        Self {
            id: Shown(similar.organization.id),
            name: details.name.as_str(),
            address: details.address.as_ref().map(|text| text.as_str()),
            city: details.city.as_ref().map(|text| text.as_str()),
            similarity: similar.similarity,
            same_address: similar.same_address,
        }
    }
}

/// Organizations that may be the same.
#[derive(Serialize, ToSchema)]
#[schema(as = SimilarOrganizations)]
pub(super) struct DuplicatesView<'a> {
    /// The organizations, the most alike first.
    items: Vec<SimilarView<'a>>,
}

/// Two organizations that may be one.
#[derive(Serialize, ToSchema)]
#[schema(as = OrganizationPair)]
struct PairView<'a> {
    /// The one that was made first.
    first: OrganizationView<'a>,
    /// The one that is like it.
    second: SimilarView<'a>,
}

impl<'a> From<&'a Twins> for PairView<'a> {
    fn from(twins: &'a Twins) -> Self {
        Self {
            first: OrganizationView::from(&twins.first),
            second: SimilarView::from(&twins.second),
        }
    }
}

/// Pairs of organizations that may be one.
#[derive(Serialize, ToSchema)]
#[schema(as = OrganizationPairs)]
pub(super) struct PairsView<'a> {
    /// The pairs, the most alike first.
    items: Vec<PairView<'a>>,
}

/// What is compared, for the document.
struct Alike(());
/// The answers with organizations that are alike, for the document.
struct Duplicates(());
/// The answers with pairs, for the document.
struct Pairs(());

impl utoipa::IntoParams for Alike {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let line = || {
            docs::text()
                .min_length(Some(1))
                .max_length(Some(255))
                .pattern(Some(r"\S"))
        };
        vec![
            docs::query("name", line(), "Its name, or as much of it as was typed."),
            docs::query("address", line(), "Its street address."),
        ]
    }
}

impl utoipa::IntoResponses for Duplicates {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<DuplicatesView<'_>>("The organizations, the most alike first.");
        docs::with_problems("200", answer, &[400, 401, 403, 503])
    }
}

impl utoipa::IntoResponses for Pairs {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<PairsView<'_>>("The pairs, the most alike first.");
        docs::with_problems("200", answer, &[400, 401, 403, 503])
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::web::problem::tests::told;

    fn command(body: Value) -> Result<MergeOrganizations, Problem> {
        serde_json::from_value::<MergeBody>(body).unwrap().command()
    }

    #[test]
    fn every_field_is_checked_and_all_that_are_wrong_are_told() {
        let body = json!({"into": "x", "into_version": 0, "take": ["shoe_size"], "from": 7});
        let wrong = [
            "/from unknown_field",
            "/into not_a_uuid",
            "/into_version out_of_range",
            "/take unknown_value",
        ];
        assert_eq!(told(command(body)), wrong);
        assert_eq!(told(command(json!({}))), ["/into required"]);
    }

    #[test]
    fn what_is_not_said_is_not_meant() {
        let id = "0190ab54-3c2e-7b1a-8f00-3a5d1c9e2b47";
        let wanted = command(json!({"into": id, "take": ["phone"]})).unwrap();
        assert_eq!(wanted.taken, [OrganizationField::Phone]);
        assert_eq!(wanted.winner_version, None);
        assert_eq!(wanted.winner.to_string(), id);
    }
}
