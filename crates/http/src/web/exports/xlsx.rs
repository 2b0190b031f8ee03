//! A sheet as a workbook (ECMA-376 SpreadsheetML in a ZIP file), written from front to back.
//!
//! Nothing of it is ever gone back to, so it needs neither a file on disk nor memory for more than the rows at hand.
//! Texts are inline strings, which no program takes for formulas; days and instants are what spreadsheets count
//! time in: days since the last day of 1899, instants in UTC.

use std::{
    fmt::Write as _,
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use jiff::{Timestamp, Unit, civil::Date, tz::TimeZone};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions, write::StreamWriter};

use super::sheet::Cell;

/// The most characters that a cell may hold, counted as UTF-16 counts them: a program refuses a file with more.
const LONGEST_TEXT: usize = 32_767;
/// How a text ends that is longer than a cell may hold.
const CUT: &str = " […cut: this is more than a cell can hold; the CSV file has all of it]";

/// The parts that are the same in every workbook.
const PARTS: [(&str, &str); 5] = [
    (
        "[Content_Types].xml",
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>"#,
    ),
    (
        "_rels/.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Export" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#,
    ),
    (
        // The styles are known by their place: 0 plain, 1 day, 2 instant, 3 heading, 4 text.
        "xl/styles.xml",
        r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>"#,
    ),
];
const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
/// The sheet up to its rows; the headings stay in sight.
const BEGINNING: &str = r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>"#;
const ENDING: &str = "</sheetData></worksheet>";

/// A workbook under way.
pub(super) struct Xlsx {
    zip: Option<ZipWriter<StreamWriter<Written>>>,
    written: Written,
    xml: String,
}

/// What was written and not been taken, shared with the writer of the ZIP file.
#[derive(Debug, Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        written.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Xlsx {
    /// An empty workbook.
    pub(super) fn new() -> Self {
        let written = Written::default();
        Self {
            zip: Some(ZipWriter::new_stream(written.clone())),
            written,
            xml: String::new(),
        }
    }

    /// Writes every part but the sheet, and the sheet up to its first row: the headings.
    pub(super) fn head<'a>(&mut self, headings: impl Iterator<Item = &'a str>) -> io::Result<()> {
        for (name, content) in PARTS {
            self.part(name)?;
            self.put(&[DECLARATION, content])?;
        }
        self.part("xl/worksheets/sheet1.xml")?;
        self.put(&[DECLARATION, BEGINNING])?;
        self.xml.push_str("<row>");
        for heading in headings {
            string(&mut self.xml, heading, 3);
        }
        self.end_row()
    }

    /// Writes a row.
    pub(super) fn row(&mut self, cells: impl Iterator<Item = Cell>) -> io::Result<()> {
        self.xml.push_str("<row>");
        for cell in cells {
            put_cell(&mut self.xml, &cell);
        }
        self.end_row()
    }

    /// Writes the end of the sheet and of the file.
    pub(super) fn foot(&mut self) -> io::Result<()> {
        self.put(&[ENDING])?;
        if let Some(zip) = self.zip.take() {
            zip.finish()?;
        }
        Ok(())
    }

    /// What was written since this was last asked.
    pub(super) fn taken(&mut self) -> Vec<u8> {
        let mut written = self
            .written
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *written)
    }

    fn zip(&mut self) -> io::Result<&mut ZipWriter<StreamWriter<Written>>> {
        self.zip
            .as_mut()
            .ok_or_else(|| io::Error::other("the workbook has ended"))
    }

    fn part(&mut self, name: &str) -> io::Result<()> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        Ok(self.zip()?.start_file(name, options)?)
    }

    fn put(&mut self, texts: &[&str]) -> io::Result<()> {
        let zip = self.zip()?;
        texts
            .iter()
            .try_for_each(|text| zip.write_all(text.as_bytes()))
    }

    fn end_row(&mut self) -> io::Result<()> {
        self.xml.push_str("</row>");
        let row = std::mem::take(&mut self.xml);
        self.put(&[&row])?;
        // The room is kept for the next row.
        self.xml = row;
        self.xml.clear();
        Ok(())
    }
}

fn put_cell(xml: &mut String, cell: &Cell) {
    match cell {
        Cell::Empty => xml.push_str("<c/>"),
        Cell::Text(text) => string(xml, text, 4),
        Cell::Number(number) => value(xml, number, 0),
        Cell::Day(day) => match days(*day) {
            Some(days) => value(xml, days, 1),
            None => string(xml, &day.to_string(), 4),
        },
        Cell::Instant(at) => match days_and_time(*at) {
            Some(days) => value(xml, days, 2),
            None => string(xml, &at.to_string(), 4),
        },
        Cell::Flag(flag) => {
            let shown = u8::from(*flag);
            put(xml, format_args!("<c t=\"b\"><v>{shown}</v></c>"));
        }
    }
}

