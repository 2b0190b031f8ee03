//! The functions of the database that search members: they run as a role of their own, and give out ids alone.
#![expect(
    clippy::too_many_arguments,
    reason = "a function of the database is told each filter by itself"
)]

use diesel::sql_types::{BigInt, Bool, Nullable, Text, Uuid};

diesel::define_sql_function! {
    /// The ids of the first members behind a place that match the words, in order.
    fn members_search(
        words: Text,
        status: Nullable<Text>,
        classification: Nullable<Text>,
        only_id: Nullable<Uuid>,
        sort: Text,
        descending: Bool,
        after_key: Nullable<Text>,
        after_id: Nullable<Uuid>,
        row_limit: BigInt,
    ) -> Uuid;
}

diesel::define_sql_function! {
    /// How many members match the words.
    fn members_search_count(
        words: Text,
        status: Nullable<Text>,
        classification: Nullable<Text>,
        only_id: Nullable<Uuid>,
    ) -> BigInt;
}
