//! The rule that rules and use cases are synchronous: no `async` in the inner crates.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::finding::Finding;
use crate::project::{Project, Source};

/// The crates whose code runs to its end on one thread.
const SYNCHRONOUS: &[&str] = &[
    "crates/domain/src",
    "crates/ports/src",
    "crates/application/src",
    "crates/postgres-adapter/src",
];

const ADVICE: &str =
    "the inner crates are synchronous; let the adapter block, or move this into `http` or `app`";

/// Every `async fn`, `async` block or closure and `.await` in the inner crates.
pub fn asynchronous_code(project: &Project) -> Vec<Finding> {
    let inner = |source: &&Source| {
        SYNCHRONOUS
            .iter()
            .any(|folder| source.path.starts_with(folder))
    };
    project
        .with_ending("rs")
        .filter(inner)
        .flat_map(asynchronous_code_in)
        .collect()
}

fn asynchronous_code_in(source: &Source) -> Vec<Finding> {
    let Ok(file) = syn::parse_file(&source.text) else {
        return vec![Finding::in_file(&source.path, "this does not parse")];
    };
    let mut visitor = Asynchronous::default();
    visitor.visit_file(&file);
    visitor
        .lines
        .into_iter()
        .map(|line| Finding::at(&source.path, line, ADVICE))
        .collect()
}

#[derive(Default)]
struct Asynchronous {
    lines: Vec<usize>,
}

impl<'ast> Visit<'ast> for Asynchronous {
    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        if signature.asyncness.is_some() {
            self.lines.push(signature.span().start().line);
        }
        visit::visit_signature(self, signature);
    }

    fn visit_expr_async(&mut self, block: &'ast syn::ExprAsync) {
        self.lines.push(block.span().start().line);
        visit::visit_expr_async(self, block);
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        if closure.asyncness.is_some() {
            self.lines.push(closure.span().start().line);
        }
        visit::visit_expr_closure(self, closure);
    }

    fn visit_expr_await(&mut self, awaited: &'ast syn::ExprAwait) {
        self.lines.push(awaited.span().start().line);
        visit::visit_expr_await(self, awaited);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn async_functions_blocks_and_awaits_are_found_in_the_use_cases() {
        let code = "async fn a() {\n    let b = async { 1 };\n    b.await;\n}\ntrait T {\n    async fn c(&self);\n}\n";
        let project = Project::of(vec![Source::new("crates/application/src/a.rs", code)]);
        let lines: Vec<usize> = asynchronous_code(&project)
            .iter()
            .map(|finding| finding.line)
            .collect();
        assert_eq!(lines, [1, 2, 3, 6]);
    }

    #[test]
    fn the_web_layer_may_be_asynchronous() {
        let project = Project::of(vec![Source::new("crates/http/src/a.rs", "async fn a() {}")]);
        assert_eq!(asynchronous_code(&project), []);
    }
}
