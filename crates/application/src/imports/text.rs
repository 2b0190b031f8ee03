//! The text of a file as a stream: decoded, with one kind of line break, and with an end that shows.

use std::{
    cell::Cell,
    io::{self, Cursor, Read},
    rc::Rc,
};

use encoding_rs::{Decoder, DecoderResult, Encoding};

use super::{ImportError, failed};

/// How much of the file is decoded at once, in bytes.
const CHUNK: usize = 16 * 1024;
/// The longest row, in bytes; only a quote that is never closed makes a longer one.
const LONGEST_ROW: usize = 1024 * 1024;
/// What the stream adds as its last line. If it does not come out as a row of its own, a quote was left
/// open. No file has it: it is refused like every sign of a binary file.
pub(super) const END: char = '\u{3}';

/// What is wrong with a file as a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    /// Bytes that the encoding does not have.
    #[error("it is not written in the encoding that its first bytes announce")]
    Malformed,
    /// Bytes that no text has.
    #[error(
        "it is no text: it holds bytes that only binary files have; save the sheet as CSV (UTF-8)"
    )]
    Binary,
    /// A row without end.
    #[error("a row is longer than 1 MiB; perhaps a quote is never closed")]
    RowTooLong,
}

impl Fault {
    /// The fault that a reader reported, if it was one.
    pub(super) fn of(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }
}

/// Counts what a [`Text`] has read, and is watched from outside while a CSV reader owns the text.
#[derive(Debug, Default)]
pub(super) struct Gauge {
    bytes: Cell<u64>,
    row: Cell<usize>,
}

impl Gauge {
    /// How many bytes of the file have been read.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes.get()
    }

    /// A new row begins.
    pub(super) fn begin_row(&self) {
        self.row.set(0);
    }

    fn add_bytes(&self, count: usize) {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        self.bytes.set(self.bytes.get().saturating_add(count));
    }

    fn add_to_row(&self, count: usize) -> io::Result<()> {
        self.row.set(self.row.get().saturating_add(count));
        if self.row.get() > LONGEST_ROW {
            return Err(io::Error::other(Fault::RowTooLong));
        }
        Ok(())
    }
}

/// A file as UTF-8 with `\n` at the end of every line, and [`END`] as its last line.
pub(super) struct Text {
    raw: Box<dyn Read>,
    decoder: Decoder,
    chunk: Vec<u8>,
    decoded: String,
    ready: Cursor<Vec<u8>>,
    last: char,
    finished: bool,
    gauge: Rc<Gauge>,
}

impl Text {
    /// The text of `raw`, which is written in `encoding`, perhaps with a byte-order mark.
    pub(super) fn new(raw: Box<dyn Read>, encoding: &'static Encoding) -> Self {
        Self {
            raw,
            decoder: encoding.new_decoder_with_bom_removal(),
            chunk: vec![0; CHUNK],
            decoded: String::new(),
            ready: Cursor::default(),
            last: '\n',
            finished: false,
            gauge: Rc::default(),
        }
    }

    /// What counts along.
    pub(super) fn gauge(&self) -> Rc<Gauge> {
        Rc::clone(&self.gauge)
    }

    /// Decodes the next piece of the file.
    fn refill(&mut self) -> io::Result<()> {
        let count = self.raw.read(&mut self.chunk)?;
        self.gauge.add_bytes(count);
        let source = self.chunk.get(..count).unwrap_or_default();
        let room = self
            .decoder
            .max_utf8_buffer_length_without_replacement(count)
            .unwrap_or(CHUNK * 4);
        self.decoded.clear();
        self.decoded.reserve(room);
        let (result, _) = self.decoder.decode_to_string_without_replacement(
            source,
            &mut self.decoded,
            count == 0,
        );
        match result {
            DecoderResult::InputEmpty => {}
            DecoderResult::OutputFull => return Err(io::Error::other("the decoder lacks room")),
            DecoderResult::Malformed(..) => return Err(io::Error::other(Fault::Malformed)),
        }
        if self.decoded.contains(['\0', END]) {
            return Err(io::Error::other(Fault::Binary));
        }
        self.finished = count == 0;
        self.break_lines();
        Ok(())
    }

    /// Makes every line break `\n`, whatever system the file comes from, and marks the end.
    fn break_lines(&mut self) {
        let mut ready = std::mem::take(&mut self.ready).into_inner();
        ready.clear();
        let mut after_return = self.last == '\r';
        for piece in self.decoded.split_inclusive('\r') {
            // What follows a carriage return is the rest of the same line break.
            let piece = match piece.strip_prefix('\n') {
                Some(rest) if after_return => rest,
                Some(_) | None => piece,
            };
            let line = piece.strip_suffix('\r');
            ready.extend_from_slice(line.unwrap_or(piece).as_bytes());
            if line.is_some() {
                ready.push(b'\n');
            }
            after_return = line.is_some();
        }
        self.last = self.decoded.chars().next_back().unwrap_or(self.last);
        if self.finished {
            if !matches!(self.last, '\r' | '\n') {
                ready.push(b'\n');
            }
            ready.extend_from_slice(END.encode_utf8(&mut [0; 4]).as_bytes());
        }
        self.ready = Cursor::new(ready);
    }
}

impl Read for Text {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let count = self.ready.read(buffer)?;
            if count > 0 {
                self.gauge.add_to_row(count)?;
                return Ok(count);
            }
            if self.finished || buffer.is_empty() {
                return Ok(0);
            }
            self.refill()?;
        }
    }
}

/// What a failed reading means for an import: a fault of the file, or of the system.
pub(super) fn explained(error: io::Error) -> ImportError {
    match Fault::of(&error) {
        Some(fault) => ImportError::Unreadable(fault.to_string()),
        None => failed(error),
    }
}
