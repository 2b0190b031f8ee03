//! The fund that cannot be overdrawn, caps, payments that are made once and taken back once.

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{TestApp, app::Identity};

use super::{APPLICATIONS, FUND, approve, asking, check, deposit, of, opened, rule, seat_role};
use crate::{
    concurrency::{at_once, statuses},
    fixtures::{made, new_member, owner, reason, texts},
};

fn hall(deposited: &str) -> (TestApp, String) {
    let app = TestApp::start();
    app.ignore_mail();
    deposit(&owner(&app), deposited);
    seat_role(&app, Role::Officer, "vp");
    let member = made(&owner(&app), "/members", &new_member("L-1"));
    (app, member)
}

fn fund(app: &TestApp) -> Value {
    app.as_role(Role::Officer).get(FUND).expect(200).json()
}

#[test]
fn of_many_approvals_of_the_last_dollar_at_once_exactly_one_wins() {
    let (app, member) = hall("100.00");
    let officer = app.as_role(Role::Officer);
    for round in 0..3 {
        let cases: Vec<_> = (0..4).map(|_| opened(&app, &member, "100")).collect();
        let answers = at_once(cases.len(), |index| {
            approve(&officer, &cases[index], "vp", "100")
        });
        assert_eq!(statuses(&answers), [201, 409, 409, 409], "{answers:#?}");
        for lost in answers.iter().filter(|answer| answer.status() == 409) {
            assert_eq!(lost.code(), "fund_short");
        }
        let held = fund(&app);
        assert_eq!(held["balance"], "0.00", "round {round}");
        // Who lost was not reviewed at all, and is when there is money again.
        deposit(&officer, "100.00");
    }
}

#[test]
fn an_approval_eats_neither_into_the_reserve_nor_over_a_cap() {
    let (app, member) = hall("1000.00");
    let officer = app.as_role(Role::Officer);
    let body = json!({"reserve": "400", "cap_per_member": "500", "cap_medical": "300"});
    rule(&app, &body);
    let refused = |amount: &str| {
        let case = opened(&app, &member, amount);
        approve(&officer, &case, "vp", amount).expect(409).code()
    };
    assert_eq!(refused("300.01"), "over_cap");
    let case = opened(&app, &member, "300");
    approve(&officer, &case, "vp", "300").expect(201);
    assert_eq!(refused("0.01"), "over_cap");
    let other = made(&owner(&app), "/members", &new_member("L-2"));
    let case = opened(&app, &other, "300");
    approve(&officer, &case, "vp", "300").expect(201);
    let third = made(&owner(&app), "/members", &new_member("L-3"));
    let case = opened(&app, &third, "1");
    let short = approve(&officer, &case, "vp", "1").expect(409);
    assert_eq!(short.code(), "fund_short");
    assert!(short.text_at("/detail").contains("0.00"));
    let held = fund(&app);
    let sums = [
        "deposited",
        "approved",
        "paid",
        "cash",
        "committed",
        "balance",
        "available",
    ];
    let expected = [
        "1000.00", "600.00", "0.00", "1000.00", "600.00", "400.00", "0.00",
    ];
    for (name, sum) in sums.into_iter().zip(expected) {
        assert_eq!(held[name], sum, "{name}");
    }
}

#[test]
fn a_correction_takes_nothing_that_is_promised_and_entries_are_listed() {
    let (app, member) = hall("100.00");
    let officer = app.as_role(Role::Officer);
    let case = opened(&app, &member, "60");
    approve(&officer, &case, "vp", "60").expect(201);
    let path = format!("{FUND}/entries");
    let correction =
        |amount: &str| json!({"kind": "correction", "amount": amount, "source": "Wrong account"});
    let refused = officer.post(&path, &correction("40.01")).expect(409);
    assert_eq!(refused.code(), "fund_short");
    officer.post(&path, &correction("40")).expect(201);
    let entries = officer.get(&format!("{path}?sort=entry_date")).expect(200);
    assert_eq!(texts(&entries.json(), "kind"), ["deposit", "correction"]);
    let first = officer.get(&format!("{path}?limit=1")).expect(200).json();
    assert!(first["next_cursor"].is_string());
}

