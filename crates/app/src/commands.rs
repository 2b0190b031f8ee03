//! The commands that do one thing and end: what they print, and what they leave with.
//!
//! What was asked for goes to standard output; what is said about it, and what went wrong with what to do,
//! goes to standard error.

pub(crate) mod accounts;
mod configuration;
mod console;
#[cfg(test)]
pub(crate) mod fixtures;
mod import;
mod mail;
mod passwords;
mod progress;
mod setup;
mod table;
pub(crate) mod tenants;
mod users;

use std::io::{self, IsTerminal, Write};

use crate::{
    cli::{ImportCommand, MailCommand, SetUp, TenantCommand, UserCommand},
    config::Config,
    exit::Exit,
    failure::Failure,
    wiring::Wired,
};
use console::Console;

/// `unionhall version`: name and version to `out`.
pub fn version(out: &mut dyn Write) -> Exit {
    at_terminal(out, |console| {
        console.print(concat!("unionhall ", env!("CARGO_PKG_VERSION"), "\n"))?;
        Ok(Exit::Done)
    })
}

/// `unionhall config`: every value with its origin, or with `reference` every key there is, to `out`.
pub fn config(config: &Config, reference: bool, out: &mut dyn Write) -> Exit {
    at_terminal(out, |console| {
        configuration::run(config, reference, console)
    })
}

/// `unionhall tenant …`: makes a tenant, lists them to `out`, or sets what one may use.
pub fn tenant(wired: &Wired, command: TenantCommand, out: &mut dyn Write) -> Exit {
    let Wired {
        application,
        hasher,
        ..
    } = wired;
    at_terminal(out, |console| match command {
        TenantCommand::Create(new) => tenants::create(application, &**hasher, new, console),
        TenantCommand::List => tenants::list(application, console),
        TenantCommand::Set(wanted) => tenants::set(application, wanted, console),
    })
}

/// `unionhall user …`: makes a user, lists them to `out`, or gives one a new password.
pub fn user(wired: &Wired, command: UserCommand, out: &mut dyn Write) -> Exit {
    let Wired {
        application,
        hasher,
        ..
    } = wired;
    at_terminal(out, |console| match command {
        UserCommand::Create(new) => users::create(application, &**hasher, new, console),
        UserCommand::List { tenant } => users::list(application, tenant.as_ref(), console),
        UserCommand::ResetPassword {
            email,
            password_stdin,
        } => users::reset_password(application, &**hasher, &email, password_stdin, console),
    })
}

/// `unionhall setup`: makes the first tenant and its owner, and tells to `out`.
pub fn setup(wired: &Wired, config: &Config, asked: SetUp, out: &mut dyn Write) -> Exit {
    at_terminal(out, |console| {
        setup::run(&wired.application, &*wired.hasher, config, asked, console)
    })
}

/// `unionhall mail …`: lists mail to `out`, or has it sent again.
pub fn mail(wired: &Wired, command: MailCommand, out: &mut dyn Write) -> Exit {
    at_terminal(out, |console| match command {
        MailCommand::List(asked) => mail::list(&wired.application, &asked, console),
        MailCommand::Retry(asked) => mail::retry(&wired.application, &asked, console),
    })
}

/// `unionhall import …`: brings records in and reports to `out`; bad rows go to standard error.
pub fn import(wired: &Wired, command: ImportCommand, out: &mut dyn Write) -> Exit {
    at_terminal(out, |console| {
        import::import(&wired.application, &*wired.clock, &command, console)
    })
}

/// Runs a command at the process's own input and error output, and tells there what went wrong.
fn at_terminal(
    out: &mut dyn Write,
    work: impl FnOnce(&mut Console<'_>) -> Result<Exit, Failure>,
) -> Exit {
    let stderr = io::stderr();
    let mut console = Console {
        out,
        watched: stderr.is_terminal(),
        err: &mut stderr.lock(),
        input: &mut io::stdin().lock(),
    };
    console.end(work)
}
