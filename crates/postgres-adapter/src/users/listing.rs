//! Which users a list shows, and in which order.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, PgConnection, QueryDsl,
    QueryResult, RunQueryDsl,
    dsl::{count_star, exists, sql},
    helper_types::{InnerJoin, IntoBoxed},
    pg::Pg,
    sql_types::{Array, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use jiff::Timestamp;
use unionhall_domain::{tenants::TenantId, users::places::PlaceState};
use unionhall_ports::{
    pages::{Cursor, PageRequest},
    users::{UserFilter, UserSort},
};

use super::row::Row;
use crate::{
    lists::{instant_key, one_more_than, place, sorted, text_key, words},
    rows::instant,
    schema::{membership_roles, memberships, users},
};

diesel::define_sql_function! {
    /// The words of a text, without accents and case.
    fn f_words(text: Text) -> Array<Text>;
}

diesel::define_sql_function! {
    /// Whether each of the words is somewhere in the name or the address.
    fn users_match(first_name: Text, last_name: Text, email: Text, words: Array<Text>) -> Bool;
}

/// A row of a list, with the name it is sorted by.
pub(super) type Listed = (Row, String);

/// The places that match, with their users.
type Matching<'a> = IntoBoxed<'a, InnerJoin<memberships::table, users::table>, Pg>;

/// The roles of a place and, in the same order, when they expire.
const ROLES: &str = "array(select h.role from membership_roles h \
    where h.tenant_id = memberships.tenant_id and h.user_id = memberships.user_id order by h.role)";
const EXPIRIES: &str = "array(select h.expires_at from membership_roles h \
    where h.tenant_id = memberships.tenant_id and h.user_id = memberships.user_id order by h.role)";

/// What is read of each row, in the order of [`Listed`].
macro_rules! columns {
    () => {
        (
            (
                (
                    users::id,
                    users::email,
                    users::first_name,
                    users::last_name,
                    users::last_login_at,
                    users::created_at,
                ),
                sql::<Array<Text>>(ROLES),
                sql::<Array<Nullable<Timestamptz>>>(EXPIRIES),
                memberships::member_id,
                (
                    memberships::state,
                    memberships::suspended_at,
                    memberships::suspended_for,
                    memberships::removed_at,
                ),
                memberships::version,
                memberships::joined_at,
                memberships::last_used_at,
                memberships::updated_at,
            ),
            users::sort_name,
        )
    };
}

/// The rows of a page, and one more if there is another page.
pub(super) fn rows(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &UserFilter,
    page: &PageRequest<UserSort>,
    now: Timestamp,
) -> QueryResult<Vec<Listed>> {
    let query = matching(tenant, filter, now).select(columns!());
    let after = page.after.as_ref();
    let query = match page.sort {
        UserSort::Name => {
            let Ok(place) = place(after, text_key) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [users::sort_name, users::id] as (Text, SqlUuid),
                place
            )
        }
        UserSort::Email => {
            let Ok(place) = place(after, text_key) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [users::email, users::id] as (Text, SqlUuid),
                place
            )
        }
        UserSort::Joined => {
            let Ok(place) = place(after, |key| instant_key(key).map(instant)) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [memberships::joined_at, users::id] as (Timestamptz, SqlUuid),
                place
            )
        }
    };
    one_more_than(page.limit, query).load(connection)
}

/// How many users match, on all pages together.
pub(super) fn total(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &UserFilter,
    now: Timestamp,
) -> QueryResult<i64> {
    matching(tenant, filter, now)
        .select(count_star())
        .get_result(connection)
}

/// The place of a row in the order.
pub(super) fn cursor(sort: UserSort, (row, name): &Listed) -> Cursor {
    let key = match sort {
        UserSort::Name => name.clone(),
        UserSort::Email => row.user.email.clone(),
        UserSort::Joined => row.joined_at.to_jiff().to_string(),
    };
    Cursor {
        key,
        id: row.user.id,
    }
}

fn matching(tenant: TenantId, filter: &UserFilter, now: Timestamp) -> Matching<'_> {
    let mut query = memberships::table
        .inner_join(users::table)
        .filter(memberships::tenant_id.eq(tenant.uuid()))
        .filter(users::deleted_at.is_null())
        .into_boxed();
    query = match filter.state {
        Some(state) => query.filter(memberships::state.eq(state.as_str())),
        None => query.filter(memberships::state.ne(PlaceState::Removed.as_str())),
    };
    if let Some(role) = filter.role {
        let held = membership_roles::tenant_id
            .eq(memberships::tenant_id)
            .and(membership_roles::user_id.eq(memberships::user_id))
            .and(membership_roles::role.eq(role.as_str()));
        let counts = membership_roles::expires_at
            .is_null()
            .or(membership_roles::expires_at
                .gt(instant(now))
                .assume_not_null());
        query = query.filter(exists(membership_roles::table.filter(held).filter(counts)));
    }
    if let Some(words) = words(filter.search.as_deref()) {
        query = query.filter(users_match(
            users::first_name,
            users::last_name,
            users::email,
            f_words(words),
        ));
    }
    query
}
