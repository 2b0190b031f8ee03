//! The rows of a roster: what each says of a member.

use unionhall_domain::{
    change::Change,
    members::{MemberChange, MemberClassification, MemberDetails, MemberNumber, MemberStatus},
    text::{Line, Prose},
    users::EmailAddress,
};

use super::{columns::Field, values};
use crate::imports::{
    Cells,
    values::{address, date, line},
};

/// A row that is right as far as the file alone can tell.
#[derive(Debug)]
pub(super) struct Row {
    /// Whose it is.
    pub(super) number: MemberNumber,
    first_name: Line<100>,
    last_name: Line<100>,
    classification: MemberClassification,
    rest: MemberChange,
}

impl Row {
    /// The row as a new member: active, unless the row says otherwise.
    pub(super) fn as_new(&self) -> MemberDetails {
        let bare = MemberDetails {
            member_number: self.number.clone(),
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            middle_name: None,
            address: None,
            city: None,
            state: None,
            zip_code: None,
            phone: None,
            email: None,
            date_of_birth: None,
            hire_date: None,
            status: MemberStatus::Active,
            classification: self.classification,
            notes: None,
        };
        bare.changed(self.rest.clone())
    }

    /// The row over what is known of a member: a column that the file lacks keeps what there is.
    pub(super) fn over(&self, known: MemberDetails) -> MemberDetails {
        known.changed(MemberChange {
            first_name: Change::Set(self.first_name.clone()),
            last_name: Change::Set(self.last_name.clone()),
            classification: Change::Set(self.classification),
            ..self.rest.clone()
        })
    }

    /// Every value of the row; none when one that is needed is wrong.
    pub(super) fn read(cells: &mut Cells<'_, Field>) -> Option<Self> {
        let number = cells.needed(Field::MemberNumber, MemberNumber::parse);
        let first_name = cells.needed(Field::FirstName, line);
        let last_name = cells.needed(Field::LastName, line);
        let classification = cells.needed(Field::Classification, values::classification);
        let rest = MemberChange {
            middle_name: cells.free(Field::MiddleName, line),
            address: cells.free(Field::Address, address),
            city: cells.free(Field::City, line),
            state: cells.free(Field::State, line),
            zip_code: cells.free(Field::ZipCode, line),
            phone: cells.free(Field::Phone, line),
            email: cells.free(Field::Email, EmailAddress::parse),
            date_of_birth: cells.free(Field::DateOfBirth, date),
            hire_date: cells.free(Field::HireDate, date),
            status: match cells.free(Field::Status, values::status) {
                Change::Set(Some(status)) => Change::Set(status),
                Change::Set(None) | Change::Keep => Change::Keep,
            },
            notes: cells.free(Field::Notes, Prose::parse),
            ..MemberChange::default()
        };
        Some(Self {
            number: number?,
            first_name: first_name?,
            last_name: last_name?,
            classification: classification?,
            rest,
        })
    }
}
