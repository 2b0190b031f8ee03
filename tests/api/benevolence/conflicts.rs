//! Who may not, and who comes second: conflicts of interest, ladders that change, two at the same instant.

use serde_json::json;
use unionhall_domain::{ids::Id, roles::Role};
use unionhall_testing::{TestApp, builders};

use super::{
    APPLICATIONS, FUND, another_officer, approve, asking, check, decide, deposit, of, opened, rule,
    seat, seat_role,
};
use crate::{
    concurrency::{at_once, statuses},
    fixtures::{made, new_member, owner, texts},
};

fn hall() -> (TestApp, String) {
    let app = TestApp::start();
    app.ignore_mail();
    deposit(&owner(&app), "1000.00");
    let member = made(&owner(&app), "/members", &new_member("L-1"));
    (app, member)
}

/// Makes the local's officer this member.
fn officer_is(app: &TestApp, member: &str) {
    let member = Id::parse(member).expect("an id");
    let membership = app.local.membership(Role::Officer, Some(member));
    builders::store(
        app.storage(),
        unionhall_ports::unit_of_work::Scope::Identity,
        |tx| tx.identity().put_membership(&membership, app.now()),
    );
}

#[test]
fn of_two_reviewers_at_the_same_instant_one_decides_and_the_other_is_told() {
    let (app, member) = hall();
    let (id, other) = another_officer(&app, "second");
    seat_role(&app, Role::Officer, "vp");
    seat(&owner(&app), &id, "vp");
    for _ in 0..5 {
        let case = opened(&app, &member, "100");
        let officer = app.as_role(Role::Officer);
        let answers = at_once(2, |index| {
            if index == 0 {
                approve(&officer, &case, "vp", "100")
            } else {
                decide(&other, &case, "vp", "denied")
            }
        });
        assert_eq!(statuses(&answers), [201, 409], "{answers:#?}");
        let reviews = officer.get(&of(&case, "/reviews")).expect(200).json();
        assert_eq!(texts(&reviews, "review_level"), ["vp"]);
    }
}

#[test]
fn nobody_reviews_opens_or_pays_their_own_and_an_officer_applies_like_any_member() {
    let (app, member) = hall();
    officer_is(&app, &member);
    seat_role(&app, Role::Officer, "vp");
    seat_role(&app, Role::Admin, "vp");
    let (officer, admin) = (app.as_role(Role::Officer), app.as_role(Role::Admin));
    let id = made(&officer, APPLICATIONS, &asking(&member, "100"));
    let noted = officer.patch(&of(&id, ""), &json!({"notes": "A good one."}));
    assert_eq!(noted.expect(403).code(), "not_oneself");
    let sent = officer.act(&of(&id, "/submit")).expect(200);
    assert_eq!(sent.json()["allowed_actions"], json!(["withdraw"]));
    let own = officer.act(&of(&id, "/begin-review"));
    assert_eq!(own.expect(403).code(), "not_oneself");
    admin.act(&of(&id, "/begin-review")).expect(200);
    let own = approve(&officer, &id, "vp", "100").expect(403);
    assert_eq!(own.code(), "barred");
    let body = json!({
        "review_level": "vp", "decision": "approved", "amount": "100", "comments": "I know him."
    });
    admin.post(&of(&id, "/reviews"), &body).expect(201);
    let reviews = officer.get(&of(&id, "/reviews")).expect(200).json();
    assert_eq!(reviews["items"][0]["comments"], json!(null));
    let own = officer.post(&of(&id, "/payments"), &check("100", "1"));
    assert_eq!(own.expect(403).code(), "not_oneself");
}

#[test]
fn a_relative_who_was_declared_reviews_nothing_of_the_member_until_somebody_else_ends_it() {
    let (app, member) = hall();
    seat_role(&app, Role::Officer, "vp");
    let officer = app.as_role(Role::Officer);
    let case = opened(&app, &member, "100");
    let own = app.local.person(Role::Officer).id.to_string();
    let body = json!({"member_id": member, "user_id": own, "kinship": "sibling"});
    let relation = made(&officer, &format!("{FUND}/relations"), &body);
    let twice = owner(&app).post(&format!("{FUND}/relations"), &body);
    assert_eq!(twice.expect(409).code(), "duplicate");
    assert_eq!(
        approve(&officer, &case, "vp", "100").expect(403).code(),
        "barred"
    );
    let queue = officer.get(&format!("{APPLICATIONS}/waiting-for-me"));
    assert!(texts(&queue.expect(200).json(), "id").is_empty());
    let free = |expected: usize| {
        let free = owner(&app).get(&of(&case, "/free-reviewers")).expect(200);
        assert_eq!(
            free.json()["items"].as_array().map(Vec::len),
            Some(expected)
        );
    };
    free(0);
    officer
        .act(&format!("{FUND}/relations/{relation}/end"))
        .expect(403);
    let ended = owner(&app).act(&format!("{FUND}/relations/{relation}/end"));
    assert!(ended.expect(200).json()["ended_at"].is_string());
    free(1);
    approve(&officer, &case, "vp", "100").expect(201);
}

