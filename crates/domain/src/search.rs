//! Searching across kinds of records: what can be found, how finds are ranked, and what of a text was meant.

use std::ops::Range;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::{
    invalid::Invalid,
    text::{Line, one_of},
};

/// A kind of record that can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SearchKind {
    /// A union member: by number, name or e-mail address.
    Member,
    /// An employer or another organization: by name or city.
    Organization,
    /// A grievance: by number, article, what was done, or its member's name.
    Grievance,
    /// An application to the benevolence fund: by number, what is told, or its member's name.
    BenevolenceApplication,
}

impl SearchKind {
    /// Every kind; among finds of one rank, in this order.
    pub const ALL: [Self; 4] = [
        Self::Member,
        Self::Organization,
        Self::Grievance,
        Self::BenevolenceApplication,
    ];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Organization => "organization",
            Self::Grievance => "grievance",
            Self::BenevolenceApplication => "benevolence_application",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, |kind| kind.as_str())
    }

    /// Reads names with commas between them; a kind that is named twice counts once.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, Invalid> {
        let mut kinds = text
            .split(',')
            .map(|name| Self::parse(name.trim()))
            .collect::<Result<Vec<_>, _>>()?;
        kinds.sort_unstable();
        kinds.dedup();
        Ok(kinds)
    }
}

/// How well a find fits, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// The words are its number.
    Number,
    /// The words are the beginning of its number.
    NumberPrefix,
    /// It has each of the words.
    Words,
    /// It has words that begin with each of the words.
    Prefix,
    /// It is about somebody who was found by name.
    Related,
    /// It has words that are spelt alike.
    Alike,
}

impl Rank {
    /// Every rank, best first.
    pub const ALL: [Self; 6] = [
        Self::Number,
        Self::NumberPrefix,
        Self::Words,
        Self::Prefix,
        Self::Related,
        Self::Alike,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::NumberPrefix => "number_prefix",
            Self::Words => "words",
            Self::Prefix => "prefix",
            Self::Related => "related",
            Self::Alike => "alike",
        }
    }

    /// The number in storage: 1 is best.
    pub const fn number(self) -> i16 {
        match self {
            Self::Number => 1,
            Self::NumberPrefix => 2,
            Self::Words => 3,
            Self::Prefix => 4,
            Self::Related => 5,
            Self::Alike => 6,
        }
    }

    /// The rank with this number.
    pub fn from_number(number: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|rank| rank.number() == number)
    }
}

/// What somebody looks for: one line with at least two letters or digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchWords(Line<200>);

/// How many letters and digits are looked for at least: a single one begins half of all names.
const SHORTEST: usize = 2;

impl SearchWords {
    /// Trims and checks the words.
    ///
    /// # Errors
    /// `blank`, `too_long`, `control_character` or `too_short`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let line = Line::parse(text)?;
        let letters = line.as_str().chars().filter(|c| c.is_alphanumeric());
        if letters.take(SHORTEST).count() < SHORTEST {
            let detail = format!("must have at least {SHORTEST} letters or digits");
            return Err(Invalid::new("too_short", detail));
        }
        Ok(Self(line))
    }

    /// The words as they were typed.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// A piece of a text that was found: in a row they are the text, or a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// What was looked for.
    Match(String),
    /// What stands around it.
    Around(String),
}

/// Which field of a find was meant, and what of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// The field's name on the wire.
    pub field: &'static str,
    /// Its text in pieces; of a long one, the part around the first match.
    pub pieces: Vec<Piece>,
}

/// How many bytes of a text are shown around the first match at most, on either side.
const AROUND: usize = 80;
/// How alike two words are that are taken for one another, of 1.
const ALIKE: f64 = 0.3;

