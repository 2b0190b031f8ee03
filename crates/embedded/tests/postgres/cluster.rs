//! A cluster's life when nothing goes wrong, and the refusals when something is wrong from the start.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use rustix::process::{Pid, geteuid, getpgid, test_kill_process};
use unionhall_embedded::postgres::{
    Cluster, ClusterConfig, DataDir, Durability, EmbeddedError, running,
};

use crate::support::{Screen, ask, closed_folder, open_folder, programs, script, silent, start};

fn show(cluster: &Cluster, setting: &str) -> String {
    ask(
        &cluster.connection_url("postgres", "postgres"),
        &format!("show {setting}"),
    )
    .unwrap()
}

fn lives(pid: i32) -> bool {
    test_kill_process(Pid::from_raw(pid).unwrap()).is_ok()
}

#[test]
fn a_first_start_makes_a_database_and_later_starts_find_what_was_written() {
    let folder = open_folder();
    let data_dir = folder.path().join("data");
    let cluster = start(&data_dir);
    let url = cluster.connection_url("postgres", "postgres");
    ask(
        &url,
        "create table halls (name text); insert into halls values ('Örebro')",
    )
    .unwrap();
    cluster.stop().unwrap();

    let cluster = start(&data_dir);
    let url = cluster.connection_url("postgres", "postgres");
    assert_eq!(
        ask(&url, "select lower(name) from halls").unwrap(),
        "örebro"
    );
}

#[test]
fn a_cluster_listens_on_its_private_socket_only() {
    let folder = open_folder();
    let cluster = start(&folder.path().join("data"));
    assert_eq!(show(&cluster, "listen_addresses"), "");
    assert_eq!(show(&cluster, "server_encoding"), "UTF8");
    assert_eq!(show(&cluster, "timezone"), "UTC");
    assert_eq!(show(&cluster, "jit"), "off");
    assert_eq!(
        fs::metadata(cluster.socket_dir()).unwrap().mode() & 0o777,
        0o700
    );
}

#[test]
fn only_a_test_gives_up_durability() {
    let (folder, programs) = (open_folder(), programs());
    let at = |name: &str, durability| {
        Cluster::start(&ClusterConfig::new(
            &folder.path().join(name),
            &programs,
            durability,
            &silent,
        ))
        .unwrap()
    };
    let full = at("full", Durability::Full);
    let settings = ["fsync", "synchronous_commit", "full_page_writes"];
    assert_eq!(settings.map(|name| show(&full, name)), ["on"; 3]);
    let off = at("off", Durability::OffForTests);
    assert_eq!(settings.map(|name| show(&off, name)), ["off"; 3]);
}

#[test]
fn the_contrib_modules_of_the_schema_can_be_created() {
    let folder = open_folder();
    let cluster = start(&folder.path().join("data"));
    let modules = "create extension pg_trgm; create extension btree_gin; create extension unaccent; select unaccent('Hôtel')";
    assert_eq!(
        ask(&cluster.connection_url("postgres", "postgres"), modules).unwrap(),
        "Hotel"
    );
}

#[test]
fn a_path_may_hold_spaces_quotes_commas_and_letters_of_any_language() {
    let folder = open_folder();
    let cluster = start(&folder.path().join("a hall, its \"data\" & 100% é"));
    assert_eq!(
        ask(&cluster.connection_url("postgres", "postgres"), "select 1").unwrap(),
        "1"
    );
}

#[test]
fn a_folder_too_deep_for_a_socket_gets_one_in_the_temporary_folder() {
    let folder = open_folder();
    let data_dir = folder.path().join("deep".repeat(20)).join("data");
    let cluster = start(&data_dir);
    assert!(
        !cluster
            .socket_dir()
            .starts_with(folder.path().canonicalize().unwrap())
    );
    assert_eq!(
        fs::metadata(cluster.socket_dir()).unwrap().mode() & 0o777,
        0o700
    );
    assert_eq!(
        ask(&cluster.connection_url("postgres", "postgres"), "select 1").unwrap(),
        "1"
    );
    assert_eq!(
        running(&data_dir).unwrap().socket_dir(),
        cluster.socket_dir()
    );
    let socket_dir = cluster.socket_dir().to_path_buf();
    cluster.stop().unwrap();
    fs::remove_dir(socket_dir).unwrap();
}

