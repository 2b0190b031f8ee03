//! The second limit, the *bare handler*: one prepared statement, its rows as structs, and the same JSON as the API.
//!
//! It has no sign-in, no tenancy, no audit, no limits and no errors worth reading: what it reaches is what this HTTP
//! server and this database give when nothing else is asked of them.

mod grievances;
mod members;
mod organizations;

use std::{cell::Cell, collections::HashMap, fmt::Display};

use actix_web::{App, HttpResponse, HttpServer, error, web};
use serde::{Serialize, Serializer};
use tokio_postgres::{Client, Config, NoTls, Row, Statement, types::ToSql};
use uuid::Uuid;

use crate::{
    failure::{Doing, Outcome},
    options::BareOptions,
};

/// Connections that may wait to be accepted: as many as the largest load opens at once.
const BACKLOG: u32 = 4_096;
/// Rows of a page, and one more to know whether another page follows.
const PAGE: usize = 50;

/// A page of a list.
#[derive(Serialize)]
struct Page<T> {
    items: Vec<T>,
    next_cursor: Option<String>,
}

/// A connection with its statements.
struct Connection {
    client: Client,
    members: Statement,
    members_with_status: Statement,
    members_search: Statement,
    member: Statement,
    grievances: Statement,
    organizations: Statement,
}

/// The connections of one worker, which take turns.
struct Store {
    tenant: Uuid,
    connections: Vec<Connection>,
    next: Cell<usize>,
}

impl Store {
    fn connection(&self) -> Result<&Connection, error::Error> {
        let place = self.next.get();
        self.next.set(
            (place + 1)
                .checked_rem(self.connections.len())
                .unwrap_or_default(),
        );
        let found = self.connections.get(place);
        found.ok_or_else(|| error::ErrorServiceUnavailable("no connection"))
    }
}

/// Serves until it is told to stop.
pub(crate) fn serve(options: &BareOptions) -> Outcome<()> {
    let config: Config = options
        .database_url
        .parse()
        .doing("reading the database's address")?;
    let (tenant, connections) = (options.tenant, options.connections);
    let app = move || {
        let config = config.clone();
        App::new()
            .data_factory(move || store(config.clone(), tenant, connections))
            .route("/readyz", web::get().to(HttpResponse::Ok))
            .route("/api/v1/members", web::get().to(list_members))
            .route("/api/v1/members/{id}", web::get().to(find_member))
            .route("/api/v1/grievances", web::get().to(list_grievances))
            .route("/api/v1/organizations", web::get().to(list_organizations))
    };
    let server = HttpServer::new(app).backlog(BACKLOG).bind(options.listen);
    let server = server.doing("listening")?.run();
    actix_web::rt::System::new()
        .block_on(server)
        .doing("serving")
}

async fn store(
    config: Config,
    tenant: Uuid,
    connections: usize,
) -> Result<Store, tokio_postgres::Error> {
    let mut store = Store {
        tenant,
        connections: Vec::new(),
        next: Cell::new(0),
    };
    for _ in 0..connections.max(1) {
        store.connections.push(connect(&config, tenant).await?);
    }
    Ok(store)
}

async fn connect(config: &Config, tenant: Uuid) -> Result<Connection, tokio_postgres::Error> {
    let mut config = config.clone();
    // The search functions ask whose members are meant.
    config.options(format!("-c app.tenant={tenant}"));
    let (client, connection) = config.connect(NoTls).await?;
    actix_web::rt::spawn(connection);
    Ok(Connection {
        members: client.prepare(members::LIST).await?,
        members_with_status: client.prepare(members::LIST_WITH_STATUS).await?,
        members_search: client.prepare(members::SEARCH).await?,
        member: client.prepare(members::FIND).await?,
        grievances: client.prepare(grievances::LIST).await?,
        organizations: client.prepare(organizations::LIST).await?,
        client,
    })
}

async fn list_members(
    store: web::Data<Store>,
    query: web::Query<HashMap<String, String>>,
) -> Result<HttpResponse, error::Error> {
    let connection = store.connection()?;
    let (status, words) = (query.get("status"), query.get("q"));
    let rows = match (status, words) {
        (Some(status), _) => {
            query_rows(
                connection,
                &connection.members_with_status,
                &[&store.tenant, status],
            )
            .await?
        }
        (None, Some(words)) => query_rows(connection, &connection.members_search, &[words]).await?,
        (None, None) => query_rows(connection, &connection.members, &[&store.tenant]).await?,
    };
    page(&rows, members::MemberRow::read, |member| member.id)
}

async fn find_member(
    store: web::Data<Store>,
    id: web::Path<String>,
) -> Result<HttpResponse, error::Error> {
    let connection = store.connection()?;
    let id = Uuid::try_parse(&id).map_err(error::ErrorNotFound)?;
    let rows = query_rows(connection, &connection.member, &[&store.tenant, &id]).await?;
    let row = rows
        .first()
        .ok_or_else(|| error::ErrorNotFound("no such member"))?;
    let member = members::MemberRow::read(row).map_err(error::ErrorInternalServerError)?;
    json(&member.alone())
}

async fn list_grievances(store: web::Data<Store>) -> Result<HttpResponse, error::Error> {
    let connection = store.connection()?;
    let rows = query_rows(connection, &connection.grievances, &[&store.tenant]).await?;
    page(&rows, grievances::GrievanceRow::read, |grievance| {
        grievance.id
    })
}

async fn list_organizations(store: web::Data<Store>) -> Result<HttpResponse, error::Error> {
    let connection = store.connection()?;
    let rows = query_rows(connection, &connection.organizations, &[&store.tenant]).await?;
    page(&rows, organizations::OrganizationRow::read, |row| row.id)
}

async fn query_rows(
    connection: &Connection,
    statement: &Statement,
    values: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Row>, error::Error> {
    let rows = connection.client.query(statement, values).await;
    rows.map_err(error::ErrorInternalServerError)
}

fn page<T: Serialize>(
    rows: &[Row],
    read: impl Fn(&Row) -> Result<T, tokio_postgres::Error>,
    id: impl Fn(&T) -> Uuid,
) -> Result<HttpResponse, error::Error> {
    let items: Result<Vec<T>, _> = rows.iter().take(PAGE).map(read).collect();
    let items = items.map_err(error::ErrorInternalServerError)?;
    let last = items.last().filter(|_| rows.len() > PAGE);
    let next_cursor = last.map(|last| id(last).to_string());
    json(&Page { items, next_cursor })
}

fn json<T: Serialize>(value: &T) -> Result<HttpResponse, error::Error> {
    let body = serde_json::to_vec(value)?;
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .body(body))
}

/// An id or an instant as text.
fn as_text<T: Display, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(value)
}

/// The same for what may be missing.
fn as_text_or_null<T: Display, S: Serializer>(value: &Option<T>, to: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => to.collect_str(value),
        None => to.serialize_none(),
    }
}
