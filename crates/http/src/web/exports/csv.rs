//! A sheet as CSV (RFC 4180) in UTF-8.
//!
//! It begins with a byte order mark: without one, the spreadsheet program that most offices have takes UTF-8 for
//! something else. Texts that a program would take for formulas are marked as texts.

use std::{borrow::Cow, io};

use csv::{Terminator, WriterBuilder};
use unionhall_domain::sheets::guarded;

use super::sheet::Cell;

/// The byte order mark in UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// What was written and not been taken.
#[derive(Debug, Default)]
pub(super) struct Csv {
    bytes: Vec<u8>,
}

impl Csv {
    /// Writes the mark and the headings.
    pub(super) fn head<'a>(&mut self, headings: impl Iterator<Item = &'a str>) -> io::Result<()> {
        self.bytes.extend_from_slice(MARK);
        self.record(headings.map(|heading| heading.as_bytes().to_vec()))
    }

    /// Writes a row.
    pub(super) fn row(&mut self, cells: impl Iterator<Item = Cell>) -> io::Result<()> {
        self.record(cells.map(|cell| shown(&cell).as_bytes().to_vec()))
    }

    /// What was written since this was last asked.
    pub(super) fn taken(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }

    fn record(&mut self, cells: impl Iterator<Item = Vec<u8>>) -> io::Result<()> {
        let mut writer = WriterBuilder::new()
            .terminator(Terminator::CRLF)
            .from_writer(&mut self.bytes);
        writer.write_record(cells)?;
        writer.flush()
    }
}

fn shown(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Text(text) => guarded(text),
        Cell::Number(number) => Cow::Borrowed(number),
        Cell::Day(day) => Cow::Owned(day.to_string()),
        Cell::Instant(at) => Cow::Owned(at.to_string()),
        Cell::Flag(flag) => Cow::Borrowed(if *flag { "true" } else { "false" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_quoted_and_marked_and_numbers_stay_numbers() {
        let mut csv = Csv::default();
        csv.head(["a", "b", "c", "d"].into_iter()).unwrap();
        let cells = [
            Cell::Text("=cmd|'/c calc'!A1".to_owned()),
            Cell::Number("-2.50".to_owned()),
            Cell::Text("Zoë \"Z\"\nOhm, jr.".to_owned()),
            Cell::Flag(true),
        ];
        csv.row(cells.into_iter()).unwrap();
        let text = String::from_utf8(csv.taken()).unwrap();
        let expected =
            "\u{feff}a,b,c,d\r\n'=cmd|'/c calc'!A1,-2.50,\"Zoë \"\"Z\"\"\nOhm, jr.\",true\r\n";
        assert_eq!(text, expected);
        assert!(csv.taken().is_empty());
    }
}
