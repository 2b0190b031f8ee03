//! The steward's day: files a grievance, reads its deadline, subscribes to it, is warned, records that the sides agreed
//! on more time, and hears of the new day from the calendar or by mail.

use jiff::{ToSpan, civil::Date};
use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{TestApp, app::Identity};

use crate::{
    collective_agreements::{new_agreement, new_rules},
    deadline_feeds::{fetched, subscribed, tomorrow},
    fixtures::{filing, ids, made, new_employer, new_member},
};

#[test]
fn a_steward_files_subscribes_is_warned_and_follows_the_deadline_to_its_new_day() {
    let app = TestApp::start();
    let steward = app.as_role(Role::Staff);
    let agreement = described(&app.as_role(Role::Officer));
    let deadline = filed(&steward, &agreement);
    let due = deadline["due_date"].as_str().expect("a day");
    let due: Date = due.parse().expect("a day");
    reads_how_it_was_counted(&deadline);
    let calendar = subscribes(&app, &steward, due);
    is_warned(&app, &deadline, due);
    agrees_on_more_time(&app, &steward, &deadline, due);
    hears_of_the_new_day(&app, &calendar, due + 7.days());
    records_the_answer(&app, &steward, &deadline);
    unsubscribes(&app, &steward, &calendar);
}

/// Long before, an officer has described the agreement.
fn described(officer: &Identity<'_>) -> String {
    let agreement = made(officer, "/agreements", &new_agreement(None));
    let rule_sets = format!("/agreements/{agreement}/rule-sets");
    officer.post(&rule_sets, &new_rules()).expect(201);
    agreement
}

/// In the morning a member comes with a story. What now, and by when?
fn filed(steward: &Identity<'_>, agreement: &str) -> Value {
    let member = made(steward, "/members", &new_member("A-1"));
    let employer = made(steward, "/organizations", &new_employer("Puget Electric"));
    let me = steward.get("/auth/me").expect(200).text_at("/id");
    let mut story = filing(&member, &employer);
    story["agreement_id"] = json!(agreement);
    story["steward_id"] = json!(me);
    let grievance = made(steward, "/grievances", &story);
    let mine = steward
        .get(&format!("/deadlines?carrier_id={me}"))
        .expect(200);
    let deadline = mine.json()["items"][0].clone();
    assert_eq!(deadline["grievance_id"], json!(grievance));
    // Somebody else's case stands in none of it.
    made(steward, "/grievances", &filing(&member, &employer));
    let cases = |query: &str| {
        let path = format!("/grievances?carrier_id={me}{query}");
        ids(&steward.get(&path).expect(200).json())
    };
    assert_eq!(cases(""), [grievance.as_str()]);
    assert_eq!(cases("&q=overtime"), [grievance.as_str()]);
    assert!(cases("&q=scaffold").is_empty());
    deadline
}

fn reads_how_it_was_counted(deadline: &Value) {
    let words = deadline["derivation"]["sentences"].as_str().expect("words");
    for part in [
        "Article 9.2",
        "10 working days",
        "If it is missed, the grievance goes to the next step.",
    ] {
        assert!(words.contains(part), "{words}");
    }
}

/// Three days before it ends, a mail is there before the office opens.
fn is_warned(app: &TestApp, deadline: &Value, due: Date) {
    let zone = app.local.tenant.time_zone.as_str();
    let morning = (due - 3.days()).at(7, 0, 0, 0).in_tz(zone);
    let morning = morning.expect("a morning").timestamp();
    assert_eq!(app.warn_of_deadlines(morning), 1);
    let mail = app.deliver_mail().remove(0).summary;
    let number = deadline["grievance_number"].as_str().expect("a number");
    assert_eq!(mail.to, app.local.person(Role::Staff).email.as_str());
    assert_eq!(mail.subject, format!("Grievance {number}: 3 days left"));
}

/// The foreman needs more time, and gets it.
fn agrees_on_more_time(app: &TestApp, steward: &Identity<'_>, deadline: &Value, due: Date) {
    let until = (due + 7.days()).to_string();
    let agreed = json!({
        "until": until, "agreed_on": app.today().to_string(), "for_union": "A. Rivera",
        "for_employer": "B. Chen"
    });
    let (grievance, id) = (&deadline["grievance_id"], &deadline["id"]);
    let path = format!("/grievances/{grievance}/deadlines/{id}/extensions").replace('"', "");
    let after = steward.post(&path, &agreed).expect(200);
    assert_eq!(after.text_at("/due_date"), until);
    assert_eq!(after.text_at("/status"), "extended");
}

/// The answer comes in time, and the union's own time begins.
fn records_the_answer(app: &TestApp, steward: &Identity<'_>, deadline: &Value) {
    let answered = json!({"kind": "answered", "happened_on": app.today().to_string()});
    let path = format!("/grievances/{}/deadline-events", deadline["grievance_id"]);
    let now = steward.post(&path.replace('"', ""), &answered).expect(200);
    let now = now.json();
    let rows = now["items"].as_array().expect("rows").iter();
    let mut told: Vec<_> = rows
        .map(|row| format!("{} {} {}", row["side"], row["duty"], row["status"]).replace('"', ""))
        .collect();
    told.sort();
    assert_eq!(told, ["employer answer met", "union advance open"]);
}

/// The deadlines are to stand in the calendar on the steward's telephone.
fn subscribes(app: &TestApp, steward: &Identity<'_>, due: Date) -> String {
    let calendar = subscribed(steward);
    let entry = fetched(app, &calendar).remove(0);
    assert_eq!(entry.value("DTSTART"), due.strftime("%Y%m%d").to_string());
    assert_eq!(entry.value("SEQUENCE"), "0");
    calendar
}

/// The telephone was off: a mail says that the day has moved. When it is on, the calendar says so too.
fn hears_of_the_new_day(app: &TestApp, calendar: &str, until: Date) {
    assert_eq!(app.tell_of_moves(tomorrow(app)), 1);
    let mail = app.deliver_mail().remove(0).summary;
    assert_eq!(mail.to, app.local.person(Role::Staff).email.as_str());
    assert!(mail.subject.ends_with(&format!("moved to {until}")));
    let entry = fetched(app, calendar).remove(0);
    assert_eq!(entry.value("DTSTART"), until.strftime("%Y%m%d").to_string());
    assert_eq!(entry.value("SEQUENCE"), "1");
}

/// The telephone is lost: its address is worth nothing from now on.
fn unsubscribes(app: &TestApp, steward: &Identity<'_>, calendar: &str) {
    steward.delete("/me/deadline-feed").expect(204);
    app.anonymous().get(calendar).expect(404);
}
