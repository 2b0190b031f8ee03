//! The program: its command line, its configuration, and the wiring of everything else.

pub mod backing;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
pub mod demo;
pub mod exchange;
pub mod exit;
pub mod failure;
mod first_run;
pub mod logging;
pub mod passwords;
pub mod run;
pub mod sealing;
pub mod serve;
pub mod signatures;
pub mod wiring;
pub mod worker;
