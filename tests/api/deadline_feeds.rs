//! Calendar feeds of deadlines over HTTP, read by another parser than the one that writes them.

use std::{collections::BTreeMap, io::BufReader};

use ical::{IcalParser, parser::ical::component::IcalEvent, property::Property};
use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{
    TestApp,
    app::{Answer, Identity},
    sql::Sql,
};

use crate::{
    deadlines::{Filed, filed},
    fixtures::owner,
};

/// An entry of a calendar: its properties by name, and the parameters of its first day.
pub(crate) struct Entry(BTreeMap<String, Property>);

impl Entry {
    pub(crate) fn value(&self, name: &str) -> &str {
        let property = self.0.get(name).unwrap_or_else(|| panic!("no {name}"));
        property.value.as_deref().unwrap_or_default()
    }
}

/// Makes somebody's feed, and returns the path of its address below the API.
pub(crate) fn subscribed(who: &Identity<'_>) -> String {
    let made = who.act("/me/deadline-feed").expect(201);
    path_of(&made)
}

fn path_of(issued: &Answer) -> String {
    let url = issued.text_at("/url");
    let (_, path) = url.split_once("/api/v1").expect("it is of this API");
    path.to_owned()
}

/// Fetches a calendar as calendars do, and reads its entries.
pub(crate) fn fetched(app: &TestApp, path: &str) -> Vec<Entry> {
    let answer = app.anonymous().get(path).expect(200);
    assert_eq!(
        answer.header("content-type"),
        Some("text/calendar; charset=utf-8")
    );
    read(answer.text())
}

/// Reads a calendar, strictly.
fn read(text: &str) -> Vec<Entry> {
    assert!(text.ends_with("END:VCALENDAR\r\n"));
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "{text:?}");
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    let mut calendars = IcalParser::new(BufReader::new(text.as_bytes()));
    let calendar = calendars.next().expect("a calendar").expect("it is right");
    assert!(calendars.next().is_none());
    let value = |name: &str| {
        let mut found = calendar
            .properties
            .iter()
            .filter(|found| found.name == name);
        found.next().and_then(|found| found.value.clone())
    };
    assert_eq!(value("VERSION").as_deref(), Some("2.0"));
    assert!(value("PRODID").is_some());
    assert!(calendar.alarms.is_empty() && value("METHOD").is_none());
    // A calendar without any component would be none.
    assert_ne!(calendar.timezones.is_empty(), calendar.events.is_empty());
    calendar.events.into_iter().map(entry).collect()
}

fn entry(event: IcalEvent) -> Entry {
    assert!(event.alarms.is_empty());
    let mut properties = BTreeMap::new();
    for property in event.properties {
        let name = property.name.clone();
        assert!(properties.insert(name, property).is_none());
    }
    let start = &properties["DTSTART"];
    let expected = vec![("VALUE".to_owned(), vec!["DATE".to_owned()])];
    assert_eq!(start.params, Some(expected));
    let allowed = [
        "CLASS",
        "CREATED",
        "DTSTAMP",
        "DTSTART",
        "LAST-MODIFIED",
        "SEQUENCE",
        "STATUS",
        "SUMMARY",
        "TRANSP",
        "UID",
    ];
    assert_eq!(properties.keys().collect::<Vec<_>>(), allowed);
    Entry(properties)
}

/// A grievance that the steward carries, and its deadline.
fn carried(app: &TestApp) -> (String, Value) {
    let who = owner(app);
    let Filed { grievance, .. } = filed(app, &who, 0);
    let steward = app.local.person(Role::Staff).id.to_string();
    let path = format!("/grievances/{grievance}");
    who.patch(&path, &json!({"steward_id": steward}))
        .expect(200);
    (grievance.clone(), deadline(&who, &grievance))
}

fn deadline(who: &Identity<'_>, grievance: &str) -> Value {
    let path = format!("/grievances/{grievance}/deadlines");
    who.get(&path).expect(200).json()["items"][0].clone()
}

/// The sides agree on a week more; returns the new last day.
fn extended(app: &TestApp, deadline: &Value) -> Date {
    let due: Date = deadline["due_date"]
        .as_str()
        .expect("a day")
        .parse()
        .expect("a day");
    let until = due + 7.days();
    let agreed = json!({
        "until": until.to_string(), "agreed_on": app.today().to_string(), "for_union": "A. Rivera",
        "for_employer": "B. Chen"
    });
    say(app, deadline, "extensions", &agreed);
    until
}

fn say(app: &TestApp, deadline: &Value, verb: &str, body: &Value) {
    let (grievance, id) = (&deadline["grievance_id"], &deadline["id"]);
    let path = format!("/grievances/{grievance}/deadlines/{id}/{verb}").replace('"', "");
    app.as_role(Role::Officer).post(&path, body).expect(200);
}

