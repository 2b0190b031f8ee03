//! A server process as seen from outside: what its pid file says, whether it lives, and how it is ended.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::error::{EmbeddedError, cannot};

/// How often a condition that takes milliseconds is looked at.
pub(super) const POLL: Duration = Duration::from_millis(5);

/// The signals that end a server, each with how long it may take: without losing anything, then without tidying up,
/// then without being asked.
const ENDINGS: [(Signal, Duration); 3] = [
    (Signal::INT, Duration::from_secs(30)),
    (Signal::QUIT, Duration::from_secs(5)),
    (Signal::KILL, Duration::from_secs(5)),
];

/// A server that accepts connections on its private socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningServer {
    pub(super) pid: i32,
    pub(super) port: u16,
    pub(super) socket_dir: PathBuf,
}

impl RunningServer {
    /// The process number of the server.
    #[must_use]
    pub fn pid(&self) -> i32 {
        self.pid
    }

    /// The private folder of the socket: what libpq calls the host.
    #[must_use]
    pub fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    /// A connection URI for `database` as `user`, in the form libpq and its relatives take.
    #[must_use]
    pub fn connection_url(&self, database: &str, user: &str) -> String {
        let host = percent_encode(self.socket_dir.as_os_str().as_bytes());
        let (user, database) = (
            percent_encode(user.as_bytes()),
            percent_encode(database.as_bytes()),
        );
        format!("postgresql://{user}@{host}:{}/{database}", self.port)
    }
}

/// The server that runs for `data_dir` now, whoever started it; nothing when there is none that is ready.
#[must_use]
pub fn running(data_dir: &Path) -> Option<RunningServer> {
    let cluster_dir = data_dir.join("postgres/cluster").canonicalize().ok()?;
    let file = PidFile::read(&cluster_dir)?;
    is_server_of(file.pid, &cluster_dir).then(|| file.server_when_ready())?
}

/// What a server has written about itself into its data directory.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PidFile {
    pub(super) pid: i32,
    port: Option<u16>,
    socket_dir: Option<PathBuf>,
    ready: bool,
}

impl PidFile {
    pub(super) fn read(cluster_dir: &Path) -> Option<Self> {
        Self::parse(&fs::read(cluster_dir.join("postmaster.pid")).ok()?)
    }

    /// The server fills the file line by line while it starts, so all but the first may be missing.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let mut lines = bytes.split(|byte| *byte == b'\n');
        let pid = number(lines.next()?)?;
        let port = lines.nth(2).and_then(number);
        let socket_dir = lines
            .next()
            .filter(|line| !line.is_empty())
            .map(|line| PathBuf::from(OsStr::from_bytes(line)));
        let ready = lines
            .nth(2)
            .is_some_and(|status| status.trim_ascii() == b"ready");
        Some(Self {
            pid,
            port,
            socket_dir,
            ready,
        })
    }

    /// The server, when the file says that it is ready and its socket accepts a connection.
    pub(super) fn server_when_ready(self) -> Option<RunningServer> {
        let (port, socket_dir) = (self.port?, self.socket_dir?);
        let socket = socket_dir.join(format!(".s.PGSQL.{port}"));
        (self.ready && UnixStream::connect(socket).is_ok()).then_some(RunningServer {
            pid: self.pid,
            port,
            socket_dir,
        })
    }
}

/// Ends a server that an earlier, killed process of ours has left running, and removes its pid file.
///
/// PostgreSQL itself does not dare to remove the file while any process has the number in it, be it somebody else's or
/// one that has ended and was never waited for. We know better, because only we start servers here. Should processes of
/// that server still live, the new one notices by their shared memory.
pub(super) fn end_leftover(
    cluster_dir: &Path,
    progress: &dyn Fn(&str),
) -> Result<(), EmbeddedError> {
    let Some(PidFile { pid, .. }) = PidFile::read(cluster_dir) else {
        return Ok(());
    };
    if is_server_of(pid, cluster_dir) {
        progress(&format!(
            "A PostgreSQL server (process {pid}) was left running by a killed Unionhall: stopping it"
        ));
        end(pid, || !is_server_of(pid, cluster_dir))?;
    }
    let path = cluster_dir.join("postmaster.pid");
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(cannot("remove", &path)(error))
        }
        _ => Ok(()),
    }
}

