//! What a tenant says of itself and how it lets people in: its own owners and administrators decide it.

use super::{Currency, Tenant, ZoneName};
use crate::{
    audit::Fields,
    change::Change,
    invalid::Invalid,
    roles::Role,
    text::{Line, one_of},
    users::EmailAddress,
};

/// A tenant with everything that it says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantDetails {
    /// The tenant: its name, time zone and currency are settings too.
    pub tenant: Tenant,
    /// The rest of the settings.
    pub settings: TenantSettings,
}

/// The settings that only the tenant's own pages need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantSettings {
    /// Its name in the second language of its members.
    pub second_language_name: Option<Line<255>>,
    /// Where it is written to.
    pub contact_email: Option<EmailAddress>,
    /// Where it is called, as written.
    pub contact_phone: Option<Line<50>>,
    /// First line of its address.
    pub address_line_1: Option<Line<255>>,
    /// Second line of its address.
    pub address_line_2: Option<Line<255>>,
    /// City.
    pub city: Option<Line<100>>,
    /// State or province.
    pub state: Option<Line<50>>,
    /// Postal code.
    pub zip_code: Option<Line<20>>,
    /// Country.
    pub country: Option<Country>,
    /// Web site.
    pub website: Option<WebAddress>,
    /// Whether somebody who registers by themselves may join.
    pub registration_policy: RegistrationPolicy,
    /// Whoever holds one of these roles needs a second factor; from the most to the least powerful, each once.
    pub second_factor_roles: Vec<Role>,
}

/// Whether somebody who registers by themselves may join a tenant, and as what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RegistrationPolicy {
    /// Nobody joins who was not let in.
    Closed,
    /// Whoever registers may join with the role of a member.
    AsMember,
}

impl RegistrationPolicy {
    /// Both policies.
    pub const ALL: [Self; 2] = [Self::Closed, Self::AsMember];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::AsMember => "as_member",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, Self::as_str)
    }
}

/// A country by its two capital letters (ISO 3166-1 alpha-2).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Country(String);

impl Country {
    /// Checks the form of a country code.
    ///
    /// # Errors
    /// `not_a_country` for anything but two capital letters.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::new(
                "not_a_country",
                "must be two capital letters of ISO 3166-1, like US",
            ))
        }
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The address of a web site of at most 255 characters. It begins with `https://` or `http://`, so that a link made
/// of it leads to a site and runs no script.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WebAddress(Line<255>);

impl WebAddress {
    /// Checks an address.
    ///
    /// # Errors
    /// `not_a_web_address`, or what is wrong with it as a line.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let line = Line::parse(text)?;
        let host = ["https://", "http://"]
            .into_iter()
            .find_map(|scheme| line.as_str().strip_prefix(scheme));
        let fits = host.is_some_and(|rest| {
            rest.starts_with(char::is_alphanumeric)
                && !rest.contains(|c: char| c.is_whitespace() || c == '"' || c == '<')
        });
        if fits {
            Ok(Self(line))
        } else {
            Err(Invalid::new(
                "not_a_web_address",
                "must be an address like https://hall.example",
            ))
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// What to change of a tenant's settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(
    missing_docs,
    reason = "each field is the change of the setting it is named after"
)]
pub struct SettingsChange {
    pub name: Change<Line<255>>,
    pub second_language_name: Change<Option<Line<255>>>,
    pub contact_email: Change<Option<EmailAddress>>,
    pub contact_phone: Change<Option<Line<50>>>,
    pub address_line_1: Change<Option<Line<255>>>,
    pub address_line_2: Change<Option<Line<255>>>,
    pub city: Change<Option<Line<100>>>,
    pub state: Change<Option<Line<50>>>,
    pub zip_code: Change<Option<Line<20>>>,
    pub country: Change<Option<Country>>,
    pub website: Change<Option<WebAddress>>,
    pub time_zone: Change<ZoneName>,
    pub currency: Change<Currency>,
    pub registration_policy: Change<RegistrationPolicy>,
    pub second_factor_roles: Change<Vec<Role>>,
}

