//! The whole table of the machine, as rows to test and as text to read.

use jiff::civil::Date;

use super::{
    moves::{Action, Answer, Move, Outcome, Settlement, State, Step},
    progress::Progress,
};
use crate::text::Prose;

/// An action of a kind, carrying words that do not matter to where it leads.
pub(super) fn sample(kind: Move) -> Action {
    let settlement = || Settlement {
        resolution: Prose::placeholder(),
        date: Date::ZERO,
        amount: None,
    };
    match kind {
        Move::Investigate => Action::Investigate,
        Move::ScheduleHearing => Action::ScheduleHearing,
        Move::RecordDenied => Action::RecordStep(Outcome::Denied),
        Move::RecordAdvanced => Action::RecordStep(Outcome::Advanced),
        Move::RecordSettled => Action::RecordStep(Outcome::Settled(settlement())),
        Move::Advance => Action::Advance,
        Move::Withdraw => Action::Withdraw(Prose::placeholder()),
        Move::Close => Action::Close(Prose::placeholder()),
        Move::Reopen => Action::Reopen(Prose::placeholder()),
    }
}

/// Every place a grievance can be in, once: the rows of the table.
pub fn places() -> Vec<Progress> {
    let settled = || match sample(Move::RecordSettled) {
        Action::RecordStep(Outcome::Settled(settlement)) => vec![
            State::Settled(settlement.clone()),
            State::Closed(Prose::placeholder(), Some(settlement)),
        ],
        Action::Investigate
        | Action::ScheduleHearing
        | Action::RecordStep(Outcome::Denied | Outcome::Advanced)
        | Action::Advance
        | Action::Withdraw(_)
        | Action::Close(_)
        | Action::Reopen(_) => Vec::new(),
    };
    let mut places = Vec::new();
    for step in Step::ALL {
        for answer in Answer::ALL {
            let active = match step {
                Step::Step1 | Step::Step2 | Step::Step3 => {
                    vec![State::Open, State::Investigation, State::Hearing]
                }
                Step::Arbitration => vec![State::Arbitration],
            };
            let ended = settled()
                .into_iter()
                .chain([State::Withdrawn(Prose::placeholder())]);
            places.extend(active.into_iter().chain(ended).map(|state| Progress {
                step,
                answer,
                state,
            }));
        }
    }
    places
}

/// The whole table of place and action as a Markdown table: the documentation is the code.
pub fn table() -> String {
    let mut lines = vec![
        "| step | status | answer |".to_owned(),
        "|---|---|---|".to_owned(),
    ];
    for kind in Move::ALL {
        if let [head, rule] = lines.as_mut_slice() {
            head.push_str(&format!(" {} |", kind.as_str()));
            rule.push_str("---|");
        }
    }
    for place in places() {
        let mut line = format!(
            "| {} | {} | {} |",
            place.step.as_str(),
            place.state.as_str(),
            place.answer.as_str()
        );
        for kind in Move::ALL {
            let cell = place.clone().moved(sample(kind)).map_or_else(
                || " – |".to_owned(),
                |to| match to.answer {
                    Answer::Pending => format!(" {}, {} |", to.step.as_str(), to.state.as_str()),
                    Answer::Denied => {
                        format!(" {}, {}, denied |", to.step.as_str(), to.state.as_str())
                    }
                },
            );
            line.push_str(&cell);
        }
        lines.push(line);
    }
    lines.join("\n")
}
