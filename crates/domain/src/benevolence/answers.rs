//! What an applicant answered to a level's question.

use jiff::Timestamp;

use super::{BenevolenceApplicationId, words::Level};
use crate::{ids::Id, text::Prose, users::UserId};

/// The id of an [`Answer`].
pub type AnswerId = Id<Answer>;

/// A question of a level with its answer; kept when the application goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its id.
    pub id: AnswerId,
    /// The application.
    pub application: BenevolenceApplicationId,
    /// The level that asked.
    pub level: Level,
    /// What it asked.
    pub question: Prose<2_000>,
    /// What the applicant answered.
    pub text: Prose<10_000>,
    /// Who wrote it down: the member's own user, or somebody of the office; none for the operator.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
}
