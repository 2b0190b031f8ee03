//! A tenant's settings, and their way from and to the aggregate.

use diesel::{AsChangeset, Queryable, Selectable};
use unionhall_domain::{
    roles::Role,
    tenants::{Country, RegistrationPolicy, Tenant, TenantDetails, TenantSettings, WebAddress},
    text::Line,
    users::EmailAddress,
};

use super::row::TenantRow;
use crate::{errors::InconsistentRow, rows::instant, schema::tenants, stored::StoredRow};

/// The columns of the settings that the tenant itself does not need.
#[derive(Queryable, Selectable, AsChangeset)]
#[diesel(table_name = tenants)]
#[diesel(treat_none_as_null = true)]
pub(super) struct SettingsRow {
    second_language_name: Option<String>,
    contact_email: Option<String>,
    contact_phone: Option<String>,
    address_line_1: Option<String>,
    address_line_2: Option<String>,
    city: Option<String>,
    state: Option<String>,
    zip_code: Option<String>,
    country: Option<String>,
    website: Option<String>,
    registration_policy: String,
    second_factor_roles: Vec<String>,
}

/// Everything that a tenant changes of itself.
#[derive(AsChangeset)]
#[diesel(table_name = tenants)]
pub(super) struct ChangedSettings {
    name: String,
    time_zone: String,
    currency: String,
    pub(super) version: i64,
    updated_at: jiff_diesel::Timestamp,
    #[diesel(embed)]
    settings: SettingsRow,
}

impl From<&TenantSettings> for SettingsRow {
    fn from(settings: &TenantSettings) -> Self {
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
        Self {
            second_language_name: second_language_name.as_ref().map(ToString::to_string),
            contact_email: contact_email.as_ref().map(ToString::to_string),
            contact_phone: contact_phone.as_ref().map(ToString::to_string),
            address_line_1: address_line_1.as_ref().map(ToString::to_string),
            address_line_2: address_line_2.as_ref().map(ToString::to_string),
            city: city.as_ref().map(ToString::to_string),
            state: state.as_ref().map(ToString::to_string),
            zip_code: zip_code.as_ref().map(ToString::to_string),
            country: country.as_ref().map(|country| country.as_str().to_owned()),
            website: website.as_ref().map(|site| site.as_str().to_owned()),
            registration_policy: registration_policy.as_str().to_owned(),
            second_factor_roles: second_factor_roles
                .iter()
                .map(|role| role.as_str().to_owned())
                .collect(),
        }
    }
}

impl From<&TenantDetails> for ChangedSettings {
    fn from(details: &TenantDetails) -> Self {
        let TenantDetails { tenant, settings } = details;
        Self {
            name: tenant.name.to_string(),
            time_zone: tenant.time_zone.as_str().to_owned(),
            currency: tenant.currency.as_str().to_owned(),
            version: tenant.version.get(),
            updated_at: instant(tenant.updated_at),
            settings: SettingsRow::from(settings),
        }
    }
}

/// The tenant of its two halves.
pub(super) fn details(
    (tenant, row): (TenantRow, SettingsRow),
) -> Result<TenantDetails, InconsistentRow> {
    let tenant = Tenant::try_from(tenant)?;
    let from = StoredRow::new("tenants", tenant.id.uuid());
    let policy = RegistrationPolicy::parse(&row.registration_policy);
    let settings = TenantSettings {
        second_language_name: from.optional(
            "second_language_name",
            row.second_language_name.as_deref(),
            Line::parse,
        )?,
        contact_email: from.optional(
            "contact_email",
            row.contact_email.as_deref(),
            EmailAddress::parse,
        )?,
        contact_phone: from.optional("contact_phone", row.contact_phone.as_deref(), Line::parse)?,
        address_line_1: from.optional(
            "address_line_1",
            row.address_line_1.as_deref(),
            Line::parse,
        )?,
        address_line_2: from.optional(
            "address_line_2",
            row.address_line_2.as_deref(),
            Line::parse,
        )?,
        city: from.optional("city", row.city.as_deref(), Line::parse)?,
        state: from.optional("state", row.state.as_deref(), Line::parse)?,
        zip_code: from.optional("zip_code", row.zip_code.as_deref(), Line::parse)?,
        country: from.optional("country", row.country.as_deref(), Country::parse)?,
        website: from.optional("website", row.website.as_deref(), WebAddress::parse)?,
        registration_policy: from.value("registration_policy", policy)?,
        second_factor_roles: row
            .second_factor_roles
            .iter()
            .map(|role| from.value("second_factor_roles", Role::parse(role)))
            .collect::<Result<_, _>>()?,
    };
    Ok(TenantDetails { tenant, settings })
}
