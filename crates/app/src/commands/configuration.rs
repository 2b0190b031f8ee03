//! `unionhall config`: the effective configuration, and what production would refuse of it.

use super::console::Console;
use crate::{
    config::{Config, reference_table, render},
    exit::Exit,
    failure::Failure,
};

/// Prints every value with its origin, or with `reference` every key there is.
pub(super) fn run(
    config: &Config,
    reference: bool,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    if reference {
        console.print(&reference_table())?;
        return Ok(Exit::Done);
    }
    if let Some(file) = config.file() {
        console.say(&format!("read from {}", file.display()));
    }
    console.print(&render(&config.explain()))?;
    let refusals = config.check_production();
    if refusals.is_empty() {
        return Ok(Exit::Done);
    }
    let listed: String = refusals
        .iter()
        .map(|refusal| format!("\n  - {refusal}"))
        .collect();
    Err(Failure::new(
        Exit::Usage,
        format!("production refuses to start with this:{listed}"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        commands::console,
        config::{Flags, Sources, Variables},
    };

    fn config(environment: &str) -> Config {
        let flags = Flags {
            environment: Some(environment.to_owned()),
            ..Flags::default()
        };
        Config::load(&Sources {
            flags,
            variables: Variables::default(),
            working_directory: "/nowhere".into(),
        })
        .unwrap()
    }

    #[test]
    fn a_laptop_needs_nothing_configured() {
        let config = config("development");
        let said = console::run("", |console| run(&config, false, console));
        assert_eq!((said.exit, said.err.as_str()), (Exit::Done, ""));
        assert!(said.out.contains("listen"));
    }

    #[test]
    fn what_production_refuses_is_listed_after_the_values() {
        let config = config("production");
        let said = console::run("", |console| run(&config, false, console));
        assert_eq!(said.exit, Exit::Usage);
        assert!(said.out.contains("listen"));
        assert!(said.err.contains("\n  - signing_keys: "), "{}", said.err);
    }

    #[test]
    fn the_reference_is_printed_whatever_is_configured() {
        let config = config("production");
        let said = console::run("", |console| run(&config, true, console));
        assert_eq!(said.exit, Exit::Done);
        assert!(said.out.starts_with("| key |"));
    }
}
