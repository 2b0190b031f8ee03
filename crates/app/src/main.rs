//! The program `unionhall`.

use std::process::ExitCode;

use clap::Parser;
use unionhall::{cli::Cli, run::run};

/// Much is allocated on one thread and freed on another: this allocator is quicker at that than the system's,
/// and gives more back afterwards.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let (command, flags) = Cli::parse().into_parts();
    run(command, flags).into()
}
