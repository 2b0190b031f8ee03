//! The rules of a union hall as types and pure functions: no input or output, no clock, no wire format.
//!
//! Every type that can be wrong is made by a `parse` that says what is wrong with it;
//! every status moves only through a total function over state and action.
#![warn(missing_docs)]

pub mod audit;
pub mod batches;
pub mod benevolence;
pub mod campaigns;
pub mod case_files;
pub mod change;
pub mod cohorts;
pub mod collective_agreements;
pub mod contacts;
pub mod courses;
pub mod deadline_feeds;
pub mod deadlines;
pub mod email_changes;
pub mod employments;
pub mod grievance_boards;
pub mod grievances;
pub mod headcounts;
pub mod holidays;
pub mod hundredths;
pub mod ids;
pub mod information_requests;
pub mod instructors;
pub mod invalid;
pub mod invitations;
pub mod locations;
pub mod locks;
pub mod mail_tokens;
pub mod members;
pub mod money;
mod names;
pub mod numbers;
pub mod obligations;
pub mod organizations;
pub mod passwords;
pub mod profiles;
pub mod rate_limits;
pub mod refused;
pub mod registrations;
pub mod representation_log;
pub mod roles;
pub mod salting_activities;
pub mod salting_scores;
pub mod search;
pub mod seats;
pub mod second_factors;
pub mod sheets;
pub mod signups;
pub mod step_meetings;
pub mod students;
pub mod tenants;
pub mod text;
pub mod users;
pub mod version;
