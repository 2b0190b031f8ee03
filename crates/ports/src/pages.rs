//! Lists in pages: a limit, a place to go on from, and an order that is always total.

use uuid::Uuid;

/// Where a page ended: the sort key of its last row, and that row's id for ties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The sort key as text.
    pub key: String,
    /// The id.
    pub id: Uuid,
}

/// In which direction a list runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Smallest first.
    #[default]
    Ascending,
    /// Largest first.
    Descending,
}

/// Which part of a list is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest<S> {
    /// At most this many rows: 1 to 100.
    pub limit: u16,
    /// Go on behind this place.
    pub after: Option<Cursor>,
    /// Sort by this.
    pub sort: S,
    /// In this direction.
    pub direction: Direction,
    /// Whether the number of all rows that match is wanted too.
    pub with_total: bool,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
    /// How many rows match in all pages, if that was asked for.
    pub total: Option<u64>,
}