#[test]
fn a_payment_is_made_once_however_often_it_is_sent_and_taken_back_once() {
    let (app, member) = hall("100.00");
    let officer = app.as_role(Role::Officer);
    let case = opened(&app, &member, "100");
    approve(&officer, &case, "vp", "100").expect(201);
    let path = of(&case, "/payments");
    let answers = at_once(4, |_| officer.post(&path, &check("40", "1044")));
    assert_eq!(statuses(&answers), [201, 409, 409, 409], "{answers:#?}");
    let again = officer.post(&path, &check("40", "1044")).expect(409);
    assert_eq!(again.code(), "duplicate");
    let too_much = officer.post(&path, &check("60.01", "1045")).expect(422);
    assert_eq!(too_much.code(), "invalid_fields");
    officer.post(&path, &check("60", "1045")).expect(201);
    let paid = officer.post(&path, &check("1", "1046")).expect(409);
    assert_eq!(paid.code(), "illegal_move");
    let list = officer.get(&path).expect(200).json();
    assert_eq!(texts(&list, "amount"), ["40.00", "60.00"]);
    let first = list["items"][0]["id"].as_str().expect("an id");
    let reverse = format!("{FUND}/payments/{first}/reverse");
    let answers = at_once(3, |_| officer.post(&reverse, &reason()));
    assert_eq!(statuses(&answers), [200, 409, 409], "{answers:#?}");
    let reversed = officer.post(&reverse, &reason()).expect(409);
    assert_eq!(reversed.code(), "illegal_move");
    let found = officer.get(&of(&case, "")).expect(200);
    assert_eq!(found.text_at("/status"), "approved");
    assert_eq!(found.text_at("/paid_amount"), "60.00");
    let held = fund(&app);
    assert_eq!(
        (&held["paid"], &held["committed"]),
        (&json!("60.00"), &json!("40.00"))
    );
    // What was taken back is made again, under its number if need be.
    officer.post(&path, &check("40", "1044")).expect(201);
}

#[test]
fn what_left_the_fund_is_listed_and_had_as_a_file_whatever_it_was_granted_to() {
    let (app, member) = hall("1000.00");
    let officer = app.as_role(Role::Officer);
    let granted = |amount: &str| {
        let case = opened(&app, &member, amount);
        approve(&officer, &case, "vp", amount).expect(201);
        case
    };
    let cases = [granted("100"), granted("200")];
    for (case, amount, number) in [(0, "60", "1"), (1, "200", "2"), (0, "40", "3")] {
        let path = of(&cases[case], "/payments");
        officer.post(&path, &check(amount, number)).expect(201);
    }
    let path = format!("{FUND}/payments");
    let list = |query: &str| officer.get(&format!("{path}?{query}")).expect(200).json();
    let all = list("sort=payment_date&include_total=true");
    assert_eq!(texts(&all, "payment_reference"), ["1", "2", "3"]);
    assert_eq!(all["total"], 3);
    let number = officer.get(&of(&cases[1], "")).expect(200);
    let number = number.text_at("/application_number");
    assert_eq!(texts(&all, "application_number")[1], number);
    assert!(!all.to_string().contains(&member));
    let lost = all["items"][1]["id"].as_str().expect("an id");
    officer
        .post(&format!("{path}/{lost}/reverse"), &reason())
        .expect(200);
    assert_eq!(texts(&list("reversed=true"), "id"), [lost]);
    let kept = list("reversed=false&payment_method=check");
    assert_eq!(texts(&kept, "payment_reference"), ["3", "1"]);
    let today = app.today();
    assert_eq!(texts(&list(&format!("from={today}")), "id").len(), 3);
    let before = today.yesterday().expect("a day");
    assert!(texts(&list(&format!("until={before}")), "id").is_empty());
    let first = list("limit=2");
    let cursor = first["next_cursor"].as_str().expect("another page");
    let rest = list(&format!("limit=2&cursor={cursor}"));
    assert_eq!(texts(&rest, "payment_reference"), ["1"]);
    let file = officer.get(&format!("{path}/export?reversed=true"));
    let file = file.expect(200);
    assert!(file.text().contains(&number));
    assert_eq!(file.text().lines().count(), 2);
    app.as_role(Role::Staff).get(&path).expect(403);
}

