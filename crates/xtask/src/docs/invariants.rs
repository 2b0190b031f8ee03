//! Invariants in ARCHITECTURE.md: each names the test that holds it.

use std::path::Path;

use super::markdown::{code_spans, lines};
use crate::finding::Finding;
use crate::project::{Project, Source};

const DOCUMENT: &str = "ARCHITECTURE.md";
const MARK: &str = "**Invariant:**";
const HOLDER: &str = "held by";

/// Every invariant that names no test, or a test that does not exist.
///
/// An invariant is one line: `**Invariant:** … (held by ⟨test⟩ in ⟨path⟩)`, with both in backticks, and `and` between several.
/// A rule that a tool's configuration holds names the configuration alone: `(held by ⟨clippy.toml⟩)`.
pub fn invariants_without_a_test(project: &Project) -> Vec<Finding> {
    let Some(document) = project.source(DOCUMENT) else {
        return vec![Finding::in_file(
            Path::new(DOCUMENT),
            "there is no such document",
        )];
    };
    let lines = lines(&document.text);
    let invariants: Vec<_> = lines
        .iter()
        .filter(|line| line.text.contains(MARK))
        .collect();
    if invariants.is_empty() {
        let advice = format!(
            "no line begins with {MARK}; say what must always hold, and which test holds it"
        );
        return vec![Finding::in_file(&document.path, advice)];
    }
    invariants
        .into_iter()
        .filter_map(|line| {
            let advice = objection(project, line.text)?;
            Some(Finding::at(&document.path, line.number, advice))
        })
        .collect()
}

fn objection(project: &Project, invariant: &str) -> Option<String> {
    let Some((_, holders)) = invariant.rsplit_once(HOLDER) else {
        return Some(format!(
            "end the invariant with `({HOLDER} ‹test› in ‹path›)`"
        ));
    };
    match code_spans(holders).as_slice() {
        [] => Some("name the test and its file in backticks".to_owned()),
        [configuration] => objection_to_configuration(project, configuration),
        pairs => pairs.chunks(2).find_map(|pair| match pair {
            [test, path] => objection_to_test(project, test, path),
            _ => Some("name each test with its file: `‹test›` in `‹path›`".to_owned()),
        }),
    }
}

fn objection_to_configuration(project: &Project, path: &str) -> Option<String> {
    if path.ends_with(".rs") {
        return Some(format!("say which test in `{path}` holds it"));
    }
    let exists = project.contains(Path::new(path));
    (!exists).then(|| format!("`{path}` does not exist"))
}

/// What is wrong with naming this test in this file, if anything.
pub(super) fn objection_to_test(project: &Project, test: &str, path: &str) -> Option<String> {
    let is_there = |source: &Source| source.text.contains(&format!("fn {test}("));
    match project.source(path) {
        None => Some(format!("`{path}` does not exist")),
        Some(source) if is_there(source) => None,
        Some(_) => Some(format!("there is no test `{test}` in `{path}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advice(line: &str) -> Vec<String> {
        let project = Project::of(vec![
            Source::new(DOCUMENT, format!("# Map\n{line}\n")),
            Source::new("clippy.toml", ""),
            Source::new("crates/a/tests/b.rs", "#[test]\nfn it_holds() {}\n"),
        ]);
        invariants_without_a_test(&project)
            .into_iter()
            .map(|finding| finding.advice)
            .collect()
    }

    #[test]
    fn an_invariant_with_its_test_or_its_configuration_passes() {
        assert_eq!(
            advice("- **Invariant:** so (held by `it_holds` in `crates/a/tests/b.rs`)."),
            [""; 0]
        );
        assert_eq!(
            advice("**Invariant:** so (held by `clippy.toml`)."),
            [""; 0]
        );
    }

    #[test]
    fn an_invariant_without_a_test_is_found() {
        assert!(advice("**Invariant:** so.")[0].starts_with("end the invariant with"));
        assert!(
            advice("**Invariant:** so (held by `crates/a/tests/b.rs`).")[0]
                .starts_with("say which test")
        );
    }

    #[test]
    fn an_invariant_with_a_test_that_does_not_exist_is_found() {
        let found = advice("**Invariant:** so (held by `it_held` in `crates/a/tests/b.rs`).");
        assert_eq!(
            found,
            ["there is no test `it_held` in `crates/a/tests/b.rs`"]
        );
        let found = advice("**Invariant:** so (held by `it_holds` in `crates/c.rs`).");
        assert_eq!(found, ["`crates/c.rs` does not exist"]);
    }

    #[test]
    fn a_map_without_invariants_is_found() {
        assert!(advice("Nothing.")[0].starts_with("no line begins with"));
    }
}