#[test]
fn a_folder_that_only_root_may_enter_links_to_a_cluster_elsewhere() {
    let (closed, open) = (closed_folder(), open_folder());
    let (data_dir, programs, screen) = (closed.path().join("data"), programs(), Screen::default());
    let say = |line: &str| screen.say(line);
    let mut config = ClusterConfig::new(&data_dir, &programs, Durability::OffForTests, &say);
    config.state_dir = open.path().join("state");
    for _ in 0..2 {
        let cluster = Cluster::start(&config).unwrap();
        assert_eq!(
            ask(&cluster.connection_url("postgres", "postgres"), "select 1").unwrap(),
            "1"
        );
        assert_eq!(running(&data_dir).unwrap().pid(), cluster.pid());
        cluster.stop().unwrap();
    }
    let home = data_dir.join("postgres");
    if geteuid().is_root() {
        assert!(home.read_link().unwrap().starts_with(&config.state_dir));
        assert_eq!(
            screen.text().matches("cannot enter").count(),
            1,
            "{}",
            screen.text()
        );
    } else {
        assert!(home.is_dir() && !home.is_symlink());
        assert!(!config.state_dir.exists());
    }
    let found = fs::metadata(&home).unwrap();
    assert_eq!(found.mode() & 0o777, 0o700);
    assert_eq!(found.uid() == geteuid().as_raw(), !geteuid().is_root());
}

#[test]
fn a_lost_home_of_a_linked_cluster_is_made_anew() {
    let (closed, open) = (closed_folder(), open_folder());
    let (data_dir, programs) = (closed.path().join("data"), programs());
    let mut config = ClusterConfig::new(&data_dir, &programs, Durability::OffForTests, &silent);
    config.state_dir = open.path().join("state");
    Cluster::start(&config).unwrap().stop().unwrap();
    fs::remove_dir_all(data_dir.join("postgres").canonicalize().unwrap()).unwrap();
    Cluster::start(&config).unwrap().stop().unwrap();
}

#[test]
fn a_server_is_in_a_process_group_of_its_own() {
    let folder = open_folder();
    let cluster = start(&folder.path().join("data"));
    let pid = Pid::from_raw(cluster.pid()).unwrap();
    assert_eq!(getpgid(Some(pid)).unwrap(), pid);
}

#[test]
fn a_running_server_is_found_by_others_and_a_stopped_one_is_not() {
    let folder = open_folder();
    let data_dir = folder.path().join("data");
    assert_eq!(running(&data_dir), None);
    let cluster = start(&data_dir);
    let found = running(&data_dir).unwrap();
    assert_eq!(found.pid(), cluster.pid());
    assert_eq!(
        found.connection_url("postgres", "postgres"),
        cluster.connection_url("postgres", "postgres")
    );
    cluster.stop().unwrap();
    assert_eq!(running(&data_dir), None);
}

#[test]
fn a_dropped_cluster_is_a_stopped_one() {
    let folder = open_folder();
    let cluster = start(&folder.path().join("data"));
    let pid = cluster.pid();
    drop(cluster);
    assert!(!lives(pid));
    assert!(
        !folder
            .path()
            .join("data/postgres/cluster/postmaster.pid")
            .exists()
    );
}

#[test]
fn a_cluster_stops_although_a_client_is_connected() {
    let folder = open_folder();
    let cluster = start(&folder.path().join("data"));
    let url = cluster.connection_url("postgres", "postgres");
    let client = std::thread::spawn(move || ask(&url, "select pg_sleep(600)"));
    let url = cluster.connection_url("postgres", "postgres");
    let sleepers = "select count(*) from pg_stat_activity where wait_event = 'PgSleep'";
    crate::support::eventually("the client's query", || ask(&url, sleepers).unwrap() == "1");
    cluster.stop().unwrap();
    assert!(client.join().unwrap().is_err());
}

#[test]
fn a_database_of_another_major_version_is_refused_by_name() {
    let (folder, programs) = (open_folder(), programs());
    let data_dir = folder.path().join("data");
    start(&data_dir).stop().unwrap();
    fs::write(data_dir.join("postgres/cluster/PG_VERSION"), "9.6\n").unwrap();
    let config = ClusterConfig::new(&data_dir, &programs, Durability::OffForTests, &silent);
    let refusal = Cluster::start(&config).unwrap_err();
    assert!(
        matches!(&refusal, EmbeddedError::ClusterVersion { made_by, .. } if made_by == "9.6"),
        "{refusal}"
    );
}

