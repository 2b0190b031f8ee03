//! The officers' day: what waits for each, who may not, what the fund allows, and who looked at whose name.

use serde_json::json;
use unionhall_domain::roles::Role;
use unionhall_testing::{TestApp, app::Identity};

use crate::{
    benevolence::{
        APPLICATIONS, FUND, another_officer, approve, asking, check, decide, deposit, of, rule,
        seat, seat_role,
    },
    fixtures::{made, new_member, owner, texts},
};

/// Where everybody looks first.
const MINE: &str = "/benevolence-applications/waiting-for-me";

/// Who meets on this day.
struct Day<'a> {
    app: &'a TestApp,
    owner: Identity<'a>,
    admin: Identity<'a>,
    /// Sits at the lowest level.
    officer: Identity<'a>,
    staff: Identity<'a>,
    manager: Identity<'a>,
    manager_id: String,
    president: Identity<'a>,
}

/// What was asked this week: a little, a lot, and by the manager's brother.
struct Asked {
    ada: String,
    grace: String,
    little: String,
    much: String,
    related: String,
}

impl<'a> Day<'a> {
    /// The administrator says how the hall decides, seats the officers, and the treasurer books the raffle.
    fn begins(app: &'a TestApp) -> Self {
        let rules = json!({"naming": "need_first", "reserve": "1000", "cap_per_member": "3000"});
        rule(app, &rules);
        seat_role(app, Role::Officer, "vp");
        seat_role(app, Role::Admin, "admin");
        let (manager_id, manager) = another_officer(app, "manager");
        let (president_id, president) = another_officer(app, "president");
        let (owner, staff) = (owner(app), app.as_role(Role::Staff));
        seat(&owner, &manager_id, "manager");
        seat(&owner, &president_id, "president");
        let seats = staff.get(&format!("{FUND}/seats")).expect(200).json();
        let levels = ["vp", "admin", "manager", "president"];
        assert_eq!(texts(&seats, "review_level"), levels);
        let officer = app.as_role(Role::Officer);
        deposit(&officer, "7000.00");
        Self {
            app,
            owner,
            admin: app.as_role(Role::Admin),
            officer,
            staff,
            manager,
            manager_id,
            president,
        }
    }

    /// Three members have asked, and the office has opened the reviews.
    fn is_asked(&self) -> Asked {
        let staff = &self.staff;
        let member = |number: &str| made(staff, "/members", &new_member(number));
        let [ada, grace, lise] = ["L-1", "L-2", "L-3"].map(member);
        let ask = |member: &str, amount: &str| {
            let id = made(staff, APPLICATIONS, &asking(member, amount));
            staff.act(&of(&id, "/submit")).expect(200);
            staff.act(&of(&id, "/begin-review")).expect(200);
            id
        };
        let brother = json!({
            "member_id": lise, "user_id": self.manager_id, "kinship": "sibling"
        });
        let declared = staff.post(&format!("{FUND}/relations"), &brother);
        declared.expect(201);
        Asked {
            little: ask(&ada, "300"),
            much: ask(&grace, "6000"),
            related: ask(&lise, "2500"),
            ada,
            grace,
        }
    }

    /// The lowest level sees three needs and no names, decides the small one, and may see its name then.
    fn decides_little(&self, asked: &Asked) {
        let officer = &self.officer;
        let queue = officer.get(MINE).expect(200).json();
        let all = [&asked.little, &asked.much, &asked.related];
        assert_eq!(texts(&queue, "id").iter().collect::<Vec<_>>(), all);
        let need = officer.get(&of(&asked.little, "")).expect(200).json();
        assert_eq!(need["name_held_back"], true);
        assert_eq!(need["member_id"], json!(null));
        let granted = approve(officer, &asked.little, "vp", "300").expect(201);
        assert_eq!(granted.text_at("/member_id"), asked.ada);
        let payments = of(&asked.little, "/payments");
        officer.post(&payments, &check("300", "2001")).expect(201);
    }

    /// The large one takes all four: one level passes it up, and one has to know whose it is.
    fn decides_much(&self, asked: &Asked) {
        let much = &asked.much;
        approve(&self.officer, much, "vp", "6000").expect(201);
        let passed = decide(&self.admin, much, "admin", "deferred").expect(201);
        assert_eq!(passed.text_at("/review_level"), "manager");
        let why = json!({"reason": "The same house burnt twice; I have to compare."});
        let shown = self.manager.post(&of(much, "/unmaskings"), &why);
        assert_eq!(shown.expect(200).text_at("/member_id"), asked.grace);
        approve(&self.manager, much, "manager", "5000").expect(201);
        let over = approve(&self.president, much, "president", "5000");
        assert_eq!(over.expect(409).code(), "over_cap");
        approve(&self.president, much, "president", "3000").expect(201);
    }

    /// The third stands still until somebody else sits at the manager's level, and then the fund has no more.
    fn denies_what_is_not_there(&self, asked: &Asked) {
        let (owner, related) = (&self.owner, &asked.related);
        approve(&self.officer, related, "vp", "2500").expect(201);
        approve(&self.admin, related, "admin", "2500").expect(201);
        let queue = self.manager.get(MINE).expect(200).json();
        assert!(!texts(&queue, "id").contains(related));
        let refused = approve(&self.manager, related, "manager", "2500");
        assert_eq!(refused.expect(403).code(), "barred");
        let free = owner.get(&of(related, "/free-reviewers")).expect(200);
        assert!(texts(&free.json(), "user_id").is_empty());
        let owner_id = self.app.local.person(Role::Owner).id.to_string();
        seat(owner, &owner_id, "manager");
        let money = owner.get(FUND).expect(200).json();
        assert_eq!(money["balance"], "3700.00");
        assert_eq!(money["available"], "2700.00");
        let twice = json!({"kind": "correction", "amount": "500", "source": "Booked twice"});
        let entries = format!("{FUND}/entries");
        self.officer.post(&entries, &twice).expect(201);
        let short = approve(owner, related, "manager", "2500").expect(409);
        assert_eq!(short.code(), "fund_short");
        let denied = decide(owner, related, "manager", "denied").expect(201);
        assert_eq!(denied.text_at("/status_reason"), "It is not clear.");
    }

    /// In the evening the day is told in numbers, and the trail knows who looked.
    fn ends(&self) {
        let all = self.staff.get(&format!("{APPLICATIONS}/waiting"));
        assert_eq!(texts(&all.expect(200).json(), "waits_for"), ["payment"]);
        let year = self.staff.get(&format!("{APPLICATIONS}/statistics"));
        let year = year.expect(200).json()["items"][0].take();
        assert_eq!(year["granted_per_thousand"], 666);
        assert_eq!(year["whole"]["approved_amount"], "3300.00");
        let trail = self.owner.get("/audit-events?action=unmasked").expect(200);
        assert_eq!(texts(&trail.json(), "actor_id"), [self.manager_id.as_str()]);
    }
}

#[test]
fn the_officers_day_with_the_benevolence_fund() {
    let app = TestApp::start();
    app.ignore_mail();
    let day = Day::begins(&app);
    let asked = day.is_asked();
    day.decides_little(&asked);
    day.decides_much(&asked);
    day.denies_what_is_not_there(&asked);
    day.ends();
}
