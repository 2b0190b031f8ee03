//! One request for each place of the benevolence fund that takes the id or number of a record.

use serde_json::json;
use unionhall_domain::roles::Role;

use super::probes::{Probe, listed, own_member};
use crate::{
    benevolence::{APPLICATIONS, FUND, FundRecords, approve, asking, check, of},
    fixtures::reason,
};

/// The same id and number for every record.
pub(super) fn all_like(id: &str, number: &str) -> FundRecords {
    let id = || id.to_owned();
    FundRecords {
        draft: id(),
        deleted_draft: id(),
        submitted: id(),
        under_review: id(),
        asked: id(),
        awarded: id(),
        number: number.to_owned(),
        payment: id(),
        seat: id(),
        relation: id(),
    }
}

/// The ids.
pub(super) fn all(fund: &FundRecords) -> Vec<&str> {
    vec![
        &fund.draft,
        &fund.deleted_draft,
        &fund.submitted,
        &fund.under_review,
        &fund.asked,
        &fund.awarded,
        &fund.payment,
        &fund.seat,
        &fund.relation,
    ]
}

/// Every probe.
pub(super) fn probes() -> Vec<Probe> {
    let mut probes = applications();
    probes.extend(moves());
    probes.extend(fund());
    probes
}

fn applications() -> Vec<Probe> {
    listed(&[
        ("benevolence_find path id", |_, who, ids| {
            who.get(&of(&ids.fund.draft, ""))
        }),
        ("benevolence_find_by_number path number", |_, who, ids| {
            who.get(&format!("{APPLICATIONS}/by-number/{}", ids.fund.number))
        }),
        ("benevolence_list query member_id", |_, who, ids| {
            let query = format!("member_id={}&include_total=true", ids.member);
            who.get(&format!("{APPLICATIONS}?{query}"))
        }),
        ("benevolence_export query member_id", |_, who, ids| {
            who.get(&format!("{APPLICATIONS}/export?member_id={}", ids.member))
        }),
        ("benevolence_apply body member_id", |_, who, ids| {
            who.post(APPLICATIONS, &asking(&ids.member, "1"))
        }),
        ("benevolence_update path id", |_, who, ids| {
            who.patch(&of(&ids.fund.draft, ""), &json!({"notes": "Seen."}))
        }),
        ("benevolence_delete path id", |_, who, ids| {
            who.delete(&of(&ids.fund.draft, ""))
        }),
        ("benevolence_restore path id", |_, who, ids| {
            who.act(&of(&ids.fund.deleted_draft, "/restore"))
        }),
        ("benevolence_reviews path id", |_, who, ids| {
            who.get(&of(&ids.fund.asked, "/reviews"))
        }),
        ("benevolence_free_reviewers path id", |_, who, ids| {
            who.get(&of(&ids.fund.under_review, "/free-reviewers"))
        }),
        ("benevolence_answers path id", |_, who, ids| {
            who.get(&of(&ids.fund.asked, "/answers"))
        }),
        ("benevolence_unmaskings path id", |_, who, ids| {
            who.get(&of(&ids.fund.asked, "/unmaskings"))
        }),
        ("benevolence_payments path id", |_, who, ids| {
            who.get(&of(&ids.fund.awarded, "/payments"))
        }),
    ])
}

fn moves() -> Vec<Probe> {
    listed(&[
        ("benevolence_submit path id", |_, who, ids| {
            who.act(&of(&ids.fund.draft, "/submit"))
        }),
        ("benevolence_begin_review path id", |_, who, ids| {
            who.act(&of(&ids.fund.submitted, "/begin-review"))
        }),
        ("benevolence_withdraw path id", |_, who, ids| {
            let why = json!({"reason": "Asked us to."});
            who.post(&of(&ids.fund.under_review, "/withdraw"), &why)
        }),
        ("benevolence_review path id", |_, who, ids| {
            approve(who, &ids.fund.under_review, "vp", "1")
        }),
        ("benevolence_answer path id", |_, who, ids| {
            let body = json!({"answer": "600 a month."});
            who.post(&of(&ids.fund.asked, "/answers"), &body)
        }),
        ("benevolence_unmask path id", |_, who, ids| {
            who.post(&of(&ids.fund.under_review, "/unmaskings"), &reason())
        }),
        ("benevolence_pay path id", |_, who, ids| {
            who.post(&of(&ids.fund.awarded, "/payments"), &check("1", "7"))
        }),
        ("benevolence_reverse path id", |_, who, ids| {
            let path = format!("{FUND}/payments/{}/reverse", ids.fund.payment);
            who.post(&path, &reason())
        }),
    ])
}

fn fund() -> Vec<Probe> {
    listed(&[
        ("benevolence_give_seat body user_id", |_, who, ids| {
            let body = json!({"review_level": "vp", "user_id": ids.user});
            who.post(&format!("{FUND}/seats"), &body)
        }),
        ("benevolence_end_seat path id", |app, who, ids| {
            let body = json!({"until": app.today().to_string()});
            who.post(&format!("{FUND}/seats/{}/end", ids.fund.seat), &body)
        }),
        ("benevolence_relations query member_id", |_, who, ids| {
            who.get(&format!("{FUND}/relations?member_id={}", ids.member))
        }),
        ("benevolence_relations query user_id", |_, who, ids| {
            who.get(&format!("{FUND}/relations?user_id={}", ids.user))
        }),
        ("benevolence_relate body member_id", |app, who, ids| {
            let own = app.local.person(Role::Officer).id.to_string();
            let body = json!({"member_id": ids.member, "user_id": own, "kinship": "other"});
            who.post(&format!("{FUND}/relations"), &body)
        }),
        ("benevolence_relate body user_id", |_, who, ids| {
            let body = json!({
                "member_id": own_member(who), "user_id": ids.user, "kinship": "other"
            });
            who.post(&format!("{FUND}/relations"), &body)
        }),
        ("benevolence_end_relation path id", |_, who, ids| {
            who.act(&format!("{FUND}/relations/{}/end", ids.fund.relation))
        }),
    ])
}
