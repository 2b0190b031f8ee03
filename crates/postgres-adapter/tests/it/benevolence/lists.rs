//! Lists of applications, queues and counts: filters, orders, cursors, totals, search.

use jiff::{SignedDuration, civil::date};
use unionhall_domain::{
    benevolence::{
        Author, BenevolenceApplication, Climb, Level, Reason, Request, Review, Reviewer, State,
        Status, Turn, Verdict,
    },
    ids::Id,
    members::MemberId,
    users::UserId,
};
use unionhall_ports::{
    benevolence::{BenevolenceFilter, BenevolenceSort, Queue, QueueSort, Waiter},
    pages::{Cursor, Direction, Page, PageRequest},
    storage::StorageError,
    unit_of_work::UnitOfWork,
};
use unionhall_testing::{TestDatabase, builders};
use uuid::Uuid;

use super::{DAY, Hall, awarded, cents, prose, store, under_review};

const SORTS: [BenevolenceSort; 3] = [
    BenevolenceSort::Number,
    BenevolenceSort::Amount,
    BenevolenceSort::Since,
];

fn page(limit: u16, sort: BenevolenceSort, direction: Direction) -> PageRequest<BenevolenceSort> {
    PageRequest {
        limit,
        after: None,
        sort,
        direction,
        with_total: true,
    }
}

fn list(
    storage: &dyn UnitOfWork,
    hall: &Hall,
    filter: &BenevolenceFilter,
    page: &PageRequest<BenevolenceSort>,
) -> Page<BenevolenceApplication> {
    storage
        .snapshot(hall.scope(), |tx| tx.benevolence().list(filter, page))
        .unwrap_or_else(|error: StorageError| panic!("{error:?}"))
}

/// Follows the cursors to the end, and gives the places of all applications on the way.
fn walk(
    storage: &dyn UnitOfWork,
    hall: &Hall,
    filter: &BenevolenceFilter,
    mut request: PageRequest<BenevolenceSort>,
) -> Vec<i32> {
    let mut places = Vec::new();
    loop {
        let page = list(storage, hall, filter, &request);
        assert!(page.items.len() <= usize::from(request.limit));
        places.extend(page.items.iter().map(|found| found.number.place()));
        match page.next {
            None => {
                let total = u64::try_from(places.len()).unwrap();
                assert_eq!(page.total, Some(total), "{filter:?}");
                return places;
            }
            Some(next) => request.after = Some(next),
        }
    }
}

fn all() -> BenevolenceFilter {
    BenevolenceFilter::default()
}

fn asking(hall: &Hall, place: i32, minor: i64, hours: i64) -> BenevolenceApplication {
    let draft = hall.draft(place);
    BenevolenceApplication {
        request: Request {
            amount: cents(minor),
            ..draft.request.clone()
        },
        since: builders::now() + SignedDuration::from_hours(hours),
        ..draft
    }
}

#[test]
fn each_order_is_total_and_can_be_turned_around() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let applications = [
        asking(&hall, 10_000, 300, 1),
        asking(&hall, 9, 100, 2),
        asking(&hall, 7, 200, 3),
    ];
    store(storage, &hall, &applications);
    let walked = |sort, direction| walk(storage, &hall, &all(), page(1, sort, direction));
    for (sort, expected) in [
        (BenevolenceSort::Number, [7, 9, 10_000]),
        (BenevolenceSort::Amount, [9, 7, 10_000]),
        (BenevolenceSort::Since, [10_000, 9, 7]),
    ] {
        assert_eq!(walked(sort, Direction::Ascending), expected);
        let mut turned = expected;
        turned.reverse();
        assert_eq!(walked(sort, Direction::Descending), turned);
    }
}

