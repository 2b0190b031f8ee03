//! Where a cluster and its socket lie, and who may enter there.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use rustix::process::geteuid;
use sha2::{Digest, Sha256};

use super::account::Account;
use super::error::{EmbeddedError, cannot};

/// The port in the name of the socket. Nothing listens on the network.
pub(super) const PORT: u16 = 5432;

/// The longest path of a socket that every supported system takes (macOS: 104 bytes with the final zero).
const LONGEST_SOCKET_PATH: usize = 103;

/// The folder that holds everything of one cluster, and the account it belongs to.
#[derive(Debug)]
pub(super) struct Home {
    pub(super) path: PathBuf,
    pub(super) account: Account,
}

impl Home {
    /// Finds or makes the home of the cluster of `data_dir`.
    ///
    /// When the account that runs the server cannot enter `data_dir`, the home lies in `state_dir` and `data_dir` links
    /// to it.
    pub(super) fn prepare(
        data_dir: &Path,
        state_dir: &Path,
        progress: &dyn Fn(&str),
    ) -> Result<Self, EmbeddedError> {
        let data_dir = make_data_dir(data_dir)?;
        let entry = data_dir.join("postgres");
        match entry.canonicalize() {
            Ok(path) => {
                let account = Account::for_existing(&path)?;
                let home = Self { path, account };
                if home.account.can_enter(&home.path) {
                    Ok(home)
                } else {
                    Err(unreachable_folder(&home.path))
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Self::create(&data_dir, &entry, state_dir, progress)
            }
            Err(error) => Err(cannot("look at", &entry)(error)),
        }
    }

    fn create(
        data_dir: &Path,
        entry: &Path,
        state_dir: &Path,
        progress: &dyn Fn(&str),
    ) -> Result<Self, EmbeddedError> {
        let account = Account::for_server()?;
        if account.can_enter(data_dir) {
            make_private(entry, account)?;
            return Ok(Self {
                path: entry.to_path_buf(),
                account,
            });
        }
        make_shared(state_dir)?;
        if !account.can_enter(state_dir) {
            return Err(unreachable_folder(state_dir));
        }
        let name = data_dir
            .file_name()
            .and_then(OsStr::to_str)
            .unwrap_or("data");
        let path = state_dir.join(format!("{name}-{}", short_hash(data_dir)));
        progress(&format!(
            "PostgreSQL does not run as root, and the account that runs it cannot enter {}: the database lies in {}",
            data_dir.display(),
            path.display()
        ));
        make_private(&path, account)?;
        if entry.is_symlink() {
            fs::remove_file(entry).map_err(cannot("remove the dangling link", entry))?;
        }
        symlink(&path, entry).map_err(cannot("make the link", entry))?;
        // A server is recognised by the path it was started with, which must not depend on the day.
        let path = path.canonicalize().map_err(cannot("enter", &path))?;
        Ok(Self { path, account })
    }

    /// PostgreSQL's own data directory.
    pub(super) fn cluster_dir(&self) -> PathBuf {
        self.path.join("cluster")
    }

    /// The server's log.
    pub(super) fn log_file(&self) -> PathBuf {
        self.path.join("postgres.log")
    }

    /// Makes the private folder of the socket: in the home, or in the temporary folder when the home lies too deep.
    pub(super) fn make_socket_dir(&self) -> Result<PathBuf, EmbeddedError> {
        let name = format!("unionhall-{}", short_hash(&self.path));
        let path = [
            self.path.join("socket"),
            std::env::temp_dir().join(&name),
            Path::new("/tmp").join(&name),
        ]
        .into_iter()
        .find(|folder| fits_a_socket(folder))
        .ok_or_else(|| EmbeddedError::SocketPath {
            path: self.path.join("socket"),
        })?;
        make_private(&path, self.account)?;
        // A killed server leaves its lock here; like its pid file, it must not outlive it.
        let lock = path.join(format!(".s.PGSQL.{PORT}.lock"));
        if lock.exists() {
            fs::remove_file(&lock).map_err(cannot("remove", &lock))?;
        }
        if self.account.can_enter(&path) {
            Ok(path)
        } else {
            Err(unreachable_folder(&path))
        }
    }
}

/// Makes the data folder when it is missing; gives its absolute path without links.
///
/// Root lets others pass through, not look around: the account that runs the server must reach its own folder in it.
pub(super) fn make_data_dir(folder: &Path) -> Result<PathBuf, EmbeddedError> {
    let mode = if geteuid().is_root() { 0o711 } else { 0o700 };
    if !folder.exists() {
        if let Some(parent) = folder.parent() {
            fs::create_dir_all(parent).map_err(cannot("make the folder", parent))?;
        }
        make_with_mode(folder, mode)?;
    }
    folder.canonicalize().map_err(cannot("enter", folder))
}

/// The folder for fetched programs: `wanted`, or one in `state_dir` when `account` cannot enter that.
pub(super) fn make_cache_dir(
    wanted: &Path,
    state_dir: &Path,
    account: Account,
) -> Result<PathBuf, EmbeddedError> {
    make_shared(wanted)?;
    let wanted = wanted.canonicalize().map_err(cannot("enter", wanted))?;
    if account.can_enter(&wanted) {
        return Ok(wanted);
    }
    let instead = state_dir.join("cache");
    make_shared(&instead)?;
    if account.can_enter(&instead) {
        Ok(instead)
    } else {
        Err(unreachable_folder(&instead))
    }
}

fn unreachable_folder(path: &Path) -> EmbeddedError {
    EmbeddedError::Unreachable {
        path: path.to_path_buf(),
    }
}

fn fits_a_socket(folder: &Path) -> bool {
    folder.join(format!(".s.PGSQL.{PORT}")).as_os_str().len() <= LONGEST_SOCKET_PATH
}

/// Makes a folder that everybody may read, whatever the process's file mask says. An existing one is left as it is.
fn make_shared(folder: &Path) -> Result<(), EmbeddedError> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent() {
        make_shared(parent)?;
    }
    make_with_mode(folder, 0o755)
}

