//! What every face over HTTP shares: the gate to the use cases, who calls, how bodies are read and errors told.

pub(crate) mod access_log;
pub(crate) mod answer;
pub(crate) mod auth;
pub(crate) mod body;
pub(crate) mod caller;
pub mod client;
pub mod documents;
pub(crate) mod edge;
pub(crate) mod exports;
pub(crate) mod fields;
pub mod gate;
pub(crate) mod hidden;
pub mod metrics;
pub(crate) mod paging;
pub mod passwords;
pub mod pictures;
pub(crate) mod pieces;
pub mod problem;
pub mod problem_catalogue;
pub(crate) mod query;
pub mod rate_limits;
pub(crate) mod request_id;
mod second_factor;
pub(crate) mod security;
pub mod tokens;
