//! The load generator `wrk`: the scripts it runs, and what it says in the end.

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::{Child, Command, Stdio},
};

use serde::{Deserialize, Serialize};

use crate::failure::{Doing, Failure, Outcome};

/// Answers that take longer than this count as timed out; the server itself gives up on a request that waits this
/// long.
const PATIENCE_SECONDS: u32 = 10;
/// Threads of the generator, as many as pgbench is given.
const THREADS: u32 = 2;
/// What the line of figures begins with.
const MARK: &str = "RESULT ";

/// One request of a load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// `GET` or `POST`.
    pub(crate) method: &'static str,
    /// Path and query.
    pub(crate) path: String,
    /// The JSON that is sent, or nothing.
    pub(crate) body: Option<String>,
}

impl Request {
    /// A request for `path`.
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self {
            method: "GET",
            path: path.into(),
            body: None,
        }
    }

    /// `body`, sent to `path`.
    pub(crate) fn post(path: impl Into<String>, body: String) -> Self {
        Self {
            method: "POST",
            path: path.into(),
            body: Some(body),
        }
    }
}

/// What one load showed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Load {
    /// Connections that were kept busy.
    pub(crate) connections: u32,
    /// Seconds it lasted.
    pub(crate) seconds: f64,
    /// Answers a second that were what was asked for.
    pub(crate) per_second: f64,
    /// Half of the answers took at most this long, in milliseconds.
    pub(crate) p50_ms: f64,
    /// Of a hundred answers ninety-nine took at most this long, in milliseconds.
    pub(crate) p99_ms: f64,
    /// Answers that were a refusal or an error.
    pub(crate) refused: u32,
    /// Connections that failed or broke.
    pub(crate) socket_errors: u32,
    /// Answers that took too long.
    pub(crate) timeouts: u32,
}

/// The figures as the script's last function prints them; times in microseconds.
#[derive(Debug, Deserialize)]
struct Figures {
    requests: u32,
    duration: f64,
    p50: f64,
    p99: f64,
    connect: u32,
    read: u32,
    write: u32,
    status: u32,
    timeout: u32,
}

/// Looks whether wrk is there.
pub(crate) fn find() -> Outcome<()> {
    let found = Command::new("wrk")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    found.map(drop).map_err(|_| {
        Failure::new(
            "wrk is not on PATH. Install it: `apt-get install wrk` (Debian, Ubuntu), `dnf install wrk` (Fedora), \
             `brew install wrk` (macOS)",
        )
    })
}

/// A load that is running.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    connections: u32,
}

/// Begins a load of `requests`, one after the other, on `connections`.
///
/// `script` is the file that the generator's script is written to.
pub(crate) fn begin(
    script: &Path,
    base: &str,
    token: Option<&str>,
    requests: &[Request],
    connections: u32,
    seconds: u32,
) -> Outcome<Running> {
    fs::write(script, script_of(token, requests)).doing(format!("writing {}", script.display()))?;
    let child = Command::new("wrk")
        .arg(format!("--threads={}", THREADS.min(connections)))
        .arg(format!("--connections={connections}"))
        .arg(format!("--duration={seconds}s"))
        .arg(format!("--timeout={PATIENCE_SECONDS}s"))
        .arg("--script")
        .arg(script)
        .arg(base)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .doing("starting wrk")?;
    Ok(Running { child, connections })
}

impl Running {
    /// Waits until the load has ended.
    pub(crate) fn finish(self) -> Outcome<Load> {
        let output = self.child.wait_with_output().doing("waiting for wrk")?;
        let said = String::from_utf8_lossy(&output.stdout);
        parse(&said, self.connections).ok_or_else(|| {
            let complaint = String::from_utf8_lossy(&output.stderr);
            Failure::new(format!("wrk gave no figures: {said}{complaint}"))
        })
    }
}

/// The figures in what wrk printed.
fn parse(said: &str, connections: u32) -> Option<Load> {
    let line = said.lines().find_map(|line| line.strip_prefix(MARK))?;
    let figures: Figures = serde_json::from_str(line).ok()?;
    let seconds = figures.duration / 1e6;
    let good = figures.requests.saturating_sub(figures.status);
    Some(Load {
        connections,
        seconds,
        per_second: f64::from(good) / seconds,
        p50_ms: figures.p50 / 1e3,
        p99_ms: figures.p99 / 1e3,
        refused: figures.status,
        socket_errors: figures.connect + figures.read + figures.write,
        timeouts: figures.timeout,
    })
}

