//! Tenants: the locals and training trusts that live side by side.

mod plans;
mod settings;
mod slugs;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

pub use self::{
    plans::{IllegalStanding, Plan, PlanChange, ReadOnly, Standing, StandingMove},
    settings::{
        Country, RegistrationPolicy, SettingsChange, TenantDetails, TenantSettings, WebAddress,
    },
    slugs::Slug,
};
use crate::{ids::Id, invalid::Invalid, text::Line, text::one_of, version::Version};

/// The id of a [`Tenant`].
pub type TenantId = Id<Tenant>;

/// A local or a training trust: the unit of isolation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// The name in addresses and on the command line.
    pub slug: Slug,
    /// What the hall calls itself.
    pub name: Line<255>,
    /// Local or trust.
    pub kind: TenantKind,
    /// Where its days begin and end.
    pub time_zone: ZoneName,
    /// What its amounts are in.
    pub currency: Currency,
    /// What it may use and until when.
    pub plan: Plan,
    /// Counts the changes of plan and settings.
    pub version: Version,
    /// When it was made.
    pub created_at: Timestamp,
    /// When plan or settings were last changed.
    pub updated_at: Timestamp,
}

/// What kind of body a tenant is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TenantKind {
    /// A union local.
    Local,
    /// A training trust.
    TrainingTrust,
}

impl TenantKind {
    /// Both kinds.
    pub const ALL: [Self; 2] = [Self::Local, Self::TrainingTrust];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::TrainingTrust => "training_trust",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, |kind| kind.as_str())
    }
}

/// A time zone of the IANA database, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneName {
    name: String,
    zone: TimeZone,
}

impl ZoneName {
    /// Finds the zone.
    ///
    /// # Errors
    /// `unknown_time_zone` for a name that the database does not have, and for the name of no known zone, `Etc/Unknown`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let found = TimeZone::get(text).ok();
        let zone = found.filter(|zone| !zone.is_unknown()).ok_or(Invalid::new(
            "unknown_time_zone",
            "must be a time zone of the IANA database, like America/Los_Angeles",
        ))?;
        Ok(Self {
            name: text.to_owned(),
            zone,
        })
    }

    /// Finds the zone of a record: that of no known zone, which was let in once, has the days of UTC.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn stored(text: &str) -> Result<Self, Invalid> {
        Self::parse(if text.eq_ignore_ascii_case("Etc/Unknown") {
            "UTC"
        } else {
            text
        })
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The zone itself.
    pub(crate) const fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The hour of the day that it is there at an instant, from 0 to 23.
    pub fn hour_of(&self, instant: Timestamp) -> i8 {
        self.zone.to_datetime(instant).hour()
    }

    /// An instant as the clocks of this zone show it, with how far they are from UTC: `2026-11-21T08:30:05-08:00`.
    pub fn shown(&self, instant: Timestamp) -> String {
        let zoned = instant.to_zoned(self.zone.clone());
        zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// The calendar day that `instant` falls on in this zone.
    pub fn day_of(&self, instant: Timestamp) -> Date {
        self.zone.to_datetime(instant).date()
    }
}

/// A currency by its three capital letters (ISO 4217).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Currency(String);

impl Currency {
    /// Checks the form of a currency code.
    ///
    /// # Errors
    /// `not_a_currency` for anything but three capital letters.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::new(
                "not_a_currency",
                "must be three capital letters of ISO 4217, like USD",
            ))
        }
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_day_begins_at_midnight_of_the_hall_not_of_greenwich() {
        let seattle = ZoneName::parse("America/Los_Angeles").unwrap();
        let late: Timestamp = "2026-11-21T07:30:00Z".parse().unwrap();
        assert_eq!(seattle.day_of(late), date(2026, 11, 20));
    }

    #[test]
    fn the_zone_that_is_none_is_refused_and_where_it_was_let_in_has_the_days_of_greenwich() {
        for name in ["Mars/Base", "Etc/Unknown", "etc/unknown"] {
            assert_eq!(
                ZoneName::parse(name).unwrap_err().code,
                "unknown_time_zone",
                "{name}"
            );
        }
        assert_eq!(ZoneName::stored("Etc/Unknown"), ZoneName::parse("UTC"));
    }
}
