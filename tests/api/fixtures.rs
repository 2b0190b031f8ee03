//! Bodies that are right, and records that the tests begin with, made over HTTP.

use jiff::civil::{Date, date};
pub(crate) mod parts;
pub(crate) mod school;
pub(crate) mod training;

use serde_json::{Value, json};
use unionhall_domain::{ids::Id, roles::Role};
use unionhall_testing::{
    TestApp,
    app::{Hall, Identity, halls::password_hash},
    builders,
};

use crate::{
    collective_agreements::{new_agreement, new_rules},
    documents::uploaded,
};

use self::{parts::Parts, school::School, training::Training};

/// What the mail of the tests is about, so that it can be told from other text.
pub(crate) const VIOLATION: &str = "Overtime was given out by favour, not by the list.";

/// A member with this number.
pub(crate) fn new_member(number: &str) -> Value {
    json!({
        "member_number": number, "first_name": "Ada", "last_name": "Voltz", "city": "Kent",
        "email": format!("{}@example.org", number.to_lowercase()), "date_of_birth": "1980-05-01",
        "hire_date": "2001-09-03", "classification": "journeyman"
    })
}

/// An employer with this name.
pub(crate) fn new_employer(name: &str) -> Value {
    json!({"name": name, "org_type": "employer", "city": "Seattle"})
}

/// A person at this organization.
pub(crate) fn new_contact(organization: &str) -> Value {
    json!({
        "organization_id": organization, "first_name": "Ira", "last_name": "Ohm",
        "title": "Superintendent", "phone": "206-555-0117"
    })
}

/// A job of this member at this organization from this day on.
pub(crate) fn new_employment(member: &str, organization: &str, start: Date) -> Value {
    json!({
        "member_id": member, "organization_id": organization, "start_date": start.to_string(),
        "job_title": "Journeyman Wireman", "hourly_rate": "62.40"
    })
}

/// A filing of this member against this employer.
pub(crate) fn filing(member: &str, employer: &str) -> Value {
    json!({"member_id": member, "employer_id": employer, "violation_description": VIOLATION})
}

/// A meeting of today with this outcome.
pub(crate) fn meeting(app: &TestApp, outcome: &str) -> Value {
    let today = app.today().to_string();
    match outcome {
        "settled" => json!({
            "meeting_date": today, "outcome": "settled", "settlement_amount": "1250.00",
            "resolution": "Sixteen hours of overtime are paid."
        }),
        other => json!({"meeting_date": today, "outcome": other}),
    }
}

/// Somebody's reason.
pub(crate) fn reason() -> Value {
    json!({"reason": "The member asked for it."})
}

/// An activity of today, of this member at this employer.
pub(crate) fn activity(app: &TestApp, member: &str, employer: &str) -> Value {
    json!({
        "member_id": member, "organization_id": employer, "activity_type": "card_signing",
        "activity_date": app.today().to_string(), "outcome": "positive",
        "workers_contacted": 9, "cards_signed": 4
    })
}

/// A campaign at this employer under this lead: 30 cards of 44 workers.
pub(crate) fn campaign(lead: &str, employer: &str) -> Value {
    let target = json!({"organization_id": employer, "unit_size": 44, "cards_goal": 30});
    json!({"name": "South end", "lead_id": lead, "targets": [target]})
}

/// A judgement of an employer.
pub(crate) fn score(score: u8) -> Value {
    json!({"score": score, "reason": "The owner has called."})
}

/// Makes something and returns its id.
pub(crate) fn made(identity: &Identity<'_>, path: &str, body: &Value) -> String {
    identity.post(path, body).expect(201).text_at("/id")
}

/// A member, an employer, and a grievance of the one against the other.
pub(crate) struct Case {
    pub member: String,
    pub employer: String,
    pub grievance: String,
}

/// Files a grievance; `number` is the member's.
pub(crate) fn case(identity: &Identity<'_>, number: &str) -> Case {
    let member = made(identity, "/members", &new_member(number));
    let employer = made(identity, "/organizations", &new_employer("Puget Electric"));
    let grievance = made(identity, "/grievances", &filing(&member, &employer));
    Case {
        member,
        employer,
        grievance,
    }
}

