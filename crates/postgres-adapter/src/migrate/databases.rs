//! Whole databases: made, copied, removed.

use diesel::{RunQueryDsl, connection::SimpleConnection, sql_query, sql_types::Text};

use super::{Answer, MigrateError, connect, step};

/// Makes the database `name` unless it exists; tells whether it was made.
///
/// # Errors
/// [`MigrateError`].
pub fn create_database(admin_url: &str, name: &str) -> Result<bool, MigrateError> {
    let mut connection = connect(admin_url)?;
    let connection = &mut connection;
    let sought = format!("looking for the database {name}");
    let exists = sql_query("select exists (select from pg_database where datname = $1) as yes")
        .bind::<Text, _>(name)
        .get_result::<Answer>(connection);
    if step(&sought, exists)?.yes {
        return Ok(false);
    }
    let made = format!("making the database {name}");
    let statement = format!("create database {}", quoted(name));
    step(&made, connection.batch_execute(&statement))?;
    Ok(true)
}

/// Makes the database `name` as a copy of `template`, which nobody may be connected to.
///
/// # Errors
/// [`MigrateError`].
pub fn copy_database(admin_url: &str, template: &str, name: &str) -> Result<(), MigrateError> {
    let statement = format!(
        "create database {} template {}",
        quoted(name),
        quoted(template)
    );
    execute(admin_url, &statement)
}

/// Removes the database `name`, whoever is connected to it.
///
/// # Errors
/// [`MigrateError`].
pub fn drop_database(admin_url: &str, name: &str) -> Result<(), MigrateError> {
    execute(
        admin_url,
        &format!("drop database if exists {} with (force)", quoted(name)),
    )
}

/// Runs statements on a connection of their own.
///
/// # Errors
/// [`MigrateError`].
pub fn execute(url: &str, statements: &str) -> Result<(), MigrateError> {
    step("a statement", connect(url)?.batch_execute(statements))
}

/// A name as an SQL identifier.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
