//! The server's own database, as its superuser sees it over the private socket.

use std::path::{Path, PathBuf};

use tokio_postgres::{Client, NoTls};
use unionhall_embedded::postgres::{RunningServer, running};

use crate::{
    failure::{Doing, Failure, Outcome},
    machine,
};

/// The superuser of the embedded cluster.
const SUPERUSER: &str = "postgres";

/// The cluster of one data folder, and who is who in it.
#[derive(Debug)]
pub(crate) struct Database {
    server: RunningServer,
    name: String,
    runtime_role: String,
    /// PostgreSQL's version.
    pub(crate) version: String,
    /// The cluster's log.
    pub(crate) log: PathBuf,
}

impl Database {
    /// The database of the server that runs on `data`.
    pub(crate) async fn of(data: &Path) -> Outcome<Self> {
        let server = running(data).ok_or_else(|| {
            Failure::new("the server has started no PostgreSQL in its data folder")
        })?;
        let client = connect(&server.connection_url("postgres", SUPERUSER)).await?;
        let name = one(
            &client,
            "select datname::text from pg_database where not datistemplate and datname <> 'postgres' order by oid",
        );
        let runtime_role = one(
            &client,
            "select rolname::text from pg_roles
             where rolcanlogin and not rolsuper and pg_has_role(oid, 'unionhall_runtime', 'member')",
        );
        Ok(Self {
            name: name.await?,
            runtime_role: runtime_role.await?,
            version: one(&client, "select current_setting('server_version')").await?,
            log: data.join("postgres/postgres.log"),
            server,
        })
    }

    /// The address for the role that the server uses.
    pub(crate) fn runtime_url(&self) -> String {
        self.server.connection_url(&self.name, &self.runtime_role)
    }

    /// The address for the superuser, whom no policy holds back.
    pub(crate) fn superuser_url(&self) -> String {
        self.server.connection_url(&self.name, SUPERUSER)
    }

    /// pgbench, of the version that runs.
    pub(crate) fn pgbench(&self) -> PathBuf {
        machine::postgres_program("pgbench", self.server.pid())
    }

    /// Lets new sessions write every statement and its values to the log, or no longer.
    pub(crate) async fn record_statements(&self, record: bool) -> Outcome<()> {
        let settings = [("log_statement", "all"), ("log_error_verbosity", "default")];
        let client = connect(&self.superuser_url()).await?;
        for (name, value) in settings {
            let change = if record {
                format!("set {name} = '{value}'")
            } else {
                format!("reset {name}")
            };
            let statement = format!("alter database \"{}\" {change}", self.name);
            client.batch_execute(&statement).await.doing(statement)?;
        }
        Ok(())
    }

    /// Brings statistics up to date and dirty pages to the disk, so that neither happens during a measurement.
    pub(crate) async fn tidy_up(&self) -> Outcome<()> {
        let client = connect(&self.superuser_url()).await?;
        client
            .batch_execute("vacuum (analyze)")
            .await
            .doing("vacuuming")?;
        client
            .batch_execute("checkpoint")
            .await
            .doing("writing a checkpoint")
    }
}

async fn connect(url: &str) -> Outcome<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls)
        .await
        .doing("connecting to the database")?;
    tokio::spawn(connection);
    Ok(client)
}

async fn one(client: &Client, query: &str) -> Outcome<String> {
    let row = client
        .query_one(query, &[])
        .await
        .doing("looking at the database")?;
    row.try_get(0).doing("looking at the database")
}
