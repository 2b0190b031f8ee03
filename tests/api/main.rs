//! The service as its clients see it: over HTTP, with a database, a folder and a port for each test.

mod audit;
mod authorization;
mod concurrency;
mod document;
mod etags;
mod fixtures;
mod idempotency;
mod isolation;
mod paging;
mod problems;
mod rehearsal;
mod sign_in;
