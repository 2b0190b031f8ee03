//! The rows of the benevolence fund.

use serde_json::json;
use unionhall_domain::roles::Role;

use super::{ADMINS, Body, OFFICERS, Row, STAFF, World, and_member, first, get, rehearse, row};
use crate::{
    benevolence::{APPLICATIONS, FUND, asking, check, of},
    fixtures::reason,
};

/// The rows.
pub(super) fn rows() -> Vec<Row> {
    let mut rows = reading();
    rows.extend(applying());
    rows.extend(reviewing());
    rows.extend(money());
    rows.extend(ruling());
    rows
}

fn reading() -> Vec<Row> {
    let read = || and_member(first(STAFF, 200), 200);
    vec![
        row("benevolence_list", read(), |_, _| {
            get(format!("{APPLICATIONS}?q=surgery"))
        }),
        row("benevolence_export", first(STAFF, 200), |_, _| {
            get(format!("{APPLICATIONS}/export?status=approved"))
        }),
        row("benevolence_find", read(), |world, _| {
            get(of(&world.fund.awarded, ""))
        }),
        row("benevolence_find_by_number", read(), |world, _| {
            get(format!("{APPLICATIONS}/by-number/{}", world.fund.number))
        }),
        row("benevolence_answers", read(), |world, _| {
            get(of(&world.fund.asked, "/answers"))
        }),
        row("benevolence_payments", read(), |world, _| {
            get(of(&world.fund.awarded, "/payments"))
        }),
        row("benevolence_unmaskings", read(), |world, _| {
            get(of(&world.fund.asked, "/unmaskings"))
        }),
        row("benevolence_waiting_for_me", read(), |_, _| {
            get(format!("{APPLICATIONS}/waiting-for-me"))
        }),
        row(
            "benevolence_export_waiting_for_me",
            first(STAFF, 200),
            |_, _| get(format!("{APPLICATIONS}/waiting-for-me/export")),
        ),
        row("benevolence_reviews", first(STAFF, 200), |world, _| {
            get(of(&world.fund.asked, "/reviews"))
        }),
        row("benevolence_waiting", first(STAFF, 200), |_, _| {
            get(format!("{APPLICATIONS}/waiting"))
        }),
        row("benevolence_export_waiting", first(STAFF, 200), |_, _| {
            get(format!("{APPLICATIONS}/waiting/export?waits_for=vp"))
        }),
        row("benevolence_statistics", first(STAFF, 200), |_, _| {
            get(format!("{APPLICATIONS}/statistics"))
        }),
        row(
            "benevolence_free_reviewers",
            first(ADMINS, 200),
            |world, _| get(of(&world.fund.under_review, "/free-reviewers")),
        ),
    ]
}

fn applying() -> Vec<Row> {
    let work = |status| and_member(first(STAFF, status), status);
    vec![
        row("benevolence_apply", work(201), |world, _| {
            let body = asking(&world.records.member, "400");
            rehearse("POST", APPLICATIONS, Body::Json(body))
        }),
        // Members apply for nobody else.
        row("benevolence_apply", first(STAFF, 201), |world, _| {
            let body = asking(&world.records.free_member, "400");
            rehearse("POST", APPLICATIONS, Body::Json(body))
        }),
        row("benevolence_update", work(200), |world, _| {
            let body = json!({"amount_requested": "300"});
            rehearse("PATCH", &of(&world.fund.draft, ""), Body::Json(body))
        }),
        row(
            "benevolence_delete",
            and_member(first(OFFICERS, 204), 204),
            |world, _| rehearse("DELETE", &of(&world.fund.draft, ""), Body::None),
        ),
        row("benevolence_restore", first(OFFICERS, 200), |world, _| {
            act(&of(&world.fund.deleted_draft, "/restore"))
        }),
        row("benevolence_submit", work(200), |world, _| {
            act(&of(&world.fund.draft, "/submit"))
        }),
        row("benevolence_begin_review", first(STAFF, 200), |world, _| {
            act(&of(&world.fund.submitted, "/begin-review"))
        }),
        row("benevolence_withdraw", work(200), |world, _| {
            let body = Body::Json(json!({"reason": "Asked us to."}));
            rehearse("POST", &of(&world.fund.under_review, "/withdraw"), body)
        }),
        row("benevolence_answer", work(201), |world, _| {
            let body = json!({"answer": "600 a month."});
            rehearse("POST", &of(&world.fund.asked, "/answers"), Body::Json(body))
        }),
    ]
}

