//! The embedded PostgreSQL: finds the server programs, makes a cluster in the data folder, and runs it for as long as
//! the product runs.
//!
//! Nothing here speaks SQL. The rest of the product gets a connection URL and does not know who started the server.
//!
//! What lies where, below the data folder:
//!
//! | path | what |
//! |---|---|
//! | `lock` | held by the one process that uses the folder ([`DataDir`]) |
//! | `postgres/` | everything of the cluster, private to the account that runs it; a link when that account cannot enter the data folder |
//! | `postgres/cluster/` | PostgreSQL's own data directory, complete from the moment it exists |
//! | `postgres/new-*` | a cluster being made; removed by the next start when its maker was killed |
//! | `postgres/socket/` | the private unix socket, unless the path is too long for one |
//! | `postgres/postgres.log` | the server's log |
//! | `cache/postgres-*/` | server programs fetched because the machine has none |

mod account;
mod cluster;
mod data_dir;
mod error;
mod fetch;
mod home;
mod postmaster;
pub mod programs;

pub use cluster::{Cluster, ClusterConfig, Durability};
pub use data_dir::{DataDir, DataDirLock};
pub use error::EmbeddedError;
pub use postmaster::{RunningServer, running};
pub use programs::{Origin, ProgramSearch, Programs};
