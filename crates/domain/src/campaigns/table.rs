//! The whole table of the machine, as rows to test and as text to read.

use jiff::civil::Date;

use super::course::{Course, Move, State};
use crate::text::Prose;

/// Each move once, carrying words that do not matter to where it leads; in the order of [`Move::NAMES`].
pub(super) fn samples() -> [Move; 6] {
    [
        Move::Start,
        Move::Pause(Prose::placeholder()),
        Move::Resume,
        Move::Win(Prose::placeholder()),
        Move::Lose(Prose::placeholder()),
        Move::Abandon(Prose::placeholder()),
    ]
}

/// Every place a campaign can be in, once: the rows of the table.
pub fn places() -> Vec<Course> {
    let place = |state, started: bool, ended: bool| Course {
        state,
        started_on: started.then_some(Date::ZERO),
        ended_on: ended.then_some(Date::ZERO),
    };
    vec![
        Course::PLANNED,
        place(State::Active, true, false),
        place(State::Paused(Prose::placeholder()), true, false),
        place(State::Won(Prose::placeholder()), true, true),
        place(State::Lost(Prose::placeholder()), true, true),
        place(State::Abandoned(Prose::placeholder()), true, true),
        place(State::Abandoned(Prose::placeholder()), false, true),
    ]
}

/// The whole table of place and move as a Markdown table: the documentation is the code.
pub fn table() -> String {
    let heads: Vec<_> = samples().iter().map(Move::as_str).collect();
    let mut lines = vec![
        format!("| status | begun | {} |", heads.join(" | ")),
        format!("|---|---|{}", "---|".repeat(heads.len())),
    ];
    for place in places() {
        let begun = if place.started_on.is_some() {
            "yes"
        } else {
            "no"
        };
        let cells = samples().map(|wanted| {
            let to = place.moved(wanted, Date::ZERO);
            to.map_or("–", |to| to.state.as_str())
        });
        lines.push(format!(
            "| {} | {begun} | {} |",
            place.state.as_str(),
            cells.join(" | ")
        ));
    }
    lines.join("\n")
}
