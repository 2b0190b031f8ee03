//! What PostgreSQL and libpq report, as the application's [`StorageError`].

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error};
use unionhall_ports::storage::StorageError;

/// Beginnings of messages that mean "not now": the query interface does not show PostgreSQL's error codes.
const NOT_NOW: [&str; 10] = [
    "canceling statement due to",
    "cannot connect now",
    "connection to server",
    "deadlock detected",
    "no connection to the server",
    "remaining connection slots are reserved",
    "server closed the connection",
    "sorry, too many clients already",
    "terminating connection",
    "the database system is",
];

/// Maps the failure of a statement.
pub(crate) fn storage_error(error: Error) -> StorageError {
    match &error {
        Error::DatabaseError(kind, information) => match kind {
            DatabaseErrorKind::UniqueViolation
            | DatabaseErrorKind::ForeignKeyViolation
            | DatabaseErrorKind::RestrictViolation
            | DatabaseErrorKind::NotNullViolation
            | DatabaseErrorKind::CheckViolation
            | DatabaseErrorKind::ExclusionViolation => match information.constraint_name() {
                Some(name) => StorageError::Constraint {
                    name: name.to_owned(),
                },
                None => StorageError::Failed(Box::new(error)),
            },
            DatabaseErrorKind::SerializationFailure
            | DatabaseErrorKind::UnableToSendCommand
            | DatabaseErrorKind::ClosedConnection => StorageError::Unavailable(Box::new(error)),
            _ if is_not_now(information.as_ref()) => StorageError::Unavailable(Box::new(error)),
            _ => StorageError::Failed(Box::new(error)),
        },
        Error::BrokenTransactionManager => StorageError::Unavailable(Box::new(error)),
        _ => StorageError::Failed(Box::new(error)),
    }
}

fn is_not_now(information: &(dyn DatabaseErrorInformation + Send + Sync)) -> bool {
    let message = information.message();
    NOT_NOW
        .iter()
        .any(|beginning| message.starts_with(beginning))
}

/// A row that no longer makes sense: a bug, named by its table and id and nothing else.
#[derive(Debug, thiserror::Error)]
#[error("the row {id} of {table} makes no sense: {what}")]
pub(crate) struct InconsistentRow {
    /// The table.
    pub(crate) table: &'static str,
    /// The row's key.
    pub(crate) id: String,
    /// What is wrong, without the value.
    pub(crate) what: String,
}

impl From<InconsistentRow> for StorageError {
    fn from(row: InconsistentRow) -> Self {
        Self::Failed(Box::new(row))
    }
}

/// An error with its causes in one line, for the log.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
