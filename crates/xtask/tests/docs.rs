//! The documents name only what exists, and their generated parts are what the code says.

use xtask::codegen;
use xtask::docs;
use xtask::finding::{Finding, assert_none};
use xtask::project::Project;

#[test]
fn every_path_link_and_recipe_in_a_document_exists() {
    assert_none(docs::dead_references(&Project::load().unwrap()));
}

#[test]
fn every_invariant_names_the_test_that_holds_it() {
    assert_none(docs::invariants_without_a_test(&Project::load().unwrap()));
}

#[test]
fn every_security_requirement_names_the_tests_that_show_it() {
    assert_none(docs::requirements_without_a_test(&Project::load().unwrap()));
}

#[test]
fn generated_parts_of_documents_are_up_to_date() {
    let outdated = codegen::outdated(&Project::load().unwrap(), codegen::BLOCKS).unwrap();
    let findings = outdated
        .iter()
        .map(|document| Finding::in_file(&document.path, "run `cargo xtask codegen`"));
    assert_none(findings.collect());
}
