//! A row of `benevolence_rules`, and its way from and to a version of the rules.

use std::collections::BTreeMap;

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use unionhall_domain::{
    benevolence::{Caps, Naming, Reason, Rules, RulesVersion, Thresholds},
    money::Amount,
    tenants::TenantId,
    users::UserId,
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::instant,
    schema::benevolence_rules,
    stored::{StoredRow, day},
};

/// Everything that is stored of a version.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = benevolence_rules)]
#[diesel(primary_key(tenant_id, effective_from))]
#[diesel(treat_none_as_null = true)]
pub(super) struct RulesRow {
    tenant_id: Uuid,
    effective_from: jiff_diesel::Date,
    one_level_below: i64,
    two_levels_below: i64,
    three_levels_below: i64,
    reserve: i64,
    cap_per_member: Option<i64>,
    cap_medical: Option<i64>,
    cap_death_in_family: Option<i64>,
    cap_hardship: Option<i64>,
    cap_disaster: Option<i64>,
    cap_other: Option<i64>,
    naming: String,
    set_by: Option<Uuid>,
    set_at: jiff_diesel::Timestamp,
}

impl RulesRow {
    /// The row of a tenant's version.
    pub(super) fn new(tenant: TenantId, version: &RulesVersion) -> Self {
        let RulesVersion {
            effective_from,
            rules,
            set_by,
            set_at,
        } = version;
        let Rules {
            thresholds,
            reserve,
            caps,
            naming,
        } = rules;
        let [one, two, three] = thresholds.bounds();
        let cap = |reason| caps.per_reason.get(&reason).map(|cap: &Amount| cap.minor());
        Self {
            tenant_id: tenant.uuid(),
            effective_from: day(*effective_from),
            one_level_below: one.minor(),
            two_levels_below: two.minor(),
            three_levels_below: three.minor(),
            reserve: reserve.minor(),
            cap_per_member: caps.per_member.map(Amount::minor),
            cap_medical: cap(Reason::Medical),
            cap_death_in_family: cap(Reason::DeathInFamily),
            cap_hardship: cap(Reason::Hardship),
            cap_disaster: cap(Reason::Disaster),
            cap_other: cap(Reason::Other),
            naming: naming.as_str().to_owned(),
            set_by: set_by.map(UserId::uuid),
            set_at: instant(*set_at),
        }
    }
}

impl TryFrom<RulesRow> for RulesVersion {
    type Error = InconsistentRow;

    fn try_from(row: RulesRow) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("benevolence_rules", row.tenant_id);
        let amount = |column, minor| from.value(column, Amount::from_minor(minor));
        let thresholds = Thresholds::new(
            amount("one_level_below", row.one_level_below)?,
            amount("two_levels_below", row.two_levels_below)?,
            amount("three_levels_below", row.three_levels_below)?,
        );
        let caps = [
            (Reason::Medical, row.cap_medical),
            (Reason::DeathInFamily, row.cap_death_in_family),
            (Reason::Hardship, row.cap_hardship),
            (Reason::Disaster, row.cap_disaster),
            (Reason::Other, row.cap_other),
        ];
        let mut per_reason = BTreeMap::new();
        for (reason, cap) in caps {
            if let Some(minor) = cap {
                per_reason.insert(reason, amount("cap", minor)?);
            }
        }
        let per_member = row.cap_per_member;
        Ok(Self {
            effective_from: row.effective_from.to_jiff(),
            rules: Rules {
                thresholds: from.value("one_level_below", thresholds)?,
                reserve: amount("reserve", row.reserve)?,
                caps: Caps {
                    per_member: per_member
                        .map(|minor| amount("cap_per_member", minor))
                        .transpose()?,
                    per_reason,
                },
                naming: from.value("naming", Naming::parse(&row.naming))?,
            },
            set_by: row.set_by.map(UserId::new),
            set_at: row.set_at.to_jiff(),
        })
    }
}
