//! Rows of requests, items and entries, and their way from and to the aggregate.

use diesel::{
    AsChangeset, ExpressionMethods, Insertable, PgConnection, QueryDsl, QueryResult, Queryable,
    RunQueryDsl, Selectable, SelectableHelper, TextExpressionMethods,
    dsl::case_when,
    sql_types::{Integer, Text},
};
use unionhall_domain::{
    grievances::GrievanceId,
    information_requests::{
        Asked, Entry, EntryId, EntryKind, InformationRequest, InformationRequestId,
    },
    tenants::TenantId,
    text::{Line, Prose},
    users::UserId,
};
use uuid::Uuid;

use super::Texts;
use crate::{
    errors::InconsistentRow,
    rows::instant,
    schema::{
        information_request_entries, information_request_entries as entries,
        information_request_items, information_requests,
    },
    stored::{StoredRow, day},
};

/// A row of `information_requests`.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = information_requests)]
#[diesel(treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) tenant_id: Uuid,
    grievance_id: Uuid,
    subject: String,
    relevance: Option<String>,
    asked_of: Option<String>,
    asked_on: jiff_diesel::Date,
    first_due_on: jiff_diesel::Date,
    asked_by: Option<Uuid>,
    status: String,
    due_on: jiff_diesel::Date,
    pub(super) version: i64,
    created_at: jiff_diesel::Timestamp,
    updated_at: jiff_diesel::Timestamp,
}

/// A row of `information_request_items`.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = information_request_items)]
pub(super) struct ItemRow {
    tenant_id: Uuid,
    request_id: Uuid,
    place: i16,
    wanted: String,
}

/// A row of `information_request_entries`.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = information_request_entries)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct EntryRow {
    id: Uuid,
    tenant_id: Uuid,
    request_id: Uuid,
    place: i16,
    item: Option<i16>,
    kind: String,
    happened_on: jiff_diesel::Date,
    words: String,
    due_on: Option<jiff_diesel::Date>,
    recorded_by: Option<Uuid>,
    recorded_at: jiff_diesel::Timestamp,
}

impl Row {
    /// The row of a tenant's request.
    pub(super) fn new(tenant: TenantId, request: &InformationRequest) -> Self {
        let InformationRequest {
            id,
            grievance,
            asked,
            asked_by,
            entries: _,
            version,
            created_at,
            updated_at,
        } = request;
        let Asked {
            subject,
            relevance,
            asked_of,
            asked_on,
            due_on,
            items: _,
        } = asked;
        Self {
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            grievance_id: grievance.uuid(),
            subject: subject.to_string(),
            relevance: relevance.as_ref().map(ToString::to_string),
            asked_of: asked_of.as_ref().map(ToString::to_string),
            asked_on: day(*asked_on),
            first_due_on: day(*due_on),
            asked_by: asked_by.map(UserId::uuid),
            status: request.status().as_str().to_owned(),
            due_on: day(request.due_on()),
            version: version.get(),
            created_at: instant(*created_at),
            updated_at: instant(*updated_at),
        }
    }

    /// The request of this row, with those of the items and entries that are its own.
    pub(super) fn request(
        self,
        items: &[ItemRow],
        entries: &[EntryRow],
    ) -> Result<InformationRequest, InconsistentRow> {
        let from = StoredRow::new("information_requests", self.id);
        let items: Result<_, _> = items
            .iter()
            .filter(|row| row.request_id == self.id)
            .map(|row| from.value("wanted", Prose::parse(&row.wanted)))
            .collect();
        let entries: Result<_, _> = entries
            .iter()
            .filter(|row| row.request_id == self.id)
            .map(EntryRow::entry)
            .collect();
        let request = InformationRequest {
            id: InformationRequestId::new(self.id),
            grievance: GrievanceId::new(self.grievance_id),
            asked: Asked {
                subject: from.value("subject", Line::parse(&self.subject))?,
                relevance: from.optional("relevance", self.relevance.as_deref(), Prose::parse)?,
                asked_of: from.optional("asked_of", self.asked_of.as_deref(), Line::parse)?,
                asked_on: self.asked_on.to_jiff(),
                due_on: self.first_due_on.to_jiff(),
                items: items?,
            },
            asked_by: self.asked_by.map(UserId::new),
            entries: entries?,
            version: from.version(self.version)?,
            created_at: self.created_at.to_jiff(),
            updated_at: self.updated_at.to_jiff(),
        };
        // The status follows from the entries: what is stored is for filters alone, and another version of the program
        // may have made something else of them.
        if request.due_on() != self.due_on.to_jiff() {
            return Err(from.inconsistent("due_on contradicts the entries"));
        }
        Ok(request)
    }
}

