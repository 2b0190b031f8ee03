//! Tests of bringing a roster in.

mod files;
mod hall;
mod writing;
