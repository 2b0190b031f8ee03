//! What the planner knows of members that were just brought in.

use unionhall_ports::unit_of_work::Scope;
use unionhall_testing::{TestDatabase, builders};

#[test]
fn a_roster_is_known_to_the_planner_when_it_is_kept() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1");
    let members: Vec<_> = (0..1_000)
        .map(|number| builders::unstored_member(&format!("B{number}"), "Ada", "Voltz"))
        .collect();
    builders::store(storage, Scope::Tenant(tenant.id), |tx| {
        tx.members().insert_many(&members)
    });
    // Fails unless the planner expects the thousand that there are.
    database.execute(
        "do $$ begin assert (select reltuples from pg_class where relname = 'members') = 1000; end $$",
    );
}
