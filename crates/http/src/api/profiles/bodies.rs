//! What people can say of themselves.

use serde::Deserialize;
use unionhall_domain::{
    profiles::{Language, ProfileChange},
    tenants::ZoneName,
    text::{Line, Prose},
};
use utoipa::ToSchema;

use crate::web::{
    fields::{Input, Reader, Unknown},
    problem::Problem,
};

/// What to change of one's profile.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = ChangeProfile,
    example = json!({"job_title": "Shop steward", "language": "es-MX", "bio": null})
)]
pub(super) struct ChangeProfileBody {
    /// Given name.
    #[serde(default)]
    #[schema(value_type = String, max_length = 100, pattern = r"\S")]
    first_name: Input,
    /// Family name.
    #[serde(default)]
    #[schema(value_type = String, max_length = 100, pattern = r"\S")]
    last_name: Input,
    /// Telephone number, as written.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    phone: Input,
    /// A few words about oneself.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 1000, pattern = r"\S")]
    bio: Input,
    /// What one works as.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100, pattern = r"\S")]
    job_title: Input,
    /// Where one works.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100, pattern = r"\S")]
    department: Input,
    /// The language one wants to be spoken to in, as a tag of BCP 47.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 35, example = "es-MX")]
    language: Input,
    /// Where one's days begin and end: a time zone of the IANA database.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100, example = "America/Los_Angeles")]
    time_zone: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ChangeProfileBody {
    /// The change, or every field that is wrong.
    pub(super) fn command(self) -> Result<ProfileChange, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let change = ProfileChange {
            first_name: reader.change("first_name", self.first_name, Line::parse),
            last_name: reader.change("last_name", self.last_name, Line::parse),
            phone: reader.clearable("phone", self.phone, Line::parse),
            bio: reader.clearable("bio", self.bio, Prose::parse),
            job_title: reader.clearable("job_title", self.job_title, Line::parse),
            department: reader.clearable("department", self.department, Line::parse),
            language: reader.clearable("language", self.language, Language::parse),
            time_zone: reader.clearable("time_zone", self.time_zone, ZoneName::parse),
        };
        reader.finish(Some(change))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::web::problem::tests::told;

    #[test]
    fn every_field_is_checked_and_all_that_are_wrong_are_told() {
        let long = "x".repeat(1_001);
        let body = json!({
            "first_name": null, "last_name": long, "phone": long, "bio": long, "job_title": long,
            "department": long, "language": "english", "time_zone": "Mars/Base", "email": "x"
        });
        let body: ChangeProfileBody = serde_json::from_value(body).unwrap();
        let wrong = [
            "/email unknown_field",
            "/first_name required",
            "/last_name too_long",
            "/phone too_long",
            "/bio too_long",
            "/job_title too_long",
            "/department too_long",
            "/language not_a_language",
            "/time_zone unknown_time_zone",
        ];
        assert_eq!(told(body.command()), wrong);
    }
}
