//! Organizations that are there twice: finding them, and merging two into one.

use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target, differences},
    invalid::Invalid,
    organizations::{Organization, OrganizationField, OrganizationId},
    version::Version,
};
use unionhall_ports::organizations::{Likeness, Moved, Similar, Twins};

use super::{OrganizationError, Organizations, record};
use crate::{call::Call, core::Change, error::CallError, permissions::Permission};

/// An organization that was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// The organization.
    pub organization: Organization,
    /// Others that are like it, and may be the same.
    pub possible_duplicates: Vec<Similar>,
}

/// What is to be merged, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeOrganizations {
    /// The record that stays.
    pub winner: OrganizationId,
    /// The version of it that the caller has seen and means; `None` for any.
    pub winner_version: Option<Version>,
    /// The fields that are taken from the record that goes.
    pub taken: Vec<OrganizationField>,
}

/// What came of a merger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The record that stayed.
    pub winner: Organization,
    /// How many records of each kind hang on it now that hung on the other one, kind by kind.
    pub moved: Vec<(Target, u64)>,
}

/// How many pairs are told.
const PAIRS: u16 = 100;

impl Organizations {
    /// Up to 10 organizations that are like what is said, the most alike first: for whoever is about to add one.
    ///
    /// # Errors
    /// [`OrganizationError`].
    pub fn duplicates(
        &self,
        call: &Call,
        wanted: &Likeness,
    ) -> Result<Vec<Similar>, OrganizationError> {
        call.actor.require(Permission::OrganizationsRead)?;
        self.core
            .snapshot(call, |tx| Ok(tx.duplicates().similar(wanted, None)?))
    }

    /// Up to 100 pairs of organizations that may be one, the most alike first.
    ///
    /// # Errors
    /// [`OrganizationError`].
    pub fn duplicate_pairs(&self, call: &Call) -> Result<Vec<Twins>, OrganizationError> {
        call.actor.require(Permission::OrganizationsRead)?;
        self.core
            .snapshot(call, |tx| Ok(tx.duplicates().pairs(PAIRS)?))
    }

    /// Merges an organization into another one: all that hangs on it hangs on that one from then on, and it is deleted
    /// for good. What the other one does not know comes from it, and what the caller names. Merging it there again does
    /// nothing.
    ///
    /// # Errors
    /// [`OrganizationError`].
    pub fn merge(
        &self,
        call: &Call,
        loser: OrganizationId,
        wanted: &MergeOrganizations,
    ) -> Result<Merged, OrganizationError> {
        call.actor.require(Permission::OrganizationsMerge)?;
        self.core.change(call, |change| {
            if loser == wanted.winner {
                return Err(wrong(
                    "into",
                    "same_organization",
                    "is the organization itself",
                ));
            }
            let (loser, winner) = match both(change, loser, wanted)? {
                Both::There(loser, winner) => (*loser, *winner),
                Both::Done(winner) => {
                    change.leave_unchanged();
                    let moved = Vec::new();
                    return Ok(Merged {
                        winner: *winner,
                        moved,
                    });
                }
            };
            if loser.details.org_type != winner.details.org_type {
                let detail = "is of another type; correct the type of one of them first";
                return Err(wrong("into", "another_type", detail));
            }
            let gone = Organization {
                deleted_at: Some(change.now),
                version: loser.version.next(),
                ..loser.clone()
            };
            change.tx.organizations().update(&gone)?;
            let winner = filled(change, winner, &loser, &wanted.taken)?;
            let now = change.now;
            let moved = change.tx.duplicates().take_over(winner.id, loser.id, now)?;
            let moved = on_record(change, &loser, &winner, &moved)?;
            Ok(Merged { winner, moved })
        })
    }

    /// Why an organization is not found: because it was merged into another one, or there is none.
    pub(super) fn missing(&self, call: &Call, id: OrganizationId) -> OrganizationError {
        let winner = self.core.read(call, |tx| {
            Ok::<_, OrganizationError>(tx.duplicates().merged_into(id)?)
        });
        match winner {
            Ok(Some(winner)) => OrganizationError::Merged(winner),
            Ok(None) => OrganizationError::NotFound,
            Err(error) => error,
        }
    }
}

