//! The program `unionhall`.

use std::process::ExitCode;

use clap::Parser;
use unionhall::{cli::Cli, run::run};

/// Requests are made of many small pieces that threads hand to each other: this allocator is quicker at that
/// than the system's, and gives more back afterwards (docs/performance.md has the figures).
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let (command, flags) = Cli::parse().into_parts();
    run(command, flags).into()
}
