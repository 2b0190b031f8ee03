//! The probes of agreements and their rules.

use serde_json::json;

use super::{Probe, listed};
use crate::collective_agreements::new_rules;

/// Every place that takes an id.
pub(super) fn probes() -> Vec<Probe> {
    listed(&[
        ("agreements_find path id", |_, who, ids| {
            who.get(&format!("/agreements/{}", ids.agreement))
        }),
        ("agreements_update path id", |_, who, ids| {
            let path = format!("/agreements/{}", ids.agreement);
            who.patch(&path, &json!({"name": "Ours"}))
        }),
        ("agreements_delete path id", |_, who, ids| {
            who.delete(&format!("/agreements/{}", ids.agreement))
        }),
        ("agreements_restore path id", |_, who, ids| {
            who.act(&format!("/agreements/{}/restore", ids.deleted_agreement))
        }),
        ("agreements_rule_sets path id", |_, who, ids| {
            who.get(&format!("/agreements/{}/rule-sets", ids.agreement))
        }),
        ("agreements_rule_set path id", |_, who, ids| {
            who.get(&format!("/agreements/{}/rule-sets/1", ids.agreement))
        }),
        ("agreements_add_rule_set path id", |_, who, ids| {
            let path = format!("/agreements/{}/rule-sets", ids.agreement);
            who.post(&path, &new_rules())
        }),
        ("agreements_list query organization_id", |_, who, ids| {
            let query = format!("organization_id={}&include_total=true", ids.employer);
            who.get(&format!("/agreements?{query}"))
        }),
        ("agreements_export query organization_id", |_, who, ids| {
            let query = format!("organization_id={}", ids.employer);
            who.get(&format!("/agreements/export?{query}"))
        }),
    ])
}
