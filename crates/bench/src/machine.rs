//! What the figures were measured on.

use std::{fs, path::PathBuf, process::Command};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde::Serialize;

use crate::failure::{Doing, Failure, Outcome};

/// Open files that the largest number of connections needs, on both sides.
const OPEN_FILES: u64 = 16_384;

/// The machine and its programs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Machine {
    /// Cores that can be used.
    pub(crate) cores: u32,
    /// What the processor calls itself.
    pub(crate) processor: String,
    /// Memory, in GiB.
    pub(crate) memory_gib: f64,
    /// PostgreSQL's version.
    pub(crate) postgres: String,
    /// The day.
    pub(crate) date: String,
    /// Processes that wanted a core in the minute before the run, on average: above zero, others disturbed it.
    pub(crate) load_before: f64,
}

impl Machine {
    /// This machine, as busy as it was before the run.
    pub(crate) fn look(postgres: String, date: Option<&str>, load_before: f64) -> Outcome<Self> {
        let cores = std::thread::available_parallelism().doing("counting the cores")?;
        let cores = u32::try_from(cores.get()).doing("counting the cores")?;
        let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
        Ok(Self {
            cores,
            processor: field(&processors, "model name").unwrap_or_else(|| "unknown".to_owned()),
            memory_gib: memory_in(&memory).unwrap_or_default(),
            postgres,
            date: date.map_or_else(today, |date| Ok(date.to_owned()))?,
            load_before,
        })
    }
}

/// The load average of the last minute.
pub(crate) fn load_average() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let first = text.split_whitespace().next();
    first
        .and_then(|first| first.parse().ok())
        .unwrap_or_default()
}

/// Raises the number of files that this process and those it starts may open, as far as the system lets it.
pub(crate) fn allow_open_files() -> Outcome<()> {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current.is_none_or(|current| current >= OPEN_FILES) {
        return Ok(());
    }
    if maximum.is_some_and(|maximum| maximum < OPEN_FILES) {
        return Err(Failure::new(format!(
            "only {} files may be open; {OPEN_FILES} are needed: raise the limit (`ulimit -n {OPEN_FILES}`)",
            maximum.unwrap_or_default()
        )));
    }
    let raised = Rlimit {
        current: Some(OPEN_FILES),
        maximum,
    };
    setrlimit(Resource::Nofile, raised).doing("raising the limit of open files")
}

/// A program on `PATH`, or beside the running PostgreSQL.
pub(crate) fn postgres_program(name: &str, postmaster: i32) -> PathBuf {
    let beside = fs::read_link(format!("/proc/{postmaster}/exe"))
        .ok()
        .and_then(|server| Some(server.parent()?.join(name)))
        .filter(|program| program.is_file());
    beside.unwrap_or_else(|| PathBuf::from(name))
}

fn today() -> Outcome<String> {
    let output = Command::new("date").args(["-u", "+%F"]).output();
    let output = output.doing("asking `date` for the day")?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn field(text: &str, name: &str) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    let (_, value) = line.split_once(':')?;
    Some(value.trim().to_owned())
}

fn memory_in(text: &str) -> Option<f64> {
    let total = field(text, "MemTotal")?;
    let kib: f64 = total.split_whitespace().next()?.parse().ok()?;
    Some(kib / 1024.0 / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_processor_gives_the_name() {
        let text = "processor\t: 0\nmodel name\t: Some CPU @ 2.0 GHz\n\nprocessor\t: 1\nmodel name\t: Other\n";
        assert_eq!(
            field(text, "model name").as_deref(),
            Some("Some CPU @ 2.0 GHz")
        );
    }

    #[test]
    fn memory_is_read_in_gib() {
        assert_eq!(
            memory_in("MemTotal:       16777216 kB\nMemFree: 1 kB\n"),
            Some(16.0)
        );
    }
}
