//! What the system tells about a running process: its memory and its use of the cores.

use std::{
    fs,
    time::{Duration, Instant},
};

use serde::Serialize;

use crate::failure::{Doing, Failure, Outcome};

/// Memory of a process, in MiB.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Memory {
    /// What it holds now.
    pub(crate) now_mib: f64,
    /// The most it held since the peak was last forgotten.
    pub(crate) peak_mib: f64,
}

/// Busy for less than this share of one core counts as idle, in clock ticks (hundredths of a second) per look.
const IDLE_TICKS: u64 = 2;
/// How long one look lasts.
const LOOK: Duration = Duration::from_millis(500);
/// How long it may take until a server is idle: its longest queue of logins takes about half a minute.
const PATIENCE: Duration = Duration::from_secs(120);

/// The memory of a process.
pub(crate) fn memory(pid: u32) -> Outcome<Memory> {
    let path = format!("/proc/{pid}/status");
    let status = fs::read_to_string(&path).doing(format!("reading {path}"))?;
    memory_in(&status).ok_or_else(|| Failure::new(format!("{path} does not tell the memory")))
}

/// Lets the peak begin at what the process holds now.
pub(crate) fn forget_peak(pid: u32) -> Outcome<()> {
    let path = format!("/proc/{pid}/clear_refs");
    fs::write(&path, "5").doing(format!("writing {path}"))
}

/// Waits until a process has nothing left to do.
pub(crate) async fn settle(pid: u32) -> Outcome<()> {
    let deadline = Instant::now() + PATIENCE;
    let mut before = ticks(pid)?;
    loop {
        tokio::time::sleep(LOOK).await;
        let now = ticks(pid)?;
        if now.saturating_sub(before) <= IDLE_TICKS {
            return Ok(());
        }
        if Instant::now() >= deadline {
            let seconds = PATIENCE.as_secs();
            return Err(Failure::new(format!(
                "the server is still busy {seconds} s after a load"
            )));
        }
        before = now;
    }
}

/// Clock ticks that a process has used, in the program and in the system.
pub(crate) fn ticks(pid: u32) -> Outcome<u64> {
    let path = format!("/proc/{pid}/stat");
    let stat = fs::read_to_string(&path).doing(format!("reading {path}"))?;
    ticks_in(&stat).ok_or_else(|| Failure::new(format!("{path} does not tell the time used")))
}

fn memory_in(status: &str) -> Option<Memory> {
    Some(Memory {
        now_mib: mib(status, "VmRSS:")?,
        peak_mib: mib(status, "VmHWM:")?,
    })
}

fn mib(status: &str, name: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kib: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib / 1024.0)
}

/// The name of the program, in parentheses, may hold blanks; the fields are counted behind it.
fn ticks_in(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut times = fields.split_whitespace().skip(11);
    let user: u64 = times.next()?.parse().ok()?;
    let system: u64 = times.next()?.parse().ok()?;
    Some(user + system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_in_mib() {
        let status = "Name:\tunionhall\nVmHWM:\t  204800 kB\nVmRSS:\t   51200 kB\n";
        let memory = memory_in(status).unwrap();
        assert_eq!((memory.now_mib, memory.peak_mib), (50.0, 200.0));
    }

    #[test]
    fn ticks_are_counted_behind_a_name_with_blanks() {
        let stat = "41 (union (hall) S 1 2 3 4 5 6 7 8 9 10 120 30 0 0 20 0";
        assert_eq!(ticks_in(stat), Some(150));
    }
}
