//! Case files that are too large to be made while somebody waits.

use jiff::Timestamp;

use super::CaseFileFormat;
use crate::{grievances::GrievanceId, ids::Id, users::UserId};

/// The id of a [`CaseFileJob`].
pub type CaseFileJobId = Id<CaseFileJob>;

/// A case file that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFileJob {
    /// Its id.
    pub id: CaseFileJobId,
    /// Of which grievance.
    pub grievance: GrievanceId,
    /// Written on what.
    pub format: CaseFileFormat,
    /// Who asked for it, and may take it; none for the operator.
    pub asked_by: Option<UserId>,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// Whether it is there.
    pub state: JobState,
}

/// Whether a case file is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobState {
    /// It is being made.
    Waiting,
    /// It is there until then, under this key of the object store.
    Ready {
        /// Until when.
        until: Timestamp,
        /// Under which key.
        key: String,
    },
    /// It could not be made.
    Failed,
}

impl JobState {
    /// The name on the wire and in storage.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Ready { .. } => "ready",
            Self::Failed => "failed",
        }
    }
}

impl CaseFileJob {
    /// The job with its file, if it waited for one: a second one that was made at the same time counts for nothing.
    pub fn ready(self, key: String, until: Timestamp) -> Option<Self> {
        match self.state {
            JobState::Waiting => Some(Self {
                state: JobState::Ready { until, key },
                ..self
            }),
            JobState::Ready { .. } | JobState::Failed => None,
        }
    }

    /// Whether there is still something to tell of it at `now`: its file, that it waits, or that it failed.
    pub fn counts(&self, now: Timestamp) -> bool {
        match self.state {
            JobState::Waiting | JobState::Failed => true,
            JobState::Ready { until, .. } => now < until,
        }
    }
}