#[test]
fn cursors_visit_every_application_exactly_once_also_where_everything_is_the_same() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let applications: Vec<_> = (1..=7).map(|place| hall.draft(place)).collect();
    store(storage, &hall, &applications);
    let searched = BenevolenceFilter {
        search: Some("surgery".to_owned()),
        ..all()
    };
    for filter in [all(), searched] {
        for sort in SORTS {
            for direction in [Direction::Ascending, Direction::Descending] {
                for limit in [1, 3, 100] {
                    let mut places = walk(storage, &hall, &filter, page(limit, sort, direction));
                    places.sort_unstable();
                    assert_eq!(places, [1, 2, 3, 4, 5, 6, 7], "{sort:?} {direction:?}");
                }
            }
        }
    }
    for sort in SORTS {
        let request = PageRequest {
            after: Some(Cursor {
                key: "nothing".to_owned(),
                id: builders::fresh_uuid(),
            }),
            ..page(10, sort, Direction::Ascending)
        };
        assert!(list(storage, &hall, &all(), &request).items.is_empty());
    }
}

#[test]
fn a_draft_that_a_member_wrote_is_listed_for_them_alone_until_it_is_handed_in() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let own = BenevolenceApplication {
        author: Author::Applicant,
        ..hall.draft(1)
    };
    let handed_in = BenevolenceApplication {
        author: Author::Applicant,
        ..hall.standing(2, under_review(Level::Vp))
    };
    store(storage, &hall, &[own, handed_in, hall.draft(3)]);
    let seen = |viewer, search: Option<&str>| {
        let filter = BenevolenceFilter {
            viewer,
            search: search.map(str::to_owned),
            ..all()
        };
        // The pages are whole and the total is right, whatever is left out.
        let request = page(1, BenevolenceSort::Number, Direction::Ascending);
        walk(storage, &hall, &filter, request)
    };
    for words in [None, Some("surgery")] {
        assert_eq!(seen(None, words), [2, 3], "{words:?}");
        assert_eq!(seen(Some(hall.grace.id), words), [2, 3], "{words:?}");
        assert_eq!(seen(Some(hall.ada.id), words), [1, 2, 3], "{words:?}");
    }
}

#[test]
fn each_filter_and_all_of_them_together_leave_the_others_out() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let mut hardship = hall.standing(2, under_review(Level::Vp));
    hardship.request.reason = Reason::Hardship;
    hardship.application_date = date(2026, 3, 9);
    let mut of_grace = hall.draft(3);
    of_grace.member = hall.grace.id;
    let mut deleted = hall.draft(4);
    deleted.deleted_at = Some(builders::now());
    store(
        storage,
        &hall,
        &[hall.draft(1), hardship, of_grace, deleted],
    );
    let found = |filter: &BenevolenceFilter| {
        let request = page(100, BenevolenceSort::Number, Direction::Ascending);
        let plain = walk(storage, &hall, filter, request.clone());
        let searched = BenevolenceFilter {
            search: Some("work".to_owned()),
            ..filter.clone()
        };
        assert_eq!(walk(storage, &hall, &searched, request), plain);
        plain
    };
    let by = |change: fn(&mut BenevolenceFilter)| {
        let mut filter = all();
        change(&mut filter);
        filter
    };
    assert_eq!(found(&all()), [1, 2, 3]);
    assert_eq!(found(&by(|f| f.status = Some(Status::UnderReview))), [2]);
    assert_eq!(found(&by(|f| f.reason = Some(Reason::Medical))), [1, 3]);
    assert_eq!(found(&by(|f| f.from = Some(date(2026, 3, 3)))), [2]);
    assert_eq!(found(&by(|f| f.until = Some(DAY))), [1, 3]);
    let of_grace = BenevolenceFilter {
        member: Some(hall.grace.id),
        ..all()
    };
    assert_eq!(found(&of_grace), [3]);
    let none = BenevolenceFilter {
        status: Some(Status::Paid),
        ..of_grace
    };
    assert!(found(&none).is_empty());
}

