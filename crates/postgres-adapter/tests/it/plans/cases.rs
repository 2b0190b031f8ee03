//! The ways to ask the lists of grievances and of what belongs to them.

use jiff::SignedDuration;
use unionhall_domain::{
    deadlines::DeadlineStatus,
    grievance_boards::{Grouping, Period, Week},
    grievances::Step,
    information_requests::RequestStatus,
    obligations::ObligationStatus,
    step_meetings::Party,
    tenants::ZoneName,
};
use unionhall_ports::{
    deadlines::{DeadlineFilter, DeadlineSort},
    grievance_boards::{DueFilter, DueSort, LoadSort},
    grievances::{GrievanceFilter, GrievanceSort},
    information_requests::{InformationRequestFilter, InformationRequestSort},
    obligations::{ObligationFilter, ObligationSort},
    representation_log::LogSort,
    step_meetings::StepMeetingSort,
};
use unionhall_testing::builders;

use super::{DAY, MONTH_LATER, Pattern, TIME, lists, one, only, pages, pattern};

/// What grievances are asked by.
fn grievance_filters() -> Vec<(&'static str, GrievanceFilter)> {
    let all = GrievanceFilter::default;
    let search = |words: &str| {
        only!(GrievanceFilter {
            search: Some(words.to_owned())
        })
    };
    vec![
        ("all", all()),
        (
            "by status",
            only!(GrievanceFilter {
                status: Some("hearing")
            }),
        ),
        (
            "by step",
            only!(GrievanceFilter {
                step: Some(Step::Arbitration)
            }),
        ),
        (
            "filed in a month",
            only!(GrievanceFilter {
                filed_from: Some(DAY),
                filed_until: Some(MONTH_LATER)
            }),
        ),
        ("rare words", search("pkmh")),
        ("a number", search("GR-2005-0007")),
        ("common words", search("overtime")),
    ]
}

/// Whose grievances are asked for.
fn grievance_people() -> Vec<(&'static str, GrievanceFilter)> {
    vec![
        (
            "of a member",
            only!(GrievanceFilter {
                member: Some(one())
            }),
        ),
        (
            "against an employer",
            only!(GrievanceFilter {
                employer: Some(one())
            }),
        ),
        (
            "of a representative",
            only!(GrievanceFilter {
                representative: Some(one())
            }),
        ),
        (
            "carried by somebody",
            only!(GrievanceFilter {
                carrier: Some(one())
            }),
        ),
        (
            "common words in what somebody carries",
            only!(GrievanceFilter {
                carrier: Some(one()),
                search: Some("overtime".to_owned())
            }),
        ),
    ]
}

pub(super) fn grievances() -> Vec<Pattern> {
    lists!(
        grievances,
        &[grievance_filters(), grievance_people()].concat(),
        &[
            (GrievanceSort::Number, "GR-2010-0007"),
            (GrievanceSort::Filed, "2010-05-01"),
        ]
    )
}

pub(super) fn deadlines() -> Vec<Pattern> {
    let running = || DeadlineFilter {
        statuses: vec![DeadlineStatus::Open, DeadlineStatus::Extended],
        ..DeadlineFilter::default()
    };
    let filters = [
        ("of every status", DeadlineFilter::default()),
        ("running", running()),
        (
            "missed",
            DeadlineFilter {
                statuses: vec![DeadlineStatus::Missed],
                ..running()
            },
        ),
        (
            "carried by somebody",
            DeadlineFilter {
                carrier: Some(one()),
                ..running()
            },
        ),
        (
            "against an employer",
            DeadlineFilter {
                employer: Some(one()),
                ..running()
            },
        ),
        (
            "by an agreement",
            DeadlineFilter {
                agreement: Some(one()),
                ..running()
            },
        ),
        (
            "running on a step",
            DeadlineFilter {
                step: Some(Step::Arbitration),
                ..running()
            },
        ),
        (
            "due in a month",
            DeadlineFilter {
                due_from: Some(DAY),
                due_until: Some(MONTH_LATER),
                ..running()
            },
        ),
    ];
    let mut patterns = lists!(deadlines, &filters, &[(DeadlineSort::Due, "2010-05-01")]);
    patterns.extend(counted_deadlines());
    patterns
}

/// What the engine, its warnings and the calendars ask.
fn counted_deadlines() -> Vec<Pattern> {
    let mut patterns = Vec::new();
    patterns.push(pattern("deadlines of a grievance", |tx| {
        tx.deadlines().of_grievance(one()).map(drop)
    }));
    patterns.push(pattern("deadlines that run", |tx| {
        tx.deadlines().running(None, None, 100).map(drop)
    }));
    patterns.push(pattern("deadlines to warn of", |tx| {
        tx.deadlines().to_warn(DAY, 100).map(drop)
    }));
    patterns.push(pattern("deadlines of a calendar feed", |tx| {
        let ended_after = builders::now();
        tx.deadline_feeds()
            .entries(one(), ended_after, 100)
            .map(drop)
    }));
    patterns.push(pattern("moves that no calendar shows", |tx| {
        let until = builders::now();
        let after = until - SignedDuration::from_hours(24 * 7);
        tx.deadline_feeds()
            .unseen_moves(after, until, 100)
            .map(drop)
    }));
    patterns
}

