//! The benevolence fund over HTTP: what the tests begin with, and an application from draft to payment.

mod conflicts;
mod drafts;
mod masking;
mod money;

use insta::assert_json_snapshot;
use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{
    TestApp,
    app::{Answer, Hall, Identity},
};

use crate::fixtures::{made, new_member, owner, someone, texts};

/// Where applications are.
pub(crate) const APPLICATIONS: &str = "/benevolence-applications";
/// Where the fund is.
pub(crate) const FUND: &str = "/benevolence-fund";

/// An application of this member for so much.
pub(crate) fn asking(member: &str, amount: &str) -> Value {
    json!({
        "member_id": member, "reason": "medical", "amount_requested": amount,
        "description": "Surgery in May, and no work since."
    })
}

/// The path of an application, with what follows its id.
pub(crate) fn of(id: &str, rest: &str) -> String {
    format!("{APPLICATIONS}/{id}{rest}")
}

/// Puts so much into the fund.
pub(crate) fn deposit(who: &Identity<'_>, amount: &str) {
    let body = json!({"kind": "deposit", "amount": amount, "source": "Raffle"});
    who.post(&format!("{FUND}/entries"), &body).expect(201);
}

/// Gives somebody a seat from today on; returns its id.
pub(crate) fn seat(who: &Identity<'_>, user: &str, level: &str) -> String {
    let body = json!({"review_level": level, "user_id": user});
    made(who, &format!("{FUND}/seats"), &body)
}

/// Seats the local's person with this role.
pub(crate) fn seat_role(app: &TestApp, role: Role, level: &str) -> String {
    seat(&owner(app), &app.local.person(role).id.to_string(), level)
}

/// An application that was handed in by the office, and whose review is open.
pub(crate) fn opened(app: &TestApp, member: &str, amount: &str) -> String {
    let staff = app.as_role(Role::Staff);
    let id = made(&staff, APPLICATIONS, &asking(member, amount));
    staff.act(&of(&id, "/submit")).expect(200);
    staff.act(&of(&id, "/begin-review")).expect(200);
    id
}

/// Sends an approval of so much.
pub(crate) fn approve(who: &Identity<'_>, id: &str, level: &str, amount: &str) -> Answer {
    let body = json!({"review_level": level, "decision": "approved", "amount": amount});
    who.post(&of(id, "/reviews"), &body)
}

/// Sends another decision, with words.
pub(crate) fn decide(who: &Identity<'_>, id: &str, level: &str, decision: &str) -> Answer {
    let body = json!({"review_level": level, "decision": decision, "reason": "It is not clear."});
    who.post(&of(id, "/reviews"), &body)
}

/// A payment of so much by the check with this number.
pub(crate) fn check(amount: &str, number: &str) -> Value {
    json!({"amount": amount, "payment_method": "check", "payment_reference": number})
}

/// An officer of the local by another name, signed in.
pub(crate) fn another_officer<'a>(app: &'a TestApp, name: &str) -> (String, Identity<'a>) {
    let email = format!("{name}@local46.example");
    let id = someone(app, &app.local, &email, Role::Officer);
    let token = app.sign_in(&email).text_at("/access_token");
    (id, app.with_token(&token))
}

/// Sets rules from today on: the usual ladder, and what is named beside it.
pub(crate) fn rule(app: &TestApp, more: &Value) {
    let mut body = json!({
        "effective_from": app.today().to_string(), "one_level_below": "500.00",
        "two_levels_below": "2000.00", "three_levels_below": "5000.00"
    });
    for (name, value) in more.as_object().expect("rules are an object") {
        body[name] = value.clone();
    }
    owner(app).post(&format!("{FUND}/rules"), &body).expect(200);
}

/// One record of each kind of the fund, of one hall.
pub(crate) struct FundRecords {
    pub draft: String,
    pub deleted_draft: String,
    pub submitted: String,
    pub under_review: String,
    pub asked: String,
    pub awarded: String,
    pub number: String,
    pub payment: String,
    pub seat: String,
    pub relation: String,
}

