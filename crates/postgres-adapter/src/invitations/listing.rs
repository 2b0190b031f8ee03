//! Which invitations a list shows, and in which order.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, PgArrayExpressionMethods, PgConnection, QueryDsl,
    QueryResult, RunQueryDsl,
    dsl::{count_star, sql},
    helper_types::IntoBoxed,
    pg::Pg,
    sql_types::{Array, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use jiff::Timestamp;
use unionhall_domain::{invitations::Status, tenants::TenantId};
use unionhall_ports::{
    invitations::{InvitationFilter, InvitationSort},
    pages::{Cursor, PageRequest},
};

use super::row::Row;
use crate::{
    lists::{instant_key, one_more_than, place, sorted, text_key, words},
    rows::instant,
    schema::invitations,
};

diesel::define_sql_function! {
    /// The words of a text, without accents and case.
    fn f_words(text: Text) -> Array<Text>;
}

diesel::define_sql_function! {
    /// Whether each of the words is somewhere in the name or the address.
    fn invitations_match(
        first_name: Nullable<Text>, last_name: Nullable<Text>, email: Text, words: Array<Text>
    ) -> Bool;
}

/// The invitations that match.
type Matching<'a> = IntoBoxed<'a, invitations::table, Pg>;

/// What is read of each row, in the order of [`Row`].
macro_rules! columns {
    () => {
        (
            invitations::id,
            invitations::tenant_id,
            invitations::email,
            (
                invitations::first_name,
                invitations::last_name,
                invitations::job_title,
            ),
            invitations::message,
            invitations::roles,
            sql::<Array<Nullable<Timestamptz>>>("invitations.role_expiries"),
            invitations::member_id,
            invitations::invited_by,
            (
                invitations::state,
                invitations::accepted_at,
                invitations::accepted_by,
                invitations::canceled_at,
            ),
            invitations::sent_at,
            invitations::expires_at,
            invitations::version,
            invitations::created_at,
            invitations::updated_at,
        )
    };
}

/// The rows of a page, and one more if there is another page.
pub(super) fn rows(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &InvitationFilter,
    page: &PageRequest<InvitationSort>,
    now: Timestamp,
) -> QueryResult<Vec<Row>> {
    let query = matching(tenant, filter, now).select(columns!());
    let after = page.after.as_ref();
    let instant_of = |key: &str| instant_key(key).map(instant);
    let query = match page.sort {
        InvitationSort::Created => {
            let Ok(place) = place(after, instant_of) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [invitations::created_at, invitations::id] as (Timestamptz, SqlUuid),
                place
            )
        }
        InvitationSort::Email => {
            let Ok(place) = place(after, text_key) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [invitations::email, invitations::id] as (Text, SqlUuid),
                place
            )
        }
        InvitationSort::Expiry => {
            let Ok(place) = place(after, instant_of) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [invitations::expires_at, invitations::id] as (Timestamptz, SqlUuid),
                place
            )
        }
    };
    one_more_than(page.limit, query).load(connection)
}

/// How many invitations match, on all pages together.
pub(super) fn total(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &InvitationFilter,
    now: Timestamp,
) -> QueryResult<i64> {
    matching(tenant, filter, now)
        .select(count_star())
        .get_result(connection)
}

/// The place of a row in the order.
pub(super) fn cursor(sort: InvitationSort, row: &Row) -> Cursor {
    let key = match sort {
        InvitationSort::Created => row.created_at.to_jiff().to_string(),
        InvitationSort::Email => row.email.clone(),
        InvitationSort::Expiry => row.expires_at.to_jiff().to_string(),
    };
    Cursor { key, id: row.id }
}

fn matching(tenant: TenantId, filter: &InvitationFilter, now: Timestamp) -> Matching<'_> {
    let mut query = invitations::table
        .filter(invitations::tenant_id.eq(tenant.uuid()))
        .into_boxed();
    if let Some(status) = filter.status {
        let kept = |status: Status| invitations::state.eq(status.as_str());
        query = match status {
            Status::Accepted | Status::Canceled => query.filter(kept(status)),
            Status::Pending => query
                .filter(kept(Status::Pending))
                .filter(invitations::expires_at.gt(instant(now))),
            // What waits to be written down as expired is so already.
            Status::Expired => query.filter(
                kept(Status::Expired)
                    .or(kept(Status::Pending).and(invitations::expires_at.le(instant(now)))),
            ),
        };
    }
    if let Some(role) = filter.role {
        query = query.filter(invitations::roles.contains(vec![role.as_str()]));
    }
    if let Some(words) = words(filter.search.as_deref()) {
        query = query.filter(invitations_match(
            invitations::first_name,
            invitations::last_name,
            invitations::email,
            f_words(words),
        ));
    }
    query
}
