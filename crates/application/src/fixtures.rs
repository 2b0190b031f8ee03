//! What the unit tests of the use cases stand on: mocks of the ports around one small hall.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use jiff::{Timestamp, civil::date};
use sha2::{Digest, Sha256};
use unionhall_domain::{
    grievances::{Claim, Grievance, GrievanceId, GrievanceNumber, Progress},
    ids::Id,
    members::{Member, MemberClassification, MemberDetails, MemberId, MemberNumber, MemberStatus},
    organizations::{Organization, OrganizationDetails, OrganizationId, OrganizationType},
    registrations::RegistrationMode,
    roles::Role,
    tenants::{Currency, Plan, Slug, Tenant, TenantId, TenantKind, ZoneName},
    text::{Line, Prose},
    users::{
        EmailAddress, User, UserId,
        places::{Place, Standing},
    },
    version::Version,
};
use unionhall_ports::{
    audit::{AuditEvent, MockReadLog, Origin},
    clock::MockClock,
    identity::{Access, Colleague, HeldRole, SessionId},
    mock::{FakeUnitOfWork, MockRepositories},
    outbox::OutboxMail,
    pages::{Direction, PageRequest},
    passwords::MockCommonPasswords,
    sealing::{MockSealer, Sealed},
    signatures::MockSignatures,
    storage::StorageError,
    unit_of_work::{Decision, Mode, Scope},
};
use uuid::Uuid;

use crate::{
    Application,
    actor::Actor,
    call::Call,
    core::Core,
    error::{Code, Coded},
    links::Links,
};

/// Every test's present: an afternoon in Seattle, and the evening in Greenwich.
pub(crate) fn now() -> Timestamp {
    "2026-11-21T20:00:00Z".parse().unwrap()
}

/// An id that is known by its number.
pub(crate) const fn id<T>(number: u128) -> Id<T> {
    Id::new(Uuid::from_u128(number))
}

/// The tenant of every test.
pub(crate) const HALL: TenantId = id(46);
/// The user who calls.
pub(crate) const CALLER: UserId = id(1_001);
/// The session of the caller.
pub(crate) const SESSION: SessionId = id(1_002);
/// The member of every test.
pub(crate) const ADA: MemberId = id(2_001);
/// Another member.
pub(crate) const GRACE: MemberId = id(2_002);
/// The employer of every test.
pub(crate) const EMPLOYER: OrganizationId = id(3_001);
/// The grievance of every test.
pub(crate) const CASE: GrievanceId = id(4_001);
/// The representative of every test.
pub(crate) const STEWARD: UserId = id(1_003);

/// The hall itself.
pub(crate) fn tenant() -> Tenant {
    Tenant {
        id: HALL,
        slug: Slug::parse("local-46").unwrap(),
        name: Line::parse("Local 46").unwrap(),
        kind: TenantKind::Local,
        time_zone: ZoneName::parse("America/Los_Angeles").unwrap(),
        currency: Currency::parse("USD").unwrap(),
        plan: Plan::ACTIVE,
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
    }
}

/// Another hall.
pub(crate) fn other_tenant() -> Tenant {
    Tenant {
        id: id(77),
        slug: Slug::parse("training-trust").unwrap(),
        name: Line::parse("Training Trust").unwrap(),
        ..tenant()
    }
}

/// A user with this id.
pub(crate) fn user(id: UserId) -> User {
    User {
        id,
        email: EmailAddress::parse("stella@hall.example").unwrap(),
        first_name: Line::parse("Stella").unwrap(),
        last_name: Line::parse("Steward").unwrap(),
        last_login_at: None,
        created_at: now(),
    }
}

/// A role held for good.
pub(crate) const fn for_good(role: Role) -> HeldRole {
    HeldRole {
        role,
        expires_at: None,
    }
}

/// What the caller's session may do with these roles.
pub(crate) fn access(roles: &[HeldRole], member: Option<MemberId>) -> Access {
    Access {
        session: SESSION,
        user: user(CALLER),
        tenant: tenant(),
        roles: roles.to_vec(),
        member,
        second_factor_roles: Vec::new(),
        has_second_factor: false,
    }
}

/// A call from somewhere.
pub(crate) fn call_of(actor: Actor) -> Call {
    let origin = Origin {
        request_id: "request-1".to_owned(),
        address: Some("192.0.2.1".to_owned()),
        device: Some("test".to_owned()),
    };
    Call::new(actor, origin)
}

/// A call by somebody who holds this one role.
pub(crate) fn call(role: Role) -> Call {
    let access = Arc::new(access(&[for_good(role)], None));
    call_of(Actor::person(access, Arc::new(tenant()), now()))
}

/// A call by somebody with the member's role who is this member, if one.
pub(crate) fn call_of_member(member: Option<MemberId>) -> Call {
    let access = Arc::new(access(&[for_good(Role::Member)], member));
    call_of(Actor::person(access, Arc::new(tenant()), now()))
}

/// The same call, only rehearsed.
pub(crate) fn rehearsed(call: Call) -> Call {
    Call {
        dry_run: true,
        ..call
    }
}

