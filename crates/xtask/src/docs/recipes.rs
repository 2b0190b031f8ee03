//! Commands in documents: the recipes of `just` that they name.

use std::collections::BTreeSet;

use super::markdown::{code_spans, lines};
use crate::finding::Finding;
use crate::project::{Project, Source};

/// The names of the recipes in the justfile; empty when there is none.
pub(super) fn names(project: &Project) -> BTreeSet<String> {
    let justfile = project.source("justfile");
    let lines = justfile.into_iter().flat_map(Source::lines);
    lines
        .filter(|(_, line)| line.starts_with(|first: char| first.is_ascii_lowercase()))
        .filter(|(_, line)| !line.contains(":="))
        .filter_map(|(_, line)| Some(line.split_once(':')?.0))
        .filter_map(|head| head.split_whitespace().next())
        .map(ToOwned::to_owned)
        .collect()
}

/// Every mention in `document` of a recipe that is not one of `recipes`.
pub(super) fn unknown(recipes: &BTreeSet<String>, document: &Source) -> Vec<Finding> {
    let lines = lines(&document.text);
    let mentions = lines.iter().flat_map(|line| {
        let commands = if line.fenced {
            vec![line.text.trim_start_matches(['$', ' '])]
        } else {
            code_spans(line.text)
        };
        commands
            .into_iter()
            .filter_map(recipe)
            .map(|recipe| (line.number, recipe))
    });
    mentions
        .filter(|(_, recipe)| !recipes.contains(*recipe))
        .map(|(number, recipe)| {
            let advice = format!("there is no recipe `{recipe}` in the justfile");
            Finding::at(&document.path, number, advice)
        })
        .collect()
}

/// The recipe that a command calls, when it calls `just` with one.
fn recipe(command: &str) -> Option<&str> {
    let mut words = command.split_whitespace();
    let is_just = words.next() == Some("just");
    words
        .next()
        .filter(|name| is_just && !name.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const JUSTFILE: &str = "set shell := [\"bash\"]\nalias t := test\n\n# Everything.\ntest *FILTER:\n    cargo test\n\n[group('check')]\nci: test\n";

    fn found(text: &str) -> Vec<usize> {
        let project = Project::of(vec![Source::new("justfile", JUSTFILE)]);
        unknown(&names(&project), &Source::new("README.md", text))
            .iter()
            .map(|finding| finding.line)
            .collect()
    }

    #[test]
    fn recipes_are_read_from_the_justfile() {
        let project = Project::of(vec![Source::new("justfile", JUSTFILE)]);
        let names: Vec<String> = names(&project).into_iter().collect();
        assert_eq!(names, ["ci", "test"]);
    }

    #[test]
    fn a_recipe_that_does_not_exist_is_found_in_spans_and_fences() {
        assert_eq!(
            found("run `just deploy`\n```sh\njust tests\n$ just test\n```\n"),
            [1, 3]
        );
    }

    #[test]
    fn the_word_itself_and_flags_pass() {
        assert_eq!(
            found("`just --list`, `just`, `just ci`, it is just so"),
            [0; 0]
        );
    }
}
