//! The shipped fonts: what they have, and how wide it is.
//!
//! DejaVu Sans, cut down to Latin (with those of the phonetic alphabet, which languages of Africa and America are
//! written in too), Greek and Cyrillic letters and the signs that go with them; of these, a file gets
//! the letters that it uses.

use krilla::text::Font as Drawn;
use ttf_parser::Face as Measured;
use unionhall_ports::case_files::Unwritten;

/// What a character is drawn as that the fonts do not have.
const UNKNOWN: char = '\u{fffd}';

/// Which letters words are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    /// Upright.
    Regular,
    /// Bold.
    Bold,
}

/// Both fonts.
pub(crate) struct Fonts {
    regular: Font,
    bold: Font,
}

/// A font, to be measured and to be drawn with.
pub(crate) struct Font {
    /// What draws.
    pub(crate) drawn: Drawn,
    measured: Measured<'static>,
}

impl Fonts {
    /// The fonts that the program brings along.
    pub(crate) fn shipped() -> Result<Self, Unwritten> {
        Ok(Self {
            regular: Font::new(include_bytes!("../fonts/DejaVuSans.ttf"))?,
            bold: Font::new(include_bytes!("../fonts/DejaVuSans-Bold.ttf"))?,
        })
    }

    /// The font of a face.
    pub(crate) const fn of(&self, face: Face) -> &Font {
        match face {
            Face::Regular => &self.regular,
            Face::Bold => &self.bold,
        }
    }

    /// The words as they can be drawn: with a sign in place of what the fonts do not have.
    pub(crate) fn printable(&self, words: &str) -> String {
        words
            .chars()
            .map(|character| match character {
                '\n' => '\n',
                '\t' => ' ',
                character if self.has(character) => character,
                _ => UNKNOWN,
            })
            .collect()
    }

    /// Whether both fonts have a character that can be seen or is a space.
    fn has(&self, character: char) -> bool {
        let fonts = [&self.regular, &self.bold];
        // The mark of byte order is in many fonts, and no character that a text can say.
        !character.is_control()
            && character != '\u{feff}'
            && fonts
                .iter()
                .all(|font| font.measured.glyph_index(character).is_some())
    }
}

impl Font {
    fn new(bytes: &'static [u8]) -> Result<Self, Unwritten> {
        let drawn = Drawn::new(bytes.into(), 0);
        Ok(Self {
            drawn: drawn.ok_or_else(|| Unwritten("the shipped font is none".into()))?,
            measured: Measured::parse(bytes, 0).map_err(|error| Unwritten(error.into()))?,
        })
    }

    /// How wide words are at this size, in points.
    pub(crate) fn width(&self, words: &str, size: f32) -> f32 {
        let advance = |character| {
            let glyph = self.measured.glyph_index(character).unwrap_or_default();
            f32::from(self.measured.glyph_hor_advance(glyph).unwrap_or_default())
        };
        let units = f32::from(self.measured.units_per_em());
        words.chars().map(advance).sum::<f32>() * size / units
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letters_of_every_language_that_is_written_in_latin_are_there() {
        let letters = "ÀÉÎÕÜßæøåčďěłńőřśťůžğışÆØÅĦŊŦơưạếộữ¿¡«»„“”‘’–—…•·№€£§°½²³™©®ɓɗɛɔʋʔɬʷ⅓⅛⅜ﬁﬂ";
        assert_eq!(Fonts::shipped().unwrap().printable(letters), letters);
    }

    #[test]
    fn what_a_font_lacks_is_drawn_as_a_sign_that_says_so() {
        let fonts = Fonts::shipped().unwrap();
        assert_eq!(
            fonts.printable("漢\u{7}\u{feff}a\tb\nc"),
            "\u{fffd}\u{fffd}\u{fffd}a b\nc"
        );
    }
}
