//! What the audit trail holds back is what the domain holds back.

use unionhall_domain::{
    audit::{AuditAction, Target},
    benevolence::{
        BenevolenceApplication, Level, Looking, Naming, Review, Reviewer, Rules, RulesVersion,
        Seat, Sight, State, Unmasking, Verdict,
    },
};
use unionhall_ports::{
    audit::{AuditActor, AuditFilter, AuditSort, Onlooker},
    pages::{Direction, PageRequest},
    unit_of_work::UnitOfWork,
};
use unionhall_testing::{TestDatabase, builders};
use uuid::Uuid;

use super::{DAY, Hall, awarded, cents, prose, store, under_review};
use crate::audit::event;

/// Sets the rules and seats the vice-president, from this day on.
fn seated(storage: &dyn UnitOfWork, hall: &Hall, naming: Naming) -> Vec<Seat> {
    let version = RulesVersion {
        effective_from: DAY,
        rules: Rules {
            naming,
            ..Rules::default_rules()
        },
        set_by: None,
        set_at: builders::now(),
    };
    let seat = Seat {
        id: builders::fresh_id(),
        level: Level::Vp,
        holder: Reviewer {
            user: hall.vp.id,
            member: None,
        },
        from: DAY,
        until: None,
    };
    builders::store(storage, hall.scope(), |tx| {
        tx.benevolence_bench().put_rules(&version)?;
        tx.benevolence_bench().insert_seat(&seat)
    });
    vec![seat]
}

/// Puts on record that somebody did something to applications.
fn recorded(storage: &dyn UnitOfWork, hall: &Hall, target: Option<Uuid>) {
    let mut event = event(Some(hall.tenant.id));
    event.action = AuditAction::Moved;
    event.target = Target::BenevolenceApplication;
    event.target_id = target;
    event.actor = AuditActor::User(hall.manager.id);
    builders::store(storage, hall.scope(), |tx| tx.audit().insert(&[event]));
}

/// The records of applications that an onlooker is told, and how many are counted.
fn told(storage: &dyn UnitOfWork, hall: &Hall, onlooker: Onlooker) -> Vec<Option<Uuid>> {
    let filter = AuditFilter {
        onlooker: Some(onlooker),
        ..AuditFilter::default()
    };
    let request = PageRequest {
        limit: 100,
        after: None,
        sort: AuditSort::Time,
        direction: Direction::Ascending,
        with_total: true,
    };
    let page = builders::store(storage, hall.scope(), |tx| {
        tx.audit().list(&filter, &request)
    });
    assert_eq!(page.total, u64::try_from(page.items.len()).ok());
    page.items.iter().map(|event| event.target_id).collect()
}

/// Applications that are seen or not, and what was done by then that decides on it; all of it on record.
struct Cases {
    all: Vec<BenevolenceApplication>,
    reviews: [Review; 2],
    unmaskings: [Unmasking; 1],
}

impl Cases {
    fn stored(storage: &dyn UnitOfWork, hall: &Hall) -> Self {
        let by_the_office = |place, state| BenevolenceApplication {
            filed_by: Some(hall.manager.id),
            ..hall.standing(place, state)
        };
        let mut of_grace = by_the_office(7, under_review(Level::Vp));
        of_grace.member = hall.grace.id;
        let all = vec![
            by_the_office(1, under_review(Level::Vp)),
            by_the_office(2, awarded(100, 0, DAY)),
            hall.standing(3, State::Draft),
            by_the_office(4, under_review(Level::Admin)),
            by_the_office(5, under_review(Level::Vp)),
            by_the_office(6, under_review(Level::Vp)),
            of_grace,
        ];
        store(storage, hall, &all);
        let reviews = [
            hall.review(&all[3], Verdict::Approve(cents(1))),
            hall.review(&all[4], Verdict::Ask(prose("How much?"))),
        ];
        let unmaskings = [Unmasking {
            id: builders::fresh_id(),
            application: all[5].id,
            user: hall.vp.id,
            reason: prose("I may know them."),
            at: builders::now(),
        }];
        builders::store(storage, hall.scope(), |tx| {
            let file = tx.benevolence_file();
            reviews.iter().try_for_each(|one| file.insert_review(one))?;
            unmaskings
                .iter()
                .try_for_each(|one| file.insert_unmasking(one))
        });
        for case in &all {
            recorded(storage, hall, Some(case.id.uuid()));
        }
        Self {
            all,
            reviews,
            unmaskings,
        }
    }

    /// Whether the domain shows the whole of an application.
    fn shown(
        &self,
        case: &BenevolenceApplication,
        who: Reviewer,
        naming: Naming,
        seats: &[Seat],
    ) -> bool {
        let reviews = self.reviews.iter().filter(|one| one.application == case.id);
        let unmaskings = self.unmaskings.iter();
        let unmaskings = unmaskings.filter(|one| one.application == case.id);
        let looking = Looking {
            who,
            day: DAY,
            naming,
            seats,
            reviews: &reviews.cloned().collect::<Vec<_>>(),
            unmaskings: &unmaskings.cloned().collect::<Vec<_>>(),
        };
        looking.sight(case) == Sight::Whole
    }
}

#[test]
fn the_trail_tells_of_an_application_what_the_domain_shows_of_it() {
    for naming in Naming::ALL {
        let database = TestDatabase::new();
        let storage = &*database.unit_of_work();
        let hall = Hall::new(storage, "local-46");
        let seats = seated(storage, &hall, naming);
        let cases = Cases::stored(storage, &hall);
        for (user, member) in [
            (hall.vp.id, None),
            (hall.vp.id, Some(hall.grace.id)),
            (hall.manager.id, None),
        ] {
            let day = DAY;
            let told = told(storage, &hall, Onlooker { user, member, day });
            let who = Reviewer { user, member };
            for case in &cases.all {
                assert_eq!(
                    told.contains(&Some(case.id.uuid())),
                    cases.shown(case, who, naming, &seats),
                    "{naming:?} {who:?} {}",
                    case.number
                );
            }
        }
    }
}

#[test]
fn who_listed_applications_is_held_back_too_and_nothing_else_is() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    seated(storage, &hall, Naming::NeedFirst);
    recorded(storage, &hall, None);
    let onlooker = |user, day| Onlooker {
        user,
        member: None,
        day,
    };
    assert!(told(storage, &hall, onlooker(hall.vp.id, DAY)).is_empty());
    let before = DAY.yesterday().unwrap();
    assert_eq!(told(storage, &hall, onlooker(hall.vp.id, before)), [None]);
    let own = told(storage, &hall, onlooker(hall.manager.id, DAY));
    assert_eq!(own, [None], "who has no seat");
}
