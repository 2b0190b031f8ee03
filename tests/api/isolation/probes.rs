//! One request for each place of the API that takes the id or number of a record.

mod agreements;
mod audit;
mod deadlines;
mod documents;
mod exports;
mod organizations;
mod organizing;
mod parts;
mod school;
mod training;

use serde_json::json;
use unionhall_domain::roles::Role;
use unionhall_testing::{
    TestApp,
    app::{Answer, Identity},
};

use crate::{
    benevolence::FundRecords,
    fixtures::{
        Records, filing, meeting, parts::Parts, reason, school::School, training::Training,
    },
};

/// What can be named of a tenant from outside.
pub(super) struct Ids {
    pub(super) member: String,
    deleted_member: String,
    member_number: String,
    employer: String,
    person: String,
    job: String,
    deleted_job: String,
    deleted_person: String,
    deleted_employer: String,
    pub(super) grievance: String,
    deleted_grievance: String,
    agreement: String,
    deleted_agreement: String,
    dated: String,
    deadline: String,
    pub(super) denied: String,
    settled: String,
    grievance_number: String,
    pub(super) user: String,
    session: String,
    contact: String,
    removed_user: String,
    suspended_user: String,
    device: String,
    invitation: String,
    pub(super) fund: FundRecords,
    pub(super) parts: Parts,
    pub(super) school: School,
    activity: String,
    deleted_activity: String,
    campaign: String,
    deleted_campaign: String,
    pub(super) training: Training,
    document: String,
    deleted_document: String,
}

/// An id that no record has.
const NEVER: &str = "0190ffff-ffff-7fff-bfff-ffffffffffff";

impl Ids {
    /// The trust's records, the number of a grievance that the local has not, and a session and a trusted device of
    /// somebody there.
    pub(super) fn of_trust(
        records: Records,
        grievance_number: String,
        session: String,
        device: String,
        fund: FundRecords,
    ) -> Self {
        let [document, deleted_document] = records.documents;
        Self {
            grievance_number,
            session,
            member: records.member,
            deleted_member: records.deleted_member,
            member_number: records.member_number,
            employer: records.employer,
            person: records.contact,
            job: records.job,
            deleted_job: records.deleted_job,
            deleted_person: records.deleted_contact,
            deleted_employer: records.deleted_employer,
            grievance: records.grievance,
            deleted_grievance: records.deleted_grievance,
            agreement: records.agreement,
            deleted_agreement: records.deleted_agreement,
            dated: records.dated,
            deadline: records.deadline,
            denied: records.denied,
            settled: records.settled,
            user: records.representative,
            contact: records.user,
            removed_user: records.removed_user,
            suspended_user: records.suspended_user,
            device,
            invitation: records.invitation,
            fund,
            parts: records.parts,
            school: records.school,
            activity: records.activity,
            deleted_activity: records.deleted_activity,
            campaign: records.campaigns.active,
            deleted_campaign: records.campaigns.deleted,
            training: records.training,
            document,
            deleted_document,
        }
    }

    /// Ids that no record ever had.
    pub(super) fn never() -> Self {
        Self::all_like(NEVER, "NEVER-1", "GR-2026-9999", "BF-2026-9999")
    }

    /// What is no id and no number.
    pub(super) fn none() -> Self {
        Self::all_like("not-an-id", "not%20a%20number", "not-a-number", "none")
    }

    fn all_like(
        id: &str,
        member_number: &str,
        grievance_number: &str,
        application_number: &str,
    ) -> Self {
        let fund = super::benevolence::all_like(id, application_number);
        let id = || id.to_owned();
        Self {
            member: id(),
            deleted_member: id(),
            member_number: member_number.to_owned(),
            employer: id(),
            person: id(),
            job: id(),
            deleted_job: id(),
            deleted_person: id(),
            deleted_employer: id(),
            grievance: id(),
            deleted_grievance: id(),
            agreement: id(),
            deleted_agreement: id(),
            dated: id(),
            deadline: id(),
            denied: id(),
            settled: id(),
            grievance_number: grievance_number.to_owned(),
            user: id(),
            session: id(),
            contact: id(),
            removed_user: id(),
            suspended_user: id(),
            device: id(),
            invitation: id(),
            fund,
            parts: Parts::all_like(&id()),
            school: School::all_like(&id(), grievance_number.trim_start_matches("GR-")),
            activity: id(),
            deleted_activity: id(),
            campaign: id(),
            deleted_campaign: id(),
            training: Training::all_like(&id()),
            document: id(),
            deleted_document: id(),
        }
    }

