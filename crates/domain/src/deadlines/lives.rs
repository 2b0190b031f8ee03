//! What holds of deadlines through their whole life, whatever is recorded, taken back and said of them in which order.

use std::sync::LazyLock;

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, date},
};
use proptest::{prelude::*, sample::Index};
use uuid::Uuid;

use super::{
    Basis, Correction, Deadline, DeadlineAction, DeadlineMove, DeadlineRefusal, DeadlineState,
    Effect, Grant, Happening, Occurrence, TakenBack, Witness, compare, derive, samples,
};
use crate::{
    collective_agreements::{
        CollectiveAgreementId, Consequence, DayKind, Duty, EventKind, RuleKey, RuleSet, Side,
        StepRule,
    },
    grievances::Step,
    holidays::Calendars,
    ids::Id,
    version::Version,
};

/// Made once, for every step of every case asks for them.
static CALENDARS: LazyLock<Calendars> = LazyLock::new(samples::calendars);

const FILED: Date = date(2026, 11, 2);

/// What is done next.
#[derive(Debug, Clone)]
enum Deed {
    /// So many days go by.
    Wait(i32),
    /// Something happened so many days ago, and is recorded.
    Record(EventKind, i32),
    /// One of the events on record is taken back.
    Retract(Index),
    /// Something is said of one of the deadlines.
    Say(Index, DeadlineMove, i32),
    /// What ran lapses, because the grievance is under another agreement, and everything is counted anew.
    Switch(bool),
    /// Another version of the rules is compared with what runs, and confirmed.
    Confirm(u16),
}

fn any_deed() -> impl Strategy<Value = Deed> {
    let kinds = [
        EventKind::Answered,
        EventKind::InformationRequested,
        EventKind::InformationProvided,
    ];
    let moves = DeadlineMove::ALL.to_vec();
    prop_oneof![
        2 => (1..20).prop_map(Deed::Wait),
        4 => (proptest::sample::select(kinds.to_vec()), 0..12)
            .prop_map(|(kind, ago)| Deed::Record(kind, ago)),
        3 => any::<Index>().prop_map(Deed::Retract),
        4 => (any::<Index>(), proptest::sample::select(moves), 0..25)
            .prop_map(|(which, kind, ago)| Deed::Say(which, kind, ago)),
        1 => any::<bool>().prop_map(Deed::Switch),
        1 => (1u16..30).prop_map(Deed::Confirm),
    ]
}

fn rule(side: Side, duty: Duty, after: EventKind, missed: Consequence) -> StepRule {
    StepRule {
        key: RuleKey {
            step: Step::Step1,
            side,
            duty,
            after,
        },
        missed,
        ..samples::rule(samples::period())
    }
}

/// The rules of one of two agreements: an answer after the filing, going on after an answer, and information.
fn rules(agreement: CollectiveAgreementId) -> RuleSet {
    let rules = vec![
        rule(
            Side::Employer,
            Duty::Answer,
            EventKind::Filed,
            Consequence::Advance,
        ),
        rule(
            Side::Union,
            Duty::Advance,
            EventKind::Answered,
            Consequence::Forfeit,
        ),
        rule(
            Side::Employer,
            Duty::ProvideInformation,
            EventKind::InformationRequested,
            Consequence::None,
        ),
    ];
    RuleSet::kept(agreement, Version::FIRST, date(2026, 1, 1), rules)
}

fn agreement(other: bool) -> CollectiveAgreementId {
    Id::new(Uuid::from_u128(if other { 47 } else { 46 }))
}

/// A grievance on its first step as far as its deadlines are concerned.
#[derive(Debug, Clone)]
struct Case {
    today: Date,
    /// Seconds since the first event: everything is recorded at a time of its own.
    clock: i64,
    under: CollectiveAgreementId,
    left: Vec<Occurrence>,
    gone: Vec<Occurrence>,
    deadlines: Vec<Deadline>,
}