/// Which of the fields was meant, if any.
///
/// The first that begins with all that was typed, else the first that has a word that begins with one of the words, else the one with
/// the word that is most like one of them. None when no field has anything like it.
pub fn matched(words: &SearchWords, fields: &[(&'static str, &str)]) -> Option<Matched> {
    let wanted = folded_words(words.as_str());
    let whole = folded(words.as_str().trim());
    let typed = fields.iter().find_map(|(field, text)| {
        let length = beginning(text, &whole).filter(|_| !whole.is_empty())?;
        Some(cut(
            field,
            text,
            &[Range {
                start: 0,
                end: length,
            }],
        ))
    });
    let exact = typed.or_else(|| {
        fields.iter().find_map(|(field, text)| {
            let found = beginnings(text, &wanted);
            (!found.is_empty()).then(|| cut(field, text, &found))
        })
    });
    exact.or_else(|| {
        let nearest = fields.iter().filter_map(|(field, text)| {
            let (degree, place) = most_alike(text, &wanted)?;
            Some((degree, field, text, place))
        });
        let best = nearest.max_by(|(a, ..), (b, ..)| a.total_cmp(b));
        best.map(|(_, field, text, place)| cut(field, text, &[place]))
    })
}

/// A text without accents and case.
fn folded(text: &str) -> String {
    let bare = text.nfd().filter(|c| !is_combining_mark(*c));
    bare.flat_map(char::to_lowercase).collect()
}

/// The words of a text with their places in it.
fn words_of(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let parted = text.split(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric());
    let begin = text.as_ptr().addr();
    parted.filter(|word| !word.is_empty()).map(move |word| {
        let at = word.as_ptr().addr().saturating_sub(begin);
        (at..at.saturating_add(word.len()), word)
    })
}

fn folded_words(text: &str) -> Vec<String> {
    words_of(text).map(|(_, word)| folded(word)).collect()
}

/// The places of what begins with one of the words.
fn beginnings(text: &str, wanted: &[String]) -> Vec<Range<usize>> {
    words_of(text)
        .filter_map(|(place, word)| {
            let lengths = wanted.iter().filter_map(|wanted| beginning(word, wanted));
            let longest = lengths.max()?;
            Some(place.start..place.start.saturating_add(longest))
        })
        .collect()
}

/// How many bytes of a text are `wanted`, accents and case aside, if it begins with that.
fn beginning(text: &str, wanted: &str) -> Option<usize> {
    let mut rest = wanted;
    for (at, character) in text.char_indices() {
        let bare = folded(character.encode_utf8(&mut [0; 4]));
        if rest.is_empty() && !bare.is_empty() {
            return Some(at);
        }
        rest = rest.strip_prefix(&bare)?;
    }
    rest.is_empty().then_some(text.len())
}

/// The word of a text that is most like one of the words, and how alike they are.
fn most_alike(text: &str, wanted: &[String]) -> Option<(f64, Range<usize>)> {
    let compared = words_of(text).flat_map(|(place, word)| {
        let word = folded(word);
        let degrees = wanted.iter().map(|wanted| likeness(&word, wanted));
        let best = degrees.fold(0.0, f64::max);
        (best >= ALIKE).then_some((best, place))
    });
    compared.max_by(|(a, _), (b, _)| a.total_cmp(b))
}

/// How many of their pairs of letters two words share, of 1 (Dice's coefficient).
fn likeness(a: &str, b: &str) -> f64 {
    let pairs = |word: &str| {
        let letters: Vec<char> = word.chars().collect();
        letters.windows(2).map(<[char]>::to_vec).collect::<Vec<_>>()
    };
    let (of_a, mut of_b) = (pairs(a), pairs(b));
    let total = of_a.len().saturating_add(of_b.len());
    let shared = of_a.iter().filter(|pair| {
        let place = of_b.iter().position(|other| other == *pair);
        place.is_some_and(|place| {
            of_b.swap_remove(place);
            true
        })
    });
    let shared = u32::try_from(shared.count()).unwrap_or_default();
    let total = u32::try_from(total).unwrap_or(u32::MAX).max(1);
    2.0 * f64::from(shared) / f64::from(total)
}

/// The text in pieces, cut around the first match.
fn cut(field: &'static str, text: &str, found: &[Range<usize>]) -> Matched {
    let first = found.first().map_or(0, |place| place.start);
    let from = text.floor_char_boundary(first.saturating_sub(AROUND));
    let until = text.ceil_char_boundary(first.saturating_add(AROUND).min(text.len()));
    // What was meant is shown whole, however long it is.
    let until = found.first().map_or(until, |place| until.max(place.end));
    let mut pieces = Vec::new();
    let mut add = |range: Range<usize>, piece: fn(String) -> Piece| {
        if let Some(text) = text.get(range).filter(|text| !text.is_empty()) {
            pieces.push(piece(text.to_owned()));
        }
    };
    let mut at = from;
    for place in found.iter().filter(|place| place.end <= until) {
        add(at..place.start, Piece::Around);
        add(place.clone(), Piece::Match);
        at = place.end;
    }
    add(at..until, Piece::Around);
    Matched { field, pieces }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> SearchWords {
        SearchWords::parse(text).unwrap()
    }

    /// The field that was meant, and its text with the matches in brackets.
    fn shown(looked_for: &str, fields: &[(&'static str, &str)]) -> Option<String> {
        let found = matched(&words(looked_for), fields)?;
        let piece = |piece: &Piece| match piece {
            Piece::Match(text) => format!("[{text}]"),
            Piece::Around(text) => text.clone(),
        };
        let text: String = found.pieces.iter().map(piece).collect();
        Some(format!("{}: {text}", found.field))
    }

    #[test]
    fn a_match_that_is_longer_than_what_is_shown_around_one_is_shown_whole() {
        let long = "a".repeat(120);
        let text = format!("Before {long} after");
        let expected = format!("field: Before [{long}]");
        assert_eq!(shown(&long, &[("field", &text)]), Some(expected));
    }

    #[test]
    fn two_letters_are_the_least_that_is_looked_for() {
        for text in ["", " ", "a", "é!", "-"] {
            assert!(SearchWords::parse(text).is_err(), "{text:?}");
        }
        for text in ["ab", "7 b", "Ø1"] {
            assert!(SearchWords::parse(text).is_ok(), "{text:?}");
        }
    }

    #[test]
    fn kinds_are_read_from_a_list_and_each_counts_once() {
        let kinds = SearchKind::parse_list("grievance, member,grievance").unwrap();
        assert_eq!(kinds, [SearchKind::Member, SearchKind::Grievance]);
        let wrong = SearchKind::parse_list("member,salting").unwrap_err();
        assert_eq!(wrong.code, "unknown_value");
    }

    #[test]
    fn a_rank_is_known_by_its_number_and_the_best_comes_first() {
        for rank in Rank::ALL {
            assert_eq!(Rank::from_number(rank.number()), Some(rank));
        }
        assert!(Rank::ALL.is_sorted());
        assert_eq!(Rank::from_number(0), None);
    }

    #[test]
    fn the_first_field_that_fits_is_meant_accents_and_case_aside() {
        let fields = [
            ("member_number", "A1204"),
            ("name", "Zoë Núñez"),
            ("email", "zoe@hall.example"),
        ];
        for (looked_for, expected) in [
            ("a12", "member_number: [A12]04"),
            ("nunez", "name: Zoë [Núñez]"),
            ("ZOE nu", "name: [Zoë Nú]ñez"),
            ("nu ZOE", "name: [Zoë] [Nú]ñez"),
            ("zoe@hall", "email: [zoe@hall].example"),
        ] {
            assert_eq!(shown(looked_for, &fields).as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_mistyped_word_means_the_word_that_is_most_like_it() {
        let fields = [("member_number", "A1204"), ("name", "Anna Kowalski")];
        let found = shown("kowalsky", &fields);
        assert_eq!(found.as_deref(), Some("name: Anna [Kowalski]"));
        assert_eq!(shown("zzzz", &fields), None);
    }

    #[test]
    fn of_a_long_text_the_part_around_the_match_is_shown_and_letters_stay_whole() {
        let long = format!("{} overtime {}", "é".repeat(300), "é".repeat(300));
        let found = matched(&words("overtime"), &[("story", &long)]).unwrap();
        let [
            Piece::Around(before),
            Piece::Match(hit),
            Piece::Around(after),
        ] = &*found.pieces
        else {
            panic!("{found:?}");
        };
        assert_eq!(hit, "overtime");
        assert!(before.len() <= AROUND + 2 && after.len() <= AROUND + 2);
    }
}