/// One record of each kind, and one of each kind that was deleted.
pub(crate) struct Records {
    pub member: String,
    pub member_number: String,
    pub employer: String,
    pub grievance: String,
    pub grievance_number: String,
    pub deleted_member: String,
    pub deleted_employer: String,
    pub deleted_grievance: String,
    /// An agreement with one version of its rules.
    pub agreement: String,
    pub deleted_agreement: String,
    /// Can be deleted: nothing names it.
    pub free_agreement: String,
    /// Was filed under the agreement.
    pub dated: String,
    /// The deadline of that grievance, which runs.
    pub deadline: String,
    /// What somebody recorded of that grievance, and nothing hangs on.
    pub event: String,
    /// Can be deleted: nothing names it.
    pub free_member: String,
    /// Can be deleted: nothing names it.
    pub free_employer: String,
    /// The primary contact of the employer.
    pub contact: String,
    /// Another contact of the employer.
    pub other_contact: String,
    pub deleted_contact: String,
    /// The member's present job at the employer.
    pub job: String,
    pub deleted_job: String,
    /// Was denied, so that it can be advanced.
    pub denied: String,
    /// Was settled, so that it can be closed or reopened.
    pub settled: String,
    /// The user who represents members.
    pub representative: String,
    /// A user who holds the role `contact`.
    pub user: String,
    /// A user who was removed from the tenant.
    pub removed_user: String,
    /// A user who is suspended.
    pub suspended_user: String,
    /// An invitation that waits.
    pub invitation: String,
    /// What belongs to the grievance.
    pub parts: Parts,
    /// What the school has.
    pub school: School,
    pub activity: String,
    pub deleted_activity: String,
    pub campaigns: Campaigns,
    /// What is taught.
    pub training: Training,
    /// A document of the grievance, and a deleted one.
    pub documents: [String; 2],
}

/// A campaign in each state that others can be reached from, and a deleted one; no activity belongs to them.
pub(crate) struct Campaigns {
    pub active: String,
    pub planned: String,
    pub paused: String,
    pub deleted: String,
}

impl Campaigns {
    /// Those of a hall that has none.
    fn never() -> Self {
        let never = || NEVER.to_owned();
        Self {
            active: never(),
            planned: never(),
            paused: never(),
            deleted: never(),
        }
    }
}

/// Makes the records of one tenant; the prefix keeps member numbers of two tenants apart.
pub(crate) fn records(app: &TestApp, owner: &Identity<'_>, prefix: &str) -> Records {
    let records = records_without_organizing(app, owner, prefix);
    organized(app, owner, records)
}

