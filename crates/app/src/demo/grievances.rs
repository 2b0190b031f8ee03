//! The local's grievances: what was claimed, and how each went up the ladder since.

mod ended;
mod running;

use jiff::{ToSpan, civil::Date};
use unionhall_application::grievances::{FileGrievance, RecordStep, StepOutcome};
use unionhall_domain::{
    collective_agreements::CollectiveAgreementId,
    grievances::{Action, Claim, Meeting},
    invalid::Invalid,
    members::MemberId,
    money::Amount,
    organizations::OrganizationId,
    text::{Line, Prose},
    users::UserId,
};

use super::sign_ins::SignIn;

/// A grievance: how it was filed, and everything that was done since, in order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case {
    /// How many days before today it was filed.
    pub(super) filed: i64,
    /// How many days before its filing it happened.
    happened: i64,
    /// Against whom, by name.
    pub(super) employer: &'static str,
    /// Who sits across the table for the employer.
    across: &'static str,
    article: &'static str,
    violation: &'static str,
    remedy: &'static str,
    notes: Option<&'static str>,
    /// Who represents the member.
    pub(super) carried_by: SignIn,
    pub(super) events: &'static [Event],
}

/// One thing that was done to a grievance. Meetings are so many days after its filing.
#[derive(Debug, Clone, Copy)]
pub(super) enum Event {
    Investigate,
    Hearing,
    /// A meeting that the employer ended with a no, and what was said.
    Denied(i64, &'static str),
    /// A meeting without agreement, and what was said.
    Advanced(i64, &'static str),
    /// A meeting with an agreement, and the money in it.
    Settled(i64, &'static str, Option<&'static str>),
    Advance,
    Withdraw(&'static str),
    Close(&'static str),
    Reopen(&'static str),
}

/// What a use case is to be told of an [`Event`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Command {
    Meet(RecordStep),
    Act(Action),
}

/// Every case, earliest filing first, so that numbers follow days.
pub(super) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = ended::CASES.into_iter().chain(running::CASES).collect();
    cases.sort_by_key(|case| std::cmp::Reverse(case.filed));
    cases
}

impl Case {
    /// The filing of this case, as of `today`.
    pub(super) fn filing(
        &self,
        today: Date,
        (member, employer): (MemberId, OrganizationId),
        agreement: CollectiveAgreementId,
        representative: UserId,
    ) -> Result<FileGrievance, Invalid> {
        let filed = today.saturating_sub(self.filed.days());
        Ok(FileGrievance {
            member,
            employer,
            filed_date: Some(filed),
            agreement: Some(agreement),
            claim: Claim {
                incident_date: Some(filed.saturating_sub(self.happened.days())),
                contract_article: Some(Line::parse(self.article)?),
                violation_description: Prose::parse(self.violation)?,
                remedy_sought: Some(Prose::parse(self.remedy)?),
                assigned_representative: Some(representative),
                steward: None,
                notes: self.notes.map(Prose::parse).transpose()?,
            },
        })
    }

    /// What one of its events is, for a grievance that was filed on that day.
    pub(super) fn command(&self, event: &Event, filed: Date) -> Result<Command, Invalid> {
        Ok(match *event {
            Event::Investigate => Command::Act(Action::Investigate),
            Event::Hearing => Command::Act(Action::ScheduleHearing),
            Event::Advance => Command::Act(Action::Advance),
            Event::Withdraw(reason) => Command::Act(Action::Withdraw(Prose::parse(reason)?)),
            Event::Close(reason) => Command::Act(Action::Close(Prose::parse(reason)?)),
            Event::Reopen(reason) => Command::Act(Action::Reopen(Prose::parse(reason)?)),
            Event::Denied(days, notes) => self.meeting(filed, days, notes, StepOutcome::Denied)?,
            Event::Advanced(days, notes) => {
                self.meeting(filed, days, notes, StepOutcome::Advanced)?
            }
            Event::Settled(days, agreed, amount) => {
                let outcome = StepOutcome::Settled {
                    resolution: Prose::parse(agreed)?,
                    amount: amount.map(Amount::parse).transpose()?,
                };
                self.meeting(
                    filed,
                    days,
                    "Agreement reached and signed by both sides.",
                    outcome,
                )?
            }
        })
    }

    /// Who speaks first for the employer.
    pub(super) fn across(&self) -> &'static str {
        self.across.split(',').next().unwrap_or(self.across)
    }

    fn meeting(
        &self,
        filed: Date,
        days: i64,
        notes: &str,
        outcome: StepOutcome,
    ) -> Result<Command, Invalid> {
        let SignIn {
            first_name,
            last_name,
            ..
        } = self.carried_by;
        let union = format!("{first_name} {last_name}; shop steward; grievant");
        Ok(Command::Meet(RecordStep {
            meeting: Meeting {
                date: filed.saturating_add(days.days()),
                union_attendees: Some(Prose::parse(&union)?),
                employer_attendees: Some(Prose::parse(self.across)?),
                notes: Some(Prose::parse(notes)?),
            },
            outcome,
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::date;
    use unionhall_domain::{
        grievances::{Answer, Outcome, Progress, Settlement, State, Step, check_dates},
        ids::Id,
        organizations::OrganizationType,
    };
    use uuid::Uuid;

    use super::*;
    use crate::demo::organizations;

    const TODAY: Date = date(2026, 11, 21);

    fn filing(case: &Case) -> FileGrievance {
        let id = Uuid::nil();
        case.filing(TODAY, (Id::new(id), Id::new(id)), Id::new(id), Id::new(id))
            .unwrap()
    }

    /// Where a case stands after everything that was done, by the domain's own table.
    fn progress(case: &Case) -> Progress {
        let filed = filing(case).filed_date.unwrap();
        let mut last = filed;
        let mut progress = Progress::FILED;
        for event in case.events {
            let action = match case.command(event, filed).unwrap() {
                Command::Act(action) => action,
                Command::Meet(RecordStep { meeting, outcome }) => {
                    assert_eq!(meeting.check(filed, TODAY), Ok(()));
                    assert!(last <= meeting.date, "meetings are in order: {case:?}");
                    last = meeting.date;
                    Action::RecordStep(match outcome {
                        StepOutcome::Denied => Outcome::Denied,
                        StepOutcome::Advanced => Outcome::Advanced,
                        StepOutcome::Settled { resolution, amount } => {
                            Outcome::Settled(Settlement {
                                resolution,
                                date: meeting.date,
                                amount,
                            })
                        }
                    })
                }
            };
            progress = progress.apply(action).unwrap();
        }
        progress
    }

    #[test]
    fn every_case_can_be_filed_and_moves_as_the_domain_allows() {
        let employers: Vec<_> = organizations::of_the_local()
            .unwrap()
            .into_iter()
            .filter(|found| found.org_type == OrganizationType::Employer)
            .map(|found| found.name.to_string())
            .collect();
        for case in cases() {
            let filing = filing(&case);
            let (filed, happened) = (filing.filed_date.unwrap(), filing.claim.incident_date);
            assert_eq!(check_dates(filed, happened, TODAY), Ok(()));
            assert!(
                employers.iter().any(|name| name == case.employer),
                "{}",
                case.employer
            );
            progress(&case);
        }
    }

    #[test]
    fn the_cases_stand_in_every_state_and_on_every_step() {
        let mut statuses: BTreeMap<&str, usize> = BTreeMap::new();
        let mut alive: BTreeMap<Step, usize> = BTreeMap::new();
        let mut denied = 0;
        for case in cases() {
            let progress = progress(&case);
            *statuses.entry(progress.state.as_str()).or_default() += 1;
            let over = matches!(
                progress.state,
                State::Settled(_) | State::Withdrawn(_) | State::Closed(..)
            );
            if !over {
                *alive.entry(progress.step).or_default() += 1;
                denied += usize::from(progress.answer == Answer::Denied);
            }
        }
        assert_eq!(statuses.values().sum::<usize>(), 24);
        assert!(
            State::NAMES.iter().all(|name| statuses[name] >= 2),
            "{statuses:?}"
        );
        assert!(Step::ALL.iter().all(|step| alive[step] >= 2), "{alive:?}");
        assert!(denied >= 2);
    }

    #[test]
    fn the_cases_were_filed_over_a_year_and_a_half_each_on_a_day_of_its_own() {
        let days: Vec<_> = cases().iter().map(|case| case.filed).collect();
        assert!(
            days.is_sorted_by(|earlier, later| earlier > later),
            "{days:?}"
        );
        assert!(days.first().is_some_and(|first| (500..550).contains(first)));
        assert!(days.last().is_some_and(|last| *last < 10));
    }
}
