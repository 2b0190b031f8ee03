//! A day of each person, from the first request to the last, over HTTP.

mod member;
mod member_case;
mod office;
mod officer;
mod officer_cases;
mod organizer;
mod representative;
mod steward;
