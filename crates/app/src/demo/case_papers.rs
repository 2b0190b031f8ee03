//! The papers of some of the local's grievances: meetings, requests for information, what was settled, and who spoke
//! with the member; all invented.

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use unionhall_application::{
    Application, InformationRequestFilter, InformationRequestSort, LogSort, ObligationSort,
    StepMeetingSort,
    call::Call,
    pages::{Direction, PageRequest},
};
use unionhall_domain::{
    grievances::GrievanceId,
    information_requests::{Answers, Asked, FollowUp, InformationRequest, ItemAction, ItemAnswer},
    invalid::Invalid,
    money::Amount,
    obligations::{Obligation, ObligationMove, ObligationState, Terms},
    representation_log::{Channel, Contact, Direction as Towards, LogEntryKind},
    step_meetings::{Agenda, Attendee, MeetingState, NewStatement, Party, StepMeeting},
    text::{Line, Prose},
};

use super::DemoError;

/// A grievance with papers, known by how many days before today it was filed.
struct Papers {
    filed: i64,
    meetings: &'static [Meeting],
    requests: &'static [Request],
    obligations: &'static [Owed],
    contacts: &'static [Talk],
}

/// A meeting: in so many days, negative for one that was held.
struct Meeting {
    day: i64,
    place: &'static str,
    attendees: &'static [(Party, &'static str, &'static str)],
    statements: &'static [(Party, &'static str, &'static str)],
}

/// A request: asked so many days ago, due in so many days; what was said of items, and whether it was asked again.
struct Request {
    subject: &'static str,
    asked: i64,
    due: i64,
    items: &'static [&'static str],
    answers: &'static [(u16, ItemAction, &'static str)],
    again: Option<&'static str>,
}

/// What is owed: due in so many days, and how it is known that it was done.
struct Owed {
    what: &'static str,
    due: i64,
    amount: Option<&'static str>,
    done: Option<&'static str>,
}

/// A contact with the member, so many days ago.
struct Talk {
    ago: i64,
    channel: Channel,
    direction: Towards,
    by: &'static str,
    said: &'static str,
}

#[rustfmt::skip]
const PAPERS: [Papers; 3] = [
    Papers {
        filed: 103,
        meetings: &[
            Meeting {
                day: -6,
                place: "The employer's office at Duwamish, second floor",
                attendees: &[
                    (Party::Union, "Sam Ortiz", "representative"),
                    (Party::Union, "The grievant", "grievant"),
                    (Party::Employer, "Dale Whitcomb", "project manager"),
                    (Party::Employer, "Marguerite Sorensen", "labor relations"),
                ],
                statements: &[
                    (Party::Employer, "Dale Whitcomb", "The crew asked to drive between the plants in their own cars. Nobody was sent."),
                    (Party::Union, "Sam Ortiz", "The daily sheets of both plants carry the same names before and after noon. Work at two plants in one shift is work that the employer assigned."),
                ],
            },
            Meeting { day: 3, place: "Union hall, room 2", attendees: &[(Party::Union, "Sam Ortiz", "representative"), (Party::Employer, "Marguerite Sorensen", "labor relations")], statements: &[] },
        ],
        requests: &[Request {
            subject: "Who worked at which plant, and when",
            asked: 30,
            due: -16,
            items: &["The daily sheets of both plants for the twenty-two days.", "The gate log of the south plant.", "Any message in which the crew was told where to work after noon."],
            answers: &[(1, ItemAction::Answer, "Forty-four sheets, copied and numbered."), (2, ItemAction::AnswerInPart, "The log of the first eleven days.")],
            again: Some("The second half of the gate log and the messages are still missing."),
        }],
        obligations: &[],
        contacts: &[
            Talk { ago: 32, channel: Channel::Phone, direction: Towards::ToMember, by: "Sam Ortiz", said: "Told of the denial, and why it goes to step 2." },
            Talk { ago: 5, channel: Channel::InPerson, direction: Towards::FromMember, by: "Sam Ortiz", said: "Came by after the meeting; remembers two more members who drove." },
        ],
    },
    Papers {
        filed: 27,
        meetings: &[],
        requests: &[Request {
            subject: "The addendum on special shifts",
            asked: 9,
            due: 4,
            items: &["The signed addendum that the engineer relies on.", "The hours of the nine nights, by member."],
            answers: &[],
            again: None,
        }],
        obligations: &[],
        contacts: &[Talk { ago: 14, channel: Channel::Phone, direction: Towards::Attempted, by: "Sam Ortiz", said: "No answer; a message was left about the denial." }],
    },
    Papers {
        filed: 405,
        meetings: &[],
        requests: &[],
        obligations: &[
            Owed { what: "Three weeks of wages and contributions for each of the six.", due: -210, amount: Some("48960.00"), done: Some("Seen on the pay stubs of all six.") },
            Owed { what: "A list of every layoff, each quarter, with the order that was followed.", due: 12, amount: None, done: None },
        ],
        contacts: &[],
    },
];

