//! The roles: who owns the tables, who searches them, and whom the program is when it runs.

use diesel::{
    PgConnection, QueryResult, QueryableByName, RunQueryDsl,
    connection::SimpleConnection,
    sql_query,
    sql_types::{Bool, Nullable, Text},
};

use super::{Answer, MigrateError, MigrationReport, connect, step, url::Login};

/// The roles that nobody signs in as, and what each is for.
///
/// The search functions run as `unionhall_search`: a policy of its own lets it see the rows that they, and they
/// alone, narrow down to the tenant. Inside them the planner may use an index for what it must otherwise not even
/// look at before the policy has spoken.
const GROUPS: [(&str, &str); 3] = [
    ("unionhall_owner", "owns the tables"),
    ("unionhall_runtime", "what the program may do"),
    ("unionhall_search", "runs the search functions"),
];

/// Makes the roles that are missing, and lets the connecting role act as the owner of the tables.
pub(super) fn ensure(
    connection: &mut PgConnection,
    runtime: &Login,
    report: &mut MigrationReport,
) -> Result<(), MigrateError> {
    for (name, purpose) in GROUPS {
        let doing = format!("making the role {name}");
        if !step(&doing, exists(connection, name))? {
            let statement = format!("create role {name} nologin nosuperuser");
            step(&doing, create(connection, name, &statement))?;
            report.lines.push(format!("made role {name} ({purpose})"));
        }
    }
    let current = step("asking for the role", current_role(connection))?;
    grant(connection, "unionhall_owner", &current)?;
    grant(connection, "unionhall_search", "unionhall_owner")?;
    let doing = format!("making the role {}", runtime.role);
    if !step(&doing, exists(connection, &runtime.role))? {
        step(&doing, make_login(connection, runtime))?;
        report.lines.push(format!(
            "made role {} (the program signs in as it)",
            runtime.role
        ));
    }
    grant(connection, "unionhall_runtime", &runtime.role)
}

/// What is wrong with the role of `url`; empty when it can do no more than the program needs.
///
/// # Errors
/// [`MigrateError`] when it cannot be asked.
pub fn check_runtime_role(url: &str) -> Result<Vec<String>, MigrateError> {
    step(
        "asking what the role can do",
        complaints(&mut connect(url)?),
    )
}

/// What is wrong with the role of a connection.
pub(crate) fn complaints(connection: &mut PgConnection) -> QueryResult<Vec<String>> {
    let role = sql_query(
        "select r.rolname::text as name, r.rolsuper as superuser, r.rolbypassrls as bypasses,
                not r.rolsuper and exists (select from pg_roles where rolname = 'unionhall_owner')
                    and pg_has_role('unionhall_owner', 'member') as is_owner,
                exists (select from pg_class c where c.relowner = r.oid) as owns
         from pg_roles r where r.rolname = current_user",
    )
    .get_result::<RoleRow>(connection)?;
    let name = &role.name;
    let complaints = [
        (role.superuser, "is a superuser"),
        (role.bypasses, "bypasses row-level security"),
        (role.is_owner, "can act as the owner of the tables"),
        (role.owns, "owns tables"),
    ];
    let complaints = complaints
        .into_iter()
        .filter(|(wrong, _)| *wrong)
        .map(|(_, what)| format!("the role {name} {what}"));
    Ok(complaints.collect())
}

#[derive(QueryableByName)]
struct RoleRow {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    superuser: bool,
    #[diesel(sql_type = Bool)]
    bypasses: bool,
    #[diesel(sql_type = Bool)]
    is_owner: bool,
    #[diesel(sql_type = Bool)]
    owns: bool,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

fn exists(connection: &mut PgConnection, name: &str) -> QueryResult<bool> {
    sql_query("select exists (select from pg_roles where rolname = $1) as yes")
        .bind::<Text, _>(name)
        .get_result::<Answer>(connection)
        .map(|answer| answer.yes)
}

fn current_role(connection: &mut PgConnection) -> QueryResult<String> {
    sql_query("select current_user::text as name")
        .get_result::<Name>(connection)
        .map(|row| row.name)
}

/// Makes the role that the program signs in as. PostgreSQL does the quoting, and the password is in no other text.
fn make_login(connection: &mut PgConnection, login: &Login) -> QueryResult<()> {
    let text = "select format('create role %I login nosuperuser password %L', $1, $2) as name";
    let statement = sql_query(text)
        .bind::<Text, _>(&login.role)
        .bind::<Nullable<Text>, _>(login.password.as_deref())
        .get_result::<Name>(connection)?;
    create(connection, &login.role, &statement.name)
}

/// Makes a role. Roles belong to all databases of a server: when somebody has just made the same one for another
/// database, that is as good.
fn create(connection: &mut PgConnection, name: &str, statement: &str) -> QueryResult<()> {
    match connection.batch_execute(statement) {
        Err(_) if exists(connection, name)? => Ok(()),
        result => result,
    }
}

/// Makes `member` a member of `group`, unless it is one; a superuser need not be told.
fn grant(connection: &mut PgConnection, group: &str, member: &str) -> Result<(), MigrateError> {
    let doing = format!("making {member} a member of {group}");
    let is_member = sql_query("select pg_has_role($1, $2, 'usage') as yes")
        .bind::<Text, _>(member)
        .bind::<Text, _>(group)
        .get_result::<Answer>(connection);
    if step(&doing, is_member)?.yes {
        return Ok(());
    }
    let statement = sql_query("select format('grant %I to %I', $1, $2) as name")
        .bind::<Text, _>(group)
        .bind::<Text, _>(member)
        .get_result::<Name>(connection);
    let statement = step(&doing, statement)?.name;
    step(&doing, connection.batch_execute(&statement))
}