/// The same, before anybody has organized; what is named of organizing does not exist.
pub(crate) fn records_without_organizing(
    app: &TestApp,
    owner: &Identity<'_>,
    prefix: &str,
) -> Records {
    let Case {
        member,
        employer,
        grievance,
    } = case(owner, &format!("{prefix}-1"));
    let representative = owner.get("/auth/me").expect(200).text_at("/id");
    let delete = |path: String| drop(owner.delete(&path).expect(204));
    let file = || made(owner, "/grievances", &filing(&member, &employer));
    let (deleted_grievance, denied, settled) = (file(), file(), file());
    delete(format!("/grievances/{deleted_grievance}"));
    meet(app, owner, [(&denied, "denied"), (&settled, "settled")]);
    let add = |path: &str, body: &Value| made(owner, path, body);
    let deleted_member = add("/members", &new_member(&format!("{prefix}-2")));
    delete(format!("/members/{deleted_member}"));
    let deleted_employer = add("/organizations", &new_employer("Gone Electric"));
    delete(format!("/organizations/{deleted_employer}"));
    let [agreement, deleted_agreement, free_agreement] = agreements(owner);
    let [dated, deadline, event] = dated(owner, filing(&member, &employer), &agreement);
    let [person, other_contact, deleted_contact] =
        [(); 3].map(|()| add("/organization-contacts", &new_contact(&employer)));
    delete(format!("/organization-contacts/{deleted_contact}"));
    let [deleted_job, job] = jobs(owner, &member, &employer);
    let [user, removed_user, suspended_user] = users(app, hall_of(app, prefix), owner, prefix);
    Records {
        documents: documents(owner, &grievance),
        parts: parts::made(owner, &grievance, &settled, &denied),
        school: school::school(owner, &member),
        training: training::training(owner),
        activity: NEVER.to_owned(),
        deleted_activity: NEVER.to_owned(),
        campaigns: Campaigns::never(),
        invitation: invited(app, hall_of(app, prefix), &representative, prefix),
        user,
        removed_user,
        suspended_user,
        grievance_number: number_of(owner, &grievance),
        member_number: format!("{prefix}-1"),
        free_member: add("/members", &new_member(&format!("{prefix}-3"))),
        contact: person,
        other_contact,
        job,
        deleted_job,
        deleted_contact,
        free_employer: add("/organizations", &new_employer("Free Electric")),
        member,
        employer,
        grievance,
        deleted_member,
        deleted_employer,
        deleted_grievance,
        agreement,
        deleted_agreement,
        free_agreement,
        dated,
        deadline,
        event,
        denied,
        settled,
        representative,
    }
}

/// The number of a grievance.
fn number_of(owner: &Identity<'_>, grievance: &str) -> String {
    let found = owner.get(&format!("/grievances/{grievance}"));
    found.text_at("/grievance_number")
}

/// A document of a grievance, and a deleted one.
fn documents(owner: &Identity<'_>, grievance: &str) -> [String; 2] {
    let record = ("grievance", grievance);
    let both = [(); 2].map(|()| uploaded(owner, record, "Statement.txt", b"It was so."));
    owner.delete(&format!("/documents/{}", both[1])).expect(204);
    both
}

/// Records how a meeting about each grievance ended.
fn meet(app: &TestApp, owner: &Identity<'_>, outcomes: [(&String, &str); 2]) {
    for (id, outcome) in outcomes {
        let path = format!("/grievances/{id}/steps");
        owner.post(&path, &meeting(app, outcome)).expect(201);
    }
}

/// The tenant whose records begin so.
fn hall_of<'a>(app: &'a TestApp, prefix: &str) -> &'a Hall {
    if prefix == "L" {
        &app.local
    } else {
        &app.trust
    }
}

/// A job that was deleted, and the one that came after it.
fn jobs(owner: &Identity<'_>, member: &str, employer: &str) -> [String; 2] {
    let mut past = new_employment(member, employer, date(2005, 1, 3));
    past["end_date"] = json!("2005-06-30");
    let deleted = made(owner, "/member-employments", &past);
    owner
        .delete(&format!("/member-employments/{deleted}"))
        .expect(204);
    let present = new_employment(member, employer, date(2020, 1, 6));
    [deleted, made(owner, "/member-employments", &present)]
}

/// A contact at work, one who was removed, and one who is suspended.
fn users(app: &TestApp, hall: &Hall, owner: &Identity<'_>, prefix: &str) -> [String; 3] {
    let domain = format!("{}.example", prefix.to_lowercase());
    let user = |name: &str| contact(app, hall, &format!("{name}@{domain}"));
    let people = ["contact", "removed", "suspended"].map(user);
    let [_, removed, suspended] = &people;
    owner.delete(&format!("/users/{removed}")).expect(204);
    let suspend = format!("/users/{suspended}/suspend");
    owner.post(&suspend, &reason()).expect(200);
    people
}

/// An id that no record has.
const NEVER: &str = "0190ffff-ffff-7fff-bfff-ffffffffffff";