/// The script for `requests`. One request is made once and sent again and again; several take turns, and each of the
/// generator's threads begins at another one.
fn script_of(token: Option<&str>, requests: &[Request]) -> String {
    let mut script = String::new();
    if let Some(token) = token {
        let value = quoted(&format!("Bearer {token}"));
        push(
            &mut script,
            format_args!("wrk.headers[\"Authorization\"] = {value}"),
        );
    }
    if requests.iter().any(|request| request.body.is_some()) {
        push(
            &mut script,
            format_args!("wrk.headers[\"Content-Type\"] = \"application/json\""),
        );
    }
    match requests {
        [only] => {
            push(
                &mut script,
                format_args!("wrk.method = {}", quoted(only.method)),
            );
            push(
                &mut script,
                format_args!("wrk.path = {}", quoted(&only.path)),
            );
            push(&mut script, format_args!("wrk.body = {}", body_of(only)));
        }
        several => {
            script.push_str("local parts = {\n");
            for request in several {
                let (method, path, body) = (
                    quoted(request.method),
                    quoted(&request.path),
                    body_of(request),
                );
                push(
                    &mut script,
                    format_args!("  {{ {method}, {path}, {body} }},"),
                );
            }
            script.push_str("}\n");
            script.push_str(TAKING_TURNS);
        }
    }
    script.push_str(&DONE.replace("MARK", MARK));
    script
}

fn push(script: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(script, "{line}");
}

fn body_of(request: &Request) -> String {
    request
        .body
        .as_deref()
        .map_or_else(|| "nil".to_owned(), quoted)
}

/// A text as Lua reads it.
fn quoted(text: &str) -> String {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n");
    format!("\"{escaped}\"")
}

const TAKING_TURNS: &str = r#"
local started = 0
function setup(thread)
  thread:set("place", started * 7)
  started = started + 1
end
local requests = {}
function init(args)
  for i, part in ipairs(parts) do
    requests[i] = wrk.format(part[1], part[2], nil, part[3])
  end
end
function request()
  place = place % #requests + 1
  return requests[place]
end
"#;

const DONE: &str = r#"
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    'MARK{"requests":%d,"duration":%.0f,"p50":%.0f,"p99":%.0f,"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    e.connect, e.read, e.write, e.status, e.timeout))
end
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_figures_is_found_among_what_wrk_prints() {
        let said = "Running 8s test @ http://127.0.0.1:1\n  2 threads and 16 connections\n\
                    RESULT {\"requests\":8100,\"duration\":2000000,\"p50\":1500,\"p99\":20500,\"connect\":1,\"read\":2,\
                    \"write\":3,\"status\":100,\"timeout\":4}\n";
        let load = parse(said, 16).unwrap();
        assert_eq!(load.per_second, 4_000.0);
        assert_eq!((load.p50_ms, load.p99_ms), (1.5, 20.5));
        assert_eq!(
            (load.refused, load.socket_errors, load.timeouts),
            (100, 6, 4)
        );
    }

    #[test]
    fn without_the_line_there_are_no_figures() {
        assert_eq!(parse("unable to connect\n", 16), None);
    }

    #[test]
    fn one_request_needs_no_turns() {
        let script = script_of(Some("abc"), &[Request::get("/api/v1/members?limit=50")]);
        assert!(script.contains("wrk.headers[\"Authorization\"] = \"Bearer abc\"\n"));
        assert!(script.contains("wrk.path = \"/api/v1/members?limit=50\"\n"));
        assert!(!script.contains("function request"));
    }

    #[test]
    fn several_requests_take_turns_and_their_bodies_are_quoted() {
        let body = "{\"a\":\"b\\n\"}".to_owned();
        let script = script_of(None, &[Request::get("/a"), Request::post("/b", body)]);
        assert!(script.contains(r#"{ "GET", "/a", nil },"#));
        assert!(script.contains(r#"{ "POST", "/b", "{\"a\":\"b\\n\"}" },"#));
        assert!(script.contains("function request"));
        assert!(script.contains("application/json"));
    }
}
