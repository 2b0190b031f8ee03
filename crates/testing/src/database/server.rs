//! The server under all test databases of one process: started with the first, gone when the process is.

use std::{
    fs::Permissions,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::Path,
    process::{ChildStdin, Command, Stdio},
    sync::OnceLock,
};

use unionhall_embedded::postgres::{
    Cluster, ClusterConfig, Durability,
    programs::{ProgramSearch, find},
};
use unionhall_postgres_adapter::migrate;

/// The database that every other is a copy of.
const TEMPLATE: &str = "template";
/// The role that the program signs in as.
const RUNTIME: &str = "unionhall";

/// Waits until the process that started it has gone, however it went; then ends the server and removes its folder.
/// Its input never holds anything: it only ends, when the last writer, which is that process, does.
const WATCHDOG: &str = r#"
    read -r nothing
    pid_file="$2/postgres/cluster/postmaster.pid"
    if [ "$(head -n 1 "$pid_file" 2>/dev/null)" = "$1" ]; then
        kill -INT "$1"
        tries=0
        while [ -e "$pid_file" ] && [ "$tries" -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
    fi
    rm -rf "$(readlink -f "$2/postgres")" "$2"
"#;

/// The running server and what ends it.
pub(super) struct Server {
    cluster: Cluster,
    /// Held open, never written: see [`WATCHDOG`].
    _watchdog: ChildStdin,
}

/// The server of this process. Statics are never dropped, hence the watchdog.
pub(super) fn shared() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(Server::start)
}

impl Server {
    fn start() -> Self {
        // The account that runs the server must be able to pass through.
        let folder = tempfile::Builder::new()
            .prefix("unionhall-test-")
            .permissions(Permissions::from_mode(0o711))
            .tempdir()
            .expect("the temporary folder can be written")
            .keep();
        let silent = |_: &str| {};
        let programs = find(&ProgramSearch::on_this_machine(&folder, &silent))
            .unwrap_or_else(|error| panic!("no PostgreSQL for the tests: {error}"));
        let config = ClusterConfig::new(&folder, &programs, Durability::OffForTests, &silent);
        let cluster = Cluster::start(&config)
            .unwrap_or_else(|error| panic!("PostgreSQL does not start: {error}"));
        let watchdog = watch(cluster.pid(), &folder);
        let server = Self {
            cluster,
            _watchdog: watchdog,
        };
        migrate::create_database(&server.url("postgres", "postgres"), TEMPLATE)
            .expect("a new server takes a new database");
        server.migrate(TEMPLATE);
        server
    }

    /// Makes the database `name` as a copy of the migrated one.
    pub(super) fn copy_template(&self, name: &str) {
        migrate::copy_database(&self.url("postgres", "postgres"), TEMPLATE, name)
            .expect("the template can be copied");
    }

    /// Makes the database `name` without anything in it.
    pub(super) fn create_empty(&self, name: &str) {
        migrate::create_database(&self.url("postgres", "postgres"), name)
            .expect("an empty database can be made");
    }

    /// Removes the database `name`.
    pub(super) fn remove(&self, name: &str) {
        migrate::drop_database(&self.url("postgres", "postgres"), name)
            .expect("a test's database can be removed");
    }

    /// The address of a database for the role that the program signs in as.
    pub(super) fn runtime_url(&self, database: &str) -> String {
        self.url(database, RUNTIME)
    }

    /// The address of a database for a role.
    pub(super) fn url(&self, database: &str, role: &str) -> String {
        self.cluster.connection_url(database, role)
    }

    fn migrate(&self, database: &str) {
        migrate::prepare_and_migrate(&self.url(database, "postgres"), &self.runtime_url(database))
            .unwrap_or_else(|error| panic!("the migrations fail: {}", chain(&error)));
    }
}

fn watch(server: i32, folder: &Path) -> ChildStdin {
    Command::new("sh")
        .args(["-c", WATCHDOG, "unionhall-test-watchdog"])
        .arg(server.to_string())
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // The terminal's Ctrl-C ends the tests, not who tidies up after them.
        .process_group(0)
        .spawn()
        .expect("a shell can be run")
        .stdin
        .expect("the input was piped")
}

/// An error with its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}
