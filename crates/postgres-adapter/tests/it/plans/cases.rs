//! The ways to ask the lists of grievances, of what belongs to them, and of applications to the benevolence fund.

use unionhall_domain::{
    benevolence::{Level, Reason, Status, Turn},
    deadlines::DeadlineStatus,
    grievances::Step,
    information_requests::RequestStatus,
    obligations::ObligationStatus,
    step_meetings::Party,
};
use unionhall_ports::{
    benevolence::{BenevolenceFilter, BenevolenceSort, Queue, Waiter},
    deadlines::{DeadlineFilter, DeadlineSort},
    grievances::{GrievanceFilter, GrievanceSort},
    information_requests::{InformationRequestFilter, InformationRequestSort},
    obligations::{ObligationFilter, ObligationSort},
    representation_log::LogSort,
    step_meetings::StepMeetingSort,
};

use super::{DAY, MONTH_LATER, Pattern, TIME, lists, one, pages, pattern};

pub(super) fn grievances() -> Vec<Pattern> {
    let all = GrievanceFilter::default;
    let search = |words: &str| GrievanceFilter {
        search: Some(words.to_owned()),
        ..all()
    };
    let filters = [
        ("all", all()),
        (
            "by status",
            GrievanceFilter {
                status: Some("settled"),
                ..all()
            },
        ),
        (
            "by step",
            GrievanceFilter {
                step: Some(Step::Arbitration),
                ..all()
            },
        ),
        (
            "of a member",
            GrievanceFilter {
                member: Some(one()),
                ..all()
            },
        ),
        (
            "against an employer",
            GrievanceFilter {
                employer: Some(one()),
                ..all()
            },
        ),
        (
            "of a representative",
            GrievanceFilter {
                representative: Some(one()),
                ..all()
            },
        ),
        (
            "filed in a month",
            GrievanceFilter {
                filed_from: Some(DAY),
                filed_until: Some(MONTH_LATER),
                ..all()
            },
        ),
        ("rare words", search("pkmh")),
        ("a number", search("GR-2005-0007")),
        ("common words", search("overtime")),
    ];
    lists!(
        grievances,
        &filters,
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
    patterns.push(pattern("deadlines of a grievance", |tx| {
        tx.deadlines().of_grievance(one()).map(drop)
    }));
    patterns.push(pattern("deadlines that run", |tx| {
        tx.deadlines().running(None, None, 100).map(drop)
    }));
    patterns.push(pattern("deadlines to warn of", |tx| {
        tx.deadlines().to_warn(DAY, 100).map(drop)
    }));
    patterns
}

pub(super) fn information_requests() -> Vec<Pattern> {
    let all = InformationRequestFilter::default;
    let filters = [
        ("all", all()),
        (
            "of a grievance",
            InformationRequestFilter {
                grievance: Some(one()),
                ..all()
            },
        ),
        (
            "by status",
            InformationRequestFilter {
                status: Some(RequestStatus::Asked),
                ..all()
            },
        ),
        (
            "overdue",
            InformationRequestFilter {
                overdue_on: Some(DAY),
                ..all()
            },
        ),
        (
            "against an employer",
            InformationRequestFilter {
                employer: Some(one()),
                ..all()
            },
        ),
        (
            "of a representative",
            InformationRequestFilter {
                representative: Some(one()),
                ..all()
            },
        ),
        (
            "due in a month",
            InformationRequestFilter {
                due_from: Some(DAY),
                due_until: Some(MONTH_LATER),
                ..all()
            },
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
            ObligationFilter {
                grievance: Some(one()),
                ..all()
            },
        ),
        (
            "by status",
            ObligationFilter {
                status: Some(ObligationStatus::Breached),
                ..all()
            },
        ),
        (
            "outstanding",
            ObligationFilter {
                only_outstanding: true,
                ..all()
            },
        ),
        (
            "overdue",
            ObligationFilter {
                overdue_on: Some(DAY),
                ..all()
            },
        ),
        (
            "outstanding of a side",
            ObligationFilter {
                only_outstanding: true,
                owed_by: Some(Party::Union),
                ..all()
            },
        ),
        (
            "against an employer",
            ObligationFilter {
                employer: Some(one()),
                ..all()
            },
        ),
        (
            "of a representative",
            ObligationFilter {
                representative: Some(one()),
                ..all()
            },
        ),
        (
            "due until a day",
            ObligationFilter {
                due_until: Some(DAY),
                ..all()
            },
        ),
    ];
    lists!(
        obligations,
        &filters,
        &[(ObligationSort::Due, "2010-05-01")]
    )
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

pub(super) fn benevolence() -> Vec<Pattern> {
    let all = BenevolenceFilter::default;
    let search = |words: &str| BenevolenceFilter {
        search: Some(words.to_owned()),
        ..all()
    };
    let filters = [
        ("all", all()),
        (
            "by status",
            BenevolenceFilter {
                status: Some(Status::Submitted),
                ..all()
            },
        ),
        (
            "by reason",
            BenevolenceFilter {
                reason: Some(Reason::Disaster),
                ..all()
            },
        ),
        (
            "of a member",
            BenevolenceFilter {
                member: Some(one()),
                ..all()
            },
        ),
        (
            "made in a month",
            BenevolenceFilter {
                from: Some(DAY),
                until: Some(MONTH_LATER),
                ..all()
            },
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
    patterns.push(pattern("benevolence queue", |tx| {
        let turns = [Turn::Office, Turn::Level(Level::Vp), Turn::Payment];
        tx.benevolence()
            .waiting(&turns, &Queue::Everybody, 200)
            .map(drop)
    }));
    patterns.push(pattern("benevolence queue of somebody", |tx| {
        let turns = [Turn::Applicant, Turn::Level(Level::Vp), Turn::Payment];
        let queue = Queue::Of(Waiter {
            user: Some(one()),
            member: Some(one()),
            relatives: vec![one()],
        });
        tx.benevolence().waiting(&turns, &queue, 200).map(drop)
    }));
    patterns
}
