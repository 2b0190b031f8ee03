//! How seats and relations are shown.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use unionhall_domain::{
    benevolence::{Relation, RelationId, Seat, SeatId},
    members::MemberId,
    users::UserId,
};
use utoipa::ToSchema;

use super::super::super::{
    choices::{KinshipName, ReviewLevelName},
    shown::Shown,
};

/// A person's seat at a level.
#[derive(Serialize, ToSchema)]
#[schema(as = BenevolenceSeat)]
pub(super) struct SeatView {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<SeatId>,
    /// The level.
    #[schema(value_type = ReviewLevelName)]
    review_level: &'static str,
    /// Who sits there.
    #[schema(value_type = String, format = "uuid")]
    user_id: Shown<UserId>,
    /// The first day.
    #[schema(value_type = String, format = Date)]
    from: Shown<Date>,
    /// The first day on which it counts no more; null while it is held.
    #[schema(value_type = Option<String>, required = true, format = Date)]
    until: Option<Shown<Date>>,
}

/// A relation between a member and somebody who may review.
#[derive(Serialize, ToSchema)]
#[schema(as = BenevolenceRelation)]
pub(super) struct RelationView {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<RelationId>,
    /// The member.
    #[schema(value_type = String, format = "uuid")]
    member_id: Shown<MemberId>,
    /// Who may review.
    #[schema(value_type = String, format = "uuid")]
    user_id: Shown<UserId>,
    /// How they are related.
    #[schema(value_type = KinshipName)]
    kinship: &'static str,
    /// The user who declared it.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    declared_by: Option<Shown<UserId>>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    declared_at: Shown<Timestamp>,
    /// When it was declared to be over.
    #[schema(value_type = Option<String>, required = true, format = DateTime)]
    ended_at: Option<Shown<Timestamp>>,
}

impl From<&Seat> for SeatView {
    fn from(seat: &Seat) -> Self {
        let Seat {
            id,
            level,
            holder,
            from,
            until,
        } = seat;
        Self {
            id: Shown(*id),
            review_level: level.as_str(),
            user_id: Shown(holder.user),
            from: Shown(*from),
            until: until.map(Shown),
        }
    }
}

impl From<&Relation> for RelationView {
    fn from(relation: &Relation) -> Self {
        let Relation {
            id,
            member,
            reviewer,
            kinship,
            declared_by,
            declared_at,
            ended_at,
        } = relation;
        Self {
            id: Shown(*id),
            member_id: Shown(*member),
            user_id: Shown(reviewer.user),
            kinship: kinship.as_str(),
            declared_by: declared_by.map(Shown),
            declared_at: Shown(*declared_at),
            ended_at: ended_at.map(Shown),
        }
    }
}
