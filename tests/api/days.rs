//! A day of each person, from the first request to the last, over HTTP.

mod member;
mod officer;
//! Scripted days: what a person does from morning to evening, through HTTP alone.

mod steward;
//! A day of each person, from the first request to the last, over HTTP.

mod organizer;
