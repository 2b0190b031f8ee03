//! A cluster in the data folder: made on the first start, started, and stopped.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus, Output};
use std::time::{Duration, Instant};

use rustix::fs::OFlags;

use super::error::{EmbeddedError, cannot};
use super::home::{Home, PORT};
use super::postmaster::{self, PidFile, RunningServer, wait_until};
use super::programs::{Programs, cluster_version, major_of};

/// Where root keeps clusters that the server's account could not reach in their data folder.
pub(super) const STATE_DIR: &str = "/var/lib/unionhall";

/// How long a start may take, recovery after a crash included.
const START_PATIENCE: Duration = Duration::from_secs(60);
/// How long the last processes of a killed server may take to notice.
const CRASH_PATIENCE: Duration = Duration::from_secs(10);
/// A log longer than this, in bytes, is put aside at the next start.
const LONGEST_LOG: u64 = 4 * 1024 * 1024;
/// How much of the log an error shows, in lines.
const LOG_TAIL: usize = 20;

/// The settings of every cluster. They are given on the command line, so that they change with this program and not
/// with the day on which the cluster was made.
const SETTINGS: [(&str, &str); 15] = [
    ("listen_addresses", ""),
    ("unix_socket_permissions", "0700"),
    ("max_connections", "64"),
    ("shared_buffers", "128MB"),
    ("jit", "off"),
    ("timezone", "UTC"),
    ("log_timezone", "UTC"),
    ("wal_level", "replica"),
    ("max_wal_size", "1GB"),
    ("min_wal_size", "80MB"),
    ("logging_collector", "off"),
    ("log_destination", "stderr"),
    ("log_line_prefix", "%m [%p] "),
    // Statements and the values in error details are people's data, which do not belong in a log.
    ("log_min_error_statement", "panic"),
    ("log_error_verbosity", "terse"),
];

/// What a test trades for speed: its data need not outlive the machine.
const SETTINGS_FOR_TESTS: [(&str, &str); 3] = [
    ("fsync", "off"),
    ("synchronous_commit", "off"),
    ("full_page_writes", "off"),
];

/// The locales to try, best first: characters of all languages in the order of their code points.
const LOCALES: [&[&str]; 3] = [
    &["--locale=C.UTF-8"],
    &["--locale=C", "--lc-ctype=en_US.UTF-8"],
    &["--locale=C"],
];

/// Whether what was committed must survive the end of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// A commit is on the disk before it is acknowledged.
    Full,
    /// A commit survives the end of any process, but not of the machine. Several times as fast.
    OffForTests,
}

/// What a cluster needs to start.
pub struct ClusterConfig<'a> {
    /// The data folder. The caller holds its lock: a server found running in it is taken for a left-over and stopped.
    pub data_dir: PathBuf,
    /// The server programs.
    pub programs: &'a Programs,
    /// Whether commits survive the end of the machine.
    pub durability: Durability,
    /// Where root keeps what the server's account cannot reach in the data folder.
    pub state_dir: PathBuf,
    /// Told, in words for the screen, about everything that takes time.
    pub progress: &'a dyn Fn(&str),
}

impl<'a> ClusterConfig<'a> {
    /// The configuration of the cluster in `data_dir`, with everything else as usual.
    #[must_use]
    pub fn new(
        data_dir: &Path,
        programs: &'a Programs,
        durability: Durability,
        progress: &'a dyn Fn(&str),
    ) -> Self {
        let (data_dir, state_dir) = (data_dir.to_path_buf(), PathBuf::from(STATE_DIR));
        Self {
            data_dir,
            programs,
            durability,
            state_dir,
            progress,
        }
    }
}

/// A running cluster. Stopped when dropped.
#[derive(Debug)]
pub struct Cluster {
    process: Child,
    server: RunningServer,
}

