//! Where values come from: defaults, a TOML file, the environment, flags; later ones win.

use std::{
    collections::BTreeMap,
    env,
    ffi::{OsStr, OsString},
    fmt, fs, io,
    path::{Path, PathBuf},
};

use super::{
    errors::ConfigError,
    keys::{self, Key, Shape},
    nearest::nearest,
};

/// The variable that names the file; it is not a key, because a file cannot name itself.
pub(super) const CONFIG_VARIABLE: &str = "UNIONHALL_CONFIG";
/// The flag that names the file.
pub(super) const CONFIG_FLAG: &str = "--config";
/// The file that is read when none is named and it exists in the working directory.
pub(super) const DEFAULT_FILE: &str = "unionhall.toml";
/// Variables that begin like this are ours, so that one we do not know is a mistake.
const OUR_PREFIX: &str = "UNIONHALL_";

/// The environment as a value, so that tests need no state of the process.
#[derive(Debug, Clone, Default)]
pub struct Variables(BTreeMap<String, OsString>);

impl Variables {
    /// The environment of this process. Names that are not UTF-8 cannot be ours and are left out.
    pub fn of_process() -> Self {
        env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
            .collect()
    }

    /// A variable that is set and not empty: compose files and unit files pass empty ones for "not set".
    fn get(&self, name: &str) -> Option<&OsStr> {
        let value = self.0.get(name)?;
        (!value.is_empty()).then_some(value)
    }
}

impl<N: Into<String>, V: Into<OsString>> FromIterator<(N, V)> for Variables {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let pairs = pairs.into_iter();
        Self(
            pairs
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }
}

/// What the command line says about the configuration, still as text: one parser serves all sources.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--config`
    pub config: Option<PathBuf>,
    /// `--env`
    pub environment: Option<String>,
    /// `--data-dir`
    pub data_dir: Option<String>,
    /// `--listen`
    pub listen: Option<String>,
}

impl Flags {
    /// The text of the flag of that name, if it was given.
    fn get(&self, flag: &str) -> Option<&str> {
        match flag {
            "--env" => self.environment.as_deref(),
            "--data-dir" => self.data_dir.as_deref(),
            "--listen" => self.listen.as_deref(),
            _ => None,
        }
    }
}

/// Everything a configuration is made of.
#[derive(Debug, Clone)]
pub struct Sources {
    /// The command line.
    pub flags: Flags,
    /// The environment.
    pub variables: Variables,
    /// Where `unionhall.toml` is looked for.
    pub working_directory: PathBuf,
}

impl Sources {
    /// The flags given, with the environment and the working directory of this process.
    pub fn of_process(flags: Flags) -> Self {
        Self {
            flags,
            variables: Variables::of_process(),
            working_directory: PathBuf::from("."),
        }
    }
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody named a value.
    Default,
    /// The TOML file at this path.
    File(PathBuf),
    /// The environment variable of this name.
    Variable(String),
    /// The flag of this name.
    Flag(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Variable(name) => write!(f, "environment {name}"),
            Self::Flag(name) => write!(f, "flag {name}"),
        }
    }
}

/// A value that somebody named.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub(super) text: String,
    pub(super) origin: Origin,
}

/// The named values by key, and the file they were read from.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub(super) values: BTreeMap<&'static str, Given>,
    pub(super) file: Option<PathBuf>,
    pub(super) errors: Vec<ConfigError>,
}

/// Reads every source in the order of precedence; what is wrong is in `errors`, and reading goes on.
pub(super) fn collect(sources: &Sources) -> Collected {
    let mut collected = Collected::default();
    if let Some((path, origin)) = file_of(sources) {
        collected.read_file(&path, origin);
    }
    collected.read_variables(&sources.variables);
    collected.read_flags(&sources.flags);
    collected
}

/// The file to read and who named it.
fn file_of(sources: &Sources) -> Option<(PathBuf, Origin)> {
    if let Some(path) = &sources.flags.config {
        return Some((path.clone(), Origin::Flag(CONFIG_FLAG)));
    }
    if let Some(path) = sources.variables.get(CONFIG_VARIABLE) {
        return Some((path.into(), Origin::Variable(CONFIG_VARIABLE.to_owned())));
    }
    let path = sources.working_directory.join(DEFAULT_FILE);
    path.exists().then_some((path, Origin::Default))
}

impl Collected {
    fn refuse(&mut self, subject: &str, detail: impl Into<String>, origin: Origin) {
        self.errors.push(ConfigError {
            subject: subject.to_owned(),
            detail: detail.into(),
            origin: Some(origin),
        });
    }

