//! The words of every mail. A mail names the case by its number and leaves the story in the hall's books,
//! because mail is read by others.

use jiff::civil::Date;
use unionhall_domain::{
    deadlines::{Warning, WarningKind},
    grievances::{Grievance, Outcome, Step, StepRecord},
    users::User,
};
use unionhall_ports::deadlines::CaseDeadline;

use crate::{core::Change, letters::Letter};

/// To the representative: a grievance was filed and is theirs.
pub(crate) fn grievance_filed(change: &Change<'_>, grievance: &Grievance, to: &User) -> Letter {
    let number = grievance.number;
    let filed = grievance.filed_date;
    mail(
        change,
        to,
        format!("Grievance {number} was filed and assigned to you"),
        format!("Grievance {number} was filed on {filed}. You are its representative."),
    )
}

/// To the representative: what came of a meeting.
pub(crate) fn step_recorded(
    change: &Change<'_>,
    grievance: &Grievance,
    step: &StepRecord,
    to: &User,
) -> Letter {
    let number = grievance.number;
    let outcome = match &step.outcome {
        Outcome::Denied if step.step == Step::Arbitration => {
            "It was denied. The union can now close it or withdraw it.".to_owned()
        }
        Outcome::Denied => "It was denied. The union can now advance it or withdraw it.".to_owned(),
        Outcome::Advanced => format!("It goes on to {}.", spoken(grievance.progress.step)),
        Outcome::Settled(_) => "It was settled.".to_owned(),
    };
    let held = match step.step {
        Step::Arbitration => "in arbitration".to_owned(),
        Step::Step1 | Step::Step2 | Step::Step3 => format!("on {}", spoken(step.step)),
    };
    let date = step.meeting.date;
    mail(
        change,
        to,
        format!("Grievance {number}: the meeting {held} is recorded"),
        format!("The meeting of {date} {held} of grievance {number} is recorded. {outcome}"),
    )
}

/// To whoever carries a grievance, or an officer: a deadline is near, or over.
pub(crate) fn deadline_warning(
    change: &Change<'_>,
    case: &CaseDeadline,
    warning: &Warning,
    to: &User,
) -> Letter {
    let number = case.number;
    let when = match warning.key.kind {
        WarningKind::SevenDays | WarningKind::ThreeDays => {
            format!("{} days left", warning.days_left)
        }
        WarningKind::OneDay => "due tomorrow".to_owned(),
        WarningKind::Today => "due today".to_owned(),
        WarningKind::Overdue => "overdue".to_owned(),
    };
    let asked = case.deadline.asked();
    let letter = mail(
        change,
        to,
        format!("Grievance {number}: {when}"),
        format!("In grievance {number} {asked}"),
    );
    match warning.key.kind {
        WarningKind::SevenDays
        | WarningKind::ThreeDays
        | WarningKind::OneDay
        | WarningKind::Today => letter,
        WarningKind::Overdue => letter.paragraph(
            "That day is over, and nobody has said what became of it. An officer says whether it was met in time, \
             missed, extended or waived; nothing follows by itself.",
        ),
    }
}

/// To whoever has a calendar feed: a deadline moved, and the calendar has not asked since.
pub(crate) fn deadline_moved(
    change: &Change<'_>,
    case: &CaseDeadline,
    from: Date,
    to: &User,
) -> Letter {
    let number = case.number;
    let due = case.deadline.due();
    let asked = case.deadline.asked();
    mail(
        change,
        to,
        format!("Grievance {number}: a deadline moved to {due}"),
        format!("A deadline moved: in grievance {number} {asked} Before, it was {from}."),
    )
    .paragraph(
        "Your calendar has not fetched your feed of deadlines since. Until it does, it shows the old day; most \
         calendars can be told to refresh.",
    )
}

/// To whoever had a calendar feed: an administrator has ended it.
pub(crate) fn feed_revoked(change: &Change<'_>, to: &User) -> Letter {
    mail(
        change,
        to,
        "Your calendar feed of deadlines was ended".to_owned(),
        "An administrator of your hall has ended your calendar feed of deadlines. Your calendar gets nothing new from \
         it, and may go on showing what it has: remove the subscription, so that you do not rely on it."
            .to_owned(),
    )
    .paragraph("You can make a new feed, and you are warned of deadlines by mail as before.")
}

