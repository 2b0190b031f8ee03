//! The habits of the code that neither the compiler nor clippy can hold.

use crate::finding::Finding;
use crate::project::{Project, Source};

mod attributes;
mod domain;
mod lengths;
mod text;
mod waiting;

/// Every place that breaks a habit, in all files.
pub fn findings(project: &Project) -> Vec<Finding> {
    let text = project.sources.iter().flat_map(text::findings);
    let code = project.with_ending("rs").flat_map(findings_in_code);
    text.chain(code).collect()
}

fn findings_in_code(source: &Source) -> Vec<Finding> {
    let file = match syn::parse_file(&source.text) {
        Ok(file) => file,
        Err(error) => {
            let line = error.span().start().line;
            return vec![Finding::at(
                &source.path,
                line,
                format!("this does not parse: {error}"),
            )];
        }
    };
    [
        attributes::findings(source, &file),
        domain::findings(source, &file),
        lengths::findings(source, &file),
        waiting::findings(source, &file),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_that_does_not_parse_is_a_finding_not_a_panic() {
        let source = Source::new("crates/a/src/lib.rs", "//! Broken.\nfn (\n");
        let findings = findings_in_code(&source);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].advice.starts_with("this does not parse"));
    }
}
