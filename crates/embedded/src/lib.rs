//! The services that the program brings along: database, object store and mailbox.

mod folders;
pub mod mailbox;
pub mod object_store;
pub mod postgres;
#[cfg(feature = "test-tools")]
pub mod python_tools;
