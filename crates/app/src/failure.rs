//! Why a run failed, in words for the screen, with the exit code that says it to scripts.

use std::{error::Error, fmt};

use crate::exit::Exit;

/// A failed run.
#[derive(Debug)]
pub struct Failure {
    /// How the run ends.
    pub exit: Exit,
    /// What went wrong and what to do about it.
    pub message: String,
}

impl Failure {
    /// A failure in plain words.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
        }
    }

    /// A failure with every cause behind it.
    pub fn caused(exit: Exit, doing: &str, error: &dyn Error) -> Self {
        let mut message = format!("{doing}: {error}");
        let mut source = error.source();
        while let Some(cause) = source {
            let text = cause.to_string();
            if !message.ends_with(&text) {
                message.push_str(": ");
                message.push_str(text.trim_end());
            }
            source = cause.source();
        }
        Self { exit, message }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Failure {}
