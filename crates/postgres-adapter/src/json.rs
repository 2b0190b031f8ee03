//! JSON in a column, read as the domain's values: what the domain would refuse is named by table, row and column.

use jiff::civil::Date;
use serde_json::Value;
use unionhall_domain::{invalid::Invalid, version::Version};

use crate::{errors::InconsistentRow, stored::StoredRow};

/// A value in a column that holds JSON.
#[derive(Clone, Copy)]
pub(crate) struct StoredJson<'a> {
    from: StoredRow,
    column: &'static str,
    value: &'a Value,
}

impl<'a> StoredJson<'a> {
    /// The whole column.
    pub(crate) const fn new(from: StoredRow, column: &'static str, value: &'a Value) -> Self {
        Self {
            from,
            column,
            value,
        }
    }

    /// A member that is an object or a list of its own.
    pub(crate) fn member(self, name: &str) -> Result<Self, InconsistentRow> {
        self.optional_member(name)
            .ok_or_else(|| self.lacks(name, "something"))
    }

    /// The same where it may be absent or null.
    pub(crate) fn optional_member(self, name: &str) -> Option<Self> {
        let value = self.value.get(name).filter(|value| !value.is_null())?;
        Some(Self { value, ..self })
    }

    /// The items of a list.
    pub(crate) fn items(self) -> Result<impl Iterator<Item = Self>, InconsistentRow> {
        let items = self
            .value
            .as_array()
            .ok_or_else(|| self.inconsistent("is no list"))?;
        Ok(items.iter().map(move |value| Self { value, ..self }))
    }

    /// A list of values, each read by `read`.
    pub(crate) fn each<T>(
        self,
        read: impl FnMut(Self) -> Result<T, InconsistentRow>,
    ) -> Result<Vec<T>, InconsistentRow> {
        self.items()?.map(read).collect()
    }

    /// A member that is a text.
    pub(crate) fn text(self, name: &str) -> Result<&'a str, InconsistentRow> {
        self.member(name)?
            .value
            .as_str()
            .ok_or_else(|| self.lacks(name, "a text"))
    }

    /// A member that must hold what is parsed from it.
    pub(crate) fn parsed<T>(
        self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Result<T, InconsistentRow> {
        self.checked(name, parse(self.text(name)?))
    }

    /// The same where it may be absent or null.
    pub(crate) fn optional<T>(
        self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Result<Option<T>, InconsistentRow> {
        match self.optional_member(name) {
            None => Ok(None),
            Some(_) => self.parsed(name, parse).map(Some),
        }
    }

    /// A member that counts versions.
    pub(crate) fn version(self, name: &str) -> Result<Version, InconsistentRow> {
        Version::new(self.number(name)?).ok_or_else(|| self.lacks(name, "a version"))
    }

    /// A member that is a whole number.
    pub(crate) fn number<T: TryFrom<i64>>(self, name: &str) -> Result<T, InconsistentRow> {
        let number = self.member(name)?.value.as_i64();
        number
            .and_then(|number| T::try_from(number).ok())
            .ok_or_else(|| self.lacks(name, "a number"))
    }

    /// A member that is a day.
    pub(crate) fn date(self, name: &str) -> Result<Date, InconsistentRow> {
        self.text(name)?
            .parse()
            .map_err(|_| self.lacks(name, "a day"))
    }

    /// What was read of a member, if it makes sense.
    pub(crate) fn checked<T>(
        self,
        name: &str,
        read: Result<T, Invalid>,
    ) -> Result<T, InconsistentRow> {
        read.map_err(|invalid| {
            let column = self.column;
            self.from
                .inconsistent(format!("{column}: {name} {}", invalid.detail))
        })
    }

    /// The value makes no sense, for this reason.
    pub(crate) fn inconsistent(self, what: &str) -> InconsistentRow {
        self.from.inconsistent(format!("{}: {what}", self.column))
    }

    fn lacks(self, name: &str, what: &str) -> InconsistentRow {
        self.from
            .inconsistent(format!("{}: {name} is not {what}", self.column))
    }
}
