//! Lists of jobs over HTTP, as offices keep them.

use jiff::{ToSpan, civil::Date};
use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{
    TestApp,
    app::{Answer, Identity},
    sql::Sql,
};

use super::mistakes;
use crate::fixtures::{made, new_employer, new_employment, new_member, owner, texts};

const JOBS: &str = "/member-employments";

/// Two members, and two employers.
struct World {
    app: TestApp,
    ada: String,
    puget: String,
}

impl World {
    fn new() -> Self {
        let app = TestApp::start();
        let who = owner(&app);
        let ada = made(&who, "/members", &new_member("A1"));
        made(&who, "/members", &new_member("A2"));
        let puget = made(&who, "/organizations", &new_employer("Puget Electric"));
        made(&who, "/organizations", &new_employer("Free Electric"));
        Self { app, ada, puget }
    }

    fn who(&self) -> Identity<'_> {
        owner(&self.app)
    }

    fn import(&self, query: &str, file: impl Into<Vec<u8>>) -> Answer {
        let who = self.who();
        let request = who.request("POST", &format!("{JOBS}/imports{query}"));
        request.body("text/csv", file).send()
    }

    fn day(&self, days: i64) -> Date {
        self.app.today() + days.days()
    }
}

fn counts(report: &Value) -> [u64; 4] {
    ["created", "updated", "unchanged", "bad"].map(|name| report[name].as_u64().expect("a count"))
}

#[test]
fn a_dispatch_list_comes_in_with_its_dates_rates_and_names_and_a_second_time_changes_nothing() {
    let world = World::new();
    let file = "Card #\tContractor\tDispatched\tLaid off\tRate\tTitle\n\
        a1\tPUGET Electric\t3/2/2020\t6/30/2021 0:00\t$1,062.40/hr\tJW\n\
        A1\tFree Electric\t2021-07-01\tpresent\t62.4\tForeman\n\
        A2\tFree Electric\t2021-07-01\t\t\t\n";
    let file = file.replace("Laid off", "Date Laid Off");
    let report = world.import("", file.clone()).expect(200).json();
    assert_eq!(counts(&report), [3, 0, 0, 0], "{report:#}");
    let warned = &report["warnings"];
    assert_eq!(report["warning_count"], 1, "{warned:#}");
    assert_eq!(warned[0]["code"], "unusual_rate");
    assert_eq!(
        (&warned[0]["row"], &warned[0]["column"]),
        (&json!(1), &json!("Rate"))
    );
    let path = format!("{JOBS}?member_id={}", world.ada);
    let jobs = world.who().get(&path).expect(200).json();
    assert_eq!(texts(&jobs, "start_date"), ["2021-07-01", "2020-03-02"]);
    assert_eq!(jobs["items"][0]["end_date"], Value::Null);
    assert_eq!(jobs["items"][1]["end_date"], "2021-06-30");
    assert_eq!(texts(&jobs, "hourly_rate"), ["62.40", "1062.40"]);
    let again = world.import("", file).expect(200).json();
    assert_eq!(counts(&again), [0, 0, 3, 0]);
    assert_eq!(again["warning_count"], 0);
}

#[test]
fn nobody_gets_more_jobs_at_once_than_the_tenant_allows_and_jobs_that_end_make_room_in_any_order() {
    let world = World::new();
    let who = world.who();
    let start = world.day(-30);
    made(&who, JOBS, &new_employment(&world.ada, &world.puget, start));
    let heading = "member_number,organization,start_date,end_date\n";
    let begins = format!("A1,Free Electric,{},\n", world.day(0));
    let ends = format!("A1,Puget Electric,{start},{}\n", world.day(-1));
    let answer = world.import("", format!("{heading}{begins}")).expect(422);
    assert_eq!(mistakes(&answer), ["/rows/1/start_date jobs_overlap"]);
    assert!(
        answer
            .text_at("/errors/0/detail")
            .contains("Puget Electric since")
    );
    let report = world.import("", format!("{heading}{begins}{ends}"));
    assert_eq!(counts(&report.expect(200).json()), [1, 1, 0, 0]);
    let current = who
        .get(&format!("{JOBS}?member_id={}&current=true", world.ada))
        .expect(200)
        .json();
    assert_eq!(texts(&current, "organization_name"), ["Free Electric"]);
    // What is in nobody's books before is judged row by row, too.
    let both = format!("{heading}A2,Free Electric,2020-01-01,\nA2,Puget Electric,2021-01-01,\n");
    let answer = world.import("", both.clone()).expect(422);
    assert_eq!(mistakes(&answer), ["/rows/2/start_date jobs_overlap"]);
    who.patch(&format!("{JOBS}/rules"), &json!({"max_current_jobs": 2}))
        .expect(200);
    world.import("", both).expect(200);
}

