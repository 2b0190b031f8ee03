//! The effective configuration for people: each value, secrets masked, and where it came from.

use super::{
    Config, Origin,
    keys::{Fallback, KEYS, Key},
    sources::{CONFIG_FLAG, CONFIG_VARIABLE},
};

/// One row of `unionhall config`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The key's name in the file.
    pub key: &'static str,
    /// The effective value, with secrets masked; `None` when there is none.
    pub value: Option<String>,
    /// Where it came from.
    pub origin: Origin,
}

impl Config {
    /// Every key with its effective value and its origin, in the order of the manual.
    pub fn explain(&self) -> Vec<Explained> {
        let explained = |key: &Key| Explained {
            key: key.name,
            value: (key.show)(self),
            origin: self.origin(key.name).clone(),
        };
        KEYS.iter().map(explained).collect()
    }
}

/// The rows as a table of three columns for a terminal.
pub fn render(rows: &[Explained]) -> String {
    let value = |row: &Explained| row.value.clone().unwrap_or_else(|| "(not set)".to_owned());
    let keys = rows.iter().map(|row| row.key.len()).max().unwrap_or(0);
    let values = rows
        .iter()
        .map(|row| value(row).chars().count())
        .max()
        .unwrap_or(0);
    rows.iter()
        .map(|row| {
            format!(
                "{:keys$}  {:values$}  {}\n",
                row.key,
                value(row),
                row.origin
            )
        })
        .collect()
}

/// Every key as a Markdown table: the manual's, and the answer of `unionhall config --reference`.
pub fn reference_table() -> String {
    let head = "| key | environment | default | what it is |\n|---|---|---|---|\n";
    let file = format!(
        "| – | `{CONFIG_VARIABLE}`, `{CONFIG_FLAG}` | `<working folder>/unionhall.toml` if it exists | The file with the keys below. |\n"
    );
    let rows = KEYS.iter().map(|key| {
        let flag = key
            .flag
            .map(|flag| format!(", `{flag}`"))
            .unwrap_or_default();
        let default = match key.fallback {
            Fallback::Text(text) => format!("`{text}`"),
            Fallback::ByEnvironment {
                development,
                production,
            } => {
                format!("`{development}`; production: `{production}`")
            }
            Fallback::Absent(what) => what.to_owned(),
        };
        let secret = if key.secret { " Secret." } else { "" };
        format!(
            "| `{}` | `{}`{flag} | {default} | {}{secret} |\n",
            key.name, key.variable, key.about
        )
    });
    [head.to_owned(), file].into_iter().chain(rows).collect()
}
