//! The storage ports on PostgreSQL: every statement the product sends to its database is in this crate.
//!
//! [`PgUnitOfWork`] is the way in. A transaction implements every repository,
//! each in the file of its feature; [`GroupReadLog`] writes the reads' audit trail; [`migrate`] makes the
//! database and its roles.

// Nothing here calls these two: they build libpq and its TLS into the program.
use openssl_sys as _;
use pq_sys as _;

mod audit;
mod benevolence;
mod campaigns;
mod case_files;
mod class_sessions;
mod classes;
mod cohorts;
mod collective_agreements;
mod connections;
mod contacts;
mod courses;
mod deadline_feeds;
mod deadlines;
mod documents;
mod email_changes;
mod employments;
mod errors;
mod grievance_boards;
mod grievances;
mod holidays;
mod idempotency;
mod identity;
mod information_requests;
mod instructors;
mod invitations;
mod json;
mod lists;
mod locations;
mod locks;
mod mail_tokens;
mod members;
pub mod migrate;
mod obligations;
mod organizations;
mod outbox;
mod own_sessions;
mod pictures;
mod profiles;
mod rate_limits;
mod read_log;
mod representation_log;
mod rows;
mod salting_activities;
mod salting_scores;
mod schema;
mod search;
mod second_factors;
mod sign_in_challenges;
mod signups;
mod statements;
mod step_meetings;
mod stored;
mod students;
mod tenants;
mod training_settings;
mod trusted_devices;
mod unit_of_work;
mod users;

pub use connections::PoolConfig;
pub use organizations::{
    KEPT as KEPT_WITH_ORGANIZATIONS, REFERENCES as MERGED_WITH_ORGANIZATIONS, Reference,
};
pub use rate_limits::PgRateLimits;
pub use read_log::{GroupReadLog, ReadLogConfig};
pub use unit_of_work::PgUnitOfWork;