pub(super) fn information_requests() -> Vec<Pattern> {
    let all = InformationRequestFilter::default;
    let filters = [
        ("all", all()),
        (
            "of a grievance",
            only!(InformationRequestFilter {
                grievance: Some(one())
            }),
        ),
        (
            "by status",
            only!(InformationRequestFilter {
                status: Some(RequestStatus::Asked)
            }),
        ),
        (
            "overdue",
            only!(InformationRequestFilter {
                overdue_on: Some(DAY)
            }),
        ),
        (
            "against an employer",
            only!(InformationRequestFilter {
                employer: Some(one())
            }),
        ),
        (
            "of a representative",
            only!(InformationRequestFilter {
                representative: Some(one())
            }),
        ),
        (
            "due in a month",
            only!(InformationRequestFilter {
                due_from: Some(DAY),
                due_until: Some(MONTH_LATER)
            }),
        ),
    ];
    lists!(
        information_requests,
        &filters,
        &[(InformationRequestSort::Due, "2010-05-01")]
    )
}

pub(super) fn obligations() -> Vec<Pattern> {
    let all = ObligationFilter::default;
    let filters = [
        ("all", all()),
        (
            "of a grievance",
            only!(ObligationFilter {
                grievance: Some(one())
            }),
        ),
        (
            "by status",
            only!(ObligationFilter {
                status: Some(ObligationStatus::Breached)
            }),
        ),
        (
            "outstanding",
            only!(ObligationFilter {
                only_outstanding: true
            }),
        ),
        (
            "overdue",
            only!(ObligationFilter {
                overdue_on: Some(DAY)
            }),
        ),
        (
            "outstanding of a side",
            only!(ObligationFilter {
                only_outstanding: true,
                owed_by: Some(Party::Union)
            }),
        ),
        (
            "against an employer",
            only!(ObligationFilter {
                employer: Some(one())
            }),
        ),
        (
            "of a representative",
            only!(ObligationFilter {
                representative: Some(one())
            }),
        ),
        (
            "due until a day",
            only!(ObligationFilter {
                due_until: Some(DAY)
            }),
        ),
    ];
    lists!(
        obligations,
        &filters,
        &[(ObligationSort::Due, "2010-05-01")]
    )
}

/// The boards over all grievances, which count all that are alive, out of an index.
pub(super) fn boards() -> Vec<Pattern> {
    let zone = || ZoneName::parse("America/Los_Angeles").expect("a time zone");
    let week = Week::from(DAY);
    let mut patterns = vec![pattern("grievances by step", |tx| {
        tx.grievance_boards().by_step().map(drop)
    })];
    for (name, page) in pages(&[(LoadSort::Open, "3")]) {
        let same = page.clone();
        patterns.push(pattern(format!("by representative {name}"), move |tx| {
            let boards = tx.grievance_boards();
            boards.by_representative(week, &zone(), &page).map(drop)
        }));
        patterns.push(pattern(format!("by employer {name}"), move |tx| {
            let boards = tx.grievance_boards();
            boards.by_employer(week, &zone(), &same).map(drop)
        }));
    }
    for whose in [
        DueFilter::default(),
        only!(DueFilter {
            representative: Some(one())
        }),
        only!(DueFilter {
            carrier: Some(one())
        }),
    ] {
        for (name, page) in pages(&[(DueSort::Due, "2010-05-01")]) {
            patterns.push(pattern(format!("due of {whose:?} {name}"), move |tx| {
                let boards = tx.grievance_boards();
                boards.due(week, &zone(), &whose, &page).map(drop)
            }));
        }
    }
    for by in Grouping::ALL {
        patterns.push(pattern(format!("statistics by {by:?}"), move |tx| {
            let period = Period::new(Some(DAY), Some(MONTH_LATER), MONTH_LATER).expect("a period");
            let boards = tx.grievance_boards();
            boards.statistics(period, by).map(drop)
        }));
    }
    patterns
}

/// What is asked for a case file.
pub(super) fn case_files() -> Vec<Pattern> {
    vec![
        pattern("size of a case", |tx| tx.case_files().size(one()).map(drop)),
        pattern("notices of a case", |tx| {
            tx.case_files().notices(one()).map(drop)
        }),
        pattern("names in a case", |tx| {
            let ids = [one::<()>().uuid()];
            tx.case_files().names(&ids).map(drop)
        }),
    ]
}

/// What is listed of one grievance alone.
pub(super) fn of_one_grievance() -> Vec<Pattern> {
    let mut patterns = Vec::new();
    for (name, page) in pages(&[(StepMeetingSort::Start, TIME)]) {
        patterns.push(pattern(format!("step_meetings {name}"), move |tx| {
            tx.step_meetings().list(one(), &page).map(drop)
        }));
    }
    for (name, page) in pages(&[(LogSort::Recorded, TIME)]) {
        patterns.push(pattern(format!("representation_log {name}"), move |tx| {
            tx.representation_log().list(one(), None, &page).map(drop)
        }));
    }
    patterns
}