/// The records with an activity at the employer, who is judged, a deleted one, and campaigns.
pub(crate) fn organized(app: &TestApp, owner: &Identity<'_>, records: Records) -> Records {
    let score_path = format!("/organizations/{}/salting-score", records.employer);
    owner.put(&score_path, &score(2)).expect(200);
    let body = activity(app, &records.member, &records.employer);
    let [there, gone] = [(); 2].map(|()| made(owner, "/salting-activities", &body));
    owner
        .delete(&format!("/salting-activities/{gone}"))
        .expect(204);
    let body = campaign(&records.representative, &records.employer);
    let [active, planned, paused, deleted] = [(); 4].map(|()| made(owner, "/campaigns", &body));
    for begun in [&active, &paused] {
        owner.act(&format!("/campaigns/{begun}/start")).expect(200);
    }
    let pause = format!("/campaigns/{paused}/pause");
    owner.post(&pause, &reason()).expect(200);
    owner.delete(&format!("/campaigns/{deleted}")).expect(204);
    Records {
        activity: there,
        deleted_activity: gone,
        campaigns: Campaigns {
            active,
            planned,
            paused,
            deleted,
        },
        ..records
    }
}

/// An agreement with one version of its rules, a deleted one, and one that can be deleted.
fn agreements(owner: &Identity<'_>) -> [String; 3] {
    let all = [(); 3].map(|()| made(owner, "/agreements", &new_agreement(None)));
    let [agreement, deleted, _] = &all;
    let rule_sets = format!("/agreements/{agreement}/rule-sets");
    owner.post(&rule_sets, &new_rules()).expect(201);
    owner.delete(&format!("/agreements/{deleted}")).expect(204);
    all
}

/// A grievance that is filed under an agreement, its deadline, and something that was recorded of it.
fn dated(owner: &Identity<'_>, mut filing: Value, agreement: &str) -> [String; 3] {
    filing["agreement_id"] = json!(agreement);
    let grievance = made(owner, "/grievances", &filing);
    let deadlines = owner.get(&format!("/grievances/{grievance}/deadlines"));
    let deadline = deadlines.expect(200).text_at("/items/0/id");
    let filed = owner.get(&format!("/grievances/{grievance}"));
    let filed = filed.expect(200).text_at("/filed_date");
    let path = format!("/grievances/{grievance}/deadline-events");
    let recorded = json!({"kind": "panel_received", "happened_on": filed});
    owner.post(&path, &recorded).expect(200);
    let events = owner.get(&path).expect(200).json();
    let mut events = events["items"].as_array().expect("rows").iter();
    let event = events.find(|event| event["kind"] == "panel_received");
    let event = event.and_then(|event| event["id"].as_str());
    let event = event.expect("what was recorded").to_owned();
    [grievance, deadline, event]
}

/// An invitation that waits, of this user.
fn invited(app: &TestApp, hall: &Hall, inviter: &str, prefix: &str) -> String {
    let inviter = Id::parse(inviter).expect("an id");
    let email = format!("invited@{}.example", prefix.to_lowercase());
    let invitation = builders::invitation(app.storage(), hall.id(), inviter, &email, app.now());
    invitation.id.to_string()
}

/// A user of a hall who holds the role `contact`, and signs in with the password of all; returns the id.
pub(crate) fn contact(app: &TestApp, hall: &Hall, email: &str) -> String {
    someone(app, hall, email, Role::Contact)
}

/// A user of a hall with this role.
pub(crate) fn someone(app: &TestApp, hall: &Hall, email: &str, role: Role) -> String {
    let user = builders::user_with_hash(app.storage(), email, password_hash());
    let _place = builders::membership(app.storage(), &user, hall.id(), &[role]);
    user.id.to_string()
}

/// The owner of the local.
pub(crate) fn owner(app: &TestApp) -> Identity<'_> {
    app.as_role(Role::Owner)
}

/// The ids of a list's rows, in order.
pub(crate) fn ids(list: &Value) -> Vec<String> {
    texts(list, "id")
}

/// One field of a list's rows, in order.
pub(crate) fn texts(list: &Value, field: &str) -> Vec<String> {
    let rows = list["items"].as_array().expect("a list has items");
    rows.iter()
        .map(|row| row[field].as_str().expect("a text").to_owned())
        .collect()
}
