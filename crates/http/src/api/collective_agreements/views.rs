//! How an agreement is shown.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use unionhall_domain::{
    collective_agreements::{Article, CollectiveAgreement, CollectiveAgreementId, Party},
    organizations::OrganizationId,
};
use utoipa::ToSchema;

use super::super::{choices::SideName, shown::Shown};

/// An agreement between the union and one or more employers.
#[derive(Serialize, ToSchema)]
#[schema(as = Agreement)]
pub(super) struct AgreementView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<CollectiveAgreementId>,
    /// What it is called.
    name: &'a str,
    /// The first day.
    #[schema(value_type = String, format = Date)]
    effective_from: Shown<Date>,
    /// The last day; null when it runs until it is replaced.
    #[schema(value_type = Option<String>, format = Date, required = true)]
    effective_through: Option<Shown<Date>>,
    /// Who made it.
    parties: Vec<PartyView<'a>>,
    /// Its articles; lists leave their words out.
    articles: Vec<ArticleView<'a>>,
    /// Counts the changes of the record.
    #[schema(minimum = 1)]
    version: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown<Timestamp>,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Shown<Timestamp>,
}

/// Somebody who made the agreement.
#[derive(Serialize, ToSchema)]
#[schema(as = AgreementParty)]
struct PartyView<'a> {
    /// On which side.
    #[schema(value_type = SideName)]
    side: &'static str,
    /// Under which name.
    name: &'a str,
    /// Who it is among the organizations of the hall.
    #[schema(value_type = Option<String>, format = "uuid", required = true)]
    organization_id: Option<Shown<OrganizationId>>,
}

/// A part of the agreement that can be cited.
#[derive(Serialize, ToSchema)]
#[schema(as = AgreementArticle)]
struct ArticleView<'a> {
    /// Its number, as it is cited.
    number: &'a str,
    /// Its heading.
    title: &'a str,
    /// Its words.
    #[schema(required = true)]
    text: Option<&'a str>,
}

impl<'a> From<&'a CollectiveAgreement> for AgreementView<'a> {
    fn from(agreement: &'a CollectiveAgreement) -> Self {
        let CollectiveAgreement {
            id,
            terms,
            version,
            created_at,
            updated_at,
            deleted_at: _,
        } = agreement;
        Self {
            id: Shown(*id),
            name: terms.name().as_str(),
            effective_from: Shown(terms.term().from()),
            effective_through: terms.term().through().map(Shown),
            parties: terms.parties().iter().map(PartyView::from).collect(),
            articles: terms.articles().iter().map(ArticleView::from).collect(),
            version: version.get(),
            created_at: Shown(*created_at),
            updated_at: Shown(*updated_at),
        }
    }
}

impl<'a> From<&'a Party> for PartyView<'a> {
    fn from(party: &'a Party) -> Self {
        let Party {
            side,
            name,
            organization,
        } = party;
        Self {
            side: side.as_str(),
            name: name.as_str(),
            organization_id: organization.map(Shown),
        }
    }
}

impl<'a> From<&'a Article> for ArticleView<'a> {
    fn from(article: &'a Article) -> Self {
        let Article {
            number,
            title,
            text,
        } = article;
        Self {
            number: number.as_str(),
            title: title.as_str(),
            text: text.as_ref().map(|text| text.as_str()),
        }
    }
}
