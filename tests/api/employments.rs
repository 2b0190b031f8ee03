//! Employments over HTTP: who works where, and since when.

use insta::assert_json_snapshot;
use jiff::{ToSpan, civil::Date};
use serde_json::{Value, json};
use unionhall_domain::{ids::Id, roles::Role};
use unionhall_testing::{TestApp, app::Identity, sql::Sql};

use crate::{
    concurrency::{at_once, statuses},
    fixtures::{made, new_employer, new_employment, new_member, owner, texts},
};

const JOBS: &str = "/member-employments";

/// A member and two employers.
struct World {
    app: TestApp,
    ada: String,
    puget: String,
    free: String,
}

impl World {
    fn new() -> Self {
        let app = TestApp::start();
        let who = owner(&app);
        let ada = made(&who, "/members", &new_member("A1204"));
        let [puget, free] = ["Puget Electric", "Free Electric"]
            .map(|name| made(&who, "/organizations", &new_employer(name)));
        Self {
            ada,
            puget,
            free,
            app,
        }
    }

    fn who(&self) -> Identity<'_> {
        owner(&self.app)
    }

    /// Ada's job at Puget Electric from so many days ago.
    fn job(&self, days_ago: i64) -> Value {
        let start = self.day(-days_ago);
        new_employment(&self.ada, &self.puget, start)
    }

    fn day(&self, days: i64) -> Date {
        self.app.today() + days.days()
    }

    fn listed(&self, query: &str) -> Vec<String> {
        let path = format!("{JOBS}?{query}");
        texts(&self.who().get(&path).expect(200).json(), "start_date")
    }
}

#[test]
fn a_job_is_shown_with_every_field_and_an_unusual_rate_is_warned_of() {
    let world = World::new();
    let mut body = world.job(30);
    body["hourly_rate"] = json!("7.5");
    let staff = world.app.as_role(Role::Staff);
    let answer = staff.post(JOBS, &body).expect(201);
    let path = format!("{JOBS}/{}", answer.text_at("/id"));
    assert_eq!(
        answer.header("location"),
        Some(format!("/api/v1{path}").as_str())
    );
    assert_eq!(answer.text_at("/warnings/0/pointer"), "/hourly_rate");
    assert_eq!(answer.text_at("/warnings/0/code"), "unusual_rate");
    let record = staff.get(&path).expect(200);
    assert_json_snapshot!(record.json(), {
        ".id" => "[id]", ".member_id" => "[id]", ".organization_id" => "[id]", ".start_date" => "[day]",
        ".created_at" => "[time]", ".updated_at" => "[time]"
    });
    let usual = staff.patch(&path, &json!({"hourly_rate": "62.40"}));
    assert_eq!(usual.expect(200).json()["warnings"], json!([]));
}

#[test]
fn whether_a_job_is_current_follows_from_its_days_and_cannot_be_said() {
    let world = World::new();
    let who = world.who();
    let path = format!("{JOBS}/{}", made(&who, JOBS, &world.job(30)));
    let current =
        |change: Value| who.patch(&path, &change).expect(200).json()["is_current"].clone();
    let day = |days| world.day(days).to_string();
    for (change, expected) in [
        (json!({"end_date": day(0)}), true),
        (json!({"end_date": day(5)}), true),
        (json!({"end_date": day(-1)}), false),
        (json!({"end_date": null}), true),
        (json!({"start_date": day(1)}), false),
    ] {
        assert_eq!(current(change.clone()), json!(expected), "{change}");
    }
    let said = who.patch(&path, &json!({"is_current": true})).expect(422);
    assert_eq!(said.text_at("/errors/0/code"), "unknown_field");
    let before = json!({"end_date": day(0)});
    let answer = who.patch(&path, &before).expect(422);
    assert_eq!(answer.text_at("/errors/0/code"), "before_start");
    let far = who
        .patch(&path, &json!({"start_date": day(400)}))
        .expect(422);
    assert_eq!(far.text_at("/errors/0/code"), "too_far_ahead");
}

#[test]
fn a_second_job_is_refused_until_the_first_is_ended_with_it() {
    let world = World::new();
    let who = world.who();
    let first = made(&who, JOBS, &world.job(30));
    let mut second = new_employment(&world.ada, &world.free, world.day(0));
    let refused = who.post(JOBS, &second).expect(409);
    assert_eq!(refused.code(), "jobs_overlap");
    assert!(
        refused.text_at("/detail").contains("Puget Electric since"),
        "{refused:#?}"
    );
    second["ends_previous"] = json!(true);
    let rehearsed = who.post(&format!("{JOBS}?dry_run=true"), &second);
    assert_eq!(
        rehearsed.expect(201).json()["ended_previous"],
        json!([first])
    );
    assert_eq!(world.listed("current=true").len(), 1);
    let changed = who.post(JOBS, &second).expect(201).json();
    assert_eq!(changed["ended_previous"], json!([first]));
    let ended = who.get(&format!("{JOBS}/{first}")).expect(200).json();
    assert_eq!(ended["end_date"], json!(world.day(-1).to_string()));
    assert_eq!(ended["is_current"], json!(false));
    assert_eq!(
        world.listed(&format!("member_id={}&current=true", world.ada)),
        [world.day(0).to_string()]
    );
}