impl Cluster {
    /// Starts the cluster of the data folder, making it when there is none, and waits until it accepts connections.
    ///
    /// The superuser is `postgres`; whoever can enter the socket's folder needs no password.
    ///
    /// # Errors
    ///
    /// Any [`EmbeddedError`] but those of the search for programs and of the lock.
    pub fn start(config: &ClusterConfig<'_>) -> Result<Self, EmbeddedError> {
        let home = Home::prepare(&config.data_dir, &config.state_dir, config.progress)?;
        let cluster_dir = home.cluster_dir();
        postmaster::end_leftover(&cluster_dir, config.progress)?;
        remove_unfinished(&home.path);
        match cluster_version(&cluster_dir) {
            None => make_cluster(&home, config)?,
            Some(made_by) if major_of(&made_by) == Some(config.programs.major) => {}
            Some(made_by) => {
                return Err(EmbeddedError::ClusterVersion {
                    cluster_dir,
                    made_by,
                    found: config.programs.major,
                });
            }
        }
        let socket_dir = home.make_socket_dir()?;
        (config.progress)(&format!("Starting PostgreSQL {}", config.programs.version));
        let crash_deadline = Instant::now() + CRASH_PATIENCE;
        loop {
            match launch(&home, &socket_dir, config) {
                // A server was killed and its last processes have not noticed yet.
                Err(EmbeddedError::Start { log_tail, .. })
                    if log_tail.contains("shared memory block")
                        && Instant::now() < crash_deadline =>
                {
                    tracing::debug!("the processes of a killed server are still ending");
                }
                result => return result,
            }
        }
    }

    /// The process number of the server.
    #[must_use]
    pub fn pid(&self) -> i32 {
        self.server.pid()
    }

    /// The private folder of the socket: what libpq calls the host.
    #[must_use]
    pub fn socket_dir(&self) -> &Path {
        self.server.socket_dir()
    }

    /// A connection URI for `database` as `user`, in the form libpq and its relatives take.
    #[must_use]
    pub fn connection_url(&self, database: &str, user: &str) -> String {
        self.server.connection_url(database, user)
    }

    /// Stops the server: connections are closed, everything committed is on the disk, and it has ended.
    ///
    /// # Errors
    ///
    /// [`EmbeddedError::WillNotStop`] when it outlives every signal.
    pub fn stop(mut self) -> Result<(), EmbeddedError> {
        end_child(&mut self.process)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(error) = end_child(&mut self.process) {
            tracing::warn!(%error, "the embedded PostgreSQL could not be stopped");
        }
    }
}

fn end_child(process: &mut Child) -> Result<(), EmbeddedError> {
    let pid = i32::try_from(process.id()).unwrap_or_default();
    postmaster::end(pid, || !matches!(process.try_wait(), Ok(None)))
}

/// Removes what a killed process left of a cluster it was making. Its `initdb` may still be busy in there: then it
/// fails, and the rest goes at the next start.
fn remove_unfinished(home: &Path) {
    for entry in fs::read_dir(home).into_iter().flatten().flatten() {
        if entry.file_name().as_encoded_bytes().starts_with(b"new-")
            && let Err(error) = fs::remove_dir_all(entry.path())
        {
            tracing::debug!(path = %entry.path().display(), %error, "an unfinished cluster could not be removed");
        }
    }
}

/// Makes the cluster beside its place and moves it there when it is complete.
fn make_cluster(home: &Home, config: &ClusterConfig<'_>) -> Result<(), EmbeddedError> {
    let cluster_dir = home.cluster_dir();
    (config.progress)(&format!("Making a database in {}", cluster_dir.display()));
    let mut said = String::new();
    for locale in LOCALES {
        let unfinished = tempfile::Builder::new()
            .prefix("new-")
            .tempdir_in(&home.path)
            .map_err(cannot("make a folder in", &home.path))?;
        home.account.give(unfinished.path())?;
        let output = initdb(home, config, unfinished.path(), locale)?;
        if output.status.success() {
            let complete = unfinished.keep();
            fs::rename(&complete, &cluster_dir)
                .map_err(cannot("move the new database to", &cluster_dir))?;
            return sync(&home.path, config.durability);
        }
        said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat())
            .trim()
            .to_owned();
        if !said.contains("invalid locale") {
            break;
        }
    }
    Err(EmbeddedError::Initdb {
        cluster_dir,
        output: said,
    })
}

fn initdb(
    home: &Home,
    config: &ClusterConfig<'_>,
    dir: &Path,
    locale: &[&str],
) -> Result<Output, EmbeddedError> {
    let mut command = home.account.command(&config.programs.initdb);
    command
        .arg("-D")
        .arg(dir)
        .args([
            "--username=postgres",
            "--encoding=UTF8",
            "--auth-local=trust",
            "--auth-host=reject",
        ])
        .arg("--no-instructions")
        .args(locale);
    if config.durability == Durability::OffForTests {
        command.arg("--no-sync");
    }
    command
        .output()
        .map_err(cannot("run", &config.programs.initdb))
}

