//! Partial changes: a field is kept or set, and a nullable one is cleared by setting nothing.

/// What a partial change says of one field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Change<T> {
    /// The field was not named and stays as it is.
    #[default]
    Keep,
    /// The field gets this value.
    Set(T),
}

impl<T> Change<T> {
    /// Writes the value, if there is one, over what is there.
    pub fn apply(self, field: &mut T) {
        match self {
            Self::Keep => {}
            Self::Set(value) => *field = value,
        }
    }
}
