//! SQL that a test runs itself, to see what the database holds and what it refuses.

use std::fmt;

use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

/// A connection of a test's own.
pub struct Sql {
    client: Client,
    runtime: Runtime,
}

/// A row: its values as text.
pub type Row = Vec<Option<String>>;

/// What the database refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its SQLSTATE.
    pub state: String,
    /// Its words.
    pub message: String,
}

impl fmt::Debug for Sql {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Sql").finish_non_exhaustive()
    }
}

impl Sql {
    /// Connects to the database and as the role that the address names.
    ///
    /// # Panics
    /// When the database refuses.
    #[must_use]
    pub fn connect(url: &str) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("the system gives a thread");
        let (client, connection) = runtime
            .block_on(tokio_postgres::connect(url, NoTls))
            .expect("a test may connect");
        runtime.spawn(connection);
        Self { client, runtime }
    }

    /// Runs statements and returns the rows of all of them.
    ///
    /// # Errors
    /// What the database refused.
    pub fn try_rows(&self, statements: &str) -> Result<Vec<Row>, Refused> {
        let answered = self.runtime.block_on(self.client.simple_query(statements));
        let messages = answered.map_err(|error| {
            let error = error.as_db_error();
            Refused {
                state: error
                    .map(|error| error.code().code().to_owned())
                    .unwrap_or_default(),
                message: error
                    .map(|error| error.message().to_owned())
                    .unwrap_or_default(),
            }
        })?;
        Ok(messages.iter().filter_map(row).collect())
    }

    /// Runs statements and returns the rows of all of them.
    ///
    /// # Panics
    /// When the database refuses.
    #[must_use]
    pub fn rows(&self, statements: &str) -> Vec<Row> {
        self.try_rows(statements)
            .unwrap_or_else(|refused| panic!("{refused:?} in: {statements}"))
    }

    /// The first column of the rows, as text; nulls are left out.
    ///
    /// # Panics
    /// When the database refuses.
    #[must_use]
    pub fn column(&self, statements: &str) -> Vec<String> {
        let rows = self.rows(statements).into_iter();
        rows.filter_map(|row| row.into_iter().next().flatten())
            .collect()
    }

    /// The one number that a statement asks for.
    ///
    /// # Panics
    /// When it gives none.
    #[must_use]
    pub fn number(&self, statement: &str) -> i64 {
        let column = self.column(statement);
        column
            .first()
            .and_then(|text| text.parse().ok())
            .unwrap_or_else(|| panic!("no number, but {column:?}, in: {statement}"))
    }
}

fn row(message: &SimpleQueryMessage) -> Option<Row> {
    let SimpleQueryMessage::Row(row) = message else {
        return None;
    };
    let values = (0..row.len()).map(|index| row.get(index).map(str::to_owned));
    Some(values.collect())
}