/// Makes the new name of the cluster outlive the machine.
fn sync(home: &Path, durability: Durability) -> Result<(), EmbeddedError> {
    match durability {
        Durability::Full => File::open(home)
            .and_then(|dir| dir.sync_all())
            .map_err(cannot("sync", home)),
        Durability::OffForTests => Ok(()),
    }
}

fn launch(
    home: &Home,
    socket_dir: &Path,
    config: &ClusterConfig<'_>,
) -> Result<Cluster, EmbeddedError> {
    let (log, log_start) = open_log(home)?;
    let log_file = home.log_file();
    let log_error = log.try_clone().map_err(cannot("open", &log_file))?;
    let mut command = home.account.command(&config.programs.postgres);
    command.arg("-D").arg(home.cluster_dir());
    command.arg("-c").arg(socket_setting(socket_dir));
    command.arg("-c").arg(format!("port={PORT}"));
    let for_tests: &[_] = if config.durability == Durability::OffForTests {
        &SETTINGS_FOR_TESTS
    } else {
        &[]
    };
    for (name, value) in SETTINGS.iter().chain(for_tests) {
        command.arg("-c").arg(format!("{name}={value}"));
    }
    // A group of its own: the terminal's Ctrl-C reaches us alone, and we stop the server when we no longer need it.
    let mut process = command
        .process_group(0)
        .stdout(log)
        .stderr(log_error)
        .spawn()
        .map_err(cannot("run", &config.programs.postgres))?;
    match wait_until_ready(&mut process, &home.cluster_dir()) {
        Ok(server) => Ok(Cluster { process, server }),
        Err(reason) => {
            end_child(&mut process)?;
            Err(EmbeddedError::Start {
                reason,
                log_tail: tail(&log_file, log_start),
                log_file,
            })
        }
    }
}

/// The setting is a list of folders: quoted, because a path may hold the comma that separates them.
fn socket_setting(socket_dir: &Path) -> OsString {
    let mut setting = b"unix_socket_directories=\"".to_vec();
    for byte in socket_dir.as_os_str().as_bytes() {
        setting.extend(if *byte == b'"' {
            b"\"\"".as_slice()
        } else {
            std::slice::from_ref(byte)
        });
    }
    setting.push(b'"');
    OsString::from_vec(setting)
}

fn wait_until_ready(process: &mut Child, cluster_dir: &Path) -> Result<RunningServer, String> {
    let pid = process.id();
    let mut ended: Option<ExitStatus> = None;
    let mut server = None;
    wait_until(START_PATIENCE, || {
        ended = process.try_wait().ok().flatten();
        server = PidFile::read(cluster_dir)
            .filter(|file| u32::try_from(file.pid) == Ok(pid))
            .and_then(PidFile::server_when_ready);
        ended.is_some() || server.is_some()
    });
    match (server, ended) {
        (Some(server), None) => Ok(server),
        (_, Some(status)) => Err(format!("it ended at once ({status})")),
        (None, None) => Err(format!(
            "it was not ready after {} seconds",
            START_PATIENCE.as_secs()
        )),
    }
}

/// Opens the log for the server to add to; also gives where this start begins in it.
fn open_log(home: &Home) -> Result<(File, u64), EmbeddedError> {
    let path = home.log_file();
    if fs::metadata(&path).is_ok_and(|found| found.len() > LONGEST_LOG) {
        fs::rename(&path, path.with_extension("log.1")).map_err(cannot("put aside", &path))?;
    }
    // The server's account could put a link here, and we may be root.
    let flags = OFlags::NOFOLLOW.bits().cast_signed();
    let log = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .custom_flags(flags)
        .open(&path)
        .map_err(cannot("open", &path))?;
    home.account
        .give_file(&log)
        .map_err(cannot("change the owner of", &path))?;
    let length = log.metadata().map_err(cannot("look at", &path))?.len();
    Ok((log, length))
}

fn tail(log_file: &Path, from: u64) -> String {
    let mut bytes = Vec::new();
    let read = File::open(log_file).and_then(|mut file| {
        file.seek(SeekFrom::Start(from))?;
        file.read_to_end(&mut bytes)
    });
    if let Err(error) = read {
        return format!("(cannot be read: {error})");
    }
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    lines
        .iter()
        .skip(lines.len().saturating_sub(LOG_TAIL))
        .copied()
        .collect::<Vec<_>>()
        .join("\n")
}
