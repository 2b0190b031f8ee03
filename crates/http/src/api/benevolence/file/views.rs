//! How reviews, answers and unmaskings are shown.

use jiff::Timestamp;
use serde::Serialize;
use unionhall_domain::{
    benevolence::{Answer, AnswerId, Review, ReviewId, Reviewer, Unmasking, UnmaskingId},
    money::Amount,
    text::Prose,
    users::UserId,
};
use utoipa::ToSchema;

use super::super::super::{
    choices::{ReviewDecisionName, ReviewLevelName},
    shown::Shown,
};

/// One reviewer's decision at one level.
#[derive(Serialize, ToSchema)]
#[schema(as = BenevolenceReview)]
pub(super) struct ReviewView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<ReviewId>,
    /// The level.
    #[schema(value_type = ReviewLevelName)]
    review_level: &'static str,
    /// The user who decided.
    #[schema(value_type = String, format = "uuid")]
    reviewer_id: Shown<UserId>,
    /// What was decided.
    #[schema(value_type = ReviewDecisionName)]
    decision: &'static str,
    /// The amount of an approval.
    #[schema(value_type = Option<String>, required = true, pattern = r"^[0-9]+\.[0-9]{2}$")]
    amount: Option<Shown<Amount>>,
    /// Why, or what was asked; null for an approval.
    #[schema(required = true)]
    reason: Option<&'a str>,
    /// For the other reviewers.
    #[schema(required = true)]
    comments: Option<&'a str>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    reviewed_at: Shown<Timestamp>,
}

/// A question of a level with its answer.
#[derive(Serialize, ToSchema)]
#[schema(as = BenevolenceAnswer)]
pub(super) struct AnswerView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<AnswerId>,
    /// The level that asked.
    #[schema(value_type = ReviewLevelName)]
    review_level: &'static str,
    /// What it asked.
    question: &'a str,
    /// What was answered.
    answer: &'a str,
    /// The user who wrote it down; null while whose the application is, is held back.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    answered_by: Option<Shown<UserId>>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    answered_at: Shown<Timestamp>,
}

/// That a reviewer had the name shown to them before they decided.
#[derive(Serialize, ToSchema)]
#[schema(as = BenevolenceUnmasking)]
pub(super) struct UnmaskingView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<UnmaskingId>,
    /// The user who was shown the name.
    #[schema(value_type = String, format = "uuid")]
    user_id: Shown<UserId>,
    /// Why it was needed.
    reason: &'a str,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    unmasked_at: Shown<Timestamp>,
}

/// Somebody who may review an application at the level that is due.
#[derive(Serialize, ToSchema)]
#[schema(as = FreeReviewer)]
pub(super) struct FreeReviewerView {
    /// The user.
    #[schema(value_type = String, format = "uuid")]
    user_id: Shown<UserId>,
}

impl<'a> From<&'a Review> for ReviewView<'a> {
    fn from(review: &'a Review) -> Self {
        let Review {
            id,
            application: _,
            level,
            reviewer,
            verdict,
            comments,
            reviewed_at,
        } = review;
        Self {
            id: Shown(*id),
            review_level: level.as_str(),
            reviewer_id: Shown(reviewer.user),
            decision: verdict.decision().as_str(),
            amount: verdict.amount().map(Shown),
            reason: verdict.words().map(Prose::as_str),
            comments: comments.as_ref().map(Prose::as_str),
            reviewed_at: Shown(*reviewed_at),
        }
    }
}

impl<'a> From<&'a Answer> for AnswerView<'a> {
    fn from(answer: &'a Answer) -> Self {
        let Answer {
            id,
            application: _,
            level,
            question,
            text,
            by,
            at,
        } = answer;
        Self {
            id: Shown(*id),
            review_level: level.as_str(),
            question: question.as_str(),
            answer: text.as_str(),
            answered_by: by.map(Shown),
            answered_at: Shown(*at),
        }
    }
}

impl<'a> From<&'a Unmasking> for UnmaskingView<'a> {
    fn from(unmasking: &'a Unmasking) -> Self {
        let Unmasking {
            id,
            application: _,
            user,
            reason,
            at,
        } = unmasking;
        Self {
            id: Shown(*id),
            user_id: Shown(*user),
            reason: reason.as_str(),
            unmasked_at: Shown(*at),
        }
    }
}

impl From<&Reviewer> for FreeReviewerView {
    fn from(reviewer: &Reviewer) -> Self {
        let Reviewer { user, member: _ } = reviewer;
        Self {
            user_id: Shown(*user),
        }
    }
}
