//! What each operation costs: how often its answer waits for the database, as the header `Server-Timing` says.
//!
//! Round trips cost more than anything else on a request's way; a change that adds one shows here.

use std::collections::BTreeMap;

use unionhall_domain::roles::Role;

use crate::{
    authorization::{World, matrix, tried},
    document,
};

/// How often each is tried. A connection that served another purpose just before is first told its scope, which is
/// one more: the fewest count.
const TRIES: usize = 5;

#[test]
fn each_operation_waits_for_the_database_as_often_as_the_table_says() {
    let world = World::new();
    let operations = document::operations(&document::served(&world.app));
    let mut costs = BTreeMap::new();
    // In the order of the matrix, because its last rows end sessions.
    for row in matrix() {
        if costs.contains_key(row.operation) {
            continue;
        }
        let mut known = operations.iter();
        let operation = known.find(|operation| operation.id == row.operation);
        let operation = operation.expect("the document has each operation of the matrix");
        let tries = (0..TRIES).map(|_| tried(&world, operation, &row, Some(Role::Owner)));
        // What asks for nothing tells no cost.
        let cost = tries.map(|answer| answer.round_trips().unwrap_or_default());
        costs.insert(row.operation, cost.min().unwrap_or_default());
    }
    let table: Vec<_> = costs
        .iter()
        .map(|(id, cost)| format!("{id:<28}{cost}"))
        .collect();
    insta::assert_snapshot!(table.join("\n"));
}
