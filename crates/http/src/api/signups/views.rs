//! A hall that was just made, as its owner sees it.

use jiff::Timestamp;
use serde::Serialize;
use unionhall_domain::tenants::Tenant;
use utoipa::ToSchema;

use super::super::{auth::views::TenantView, shown::Shown};

/// A hall that was just made.
#[derive(Serialize, ToSchema)]
#[schema(as = FoundedTenant)]
pub(super) struct FoundedView<'a> {
    /// The hall.
    tenant: TenantView<'a>,
    /// From when it can be read and not changed, unless it is made active before.
    #[schema(value_type = Option<String>, required = true, format = DateTime)]
    trial_ends_at: Option<Shown<Timestamp>>,
}

impl<'a> From<&'a Tenant> for FoundedView<'a> {
    fn from(tenant: &'a Tenant) -> Self {
        Self {
            tenant: TenantView::from(tenant),
            trial_ends_at: tenant.plan.standing.trial_ends_at().map(Shown),
        }
    }
}
