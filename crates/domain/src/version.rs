//! The version of a record: how the second of two editors is told.

/// Counts the changes of one record, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(i64);

impl Version {
    /// A record nobody has changed yet.
    pub const FIRST: Self = Self(1);

    /// The version with this count, if it is one.
    pub const fn new(count: i64) -> Option<Self> {
        if count >= 1 { Some(Self(count)) } else { None }
    }

    /// The count.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The version after one more change.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}
