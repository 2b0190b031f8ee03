//! How a tenant is shown: to its people, to those who run it, and to everybody.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use unionhall_application::TenantStatistics;
use unionhall_domain::{
    roles::Role,
    tenants::{Plan, Tenant, TenantDetails, TenantId, TenantSettings},
};
use utoipa::ToSchema;

use super::super::{
    choices::{RegistrationPolicyName, RoleName, TenantKindName, TenantStatusName},
    shown::Shown,
};

/// The settings of a tenant.
#[derive(Serialize, ToSchema)]
#[schema(as = TenantSettings)]
pub(super) struct SettingsView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<TenantId>,
    /// The name in addresses.
    slug: &'a str,
    /// What kind of body it is.
    #[schema(value_type = TenantKindName)]
    kind: &'static str,
    /// What it calls itself.
    name: &'a str,
    /// Its name in the second language of its members.
    #[schema(required = true)]
    second_language_name: Option<&'a str>,
    /// Where it is written to.
    #[schema(required = true)]
    contact_email: Option<&'a str>,
    /// Where it is called, as written.
    #[schema(required = true)]
    contact_phone: Option<&'a str>,
    /// First line of its address.
    #[schema(required = true)]
    address_line_1: Option<&'a str>,
    /// Second line of its address.
    #[schema(required = true)]
    address_line_2: Option<&'a str>,
    /// City.
    #[schema(required = true)]
    city: Option<&'a str>,
    /// State or province.
    #[schema(required = true)]
    state: Option<&'a str>,
    /// Postal code.
    #[schema(required = true)]
    zip_code: Option<&'a str>,
    /// Country (ISO 3166-1 alpha-2).
    #[schema(required = true)]
    country: Option<&'a str>,
    /// Web site.
    #[schema(required = true)]
    website: Option<&'a str>,
    /// Where its days begin and end.
    time_zone: &'a str,
    /// What its amounts are in (ISO 4217).
    currency: &'a str,
    /// Whether somebody who registers by themselves may join, and as what.
    #[schema(value_type = RegistrationPolicyName)]
    registration_policy: &'static str,
    /// Whoever holds one of these roles needs a second factor to sign in.
    #[schema(value_type = Vec<RoleName>)]
    second_factor_roles: Vec<&'static str>,
    /// What it may use and until when; whoever runs the installation decides it.
    plan: PlanView<'a>,
    /// Counts the changes of settings and plan.
    #[schema(minimum = 1)]
    version: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown<Timestamp>,
    /// When settings or plan were last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Shown<Timestamp>,
}

/// What a tenant may use and until when.
#[derive(Serialize, ToSchema)]
#[schema(as = TenantPlan)]
pub(super) struct PlanView<'a> {
    /// Where it stands; only on trial and active it can change anything.
    #[schema(value_type = TenantStatusName)]
    status: &'static str,
    /// When the trial ends, if it is on trial.
    #[schema(value_type = Option<String>, required = true, format = DateTime)]
    trial_ends_at: Option<Shown<Timestamp>>,
    /// How many people may have a place in it; null for any number.
    #[schema(required = true)]
    max_users: Option<u32>,
    /// How many bytes its files may take; null for any number.
    #[schema(required = true)]
    max_storage_bytes: Option<u64>,
    /// What was agreed.
    #[schema(required = true)]
    tier: Option<&'a str>,
}

impl<'a> From<&'a Plan> for PlanView<'a> {
    fn from(plan: &'a Plan) -> Self {
        let Plan {
            standing,
            max_users,
            max_storage_bytes,
            tier,
        } = plan;
        Self {
            status: standing.as_str(),
            trial_ends_at: standing.trial_ends_at().map(Shown),
            max_users: *max_users,
            max_storage_bytes: *max_storage_bytes,
            tier: tier.as_ref().map(|tier| tier.as_str()),
        }
    }
}