fn compact(day: &str) -> String {
    day.replace('-', "")
}

/// Tomorrow at noon in the hall.
pub(crate) fn tomorrow(app: &TestApp) -> Timestamp {
    let zone = app.local.tenant.time_zone.as_str();
    let noon = (app.today() + 1.day()).at(12, 0, 0, 0).in_tz(zone);
    noon.expect("a noon").timestamp()
}

#[test]
fn a_feed_shows_what_is_due_and_nothing_of_whom_it_is_about() {
    let app = TestApp::start();
    let (_, deadline) = carried(&app);
    let steward = app.as_role(Role::Staff);
    let path = subscribed(&steward);
    let text = app.anonymous().get(&path).expect(200).text().to_owned();
    for secret in [
        "Voltz",
        "Ada",
        "Puget",
        crate::fixtures::VIOLATION,
        "hall.example",
    ] {
        assert!(!text.contains(secret), "{text}");
    }
    let entries = read(&text);
    assert_eq!(entries.len(), 1);
    let entry = &entries[0];
    let number = deadline["grievance_number"].as_str().expect("a number");
    let expected = format!("{number}: the employer must answer the grievance on step 1");
    assert_eq!(entry.value("SUMMARY"), expected);
    assert_eq!(entry.value("UID"), deadline["id"].as_str().expect("an id"));
    let due = deadline["due_date"].as_str().expect("a day");
    assert_eq!(entry.value("DTSTART"), compact(due));
    assert_eq!(entry.value("SEQUENCE"), "0");
    assert_eq!(entry.value("STATUS"), "CONFIRMED");
    // Whoever carries nothing has an empty calendar, which is one too.
    let other = subscribed(&app.as_role(Role::Officer));
    assert!(fetched(&app, &other).is_empty());
}

#[test]
fn an_entry_keeps_its_uid_and_its_sequence_grows_when_the_day_moves_or_the_deadline_ends() {
    let app = TestApp::start();
    app.ignore_mail();
    let (grievance, before) = carried(&app);
    let path = subscribed(&app.as_role(Role::Staff));
    let shown = || {
        let entry = fetched(&app, &path).remove(0);
        let of = |name: &str| entry.value(name).to_owned();
        [of("UID"), of("DTSTART"), of("SEQUENCE"), of("STATUS")]
    };
    let [uid, ..] = shown();
    let until = compact(&extended(&app, &before).to_string());
    let after = shown();
    assert_eq!(after, [&uid, &until, "1", "CONFIRMED"]);
    // Nothing of the entry changes by a meeting that is no answer to anything.
    let who = owner(&app);
    who.patch(
        &format!("/grievances/{grievance}"),
        &json!({"notes": "Call back."}),
    )
    .expect(200);
    assert_eq!(shown(), after);
    let met = json!({"met_on": app.today().to_string()});
    say(&app, &deadline(&who, &grievance), "meet", &met);
    assert_eq!(shown(), [&uid, &until, "2", "CANCELLED"]);
    app.database().execute(
        "update deadlines set entry_changed_at = entry_changed_at - interval '31 days' where status = 'met'",
    );
    let left = fetched(&app, &path);
    assert!(left.iter().all(|entry| entry.value("UID") != uid));
}

#[test]
fn the_same_state_gives_the_same_octets_and_a_calendar_that_has_them_is_told_so() {
    let app = TestApp::start();
    let (_, deadline) = carried(&app);
    let path = subscribed(&app.as_role(Role::Staff));
    let anonymous = app.anonymous();
    let first = anonymous.get(&path).expect(200);
    let second = anonymous.get(&path).expect(200);
    assert_eq!(first.bytes(), second.bytes());
    assert_eq!(first.header("cache-control"), Some("private, no-cache"));
    let tag = first.header("etag").expect("a tag").to_owned();
    let asked = |tag: &str| {
        let request = anonymous.request("GET", &path);
        request.header("If-None-Match", tag).send()
    };
    let same = asked(&format!("W/{tag}, \"other\"")).expect(304);
    assert!(same.bytes().is_empty());
    assert_eq!(same.header("etag"), Some(tag.as_str()));
    asked("\"other\"").expect(200);
    let _until = extended(&app, &deadline);
    let changed = asked(&tag).expect(200);
    assert_ne!(changed.header("etag"), Some(tag.as_str()));
}

