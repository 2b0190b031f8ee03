//! What can go wrong with the embedded PostgreSQL, each with what to do about it.

use std::io;
use std::path::{Path, PathBuf};

/// Why the embedded PostgreSQL cannot be used.
///
/// The messages are shown as they are to whoever started the program.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// Another process uses the data folder.
    #[error(
        "the data folder {} is in use by another Unionhall{}; stop that one first, or name another folder in UNIONHALL_DATA_DIR",
        .folder.display(),
        .holder.map(|pid| format!(" (process {pid})")).unwrap_or_default()
    )]
    Locked {
        /// The data folder.
        folder: PathBuf,
        /// The process that holds it, when it has already written its number.
        holder: Option<u32>,
    },

    /// No usable server programs, and none could be fetched.
    #[error(
        "no usable PostgreSQL server programs (version 14 or newer, with its contrib modules) on this machine.
Install them with the command for your system, then start again:
  Debian, Ubuntu   sudo apt install postgresql
  Fedora, RHEL     sudo dnf install postgresql-server postgresql-contrib
  Arch             sudo pacman -S postgresql
  Alpine           sudo apk add postgresql postgresql-contrib
  macOS            brew install postgresql@17
Or name the folder that holds `postgres` and `initdb` in UNIONHALL_POSTGRES_BIN, or an existing database in DATABASE_URL.{}",
        .tried.iter().map(|line| format!("\nTried: {line}")).collect::<String>()
    )]
    NoPrograms {
        /// What was found or attempted, and why each was no use.
        tried: Vec<String>,
    },

    /// The folder that was named explicitly holds no usable server programs.
    #[error("UNIONHALL_POSTGRES_BIN names {}, which cannot be used: {reason}", .bin_dir.display())]
    BinDir {
        /// The folder named.
        bin_dir: PathBuf,
        /// Why it is no use.
        reason: String,
    },

    /// A fetched package is not the one this program was built to trust.
    #[error(
        "the package {package} does not have the checksum this program expects and was thrown away unopened (expected sha512 {expected}, got {found}); a mirror may serve something else: install PostgreSQL with your system's package manager instead"
    )]
    Checksum {
        /// Name and version of the package.
        package: String,
        /// The pinned sha512, in hexadecimal.
        expected: String,
        /// The sha512 of what came, in hexadecimal.
        found: String,
    },

    /// The cluster in the data folder belongs to another major version.
    #[error(
        "the database in {} was made by PostgreSQL {made_by} and cannot be opened by PostgreSQL {found}; install PostgreSQL {made_by} or name its programs in UNIONHALL_POSTGRES_BIN",
        .cluster_dir.display()
    )]
    ClusterVersion {
        /// PostgreSQL's data directory.
        cluster_dir: PathBuf,
        /// The major version that made it, as written in its `PG_VERSION`.
        made_by: String,
        /// The major version of the programs at hand.
        found: u32,
    },

    /// Run as root on a machine without an unprivileged account.
    #[error(
        "PostgreSQL does not run as root, and this machine has neither an account `postgres` nor `nobody`; create one (`useradd --system postgres`) or start Unionhall as an ordinary user"
    )]
    NoAccount,

    /// The cluster belongs to another account.
    #[error(
        "{} belongs to the account with uid {owner}; start Unionhall as that account, or name another folder in UNIONHALL_DATA_DIR",
        .path.display()
    )]
    WrongOwner {
        /// The folder of the cluster.
        path: PathBuf,
        /// Who owns it.
        owner: u32,
    },

    /// The account that runs the server cannot enter a folder it needs.
    #[error(
        "the account that runs PostgreSQL cannot enter {}; let others pass through the folders above it (`chmod o+x`), or name another folder in UNIONHALL_DATA_DIR",
        .path.display()
    )]
    Unreachable {
        /// The folder.
        path: PathBuf,
    },

    /// A folder that must be private exists and is not.
    #[error(
        "{} is needed for the database, but it is not a folder that only the database's account can enter; remove it",
        .path.display()
    )]
    NotPrivate {
        /// The folder.
        path: PathBuf,
    },

    /// No folder has a path short enough for a unix socket.
    #[error(
        "the path {} is too long for a unix socket, and so is the temporary folder's; name a data folder nearer to the root in UNIONHALL_DATA_DIR",
        .path.display()
    )]
    SocketPath {
        /// The folder that was wanted.
        path: PathBuf,
    },

    /// Making the cluster failed.
    #[error("initdb could not make a database in {}:\n{output}", .cluster_dir.display())]
    Initdb {
        /// Where the cluster was to lie.
        cluster_dir: PathBuf,
        /// What `initdb` said.
        output: String,
    },

    /// The server ended, or did not become ready, while it was being started.
    #[error("PostgreSQL did not start: {reason}. Its log, {}, ends with:\n{log_tail}", .log_file.display())]
    Start {
        /// What happened.
        reason: String,
        /// The whole log.
        log_file: PathBuf,
        /// The last lines this start added to it.
        log_tail: String,
    },

    /// A server process outlived every signal.
    #[error(
        "the PostgreSQL server with process number {pid} does not stop; end it by hand, then start again"
    )]
    WillNotStop {
        /// Its process number.
        pid: i32,
    },

    /// A file or program could not be used.
    #[error("cannot {action} {}", .path.display())]
    Io {
        /// What was attempted, as a verb.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

/// Makes of an [`io::Error`] the error that says what was attempted on which path.
pub(super) fn cannot(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> EmbeddedError {
    let path = path.to_path_buf();
    move |source| EmbeddedError::Io {
        action,
        path,
        source,
    }
}
