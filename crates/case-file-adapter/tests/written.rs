//! What is written can be read again: by a parser of PDFs, and by whoever opens the archive.
#![expect(
    clippy::unwrap_used,
    reason = "what a test's helpers cannot do, the test cannot do either"
)]

use std::io::{Cursor, Read};

use sha2::{Digest, Sha256};
use unionhall_case_file_adapter::CaseFiles;
use unionhall_domain::case_files::{CaseFile, CaseFileFormat, Section, SectionEntry};
use unionhall_ports::case_files::CaseFileWriter;
use zip::ZipArchive;

fn entry(title: &str, facts: &[(&'static str, &str)]) -> SectionEntry {
    let fact = |(name, value): &(&'static str, &str)| (*name, (*value).to_owned());
    SectionEntry {
        title: title.to_owned(),
        facts: facts.iter().map(fact).collect(),
    }
}

fn file(entries: usize) -> CaseFile {
    let long = "Überstunden wurden nach Gunst vergeben, nicht nach der Liste. ".repeat(12);
    let log = (0..entries)
        .map(|place| entry(&format!("Contact {place}"), &[("said", long.as_str())]))
        .collect();
    CaseFile {
        hall: "Local 46 — Zażółć gęślą jaźń".to_owned(),
        number: "GR-2026-0007".to_owned(),
        made_at: "2026-11-21T08:00:00Z".to_owned(),
        sections: vec![
            Section {
                key: "grievance",
                heading: "The grievance",
                entries: vec![entry(
                    "Grievance GR-2026-0007",
                    &[("violation_description", "No list.\nSaid \"no\".")],
                )],
            },
            Section {
                key: "representation_log",
                heading: "Contacts with the member, and decisions",
                entries: log,
            },
            Section {
                key: "documents",
                heading: "Documents",
                entries: Vec::new(),
            },
        ],
    }
}

fn written(file: &CaseFile, format: CaseFileFormat) -> Vec<u8> {
    CaseFiles.write(file, format).unwrap()
}

fn read(bytes: &[u8]) -> (usize, String) {
    let document = lopdf::Document::load_mem(bytes).unwrap();
    let pages: Vec<_> = document.get_pages().into_keys().collect();
    (pages.len(), document.extract_text(&pages).unwrap())
}

#[test]
fn the_pages_hold_real_text_in_every_letter_and_say_which_they_are() {
    let (count, text) = read(&written(&file(1), CaseFileFormat::Pdf));
    assert_eq!(count, 1);
    for words in [
        "Local 46 — Zażółć gęślą jaźń",
        "Case file of grievance GR-2026-0007",
        "Überstunden wurden nach Gunst",
        "Said \"no\".",
        "Nothing is on record.",
        "page 1 of 1",
    ] {
        assert!(text.contains(words), "{words} is not in: {text}");
    }
}

#[test]
fn a_long_case_goes_over_as_many_pages_as_it_needs_and_loses_nothing() {
    let (count, text) = read(&written(&file(60), CaseFileFormat::Pdf));
    assert!(count > 10, "{count}");
    for place in 0..60 {
        assert!(text.contains(&format!("Contact {place}")), "{place}");
    }
    assert!(text.contains(&format!("page {count} of {count}")));
}

#[test]
fn the_pages_say_that_they_are_for_the_archive_and_can_be_read_aloud() {
    let bytes = written(&file(1), CaseFileFormat::Pdf);
    let metadata = String::from_utf8_lossy(&bytes);
    for claim in [
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "Case file of grievance GR-2026-0007",
    ] {
        assert!(metadata.contains(claim), "{claim} is not claimed");
    }
}

#[test]
fn whatever_was_written_down_can_be_printed() {
    let mut file = file(0);
    let strange = "漢字 العربية עברית \u{1f600} e\u{301} \u{200b}\u{200d}\u{202e}\u{ad}\u{feff} \u{7}\u{0} \u{e000} \u{10ffff} ﬁ ½ \t|\r\n\n-";
    file.hall = strange.to_owned();
    let said = entry(strange, &[("said", strange), ("sent", "")]);
    let letters = "|a漢字ɓɗɛɔʋʔɬʷ⅓⅛⅜ﬁﬂ½z|";
    file.sections[1].entries.extend([said, entry(letters, &[])]);
    let (_, text) = read(&written(&file, CaseFileFormat::Pdf));
    let printed = "|a\u{fffd}\u{fffd}ɓɗɛɔʋʔɬʷ⅓⅛⅜ﬁﬂ½z|";
    assert!(text.contains(printed), "{text}");
}

#[test]
fn a_word_that_is_wider_than_a_page_is_broken() {
    let mut file = file(0);
    file.hall = "x".repeat(500);
    let (_, text) = read(&written(&file, CaseFileFormat::Pdf));
    assert_eq!(text.matches('x').count(), 500);
}

#[test]
fn the_same_file_is_written_as_the_same_bytes() {
    for format in CaseFileFormat::ALL {
        assert_eq!(written(&file(3), format), written(&file(3), format));
    }
}

#[test]
fn the_archive_holds_the_pages_and_each_part_with_the_digest_that_the_manifest_names() {
    let bytes = written(&file(2), CaseFileFormat::Zip);
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut part = |name: &str| {
        let mut bytes = Vec::new();
        archive
            .by_name(name)
            .unwrap()
            .read_to_end(&mut bytes)
            .unwrap();
        bytes
    };
    let manifest: serde_json::Value = serde_json::from_slice(&part("manifest.json")).unwrap();
    assert_eq!(manifest["grievance_number"], "GR-2026-0007");
    let parts = manifest["parts"].as_array().unwrap();
    assert_eq!(parts.len(), 4);
    for named in parts {
        let bytes = part(named["name"].as_str().unwrap());
        let digest: String = Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(named["sha256"], digest);
    }
    let grievance: serde_json::Value =
        serde_json::from_slice(&part("parts/grievance.json")).unwrap();
    let facts = &grievance["entries"][0]["facts"];
    assert_eq!(facts["violation_description"], "No list.\nSaid \"no\".");
    let (_, text) = read(&part("case-file.pdf"));
    let digest = parts[1]["sha256"].as_str().unwrap();
    assert!(
        text.contains(digest),
        "the pages name the digest of each part"
    );
}