#[test]
fn a_list_of_jobs_with_mistakes_names_them_all_and_writes_nothing() {
    let world = World::new();
    let who = world.who();
    let gone = made(&who, "/members", &new_member("GONE-1"));
    who.delete(&format!("/members/{gone}")).expect(204);
    let job = new_employment(&world.ada, &world.puget, world.day(-30));
    let job = made(&who, JOBS, &job);
    let far = world.day(4000);
    let file = format!(
        "id,member_number,organization,start_date,end_date,hourly_rate\n\
        ,NOBODY,Nowhere Electric,2020-01-01,,\n\
        ,GONE-1,Puget Electric,2020-01-01,,\n\
        {job},A2,Puget Electric,2020-01-01,,\n\
        ,A2,Puget Electric,2020-01-02,2020-01-01,\n\
        ,A2,Puget Electric,13/1/2020,,\n\
        ,A2,Puget Electric,2020-01-01,{far},a lot\n\
        ,A2,,2020-01-01,,\n\
        ,A2,Puget Electric,2019-01-01,2019-02-01,40\n\
        ,a2,PUGET ELECTRIC,2019-01-01,2019-03-01,40\n"
    );
    let first = mistakes(&world.import("", file.clone()).expect(422)).join("\n");
    let report = world.import("?skip_bad=true", file).expect(200).json();
    assert_eq!(counts(&report), [1, 0, 0, 8], "{report:#}");
    let all: Vec<_> = report["errors"]
        .as_array()
        .expect("mistakes")
        .iter()
        .map(|error| format!("{} {}", error["row"], error["code"].as_str().unwrap_or("-")))
        .collect();
    insta::assert_snapshot!(format!("{first}\n\n{}", all.join("\n")), @r"
    /rows/4/end_date before_start
    /rows/5/start_date no_such_day
    /rows/6/hourly_rate not_an_amount
    /rows/6/end_date too_far_ahead
    /rows/7/organization_name blank
    /rows/9/start_date duplicate_row

    4 before_start
    5 no_such_day
    6 not_an_amount
    6 too_far_ahead
    7 blank
    9 duplicate_row
    1 unknown_member
    1 unknown_organization
    2 deleted_member
    3 another_job
    ");
}

#[test]
fn an_export_of_jobs_can_be_imported_again_here_and_in_another_hall() {
    let world = World::new();
    let (here, there) = (world.who(), world.app.in_trust(Role::Owner));
    let mut job = new_employment(&world.ada, &world.puget, world.day(-400));
    job["end_date"] = json!(world.day(-200).to_string());
    job["job_title"] = json!("=Lead");
    made(&here, JOBS, &job);
    made(
        &here,
        JOBS,
        &new_employment(&world.ada, &world.puget, world.day(-199)),
    );
    let exported = here.get(&format!("{JOBS}/export")).expect(200);
    let import = |who: &Identity<'_>| {
        let request = who.request("POST", &format!("{JOBS}/imports"));
        request.body("text/csv", exported.bytes()).send()
    };
    assert_eq!(counts(&import(&here).expect(200).json()), [0, 0, 2, 0]);
    import(&there).expect(422);
    made(&there, "/members", &new_member("A1"));
    made(&there, "/organizations", &new_employer("Puget Electric"));
    assert_eq!(counts(&import(&there).expect(200).json()), [2, 0, 0, 0]);
    let shown = |who: &Identity<'_>| {
        let list = who.get(JOBS).expect(200).json();
        ["start_date", "job_title", "hourly_rate"].map(|field| texts(&list, field))
    };
    assert_eq!(shown(&here), shown(&there));
}

#[test]
fn a_long_list_of_jobs_comes_in_as_one_change_with_one_event_for_each() {
    let world = World::new();
    let mut roster = "member_number,first_name,last_name,classification\n".to_owned();
    let mut file = "member,employer,start,rate\n".to_owned();
    for number in 0..1_203 {
        roster.push_str(&format!("B{number},Ada,Voltz,journeyman\n"));
        file.push_str(&format!("B{number},Puget Electric,2024-05-01,62.40\n"));
    }
    let who = world.who();
    let request = who.request("POST", "/members/imports");
    request.body("text/csv", roster).send().expect(200);
    let report = world.import("", file.clone()).expect(200).json();
    assert_eq!(counts(&report), [1_203, 0, 0, 0]);
    let sql = Sql::connect(&world.app.database().owner_url());
    let events =
        "select count(*) from audit_events where action = 'created' and target_type = 'employment'";
    assert_eq!(sql.number(events), 1_203);
    // One bad row at the end, and all is as it was.
    file.push_str("nobody,Puget Electric,2024-05-01,1\n");
    world.import("", file.replace("62.40", "70")).expect(422);
    let raised = "select count(*) from employments where hourly_rate <> 6240";
    assert_eq!(sql.number(raised), 0);
}
