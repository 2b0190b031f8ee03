//! Queues: what waits for whom, and how long.

use jiff::civil::Date;
use unionhall_domain::{
    audit::Target,
    benevolence::{Bench, BenevolenceApplication, Reviewer, Seat, Turn, Waiting, queue},
};
use unionhall_ports::{
    benevolence::{Queue, QueueSort, RelationFilter, Waiter},
    pages::{Page, PageRequest},
};

use super::{Benevolence, BenevolenceError, is_own, readable, reading::levels, reviewer};
use crate::{actor::Actor, call::Call, core::Recorded, permissions::Permission};

impl Benevolence {
    /// Everything that waits, for whomever or for one turn alone; it says nothing of whose it is. What nobody has handed in
    /// waits for its applicant alone.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn standing(
        &self,
        call: &Call,
        only: Option<Turn>,
        page: &PageRequest<QueueSort>,
    ) -> Result<Recorded<Page<Waiting>>, BenevolenceError> {
        call.actor.require(Permission::BenevolenceRead)?;
        let now = self.core.clock.now();
        let mut turns = Turn::ALL.to_vec();
        turns.retain(|turn| only.is_none_or(|only| only == *turn));
        let found = self.core.read(call, |tx| {
            let found = tx.benevolence().waiting(&turns, &Queue::Everybody, page)?;
            let items = queue(&found.items, now, |_, _| true);
            Ok::<_, BenevolenceError>(paged(found, items))
        })?;
        self.told(call, only, found)
    }

    /// What waits for the caller, or of that what waits for one turn alone: reviews at the levels that they sit at and may
    /// give, what the office has to open, what is to be paid, and what they have to answer themselves.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn waiting(
        &self,
        call: &Call,
        only: Option<Turn>,
        page: &PageRequest<QueueSort>,
    ) -> Result<Recorded<Page<Waiting>>, BenevolenceError> {
        readable(&call.actor)?;
        let now = self.core.clock.now();
        let today = call.actor.today(now);
        let who = reviewer(&call.actor);
        let found = self.core.snapshot(call, |tx| {
            let seats = tx.benevolence_bench().seats(today)?;
            let mut turns = turns(&call.actor, who, &seats, today);
            turns.retain(|turn| only.is_none_or(|only| only == *turn));
            let filter = RelationFilter {
                member: None,
                user: who.map(|who| who.user),
            };
            let relations = tx.benevolence_bench().relations(&filter)?;
            let waiter = Queue::Of(Waiter {
                user: who.map(|who| who.user),
                member: call.actor.member(),
                relatives: relations
                    .iter()
                    .filter_map(|relation| relation.other_than(who?))
                    .collect(),
            });
            let found = tx.benevolence().waiting(&turns, &waiter, page)?;
            let ids: Vec<_> = found.items.iter().map(|one| one.id).collect();
            let reviews = tx.benevolence_file().reviews(&ids)?;
            let mine = |one: &BenevolenceApplication, turn: Turn| match turn {
                Turn::Applicant => is_own(&call.actor, one),
                Turn::Office | Turn::Payment => !is_own(&call.actor, one),
                Turn::Level(level) => {
                    let of_one = reviews.iter().filter(|review| review.application == one.id);
                    let reviews: Vec<_> = of_one.cloned().collect();
                    let bench = Bench {
                        applicant: one.member,
                        day: today,
                        seats: &seats,
                        relations: &relations,
                        reviews: &reviews,
                    };
                    who.is_some_and(|who| bench.admits(who, level).is_ok())
                }
            };
            let items = queue(&found.items, now, mine);
            Ok::<_, BenevolenceError>(paged(found, items))
        })?;
        self.told(call, only, found)
    }

    fn told(
        &self,
        call: &Call,
        only: Option<Turn>,
        found: Page<Waiting>,
    ) -> Result<Recorded<Page<Waiting>>, BenevolenceError> {
        let mut details = vec![("count", found.items.len().to_string())];
        details.extend(only.map(|turn| ("waits_for", turn.as_str().to_owned())));
        let target = Target::BenevolenceApplication;
        Ok(self.core.recorded_list(call, target, details, found)?)
    }
}

/// A page with these rows in the place of its own.
fn paged(found: Page<BenevolenceApplication>, items: Vec<Waiting>) -> Page<Waiting> {
    Page {
        items,
        next: found.next,
        total: found.total,
    }
}

/// The turns that are the actor's.
fn turns(actor: &Actor, who: Option<Reviewer>, seats: &[Seat], day: Date) -> Vec<Turn> {
    let mut turns = Vec::new();
    if actor.member().is_some() && actor.may(Permission::BenevolenceReadOwn) {
        turns.push(Turn::Applicant);
    }
    if actor.may(Permission::BenevolenceFile) {
        turns.push(Turn::Office);
    }
    if let Some(who) = who.filter(|_| actor.may(Permission::BenevolenceReview)) {
        turns.extend(levels(who, seats, day).into_iter().map(Turn::Level));
    }
    if actor.may(Permission::BenevolencePay) {
        turns.push(Turn::Payment);
    }
    turns
}
