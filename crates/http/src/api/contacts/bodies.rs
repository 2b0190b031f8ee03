//! What can be said of a contact.

use serde::Deserialize;
use unionhall_application::contacts::{NewContact, UpdateContact};
use unionhall_domain::{
    change::Change,
    contacts::{ContactChange, ContactDetails, Rank},
    ids::Id,
    text::{Line, Prose},
    users::EmailAddress,
};
use utoipa::ToSchema;

use crate::web::{
    fields::{Input, Reader, Unknown},
    problem::Problem,
};

/// A contact to be added.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = CreateContact,
    example = json!({
        "organization_id": "0190ab54-3c2e-7b1a-8f00-3a5d1c9e2b47",
        "first_name": "Ira",
        "last_name": "Ohm",
        "title": "Superintendent",
        "phone": "206-555-0117",
        "is_primary": true
    })
)]
pub(super) struct CreateContactBody {
    /// Where the person works.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = "uuid")]
    organization_id: Input,
    /// Given name.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 100, pattern = r"\S")]
    first_name: Input,
    /// Family name.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 100, pattern = r"\S")]
    last_name: Input,
    /// What the person is there.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100, pattern = r"\S")]
    title: Input,
    /// Telephone number, as written.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    phone: Input,
    /// E-mail address; letters are lowered.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Email, max_length = 254)]
    email: Input,
    /// Whether the person is the one to ask first, in place of whoever was.
    #[serde(default)]
    #[schema(value_type = Option<bool>, default = false)]
    is_primary: Input,
    /// Free notes.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500, pattern = r"\S")]
    notes: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl CreateContactBody {
    /// The contact, or every field that is wrong.
    pub(super) fn command(self) -> Result<NewContact, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let organization = reader.required("organization_id", self.organization_id, Id::parse);
        let first_name = reader.required("first_name", self.first_name, Line::parse);
        let last_name = reader.required("last_name", self.last_name, Line::parse);
        let title = reader.optional("title", self.title, Line::parse);
        let phone = reader.optional("phone", self.phone, Line::parse);
        let email = reader.optional("email", self.email, EmailAddress::parse);
        let rank = Rank::of(reader.truth("is_primary", self.is_primary));
        let notes = reader.optional("notes", self.notes, Prose::parse);
        let new = organization.zip(first_name).zip(last_name).map(
            |((organization, first_name), last_name)| NewContact {
                organization,
                details: ContactDetails {
                    first_name,
                    last_name,
                    title,
                    phone,
                    email,
                    notes,
                },
                rank,
            },
        );
        reader.finish(new)
    }
}

/// What to change of a contact.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChangeContact, example = json!({"phone": "206-555-0118", "is_primary": true}))]
pub(super) struct ChangeContactBody {
    /// Given name.
    #[serde(default)]
    #[schema(value_type = String, max_length = 100, pattern = r"\S")]
    first_name: Input,
    /// Family name.
    #[serde(default)]
    #[schema(value_type = String, max_length = 100, pattern = r"\S")]
    last_name: Input,
    /// What the person is there.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100, pattern = r"\S")]
    title: Input,
    /// Telephone number, as written.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    phone: Input,
    /// E-mail address; letters are lowered.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Email, max_length = 254)]
    email: Input,
    /// Whether the person is the one to ask first. True moves the place here; it is not given up by false.
    #[serde(default)]
    #[schema(value_type = bool)]
    is_primary: Input,
    /// Free notes.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500, pattern = r"\S")]
    notes: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ChangeContactBody {
    /// The change, or every field that is wrong.
    pub(super) fn command(self) -> Result<UpdateContact, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let details = ContactChange {
            first_name: reader.change("first_name", self.first_name, Line::parse),
            last_name: reader.change("last_name", self.last_name, Line::parse),
            title: reader.clearable("title", self.title, Line::parse),
            phone: reader.clearable("phone", self.phone, Line::parse),
            email: reader.clearable("email", self.email, EmailAddress::parse),
            notes: reader.clearable("notes", self.notes, Prose::parse),
        };
        let rank = match reader.changed_truth("is_primary", self.is_primary) {
            Change::Keep => Change::Keep,
            Change::Set(is_primary) => Change::Set(Rank::of(is_primary)),
        };
        reader.finish(Some(UpdateContact { details, rank }))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::web::problem::tests::told;

    fn create(body: Value) -> Result<NewContact, Problem> {
        serde_json::from_value::<CreateContactBody>(body)
            .unwrap()
            .command()
    }

    fn change(body: Value) -> Result<UpdateContact, Problem> {
        serde_json::from_value::<ChangeContactBody>(body)
            .unwrap()
            .command()
    }

    #[test]
    fn a_contact_needs_an_organization_and_a_name() {
        assert_eq!(
            told(create(json!({"first_name": null}))),
            [
                "/organization_id required",
                "/first_name required",
                "/last_name required"
            ]
        );
        let whole = json!({
            "organization_id": "0190ab54-3c2e-7b1a-8f00-3a5d1c9e2b47", "first_name": "Ira",
            "last_name": "Ohm", "is_primary": true
        });
        let new = create(whole).unwrap();
        assert_eq!(new.rank, Rank::Primary);
        assert_eq!(new.details.full_name(), "Ira Ohm");
    }

    #[test]
    fn every_field_is_checked_and_all_that_are_wrong_are_told() {
        let long = "x".repeat(501);
        let body = json!({
            "organization_id": "x", "first_name": long, "last_name": long, "title": long,
            "phone": long, "email": "x", "is_primary": "yes", "notes": long, "shoe_size": 46
        });
        let wrong = [
            "/shoe_size unknown_field",
            "/organization_id not_a_uuid",
            "/first_name too_long",
            "/last_name too_long",
            "/title too_long",
            "/phone too_long",
            "/email not_an_email",
            "/is_primary wrong_type",
            "/notes too_long",
        ];
        assert_eq!(told(create(body)), wrong);
    }

    #[test]
    fn a_change_keeps_what_is_not_named_clears_what_is_null_and_moves_no_one_elsewhere() {
        let wanted = change(json!({"title": null, "is_primary": false})).unwrap();
        let expected = UpdateContact {
            details: ContactChange {
                title: Change::Set(None),
                ..ContactChange::default()
            },
            rank: Change::Set(Rank::Other),
        };
        assert_eq!(wanted, expected);
        let elsewhere = json!({
            "organization_id": "0190ab54-3c2e-7b1a-8f00-3a5d1c9e2b47", "is_primary": null
        });
        assert_eq!(
            told(change(elsewhere)),
            ["/organization_id unknown_field", "/is_primary required"]
        );
    }
}