#[test]
fn a_server_that_ends_at_once_is_reported_with_the_end_of_its_log() {
    let (folder, programs) = (open_folder(), programs());
    let data_dir = folder.path().join("data");
    start(&data_dir).stop().unwrap();
    fs::write(
        data_dir.join("postgres/cluster/postgresql.conf"),
        "solidarity = forever\n",
    )
    .unwrap();
    let config = ClusterConfig::new(&data_dir, &programs, Durability::OffForTests, &silent);
    let message = Cluster::start(&config).unwrap_err().to_string();
    assert!(
        message.contains("unrecognized configuration parameter \"solidarity\""),
        "{message}"
    );
    assert!(message.contains("postgres.log"), "{message}");
}

#[test]
fn a_failing_initdb_is_quoted_and_leaves_nothing_behind() {
    let (folder, real) = (open_folder(), programs());
    let data_dir = folder.path().join("data");
    let mut broken = real.clone();
    let body = "mkdir -p \"$2/base\"; echo 'no space left on the device' >&2; exit 1";
    broken.initdb = script(&folder.path().join("initdb"), body);
    let config = ClusterConfig::new(&data_dir, &broken, Durability::OffForTests, &silent);
    let message = Cluster::start(&config).unwrap_err().to_string();
    assert!(message.contains("no space left on the device"), "{message}");
    assert_eq!(fs::read_dir(data_dir.join("postgres")).unwrap().count(), 0);
    start(&data_dir).stop().unwrap();
}

#[test]
fn an_unknown_locale_is_replaced_by_one_that_every_system_has() {
    let (folder, real) = (open_folder(), programs());
    let mut choosy = real.clone();
    let body = format!(
        "for argument; do case $argument in *UTF-8) echo \"initdb: error: invalid locale name\" >&2; exit 1;; esac; done
         exec '{}' \"$@\"",
        real.initdb.display()
    );
    choosy.initdb = script(&folder.path().join("initdb"), &body);
    let data_dir = folder.path().join("data");
    let cluster = Cluster::start(&ClusterConfig::new(
        &data_dir,
        &choosy,
        Durability::OffForTests,
        &silent,
    ))
    .unwrap();
    let ctype = "select datctype from pg_database where datname = 'postgres'";
    assert_eq!(
        ask(&cluster.connection_url("postgres", "postgres"), ctype).unwrap(),
        "C"
    );
    assert_eq!(show(&cluster, "server_encoding"), "UTF8");
}

#[test]
fn a_long_log_is_put_aside() {
    let folder = open_folder();
    let data_dir = folder.path().join("data");
    start(&data_dir).stop().unwrap();
    let log = data_dir.join("postgres/postgres.log");
    fs::write(&log, "x".repeat(5 * 1024 * 1024)).unwrap();
    start(&data_dir).stop().unwrap();
    assert!(fs::metadata(&log).unwrap().len() < 1024 * 1024);
    assert!(data_dir.join("postgres/postgres.log.1").exists());
}

#[test]
fn the_log_keeps_no_statements_and_no_values() {
    let folder = open_folder();
    let data_dir = folder.path().join("data");
    let cluster = start(&data_dir);
    let url = cluster.connection_url("postgres", "postgres");
    let twice = "create table people (name text unique); insert into people values ('Rosa'); insert into people values ('Rosa')";
    assert!(ask(&url, twice).is_err());
    cluster.stop().unwrap();
    let log = fs::read_to_string(data_dir.join("postgres/postgres.log")).unwrap();
    assert!(
        log.contains("people_name_key") && !log.contains("Rosa"),
        "{log}"
    );
}

#[test]
fn a_held_data_folder_is_refused_with_the_folder_and_the_holder() {
    let folder = open_folder();
    let data_dir = folder.path().join("data");
    let held = DataDir::lock(&data_dir).unwrap();
    assert_eq!(held.folder(), data_dir.canonicalize().unwrap());
    let refusal = DataDir::lock(&data_dir).unwrap_err();
    let own = std::process::id();
    assert!(
        matches!(&refusal, EmbeddedError::Locked { holder: Some(pid), .. } if *pid == own),
        "{refusal:?}"
    );
    let message = refusal.to_string();
    assert!(
        message.contains(&own.to_string()) && message.contains(&data_dir.display().to_string()),
        "{message}"
    );
    drop(held);
    DataDir::lock(&data_dir).unwrap();
}

#[test]
fn a_data_folder_that_cannot_be_made_is_named() {
    let folder = open_folder();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let message = DataDir::lock(&file.join("data")).unwrap_err().to_string();
    assert!(message.contains(&file.display().to_string()), "{message}");
    assert!(!Path::new(&file).is_dir());
}
