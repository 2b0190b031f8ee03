//! The parameters of a query: each read by its name, every wrong one told at once.

use std::collections::BTreeMap;

use actix_web::HttpRequest;
use unionhall_domain::invalid::{FieldError, Invalid};

use super::problem::Problem;

/// Reads parameters and gathers what is wrong with them.
pub(crate) struct Query {
    pairs: BTreeMap<String, String>,
    errors: Vec<FieldError>,
}

impl Query {
    /// The parameters of a request.
    pub(crate) fn of(request: &HttpRequest) -> Self {
        let parsed =
            actix_web::web::Query::<Vec<(String, String)>>::from_query(request.query_string());
        let mut query = Self {
            pairs: BTreeMap::new(),
            errors: Vec::new(),
        };
        match parsed {
            Ok(pairs) => {
                for (name, value) in pairs.into_inner() {
                    if query.pairs.insert(name.clone(), value).is_some() {
                        query.wrong(name, Invalid::new("repeated", "can be given once"));
                    }
                }
            }
            Err(_) => query.wrong(
                "query".to_owned(),
                Invalid::new("not_a_query", "is not a URL-encoded query"),
            ),
        }
        query
    }

    /// A parameter that may be given.
    pub(crate) fn optional<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        let text = self.pairs.remove(name)?;
        parse(&text)
            .map_err(|invalid| self.errors.push(invalid.at(name)))
            .ok()
    }

    /// A parameter that must be given.
    pub(crate) fn needed<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        if !self.has(name) {
            self.wrong(name.to_owned(), Invalid::new("missing", "must be given"));
        }
        self.optional(name, parse)
    }

    /// Whether a parameter was given and has not been read.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.pairs.contains_key(name)
    }

    /// What was given and has not been read, for the record.
    pub(crate) fn shown(&self) -> String {
        let pair = |(name, value): (&String, &String)| format!("{name}={value}");
        let shown: Vec<_> = self.pairs.iter().map(pair).collect();
        shown.join("&")
    }

    /// Refuses a parameter that the rest of the route would take.
    pub(crate) fn refuse(&mut self, name: &'static str) {
        if self.pairs.remove(name).is_some() {
            let detail = "means nothing here, where nothing is in pages";
            self.wrong(name.to_owned(), Invalid::new("unknown_parameter", detail));
        }
    }

    /// What was read, if nothing was wrong and nothing is left over.
    pub(crate) fn finish<T>(mut self, value: T) -> Result<T, Problem> {
        for name in std::mem::take(&mut self.pairs).into_keys() {
            self.wrong(
                name,
                Invalid::new("unknown_parameter", "there is no such parameter"),
            );
        }
        if self.errors.is_empty() {
            Ok(value)
        } else {
            Err(Problem::parameters(self.errors))
        }
    }

    fn wrong(&mut self, name: String, invalid: Invalid) {
        let field = name.chars().take(100).collect::<String>().into();
        self.errors.push(FieldError { field, invalid });
    }
}

/// `true` or `false`.
pub(crate) fn boolean(text: &str) -> Result<bool, Invalid> {
    text.parse()
        .map_err(|_| Invalid::new("not_a_boolean", "must be true or false"))
}

/// Words to search for: 1 to 200 characters.
pub(crate) fn words(text: &str) -> Result<String, Invalid> {
    unionhall_domain::text::Line::<200>::parse(text).map(|line| line.as_str().to_owned())
}
