//! How a contact is shown.

use jiff::Timestamp;
use serde::Serialize;
use unionhall_application::contacts::ContactAt;
use unionhall_domain::{
    contacts::{Contact, ContactDetails, ContactId},
    organizations::OrganizationId,
};
use utoipa::ToSchema;

use super::super::{choices::ContactActionName, shown::Shown};

/// A person at an organization.
#[derive(Serialize, ToSchema)]
#[schema(as = Contact)]
pub(in crate::api) struct ContactView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<ContactId>,
    /// Where the person works.
    #[schema(value_type = String, format = "uuid")]
    organization_id: Shown<OrganizationId>,
    /// Given name.
    first_name: &'a str,
    /// Family name.
    last_name: &'a str,
    /// What the person is there.
    #[schema(required = true)]
    title: Option<&'a str>,
    /// Telephone number, as written.
    #[schema(required = true)]
    phone: Option<&'a str>,
    /// E-mail address.
    #[schema(required = true)]
    email: Option<&'a str>,
    /// Whether the person is the one to ask first; one contact of each organization that has any is.
    is_primary: bool,
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
    #[schema(value_type = Vec<ContactActionName>, required = false)]
    allowed_actions: Option<Vec<&'static str>>,
}

/// A person at an organization, as a file shows them: what has an id here has none in another hall's books.
#[derive(Serialize, ToSchema)]
pub(super) struct ContactRowView<'a> {
    /// The person.
    #[serde(flatten)]
    contact: ContactView<'a>,
    /// What the organization is called.
    organization_name: &'a str,
}

impl<'a> From<&'a ContactAt> for ContactRowView<'a> {
    fn from(found: &'a ContactAt) -> Self {
        let ContactAt {
            contact,
            organization_name,
        } = found;
        Self {
            contact: ContactView::from(contact),
            organization_name,
        }
    }
}

impl ContactView<'_> {
    /// The same view, with what the caller may do.
    pub(super) fn allowing(self, actions: Vec<&'static str>) -> Self {
        Self {
            allowed_actions: Some(actions),
            ..self
        }
    }
}

impl<'a> From<&'a Contact> for ContactView<'a> {
    fn from(contact: &'a Contact) -> Self {
        let Contact {
            id,
            organization,
            details,
            rank,
            version,
            created_at,
            updated_at,
            deleted_at: _,
        } = contact;
        let ContactDetails {
            first_name,
            last_name,
            title,
            phone,
            email,
            notes,
        } = details;
        Self {
            id: Shown(*id),
            organization_id: Shown(*organization),
            first_name: first_name.as_str(),
            last_name: last_name.as_str(),
            title: title.as_ref().map(|text| text.as_str()),
            phone: phone.as_ref().map(|text| text.as_str()),
            email: email.as_ref().map(|text| text.as_str()),
            is_primary: rank.is_primary(),
            notes: notes.as_ref().map(|text| text.as_str()),
            version: version.get(),
            created_at: Shown(*created_at),
            updated_at: Shown(*updated_at),
            allowed_actions: None,
        }
    }
}