    fn read_file(&mut self, path: &Path, named_by: Origin) {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                let detail = format!("cannot be read: {}", reason(&error));
                return self.refuse(&path.display().to_string(), detail, named_by);
            }
        };
        self.file = Some(path.to_owned());
        match text.parse::<toml::Table>() {
            Ok(table) => self.read_table(path, "", table),
            Err(error) => {
                let line = error.span().map_or(1, |span| line_of(&text, span.start));
                // The parser's own rendering quotes the line, which may hold a secret.
                let detail = format!("line {line} is not TOML: {}", error.message());
                self.refuse(&path.display().to_string(), detail, named_by);
            }
        }
    }

    fn read_table(&mut self, path: &Path, section: &str, table: toml::Table) {
        for (name, value) in table {
            let name = if section.is_empty() {
                name
            } else {
                format!("{section}.{name}")
            };
            let origin = Origin::File(path.to_owned());
            match (keys::find(&name), value) {
                (Some(key), value) => match text_of(key, value) {
                    Ok(text) => drop(self.values.insert(key.name, Given { text, origin })),
                    Err(detail) => self.refuse(&name, detail, origin),
                },
                (None, toml::Value::Table(inner)) if keys::is_section(&name) => {
                    self.read_table(path, &name, inner);
                }
                (None, _) if keys::is_section(&name) => {
                    let detail = format!("is a section: write its keys under [{name}]");
                    self.refuse(&name, detail, origin);
                }
                (None, _) => {
                    let known = keys::KEYS.iter().map(|key| key.name);
                    self.refuse(&name, unknown("there is no such key", &name, known), origin);
                }
            }
        }
    }

    fn read_variables(&mut self, variables: &Variables) {
        for key in keys::KEYS {
            let Some(value) = variables.get(key.variable) else {
                continue;
            };
            let origin = Origin::Variable(key.variable.to_owned());
            match value.to_str() {
                Some(text) => {
                    let text = text.to_owned();
                    self.values.insert(key.name, Given { text, origin });
                }
                None => self.refuse(key.name, "the value is not UTF-8", origin),
            }
        }
        for (name, value) in &variables.0 {
            let ours = name.starts_with(OUR_PREFIX) && name != CONFIG_VARIABLE;
            let known = keys::KEYS.iter().any(|key| key.variable == name);
            if ours && !known && !set_by_kubernetes(name, value) {
                let names = keys::KEYS.iter().map(|key| key.variable);
                let detail = unknown("there is no such variable", name, names);
                self.refuse(name, detail, Origin::Variable(name.clone()));
            }
        }
    }

    fn read_flags(&mut self, flags: &Flags) {
        for key in keys::KEYS {
            let Some(flag) = key.flag else { continue };
            let Some(text) = flags.get(flag) else {
                continue;
            };
            let given = Given {
                text: text.to_owned(),
                origin: Origin::Flag(flag),
            };
            self.values.insert(key.name, given);
        }
    }
}

/// The text of a TOML value: lists become what the environment would hold, joined by commas.
fn text_of(key: &Key, value: toml::Value) -> Result<String, String> {
    match (key.shape, value) {
        (Shape::List, toml::Value::Array(items)) => {
            let items: Result<Vec<_>, _> = items.into_iter().map(scalar).collect();
            Ok(items?.join(","))
        }
        (Shape::One, toml::Value::Array(_)) => {
            Err("is a list here; write a single value".to_owned())
        }
        (_, value) => scalar(value),
    }
}

fn scalar(value: toml::Value) -> Result<String, String> {
    match value {
        toml::Value::String(text) => Ok(text),
        toml::Value::Integer(number) => Ok(number.to_string()),
        toml::Value::Float(number) => Ok(number.to_string()),
        toml::Value::Boolean(truth) => Ok(truth.to_string()),
        toml::Value::Datetime(time) => Ok(time.to_string()),
        toml::Value::Array(_) => Err("is a list of lists here; write a single value".to_owned()),
        toml::Value::Table(_) => Err("is a table here; write a single value".to_owned()),
    }
}

/// "there is no such key", with the nearest known name if one is near.
fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> String {
    match nearest(name, known) {
        Some(near) => format!("{what}; is `{near}` meant?"),
        None => format!("{what}; `unionhall config --reference` lists them all"),
    }
}

/// Kubernetes describes a service called `unionhall` to every container in variables of our prefix.
fn set_by_kubernetes(name: &str, value: &OsStr) -> bool {
    let service =
        name.starts_with("UNIONHALL_SERVICE_HOST") || name.starts_with("UNIONHALL_SERVICE_PORT");
    let port = name.strip_prefix("UNIONHALL_PORT").is_some_and(|rest| {
        let address = value.to_string_lossy();
        let numbered =
            rest.starts_with('_') && rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
        numbered || address.starts_with("tcp://") || address.starts_with("udp://")
    });
    service || port
}

/// The number, from 1, of the line that holds the byte at `offset`.
fn line_of(text: &str, offset: usize) -> usize {
    1 + text
        .bytes()
        .take(offset)
        .filter(|byte| *byte == b'\n')
        .count()
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        _ => error.to_string(),
    }
}
