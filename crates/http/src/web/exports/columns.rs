//! The columns of a file: a column for each field that a view of the API document has.
//!
//! The document decides, so a field that a list gains is in its export from then on, and an empty list has headings.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr, Schema, SchemaFormat,
        schema::{KnownFormat, Object, SchemaType, Type},
    },
};

use super::sheet::Cell;

/// What the texts in a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Texts, or what needs no telling: numbers and flags are told by themselves.
    Text,
    /// Days.
    Day,
    /// Instants.
    Instant,
    /// Money: numbers with two decimals.
    Amount,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    heading: String,
    /// The names that lead from the row to the value.
    path: Vec<String>,
    kind: Kind,
}

/// The columns of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns(Vec<Column>);

/// What may be done with a record is not told in lists, and what is told in sentences already is not told in steps.
const NOT_IN_LISTS: &[&str] = &[
    "allowed_actions",
    "ended_previous",
    "possible_duplicates",
    "stages",
    "warnings",
];
/// How deep fields of fields become columns of their own.
const DEEPEST: usize = 3;

impl Columns {
    /// Those of a view.
    pub(super) fn of<V: ToSchema + PartialSchema>() -> Self {
        let mut schemas = Vec::new();
        V::schemas(&mut schemas);
        let known: BTreeMap<_, _> = schemas.into_iter().collect();
        let mut columns = Vec::new();
        add(&V::schema(), &known, &[], &mut columns);
        Self(columns)
    }

    /// The headings.
    pub(super) fn headings(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|column| column.heading.as_str())
    }

    /// The cells of a row.
    pub(super) fn cells<'a>(&'a self, row: &'a Value) -> impl Iterator<Item = Cell> + 'a {
        self.0.iter().map(move |column| {
            let found = column
                .path
                .iter()
                .try_fold(row, |value, name| value.get(name));
            Cell::of(found, column.kind)
        })
    }
}

type Known = BTreeMap<String, RefOr<Schema>>;

/// Adds the columns of what a schema describes.
fn add(schema: &RefOr<Schema>, known: &Known, path: &[String], columns: &mut Vec<Column>) {
    match followed(schema, known) {
        Some(Schema::Object(object)) if !object.properties.is_empty() && path.len() < DEEPEST => {
            for (name, field) in &object.properties {
                if !NOT_IN_LISTS.contains(&name.as_str()) {
                    let path: Vec<_> = path.iter().chain([name]).cloned().collect();
                    add(field, known, &path, columns);
                }
            }
        }
        Some(Schema::AllOf(all)) => {
            for part in &all.items {
                add(part, known, path, columns);
            }
        }
        Some(Schema::Object(object)) => columns.push(column(path, kind(object))),
        Some(_) | None => columns.push(column(path, Kind::Text)),
    }
}

/// The schema itself: where a reference leads, and what may be null without that it may.
fn followed<'a>(schema: &'a RefOr<Schema>, known: &'a Known) -> Option<&'a Schema> {
    let found = match schema {
        RefOr::T(schema) => schema,
        RefOr::Ref(reference) => {
            let name = reference.ref_location.rsplit('/').next()?;
            match known.get(name)? {
                RefOr::T(schema) => schema,
                RefOr::Ref(_) => return None,
            }
        }
    };
    match found {
        Schema::OneOf(one) => {
            let mut there = one.items.iter().filter(|item| !is_null(item));
            match (there.next(), there.next()) {
                (Some(only), None) => followed(only, known),
                (Some(_) | None, _) => None,
            }
        }
        other => Some(other),
    }
}

fn is_null(schema: &RefOr<Schema>) -> bool {
    matches!(
        schema,
        RefOr::T(Schema::Object(object)) if object.schema_type == SchemaType::Type(Type::Null)
    )
}

fn kind(object: &Object) -> Kind {
    let is_amount = |pattern: &String| pattern.ends_with(r"\.[0-9]{2}$");
    match &object.format {
        Some(SchemaFormat::KnownFormat(KnownFormat::Date)) => Kind::Day,
        Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)) => Kind::Instant,
        Some(SchemaFormat::Custom(name)) if name == "date" => Kind::Day,
        Some(SchemaFormat::Custom(name)) if name == "date-time" => Kind::Instant,
        Some(SchemaFormat::KnownFormat(_) | SchemaFormat::Custom(_)) | None => {
            if object.pattern.as_ref().is_some_and(is_amount) {
                Kind::Amount
            } else {
                Kind::Text
            }
        }
    }
}

fn column(path: &[String], kind: Kind) -> Column {
    Column {
        heading: path.join("_"),
        path: path.to_vec(),
        kind,
    }
}

#[cfg(test)]
#[expect(dead_code, reason = "only the schemas of these are looked at")]
mod tests {
    use serde_json::json;

    use super::*;

    /// A row of a list.
    #[derive(ToSchema)]
    struct View {
        name: String,
        #[schema(value_type = Option<String>, format = Date)]
        day: Option<()>,
        #[schema(value_type = String, format = DateTime)]
        at: (),
        #[schema(value_type = Option<String>, pattern = r"^-?[0-9]+\.[0-9]{2}$")]
        amount: Option<()>,
        count: i64,
        place: Option<Place>,
        words: Vec<String>,
        allowed_actions: Vec<String>,
    }

    /// Where.
    #[derive(ToSchema)]
    struct Place {
        city: String,
    }

    #[test]
    fn every_field_of_the_document_is_a_column_and_fields_of_fields_are_too() {
        let columns = Columns::of::<View>();
        let headings: Vec<_> = columns.headings().collect();
        let expected = [
            "name",
            "day",
            "at",
            "amount",
            "count",
            "place_city",
            "words",
        ];
        assert_eq!(headings, expected);
        let kinds: Vec<_> = columns.0.iter().map(|column| column.kind).collect();
        assert_eq!(
            kinds[..4],
            [Kind::Text, Kind::Day, Kind::Instant, Kind::Amount]
        );
    }

    #[test]
    fn a_row_has_a_cell_for_each_column_whatever_it_lacks() {
        let columns = Columns::of::<View>();
        let row =
            json!({"name": "Ada", "count": 3, "place": {"city": "Kent"}, "words": ["a", "b"]});
        let cells: Vec<_> = columns.cells(&row).collect();
        let text = |text: &str| Cell::Text(text.to_owned());
        assert_eq!(cells[0], text("Ada"));
        assert_eq!(cells[1..4], [Cell::Empty, Cell::Empty, Cell::Empty]);
        assert_eq!(cells[4], Cell::Number("3".to_owned()));
        assert_eq!(cells[5..], [text("Kent"), text("a; b")]);
    }
}
