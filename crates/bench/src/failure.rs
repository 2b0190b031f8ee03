//! Why a step could not be done, as a sentence for the screen.

use std::{error::Error, fmt};

/// A failure and everything that led to it.
#[derive(Debug)]
pub(crate) struct Failure(String);

/// The result of a step.
pub(crate) type Outcome<T> = Result<T, Failure>;

impl Failure {
    /// A failure in these words.
    pub(crate) fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Failure {}

/// Says what was being done when something failed.
pub(crate) trait Doing<T> {
    /// The value, or a failure that begins with `what` and ends with the causes.
    fn doing(self, what: impl fmt::Display) -> Outcome<T>;
}

impl<T, E: Error> Doing<T> for Result<T, E> {
    fn doing(self, what: impl fmt::Display) -> Outcome<T> {
        self.map_err(|error| {
            let mut words = format!("{what}: {error}");
            let mut cause = error.source();
            while let Some(source) = cause {
                words.push_str(&format!(": {source}"));
                cause = source.source();
            }
            Failure(words)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_step_and_its_cause() {
        let failure = "x".parse::<u32>().doing("reading the port").unwrap_err();
        assert_eq!(
            failure.to_string(),
            "reading the port: invalid digit found in string"
        );
    }
}
