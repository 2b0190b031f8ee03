//! How long a function may be, and how much shorter a handler.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::finding::Finding;
use crate::project::Source;

/// The longest body of any function, in lines between its braces.
const LONGEST_FUNCTION: usize = 60;

/// The longest body of a handler: extract, command, one call, view.
const LONGEST_HANDLER: usize = 15;

/// Where functions with a route attribute are handlers.
const HANDLERS: &str = "crates/http/src";

/// The last words of the attributes that bind a function to a route.
const ROUTE_ATTRIBUTES: &[&str] = &[
    "delete", "get", "head", "options", "patch", "path", "post", "put", "route",
];

/// Every function in `file` that is too long.
pub(super) fn findings(source: &Source, file: &syn::File) -> Vec<Finding> {
    let mut visitor = Lengths {
        source,
        findings: Vec::new(),
    };
    visitor.visit_file(file);
    visitor.findings
}

struct Lengths<'a> {
    source: &'a Source,
    findings: Vec<Finding>,
}

impl Lengths<'_> {
    fn check(&mut self, name: &syn::Ident, attributes: &[syn::Attribute], body: &syn::Block) {
        let span = body.span();
        let lines = span.end().line.saturating_sub(span.start().line + 1);
        let handler = self.source.path.starts_with(HANDLERS) && attributes.iter().any(is_route);
        let (longest, advice) = if handler {
            (
                LONGEST_HANDLER,
                "move what it decides into the use case and what it translates into `From`",
            )
        } else {
            (LONGEST_FUNCTION, "give its steps names of their own")
        };
        if lines > longest {
            let advice = format!("`{name}` has {lines} lines, at most {longest}: {advice}");
            let line = name.span().start().line;
            self.findings
                .push(Finding::at(&self.source.path, line, advice));
        }
    }
}

impl<'ast> Visit<'ast> for Lengths<'_> {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.check(&function.sig.ident, &function.attrs, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.check(&function.sig.ident, &function.attrs, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(body) = &function.default {
            self.check(&function.sig.ident, &function.attrs, body);
        }
        visit::visit_trait_item_fn(self, function);
    }
}

fn is_route(attribute: &syn::Attribute) -> bool {
    let last = attribute.path().segments.last();
    // `#[path = "…"]` places a module; only the form with brackets describes a route.
    let has_arguments = matches!(attribute.meta, syn::Meta::List(_));
    has_arguments
        && last.is_some_and(|last| ROUTE_ATTRIBUTES.contains(&last.ident.to_string().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, before: &str, lines: usize) -> usize {
        let code = format!("{before}\nfn a() {{\n{}}}\n", "    step();\n".repeat(lines));
        let source = Source::new(path, code.as_str());
        findings(&source, &syn::parse_file(&code).unwrap()).len()
    }

    #[test]
    fn a_function_of_sixty_lines_passes_and_one_more_is_found() {
        assert_eq!(found("crates/a/src/lib.rs", "", 60), 0);
        assert_eq!(found("crates/a/src/lib.rs", "", 61), 1);
    }

    #[test]
    fn a_handler_of_fifteen_lines_passes_and_one_more_is_found() {
        let path = "crates/http/src/api/members.rs";
        for route in [
            "#[get(\"/members\")]",
            "#[utoipa::path(get)]",
            "#[actix_web::post(\"/\")]",
        ] {
            assert_eq!(found(path, route, 15), 0, "{route}");
            assert_eq!(found(path, route, 16), 1, "{route}");
        }
    }

    #[test]
    fn a_function_that_is_no_handler_may_be_longer() {
        assert_eq!(found("crates/http/src/api/members.rs", "", 16), 0);
        assert_eq!(found("crates/app/src/main.rs", "#[get(\"/\")]", 16), 0);
    }

    #[test]
    fn methods_are_held_to_the_same_length() {
        let body = "        step();\n".repeat(61);
        let code = format!(
            "impl A {{\n    fn a() {{\n{body}    }}\n}}\ntrait T {{\n    fn b() {{\n{body}    }}\n}}\n"
        );
        let source = Source::new("crates/a/src/lib.rs", code.as_str());
        assert_eq!(findings(&source, &syn::parse_file(&code).unwrap()).len(), 2);
    }
}
