//! The server that is measured: started on a folder of its own, and stopped.

use std::{
    fs::{self, File, Permissions},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::failure::{Doing, Failure, Outcome};

/// How long a start or a stop may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// The limits on requests, which all count in a measurement and stop nothing.
const LIMITS: [&str; 7] = [
    "SIGN_IN",
    "REGISTRATION",
    "RECOVERY",
    "ANONYMOUS",
    "MEMBER",
    "STAFF",
    "ADMIN",
];
/// More requests a minute than are sent.
const PLENTY: &str = "100000000";
/// How often the server is asked whether it is ready.
const POLL: Duration = Duration::from_millis(5);

/// A folder for data that goes when it is dropped.
#[derive(Debug)]
pub(crate) struct Folder(TempDir);

impl Folder {
    /// An empty folder. The account that runs PostgreSQL for root must be able to pass through it.
    pub(crate) fn make() -> Outcome<Self> {
        let folder = tempfile::Builder::new()
            .prefix("unionhall-bench-")
            .tempdir();
        let folder = folder.doing("making a folder")?;
        fs::set_permissions(folder.path(), Permissions::from_mode(0o711))
            .doing("opening the folder")?;
        Ok(Self(folder))
    }

    /// Where scripts and logs go.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The server's data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.path().join("data")
    }
}

/// A child process that is asked to end when it is no longer needed.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    log: PathBuf,
    address: SocketAddr,
}

impl Process {
    /// Starts a program that listens on an address of its own, and waits until `path` is answered with 200. Also
    /// gives how long that took.
    pub(crate) async fn start(
        mut command: Command,
        address: SocketAddr,
        log: PathBuf,
        path: &str,
    ) -> Outcome<(Self, Duration)> {
        let output = File::create(&log).doing(format!("writing {}", log.display()))?;
        let errors = output
            .try_clone()
            .doing(format!("writing {}", log.display()))?;
        let begun = Instant::now();
        let child = command
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .spawn()
            .doing(format!(
                "starting {}",
                command.get_program().to_string_lossy()
            ))?;
        let mut process = Self {
            child,
            log,
            address,
        };
        process.wait_until_ready(path, begun + PATIENCE).await?;
        Ok((process, begun.elapsed()))
    }

    async fn wait_until_ready(&mut self, path: &str, deadline: Instant) -> Outcome<()> {
        let client = reqwest::Client::builder()
            .no_proxy()
            .build()
            .doing("making a client")?;
        let url = format!("{}{path}", self.base());
        loop {
            let answer = client.get(&url).timeout(PATIENCE).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            let ended = self.child.try_wait().doing("looking at the server")?;
            if ended.is_some() || Instant::now() >= deadline {
                let said = fs::read_to_string(&self.log).unwrap_or_default();
                return Err(Failure::new(format!("the server did not start: {said}")));
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// The process's number.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The address as a URL.
    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Asks it to end and waits until it has.
    pub(crate) fn stop(mut self) -> Outcome<()> {
        self.end()
    }

    fn end(&mut self) -> Outcome<()> {
        let deadline = Instant::now() + PATIENCE;
        let mut asked = false;
        while self
            .child
            .try_wait()
            .doing("waiting for the server")?
            .is_none()
        {
            if !asked {
                self.signal(Signal::TERM)?;
                asked = true;
            }
            if Instant::now() >= deadline {
                self.signal(Signal::KILL)?;
                return Err(Failure::new(
                    "the server did not stop when told, and was killed",
                ));
            }
            std::thread::sleep(POLL);
        }
        Ok(())
    }

    fn signal(&self, signal: Signal) -> Outcome<()> {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, signal).doing("stopping the server")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Whoever cares about the result calls `stop`; here something has failed already.
        let _ = self.end();
    }
}

/// Starts the product on `folder`, with everything embedded and nothing else configured.
pub(crate) async fn start(program: &Path, folder: &Folder) -> Outcome<(Process, Duration)> {
    let address = free_address()?;
    let mut command = Command::new(program);
    command
        .arg("serve")
        .current_dir(folder.path())
        .env("UNIONHALL_DATA_DIR", folder.data())
        .env("UNIONHALL_LISTEN", address.to_string())
        .env("UNIONHALL_RATE_LIMITS", "on");
    for limit in LIMITS {
        command.env(format!("UNIONHALL_RATE_LIMITS_{limit}"), PLENTY);
    }
    Process::start(
        command,
        address,
        folder.path().join("server.log"),
        "/readyz",
    )
    .await
}

/// An address on loopback that nobody listens on now.
pub(crate) fn free_address() -> Outcome<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).doing("looking for a free port")?;
    listener.local_addr().doing("looking for a free port")
}