/// The others that are like a new organization.
pub(super) fn alike(
    change: &mut Change<'_>,
    organization: &Organization,
) -> Result<Vec<Similar>, OrganizationError> {
    let details = &organization.details;
    let likeness = Likeness {
        name: details.name.to_string(),
        address: details.address.as_ref().map(ToString::to_string),
    };
    let except = Some(organization.id);
    Ok(change.tx.duplicates().similar(&likeness, except)?)
}

/// Two organizations that are to be one.
enum Both {
    /// Both are there.
    There(Box<Organization>, Box<Organization>),
    /// They are one already.
    Done(Box<Organization>),
}

/// Locks both, always in the same order, so that two mergers at once wait for each other and do not lock up.
fn both(
    change: &mut Change<'_>,
    loser: OrganizationId,
    wanted: &MergeOrganizations,
) -> Result<Both, OrganizationError> {
    let mut ids = [loser, wanted.winner];
    ids.sort();
    let (mut found_loser, mut found_winner) = (None, None);
    for id in ids {
        let found = change.tx.organizations().lock_to_merge(id)?;
        if id == loser {
            found_loser = found;
        } else {
            found_winner = found;
        }
    }
    let unknown = || {
        wrong(
            "into",
            "unknown_organization",
            "is no organization of this tenant",
        )
    };
    let Some(found_loser) = found_loser else {
        let into = change.tx.duplicates().merged_into(loser)?;
        let into = into.ok_or(OrganizationError::NotFound)?;
        return match found_winner {
            Some(winner) if winner.id == into => Ok(Both::Done(Box::new(winner))),
            Some(_) | None => Err(OrganizationError::Merged(into)),
        };
    };
    let winner = found_winner.ok_or_else(unknown)?;
    change.call.expects(found_loser.version)?;
    if wanted
        .winner_version
        .is_some_and(|seen| seen != winner.version)
    {
        return Err(CallError::Stale.into());
    }
    Ok(Both::There(Box::new(found_loser), Box::new(winner)))
}

/// The winner with what it gets from the loser, written if that changes anything.
fn filled(
    change: &mut Change<'_>,
    winner: Organization,
    loser: &Organization,
    taken: &[OrganizationField],
) -> Result<Organization, OrganizationError> {
    let details = winner
        .details
        .clone()
        .merged_with(loser.details.clone(), taken);
    let fields = differences(winner.details.fields(), details.fields());
    let after = Organization {
        details,
        version: winner.version.next(),
        updated_at: change.now,
        ..winner
    };
    change.tx.organizations().update(&after)?;
    let from = vec![("merged_from", loser.id.to_string())];
    let id = after.id.uuid();
    change.record(AuditAction::Updated, Target::Organization, id, fields, from);
    Ok(after)
}

/// Puts on record what became of the loser, and of each record that hung on it; counts them by kind.
fn on_record(
    change: &mut Change<'_>,
    loser: &Organization,
    winner: &Organization,
    moved: &[Moved],
) -> Result<Vec<(Target, u64)>, OrganizationError> {
    let mut counts: Vec<(Target, u64)> = Vec::new();
    for (index, one) in moved.iter().enumerate() {
        let Moved {
            target,
            field,
            id,
            gave_up,
        } = one;
        let mut fields = vec![FieldChange {
            field,
            before: Some(loser.id.to_string()),
            after: Some(winner.id.to_string()),
        }];
        fields.extend(gave_up.map(|field| FieldChange {
            field,
            before: Some(true.to_string()),
            after: Some(false.to_string()),
        }));
        change.record(AuditAction::Updated, *target, *id, fields, Vec::new());
        match counts.iter_mut().find(|(known, _)| known == target) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => counts.push((*target, 1)),
        }
        if index % FLUSHED_AFTER == FLUSHED_AFTER - 1 {
            change.flush()?;
        }
    }
    let merged = vec![FieldChange {
        field: "merged_into",
        before: None,
        after: Some(winner.id.to_string()),
    }];
    record(change, AuditAction::Merged, loser, merged);
    Ok(counts)
}

/// After so many events they are written, so that a large employer needs no more memory than a small one.
const FLUSHED_AFTER: usize = 500;

fn wrong(field: &'static str, code: &'static str, detail: &str) -> OrganizationError {
    OrganizationError::Invalid(vec![Invalid::new(code, detail).at(field)])
}
