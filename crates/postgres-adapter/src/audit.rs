//! The audit trail inside a transaction: events are added with the change they tell of, and read back in pages.

use std::borrow::Cow;

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, PgConnection,
    QueryDsl, QueryResult, Queryable, RunQueryDsl,
    dsl::{count_star, not},
    sql_types::{Array, Date, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use serde_json::{Value, json};
use unionhall_domain::{
    audit::{AuditAction, Target},
    members::MemberId,
    users::UserId,
};
use unionhall_ports::{
    audit::{AuditActor, AuditEvent, AuditFilter, AuditRecord, AuditSort, AuditTrail, Origin},
    pages::{Cursor, Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    lists::{instant_key, one_more_than, place, sorted},
    rows::{count, instant, page, stored},
    schema::{audit_events, users},
    statements::command,
    stored::day,
    unit_of_work::Transaction,
};

/// Any number of events in one statement whose text stays the same, so that its plan is kept.
const INSERT: &str = "\
    insert into audit_events (id, at, tenant_id, actor_kind, actor_id, action, target_type, target_id, \
        changes, details, request_id, address, device) \
    select id, at, tenant_id, actor_kind, actor_id, action, target_type, target_id, \
        changes::jsonb, details::jsonb, request_id, address, device \
    from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
        as event (id, at, tenant_id, actor_kind, actor_id, action, target_type, target_id, \
            changes, details, request_id, address, device)";

/// Adds events in one round trip.
pub(crate) fn insert_events(
    connection: &mut PgConnection,
    events: &[&AuditEvent],
) -> QueryResult<usize> {
    fn all<'e, T>(events: &[&'e AuditEvent], column: impl Fn(&'e AuditEvent) -> T) -> Vec<T> {
        events.iter().map(|event| column(event)).collect()
    }
    command(INSERT)
        .bind::<Array<SqlUuid>, _>(all(events, |event| event.id))
        .bind::<Array<Timestamptz>, _>(all(events, |event| instant(event.at)))
        .bind::<Array<Nullable<SqlUuid>>, _>(all(events, |event| event.tenant.map(|id| id.uuid())))
        .bind::<Array<Text>, _>(all(events, |event| actor(event.actor).0))
        .bind::<Array<Nullable<SqlUuid>>, _>(all(events, |event| actor(event.actor).1))
        .bind::<Array<Text>, _>(all(events, |event| event.action.as_str()))
        .bind::<Array<Text>, _>(all(events, |event| event.target.as_str()))
        .bind::<Array<Nullable<SqlUuid>>, _>(all(events, |event| event.target_id))
        .bind::<Array<Text>, _>(all(events, changes_json))
        .bind::<Array<Text>, _>(all(events, details_json))
        .bind::<Array<Text>, _>(all(events, |event| storable(&event.origin.request_id)))
        .bind::<Array<Nullable<Text>>, _>(all(events, |event| {
            event.origin.address.as_deref().map(storable)
        }))
        .bind::<Array<Nullable<Text>>, _>(all(events, |event| {
            event.origin.device.as_deref().map(storable)
        }))
        .execute(connection)
}

fn actor(actor: AuditActor) -> (&'static str, Option<Uuid>) {
    match actor {
        AuditActor::User(user) => ("user", Some(user.uuid())),
        AuditActor::Anonymous => ("anonymous", None),
        AuditActor::Operator => ("operator", None),
    }
}

/// PostgreSQL cannot store the character zero, and what a stranger typed must be on record all the same.
fn storable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        Cow::Owned(text.replace('\0', "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

fn changes_json(event: &AuditEvent) -> String {
    let changes: Vec<Value> = event
        .changes
        .iter()
        .map(|change| {
            let (before, after) = (change.before.as_deref(), change.after.as_deref());
            json!({"field": change.field, "before": before.map(storable), "after": after.map(storable)})
        })
        .collect();
    Value::Array(changes).to_string()
}

fn details_json(event: &AuditEvent) -> String {
    let details: Vec<Value> = event
        .details
        .iter()
        .map(|(name, value)| json!({"name": name, "value": storable(value)}))
        .collect();
    Value::Array(details).to_string()
}

impl AuditTrail for Transaction<'_> {
    fn insert(&mut self, events: &[AuditEvent]) -> Result<(), StorageError> {
        if events.is_empty() {
            return Ok(());
        }
        let events: Vec<&AuditEvent> = events.iter().collect();
        self.query(|connection| insert_events(connection, &events))
            .map(drop)
    }

    fn list(
        &mut self,
        filter: &AuditFilter,
        request: &PageRequest<AuditSort>,
    ) -> Result<Page<AuditRecord>, StorageError> {
        let AuditSort::Time = request.sort;
        let tenant = self.tenant()?.uuid();
        let total = if request.with_total {
            let matching = matching(tenant, filter).select(count_star());
            Some(self.query(|connection| matching.get_result(connection).map(count))?)
        } else {
            None
        };
        let Ok(after) = place(request.after.as_ref(), instant_key) else {
            return Ok(Page {
                items: Vec::new(),
                next: None,
                total,
            });
        };
        let rows = matching(tenant, filter)
            .left_join(users::table.on(users::id.nullable().eq(audit_events::actor_id)))
            .select((audit_events::all_columns, users::email.nullable()));
        let rows = sorted!(
            rows,
            request.direction,
            [audit_events::at, audit_events::id] as (Timestamptz, SqlUuid),
            after.map(|(at, id)| (instant(at), id))
        );
        let rows = one_more_than(request.limit, rows);
        let rows = self.query(|connection| rows.load::<(Row, Option<String>)>(connection))?;
        let records = rows.into_iter().map(record).collect::<Result<Vec<_>, _>>();
        let records = records.map_err(|row| self.refuse(row))?;
        Ok(page(records, request.limit, total, |last| Cursor {
            key: last.at.to_string(),
            id: last.id,
        }))
    }
}

diesel::define_sql_function! {
    /// Whether what is on record would tell somebody who reviews whose an application is, before they may know.
    fn benevolence_held_back(
        application: Nullable<SqlUuid>,
        actor: Nullable<SqlUuid>,
        onlooker: SqlUuid,
        onlooking_member: Nullable<SqlUuid>,
        day: Date,
    ) -> Bool;
}

diesel::define_sql_function! {
    /// The application to the benevolence fund that an event is about, itself or by one of its papers.
    fn benevolence_application_of(
        target_type: Text,
        target_id: Nullable<SqlUuid>,
        details: Jsonb,
    ) -> Nullable<SqlUuid>;
}

type Matching = audit_events::BoxedQuery<'static, diesel::pg::Pg>;

fn matching(tenant: Uuid, filter: &AuditFilter) -> Matching {
    let mut query = audit_events::table
        .filter(audit_events::tenant_id.eq(tenant))
        .into_boxed();
    if let Some(actor) = filter.actor {
        query = query.filter(audit_events::actor_id.eq(actor.uuid()));
    }
    if let Some(action) = filter.action {
        query = query.filter(audit_events::action.eq(action.as_str()));
    }
    if let Some(target) = filter.target {
        query = query.filter(audit_events::target_type.eq(target.as_str()));
    }
    if !filter.without.is_empty() {
        let hidden: Vec<_> = filter.without.iter().map(|kind| kind.as_str()).collect();
        query = query.filter(audit_events::target_type.ne_all(hidden));
    }
    if let Some(id) = filter.target_id {
        query = query.filter(audit_events::target_id.eq(id));
        if filter.target.is_none() {
            // The index knows records by their kind first: one look for each kind finds an id alone.
            query = query.filter(audit_events::target_type.eq_any(Target::ALL.map(Target::as_str)));
        }
    }
    if let Some(from) = filter.from {
        query = query.filter(audit_events::at.ge(instant(from)));
    }
    if let Some(until) = filter.until {
        query = query.filter(audit_events::at.lt(instant(until)));
    }
    if let Some(onlooker) = filter.onlooker {
        let about = || {
            benevolence_application_of(
                audit_events::target_type,
                audit_events::target_id,
                audit_events::details,
            )
        };
        // What lists of applications told is about none of them, and asked about too.
        let applications = Target::BenevolenceApplication.as_str();
        let papers = audit_events::target_type.eq(Target::Document.as_str());
        let concerns = audit_events::target_type
            .eq(applications)
            .or(papers.and(about().is_not_null()));
        query = query.filter(not(concerns).or(not(benevolence_held_back(
            about(),
            audit_events::actor_id,
            onlooker.user.uuid(),
            onlooker.member.map(MemberId::uuid),
            day(onlooker.day),
        ))));
    }
    query
}

#[derive(Queryable)]
struct Row {
    id: Uuid,
    at: jiff_diesel::Timestamp,
    _tenant_id: Option<Uuid>,
    actor_kind: String,
    actor_id: Option<Uuid>,
    action: String,
    target_type: String,
    target_id: Option<Uuid>,
    changes: Value,
    details: Value,
    request_id: String,
    address: Option<String>,
    device: Option<String>,
}

fn record((row, actor_email): (Row, Option<String>)) -> Result<AuditRecord, InconsistentRow> {
    const TABLE: &str = "audit_events";
    let unreadable = |what: &str| InconsistentRow {
        table: TABLE,
        id: row.id.to_string(),
        what: format!("{what} cannot be read"),
    };
    Ok(AuditRecord {
        id: row.id,
        at: row.at.to_jiff(),
        actor_kind: row.actor_kind,
        actor_id: row.actor_id.map(UserId::new),
        actor_email,
        action: stored(TABLE, row.id, "action", AuditAction::parse(&row.action))?,
        target: stored(
            TABLE,
            row.id,
            "target_type",
            Target::parse(&row.target_type),
        )?,
        target_id: row.target_id,
        changes: entries(&row.changes, |entry| {
            Some((
                text(entry, "field")?,
                text(entry, "before"),
                text(entry, "after"),
            ))
        })
        .ok_or_else(|| unreadable("changes"))?,
        details: entries(&row.details, |entry| {
            Some((text(entry, "name")?, text(entry, "value")?))
        })
        .ok_or_else(|| unreadable("details"))?,
        origin: Origin {
            request_id: row.request_id,
            address: row.address,
            device: row.device,
        },
    })
}

fn entries<T>(list: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    list.as_array()?.iter().map(read).collect()
}

fn text(entry: &Value, name: &str) -> Option<String> {
    entry.get(name)?.as_str().map(str::to_owned)
}
