//! What can be said of a location.

use serde::Deserialize;
use unionhall_domain::{
    locations::{FloorArea, LocationChange, LocationDetails, LocationType},
    seats::Seats,
    text::{Line, Prose},
    users::EmailAddress,
};
use utoipa::ToSchema;

use super::super::choices::LocationTypeName;
use crate::web::{
    fields::{Input, Reader, Unknown},
    problem::Problem,
};

/// A location to be added.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = CreateLocation,
    example = json!({"name": "Training Center South", "code": "TC-S", "location_type": "training_site", "city": "Renton", "state": "WA", "capacity": 24})
)]
pub(super) struct CreateLocationBody {
    /// What it is called.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 255, pattern = r"\S")]
    name: Input,
    /// A short name of its own, given to no other location of the tenant.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    code: Input,
    /// What kind of place it is; a training site when nothing is said.
    #[serde(default)]
    #[schema(value_type = LocationTypeName)]
    location_type: Input,
    /// Street and number.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"\S")]
    address_line1: Input,
    /// Building, floor, suite.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"\S")]
    address_line2: Input,
    /// City.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100, pattern = r"\S")]
    city: Input,
    /// State or province.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    state: Input,
    /// Postal code.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 20, pattern = r"\S")]
    postal_code: Input,
    /// How many people it seats.
    #[serde(default)]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 10000)]
    capacity: Input,
    /// How large it is, in square feet.
    #[serde(default)]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 10000000)]
    square_feet: Input,
    /// Whom to ask there.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100, pattern = r"\S")]
    contact_name: Input,
    /// Their telephone number, as written.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    contact_phone: Input,
    /// Their e-mail address.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Email, max_length = 254)]
    contact_email: Input,
    /// Free notes.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 5000, pattern = r"\S")]
    notes: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl CreateLocationBody {
    /// What is known of it, or every field that is wrong.
    pub(super) fn command(self) -> Result<LocationDetails, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let new = self.read(&mut reader);
        reader.finish(new)
    }

    fn read(self, reader: &mut Reader) -> Option<LocationDetails> {
        let name = reader.required("name", self.name, Line::parse);
        let code = reader.optional("code", self.code, Line::parse);
        let kind = reader.optional("location_type", self.location_type, LocationType::parse);
        let address_line1 = reader.optional("address_line1", self.address_line1, Line::parse);
        let address_line2 = reader.optional("address_line2", self.address_line2, Line::parse);
        let city = reader.optional("city", self.city, Line::parse);
        let state = reader.optional("state", self.state, Line::parse);
        let postal_code = reader.optional("postal_code", self.postal_code, Line::parse);
        let capacity = reader.whole_number("capacity", self.capacity, Seats::new);
        let square_feet = reader.whole_number("square_feet", self.square_feet, FloorArea::new);
        let contact_name = reader.optional("contact_name", self.contact_name, Line::parse);
        let contact_phone = reader.optional("contact_phone", self.contact_phone, Line::parse);
        let contact_email =
            reader.optional("contact_email", self.contact_email, EmailAddress::parse);
        let notes = reader.optional("notes", self.notes, Prose::parse);
        Some(LocationDetails {
            name: name?,
            code,
            kind: kind.unwrap_or(LocationType::TrainingSite),
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
        })
    }
}

/// What to change of a location.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChangeLocation, example = json!({"capacity": 30, "notes": null}))]
pub(super) struct ChangeLocationBody {
    /// What it is called.
    #[serde(default)]
    #[schema(value_type = String, max_length = 255, pattern = r"\S")]
    name: Input,
    /// A short name of its own, given to no other location of the tenant.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    code: Input,
    /// What kind of place it is; a training site when nothing is said.
    #[serde(default)]
    #[schema(value_type = LocationTypeName)]
    location_type: Input,
    /// Street and number.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"\S")]
    address_line1: Input,
    /// Building, floor, suite.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"\S")]
    address_line2: Input,
    /// City.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100, pattern = r"\S")]
    city: Input,
    /// State or province.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    state: Input,
    /// Postal code.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 20, pattern = r"\S")]
    postal_code: Input,
    /// How many people it seats.
    #[serde(default)]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 10000)]
    capacity: Input,
    /// How large it is, in square feet.
    #[serde(default)]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 10000000)]
    square_feet: Input,
    /// Whom to ask there.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100, pattern = r"\S")]
    contact_name: Input,
    /// Their telephone number, as written.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    contact_phone: Input,
    /// Their e-mail address.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Email, max_length = 254)]
    contact_email: Input,
    /// Free notes.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 5000, pattern = r"\S")]
    notes: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ChangeLocationBody {
    /// The change, or every field that is wrong.
    pub(super) fn command(self) -> Result<LocationChange, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let change = LocationChange {
            name: reader.change("name", self.name, Line::parse),
            code: reader.clearable("code", self.code, Line::parse),
            kind: reader.change("location_type", self.location_type, LocationType::parse),
            address_line1: reader.clearable("address_line1", self.address_line1, Line::parse),
            address_line2: reader.clearable("address_line2", self.address_line2, Line::parse),
            city: reader.clearable("city", self.city, Line::parse),
            state: reader.clearable("state", self.state, Line::parse),
            postal_code: reader.clearable("postal_code", self.postal_code, Line::parse),
            capacity: reader.clearable_number("capacity", self.capacity, Seats::new),
            square_feet: reader.clearable_number("square_feet", self.square_feet, FloorArea::new),
            contact_name: reader.clearable("contact_name", self.contact_name, Line::parse),
            contact_phone: reader.clearable("contact_phone", self.contact_phone, Line::parse),
            contact_email: reader.clearable(
                "contact_email",
                self.contact_email,
                EmailAddress::parse,
            ),
            notes: reader.clearable("notes", self.notes, Prose::parse),
        };
        reader.finish(Some(change))
    }
}
