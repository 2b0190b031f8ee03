//! What is left of the server under the test databases when its process has gone: nothing.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use unionhall_postgres_adapter::migrate;

/// A process with a test database.
struct Holder {
    process: Child,
    url: String,
}

fn start() -> Holder {
    let mut process = Command::new(env!("CARGO_BIN_EXE_hold-test-database"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the helper can be run");
    let output = process.stdout.take().expect("the output was piped");
    let mut url = String::new();
    BufReader::new(output)
        .read_line(&mut url)
        .expect("the helper says where its database is");
    let url = url.trim().to_owned();
    migrate::execute(&url, "select 1").expect("the database is there");
    Holder { process, url }
}

/// The folder that the address's socket lies in, two levels up.
fn folder(url: &str) -> PathBuf {
    let host = url
        .split(['@', ':'])
        .nth(2)
        .expect("the address has a host");
    let socket = PathBuf::from(host.replace("%2F", "/"));
    let folder = socket.ancestors().nth(2).expect("the folder of the server");
    assert!(folder.is_dir(), "{} is no folder", folder.display());
    folder.to_owned()
}

fn wait_until_gone(folder: &Path) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while folder.exists() {
        assert!(
            Instant::now() < deadline,
            "{} was left behind",
            folder.display()
        );
        thread::yield_now();
    }
}

#[test]
fn a_process_that_is_killed_leaves_neither_server_nor_files() {
    let mut holder = start();
    let folder = folder(&holder.url);
    holder.process.kill().expect("the helper can be killed");
    holder.process.wait().expect("the helper has ended");
    wait_until_gone(&folder);
    assert!(migrate::execute(&holder.url, "select 1").is_err());
}

#[test]
fn a_process_that_ends_leaves_neither_server_nor_files() {
    let mut holder = start();
    let folder = folder(&holder.url);
    drop(holder.process.stdin.take());
    assert!(
        holder
            .process
            .wait()
            .expect("the helper has ended")
            .success()
    );
    wait_until_gone(&folder);
    assert!(migrate::execute(&holder.url, "select 1").is_err());
}
