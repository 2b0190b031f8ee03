//! What the tests of the embedded PostgreSQL share: folders, programs, and a client that asks one thing.

use std::cell::RefCell;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio_postgres::{NoTls, SimpleQueryMessage};
use unionhall_embedded::postgres::{
    Cluster, ClusterConfig, Durability, ProgramSearch, Programs, programs,
};

/// A folder that the server's account can pass through even when the tests run as root.
pub(crate) fn open_folder() -> TempDir {
    tempfile::Builder::new()
        .permissions(Permissions::from_mode(0o755))
        .tempdir()
        .unwrap()
}

/// A folder that nobody but the account of the tests can enter.
pub(crate) fn closed_folder() -> TempDir {
    tempfile::Builder::new()
        .permissions(Permissions::from_mode(0o700))
        .tempdir()
        .unwrap()
}

/// The server programs of this machine, fetched when it has none.
pub(crate) fn programs() -> Programs {
    let mut search =
        ProgramSearch::on_this_machine(Path::new(env!("CARGO_TARGET_TMPDIR")), &silent);
    search.allow_fetch = true;
    programs::find(&search).unwrap()
}

/// A search that finds nothing: every place is empty until a test fills it.
pub(crate) fn empty_search<'a>(folder: &Path, progress: &'a dyn Fn(&str)) -> ProgramSearch<'a> {
    ProgramSearch {
        bin_dir: None,
        path: Vec::new(),
        distribution_dirs: Vec::new(),
        cluster_major: None,
        allow_fetch: false,
        cache_dir: folder.join("data/cache"),
        npm: folder.join("no-npm"),
        state_dir: folder.join("state"),
        progress,
    }
}

/// Starts the cluster of `data_dir` as tests do.
pub(crate) fn start(data_dir: &Path) -> Cluster {
    Cluster::start(&ClusterConfig::new(
        data_dir,
        &programs(),
        Durability::OffForTests,
        &silent,
    ))
    .unwrap()
}

pub(crate) fn silent(_: &str) {}

/// Remembers what was said on the screen.
#[derive(Default)]
pub(crate) struct Screen(RefCell<Vec<String>>);

impl Screen {
    pub(crate) fn say(&self, line: &str) {
        self.0.borrow_mut().push(line.to_owned());
    }

    pub(crate) fn text(&self) -> String {
        self.0.borrow().join("\n")
    }
}

/// The first value of the last row that `sql` gives.
pub(crate) fn ask(url: &str, sql: &str) -> Result<String, tokio_postgres::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        let connection = tokio::spawn(connection);
        let messages = client.simple_query(sql).await?;
        drop(client);
        connection.await.unwrap()?;
        let rows = messages.iter().rev().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or("null").to_owned()),
            _ => None,
        });
        Ok(rows.unwrap_or_default())
    })
}

/// Polls `condition` until it holds; fails the test when it does not within 30 seconds.
pub(crate) fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !condition() {
        assert!(
            Instant::now() < deadline,
            "{what} did not happen within 30 seconds"
        );
        thread::sleep(Duration::from_millis(2));
    }
}

/// Writes an executable script. Another process writes it: a file that this one has open for writing cannot be run
/// while a test beside this one is starting a program, which holds a copy of every open file for a moment.
pub(crate) fn script(path: &Path, body: &str) -> PathBuf {
    let status = Command::new("/bin/sh")
        .args(["-c", "mkdir -p \"${1%/*}\" && printf '#!/bin/sh\\n%s\\n' \"$2\" > \"$1\" && chmod 755 \"$1\"", "sh"])
        .arg(path)
        .arg(body)
        .status()
        .unwrap();
    assert!(status.success());
    path.to_path_buf()
}