impl<'a> From<&'a TenantDetails> for SettingsView<'a> {
    fn from(details: &'a TenantDetails) -> Self {
        let TenantDetails { tenant, settings } = details;
        let Tenant {
            id,
            slug,
            name,
            kind,
            time_zone,
            currency,
            plan,
            version,
            created_at,
            updated_at,
        } = tenant;
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
            id: Shown(*id),
            slug: slug.as_str(),
            kind: kind.as_str(),
            name: name.as_str(),
            second_language_name: second_language_name.as_ref().map(|text| text.as_str()),
            contact_email: contact_email.as_ref().map(|text| text.as_str()),
            contact_phone: contact_phone.as_ref().map(|text| text.as_str()),
            address_line_1: address_line_1.as_ref().map(|text| text.as_str()),
            address_line_2: address_line_2.as_ref().map(|text| text.as_str()),
            city: city.as_ref().map(|text| text.as_str()),
            state: state.as_ref().map(|text| text.as_str()),
            zip_code: zip_code.as_ref().map(|text| text.as_str()),
            country: country.as_ref().map(|country| country.as_str()),
            website: website.as_ref().map(|site| site.as_str()),
            time_zone: time_zone.as_str(),
            currency: currency.as_str(),
            registration_policy: registration_policy.as_str(),
            second_factor_roles: names(second_factor_roles),
            plan: PlanView::from(plan),
            version: version.get(),
            created_at: Shown(*created_at),
            updated_at: Shown(*updated_at),
        }
    }
}

fn names(roles: &[Role]) -> Vec<&'static str> {
    roles.iter().map(|role| role.as_str()).collect()
}

/// What a tenant has and uses, counted when it was asked.
#[derive(Serialize, ToSchema)]
#[schema(as = TenantStatistics)]
pub(super) struct StatisticsView<'a> {
    /// People with a place in the tenant, by whether they may sign in.
    users_by_state: UsersByState,
    /// How many of those who may sign in hold each role; who holds several counts in each.
    users_by_role: BTreeMap<&'static str, u64>,
    /// How many bytes its files take.
    used_storage_bytes: u64,
    /// What it may use and until when.
    plan: PlanView<'a>,
}

/// People by whether they may sign in.
#[derive(Serialize, ToSchema)]
pub(super) struct UsersByState {
    /// Those who may.
    active: u64,
    /// Those who may not.
    inactive: u64,
}

impl<'a> StatisticsView<'a> {
    /// What was counted, beside what may be used.
    pub(super) fn new(counted: &TenantStatistics, plan: &'a Plan) -> Self {
        let TenantStatistics {
            active_users,
            inactive_users,
            users_by_role,
            used_storage_bytes,
        } = counted;
        let mut by_role: BTreeMap<_, _> = Role::ALL.map(|role| (role.as_str(), 0)).into();
        by_role.extend(
            users_by_role
                .iter()
                .map(|(role, users)| (role.as_str(), *users)),
        );
        Self {
            users_by_state: UsersByState {
                active: *active_users,
                inactive: *inactive_users,
            },
            users_by_role: by_role,
            used_storage_bytes: *used_storage_bytes,
            plan: PlanView::from(plan),
        }
    }
}

/// What everybody may see of a tenant.
#[derive(Serialize, ToSchema)]
#[schema(as = TenantCard)]
pub(super) struct CardView<'a> {
    /// What it calls itself.
    name: &'a str,
    /// Its name in the second language of its members.
    #[schema(required = true)]
    second_language_name: Option<&'a str>,
    /// What kind of body it is.
    #[schema(value_type = TenantKindName)]
    kind: &'static str,
}

impl<'a> From<&'a TenantDetails> for CardView<'a> {
    fn from(details: &'a TenantDetails) -> Self {
        let TenantDetails { tenant, settings } = details;
        let second_name = settings.second_language_name.as_ref();
        Self {
            name: tenant.name.as_str(),
            second_language_name: second_name.map(|name| name.as_str()),
            kind: tenant.kind.as_str(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_role_is_counted_also_when_nobody_holds_it() {
        let counted = TenantStatistics {
            active_users: 2,
            users_by_role: vec![(Role::Owner, 1), (Role::Staff, 2)],
            ..TenantStatistics::default()
        };
        let view = StatisticsView::new(&counted, &Plan::ACTIVE);
        let view = serde_json::to_value(view).unwrap();
        let expected = json!({
            "owner": 1, "admin": 0, "officer": 0, "staff": 2, "organizer": 0, "instructor": 0,
            "moderator": 0, "member": 0, "contact": 0
        });
        assert_eq!(view["users_by_role"], expected);
        assert_eq!(view["users_by_state"], json!({"active": 2, "inactive": 0}));
    }
}
