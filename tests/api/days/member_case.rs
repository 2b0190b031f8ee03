//! A member's day with their case and their jobs: they follow what the union does for them, see what is owed to them
//! and where they worked, and come upon nobody else's and upon nothing that the union keeps to itself.

use jiff::ToSpan;
use serde_json::json;
use unionhall_domain::{ids::Id, roles::Role};
use unionhall_testing::{TestApp, app::Identity};

use crate::fixtures::{
    Case, case, ids, made, meeting, new_employment, owner,
    parts::{new_contact, new_meeting, new_obligation, new_statement},
    texts,
};

/// Who meets on this day, and what there is before it.
struct Day<'a> {
    app: &'a TestApp,
    member: Identity<'a>,
    staff: Identity<'a>,
    own: Case,
    theirs: Case,
    /// The jobs of the member, the earlier one first, and one of somebody else.
    jobs: [String; 2],
    their_job: String,
}

impl<'a> Day<'a> {
    /// Two members with a case and a job each; one of them signs in.
    fn begins(app: &'a TestApp) -> Self {
        let staff = app.as_role(Role::Staff);
        let (own, theirs) = (case(&staff, "L-1"), case(&staff, "L-2"));
        let renamed = json!({"first_name": "Grace"});
        let path = format!("/members/{}", theirs.member);
        staff.patch(&path, &renamed).expect(200);
        let job = |of: &Case, from: i32, until: Option<i32>| {
            let day = |ago: i32| app.today() - ago.days();
            let mut job = new_employment(&of.member, &of.employer, day(from));
            job["end_date"] = json!(until.map(|ago| day(ago).to_string()));
            made(&staff, "/member-employments", &job)
        };
        let jobs = [job(&own, 400, Some(200)), job(&own, 100, None)];
        let their_job = job(&theirs, 100, None);
        app.is_member(Id::parse(&own.member).expect("an id"));
        Self {
            app,
            member: app.as_role(Role::Member),
            staff,
            own,
            theirs,
            jobs,
            their_job,
        }
    }

    /// In the morning: how does my case stand? There is one, and nothing that a member could do with it.
    fn reads_their_case(&self) {
        let member = &self.member;
        let mine = member.get("/grievances").expect(200).json();
        assert_eq!(ids(&mine), std::slice::from_ref(&self.own.grievance));
        let seen = member.get(&self.path("")).expect(200);
        assert_eq!(seen.text_at("/status"), "open");
        assert_eq!(seen.json()["allowed_actions"], json!([]));
        member.get(&self.path("/deadlines")).expect(200);
        let theirs = format!("/grievances/{}", self.theirs.grievance);
        for rest in ["", "/steps", "/step-meetings", "/obligations", "/deadlines"] {
            member.get(&format!("{theirs}{rest}")).expect(404);
        }
    }

    /// What was put forward at the table is theirs to read once somebody stands for it, and notes are not.
    fn follows_the_meetings(&self) {
        let meetings = self.path("/step-meetings");
        let mut planned = new_meeting();
        planned["notes"] = json!("Press them on the list.");
        let meeting = made(&self.staff, &meetings, &planned);
        let path = format!("{meetings}/{meeting}");
        let statements = format!("{path}/statements");
        let draft = self.staff.post(&statements, &new_statement()).expect(201);
        let draft = draft.text_at("/statements/0/id");
        let count = || {
            let seen = self.member.get(&path).expect(200).json();
            assert_eq!(seen["notes"], json!(null));
            assert_eq!(seen["allowed_actions"], json!([]));
            seen["statements"].as_array().expect("statements").len()
        };
        assert_eq!(count(), 0);
        self.staff
            .act(&format!("{statements}/{draft}/sign"))
            .expect(200);
        assert_eq!(count(), 1);
        let all = self.member.get(&meetings).expect(200).json();
        assert_eq!(ids(&all), [meeting]);
        self.member.post(&statements, &new_statement()).expect(403);
    }

    /// It is settled: what the employer owes them now is there to be read, and to be followed by others.
    fn sees_what_is_owed(&self) {
        let officer = self.app.as_role(Role::Officer);
        let settled = meeting(self.app, "settled");
        officer.post(&self.path("/steps"), &settled).expect(201);
        let obligations = self.path("/obligations");
        let owed = made(&self.staff, &obligations, &new_obligation());
        let member = &self.member;
        let mine = member.get(&obligations).expect(200).json();
        assert_eq!(ids(&mine), std::slice::from_ref(&owed));
        let one = format!("{obligations}/{owed}");
        let seen = member.get(&one).expect(200);
        assert_eq!(seen.text_at("/amount"), "1250.00");
        member
            .post(&format!("{one}/fulfill"), &json!({}))
            .expect(403);
        member.get("/obligations").expect(403);
        let status = member.get(&self.path("")).expect(200).text_at("/status");
        assert_eq!(status, "settled");
    }

    /// Where they worked, and since when.
    fn reads_their_jobs(&self) {
        let member = &self.member;
        let jobs = member.get("/member-employments?sort=start_date");
        assert_eq!(ids(&jobs.expect(200).json()), self.jobs);
        let now = member.get(&format!("/member-employments/{}", self.jobs[1]));
        assert_eq!(now.expect(200).json()["is_current"], json!(true));
        member
            .get(&format!("/member-employments/{}", self.their_job))
            .expect(404);
    }

    /// They look for their name, for a colleague, and for the employer.
    fn searches(&self) {
        let found = |words: &str| {
            let found = self.member.get(&format!("/search?q={words}"));
            ids(&found.expect(200).json())
        };
        let mut own = [self.own.member.clone(), self.own.grievance.clone()];
        let mut seen = found("voltz");
        own.sort();
        seen.sort();
        assert_eq!(seen, own);
        for words in ["grace", "puget"] {
            assert_eq!(found(words), [""; 0], "{words}");
        }
        // Its letter and its figure may begin words of their own case.
        for id in found("L-2") {
            assert!(own.contains(&id), "{id}");
        }
    }

    /// What the union writes down for itself, and what is of everybody, is refused.
    fn is_refused_what_is_not_theirs(&self) {
        let member = &self.member;
        let log = self.path("/representation-log");
        let contacts = format!("{log}/contacts");
        self.staff.post(&contacts, &new_contact()).expect(201);
        member.get(&log).expect(403);
        member.post(&contacts, &new_contact()).expect(403);
        member.get(&self.path("/case-file")).expect(403);
        let boards = ["by-step", "by-employer", "due-this-week", "statistics"]
            .map(|board| format!("/grievance-boards/{board}"));
        for path in boards.iter().map(String::as_str).chain(["/deadlines"]) {
            member.get(path).expect(403);
        }
        let members = member.get("/members").expect(200).json();
        assert_eq!(ids(&members), std::slice::from_ref(&self.own.member));
        let trail = format!("/audit-events/by-record/grievance/{}", self.own.grievance);
        member.get(&trail).expect(403);
        // What was looked at, and by whom, the owner can see.
        let looked = owner(self.app).get(&trail).expect(200).json();
        assert!(texts(&looked, "action").contains(&"read".to_owned()));
    }

    fn path(&self, rest: &str) -> String {
        format!("/grievances/{}{rest}", self.own.grievance)
    }
}

#[test]
fn a_members_day_with_their_case_and_their_jobs() {
    let app = TestApp::start();
    app.ignore_mail();
    let day = Day::begins(&app);
    day.reads_their_case();
    day.follows_the_meetings();
    day.sees_what_is_owed();
    day.reads_their_jobs();
    day.searches();
    day.is_refused_what_is_not_theirs();
}
