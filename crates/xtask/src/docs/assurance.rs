//! The table of security requirements: each row names the tests that show it, or says honestly that it is not met.

use std::path::Path;

use super::{
    invariants::objection_to_test,
    markdown::{code_spans, lines},
};
use crate::finding::Finding;
use crate::project::Project;

const DOCUMENT: &str = "docs/security/asvs.md";
/// How the last cell of a row begins when no test can show it.
const WITHOUT_A_TEST: [&str; 3] = ["Not met", "Does not apply", "Documented"];

/// Every row of the table that names no test and does not say why, or names a test that does not exist.
///
/// A row begins with the number of a requirement, such as `| 6.2.1 |`; its last cell names each test with its
/// file, ⟨test⟩ in ⟨path⟩ with both in backticks, or begins with "Not met", "Does not apply" or "Documented".
pub fn requirements_without_a_test(project: &Project) -> Vec<Finding> {
    let Some(document) = project.source(DOCUMENT) else {
        return vec![Finding::in_file(
            Path::new(DOCUMENT),
            "there is no such document",
        )];
    };
    lines(&document.text)
        .iter()
        .filter_map(|line| {
            let advice = objection(project, evidence(line.text)?)?;
            Some(Finding::at(&document.path, line.number, advice))
        })
        .collect()
}

/// The last cell of a row that begins with a requirement's number.
fn evidence(line: &str) -> Option<&str> {
    let row = line.strip_prefix("| ")?.strip_suffix(" |")?;
    let begins_with_a_number = row.starts_with(|c: char| c.is_ascii_digit());
    begins_with_a_number.then(|| row.rsplit(" | ").next())?
}

fn objection(project: &Project, evidence: &str) -> Option<String> {
    if WITHOUT_A_TEST
        .iter()
        .any(|reason| evidence.starts_with(reason))
    {
        return None;
    }
    match code_spans(evidence).as_slice() {
        [] => Some(format!(
            "name the test and its file in backticks, or begin with one of: {}",
            WITHOUT_A_TEST.join(", ")
        )),
        pairs => pairs.chunks(2).find_map(|pair| match pair {
            [test, path] => objection_to_test(project, test, path),
            _ => Some("name each test with its file: `‹test›` in `‹path›`".to_owned()),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Source;

    fn advice(evidence: &str) -> Vec<String> {
        let table = format!(
            "| no. | asked | how | shown by |\n|---|---|---|---|\n| 6.2.1 | a | b | {evidence} |\n"
        );
        let project = Project::of(vec![
            Source::new(DOCUMENT, table),
            Source::new("tests/api/a.rs", "#[test]\nfn it_holds() {}\n"),
        ]);
        requirements_without_a_test(&project)
            .into_iter()
            .map(|finding| finding.advice)
            .collect()
    }

    #[test]
    fn a_row_with_its_test_or_an_honest_word_passes() {
        assert_eq!(advice("`it_holds` in `tests/api/a.rs`"), [""; 0]);
        assert_eq!(advice("Not met: there is none."), [""; 0]);
    }

    #[test]
    fn a_row_without_a_test_or_with_one_that_does_not_exist_is_found() {
        assert!(advice("it works")[0].starts_with("name the test"));
        let found = advice("`it_held` in `tests/api/a.rs`");
        assert_eq!(found, ["there is no test `it_held` in `tests/api/a.rs`"]);
    }
}
