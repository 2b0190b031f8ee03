//! What the tests of the commands stand on: the use cases over mocks of the ports.

use std::sync::Arc;

use jiff::Timestamp;
use unionhall_application::{Application, core::Core, links::Links};
use unionhall_domain::{
    ids::Id,
    registrations::RegistrationMode,
    tenants::{Currency, Plan, Slug, Tenant, TenantKind, ZoneName},
    text::Line,
    version::Version,
};
use unionhall_ports::{
    audit::MockReadLog,
    clock::MockClock,
    mock::{FakeUnitOfWork, MockRepositories},
    sealing::MockSealer,
};
use uuid::Uuid;

use crate::{passwords::ShippedList, signatures::KeyedSignatures};

/// A tenant that is there.
pub(crate) fn tenant() -> Tenant {
    Tenant {
        id: Id::new(Uuid::from_u128(46)),
        slug: Slug::parse("local-46").unwrap(),
        name: Line::parse("Electrical Workers Local 46").unwrap(),
        kind: TenantKind::Local,
        time_zone: ZoneName::parse("America/Los_Angeles").unwrap(),
        currency: Currency::parse("USD").unwrap(),
        plan: Plan::ACTIVE,
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
    }
}

/// Every test's present.
pub(crate) fn now() -> Timestamp {
    "2026-11-21T20:00:00Z".parse().unwrap()
}

/// A clock that always shows [`now`].
pub(crate) fn clock() -> MockClock {
    let mut clock = MockClock::new();
    clock.expect_now().returning(now);
    clock.expect_new_id().returning(|| Uuid::from_u128(9_000));
    clock
}

/// The use cases over these mocks, and how their transactions end. Audit events are taken and forgotten.
pub(crate) fn over(mut mocks: MockRepositories) -> (Application, Arc<FakeUnitOfWork>) {
    mocks.audit.expect_insert().returning(|_| Ok(()));
    let unit_of_work = Arc::new(FakeUnitOfWork::new(mocks));
    let core = Core {
        unit_of_work: Arc::<FakeUnitOfWork>::clone(&unit_of_work),
        reads: Arc::new(MockReadLog::new()),
        clock: Arc::new(clock()),
        signatures: Arc::new(KeyedSignatures::new(Vec::new())),
        registration: RegistrationMode::Closed,
        common_passwords: Arc::new(ShippedList::open().unwrap()),
        links: Links::new("https://hall.example"),
        sealer: Arc::new(MockSealer::new()),
    };
    (Application::new(Arc::new(core)), unit_of_work)
}
