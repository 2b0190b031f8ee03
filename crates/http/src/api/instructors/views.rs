//! How an instructor is shown.

use jiff::Timestamp;
use serde::Serialize;
use unionhall_domain::{
    instructors::{Instructor, InstructorDetails, InstructorId},
    money::Amount,
    users::UserId,
};
use utoipa::ToSchema;

use super::super::{
    choices::{EngagementName, InstructorActionName, InstructorStatusName, RateTypeName},
    shown::Shown,
};

/// Somebody who teaches.
#[derive(Serialize, ToSchema)]
#[schema(as = Instructor)]
pub(super) struct InstructorView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<InstructorId>,
    /// Given name.
    first_name: &'a str,
    /// Family name.
    last_name: &'a str,
    /// E-mail address, given to no other instructor of the tenant.
    email: &'a str,
    /// Telephone number, as written.
    #[schema(required = true)]
    phone: Option<&'a str>,
    /// Who they are, in a few words.
    #[schema(required = true)]
    bio: Option<&'a str>,
    /// What certifies them to teach.
    #[schema(required = true)]
    certification: Option<&'a str>,
    /// What they are best at.
    #[schema(required = true)]
    specialties: Option<&'a str>,
    /// What the rate is paid for; an hour when nothing is said.
    #[schema(value_type = RateTypeName)]
    rate_type: &'static str,
    /// What is paid for each hour or day, or altogether, in the currency of the tenant.
    #[schema(value_type = Option<String>, required = true)]
    rate_amount: Option<Shown<Amount>>,
    /// How they are engaged; as an employee when nothing is said.
    #[schema(value_type = EngagementName)]
    engagement: &'static str,
    /// The user of the tenant that they are, so that they can act.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    user_id: Option<Shown<UserId>>,
    /// Whether they teach at present; active when nothing is said.
    #[schema(value_type = InstructorStatusName)]
    status: &'static str,
    /// The last four digits of the tax id, the others covered.
    #[schema(required = true, example = "*****6789")]
    tax_id: Option<String>,
    /// Counts the changes of the record.
    #[schema(minimum = 1)]
    version: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown<Timestamp>,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Shown<Timestamp>,
    /// What the caller may do with it now; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<InstructorActionName>, required = false)]
    allowed_actions: Option<Vec<&'static str>>,
}

impl InstructorView<'_> {
    /// The same view, with what the caller may do.
    pub(super) fn allowing(self, actions: Vec<&'static str>) -> Self {
        Self {
            allowed_actions: Some(actions),
            ..self
        }
    }
}

impl<'a> From<&'a Instructor> for InstructorView<'a> {
    fn from(instructor: &'a Instructor) -> Self {
        let Instructor {
            id,
            details,
            tax_id,
            version,
            created_at,
            updated_at,
            deleted_at: _,
        } = instructor;
        let InstructorDetails {
            first_name,
            last_name,
            email,
            phone,
            bio,
            certification,
            specialties,
            rate_type,
            rate_amount,
            engagement,
            user,
            status,
        } = details;
        Self {
            id: Shown(*id),
            first_name: first_name.as_str(),
            last_name: last_name.as_str(),
            email: email.as_str(),
            phone: phone.as_ref().map(|text| text.as_str()),
            bio: bio.as_ref().map(|text| text.as_str()),
            certification: certification.as_ref().map(|text| text.as_str()),
            specialties: specialties.as_ref().map(|text| text.as_str()),
            rate_type: rate_type.as_str(),
            rate_amount: rate_amount.map(Shown),
            engagement: engagement.as_str(),
            user_id: user.map(Shown),
            status: status.as_str(),
            tax_id: tax_id.as_ref().map(ToString::to_string),
            version: version.get(),
            created_at: Shown(*created_at),
            updated_at: Shown(*updated_at),
            allowed_actions: None,
        }
    }
}
