//! Bringing a roster in.
