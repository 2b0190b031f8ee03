//! The first reading of a file: its encoding, its delimiter and its length.

use std::io::{self, Cursor, Read};

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::{
    ImportError, ImportPhase, ImportProgress, Sheet, failed,
    text::{Fault, Text, explained},
};

/// How much of the text the delimiter is told from, in bytes: far more than any row of headings.
const HEAD: u64 = 64 * 1024;
/// After how many pieces of reading the progress is told.
const PIECES: u32 = 64;
/// The delimiters that are known; the first wins when nothing speaks for another.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];
/// How files begin that are no CSV, and what they are.
const KINDS: [(&[u8], &str); 4] = [
    (b"PK\x03\x04", "an Excel workbook or another zip archive"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook of the old kind"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a rich text document"),
];

/// How a file is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Format {
    /// How bytes stand for characters.
    pub(super) encoding: &'static Encoding,
    /// What parts the cells of a row: one ASCII character.
    pub(super) delimiter: u8,
    /// How long the file is.
    pub(super) bytes: u64,
}

/// Finds out how a file is written, by reading all of it; `known` tells whether a heading means something.
pub(super) fn survey(
    sheet: &dyn Sheet,
    progress: &dyn Fn(ImportProgress),
    known: &dyn Fn(&str) -> bool,
) -> Result<Format, ImportError> {
    let mut start = Vec::new();
    let mut raw = sheet.open().map_err(failed)?;
    raw.by_ref()
        .take(8)
        .read_to_end(&mut start)
        .map_err(failed)?;
    if start.is_empty() {
        return Err(ImportError::Unreadable("it is empty".to_owned()));
    }
    if let Some((_, kind)) = KINDS.iter().find(|(magic, _)| start.starts_with(magic)) {
        return Err(ImportError::Unreadable(format!(
            "it is {kind}; save the sheet as CSV (UTF-8)"
        )));
    }
    let marked = Encoding::for_bom(&start).map(|(encoding, _)| encoding);
    let whole = Box::new(Cursor::new(start).chain(raw));
    let text = Text::new(whole, marked.unwrap_or(UTF_8));
    let (encoding, bytes) = match length(text, progress) {
        Ok(bytes) => (marked.unwrap_or(UTF_8), bytes),
        Err(error) if marked.is_none() && Fault::of(&error) == Some(Fault::Malformed) => {
            // Spreadsheets of the western world write this when they do not write UTF-8, and every
            // byte means something in it.
            let raw = sheet.open().map_err(failed)?;
            let text = Text::new(raw, WINDOWS_1252);
            (WINDOWS_1252, length(text, progress).map_err(explained)?)
        }
        Err(error) => return Err(explained(error)),
    };
    Ok(Format {
        encoding,
        delimiter: delimiter(sheet, encoding, known)?,
        bytes,
    })
}

/// Reads a text to its end and tells its length in bytes.
fn length(mut text: Text, progress: &dyn Fn(ImportProgress)) -> io::Result<u64> {
    let gauge = text.gauge();
    let tell = |bytes_total| {
        progress(ImportProgress {
            phase: ImportPhase::Reading,
            rows: 0,
            bytes: gauge.bytes(),
            bytes_total,
        });
    };
    let mut buffer = vec![0; 16 * 1024];
    let mut pieces: u32 = 0;
    loop {
        // Rows are not told apart yet, so none is too long.
        gauge.begin_row();
        if text.read(&mut buffer)? == 0 {
            break;
        }
        pieces = pieces.wrapping_add(1);
        if pieces.is_multiple_of(PIECES) {
            tell(None);
        }
    }
    tell(Some(gauge.bytes()));
    Ok(gauge.bytes())
}

/// The delimiter that makes the most known headings of the first row.
fn delimiter(
    sheet: &dyn Sheet,
    encoding: &'static Encoding,
    known: &dyn Fn(&str) -> bool,
) -> Result<u8, ImportError> {
    let raw = sheet.open().map_err(failed)?;
    let mut head = Vec::new();
    Text::new(raw, encoding)
        .take(HEAD)
        .read_to_end(&mut head)
        .map_err(explained)?;
    let understood = |delimiter: u8| {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(head.as_slice());
        let mut first = csv::ByteRecord::new();
        // What cannot be read has no headings; the next reading says why.
        let _ = reader.read_byte_record(&mut first);
        first
            .iter()
            .filter(|cell| known(&String::from_utf8_lossy(cell)))
            .count()
    };
    let mut best = (b',', 0);
    for delimiter in DELIMITERS {
        let count = understood(delimiter);
        if count > best.1 {
            best = (delimiter, count);
        }
    }
    Ok(best.0)
}
