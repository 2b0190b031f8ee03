//! How a location is shown.

use jiff::Timestamp;
use serde::Serialize;
use unionhall_domain::locations::{Location, LocationDetails, LocationId};
use utoipa::ToSchema;

use super::super::{
    choices::{LocationActionName, LocationTypeName},
    shown::Shown,
};

/// A place where people are taught, or that has to do with it.
#[derive(Serialize, ToSchema)]
#[schema(as = Location)]
pub(super) struct LocationView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<LocationId>,
    /// What it is called.
    name: &'a str,
    /// A short name of its own, given to no other location of the tenant.
    #[schema(required = true)]
    code: Option<&'a str>,
    /// What kind of place it is; a training site when nothing is said.
    #[schema(value_type = LocationTypeName)]
    location_type: &'static str,
    /// Street and number.
    #[schema(required = true)]
    address_line1: Option<&'a str>,
    /// Building, floor, suite.
    #[schema(required = true)]
    address_line2: Option<&'a str>,
    /// City.
    #[schema(required = true)]
    city: Option<&'a str>,
    /// State or province.
    #[schema(required = true)]
    state: Option<&'a str>,
    /// Postal code.
    #[schema(required = true)]
    postal_code: Option<&'a str>,
    /// How many people it seats.
    #[schema(required = true)]
    capacity: Option<i32>,
    /// How large it is, in square feet.
    #[schema(required = true)]
    square_feet: Option<i32>,
    /// Whom to ask there.
    #[schema(required = true)]
    contact_name: Option<&'a str>,
    /// Their telephone number, as written.
    #[schema(required = true)]
    contact_phone: Option<&'a str>,
    /// Their e-mail address.
    #[schema(required = true)]
    contact_email: Option<&'a str>,
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
    #[schema(value_type = Vec<LocationActionName>, required = false)]
    allowed_actions: Option<Vec<&'static str>>,
}

impl LocationView<'_> {
    /// The same view, with what the caller may do.
    pub(super) fn allowing(self, actions: Vec<&'static str>) -> Self {
        Self {
            allowed_actions: Some(actions),
            ..self
        }
    }
}

impl<'a> From<&'a Location> for LocationView<'a> {
    fn from(location: &'a Location) -> Self {
        let Location {
            id,
            details,
            version,
            created_at,
            updated_at,
            deleted_at: _,
        } = location;
        let LocationDetails {
            name,
            code,
            kind,
            address_line1,
            address_line2,
            city,
            state,
            postal_code,
            capacity,
            square_feet,
            contact_name,
            contact_phone,
            contact_email,
            notes,
        } = details;
        Self {
            id: Shown(*id),
            name: name.as_str(),
            code: code.as_ref().map(|text| text.as_str()),
            location_type: kind.as_str(),
            address_line1: address_line1.as_ref().map(|text| text.as_str()),
            address_line2: address_line2.as_ref().map(|text| text.as_str()),
            city: city.as_ref().map(|text| text.as_str()),
            state: state.as_ref().map(|text| text.as_str()),
            postal_code: postal_code.as_ref().map(|text| text.as_str()),
            capacity: capacity.map(|found| found.get()),
            square_feet: square_feet.map(|found| found.get()),
            contact_name: contact_name.as_ref().map(|text| text.as_str()),
            contact_phone: contact_phone.as_ref().map(|text| text.as_str()),
            contact_email: contact_email.as_ref().map(|text| text.as_str()),
            notes: notes.as_ref().map(|text| text.as_str()),
            version: version.get(),
            created_at: Shown(*created_at),
            updated_at: Shown(*updated_at),
            allowed_actions: None,
        }
    }
}
