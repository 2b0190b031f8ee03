//! The functions of the database that search organizations: they run as a role of their own, and give out ids alone.

use diesel::sql_types::{BigInt, Bool, Nullable, Text, Uuid};

diesel::define_sql_function! {
    /// The ids of the first organizations behind a place that match the words, in order.
    fn organizations_search(
        words: Text,
        org_type: Nullable<Text>,
        sort: Text,
        descending: Bool,
        after_key: Nullable<Text>,
        after_id: Nullable<Uuid>,
        row_limit: BigInt,
    ) -> Uuid;
}

diesel::define_sql_function! {
    /// How many organizations match the words.
    fn organizations_search_count(
        words: Text,
        org_type: Nullable<Text>,
    ) -> BigInt;
}
