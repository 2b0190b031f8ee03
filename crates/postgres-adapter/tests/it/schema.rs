//! The query builder's tables against those of the migrated database.

use std::collections::BTreeSet;

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use unionhall_testing::TestDatabase;

use crate::connect;

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Every column of the migrated database, written as the query builder would. What is generated for a text search
/// is left out: nobody reads it.
const MIGRATED: &str = "\
    select format('%s.%s -> %s', c.relname, a.attname, \
        case when a.attnotnull then t else 'Nullable<' || t || '>' end) as name \
    from pg_class c \
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped \
    join pg_type y on y.oid = a.atttypid \
    cross join lateral (select case \
        when y.typelem <> 0 and y.typcategory = 'A' then 'Array<' || initcap(substr(y.typname, 2)) || '>' \
        else initcap(y.typname) end) as spelt (t) \
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') \
        and c.relname <> '__diesel_schema_migrations' and y.typname <> 'tsvector'";

/// Tables that are filled and read by functions of the database alone.
const UNKNOWN_TO_THE_BUILDER: [&str; 2] = ["case_words", "member_words"];

/// The columns of `schema.rs`, read as text: the tables themselves are nobody's business outside the crate.
fn declared() -> BTreeSet<String> {
    let mut table = "";
    let mut columns = BTreeSet::new();
    for line in include_str!("../../src/schema.rs").lines().map(str::trim) {
        if let Some((name, _)) = line
            .strip_suffix('{')
            .and_then(|head| head.split_once(" ("))
        {
            table = name;
        } else if let Some((column, kind)) = line
            .strip_suffix(',')
            .and_then(|line| line.split_once(" -> "))
        {
            let column = column.trim_start_matches("r#").trim_end_matches('_');
            columns.insert(format!("{table}.{column} -> {kind}"));
        }
    }
    columns
}

#[test]
fn the_query_builder_knows_every_column_as_the_database_does() {
    let database = TestDatabase::new();
    let migrated: BTreeSet<String> = sql_query(MIGRATED)
        .load::<Column>(&mut connect(&database.owner_url()))
        .unwrap()
        .into_iter()
        .map(|column| column.name)
        .filter(|name| {
            let table = name.split('.').next().unwrap();
            !UNKNOWN_TO_THE_BUILDER.contains(&table)
        })
        .collect();
    let declared = declared();
    let missing: Vec<_> = migrated.difference(&declared).collect();
    let surplus: Vec<_> = declared.difference(&migrated).collect();
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "missing: {missing:#?}, surplus: {surplus:#?}"
    );
    assert!(declared.len() > 50);
}
