//! Rows of agreements, their parties and their rules, and their way from and to the aggregates.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use serde_json::{Map, Value, json};
use unionhall_domain::{
    collective_agreements::{
        AgreementTerms, Article, CollectiveAgreement, CollectiveAgreementId, Party, RuleSet, Side,
        Term,
    },
    invalid::FieldError,
    organizations::OrganizationId,
    tenants::TenantId,
    text::{Line, Prose},
};
use uuid::Uuid;

use super::rules;
use crate::{
    errors::InconsistentRow,
    json::StoredJson,
    rows::instant,
    schema::{collective_agreement_parties, collective_agreement_rule_sets, collective_agreements},
    stored::{StoredRow, day},
};

/// Everything that a list shows of an agreement, save its parties.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = collective_agreements)]
#[diesel(primary_key(tenant_id, id))]
#[diesel(treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) tenant_id: Uuid,
    name: String,
    pub(super) effective_from: jiff_diesel::Date,
    effective_through: Option<jiff_diesel::Date>,
    articles: Value,
    pub(super) version: i64,
    created_at: jiff_diesel::Timestamp,
    updated_at: jiff_diesel::Timestamp,
    deleted_at: Option<jiff_diesel::Timestamp>,
}

/// A party of an agreement.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = collective_agreement_parties)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct PartyRow {
    tenant_id: Uuid,
    pub(super) agreement_id: Uuid,
    place: i16,
    side: String,
    name: String,
    organization_id: Option<Uuid>,
}

/// A version of an agreement's rules.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = collective_agreement_rule_sets)]
pub(super) struct RuleSetRow {
    tenant_id: Uuid,
    agreement_id: Uuid,
    version: i64,
    effective_from: jiff_diesel::Date,
    rules: Value,
    created_at: jiff_diesel::Timestamp,
}

impl Row {
    /// The row of a tenant's agreement.
    pub(super) fn new(tenant: TenantId, agreement: &CollectiveAgreement) -> Self {
        let CollectiveAgreement {
            id,
            terms,
            version,
            created_at,
            updated_at,
            deleted_at,
        } = agreement;
        let article = |article: &Article| json!({"number": article.number.as_str(), "title": article.title.as_str()});
        Self {
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            name: terms.name().to_string(),
            effective_from: day(terms.term().from()),
            effective_through: terms.term().through().map(day),
            articles: terms.articles().iter().map(article).collect(),
            version: version.get(),
            created_at: instant(*created_at),
            updated_at: instant(*updated_at),
            deleted_at: deleted_at.map(instant),
        }
    }

    /// The agreement with its parties; `texts` are the words of its articles by their numbers.
    pub(super) fn agreement(
        self,
        parties: Vec<PartyRow>,
        texts: &Value,
    ) -> Result<CollectiveAgreement, InconsistentRow> {
        let from = StoredRow::new("collective_agreements", self.id);
        let terms = AgreementTerms::new(
            from.value("name", Line::parse(&self.name))?,
            parties
                .into_iter()
                .map(|party| party.party(from))
                .collect::<Result<_, _>>()?,
            from.value(
                "effective_through",
                Term::new(
                    self.effective_from.to_jiff(),
                    self.effective_through.map(jiff_diesel::Date::to_jiff),
                ),
            )?,
            StoredJson::new(from, "articles", &self.articles)
                .each(|article| read_article(article, texts))?,
        );
        Ok(CollectiveAgreement {
            id: CollectiveAgreementId::new(self.id),
            terms: terms.map_err(|errors| from.inconsistent(said(&errors)))?,
            version: from.version(self.version)?,
            created_at: self.created_at.to_jiff(),
            updated_at: self.updated_at.to_jiff(),
            deleted_at: self.deleted_at.map(jiff_diesel::Timestamp::to_jiff),
        })
    }
}

/// The words of an agreement's articles by their numbers.
pub(super) fn texts(agreement: &CollectiveAgreement) -> Value {
    let text = |article: &Article| {
        let text = article.text.as_ref()?;
        Some((
            article.number.to_string(),
            Value::String(text.as_str().to_owned()),
        ))
    };
    let articles = agreement.terms.articles();
    Value::Object(articles.iter().filter_map(text).collect::<Map<_, _>>())
}

fn read_article(article: StoredJson<'_>, texts: &Value) -> Result<Article, InconsistentRow> {
    let number = article.text("number")?;
    let text = texts.get(number).and_then(Value::as_str);
    Ok(Article {
        number: article.parsed("number", Line::parse)?,
        title: article.parsed("title", Line::parse)?,
        text: text
            .map(|text| article.checked("text", Prose::parse(text)))
            .transpose()?,
    })
}

impl PartyRow {
    /// The rows of a tenant's agreement.
    pub(super) fn all(tenant: TenantId, agreement: &CollectiveAgreement) -> Vec<Self> {
        let row = |(place, party): (i16, &Party)| Self {
            tenant_id: tenant.uuid(),
            agreement_id: agreement.id.uuid(),
            place,
            side: party.side.as_str().to_owned(),
            name: party.name.to_string(),
            organization_id: party.organization.map(OrganizationId::uuid),
        };
        (0..).zip(agreement.terms.parties()).map(row).collect()
    }

    fn party(self, from: StoredRow) -> Result<Party, InconsistentRow> {
        Ok(Party {
            side: from.value("side", Side::parse(&self.side))?,
            name: from.value("name", Line::parse(&self.name))?,
            organization: self.organization_id.map(OrganizationId::new),
        })
    }
}

impl RuleSetRow {
    /// The row of a tenant's rules.
    pub(super) fn new(tenant: TenantId, set: &RuleSet, at: jiff::Timestamp) -> Self {
        Self {
            tenant_id: tenant.uuid(),
            agreement_id: set.agreement().uuid(),
            version: set.version().get(),
            effective_from: day(set.effective_from()),
            rules: set.rules().iter().map(rules::to_json).collect(),
            created_at: instant(at),
        }
    }
}

impl TryFrom<RuleSetRow> for RuleSet {
    type Error = InconsistentRow;

    fn try_from(row: RuleSetRow) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("collective_agreement_rule_sets", row.agreement_id);
        Ok(Self::kept(
            CollectiveAgreementId::new(row.agreement_id),
            from.version(row.version)?,
            row.effective_from.to_jiff(),
            StoredJson::new(from, "rules", &row.rules).each(rules::from_json)?,
        ))
    }
}

/// What is wrong, without the values.
fn said(errors: &[FieldError]) -> String {
    let said = errors
        .iter()
        .map(|error| format!("{} {}", error.field, error.invalid.detail));
    said.collect::<Vec<_>>().join(", ")
}
