//! What is said of one key, wherever it is read, shown or explained.

use crate::config::Config;

/// One thing that can be configured.
#[derive(Debug)]
pub(in crate::config) struct Key {
    /// Its name in the file: `section.name`.
    pub(in crate::config) name: &'static str,
    /// Its name in the environment.
    pub(in crate::config) variable: &'static str,
    /// Its name on the command line.
    pub(in crate::config) flag: Option<&'static str>,
    /// What holds when nobody names a value.
    pub(in crate::config) fallback: Fallback,
    /// One value or several.
    pub(in crate::config) shape: Shape,
    /// Whether error messages must not repeat the value.
    pub(in crate::config) secret: bool,
    /// The effective value, with secrets masked; `None` when there is none.
    pub(in crate::config) show: fn(&Config) -> Option<String>,
    /// What it is for, as a sentence.
    pub(in crate::config) about: &'static str,
}

/// What holds when nobody names a value.
#[derive(Debug, Clone, Copy)]
pub(in crate::config) enum Fallback {
    /// This text, read like any other.
    Text(&'static str),
    /// One text for each environment.
    ByEnvironment {
        /// On a laptop.
        development: &'static str,
        /// In a hall.
        production: &'static str,
    },
    /// No value; the words say what then happens.
    Absent(&'static str),
}

/// One value, or several: a list in the file, with commas between them elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::config) enum Shape {
    /// One value.
    One,
    /// Several.
    List,
}

impl Key {
    pub(super) const fn new(
        name: &'static str,
        variable: &'static str,
        fallback: Fallback,
        show: fn(&Config) -> Option<String>,
        about: &'static str,
    ) -> Self {
        Self {
            name,
            variable,
            flag: None,
            fallback,
            shape: Shape::One,
            secret: false,
            show,
            about,
        }
    }

    pub(super) const fn flag(mut self, flag: &'static str) -> Self {
        self.flag = Some(flag);
        self
    }

    pub(super) const fn list(mut self) -> Self {
        self.shape = Shape::List;
        self
    }

    pub(super) const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }
}
