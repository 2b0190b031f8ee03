//! Temporary.
fn main() { print!("{}", unionhall_http::openapi::document()); }