#[test]
fn words_are_found_in_number_and_story_and_never_in_the_name() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let mut flood = hall.draft(12);
    flood.request.description = prose("The río was in the house.");
    store(storage, &hall, &[hall.draft(1), flood]);
    let found = |words: &str| {
        let filter = BenevolenceFilter {
            search: Some(words.to_owned()),
            ..all()
        };
        let request = page(100, BenevolenceSort::Number, Direction::Ascending);
        walk(storage, &hall, &filter, request)
    };
    assert_eq!(found("surg"), [1]);
    assert_eq!(found("RIO house"), [12]);
    assert_eq!(found("BF-2026-0012"), [12]);
    assert_eq!(found("2026-0012"), [12]);
    assert_eq!(found("0012"), [12]);
    for words in ["Ada", "Voltz", "nowhere", "' & | ! :*", "\0"] {
        if words == "\0" {
            assert_eq!(found(words), [1, 12], "no words look for nothing");
        } else {
            assert!(found(words).is_empty(), "{words}");
        }
    }
}

/// Applications that stand where applications can, the later ones longer.
fn standing_everywhere(hall: &Hall) -> Vec<BenevolenceApplication> {
    let climb = |level| Climb::restore(cents(60_000), level, Level::President).unwrap();
    let asked = |level| State::NeedsInfo(climb(level), prose("How much?"));
    let states = [
        State::Draft,
        State::Submitted(climb(Level::Vp)),
        under_review(Level::Vp),
        under_review(Level::Manager),
        asked(Level::Vp),
        awarded(100, 50, DAY),
        awarded(100, 100, DAY),
        State::Withdrawn(None),
    ];
    let stand = |(place, state)| BenevolenceApplication {
        since: builders::now() - SignedDuration::from_hours(i64::from(place)),
        ..hall.standing(place, state)
    };
    (1..).zip(states).map(stand).collect()
}

fn by_since(limit: u16, direction: Direction) -> PageRequest<QueueSort> {
    PageRequest {
        limit,
        after: None,
        sort: QueueSort::Since,
        direction,
        with_total: true,
    }
}

/// The places of what waits in a queue, on all of its pages.
fn waiting(
    storage: &dyn UnitOfWork,
    hall: &Hall,
    turns: &[Turn],
    queue: &Queue,
    mut request: PageRequest<QueueSort>,
) -> Vec<i32> {
    let mut places = Vec::new();
    loop {
        let page = builders::store(storage, hall.scope(), |tx| {
            tx.benevolence().waiting(turns, queue, &request)
        });
        assert!(page.items.len() <= usize::from(request.limit));
        places.extend(page.items.iter().map(|one| one.number.place()));
        match page.next {
            None => {
                let total = u64::try_from(places.len()).unwrap();
                assert_eq!(page.total, Some(total), "{turns:?}");
                return places;
            }
            Some(next) => request.after = Some(next),
        }
    }
}

fn queue_of(user: Option<UserId>, member: Option<MemberId>, relatives: &[MemberId]) -> Queue {
    Queue::Of(Waiter {
        user,
        member,
        relatives: relatives.to_vec(),
    })
}

#[test]
fn the_queue_holds_what_waits_for_these_turns_and_whoever_waits_longest_comes_first() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    store(storage, &hall, &standing_everywhere(&hall));
    let waiting = |turns: &[Turn], queue| {
        let request = by_since(100, Direction::Ascending);
        waiting(storage, &hall, turns, queue, request)
    };
    let everybody = &Queue::Everybody;
    assert_eq!(waiting(&Turn::ALL, everybody), [6, 5, 4, 3, 2]);
    let own = &queue_of(None, Some(hall.ada.id), &[]);
    assert_eq!(waiting(&[Turn::Applicant], own), [5, 1]);
    let other = &queue_of(None, Some(hall.grace.id), &[]);
    assert!(waiting(&[Turn::Applicant], other).is_empty());
    let manager = &[Turn::Level(Level::Manager)];
    assert_eq!(waiting(manager, other), [4]);
    assert_eq!(waiting(&[Turn::Office, Turn::Payment], other), [6, 2]);
    assert!(waiting(&[], everybody).is_empty());
}