#[test]
fn a_job_is_ended_once_and_its_history_stays() {
    let world = World::new();
    let who = world.who();
    let path = format!("{JOBS}/{}", made(&who, JOBS, &world.job(30)));
    let end = format!("{path}/end");
    let ended = who.act(&end).expect(200).json();
    assert_eq!(ended["end_date"], json!(world.app.today().to_string()));
    assert_eq!(ended["allowed_actions"], json!(["update", "delete"]));
    let again = who.post(&end, &json!({"end_date": world.day(3).to_string()}));
    assert_eq!(again.expect(409).code(), "illegal_move");
    let at_puget = format!("organization_id={}", world.puget);
    assert_eq!(world.listed(&at_puget).len(), 1);
    for (path, named) in [
        (format!("/members/{}", world.ada), "Puget Electric"),
        (format!("/organizations/{}", world.puget), "A1204"),
    ] {
        let refused = who.delete(&path).expect(409);
        assert_eq!(refused.code(), "in_use");
        assert!(
            refused
                .text_at("/detail")
                .contains(&format!("employments ({named})")),
            "{refused:#?}"
        );
    }
}

#[test]
fn jobs_given_at_once_leave_one_current_whatever_the_order() {
    let world = World::new();
    let database = Sql::connect(&world.app.database().owner_url());
    for round in 0..4 {
        let answers = at_once(6, |index| {
            let mut body = world.job(20 - i64::from(round) * 5);
            body["ends_previous"] = json!(index % 2 == 0);
            owner(&world.app).post(JOBS, &body)
        });
        for status in statuses(&answers) {
            assert!(matches!(status, 201 | 409), "{answers:#?}");
        }
        let most = database.number(
            "select max(n) from (select count(*) as n from employments where deleted_at is null \
             and end_date is null group by member_id) as jobs",
        );
        assert_eq!(most, 1, "round {round}");
    }
}

#[test]
fn a_tenant_may_allow_more_jobs_and_say_which_rates_are_usual() {
    let world = World::new();
    let who = world.who();
    let rules = format!("{JOBS}/rules");
    let usual = who.get(&rules).expect(200);
    let expected = json!({
        "max_current_jobs": 1, "hourly_rate_low": "10.00", "hourly_rate_high": "150.00", "version": 1
    });
    assert_eq!(usual.json(), expected);
    let two = json!({"max_current_jobs": 2, "hourly_rate_low": "62.41"});
    let changed = who.request("PATCH", &rules).header("If-Match", "\"1\"");
    changed.json(&two).send().expect(200);
    let stale = who.request("PATCH", &rules).header("If-Match", "\"1\"");
    stale.json(&two).send().expect(412);
    who.post(JOBS, &world.job(30)).expect(201);
    let second = who.post(JOBS, &new_employment(&world.ada, &world.free, world.day(0)));
    assert_eq!(
        second.expect(201).text_at("/warnings/0/code"),
        "unusual_rate"
    );
    who.post(JOBS, &world.job(0)).expect(409);
    let crossed = json!({"hourly_rate_high": "1"});
    let refused = who.patch(&rules, &crossed).expect(422);
    assert_eq!(refused.text_at("/errors/0/code"), "below_low");
}

#[test]
fn titles_in_use_are_told_for_suggestions() {
    let world = World::new();
    let who = world.who();
    let mut past = world.job(900);
    past["end_date"] = json!(world.day(-800).to_string());
    past["job_title"] = json!("Électricien");
    who.post(JOBS, &past).expect(201);
    who.post(JOBS, &world.job(30)).expect(201);
    let titles = |query: &str| {
        let answer = who.get(&format!("{JOBS}/titles{query}")).expect(200);
        texts(&answer.json(), "job_title")
    };
    assert_eq!(titles("").len(), 2);
    assert_eq!(titles("?q=elec"), ["Électricien"]);
}

#[test]
fn members_see_their_own_jobs_and_nobody_elses() {
    let world = World::new();
    let who = world.who();
    let grace = made(&who, "/members", &new_member("A1205"));
    let own = made(&who, JOBS, &world.job(30));
    let theirs = made(
        &who,
        JOBS,
        &new_employment(&grace, &world.puget, world.day(-9)),
    );
    world.app.is_member(Id::parse(&world.ada).expect("an id"));
    let member = world.app.as_role(Role::Member);
    let seen = member.get(JOBS).expect(200).json();
    assert_eq!(texts(&seen, "id"), std::slice::from_ref(&own));
    let of_grace = member.get(&format!("{JOBS}?member_id={grace}")).expect(200);
    assert_eq!(of_grace.json()["items"], json!([]));
    member.get(&format!("{JOBS}/{own}")).expect(200);
    member.get(&format!("{JOBS}/{theirs}")).expect(404);
}