impl ItemRow {
    /// The rows of everything that is asked, in its order.
    pub(super) fn all(tenant: TenantId, request: &InformationRequest) -> Vec<Self> {
        let places = 1_i16..;
        let row = |(place, wanted): (i16, &Prose<2_000>)| Self {
            tenant_id: tenant.uuid(),
            request_id: request.id.uuid(),
            place,
            wanted: wanted.to_string(),
        };
        places.zip(&request.asked.items).map(row).collect()
    }
}

diesel::define_sql_function! {
    /// How many characters a text has.
    fn char_length(text: Text) -> Integer;
}

diesel::define_sql_function! {
    /// The first so many characters of a text.
    fn left(text: Text, count: Integer) -> Text;
}

/// How many characters of a text a list shows at most.
const SHOWN: i32 = 200;

impl EntryRow {
    /// The entries of these requests, in their order.
    pub(super) fn of_requests(
        connection: &mut PgConnection,
        tenant: TenantId,
        requests: &[Uuid],
        texts: Texts,
    ) -> QueryResult<Vec<Self>> {
        let rows = entries::table
            .filter(entries::tenant_id.eq(tenant.uuid()))
            .filter(entries::request_id.eq_any(requests))
            .order((entries::request_id, entries::place));
        match texts {
            Texts::Whole => rows.select(Self::as_select()).load(connection),
            Texts::Excerpts => {
                // As the domain makes an excerpt; a test holds the two together.
                let short = left(entries::words, SHOWN.saturating_sub(1)).concat("…");
                let words = case_when(char_length(entries::words).gt(SHOWN), short)
                    .otherwise(entries::words);
                rows.select((
                    entries::id,
                    entries::tenant_id,
                    entries::request_id,
                    entries::place,
                    entries::item,
                    entries::kind,
                    entries::happened_on,
                    words,
                    entries::due_on,
                    entries::recorded_by,
                    entries::recorded_at,
                ))
                .load(connection)
            }
        }
    }

    /// The rows of the newest `count` entries, numbered behind those before them.
    pub(super) fn last(tenant: TenantId, request: &InformationRequest, count: usize) -> Vec<Self> {
        let before = request.entries.len().saturating_sub(count);
        let numbered = (1_i16..).zip(&request.entries).skip(before);
        let row = |(place, entry): (i16, &Entry)| Self {
            id: entry.id.uuid(),
            tenant_id: tenant.uuid(),
            request_id: request.id.uuid(),
            place,
            item: entry.item.and_then(|item| i16::try_from(item).ok()),
            kind: entry.kind.as_str().to_owned(),
            happened_on: day(entry.on),
            words: entry.text.to_string(),
            due_on: entry.due_on.map(day),
            recorded_by: entry.recorded_by.map(UserId::uuid),
            recorded_at: instant(entry.recorded_at),
        };
        numbered.map(row).collect()
    }

    fn entry(&self) -> Result<Entry, InconsistentRow> {
        let from = StoredRow::new("information_request_entries", self.id);
        Ok(Entry {
            id: EntryId::new(self.id),
            item: self.item.and_then(|item| u16::try_from(item).ok()),
            kind: from.value("kind", EntryKind::parse(&self.kind))?,
            on: self.happened_on.to_jiff(),
            text: from.value("words", Prose::parse(&self.words))?,
            due_on: self.due_on.map(jiff_diesel::Date::to_jiff),
            recorded_by: self.recorded_by.map(UserId::new),
            recorded_at: self.recorded_at.to_jiff(),
        })
    }
}
