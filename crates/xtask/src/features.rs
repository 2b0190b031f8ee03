//! The features of the product, and the files that each is made of.

use std::path::{Path, PathBuf};

use crate::finding::Finding;
use crate::project::Project;

/// Every feature that goes through all layers; the name is the same in each.
pub const FEATURES: &[&str] = &[
    "benevolence",
    "case_files",
    "class_sessions",
    "classes",
    "collective_agreements",
    "campaigns",
    "contacts",
    "courses",
    "employments",
    "deadline_feeds",
    "deadlines",
    "documents",
    "grievance_boards",
    "grievances",
    "holidays",
    "information_requests",
    "invitations",
    "instructors",
    "locations",
    "students",
    "cohorts",
    "members",
    "obligations",
    "organizations",
    "profiles",
    "representation_log",
    "step_meetings",
    "salting_activities",
    "salting_scores",
    "search",
    "tenants",
    "training_settings",
    "users",
];

/// Where each layer keeps the file of a feature, in reading order: rules first, wire last.
pub const LAYERS: &[&str] = &[
    "crates/domain/src",
    "crates/ports/src",
    "crates/application/src",
    "crates/postgres-adapter/src",
    "crates/http/src/api",
];

/// Where else a feature's files may be; they are read after those of the layer before them.
const READING_ORDER: &[&str] = &[
    "crates/domain",
    "crates/ports",
    "crates/application",
    "migrations",
    "crates/postgres-adapter/src",
    "crates/postgres-adapter/tests",
    "crates/http/src/api",
    "crates/http/src/portal",
    "crates/http/templates",
    "crates/app",
    "crates/testing",
    "tests",
    "docs",
];

/// One finding for each layer in which a feature has no file of its own name.
pub fn missing_layers(project: &Project, features: &[&str]) -> Vec<Finding> {
    let wanted = features.iter().flat_map(|feature| {
        LAYERS
            .iter()
            .map(move |layer| (Path::new(layer).join(format!("{feature}.rs")), feature))
    });
    wanted
        .filter(|(path, _)| !project.paths.contains(path))
        .map(|(path, feature)| {
            let advice = format!(
                "the feature `{feature}` has no file of its name in this layer; add it, or take the feature out of crates/xtask/src/features.rs"
            );
            Finding::in_file(&path, advice)
        })
        .collect()
}

/// The files of `feature` in reading order; empty when there is no such feature.
///
/// A file belongs to the feature when its name without the ending, a folder above it, or the words after a migration's date are the feature's name.
pub fn files(project: &Project, feature: &str) -> Vec<PathBuf> {
    let mut files: Vec<(usize, PathBuf)> = project
        .paths
        .iter()
        .filter(|path| belongs_to(path, feature))
        .filter_map(|path| Some((reading_position(path)?, path.clone())))
        .collect();
    files.sort_by(|(a, first), (b, second)| {
        let depth = |path: &PathBuf| path.components().count();
        (a, depth(first), first).cmp(&(b, depth(second), second))
    });
    files.into_iter().map(|(_, path)| path).collect()
}

fn belongs_to(path: &Path, feature: &str) -> bool {
    path.components().any(|component| {
        let name = component.as_os_str().to_string_lossy();
        let stem = name.split('.').next().unwrap_or_default();
        stem == feature || stem.ends_with(&format!("_{feature}"))
    })
}

fn reading_position(path: &Path) -> Option<usize> {
    READING_ORDER
        .iter()
        .position(|folder| path.starts_with(folder))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Source;

    fn project(paths: &[&str]) -> Project {
        Project::of(paths.iter().map(|path| Source::new(*path, "")).collect())
    }

    #[test]
    fn a_feature_lists_its_files_from_the_rules_to_the_wire() {
        let project = project(&[
            "crates/domain/src/grievances.rs",
            "crates/domain/src/grievances/ladder.rs",
            "crates/domain/src/members.rs",
            "crates/http/src/api/grievances.rs",
            "crates/ports/src/grievances.rs",
            "migrations/2026-11-21-120000_grievances/up.sql",
            "tests/api/grievances.rs",
        ]);
        let paths: Vec<String> = files(&project, "grievances")
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        let expected = [
            "crates/domain/src/grievances.rs",
            "crates/domain/src/grievances/ladder.rs",
            "crates/ports/src/grievances.rs",
            "migrations/2026-11-21-120000_grievances/up.sql",
            "crates/http/src/api/grievances.rs",
            "tests/api/grievances.rs",
        ];
        assert_eq!(paths, expected);
    }

    #[test]
    fn a_layer_without_the_feature_is_named() {
        let everywhere_but_ports = project(&[
            "crates/domain/src/dues.rs",
            "crates/application/src/dues.rs",
            "crates/postgres-adapter/src/dues.rs",
            "crates/http/src/api/dues.rs",
        ]);
        let findings = missing_layers(&everywhere_but_ports, &["dues"]);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].path, Path::new("crates/ports/src/dues.rs"));
    }
}
