//! The parts of a case file as JSON (RFC 8259), the same text each time.

use std::fmt::Write;

use sha2::{Digest, Sha256};
use unionhall_domain::case_files::{CaseFile, Section, SectionEntry};

/// A part of the archive: its name and its bytes.
pub(crate) struct Part {
    /// The name in the archive.
    pub(crate) name: String,
    /// The content.
    pub(crate) bytes: Vec<u8>,
}

impl Part {
    /// SHA-256 of the content, in hexadecimal.
    pub(crate) fn digest(&self) -> String {
        let digest = Sha256::digest(&self.bytes);
        let mut text = String::new();
        for byte in digest {
            // Writing into a string cannot fail.
            let _written = write!(text, "{byte:02x}");
        }
        text
    }
}

/// One JSON document for each section, in their order.
pub(crate) fn parts(file: &CaseFile) -> Vec<Part> {
    let part = |section: &Section| Part {
        name: format!("parts/{}.json", section.key),
        bytes: document(section).into_bytes(),
    };
    file.sections.iter().map(part).collect()
}

/// The manifest: of which case, as of when, and the SHA-256 of each part.
pub(crate) fn manifest(file: &CaseFile, parts: &[Part]) -> Vec<u8> {
    let listed: Vec<_> = parts
        .iter()
        .map(|part| {
            format!(
                "    {{\"name\": {}, \"bytes\": {}, \"sha256\": {}}}",
                text(&part.name),
                part.bytes.len(),
                text(&part.digest())
            )
        })
        .collect();
    format!(
        "{{\n  \"hall\": {},\n  \"grievance_number\": {},\n  \"made_at\": {},\n  \"parts\": [\n{}\n  ]\n}}\n",
        text(&file.hall),
        text(&file.number),
        text(&file.made_at),
        listed.join(",\n")
    )
    .into_bytes()
}

fn document(section: &Section) -> String {
    let entries: Vec<_> = section.entries.iter().map(entry).collect();
    let entries = if entries.is_empty() {
        "[]".to_owned()
    } else {
        format!("[\n{}\n  ]", entries.join(",\n"))
    };
    format!(
        "{{\n  \"section\": {},\n  \"heading\": {},\n  \"entries\": {entries}\n}}\n",
        text(section.key),
        text(section.heading)
    )
}

fn entry(entry: &SectionEntry) -> String {
    let facts: Vec<_> = entry
        .facts
        .iter()
        .map(|(name, value)| format!("{}: {}", text(name), text(value)))
        .collect();
    format!(
        "    {{\"title\": {}, \"facts\": {{{}}}}}",
        text(&entry.title),
        facts.join(", ")
    )
}

/// A string with everything escaped that JSON wants escaped.
fn text(value: &str) -> String {
    let mut quoted = String::from("\"");
    for character in value.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            character if character < ' ' => {
                // Writing into a string cannot fail.
                let _written = write!(quoted, "\\u{:04x}", u32::from(character));
            }
            character => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}
