//! What can be said of seats and relations.

use jiff::civil::Date;
use serde::Deserialize;
use unionhall_application::benevolence::{DeclareRelation, SeatReviewer};
use unionhall_domain::{
    benevolence::{Kinship, Level},
    ids::Id,
};
use utoipa::ToSchema;

use super::super::super::choices::{KinshipName, ReviewLevelName};
use crate::web::{
    fields::{Input, Reader, Unknown, date},
    problem::Problem,
};

/// A seat to be given.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = SeatReviewer,
    example = json!({
        "review_level": "vp", "user_id": "019aa5c8-7b00-7000-8000-000000000003", "from": "2027-01-01"
    })
)]
pub(super) struct SeatBody {
    /// The level.
    #[serde(default)]
    #[schema(value_type = ReviewLevelName, required = true)]
    review_level: Input,
    /// Who is to sit there: a user of the hall who may review.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = "uuid")]
    user_id: Input,
    /// The first day; today when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    from: Input,
    /// The first day on which it counts no more, if that is known.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    until: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl SeatBody {
    /// The seat, or every field that is wrong.
    pub(super) fn command(self) -> Result<SeatReviewer, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let level = reader.required("review_level", self.review_level, Level::parse);
        let user = reader.required("user_id", self.user_id, Id::parse);
        let from = reader.optional("from", self.from, date);
        let until = reader.optional("until", self.until, date);
        let command = level.zip(user).map(|(level, user)| SeatReviewer {
            level,
            user,
            from,
            until,
        });
        reader.finish(command)
    }
}

/// When a seat ends.
#[derive(Deserialize, ToSchema)]
#[schema(as = EndSeat, example = json!({"until": "2027-01-01"}))]
pub(super) struct EndSeatBody {
    /// The first day on which it counts no more: today or later.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Date)]
    until: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl EndSeatBody {
    /// The day, or what is wrong with it.
    pub(super) fn command(self) -> Result<Date, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let until = reader.required("until", self.until, date);
        reader.finish(until)
    }
}

/// A relation to be declared.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = DeclareRelation,
    example = json!({
        "member_id": "019aa5c8-7b00-7000-8000-000000000001",
        "user_id": "019aa5c8-7b00-7000-8000-000000000003",
        "kinship": "sibling"
    })
)]
pub(super) struct RelateBody {
    /// The member.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = "uuid")]
    member_id: Input,
    /// The user who may review.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = "uuid")]
    user_id: Input,
    /// How they are related.
    #[serde(default)]
    #[schema(value_type = KinshipName, required = true)]
    kinship: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl RelateBody {
    /// The relation, or every field that is wrong.
    pub(super) fn command(self) -> Result<DeclareRelation, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let member = reader.required("member_id", self.member_id, Id::parse);
        let user = reader.required("user_id", self.user_id, Id::parse);
        let kinship = reader.required("kinship", self.kinship, Kinship::parse);
        let command = member
            .zip(user)
            .zip(kinship)
            .map(|((member, user), kinship)| DeclareRelation {
                member,
                user,
                kinship,
            });
        reader.finish(command)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::web::problem::tests::told;

    const ID: &str = "019aa5c8-7b00-7000-8000-000000000001";

    #[test]
    fn a_seat_has_a_level_and_a_holder_and_all_that_is_wrong_is_told() {
        let read = |body| serde_json::from_value::<SeatBody>(body).unwrap().command();
        let seat = read(json!({"review_level": "manager", "user_id": ID}));
        assert_eq!(seat.unwrap().level, Level::Manager);
        let wrong = read(json!({"review_level": "boss", "from": "x", "until": "y"}));
        let expected = [
            "/review_level unknown_value",
            "/user_id required",
            "/from not_a_date",
            "/until not_a_date",
        ];
        assert_eq!(told(wrong), expected);
    }

    #[test]
    fn a_relation_is_of_two_and_of_a_kind() {
        let read = |body| {
            serde_json::from_value::<RelateBody>(body)
                .unwrap()
                .command()
        };
        let relation = read(json!({"member_id": ID, "user_id": ID, "kinship": "in_law"}));
        assert_eq!(relation.unwrap().kinship, Kinship::InLaw);
        let expected = [
            "/member_id required",
            "/user_id required",
            "/kinship required",
        ];
        assert_eq!(told(read(json!({}))), expected);
    }

    #[test]
    fn the_end_of_a_seat_is_a_day() {
        let read = |body| {
            serde_json::from_value::<EndSeatBody>(body)
                .unwrap()
                .command()
        };
        assert!(read(json!({"until": "2027-01-01"})).is_ok());
        assert_eq!(told(read(json!({}))), ["/until required"]);
    }
}
