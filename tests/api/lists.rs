//! Every list of the document, walked: each row comes once, whatever the order, and more rows cost no more questions.

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::app::Identity;

use crate::{
    authorization::{World, matrix},
    benevolence::{APPLICATIONS, FUND, asking, check, deposit, of},
    collective_agreements::{new_agreement, new_rules},
    document::{self, Operation},
    documents::{FORM, form, uploaded},
    fixtures::{
        activity, filing, made, new_contact, new_employer, new_employment, new_member, owner,
        parts::{self, new_meeting, new_obligation, new_request},
        school::{new_cohort, new_instructor, new_location, new_sent},
        score,
        training::{new_class, new_course},
    },
};

/// So many rows each list has at least: fewer could not be in a wrong order, nor cost one question each.
const ROWS: usize = 3;
/// How often a cost is asked for. A connection that served another purpose just before is first told its scope, which is
/// one more: the fewest count.
const TRIES: usize = 5;

/// A hall with three rows in every list, many of them with the same day, title or amount as others.
fn crowded() -> World {
    let world = World::new();
    let who = owner(&world.app);
    cases(&world, &who);
    parts_of_cases(&world, &who);
    organizing(&world, &who);
    people(&world, &who);
    fund(&world, &who);
    rules(&world, &who);
    sessions(&world);
    school(&world, &who);
    catalogue(&world, &who);
    papers(&world, &who);
    world
}

/// Cases of three members against three employers, carried by three people, with a deadline each.
fn cases(world: &World, who: &Identity<'_>) {
    let carriers = [Role::Owner, Role::Admin, Role::Officer];
    for (number, role) in (1..).zip(carriers) {
        let member = made(who, "/members", &new_member(&format!("C-{number}")));
        let employer = made(who, "/organizations", &new_employer("Crowded Electric"));
        let mut body = filing(&member, &employer);
        body["agreement_id"] = json!(world.records.agreement);
        body["assigned_representative_id"] = json!(world.app.local.person(role).id.to_string());
        made(who, "/grievances", &body);
    }
}

/// What belongs to one grievance, and is due today as far as it is due.
fn parts_of_cases(world: &World, who: &Identity<'_>) {
    let today = world.app.today().to_string();
    let mut request = new_request();
    request["asked_on"] = json!(today);
    request["due_on"] = json!(today);
    let mut obligation = new_obligation();
    obligation["due_on"] = json!(today);
    let grievance = &world.records.grievance;
    let settled = &world.records.settled;
    for _ in 0..ROWS {
        let add = |path: &str, body: &Value| drop(made(who, path, body));
        let of = |rest: &str| format!("/grievances/{grievance}/{rest}");
        add(&of("step-meetings"), &new_meeting());
        add(&of("information-requests"), &request);
        add(&of("representation-log/contacts"), &parts::new_contact());
        add(&format!("/grievances/{settled}/obligations"), &obligation);
    }
}

fn organizing(world: &World, who: &Identity<'_>) {
    let (member, employer) = (&world.records.member, &world.records.employer);
    for judged in [3, 4, 5] {
        let body = activity(&world.app, member, employer);
        made(who, "/salting-activities", &body);
        let path = format!("/organizations/{employer}/salting-score");
        who.put(&path, &score(judged)).expect(200);
    }
}

/// Contacts, jobs, invitations, and something to say of a member in the trail.
fn people(world: &World, who: &Identity<'_>) {
    let (member, employer) = (&world.records.member, &world.records.employer);
    for number in 1_i16..=3 {
        made(who, "/organization-contacts", &new_contact(employer));
        let begun = jiff::civil::date(2005 + number, 1, 3);
        let mut job = new_employment(member, employer, begun);
        job["end_date"] = json!(format!("{}-06-30", begun.year()));
        made(who, "/member-employments", &job);
        let email = format!("crowd-{number}@spark.example");
        let body = json!({"email": email, "roles": [{"role": "member"}]});
        made(who, "/invitations", &body);
        let city = json!({"city": format!("Kent {number}")});
        who.patch(&format!("/members/{member}"), &city).expect(200);
    }
}

/// Applications that wait, money that came and went, and who is related to whom.
fn fund(world: &World, who: &Identity<'_>) {
    let member = &world.records.member;
    for number in ["2001", "2002", "2003"] {
        deposit(who, "100.00");
        let id = made(who, APPLICATIONS, &asking(member, "400.00"));
        who.act(&of(&id, "/submit")).expect(200);
        who.act(&of(&id, "/begin-review")).expect(200);
        let payments = of(&world.fund.awarded, "/payments");
        who.post(&payments, &check("50.00", number)).expect(201);
    }
    for role in [Role::Admin, Role::Officer, Role::Owner] {
        let user = world.app.local.person(role).id.to_string();
        let relative = &world.records.free_member;
        let body = json!({"member_id": relative, "user_id": user, "kinship": "sibling"});
        made(who, &format!("{FUND}/relations"), &body);
    }
}

