//! Many records at once: an answer for each, and what is common to deciding on them.
//!
//! A batch is one transaction. What speaks against one record keeps no other from being changed; what fails, such as
//! storage, keeps all of them from it.

use std::collections::HashMap;

use unionhall_domain::{
    batches::{Batch, Meant},
    ids::Id,
};

use crate::error::{CallError, Coded};

/// What became of one of many records.
#[derive(Debug)]
pub struct Answered<T, E> {
    /// Which one.
    pub id: Id<T>,
    /// The record as it is now, or why it was left as it was.
    pub outcome: Result<T, E>,
}

/// What was decided on one record.
pub(crate) enum Decided<T> {
    /// It is to be as this.
    Changed(T),
    /// It was that already.
    Unchanged(T),
}

/// Why a record of a batch is left as it is, for every kind of record.
pub(crate) trait Refusal: Coded + From<CallError> {
    /// There is no such record.
    fn not_found() -> Self;
}

/// Decides on each record of a batch by what is known of it, and gives the answers and what is to be written.
///
/// `version` and `id` read those of a record; `decide` is asked about records that are there in the version that was
/// seen.
pub(crate) fn decided<T: Clone, E: Refusal>(
    batch: &Batch<T>,
    known: Vec<T>,
    read: impl Fn(&T) -> (Id<T>, unionhall_domain::version::Version),
    mut decide: impl FnMut(T) -> Result<Decided<T>, E>,
) -> (Vec<Answered<T, E>>, Vec<T>) {
    let mut known: HashMap<_, _> = known.into_iter().map(|one| (read(&one).0, one)).collect();
    let mut written = Vec::new();
    let mut outcome = |meant: &Meant<T>| {
        let before = known.remove(&meant.id).ok_or_else(E::not_found)?;
        if !meant.fits(read(&before).1) {
            return Err(CallError::Stale.into());
        }
        Ok(match decide(before)? {
            Decided::Changed(after) => {
                written.push(after.clone());
                after
            }
            Decided::Unchanged(before) => before,
        })
    };
    let answers = batch.iter().map(|meant| Answered {
        id: meant.id,
        outcome: outcome(meant),
    });
    let answers = answers.collect();
    (answers, written)
}
