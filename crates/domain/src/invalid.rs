//! What is wrong with a value, in a form that a program can match and a person can read.

use std::fmt;

/// Why one value is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// A stable word for programs, in `snake_case`.
    pub code: &'static str,
    /// The sentence for people; it never repeats the value, which may be personal.
    pub detail: String,
}

impl Invalid {
    /// A refusal with its code and its sentence.
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
        }
    }

    /// The same refusal, said of a field.
    pub fn at(self, field: &'static str) -> FieldError {
        FieldError {
            field: field.into(),
            invalid: self,
        }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

/// One wrong field of many: callers are told all of them at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name on the wire.
    pub field: std::borrow::Cow<'static, str>,
    /// What is wrong with it.
    pub invalid: Invalid,
}
