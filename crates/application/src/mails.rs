//! The words of every mail. A mail names the case by its number and leaves the story in the hall's books,
//! because mail is read by others.

use unionhall_domain::{
    grievances::{Grievance, Outcome, Step, StepRecord},
    users::User,
};
use unionhall_ports::outbox::OutboxMail;

use crate::core::Change;

/// To the representative: a grievance was filed and is theirs.
pub(crate) fn grievance_filed(change: &Change<'_>, grievance: &Grievance, to: &User) -> OutboxMail {
    let number = grievance.number;
    let filed = grievance.filed_date;
    mail(
        change,
        to,
        format!("Grievance {number} was filed and assigned to you"),
        &format!("Grievance {number} was filed on {filed}. You are its representative."),
    )
}

/// To the representative: what came of a meeting.
pub(crate) fn step_recorded(
    change: &Change<'_>,
    grievance: &Grievance,
    step: &StepRecord,
    to: &User,
) -> OutboxMail {
    let number = grievance.number;
    let outcome = match &step.outcome {
        Outcome::Denied => "It was denied. The union can now advance it or withdraw it.".to_owned(),
        Outcome::Advanced => format!("It goes on to {}.", spoken(grievance.progress.step)),
        Outcome::Settled(_) => "It was settled.".to_owned(),
    };
    let held = spoken(step.step);
    let date = step.meeting.date;
    mail(
        change,
        to,
        format!("Grievance {number}: the meeting on {held} is recorded"),
        &format!("The meeting of {date} on {held} of grievance {number} is recorded. {outcome}"),
    )
}

const fn spoken(step: Step) -> &'static str {
    match step {
        Step::Step1 => "step 1",
        Step::Step2 => "step 2",
        Step::Step3 => "step 3",
        Step::Arbitration => "arbitration",
    }
}

fn mail(change: &Change<'_>, to: &User, subject: String, body: &str) -> OutboxMail {
    let tenant = change.call.actor.tenant();
    OutboxMail {
        id: change.new_id(),
        tenant: tenant.id,
        to: to.email.clone(),
        subject,
        text: format!("Hello {},\n\n{body}\n\n{}\n", to.first_name, tenant.name),
        at: change.now,
    }
}