/// Makes them for this member, with everybody who may review seated at the lowest level.
pub(crate) fn fund_records(hall: &Hall, who: &Identity<'_>, member: &str) -> FundRecords {
    deposit(who, "10000.00");
    let seats = [Role::Owner, Role::Admin, Role::Officer]
        .map(|role| seat(who, &hall.person(role).id.to_string(), "vp"));
    let make = || made(who, APPLICATIONS, &asking(member, "400.00"));
    let [
        draft,
        deleted_draft,
        submitted,
        under_review,
        asked,
        awarded,
    ] = std::array::from_fn(|_| make());
    who.delete(&of(&deleted_draft, "")).expect(204);
    for id in [&submitted, &under_review, &asked, &awarded] {
        who.act(&of(id, "/submit")).expect(200);
    }
    for id in [&under_review, &asked, &awarded] {
        who.act(&of(id, "/begin-review")).expect(200);
    }
    decide(who, &asked, "vp", "needs_info").expect(201);
    approve(who, &awarded, "vp", "400.00").expect(201);
    let paid = who.post(&of(&awarded, "/payments"), &check("100.00", "1044"));
    let body = json!({
        "member_id": member, "user_id": hall.person(Role::Staff).id.to_string(), "kinship": "in_law"
    });
    let number = who.get(&of(&awarded, "")).expect(200);
    FundRecords {
        payment: paid.expect(201).text_at("/payment/id"),
        number: number.text_at("/application_number"),
        seat: seats.into_iter().next().unwrap_or_default(),
        relation: made(who, &format!("{FUND}/relations"), &body),
        draft,
        deleted_draft,
        submitted,
        under_review,
        asked,
        awarded,
    }
}

#[test]
fn an_application_climbs_from_draft_to_payment_and_is_shown_with_every_field() {
    let app = TestApp::start();
    app.ignore_mail();
    let (staff, officer) = (app.as_role(Role::Staff), app.as_role(Role::Officer));
    let admin = app.as_role(Role::Admin);
    deposit(&officer, "5000.00");
    seat_role(&app, Role::Officer, "vp");
    seat_role(&app, Role::Admin, "admin");
    let member = made(&staff, "/members", &new_member("L-1"));
    let made = staff
        .post(APPLICATIONS, &asking(&member, "600"))
        .expect(201);
    let id = made.text_at("/id");
    assert_eq!(
        made.header("location"),
        Some(format!("/api/v1{}", of(&id, "")).as_str())
    );
    let number = format!("BF-{}-0001", app.today().year());
    assert_eq!(made.text_at("/application_number"), number);
    assert_eq!(
        made.json()["allowed_actions"],
        json!(["update", "submit"]),
        "staff deletes nothing"
    );
    let patched = staff.patch(&of(&id, ""), &json!({"amount_requested": "700"}));
    assert_eq!(patched.expect(200).text_at("/amount_requested"), "700.00");
    let stands = |answer: Answer| {
        let body = answer.json();
        let place = ["status", "waits_for", "review_level", "last_level"];
        place.map(|name| body[name].as_str().map(str::to_owned).unwrap_or_default())
    };
    let submitted = staff.act(&of(&id, "/submit")).expect(200);
    assert_eq!(stands(submitted), ["submitted", "office", "vp", "admin"]);
    let frozen = staff.patch(&of(&id, ""), &json!({"amount_requested": "9000"}));
    assert_eq!(frozen.expect(409).code(), "illegal_move");
    let open = staff.act(&of(&id, "/begin-review")).expect(200);
    assert_eq!(stands(open), ["under_review", "vp", "vp", "admin"]);
    let up = approve(&officer, &id, "vp", "700").expect(201);
    assert_eq!(stands(up), ["under_review", "admin", "admin", "admin"]);
    let granted = approve(&admin, &id, "admin", "650").expect(201);
    assert_eq!(granted.text_at("/approved_amount"), "650.00");
    assert_eq!(stands(granted), ["approved", "payment", "", ""]);
    let paid = officer.post(&of(&id, "/payments"), &check("650", "1044"));
    assert_eq!(paid.expect(201).text_at("/application/status"), "paid");
    let record = officer.get(&of(&id, "")).expect(200);
    let by_number = officer.get(&format!("{APPLICATIONS}/by-number/{number}"));
    assert_eq!(record.json(), by_number.expect(200).json());
    assert_json_snapshot!("benevolence_application", record.json(), {
        ".id" => "[id]", ".member_id" => "[id]", ".filed_by" => "[id]", ".application_number" => "[number]",
        ".application_date" => "[day]", ".decision_date" => "[day]", ".since" => "[time]",
        ".created_at" => "[time]", ".updated_at" => "[time]"
    });
    let reviews = officer.get(&of(&id, "/reviews")).expect(200).json();
    assert_eq!(texts(&reviews, "review_level"), ["vp", "admin"]);
    assert_eq!(texts(&reviews, "amount"), ["700.00", "650.00"]);
}