/// Sends the signals that end a server, one after the other, until `ended` says so.
pub(super) fn end(pid: i32, mut ended: impl FnMut() -> bool) -> Result<(), EmbeddedError> {
    let process = Pid::from_raw(pid).ok_or(EmbeddedError::WillNotStop { pid })?;
    for (signal, patience) in ENDINGS {
        if ended() {
            return Ok(());
        }
        if let Err(error) = kill_process(process, signal) {
            tracing::debug!(pid, ?signal, %error, "the server could not be signalled");
        }
        if wait_until(patience, &mut ended) {
            return Ok(());
        }
    }
    Err(EmbeddedError::WillNotStop { pid })
}

/// Looks every [`POLL`] until `condition` holds; false when it did not hold within `patience`.
pub(super) fn wait_until(patience: Duration, mut condition: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + patience;
    loop {
        if condition() {
            return true;
        }
        if Instant::now() >= deadline {
            return false;
        }
        thread::sleep(POLL);
    }
}

/// Whether the process `pid` is a server of the data directory `cluster_dir`: a number alone may by now belong to
/// somebody else. A process that has ended and was not waited for has no command line.
fn is_server_of(pid: i32, cluster_dir: &Path) -> bool {
    let wanted = cluster_dir.as_os_str().as_bytes();
    command_line(pid).is_some_and(|line| line.windows(wanted.len()).any(|part| part == wanted))
}

fn command_line(pid: i32) -> Option<Vec<u8>> {
    if cfg!(target_os = "linux") {
        return fs::read(format!("/proc/{pid}/cmdline")).ok();
    }
    let listing = Command::new("ps")
        .args(["-ww", "-o", "command=", "-p", &pid.to_string()])
        .stdin(Stdio::null())
        .output()
        .ok()?;
    Some(listing.stdout)
}

fn number<N: std::str::FromStr>(line: &[u8]) -> Option<N> {
    std::str::from_utf8(line).ok()?.trim().parse().ok()
}

fn percent_encode(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(*byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_pid_file_is_understood() {
        let file = PidFile::parse(
            b"41\n/data/cluster\n1790000000\n5432\n/data/socket\n\n  1234  5\nready   \n",
        )
        .unwrap();
        let socket_dir = Some(PathBuf::from("/data/socket"));
        assert_eq!(
            file,
            PidFile {
                pid: 41,
                port: Some(5432),
                socket_dir,
                ready: true
            }
        );
    }

    #[test]
    fn a_pid_file_that_is_being_written_is_not_ready() {
        let file = PidFile::parse(b"41\n/data/cluster\n1790000000\n5432\n").unwrap();
        assert_eq!(
            file,
            PidFile {
                pid: 41,
                port: Some(5432),
                socket_dir: None,
                ready: false
            }
        );
        assert_eq!(PidFile::parse(b""), None);
    }

    #[test]
    fn a_server_that_is_starting_is_not_ready() {
        let file =
            PidFile::parse(b"41\n/data/cluster\n1790000000\n5432\n/data/socket\n\n1 2\nstarting\n")
                .unwrap();
        assert!(!file.ready);
    }

    #[test]
    fn a_connection_url_escapes_what_a_path_may_hold() {
        let server = RunningServer {
            pid: 41,
            port: 5432,
            socket_dir: PathBuf::from("/a hall/é@/socket"),
        };
        let url = server.connection_url("union/hall", "postgres");
        assert_eq!(
            url,
            "postgresql://postgres@%2Fa%20hall%2F%C3%A9%40%2Fsocket:5432/union%2Fhall"
        );
    }

    #[test]
    fn another_process_with_the_number_of_a_server_is_not_taken_for_it() {
        let own = i32::try_from(std::process::id()).unwrap();
        assert!(!is_server_of(own, Path::new("/nowhere/postgres/cluster")));
    }
}
