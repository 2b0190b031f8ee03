//! The parts of documents that are written from the code, so that they cannot go stale.
//!
//! A part stands between `<!-- generated: name -->` and `<!-- end -->`, each on a line of its own.

use std::path::PathBuf;

use crate::architecture::{LAYERS, May};
use crate::project::{Project, Source};

const OPENING: &str = "<!-- generated: ";
const CLOSING: &str = "<!-- end -->";

/// One generated part: its name, and what writes it.
pub struct Block {
    /// The name in the opening mark.
    pub name: &'static str,
    /// Writes the part, without the marks; the error says what is missing.
    pub write: fn(&Project) -> Result<String, String>,
}

/// All generated parts. To add one: a line here, and the two marks in a document.
pub const BLOCKS: &[Block] = &[
    Block {
        name: "benevolence-transitions",
        write: |project| snapshot(project, BENEVOLENCE_TRANSITIONS),
    },
    Block {
        name: "crates",
        write: |_| Ok(crates_table()),
    },
    Block {
        name: "grievance-transitions",
        write: |project| snapshot(project, GRIEVANCE_TRANSITIONS),
    },
    Block {
        name: "permissions",
        write: |project| snapshot(project, PERMISSIONS),
    },
    Block {
        name: "problem-codes",
        write: |project| snapshot(project, PROBLEM_CODES),
    },
];

/// The table of state and move of the benevolence fund that the domain's own test prints.
const BENEVOLENCE_TRANSITIONS: &str = "crates/domain/src/benevolence/snapshots/unionhall_domain__benevolence__progress__tests__the_whole_table_of_state_and_move.snap";

/// The table of state and action that the domain's own test prints.
const GRIEVANCE_TRANSITIONS: &str = "crates/domain/src/grievances/snapshots/unionhall_domain__grievances__progress__tests__the_whole_table_of_state_and_action.snap";

/// The matrix of permissions and roles that the application's own test prints.
const PERMISSIONS: &str = "crates/application/src/snapshots/unionhall_application__permissions__tests__the_whole_matrix_of_permission_and_role.snap";

/// The table of problem codes that the HTTP face's own test prints.
const PROBLEM_CODES: &str = "crates/http/src/web/snapshots/unionhall_http__web__problem_catalogue__tests__the_whole_table_of_codes.snap";

/// A document whose generated parts are not what the code says.
#[derive(Debug, PartialEq, Eq)]
pub struct Outdated {
    /// The document, relative to the top of the repository.
    pub path: PathBuf,
    /// What its whole text should be.
    pub text: String,
}

/// The documents that must be written anew.
///
/// # Errors
/// When a mark names no block, is not closed, or a block cannot be written; the text names the document.
pub fn outdated(project: &Project, blocks: &[Block]) -> Result<Vec<Outdated>, String> {
    let mut outdated = Vec::new();
    for document in project.with_ending("md") {
        let text = renewed(project, document, blocks)
            .map_err(|error| format!("{}: {error}", document.path.display()))?;
        if text != document.text {
            let path = document.path.clone();
            outdated.push(Outdated { path, text });
        }
    }
    Ok(outdated)
}

fn renewed(project: &Project, document: &Source, blocks: &[Block]) -> Result<String, String> {
    let mut lines = Vec::new();
    let mut open = None;
    for line in document.text.lines() {
        if let Some(name) = opened(line) {
            let block = blocks.iter().find(|block| block.name == name);
            let block = block.ok_or_else(|| format!("there is no generated part `{name}`"))?;
            lines.push(line.to_owned());
            lines.push((block.write)(project)?.trim_end().to_owned());
            open = Some(name);
        } else if line.trim() == CLOSING {
            open = None;
            lines.push(line.to_owned());
        } else if open.is_none() {
            lines.push(line.to_owned());
        }
    }
    if let Some(name) = open {
        return Err(format!("the generated part `{name}` has no {CLOSING}"));
    }
    Ok(lines.iter().map(|line| format!("{line}\n")).collect())
}

fn opened(line: &str) -> Option<&str> {
    line.trim().strip_prefix(OPENING)?.strip_suffix(" -->")
}

/// What a snapshot file holds, without its head: for tables that a test prints and a document shows.
fn snapshot(project: &Project, path: &str) -> Result<String, String> {
    let source = project
        .source(path)
        .ok_or_else(|| format!("the snapshot {path} does not exist"))?;
    let body = source.text.splitn(3, "---\n").nth(2);
    Ok(body.unwrap_or(&source.text).to_owned())
}

fn crates_table() -> String {
    let row = |(name, holds, may): &(&str, &str, May)| {
        let may = match may {
            May::UseEverything => "everything".to_owned(),
            May::Use([]) => "nothing of ours".to_owned(),
            May::Use(others) => others.join(", "),
        };
        format!("| `{name}` | {holds} | {may} |\n")
    };
    let rows: String = LAYERS.iter().map(row).collect();
    format!("| crate | holds | may use |\n|---|---|---|\n{rows}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCKS: &[Block] = &[Block {
        name: "count",
        write: |project| Ok(format!("{} documents\n", project.paths.len())),
    }];

    fn renew(text: &str) -> Result<Vec<Outdated>, String> {
        let project = Project::of(vec![Source::new("docs/a.md", text)]);
        outdated(&project, BLOCKS)
    }

    #[test]
    fn a_stale_part_is_written_anew_and_the_rest_kept() {
        let stale = "# A\n<!-- generated: count -->\n7 documents\n<!-- end -->\nB\n";
        let renewed = renew(stale).unwrap();
        assert_eq!(renewed.len(), 1);
        let fresh = &renewed[0].text;
        assert_eq!(
            fresh,
            "# A\n<!-- generated: count -->\n1 documents\n<!-- end -->\nB\n"
        );
        assert_eq!(renew(fresh), Ok(Vec::new()));
    }

    #[test]
    fn a_part_that_nothing_writes_is_refused() {
        let error = renew("<!-- generated: sum -->\n<!-- end -->\n").unwrap_err();
        assert_eq!(error, "docs/a.md: there is no generated part `sum`");
    }

    #[test]
    fn a_part_that_is_not_closed_is_refused() {
        let error = renew("<!-- generated: count -->\n").unwrap_err();
        assert_eq!(
            error,
            "docs/a.md: the generated part `count` has no <!-- end -->"
        );
    }

    #[test]
    fn a_snapshot_is_given_without_its_head() {
        let text = "---\nsource: a.rs\nexpression: table\n---\n| a |\n---\n| b |\n";
        let project = Project::of(vec![Source::new("a.snap", text)]);
        assert_eq!(snapshot(&project, "a.snap").unwrap(), "| a |\n---\n| b |\n");
    }

    #[test]
    fn the_table_of_crates_has_a_row_for_each() {
        let table = crates_table();
        assert!(table.contains("| `application` | use cases and permissions | domain, ports |"));
        assert_eq!(table.lines().count(), LAYERS.len() + 2);
    }
}
