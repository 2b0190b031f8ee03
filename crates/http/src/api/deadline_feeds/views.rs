//! How a calendar feed is shown to its owner.

use jiff::Timestamp;
use serde::Serialize;
use unionhall_application::deadline_feeds::IssuedFeed;
use unionhall_domain::deadline_feeds::{DeadlineFeed, DeadlineFeedId};
use utoipa::ToSchema;

use super::super::shown::Shown;

/// A calendar feed of deadlines.
#[derive(Serialize, ToSchema)]
#[schema(as = DeadlineFeed)]
pub(super) struct FeedView {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<DeadlineFeedId>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown<Timestamp>,
    /// When its present address was made.
    #[schema(value_type = String, format = DateTime)]
    issued_at: Shown<Timestamp>,
    /// When its present address was last fetched; `null` when it never was.
    #[schema(value_type = Option<String>, format = DateTime, required = true)]
    last_fetched_at: Option<Shown<Timestamp>>,
}

/// A calendar feed of deadlines with its address, which is never shown again.
#[derive(Serialize, ToSchema)]
#[schema(as = IssuedDeadlineFeed)]
pub(super) struct IssuedFeedView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<DeadlineFeedId>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown<Timestamp>,
    /// When this address was made.
    #[schema(value_type = String, format = DateTime)]
    issued_at: Shown<Timestamp>,
    /// The address to give to a calendar. Whoever knows it can fetch the feed: keep it as you would a password.
    #[schema(
        format = "uri",
        example = "https://hall.example/api/v1/deadline-feeds/7qJZ3nYx0mT1c9b2dK5fVw8sLrA4eUg6hPiOoNkMjIQ.ics"
    )]
    url: &'a str,
}

impl From<&DeadlineFeed> for FeedView {
    fn from(feed: &DeadlineFeed) -> Self {
        let DeadlineFeed {
            id,
            user: _,
            made_at,
            issued_at,
            fetched_at,
        } = feed;
        Self {
            id: Shown(*id),
            created_at: Shown(*made_at),
            issued_at: Shown(*issued_at),
            last_fetched_at: fetched_at.map(Shown),
        }
    }
}

impl<'a> From<&'a IssuedFeed> for IssuedFeedView<'a> {
    fn from(issued: &'a IssuedFeed) -> Self {
        Self {
            id: Shown(issued.feed.id),
            created_at: Shown(issued.feed.made_at),
            issued_at: Shown(issued.feed.issued_at),
            url: &issued.address,
        }
    }
}