const fn spoken(step: Step) -> &'static str {
    match step {
        Step::Step1 => "step 1",
        Step::Step2 => "step 2",
        Step::Step3 => "step 3",
        Step::Arbitration => "arbitration",
    }
}

fn mail(change: &Change<'_>, to: &User, subject: String, body: String) -> Letter {
    Letter::new(&to.email, subject)
        .greeting(&to.first_name)
        .of(change.call.actor.tenant())
        .paragraph(body)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use unionhall_domain::{
        grievances::{Meeting, Progress, Settlement},
        ids::Id,
        roles::Role,
        text::Prose,
    };
    use unionhall_ports::mock::MockRepositories;

    use super::*;
    use crate::{
        error::CallError,
        fixtures::{CASE, HALL, Hall, STEWARD, call, grievance, id, mailed, now, user},
    };

    /// A mail as the representative sees it.
    fn written(make: impl Fn(&Change<'_>) -> Letter) -> String {
        let hall = Hall::over(MockRepositories::default());
        let write = |change: &mut Change<'_>| {
            change.leave_unchanged();
            make(change).into_mail(change.new_id(), change.now)
        };
        let mail = hall.core.change(&call(Role::Staff), write).unwrap();
        assert_eq!((mail.tenant, mail.at), (Some(HALL), now()));
        format!(
            "To: {}\nSubject: {}\n\n{}",
            mail.to, mail.subject, mail.text
        )
    }

    fn after(held: Step, outcome: Outcome) -> String {
        let step = StepRecord {
            id: Id::new(CASE.uuid()),
            grievance: CASE,
            step: held,
            meeting: Meeting {
                date: date(2026, 11, 20),
                union_attendees: None,
                employer_attendees: None,
                notes: None,
            },
            outcome,
            created_at: now(),
        };
        let case = Grievance {
            progress: Progress {
                step: Step::Arbitration,
                ..Progress::FILED
            },
            ..grievance()
        };
        written(|change| step_recorded(change, &case, &step, &user(STEWARD)))
    }

    #[test]
    fn the_mail_about_a_filed_grievance() {
        insta::assert_snapshot!(written(|change| {
            grievance_filed(change, &grievance(), &user(STEWARD))
        }));
    }

    #[test]
    fn the_mail_about_a_meeting_that_was_denied() {
        insta::assert_snapshot!(after(Step::Step3, Outcome::Denied));
    }

    #[test]
    fn the_mail_about_a_denial_in_arbitration() {
        insta::assert_snapshot!(after(Step::Arbitration, Outcome::Denied));
    }

    #[test]
    fn the_mail_about_a_meeting_that_advanced() {
        insta::assert_snapshot!(after(Step::Step3, Outcome::Advanced));
    }

    #[test]
    fn the_mail_about_a_meeting_that_settled() {
        let settlement = Settlement {
            resolution: Prose::parse("Back pay for two weeks.").unwrap(),
            date: date(2026, 11, 20),
            amount: None,
        };
        insta::assert_snapshot!(after(Step::Step3, Outcome::Settled(settlement)));
    }

    #[test]
    fn a_mail_tells_the_number_of_a_case_and_nothing_of_its_story() {
        let mail = written(|change| grievance_filed(change, &grievance(), &user(STEWARD)));
        assert!(mail.contains("GR-2026-0001"));
        assert!(!mail.contains("Overtime"));
        assert!(!mail.contains("Voltz"));
    }

    #[test]
    fn every_mail_has_an_id_of_its_own() {
        let mut mocks = MockRepositories::default();
        let mails = mailed(&mut mocks);
        let hall = Hall::over(mocks);
        let write = |change: &mut Change<'_>| {
            change.leave_unchanged();
            for _ in 0..2 {
                change.post(grievance_filed(change, &grievance(), &user(STEWARD)))?;
            }
            Ok::<_, CallError>(())
        };
        hall.core.change(&call(Role::Staff), write).unwrap();
        let ids: Vec<_> = mails.lock().unwrap().iter().map(|mail| mail.id).collect();
        assert_eq!(ids.len(), 2);
        assert_ne!(ids[0], ids[1]);
        assert_ne!(ids[0], id::<()>(0).uuid());
    }
}
