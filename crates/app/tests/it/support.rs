//! A running program, its folder and its screen.

use std::{
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::{Arc, Mutex},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

/// How long anything may take before a test gives up on it.
const DEADLINE: Duration = Duration::from_secs(120);

/// The program with nothing configured but its folder and a free port.
pub(crate) fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unionhall"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    command
        .env_clear()
        .env("PATH", path)
        .env("UNIONHALL_DATA_DIR", folder)
        .env("UNIONHALL_LISTEN", "127.0.0.1:0")
        .env("UNIONHALL_PASSWORDS_BCRYPT_COST", "4")
        .current_dir(folder)
        .stdin(Stdio::null());
    command
}

/// Runs the program to its end.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Output {
    program(folder).args(arguments).output().unwrap()
}

/// A folder that the database's account can enter.
pub(crate) fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// A hall that is open.
pub(crate) struct Hall {
    pub(crate) folder: Arc<TempDir>,
    pub(crate) address: String,
    pub(crate) client: reqwest::blocking::Client,
    process: Child,
    screen: Arc<Mutex<String>>,
    readers: Vec<JoinHandle<()>>,
}

impl Hall {
    /// Opens a hall with nothing configured.
    pub(crate) fn open() -> Self {
        Self::open_in(Arc::new(folder()))
    }

    /// Opens the hall of a folder.
    pub(crate) fn open_in(folder: Arc<TempDir>) -> Self {
        let command = program(folder.path());
        Self::start(folder, command)
    }

    /// Starts a command that opens a hall.
    pub(crate) fn start(folder: Arc<TempDir>, mut command: Command) -> Self {
        let mut process = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let screen = Arc::new(Mutex::new(String::new()));
        let readers = vec![
            copied(process.stdout.take().unwrap(), &screen),
            copied(process.stderr.take().unwrap(), &screen),
        ];
        let deadline = Instant::now() + DEADLINE;
        let address = loop {
            let shown = screen.lock().unwrap().clone();
            if let Some(rest) = shown.split("is open at ").nth(1)
                && let Some((address, _)) = rest.split_once('\n')
            {
                break address.to_owned();
            }
            if let Some(status) = process.try_wait().unwrap() {
                panic!("the program ended with {status}:\n{shown}");
            }
            assert!(Instant::now() < deadline, "the hall did not open:\n{shown}");
            std::thread::sleep(Duration::from_millis(5));
        };
        Self {
            folder,
            address,
            client: reqwest::blocking::Client::new(),
            process,
            screen,
            readers,
        }
    }

    /// What the screen shows so far.
    pub(crate) fn screen(&self) -> String {
        self.screen.lock().unwrap().clone()
    }

    /// The process's number.
    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Asks the program to stop, as Ctrl-C or a service manager does.
    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        let pid = i32::try_from(self.pid()).unwrap();
        let pid = rustix::process::Pid::from_raw(pid).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// Waits for the end of the process and gives what it had shown.
    pub(crate) fn ended(mut self) -> (ExitStatus, String) {
        let deadline = Instant::now() + DEADLINE;
        let status = loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < deadline, "the program did not end");
            std::thread::sleep(Duration::from_millis(5));
        };
        for reader in self.readers.drain(..) {
            reader.join().unwrap();
        }
        (status, self.screen())
    }

    /// Stops the program and expects that it stops well.
    pub(crate) fn close(self) -> String {
        self.signal(rustix::process::Signal::TERM);
        let (status, screen) = self.ended();
        assert!(status.success(), "{status}:\n{screen}");
        screen
    }

    /// Ends the program without a word, as a crash would.
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        for reader in self.readers.drain(..) {
            // The database it had brought along may still hold the pipes: nobody waits for that.
            drop(reader);
        }
    }

    /// Signs a demo person in and gives the access token.
    pub(crate) fn sign_in(&self, email: &str) -> String {
        let body = json!({"email": email, "password": "solidarity-forever"});
        let url = format!("{}/api/v1/auth/login", self.address);
        let answer = self.client.post(url).json(&body).send().unwrap();
        assert_eq!(answer.status(), 200);
        let answer: Value = answer.json().unwrap();
        answer["access_token"].as_str().unwrap().to_owned()
    }

    /// Gets a document of the API.
    pub(crate) fn get(&self, token: &str, path: &str) -> Value {
        let url = format!("{}/api/v1{path}", self.address);
        let answer = self.client.get(url).bearer_auth(token).send().unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().unwrap()
    }
}

impl Drop for Hall {
    fn drop(&mut self) {
        // A test that failed half-way must not leave a hall behind; one that ended is gone already.
        if let Ok(None) = self.process.try_wait() {
            let pid = i32::try_from(self.process.id()).ok();
            if let Some(pid) = pid.and_then(rustix::process::Pid::from_raw) {
                let _gone = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
            }
            let _ended = self.process.wait();
        }
    }
}

fn copied(from: impl Read + Send + 'static, screen: &Arc<Mutex<String>>) -> JoinHandle<()> {
    let screen = Arc::clone(screen);
    std::thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut line = String::new();
        while matches!(from.read_line(&mut line), Ok(read) if read > 0) {
            screen.lock().unwrap().push_str(&line);
            line.clear();
        }
    })
}

/// The repository's own file.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

/// What a run printed for people and for programs.
pub(crate) fn printed(output: &Output) -> (String, String) {
    (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}
