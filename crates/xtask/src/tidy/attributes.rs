//! Attributes that hide something: `allow`, `ignore`, and tests that must not run beside others.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::finding::Finding;
use crate::project::Source;

/// The attributes, by the last word of their paths, and what to do instead.
const FORBIDDEN: &[(&str, &str)] = &[
    (
        "allow",
        "write `#[expect(lint, reason = \"…\")]`, which fails once it is not needed",
    ),
    ("ignore", "mend the test or delete it"),
    (
        "serial",
        "give the test its own database or folder, so that it can run beside the others",
    ),
    (
        "file_serial",
        "give the test its own database or folder, so that it can run beside the others",
    ),
];

/// Every forbidden attribute in `file`.
pub(super) fn findings(source: &Source, file: &syn::File) -> Vec<Finding> {
    let mut visitor = Attributes {
        source,
        findings: Vec::new(),
    };
    visitor.visit_file(file);
    visitor.findings
}

struct Attributes<'a> {
    source: &'a Source,
    findings: Vec<Finding>,
}

impl<'ast> Visit<'ast> for Attributes<'_> {
    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        let names = names(attribute);
        for (forbidden, advice) in FORBIDDEN {
            if names.iter().any(|name| name == forbidden) {
                let line = attribute.span().start().line;
                let advice = format!("`#[{forbidden}]`: {advice}");
                self.findings
                    .push(Finding::at(&self.source.path, line, advice));
            }
        }
        visit::visit_attribute(self, attribute);
    }
}

/// The attribute's own name and, for a `cfg_attr`, the names of those it adds.
fn names(attribute: &syn::Attribute) -> Vec<String> {
    let own = attribute.path().segments.last();
    let own = own.map(|segment| segment.ident.to_string());
    let added = match &attribute.meta {
        syn::Meta::List(list) if list.path.is_ident("cfg_attr") => {
            let words = list.tokens.clone().into_iter();
            words.map(|token| token.to_string()).collect()
        }
        _ => Vec::new(),
    };
    own.into_iter().chain(added).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(code: &str) -> Vec<usize> {
        let source = Source::new("crates/a/src/lib.rs", code);
        findings(&source, &syn::parse_file(code).unwrap())
            .iter()
            .map(|finding| finding.line)
            .collect()
    }

    #[test]
    fn an_allow_is_found_on_an_item_on_a_file_and_behind_a_condition() {
        assert_eq!(
            lines("#![allow(dead_code)]\n#[allow(unused)]\nfn a() {}\n"),
            [1, 2]
        );
        assert_eq!(
            lines("\n#[cfg_attr(test, allow(unused))]\nfn a() {}\n"),
            [2]
        );
    }

    #[test]
    fn an_expect_with_a_reason_passes() {
        assert_eq!(
            lines("#[expect(dead_code, reason = \"soon\")]\nfn a() {}\n"),
            [0; 0]
        );
    }

    #[test]
    fn ignored_and_serial_tests_are_found() {
        let code = "#[test]\n#[ignore]\nfn a() {}\n#[test]\n#[serial_test::serial]\nfn b() {}\n";
        assert_eq!(lines(code), [2, 5]);
    }
}
