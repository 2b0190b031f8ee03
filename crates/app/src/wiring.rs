//! Puts the adapters behind the ports and the use cases on top.

use std::sync::Arc;

use unionhall_application::{Application, clock::Clock, core::Core, links::Links};
use unionhall_postgres_adapter::{
    GroupReadLog, PgRateLimits, PgUnitOfWork, PoolConfig, ReadLogConfig,
};

use crate::{
    clock::SystemClock,
    config::Config,
    exit::Exit,
    failure::Failure,
    passwords::{BcryptHasher, ShippedList},
    sealing::{self, KeyRing},
    signatures::KeyedSignatures,
};

/// The use cases, ready to be called.
#[derive(Clone)]
pub struct Wired {
    /// The use cases.
    pub application: Application,
    /// What they stand on.
    pub core: Arc<Core>,
    /// Time and chance.
    pub clock: Arc<dyn Clock>,
    /// Transactions, with the adapter's own questions to the database.
    pub unit_of_work: Arc<PgUnitOfWork>,
    /// Requests counted over all instances.
    pub rate_limits: Arc<PgRateLimits>,
    /// The trail of reads.
    pub reads: Arc<GroupReadLog>,
    /// Makes and checks passwords' hashes.
    pub hasher: Arc<BcryptHasher>,
}

impl Wired {
    /// Wires the use cases to the database at `runtime_url`.
    ///
    /// # Errors
    /// When the system gives no thread or no randomness, or the development key of secrets cannot be kept.
    pub fn new(config: &Config, runtime_url: &str) -> Result<Self, Failure> {
        let failed =
            |error: &dyn std::error::Error| Failure::caused(Exit::Failed, "starting", error);
        let pool = PoolConfig {
            size: config.database.pool_size.get(),
            ..PoolConfig::new(runtime_url.to_owned())
        };
        let unit_of_work = Arc::new(PgUnitOfWork::new(&pool));
        let reads = GroupReadLog::start(ReadLogConfig::new(runtime_url.to_owned()));
        let reads = Arc::new(reads.map_err(|error| failed(&error))?);
        let hasher = BcryptHasher::new(config.bcrypt_cost).map_err(|error| failed(&error))?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
        let core = Arc::new(Core {
            unit_of_work: Arc::<PgUnitOfWork>::clone(&unit_of_work),
            reads: Arc::<GroupReadLog>::clone(&reads),
            clock: Arc::clone(&clock),
            links: Links::new(&config.public_url),
            signatures: Arc::new(KeyedSignatures::of(config)?),
            registration: config.registration,
            common_passwords: Arc::new(ShippedList::open().map_err(|error| failed(&error))?),
            sealer: Arc::new(sealer(config)?),
        });
        Ok(Self {
            application: Application::new(Arc::clone(&core)),
            core,
            clock,
            unit_of_work,
            rate_limits: Arc::new(PgRateLimits::new(runtime_url.to_owned())),
            reads,
            hasher: Arc::new(hasher),
        })
    }
}

fn sealer(config: &Config) -> Result<KeyRing, Failure> {
    let failed =
        |error: &dyn std::error::Error| Failure::caused(Exit::Failed, "the sealing key", error);
    let keys = sealing::keys(config).map_err(|error| failed(&error))?;
    KeyRing::new(&keys).map_err(|error| failed(&error))
}
