//! How a member is shown.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use unionhall_domain::members::{Member, MemberDetails, MemberId};
use utoipa::ToSchema;

use super::super::{
    choices::{MemberActionName, MemberClassificationName, MemberStatusName},
    shown::Shown,
};

/// A union member on the hall's books.
#[derive(Serialize, ToSchema)]
#[schema(as = Member)]
pub(super) struct MemberView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<MemberId>,
    /// The number the hall knows the member by.
    #[schema(example = "A1204")]
    member_number: &'a str,
    /// Given name.
    first_name: &'a str,
    /// Family name.
    last_name: &'a str,
    /// Middle name.
    #[schema(required = true)]
    middle_name: Option<&'a str>,
    /// Street address.
    #[schema(required = true)]
    address: Option<&'a str>,
    /// City.
    #[schema(required = true)]
    city: Option<&'a str>,
    /// State or province.
    #[schema(required = true)]
    state: Option<&'a str>,
    /// Postal code.
    #[schema(required = true)]
    zip_code: Option<&'a str>,
    /// Telephone number, as written.
    #[schema(required = true)]
    phone: Option<&'a str>,
    /// E-mail address.
    #[schema(required = true)]
    email: Option<&'a str>,
    /// Date of birth.
    #[schema(value_type = Option<String>, required = true, format = Date)]
    date_of_birth: Option<Shown<Date>>,
    /// The day the person joined the union.
    #[schema(value_type = Option<String>, required = true, format = Date)]
    hire_date: Option<Shown<Date>>,
    /// Where the member stands.
    #[schema(value_type = MemberStatusName)]
    status: &'static str,
    /// What the member works as.
    #[schema(value_type = MemberClassificationName)]
    classification: &'static str,
    /// Free notes.
    #[schema(required = true)]
    notes: Option<&'a str>,
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
    #[schema(value_type = Vec<MemberActionName>, required = false)]
    allowed_actions: Option<Vec<&'static str>>,
}

impl MemberView<'_> {
    /// The same view, with what the caller may do.
    pub(super) fn allowing(self, actions: Vec<&'static str>) -> Self {
        Self {
            allowed_actions: Some(actions),
            ..self
        }
    }
}

impl<'a> From<&'a Member> for MemberView<'a> {
    fn from(member: &'a Member) -> Self {
        let Member {
            id,
            details,
            version,
            created_at,
            updated_at,
            deleted_at: _,
        } = member;
        let MemberDetails {
            member_number,
            first_name,
            last_name,
            middle_name,
            address,
            city,
            state,
            zip_code,
            phone,
            email,
            date_of_birth,
            hire_date,
            status,
            classification,
            notes,
        } = details;
        Self {
            id: Shown(*id),
            member_number: member_number.as_str(),
            first_name: first_name.as_str(),
            last_name: last_name.as_str(),
            middle_name: middle_name.as_ref().map(|text| text.as_str()),
            address: address.as_ref().map(|text| text.as_str()),
            city: city.as_ref().map(|text| text.as_str()),
            state: state.as_ref().map(|text| text.as_str()),
            zip_code: zip_code.as_ref().map(|text| text.as_str()),
            phone: phone.as_ref().map(|text| text.as_str()),
            email: email.as_ref().map(|text| text.as_str()),
            date_of_birth: date_of_birth.map(Shown),
            hire_date: hire_date.map(Shown),
            status: status.as_str(),
            classification: classification.as_str(),
            notes: notes.as_ref().map(|text| text.as_str()),
            version: version.get(),
            created_at: Shown(*created_at),
            updated_at: Shown(*updated_at),
            allowed_actions: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use unionhall_domain::{
        ids::Id,
        members::{MemberClassification, MemberNumber, MemberStatus},
        text::Line,
        version::Version,
    };
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_row_shows_every_field_and_a_record_what_may_be_done_too() {
        let at: Timestamp = "2026-11-21T08:00:00Z".parse().unwrap();
        let member = Member {
            id: Id::new(Uuid::from_u128(7)),
            details: MemberDetails {
                member_number: MemberNumber::parse("A1204").unwrap(),
                first_name: Line::parse("Ada").unwrap(),
                last_name: Line::parse("Voltz").unwrap(),
                middle_name: None,
                address: None,
                city: Some(Line::parse("Kent").unwrap()),
                state: None,
                zip_code: None,
                phone: None,
                email: None,
                date_of_birth: Some(jiff::civil::date(1980, 5, 1)),
                hire_date: None,
                status: MemberStatus::Active,
                classification: MemberClassification::Apprentice1,
                notes: None,
            },
            version: Version::FIRST,
            created_at: at,
            updated_at: at,
            deleted_at: None,
        };
        let mut expected = json!({
            "id": "00000000-0000-0000-0000-000000000007", "member_number": "A1204",
            "first_name": "Ada", "last_name": "Voltz", "middle_name": null, "address": null,
            "city": "Kent", "state": null, "zip_code": null, "phone": null, "email": null,
            "date_of_birth": "1980-05-01", "hire_date": null, "status": "active",
            "classification": "apprentice_1", "notes": null, "version": 1,
            "created_at": "2026-11-21T08:00:00Z", "updated_at": "2026-11-21T08:00:00Z"
        });
        let row = serde_json::to_value(MemberView::from(&member)).unwrap();
        assert_eq!(row, expected);
        let record = MemberView::from(&member).allowing(vec!["update"]);
        expected["allowed_actions"] = json!(["update"]);
        assert_eq!(serde_json::to_value(record).unwrap(), expected);
    }
}
