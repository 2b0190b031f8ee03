//! Grievances over HTTP: filed, taken up the ladder, settled, closed and reopened, with the mail that goes with it.

use insta::{assert_json_snapshot, assert_snapshot};
use jiff::ToSpan;
use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::TestApp;

use crate::fixtures::{
    Case, case, filing, ids, made, meeting, new_employer, new_member, owner, reason, texts,
};

#[test]
fn a_grievance_is_filed_with_the_next_number_open_on_the_first_step() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let member = made(&staff, "/members", &new_member("L-1"));
    let employer = made(&staff, "/organizations", &new_employer("Puget Electric"));
    for number in [1, 2] {
        let filed = staff
            .post("/grievances", &filing(&member, &employer))
            .expect(201);
        let path = format!("/api/v1/grievances/{}", filed.text_at("/id"));
        assert_eq!(filed.header("location"), Some(path.as_str()));
        let number = format!("GR-{}-{number:04}", app.today().year());
        assert_eq!(filed.text_at("/grievance_number"), number);
        assert_eq!(filed.text_at("/filed_date"), app.today().to_string());
        stands(&filed.json(), "step_1", "pending", "open");
    }
}

#[test]
fn a_grievance_climbs_the_ladder_and_every_meeting_is_kept() {
    let app = TestApp::start();
    let (staff, officer) = (app.as_role(Role::Staff), app.as_role(Role::Officer));
    let path = format!("/grievances/{}", case(&staff, "L-1").grievance);
    let act = |verb: &str| staff.act(&format!("{path}/{verb}")).expect(200).json();
    let meet = |outcome: &str| {
        let answer = staff
            .post(&format!("{path}/steps"), &meeting(&app, outcome))
            .expect(201);
        answer.json()["grievance"].take()
    };
    stands(&act("investigate"), "step_1", "pending", "investigation");
    stands(&act("schedule-hearing"), "step_1", "pending", "hearing");
    stands(&meet("denied"), "step_1", "denied", "hearing");
    stands(&act("advance"), "step_2", "pending", "open");
    stands(&meet("advanced"), "step_3", "pending", "open");
    stands(&meet("advanced"), "arbitration", "pending", "arbitration");
    // To settle is to decide.
    let (steps, settlement) = (format!("{path}/steps"), meeting(&app, "settled"));
    staff.post(&steps, &settlement).expect(403);
    let settled = officer.post(&steps, &settlement).expect(201).json();
    stands(&settled["grievance"], "arbitration", "pending", "settled");
    let steps = staff.get(&steps).expect(200).json();
    assert_eq!(
        texts(&steps, "step"),
        ["step_1", "step_2", "step_3", "arbitration"]
    );
    assert_eq!(
        texts(&steps, "outcome"),
        ["denied", "advanced", "advanced", "settled"]
    );
}

#[test]
fn a_settlement_stays_known_when_it_is_closed_and_not_when_it_is_reopened() {
    let app = TestApp::start();
    let officer = app.as_role(Role::Officer);
    let path = format!("/grievances/{}", case(&officer, "L-1").grievance);
    let settlement = meeting(&app, "settled");
    let settled = officer
        .post(&format!("{path}/steps"), &settlement)
        .expect(201);
    assert_eq!(settled.text_at("/grievance/settlement_amount"), "1250.00");
    let today = app.today().to_string();
    assert_eq!(settled.text_at("/grievance/resolution_date"), today);
    let end = |verb: &str| {
        officer
            .post(&format!("{path}/{verb}"), &reason())
            .expect(200)
            .json()
    };
    let closed = end("close");
    stands(&closed, "step_1", "pending", "closed");
    assert_eq!(closed["status_reason"], reason()["reason"]);
    assert_eq!(closed["resolution"], settlement["resolution"]);
    let reopened = end("reopen");
    stands(&reopened, "step_1", "pending", "open");
    assert_eq!(reopened["resolution"], Value::Null);
    assert_eq!(reopened["status_reason"], Value::Null);
}