#[test]
fn an_address_is_shown_once_and_worth_nothing_when_it_was_replaced_or_the_feed_has_ended() {
    let app = TestApp::start();
    let steward = app.as_role(Role::Staff);
    steward.get("/me/deadline-feed").expect(404);
    steward.act("/me/deadline-feed/replace").expect(404);
    let first = subscribed(&steward);
    let again = steward.act("/me/deadline-feed").expect(409);
    assert_eq!(again.code(), "duplicate");
    let shown = steward.get("/me/deadline-feed").expect(200).json();
    assert!(shown.get("url").is_none());
    assert_eq!(shown["last_fetched_at"], Value::Null);
    app.anonymous().get(&first).expect(200);
    let shown = steward.get("/me/deadline-feed").expect(200).json();
    assert!(shown["last_fetched_at"].is_string());
    let second = path_of(&steward.act("/me/deadline-feed/replace").expect(200));
    assert_ne!(first, second);
    app.anonymous().get(&first).expect(404);
    let shown = steward.get("/me/deadline-feed").expect(200).json();
    assert_eq!(shown["last_fetched_at"], Value::Null);
    app.anonymous().get(&second).expect(200);
    steward.delete("/me/deadline-feed").expect(204);
    app.anonymous().get(&second).expect(404);
    steward.delete("/me/deadline-feed").expect(404);
    app.as_role(Role::Member)
        .act("/me/deadline-feed")
        .expect(403);
    let token = "A".repeat(43);
    let unknown = format!("/deadline-feeds/{token}.ics");
    assert_eq!(
        app.anonymous().get(&unknown).expect(404).code(),
        "not_found"
    );
}

#[test]
fn the_database_knows_no_token_and_the_trail_says_who_made_and_read_a_feed() {
    let app = TestApp::start();
    let (_, _) = carried(&app);
    let steward = app.as_role(Role::Staff);
    let path = subscribed(&steward);
    let token = path
        .trim_start_matches("/deadline-feeds/")
        .trim_end_matches(".ics");
    assert_eq!(token.len(), 43);
    app.anonymous().get(&path).expect(200);
    let sql = Sql::connect(&app.database().owner_url());
    let tables = [
        "deadline_feeds",
        "audit_events",
        "outbox",
        "idempotency_keys",
    ];
    for table in tables {
        let found = format!("select count(*) from {table} t where t::text like '%{token}%'");
        assert_eq!(sql.number(&found), 0, "{table}");
    }
    let trail = owner(&app)
        .get("/audit-events?target=deadline_feed")
        .expect(200)
        .json();
    let told: Vec<_> = trail["items"]
        .as_array()
        .expect("events")
        .iter()
        .map(|event| event["action"].as_str().expect("an action"))
        .collect();
    assert_eq!(told, ["listed", "created"]);
    let user = json!(app.local.person(Role::Staff).id.to_string());
    assert_eq!(trail["items"][0]["actor_id"], user);
}

#[test]
fn a_feed_ends_with_what_its_owner_may_and_an_administrator_can_end_it() {
    let app = TestApp::start();
    let admin = app.as_role(Role::Admin);
    let path = subscribed(&app.as_role(Role::Staff));
    let steward = app.local.person(Role::Staff).id;
    let fetch = |status| app.anonymous().get(&path).expect(status);
    let user = format!("/users/{steward}");
    admin
        .post(&format!("{user}/suspend"), &json!({"reason": "Left."}))
        .expect(200);
    fetch(404);
    admin.act(&format!("{user}/reactivate")).expect(200);
    fetch(200);
    let roles = |role: &str| {
        let body = json!({"roles": [{"role": role}]});
        admin.put(&format!("{user}/roles"), &body).expect(200);
    };
    roles("member");
    fetch(404);
    roles("staff");
    fetch(200);
    app.ignore_mail();
    let feed = format!("{user}/deadline-feed");
    app.as_role(Role::Officer).delete(&feed).expect(403);
    app.in_trust(Role::Owner).delete(&feed).expect(404);
    admin.delete(&format!("{feed}?dry_run=true")).expect(204);
    fetch(200);
    admin.delete(&feed).expect(204);
    fetch(404);
    admin.delete(&feed).expect(404);
}

