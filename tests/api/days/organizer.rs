//! An organizer's day: from a first look at an employer to a campaign that is won, and nobody in the office knows.

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{TestApp, app::Identity};

use crate::fixtures::{campaign, ids, made, new_employer, new_member, reason, score};

/// What the office has on its books when the day begins.
struct Morning<'a> {
    app: &'a TestApp,
    organizer: Identity<'a>,
    member: String,
    employer: String,
}

impl<'a> Morning<'a> {
    fn of(app: &'a TestApp) -> Self {
        let staff = app.as_role(Role::Staff);
        Self {
            app,
            organizer: app.as_role(Role::Organizer),
            member: made(&staff, "/members", &new_member("L-1")),
            employer: made(&staff, "/organizations", &new_employer("Cedar River Power")),
        }
    }

    fn score_path(&self) -> String {
        format!("/organizations/{}/salting-score", self.employer)
    }

    /// Plans a campaign that the organizer leads, and begins it.
    fn campaign(&self) -> String {
        let lead = self.app.local.person(Role::Organizer).id.to_string();
        let planned = made(
            &self.organizer,
            "/campaigns",
            &campaign(&lead, &self.employer),
        );
        let path = format!("/campaigns/{planned}");
        let begun = self.organizer.act(&format!("{path}/start")).expect(200);
        assert_eq!(begun.text_at("/status"), "active");
        path
    }

    /// Reports so many workers and so many cards of the campaign.
    fn report(&self, campaign: &str, kind: &str, contacted: u32, signed: u32) -> String {
        let id = campaign.rsplit('/').next().unwrap_or_default();
        let body = json!({
            "member_id": self.member, "organization_id": self.employer, "campaign_id": id,
            "activity_type": kind, "activity_date": self.app.today().to_string(),
            "workers_contacted": contacted, "cards_signed": signed
        });
        made(&self.organizer, "/salting-activities", &body)
    }

    fn progress(&self, campaign: &str) -> Value {
        let path = format!("{campaign}/progress");
        self.organizer.get(&path).expect(200).json()
    }
}

#[test]
fn an_organizers_day_from_the_first_look_to_the_last_card() {
    let app = TestApp::start();
    let day = Morning::of(&app);
    let who = &day.organizer;
    // In the morning nobody knows how the employer stands; by noon somebody has asked.
    assert_eq!(
        who.get(&day.score_path()).expect(200).json()["score"],
        json!(null)
    );
    who.put(&day.score_path(), &score(2)).expect(200);
    let drive = day.campaign();
    // A site visit, whose outcome shows later, and the first cards.
    let visit = day.report(&drive, "site_visit", 12, 0);
    day.report(&drive, "card_signing", 15, 14);
    let list = who.get("/salting-activities?outcome=pending").expect(200);
    assert_eq!(ids(&list.json()).len(), 2);
    let positive = json!({"outcome": "positive"});
    who.patch(&format!("/salting-activities/{visit}"), &positive)
        .expect(200);
    // 14 of 44 are more than 30 percent, and far from half.
    let progress = day.progress(&drive);
    let target = &progress["targets"][0];
    assert_eq!(target["percent_of_unit"], "31.8");
    assert_eq!(target["showing_of_interest"]["reached"], true);
    assert_eq!(target["majority"]["reached"], false);
    // In the evening the owner gives in.
    day.report(&drive, "meeting", 20, 16);
    assert_eq!(
        day.progress(&drive)["targets"][0]["percent_of_goal"],
        "100.0"
    );
    who.put(&day.score_path(), &score(5)).expect(200);
    let won = who.post(&format!("{drive}/win"), &reason()).expect(200);
    assert_eq!(won.json()["allowed_actions"], json!(["update", "delete"]));
    // The officer sees the whole of it, in numbers and by name.
    let officer = app.as_role(Role::Officer);
    let sums = officer.get("/salting-activities/statistics").expect(200);
    assert_eq!(sums.json()["total"]["cards_signed"], 30);
    let history = officer.get(&format!("{}/history", day.score_path()));
    assert_eq!(
        history.expect(200).json()["items"][0]["meaning"],
        "supportive"
    );
    let told = officer
        .get("/audit-events?target=campaign&action=moved")
        .expect(200);
    assert_eq!(told.json()["items"][0]["details"]["move"], "win");
}

#[test]
fn the_office_works_on_the_same_employer_all_day_and_sees_nothing() {
    let app = TestApp::start();
    let day = Morning::of(&app);
    let staff = app.as_role(Role::Staff);
    let record = format!("/organizations/{}", day.employer);
    let before = staff.get(&record).expect(200);
    let drive = day.campaign();
    day.report(&drive, "leafleting", 9, 0);
    day.organizer.put(&day.score_path(), &score(1)).expect(200);
    let after = staff.get(&record).expect(200);
    assert_eq!(
        (after.header("etag"), after.text()),
        (before.header("etag"), before.text())
    );
    for path in [
        "/salting-activities",
        "/campaigns",
        &day.score_path(),
        &drive,
    ] {
        assert_eq!(staff.get(path).expect(404).code(), "not_found");
    }
    // It may even call the employer something else, and the organizer's records stay.
    let union = json!({"org_type": "union"});
    staff.patch(&record, &union).expect(200);
    app.as_role(Role::Officer).delete(&record).expect(204);
    let kept = day.progress(&drive);
    assert_eq!(kept["total"]["workers_contacted"], 9);
}
