//! Statements written by hand whose plans the connection keeps.
//!
//! The query builder keeps the plan of a select, but makes the server parse and plan every changeset and every
//! `sql_query` anew. A [`Prepared`] is planned once per connection, so what is hot or needs SQL that the builder
//! cannot say is written as one.

use std::marker::PhantomData;

use diesel::{
    QueryResult, RunQueryDsl,
    expression::AsExpression,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::{SqlType, Untyped},
};

/// A statement with a `?` for each value, in order; `Row` is the SQL type of what it returns.
///
/// ```text
/// prepared::<(Text, Nullable<Timestamptz>)>("select email, locked_until from users where id = ?")
///     .bind::<Uuid, _>(id)
///     .get_result::<(String, Option<jiff_diesel::Timestamp>)>(connection)
/// ```
pub(crate) struct Prepared<'a, Row = Untyped> {
    text: &'static str,
    values: Vec<Box<dyn QueryFragment<Pg> + 'a>>,
    row: PhantomData<Row>,
}

/// Begins a statement; the text must be the same each time, or its plan is not found again.
pub(crate) fn prepared<'a, Row>(text: &'static str) -> Prepared<'a, Row> {
    Prepared {
        text,
        values: Vec::new(),
        row: PhantomData,
    }
}

/// A statement that returns no rows, only how many it touched.
pub(crate) fn command<'a>(text: &'static str) -> Prepared<'a> {
    prepared(text)
}

impl<'a, Row> Prepared<'a, Row> {
    /// The value of the next `?`.
    pub(crate) fn bind<ST, V>(mut self, value: V) -> Self
    where
        ST: SqlType + diesel::expression::TypedExpressionType,
        V: AsExpression<ST>,
        V::Expression: QueryFragment<Pg> + 'a,
    {
        self.values.push(Box::new(value.as_expression()));
        self
    }
}

impl<Row> QueryFragment<Pg> for Prepared<'_, Row> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let mut values = self.values.iter();
        for (place, piece) in self.text.split('?').enumerate() {
            if place > 0 {
                values
                    .next()
                    .ok_or_else(|| wrong_number(self.text))?
                    .walk_ast(out.reborrow())?;
            }
            out.push_sql(piece);
        }
        match values.next() {
            None => Ok(()),
            Some(_) => Err(wrong_number(self.text)),
        }
    }
}

fn wrong_number(text: &str) -> diesel::result::Error {
    diesel::result::Error::QueryBuilderError(
        format!("one value is needed for each ? of: {text}").into(),
    )
}

// The text tells one statement from the other; diesel then keeps the plan under it.
impl<Row> QueryId for Prepared<'_, Row> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Row> Query for Prepared<'_, Row> {
    type SqlType = Row;
}

impl<Row, Conn> RunQueryDsl<Conn> for Prepared<'_, Row> {}

#[cfg(test)]
mod tests {
    use diesel::{debug_query, sql_types::Int4};

    use super::*;

    #[test]
    fn each_mark_takes_the_next_value() {
        let statement = command("update t set a = ? where b = ?")
            .bind::<Int4, _>(7)
            .bind::<Int4, _>(8);
        let shown = debug_query::<Pg, _>(&statement).to_string();
        assert_eq!(shown, "update t set a = $1 where b = $2 -- binds: [7, 8]");
    }

    #[test]
    fn values_that_are_missing_or_left_over_are_a_failure() {
        let missing = command("a ? b ?").bind::<Int4, _>(7);
        let left_over = command("a").bind::<Int4, _>(7);
        for statement in [missing, left_over] {
            let mut text = diesel::pg::PgQueryBuilder::default();
            assert!(statement.to_sql(&mut text, &Pg).is_err());
        }
    }
}
