//! How what was found is shown.

use serde::Serialize;
use unionhall_application::Find;
use unionhall_application::search::Findings;
use unionhall_domain::search::{Matched, Piece, SearchKind, SearchWords, matched};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::{
    choices::{SearchKindName, SearchRankName},
    shown::Shown,
};

/// What was found.
#[derive(Serialize, ToSchema)]
#[schema(as = Findings)]
pub(super) struct FindingsView<'a> {
    /// The finds, best first.
    items: Vec<FindView<'a>>,
    /// The kinds that were looked through: those that were asked for and that the caller may read.
    #[schema(value_type = Vec<SearchKindName>)]
    types: Vec<&'static str>,
}

/// A record that was found.
#[derive(Serialize, ToSchema)]
#[schema(as = Find)]
pub(super) struct FindView<'a> {
    /// The kind of record.
    #[serde(rename = "type")]
    #[schema(value_type = SearchKindName)]
    kind: &'static str,
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<Uuid>,
    /// The number that people quote, if it has one.
    #[schema(required = true, example = "GR-2026-0001")]
    number: Option<&'a str>,
    /// What it is called: a name; of a case, the member's, or its number where the name is held back.
    #[schema(example = "Ada Voltz")]
    title: &'a str,
    /// What tells it from others of the name: a city; of a grievance, the employer; of an application, its reason.
    #[schema(required = true, example = "Cascade Electric")]
    subtitle: Option<&'a str>,
    /// Where it stands; of an organization, what it is to the hall.
    #[schema(example = "open")]
    status: &'a str,
    /// How well it fits.
    #[schema(value_type = SearchRankName)]
    rank: &'static str,
    /// Which field was meant, and what of it; null when the database knows better than the eye.
    #[serde(rename = "match")]
    #[schema(required = true)]
    matched: Option<MatchedView>,
}

/// Which field of a record was meant.
#[derive(Serialize, ToSchema)]
#[schema(as = SearchMatch)]
struct MatchedView {
    /// The field.
    #[schema(example = "name")]
    field: &'static str,
    /// Its text in pieces; of a long one, the part around the first match.
    pieces: Vec<PieceView>,
}

/// A piece of a text.
#[derive(Serialize, ToSchema)]
#[schema(as = SearchPiece)]
struct PieceView {
    /// The piece.
    #[schema(example = "Vol")]
    text: String,
    /// Whether it is what was looked for.
    is_match: bool,
}

impl<'a> From<&'a Findings> for FindingsView<'a> {
    fn from(findings: &'a Findings) -> Self {
        let Findings {
            words,
            kinds,
            finds,
        } = findings;
        Self {
            items: finds
                .iter()
                .map(|find| FindView::new(find, words))
                .collect(),
            types: kinds.iter().copied().map(SearchKind::as_str).collect(),
        }
    }
}

impl<'a> FindView<'a> {
    fn new(find: &'a Find, words: &SearchWords) -> Self {
        let Find {
            kind,
            id,
            rank,
            number,
            title,
            subtitle,
            status,
            texts,
        } = find;
        let texts: Vec<_> = texts
            .iter()
            .map(|(field, text)| (*field, text.as_str()))
            .collect();
        Self {
            kind: kind.as_str(),
            id: Shown(*id),
            number: number.as_deref(),
            title,
            subtitle: subtitle.as_deref(),
            status,
            rank: rank.as_str(),
            matched: matched(words, &texts).map(MatchedView::from),
        }
    }
}

impl From<Matched> for MatchedView {
    fn from(matched: Matched) -> Self {
        let Matched { field, pieces } = matched;
        let shown = |piece| match piece {
            Piece::Match(text) => PieceView {
                text,
                is_match: true,
            },
            Piece::Around(text) => PieceView {
                text,
                is_match: false,
            },
        };
        Self {
            field,
            pieces: pieces.into_iter().map(shown).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use unionhall_domain::search::Rank;

    use super::*;

    #[test]
    fn a_find_says_what_it_is_and_what_of_it_was_meant() {
        let findings = Findings {
            words: SearchWords::parse("vol").unwrap(),
            kinds: vec![SearchKind::Member],
            finds: vec![Find {
                kind: SearchKind::Member,
                id: Uuid::from_u128(7),
                rank: Rank::Prefix,
                number: Some("A1204".to_owned()),
                title: "Ada Voltz".to_owned(),
                subtitle: Some("Kent".to_owned()),
                status: "active".to_owned(),
                texts: vec![("name", "Ada Voltz".to_owned())],
            }],
        };
        let shown = serde_json::to_value(FindingsView::from(&findings)).unwrap();
        let pieces = json!([
            {"text": "Ada ", "is_match": false}, {"text": "Vol", "is_match": true},
            {"text": "tz", "is_match": false}
        ]);
        let expected = json!({
            "items": [{
                "type": "member", "id": "00000000-0000-0000-0000-000000000007",
                "number": "A1204", "title": "Ada Voltz", "subtitle": "Kent", "status": "active",
                "rank": "prefix", "match": {"field": "name", "pieces": pieces}
            }],
            "types": ["member"]
        });
        assert_eq!(shown, expected);
    }
}