fn stands(grievance: &Value, step: &str, answer: &str, status: &str) {
    let said = (
        grievance["current_step"].as_str(),
        grievance["employer_answer"].as_str(),
        grievance["status"].as_str(),
    );
    assert_eq!(said, (Some(step), Some(answer), Some(status)));
}

#[test]
fn a_grievance_and_a_meeting_are_shown_with_every_field() {
    let app = TestApp::start();
    let Case { grievance, .. } = case(&owner(&app), "L-1");
    let path = format!("/grievances/{grievance}");
    let record = owner(&app).get(&path).expect(200);
    assert_json_snapshot!("grievance", record.json(), {
        ".id" => "[id]", ".member_id" => "[id]", ".employer_id" => "[id]", ".grievance_number" => "[number]",
        ".filed_date" => "[day]", ".created_at" => "[time]", ".updated_at" => "[time]"
    });
    let steps = format!("{path}/steps");
    let mut body = meeting(&app, "settled");
    body["union_attendees"] = json!("A. Voltz (steward)");
    body["employer_attendees"] = json!("B. Ohm (foreman)");
    let recorded = owner(&app).post(&steps, &body).expect(201);
    assert_eq!(
        recorded.header("location"),
        Some(format!("/api/v1{steps}").as_str())
    );
    let list = owner(&app).get(&steps).expect(200).json();
    assert_eq!(list["items"][0], recorded.json()["step"]);
    assert_json_snapshot!("meeting", list, {
        ".items[].id" => "[id]", ".items[].grievance_id" => "[id]", ".items[].meeting_date" => "[day]",
        ".items[].created_at" => "[time]"
    });
}

#[test]
fn the_representative_gets_a_mail_on_filing_and_on_each_meeting_and_none_of_the_story() {
    let app = TestApp::start();
    let who = owner(&app);
    let Case {
        member, employer, ..
    } = case(&who, "L-1");
    let mut body = filing(&member, &employer);
    body["assigned_representative_id"] = json!(app.local.person(Role::Staff).id.to_string());
    let grievance = made(&who, "/grievances", &body);
    for outcome in ["denied", "advanced", "settled"] {
        let path = format!("/grievances/{grievance}/steps");
        who.post(&path, &meeting(&app, outcome)).expect(201);
    }
    let mails = app.deliver_mail();
    assert_eq!(app.deliver_mail(), []);
    for mail in &mails {
        assert!(
            mail.summary.to.contains("staff@local46.example"),
            "{mail:#?}"
        );
        assert!(!mail.text.contains("Overtime") && !mail.text.contains("Voltz"));
    }
    let (year, today) = (
        format!("GR-{}-", app.today().year()),
        app.today().to_string(),
    );
    let mut told: Vec<_> = mails
        .iter()
        .map(|mail| format!("{}\n\n{}", mail.summary.subject, mail.text))
        .map(|text| {
            text.replace(&year, "GR-[year]-")
                .replace(&today, "[today]")
                .trim_end()
                .replace('\r', "")
        })
        .collect();
    told.sort();
    assert_snapshot!(told.join("\n----\n"));
}

#[test]
fn an_illegal_move_tells_which_are_legal_and_changes_nothing() {
    let app = TestApp::start();
    let who = owner(&app);
    let case = case(&who, "L-1");
    let path = format!("/grievances/{}", case.grievance);
    let answer = who.act(&format!("{path}/advance")).expect(409);
    assert_eq!(answer.code(), "illegal_move");
    let expected = json!([
        "investigate",
        "schedule_hearing",
        "record_denied",
        "record_advanced",
        "record_settled",
        "withdraw"
    ]);
    assert_eq!(answer.json()["allowed_actions"], expected);
    assert_eq!(who.get(&path).json()["version"], 1);
    who.post(&format!("{path}/close"), &reason()).expect(409);
    who.post(&format!("{path}/reopen"), &reason()).expect(409);
}

