//! The whole table of statuses and actions, as text to read.

use super::status::{DeadlineMove, DeadlineStatus};

/// The whole table of status and action as a Markdown table: the documentation is the code.
///
/// What the cell names is where the move leads; `meet` and `miss` also look at the day.
pub fn table() -> String {
    let moves = DeadlineMove::ALL;
    let heads = moves.map(|action| format!(" {} |", action.as_str()));
    let mut lines = vec![
        format!("| status |{}", heads.concat()),
        format!("|---|{}", "---|".repeat(moves.len())),
    ];
    for status in DeadlineStatus::ALL {
        let cell = |action| match status.allows(action) {
            true => format!(" {} |", leads_to(action)),
            false => " – |".to_owned(),
        };
        lines.push(format!(
            "| {} |{}",
            status.as_str(),
            moves.map(cell).concat()
        ));
    }
    lines.join("\n")
}

/// Where a move leads; what is taken up again is open, or extended if it had been.
const fn leads_to(action: DeadlineMove) -> &'static str {
    match action {
        DeadlineMove::Meet => "met",
        DeadlineMove::Miss => "missed",
        DeadlineMove::Extend => "extended",
        DeadlineMove::Waive => "waived",
        DeadlineMove::Lapse => "lapsed",
        DeadlineMove::Reopen => "open or extended",
    }
}

/// A deadline in each of the statuses.
#[cfg(test)]
pub(super) fn places() -> Vec<super::Deadline> {
    use jiff::{Timestamp, civil::date};

    use super::samples;

    let calendars = samples::calendars();
    let act = |action| {
        samples::deadline(1)
            .apply(
                samples::action(action),
                &calendars,
                date(2026, 11, 18),
                Timestamp::UNIX_EPOCH,
            )
            .unwrap()
    };
    let moved = [
        DeadlineMove::Meet,
        DeadlineMove::Miss,
        DeadlineMove::Extend,
        DeadlineMove::Waive,
        DeadlineMove::Lapse,
    ];
    let mut places = vec![samples::deadline(1)];
    places.extend(moved.map(act));
    places
}
