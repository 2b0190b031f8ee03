//! Locations: where people are taught, and what else is a place of the school.

use jiff::Timestamp;

use crate::{
    audit::Fields,
    change::Change,
    ids::Id,
    invalid::Invalid,
    names::names,
    seats::Seats,
    text::{Line, Prose},
    users::EmailAddress,
    version::Version,
};

names! {
    /// What kind of place a location is.
    pub enum LocationType {
        /// Made for training.
        TrainingSite = "training_site",
        /// A school or college.
        School = "school",
        /// An office.
        Office = "office",
        /// Where the work is.
        Jobsite = "jobsite",
        /// A vendor's place.
        Vendor = "vendor",
        /// Anything else.
        Other = "other",
    }
}

/// How large a place is, in whole square feet: 1 to [`MOST`](Self::MOST).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FloorArea(i32);

impl FloorArea {
    /// More than any hall has.
    pub const MOST: i32 = 10_000_000;

    /// Takes a number of square feet.
    ///
    /// # Errors
    /// `out_of_range` below 1 and above [`MOST`](Self::MOST).
    pub fn new(square_feet: i64) -> Result<Self, Invalid> {
        i32::try_from(square_feet)
            .ok()
            .filter(|area| (1..=Self::MOST).contains(area))
            .map(Self)
            .ok_or_else(|| {
                let detail = format!("must be a whole number from 1 to {}", Self::MOST);
                Invalid::new("out_of_range", detail)
            })
    }

    /// The number of square feet.
    pub const fn get(self) -> i32 {
        self.0
    }
}

impl std::fmt::Display for FloorArea {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The id of a [`Location`].
pub type LocationId = Id<Location>;

/// A place where people are taught, or that has to do with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// Its id.
    pub id: LocationId,
    /// What is known of it.
    pub details: LocationDetails,
    /// Counts its changes.
    pub version: Version,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was deleted, if it is.
    pub deleted_at: Option<Timestamp>,
}

/// What is known of a location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocationDetails {
    /// What it is called.
    pub name: Line<255>,
    /// A short name of its own, given to no other location of the tenant.
    pub code: Option<Line<50>>,
    /// What kind of place it is.
    pub kind: LocationType,
    /// Street and number.
    pub address_line1: Option<Line<200>>,
    /// Building, floor, suite.
    pub address_line2: Option<Line<200>>,
    /// City.
    pub city: Option<Line<100>>,
    /// State or province.
    pub state: Option<Line<50>>,
    /// Postal code.
    pub postal_code: Option<Line<20>>,
    /// How many people it seats.
    pub capacity: Option<Seats>,
    /// How large it is, in square feet.
    pub square_feet: Option<FloorArea>,
    /// Whom to ask there.
    pub contact_name: Option<Line<100>>,
    /// Their telephone number, as written.
    pub contact_phone: Option<Line<50>>,
    /// Their e-mail address.
    pub contact_email: Option<EmailAddress>,
    /// Free notes.
    pub notes: Option<Prose<5_000>>,
}

/// A partial change of a location.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LocationChange {
    /// What it is called.
    pub name: Change<Line<255>>,
    /// A short name of its own, given to no other location of the tenant.
    pub code: Change<Option<Line<50>>>,
    /// What kind of place it is.
    pub kind: Change<LocationType>,
    /// Street and number.
    pub address_line1: Change<Option<Line<200>>>,
    /// Building, floor, suite.
    pub address_line2: Change<Option<Line<200>>>,
    /// City.
    pub city: Change<Option<Line<100>>>,
    /// State or province.
    pub state: Change<Option<Line<50>>>,
    /// Postal code.
    pub postal_code: Change<Option<Line<20>>>,
    /// How many people it seats.
    pub capacity: Change<Option<Seats>>,
    /// How large it is, in square feet.
    pub square_feet: Change<Option<FloorArea>>,
    /// Whom to ask there.
    pub contact_name: Change<Option<Line<100>>>,
    /// Their telephone number, as written.
    pub contact_phone: Change<Option<Line<50>>>,
    /// Their e-mail address.
    pub contact_email: Change<Option<EmailAddress>>,
    /// Free notes.
    pub notes: Change<Option<Prose<5_000>>>,
}

impl LocationDetails {
    /// The details after a change.
    #[must_use]
    pub fn changed(mut self, change: LocationChange) -> Self {
        let LocationChange {
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
        } = change;
        name.apply(&mut self.name);
        code.apply(&mut self.code);
        kind.apply(&mut self.kind);
        address_line1.apply(&mut self.address_line1);
        address_line2.apply(&mut self.address_line2);
        city.apply(&mut self.city);
        state.apply(&mut self.state);
        postal_code.apply(&mut self.postal_code);
        capacity.apply(&mut self.capacity);
        square_feet.apply(&mut self.square_feet);
        contact_name.apply(&mut self.contact_name);
        contact_phone.apply(&mut self.contact_phone);
        contact_email.apply(&mut self.contact_email);
        notes.apply(&mut self.notes);
        self
    }
}

impl Location {
    /// The location as the audit trail shows it.
    pub fn fields(&self) -> Fields {
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
        } = &self.details;
        vec![
            ("name", Some(name.to_string())),
            ("code", code.as_ref().map(ToString::to_string)),
            ("location_type", Some(kind.as_str().to_owned())),
            (
                "address_line1",
                address_line1.as_ref().map(ToString::to_string),
            ),
            (
                "address_line2",
                address_line2.as_ref().map(ToString::to_string),
            ),
            ("city", city.as_ref().map(ToString::to_string)),
            ("state", state.as_ref().map(ToString::to_string)),
            ("postal_code", postal_code.as_ref().map(ToString::to_string)),
            ("capacity", capacity.as_ref().map(ToString::to_string)),
            ("square_feet", square_feet.as_ref().map(ToString::to_string)),
            (
                "contact_name",
                contact_name.as_ref().map(ToString::to_string),
            ),
            (
                "contact_phone",
                contact_phone.as_ref().map(ToString::to_string),
            ),
            (
                "contact_email",
                contact_email.as_ref().map(ToString::to_string),
            ),
            ("notes", notes.as_ref().map(ToString::to_string)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_neither_without_size_nor_beyond_all_measure() {
        assert_eq!(FloorArea::new(1).unwrap().get(), 1);
        assert_eq!(FloorArea::new(10_000_000).unwrap().get(), 10_000_000);
        for wrong in [i64::MIN, -1, 0, 10_000_001, i64::MAX] {
            assert_eq!(FloorArea::new(wrong).unwrap_err().code, "out_of_range");
        }
    }
}
