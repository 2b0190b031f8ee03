//! The functions of the database that search grievances: they run as a role of their own, and give out ids alone.
#![expect(
    clippy::too_many_arguments,
    reason = "a function of the database is told each filter by itself"
)]

use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, SmallInt, Text, Uuid};

diesel::define_sql_function! {
    /// The ids of the first grievances behind a place that match the words, in order.
    fn grievances_search(
        words: Text,
        status: Nullable<Text>,
        step: Nullable<Text>,
        member_id: Nullable<Uuid>,
        employer_id: Nullable<Uuid>,
        representative_id: Nullable<Uuid>,
        filed_from: Nullable<Date>,
        filed_until: Nullable<Date>,
        sort: Text,
        descending: Bool,
        after_year: Nullable<SmallInt>,
        after_place: Nullable<Integer>,
        after_filed: Nullable<Date>,
        after_id: Nullable<Uuid>,
        row_limit: BigInt,
    ) -> Uuid;
}

diesel::define_sql_function! {
    /// How many grievances match the words.
    fn grievances_search_count(
        words: Text,
        status: Nullable<Text>,
        step: Nullable<Text>,
        member_id: Nullable<Uuid>,
        employer_id: Nullable<Uuid>,
        representative_id: Nullable<Uuid>,
        filed_from: Nullable<Date>,
        filed_until: Nullable<Date>,
    ) -> BigInt;
}