impl Case {
    fn filed() -> Self {
        let mut case = Self {
            today: FILED,
            clock: 0,
            under: agreement(false),
            left: Vec::new(),
            gone: Vec::new(),
            deadlines: Vec::new(),
        };
        let _filed = case.record(EventKind::Filed, FILED);
        case
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.clock).unwrap()
    }

    fn does(&mut self, deed: &Deed) {
        self.clock += 1;
        match deed {
            Deed::Wait(days) => self.today += days.days(),
            Deed::Record(kind, ago) => {
                let _recorded = self.record(*kind, (self.today - ago.days()).max(FILED));
            }
            Deed::Retract(which) => {
                // The filing is put right at the grievance.
                if let [_, recorded @ ..] = self.left.as_slice()
                    && !recorded.is_empty()
                {
                    let wrong = *which.get(recorded);
                    self.retract(&wrong);
                }
            }
            Deed::Say(which, kind, ago) => {
                let place = which.index(self.deadlines.len());
                self.say(place, *kind, *ago);
            }
            Deed::Switch(other) => self.switch(agreement(*other)),
            Deed::Confirm(days) => self.confirm(*days),
        }
    }

    fn record(&mut self, kind: EventKind, on: Date) -> Occurrence {
        let event = Occurrence {
            id: Uuid::from_u128(u128::from(self.clock.unsigned_abs()) + 1),
            at: self.now(),
            happening: Happening::on(Step::Step1, kind, on),
        };
        self.follow(&event);
        self.left.push(event);
        self.left
            .sort_by_key(|one| (one.happening.trigger.date, one.at));
        event
    }

    /// Meets what the event meets, and begins what it begins, unless that runs.
    fn follow(&mut self, event: &Occurrence) {
        self.meet(event, |_| true);
        let rules = rules(self.under);
        for rule in event.happening.starts(&rules, &self.deadlines) {
            self.begin(rule, event);
        }
    }

    fn meet(&mut self, event: &Occurrence, of: impl Fn(&Deadline) -> bool) {
        let (today, now) = (self.today, self.now());
        for deadline in &mut self.deadlines {
            if !of(deadline) || !deadline.runs() || !event.happening.meets(deadline) {
                continue;
            }
            let action = DeadlineAction::Meet {
                on: event.happening.trigger.date,
                by: deadline.derivation.basis.rule.key.duty.done_by(),
                witness: Witness::Event(event.id),
            };
            if let Ok(met) = deadline.apply(action, &CALENDARS, today, now) {
                *deadline = met;
            }
        }
    }

    fn begin(&mut self, rule: &StepRule, event: &Occurrence) {
        let basis = Basis {
            agreement: self.under,
            rule: rule.clone(),
            ..samples::basis(rule.period)
        };
        let derivation = derive(basis, event.happening.trigger, &[], &CALENDARS).unwrap();
        let id = Id::new(Uuid::from_u128(
            u128::try_from(self.deadlines.len()).unwrap() + 1,
        ));
        let case = samples::deadline(1).grievance;
        let begun = Deadline::begun(id, case, derivation, self.now());
        self.deadlines.push(begun);
    }

    fn retract(&mut self, wrong: &Occurrence) {
        self.left.retain(|event| event.id != wrong.id);
        let (left, gone) = (self.left.clone(), self.gone.clone());
        let taken = TakenBack {
            wrong,
            gone: &gone,
            left: &left,
            under: self.under,
        };
        let before = self.deadlines.clone();
        let mut lapsed = Vec::new();
        for (place, deadline) in before.iter().enumerate() {
            let correction = taken.correction(deadline, &before);
            let moves = match correction {
                None => continue,
                Some(Correction::Lapse) => vec![DeadlineAction::Lapse],
                Some(Correction::Reopen) => vec![DeadlineAction::Reopen],
                Some(Correction::Void) => vec![DeadlineAction::Reopen, DeadlineAction::Lapse],
            };
            for action in moves {
                self.moves(place, action).unwrap();
            }
            if correction == Some(Correction::Reopen) {
                for event in taken.asked_again(deadline) {
                    self.meet(&event, |asked| asked.id == deadline.id);
                }
            } else {
                lapsed.push(deadline);
            }
        }
        self.begin_late(&taken, &lapsed);
        self.gone.push(*wrong);
    }

    /// Begins what the lapsed ones kept from beginning.
    fn begin_late(&mut self, taken: &TakenBack<'_>, lapsed: &[&Deadline]) {
        let (rules, first) = (rules(self.under), self.deadlines.len());
        for event in taken.left {
            let begun: Vec<_> = self.deadlines[first..].iter().map(|late| late.id).collect();
            self.meet(event, |deadline| begun.contains(&deadline.id));
            for rule in event.happening.starts(&rules, &self.deadlines) {
                let same = |deadline: &Deadline| deadline.derivation.basis.rule.key == rule.key;
                let mut kept = lapsed.iter().filter(|deadline| same(deadline));
                let kept = kept.any(|deadline| taken.was_kept_by(event, deadline));
                let mut all = self.deadlines.iter();
                let began = all.any(|one| same(one) && one.began_with(&event.happening));
                if kept && !began {
                    self.begin(rule, event);
                }
            }
        }
    }

    /// What somebody says of a deadline, who may say that it runs again only where no other does for the same thing.
    fn say(&mut self, place: usize, kind: DeadlineMove, ago: i32) {
        let said = self.today - ago.days();
        let action = match kind {
            DeadlineMove::Meet => DeadlineAction::Meet {
                on: said,
                by: self.deadlines[place]
                    .derivation
                    .basis
                    .rule
                    .key
                    .duty
                    .done_by(),
                witness: Witness::Word,
            },
            DeadlineMove::Extend => DeadlineAction::Extend(samples::extension(
                said,
                Grant::Days(samples::days(5), DayKind::Working),
            )),
            DeadlineMove::Waive => DeadlineAction::Waive(samples::accord(said)),
            DeadlineMove::Miss => DeadlineAction::Miss,
            DeadlineMove::Lapse => DeadlineAction::Lapse,
            DeadlineMove::Reopen => DeadlineAction::Reopen,
        };
        let before = self.deadlines[place].clone();
        let again = !before.runs() && matches!(kind, DeadlineMove::Reopen | DeadlineMove::Extend);
        if again && before.runs_already(&self.deadlines) {
            return;
        }
        let moved = self.moves(place, action);
        // The table alone makes a move illegal, and what is refused is as it was.
        let legal = !matches!(moved, Err(DeadlineRefusal::Illegal { .. }));
        assert_eq!(legal, before.allowed().contains(&kind), "{before:#?}");
        let after = &self.deadlines[place];
        match moved {
            Ok(()) => assert_eq!(after.version, before.version.next()),
            Err(_) => assert_eq!(*after, before),
        }
        if kind != DeadlineMove::Extend {
            assert_eq!(after.derivation, before.derivation);
        }
        assert!(before.due() <= after.due());
    }

    fn moves(&mut self, place: usize, action: DeadlineAction) -> Result<(), DeadlineRefusal> {
        let moved = self.deadlines[place].apply(action, &CALENDARS, self.today, self.now())?;
        self.deadlines[place] = moved;
        Ok(())
    }

    fn switch(&mut self, under: CollectiveAgreementId) {
        if under == self.under {
            return;
        }
        self.under = under;
        for place in 0..self.deadlines.len() {
            if self.deadlines[place].runs() {
                self.moves(place, DeadlineAction::Lapse).unwrap();
            }
        }
        // Nothing that was counted by the other is asked.
        let old = std::mem::take(&mut self.deadlines);
        for event in self.left.clone() {
            self.follow(&event);
        }
        let offset = u128::try_from(old.len()).unwrap();
        for deadline in &mut self.deadlines {
            deadline.id = Id::new(Uuid::from_u128(deadline.id.uuid().as_u128() + offset));
        }
        self.deadlines.splice(0..0, old);
    }

    fn confirm(&mut self, days: u16) {
        let mut changed = rules(self.under).rules().to_vec();
        for rule in &mut changed {
            rule.period.days = samples::days(days);
        }
        let second = Version::FIRST.next();
        let set = RuleSet::kept(self.under, second, date(2026, 1, 1), changed);
        let comparison = compare(&self.deadlines, Some(&set), &CALENDARS);
        for difference in &comparison.differences {
            let deadline = self
                .deadlines
                .iter_mut()
                .find(|deadline| deadline.id == difference.deadline)
                .unwrap();
            assert!(deadline.runs(), "what is over is compared with nothing");
            match &difference.effect {
                Effect::Moves(after) | Effect::Rests(after) => {
                    let at = Timestamp::from_second(self.clock).unwrap();
                    *deadline = deadline.confirm(difference, at).unwrap();
                    assert_eq!(deadline.derivation, *after);
                }
                Effect::NoRule | Effect::Fails(_) => {
                    assert!(difference.days().is_none());
                }
            }
        }
    }

    /// What holds whatever was done.
    fn holds(&self) -> Result<(), TestCaseError> {
        for deadline in &self.deadlines {
            let derivation = &deadline.derivation;
            let again = derivation.under(derivation.basis.clone(), &CALENDARS);
            prop_assert_eq!(
                again.as_ref(),
                Ok(derivation),
                "the day is what was derived"
            );
            match &deadline.state {
                DeadlineState::Open => {
                    prop_assert!(!deadline.runs_already(&self.deadlines), "{self:#?}");
                }
                DeadlineState::Met { on, by, witness } => {
                    prop_assert!(derivation.trigger.date <= *on && *on <= deadline.due());
                    prop_assert_eq!(*by, derivation.basis.rule.key.duty.done_by());
                    if let Witness::Event(id) = witness {
                        let counts = self.left.iter().any(|event| event.id == *id);
                        prop_assert!(counts, "what was taken back meets nothing: {self:#?}");
                    }
                }
                DeadlineState::Missed { noticed_on, .. } => {
                    prop_assert!(deadline.due() < *noticed_on && *noticed_on <= self.today);
                }
                DeadlineState::Waived(accord) => prop_assert!(accord.agreed_on <= self.today),
                DeadlineState::Lapsed { on } => prop_assert!(*on <= self.today),
            }
        }
        Ok(())
    }

    /// Records something, takes it back at once, and looks at what is left of it.
    fn is_as_before_when_taken_back(&self, kind: EventKind, on: Date) -> Result<(), TestCaseError> {
        let mut case = self.clone();
        case.clock += 1;
        let wrong = case.record(kind, on);
        case.clock += 1;
        case.retract(&wrong);
        let mut grounded = true;
        for (before, after) in self.deadlines.iter().zip(&case.deadlines) {
            if before.state != after.state {
                // What ran without a ground has none to run again, and another event may have met it all along.
                let ground = before.has_ground(self.under, &self.left, &self.deadlines);
                let met = matches!(after.state, DeadlineState::Met { .. });
                prop_assert!(before.runs() && (met || !ground), "{before:#?} {after:#?}");
                grounded &= ground;
            }
            prop_assert_eq!(&before.derivation, &after.derivation);
        }
        // What ran without a ground may have kept something with one from beginning.
        for begun in case.deadlines.iter().skip(self.deadlines.len()) {
            prop_assert!(!begun.runs() || !grounded, "{begun:#?} {self:#?}");
        }
        case.holds()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_life_leads_to_a_state_that_there_is_not_or_to_two_that_run_for_one_thing(
        deeds in proptest::collection::vec(any_deed(), 1..24),
    ) {
        let mut case = Case::filed();
        for deed in &deeds {
            case.does(deed);
            case.holds()?;
        }
    }

    #[test]
    fn what_is_taken_back_at_once_leaves_everything_as_it_was(
        deeds in proptest::collection::vec(any_deed(), 0..16),
        ago in 0i32..12,
    ) {
        let mut case = Case::filed();
        for deed in &deeds {
            case.does(deed);
        }
        let on = (case.today - ago.days()).max(FILED);
        for kind in [EventKind::Answered, EventKind::InformationRequested, EventKind::InformationProvided] {
            case.is_as_before_when_taken_back(kind, on)?;
        }
    }
}
