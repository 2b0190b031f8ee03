//! Which crate may use which: the table of the layers, and the check of the manifests against it.

use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

use crate::finding::Finding;
use crate::project::{Project, root};

mod sync;

pub use sync::asynchronous_code;

/// What one crate may use of ours.
#[derive(Debug, Clone, Copy)]
pub enum May {
    /// These crates and no others, by folder.
    Use(&'static [&'static str]),
    /// Everything: the program that wires the parts together, and the tools around it.
    UseEverything,
}

/// The direction of dependencies: folder of the crate, what it holds, what it may use.
pub const LAYERS: &[(&str, &str, May)] = &[
    ("domain", "types, state machines, rules", May::Use(&[])),
    (
        "ports",
        "traits that the use cases need",
        May::Use(&["domain"]),
    ),
    (
        "application",
        "use cases and permissions",
        May::Use(&["domain", "ports"]),
    ),
    (
        "postgres-adapter",
        "storage in PostgreSQL",
        May::Use(&["domain", "ports"]),
    ),
    (
        "s3-adapter",
        "storage of objects",
        May::Use(&["domain", "ports"]),
    ),
    (
        "picture-adapter",
        "reading of pictures",
        May::Use(&["domain", "ports"]),
    ),
    (
        "case-file-adapter",
        "writing of case files",
        May::Use(&["domain", "ports"]),
    ),
    (
        "email-adapter",
        "sending of mail",
        May::Use(&["domain", "ports"]),
    ),
    (
        "embedded",
        "supervisors of the embedded services",
        May::Use(&[]),
    ),
    (
        "http",
        "JSON API and pages",
        May::Use(&["application", "domain"]),
    ),
    (
        "app",
        "the program: command line, configuration, wiring",
        May::UseEverything,
    ),
    (
        "testing",
        "databases, builders and a whole service for tests",
        May::UseEverything,
    ),
    ("tests", "black-box tests over HTTP", May::UseEverything),
    (
        "bench",
        "the load generator and its bare handler",
        May::UseEverything,
    ),
    (
        "xtask",
        "checks and generated documents",
        May::UseEverything,
    ),
];

/// Crates that only tests and tools may use: nothing that is shipped depends on them.
const DEVELOPMENT_ONLY: &[&str] = &["testing", "tests", "bench", "xtask"];

/// Everything from outside that `domain` may use; a new entry needs a decision record.
pub const DOMAIN_EXTERNALS: &[&str] = &["jiff", "thiserror", "unicode-normalization", "uuid"];

/// External crates, by the beginning of their names, that only these crates of ours may use.
pub const CONFINED: &[(&str, &[&str])] = &[
    ("diesel", &["postgres-adapter"]),
    ("jiff-diesel", &["postgres-adapter"]),
    ("pq-sys", &["postgres-adapter"]),
    ("r2d2", &["postgres-adapter"]),
    ("rust-s3", &["s3-adapter"]),
    ("lettre", &["email-adapter"]),
    ("image", &["picture-adapter"]),
    ("krilla", &["case-file-adapter"]),
    ("s3s", &["embedded"]),
    ("mailin", &["embedded"]),
    ("askama", &["application", "http"]),
    ("utoipa", &["http"]),
    ("actix", &["http", "app", "bench"]),
    ("clap", &["app", "bench"]),
    ("toml", &["app"]),
    (
        "serde",
        &[
            "http",
            "postgres-adapter",
            "embedded",
            "app",
            "testing",
            "tests",
            "bench",
            "xtask",
        ],
    ),
    (
        "tokio",
        &[
            "http",
            "s3-adapter",
            "email-adapter",
            "embedded",
            "app",
            "testing",
            "tests",
            "bench",
        ],
    ),
];

/// Reads the manifests of the workspace.
///
/// # Errors
/// When cargo cannot read them.
pub fn manifests() -> Result<Metadata, cargo_metadata::Error> {
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .exec()
}

