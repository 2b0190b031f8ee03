//! Identifiers: one generic type, so that an id of one kind is never taken for another's.

use std::{fmt, hash, marker::PhantomData};

use uuid::Uuid;

use crate::invalid::Invalid;

/// The identifier of a `T`: a UUID (version 7 when made here, so ids sort by creation).
pub struct Id<T> {
    value: Uuid,
    kind: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// Takes a UUID as the id of a `T`.
    pub const fn new(value: Uuid) -> Self {
        Self {
            value,
            kind: PhantomData,
        }
    }

    /// Reads the hyphenated form.
    ///
    /// # Errors
    /// Code `not_a_uuid` for anything else.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Uuid::try_parse(text)
            .map(Self::new)
            .map_err(|_| Invalid::new("not_a_uuid", "must be a UUID"))
    }

    /// The bare UUID, for adapters.
    pub const fn uuid(self) -> Uuid {
        self.value
    }
}

// Derives would demand the same traits of `T`, which is only a marker here.
impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.value.cmp(&other.value)
    }
}
impl<T> hash::Hash for Id<T> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_what_it_prints_and_refuses_the_rest() {
        let id: Id<()> = Id::new(Uuid::from_u128(7));
        assert_eq!(Id::parse(&id.to_string()), Ok(id));
        assert_eq!(Id::<()>::parse("seven").unwrap_err().code, "not_a_uuid");
    }
}