#[test]
fn the_year_is_told_in_numbers_by_reason_and_outcome() {
    let app = TestApp::start();
    app.ignore_mail();
    let member = made(&owner(&app), "/members", &new_member("L-1"));
    fund_records(&app.local, &owner(&app), &member);
    let path = format!("{APPLICATIONS}/statistics");
    let years = app.as_role(Role::Staff).get(&path).expect(200).json();
    assert_json_snapshot!("benevolence_year", years, {".items[].year" => "[year]"});
    let none = owner(&app).get(&format!("{path}?from_year=1900&until_year=1901"));
    assert_eq!(none.expect(200).json()["items"], json!([]));
    owner(&app).get(&format!("{path}?from_year=1")).expect(400);
}

#[test]
fn what_waits_is_shown_to_whom_it_waits_for_and_how_long() {
    let app = TestApp::start();
    app.ignore_mail();
    let member = made(&owner(&app), "/members", &new_member("L-1"));
    let records = fund_records(&app.local, &owner(&app), &member);
    let waiting = |role: Role, path: &str| {
        let answer = app.as_role(role).get(&format!("{APPLICATIONS}/{path}"));
        answer.expect(200).json()
    };
    let staff = waiting(Role::Staff, "waiting-for-me");
    assert_eq!(texts(&staff, "id"), [records.submitted.as_str()]);
    assert_eq!(staff["items"][0]["days"], 0);
    let officer = waiting(Role::Officer, "waiting-for-me");
    assert_eq!(texts(&officer, "waits_for"), ["office", "vp", "payment"]);
    let everything = waiting(Role::Staff, "waiting");
    let mut turns = texts(&everything, "waits_for");
    turns.sort();
    assert_eq!(turns, ["applicant", "office", "payment", "vp"]);
    assert!(everything["items"][0].get("member_id").is_none());
    // A queue is gone through page by page, to its end, and by whom it waits for.
    let (mut walked, mut place) = (Vec::new(), "waiting?limit=1&include_total=true".to_owned());
    loop {
        let page = waiting(Role::Staff, &place);
        assert_eq!(page["total"], 4);
        walked.extend(texts(&page, "id"));
        let Some(next) = page["next_cursor"].as_str() else {
            break;
        };
        place = format!("waiting?limit=1&include_total=true&cursor={next}");
    }
    assert_eq!(walked, texts(&everything, "id"));
    let of_vp = waiting(Role::Staff, "waiting?waits_for=vp");
    assert_eq!(texts(&of_vp, "waits_for"), ["vp"]);
    let to_pay = waiting(Role::Officer, "waiting-for-me?waits_for=payment");
    assert_eq!(texts(&to_pay, "waits_for"), ["payment"]);
    let not_mine = waiting(Role::Officer, "waiting-for-me?waits_for=manager");
    assert!(texts(&not_mine, "id").is_empty());
    let file = app.as_role(Role::Staff);
    let file = file.get(&format!("{APPLICATIONS}/waiting/export?waits_for=vp"));
    let file = file.expect(200);
    assert!(
        file.text()
            .contains(&texts(&of_vp, "application_number")[0])
    );
    assert_eq!(file.text().lines().count(), 2);
}
