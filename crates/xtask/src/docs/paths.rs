//! Paths in documents: those that links lead to, and those in code spans.

use std::path::{Component, Path, PathBuf};

use super::markdown::{code_spans, lines, link_targets};
use crate::finding::Finding;
use crate::project::{Project, Source};

/// Endings that make a code span a file's name.
const FILE_ENDINGS: &[&str] = &[
    "css", "csv", "html", "js", "json", "lock", "md", "rs", "service", "sh", "snap", "sql", "toml",
    "yaml", "yml",
];

/// Names that exist only while something runs, or only on a user's machine.
const NOT_IN_THE_REPOSITORY: &[&str] = &["data", "roster.csv", "target", "unionhall.toml"];

/// Every link of `document` that leads to no file.
pub(super) fn dead_links(project: &Project, document: &Source) -> Vec<Finding> {
    let folder = document.path.parent().unwrap_or(Path::new(""));
    let lines = lines(&document.text);
    let prose = lines.iter().filter(|line| !line.fenced);
    prose
        .flat_map(|line| {
            link_targets(line.text)
                .into_iter()
                .map(|target| (line.number, target))
        })
        .filter_map(|(number, target)| Some((number, file_of_link(target)?)))
        .filter(|(_, target)| {
            let path = normal(&folder.join(target));
            !path.is_some_and(|path| project.contains(&path))
        })
        .map(|(number, target)| {
            let advice = format!("the link leads to `{target}`, which does not exist");
            Finding::at(&document.path, number, advice)
        })
        .collect()
}

/// Every path in a code span of `document` that names no file or folder of the repository.
///
/// A path may be relative to the top, to the document, or be the end of a longer path (`web/problem.rs`).
pub(super) fn dead_paths(project: &Project, document: &Source) -> Vec<Finding> {
    let lines = lines(&document.text);
    let prose = lines.iter().filter(|line| !line.fenced);
    prose
        .flat_map(|line| {
            code_spans(line.text)
                .into_iter()
                .map(|span| (line.number, span))
        })
        .filter(|(_, span)| looks_like_path(project, span))
        .flat_map(|(number, span)| {
            alternatives(span)
                .into_iter()
                .map(move |path| (number, path))
        })
        .filter(|(_, path)| !exists(project, document, path))
        .map(|(number, path)| {
            let advice = format!(
                "`{path}` does not exist; name what does, or write a placeholder as `<name>`"
            );
            Finding::at(&document.path, number, advice)
        })
        .collect()
}

/// The file that a link leads to; nothing for one to elsewhere or to a heading of the same document.
fn file_of_link(target: &str) -> Option<&str> {
    let elsewhere =
        target.contains("://") || target.starts_with("mailto:") || target.starts_with('/');
    let file = target.split('#').next().unwrap_or_default();
    (!elsewhere && !file.is_empty()).then_some(file)
}

fn looks_like_path(project: &Project, span: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "_-./{},".contains(letter);
    if !span.chars().all(plain) || span.starts_with('/') || span.contains("//") {
        return false;
    }
    let path = Path::new(span);
    let first = path.iter().next().unwrap_or_default();
    if NOT_IN_THE_REPOSITORY.iter().any(|name| first == *name) {
        return false;
    }
    let ending = path.extension().and_then(|ending| ending.to_str());
    let has_stem = path
        .file_name()
        .is_some_and(|name| !name.to_string_lossy().starts_with('.'));
    let is_file = has_stem && ending.is_some_and(|ending| FILE_ENDINGS.contains(&ending));
    is_file || (span.contains('/') && project.contains(Path::new(first)))
}

/// `a/{b,c}.sql` stands for `a/b.sql` and `a/c.sql`.
fn alternatives(span: &str) -> Vec<String> {
    let braces = span
        .split_once('{')
        .and_then(|(before, rest)| Some((before, rest.split_once('}')?)));
    match braces {
        None => vec![span.to_owned()],
        Some((before, (choices, after))) => choices
            .split(',')
            .map(|choice| format!("{before}{choice}{after}"))
            .collect(),
    }
}

fn exists(project: &Project, document: &Source, path: &str) -> bool {
    let path = Path::new(path);
    let folder = document.path.parent().unwrap_or(Path::new(""));
    let beside = normal(&folder.join(path)).is_some_and(|path| project.contains(&path));
    let ends = |found: &PathBuf| found.ancestors().any(|ancestor| ancestor.ends_with(path));
    project.contains(path) || beside || project.paths.iter().any(ends)
}

/// The path without `.` and `..`; nothing when it leaves the repository.
fn normal(path: &Path) -> Option<PathBuf> {
    let mut result = PathBuf::new();
    for component in path.components() {
        match component {
            Component::Normal(name) => result.push(name),
            Component::CurDir => {}
            Component::ParentDir if result.pop() => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project() -> Project {
        let paths = [
            "README.md",
            "docs/errors.md",
            "crates/http/src/web/problem.rs",
            "migrations/2026_members/up.sql",
        ];
        Project::of(paths.iter().map(|path| Source::new(*path, "")).collect())
    }

    fn paths(text: &str) -> usize {
        dead_paths(&project(), &Source::new("docs/guide.md", text)).len()
    }

    fn links(text: &str) -> usize {
        dead_links(&project(), &Source::new("docs/guide.md", text)).len()
    }

    #[test]
    fn a_path_that_does_not_exist_is_found() {
        assert_eq!(paths("see `crates/http/src/web/problems.rs`"), 1);
        assert_eq!(paths("see `problems.rs` and `crates/html/`"), 2);
        assert_eq!(paths("`migrations/2026_members/{up,down}.sql`"), 1);
    }

    #[test]
    fn a_path_from_the_top_from_here_or_by_its_end_passes() {
        assert_eq!(
            paths("`docs/errors.md`, `errors.md`, `web/problem.rs`, `web/`, `../README.md`"),
            0
        );
    }

    #[test]
    fn what_is_no_path_is_left_alone() {
        assert_eq!(
            paths("`/api/v1/members`, `application/json`, `members:read`, `a::b`, `cargo run`"),
            0
        );
        assert_eq!(
            paths("`crates/<name>/src`, `target/release/unionhall`, `data/`, `.rs`"),
            0
        );
    }

    #[test]
    fn paths_in_a_fence_are_left_alone() {
        assert_eq!(paths("```\n`nowhere.rs`\n```\n"), 0);
    }

    #[test]
    fn a_link_to_nowhere_is_found() {
        assert_eq!(
            links("[a](error.md), [b](../docs/nothing.md#x), [c](../../outside.md)"),
            3
        );
    }

    #[test]
    fn links_to_files_headings_and_the_web_pass() {
        assert_eq!(
            links("[a](errors.md#codes), [b](../README.md), [c](#here), [d](https://example.org)"),
            0
        );
    }
}
