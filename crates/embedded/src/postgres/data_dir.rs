//! The lock that lets one process at a time use a data folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::error::{EmbeddedError, cannot};
use super::home;

/// The data folder, before anybody holds it.
#[derive(Debug)]
pub struct DataDir;

/// Proof that this process alone uses the data folder. Released when dropped, and by the kernel when the process dies.
#[derive(Debug)]
pub struct DataDirLock {
    folder: PathBuf,
    file: File,
}

impl DataDir {
    /// Takes the folder for this process, making it when it does not exist.
    ///
    /// # Errors
    ///
    /// [`EmbeddedError::Locked`] when another process holds it; [`EmbeddedError::Io`] when it cannot be made or written.
    pub fn lock(folder: &Path) -> Result<DataDirLock, EmbeddedError> {
        let folder = home::make_data_dir(folder)?;
        let path = folder.join("lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(cannot("open", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = holder(&mut file);
                return Err(EmbeddedError::Locked { folder, holder });
            }
            Err(TryLockError::Error(source)) => return Err(cannot("lock", &path)(source)),
        }
        write_holder(&mut file).map_err(cannot("write", &path))?;
        Ok(DataDirLock { folder, file })
    }
}

impl DataDirLock {
    /// The data folder: an absolute path without links.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for DataDirLock {
    fn drop(&mut self) {
        // Closing alone would leave the lock with a child that another thread has forked but not yet turned into
        // another program.
        if let Err(error) = self.file.unlock() {
            tracing::warn!(folder = %self.folder.display(), %error, "the data folder could not be unlocked");
        }
    }
}

fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn write_holder(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}
