//! Writes case files: as a PDF that can be read, searched and printed, and as an archive of the same with JSON.
//!
//! The same file is written as the same bytes: there is no clock and no chance in here, and the fonts are shipped.
#![warn(missing_docs)]

mod archive;
mod fonts;
mod json;
mod pages;
mod pdf;
mod words;

use unionhall_domain::case_files::{CaseFile, CaseFileFormat};
use unionhall_ports::case_files::{CaseFileWriter, Unwritten};

/// Writes case files in either format.
#[derive(Debug, Clone, Copy, Default)]
pub struct CaseFiles;

impl CaseFileWriter for CaseFiles {
    fn write(&self, file: &CaseFile, format: CaseFileFormat) -> Result<Vec<u8>, Unwritten> {
        let pages = pdf::written(file)?;
        match format {
            CaseFileFormat::Pdf => Ok(pages),
            CaseFileFormat::Zip => archive::written(file, pages),
        }
    }
}
