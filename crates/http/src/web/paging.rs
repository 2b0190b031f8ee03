//! Pages of lists: `limit`, `cursor`, `sort` and `include_total`, and the cursor's opaque form.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use unionhall_application::pages::{Cursor, Direction, Page, PageRequest};
use unionhall_domain::invalid::Invalid;
use uuid::Uuid;

use super::query::{Query, boolean};

/// How many rows a page has when nothing is said.
const USUAL: u16 = 50;
/// How many rows a page has at most.
const MOST: u16 = 100;

/// A sort order with its name on the wire.
pub(crate) type Named<S> = (&'static str, S);

/// Reads the page that is asked for; `usual` is the order when nothing is said.
pub(crate) fn page<S: Copy>(
    query: &mut Query,
    orders: &[Named<S>],
    usual: (Named<S>, Direction),
) -> PageRequest<S> {
    let ((mut name, mut sort), mut direction) = usual;
    let asked = query.optional("sort", |text| {
        let (wanted, direction) = text
            .strip_prefix('-')
            .map_or((text, Direction::Ascending), |rest| {
                (rest, Direction::Descending)
            });
        let found = orders.iter().find(|(order, _)| *order == wanted);
        found.map(|order| (*order, direction)).ok_or_else(|| {
            let names: Vec<_> = orders.iter().map(|(name, _)| *name).collect();
            let detail = format!(
                "must be one of {}, or one of them behind a minus",
                names.join(", ")
            );
            Invalid::new("unknown_value", detail)
        })
    });
    if let Some(((asked, order), asked_direction)) = asked {
        (name, sort, direction) = (asked, order, asked_direction);
    }
    let limit = query.optional("limit", |text| {
        text.parse()
            .ok()
            .filter(|limit| (1..=MOST).contains(limit))
            .ok_or_else(|| Invalid::new("out_of_range", "must be a whole number from 1 to 100"))
    });
    let after = query.optional("cursor", |text| {
        decoded(text, name, direction).ok_or_else(|| {
            Invalid::new(
                "not_a_cursor",
                "must be the next_cursor of the same list in the same order",
            )
        })
    });
    PageRequest {
        limit: limit.unwrap_or(USUAL),
        after,
        sort,
        direction,
        with_total: query.optional("include_total", boolean).unwrap_or(false),
    }
}

/// The name of the order that was asked for, for the cursor of the next page.
pub(crate) fn order_name<S: Copy + PartialEq>(orders: &[Named<S>], sort: S) -> &'static str {
    orders
        .iter()
        .find(|(_, order)| *order == sort)
        .map_or("", |(name, _)| *name)
}

/// A page on the wire.
#[derive(Debug, Serialize)]
pub(crate) struct PageView<T> {
    /// The rows.
    pub(crate) items: Vec<T>,
    /// Send this as `cursor` to get the next page; null on the last one.
    pub(crate) next_cursor: Option<String>,
    /// How many rows match in all, when `include_total=true` was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) total: Option<u64>,
}

/// A page with each row as a view that borrows from it, and the cursor in its opaque form.
pub(crate) fn view<'a, T, S: Copy + PartialEq, V: From<&'a T>>(
    found: &'a Page<T>,
    orders: &[Named<S>],
    request: &PageRequest<S>,
) -> PageView<V> {
    PageView {
        items: found.items.iter().map(V::from).collect(),
        next_cursor: next(found, orders, request),
        total: found.total,
    }
}

/// Where the next page begins, in the opaque form of cursors.
pub(crate) fn next<T, S: Copy + PartialEq>(
    found: &Page<T>,
    orders: &[Named<S>],
    request: &PageRequest<S>,
) -> Option<String> {
    let order = order_name(orders, request.sort);
    let next = found.next.as_ref()?;
    Some(encoded(next, order, request.direction))
}

fn sign(direction: Direction) -> char {
    match direction {
        Direction::Ascending => '+',
        Direction::Descending => '-',
    }
}

fn encoded(cursor: &Cursor, order: &str, direction: Direction) -> String {
    let sign = sign(direction);
    URL_SAFE_NO_PAD.encode(format!("{sign}{order}\n{}\n{}", cursor.id, cursor.key))
}

fn decoded(text: &str, order: &str, direction: Direction) -> Option<Cursor> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let mut parts = text.splitn(3, '\n');
    let same = parts.next()? == format!("{}{order}", sign(direction));
    let id = Uuid::try_parse(parts.next()?).ok()?;
    let key = parts.next()?.to_owned();
    // A NUL cannot be in any key of ours, and the database takes none.
    (same && !key.contains('\0')).then_some(Cursor { key, id })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_good_for_the_order_it_was_made_in_and_no_other() {
        let cursor = Cursor {
            key: "a\nb".to_owned(),
            id: Uuid::from_u128(7),
        };
        let text = encoded(&cursor, "name", Direction::Ascending);
        assert_eq!(decoded(&text, "name", Direction::Ascending), Some(cursor));
        assert_eq!(decoded(&text, "name", Direction::Descending), None);
        assert_eq!(decoded(&text, "number", Direction::Ascending), None);
        for text in ["", "!", "bmFtZQ"] {
            assert_eq!(decoded(text, "name", Direction::Ascending), None);
        }
    }
}
