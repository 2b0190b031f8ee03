//! The command line of the project's own tool: `cargo xtask codegen [--check]`, `cargo xtask feature NAME` and
//! `cargo xtask common-passwords SOURCE`.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use xtask::codegen;
use xtask::common_passwords;
use xtask::features;
use xtask::project::{Project, root};

const USAGE: &str = "\
cargo xtask codegen           write the generated parts of the documents
cargo xtask codegen --check   fail when a generated part is out of date
cargo xtask feature NAME      list the files of a feature, in reading order
cargo xtask common-passwords SOURCE
                              write the shipped list of passwords that nobody may choose
";

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["codegen"] => generate(),
        ["codegen", "--check"] => check(),
        ["feature", name] => feature(name),
        ["common-passwords", source] => common_passwords::write(Path::new(source))
            .and_then(|count| say(&format!("wrote {count} passwords"))),
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // Nothing is left to do when even the error cannot be written.
            drop(writeln!(io::stderr(), "{message}"));
            ExitCode::FAILURE
        }
    }
}

fn generate() -> Result<(), String> {
    for document in codegen::outdated(&load()?, codegen::BLOCKS)? {
        fs::write(root().join(&document.path), &document.text)
            .map_err(|error| error.to_string())?;
        say(&format!("wrote {}", document.path.display()))?;
    }
    Ok(())
}

fn check() -> Result<(), String> {
    let outdated = codegen::outdated(&load()?, codegen::BLOCKS)?;
    for document in &outdated {
        say(&format!("out of date: {}", document.path.display()))?;
    }
    if outdated.is_empty() {
        Ok(())
    } else {
        Err("run `cargo xtask codegen`".to_owned())
    }
}

fn feature(name: &str) -> Result<(), String> {
    let files = features::files(&load()?, name);
    for file in &files {
        say(&file.display().to_string())?;
    }
    if files.is_empty() {
        Err(format!(
            "no file is named `{name}`; the features are {:?}",
            features::FEATURES
        ))
    } else {
        Ok(())
    }
}

fn load() -> Result<Project, String> {
    Project::load().map_err(|error| format!("cannot read the repository: {error}"))
}

fn say(line: &str) -> Result<(), String> {
    writeln!(io::stdout(), "{line}").map_err(|error| error.to_string())
}
