//! The ways to ask for what came into the benevolence fund, what was awarded, and what belongs to an application.

use unionhall_domain::benevolence::Reason;
use unionhall_ports::benevolence::EntrySort;

use super::{Pattern, one, pages, pattern};

pub(super) fn fund() -> Vec<Pattern> {
    let mut patterns = vec![
        pattern("awarded to a member", |tx| {
            let fund = tx.benevolence_fund();
            fund.awarded(one(), Reason::Disaster, 2005).map(drop)
        }),
        pattern("applications of two years counted", |tx| {
            tx.benevolence().counts(2005, 2006).map(drop)
        }),
    ];
    for (name, page) in pages(&[(EntrySort::Day, "2010-05-01")]) {
        patterns.push(pattern(format!("entries {name}"), move |tx| {
            tx.benevolence_fund().entries(&page).map(drop)
        }));
    }
    patterns.extend(application());
    patterns
}

/// What belongs to one application, or to those of a page.
fn application() -> Vec<Pattern> {
    vec![
        pattern("reviews", |tx| {
            tx.benevolence_file().reviews(&[one()]).map(drop)
        }),
        pattern("answers", |tx| {
            tx.benevolence_file().answers(one()).map(drop)
        }),
        pattern("payments", |tx| {
            tx.benevolence_file().payments(one()).map(drop)
        }),
        pattern("unmaskings", |tx| {
            tx.benevolence_file().unmaskings(&[one()]).map(drop)
        }),
    ]
}
