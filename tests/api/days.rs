//! A day of each person, from the first request to the last, over HTTP.

mod member;
mod office;
mod officer;
mod organizer;
mod representative;
mod steward;
