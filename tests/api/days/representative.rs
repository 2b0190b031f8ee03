//! A business representative works a case from its filing to the last thing that was agreed, and takes the case file.

use std::io::{Cursor, Read};

use jiff::ToSpan;
use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{
    TestApp,
    app::{Answer, Identity},
};
use zip::ZipArchive;

use crate::fixtures::{filing, made, new_employer, new_member, texts};

/// The day, and the grievance it is about.
struct Day<'a> {
    app: &'a TestApp,
    representative: Identity<'a>,
    officer: Identity<'a>,
    grievance: String,
}

impl Day<'_> {
    fn post(&self, path: &str, body: &Value) -> Answer {
        self.representative
            .post(&format!("{}/{path}", self.grievance), body)
    }

    fn get(&self, path: &str) -> Answer {
        self.representative
            .get(&format!("{}/{path}", self.grievance))
    }

    /// So many days from today.
    fn day(&self, days: i64) -> String {
        (self.app.today() + days.days()).to_string()
    }
}

#[test]
fn a_representative_works_a_case_from_its_filing_to_the_last_thing_that_was_agreed() {
    let app = TestApp::start();
    app.ignore_mail();
    let representative = app.as_role(Role::Staff);
    let member = made(&representative, "/members", &new_member("L-1"));
    let employer = made(
        &representative,
        "/organizations",
        &new_employer("Puget Electric"),
    );
    let mut filed = filing(&member, &employer);
    filed["assigned_representative_id"] = json!(app.local.person(Role::Staff).id.to_string());
    let grievance = made(&representative, "/grievances", &filed);
    let day = Day {
        app: &app,
        representative,
        officer: app.as_role(Role::Officer),
        grievance: format!("/grievances/{grievance}"),
    };
    asks_for_what_the_employer_knows(&day);
    meets_the_employer(&day);
    tells_the_member(&day);
    settles(&day);
    follows_what_was_agreed(&day);
    takes_the_case_file(&day);
}

fn asks_for_what_the_employer_knows(day: &Day<'_>) {
    let asked = json!({
        "subject": "Overtime lists", "asked_on": day.day(0), "due_on": day.day(3),
        "items": [{"wanted": "The list of October."}, {"wanted": "Who was called."}]
    });
    let asked = day.post("information-requests", &asked).expect(201);
    // It is on the board of what is due this week, for who carries the grievance.
    let board = day.representative.get("/grievance-boards/due-this-week");
    assert_eq!(
        texts(&board.expect(200).json(), "about"),
        ["Overtime lists"]
    );
    let answers = json!({"items": [
        {"item": 1, "action": "answer", "text": "Three pages."},
        {"item": 2, "action": "refuse", "text": "Said to be confidential."}
    ]});
    let path = format!("information-requests/{}/answers", asked.text_at("/id"));
    let answered = day.post(&path, &answers).expect(200);
    assert_eq!(answered.text_at("/status"), "refused");
}

fn meets_the_employer(day: &Day<'_>) {
    let meeting = json!({
        "starts_at": day.app.now().to_string(), "place": "Room 2",
        "attendees": [
            {"party": "union", "name": "A. Voltz", "role": "steward"},
            {"party": "employer", "name": "B. Ohm", "role": "foreman"}
        ]
    });
    let meeting = day.post("step-meetings", &meeting).expect(201);
    let meeting = format!("step-meetings/{}", meeting.text_at("/id"));
    let said = json!({
        "party": "employer", "made_by": "B. Ohm", "text": "The list was lost.", "signed": true
    });
    day.post(&format!("{meeting}/statements"), &said)
        .expect(201);
    day.post(
        &format!("{meeting}/hold"),
        &json!({"held_at": day.app.now().to_string()}),
    )
    .expect(200);
    let denied = json!({"meeting_date": day.day(0), "outcome": "denied"});
    let recorded = day.post("steps", &denied).expect(201);
    let record = json!({"step_record_id": recorded.text_at("/step/id")});
    day.representative
        .patch(&format!("{}/{meeting}", day.grievance), &record)
        .expect(200);
}

fn tells_the_member(day: &Day<'_>) {
    let told = json!({
        "contacted_at": day.app.now().to_string(), "channel": "phone", "direction": "to_member",
        "contacted_by": "A. Voltz", "said": "Told of the denial; we go to the next step."
    });
    day.post("representation-log/contacts", &told).expect(201);
    day.representative
        .act(&format!("{}/advance", day.grievance))
        .expect(200);
}

fn settles(day: &Day<'_>) {
    let settled = json!({
        "meeting_date": day.day(0), "outcome": "settled", "settlement_amount": "1250.00",
        "resolution": "Sixteen hours are paid, and the list is posted."
    });
    // To settle is to decide.
    day.post("steps", &settled).expect(403);
    let path = format!("{}/steps", day.grievance);
    day.officer.post(&path, &settled).expect(201);
}

fn follows_what_was_agreed(day: &Day<'_>) {
    let oblige = |what: &str, amount: Value| {
        let owed = json!({
            "what": what, "owed_by": "employer", "due_on": day.day(5), "amount": amount
        });
        day.post("obligations", &owed).expect(201).text_at("/id")
    };
    let paid = oblige("Pay sixteen hours.", json!("1250.00"));
    let posted = oblige("Post the list.", Value::Null);
    let outstanding = || {
        let found = day.representative.get("/obligations?outstanding=true");
        texts(&found.expect(200).json(), "what").len()
    };
    assert_eq!(outstanding(), 2);
    let seen = json!({"words": "Seen on the pay stub."});
    day.post(&format!("obligations/{paid}/fulfill"), &seen)
        .expect(200);
    day.post(&format!("obligations/{posted}/fulfill"), &json!({}))
        .expect(200);
    assert_eq!(outstanding(), 0);
    let close = json!({"reason": "Everything that was agreed is done."});
    day.officer
        .post(&format!("{}/close", day.grievance), &close)
        .expect(200);
    let figures = day.representative.get("/grievance-boards/statistics");
    let won = figures.expect(200).json()["total"]["won"].as_u64();
    assert_eq!(won, Some(1));
}

fn takes_the_case_file(day: &Day<'_>) {
    assert!(
        day.get("case-file")
            .expect(200)
            .bytes()
            .starts_with(b"%PDF-")
    );
    let archive = day.get("case-file?format=zip").expect(200);
    let mut archive = ZipArchive::new(Cursor::new(archive.bytes())).expect("an archive");
    let mut timeline = String::new();
    let mut part = archive
        .by_name("parts/timeline.json")
        .expect("the timeline");
    part.read_to_string(&mut timeline).expect("text");
    for happened in [
        "Information requested: Overtime lists",
        "Statement of the employer by B. Ohm",
        "Contact to member (phone) by A. Voltz",
        "Settlement",
        "Fulfilled: Post the list.",
        "Decision: closing",
    ] {
        assert!(
            timeline.contains(happened),
            "{happened} is not in {timeline}"
        );
    }
}
