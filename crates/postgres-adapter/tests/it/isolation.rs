//! Row-level security: what the database lets through even when a query forgets.

use diesel::{
    PgConnection, QueryableByName, RunQueryDsl,
    connection::SimpleConnection,
    sql_query,
    sql_types::{BigInt, Bool, Text},
};
use unionhall_domain::{roles::Role, tenants::TenantId};
use unionhall_ports::unit_of_work::{Scope, UnitOfWork};
use unionhall_testing::{TestDatabase, builders};

use crate::{audit::event, connect};

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Table {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    forced: bool,
    #[diesel(sql_type = BigInt)]
    unguarded: i64,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    #[diesel(column_name = "QUERY PLAN")]
    line: String,
}

fn count(connection: &mut PgConnection, table: &str) -> i64 {
    sql_query(format!("select count(*) from {table}"))
        .get_result::<Count>(connection)
        .unwrap()
        .count
}

fn enter(connection: &mut PgConnection, scope: &str, tenant: &str) {
    let settings = format!(
        "select set_config('app.scope', '{scope}', false), set_config('app.tenant', '{tenant}', false)"
    );
    connection.batch_execute(&settings).unwrap();
}

/// The tables of the spine that the program can read, and two tenants with something in each.
const TABLES: [&str; 18] = [
    "tenants",
    "users",
    "memberships",
    "membership_roles",
    "sessions",
    "refresh_tokens",
    "audit_events",
    "number_sequences",
    "outbox",
    "idempotency_keys",
    "mail_tokens",
    "second_factors",
    "recovery_codes",
    "trusted_devices",
    "sign_in_challenges",
    "email_changes",
    "signups",
    "invitations",
];

/// A user with a place, a session, and a row in every table, in each of two tenants.
fn two_tenants(database: &TestDatabase, storage: &dyn UnitOfWork) -> [TenantId; 2] {
    let make = |slug: &str| {
        let tenant = builders::tenant(storage, slug).id;
        let user = builders::user(storage, &format!("{slug}@hall.example"));
        builders::membership(storage, &user, tenant, &[Role::Staff]);
        builders::store(storage, Scope::Tenant(tenant), |tx| {
            tx.audit().insert(&[event(Some(tenant))])
        });
        let (user, session) = (user.id, builders::fresh_uuid());
        database.execute(&format!(
            "insert into sessions values ('{session}', '{user}', '{tenant}', null, null, now(), now(), null);
             insert into refresh_tokens values
                 (sha256('{session}'), '{session}', now(), now(), null);
             insert into number_sequences values ('{tenant}', 'grievances', 2026, 1);
             insert into outbox (id, tenant_id, recipient, subject, body, created_at, due_at)
                 values ('{session}', '{tenant}', 'a@b.c', 's', 't', now(), now());
             insert into idempotency_keys values
                 ('{tenant}', '{user}', 'k', decode(repeat('ab', 32), 'hex'), 200, '[]', '', now());
             insert into mail_tokens values ('{user}', 'reset_password',
                 sha256('{session}'), null, now(), now() + interval '1 hour', null);
             insert into second_factors values ('{user}', 'sealed', '2026', now(), null, null);
             insert into recovery_codes values ('{user}', sha256('{session}'));
             insert into trusted_devices values
                 ('{session}', '{user}', sha256('{session}'), null, now(), null, now());
             insert into sign_in_challenges values (sha256('{session}'), '{user}', now(), now());
             insert into email_changes values ('{user}', 'a@b.c', '{session}', now(), now() + interval '1 hour', null, null);
             insert into signups values ('{user}', 'Hall', null, 'local', 'America/Denver', 'USD', now());
             insert into invitations (id, tenant_id, email, roles, role_expiries, invited_by, token_hash, state,
                     sent_at, expires_at, version, created_at, updated_at)
                 values ('{session}', '{tenant}', 'a@b.c', '{{staff}}', '{{null}}', '{user}', sha256('{session}'),
                     'pending', now(), now() + interval '1 hour', 1, now(), now());"
        ));
        tenant
    };
    [make("local-1"), make("local-2")]
}

#[test]
fn without_a_scope_no_row_of_any_table_is_seen() {
    let database = TestDatabase::new();
    two_tenants(&database, &*database.unit_of_work());
    let mut connection = connect(&database.runtime_url());
    // Never set, then set and empty again: the one is null, the other is not.
    for _ in 0..2 {
        for table in TABLES {
            assert_eq!(count(&mut connection, table), 0, "{table}");
        }
        enter(&mut connection, "", "");
    }
}

#[test]
fn a_query_without_a_condition_sees_one_tenants_rows() {
    let database = TestDatabase::new();
    let tenants = two_tenants(&database, &*database.unit_of_work());
    let mut connection = connect(&database.runtime_url());
    for tenant in tenants {
        enter(&mut connection, "tenant", &tenant.to_string());
        for (table, seen) in TABLES
            .iter()
            .zip([1, 1, 1, 1, 1, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1])
        {
            assert_eq!(count(&mut connection, table), seen, "{table}");
        }
    }
}

