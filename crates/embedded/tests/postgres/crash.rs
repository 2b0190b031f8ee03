//! What the next start makes of a process that was killed: ours, the server, or both in the middle of something.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use rustix::process::{Pid, Signal, kill_process};
use unionhall_embedded::postgres::{
    Cluster, ClusterConfig, DataDir, Durability, EmbeddedError, RunningServer, running,
};

use crate::support::{Screen, ask, eventually, open_folder, programs, silent};

const DATA_DIR_OF_THE_VICTIM: &str = "UNIONHALL_TEST_VICTIM_DATA_DIR";

/// Does nothing by itself. As the child process of another test it is the product: it takes the data folder, starts the
/// cluster and waits to be killed.
#[test]
fn the_victim() {
    let Some(data_dir) = env::var_os(DATA_DIR_OF_THE_VICTIM).map(PathBuf::from) else {
        return;
    };
    let lock = DataDir::lock(&data_dir).unwrap();
    let cluster = Cluster::start(&ClusterConfig::new(
        &data_dir,
        &programs(),
        Durability::Full,
        &silent,
    ))
    .unwrap();
    loop {
        thread::park();
        assert!(cluster.pid() > 0 && lock.folder().is_dir());
    }
}

/// A victim that is killed at the latest when its test ends.
struct Victim(Child);

impl Victim {
    fn start(data_dir: &Path) -> Self {
        let child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "crash::the_victim", "--test-threads=1"])
            .env(DATA_DIR_OF_THE_VICTIM, data_dir)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Self(child)
    }

    fn server(&self, data_dir: &Path) -> RunningServer {
        eventually("the start of the victim's server", || {
            running(data_dir).is_some()
        });
        running(data_dir).unwrap()
    }

    fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Writes numbered rows, one transaction each, until the server is gone; gives the last number acknowledged.
fn write_until_the_end(url: String) -> thread::JoinHandle<u32> {
    ask(&url, "create table written (number integer primary key)").unwrap();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls)
                .await
                .unwrap();
            tokio::spawn(connection);
            let mut acknowledged = 0;
            while client
                .batch_execute(&format!(
                    "insert into written values ({})",
                    acknowledged + 1
                ))
                .await
                .is_ok()
            {
                acknowledged += 1;
            }
            acknowledged
        })
    })
}

fn count(url: &str) -> u32 {
    ask(url, "select count(*) from written")
        .unwrap()
        .parse()
        .unwrap()
}

#[test]
fn a_server_left_running_by_a_killed_process_is_stopped_and_started_anew() {
    let folder = open_folder();
    let (data_dir, programs, screen) = (folder.path().join("data"), programs(), Screen::default());
    let mut victim = Victim::start(&data_dir);
    let orphan = victim.server(&data_dir);
    let url = orphan.connection_url("postgres", "postgres");
    let writer = write_until_the_end(url.clone());
    eventually("a hundred writes", || count(&url) >= 100);
    victim.kill();
    assert_eq!(running(&data_dir), Some(orphan.clone()));

    let _lock = DataDir::lock(&data_dir).unwrap();
    let say = |line: &str| screen.say(line);
    let cluster = Cluster::start(&ClusterConfig::new(
        &data_dir,
        &programs,
        Durability::Full,
        &say,
    ))
    .unwrap();
    assert_ne!(cluster.pid(), orphan.pid());
    assert!(screen.text().contains("left running"), "{}", screen.text());
    let (acknowledged, found) = (
        writer.join().unwrap(),
        count(&cluster.connection_url("postgres", "postgres")),
    );
    assert!(
        (acknowledged..=acknowledged + 1).contains(&found),
        "{acknowledged} acknowledged, {found} found"
    );
}

#[test]
fn what_a_killed_server_had_acknowledged_is_there_after_the_next_start() {
    let folder = open_folder();
    let (data_dir, programs) = (folder.path().join("data"), programs());
    let mut victim = Victim::start(&data_dir);
    let server = victim.server(&data_dir);
    let url = server.connection_url("postgres", "postgres");
    let writer = write_until_the_end(url.clone());
    eventually("a hundred writes", || count(&url) >= 100);
    victim.kill();
    kill_process(Pid::from_raw(server.pid()).unwrap(), Signal::KILL).unwrap();

    let cluster = Cluster::start(&ClusterConfig::new(
        &data_dir,
        &programs,
        Durability::Full,
        &silent,
    ))
    .unwrap();
    let (acknowledged, found) = (
        writer.join().unwrap(),
        count(&cluster.connection_url("postgres", "postgres")),
    );
    assert!(
        (acknowledged..=acknowledged + 1).contains(&found),
        "{acknowledged} acknowledged, {found} found"
    );
}

#[test]
fn a_process_killed_while_it_makes_the_cluster_leaves_nothing_half_made() {
    let folder = open_folder();
    let (data_dir, programs) = (folder.path().join("data"), programs());
    let home = data_dir.join("postgres");
    let mut victim = Victim::start(&data_dir);
    let unfinished = || {
        let entries = fs::read_dir(&home).into_iter().flatten().flatten();
        entries
            .map(|entry| entry.path())
            .find(|path| path.join("base").exists())
    };
    eventually("the middle of initdb", || unfinished().is_some());
    victim.kill();
    assert!(
        !home.join("cluster").exists(),
        "initdb was too quick for this test"
    );

    let cluster = Cluster::start(&ClusterConfig::new(
        &data_dir,
        &programs,
        Durability::Full,
        &silent,
    ))
    .unwrap();
    assert_eq!(
        ask(&cluster.connection_url("postgres", "postgres"), "select 1").unwrap(),
        "1"
    );
    cluster.stop().unwrap();
    Cluster::start(&ClusterConfig::new(
        &data_dir,
        &programs,
        Durability::Full,
        &silent,
    ))
    .unwrap()
    .stop()
    .unwrap();
    assert_eq!(unfinished(), Some(home.join("cluster")));
    let mut left: Vec<_> = fs::read_dir(&home)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    left.sort();
    assert_eq!(left, ["cluster", "postgres.log", "socket"]);
}

#[test]
fn a_pid_file_that_names_an_unrelated_process_does_not_stop_it() {
    let folder = open_folder();
    let (data_dir, programs) = (folder.path().join("data"), programs());
    let config = ClusterConfig::new(&data_dir, &programs, Durability::OffForTests, &silent);
    Cluster::start(&config).unwrap().stop().unwrap();
    // Process 1 lives on every machine and is nobody's database.
    let stale = format!(
        "1\n{}\n1700000000\n5432\n/nowhere\n\n0 0\nready\n",
        data_dir.display()
    );
    fs::write(data_dir.join("postgres/cluster/postmaster.pid"), stale).unwrap();
    assert_eq!(running(&data_dir), None);
    Cluster::start(&config).unwrap().stop().unwrap();
}

#[test]
fn the_lock_of_a_killed_process_is_free_again() {
    let folder = open_folder();
    let data_dir = folder.path().join("data");
    let mut victim = Victim::start(&data_dir);
    victim.server(&data_dir);
    let refusal = DataDir::lock(&data_dir).unwrap_err();
    let holder = victim.0.id();
    assert!(
        matches!(&refusal, EmbeddedError::Locked { holder: Some(pid), .. } if *pid == holder),
        "{refusal:?}"
    );
    victim.kill();
    let _lock = DataDir::lock(&data_dir).unwrap();
    Cluster::start(&ClusterConfig::new(
        &data_dir,
        &programs(),
        Durability::Full,
        &silent,
    ))
    .unwrap()
    .stop()
    .unwrap();
}