#[test]
fn whoever_has_a_feed_that_was_not_fetched_since_a_deadline_moved_is_told_once() {
    let app = TestApp::start();
    let (_, before) = carried(&app);
    let path = subscribed(&app.as_role(Role::Staff));
    assert_eq!(fetched(&app, &path).len(), 1);
    assert_eq!(app.tell_of_moves(tomorrow(&app)), 0);
    let until = extended(&app, &before);
    // A calendar has two hours to see it by itself.
    assert_eq!(
        app.tell_of_moves(app.now() + SignedDuration::from_mins(5)),
        0
    );
    let told: usize = std::thread::scope(|scope| {
        let instances: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| app.tell_of_moves(tomorrow(&app))))
            .collect();
        let told = instances.into_iter().map(|instance| instance.join());
        told.map(|count| count.expect("it tells")).sum()
    });
    assert_eq!(told, 1);
    let mails = app.deliver_mail();
    assert_eq!(mails.len(), 1);
    let (mail, number) = (&mails[0], before["grievance_number"].as_str().expect("one"));
    assert_eq!(
        mail.summary.to,
        app.local.person(Role::Staff).email.as_str()
    );
    let subject = format!("Grievance {number}: a deadline moved to {until}");
    assert_eq!(mail.summary.subject, subject);
    for secret in ["Voltz", "Puget", crate::fixtures::VIOLATION] {
        assert!(!mail.text.contains(secret), "{}", mail.text);
    }
    let moved = deadline(
        &owner(&app),
        before["grievance_id"].as_str().expect("an id"),
    );
    let _until = extended(&app, &moved);
    assert_eq!(fetched(&app, &path)[0].value("SEQUENCE"), "2");
    assert_eq!(app.tell_of_moves(tomorrow(&app)), 0);
}

#[test]
fn who_asks_only_whether_a_feed_is_there_has_seen_nothing_of_it() {
    let app = TestApp::start();
    let (_, before) = carried(&app);
    let steward = app.as_role(Role::Staff);
    let path = subscribed(&steward);
    assert_eq!(fetched(&app, &path).len(), 1);
    let shown = || steward.get("/me/deadline-feed").expect(200).json()["last_fetched_at"].clone();
    let at = shown();
    let _until = extended(&app, &before);
    let head = app.anonymous().request("HEAD", &path).send().expect(200);
    assert!(head.bytes().is_empty());
    assert_eq!(shown(), at);
    assert_eq!(app.tell_of_moves(tomorrow(&app)), 1);
    app.ignore_mail();
}

#[test]
fn whoever_has_a_feed_is_told_when_a_correction_gives_a_deadline_another_day() {
    let app = TestApp::start();
    let (grievance, _) = carried(&app);
    let path = subscribed(&app.as_role(Role::Staff));
    let officer = app.as_role(Role::Officer);
    let events = format!("/grievances/{grievance}/deadline-events");
    let answered = |service: &str| {
        let today = app.today().to_string();
        let body = json!({"kind": "answered", "happened_on": today, "service": service});
        officer.post(&events, &body).expect(200);
    };
    answered("mail");
    answered("direct");
    let shown = fetched(&app, &path);
    assert_eq!(shown.len(), 2);
    let list = officer.get(&events).expect(200).json();
    let list = list["items"].as_array().expect("events");
    let wrong = list.iter().find(|event| event["service"] == "mail");
    let wrong = wrong.expect("it is on record")["id"]
        .as_str()
        .expect("an id");
    let why = json!({"reason": "It came by hand."});
    officer
        .post(&format!("{events}/{wrong}/retract"), &why)
        .expect(200);
    assert_eq!(app.tell_of_moves(tomorrow(&app)), 1);
    app.ignore_mail();
}

#[test]
fn whoever_has_no_feed_is_told_of_no_move() {
    let app = TestApp::start();
    let (_, before) = carried(&app);
    let _until = extended(&app, &before);
    assert_eq!(app.tell_of_moves(tomorrow(&app)), 0);
    // One that was made after the move begins with the new day.
    let _path = subscribed(&app.as_role(Role::Staff));
    assert_eq!(app.tell_of_moves(tomorrow(&app)), 0);
}

#[test]
fn strangers_who_try_tokens_are_counted() {
    let app = TestApp::start_with(&[
        ("UNIONHALL_RATE_LIMITS", "on"),
        ("UNIONHALL_RATE_LIMITS_ANONYMOUS", "3"),
    ]);
    let guess = format!("/deadline-feeds/{}.ics", "B".repeat(43));
    for _ in 0..3 {
        app.anonymous().get(&guess).expect(404);
    }
    app.anonymous().get(&guess).expect(429);
}

#[test]
fn the_instants_of_an_entry_are_utc_and_those_of_its_changes() {
    let app = TestApp::start();
    let before = app.now();
    let (_, deadline) = carried(&app);
    let path = subscribed(&app.as_role(Role::Staff));
    let _until = extended(&app, &deadline);
    let entry = fetched(&app, &path).remove(0);
    let text = entry.value("DTSTAMP").strip_suffix('Z').expect("UTC");
    let at = DateTime::strptime("%Y%m%dT%H%M%S", text).expect("an instant");
    let stamped = at.to_zoned(TimeZone::UTC).expect("UTC").timestamp();
    let second = SignedDuration::from_secs(1);
    assert!(before - second <= stamped && stamped <= app.now() + second);
    assert_eq!(entry.value("LAST-MODIFIED"), entry.value("DTSTAMP"));
    assert!(entry.value("CREATED") <= entry.value("DTSTAMP"));
}
