//! The whole table of the machine, as rows to test and as text to read.

use jiff::civil::Date;

use super::{
    climb::{Award, Climb},
    moves::{Action, Move, State, Verdict},
    words::Level,
};
use crate::{money::Amount, text::Prose};

/// An action of a kind, by the level that is due, of the smallest amount and with words that do not matter: what fits
/// nowhere as such fits nowhere at all.
pub(super) fn sample(kind: Move, state: &State) -> Action {
    let due = state.climb().map_or(Level::Vp, Climb::level);
    let review = |verdict| Action::Review {
        level: due,
        verdict,
        on: Date::ZERO,
    };
    match kind {
        Move::Submit => Action::Submit(Climb::SAMPLE),
        Move::BeginReview => Action::BeginReview,
        Move::Approve => review(Verdict::Approve(Amount::SMALLEST)),
        Move::Deny => review(Verdict::Deny(Prose::placeholder())),
        Move::Ask => review(Verdict::Ask(Prose::placeholder())),
        Move::Defer => review(Verdict::Defer(Prose::placeholder())),
        Move::Answer => Action::Answer(Prose::placeholder()),
        Move::Withdraw => Action::Withdraw(None),
        Move::Pay => Action::Pay(Amount::SMALLEST),
        Move::Reverse => Action::Reverse(Amount::SMALLEST),
    }
}

/// Every place an application can be in, once: the rows of the table. An award is of two cents, so that it can be
/// unpaid, paid in part and paid.
pub fn places() -> Vec<State> {
    let climbs = || {
        let pairs = Level::ALL
            .into_iter()
            .flat_map(|last| Level::ALL.map(|level| (level, last)));
        pairs.filter_map(|(level, last)| Climb::restore(Amount::SMALLEST, level, last).ok())
    };
    let submitted = climbs()
        .filter(|climb| climb.level() == Level::Vp)
        .map(State::Submitted);
    let asked = climbs().map(|climb| State::NeedsInfo(climb, Prose::placeholder()));
    let awards = (0..=2).filter_map(|paid| {
        let amount = |minor| Amount::from_minor(minor).ok();
        Award::restore(amount(2)?, amount(paid)?, Date::ZERO).ok()
    });
    [State::Draft]
        .into_iter()
        .chain(submitted)
        .chain(climbs().map(State::UnderReview))
        .chain(asked)
        .chain(awards.map(State::Awarded))
        .chain([State::Denied(Prose::placeholder()), State::Withdrawn(None)])
        .collect()
}

/// The whole table of place and move as a Markdown table: the documentation is the code.
pub fn table() -> String {
    let heads: String = Move::ALL
        .iter()
        .map(|kind| format!(" {} |", kind.as_str()))
        .collect();
    let mut lines = vec![
        format!("| place |{heads}"),
        format!("|---|{}", "---|".repeat(Move::ALL.len())),
    ];
    for from in places() {
        let cells: String = Move::ALL
            .iter()
            .map(|kind| {
                let to = from.leads(*kind);
                format!(" {} |", to.map_or_else(|| "–".to_owned(), |to| spoken(&to)))
            })
            .collect();
        lines.push(format!("| {} |{cells}", spoken(&from)));
    }
    lines.join("\n")
}

/// A place in a few words: the status, then the level that is due of how many, or what was paid of the award.
fn spoken(place: &State) -> String {
    let status = place.status().as_str();
    match (place.climb(), place.award()) {
        (Some(climb), _) => format!(
            "{status} at {} of {}",
            climb.level().as_str(),
            climb.last().number()
        ),
        (None, Some(award)) => format!("{status}, {} of {}", award.paid(), award.amount()),
        (None, None) => status.to_owned(),
    }
}
