//! The program `unionhall`.

use std::process::ExitCode;

use clap::Parser;
use unionhall::{cli::Cli, run::run};

fn main() -> ExitCode {
    let (command, flags) = Cli::parse().into_parts();
    run(command, flags).into()
}