#[test]
fn what_may_be_done_depends_on_status_and_on_who_asks() {
    let app = TestApp::start();
    let case = case(&owner(&app), "L-1");
    let path = format!("/grievances/{}", case.grievance);
    let actions =
        |role: Role| app.as_role(role).get(&path).expect(200).json()["allowed_actions"].take();
    let moves = [
        "investigate",
        "schedule_hearing",
        "record_denied",
        "record_advanced",
    ];
    let staff = json!([&["update"], &moves[..]].concat());
    let officer = json!(
        [
            &["update", "delete"],
            &moves[..],
            &["record_settled", "withdraw"]
        ]
        .concat()
    );
    assert_eq!(actions(Role::Staff), staff);
    assert_eq!(actions(Role::Officer), officer);
    owner(&app)
        .post(&format!("{path}/withdraw"), &reason())
        .expect(200);
    assert_eq!(actions(Role::Staff), json!(["update"]));
    assert_eq!(
        actions(Role::Officer),
        json!(["update", "delete", "close", "reopen"])
    );
}

#[test]
fn dates_are_checked_against_each_other_and_the_halls_today() {
    let app = TestApp::start();
    let who = owner(&app);
    let case = case(&who, "L-1");
    let (today, day) = (app.today(), 1.day());
    let (yesterday, tomorrow) = (today - day, today + day);
    let file = |field: &str, date: jiff::civil::Date| {
        let mut body = filing(&case.member, &case.employer);
        body[field] = json!(date.to_string());
        who.post("/grievances?dry_run=true", &body)
    };
    assert_eq!(
        file("filed_date", tomorrow)
            .expect(422)
            .text_at("/errors/0/code"),
        "in_the_future"
    );
    assert_eq!(
        file("incident_date", tomorrow)
            .expect(422)
            .text_at("/errors/0/code"),
        "in_the_future"
    );
    file("filed_date", yesterday).expect(201);
    file("incident_date", yesterday).expect(201);
    let steps = format!("/grievances/{}/steps", case.grievance);
    let meet = |date: jiff::civil::Date| {
        let body = json!({"meeting_date": date.to_string(), "outcome": "denied"});
        who.post(&steps, &body)
            .expect(422)
            .text_at("/errors/0/code")
    };
    assert_eq!(meet(tomorrow), "in_the_future");
    assert_eq!(meet(yesterday), "before_filing");
}

#[test]
fn a_number_is_of_the_year_of_filing() {
    let app = TestApp::start();
    let who = owner(&app);
    let case = case(&who, "L-1");
    let mut body = filing(&case.member, &case.employer);
    body["filed_date"] = json!("2024-12-31");
    for number in ["GR-2024-0001", "GR-2024-0002"] {
        assert_eq!(
            who.post("/grievances", &body)
                .expect(201)
                .text_at("/grievance_number"),
            number
        );
        who.get(&format!("/grievances/by-number/{number}"))
            .expect(200);
    }
}

#[test]
fn a_representative_is_a_user_of_the_hall_who_may_work_on_grievances() {
    let app = TestApp::start();
    let who = owner(&app);
    let case = case(&who, "L-1");
    let path = format!("/grievances/{}", case.grievance);
    let assign = |id: String| who.patch(&path, &json!({"assigned_representative_id": id}));
    let refused = |id: String| assign(id).expect(422).text_at("/errors/0/code");
    assert_eq!(
        refused(app.local.person(Role::Member).id.to_string()),
        "not_a_representative"
    );
    assert_eq!(
        refused(app.trust.person(Role::Staff).id.to_string()),
        "unknown_user"
    );
    assign(app.local.person(Role::Admin).id.to_string()).expect(200);
    who.patch(&path, &json!({"assigned_representative_id": null}))
        .expect(200);
}

