//! Who is trained, or wants to be, as a body says it: a member of the tenant, or somebody whom another union sends.

use unionhall_application::students::NewPerson;
use unionhall_domain::{
    ids::Id,
    invalid::Invalid,
    students::{PersonName, Sent},
    text::Line,
    users::EmailAddress,
};

use crate::web::fields::{Input, Reader};

/// The fields of a body that say who somebody is.
pub(super) struct PersonInput {
    /// The member.
    pub(super) member_id: Input,
    /// The union that sends the person.
    pub(super) union_id: Input,
    /// The number there.
    pub(super) member_number: Input,
    /// Given name.
    pub(super) first_name: Input,
    /// Family name.
    pub(super) last_name: Input,
    /// E-mail address.
    pub(super) email: Input,
    /// Telephone number.
    pub(super) phone: Input,
}

impl PersonInput {
    /// Who it is; what is wrong is told of each field.
    pub(super) fn read(self, reader: &mut Reader) -> Option<NewPerson> {
        if is_said(&self.member_id) {
            return self.member(reader);
        }
        if !is_said(&self.union_id) {
            let detail = "must be given, or the union that sends the person (union_id)";
            reader.wrong("member_id", Invalid::new("required", detail));
            return None;
        }
        let union = reader.required("union_id", self.union_id, Id::parse);
        let member_number = reader.required("member_number", self.member_number, Line::parse);
        let first = reader.required("first_name", self.first_name, Line::parse);
        let last = reader.required("last_name", self.last_name, Line::parse);
        let email = reader.optional("email", self.email, EmailAddress::parse);
        let phone = reader.optional("phone", self.phone, Line::parse);
        let sent = Sent {
            union: union?,
            member_number: member_number?,
            email,
            phone,
        };
        let name = PersonName {
            first: first?,
            last: last?,
        };
        Some(NewPerson::Sent(sent, name))
    }

    /// A member, of whom nothing is said but who it is: the roster says the rest.
    fn member(self, reader: &mut Reader) -> Option<NewPerson> {
        let detail = "is what the roster says of the member";
        for (name, input) in [
            ("union_id", &self.union_id),
            ("member_number", &self.member_number),
            ("first_name", &self.first_name),
            ("last_name", &self.last_name),
            ("email", &self.email),
            ("phone", &self.phone),
        ] {
            if is_said(input) {
                reader.wrong(name, Invalid::new("kept_on_the_roster", detail));
            }
        }
        let member = reader.required("member_id", self.member_id, Id::parse);
        member.map(NewPerson::Member)
    }
}

/// Whether a field has a value.
fn is_said(input: &Input) -> bool {
    match input {
        Input::Absent => false,
        Input::Present(value) => !value.is_null(),
    }
}
