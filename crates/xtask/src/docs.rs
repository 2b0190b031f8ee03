//! Documents name only things that exist: paths, recipes, and the tests that hold an invariant.

use crate::finding::Finding;
use crate::project::{Project, Source};

mod assurance;
mod invariants;
mod markdown;
mod paths;
mod recipes;

pub use assurance::requirements_without_a_test;
pub use invariants::invariants_without_a_test;

/// Every path, link and recipe in a document that does not exist.
///
/// The changelog is left out: it may name what is gone.
pub fn dead_references(project: &Project) -> Vec<Finding> {
    let recipes = recipes::names(project);
    documents(project)
        .flat_map(|document| {
            let mut findings = paths::dead_links(project, document);
            findings.extend(paths::dead_paths(project, document));
            findings.extend(recipes::unknown(&recipes, document));
            findings
        })
        .collect()
}

fn documents(project: &Project) -> impl Iterator<Item = &Source> {
    project
        .with_ending("md")
        .filter(|document| !document.path.ends_with("CHANGELOG.md"))
}
