//! The roles that the migrations make, and the complaints about one that can do too much.

use diesel::{RunQueryDsl, connection::SimpleConnection, sql_query};
use unionhall_postgres_adapter::migrate::{check_runtime_role, prepare_and_migrate};
use unionhall_testing::TestDatabase;

use crate::connect;

#[test]
fn the_role_that_the_program_signs_in_as_gives_no_cause_for_complaint() {
    let database = TestDatabase::new();
    let complaints = check_runtime_role(&database.runtime_url());
    assert_eq!(complaints.unwrap(), Vec::<String>::new());
}

#[test]
fn a_role_that_can_do_too_much_is_told_what() {
    let database = TestDatabase::new();
    let complaints = |url: &str| check_runtime_role(url).unwrap();
    let superuser = complaints(&database.owner_url()).join(", ");
    assert!(
        superuser.contains("the role postgres is a superuser"),
        "{superuser}"
    );
    assert!(superuser.contains("the role postgres bypasses row-level security"));
    let owner = complaints(&database.table_owner_url()).join(", ");
    assert!(
        owner.contains("the role unionhall_owner owns tables"),
        "{owner}"
    );
    assert!(owner.contains("the role unionhall_owner can act as the owner of the tables"));
}

#[test]
fn the_program_cannot_become_another_role_or_change_the_schema() {
    let database = TestDatabase::new();
    let mut connection = connect(&database.runtime_url());
    for attempt in [
        "set role unionhall_owner",
        "set role unionhall_search",
        "set session authorization postgres",
        "create table mine (id int)",
        "drop table tenants",
        "alter table tenants disable row level security",
        "alter table audit_events disable trigger all",
        "set session_replication_role = replica",
        "create role mine",
        "delete from tenants",
        "delete from users",
        "delete from memberships",
        "delete from sessions",
        "delete from outbox",
        "update tenants set slug = 'x'",
        "update outbox set recipient = 'x'",
        "update __diesel_schema_migrations set version = ''",
    ] {
        let refused = sql_query(attempt).execute(&mut connection);
        assert!(refused.is_err(), "{attempt} was allowed");
    }
    connection
        .batch_execute("select version from __diesel_schema_migrations")
        .unwrap();
}

#[test]
fn the_role_and_the_password_of_the_address_are_taken_as_they_are() {
    let database = TestDatabase::empty();
    let role_and_password = "odd%22%27%20role:%27%24do%24%5C%22";
    let runtime = database
        .runtime_url()
        .replace("//unionhall@", &format!("//{role_and_password}@"));
    let report = prepare_and_migrate(&database.owner_url(), &runtime).unwrap();
    let line = "made role odd\"' role (the program signs in as it)";
    assert!(report.lines.iter().any(|one| one == line), "{report:?}");
    assert!(!format!("{report:?}").contains("$do$"));
    assert_eq!(check_runtime_role(&runtime).unwrap(), Vec::<String>::new());
    database.execute(
        "do $$ begin assert (select rolpassword is not null from pg_authid where rolname = 'odd\"'' role'); end $$;
         drop owned by \"odd\"\"' role\"; drop role \"odd\"\"' role\";",
    );
}

#[test]
fn an_owner_of_the_database_who_may_make_roles_need_not_be_a_superuser() {
    let database = TestDatabase::empty();
    database.execute(
        "create role hall_admin login createrole nosuperuser;
         grant unionhall_owner, unionhall_runtime, unionhall_search to hall_admin with admin option;
         do $$ begin execute format('alter database %I owner to hall_admin', current_database()); end $$;",
    );
    let owner = database.owner_url().replace("//postgres@", "//hall_admin@");
    prepare_and_migrate(&owner, &database.runtime_url()).unwrap();
    let complaints = check_runtime_role(&database.runtime_url()).unwrap();
    assert_eq!(complaints, Vec::<String>::new());
    assert!(
        prepare_and_migrate(&owner, &database.runtime_url())
            .unwrap()
            .lines
            .is_empty()
    );
}
