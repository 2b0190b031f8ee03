//! Turns collected texts into typed values and keeps count of what is wrong.

use std::{collections::BTreeMap, path::PathBuf};

use super::{
    Environment,
    errors::ConfigError,
    keys::{self, Fallback, Key},
    parse,
    sources::{Collected, Origin},
};

/// Reads keys by name. Every method answers `None` for a fault, after noting it.
pub(super) struct Reader {
    collected: Collected,
    environment: Environment,
    asked: Vec<&'static str>,
}

impl Reader {
    pub(super) fn new(collected: Collected) -> Self {
        Self {
            collected,
            environment: Environment::Development,
            asked: Vec::new(),
        }
    }

    /// The environment, on which defaults depend: it is read first.
    pub(super) fn environment(&mut self) -> Option<Environment> {
        let environment = self.required("environment", parse::environment)?;
        self.environment = environment;
        Some(environment)
    }

    /// The value of a key that has a default.
    pub(super) fn required<T>(
        &mut self,
        name: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let key = self.ask(name)?;
        let (text, origin) = self.text(key)?;
        self.parse(key, &text, origin, parse)
    }

    /// The value of a key that may be left out: `Some(None)` when it is.
    pub(super) fn optional<T>(
        &mut self,
        name: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Option<T>> {
        let key = self.ask(name)?;
        match self.text(key) {
            Some((text, origin)) => self.parse(key, &text, origin, parse).map(Some),
            None => Some(None),
        }
    }

    /// The values of a key that holds many; left out, it holds none.
    pub(super) fn list<T>(
        &mut self,
        name: &'static str,
        parse: impl Fn(&str) -> Result<Vec<T>, String>,
    ) -> Option<Vec<T>> {
        self.optional(name, parse).map(Option::unwrap_or_default)
    }

    /// Whether all of these are named or none is; notes those that are missing.
    pub(super) fn together(&mut self, names: &[&'static str]) -> bool {
        let keys = names.iter().filter_map(|name| keys::find(name));
        let (present, missing): (Vec<&Key>, Vec<&Key>) =
            keys.partition(|key| self.collected.values.contains_key(key.name));
        let Some(present) = present.first() else {
            return true;
        };
        for key in &missing {
            self.collected.errors.push(ConfigError {
                subject: key.name.to_owned(),
                detail: format!(
                    "is missing: {} is set and needs it; set {}",
                    present.name, key.variable
                ),
                origin: None,
            });
        }
        missing.is_empty()
    }

    /// Whether `name` is given when any of `others` is, which mean nothing without it; notes it if missing.
    pub(super) fn needed_by(&mut self, name: &'static str, others: &[&'static str]) -> bool {
        let given = |name: &&'static str| self.collected.values.contains_key(name);
        let first = others.iter().copied().find(|other| given(other));
        match first {
            Some(other) if !given(&name) => self.together(&[other, name]),
            _ => true,
        }
    }

    /// Where each named value came from.
    pub(super) fn origins(&self) -> BTreeMap<&'static str, Origin> {
        let values = self.collected.values.iter();
        values
            .map(|(name, given)| (*name, given.origin.clone()))
            .collect()
    }

    /// The file that was read.
    pub(super) fn file(&self) -> Option<PathBuf> {
        self.collected.file.clone()
    }

    /// Everything that was found wrong.
    pub(super) fn into_errors(self) -> Vec<ConfigError> {
        self.collected.errors
    }

    /// The names asked for, so that a test can compare them with the table.
    #[cfg(test)]
    pub(super) fn asked(&self) -> &[&'static str] {
        &self.asked
    }

    fn ask(&mut self, name: &'static str) -> Option<&'static Key> {
        self.asked.push(name);
        let key = keys::find(name);
        if key.is_none() {
            self.note(
                name,
                "is read but is not in the table of keys".to_owned(),
                Origin::Default,
            );
        }
        key
    }

    fn text(&self, key: &Key) -> Option<(String, Origin)> {
        if let Some(given) = self.collected.values.get(key.name) {
            return Some((given.text.clone(), given.origin.clone()));
        }
        let text = match (key.fallback, self.environment) {
            (Fallback::Text(text), _) => text,
            (Fallback::ByEnvironment { development, .. }, Environment::Development) => development,
            (Fallback::ByEnvironment { production, .. }, Environment::Production) => production,
            (Fallback::Absent(_), _) => return None,
        };
        Some((text.to_owned(), Origin::Default))
    }

    fn parse<T>(
        &mut self,
        key: &Key,
        text: &str,
        origin: Origin,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        match parse(text) {
            Ok(value) => Some(value),
            Err(predicate) => {
                let subject = if key.secret {
                    "the value".to_owned()
                } else {
                    format!("`{text}`")
                };
                self.note(key.name, format!("{subject} {predicate}"), origin);
                None
            }
        }
    }

    fn note(&mut self, name: &str, detail: String, origin: Origin) {
        self.collected.errors.push(ConfigError {
            subject: name.to_owned(),
            detail,
            origin: Some(origin),
        });
    }
}