#[test]
fn the_identity_scope_sees_people_and_no_tenants_business() {
    let database = TestDatabase::new();
    two_tenants(&database, &*database.unit_of_work());
    let mut connection = connect(&database.runtime_url());
    for (scope, expected) in [
        (
            "identity",
            [2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 2],
        ),
        (
            "worker",
            [0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        ),
        ("audit", [0; 18]),
    ] {
        enter(&mut connection, scope, "");
        for (table, seen) in TABLES.iter().zip(expected) {
            assert_eq!(count(&mut connection, table), seen, "{table} in {scope}");
        }
    }
}

#[test]
fn a_row_of_another_tenant_cannot_be_written() {
    let database = TestDatabase::new();
    let [own, other] = two_tenants(&database, &*database.unit_of_work());
    let mut connection = connect(&database.runtime_url());
    enter(&mut connection, "tenant", &own.to_string());
    for attempt in [
        format!("insert into number_sequences values ('{other}', 'x', 2026, 1)"),
        format!("update number_sequences set tenant_id = '{other}'"),
        format!(
            "insert into outbox (id, tenant_id, recipient, subject, body, created_at, due_at)
             values (gen_random_uuid(), '{other}', 'a@b.c', 's', 't', now(), now())"
        ),
        format!("update idempotency_keys set tenant_id = '{other}'"),
        "insert into tenants values (gen_random_uuid(), 'xx', 'x', 'local', 'UTC', 'USD', now())".to_owned(),
        "insert into users (id, email, password_hash, first_name, last_name, created_at, updated_at)
         values (gen_random_uuid(), 'x@y.z', 'h', 'f', 'l', now(), now())"
            .to_owned(),
    ] {
        let refused = sql_query(&attempt).execute(&mut connection).unwrap_err();
        assert!(refused.to_string().contains("row-level security"), "{attempt}: {refused}");
    }
    let touched = sql_query("update users set password_hash = 'mine'").execute(&mut connection);
    let refused = touched.unwrap_err().to_string();
    assert!(refused.contains("not a tenant's to change"), "{refused}");
    // A tenant decides on its own places, and on no other's.
    for (own_only, table) in [
        (
            "update membership_roles set expires_at = null",
            "membership_roles",
        ),
        ("update memberships set updated_at = now()", "memberships"),
        ("update sessions set ended_at = now()", "sessions"),
    ] {
        let touched = sql_query(own_only).execute(&mut connection);
        assert_eq!(touched.unwrap(), 1, "{table}");
    }
    for attempt in [
        format!("update memberships set tenant_id = '{other}'"),
        format!("update invitations set tenant_id = '{other}'"),
        format!("update sessions set tenant_id = '{other}'"),
        format!("insert into membership_roles select '{other}', user_id, 'owner' from memberships"),
        "insert into memberships (tenant_id, user_id, joined_at) select app_tenant(), user_id, now() from memberships"
            .to_owned(),
    ] {
        let refused = sql_query(&attempt).execute(&mut connection).unwrap_err();
        assert!(refused.to_string().contains("row-level security"), "{attempt}: {refused}");
    }
}

#[test]
fn the_owner_of_the_tables_is_bound_by_the_policies_too() {
    let database = TestDatabase::new();
    two_tenants(&database, &*database.unit_of_work());
    let mut connection = connect(&database.table_owner_url());
    for table in TABLES {
        assert_eq!(count(&mut connection, table), 0, "{table}");
    }
}

#[test]
fn every_table_has_forced_security_and_policies_that_check_what_is_written() {
    let database = TestDatabase::new();
    let tables = sql_query(
        "select c.relname::text as name, c.relrowsecurity and c.relforcerowsecurity as forced,
                (select count(*) from pg_policy p
                 where p.polrelid = c.oid and p.polcmd <> 'r' and p.polwithcheck is null) as unguarded
         from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
             and c.relname <> '__diesel_schema_migrations' order by c.relname",
    )
    .load::<Table>(&mut connect(&database.owner_url()))
    .unwrap();
    assert!(tables.len() >= TABLES.len());
    for table in tables {
        assert!(
            table.forced,
            "{} lacks ENABLE or FORCE ROW LEVEL SECURITY",
            table.name
        );
        assert_eq!(
            table.unguarded, 0,
            "{} has a policy without WITH CHECK",
            table.name
        );
    }
}

#[test]
fn the_tenant_of_a_policy_is_a_condition_of_the_index() {
    let database = TestDatabase::new();
    let [tenant, _] = two_tenants(&database, &*database.unit_of_work());
    let mut connection = connect(&database.runtime_url());
    enter(&mut connection, "tenant", &tenant.to_string());
    connection
        .batch_execute("set enable_seqscan = off; set enable_bitmapscan = off")
        .unwrap();
    let plan: String = sql_query(
        "explain (costs off) select * from audit_events order by at desc, id desc limit 50",
    )
    .load::<Line>(&mut connection)
    .unwrap()
    .into_iter()
    .map(|row| row.line + "\n")
    .collect();
    assert!(
        plan.contains("Index Scan using audit_events_tenant_idx"),
        "{plan}"
    );
    assert!(plan.contains("Index Cond: (tenant_id = (NULLIF("), "{plan}");
    assert!(!plan.contains("Filter") && !plan.contains("Sort"), "{plan}");
}
