//! Contract tests: each sentence of the ports' documentation, on a real PostgreSQL, a database per test.
#![expect(
    clippy::indexing_slicing,
    reason = "a test that looks for what is not there must fail, and does"
)]
#![expect(
    clippy::unwrap_used,
    reason = "what a test's helpers cannot do, the test cannot do either"
)]

mod audit;
mod benevolence;
mod campaigns;
mod case_files;
mod classes;
mod cohorts;
mod collective_agreements;
mod contacts;
mod courses;
mod deadlines;
mod documents;
mod email_changes;
mod employments;
mod grievance_boards;
mod grievances;
mod holidays;
mod idempotency;
mod identity;
mod imports;
mod information_requests;
mod instructors;
mod invitations;
mod isolation;
mod locations;
mod locks;
mod mail_tokens;
mod members;
mod migrations;
mod obligations;
mod organizations;
mod outbox;
mod pictures;
mod plans;
mod profiles;
mod rate_limits;
mod read_log;
mod representation_log;
mod roles;
mod salting_activities;
mod salting_scores;
mod schema;
mod search;
mod second_factors;
mod signups;
mod step_meetings;
mod students;
mod tenants;
mod unit_of_work;
mod users;

use diesel::{Connection, PgConnection};

/// A connection for statements of the test's own.
fn connect(url: &str) -> PgConnection {
    PgConnection::establish(url).expect("the test's database takes connections")
}
