//! The structure of the workspace: who may use whom, and every feature in every layer.

use xtask::architecture;
use xtask::features;
use xtask::finding::assert_none;
use xtask::project::Project;

#[test]
fn crates_use_only_what_the_table_permits() {
    let metadata = architecture::manifests().unwrap();
    assert_none(architecture::forbidden_dependencies(&metadata));
}

#[test]
fn the_inner_crates_are_synchronous() {
    assert_none(architecture::asynchronous_code(&Project::load().unwrap()));
}

#[test]
fn every_workspace_dependency_is_used() {
    let metadata = architecture::manifests().unwrap();
    let project = Project::load().unwrap();
    assert_none(architecture::unused_workspace_dependencies(
        &project, &metadata,
    ));
}

#[test]
fn every_feature_has_a_file_of_its_name_in_every_layer() {
    assert_none(features::missing_layers(
        &Project::load().unwrap(),
        features::FEATURES,
    ));
}