#[test]
fn a_queue_is_walked_to_its_end_both_ways_also_where_all_wait_since_the_same_instant() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let mut all: Vec<_> = (1..=7)
        .map(|place| hall.standing(place, under_review(Level::Vp)))
        .collect();
    all[6].since = builders::now() - SignedDuration::from_hours(1);
    store(storage, &hall, &all);
    let turns = [Turn::Level(Level::Vp)];
    let own = queue_of(Some(hall.vp.id), None, &[]);
    for queue in [Queue::Everybody, own] {
        for limit in [1, 3, 100] {
            let walked =
                |direction| waiting(storage, &hall, &turns, &queue, by_since(limit, direction));
            assert_eq!(walked(Direction::Ascending), [7, 1, 2, 3, 4, 5, 6]);
            assert_eq!(walked(Direction::Descending), [6, 5, 4, 3, 2, 1, 7]);
        }
    }
    for key in ["nothing", "2026-02-01T00:00:00Z", "soon BF-2026-0001"] {
        let request = PageRequest {
            after: Some(Cursor {
                key: key.to_owned(),
                id: builders::fresh_uuid(),
            }),
            ..by_since(10, Direction::Ascending)
        };
        let page = builders::store(storage, hall.scope(), |tx| {
            tx.benevolence()
                .waiting(&turns, &Queue::Everybody, &request)
        });
        assert!(page.items.is_empty(), "no list gave {key} out");
    }
}

#[test]
fn the_queue_of_a_reviewer_leaves_out_their_own_their_relatives_and_what_they_have_reviewed() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let applications = standing_everywhere(&hall);
    store(storage, &hall, &applications);
    let waiting = |turns: &[Turn], queue| {
        let request = by_since(100, Direction::Ascending);
        waiting(storage, &hall, turns, queue, request)
    };
    let own = &queue_of(None, Some(hall.ada.id), &[]);
    assert!(waiting(&Turn::ALL[1..], own).is_empty());
    let related = &queue_of(None, Some(hall.grace.id), &[hall.ada.id]);
    assert_eq!(waiting(&Turn::ALL[1..], related), [6, 2]);
    // Who has reviewed at one level does not at another, with another account of the same member either.
    let vp = &queue_of(Some(hall.vp.id), None, &[]);
    let grace = &queue_of(None, Some(hall.grace.id), &[]);
    let manager = &[Turn::Level(Level::Manager)];
    assert_eq!(waiting(manager, vp), [4]);
    let decided = Review {
        id: Id::new(Uuid::from_u128(0x90)),
        application: applications[3].id,
        level: Level::Vp,
        reviewer: Reviewer {
            user: hall.vp.id,
            member: Some(hall.grace.id),
        },
        verdict: Verdict::Approve(cents(60_000)),
        comments: None,
        reviewed_at: builders::now(),
    };
    builders::store(storage, hall.scope(), |tx| {
        tx.benevolence_file().insert_review(&decided)
    });
    assert!(waiting(manager, vp).is_empty());
    assert!(waiting(manager, grace).is_empty());
    assert_eq!(waiting(&[Turn::Level(Level::Vp)], vp), [3]);
}

#[test]
fn years_are_counted_by_reason_and_status_with_their_sums() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let mut deleted = hall.draft(4);
    deleted.deleted_at = Some(builders::now());
    store(
        storage,
        &hall,
        &[
            hall.standing(1, awarded(100, 40, DAY)),
            hall.standing(2, awarded(200, 60, DAY)),
            hall.draft(3),
            deleted,
        ],
    );
    let counts = |from, until| {
        builders::store(storage, hall.scope(), |tx| {
            tx.benevolence().counts(from, until)
        })
    };
    let counted = counts(2026, 2026);
    assert_eq!(counted.len(), 2);
    let granted = counted
        .iter()
        .find(|count| count.status == Status::Approved)
        .unwrap();
    assert_eq!((granted.year, granted.reason), (2026, Reason::Medical));
    let tally = granted.tally;
    assert_eq!(tally.applications, 2);
    let sums = [tally.asked, tally.awarded, tally.paid].map(|sum| sum.minor());
    assert_eq!(sums, [120_000, 300, 100]);
    assert!(counts(2027, 2030).is_empty());
}
