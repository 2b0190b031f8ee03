//! Collective agreements and the versions of their rules in PostgreSQL.

mod listing;
mod row;
pub(crate) mod rules;

use std::collections::HashMap;

use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl,
    SelectableHelper,
    sql_types::{BigInt, Uuid as SqlUuid},
};
use jiff::{Timestamp, civil::Date};
use serde_json::{Map, Value};
use unionhall_domain::{
    collective_agreements::{CollectiveAgreement, CollectiveAgreementId, RuleSet},
    version::Version,
};
use unionhall_ports::{
    collective_agreements::{
        AgreementFilter, AgreementSort, CollectiveAgreementRepository, RuleSetSort,
    },
    pages::{Cursor, Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    lists::{one_more_than, place, sorted},
    rows::{count, page as page_of},
    schema::{
        collective_agreement_parties as parties, collective_agreement_rule_sets as rule_sets,
        collective_agreements as agreements,
    },
    stored::day,
    unit_of_work::Transaction,
};
use row::{PartyRow, Row, RuleSetRow};

/// An agreement without its parties, and the words of its articles.
type Found = (Row, Value);

impl CollectiveAgreementRepository for Transaction<'_> {
    fn find(
        &mut self,
        id: CollectiveAgreementId,
    ) -> Result<Option<CollectiveAgreement>, StorageError> {
        let tenant = self.tenant()?;
        let found = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(agreements::deleted_at.is_null())
                .select((Row::as_select(), agreements::article_texts))
                .first(connection)
                .optional()
        })?;
        self.agreement(found)
    }

    fn hold(
        &mut self,
        id: CollectiveAgreementId,
    ) -> Result<Option<CollectiveAgreement>, StorageError> {
        let tenant = self.tenant()?;
        let found = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(agreements::deleted_at.is_null())
                .select((Row::as_select(), agreements::article_texts))
                .for_share()
                .first(connection)
                .optional()
        })?;
        self.agreement(found)
    }

    fn find_deleted(
        &mut self,
        id: CollectiveAgreementId,
    ) -> Result<Option<CollectiveAgreement>, StorageError> {
        let tenant = self.tenant()?;
        let found = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(agreements::deleted_at.is_not_null())
                .select((Row::as_select(), agreements::article_texts))
                .first(connection)
                .optional()
        })?;
        self.agreement(found)
    }

    fn list(
        &mut self,
        filter: &AgreementFilter,
        page: &PageRequest<AgreementSort>,
    ) -> Result<Page<CollectiveAgreement>, StorageError> {
        let tenant = self.tenant()?;
        let rows = self.query(|connection| listing::rows(connection, tenant, filter, page))?;
        let total = if page.with_total {
            let total = self.query(|connection| listing::total(connection, tenant, filter))?;
            Some(count(total))
        } else {
            None
        };
        let Page { items, next, total } = page_of(rows, page.limit, total, |row| {
            listing::cursor(page.sort, row)
        });
        let ids: Vec<_> = items.iter().map(|(row, _)| row.id).collect();
        let mut parties = self.parties_of(&ids)?;
        let no_words = Value::Object(Map::new());
        let agreements: Result<_, _> = items
            .into_iter()
            .map(|(row, _)| {
                let parties = parties.remove(&row.id).unwrap_or_default();
                row.agreement(parties, &no_words)
            })
            .collect();
        let items = agreements.map_err(|row| self.refuse(row))?;
        Ok(Page { items, next, total })
    }

    fn insert(&mut self, agreement: &CollectiveAgreement) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, agreement);
        self.query(|connection| {
            diesel::insert_into(agreements::table)
                .values((&row, agreements::article_texts.eq(row::texts(agreement))))
                .execute(connection)
        })?;
        self.insert_parties(agreement)
    }

    fn update(&mut self, agreement: &CollectiveAgreement) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, agreement);
        let stored = row.version.saturating_sub(1);
        let written = self.query(|connection| {
            diesel::update(with_id(row.tenant_id, row.id))
                .filter(agreements::version.eq(stored))
                .set((&row, agreements::article_texts.eq(row::texts(agreement))))
                .execute(connection)
        })?;
        self.unless_stale(written, 1)?;
        self.query(|connection| {
            diesel::delete(parties::table)
                .filter(parties::tenant_id.eq(row.tenant_id))
                .filter(parties::agreement_id.eq(row.id))
                .execute(connection)
        })?;
        self.insert_parties(agreement)
    }

    fn insert_rule_set(&mut self, rules: &RuleSet, at: Timestamp) -> Result<(), StorageError> {
        let row = RuleSetRow::new(self.tenant()?, rules, at);
        let written = self.query(|connection| {
            diesel::insert_into(rule_sets::table)
                .values(&row)
                .on_conflict_do_nothing()
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }

    fn last_rule_set(
        &mut self,
        id: CollectiveAgreementId,
    ) -> Result<Option<Version>, StorageError> {
        let tenant = self.tenant()?;
        let last: Option<i64> = self.query(|connection| {
            of_agreement(tenant.uuid(), id.uuid())
                .order(rule_sets::version.desc())
                .select(rule_sets::version)
                .first(connection)
                .optional()
        })?;
        Ok(last.and_then(Version::new))
    }

    fn find_rule_set(
        &mut self,
        id: CollectiveAgreementId,
        version: Version,
    ) -> Result<Option<RuleSet>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            of_agreement(tenant.uuid(), id.uuid())
                .filter(rule_sets::version.eq(version.get()))
                .select(RuleSetRow::as_select())
                .first(connection)
                .optional()
        })?;
        self.rule_set(row)
    }

    fn rule_set_in_force(
        &mut self,
        id: CollectiveAgreementId,
        on: Date,
    ) -> Result<Option<RuleSet>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            of_agreement(tenant.uuid(), id.uuid())
                .filter(rule_sets::effective_from.le(day(on)))
                .order((rule_sets::effective_from.desc(), rule_sets::version.desc()))
                .select(RuleSetRow::as_select())
                .first(connection)
                .optional()
        })?;
        self.rule_set(row)
    }

    fn rule_sets(
        &mut self,
        id: CollectiveAgreementId,
        page: &PageRequest<RuleSetSort>,
    ) -> Result<Page<RuleSet>, StorageError> {
        let tenant = self.tenant()?;
        let rows: Vec<RuleSetRow> = self.query(|connection| {
            let Ok(place) = place(page.after.as_ref(), |key| key.parse::<i64>().ok()) else {
                return Ok(Vec::new());
            };
            let query = of_agreement(tenant.uuid(), id.uuid())
                .select(RuleSetRow::as_select())
                .into_boxed();
            // The agreement is the same in all rows: it makes the place a pair, as places are.
            let query = match page.sort {
                RuleSetSort::Version => sorted!(
                    query,
                    page.direction,
                    [rule_sets::version, rule_sets::agreement_id] as (BigInt, SqlUuid),
                    place
                ),
            };
            one_more_than(page.limit, query).load(connection)
        })?;
        let total = if page.with_total {
            let all = of_agreement(tenant.uuid(), id.uuid()).count();
            Some(count(self.query(|connection| all.get_result(connection))?))
        } else {
            None
        };
        let sets: Result<Vec<_>, _> = rows.into_iter().map(RuleSet::try_from).collect();
        let sets = sets.map_err(|row| self.refuse(row))?;
        Ok(page_of(sets, page.limit, total, |last| Cursor {
            key: last.version().get().to_string(),
            id: last.agreement().uuid(),
        }))
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_id(tenant: Uuid, id: Uuid) -> _ {
    agreements::table
        .filter(agreements::tenant_id.eq(tenant))
        .filter(agreements::id.eq(id))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn of_agreement(tenant: Uuid, id: Uuid) -> _ {
    rule_sets::table.filter(
        rule_sets::tenant_id
            .eq(tenant)
            .and(rule_sets::agreement_id.eq(id)),
    )
}

impl Transaction<'_> {
    fn agreement(
        &mut self,
        found: Option<Found>,
    ) -> Result<Option<CollectiveAgreement>, StorageError> {
        let Some((row, texts)) = found else {
            return Ok(None);
        };
        let parties = self.parties_of(&[row.id])?.remove(&row.id);
        row.agreement(parties.unwrap_or_default(), &texts)
            .map(Some)
            .map_err(|row| self.refuse(row))
    }

    /// The parties of some agreements, each in their order.
    fn parties_of(&mut self, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<PartyRow>>, StorageError> {
        let tenant = self.tenant()?;
        let rows: Vec<PartyRow> = self.query(|connection| {
            parties::table
                .filter(parties::tenant_id.eq(tenant.uuid()))
                .filter(parties::agreement_id.eq_any(ids))
                .order((parties::agreement_id, parties::place))
                .select(PartyRow::as_select())
                .load(connection)
        })?;
        let mut parties: HashMap<Uuid, Vec<PartyRow>> = HashMap::new();
        for row in rows {
            parties.entry(row.agreement_id).or_default().push(row);
        }
        Ok(parties)
    }

    fn insert_parties(&mut self, agreement: &CollectiveAgreement) -> Result<(), StorageError> {
        let rows = PartyRow::all(self.tenant()?, agreement);
        self.query(|connection| {
            diesel::insert_into(parties::table)
                .values(&rows)
                .execute(connection)
        })
        .map(drop)
    }

    fn rule_set(&mut self, row: Option<RuleSetRow>) -> Result<Option<RuleSet>, StorageError> {
        row.map(RuleSet::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }
}
