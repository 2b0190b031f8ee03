//! What stands where: words broken into lines, and lines put on pages.

use unionhall_domain::case_files::{CaseFile, SectionEntry};

use crate::{
    fonts::{Face, Fonts},
    json::{self, Part},
    words,
};

/// A sheet of US Letter, in points.
pub(crate) const SHEET: (f32, f32) = (612.0, 792.0);
/// The edge that is left free on each side.
pub(crate) const EDGE: f32 = 60.0;
/// From the top, where the words of a page end; below them is its foot.
const END: f32 = SHEET.1 - EDGE - 14.0;
/// The distance between two lines, in sizes of the letters.
const LEADING: f32 = 1.4;
/// How far the names of facts stand in.
const INDENT: f32 = 10.0;
/// How far the facts themselves stand in, and what happened on a day.
const COLUMN: f32 = 118.0;
/// The size of what is read, and of what names it.
const READ: f32 = 9.0;
const SMALL: f32 = 8.0;

/// How dark something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shade {
    /// Black.
    Ink,
    /// Dark gray: what names something else.
    Gray,
}

/// What a block of words is in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// What the file is called.
    Title,
    /// The name of a section.
    Section,
    /// The name of an entry.
    Entry,
    /// Everything else.
    Text,
}

/// Words that belong together, on however many lines and pages.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Block {
    /// What it is.
    pub(crate) role: Role,
    /// The words.
    pub(crate) words: String,
    /// On which page it begins, from nought, and how far from the top.
    pub(crate) place: (usize, f32),
}

/// A line at its place on a page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    /// The words.
    pub(crate) text: String,
    /// The letters.
    pub(crate) face: Face,
    /// Their size in points.
    pub(crate) size: f32,
    /// How dark they are.
    pub(crate) shade: Shade,
    /// From the left, in points.
    pub(crate) x: f32,
    /// From the top to the line that the letters stand on, in points.
    pub(crate) y: f32,
    /// The block it is a part of; none for the foot of a page.
    pub(crate) block: Option<usize>,
}

/// A page.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Page {
    /// Its lines.
    pub(crate) lines: Vec<Line>,
    /// How far from the top thin rules are drawn, from edge to edge.
    pub(crate) rules: Vec<f32>,
}

/// A case file on pages.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Layout {
    /// The pages.
    pub(crate) pages: Vec<Page>,
    /// The blocks, in the order in which they are read.
    pub(crate) blocks: Vec<Block>,
}

/// How words are set.
#[derive(Clone, Copy)]
struct Style {
    face: Face,
    size: f32,
    shade: Shade,
    indent: f32,
    width: f32,
}

const fn style(face: Face, size: f32, indent: f32) -> Style {
    Style {
        face,
        size,
        shade: Shade::Ink,
        indent,
        width: SHEET.0 - 2.0 * EDGE - indent,
    }
}

/// What names a fact: in gray, in the column before it.
const NAME: Style = Style {
    shade: Shade::Gray,
    width: COLUMN - INDENT - 6.0,
    ..style(Face::Regular, SMALL, INDENT)
};

/// Puts words on pages.
struct Setting<'a> {
    fonts: &'a Fonts,
    layout: Layout,
    y: f32,
}

/// A case file on pages.
pub(crate) fn set(file: &CaseFile, fonts: &Fonts) -> Layout {
    let mut setting = Setting {
        fonts,
        layout: Layout {
            pages: vec![Page::default()],
            blocks: Vec::new(),
        },
        y: EDGE,
    };
    setting.block(Role::Text, &file.hall, style(Face::Regular, 11.0, 0.0));
    let title = words::title(&file.number);
    setting.block(Role::Title, &title, style(Face::Bold, 18.0, 0.0));
    let made = format!("As of {}", words::value(&file.made_at));
    let gray = Style {
        shade: Shade::Gray,
        ..style(Face::Regular, READ, 0.0)
    };
    setting.block(Role::Text, &made, gray);
    for section in &file.sections {
        setting.section(section.heading);
        if section.entries.is_empty() {
            setting.block(Role::Text, "Nothing is on record.", gray);
        }
        for entry in &section.entries {
            setting.entry(entry);
        }
    }
    setting.manifest(&json::parts(file));
    setting.feet(file);
    setting.layout
}

