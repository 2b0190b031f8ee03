//! Figures for the tests of what is made of figures.

use crate::{
    figures::{Figures, LoginsAlone, Measured, ReadsBesideLogins, RouteFigures, Starts},
    machine::Machine,
    pgbench::Rate,
    process::Memory,
    wrk::Load,
};

/// A load without a flaw.
pub(crate) fn load(connections: u32, per_second: f64) -> Load {
    Load {
        connections,
        seconds: 8.0,
        per_second,
        p50_ms: 4.2,
        p99_ms: 12.5,
        refused: 0,
        socket_errors: 0,
        timeouts: 0,
    }
}

/// The same with the server's memory.
pub(crate) fn measured(connections: u32, per_second: f64) -> Measured {
    Measured {
        load: load(connections, per_second),
        memory: Memory {
            now_mib: 70.0,
            peak_mib: 90.0,
        },
    }
}

fn route(title: &'static str, key: &'static str, best: f64, bare: f64) -> RouteFigures {
    RouteFigures {
        title,
        key,
        round_trips: Some(1),
        bytes: Some(25_000),
        loads: vec![measured(16, best), measured(4_000, best / 2.0)],
        bare: vec![load(16, bare / 2.0), load(4_000, bare)],
        bare_differences: Vec::new(),
        pgbench: [(4, 9_000.0), (16, 20_000.0)].map(rate).to_vec(),
    }
}

fn rate((connections, per_second): (u32, f64)) -> Rate {
    Rate {
        connections,
        per_second,
        mean_ms: 0.8,
        statements: 1,
    }
}

/// Figures of which some reach their goals and some do not.
pub(crate) fn figures() -> Figures {
    let machine = Machine {
        cores: 2,
        processor: "Some CPU".to_owned(),
        memory_gib: 16.0,
        postgres: "15.14".to_owned(),
        date: "2026-11-21".to_owned(),
        load_before: 0.1,
    };
    Figures {
        idle: Some(measured(1, 1.0).memory),
        routes: vec![
            route("members list", "members_list", 3_600.0, 6_000.0),
            route("member by id", "member", 3_000.0, 20_000.0),
            route("grievance create", "grievance_create", 500.0, 1.0),
        ],
        logins_alone: Some(LoginsAlone {
            bcrypt_seconds: 0.25,
            bcrypt_on_all_cores: 7.9,
            load: measured(16, 7.8),
        }),
        reads_beside_logins: Some(ReadsBesideLogins {
            alone: load(16, 3_600.0),
            beside: load(16, 2_000.0),
            logins: load(64, 4.0),
        }),
        search_among_many: Some(measured(16, 2_000.0)),
        found_among_many: Some(measured(16, 1_500.0)),
        held: Some(measured(4_000, 3_000.0)),
        starts: Some(Starts {
            first: vec![4.0, 5.0],
            later: vec![0.9, 1.6],
        }),
        ..Figures::new(machine, 10_000, 100_000)
    }
}