/// Every normal dependency that the tables of this file do not permit.
pub fn forbidden_dependencies(metadata: &Metadata) -> Vec<Finding> {
    let packages = metadata.workspace_packages();
    packages
        .iter()
        .flat_map(|package| {
            let crate_folder = folder_of(package);
            let path = path_of(package);
            let dependencies = package
                .dependencies
                .iter()
                .filter(|dependency| dependency.kind == DependencyKind::Normal);
            dependencies
                .filter_map(move |dependency| {
                    let ours = dependency.path.as_ref().and_then(|path| path.file_name());
                    let objection = match ours {
                        Some(ours) => objection_to_ours(&crate_folder, ours),
                        None => objection_to_external(&crate_folder, &dependency.name),
                    };
                    Some(Finding::in_file(&path, objection?))
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Every dependency of the workspace's list that no crate uses.
pub fn unused_workspace_dependencies(project: &Project, metadata: &Metadata) -> Vec<Finding> {
    let Some(manifest) = project.source("Cargo.toml") else {
        return vec![Finding::in_file(Path::new("Cargo.toml"), "there is none")];
    };
    let used = |name: &str| {
        let packages = metadata.workspace_packages();
        packages.iter().any(|package| {
            let dependencies = &package.dependencies;
            dependencies
                .iter()
                .any(|dependency| dependency.rename.as_deref().unwrap_or(&dependency.name) == name)
        })
    };
    manifest
        .lines()
        .skip_while(|(_, line)| *line != "[workspace.dependencies]")
        .skip(1)
        .take_while(|(_, line)| !line.starts_with('['))
        .filter_map(|(number, line)| Some((number, line.split_once(" = ")?.0)))
        .filter(|(_, name)| !used(name))
        .map(|(number, name)| {
            let advice = format!("no crate uses `{name}`; delete the line");
            Finding::at(&manifest.path, number, advice)
        })
        .collect()
}

fn folder_of(package: &Package) -> String {
    let folder = package.manifest_path.parent();
    let name = folder.and_then(|folder| folder.file_name());
    name.unwrap_or_default().to_owned()
}

fn path_of(package: &Package) -> PathBuf {
    let manifest = package.manifest_path.as_std_path();
    let relative = manifest.strip_prefix(root()).unwrap_or(manifest);
    relative.to_path_buf()
}

fn objection_to_ours(user: &str, used: &str) -> Option<String> {
    let Some((_, _, may)) = LAYERS.iter().find(|(folder, _, _)| *folder == user) else {
        return Some(format!(
            "`{user}` is not in the table of crates/xtask/src/architecture.rs; say there what it may use"
        ));
    };
    if DEVELOPMENT_ONLY.contains(&used) && !DEVELOPMENT_ONLY.contains(&user) {
        return Some(format!(
            "`{used}` is for tests and tools; make it a dev-dependency"
        ));
    }
    match may {
        May::UseEverything => None,
        May::Use(allowed) if allowed.contains(&used) => None,
        May::Use(allowed) => Some(format!(
            "`{user}` may use {allowed:?} of ours, not `{used}`; move the code, or ask for it through a port"
        )),
    }
}

fn objection_to_external(user: &str, used: &str) -> Option<String> {
    if user == "domain" && !DOMAIN_EXTERNALS.contains(&used) {
        return Some(format!(
            "`domain` may use {DOMAIN_EXTERNALS:?} from outside, not `{used}`; a new one needs a decision record"
        ));
    }
    let (_, allowed) = CONFINED.iter().find(|(prefix, _)| begins(used, prefix))?;
    (!allowed.contains(&user)).then(|| {
        format!("`{used}` belongs in {allowed:?} only, not in `{user}`; ask for what it does through a port")
    })
}

fn begins(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Source;

    #[test]
    fn a_dependency_against_the_direction_is_refused_with_the_permitted_ones() {
        let objection = objection_to_ours("application", "postgres-adapter").unwrap();
        assert!(
            objection.contains(r#"may use ["domain", "ports"] of ours, not `postgres-adapter`"#)
        );
        assert_eq!(objection_to_ours("application", "ports"), None);
    }

    #[test]
    fn a_crate_that_the_table_does_not_know_is_refused() {
        assert!(objection_to_ours("billing", "domain").is_some());
    }

    #[test]
    fn nothing_shipped_depends_on_the_tests_helpers() {
        assert!(objection_to_ours("app", "testing").is_some());
        assert_eq!(objection_to_ours("tests", "testing"), None);
    }

    #[test]
    fn the_domain_takes_nothing_new_from_outside() {
        assert!(objection_to_external("domain", "regex").is_some());
        assert_eq!(objection_to_external("domain", "jiff"), None);
    }

    #[test]
    fn the_database_crate_and_its_companions_stay_in_the_adapter() {
        assert!(objection_to_external("application", "diesel").is_some());
        assert!(objection_to_external("ports", "diesel_migrations").is_some());
        assert_eq!(objection_to_external("postgres-adapter", "diesel"), None);
    }

    #[test]
    fn serialisation_is_refused_in_the_use_cases() {
        assert!(objection_to_external("application", "serde").is_some());
        assert!(objection_to_external("ports", "serde_json").is_some());
        assert_eq!(objection_to_external("http", "serde"), None);
    }

    #[test]
    fn a_prefix_matches_whole_words_only() {
        assert!(begins("tokio-postgres", "tokio"));
        assert!(!begins("tokiox", "tokio"));
    }

    #[test]
    fn a_workspace_dependency_that_nothing_uses_is_found_with_its_line() {
        let manifest = "[workspace.dependencies]\n# Ours.\nleft-over = \"1\"\nsyn = \"2\"\n\n[profile.dev]\ndebug = true\n";
        let project = Project::of(vec![Source::new("Cargo.toml", manifest)]);
        let findings = unused_workspace_dependencies(&project, &manifests().unwrap());
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].line, 3);
    }
}
