//! What taking back an event may touch: the deadlines that it began, those that it met, and what it kept from beginning
//! and meeting others. Whatever somebody has said of any other deadline stays said.

use jiff::Timestamp;
use uuid::Uuid;

use super::{Deadline, DeadlineState, Happening};
use crate::collective_agreements::CollectiveAgreementId;

/// Something that happened, as it is on record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// The id of its record.
    pub id: Uuid,
    /// When it was recorded.
    pub at: Timestamp,
    /// What happened.
    pub happening: Happening,
}

impl Occurrence {
    /// Whether it came on record after another one; of two of one instant the ids decide, which grow with time.
    fn came_after(&self, other: &Self) -> bool {
        (self.at, self.id) > (other.at, other.id)
    }
}

/// What shows that a deadline was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Witness {
    /// Somebody said so of the deadline itself.
    Word,
    /// The event on record with this id.
    Event(Uuid),
    /// That was not kept then: either of the two.
    Unrecorded,
}

/// What becomes of a deadline when an event is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Correction {
    /// It ran because of the event alone, and has no purpose any more.
    Lapse,
    /// The event had met it: it runs again.
    Reopen,
    /// The event had met it, and what it ran because of does not count any more either.
    Void,
}

/// An event that is taken back, and what is on record beside it.
#[derive(Debug, Clone, Copy)]
pub struct TakenBack<'a> {
    /// The event.
    pub wrong: &'a Occurrence,
    /// What was taken back before.
    pub gone: &'a [Occurrence],
    /// What is left, in the order in which it happened.
    pub left: &'a [Occurrence],
    /// The agreement that the grievance is under.
    pub under: CollectiveAgreementId,
}

impl TakenBack<'_> {
    /// What becomes of one of the grievance's deadlines; nothing of those that the event neither began nor met.
    pub fn correction(&self, deadline: &Deadline, all: &[Deadline]) -> Option<Correction> {
        if deadline.runs() {
            let alone = deadline.began_with(&self.wrong.happening) && !self.stands(deadline);
            return alone.then_some(Correction::Lapse);
        }
        let met = deadline.was_met_by(self.wrong);
        let grounded = deadline.has_ground(self.under, self.left, all);
        met.then_some(if grounded {
            Correction::Reopen
        } else {
            Correction::Void
        })
    }

    /// Of what is left, what a deadline that runs again is asked of: what came on record when the event had met it, and
    /// what was known when it was made. Of anything between it was asked when that was recorded, and whatever became of
    /// that, somebody has said.
    pub fn asked_again(&self, deadline: &Deadline) -> Vec<Occurrence> {
        let asked =
            |event: &&Occurrence| event.came_after(self.wrong) || event.at <= deadline.created_at;
        self.left.iter().filter(asked).copied().collect()
    }

    /// Whether a deadline that is gone by a correction kept an event that is left from beginning one by the same rule:
    /// the event came on record while that deadline ran. `before` is the deadline as it was.
    pub fn was_kept_by(&self, event: &Occurrence, before: &Deadline) -> bool {
        let key = before.derivation.basis.rule.key;
        let happening = &event.happening;
        if happening.step != key.step || happening.trigger.kind != key.after {
            return false;
        }
        let began = |event: &&Occurrence| before.began_with(&event.happening);
        let gone = self.gone.iter().chain([self.wrong]).filter(began);
        let Some(origin) = gone.min_by_key(|event| (event.at, event.id)) else {
            return false;
        };
        event.came_after(origin) && (before.runs() || self.wrong.came_after(event))
    }

    /// Whether it would run without the event too, because another one says the same. Where the event began it when it
    /// was recorded, one that was known before has had its own deadline, and somebody has said what became of that.
    fn stands(&self, deadline: &Deadline) -> bool {
        let begun_by_it = deadline.created_at == self.wrong.at;
        let mut left = self.left.iter();
        left.any(|event| {
            deadline.began_with(&event.happening) && (!begun_by_it || event.came_after(self.wrong))
        })
    }
}

impl Deadline {
    /// Whether it counts as met because of this event. One that was met before that was kept says so by its day.
    pub fn was_met_by(&self, event: &Occurrence) -> bool {
        match self.state {
            DeadlineState::Met { on, witness, .. } => match witness {
                Witness::Word => false,
                Witness::Event(id) => id == event.id,
                Witness::Unrecorded => {
                    on == event.happening.trigger.date && event.happening.meets(self)
                }
            },
            DeadlineState::Open
            | DeadlineState::Missed { .. }
            | DeadlineState::Waived(_)
            | DeadlineState::Lapsed { .. } => false,
        }
    }

