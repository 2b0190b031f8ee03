//! What production refuses, and what it serves.

use std::{path::Path, process::Output, sync::Arc};

use unionhall_embedded::postgres::{
    Cluster, ClusterConfig, Durability,
    programs::{self, ProgramSearch},
};

use crate::support::{folder, printed, program};

/// A key that nobody else has; 32 bytes in base64.
const KEY: &str = "hall:xb3kLYV0j9DCKrr4H84aAQVPA1Nd5yTWwBS+eX7v0FM=";

/// Another one, for secrets.
const OTHER_KEY: &str = "hall:6kG1cQzv0nHnq2m9sXo4yJrE8uTbWfLdPaI3ZxNhVtQ=";

fn cluster(folder: &Path) -> Cluster {
    let quiet = |_: &str| {};
    let mut search = ProgramSearch::on_this_machine(folder, &quiet);
    search.allow_fetch = true;
    let programs = programs::find(&search).unwrap();
    let config = ClusterConfig::new(folder, &programs, Durability::OffForTests, &quiet);
    Cluster::start(&config).unwrap()
}

fn in_production(folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    let mut command = program(folder);
    command
        .args(arguments)
        .env_remove("UNIONHALL_PASSWORDS_BCRYPT_COST");
    command
        .env("UNIONHALL_ENV", "production")
        .env("UNIONHALL_SIGNING_KEYS", KEY)
        .env("UNIONHALL_SEALING_KEYS", OTHER_KEY)
        .env("UNIONHALL_PUBLIC_URL", "https://hall.example")
        .env("S3_ENDPOINT", "http://127.0.0.1:9")
        .env("S3_BUCKET", "hall")
        .env("S3_ACCESS_KEY", "key")
        .env("S3_SECRET_KEY", "secret")
        .env("SMTP_HOST", "127.0.0.1")
        .env("SMTP_FROM", "noreply@hall.example");
    for (name, value) in settings {
        command.env(name, value);
    }
    command.output().unwrap()
}

#[test]
fn production_with_nothing_configured_is_refused_and_told_everything_it_lacks() {
    let folder = folder();
    let output = program(folder.path())
        .env_remove("UNIONHALL_PASSWORDS_BCRYPT_COST")
        .env("UNIONHALL_ENV", "production")
        .output()
        .unwrap();
    let (_, told) = printed(&output);
    assert_eq!(output.status.code(), Some(2), "{told}");
    for name in [
        "UNIONHALL_SIGNING_KEYS",
        "UNIONHALL_SEALING_KEYS",
        "DATABASE_URL",
        "S3_ENDPOINT",
        "SMTP_HOST",
    ] {
        assert!(told.contains(name), "{name} is not named:\n{told}");
    }
}

#[test]
fn a_database_role_that_can_do_too_much_is_refused_in_production() {
    let folder = folder();
    let cluster = cluster(folder.path());
    let admin = cluster.connection_url("postgres", "postgres");
    let runtime = cluster.connection_url("postgres", "unionhall");
    let urls = [
        ("DATABASE_URL", runtime.as_str()),
        ("DATABASE_OWNER_URL", admin.as_str()),
    ];
    let migrated = in_production(folder.path(), &["migrate"], &urls);
    assert_eq!(migrated.status.code(), Some(0), "{:?}", printed(&migrated));
    let again = in_production(folder.path(), &["migrate"], &urls);
    assert_eq!(again.status.code(), Some(0), "{:?}", printed(&again));

    let output = in_production(folder.path(), &["tenant", "list"], &urls);
    assert_eq!(output.status.code(), Some(0), "{:?}", printed(&output));
    let checks = unionhall_postgres_adapter::PgUnitOfWork::new(
        &unionhall_postgres_adapter::PoolConfig::new(runtime.clone()),
    );
    assert_eq!(checks.check_role().unwrap(), Vec::<String>::new());
    let powerful = unionhall_postgres_adapter::PgUnitOfWork::new(
        &unionhall_postgres_adapter::PoolConfig::new(admin),
    );
    let faults = powerful.check_role().unwrap().join("; ");
    assert!(
        faults.contains("superuser") && faults.contains("bypasses row-level security"),
        "{faults}"
    );
    drop((checks, powerful));
    cluster.stop().unwrap();
}

#[test]
fn serving_in_production_refuses_a_role_that_bypasses_row_level_security_and_demo_data() {
    let folder = Arc::new(folder());
    // The demo hall is made by the program itself, in development.
    crate::support::Hall::open_in(Arc::clone(&folder)).close();
    let cluster = cluster(folder.path());
    let store = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let objects = unionhall_embedded::object_store::ObjectStore::start(
        &unionhall_embedded::object_store::ObjectStoreConfig {
            folder: store.path().join("objects"),
        },
        runtime.handle(),
    )
    .unwrap();
    let endpoint = objects.endpoint();
    let credentials = objects.credentials().clone();
    let admin = cluster.connection_url("unionhall", "postgres");
    let output = in_production(
        folder.path(),
        &["serve"],
        &[
            ("DATABASE_URL", admin.as_str()),
            ("S3_ENDPOINT", &endpoint),
            ("S3_REGION", "us-east-1"),
            ("S3_ACCESS_KEY", &credentials.access_key),
            ("S3_SECRET_KEY", &credentials.secret_key),
        ],
    );
    let (_, told) = printed(&output);
    assert_eq!(output.status.code(), Some(2), "{told}");
    for fault in [
        "superuser",
        "bypasses row-level security",
        "default passwords",
        "demo data",
    ] {
        assert!(told.contains(fault), "{fault} is not named:\n{told}");
    }
    objects.stop();
    cluster.stop().unwrap();
}
