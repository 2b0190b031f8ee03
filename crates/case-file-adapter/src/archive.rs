//! The archive: the pages, each part as JSON, and a manifest with the SHA-256 of all of them.

use std::io::{Cursor, Write};

use unionhall_domain::case_files::CaseFile;
use unionhall_ports::case_files::Unwritten;
use zip::{CompressionMethod, DateTime, ZipWriter, result::ZipError, write::SimpleFileOptions};

use crate::json::{self, Part};

/// The archive of a case file whose pages are written.
pub(crate) fn written(file: &CaseFile, pages: Vec<u8>) -> Result<Vec<u8>, Unwritten> {
    let mut parts = vec![Part {
        name: "case-file.pdf".to_owned(),
        bytes: pages,
    }];
    parts.extend(json::parts(file));
    let manifest = Part {
        name: "manifest.json".to_owned(),
        bytes: json::manifest(file, &parts),
    };
    packed(&manifest, &parts).map_err(|error| Unwritten(error.into()))
}

fn packed(manifest: &Part, parts: &[Part]) -> Result<Vec<u8>, ZipError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // Neither compression, which another version could do otherwise, nor the time of writing: the same bytes each time.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    for part in [manifest].into_iter().chain(parts) {
        archive.start_file(part.name.as_str(), options)?;
        archive.write_all(&part.bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}
