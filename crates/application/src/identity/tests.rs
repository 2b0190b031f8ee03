//! Tests of signing in, staying signed in, and signing out.

mod sessions;
mod signing_in;
