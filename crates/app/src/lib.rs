//! The program: its command line, its configuration, and the wiring of everything else.

pub mod cli;
pub mod config;
pub mod exit;
pub mod logging;
pub mod passwords;