fn make_with_mode(folder: &Path, mode: u32) -> Result<(), EmbeddedError> {
    match DirBuilder::new().mode(mode).create(folder) {
        Ok(()) => fs::set_permissions(folder, Permissions::from_mode(mode))
            .map_err(cannot("set the rights of", folder)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        Err(error) => Err(cannot("make the folder", folder)(error)),
    }
}

/// Makes a folder that only `account` may enter.
///
/// An existing one is taken when it is a real folder, private, and belongs to `account`, or to root while we are root:
/// in a temporary folder anybody could have put something else there.
fn make_private(folder: &Path, account: Account) -> Result<(), EmbeddedError> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let found = fs::symlink_metadata(folder).map_err(cannot("look at", folder))?;
            let ours = found.uid() == account.uid() || found.uid() == geteuid().as_raw();
            if !found.is_dir() || !ours || found.mode() & 0o077 != 0 {
                return Err(EmbeddedError::NotPrivate {
                    path: folder.to_path_buf(),
                });
            }
        }
        Err(error) => return Err(cannot("make the folder", folder)(error)),
    }
    account.give(folder)
}

/// Sixteen hexadecimal digits that tell paths apart, the same in every run and version of this program.
fn short_hash(path: &Path) -> String {
    let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_path_may_have_103_bytes_and_no_more() {
        assert!(fits_a_socket(Path::new(&format!("/{}", "d".repeat(88)))));
        assert!(!fits_a_socket(Path::new(&format!("/{}", "d".repeat(89)))));
    }

    #[test]
    fn a_folder_that_others_may_enter_is_not_taken_for_the_socket() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("socket");
        make_with_mode(&folder, 0o755).unwrap();
        let refusal = make_private(&folder, Account::Own).unwrap_err();
        assert!(matches!(refusal, EmbeddedError::NotPrivate { path } if path == folder));
    }

    #[test]
    fn a_link_is_not_taken_for_the_socket_folder() {
        let parent = tempfile::tempdir().unwrap();
        let (target, folder) = (parent.path().join("target"), parent.path().join("socket"));
        make_private(&target, Account::Own).unwrap();
        symlink(&target, &folder).unwrap();
        assert!(make_private(&folder, Account::Own).is_err());
    }
}
