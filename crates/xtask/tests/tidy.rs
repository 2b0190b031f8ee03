//! The habits of the code, held over every file.

use xtask::finding::assert_none;
use xtask::project::Project;
use xtask::tidy;

#[test]
fn every_file_keeps_the_habits_of_the_house() {
    assert_none(tidy::findings(&Project::load().unwrap()));
}
