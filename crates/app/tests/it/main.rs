//! The binary as an operator meets it: started, used, stopped, killed and started again.

mod commands;
mod crash;
mod lifecycle;
mod production;
mod support;