impl TenantDetails {
    /// The tenant with what is wanted changed; its version stays.
    #[must_use]
    pub fn changed(mut self, wanted: SettingsChange) -> Self {
        let SettingsChange {
            name,
            second_language_name,
            contact_email,
            contact_phone,
            address_line_1,
            address_line_2,
            city,
            state,
            zip_code,
            country,
            website,
            time_zone,
            currency,
            registration_policy,
            second_factor_roles,
        } = wanted;
        name.apply(&mut self.tenant.name);
        time_zone.apply(&mut self.tenant.time_zone);
        currency.apply(&mut self.tenant.currency);
        let settings = &mut self.settings;
        second_language_name.apply(&mut settings.second_language_name);
        contact_email.apply(&mut settings.contact_email);
        contact_phone.apply(&mut settings.contact_phone);
        address_line_1.apply(&mut settings.address_line_1);
        address_line_2.apply(&mut settings.address_line_2);
        city.apply(&mut settings.city);
        state.apply(&mut settings.state);
        zip_code.apply(&mut settings.zip_code);
        country.apply(&mut settings.country);
        website.apply(&mut settings.website);
        registration_policy.apply(&mut settings.registration_policy);
        second_factor_roles.apply(&mut settings.second_factor_roles);
        settings.second_factor_roles.sort_unstable();
        settings.second_factor_roles.dedup();
        self
    }

    /// The settings as the audit trail shows them.
    pub fn fields(&self) -> Fields {
        fn line<const MAX: usize>(line: Option<&Line<MAX>>) -> Option<String> {
            line.map(ToString::to_string)
        }
        let Self { tenant, settings } = self;
        let TenantSettings {
            second_language_name,
            contact_email,
            contact_phone,
            address_line_1,
            address_line_2,
            city,
            state,
            zip_code,
            country,
            website,
            registration_policy,
            second_factor_roles,
        } = settings;
        let roles: Vec<_> = second_factor_roles
            .iter()
            .map(|role| role.as_str())
            .collect();
        vec![
            ("name", Some(tenant.name.to_string())),
            ("second_language_name", line(second_language_name.as_ref())),
            (
                "contact_email",
                contact_email.as_ref().map(ToString::to_string),
            ),
            ("contact_phone", line(contact_phone.as_ref())),
            ("address_line_1", line(address_line_1.as_ref())),
            ("address_line_2", line(address_line_2.as_ref())),
            ("city", line(city.as_ref())),
            ("state", line(state.as_ref())),
            ("zip_code", line(zip_code.as_ref())),
            ("country", country.as_ref().map(|country| country.0.clone())),
            (
                "website",
                website.as_ref().map(|site| site.as_str().to_owned()),
            ),
            ("time_zone", Some(tenant.time_zone.as_str().to_owned())),
            ("currency", Some(tenant.currency.as_str().to_owned())),
            (
                "registration_policy",
                Some(registration_policy.as_str().to_owned()),
            ),
            (
                "second_factor_roles",
                (!roles.is_empty()).then(|| roles.join(", ")),
            ),
        ]
    }
}

impl TenantSettings {
    /// What a new tenant says of itself: nothing, and nobody joins who was not let in.
    pub const NONE: Self = Self {
        second_language_name: None,
        contact_email: None,
        contact_phone: None,
        address_line_1: None,
        address_line_2: None,
        city: None,
        state: None,
        zip_code: None,
        country: None,
        website: None,
        registration_policy: RegistrationPolicy::Closed,
        second_factor_roles: Vec::new(),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_web_address_leads_to_a_site_and_runs_nothing() {
        for text in [
            "https://hall.example",
            "http://10.0.0.1/local?46",
            "https://gewerkschaft.example/ö",
        ] {
            assert_eq!(WebAddress::parse(text).unwrap().as_str(), text);
        }
        for text in [
            "hall.example",
            "javascript:alert(1)",
            "https://",
            "https:///x",
            "https://a b",
            "https://a\"onclick",
            "HTTPS://hall.example",
        ] {
            assert_eq!(
                WebAddress::parse(text).unwrap_err().code,
                "not_a_web_address",
                "{text}"
            );
        }
    }

    #[test]
    fn a_country_is_two_capital_letters() {
        assert_eq!(Country::parse("US").unwrap().as_str(), "US");
        for text in ["us", "USA", "U", "Ü", ""] {
            assert_eq!(Country::parse(text).unwrap_err().code, "not_a_country");
        }
    }

    #[test]
    fn every_policy_reads_what_it_prints() {
        for policy in RegistrationPolicy::ALL {
            assert_eq!(RegistrationPolicy::parse(policy.as_str()), Ok(policy));
        }
    }
}
