//! From a parsed command line to an exit code.

use std::io::Write;

use crate::{
    backing::{self, CommandDatabase},
    cli::Command,
    commands,
    config::{Config, Flags, Sources},
    exit::Exit,
    failure::Failure,
    logging, serve,
    wiring::Wired,
};

/// Does what the command line says; what went wrong is on standard error.
pub fn run(command: Command, flags: Flags) -> Exit {
    match attempt(command, flags) {
        Ok(exit) => exit,
        Err(failure) => {
            complain(&format!("error: {failure}"));
            failure.exit
        }
    }
}

fn attempt(command: Command, flags: Flags) -> Result<Exit, Failure> {
    let mut out = std::io::stdout().lock();
    match command {
        Command::Version => return Ok(commands::version(&mut out)),
        Command::Openapi => return Ok(openapi(&mut out)),
        Command::Serve
        | Command::Migrate
        | Command::Config { .. }
        | Command::Tenant(_)
        | Command::User(_)
        | Command::Mail(_)
        | Command::Setup(_)
        | Command::Import(_) => {}
    }
    let config = Config::load(&Sources::of_process(flags))
        .map_err(|errors| Failure::new(Exit::Usage, errors.to_string()))?;
    if let Command::Config { reference } = command {
        return Ok(commands::config(&config, reference, &mut out));
    }
    logging::init(&config.log).map_err(|error| Failure::caused(Exit::Failed, "the log", &error))?;
    match command {
        Command::Serve => {
            drop(out);
            serve::until_told_to_stop(&config)
        }
        Command::Migrate => migrate(&config, &mut out),
        Command::Tenant(command) => {
            with_database(&config, |wired| commands::tenant(wired, command, &mut out))
        }
        Command::User(command) => {
            with_database(&config, |wired| commands::user(wired, command, &mut out))
        }
        Command::Setup(asked) => with_database(&config, |wired| {
            commands::setup(wired, &config, asked, &mut out)
        }),
        Command::Mail(command) => {
            with_database(&config, |wired| commands::mail(wired, command, &mut out))
        }
        Command::Import(command) => {
            with_database(&config, |wired| commands::import(wired, command, &mut out))
        }
        Command::Version | Command::Openapi | Command::Config { .. } => Ok(Exit::Done),
    }
}

fn openapi(out: &mut dyn Write) -> Exit {
    match out.write_all(unionhall_http::openapi::document().as_bytes()) {
        Ok(()) => Exit::Done,
        Err(_) => Exit::Failed,
    }
}

fn migrate(config: &Config, out: &mut dyn Write) -> Result<Exit, Failure> {
    let database = CommandDatabase::open(config, &complain)?;
    backing::migrate(&database.urls, &complain)?;
    match writeln!(out, "The database is up to date.") {
        Ok(()) => Ok(Exit::Done),
        Err(_) => Ok(Exit::Failed),
    }
}

fn with_database(config: &Config, work: impl FnOnce(&Wired) -> Exit) -> Result<Exit, Failure> {
    let database = CommandDatabase::open(config, &complain)?;
    let wired = Wired::new(config, &database.urls.runtime)?;
    serve::check_migrations(&wired)?;
    let exit = work(&wired);
    // The connections close before the database does.
    drop(wired);
    drop(database);
    Ok(exit)
}

/// Tells a person something that is not the command's output.
#[expect(clippy::print_stderr, reason = "this is the command line speaking")]
fn complain(line: &str) {
    eprintln!("{line}");
}
