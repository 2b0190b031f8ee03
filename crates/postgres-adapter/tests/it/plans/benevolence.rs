//! The ways to ask the lists of the benevolence fund.

use unionhall_domain::benevolence::{Level, PaymentMethod, Reason, Status, Turn};
use unionhall_ports::benevolence::{
    BenevolenceFilter, BenevolenceSort, PaymentFilter, PaymentSort, Queue, QueueSort,
    RelationFilter, RelationSort, SeatSort, Waiter,
};

use super::{DAY, MONTH_LATER, Pattern, TIME, lists, one, only, pages, pattern};

pub(super) fn lists_and_queues() -> Vec<Pattern> {
    let all = BenevolenceFilter::default;
    let search = |words: &str| {
        only!(BenevolenceFilter {
            search: Some(words.to_owned())
        })
    };
    let filters = [
        ("all", all()),
        (
            "by status",
            only!(BenevolenceFilter {
                status: Some(Status::Submitted)
            }),
        ),
        (
            "by reason",
            only!(BenevolenceFilter {
                reason: Some(Reason::Disaster)
            }),
        ),
        (
            "of a member",
            only!(BenevolenceFilter {
                member: Some(one())
            }),
        ),
        (
            "made in a month",
            only!(BenevolenceFilter {
                from: Some(DAY),
                until: Some(MONTH_LATER)
            }),
        ),
        ("a number", search("BF-2005-0007")),
        ("rare words", search("pkmh")),
    ];
    let mut patterns = lists!(
        benevolence,
        &filters,
        &[
            (BenevolenceSort::Number, "BF-2010-0007"),
            (BenevolenceSort::Amount, "5000"),
            (BenevolenceSort::Since, TIME),
        ]
    );
    patterns.extend(queues());
    patterns.extend(paid_out());
    patterns.extend(bench());
    patterns
}

/// Who sits where, and who is related to whom.
fn bench() -> Vec<Pattern> {
    let mut patterns = Vec::new();
    for (name, page) in pages(&[(SeatSort::Level, "2 2010-05-01")]) {
        patterns.push(pattern(format!("seats {name}"), move |tx| {
            tx.benevolence_bench().list_seats(DAY, &page).map(drop)
        }));
    }
    for (member, user) in [
        (None, None),
        (Some(one()), None),
        (None, Some(one())),
        (Some(one()), Some(one())),
    ] {
        for (name, page) in pages(&[(RelationSort::Declared, TIME)]) {
            let filter = RelationFilter { member, user };
            patterns.push(pattern(format!("relations {filter:?} {name}"), move |tx| {
                let bench = tx.benevolence_bench();
                bench.list_relations(&filter, &page).map(drop)
            }));
        }
    }
    patterns
}

/// What was paid out of the whole fund.
fn paid_out() -> Vec<Pattern> {
    let filters = [
        PaymentFilter::default(),
        only!(PaymentFilter {
            method: Some(PaymentMethod::WireTransfer)
        }),
        only!(PaymentFilter {
            reversed: Some(true)
        }),
        only!(PaymentFilter {
            reversed: Some(false),
            from: Some(DAY),
            until: Some(MONTH_LATER)
        }),
    ];
    let mut patterns = Vec::new();
    for filter in filters {
        for (name, page) in pages(&[(PaymentSort::Day, "2010-05-01")]) {
            patterns.push(pattern(format!("payments {filter:?} {name}"), move |tx| {
                tx.benevolence_fund().payments(&filter, &page).map(drop)
            }));
        }
    }
    patterns
}

/// What waits.
fn queues() -> Vec<Pattern> {
    let of_somebody = || {
        Queue::Of(Waiter {
            user: Some(one()),
            member: Some(one()),
            relatives: vec![one()],
        })
    };
    let vp = Turn::Level(Level::Vp);
    let queues = [
        (
            "benevolence queue",
            vec![Turn::Office, vp, Turn::Payment],
            Queue::Everybody,
        ),
        ("benevolence queue of a level", vec![vp], Queue::Everybody),
        (
            "benevolence queue of somebody",
            vec![Turn::Applicant, vp, Turn::Payment],
            of_somebody(),
        ),
        (
            "benevolence queue of an applicant",
            vec![Turn::Applicant],
            of_somebody(),
        ),
    ];
    let mut patterns = Vec::new();
    for (called, turns, queue) in queues {
        let place = format!("{TIME} BF-2010-0007");
        for (name, page) in pages(&[(QueueSort::Since, place.as_str())]) {
            let (turns, queue) = (turns.clone(), queue.clone());
            patterns.push(pattern(format!("{called} {name}"), move |tx| {
                tx.benevolence().waiting(&turns, &queue, &page).map(drop)
            }));
        }
    }
    patterns
}
