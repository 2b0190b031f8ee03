//! What happened on the way of a grievance: it starts deadlines, and shows that others were met.

use jiff::civil::Date;

use super::{Deadline, DeadlineState, Service, Trigger};
use crate::{
    collective_agreements::{Duty, EventKind, RuleSet, StepRule},
    grievances::{Action, Grievance, Outcome, Progress, Step, StepRecord},
    holidays::CalendarYear,
    invalid::{FieldError, Invalid},
};

/// Something that happened on a step of a grievance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Happening {
    /// On which step; for an advance the step that the grievance came to.
    pub step: Step,
    /// What, when, and how it reached the other side.
    pub trigger: Trigger,
}

impl Happening {
    /// Something that happened on a day, by hand or electronically.
    pub const fn on(step: Step, kind: EventKind, date: Date) -> Self {
        Self {
            step,
            trigger: Trigger {
                kind,
                date,
                service: Service::Direct,
            },
        }
    }

    /// What happened when a grievance was filed, wherever it stands by now: what it is about came first.
    pub fn of_filing(grievance: &Grievance) -> Vec<Self> {
        let step = Progress::FILED.step;
        let incident = grievance.claim.incident_date;
        let incident = incident.map(|day| Self::on(step, EventKind::Incident, day));
        let filed = Self::on(step, EventKind::Filed, grievance.filed_date);
        incident.into_iter().chain([filed]).collect()
    }

    /// What happened to a grievance as far as its record says: its filing, and its meetings with their outcomes, earliest
    /// first. A step that was taken without a meeting left no day.
    pub fn of_record(grievance: &Grievance, steps: &[StepRecord]) -> Vec<Self> {
        let mut happened = Self::of_filing(grievance);
        for record in steps {
            let after = match record.outcome {
                Outcome::Advanced => record.step.above(),
                Outcome::Denied | Outcome::Settled(_) => record.step,
            };
            let action = Action::RecordStep(record.outcome.clone());
            happened.extend(Self::of_move(
                &action,
                record.step,
                after,
                record.meeting.date,
            ));
        }
        happened
    }

    /// What happens when a grievance is moved on a day; `before` and `after` are its steps. An answer that is given in
    /// a meeting is given there; one that came by mail is recorded by itself.
    pub fn of_move(action: &Action, before: Step, after: Step, day: Date) -> Vec<Self> {
        let held = Self::on(before, EventKind::MeetingHeld, day);
        match action {
            Action::RecordStep(Outcome::Denied) => {
                vec![held, Self::on(before, EventKind::Answered, day)]
            }
            Action::RecordStep(Outcome::Advanced) => {
                let mut happened = vec![held];
                happened.extend(Self::of_advance(after, day));
                happened
            }
            Action::RecordStep(Outcome::Settled(settlement)) => {
                let settled = Self::on(before, EventKind::Settled, settlement.date);
                vec![held, settled]
            }
            Action::Advance => Self::of_advance(after, day),
            Action::Investigate
            | Action::ScheduleHearing
            | Action::Withdraw(_)
            | Action::Close(_)
            | Action::Reopen(_) => Vec::new(),
        }
    }

    fn of_advance(to: Step, day: Date) -> Vec<Self> {
        let advanced = Self::on(to, EventKind::Advanced, day);
        match to {
            Step::Arbitration => {
                vec![advanced, Self::on(to, EventKind::ArbitrationDemanded, day)]
            }
            Step::Step1 | Step::Step2 | Step::Step3 => vec![advanced],
        }
    }

    /// Checks the day against the tenant's `today`.
    ///
    /// # Errors
    /// `in_the_future` or `outside_the_years` of `happened_on`.
    pub fn check(&self, today: Date) -> Result<(), Vec<FieldError>> {
        if self.trigger.date > today {
            let invalid = Invalid::new("in_the_future", "must not be in the future");
            Err(vec![invalid.at("happened_on")])
        } else {
            countable(self.trigger.date).map_err(|invalid| vec![invalid.at("happened_on")])
        }
    }

