//! How an organization is shown.

use jiff::Timestamp;
use serde::Serialize;
use unionhall_application::organizations::Similar;
use unionhall_domain::organizations::{Organization, OrganizationDetails, OrganizationId};
use utoipa::ToSchema;

use super::{
    super::{
        choices::{OrganizationActionName, OrganizationTypeName},
        shown::Shown,
    },
    merging::SimilarView,
};

/// An employer, union, training partner or JATC.
#[derive(Serialize, ToSchema)]
#[schema(as = Organization)]
pub(super) struct OrganizationView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<OrganizationId>,
    /// Its name.
    name: &'a str,
    /// What it is to the hall.
    #[schema(value_type = OrganizationTypeName)]
    org_type: &'static str,
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
    /// Web site.
    #[schema(required = true)]
    website: Option<&'a str>,
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
    #[schema(value_type = Vec<OrganizationActionName>, required = false)]
    allowed_actions: Option<Vec<&'static str>>,
    /// Others that it may be the same as, the most alike first; only after it was added.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<SimilarView>, required = false)]
    possible_duplicates: Option<Vec<SimilarView<'a>>>,
}

impl<'a> OrganizationView<'a> {
    /// The same view, with what the caller may do.
    pub(super) fn allowing(self, actions: Vec<&'static str>) -> Self {
        Self {
            allowed_actions: Some(actions),
            ..self
        }
    }

    /// The same view, with what it may be the same as.
    pub(super) fn beside(self, similar: &'a [Similar]) -> Self {
        Self {
            possible_duplicates: Some(similar.iter().map(SimilarView::from).collect()),
            ..self
        }
    }
}

impl<'a> From<&'a Organization> for OrganizationView<'a> {
    fn from(organization: &'a Organization) -> Self {
        let Organization {
            id,
            details,
            version,
            created_at,
            updated_at,
            deleted_at: _,
        } = organization;
        let OrganizationDetails {
            name,
            org_type,
            address,
            city,
            state,
            zip_code,
            phone,
            email,
            website,
        } = details;
        Self {
            id: Shown(*id),
            name: name.as_str(),
            org_type: org_type.as_str(),
            address: address.as_ref().map(|text| text.as_str()),
            city: city.as_ref().map(|text| text.as_str()),
            state: state.as_ref().map(|text| text.as_str()),
            zip_code: zip_code.as_ref().map(|text| text.as_str()),
            phone: phone.as_ref().map(|text| text.as_str()),
            email: email.as_ref().map(|text| text.as_str()),
            website: website.as_ref().map(|text| text.as_str()),
            version: version.get(),
            created_at: Shown(*created_at),
            updated_at: Shown(*updated_at),
            allowed_actions: None,
            possible_duplicates: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use unionhall_domain::{
        ids::Id, organizations::OrganizationType, text::Line, version::Version,
    };
    use uuid::Uuid;

    use super::*;

    #[test]
    fn an_organization_shows_every_field() {
        let at: Timestamp = "2026-11-21T08:00:00Z".parse().unwrap();
        let organization = Organization {
            id: Id::new(Uuid::from_u128(7)),
            details: OrganizationDetails {
                name: Line::parse("Cascade Electric").unwrap(),
                org_type: OrganizationType::TrainingPartner,
                address: None,
                city: Some(Line::parse("Seattle").unwrap()),
                state: None,
                zip_code: None,
                phone: None,
                email: None,
                website: None,
            },
            version: Version::FIRST.next(),
            created_at: at,
            updated_at: at,
            deleted_at: None,
        };
        assert_eq!(
            serde_json::to_value(OrganizationView::from(&organization)).unwrap(),
            json!({
                "id": "00000000-0000-0000-0000-000000000007", "name": "Cascade Electric",
                "org_type": "training_partner", "address": null, "city": "Seattle", "state": null,
                "zip_code": null, "phone": null, "email": null, "website": null, "version": 2,
                "created_at": "2026-11-21T08:00:00Z", "updated_at": "2026-11-21T08:00:00Z"
            })
        );
    }
}
