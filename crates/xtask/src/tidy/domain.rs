//! Rules of the domain crate: transitions name every case, and states are not kept in booleans.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, Pat};

use crate::finding::Finding;
use crate::project::Source;

const DOMAIN: &str = "crates/domain/src";

const WILDCARD: &str = "a match over a tuple names every case, so that a new state or action is a compile error; write `from @ (A | B)` for those that are refused together";
const BOOLEAN: &str = "keep the state in an enum that carries its data, not in a boolean";

/// What breaks the domain's rules in `file`; nothing when it is of another crate.
pub(super) fn findings(source: &Source, file: &syn::File) -> Vec<Finding> {
    let mut visitor = Domain {
        source,
        findings: Vec::new(),
    };
    if source.path.starts_with(DOMAIN) {
        visitor.visit_file(file);
    }
    visitor.findings
}

struct Domain<'a> {
    source: &'a Source,
    findings: Vec<Finding>,
}

impl<'ast> Visit<'ast> for Domain<'_> {
    fn visit_expr_match(&mut self, matching: &'ast syn::ExprMatch) {
        if let Expr::Tuple(tuple) = &*matching.expr {
            let transition = tuple.elems.iter().any(is_self);
            for arm in &matching.arms {
                if catches_all(&arm.pat) || (transition && catches_part(&arm.pat)) {
                    let line = arm.pat.span().start().line;
                    self.findings
                        .push(Finding::at(&self.source.path, line, WILDCARD));
                }
            }
        }
        visit::visit_expr_match(self, matching);
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        let name = field.ident.as_ref().map(ToString::to_string);
        if name.is_some_and(|name| name.starts_with("is_")) && is_bool(&field.ty) {
            let line = field.span().start().line;
            self.findings
                .push(Finding::at(&self.source.path, line, BOOLEAN));
        }
        visit::visit_field(self, field);
    }
}

/// Whether the expression is `self`, or a reference to it or a field of it: then the match is a transition.
fn is_self(expression: &Expr) -> bool {
    match expression {
        Expr::Path(path) => path.path.is_ident("self"),
        Expr::Field(field) => is_self(&field.base),
        Expr::Reference(reference) => is_self(&reference.expr),
        Expr::Unary(unary) => is_self(&unary.expr),
        _ => false,
    }
}

/// Whether the pattern matches whatever comes: `_`, `(_, _)`, `other`.
fn catches_all(pattern: &Pat) -> bool {
    match pattern {
        Pat::Wild(_) => true,
        Pat::Ident(ident) => ident.subpat.is_none() && is_variable(&ident.ident),
        Pat::Tuple(tuple) => tuple.elems.iter().all(catches_all),
        Pat::Rest(_) => true,
        _ => false,
    }
}

/// Whether some part of a tuple pattern is `_` or `..`.
fn catches_part(pattern: &Pat) -> bool {
    let is_open = |part: &Pat| matches!(part, Pat::Wild(_) | Pat::Rest(_));
    match pattern {
        Pat::Tuple(tuple) => tuple.elems.iter().any(is_open),
        Pat::Or(or) => or.cases.iter().any(catches_part),
        _ => false,
    }
}

/// Whether the name is a variable's, not a constant's or a variant's.
fn is_variable(name: &syn::Ident) -> bool {
    name.to_string().starts_with(char::is_lowercase)
}

fn is_bool(kind: &syn::Type) -> bool {
    matches!(kind, syn::Type::Path(path) if path.path.is_ident("bool"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, code: &str) -> Vec<usize> {
        let source = Source::new(path, code);
        findings(&source, &syn::parse_file(code).unwrap())
            .iter()
            .map(|finding| finding.line)
            .collect()
    }

    fn transition(arm: &str) -> String {
        format!(
            "fn apply(self) {{\n    match (self, action) {{\n        (A, B) => 1,\n        {arm} => 2,\n    }}\n}}\n"
        )
    }

    #[test]
    fn every_way_to_skip_a_case_of_a_transition_is_found() {
        for arm in ["_", "(_, _)", "other", "(C, _)", "(..)", "(C, _) | (D, E)"] {
            let code = transition(arm);
            assert_eq!(lines("crates/domain/src/a.rs", &code), [4], "{arm}");
        }
    }

    #[test]
    fn a_transition_that_names_its_cases_passes() {
        let code = transition("(from @ (C | D), B)");
        assert_eq!(lines("crates/domain/src/a.rs", &code), [0; 0]);
    }

    #[test]
    fn a_match_over_two_options_may_leave_a_part_open() {
        let code = "fn a() {\n    match (b, c) {\n        (None, _) => 1,\n        (Some(b), c) => 2,\n    }\n}\n";
        assert_eq!(lines("crates/domain/src/a.rs", code), [0; 0]);
    }

    #[test]
    fn a_state_in_a_boolean_is_found() {
        let code = "struct A {\n    name: String,\n    is_closed: bool,\n}\n";
        assert_eq!(lines("crates/domain/src/a.rs", code), [3]);
    }

    #[test]
    fn other_crates_are_left_alone() {
        assert_eq!(lines("crates/http/src/a.rs", &transition("_")), [0; 0]);
    }
}