#[test]
fn no_level_is_skipped_and_who_reviewed_at_one_reviews_at_no_other() {
    let (app, member) = hall();
    let officer = app.as_role(Role::Officer);
    for level in ["vp", "admin"] {
        seat_role(&app, Role::Officer, level);
    }
    let case = opened(&app, &member, "600");
    let early = approve(&officer, &case, "admin", "600").expect(409);
    assert_eq!(early.code(), "illegal_move");
    let no_seat = approve(&owner(&app), &case, "vp", "600").expect(403);
    assert_eq!(no_seat.code(), "barred");
    approve(&officer, &case, "vp", "600").expect(201);
    let again = approve(&officer, &case, "admin", "600").expect(403);
    assert_eq!(again.code(), "barred");
    assert!(again.text_at("/detail").contains("vp"));
    seat_role(&app, Role::Admin, "admin");
    let too_much = approve(&app.as_role(Role::Admin), &case, "admin", "600.01");
    assert_eq!(too_much.expect(422).code(), "invalid_fields");
    let deferred = decide(&app.as_role(Role::Admin), &case, "admin", "deferred").expect(201);
    assert_eq!(deferred.text_at("/review_level"), "manager");
    assert_eq!(deferred.text_at("/last_level"), "manager");
}

#[test]
fn a_ladder_that_changes_does_not_change_what_was_handed_in() {
    let (app, member) = hall();
    seat_role(&app, Role::Officer, "vp");
    let before = opened(&app, &member, "400");
    rule(
        &app,
        &json!({"one_level_below": "0", "two_levels_below": "0"}),
    );
    let after = opened(&app, &member, "400");
    let last = |id: &str| {
        let found = owner(&app).get(&of(id, "")).expect(200);
        found.text_at("/last_level")
    };
    assert_eq!(
        (last(&before), last(&after)),
        ("vp".into(), "manager".into())
    );
    let granted = approve(&app.as_role(Role::Officer), &before, "vp", "400").expect(201);
    assert_eq!(granted.text_at("/status"), "approved");
    let past = json!({
        "effective_from": "2020-01-01", "one_level_below": "1", "two_levels_below": "2",
        "three_levels_below": "3"
    });
    owner(&app)
        .post(&format!("{FUND}/rules"), &past)
        .expect(422);
}

#[test]
fn a_hall_with_two_people_decides_everything_with_one_level() {
    let (app, member) = hall();
    let all = "9999999999.99";
    let one = json!({"one_level_below": all, "two_levels_below": all, "three_levels_below": all});
    rule(&app, &one);
    seat_role(&app, Role::Owner, "vp");
    let case = opened(&app, &member, "900");
    let granted = approve(&owner(&app), &case, "vp", "900").expect(201);
    assert_eq!(granted.text_at("/status"), "approved");
    owner(&app)
        .post(&of(&case, "/payments"), &check("900", "1"))
        .expect(201);
}

#[test]
fn a_member_with_an_open_application_is_not_deleted_and_the_answer_does_not_tell_of_it() {
    let (app, member) = hall();
    let case = opened(&app, &member, "100");
    let path = format!("/members/{member}");
    let refused = owner(&app).delete(&path).expect(409);
    assert_eq!(refused.code(), "in_use");
    assert!(!refused.text().contains("BF-") && !refused.text().contains("benevolence"));
    let why = json!({"reason": "She moves away."});
    owner(&app).post(&of(&case, "/withdraw"), &why).expect(200);
    owner(&app).delete(&path).expect(204);
    // What is over stays readable, and nothing new is asked for somebody who is gone.
    owner(&app).get(&of(&case, "")).expect(200);
    owner(&app)
        .post(APPLICATIONS, &asking(&member, "1"))
        .expect(422);
}

#[test]
fn a_seat_ends_and_who_sat_there_reviews_no_more() {
    let (app, member) = hall();
    let seat = seat_role(&app, Role::Officer, "vp");
    let staff = app.local.person(Role::Staff).id.to_string();
    let body = json!({"review_level": "vp", "user_id": staff});
    owner(&app)
        .post(&format!("{FUND}/seats"), &body)
        .expect(422);
    let case = opened(&app, &member, "100");
    let path = format!("{FUND}/seats/{seat}/end");
    let today = json!({"until": app.today().to_string()});
    owner(&app).post(&path, &today).expect(200);
    owner(&app).post(&path, &today).expect(422);
    let late = approve(&app.as_role(Role::Officer), &case, "vp", "100");
    assert_eq!(late.expect(403).code(), "barred");
    seat_role(&app, Role::Officer, "vp");
    approve(&app.as_role(Role::Officer), &case, "vp", "100").expect(201);
}
