//! Whatever happens in whatever order: no illegal state, no negative fund, no skipped level, no payment too many.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::date};
use proptest::prelude::*;
use uuid::Uuid;

use super::super::*;
use crate::text::Line;

const TODAY: Date = date(2026, 11, 21);
const RESERVE: i64 = 10_000;
const CAP: i64 = 700_000;

fn id<T>(number: usize) -> Id<T> {
    Id::new(Uuid::from_u128(u128::try_from(number).unwrap()))
}

fn cents(minor: i64) -> Amount {
    Amount::from_minor(minor).unwrap()
}

/// The user `n`, who is the member `n`.
fn person(n: usize) -> Reviewer {
    Reviewer {
        user: id(n),
        member: Some(id(n)),
    }
}

/// One thing that somebody tries.
#[derive(Debug, Clone)]
enum Event {
    Enter(EntryKind, i64),
    Submit(usize),
    Begin(usize),
    /// By whoever may, with a share of what is asked in thousandths.
    Approve(usize, i64),
    /// By anybody, at any level.
    Review(usize, usize, usize, usize, i64),
    Answer(usize),
    Withdraw(usize),
    Pay(usize, i64),
    Reverse(usize, usize),
}

fn event() -> impl Strategy<Value = Event> {
    let case = || 0usize..4;
    prop_oneof![
        2 => (0..400_000i64).prop_map(|sum| Event::Enter(EntryKind::Deposit, sum)),
        1 => (0..400_000i64).prop_map(|sum| Event::Enter(EntryKind::Correction, sum)),
        4 => case().prop_map(Event::Submit),
        4 => case().prop_map(Event::Begin),
        12 => (case(), 0..1_200i64).prop_map(|(case, share)| Event::Approve(case, share)),
        4 => (case(), 0usize..8, 0usize..4, 0usize..4, 0..700_000i64)
            .prop_map(|(case, who, level, verdict, sum)| Event::Review(case, who, level, verdict, sum)),
        2 => case().prop_map(Event::Answer),
        1 => case().prop_map(Event::Withdraw),
        4 => (case(), 0..400_000i64).prop_map(|(case, sum)| Event::Pay(case, sum)),
        2 => (case(), 0usize..9).prop_map(|(case, payment)| Event::Reverse(case, payment)),
    ]
}

/// A hall with a bench, a fund and four applications of three members.
struct World {
    fund: Fund,
    rules: Rules,
    seats: Vec<Seat>,
    relations: Vec<Relation>,
    cases: Vec<BenevolenceApplication>,
    reviews: BTreeMap<usize, Vec<Review>>,
    payments: BTreeMap<usize, Vec<Payment>>,
    entered: i64,
}

impl World {
    fn new() -> Self {
        let seat = |level, n| Seat {
            id: id(n),
            level,
            holder: person(n),
            from: TODAY,
            until: None,
        };
        let mut rules = Rules::default_rules();
        rules.reserve = cents(RESERVE);
        rules.caps.per_member = Some(cents(CAP));
        let asks = [(5, 10_000), (6, 60_000), (7, 250_000), (7, 600_000)];
        let cases = asks.iter().enumerate();
        Self {
            fund: Fund::EMPTY,
            rules,
            // Some sit twice; user 5 is an applicant; user 0 is related to another.
            seats: [
                (0, 0),
                (0, 1),
                (0, 5),
                (1, 1),
                (1, 2),
                (2, 2),
                (2, 3),
                (3, 3),
                (3, 4),
            ]
            .map(|(level, n): (usize, usize)| seat(Level::ALL[level], n))
            .to_vec(),
            relations: vec![Relation {
                id: id(1),
                member: id(6),
                reviewer: person(0),
                kinship: Kinship::Sibling,
                declared_by: None,
                declared_at: Timestamp::UNIX_EPOCH,
                ended_at: None,
            }],
            cases: cases
                .map(|(n, (member, asked))| case(n, *member, *asked))
                .collect(),
            reviews: BTreeMap::new(),
            payments: BTreeMap::new(),
            entered: 0,
        }
    }

