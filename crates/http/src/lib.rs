//! The HTTP face: the JSON API below `/api/v1`, the pages for people, health and metrics.

mod api;
pub mod health;
pub mod openapi;
pub mod pages;
pub mod server;
pub mod web;

/// Where the API begins.
pub(crate) const BASE: &str = "/api/v1";
