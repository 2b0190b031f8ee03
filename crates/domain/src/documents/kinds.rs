//! The kinds of files that are taken: what they are called, how they begin, and what they are said to be.

use super::FileName;
use crate::invalid::Invalid;

/// How many bytes of the beginning of a file tell what it is.
pub const HEAD: usize = 4_096;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is what it is called")]
pub enum FileKind {
    Pdf,
    Doc,
    Docx,
    Xls,
    Xlsx,
    Jpeg,
    Png,
    Gif,
    Text,
    Csv,
    Json,
}

/// What the compound files of older office programs begin with ([MS-CFB] §2.2).
const COMPOUND: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/// What an archive with something in it begins with (APPNOTE.TXT §4.3.7); newer office files are such archives.
const ARCHIVE: &[u8] = b"PK\x03\x04";

impl FileKind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Pdf,
        Self::Doc,
        Self::Docx,
        Self::Xls,
        Self::Xlsx,
        Self::Jpeg,
        Self::Png,
        Self::Gif,
        Self::Text,
        Self::Csv,
        Self::Json,
    ];

    /// How names of such files end, in keys.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Doc => "doc",
            Self::Docx => "docx",
            Self::Xls => "xls",
            Self::Xlsx => "xlsx",
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::Text => "txt",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// Its media type (the registry of IANA).
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Doc => "application/msword",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xls => "application/vnd.ms-excel",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Text => "text/plain",
            Self::Csv => "text/csv",
            Self::Json => "application/json",
        }
    }

    /// The kind that a name ends with.
    ///
    /// # Errors
    /// `file_type_not_taken`, with the endings that are.
    pub fn of(name: &FileName) -> Result<Self, Invalid> {
        let (_, extension) = name.split();
        let found = match extension.as_str() {
            "jpeg" => Some(Self::Jpeg),
            other => {
                let mut kinds = Self::ALL.into_iter();
                kinds.find(|kind| kind.extension() == other)
            }
        };
        found.ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|kind| kind.extension()).collect();
            let detail = format!("must end with one of .{}", names.join(", ."));
            Invalid::new("file_type_not_taken", detail)
        })
    }

    /// The kind with this media type.
    ///
    /// # Errors
    /// `unknown_value`, with the types there are.
    pub fn parse(media_type: &str) -> Result<Self, Invalid> {
        crate::text::one_of(media_type, &Self::ALL, Self::media_type)
    }

    /// Whether somebody who sends such a file may say that it is this. Some say nothing that means anything, and some
    /// systems take every table for a spreadsheet.
    pub fn may_be_called(self, media_type: &str) -> bool {
        let essence = media_type.split(';').next().unwrap_or_default();
        let essence = essence.trim().to_ascii_lowercase();
        let also: &[&str] = match self {
            Self::Csv => &["application/vnd.ms-excel", "text/plain", "application/csv"],
            Self::Json => &["text/json", "text/plain"],
            Self::Jpeg => &["image/jpg", "image/pjpeg"],
            Self::Pdf
            | Self::Doc
            | Self::Docx
            | Self::Xls
            | Self::Xlsx
            | Self::Png
            | Self::Gif
            | Self::Text => &[],
        };
        essence.is_empty()
            || essence == "application/octet-stream"
            || essence == self.media_type()
            || also.contains(&essence.as_str())
    }

    /// Whether a file that begins like this is one: `head` is its first [`HEAD`] bytes, or all of it.
    pub fn fits(self, head: &[u8]) -> bool {
        match self {
            Self::Pdf => within(head, b"%PDF-", 1_024),
            Self::Doc | Self::Xls => head.starts_with(COMPOUND),
            Self::Docx => head.starts_with(ARCHIVE) && office(head, b"word/"),
            Self::Xlsx => head.starts_with(ARCHIVE) && office(head, b"xl/"),
            Self::Jpeg => head.starts_with(&[0xff, 0xd8, 0xff]),
            Self::Png => head.starts_with(b"\x89PNG\r\n\x1a\n"),
            Self::Gif => head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a"),
            Self::Text | Self::Csv => is_text(head),
            Self::Json => is_text(head) && begins_a_value(head),
        }
    }
}

/// Whether these bytes begin within the first so many: some programs put something before it.
fn within(head: &[u8], wanted: &[u8], first: usize) -> bool {
    let places = head.windows(wanted.len()).take(first);
    places.into_iter().any(|place| place == wanted)
}

/// Whether an archive begins as an office file does: with the list of its parts, or with one of them.
fn office(head: &[u8], folder: &[u8]) -> bool {
    let named = [&b"[Content_Types].xml"[..], b"_rels/", b"docProps/", folder];
    // The name of the first part stands behind 30 bytes of other things.
    let first = head.get(30..).unwrap_or_default();
    named.iter().any(|name| first.starts_with(name))
}

/// Whether it is text of any encoding in use and no file of another kind that we know.
fn is_text(head: &[u8]) -> bool {
    let wide = head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]);
    let others: [&[u8]; 8] = [
        ARCHIVE,
        COMPOUND,
        b"\x7fELF",
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"%PDF-",
        b"GIF8",
        b"{\\rtf",
    ];
    let known = others.iter().any(|one| head.starts_with(one));
    !known && (wide || !head.contains(&0))
}

/// Whether the first character that counts can begin a value (RFC 8259 §3).
fn begins_a_value(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let first = head.trim_ascii_start().first();
    first.is_some_and(|byte| b"{[\"-0123456789tfn".contains(byte))
}
