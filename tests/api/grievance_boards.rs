//! Boards over all grievances, over HTTP: where they stand, who carries what, what is due, and how cases end.

use jiff::ToSpan;
use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{TestApp, app::Identity};

use crate::fixtures::{
    Case, case, filing, ids, made, meeting, owner,
    parts::{new_obligation, new_request},
    reason, texts,
};

/// A grievance that the steward carries, with a request that is due in so many days.
fn carried(app: &TestApp, who: &Identity<'_>, of: &Case, due: i64) -> (String, String) {
    let mut body = filing(&of.member, &of.employer);
    body["assigned_representative_id"] = json!(app.local.person(Role::Staff).id.to_string());
    let grievance = made(who, "/grievances", &body);
    let mut request = new_request();
    request["due_on"] = json!((app.today() + due.days()).to_string());
    let path = format!("/grievances/{grievance}/information-requests");
    let request = made(who, &path, &request);
    (grievance, request)
}

fn rows(list: &Value) -> Vec<[u64; 3]> {
    let of = |row: &Value| {
        ["open", "due_this_week", "overdue"].map(|name| row[name].as_u64().expect("a number"))
    };
    list["items"]
        .as_array()
        .into_iter()
        .flatten()
        .map(of)
        .collect()
}

#[test]
fn what_is_due_this_week_is_shown_with_what_is_overdue_first_and_counted_for_who_carries_it() {
    let app = TestApp::start();
    app.ignore_mail();
    let who = owner(&app);
    let free = case(&who, "L-1");
    let (led, overdue) = carried(&app, &who, &free, -1);
    let (_, today) = carried(&app, &who, &free, 0);
    let (_, last) = carried(&app, &who, &free, 6);
    let _later = carried(&app, &who, &free, 7);
    let board = "/grievance-boards/due-this-week";
    let list = who.get(board).expect(200).json();
    assert_eq!(ids(&list), [overdue.clone(), today, last]);
    assert_eq!(list["items"][0]["is_overdue"], true);
    assert_eq!(texts(&list, "kind"), ["information_request"; 3]);
    let first = who.get(&format!("{board}?limit=1")).expect(200).json();
    let cursor = first["next_cursor"].as_str().expect("another page");
    let rest = who.get(&format!("{board}?limit=2&cursor={cursor}"));
    assert_eq!(ids(&rest.expect(200).json()), ids(&list)[1..]);
    let backwards = who.get(&format!("{board}?sort=-due_on")).expect(200);
    assert_eq!(ids(&backwards.json()).last(), Some(&overdue));
    let steward = app.local.person(Role::Officer).id.to_string();
    let path = format!("/grievances/{led}");
    who.patch(&path, &json!({"steward_id": steward}))
        .expect(200);
    let mine = |query: String| {
        let path = format!("{board}?{query}");
        ids(&who.get(&path).expect(200).json())
    };
    let staff = app.local.person(Role::Staff).id;
    assert_eq!(
        mine(format!("carrier_id={steward}")),
        std::slice::from_ref(&overdue),
        "a steward carries it too"
    );
    assert!(mine(format!("assigned_representative_id={steward}")).is_empty());
    assert_eq!(mine(format!("carrier_id={staff}")), ids(&list));
    let file = who.get(&format!("{board}/export?carrier_id={steward}"));
    let file = file.expect(200);
    assert!(file.text().contains(&overdue));
    assert_eq!(file.text().lines().count(), 2);
    let file = who.get("/grievance-boards/by-representative/export");
    assert!(file.expect(200).text().contains(&staff.to_string()));
    let carriers = who.get("/grievance-boards/by-representative").expect(200);
    assert_eq!(rows(&carriers.json()), [[4, 2, 1], [1, 0, 0]]);
    assert_eq!(
        carriers.json()["items"][1]["assigned_representative_id"],
        Value::Null
    );
    let page = who.get("/grievance-boards/by-representative?limit=1&include_total=true");
    let page = page.expect(200).json();
    assert_eq!(page["total"], 2);
    let cursor = page["next_cursor"].as_str().expect("another page");
    let rest = who.get(&format!(
        "/grievance-boards/by-representative?limit=1&cursor={cursor}"
    ));
    assert_eq!(rows(&rest.expect(200).json()), [[1, 0, 0]]);
    let employers = who.get("/grievance-boards/by-employer").expect(200).json();
    assert_eq!(rows(&employers), [[5, 2, 1]]);
}

#[test]
fn steps_count_what_is_alive_on_them_and_what_waits_for_the_union() {
    let app = TestApp::start();
    let who = owner(&app);
    for (number, outcome) in [("L-1", "denied"), ("L-2", "advanced"), ("L-3", "settled")] {
        let path = format!("/grievances/{}/steps", case(&who, number).grievance);
        who.post(&path, &meeting(&app, outcome)).expect(201);
    }
    let list = who.get("/grievance-boards/by-step").expect(200).json();
    assert_eq!(
        texts(&list, "step"),
        ["step_1", "step_2", "step_3", "arbitration"]
    );
    let counts: Vec<_> = list["items"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| (row["open"].as_u64(), row["denied"].as_u64()))
        .collect();
    let count = |open, denied| (Some(open), Some(denied));
    assert_eq!(counts, [count(1, 1), count(1, 0), count(0, 0), count(0, 0)]);
}

#[test]
fn statistics_count_what_was_filed_settled_won_and_given_up_as_the_document_says() {
    let app = TestApp::start();
    let who = owner(&app);
    // Won by an amount; won by an obligation; settled for nothing; given up.
    let amount = case(&who, "L-1").grievance;
    who.post(
        &format!("/grievances/{amount}/steps"),
        &meeting(&app, "settled"),
    )
    .expect(201);
    let mut nothing = meeting(&app, "settled");
    nothing["settlement_amount"] = Value::Null;
    for (number, owes) in [("L-2", true), ("L-3", false)] {
        let path = format!("/grievances/{}", case(&who, number).grievance);
        who.post(&format!("{path}/steps"), &nothing).expect(201);
        if owes {
            made(&who, &format!("{path}/obligations"), &new_obligation());
        }
    }
    let given_up = case(&who, "L-4").grievance;
    who.post(&format!("/grievances/{given_up}/withdraw"), &reason())
        .expect(200);
    let figures = who.get("/grievance-boards/statistics").expect(200).json();
    let expected = json!({"filed": 4, "settled": 3, "won": 2, "withdrawn": 1});
    assert_eq!(figures["total"], expected);
    assert_eq!(figures["groups"][0]["outcomes"], expected);
    let month = app.today().to_string()[..7].to_owned();
    assert_eq!(figures["groups"][0]["group"], month);
    assert_eq!(figures["days_per_step"][0]["cases"], 3);
    assert_eq!(figures["days_per_step"][0]["average_days"], "0.0");
    assert_eq!(figures["days_per_step"][3]["average_days"], Value::Null);
    for by in ["employer", "article", "representative"] {
        let path = format!("/grievance-boards/statistics?by={by}");
        let figures = who.get(&path).expect(200).json();
        assert_eq!(figures["total"], expected, "{by}");
    }
    let before = "/grievance-boards/statistics?from=2001-01-01&until=2001-12-31";
    let figures = who.get(before).expect(200).json();
    assert_eq!(figures["total"]["filed"], 0);
    let wrong = "/grievance-boards/statistics?from=2001-01-02&until=2001-01-01";
    let wrong = who.get(wrong).expect(422);
    assert_eq!(wrong.text_at("/errors/0/pointer"), "/until");
}