fn act(path: &str) -> super::Asked {
    rehearse("POST", path, Body::None)
}

fn reviewing() -> Vec<Row> {
    vec![
        row("benevolence_review", first(OFFICERS, 201), |world, _| {
            let body = json!({"review_level": "vp", "decision": "approved", "amount": "400"});
            let path = of(&world.fund.under_review, "/reviews");
            rehearse("POST", &path, Body::Json(body))
        }),
        // Nothing is held back here, so that nothing is unmasked.
        row("benevolence_unmask", first(OFFICERS, 200), |world, _| {
            let path = of(&world.fund.under_review, "/unmaskings");
            rehearse("POST", &path, Body::Json(reason()))
        }),
    ]
}

fn money() -> Vec<Row> {
    vec![
        row("benevolence_pay", first(OFFICERS, 201), |world, _| {
            let path = of(&world.fund.awarded, "/payments");
            rehearse("POST", &path, Body::Json(check("300.00", "1045")))
        }),
        row("benevolence_reverse", first(OFFICERS, 200), |world, _| {
            let path = format!("{FUND}/payments/{}/reverse", world.fund.payment);
            rehearse("POST", &path, Body::Json(reason()))
        }),
        row("benevolence_fund", first(OFFICERS, 200), |_, _| {
            get(FUND.to_owned())
        }),
        row("benevolence_entries", first(OFFICERS, 200), |_, _| {
            get(format!("{FUND}/entries"))
        }),
        row(
            "benevolence_export_entries",
            first(OFFICERS, 200),
            |_, _| get(format!("{FUND}/entries/export")),
        ),
        row("benevolence_fund_payments", first(OFFICERS, 200), |_, _| {
            get(format!("{FUND}/payments?payment_method=check"))
        }),
        row(
            "benevolence_export_fund_payments",
            first(OFFICERS, 200),
            |_, _| get(format!("{FUND}/payments/export?reversed=false")),
        ),
        row("benevolence_enter", first(OFFICERS, 201), |_, _| {
            let body = json!({"kind": "deposit", "amount": "10", "source": "A jar"});
            rehearse("POST", &format!("{FUND}/entries"), Body::Json(body))
        }),
    ]
}

fn ruling() -> Vec<Row> {
    vec![
        row("benevolence_rules", first(STAFF, 200), |_, _| {
            get(format!("{FUND}/rules"))
        }),
        row("benevolence_set_rules", first(ADMINS, 200), |world, _| {
            let body = json!({
                "effective_from": world.app.today().to_string(), "one_level_below": "1",
                "two_levels_below": "2", "three_levels_below": "3"
            });
            rehearse("POST", &format!("{FUND}/rules"), Body::Json(body))
        }),
        row("benevolence_seats", first(STAFF, 200), |_, _| {
            get(format!("{FUND}/seats"))
        }),
        row("benevolence_give_seat", first(ADMINS, 201), |world, _| {
            let body = json!({"review_level": "manager", "user_id": of_role(world, Role::Officer)});
            rehearse("POST", &format!("{FUND}/seats"), Body::Json(body))
        }),
        row("benevolence_end_seat", first(ADMINS, 200), |world, _| {
            let path = format!("{FUND}/seats/{}/end", world.fund.seat);
            let body = json!({"until": world.app.today().to_string()});
            rehearse("POST", &path, Body::Json(body))
        }),
        // Who reviews sees what is declared of them, and members theirs.
        row(
            "benevolence_relations",
            and_member(first(OFFICERS, 200), 200),
            |_, _| get(format!("{FUND}/relations")),
        ),
        row(
            "benevolence_relate",
            and_member(first(STAFF, 201), 201),
            |world, _| {
                let body = json!({
                    "member_id": world.records.member, "kinship": "sibling",
                    "user_id": of_role(world, Role::Officer)
                });
                rehearse("POST", &format!("{FUND}/relations"), Body::Json(body))
            },
        ),
        row(
            "benevolence_end_relation",
            first(ADMINS, 200),
            |world, _| act(&format!("{FUND}/relations/{}/end", world.fund.relation)),
        ),
    ]
}

fn of_role(world: &World, role: Role) -> String {
    world.app.local.person(role).id.to_string()
}
