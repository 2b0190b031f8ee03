//! Stored columns, read as the domain's values: what the domain would refuse is named by table, row and column.

use unionhall_domain::{invalid::Invalid, version::Version};
use uuid::Uuid;

use crate::{errors::InconsistentRow, rows::stored};

/// A calendar day as the database takes it.
pub(crate) fn day(date: jiff::civil::Date) -> jiff_diesel::Date {
    jiff_diesel::ToDiesel::to_diesel(date)
}

/// A time of day as Diesel takes it.
pub(crate) fn time(time: jiff::civil::Time) -> jiff_diesel::Time {
    jiff_diesel::ToDiesel::to_diesel(time)
}

/// The row whose columns are read.
#[derive(Clone, Copy)]
pub(crate) struct StoredRow {
    table: &'static str,
    id: Uuid,
}

impl StoredRow {
    /// The row of `table` with this id.
    pub(crate) const fn new(table: &'static str, id: Uuid) -> Self {
        Self { table, id }
    }

    /// A column that must hold what was parsed from it.
    pub(crate) fn value<T>(
        self,
        column: &'static str,
        parsed: Result<T, Invalid>,
    ) -> Result<T, InconsistentRow> {
        stored(self.table, self.id, column, parsed)
    }

    /// A column that may be null.
    pub(crate) fn optional<T>(
        self,
        column: &'static str,
        text: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Result<Option<T>, InconsistentRow> {
        text.map(|text| self.value(column, parse(text))).transpose()
    }

    /// The column `version`.
    pub(crate) fn version(self, count: i64) -> Result<Version, InconsistentRow> {
        Version::new(count).ok_or_else(|| self.inconsistent("version is below 1"))
    }

    /// The row makes no sense, for this reason.
    pub(crate) fn inconsistent(self, what: impl Into<String>) -> InconsistentRow {
        InconsistentRow {
            table: self.table,
            id: self.id.to_string(),
            what: what.into(),
        }
    }
}
