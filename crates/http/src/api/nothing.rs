//! The body of a request that needs none.

use serde::Deserialize;

use crate::web::{
    body::Body,
    fields::{Reader, Unknown},
    problem::Problem,
};

/// No fields at all.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Nothing {
    #[serde(flatten)]
    unknown: Unknown,
}

/// Goes on if the body is empty or `{}`.
pub(super) fn expected(body: &Body<Nothing>) -> Result<(), Problem> {
    let Nothing { unknown } = body.parse_if_any()?;
    Reader::new(&unknown).finish(Some(()))
}