impl Setting<'_> {
    fn section(&mut self, heading: &str) {
        self.y += 16.0;
        // A heading does not stand alone at the end of a page.
        self.keep(64.0);
        self.block(Role::Section, heading, style(Face::Bold, 12.5, 0.0));
        if let Some(page) = self.layout.pages.last_mut() {
            page.rules.push(self.y + 3.5);
        }
        self.y += 8.0;
    }

    fn entry(&mut self, entry: &SectionEntry) {
        let facts: Vec<_> = words::facts(entry).collect();
        if facts.is_empty() {
            match words::dated(&entry.title) {
                Some((day, happened)) => self.fact(day, happened),
                None => self.block(Role::Text, &entry.title, style(Face::Regular, READ, 0.0)),
            }
            return;
        }
        self.y += 4.0;
        self.keep(36.0);
        self.block(Role::Entry, &entry.title, style(Face::Bold, 9.5, 0.0));
        for (name, value) in facts {
            self.fact(&name, &value);
        }
        self.y += 3.0;
    }

    /// A fact beside its name.
    fn fact(&mut self, name: &str, value: &str) {
        self.keep(READ * LEADING);
        let (page, top) = (self.layout.pages.len(), self.y);
        let block = self.begin(Role::Text, name);
        // Both stand on the same line.
        self.y += READ - SMALL;
        self.write(name, NAME, block);
        let named = (self.layout.pages.len(), self.y);
        if named.0 == page {
            self.y = top;
        }
        self.write(value, style(Face::Regular, READ, COLUMN), block);
        if self.layout.pages.len() == named.0 {
            self.y = self.y.max(named.1);
        }
    }

    fn manifest(&mut self, parts: &[Part]) {
        self.section("Parts of this file, with their SHA-256");
        let told = "The archive of this case file holds each part as parts/NAME.json; its bytes give this digest.";
        self.block(Role::Text, told, style(Face::Regular, READ, 0.0));
        self.y += 4.0;
        for part in parts {
            let name = part.name.trim_start_matches("parts/");
            self.fact(name.trim_end_matches(".json"), &part.digest());
        }
    }

    fn block(&mut self, role: Role, words: &str, style: Style) {
        let block = self.begin(role, words);
        self.write(words, style, block);
    }

    fn begin(&mut self, role: Role, words: &str) -> usize {
        let place = (self.layout.pages.len().saturating_sub(1), self.y);
        self.layout.blocks.push(Block {
            role,
            words: self.line(words),
            place,
        });
        self.layout.blocks.len().saturating_sub(1)
    }

    /// Writes words, broken into as many lines as they need, over as many pages.
    fn write(&mut self, words: &str, style: Style, block: usize) {
        let words = self.fonts.printable(words);
        for paragraph in words.split('\n') {
            for text in self.broken(paragraph, style) {
                let height = style.size * LEADING;
                self.keep(height);
                self.y += height;
                let line = Line {
                    text,
                    face: style.face,
                    size: style.size,
                    shade: style.shade,
                    x: EDGE + style.indent,
                    // Letters reach below the line that they stand on.
                    y: self.y - style.size * (LEADING - 1.0),
                    block: Some(block),
                };
                if let Some(page) = self.layout.pages.last_mut() {
                    page.lines.push(line);
                }
            }
        }
    }

    /// The lines of a paragraph: broken between words, and within a word that is wider than a line.
    fn broken(&self, paragraph: &str, style: Style) -> Vec<String> {
        let wide = |words: &str| self.fonts.of(style.face).width(words, style.size);
        let mut lines = Vec::new();
        let (mut line, mut used) = (String::new(), 0.0);
        for word in paragraph.split_inclusive(' ') {
            let width = wide(word.trim_end());
            if used + width > style.width && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            if width > style.width {
                for character in word.chars() {
                    let one = wide(character.encode_utf8(&mut [0; 4]));
                    if used + one > style.width {
                        lines.push(std::mem::take(&mut line));
                        used = 0.0;
                    }
                    line.push(character);
                    used += one;
                }
            } else {
                line.push_str(word);
                used += wide(word);
            }
        }
        lines.push(line);
        lines
    }

    /// Goes on to the next page if so much does not fit on this one.
    fn keep(&mut self, height: f32) {
        if self.y + height > END {
            self.layout.pages.push(Page::default());
            self.y = EDGE;
        }
    }

    /// Words as they can be drawn on one line.
    fn line(&self, words: &str) -> String {
        self.fonts.printable(words).replace('\n', " ")
    }

    /// Numbers the pages, when it is known how many there are.
    fn feet(&mut self, file: &CaseFile) {
        let count = self.layout.pages.len();
        let font = self.fonts.of(Face::Regular);
        let case = self.line(&format!("{}, {}", file.hall, file.number));
        // A name that is as long as a line leaves no room for the number of the page.
        let fits = font.width(&case, SMALL) < SHEET.0 / 2.0;
        let case = if fits { case } else { file.number.clone() };
        for (index, page) in self.layout.pages.iter_mut().enumerate() {
            let number = format!("page {} of {count}", index.saturating_add(1));
            let right = SHEET.0 - EDGE - font.width(&number, SMALL);
            let foot = |text: &str, x| Line {
                text: text.to_owned(),
                face: Face::Regular,
                size: SMALL,
                shade: Shade::Gray,
                x,
                y: SHEET.1 - EDGE + SMALL,
                block: None,
            };
            page.lines.push(foot(&case, EDGE));
            page.lines.push(foot(&number, right));
            page.rules.push(SHEET.1 - EDGE - 4.0);
        }
    }
}
