//! The service as its clients see it: over HTTP, with a database, a folder and a port for each test.
#![expect(
    clippy::indexing_slicing,
    reason = "a test that looks for what an answer does not have must fail, and does"
)]

mod alike;
mod audit;
mod authorization;
mod batches;
mod benevolence;
mod campaigns;
mod case_files;
mod changes;
mod cohorts;
mod collective_agreements;
mod concurrency;
mod contacts;
mod courses;
mod days;
mod deadline_feeds;
mod deadlines;
mod document;
mod email_changes;
mod employments;
mod etags;
mod exports;
mod fixtures;
mod grievance_boards;
mod grievances;
mod harness;
mod holidays;
mod idempotency;
mod imports;
mod information_requests;
mod instructors;
mod invisibility;
mod invitations;
mod isolation;
mod locations;
mod machine;
mod members;
mod merging;
mod obligations;
mod openapi;
mod organizations;
mod pages;
mod paging;
mod passwords;
mod pictures;
mod problems;
mod profiles;
mod rate_limits;
mod registrations;
mod rehearsal;
mod representation_log;
mod round_trips;
mod salting_activities;
mod salting_scores;
mod schemathesis;
mod search;
mod second_factors;
mod sign_in;
mod signups;
mod step_meetings;
mod students;
mod tenants;
mod users;