    fn bench(&self, n: usize) -> Bench<'_> {
        Bench {
            applicant: self.cases[n].member,
            day: TODAY,
            seats: &self.seats,
            relations: &self.relations,
            reviews: self.reviews.get(&n).map_or(&[], Vec::as_slice),
        }
    }

    /// Tries it; what is refused leaves the world as it was.
    fn try_event(&mut self, event: &Event) -> Option<()> {
        match *event {
            Event::Enter(kind, sum) => {
                self.fund = self.fund.entered(kind, cents(sum)).ok()?;
                self.entered += match kind {
                    EntryKind::Deposit => sum,
                    EntryKind::Correction => -sum,
                };
                Some(())
            }
            Event::Submit(n) => {
                let action = self.cases[n].handed_in(&self.rules).ok()?;
                self.act(n, action)
            }
            Event::Begin(n) => self.act(n, Action::BeginReview),
            Event::Approve(n, share) => {
                let climb = self.cases[n].state.climb()?;
                let who = *self.bench(n).free(climb.level()).first()?;
                let sum = climb.asked().minor() * share / 1_000;
                self.review(n, who, climb.level(), Verdict::Approve(cents(sum)))
            }
            Event::Review(n, who, level, verdict, sum) => {
                let words = Prose::placeholder();
                let verdict = match verdict {
                    0 => Verdict::Approve(cents(sum)),
                    1 if sum < 100_000 => Verdict::Deny(words),
                    1 | 2 => Verdict::Defer(words),
                    _ => Verdict::Ask(words),
                };
                self.review(n, person(who), Level::ALL[level], verdict)
            }
            Event::Answer(n) => self.act(n, Action::Answer(Prose::placeholder())),
            Event::Withdraw(n) => self.act(n, Action::Withdraw(None)),
            Event::Pay(n, sum) => self.pay(n, cents(sum)),
            Event::Reverse(n, payment) => self.reverse(n, payment),
        }
    }

    fn act(&mut self, n: usize, action: Action) -> Option<()> {
        self.cases[n] = self.cases[n]
            .clone()
            .moved(action, Timestamp::UNIX_EPOCH)
            .ok()?;
        Some(())
    }

    fn review(&mut self, n: usize, who: Reviewer, level: Level, verdict: Verdict) -> Option<()> {
        let at = Timestamp::UNIX_EPOCH;
        let after = self.cases[n]
            .clone()
            .reviewed(&self.bench(n), who, level, verdict.clone(), at)
            .ok()?;
        if let Some(award) = after.state.award() {
            let had = self.awarded_to(after.member);
            let year = YearAwards {
                whole: cents(had),
                reason: cents(had),
            };
            let reason = after.request.reason;
            self.fund = self
                .fund
                .award(&self.rules, reason, year, award.amount())
                .ok()?;
            assert!(
                self.fund.balance() >= self.rules.reserve,
                "the reserve stays"
            );
        }
        self.cases[n] = after;
        self.reviews.entry(n).or_default().push(Review {
            id: id(1),
            application: id(n),
            level,
            reviewer: who,
            verdict,
            comments: None,
            reviewed_at: at,
        });
        Some(())
    }

    fn pay(&mut self, n: usize, amount: Amount) -> Option<()> {
        let after = self.cases[n]
            .clone()
            .moved(Action::Pay(amount), Timestamp::UNIX_EPOCH)
            .ok()?;
        self.fund = self
            .fund
            .pay(amount)
            .expect("what is open of an award is promised");
        self.cases[n] = after;
        self.payments.entry(n).or_default().push(Payment {
            id: id(1),
            application: id(n),
            amount,
            method: PaymentMethod::Check,
            reference: Line::parse("1044").unwrap(),
            on: TODAY,
            paid_by: None,
            created_at: Timestamp::UNIX_EPOCH,
            reversal: None,
        });
        Some(())
    }

    fn reverse(&mut self, n: usize, payment: usize) -> Option<()> {
        let payment = self.payments.get_mut(&n)?.get_mut(payment)?;
        let back = payment.clone().reversed(Reversal {
            reason: Prose::placeholder(),
            by: None,
            at: Timestamp::UNIX_EPOCH,
        });
        *payment = back.ok()?;
        let sum = payment.amount;
        self.fund = self.fund.reverse(sum).expect("it was paid");
        self.act(n, Action::Reverse(sum)).expect("it was paid");
        Some(())
    }

    fn awarded_to(&self, member: MemberId) -> i64 {
        let own = self.cases.iter().filter(|case| case.member == member);
        own.filter_map(|case| case.state.award())
            .map(|award| award.amount().minor())
            .sum()
    }

    fn check(&self) {
        let awards: Vec<_> = self.cases.iter().map(|case| case.state.award()).collect();
        let sum = |of: fn(Award) -> Amount| -> i64 {
            awards
                .iter()
                .flatten()
                .map(|award| of(*award).minor())
                .sum()
        };
        assert_eq!(self.fund.deposited().minor(), self.entered);
        assert_eq!(self.fund.awarded().minor(), sum(Award::amount));
        assert_eq!(self.fund.paid().minor(), sum(Award::paid));
        assert!(
            self.entered >= self.fund.awarded().minor(),
            "the fund is never negative"
        );
        assert!((5..=7).all(|member| self.awarded_to(id(member)) <= CAP));
        for n in 0..self.cases.len() {
            self.check_ladder(n);
            self.check_payments(n);
        }
    }

    /// Levels decide from the lowest, each once, by people who are free to, and the last approval is the award.
    fn check_ladder(&self, n: usize) {
        let case = &self.cases[n];
        let reviews = self.bench(n).reviews;
        let ended: Vec<_> = reviews
            .iter()
            .filter(|review| review.verdict.decision().ends_level())
            .collect();
        let levels: Vec<_> = ended.iter().map(|review| review.level).collect();
        assert_eq!(
            levels,
            Level::ALL[..levels.len()],
            "no level is skipped or decides twice"
        );
        for (place, review) in reviews.iter().enumerate() {
            assert_ne!(review.reviewer.member, Some(case.member));
            assert!(!(case.member == id(6) && review.reviewer == person(0)));
            for earlier in &reviews[..place] {
                let same = earlier.reviewer.is_same_person(review.reviewer);
                assert!(!same || earlier.level == review.level);
            }
        }
        let Some(award) = case.state.award() else {
            return;
        };
        let last = ended.last().expect("an award was decided on");
        assert_eq!(last.verdict, Verdict::Approve(award.amount()));
        assert!(award.amount() <= case.request.amount);
        let deferred = ended
            .iter()
            .filter(|review| review.verdict.decision() == Decision::Deferred)
            .count();
        let needed = self
            .rules
            .thresholds
            .last_level(case.request.amount)
            .number();
        let needed = usize::try_from(needed).unwrap();
        assert_eq!(ended.len() - deferred, needed.min(4 - deferred));
    }

    fn check_payments(&self, n: usize) {
        let paid = self.payments.get(&n).into_iter().flatten();
        let paid: i64 = paid
            .filter(|payment| payment.reversal.is_none())
            .map(|payment| payment.amount.minor())
            .sum();
        let award = self.cases[n].state.award();
        assert_eq!(paid, award.map_or(0, |award| award.paid().minor()));
        assert!(paid <= award.map_or(0, |award| award.amount().minor()));
    }
}

