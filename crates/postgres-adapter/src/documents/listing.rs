//! Which documents of a record a list shows, and in which order.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, PgArrayExpressionMethods, PgConnection, QueryDsl,
    QueryResult, RunQueryDsl, SelectableHelper,
    dsl::{count_star, exists},
    pg::Pg,
    sql_types::{Array, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use unionhall_domain::{
    documents::{Category, RecordRef},
    tenants::TenantId,
};
use unionhall_ports::{
    documents::{DocumentFilter, DocumentSort},
    pages::{Cursor, PageRequest},
};

use super::row::Row;
use crate::{
    lists::{NoSuchPlace, instant_key, one_more_than, place, sorted, text_key, words},
    rows::instant,
    schema::{document_files, documents},
};

diesel::define_sql_function! {
    /// Whether each of the words is somewhere in what is said of a document.
    fn documents_match(
        name: Text,
        title: Nullable<Text>,
        description: Nullable<Text>,
        tags: Array<Text>,
        words: Text,
    ) -> Bool;
}

/// A row of a list, with the name it is sorted by.
pub(super) type Listed = (Row, String);

/// The rows of a page, and one more if there is another page.
pub(super) fn rows(
    connection: &mut PgConnection,
    tenant: TenantId,
    record: RecordRef,
    filter: &DocumentFilter,
    page: &PageRequest<DocumentSort>,
) -> QueryResult<Vec<Listed>> {
    let query = matching(tenant, record, filter).select((Row::as_select(), documents::sort_name));
    match page.sort {
        DocumentSort::Title => {
            let Ok(after) = place(page.after.as_ref(), text_key) else {
                return Ok(Vec::new());
            };
            let columns = sorted!(
                query,
                page.direction,
                [documents::sort_name, documents::id] as (Text, SqlUuid),
                after
            );
            one_more_than(page.limit, columns).load(connection)
        }
        DocumentSort::Created => {
            let after: Result<_, NoSuchPlace> = place(page.after.as_ref(), instant_key);
            let Ok(after) = after else {
                return Ok(Vec::new());
            };
            let columns = sorted!(
                query,
                page.direction,
                [documents::created_at, documents::id] as (Timestamptz, SqlUuid),
                after.map(|(at, id)| (instant(at), id))
            );
            one_more_than(page.limit, columns).load(connection)
        }
    }
}

/// How many documents match, on all pages together.
pub(super) fn total(
    connection: &mut PgConnection,
    tenant: TenantId,
    record: RecordRef,
    filter: &DocumentFilter,
) -> QueryResult<i64> {
    matching(tenant, record, filter)
        .select(count_star())
        .get_result(connection)
}

/// The place of a row in the order.
pub(super) fn cursor(sort: DocumentSort, (row, name): &Listed) -> Cursor {
    let key = match sort {
        DocumentSort::Title => name.clone(),
        DocumentSort::Created => row.created_at.to_jiff().to_string(),
    };
    Cursor { key, id: row.id }
}

fn matching<'a>(
    tenant: TenantId,
    record: RecordRef,
    filter: &'a DocumentFilter,
) -> documents::BoxedQuery<'a, Pg> {
    let categories = filter.categories.iter().copied().map(Category::as_str);
    let mut query = documents::table
        .filter(documents::tenant_id.eq(tenant.uuid()))
        .filter(documents::record_id.eq(record.uuid()))
        .filter(documents::record_type.eq(record.kind().as_str()))
        .filter(documents::category.eq_any(categories.collect::<Vec<_>>()))
        .filter(documents::deleted_at.is_null())
        .into_boxed();
    if let Some(tag) = &filter.tag {
        query = query.filter(documents::tags.contains(vec![tag.as_str()]));
    }
    let newest = || {
        document_files::table.filter(
            document_files::tenant_id
                .eq(documents::tenant_id)
                .and(document_files::document_id.eq(documents::id))
                .and(document_files::is_newest),
        )
    };
    if let Some(kind) = filter.kind {
        let of_kind = newest().filter(document_files::media_type.eq(kind.media_type()));
        query = query.filter(exists(of_kind));
    }
    if let Some(sha256) = &filter.sha256 {
        let same = newest().filter(document_files::sha256.eq(sha256.0.to_vec()));
        query = query.filter(exists(same));
    }
    if let Some(words) = words(filter.search.as_deref()) {
        query = query.filter(documents_match(
            documents::name,
            documents::title,
            documents::description,
            documents::tags,
            words,
        ));
    }
    query
}