    /// Checks whether this could have happened to a grievance as it stands: what one side does in the course of it
    /// comes after its filing, and when it has ended, nothing is left to do but what was settled.
    ///
    /// # Errors
    /// `before_the_filing` of `happened_on`, or `has_ended` of `kind`.
    pub fn check_course(
        &self,
        filed_date: Date,
        progress: &Progress,
    ) -> Result<(), Vec<FieldError>> {
        let kind = self.trigger.kind;
        let before = match kind {
            // What it is about came before it, and so can the question whether there is a case.
            EventKind::Incident
            | EventKind::Knowledge
            | EventKind::InformationRequested
            | EventKind::InformationProvided => false,
            EventKind::Filed
            | EventKind::MeetingHeld
            | EventKind::Answered
            | EventKind::AnswerDue
            | EventKind::Advanced
            | EventKind::ArbitrationDemanded
            | EventKind::PanelReceived
            | EventKind::ArbitratorSelected
            | EventKind::Settled
            | EventKind::SettlementFulfilled => self.trigger.date < filed_date,
        };
        let mut errors = Vec::new();
        if before {
            let detail = "must not be before the day of filing";
            errors.push(Invalid::new("before_the_filing", detail).at("happened_on"));
        }
        if progress.has_ended() && kind != EventKind::SettlementFulfilled {
            let detail = "is nothing that happens to a grievance that has ended";
            errors.push(Invalid::new("has_ended", detail).at("kind"));
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors)
        }
    }

    /// Whether no filing and no move of a grievance brings this about, so that somebody has recorded it.
    pub const fn is_by_hand_alone(&self) -> bool {
        match self.trigger.kind {
            EventKind::Knowledge
            | EventKind::PanelReceived
            | EventKind::ArbitratorSelected
            | EventKind::InformationRequested
            | EventKind::InformationProvided
            | EventKind::SettlementFulfilled => true,
            EventKind::Incident
            | EventKind::Filed
            | EventKind::MeetingHeld
            | EventKind::Answered
            | EventKind::AnswerDue
            | EventKind::Advanced
            | EventKind::ArbitrationDemanded
            | EventKind::Settled => false,
        }
    }

    /// Whether this is what a deadline asks for: the act of its duty, on its step or, for what leaves the step, on one
    /// above it.
    pub fn meets(&self, deadline: &Deadline) -> bool {
        let key = deadline.derivation.basis.rule.key;
        let kind = self.trigger.kind;
        let place = match key.duty {
            Duty::Advance | Duty::DemandArbitration => key.step <= self.step,
            Duty::File
            | Duty::Meet
            | Duty::Answer
            | Duty::SelectArbitrator
            | Duty::ProvideInformation
            | Duty::FulfillSettlement => key.step == self.step,
        };
        // Whoever demands arbitration goes on to the next step too, whatever the agreement calls it.
        let act = key.duty.done_by() == kind
            || (key.duty == Duty::Advance && kind == EventKind::ArbitrationDemanded);
        place && act
    }

    /// The rules whose periods begin with this, save those by which a deadline runs already: an event that comes
    /// again does not give a side new time.
    pub fn starts<'a>(&self, rules: &'a RuleSet, running: &[Deadline]) -> Vec<&'a StepRule> {
        let runs = |rule: &StepRule| {
            running
                .iter()
                .any(|deadline| deadline.runs() && deadline.derivation.basis.rule.key == rule.key)
        };
        rules
            .started_by(self.step, self.trigger.kind)
            .filter(|rule| !runs(rule))
            .collect()
    }
}

/// Checks that days are counted in the year of a day: there are calendars for some centuries.
///
/// # Errors
/// `outside_the_years`.
pub fn countable(day: Date) -> Result<(), Invalid> {
    CalendarYear::new(day.year()).map(drop)
}

impl Deadline {
    /// Whether it is counted from this event.
    pub fn began_with(&self, happening: &Happening) -> bool {
        let step = self.derivation.basis.rule.key.step;
        step == happening.step && self.derivation.trigger == happening.trigger
    }

    /// Whether it runs: nobody has said what became of it.
    pub const fn runs(&self) -> bool {
        match self.state {
            DeadlineState::Open => true,
            DeadlineState::Met { .. }
            | DeadlineState::Missed { .. }
            | DeadlineState::Waived(_)
            | DeadlineState::Lapsed { .. } => false,
        }
    }

    /// Whether it runs though its grievance has left the step or ended; a settlement is still to be fulfilled.
    pub fn is_behind(&self, progress: &Progress) -> bool {
        let key = self.derivation.basis.rule.key;
        self.runs()
            && key.duty != Duty::FulfillSettlement
            && (progress.has_ended() || key.step < progress.step)
    }

