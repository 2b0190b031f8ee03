//! Makes a test database, says where it is, and holds it until its input ends: to see what a killed process leaves.

use std::io::{self, Read, Write};

use unionhall_testing::TestDatabase;

fn main() -> io::Result<()> {
    let database = TestDatabase::new();
    writeln!(io::stdout(), "{}", database.runtime_url())?;
    io::stdin().read_to_end(&mut Vec::new()).map(drop)
}
