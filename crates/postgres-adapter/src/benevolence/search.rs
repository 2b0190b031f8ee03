//! The functions of the database that search applications: they run as a role of their own, and give out ids alone.
#![expect(
    clippy::too_many_arguments,
    reason = "a function of the database is told each filter by itself"
)]

use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid};

diesel::define_sql_function! {
    /// The ids of the first applications behind a place that match the words, in order.
    fn benevolence_search(
        words: Text,
        status: Nullable<Text>,
        reason: Nullable<Text>,
        member_id: Nullable<Uuid>,
        viewer: Nullable<Uuid>,
        made_from: Nullable<Date>,
        made_until: Nullable<Date>,
        sort: Text,
        descending: Bool,
        after_year: Nullable<SmallInt>,
        after_place: Nullable<Integer>,
        after_amount: Nullable<BigInt>,
        after_since: Nullable<Timestamptz>,
        after_id: Nullable<Uuid>,
        row_limit: BigInt,
    ) -> Uuid;
}

diesel::define_sql_function! {
    /// How many applications match the words.
    fn benevolence_search_count(
        words: Text,
        status: Nullable<Text>,
        reason: Nullable<Text>,
        member_id: Nullable<Uuid>,
        viewer: Nullable<Uuid>,
        made_from: Nullable<Date>,
        made_until: Nullable<Date>,
    ) -> BigInt;
}
