//! What can be said of an agreement.

use serde::Deserialize;
use unionhall_domain::{
    change::Change,
    collective_agreements::{AgreementChange, AgreementTerms, Article, Party, Side, Term},
    ids::Id,
    text::{Line, Prose},
};
use utoipa::ToSchema;

use super::super::choices::SideName;
use crate::web::{
    fields::{Input, Reader, Unknown, date},
    problem::Problem,
};

/// How many parties and articles are read at all; the domain has the same limits.
const MOST_PARTIES: usize = 200;
const MOST_ARTICLES: usize = 500;

/// An agreement to be described.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = CreateAgreement,
    example = json!({
        "name": "Inside Agreement 2026–2028",
        "effective_from": "2026-01-01",
        "effective_through": "2028-12-31",
        "parties": [
            {"side": "union", "name": "Electrical Workers Local 46"},
            {"side": "employer", "name": "Cascade Electric"}
        ],
        "articles": [{"number": "9.2", "title": "Answers", "text": "The Employer answers within ten working days."}]
    })
)]
pub(super) struct CreateAgreementBody {
    /// What it is called.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 255, pattern = r"\S")]
    name: Input,
    /// The first day.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Date)]
    effective_from: Input,
    /// The last day; an agreement without one runs until it is replaced.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    effective_through: Input,
    /// Who made it, at least one for each side.
    #[serde(default)]
    #[schema(value_type = Vec<PartyBody>, required = true, min_items = 2, max_items = 200)]
    parties: Input,
    /// The articles that its rules cite, each number once.
    #[serde(default)]
    #[schema(value_type = Vec<ArticleBody>, required = true, max_items = 500)]
    articles: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// What to change of an agreement.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChangeAgreement, example = json!({"effective_through": "2029-12-31"}))]
pub(super) struct ChangeAgreementBody {
    /// What it is called.
    #[serde(default)]
    #[schema(value_type = String, max_length = 255, pattern = r"\S")]
    name: Input,
    /// The first day.
    #[serde(default)]
    #[schema(value_type = String, format = Date)]
    effective_from: Input,
    /// The last day; null for none.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    effective_through: Input,
    /// Who made it, all of them.
    #[serde(default)]
    #[schema(value_type = Vec<PartyBody>, min_items = 2, max_items = 200)]
    parties: Input,
    /// Its articles, all of them.
    #[serde(default)]
    #[schema(value_type = Vec<ArticleBody>, max_items = 500)]
    articles: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// Somebody who made the agreement.
#[derive(Deserialize, ToSchema)]
#[schema(as = AgreementPartyInput)]
pub(super) struct PartyBody {
    /// On which side.
    #[serde(default)]
    #[schema(value_type = SideName, required = true)]
    side: Input,
    /// Under which name.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 255, pattern = r"\S")]
    name: Input,
    /// Who it is among the organizations of the hall: on the employer's side an employer.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    organization_id: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// A part of the agreement that can be cited.
#[derive(Deserialize, ToSchema)]
#[schema(as = AgreementArticleInput)]
pub(super) struct ArticleBody {
    /// Its number, as it is cited.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 50, pattern = r"\S")]
    number: Input,
    /// Its heading.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 255, pattern = r"\S")]
    title: Input,
    /// Its words.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 20000, pattern = r"\S")]
    text: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl CreateAgreementBody {
    /// The terms, or every field that is wrong.
    pub(super) fn command(self) -> Result<AgreementTerms, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let name = reader.required("name", self.name, Line::parse);
        let from = reader.required("effective_from", self.effective_from, date);
        let through = reader.optional("effective_through", self.effective_through, date);
        let parties = reader.objects("parties", self.parties, MOST_PARTIES, PartyBody::read);
        let articles = reader.objects("articles", self.articles, MOST_ARTICLES, ArticleBody::read);
        let term = from.and_then(|from| {
            Term::new(from, through)
                .map_err(|invalid| reader.wrong("effective_through", invalid))
                .ok()
        });
        let all = name.zip(term).zip(parties).zip(articles);
        let (((name, term), parties), articles) = reader.finish(all)?;
        AgreementTerms::new(name, parties, term, articles).map_err(Problem::fields)
    }
}

impl ChangeAgreementBody {
    /// The change, or every field that is wrong.
    pub(super) fn command(self) -> Result<AgreementChange, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let change = AgreementChange {
            name: reader.change("name", self.name, Line::parse),
            effective_from: reader.change("effective_from", self.effective_from, date),
            effective_through: reader.clearable("effective_through", self.effective_through, date),
            parties: match self.parties {
                Input::Absent => Change::Keep,
                parties @ Input::Present(_) => {
                    let parties = reader.objects("parties", parties, MOST_PARTIES, PartyBody::read);
                    parties.map_or(Change::Keep, Change::Set)
                }
            },
            articles: match self.articles {
                Input::Absent => Change::Keep,
                articles @ Input::Present(_) => {
                    let read = ArticleBody::read;
                    let articles = reader.objects("articles", articles, MOST_ARTICLES, read);
                    articles.map_or(Change::Keep, Change::Set)
                }
            },
        };
        reader.finish(Some(change))
    }
}

impl PartyBody {
    fn read(self, reader: &mut Reader) -> Option<Party> {
        reader.refuse(&self.unknown);
        let side = reader.required("side", self.side, Side::parse);
        let name = reader.required("name", self.name, Line::parse);
        let organization = reader.optional("organization_id", self.organization_id, Id::parse);
        Some(Party {
            side: side?,
            name: name?,
            organization,
        })
    }
}

impl ArticleBody {
    fn read(self, reader: &mut Reader) -> Option<Article> {
        reader.refuse(&self.unknown);
        let number = reader.required("number", self.number, Line::parse);
        let title = reader.required("title", self.title, Line::parse);
        let text = reader.optional("text", self.text, Prose::parse);
        Some(Article {
            number: number?,
            title: title?,
            text,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::web::problem::tests::told;

    fn create(body: Value) -> Result<AgreementTerms, Problem> {
        serde_json::from_value::<CreateAgreementBody>(body)
            .unwrap()
            .command()
    }

    fn change(body: Value) -> Result<AgreementChange, Problem> {
        serde_json::from_value::<ChangeAgreementBody>(body)
            .unwrap()
            .command()
    }

    #[test]
    fn every_wrong_field_of_parties_and_articles_is_told_at_its_place() {
        let body = json!({
            "name": "Inside Agreement", "effective_from": "2026-01-01", "effective_through": "2025-12-31",
            "parties": [{"side": "judge", "name": "Somebody", "organization_id": 7}],
            "articles": [{"number": "1", "title": "One", "page": 3}, {"title": " "}]
        });
        assert_eq!(
            told(create(body)),
            [
                "/parties/0/side unknown_value",
                "/parties/0/organization_id wrong_type",
                "/articles/0/page unknown_field",
                "/articles/1/number required",
                "/articles/1/title blank",
                "/effective_through before_its_beginning"
            ]
        );
        assert_eq!(
            told(create(json!({}))),
            [
                "/name required",
                "/effective_from required",
                "/parties required",
                "/articles required"
            ]
        );
    }

    #[test]
    fn an_agreement_needs_somebody_on_each_side() {
        let body = json!({
            "name": "Inside Agreement", "effective_from": "2026-01-01", "articles": [],
            "parties": [{"side": "union", "name": "Local 46"}]
        });
        assert_eq!(told(create(body)), ["/parties missing"]);
    }

    #[test]
    fn a_change_keeps_what_is_not_named() {
        let kept = change(json!({"effective_through": null})).unwrap();
        let expected = AgreementChange {
            effective_through: Change::Set(None),
            ..AgreementChange::default()
        };
        assert_eq!(kept, expected);
        assert_eq!(
            told(change(json!({"parties": null, "articles": 3}))),
            ["/parties required", "/articles wrong_type"]
        );
    }
}
