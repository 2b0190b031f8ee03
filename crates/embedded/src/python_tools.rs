//! Programs written in Python by others, which the adapters and the service are tested with.
//!
//! Packages are installed once with the machine's `pip`, pinned by a `requirements.txt` beside
//! the test, into a folder under the workspace's `target/tools`.
//! The folder's name carries a digest of the pins, so a changed pin gets a fresh folder, and a
//! file lock lets test processes that start together share one installation.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use sha2::{Digest, Sha256};
use thiserror::Error;

/// Where installations are kept: thrown away by `cargo clean`, never committed.
const TOOLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/tools");

/// Why a Python server could not be installed or started.
#[derive(Debug, Error)]
pub enum PythonToolError {
    /// A file or folder could not be made, read or moved.
    #[error("{path}: cannot be used")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// `python3` could not be started.
    #[error("python3 cannot be started; the tests need Python 3 with pip")]
    Python(#[source] io::Error),
    /// `pip` ended with an error.
    #[error("pip could not install the packages of {requirements}:\n{output}")]
    Install {
        /// The file with the pinned packages.
        requirements: PathBuf,
        /// What pip wrote.
        output: String,
    },
    /// The server ended, or said something else than its port.
    #[error("the server did not say its port but {said:?}")]
    Port {
        /// The first line it wrote.
        said: String,
    },
}

/// A running Python server; it is stopped when this is dropped.
#[derive(Debug)]
pub struct PythonServer {
    child: Child,
    /// The server runs until this pipe closes, so it ends with the test even when that is killed.
    _alive: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    port: u16,
}

impl PythonServer {
    /// Installs what `folder/requirements.txt` pins, then runs `folder/server.py`, which has to
    /// print its port as the first line and to end when its standard input ends.
    ///
    /// # Errors
    ///
    /// A [`PythonToolError`] that says which step failed.
    pub fn start(folder: &Path) -> Result<Self, PythonToolError> {
        Self::start_with(folder, &[])
    }

    /// The same with `settings` in the server's environment.
    ///
    /// # Errors
    ///
    /// A [`PythonToolError`] that says which step failed.
    pub fn start_with(folder: &Path, settings: &[(&str, &str)]) -> Result<Self, PythonToolError> {
        let packages = install(&folder.join("requirements.txt"))?;
        let mut child = Command::new("python3")
            .arg(folder.join("server.py"))
            .env("PYTHONPATH", packages)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .envs(settings.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(PythonToolError::Python)?;
        let alive = child.stdin.take();
        let Some(output) = child.stdout.take() else {
            return Err(PythonToolError::Port {
                said: String::new(),
            });
        };
        let mut server = Self {
            child,
            _alive: alive,
            output: BufReader::new(output),
            port: 0,
        };
        let said = server.next_line()?;
        server.port = said.parse().map_err(|_| PythonToolError::Port { said })?;
        Ok(server)
    }

    /// The port on 127.0.0.1 that the server listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Waits for the next line that the server prints; it is empty when the server has ended.
    ///
    /// # Errors
    ///
    /// [`PythonToolError::Python`] when the pipe breaks or the line is not UTF-8.
    pub fn next_line(&mut self) -> Result<String, PythonToolError> {
        let mut line = String::new();
        self.output
            .read_line(&mut line)
            .map_err(PythonToolError::Python)?;
        Ok(line.trim_end().to_owned())
    }
}

impl Drop for PythonServer {
    fn drop(&mut self) {
        // Failing means that the server has ended by itself.
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

/// Installs the packages that `requirements` pins, or finds them installed; returns their folder, for `PYTHONPATH`.
///
/// # Errors
///
/// A [`PythonToolError`] that says which step failed.
pub fn install(requirements: &Path) -> Result<PathBuf, PythonToolError> {
    let file = |path: &Path| {
        let path = path.to_owned();
        move |source| PythonToolError::File { path, source }
    };
    let pins = fs::read(requirements).map_err(file(requirements))?;
    let digest = format!("{:x}", Sha256::digest(&pins));
    let name = format!("python-{}", digest.get(..16).unwrap_or(&digest));
    let tools = Path::new(TOOLS);
    fs::create_dir_all(tools).map_err(file(tools))?;

    let lock_path = tools.join(format!("{name}.lock"));
    let lock = File::create(&lock_path).map_err(file(&lock_path))?;
    // Held until this function returns: closing the file gives the lock back.
    lock.lock().map_err(file(&lock_path))?;
    let installed = tools.join(&name);
    if installed.exists() {
        return Ok(installed);
    }

    // Installed beside and then renamed, so that an interrupted installation is never taken for
    // a finished one.
    let partial = tools.join(format!("{name}.partial"));
    if partial.exists() {
        fs::remove_dir_all(&partial).map_err(file(&partial))?;
    }
    let output = Command::new("python3")
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--target",
        ])
        .arg(&partial)
        .arg("--requirement")
        .arg(requirements)
        .output()
        .map_err(PythonToolError::Python)?;
    if !output.status.success() {
        return Err(PythonToolError::Install {
            requirements: requirements.to_owned(),
            output: String::from_utf8_lossy(&output.stderr).into_owned(),
        });
    }
    fs::rename(&partial, &installed).map_err(file(&installed))?;
    Ok(installed)
}