#[test]
fn a_settlement_is_said_with_the_outcome_settled_alone() {
    let app = TestApp::start();
    let who = owner(&app);
    let case = case(&who, "L-1");
    let steps = format!("/grievances/{}/steps", case.grievance);
    let today = app.today().to_string();
    let refused = |body: Value| {
        let answer = who.post(&steps, &body).expect(422);
        format!(
            "{} {}",
            answer.text_at("/errors/0/pointer"),
            answer.text_at("/errors/0/code")
        )
    };
    let settled = |field: &str, value: &str| {
        let mut body = meeting(&app, "settled");
        body[field] = json!(value);
        body
    };
    let denied = json!({"meeting_date": today, "outcome": "denied", "resolution": "Paid."});
    assert_eq!(refused(denied), "/resolution not_settled");
    let bare = json!({"meeting_date": today, "outcome": "settled"});
    assert_eq!(refused(bare), "/resolution required");
    for amount in ["-1.00", "1.005", "1e3", "12,50", "99999999999.00"] {
        let told = refused(settled("settlement_amount", amount));
        assert!(told.starts_with("/settlement_amount "), "{told}");
    }
    let number = who
        .post(&steps, &settled("settlement_amount", "12.5"))
        .expect(201);
    assert_eq!(number.text_at("/step/settlement_amount"), "12.50");
}

#[test]
fn lists_are_filtered_by_every_documented_field_and_searched_by_words_and_number() {
    let app = TestApp::start();
    let who = owner(&app);
    let first = case(&who, "L-1");
    let second = case(&who, "L-2");
    let staff = app.local.person(Role::Staff).id.to_string();
    let path = format!("/grievances/{}", second.grievance);
    let change = json!({
        "assigned_representative_id": staff, "contract_article": "Article 12.3",
        "violation_description": "Scaffolding without rails."
    });
    who.patch(&path, &change).expect(200);
    who.act(&format!("{path}/investigate")).expect(200);
    let number = who.get(&path).text_at("/grievance_number");
    let found = |query: String| ids(&who.get(&format!("/grievances?{query}")).expect(200).json());
    let (one, two) = ([first.grievance.clone()], [second.grievance.clone()]);
    assert_eq!(found("status=open".to_owned()), one);
    assert_eq!(found("status=investigation".to_owned()), two);
    assert_eq!(found("current_step=step_1".to_owned()).len(), 2);
    assert_eq!(found("current_step=step_2".to_owned()).len(), 0);
    assert_eq!(found(format!("member_id={}", first.member)), one);
    assert_eq!(found(format!("employer_id={}", second.employer)), two);
    assert_eq!(found(format!("assigned_representative_id={staff}")), two);
    assert_eq!(found(format!("q={number}")), two);
    assert_eq!(found("q=scaffold".to_owned()), two);
    assert_eq!(found("q=overtime".to_owned()), one);
    assert_eq!(found("q=scaffold%20overtime".to_owned()).len(), 0);
    let today = app.today();
    assert_eq!(
        found(format!("filed_from={today}&filed_until={today}")).len(),
        2
    );
    assert_eq!(found(format!("filed_until={}", today - 1.day())).len(), 0);
}

#[test]
fn a_member_reads_their_own_cases_and_no_others() {
    let app = TestApp::start();
    let (own, other) = (case(&owner(&app), "L-1"), case(&owner(&app), "L-2"));
    app.is_member(
        own.member
            .parse()
            .map(unionhall_domain::ids::Id::new)
            .expect("an id"),
    );
    let who = app.as_role(Role::Member);
    assert_eq!(
        ids(&who.get("/grievances").expect(200).json()),
        [own.grievance.as_str()]
    );
    who.get(&format!("/grievances/{}", own.grievance))
        .expect(200);
    who.get(&format!("/grievances/{}/steps", own.grievance))
        .expect(200);
    who.get(&format!("/grievances/{}", other.grievance))
        .expect(404);
    who.get(&format!("/grievances/{}/steps", other.grievance))
        .expect(404);
    let filtered = format!("/grievances?include_total=true&member_id={}", other.member);
    assert_eq!(who.get(&filtered).expect(200).json()["total"], 0);
    who.post("/grievances", &filing(&own.member, &own.employer))
        .expect(403);
}
