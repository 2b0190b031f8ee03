//! What can be said of an instructor.

use serde::Deserialize;
use unionhall_application::instructors::{NewInstructor, UpdateInstructor};
use unionhall_domain::{
    change::Change,
    ids::Id,
    instructors::{
        Engagement, InstructorChange, InstructorDetails, InstructorStatus, RateType, TaxId,
    },
    money::Amount,
    text::{Line, Prose},
    users::EmailAddress,
};
use utoipa::ToSchema;

use super::super::choices::{EngagementName, InstructorStatusName, RateTypeName};
use crate::web::{
    fields::{Input, Reader, Unknown},
    problem::Problem,
};

/// An instructor to be added.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = CreateInstructor,
    example = json!({"first_name": "Mara", "last_name": "Volt", "email": "mara@volt.example", "rate_type": "hourly", "rate_amount": "62.50", "engagement": "contractor_1099", "tax_id": "12-3456789"})
)]
pub(super) struct CreateInstructorBody {
    /// Given name.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 50, pattern = r"\S")]
    first_name: Input,
    /// Family name.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 50, pattern = r"\S")]
    last_name: Input,
    /// E-mail address, given to no other instructor of the tenant.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Email, max_length = 254)]
    email: Input,
    /// Telephone number, as written.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    phone: Input,
    /// Who they are, in a few words.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 5000, pattern = r"\S")]
    bio: Input,
    /// What certifies them to teach.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 255, pattern = r"\S")]
    certification: Input,
    /// What they are best at.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2000, pattern = r"\S")]
    specialties: Input,
    /// What the rate is paid for; an hour when nothing is said.
    #[serde(default)]
    #[schema(value_type = RateTypeName)]
    rate_type: Input,
    /// What is paid for each hour or day, or altogether, in the currency of the tenant.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = r"^\d{1,10}(\.\d{1,2})?$")]
    rate_amount: Input,
    /// How they are engaged; as an employee when nothing is said.
    #[serde(default)]
    #[schema(value_type = EngagementName)]
    engagement: Input,
    /// The user of the tenant that they are, so that they can act.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    user_id: Input,
    /// Whether they teach at present; active when nothing is said.
    #[serde(default)]
    #[schema(value_type = InstructorStatusName)]
    status: Input,
    /// An employer's or a person's number with the tax office, of nine digits; it is sealed, and shown by its last four.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = r"^(\d{9}|\d{2}-\d{7}|\d{3}-\d{2}-\d{4})$")]
    tax_id: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl CreateInstructorBody {
    /// What is known of it, or every field that is wrong.
    pub(super) fn command(self) -> Result<NewInstructor, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let new = self.read(&mut reader);
        reader.finish(new)
    }

    fn read(self, reader: &mut Reader) -> Option<NewInstructor> {
        let first_name = reader.required("first_name", self.first_name, Line::parse);
        let last_name = reader.required("last_name", self.last_name, Line::parse);
        let email = reader.required("email", self.email, EmailAddress::parse);
        let phone = reader.optional("phone", self.phone, Line::parse);
        let bio = reader.optional("bio", self.bio, Prose::parse);
        let certification = reader.optional("certification", self.certification, Line::parse);
        let specialties = reader.optional("specialties", self.specialties, Prose::parse);
        let rate_type = reader.optional("rate_type", self.rate_type, RateType::parse);
        let rate_amount = reader.optional("rate_amount", self.rate_amount, Amount::parse);
        let engagement = reader.optional("engagement", self.engagement, Engagement::parse);
        let user = reader.optional("user_id", self.user_id, Id::parse);
        let status = reader.optional("status", self.status, InstructorStatus::parse);
        let tax_id = reader.optional("tax_id", self.tax_id, TaxId::parse);
        let details = InstructorDetails {
            first_name: first_name?,
            last_name: last_name?,
            email: email?,
            phone,
            bio,
            certification,
            specialties,
            rate_type: rate_type.unwrap_or(RateType::Hourly),
            rate_amount,
            engagement: engagement.unwrap_or(Engagement::Employee),
            user,
            status: status.unwrap_or(InstructorStatus::Active),
        };
        Some(NewInstructor { details, tax_id })
    }
}

/// What to change of an instructor.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChangeInstructor, example = json!({"rate_amount": "65.00", "tax_id": null}))]
pub(super) struct ChangeInstructorBody {
    /// Given name.
    #[serde(default)]
    #[schema(value_type = String, max_length = 50, pattern = r"\S")]
    first_name: Input,
    /// Family name.
    #[serde(default)]
    #[schema(value_type = String, max_length = 50, pattern = r"\S")]
    last_name: Input,
    /// E-mail address, given to no other instructor of the tenant.
    #[serde(default)]
    #[schema(value_type = String, format = Email, max_length = 254)]
    email: Input,
    /// Telephone number, as written.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    phone: Input,
    /// Who they are, in a few words.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 5000, pattern = r"\S")]
    bio: Input,
    /// What certifies them to teach.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 255, pattern = r"\S")]
    certification: Input,
    /// What they are best at.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2000, pattern = r"\S")]
    specialties: Input,
    /// What the rate is paid for; an hour when nothing is said.
    #[serde(default)]
    #[schema(value_type = RateTypeName)]
    rate_type: Input,
    /// What is paid for each hour or day, or altogether, in the currency of the tenant.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = r"^\d{1,10}(\.\d{1,2})?$")]
    rate_amount: Input,
    /// How they are engaged; as an employee when nothing is said.
    #[serde(default)]
    #[schema(value_type = EngagementName)]
    engagement: Input,
    /// The user of the tenant that they are, so that they can act.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    user_id: Input,
    /// Whether they teach at present; active when nothing is said.
    #[serde(default)]
    #[schema(value_type = InstructorStatusName)]
    status: Input,
    /// The number with the tax office: another one, or none any more.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = r"^(\d{9}|\d{2}-\d{7}|\d{3}-\d{2}-\d{4})$")]
    tax_id: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ChangeInstructorBody {
    /// The change, or every field that is wrong.
    pub(super) fn command(self) -> Result<UpdateInstructor, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let tax_id: Change<Option<TaxId>> = reader.clearable("tax_id", self.tax_id, TaxId::parse);
        let change = InstructorChange {
            first_name: reader.change("first_name", self.first_name, Line::parse),
            last_name: reader.change("last_name", self.last_name, Line::parse),
            email: reader.change("email", self.email, EmailAddress::parse),
            phone: reader.clearable("phone", self.phone, Line::parse),
            bio: reader.clearable("bio", self.bio, Prose::parse),
            certification: reader.clearable("certification", self.certification, Line::parse),
            specialties: reader.clearable("specialties", self.specialties, Prose::parse),
            rate_type: reader.change("rate_type", self.rate_type, RateType::parse),
            rate_amount: reader.clearable("rate_amount", self.rate_amount, Amount::parse),
            engagement: reader.change("engagement", self.engagement, Engagement::parse),
            user: reader.clearable("user_id", self.user_id, Id::parse),
            status: reader.change("status", self.status, InstructorStatus::parse),
        };
        reader.finish(Some(UpdateInstructor {
            details: change,
            tax_id,
        }))
    }
}
