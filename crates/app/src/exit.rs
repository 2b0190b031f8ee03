//! The exit codes of every subcommand: scripts may rely on them.

use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// What was asked for is done.
    Done,
    /// It failed for a reason that has no code of its own.
    Failed,
    /// The command line or the configuration is wrong, or unsafe for production.
    Usage,
    /// Another process is in the way.
    Occupied,
    /// Something the program needs is not there.
    Unavailable,
    /// The input has bad rows.
    BadInput,
    /// What the command names does not exist.
    NotFound,
    /// What the command would make exists.
    Exists,
}

impl Exit {
    /// Every way to end, by code.
    pub const ALL: [Self; 8] = [
        Self::Done,
        Self::Failed,
        Self::Usage,
        Self::Occupied,
        Self::Unavailable,
        Self::BadInput,
        Self::NotFound,
        Self::Exists,
    ];

    /// The code that the process leaves with.
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            // What clap leaves with as well.
            Self::Usage => 2,
            Self::Occupied => 3,
            Self::Unavailable => 4,
            Self::BadInput => 5,
            Self::NotFound => 6,
            Self::Exists => 7,
        }
    }

    /// What the code says, as a sentence.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Done => {
                "Done. For `serve`: stopped by Ctrl-C or SIGTERM, with everything finished and flushed."
            }
            Self::Failed => "Failed; the last line on standard error says why.",
            Self::Usage => {
                "The command line or the configuration is wrong, or production refuses it as unsafe."
            }
            Self::Occupied => {
                "Refused: another Unionhall runs on this data folder, or the port is in use."
            }
            Self::Unavailable => {
                "The database or another dependency is not there or does not answer."
            }
            Self::BadInput => {
                "The input has bad rows; each was reported, and without `--skip-bad` nothing was written."
            }
            Self::NotFound => "The tenant, user or file that the command names does not exist.",
            Self::Exists => "The tenant or user that the command would make exists.",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Every code as a Markdown table: the manual's.
pub fn reference_table() -> String {
    let rows = Exit::ALL.map(|exit| format!("| {} | {} |\n", exit.code(), exit.meaning()));
    format!("| code | meaning |\n|---|---|\n{}", rows.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_count_up_without_gaps() {
        let codes = Exit::ALL.map(Exit::code);
        assert_eq!(codes, [0, 1, 2, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn the_manual_lists_these_codes() {
        let manual = include_str!("../../../docs/configuration.md");
        let (_, rest) = manual.split_once("<!-- exit codes: begin -->\n").unwrap();
        let (listed, _) = rest.split_once("<!-- exit codes: end -->").unwrap();
        assert_eq!(listed, reference_table());
    }
}