    /// The ids.
    pub(super) fn all(&self) -> Vec<&str> {
        let mut all = super::benevolence::all(&self.fund);
        all.extend([
            self.member.as_str(),
            &self.deleted_member,
            &self.employer,
            &self.person,
            &self.job,
            &self.deleted_job,
            &self.deleted_person,
            &self.deleted_employer,
            &self.grievance,
            &self.deleted_grievance,
            &self.agreement,
            &self.deleted_agreement,
            &self.dated,
            &self.deadline,
            &self.denied,
            &self.settled,
            &self.user,
            &self.session,
            &self.contact,
            &self.removed_user,
            &self.suspended_user,
            &self.device,
            &self.invitation,
            &self.activity,
            &self.deleted_activity,
            &self.campaign,
            &self.deleted_campaign,
            &self.document,
            &self.deleted_document,
        ]);
        all.extend(self.parts.all());
        all.extend(self.school.all());
        all.extend(self.training.all());
        all
    }
}

/// A place of the API, and a request that names a record there.
pub(super) struct Probe {
    /// Operation, kind of place, name: `members_find path id`.
    pub(super) place: &'static str,
    /// Sends the request.
    pub(super) send: fn(&TestApp, &Identity<'_>, &Ids) -> Answer,
}

/// Every probe.
pub(super) fn probes() -> Vec<Probe> {
    let mut probes = users();
    probes.extend(invitations());
    probes.extend(members());
    probes.extend(organizations::organizations());
    probes.extend(organizations::contacts());
    probes.extend(organizations::employments());
    probes.extend(grievances());
    probes.extend(moves());
    probes.extend(parts::probes());
    probes.extend(school::probes());
    probes.extend(agreements::probes());
    probes.extend(deadlines::probes());
    probes.extend(documents::probes());
    probes.extend(audit::probes());
    probes.extend(super::benevolence::probes());
    probes.extend(exports::probes());
    probes.extend(people());
    probes.extend(sessions());
    probes.extend(second_factors());
    probes.extend(organizing::probes());
    probes.extend(training::probes());
    probes
}

pub(super) type Send = fn(&TestApp, &Identity<'_>, &Ids) -> Answer;

pub(super) fn listed(probes: &[(&'static str, Send)]) -> Vec<Probe> {
    let probe = |(place, send): &(&'static str, Send)| Probe { place, send: *send };
    probes.iter().map(probe).collect()
}

fn users() -> Vec<Probe> {
    listed(&[
        ("users_find path id", |_, who, ids| {
            who.get(&format!("/users/{}", ids.contact))
        }),
        ("users_remove path id", |_, who, ids| {
            who.delete(&format!("/users/{}", ids.contact))
        }),
        ("users_set_roles path id", |_, who, ids| {
            let body = json!({"roles": [{"role": "member"}]});
            who.put(&format!("/users/{}/roles", ids.contact), &body)
        }),
        ("users_suspend path id", |_, who, ids| {
            who.post(&format!("/users/{}/suspend", ids.contact), &reason())
        }),
        ("users_reactivate path id", |_, who, ids| {
            who.act(&format!("/users/{}/reactivate", ids.suspended_user))
        }),
        ("users_restore path id", |_, who, ids| {
            who.act(&format!("/users/{}/restore", ids.removed_user))
        }),
        ("users_link_member path id", |_, who, ids| {
            let body = json!({"member_id": own_member(who)});
            who.put(&format!("/users/{}/member", ids.contact), &body)
        }),
        ("users_link_member body member_id", |app, who, ids| {
            let own = app.local.person(Role::Contact).id;
            let body = json!({"member_id": ids.member});
            who.put(&format!("/users/{own}/member"), &body)
        }),
        ("users_unlink_member path id", |_, who, ids| {
            who.delete(&format!("/users/{}/member", ids.contact))
        }),
    ])
}

fn invitations() -> Vec<Probe> {
    listed(&[
        ("invitations_find path id", |_, who, ids| {
            who.get(&format!("/invitations/{}", ids.invitation))
        }),
        ("invitations_resend path id", |_, who, ids| {
            who.act(&format!("/invitations/{}/resend", ids.invitation))
        }),
        ("invitations_cancel path id", |_, who, ids| {
            who.act(&format!("/invitations/{}/cancel", ids.invitation))
        }),
        ("invitations_send body member_id", |_, who, ids| {
            let roles = json!([{"role": "member"}]);
            let body =
                json!({"email": "new@spark.example", "roles": roles, "member_id": ids.member});
            who.post("/invitations", &body)
        }),
    ])
}

fn members() -> Vec<Probe> {
    listed(&[
        ("members_find path id", |_, who, ids| {
            who.get(&format!("/members/{}", ids.member))
        }),
        ("members_find_by_number path number", |_, who, ids| {
            who.get(&format!("/members/by-number/{}", ids.member_number))
        }),
        ("members_update path id", |_, who, ids| {
            who.patch(
                &format!("/members/{}", ids.member),
                &json!({"city": "Kent"}),
            )
        }),
        ("members_delete path id", |_, who, ids| {
            who.delete(&format!("/members/{}", ids.member))
        }),
        ("members_restore path id", |_, who, ids| {
            who.act(&format!("/members/{}/restore", ids.deleted_member))
        }),
    ])
}

fn grievances() -> Vec<Probe> {
    listed(&[
        ("grievances_find path id", |_, who, ids| {
            who.get(&format!("/grievances/{}", ids.grievance))
        }),
        ("grievances_find_by_number path number", |_, who, ids| {
            who.get(&format!("/grievances/by-number/{}", ids.grievance_number))
        }),
        ("grievances_steps path id", |_, who, ids| {
            who.get(&format!("/grievances/{}/steps", ids.denied))
        }),
        ("grievances_update path id", |_, who, ids| {
            let path = format!("/grievances/{}", ids.grievance);
            who.patch(&path, &json!({"notes": "Seen."}))
        }),
        ("grievances_delete path id", |_, who, ids| {
            who.delete(&format!("/grievances/{}", ids.grievance))
        }),
        ("grievances_restore path id", |_, who, ids| {
            who.act(&format!("/grievances/{}/restore", ids.deleted_grievance))
        }),
        ("grievances_list query member_id", |_, who, ids| {
            let query = format!("member_id={}&include_total=true", ids.member);
            who.get(&format!("/grievances?{query}"))
        }),
        ("grievances_list query employer_id", |_, who, ids| {
            let query = format!("employer_id={}&include_total=true", ids.employer);
            who.get(&format!("/grievances?{query}"))
        }),
        (
            "grievances_list query assigned_representative_id",
            |_, who, ids| {
                let query = format!("assigned_representative_id={}", ids.user);
                who.get(&format!("/grievances?{query}"))
            },
        ),
        ("grievances_list query carrier_id", |_, who, ids| {
            who.get(&format!("/grievances?carrier_id={}", ids.user))
        }),
        ("grievances_file body member_id", |_, who, ids| {
            who.post("/grievances", &filing(&ids.member, &own_employer(who)))
        }),
        ("grievances_file body employer_id", |_, who, ids| {
            who.post("/grievances", &filing(&own_member(who), &ids.employer))
        }),
        (
            "grievances_file body assigned_representative_id",
            |_, who, ids| {
                let mut body = filing(&own_member(who), &own_employer(who));
                body["assigned_representative_id"] = json!(ids.user);
                who.post("/grievances", &body)
            },
        ),
        (
            "grievances_update body assigned_representative_id",
            |_, who, ids| {
                let path = format!("/grievances/{}", own_grievance(who));
                who.patch(&path, &json!({"assigned_representative_id": ids.user}))
            },
        ),
    ])
}

fn moves() -> Vec<Probe> {
    listed(&[
        ("grievances_record_step path id", |app, who, ids| {
            let path = format!("/grievances/{}/steps", ids.grievance);
            who.post(&path, &meeting(app, "denied"))
        }),
        ("grievances_investigate path id", |_, who, ids| {
            who.act(&format!("/grievances/{}/investigate", ids.grievance))
        }),
        ("grievances_schedule_hearing path id", |_, who, ids| {
            who.act(&format!("/grievances/{}/schedule-hearing", ids.grievance))
        }),
        ("grievances_advance path id", |_, who, ids| {
            who.act(&format!("/grievances/{}/advance", ids.denied))
        }),
        ("grievances_withdraw path id", |_, who, ids| {
            who.post(
                &format!("/grievances/{}/withdraw", ids.grievance),
                &reason(),
            )
        }),
        ("grievances_close path id", |_, who, ids| {
            who.post(&format!("/grievances/{}/close", ids.settled), &reason())
        }),
        ("grievances_reopen path id", |_, who, ids| {
            who.post(&format!("/grievances/{}/reopen", ids.settled), &reason())
        }),
    ])
}

fn people() -> Vec<Probe> {
    listed(&[
        ("profiles_colleague path id", |_, who, ids| {
            who.get(&format!("/colleagues/{}", ids.user))
        }),
        ("pictures_colleagues path id", |_, who, ids| {
            who.get(&format!("/colleagues/{}/picture", ids.user))
        }),
    ])
}

fn sessions() -> Vec<Probe> {
    listed(&[("sessions_end path id", |_, who, ids| {
        who.delete(&format!("/me/sessions/{}", ids.session))
    })])
}

fn second_factors() -> Vec<Probe> {
    listed(&[
        ("second_factors_distrust path id", |_, who, ids| {
            who.delete(&format!("/me/trusted-devices/{}", ids.device))
        }),
        ("second_factors_reset path id", |_, who, ids| {
            let path = format!("/users/{}/reset-second-factor", ids.user);
            who.post(&path, &reason())
        }),
    ])
}

pub(super) fn own_member(who: &Identity<'_>) -> String {
    who.get("/members?limit=1")
        .expect(200)
        .text_at("/items/0/id")
}

fn own_employer(who: &Identity<'_>) -> String {
    who.get("/organizations?limit=1")
        .expect(200)
        .text_at("/items/0/id")
}

pub(super) fn own_grievance(who: &Identity<'_>) -> String {
    who.get("/grievances?limit=1")
        .expect(200)
        .text_at("/items/0/id")
}
