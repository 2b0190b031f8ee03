//! Deadlines of grievances: counted from an event by a rule and the calendars, with every step of the working kept,
//! and moved by nobody but those who say so.

mod accords;
mod comparison;
mod corrections;
mod counting;
mod dates;
mod derivation;
mod happenings;
mod sentences;
mod status;
mod table;
mod warnings;
mod words;

#[cfg(test)]
mod lives;
#[cfg(test)]
mod properties;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod worked;

use jiff::{Timestamp, civil::Date};

pub use self::{
    accords::{Accord, Extension, Grant},
    comparison::{Cause, Comparison, Difference, Effect, NotConfirmed, compare},
    corrections::{Correction, Occurrence, TakenBack, Witness},
    counting::{Count, OffDay, Rolled, Uncountable, Way},
    derivation::{Basis, Derivation, Extended, Service, Stage, Trigger, derive},
    happenings::{Happening, countable},
    sentences::task,
    status::{DeadlineAction, DeadlineMove, DeadlineRefusal, DeadlineState, DeadlineStatus},
    table::table,
    warnings::{Audience, Warning, WarningKey, WarningKind},
};
use crate::{
    audit::Fields, collective_agreements::CollectiveAgreementId, grievances::GrievanceId, ids::Id,
    version::Version,
};

/// The id of a [`Deadline`].
pub type DeadlineId = Id<Deadline>;

/// A day by which one of the sides must have done something for a grievance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// Its id.
    pub id: DeadlineId,
    /// The grievance it belongs to.
    pub grievance: GrievanceId,
    /// The day, and how it was found; replaced by [`Deadline::apply`] and [`Deadline::confirm`] alone.
    pub derivation: Derivation,
    /// Where it stands; moved by [`Deadline::apply`] alone.
    pub state: DeadlineState,
    /// Counts its changes.
    pub version: Version,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Deadline {
    /// A deadline that has just begun to run.
    pub const fn begun(
        id: DeadlineId,
        grievance: GrievanceId,
        derivation: Derivation,
        at: Timestamp,
    ) -> Self {
        Self {
            id,
            grievance,
            derivation,
            state: DeadlineState::Open,
            version: Version::FIRST,
            created_at: at,
            updated_at: at,
        }
    }

    /// The last day on which it can be met, in the tenant's time zone.
    pub const fn due(&self) -> Date {
        self.derivation.due
    }

    /// How many calendar days are left on a day; negative when it is over.
    pub fn days_left(&self, today: Date) -> i32 {
        dates::days_between(today, self.due())
    }

    /// The agreement whose rule it follows.
    pub const fn agreement(&self) -> CollectiveAgreementId {
        self.derivation.basis.agreement
    }

    /// The deadline as the audit trail shows it.
    pub fn fields(&self) -> Fields {
        let Basis {
            agreement,
            agreement_name: _,
            rules,
            rule,
        } = &self.derivation.basis;
        vec![
            ("grievance_id", Some(self.grievance.to_string())),
            ("agreement_id", Some(agreement.to_string())),
            ("rules_version", Some(rules.get().to_string())),
            ("article", Some(rule.article.to_string())),
            ("step", Some(rule.key.step.as_str().to_owned())),
            ("side", Some(rule.key.side.as_str().to_owned())),
            ("duty", Some(rule.key.duty.as_str().to_owned())),
            (
                "event",
                Some(self.derivation.trigger.kind.as_str().to_owned()),
            ),
            ("event_date", Some(self.derivation.trigger.date.to_string())),
            ("due_date", Some(self.due().to_string())),
            ("status", Some(self.status().as_str().to_owned())),
            ("derivation", Some(self.derivation.sentences())),
        ]
    }
}