    /// Whether there is a reason for it to run again: it is by the agreement that the grievance is under, what it is
    /// counted from still counts, no later deadline took its place, and no other runs for the same thing.
    pub fn has_ground(
        &self,
        under: CollectiveAgreementId,
        left: &[Occurrence],
        all: &[Self],
    ) -> bool {
        let mut left = left.iter();
        self.agreement() == under
            && left.any(|event| self.began_with(&event.happening))
            && !all.iter().any(|other| other.replaces(self))
            && !self.runs_already(all)
    }

    /// Whether another of the grievance's deadlines runs for the same thing: for the same duty after the same event, by
    /// whichever agreement or version of its rules. Nobody owes one thing by two days.
    pub fn runs_already(&self, all: &[Self]) -> bool {
        let mut others = all.iter().filter(|other| other.id != self.id);
        others.any(|other| other.runs() && other.is_of_one_thing_with(self))
    }

    fn replaces(&self, other: &Self) -> bool {
        self.is_of_one_thing_with(other) && self.created_at > other.created_at
    }

    fn is_of_one_thing_with(&self, other: &Self) -> bool {
        self.derivation.basis.rule.key == other.derivation.basis.rule.key
            && self.derivation.trigger == other.derivation.trigger
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::*;
    use crate::{
        collective_agreements::EventKind, deadlines::samples::deadline, grievances::Step, ids::Id,
    };

    const FILED: Date = date(2026, 11, 2);
    const DAY: Date = date(2026, 11, 16);

    /// What was recorded so many seconds after the deadlines of these tests were made.
    fn event(second: i64, kind: EventKind, day: Date) -> Occurrence {
        Occurrence {
            id: Uuid::from_u128(u128::from(second.unsigned_abs())),
            at: Timestamp::from_second(second).unwrap(),
            happening: Happening::on(Step::Step1, kind, day),
        }
    }

    fn met(witness: Witness) -> Deadline {
        Deadline {
            state: DeadlineState::Met {
                on: DAY,
                by: EventKind::Answered,
                witness,
            },
            ..deadline(1)
        }
    }

    fn taken_back<'a>(wrong: &'a Occurrence, left: &'a [Occurrence]) -> TakenBack<'a> {
        TakenBack {
            wrong,
            gone: &[],
            left,
            under: deadline(1).agreement(),
        }
    }

    #[test]
    fn what_was_met_by_word_is_not_met_by_an_event_of_that_day() {
        let answered = event(9, EventKind::Answered, DAY);
        assert!(met(Witness::Event(answered.id)).was_met_by(&answered));
        assert!(met(Witness::Unrecorded).was_met_by(&answered));
        assert!(!met(Witness::Word).was_met_by(&answered));
        assert!(!met(Witness::Event(Uuid::nil())).was_met_by(&answered));
        assert!(!deadline(1).was_met_by(&answered));
        let other = event(9, EventKind::Answered, FILED);
        assert!(!met(Witness::Unrecorded).was_met_by(&other));
    }

    #[test]
    fn nothing_becomes_of_a_deadline_that_the_event_neither_began_nor_met() {
        let filed = event(0, EventKind::Filed, FILED);
        let left = [filed, event(3, EventKind::Answered, FILED)];
        let states = [
            DeadlineState::Open,
            met(Witness::Word).state,
            met(Witness::Event(left[1].id)).state,
            DeadlineState::Lapsed { on: DAY },
        ];
        for kind in EventKind::ALL {
            let wrong = event(9, kind, DAY);
            for state in &states {
                let deadline = Deadline {
                    state: state.clone(),
                    ..deadline(1)
                };
                let all = [deadline.clone()];
                let taken = taken_back(&wrong, &left);
                assert_eq!(
                    taken.correction(&deadline, &all),
                    None,
                    "{kind:?} {state:?}"
                );
            }
        }
    }

    #[test]
    fn what_ran_because_of_the_event_alone_lapses_and_what_it_met_runs_again() {
        let filed = event(0, EventKind::Filed, FILED);
        let answered = event(9, EventKind::Answered, DAY);
        let deadline = deadline(1);
        let of = |deadline: &Deadline, wrong, left: &[_]| {
            taken_back(wrong, left).correction(deadline, std::slice::from_ref(deadline))
        };
        assert_eq!(of(&deadline, &filed, &[]), Some(Correction::Lapse));
        let twin = event(5, EventKind::Filed, FILED);
        assert_eq!(of(&deadline, &filed, &[twin]), None);
        let met = met(Witness::Event(answered.id));
        assert_eq!(of(&met, &answered, &[filed]), Some(Correction::Reopen));
        assert_eq!(of(&met, &filed, &[answered]), None);
    }

    #[test]
    fn what_an_event_met_does_not_run_again_when_its_own_event_or_agreement_counts_no_more() {
        let filed = event(0, EventKind::Filed, FILED);
        let answered = event(9, EventKind::Answered, DAY);
        let met = met(Witness::Event(answered.id));
        let all = [met.clone()];
        let orphan = taken_back(&answered, &[]);
        assert_eq!(orphan.correction(&met, &all), Some(Correction::Void));
        let left = [filed];
        let elsewhere = TakenBack {
            under: Id::new(Uuid::from_u128(47)),
            ..taken_back(&answered, &left)
        };
        assert_eq!(elsewhere.correction(&met, &all), Some(Correction::Void));
        let later = Deadline {
            created_at: Timestamp::from_second(5).unwrap(),
            ..deadline(2)
        };
        let taken = taken_back(&answered, &left);
        let correction = taken.correction(&met, &[met.clone(), later]);
        assert_eq!(correction, Some(Correction::Void));
    }

    #[test]
    fn what_an_event_began_anew_lapses_though_an_earlier_one_says_the_same() {
        let first = event(5, EventKind::Filed, FILED);
        let again = event(9, EventKind::Filed, FILED);
        let begun = Deadline {
            created_at: again.at,
            ..deadline(2)
        };
        let of = |wrong, left: &[_]| {
            taken_back(wrong, left).correction(&begun, std::slice::from_ref(&begun))
        };
        assert_eq!(of(&again, &[first]), Some(Correction::Lapse));
        let later = event(12, EventKind::Filed, FILED);
        assert_eq!(of(&again, &[first, later]), None);
        // Counted anew since, it runs because of either.
        assert_eq!(of(&first, &[again]), None);
    }

    #[test]
    fn what_an_event_met_does_not_run_again_beside_another_that_runs_for_the_same_thing() {
        let left = [event(0, EventKind::Filed, FILED)];
        let answered = event(9, EventKind::Answered, DAY);
        let met = met(Witness::Event(answered.id));
        let twin = deadline(2);
        assert!(met.runs_already(std::slice::from_ref(&twin)));
        let ended = Deadline {
            state: DeadlineState::Lapsed { on: DAY },
            ..twin.clone()
        };
        assert!(!met.runs_already(&[met.clone(), ended]));
        let taken = taken_back(&answered, &left);
        let correction = taken.correction(&met, &[met.clone(), twin]);
        assert_eq!(correction, Some(Correction::Void));
    }

    #[test]
    fn a_deadline_that_runs_again_is_asked_of_what_came_later_and_of_what_was_known_when_it_began()
    {
        let left = [0, 5, 12].map(|second| event(second, EventKind::Answered, DAY));
        let wrong = event(9, EventKind::Answered, DAY);
        let asked = taken_back(&wrong, &left).asked_again(&deadline(1));
        assert_eq!(asked, [left[0], left[2]]);
    }

    #[test]
    fn an_event_was_kept_from_beginning_a_deadline_if_it_came_while_the_wrong_one_ran() {
        let wrong = event(9, EventKind::Filed, FILED);
        let taken = taken_back(&wrong, &[]);
        let kept = |second, kind| taken.was_kept_by(&event(second, kind, DAY), &deadline(1));
        assert!(kept(12, EventKind::Filed));
        assert!(!kept(5, EventKind::Filed));
        assert!(!kept(12, EventKind::Answered));
        // What the wrong one met kept nothing from beginning after it was met.
        let answered = event(20, EventKind::Answered, DAY);
        let taken = TakenBack {
            wrong: &answered,
            gone: &[wrong],
            ..taken
        };
        let met = met(Witness::Event(answered.id));
        assert!(taken.was_kept_by(&event(12, EventKind::Filed, DAY), &met));
        assert!(!taken.was_kept_by(&event(22, EventKind::Filed, DAY), &met));
    }
}
