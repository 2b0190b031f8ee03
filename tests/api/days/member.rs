//! A member's day: they ask for help, answer a question, take another request back, and are paid; each step is mailed.

use insta::assert_snapshot;
use serde_json::json;
use unionhall_domain::{ids::Id, roles::Role};
use unionhall_testing::{TestApp, app::Identity};

use crate::{
    benevolence::{APPLICATIONS, approve, asking, check, decide, deposit, of, seat_role},
    fixtures::{made, new_member, owner, texts},
};

/// Who meets on this day, and what there is before it.
struct Day<'a> {
    app: &'a TestApp,
    member: Identity<'a>,
    staff: Identity<'a>,
    officer: Identity<'a>,
    /// The union member who signs in.
    me: String,
    /// A colleague's application.
    theirs: String,
}

impl<'a> Day<'a> {
    /// A hall with money in its fund, and somebody who may review.
    fn begins(app: &'a TestApp) -> Self {
        deposit(&owner(app), "5000.00");
        seat_role(app, Role::Officer, "vp");
        let staff = app.as_role(Role::Staff);
        let own = made(&staff, "/members", &new_member("L-1"));
        app.is_member(Id::parse(&own).expect("an id"));
        let mut colleague = new_member("L-2");
        colleague["email"] = json!(null);
        let colleague = made(&staff, "/members", &colleague);
        let theirs = made(&staff, APPLICATIONS, &asking(&colleague, "300"));
        let member = app.as_role(Role::Member);
        let me = member.get("/auth/me").expect(200).text_at("/member_id");
        assert_eq!(me, own);
        Self {
            app,
            member,
            staff,
            officer: app.as_role(Role::Officer),
            me,
            theirs,
        }
    }

    /// In the morning they ask for help, think again about how much, and hand it in.
    fn asks(&self) -> String {
        let member = &self.member;
        let draft = member.post(APPLICATIONS, &asking(&self.me, "450"));
        let draft = draft.expect(201);
        let id = draft.text_at("/id");
        let may = json!(["update", "delete", "submit"]);
        assert_eq!(draft.json()["allowed_actions"], may);
        let tag = draft.header("etag").expect("a draft has a version");
        let less = member
            .request("PATCH", &of(&id, ""))
            .header("If-Match", tag);
        let less = less.json(&json!({"amount_requested": "400"}));
        less.send().expect(200);
        let mine = format!("{APPLICATIONS}/waiting-for-me");
        let todo = member.get(&mine).expect(200).json();
        assert_eq!(texts(&todo, "waits_for"), ["applicant"]);
        assert_eq!(self.mails(), "", "nobody is written to about a draft");
        member.act(&of(&id, "/submit")).expect(200);
        member.act(&of(&id, "/submit")).expect(409);
        let todo = member.get(&mine).expect(200).json();
        assert!(texts(&todo, "id").is_empty());
        self.staff.act(&of(&id, "/begin-review")).expect(200);
        id
    }

    /// A reviewer has a question; the member reads it and answers.
    fn answers(&self, id: &str) {
        decide(&self.officer, id, "vp", "needs_info").expect(201);
        let asked = self.member.get(&of(id, "")).expect(200);
        assert_eq!(asked.text_at("/question"), "It is not clear.");
        let may = json!(["answer", "withdraw"]);
        assert_eq!(asked.json()["allowed_actions"], may);
        let answer = json!({"answer": "The rent is 350 a month."});
        let answered = self.member.post(&of(id, "/answers"), &answer).expect(201);
        assert_eq!(answered.text_at("/status"), "under_review");
        assert_eq!(answered.text_at("/review_level"), "vp");
    }

    /// They ask for something else too, and take that back.
    fn thinks_again(&self) {
        let other = made(&self.member, APPLICATIONS, &asking(&self.me, "50"));
        self.member.act(&of(&other, "/submit")).expect(200);
        let helped = json!({"reason": "My brother helps out."});
        let withdrawn = self.member.post(&of(&other, "/withdraw"), &helped);
        assert_eq!(withdrawn.expect(200).text_at("/status"), "withdrawn");
        let third = made(&self.member, APPLICATIONS, &asking(&self.me, "20"));
        self.member.delete(&of(&third, "")).expect(204);
    }

    /// It is approved, and paid in two parts; one check is lost and made anew.
    fn is_paid(&self, id: &str) {
        approve(&self.officer, id, "vp", "400").expect(201);
        let pay = |amount: &str, number: &str| {
            let paid = self
                .officer
                .post(&of(id, "/payments"), &check(amount, number));
            paid.expect(201).text_at("/payment/id")
        };
        pay("150", "1");
        let lost = pay("250", "2");
        let reverse = format!("/benevolence-fund/payments/{lost}/reverse");
        let why = json!({"reason": "The check was lost in the mail."});
        self.officer.post(&reverse, &why).expect(200);
        pay("250", "3");
        let paid = self.member.get(&of(id, "")).expect(200);
        assert_eq!(paid.text_at("/status"), "paid");
        assert_eq!(paid.json()["allowed_actions"], json!([]));
        let payments = self.member.get(&of(id, "/payments")).expect(200).json();
        assert_eq!(texts(&payments, "amount"), ["150.00", "250.00", "250.00"]);
        self.member.act(&of(id, "/withdraw")).expect(409);
    }

    /// Of others, and of what the hall says among itself, they see nothing.
    fn sees_their_own_alone(&self, id: &str) {
        let member = &self.member;
        let list = member.get(&format!("{APPLICATIONS}?include_total=true"));
        assert_eq!(list.expect(200).json()["total"], 2);
        member.get(&of(&self.theirs, "")).expect(404);
        member.act(&of(&self.theirs, "/withdraw")).expect(404);
        member.get(&of(id, "/reviews")).expect(403);
        let noted = json!({"notes": "Came by."});
        self.staff.patch(&of(id, ""), &noted).expect(200);
        let own = member.get(&of(id, "")).expect(200);
        assert_eq!(own.json()["notes"], json!(null));
        for path in ["waiting", "statistics"] {
            member.get(&format!("{APPLICATIONS}/{path}")).expect(403);
        }
        member.get("/benevolence-fund").expect(403);
    }

    /// The mails since the last look, as text without what differs from day to day.
    fn mails(&self) -> String {
        let year = format!("BF-{}-", self.app.today().year());
        let mut told: Vec<_> = self
            .app
            .deliver_mail()
            .iter()
            .map(|mail| {
                assert!(mail.summary.to.contains("l-1@example.org"), "{mail:#?}");
                let told = format!("{}\n\n{}", mail.summary.subject, mail.text);
                for kept in ["Surgery", "400", "rent", "350"] {
                    assert!(!told.contains(kept), "{kept} is not for the mail: {told}");
                }
                let told = told.replace(&year, "BF-[year]-").replace('\r', "");
                told.trim_end().to_owned()
            })
            .collect();
        // Mail of one moment may overtake each other.
        told.sort();
        told.join("\n----\n")
    }
}

#[test]
fn a_members_day_with_the_benevolence_fund() {
    let app = TestApp::start();
    let day = Day::begins(&app);
    let id = day.asks();
    day.answers(&id);
    day.thinks_again();
    day.is_paid(&id);
    day.sees_their_own_alone(&id);
    assert_snapshot!(day.mails());
}
