//! Tests do not wait for time to pass: they poll a condition until a deadline.

use syn::Expr;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::finding::Finding;
use crate::project::Source;

const ADVICE: &str = "a test that sleeps is slow and still fails at times; poll a real condition in a loop with a `deadline`";

/// Every call that sleeps in the test code of `file`, but for the pause of a loop with a deadline.
pub(super) fn findings(source: &Source, file: &syn::File) -> Vec<Finding> {
    let mut visitor = Waiting {
        source,
        in_tests: is_test_file(source),
        polls: false,
        in_loop: false,
        findings: Vec::new(),
    };
    visitor.visit_file(file);
    visitor.findings
}

/// Whether the whole file is test code: below a folder `tests`, or a module of that name.
fn is_test_file(source: &Source) -> bool {
    let mut parts = source.path.iter();
    parts.any(|part| part == "tests" || part == "tests.rs")
}

struct Waiting<'a> {
    source: &'a Source,
    in_tests: bool,
    /// Whether the function around the call has a deadline.
    polls: bool,
    in_loop: bool,
    findings: Vec<Finding>,
}

impl Waiting<'_> {
    fn enter_function(&mut self, body: &syn::Block) -> bool {
        let mut deadline = Deadline { found: false };
        deadline.visit_block(body);
        std::mem::replace(&mut self.polls, deadline.found)
    }

    fn report(&mut self, line: usize) {
        let pause_of_a_poll = self.polls && self.in_loop;
        if self.in_tests && !pause_of_a_poll {
            self.findings
                .push(Finding::at(&self.source.path, line, ADVICE));
        }
    }
}

impl<'ast> Visit<'ast> for Waiting<'_> {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        let outside = self.in_tests;
        self.in_tests = outside || module.attrs.iter().any(is_cfg_test);
        visit::visit_item_mod(self, module);
        self.in_tests = outside;
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        let outside = self.enter_function(&function.block);
        visit::visit_item_fn(self, function);
        self.polls = outside;
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        let outside = self.enter_function(&function.block);
        visit::visit_impl_item_fn(self, function);
        self.polls = outside;
    }

    fn visit_expr_loop(&mut self, body: &'ast syn::ExprLoop) {
        let outside = std::mem::replace(&mut self.in_loop, true);
        visit::visit_expr_loop(self, body);
        self.in_loop = outside;
    }

    fn visit_expr_while(&mut self, body: &'ast syn::ExprWhile) {
        let outside = std::mem::replace(&mut self.in_loop, true);
        visit::visit_expr_while(self, body);
        self.in_loop = outside;
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let Expr::Path(function) = &*call.func {
            let last = function.path.segments.last();
            if last.is_some_and(|last| last.ident == "sleep" || last.ident == "sleep_until") {
                self.report(call.span().start().line);
            }
        }
        visit::visit_expr_call(self, call);
    }
}

/// Looks for a variable called `deadline`.
struct Deadline {
    found: bool,
}

impl<'ast> Visit<'ast> for Deadline {
    fn visit_ident(&mut self, name: &'ast syn::Ident) {
        self.found |= name == "deadline";
    }
}

fn is_cfg_test(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute
            .parse_args::<syn::Ident>()
            .is_ok_and(|condition| condition == "test")
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

    const IN_A_MODULE: &str = "fn a() {\n    sleep(1);\n}\n#[cfg(test)]\nmod tests {\n    fn b() {\n        std::thread::sleep(1);\n    }\n}\n";

    #[test]
    fn a_sleep_in_a_test_module_is_found_and_one_in_the_program_is_not() {
        assert_eq!(lines("crates/a/src/lib.rs", IN_A_MODULE), [7]);
    }

    #[test]
    fn every_sleep_in_a_test_file_is_found() {
        assert_eq!(lines("crates/a/tests/it/main.rs", IN_A_MODULE), [2, 7]);
        assert_eq!(
            lines(
                "tests/api/main.rs",
                "async fn a() { tokio::time::sleep(d).await }"
            ),
            [1]
        );
    }

    #[test]
    fn the_pause_of_a_loop_with_a_deadline_passes() {
        let poll = "fn eventually() {\n    let deadline = soon();\n    while !it() {\n        assert!(now() < deadline);\n        sleep(d);\n    }\n}\n";
        assert_eq!(lines("tests/api/main.rs", poll), [0; 0]);
    }

    #[test]
    fn a_loop_without_a_deadline_and_a_deadline_without_a_loop_are_found() {
        assert_eq!(
            lines(
                "tests/a.rs",
                "fn a() {\n    loop {\n        sleep(d);\n    }\n}\n"
            ),
            [3]
        );
        assert_eq!(
            lines(
                "tests/a.rs",
                "fn a() {\n    let deadline = d;\n    sleep(deadline);\n}\n"
            ),
            [3]
        );
    }
}