/// The same call, meant for this version.
pub(crate) fn if_match(call: Call, version: i64) -> Call {
    Call {
        expected: Some(vec![Version::new(version).unwrap()]),
        ..call
    }
}

/// What is known of Ada.
pub(crate) fn details() -> MemberDetails {
    MemberDetails {
        member_number: MemberNumber::parse("A1204").unwrap(),
        first_name: Line::parse("Ada").unwrap(),
        last_name: Line::parse("Voltz").unwrap(),
        middle_name: None,
        address: None,
        city: Some(Line::parse("Kent").unwrap()),
        state: None,
        zip_code: None,
        phone: None,
        email: None,
        date_of_birth: None,
        hire_date: Some(date(2001, 9, 3)),
        status: MemberStatus::Active,
        classification: MemberClassification::Journeyman,
        notes: None,
    }
}

/// Ada.
pub(crate) fn member() -> Member {
    Member {
        id: ADA,
        details: details(),
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
    }
}

/// The employer.
pub(crate) fn organization() -> Organization {
    Organization {
        id: EMPLOYER,
        details: OrganizationDetails {
            name: Line::parse("Cascade Electric").unwrap(),
            org_type: OrganizationType::Employer,
            address: None,
            city: Some(Line::parse("Tacoma").unwrap()),
            state: None,
            zip_code: None,
            phone: None,
            email: None,
            website: None,
        },
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
    }
}

/// A claim that nobody carries yet.
pub(crate) fn claim() -> Claim {
    Claim {
        incident_date: Some(date(2026, 11, 2)),
        contract_article: Some(Line::parse("Art. 5.3").unwrap()),
        violation_description: Prose::parse("Overtime was not paid.").unwrap(),
        remedy_sought: None,
        assigned_representative: None,
        steward: None,
        notes: None,
    }
}

/// Ada's grievance against the employer, just filed.
pub(crate) fn grievance() -> Grievance {
    Grievance {
        id: CASE,
        number: GrievanceNumber::new(2026, 1).unwrap(),
        member: ADA,
        employer: EMPLOYER,
        filed_date: date(2026, 11, 9),
        agreement: None,
        claim: claim(),
        progress: Progress::FILED,
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
    }
}

/// The steward with these roles.
pub(crate) fn colleague(roles: &[HeldRole]) -> Colleague {
    Colleague {
        user: user(STEWARD),
        roles: roles.to_vec(),
    }
}

/// A user's active place with these roles.
pub(crate) fn place(id: UserId, roles: &[HeldRole]) -> Place {
    Place {
        user: user(id),
        roles: roles.to_vec(),
        member: None,
        standing: Standing::Active,
        version: Version::FIRST,
        joined_at: now(),
        last_used_at: None,
        updated_at: now(),
    }
}

/// The first page of a list.
pub(crate) fn page<S: Default>() -> PageRequest<S> {
    PageRequest {
        limit: 50,
        after: None,
        sort: S::default(),
        direction: Direction::Ascending,
        with_total: true,
    }
}

/// A list that tests look into while the mocks fill it.
pub(crate) type Shared<T> = Arc<Mutex<Vec<T>>>;

/// Lets the mocks take audit events, and shows them.
pub(crate) fn audited(mocks: &mut MockRepositories) -> Shared<AuditEvent> {
    let events = Shared::default();
    let taken = Arc::clone(&events);
    mocks.audit.expect_insert().returning(move |new| {
        taken.lock().unwrap().extend_from_slice(new);
        Ok(())
    });
    events
}

/// Lets the mocks take mails, and shows them.
pub(crate) fn mailed(mocks: &mut MockRepositories) -> Shared<OutboxMail> {
    let mails = Shared::default();
    let taken = Arc::clone(&mails);
    mocks.outbox.expect_insert().returning(move |mail| {
        taken.lock().unwrap().push(mail.clone());
        Ok(())
    });
    mails
}

/// The clock that always shows [`now`] and counts ids from 9000.
pub(crate) fn clock() -> MockClock {
    let next = AtomicU64::new(9_000);
    let mut clock = MockClock::new();
    clock.expect_now().returning(now);
    clock
        .expect_new_id()
        .returning(move || Uuid::from_u128(next.fetch_add(1, Ordering::Relaxed).into()));
    clock.expect_secret().returning(|| [7; 32]);
    clock
}

/// The one password that everybody knows to be common.
pub(crate) const COMMON: &str = "correct horse battery staple";

fn common_passwords() -> MockCommonPasswords {
    let mut list = MockCommonPasswords::new();
    list.expect_contains()
        .returning(|password| password == COMMON);
    list
}

/// A sealer that turns secrets around; its key is `new`.
pub(crate) fn sealer() -> MockSealer {
    let mut sealer = MockSealer::new();
    let turned = |secret: &[u8]| secret.iter().map(|byte| !byte).collect::<Vec<_>>();
    sealer.expect_seal().returning(move |_, secret| {
        Ok(Sealed {
            key: "new".to_owned(),
            bytes: turned(secret),
        })
    });
    sealer
        .expect_open()
        .returning(move |_, sealed| Ok(turned(&sealed.bytes)));
    sealer
        .expect_is_current()
        .returning(|sealed| sealed.key == "new");
    sealer
}

