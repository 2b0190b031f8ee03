//! The binary as an operator meets it: started, used, stopped, killed and started again.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that looks for what an answer does not have must fail, and does"
)]

mod commands;
mod crash;
mod lifecycle;
mod mail;
mod production;
mod setup;
mod support;