#[test]
fn a_payment_of_a_version_that_is_not_present_is_refused() {
    let (app, member) = hall("100.00");
    let officer = app.as_role(Role::Officer);
    let case = opened(&app, &member, "100");
    approve(&officer, &case, "vp", "100").expect(201);
    let stale = officer.request("POST", &of(&case, "/payments"));
    let stale = stale.header("If-Match", "\"1\"").json(&check("40", "1044"));
    assert_eq!(stale.send().expect(412).code(), "stale");
    assert_eq!(fund(&app)["paid"], "0.00");
}

#[test]
fn the_same_request_with_the_same_key_does_its_work_once_at_every_step() {
    let (app, member) = hall("1000.00");
    let (staff, officer) = (app.as_role(Role::Staff), app.as_role(Role::Officer));
    let twice = |who: &Identity<'_>, path: &str, body: &Value, status: u16| {
        let [first, again] = [(), ()].map(|()| {
            let request = who.request("POST", path);
            let request = request.header("Idempotency-Key", &path.replace('/', "-"));
            request.json(body).send().expect(status)
        });
        assert_eq!(again.header("idempotent-replayed"), Some("true"), "{path}");
        assert_eq!(first.json(), again.json(), "{path}");
        first
    };
    let made = twice(&staff, APPLICATIONS, &asking(&member, "100"), 201);
    let id = made.text_at("/id");
    twice(&staff, &of(&id, "/submit"), &json!({}), 200);
    twice(&staff, &of(&id, "/begin-review"), &json!({}), 200);
    let ask = json!({"review_level": "vp", "decision": "needs_info", "reason": "How much?"});
    officer.post(&of(&id, "/reviews"), &ask).expect(201);
    let answer = json!({"answer": "100 a month."});
    twice(&staff, &of(&id, "/answers"), &answer, 201);
    let yes = json!({"review_level": "vp", "decision": "approved", "amount": "100"});
    twice(&officer, &of(&id, "/reviews"), &yes, 201);
    let paid = twice(&officer, &of(&id, "/payments"), &check("60", "7"), 201);
    let payment = paid.text_at("/payment/id");
    let reverse = format!("{FUND}/payments/{payment}/reverse");
    twice(&officer, &reverse, &reason(), 200);
    let entry = json!({"kind": "deposit", "amount": "1", "source": "A jar"});
    twice(&officer, &format!("{FUND}/entries"), &entry, 201);
    let level = app.local.person(Role::Officer).id.to_string();
    let seat = json!({"review_level": "admin", "user_id": level});
    twice(&owner(&app), &format!("{FUND}/seats"), &seat, 201);
    let tie = json!({"member_id": member, "user_id": level, "kinship": "other"});
    twice(&owner(&app), &format!("{FUND}/relations"), &tie, 201);
    let rules = json!({
        "effective_from": app.today().to_string(), "one_level_below": "1",
        "two_levels_below": "2", "three_levels_below": "3"
    });
    twice(&owner(&app), &format!("{FUND}/rules"), &rules, 200);
    let held = fund(&app);
    assert_eq!(
        (&held["deposited"], &held["paid"]),
        (&json!("1001.00"), &json!("0.00"))
    );
}
