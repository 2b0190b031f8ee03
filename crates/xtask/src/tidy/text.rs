//! Rules about files as text: their first line, their length, and words that must not be in them.

use crate::finding::Finding;
use crate::project::Source;

/// The longest file, in lines.
const LONGEST_FILE: usize = 500;

/// Files that a program writes: no one reads them from top to bottom.
const GENERATED: &[&str] = &["schema.rs"];

/// Words that must not appear, and what to do instead. They are put together here so that this file passes its own check.
const FORBIDDEN: &[(&str, &str)] = &[
    (concat!("TO", "DO"), "do it now, or open an issue"),
    (concat!("FIX", "ME"), "mend it now, or open an issue"),
    (
        concat!("/wo", "rk/"),
        "no path of one machine; write it relative to the repository",
    ),
    (
        concat!("/ro", "ot/"),
        "no path of one machine; write it relative to the repository",
    ),
    (
        concat!("/tm", "p/"),
        "no path of one machine; ask the tempfile crate for a folder",
    ),
    (
        concat!("crates", ".io"),
        "no registry's host; name the package and its client",
    ),
    (
        concat!("py", "pi.org"),
        "no registry's host; name the package and its client",
    ),
    (
        concat!("npm", "js.org"),
        "no registry's host; name the package and its client",
    ),
    (
        concat!("deb.", "debian.org"),
        "no registry's host; name the package and its client",
    ),
];

/// What is wrong with the text of `source`.
pub(super) fn findings(source: &Source) -> Vec<Finding> {
    let mut findings = forbidden_words(source);
    findings.extend(carriage_return(source));
    if source.has_ending("rs") {
        findings.extend(rust_file(source));
    }
    findings
}

fn forbidden_words(source: &Source) -> Vec<Finding> {
    source
        .lines()
        .flat_map(|(number, line)| {
            FORBIDDEN
                .iter()
                .filter(move |(word, _)| line.contains(word))
                .map(move |(word, advice)| {
                    Finding::at(&source.path, number, format!("`{word}`: {advice}"))
                })
        })
        .collect()
}

fn carriage_return(source: &Source) -> Option<Finding> {
    let before = source.text.split_once('\r')?.0;
    let line = before.matches('\n').count() + 1;
    Some(Finding::at(
        &source.path,
        line,
        "a carriage return; end lines with a line feed alone",
    ))
}

fn rust_file(source: &Source) -> Vec<Finding> {
    let name = source.path.file_name().and_then(|name| name.to_str());
    let name = name.unwrap_or_default();
    let lines = source.lines().count();
    let mut findings = Vec::new();
    let mut report = |advice: String| findings.push(Finding::in_file(&source.path, advice));
    if name == "mod.rs" {
        report("name the file after the module, beside the module's folder".to_owned());
    }
    if GENERATED.contains(&name) {
        return findings;
    }
    if !source.text.starts_with("//! ") {
        report("begin the file with a `//!` sentence that says what is here".to_owned());
    }
    if lines > LONGEST_FILE {
        report(format!(
            "{lines} lines; split it by what it does, at most {LONGEST_FILE} lines a file"
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advice(path: &str, text: &str) -> Vec<String> {
        let source = Source::new(path, text);
        findings(&source).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_file_without_a_first_sentence_is_found() {
        let found = advice("crates/a/src/lib.rs", "use std::fmt;\n");
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("begin the file with a `//!` sentence"));
        assert_eq!(
            advice("crates/a/src/lib.rs", "//! What is here.\n"),
            [""; 0]
        );
    }

    #[test]
    fn a_mod_rs_is_found() {
        let found = advice("crates/a/src/b/mod.rs", "//! B.\n");
        assert!(found[0].contains("name the file after the module"));
    }

    #[test]
    fn a_long_file_is_found_unless_it_is_generated() {
        let text = format!("//! Long.\n{}", "\n".repeat(LONGEST_FILE));
        assert!(advice("crates/a/src/b.rs", &text)[0].contains("501 lines"));
        assert_eq!(advice("crates/a/src/schema.rs", &text), [""; 0]);
    }

    #[test]
    fn every_forbidden_word_is_found_with_its_line() {
        for (word, _) in FORBIDDEN {
            let found = advice("docs/a.md", &format!("first\nsecond {word} line\n"));
            assert!(found[0].starts_with("docs/a.md:2: "), "{found:?}");
        }
    }

    #[test]
    fn a_carriage_return_is_found_with_its_line() {
        let found = advice("docs/a.md", "first\nsecond\r\nthird\r\n");
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("docs/a.md:2: "));
    }
}