/// Versions of the rules of an agreement, another agreement, and years of holidays.
fn rules(world: &World, who: &Identity<'_>) {
    let agreement = &world.records.agreement;
    for year in [2030, 2031, 2032] {
        let mut body = new_rules();
        body["effective_from"] = json!(format!("{}-01-01", year - 9));
        let path = format!("/agreements/{agreement}/rule-sets");
        who.post(&path, &body).expect(201);
        made(who, "/agreements", &new_agreement(None));
        let week = json!({"action": "week", "working_days": ["monday", "tuesday"]});
        let path = format!("/holiday-calendars/{year}/edits");
        who.post(&path, &json!({"edits": [week]})).expect(200);
    }
}

/// Places, teachers, and students who are in one group; one student has come and gone.
fn school(world: &World, who: &Identity<'_>) {
    let records = &world.records.school;
    for number in 1..=ROWS {
        made(
            who,
            "/locations",
            &new_location(&format!("Center {number}")),
        );
        made(
            who,
            "/instructors",
            &new_instructor(&format!("Volt{number}")),
        );
        made(who, "/cohorts", &new_cohort(&format!("Z{number}")));
        let sent = new_sent(&records.union, &format!("78-{number}"));
        let student = made(who, "/students", &sent);
        let why = json!({"reason": "It was asked for."});
        who.post(&format!("/students/{student}/enroll"), &why)
            .expect(200);
        let path = format!("/cohorts/{}/students", records.cohort);
        who.post(&path, &json!({"student_id": student})).expect(200);
        for step in ["take-leave", "return"] {
            let path = format!("/students/{}/{step}", records.student);
            who.post(&path, &why).expect(200);
        }
    }
}

/// Courses, editions of one of them, and classes.
fn catalogue(world: &World, who: &Identity<'_>) {
    let records = &world.records.training;
    for number in 1..=ROWS {
        let course = made(who, "/courses", &new_course(&format!("EL-20{number}")));
        made(who, "/classes", &new_class(&course, "Tuesdays"));
        let name = json!({"name": format!("Theory {number}")});
        who.patch(&format!("/courses/{}", records.course), &name)
            .expect(200);
    }
}

/// Papers of one case, and versions of one of them.
fn papers(world: &World, who: &Identity<'_>) {
    let record = ("grievance", world.records.grievance.as_str());
    let [document, _] = &world.records.documents;
    for number in 1..=ROWS {
        let content = format!("%PDF-1.7 {number}");
        uploaded(who, record, &format!("{number}.pdf"), content.as_bytes());
        let body = form(&[], "again.pdf", format!("{content} again").as_bytes());
        let path = format!("/documents/{document}/versions");
        who.request("POST", &path)
            .body(FORM, body)
            .send()
            .expect(201);
    }
}

/// Sessions of the owner that are open, and such as ended with an alarm.
fn sessions(world: &World) {
    let email = world.app.local.person(Role::Owner).email.as_str();
    for _ in 0..ROWS {
        drop(world.app.sign_in(email));
        let spent = world.app.sign_in(email).text_at("/refresh_token");
        let body = json!({"refresh_token": spent});
        let anyone = world.app.anonymous();
        anyone.post("/auth/refresh", &body).expect(200);
        anyone.post("/auth/refresh", &body).expect(401);
    }
    // The session that walks is the one that was used last, and stays it.
    owner(&world.app).get("/auth/me").expect(200);
    world.app.write_uses();
}

/// A list, asked as the matrix asks for it, but for all that is in it.
struct List {
    id: String,
    /// With its query, as far as it has one beside the page.
    path: String,
    /// The values of `sort`.
    orders: Vec<String>,
}

/// Every list of the document that is given page by page.
fn lists(world: &World) -> Vec<List> {
    let document = document::served(&world.app);
    let operations = document::operations(&document).into_iter();
    let rows = matrix();
    let lists: Vec<_> = operations
        .filter(|operation| operation.parameters("query").contains(&"cursor".to_owned()))
        .map(|operation| {
            let mut rows = rows.iter().filter(|row| row.operation == operation.id);
            let row = rows.next().expect("every operation has a row");
            let path = row.path(world);
            let bare = path.split('?').next().unwrap_or_default();
            // Of documents those of one record alone are listed.
            let path = match operation.id.as_str() {
                "documents_list" => format!("{path}&"),
                id => format!("{bare}?{}", steady(id)),
            };
            List {
                path,
                orders: orders(&operation),
                id: operation.id,
            }
        })
        .collect();
    assert!(lists.len() >= 29, "{}", lists.len());
    lists
}

