//! The project's own tool: the style checks that the tests run, and the generated parts of the documents.
//!
//! Each check reads [`project::Project`] and returns [`finding::Finding`]s; the tests in `tests/` demand that there are none.

pub mod architecture;
pub mod codegen;
pub mod common_passwords;
pub mod docs;
pub mod features;
pub mod finding;
pub mod project;
pub mod tidy;
