//! What the worker asks every minute, of all halls at once.

use jiff::{SignedDuration, Timestamp};
use unionhall_testing::builders;

use super::{DAY, Pattern, TIME, Way, pattern};

pub(super) fn worker() -> Vec<Pattern> {
    let patterns = [
        pattern("halls with deadlines that are due", |tx| {
            tx.deadlines().tenants_with_due(DAY).map(drop)
        }),
        pattern("halls with deadlines that were moved", |tx| {
            let after = builders::now();
            tx.deadline_feeds().tenants_with_moves(after).map(drop)
        }),
        pattern("the next case file", |tx| {
            let now = builders::now();
            let lease = now + SignedDuration::from_mins(5);
            tx.case_files().claim(now, lease).map(drop)
        }),
        pattern("case files that are over", |tx| {
            let before: Timestamp = TIME.parse().expect("an instant");
            tx.case_files().forget(before, before, 100).map(drop)
        }),
    ];
    patterns.map(|pattern| pattern.by(Way::Working)).into()
}