fn case(n: usize, member: usize, asked: i64) -> BenevolenceApplication {
    BenevolenceApplication {
        id: id(n),
        number: BenevolenceNumber::new(2026, i32::try_from(n + 1).unwrap()).unwrap(),
        member: id(member),
        filed_by: None,
        author: Author::Applicant,
        application_date: TODAY,
        request: Request {
            reason: Reason::Medical,
            description: Prose::placeholder(),
            amount: cents(asked),
        },
        notes: None,
        state: State::Draft,
        since: Timestamp::UNIX_EPOCH,
        version: Version::FIRST,
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
        deleted_at: None,
    }
}

proptest! {
    #[test]
    fn no_history_leads_to_an_illegal_state_a_negative_fund_a_skipped_level_or_a_payment_too_many(
        events in proptest::collection::vec(event(), 0..120)
    ) {
        let mut world = World::new();
        let known = places().into_iter().map(|place| place.status()).collect::<Vec<_>>();
        for event in &events {
            let before: Vec<_> = world.cases.iter().map(|case| case.state.clone()).collect();
            if world.try_event(event).is_none() {
                prop_assert!(world.cases.iter().map(|case| &case.state).eq(&before));
            }
            prop_assert!(world.cases.iter().all(|case| known.contains(&case.state.status())));
            world.check();
        }
    }
}

#[test]
fn the_largest_request_climbs_all_four_levels_and_is_paid() {
    let mut world = World::new();
    let events = [
        Event::Enter(EntryKind::Deposit, 610_000),
        Event::Submit(3),
        Event::Begin(3),
        Event::Approve(3, 500),
        Event::Approve(3, 900),
        Event::Approve(3, 1_000),
        Event::Approve(3, 1_000),
        Event::Pay(3, 400_000),
        Event::Pay(3, 200_000),
    ];
    for event in events {
        assert!(world.try_event(&event).is_some(), "{event:?}");
        world.check();
    }
    assert_eq!(world.cases[3].state.status(), Status::Paid);
    assert_eq!(world.fund.cash(), cents(RESERVE));
}
