//! What the application needs of the world, as traits.
//!
//! Every trait is synchronous and object-safe; its comments are its contract, and the adapter's
//! contract tests hold each sentence. The feature `mock` adds a mock of each for unit tests.
#![warn(missing_docs)]

pub mod audit;
pub mod benevolence;
pub mod blobs;
pub mod campaigns;
pub mod case_files;
pub mod class_sessions;
pub mod classes;
pub mod clock;
pub mod cohorts;
pub mod collective_agreements;
pub mod contacts;
pub mod courses;
pub mod deadline_feeds;
pub mod deadlines;
pub mod documents;
pub mod email_changes;
pub mod employments;
pub mod grievance_boards;
pub mod grievances;
pub mod holidays;
pub mod idempotency;
pub mod identity;
pub mod information_requests;
pub mod instructors;
pub mod invitations;
pub mod locations;
pub mod locks;
pub mod mail;
pub mod mail_tokens;
pub mod members;
#[cfg(feature = "mock")]
pub mod mock;
pub mod obligations;
pub mod organizations;
pub mod outbox;
pub mod own_sessions;
pub mod pages;
pub mod passwords;
pub mod pictures;
pub mod profiles;
pub mod rate_limits;
pub mod representation_log;
pub mod round_trips;
pub mod salting_activities;
pub mod salting_scores;
pub mod sealing;
pub mod search;
pub mod second_factors;
pub mod sign_in_challenges;
pub mod signatures;
pub mod signups;
pub mod step_meetings;
pub mod storage;
pub mod students;
pub mod tenants;
pub mod training_settings;
pub mod trusted_devices;
pub mod unit_of_work;
pub mod users;
