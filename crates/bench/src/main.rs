//! `unionhall-bench`: how fast the release server is, beside two limits measured in the same run.
//!
//! One run starts the server on an empty folder, fills it through the product's own import, and loads its routes with
//! `wrk`. Beside each stands what `pgbench` reaches with the very statements that the server sends, and what the bare
//! handler in [`bare`] reaches, which does nothing but the statement and its JSON. Nothing here is a test: figures
//! are written down, never asserted.

mod api;
mod bare;
mod compare;
mod database;
mod failure;
mod figures;
mod goals;
mod machine;
mod markdown;
mod options;
mod passwords;
mod pgbench;
mod prepare;
mod process;
mod roster;
mod routes;
mod run;
#[cfg(test)]
mod samples;
mod server;
mod statements;
mod wrk;

use std::{fs, process::ExitCode};

use clap::Parser as _;
use failure::{Doing as _, Failure, Outcome};
use figures::Figures;
use goals::Goal;
use options::{Command, Options, Plan, RunOptions};
use serde::Serialize;

/// The file of figures.
#[derive(Serialize)]
struct File<'a> {
    goals: &'a [Goal],
    #[serde(flatten)]
    figures: &'a Figures,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let done = match &options.command {
        Some(Command::Bare(bare)) => bare::serve(bare),
        None => measure(&options.run),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            run::say(failure);
            ExitCode::FAILURE
        }
    }
}

fn measure(options: &RunOptions) -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let figures = runtime.doing("starting")?.block_on(run::run(options))?;
    let goals = goals::goals(&figures);
    write_json(options, &figures, &goals)?;
    let block = markdown::block(&figures, &goals);
    run::say(&block);
    if Plan::new(options).whole {
        write_document(options, &block)?;
    }
    if figures.failures.is_empty() {
        Ok(())
    } else {
        Err(Failure::new("not everything could be measured: see above"))
    }
}

fn write_json(options: &RunOptions, figures: &Figures, goals: &[Goal]) -> Outcome<()> {
    let path = &options.output;
    let json = serde_json::to_string_pretty(&File { goals, figures }).doing("writing JSON")?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).doing(format!("making {}", folder.display()))?;
    }
    fs::write(path, json + "\n").doing(format!("writing {}", path.display()))
}

fn write_document(options: &RunOptions, block: &str) -> Outcome<()> {
    let path = &options.document;
    let document = fs::read_to_string(path).doing(format!("reading {}", path.display()))?;
    let document = markdown::replaced(&document, block)
        .ok_or_else(|| Failure::new(format!("{} has no marks to write between", path.display())))?;
    fs::write(path, document).doing(format!("writing {}", path.display()))
}