fn value(xml: &mut String, shown: impl std::fmt::Display, style: u8) {
    put(xml, format_args!("<c s=\"{style}\"><v>{shown}</v></c>"));
}

fn string(xml: &mut String, text: &str, style: u8) {
    put(
        xml,
        format_args!("<c s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">"),
    );
    let (shown, mark) = fitting(text);
    for character in shown.chars().chain(mark.chars()) {
        match character {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            // A bare carriage return is read as a line break (XML 1.0 §2.11).
            '\r' => xml.push_str("&#13;"),
            // XML has no other characters of control (§2.2).
            other if other.is_control() && !matches!(other, '\t' | '\n') => xml.push('\u{fffd}'),
            '\u{fffe}' | '\u{ffff}' => xml.push('\u{fffd}'),
            other => xml.push(other),
        }
    }
    xml.push_str("</t></is></c>");
}

/// As much of a text as a cell holds, and what says so when that is not all of it.
fn fitting(text: &str) -> (&str, &'static str) {
    if text.encode_utf16().count() <= LONGEST_TEXT {
        return (text, "");
    }
    let mut room = LONGEST_TEXT.saturating_sub(CUT.encode_utf16().count());
    let end = text.char_indices().find_map(|(place, character)| {
        match room.checked_sub(character.len_utf16()) {
            Some(left) => {
                room = left;
                None
            }
            None => Some(place),
        }
    });
    (end.and_then(|end| text.get(..end)).unwrap_or(text), CUT)
}

fn put(xml: &mut String, text: std::fmt::Arguments<'_>) {
    // A text takes whatever is written to it.
    let _never_fails = xml.write_fmt(text);
}

/// The days from the last day of 1899; spreadsheets count from there, and right from March 1900 on.
fn days(day: Date) -> Option<i32> {
    let counted = day
        .since((Unit::Day, jiff::civil::date(1899, 12, 30)))
        .ok()?;
    (day >= jiff::civil::date(1900, 3, 1)).then(|| counted.get_days())
}

/// The days and the part of the day that has passed, in UTC.
fn days_and_time(at: Timestamp) -> Option<String> {
    let utc = at.to_zoned(TimeZone::UTC);
    let whole = days(utc.date())?;
    let time = utc.time();
    let seconds =
        i32::from(time.hour()) * 3_600 + i32::from(time.minute()) * 60 + i32::from(time.second());
    Some(format!(
        "{:.6}",
        f64::from(whole) + f64::from(seconds) / 86_400.0
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_instants_are_counted_as_spreadsheets_count_them() {
        assert_eq!(days(jiff::civil::date(2026, 11, 21)), Some(46_347));
        assert_eq!(days(jiff::civil::date(1899, 12, 30)), None);
        let noon: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        assert_eq!(days_and_time(noon).as_deref(), Some("46347.500000"));
    }

    #[test]
    fn a_text_is_a_string_whatever_it_looks_like_and_never_breaks_the_file() {
        let mut xml = String::new();
        put_cell(&mut xml, &Cell::Text("=1<2&\u{7}".to_owned()));
        let expected = "<c s=\"4\" t=\"inlineStr\"><is><t xml:space=\"preserve\">=1&lt;2&amp;\u{fffd}</t></is></c>";
        assert_eq!(xml, expected);
    }

    #[test]
    fn a_text_that_a_cell_cannot_hold_says_at_its_end_that_it_was_cut() {
        let units = |(shown, mark): (&str, &str)| {
            shown.encode_utf16().count() + mark.encode_utf16().count()
        };
        for text in ["a".repeat(32_767), "🔌".repeat(16_383), String::new()] {
            assert_eq!(fitting(&text), (text.as_str(), ""));
        }
        for text in [
            "a".repeat(32_768),
            "🔌".repeat(16_384),
            format!("a{}", "🔌".repeat(20_000)),
        ] {
            let (shown, mark) = fitting(&text);
            assert_eq!(mark, CUT);
            assert!(text.starts_with(shown));
            assert!((32_766..=LONGEST_TEXT).contains(&units((shown, mark))));
        }
        let mut xml = String::new();
        put_cell(&mut xml, &Cell::Text("a".repeat(40_000)));
        assert!(xml.contains("aa […cut"), "{}", xml.len());
    }

    #[test]
    fn a_workbook_that_has_ended_takes_no_more() {
        let mut workbook = Xlsx::new();
        workbook.head(["a"].into_iter()).unwrap();
        workbook.foot().unwrap();
        assert!(workbook.taken().starts_with(b"PK"));
        assert!(workbook.row([Cell::Empty].into_iter()).is_err());
    }
}