    /// Whether a correction that touched it leaves it without a purpose: it is [behind](Self::is_behind), and, if the
    /// grievance goes on, not overdue. What is, stays for somebody to decide on, as when the grievance left the step.
    pub fn is_done_with(&self, progress: &Progress, today: Date) -> bool {
        self.is_behind(progress) && (progress.has_ended() || !self.overdue(today))
    }

    /// Whether a move of its grievance leaves it without a purpose: the grievance ended, or left the step. What is
    /// overdue then stays for somebody to decide on, and a settlement is still to be fulfilled.
    pub fn loses_its_purpose(&self, action: &Action, after: Step, today: Date) -> bool {
        let key = self.derivation.basis.rule.key;
        let outlives = key.duty == Duty::FulfillSettlement;
        self.runs()
            && !outlives
            && match action {
                Action::Withdraw(_)
                | Action::Close(_)
                | Action::RecordStep(Outcome::Settled(_)) => true,
                Action::Advance | Action::RecordStep(Outcome::Advanced) => {
                    key.step < after && !self.overdue(today)
                }
                Action::Investigate
                | Action::ScheduleHearing
                | Action::RecordStep(Outcome::Denied)
                | Action::Reopen(_) => false,
            }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{
        deadlines::samples::{deadline, period, rule, rules},
        grievances::State,
        text::Prose,
    };

    const DAY: Date = date(2026, 11, 17);

    #[test]
    fn the_acts_of_a_duty_meet_it_on_its_step_alone() {
        // The employer's answer on the first step.
        let deadline = deadline(1);
        let meets = |step, kind| Happening::on(step, kind, DAY).meets(&deadline);
        assert!(meets(Step::Step1, EventKind::Answered));
        assert!(!meets(Step::Step2, EventKind::Answered));
        assert!(!meets(Step::Step1, EventKind::MeetingHeld));
    }

    #[test]
    fn going_on_meets_what_asked_for_it_on_the_steps_below() {
        let mut deadline = deadline(1);
        deadline.derivation.basis.rule.key.duty = Duty::Advance;
        let meets = |step, kind| Happening::on(step, kind, DAY).meets(&deadline);
        assert!(meets(Step::Step2, EventKind::Advanced));
        assert!(meets(Step::Arbitration, EventKind::ArbitrationDemanded));
        deadline.derivation.basis.rule.key.step = Step::Step3;
        let early = Happening::on(Step::Step2, EventKind::Advanced, DAY);
        assert!(!early.meets(&deadline));
    }

    #[test]
    fn an_event_that_comes_again_starts_nothing_while_its_deadline_runs() {
        let set = rules(1, rule(period()));
        let filed = Happening::on(Step::Step1, EventKind::Filed, DAY);
        assert_eq!(filed.starts(&set, &[]).len(), 1);
        assert!(filed.starts(&set, &[deadline(1)]).is_empty());
        let lapsed = Deadline {
            state: DeadlineState::Lapsed { on: DAY },
            ..deadline(1)
        };
        assert_eq!(filed.starts(&set, &[lapsed]).len(), 1);
        let elsewhere = Happening::on(Step::Step2, EventKind::Filed, DAY);
        assert!(elsewhere.starts(&set, &[]).is_empty());
    }

    #[test]
    fn what_ran_when_a_grievance_ends_or_leaves_the_step_has_no_purpose_unless_it_is_overdue() {
        let deadline = deadline(1);
        let reason = || Prose::parse("The member asked for it.").unwrap();
        let lost = |action: &Action, after, today| deadline.loses_its_purpose(action, after, today);
        assert!(lost(&Action::Withdraw(reason()), Step::Step1, DAY));
        assert!(lost(&Action::Advance, Step::Step2, DAY));
        assert!(!lost(&Action::Advance, Step::Step2, date(2026, 11, 18)));
        assert!(!lost(&Action::Investigate, Step::Step1, DAY));
        let mut settled = deadline.clone();
        settled.derivation.basis.rule.key.duty = Duty::FulfillSettlement;
        assert!(!settled.loses_its_purpose(&Action::Close(reason()), Step::Step1, DAY));
    }

    #[test]
    fn nothing_happens_in_the_future() {
        let tomorrow = Happening::on(Step::Step1, EventKind::PanelReceived, DAY);
        assert_eq!(tomorrow.check(DAY), Ok(()));
        let errors = tomorrow.check(date(2026, 11, 16)).unwrap_err();
        assert_eq!(errors[0].invalid.code, "in_the_future");
    }

    #[test]
    fn nothing_is_counted_from_a_day_of_a_year_without_a_calendar() {
        let old = Happening::on(Step::Step1, EventKind::Knowledge, date(1977, 12, 31));
        let errors = old.check(DAY).unwrap_err();
        assert_eq!(errors[0].invalid.code, "outside_the_years");
        let first = Happening::on(Step::Step1, EventKind::Knowledge, date(1978, 1, 1));
        assert_eq!(first.check(DAY), Ok(()));
    }

    #[test]
    fn what_a_side_does_comes_after_the_filing_and_before_the_end() {
        let filed = date(2026, 11, 9);
        let codes = |kind, day, state: &State| -> Vec<_> {
            let progress = Progress {
                state: state.clone(),
                ..Progress::FILED
            };
            let errors = Happening::on(Step::Step1, kind, day).check_course(filed, &progress);
            let errors = errors.err().unwrap_or_default();
            errors.iter().map(|error| error.invalid.code).collect()
        };
        let early = date(2026, 11, 8);
        assert_eq!(codes(EventKind::Answered, filed, &State::Open), [""; 0]);
        assert_eq!(
            codes(EventKind::Answered, early, &State::Open),
            ["before_the_filing"]
        );
        for kind in [EventKind::Knowledge, EventKind::InformationRequested] {
            assert_eq!(codes(kind, early, &State::Hearing), [""; 0]);
        }
        let reason = || Prose::parse("The member asked for it.").unwrap();
        let withdrawn = State::Withdrawn(reason());
        assert_eq!(codes(EventKind::Answered, DAY, &withdrawn), ["has_ended"]);
        assert_eq!(
            codes(EventKind::Answered, early, &State::Closed(reason(), None)),
            ["before_the_filing", "has_ended"]
        );
        let fulfilled = EventKind::SettlementFulfilled;
        assert_eq!(codes(fulfilled, DAY, &withdrawn), [""; 0]);
    }

    #[test]
    fn a_deadline_knows_the_event_it_is_counted_from() {
        let running = deadline(1);
        let trigger = running.derivation.trigger;
        let begun = Happening {
            step: Step::Step1,
            trigger,
        };
        assert!(running.began_with(&begun));
        let elsewhere = Happening {
            step: Step::Step2,
            ..begun
        };
        assert!(!running.began_with(&elsewhere));
    }

    #[test]
    fn what_a_correction_leaves_on_a_step_below_lapses_unless_it_is_overdue() {
        let on = |state: State| Progress {
            step: Step::Step2,
            state,
            ..Progress::FILED
        };
        let (deadline, late) = (deadline(1), date(2026, 11, 18));
        let open = on(State::Open);
        assert!(deadline.is_behind(&open) && deadline.is_done_with(&open, DAY));
        assert!(!deadline.is_done_with(&open, late));
        assert!(!deadline.is_done_with(&Progress::FILED, DAY));
        let withdrawn = on(State::Withdrawn(Prose::parse("It was asked for.").unwrap()));
        assert!(deadline.is_done_with(&withdrawn, late));
    }

    #[test]
    fn an_advance_to_arbitration_is_the_demand_for_it() {
        let kinds = |action, before, after| {
            let happened = Happening::of_move(&action, before, after, DAY);
            let told = |happening: &Happening| {
                let kind = happening.trigger.kind;
                format!("{} {}", happening.step.as_str(), kind.as_str())
            };
            happened.iter().map(told).collect::<Vec<_>>()
        };
        assert_eq!(
            kinds(Action::Advance, Step::Step3, Step::Arbitration),
            ["arbitration advanced", "arbitration arbitration_demanded"]
        );
        let denied = Action::RecordStep(Outcome::Denied);
        assert_eq!(
            kinds(denied, Step::Step1, Step::Step1),
            ["step_1 meeting_held", "step_1 answered"]
        );
        let advanced = Action::RecordStep(Outcome::Advanced);
        assert_eq!(
            kinds(advanced, Step::Step1, Step::Step2),
            ["step_1 meeting_held", "step_2 advanced"]
        );
    }
}