/// The papers of the local, over its use cases.
pub(super) struct Desk<'a> {
    pub(super) application: &'a Application,
    /// Acts for whoever hosts the installation.
    pub(super) call: &'a Call,
    pub(super) today: Date,
}

impl Desk<'_> {
    /// Lays down what is missing of the papers of a grievance that was filed so many days ago.
    pub(super) fn lay(&self, filed: i64, grievance: GrievanceId) -> Result<(), DemoError> {
        let Some(papers) = PAPERS.iter().find(|papers| papers.filed == filed) else {
            return Ok(());
        };
        self.meetings(grievance, papers.meetings)?;
        self.requests(grievance, papers.requests)?;
        self.obligations(grievance, papers.obligations)?;
        self.contacts(grievance, papers.contacts)
    }

    fn meetings(&self, grievance: GrievanceId, wanted: &[Meeting]) -> Result<(), DemoError> {
        let use_cases = &self.application.step_meetings;
        let page = everything(StepMeetingSort::default());
        let mut there = use_cases
            .list(self.call, grievance, &page)?
            .value
            .items
            .into_iter();
        for meeting in wanted {
            let found = match there.next() {
                Some(found) => found,
                None => use_cases.plan(self.call, grievance, meeting.agenda(self.today)?)?,
            };
            if meeting.day < 0 {
                self.hold(meeting, found)?;
            }
        }
        Ok(())
    }

    /// Says that a meeting took place, and what was put forward there.
    fn hold(&self, meeting: &Meeting, found: StepMeeting) -> Result<(), DemoError> {
        let use_cases = &self.application.step_meetings;
        let id = (found.grievance, found.id);
        let (said, state) = (found.statements.len(), found.state);
        match state {
            MeetingState::Planned => drop(use_cases.hold(self.call, id, None)?),
            MeetingState::Held(_) | MeetingState::Canceled(_) => {}
        }
        for (party, made_by, text) in meeting.statements.iter().skip(said) {
            let statement = NewStatement {
                party: *party,
                made_by: Line::parse(made_by)?,
                made_at: Some(at_ten(self.today, meeting.day)),
                text: Prose::parse(text)?,
                corrects: None,
                signs: true,
            };
            use_cases.state(self.call, id, statement)?;
        }
        Ok(())
    }

    fn requests(&self, grievance: GrievanceId, wanted: &[Request]) -> Result<(), DemoError> {
        let use_cases = &self.application.information_requests;
        let page = everything(InformationRequestSort::default());
        let filter = InformationRequestFilter {
            grievance: Some(grievance),
            ..InformationRequestFilter::default()
        };
        let found = use_cases.list(self.call, filter, false, &page)?;
        let mut there = found.value.items.into_iter();
        for request in wanted {
            let found = match there.next() {
                Some(found) => found,
                None => use_cases.ask(self.call, grievance, request.asked(self.today)?)?,
            };
            self.answer(request, &found.record)?;
        }
        Ok(())
    }

    /// Writes down what became of a request, unless something is.
    fn answer(&self, request: &Request, found: &InformationRequest) -> Result<(), DemoError> {
        let use_cases = &self.application.information_requests;
        let id = (found.grievance, found.id);
        if found.entries.is_empty() && !request.answers.is_empty() {
            use_cases.answer(self.call, id, request.answers(self.today)?)?;
        }
        if let Some(again) = request.again
            && found.entries.len() <= request.answers.len()
        {
            let follow_up = FollowUp {
                on: Some(day(self.today, -3)),
                text: Prose::parse(again)?,
                due_on: None,
            };
            use_cases.follow_up(self.call, id, follow_up)?;
        }
        Ok(())
    }

    fn obligations(&self, grievance: GrievanceId, wanted: &[Owed]) -> Result<(), DemoError> {
        let use_cases = &self.application.obligations;
        let page = everything(ObligationSort::default());
        let found = use_cases.list_of_grievance(self.call, grievance, &page)?;
        // By their last days, as they are written down here.
        let mut there = found.value.items.into_iter();
        for owed in wanted {
            let found = match there.next() {
                Some(found) => found,
                None => use_cases.add(self.call, grievance, owed.terms(self.today)?)?,
            };
            self.fulfill(owed, &found.record)?;
        }
        Ok(())
    }

    fn fulfill(&self, owed: &Owed, found: &Obligation) -> Result<(), DemoError> {
        let Some(done) = owed.done else { return Ok(()) };
        match found.state {
            ObligationState::Open => {
                let (on, words) = (day(self.today, owed.due), Prose::parse(done)?);
                let said = ObligationMove::Fulfill(Some(on), Some(words));
                let id = (found.grievance, found.id);
                self.application.obligations.act(self.call, id, said)?;
                Ok(())
            }
            ObligationState::Fulfilled(..)
            | ObligationState::Breached(..)
            | ObligationState::Waived(..) => Ok(()),
        }
    }

    fn contacts(&self, grievance: GrievanceId, wanted: &[Talk]) -> Result<(), DemoError> {
        let use_cases = &self.application.representation;
        let page = everything(LogSort::default());
        let kind = Some(LogEntryKind::Contact);
        let there = use_cases.list(self.call, grievance, kind, &page)?;
        for talk in wanted.iter().skip(there.value.items.len()) {
            let contact = talk.contact(self.today)?;
            use_cases.contact(self.call, grievance, contact, None)?;
        }
        Ok(())
    }
}

