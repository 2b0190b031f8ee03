//! The officer's day with the grievances: what was missed, what a new holiday would move, what is not taken further
//! and why, and how the hall stands in the evening.

use jiff::{ToSpan, civil::Date};
use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{TestApp, app::Identity};

use crate::{
    case_files::part,
    collective_agreements::new_agreement,
    deadline_feeds::tomorrow,
    deadlines::{day, of, rules_of_silence, say},
    fixtures::{filing, made, new_employer, new_member, texts},
};

/// Where differences are shown, and confirmed.
const CHANGES: &str = "/deadlines/changes";

/// Who meets on this day, and the two cases it is about.
struct Day<'a> {
    app: &'a TestApp,
    officer: Identity<'a>,
    steward: Identity<'a>,
    employer: String,
    /// Was filed weeks ago, and the employer has not answered.
    silent: String,
    /// Was filed this morning.
    fresh: String,
}

impl<'a> Day<'a> {
    /// An agreement with rules, and two grievances under it that the steward carries.
    fn begins(app: &'a TestApp) -> Self {
        let (officer, steward) = (app.as_role(Role::Officer), app.as_role(Role::Staff));
        let agreement = made(&officer, "/agreements", &new_agreement(None));
        let rule_sets = format!("/agreements/{agreement}/rule-sets");
        officer.post(&rule_sets, &rules_of_silence()).expect(201);
        let employer = made(&steward, "/organizations", &new_employer("Puget Electric"));
        let member = made(&steward, "/members", &new_member("L-1"));
        let file = |days_ago: i32| {
            let mut story = filing(&member, &employer);
            story["agreement_id"] = json!(agreement);
            story["steward_id"] = json!(app.local.person(Role::Staff).id.to_string());
            story["filed_date"] = json!((app.today() - days_ago.days()).to_string());
            made(&steward, "/grievances", &story)
        };
        // Ten working days are over after 25 days, whatever holidays there were, and the fifteen after them are not.
        let (silent, fresh) = (file(25), file(0));
        Self {
            app,
            officer,
            steward,
            employer,
            silent,
            fresh,
        }
    }

    /// Before the office opens, a mail says that nobody answered; what that means nobody but an officer says.
    fn hears_what_is_overdue(&self) {
        assert!(self.app.warn_of_deadlines(tomorrow(self.app)) >= 1);
        let number = self.number(&self.silent);
        let mails = self.app.deliver_mail();
        let about = format!("Grievance {number}: overdue");
        let mut told: Vec<_> = mails
            .iter()
            .filter(|mail| mail.summary.subject == about)
            .map(|mail| {
                assert!(mail.text.contains("nothing follows by itself"), "{mail:#?}");
                mail.summary.to.clone()
            })
            .collect();
        let mut expected = [Role::Officer, Role::Staff]
            .map(|role| self.app.local.person(role).email.to_string())
            .to_vec();
        told.sort();
        expected.sort();
        assert_eq!(told, expected);
    }

    /// It was missed: the grievance stands where it stood, and the union's own time runs since the answer was due.
    fn says_that_it_was_missed(&self) {
        let overdue = self.deadline(&self.silent, "answer");
        assert_eq!(overdue["is_overdue"], json!(true));
        say(&self.steward, &overdue, "miss", &Value::Null).expect(403);
        let missed = say(&self.officer, &overdue, "miss", &Value::Null).expect(200);
        assert_eq!(missed.text_at("/status"), "missed");
        assert_eq!(missed.text_at("/consequence"), "advance");
        let next = self.deadline(&self.silent, "advance");
        assert_eq!(next["event_date"], overdue["due_date"]);
        assert_eq!(next["is_overdue"], json!(false));
        let path = format!("/grievances/{}", self.silent);
        let stands = self.officer.get(&path).expect(200);
        assert_eq!(stands.text_at("/current_step"), "step_1");
    }

    /// The day on which an answer is due becomes a holiday; it moves when it is confirmed, and not before.
    fn confirms_what_a_holiday_moves(&self) {
        let due = || day(&self.deadline(&self.fresh, "answer")["due_date"]);
        let before = due();
        self.celebrates(before);
        assert_eq!(due(), before);
        let shown = self.officer.get(CHANGES).expect(200).json();
        let differences = shown["differences"].as_array().expect("differences");
        assert_eq!(differences.len(), 1, "{shown}");
        assert_eq!(differences[0]["effect"], json!("moves"));
        assert_eq!(differences[0]["grievance_id"], json!(self.fresh));
        let after = day(&differences[0]["after"]);
        assert!(after > before);
        let confirm = json!({"fingerprint": shown["fingerprint"]});
        self.steward.post(CHANGES, &confirm).expect(403);
        self.officer.post(CHANGES, &confirm).expect(200);
        assert_eq!(due(), after);
        // What was missed is over, and no calendar moves it.
        let missed = self.deadline(&self.silent, "answer");
        assert_eq!(missed["status"], json!("missed"));
    }

