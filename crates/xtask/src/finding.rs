//! What a check found: where, and what to do about it.

use std::fmt;
use std::path::{Path, PathBuf};

/// One place that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, relative to the top of the repository.
    pub path: PathBuf,
    /// The line, counted from 1; 0 when the rule is about the file itself.
    pub line: usize,
    /// What is wrong and what to do instead, as one sentence.
    pub advice: String,
}

impl Finding {
    /// A finding in line `line` of `path`.
    pub fn at(path: &Path, line: usize, advice: impl Into<String>) -> Self {
        Self {
            path: path.to_path_buf(),
            line,
            advice: advice.into(),
        }
    }

    /// A finding about the whole of `path`.
    pub fn in_file(path: &Path, advice: impl Into<String>) -> Self {
        Self::at(path, 0, advice)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match self.line {
            0 => write!(formatter, "{path}: {}", self.advice),
            line => write!(formatter, "{path}:{line}: {}", self.advice),
        }
    }
}

/// Panics with every finding on a line of its own; does nothing when there are none.
///
/// # Panics
/// When `findings` is not empty: this is the assertion of the tests in `tests/`.
pub fn assert_none(mut findings: Vec<Finding>) {
    findings.sort();
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(
        lines.is_empty(),
        "{} to put right:\n{}\n",
        lines.len(),
        lines.join("\n")
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_reads_as_path_line_and_advice() {
        let finding = Finding::at(Path::new("crates/a.rs"), 7, "say why");
        assert_eq!(finding.to_string(), "crates/a.rs:7: say why");
    }

    #[test]
    fn a_finding_about_a_file_names_no_line() {
        let finding = Finding::in_file(Path::new("crates/a.rs"), "say why");
        assert_eq!(finding.to_string(), "crates/a.rs: say why");
    }

    #[test]
    #[should_panic(expected = "1 to put right:\ncrates/a.rs: say why")]
    fn findings_fail_the_test_with_their_text() {
        assert_none(vec![Finding::in_file(Path::new("crates/a.rs"), "say why")]);
    }
}