/// What a list is asked for so that nothing comes to it while it is walked: reading is itself on record.
fn steady(operation: &str) -> &'static str {
    match operation {
        "audit_list" => "action=deleted&",
        _ => "",
    }
}

fn orders(operation: &Operation) -> Vec<String> {
    let parameters = operation.description["parameters"].as_array();
    let mut parameters = parameters.into_iter().flatten();
    let sort = parameters.find(|parameter| parameter["name"] == "sort");
    let sort = sort.unwrap_or_else(|| panic!("{} has no order", operation.id));
    let orders = sort["schema"]["enum"].as_array().into_iter().flatten();
    let orders: Vec<_> = orders
        .filter_map(|order| order.as_str().map(str::to_owned))
        .collect();
    let backwards = orders.iter().filter(|order| order.starts_with('-'));
    let forwards: Vec<_> = backwards
        .filter_map(|order| order.strip_prefix('-'))
        .filter(|order| orders.iter().any(|known| known == order))
        .collect();
    assert!(!forwards.is_empty(), "{}", operation.id);
    assert_eq!(forwards.len() * 2, orders.len(), "{}", operation.id);
    orders
}

/// The rows of one page, and where the next begins.
fn page(who: &Identity<'_>, path: &str) -> (Vec<String>, Option<String>) {
    let page = who.get(path).expect(200).json();
    let rows = page["items"].as_array().expect("a list has items");
    let next = page["next_cursor"].as_str().map(str::to_owned);
    (rows.iter().map(name_of).collect(), next)
}

/// What tells a row from the others: its id, or all of it.
fn name_of(row: &Value) -> String {
    let id = row["id"].as_str();
    id.map_or_else(|| row.to_string(), str::to_owned)
}

/// All rows, one by one; more than there are end the walk.
fn one_by_one(who: &Identity<'_>, path: &str, most: usize) -> Vec<String> {
    let mut found = Vec::new();
    let mut place = String::new();
    while found.len() <= most {
        let (rows, next) = page(who, &format!("{path}&limit=1{place}"));
        found.extend(rows);
        match next {
            Some(cursor) => place = format!("&cursor={cursor}"),
            None => break,
        }
    }
    found
}

#[test]
fn every_list_gives_each_row_once_and_in_one_order_however_long_its_pages_are() {
    let world = crowded();
    let who = owner(&world.app);
    let mut wrong = Vec::new();
    for List { id, path, orders } in lists(&world) {
        let mut known: Option<Vec<String>> = None;
        for order in orders {
            let path = format!("{path}sort={order}");
            let (rows, more) = page(&who, &format!("{path}&limit=100"));
            if rows.len() < ROWS || more.is_some() {
                wrong.push(format!("{id} has {} rows, more: {more:?}", rows.len()));
                break;
            }
            let walked = one_by_one(&who, &path, rows.len());
            if walked != rows {
                wrong.push(format!(
                    "{id} by {order}:\n{rows:#?}\none by one:\n{walked:#?}"
                ));
            }
            let mut sorted = rows;
            sorted.sort_unstable();
            let all = sorted.len();
            sorted.dedup();
            if sorted.len() < all {
                wrong.push(format!("{id} by {order} has a row twice"));
            }
            if known.as_ref().is_some_and(|known| *known != sorted) {
                wrong.push(format!("{id} by {order} has other rows"));
            }
            known = Some(sorted);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_list_of_many_rows_waits_for_the_database_as_often_as_a_list_of_one() {
    let world = crowded();
    let who = owner(&world.app);
    let cost = |path: &str| {
        let tries = (0..TRIES).filter_map(|_| who.get(path).expect(200).round_trips());
        tries.min().expect("an answer tells what it cost")
    };
    let mut dearer = Vec::new();
    for List { id, path, .. } in lists(&world) {
        let rows = page(&who, &format!("{path}limit=100")).0.len();
        assert!(rows >= ROWS, "{id} has {rows} rows");
        let (one, many) = (
            cost(&format!("{path}limit=1")),
            cost(&format!("{path}limit=100")),
        );
        if one != many {
            dearer.push(format!("{id}: one row costs {one}, {rows} cost {many}"));
        }
    }
    assert!(dearer.is_empty(), "{dearer:#?}");
}