    fn celebrates(&self, day: Date) {
        let path = format!("/holiday-calendars/{}/edits", day.year());
        let edit = json!({"action": "add", "date": day.to_string(), "name": "Founders' Day"});
        let edits = json!({"edits": [edit]});
        self.officer.post(&path, &edits).expect(200);
    }

    /// The committee does not take the old case further; the reason is the officer's to give, and stays.
    fn does_not_go_on(&self) {
        let path = format!("/grievances/{}", self.silent);
        let decisions = format!("{path}/representation-log/decisions");
        let mut decision = json!({"decision": "not_advancing", "reason": " "});
        let bare = self.officer.post(&decisions, &decision).expect(422);
        assert_eq!(bare.text_at("/errors/0/pointer"), "/reason");
        decision["reason"] = json!("Two awards on the same words went the other way.");
        self.steward.post(&decisions, &decision).expect(403);
        let decided = self.officer.post(&decisions, &decision).expect(201);
        assert_eq!(decided.text_at("/decision/step"), "step_1");
        let why = json!({"reason": "The committee does not take it further."});
        let withdraw = format!("{path}/withdraw");
        self.steward.post(&withdraw, &why).expect(403);
        self.officer.post(&withdraw, &why).expect(200);
        assert_eq!(
            self.deadline(&self.silent, "advance")["status"],
            json!("lapsed")
        );
        assert_eq!(
            self.deadline(&self.silent, "answer")["status"],
            json!("missed")
        );
        let log = format!("{path}/representation-log?kind=decision");
        let log = self.officer.get(&log).expect(200).json();
        assert_eq!(log["items"][0]["decision"]["reason"], decision["reason"]);
        assert_eq!(log["items"][1]["decision"]["reason"], why["reason"]);
    }

    /// In the evening: one case is alive, on the first step, and one was given up.
    fn looks_at_the_boards(&self) {
        let board = |path: &str| {
            let found = self.officer.get(&format!("/grievance-boards/{path}"));
            found.expect(200).json()
        };
        let steps = board("by-step");
        assert_eq!(texts(&steps, "step")[0], "step_1");
        let open = |place: usize| steps["items"][place]["open"].as_u64();
        assert_eq!((open(0), open(1)), (Some(1), Some(0)));
        let employers = board("by-employer");
        assert_eq!(
            texts(&employers, "employer_id"),
            std::slice::from_ref(&self.employer)
        );
        assert_eq!(employers["items"][0]["overdue"], json!(0));
        assert!(texts(&board("due-this-week"), "id").is_empty());
        let from = self.app.today() - 30.days();
        let until = self.app.today();
        let figures = board(&format!("statistics?from={from}&until={until}&by=employer"));
        let expected = json!({"filed": 2, "settled": 0, "won": 0, "withdrawn": 1});
        assert_eq!(figures["total"], expected);
    }

    /// The member may ask one day why: the case file has every word of it, and taking it is on record.
    fn takes_the_case_file(&self) {
        let path = format!("/grievances/{}/case-file?format=zip", self.silent);
        let archive = self.officer.get(&path).expect(200);
        let log = part(&archive, "parts/representation_log.json");
        assert!(log.contains("Two awards on the same words"), "{log}");
        let deadlines = part(&archive, "parts/deadlines.json");
        assert!(deadlines.contains("missed"), "{deadlines}");
        let notices = part(&archive, "parts/notices.json");
        assert!(notices.contains("has gone by"), "{notices}");
        let trail = format!("/audit-events/by-record/case_file/{}", self.silent);
        let trail = self.officer.get(&trail).expect(200).json();
        assert_eq!(texts(&trail, "action"), ["read"]);
        let me = self.app.local.person(Role::Officer).id.to_string();
        assert_eq!(texts(&trail, "actor_id"), [me]);
    }

    fn number(&self, grievance: &str) -> String {
        let found = self.officer.get(&format!("/grievances/{grievance}"));
        found.expect(200).text_at("/grievance_number")
    }

    /// The one deadline of a grievance for this duty.
    fn deadline(&self, grievance: &str, duty: &str) -> Value {
        let all = of(&self.officer, grievance).into_iter();
        let mut found: Vec<_> = all.filter(|row| row["duty"] == duty).collect();
        assert_eq!(found.len(), 1, "{found:#?}");
        found.remove(0)
    }
}

#[test]
fn an_officers_day_with_the_grievances() {
    let app = TestApp::start();
    let day = Day::begins(&app);
    day.hears_what_is_overdue();
    day.says_that_it_was_missed();
    day.confirms_what_a_holiday_moves();
    day.does_not_go_on();
    day.looks_at_the_boards();
    day.takes_the_case_file();
}