impl Meeting {
    fn agenda(&self, today: Date) -> Result<Agenda, Invalid> {
        let attendee = |(party, name, role): &(Party, &str, &str)| {
            Ok(Attendee {
                party: *party,
                name: Line::parse(name)?,
                role: Some(Line::parse(role)?),
                user: None,
            })
        };
        Ok(Agenda {
            starts_at: at_ten(today, self.day),
            place: Some(Line::parse(self.place)?),
            notes: None,
            record: None,
            attendees: self
                .attendees
                .iter()
                .map(attendee)
                .collect::<Result<_, Invalid>>()?,
        })
    }
}

impl Request {
    fn asked(&self, today: Date) -> Result<Asked, Invalid> {
        Ok(Asked {
            subject: Line::parse(self.subject)?,
            relevance: Some(Prose::parse(
                "Needed to find out what happened, and what is owed for it.",
            )?),
            asked_of: None,
            asked_on: day(today, -self.asked),
            due_on: day(today, self.due),
            items: self
                .items
                .iter()
                .map(|wanted| Prose::parse(wanted))
                .collect::<Result<_, _>>()?,
        })
    }

    fn answers(&self, today: Date) -> Result<Answers, Invalid> {
        let answer = |(item, action, text): &(u16, ItemAction, &str)| {
            Ok(ItemAnswer {
                item: *item,
                action: *action,
                text: Prose::parse(text)?,
            })
        };
        Ok(Answers {
            on: Some(day(today, self.due)),
            items: self
                .answers
                .iter()
                .map(answer)
                .collect::<Result<_, Invalid>>()?,
        })
    }
}

impl Owed {
    fn terms(&self, today: Date) -> Result<Terms, Invalid> {
        Ok(Terms {
            what: Prose::parse(self.what)?,
            owed_by: Party::Employer,
            owed_to: None,
            due_on: day(today, self.due),
            amount: self.amount.map(Amount::parse).transpose()?,
        })
    }
}

impl Talk {
    fn contact(&self, today: Date) -> Result<Contact, Invalid> {
        Ok(Contact {
            at: at_ten(today, -self.ago),
            channel: self.channel,
            direction: self.direction,
            by: Line::parse(self.by)?,
            said: Prose::parse(self.said)?,
            sent: None,
        })
    }
}

/// The day in so many days.
fn day(today: Date, days: i64) -> Date {
    today.saturating_add(days.days())
}

/// Ten in the morning on the west coast, on the day in so many days.
fn at_ten(today: Date, days: i64) -> Timestamp {
    let at = day(today, days).at(18, 0, 0, 0).to_zoned(TimeZone::UTC);
    at.map_or(Timestamp::UNIX_EPOCH, |at| at.timestamp())
}

/// The first hundred: more than the demo has.
const fn everything<S>(sort: S) -> PageRequest<S> {
    PageRequest {
        limit: 100,
        after: None,
        sort,
        direction: Direction::Ascending,
        with_total: false,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::demo::grievances::cases;

    const TODAY: Date = date(2026, 11, 21);

    #[test]
    fn every_paper_is_of_a_case_of_the_demo_and_can_be_laid_down() {
        let filed: Vec<_> = cases().iter().map(|case| case.filed).collect();
        for papers in &PAPERS {
            assert!(filed.contains(&papers.filed), "{}", papers.filed);
            for meeting in papers.meetings {
                meeting.agenda(TODAY).unwrap();
                assert!(meeting.day > 0 || !meeting.statements.is_empty());
            }
            for request in papers.requests {
                let asked = request.asked(TODAY).unwrap();
                assert_eq!(asked.check(TODAY), Ok(()));
                let answers = request.answers(TODAY).unwrap();
                let items = answers.items.iter().map(|answer| usize::from(answer.item));
                assert!(items.max().unwrap_or_default() <= asked.items.len());
            }
            for owed in papers.obligations {
                owed.terms(TODAY).unwrap();
            }
            for talk in papers.contacts {
                assert!(talk.contact(TODAY).unwrap().at < at_ten(TODAY, 0));
            }
        }
    }

    #[test]
    fn an_answer_is_overdue_something_is_owed_and_something_comes_this_week() {
        let requests = || PAPERS.iter().flat_map(|papers| papers.requests);
        let missing =
            |request: &&Request| request.due < 0 && request.answers.len() < request.items.len();
        assert_eq!(requests().filter(missing).count(), 1);
        assert!(requests().any(|request| (0..7).contains(&request.due)));
        let mut owed = PAPERS.iter().flat_map(|papers| papers.obligations);
        assert!(owed.any(|owed| owed.done.is_none()));
        let mut meetings = PAPERS.iter().flat_map(|papers| papers.meetings);
        assert!(meetings.any(|meeting| (0..7).contains(&meeting.day)));
    }
}
