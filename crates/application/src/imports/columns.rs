//! The columns of a file: what they are called, and where each stands.

use unionhall_domain::invalid::Invalid;

use super::{
    report::{ImportReport, RowError},
    rows::Heading,
};

/// What a column of one kind of file can hold.
pub(crate) trait Field: Copy + PartialEq + 'static {
    /// Every field.
    const ALL: &'static [Self];
    /// The columns that a file must have.
    const REQUIRED: &'static [Self];

    /// The name on the wire.
    fn as_str(self) -> &'static str;

    /// What halls call it, as [`bare`] writes it, parted by blanks; its own name aside.
    fn synonyms(self) -> &'static str;

    /// The field with this name on the wire.
    fn on_the_wire(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|field| field.as_str() == name)
    }

    /// The field that a heading means, if it is known.
    fn named(heading: &str) -> Option<Self> {
        let heading = bare(heading);
        Self::ALL.iter().copied().find(|field| {
            bare(field.as_str()) == heading
                || field
                    .synonyms()
                    .split_ascii_whitespace()
                    .any(|name| name == heading)
        })
    }
}

/// A name without case, spaces, underscores and punctuation; `#` and `№` mean `number`.
pub(crate) fn bare(text: &str) -> String {
    text.replace(['#', '№'], "number")
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Where each field stands in a row.
#[derive(Debug)]
pub(crate) struct Columns<F> {
    headings: Vec<String>,
    places: Vec<(F, usize)>,
}

impl<F: Field> Columns<F> {
    /// Reads the headings. Unknown ones are listed in the report as ignored; none are returned when one
    /// is missing or there twice, which the report then says.
    pub(super) fn parse(heading: &Heading, report: &mut ImportReport) -> Option<Self> {
        let mut columns = Self {
            headings: heading.cells.clone(),
            places: Vec::new(),
        };
        let mut errors = Vec::new();
        let mut wrong = |column: String, field: F, invalid: Invalid| {
            errors.push(RowError {
                line: heading.line,
                record: 0,
                column: Some(column),
                field: Some(field.as_str()),
                invalid,
            });
        };
        for (place, cell) in heading.cells.iter().enumerate() {
            match F::named(cell) {
                None => report.ignore(place, cell),
                Some(field) => match columns.heading(field) {
                    None => columns.places.push((field, place)),
                    Some(earlier) => {
                        let detail = format!("means the same as the column {earlier}; keep one");
                        let invalid = Invalid::new("duplicate_column", detail);
                        wrong(cell.clone(), field, invalid);
                    }
                },
            }
        }
        for &field in F::REQUIRED {
            if columns.place(field).is_none() {
                let detail =
                    "is missing: the first row must name the columns, and this is one of them";
                let invalid = Invalid::new("missing_column", detail);
                wrong(field.as_str().to_owned(), field, invalid);
            }
        }
        if errors.is_empty() {
            return Some(columns);
        }
        report.reject_heading(errors);
        None
    }

    /// How many cells a row must have.
    pub(super) fn count(&self) -> usize {
        self.headings.len()
    }

    /// Where a field stands in a row, if it has a column.
    pub(super) fn place(&self, field: F) -> Option<usize> {
        self.places
            .iter()
            .find(|(known, _)| *known == field)
            .map(|(_, place)| *place)
    }

    /// What the file calls a field, if it has a column.
    pub(super) fn heading(&self, field: F) -> Option<&str> {
        let place = self.place(field)?;
        self.headings.get(place).map(String::as_str)
    }
}