/// Signatures under a key that is known by its number.
pub(crate) fn signatures(key: u8) -> MockSignatures {
    let made = move |message: &[u8]| -> [u8; 32] {
        Sha256::new_with_prefix([key])
            .chain_update(message)
            .finalize()
            .into()
    };
    let mut signatures = MockSignatures::new();
    signatures
        .expect_sign()
        .returning(move |message| Ok(made(message)));
    signatures
        .expect_verify()
        .returning(move |message, signature| made(message) == *signature);
    signatures
}

/// The use cases over mocks, and what can be seen of their work.
pub(crate) struct Hall {
    /// The use cases.
    pub(crate) application: Application,
    /// What they share.
    pub(crate) core: Arc<Core>,
    /// The reads that were put on record.
    pub(crate) reads: Shared<AuditEvent>,
    unit_of_work: Arc<FakeUnitOfWork>,
}

impl Hall {
    /// Over these mocks.
    pub(crate) fn over(mocks: MockRepositories) -> Self {
        let reads: Shared<AuditEvent> = Shared::default();
        let taken = Arc::clone(&reads);
        let mut log = MockReadLog::new();
        log.expect_submit().returning(move |event| {
            taken.lock().unwrap().push(event);
            Ok(Box::pin(std::future::ready(Ok(()))))
        });
        Self::with_log(mocks, log, reads)
    }

    /// Over these mocks, on an installation where people register in this way.
    pub(crate) fn registering(mocks: MockRepositories, mode: RegistrationMode) -> Self {
        Self::made(mocks, MockReadLog::new(), Shared::default(), mode)
    }

    /// Over mocks that take nothing: whatever touches a port fails the test.
    pub(crate) fn untouchable() -> Self {
        Self::with_log(
            MockRepositories::default(),
            MockReadLog::new(),
            Shared::default(),
        )
    }

    /// Over these mocks, with a read log that is down.
    pub(crate) fn without_log(mocks: MockRepositories) -> Self {
        let mut log = MockReadLog::new();
        log.expect_submit()
            .returning(|_| Err(StorageError::Unavailable("the log is full".into())));
        Self::with_log(mocks, log, Shared::default())
    }

    fn with_log(mocks: MockRepositories, log: MockReadLog, reads: Shared<AuditEvent>) -> Self {
        Self::made(mocks, log, reads, RegistrationMode::Open)
    }

    fn made(
        mocks: MockRepositories,
        log: MockReadLog,
        reads: Shared<AuditEvent>,
        registration: RegistrationMode,
    ) -> Self {
        let unit_of_work = Arc::new(FakeUnitOfWork::new(mocks));
        let core = Arc::new(Core {
            unit_of_work: unit_of_work.clone(),
            reads: Arc::new(log),
            clock: Arc::new(clock()),
            links: Links::new("https://hall.example"),
            common_passwords: Arc::new(common_passwords()),
            signatures: Arc::new(signatures(1)),
            registration,
            sealer: Arc::new(sealer()),
        });
        Self {
            application: Application::new(Arc::clone(&core)),
            core,
            reads,
            unit_of_work,
        }
    }

    /// Every transaction so far: whose rows, how, and how it ended.
    pub(crate) fn runs(&self) -> Vec<(Scope, Mode, Decision)> {
        self.unit_of_work.runs()
    }

    /// Whether there was one transaction that wrote, in the hall's scope, and was kept.
    pub(crate) fn committed(&self) -> bool {
        self.runs() == [(Scope::Tenant(HALL), Mode::Write, Decision::Commit)]
    }

    /// Whether the one change that ran was taken back; that a rehearsal has told of a record may have been kept after it.
    pub(crate) fn rolled_back(&self) -> bool {
        let change = (Scope::Tenant(HALL), Mode::Write, Decision::RollBack);
        matches!(&self.runs()[..], [first] | [first, _] if *first == change)
    }
}

/// The code of a failure.
pub(crate) fn code<T, E: Coded>(result: Result<T, E>) -> Code {
    match result {
        Ok(_) => panic!("it should have failed"),
        Err(error) => error.code(),
    }
}

/// The wrong fields of a failure: name and code.
pub(crate) fn wrong_fields<T, E: Coded>(result: Result<T, E>) -> Vec<(String, &'static str)> {
    match result {
        Ok(_) => panic!("it should have failed"),
        Err(error) => error
            .fields()
            .iter()
            .map(|error| (error.field.to_string(), error.invalid.code))
            .collect(),
    }
}

/// What events say was done to what.
pub(crate) fn told(events: &Shared<AuditEvent>) -> Vec<(&'static str, &'static str)> {
    let events = events.lock().unwrap();
    let told = |event: &AuditEvent| (event.action.as_str(), event.target.as_str());
    events.iter().map(told).collect()
}

/// The fields that the last event says were changed.
pub(crate) fn touched(events: &Shared<AuditEvent>) -> Vec<&'static str> {
    let events = events.lock().unwrap();
    let last = events.last().expect("there is an event");
    last.changes.iter().map(|change| change.field).collect()
}
