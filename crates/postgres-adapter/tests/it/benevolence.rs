//! Contract of the repositories of the benevolence fund.

mod applications;
mod bench;
mod file;
mod fund;
mod lists;
mod sight;

use jiff::civil::{Date, date};
use unionhall_domain::{
    benevolence::{
        Author, Award, BenevolenceApplication, BenevolenceNumber, Climb, Level, Reason, Request,
        Review, Reviewer, State, Verdict,
    },
    members::Member,
    money::Amount,
    roles::Role,
    tenants::Tenant,
    text::Prose,
    users::User,
    version::Version,
};
use unionhall_ports::unit_of_work::{Scope, UnitOfWork};
use unionhall_testing::builders;

/// The day on which everything happens.
const DAY: Date = date(2026, 3, 2);

/// A tenant with two members and two officers.
struct Hall {
    tenant: Tenant,
    ada: Member,
    grace: Member,
    vp: User,
    manager: User,
}

impl Hall {
    fn new(storage: &dyn UnitOfWork, slug: &str) -> Self {
        let tenant = builders::tenant(storage, slug);
        let officer = |name: &str| {
            let user = builders::user(storage, &format!("{name}@{slug}.example"));
            builders::membership(storage, &user, tenant.id, &[Role::Officer]);
            user
        };
        Self {
            ada: builders::member(storage, tenant.id, "1", "Ada", "Voltz"),
            grace: builders::member(storage, tenant.id, "2", "Grace", "Ohm"),
            vp: officer("vp"),
            manager: officer("manager"),
            tenant,
        }
    }

    fn scope(&self) -> Scope {
        Scope::Tenant(self.tenant.id)
    }

    /// Ada's draft, not stored.
    fn draft(&self, place: i32) -> BenevolenceApplication {
        BenevolenceApplication {
            id: builders::fresh_id(),
            number: BenevolenceNumber::new(2026, place).unwrap(),
            member: self.ada.id,
            filed_by: Some(self.vp.id),
            author: Author::Office,
            application_date: DAY,
            request: Request {
                reason: Reason::Medical,
                description: prose("Surgery, and no work since May."),
                amount: cents(60_000),
            },
            notes: Some(prose("Two lines:\n'quoted' and \\ and ?")),
            state: State::Draft,
            since: builders::now(),
            version: Version::FIRST,
            created_at: builders::now(),
            updated_at: builders::now(),
            deleted_at: None,
        }
    }

    /// Ada's application standing there, not stored.
    fn standing(&self, place: i32, state: State) -> BenevolenceApplication {
        BenevolenceApplication {
            state,
            ..self.draft(place)
        }
    }

    /// A review by the vice-president, not stored.
    fn review(&self, application: &BenevolenceApplication, verdict: Verdict) -> Review {
        Review {
            id: builders::fresh_id(),
            application: application.id,
            level: Level::Vp,
            reviewer: Reviewer {
                user: self.vp.id,
                member: Some(self.grace.id),
            },
            verdict,
            comments: Some(prose("Seen.")),
            reviewed_at: builders::now(),
        }
    }
}

fn prose<const MAX: usize>(text: &str) -> Prose<MAX> {
    Prose::parse(text).unwrap()
}

fn cents(minor: i64) -> Amount {
    Amount::from_minor(minor).unwrap()
}

fn under_review(level: Level) -> State {
    State::UnderReview(Climb::restore(cents(60_000), level, Level::President).unwrap())
}

fn awarded(amount: i64, paid: i64, on: Date) -> State {
    State::Awarded(Award::restore(cents(amount), cents(paid), on).unwrap())
}

fn store(storage: &dyn UnitOfWork, hall: &Hall, applications: &[BenevolenceApplication]) {
    builders::store(storage, hall.scope(), |tx| {
        applications
            .iter()
            .try_for_each(|one| tx.benevolence().insert(one))
    });
}
