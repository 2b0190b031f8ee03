//! The figures as the part of the document that a run writes.

use std::fmt::Write as _;

use crate::{
    figures::{Figures, Measured, RouteFigures},
    goals::{Goal, grouped, rate, short},
    process::Memory,
    wrk::Load,
};

const BEGIN: &str = "<!-- figures:begin -->";
const END: &str = "<!-- figures:end -->";

/// The document with this block between its marks; nothing when it has no marks.
pub(crate) fn replaced(document: &str, block: &str) -> Option<String> {
    let (before, rest) = document.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{block}{END}{after}"))
}

/// The whole block.
pub(crate) fn block(figures: &Figures, goals: &[Goal]) -> String {
    [
        machine(figures),
        goal_table(goals),
        loads(figures),
        limits(figures),
        logins(figures),
        rest(figures),
        failures(figures),
    ]
    .concat()
}

fn machine(figures: &Figures) -> String {
    let machine = &figures.machine;
    format!(
        "Measured on {}: {} cores ({}), {:.0} GiB of memory, PostgreSQL {}; server, database and load generators on \
         this one machine, whose load average before the run was {:.2}.\nLists hold {} members; the search among many, {}.\n",
        machine.date,
        machine.cores,
        machine.processor,
        machine.memory_gib,
        machine.postgres,
        machine.load_before,
        grouped(figures.members),
        grouped(figures.searched_members),
    )
}

fn goal_table(goals: &[Goal]) -> String {
    let rows = goals.iter().map(|goal| {
        let verdict = if goal.reached {
            "reached"
        } else {
            "**not reached**"
        };
        vec![
            goal.what.clone(),
            goal.target.clone(),
            goal.measured.clone(),
            verdict.to_owned(),
        ]
    });
    section("Goals", &["what", "goal", "measured", ""], rows.collect())
}

fn loads(figures: &Figures) -> String {
    let rows = figures.routes.iter().flat_map(|route| {
        route.loads.iter().enumerate().map(|(place, measured)| {
            let mut row = vec![
                route.title.to_owned(),
                route
                    .round_trips
                    .map_or_else(dash, |count| count.to_string()),
            ];
            if place > 0 {
                row = vec![String::new(), String::new()];
            }
            row.extend(load_cells(&measured.load));
            row.extend(memory_cells(measured.memory));
            row
        })
    });
    let columns = [
        "route",
        "round trips",
        "connections",
        "answers/s",
        "p50 ms",
        "p99 ms",
        "refused",
        "errors, time-outs",
        "MiB behind",
        "MiB most",
    ];
    section("The server", &columns, rows.collect())
}

fn limits(figures: &Figures) -> String {
    let rows = figures.routes.iter().map(limit_row);
    let columns = [
        "route",
        "best/s",
        "bare handler, by connections",
        "of it",
        "pgbench, by connections",
        "statements",
        "of it",
    ];
    let mut text = section("Beside the limits", &columns, rows.collect());
    for route in figures
        .routes
        .iter()
        .filter(|route| !route.bare_differences.is_empty())
    {
        let fields = route.bare_differences.join(", ");
        let _ = writeln!(
            text,
            "\nThe bare handler's {} differs from the API in: {fields}.",
            route.title
        );
    }
    text
}

fn limit_row(route: &RouteFigures) -> Vec<String> {
    let best = route.best();
    let share = |limit: Option<f64>| match (best, limit) {
        (Some(best), Some(limit)) => format!("{:.0} %", best / limit * 100.0),
        (None, _) | (_, None) => dash(),
    };
    let bare = route
        .bare
        .iter()
        .map(|load| (load.per_second, load.connections));
    let pgbench = route
        .pgbench
        .iter()
        .map(|rate| (rate.per_second, rate.connections));
    let statements = route
        .pgbench
        .first()
        .map(|rate| rate.statements.to_string());
    vec![
        route.title.to_owned(),
        best.map_or_else(dash, rate),
        by_connections(bare),
        share(route.bare_best()),
        by_connections(pgbench),
        statements.unwrap_or_else(dash),
        share(route.pgbench_best()),
    ]
}

/// Rates, each with its number of connections.
fn by_connections(rates: impl Iterator<Item = (f64, u32)>) -> String {
    let rates: Vec<_> = rates
        .map(|(per_second, connections)| format!("{} ({})", rate(per_second), grouped(connections)))
        .collect();
    if rates.is_empty() {
        dash()
    } else {
        rates.join(", ")
    }
}

fn logins(figures: &Figures) -> String {
    let mut rows = Vec::new();
    if let Some(logins) = &figures.logins_alone {
        let cores = f64::from(figures.machine.cores);
        rows.push(vec![
            "one bcrypt of cost 12, alone on one core".to_owned(),
            format!("{:.0} ms", logins.bcrypt_seconds * 1e3),
        ]);
        rows.push(vec![
            "cores ÷ that".to_owned(),
            format!("{}/s", rate(cores / logins.bcrypt_seconds)),
        ]);
        rows.push(vec![
            "bcrypt on all cores, nothing else running".to_owned(),
            format!("{}/s", rate(logins.bcrypt_on_all_cores)),
        ]);
        rows.push(vec!["logins alone".to_owned(), in_words(&logins.load.load)]);
    }
    if let Some(reads) = &figures.reads_beside_logins {
        rows.push(vec![
            "members list alone".to_owned(),
            in_words(&reads.alone),
        ]);
        rows.push(vec![
            "members list while logins queue".to_owned(),
            in_words(&reads.beside),
        ]);
        rows.push(vec!["those logins".to_owned(), in_words(&reads.logins)]);
    }
    section("Logins", &["what", "measured"], rows)
}

fn rest(figures: &Figures) -> String {
    let mut rows = Vec::new();
    let mut row = |what: String, measured: String| rows.push(vec![what, measured]);
    let searches = [
        ("search", &figures.search_among_many),
        ("`/search`", &figures.found_among_many),
    ];
    for (search, measured) in searches {
        let Some(Measured { load, memory }) = measured else {
            continue;
        };
        let what = format!(
            "{search} among {} members, mixed words",
            grouped(figures.searched_members)
        );
        row(
            what,
            format!("{}; {} MiB at most", in_words(load), short(memory.peak_mib)),
        );
    }
    if let Some(seconds) = figures.import_seconds {
        row(
            format!(
                "import of those {} members",
                grouped(figures.searched_members)
            ),
            format!("{} s", short(seconds)),
        );
    }
    if let Some(Measured { load, memory }) = &figures.held {
        let what = format!(
            "members list on {} held connections for {:.0} s",
            grouped(load.connections),
            load.seconds
        );
        row(
            what,
            format!("{}; {} MiB at most", in_words(load), short(memory.peak_mib)),
        );
    }
    if let Some(memory) = figures.idle {
        row(
            "memory of the server before any load".to_owned(),
            format!("{} MiB", short(memory.now_mib)),
        );
    }
    if let Some(starts) = &figures.starts {
        row(
            "first start, each time on an empty folder".to_owned(),
            seconds(&starts.first),
        );
        row("later starts".to_owned(), seconds(&starts.later));
    }
    section(
        "Search, many connections, memory, starts",
        &["what", "measured"],
        rows,
    )
}

fn failures(figures: &Figures) -> String {
    let rows = figures
        .failures
        .iter()
        .map(|failure| vec![failure.replace('\n', " ")]);
    section("Not measured", &["why"], rows.collect())
}

/// A heading and a table; nothing without rows.
fn section(title: &str, columns: &[&str], rows: Vec<Vec<String>>) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "\n### {title}\n\n| {} |\n|{}\n",
        columns.join(" | "),
        "---|".repeat(columns.len())
    );
    for row in rows {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
    text
}

fn load_cells(load: &Load) -> Vec<String> {
    vec![
        grouped(load.connections),
        rate(load.per_second),
        short(load.p50_ms),
        short(load.p99_ms),
        grouped(load.refused),
        grouped(load.socket_errors + load.timeouts),
    ]
}

fn memory_cells(memory: Memory) -> Vec<String> {
    vec![
        format!("{:.0}", memory.now_mib),
        format!("{:.0}", memory.peak_mib),
    ]
}

fn in_words(load: &Load) -> String {
    let mut words = format!(
        "{}/s on {} connections, p50 {} ms, p99 {} ms",
        rate(load.per_second),
        grouped(load.connections),
        short(load.p50_ms),
        short(load.p99_ms)
    );
    let wrong = [
        (load.refused, "refused"),
        (load.socket_errors, "socket errors"),
        (load.timeouts, "time-outs"),
    ];
    for (count, what) in wrong.into_iter().filter(|(count, _)| *count > 0) {
        let _ = write!(words, ", {} {what}", grouped(count));
    }
    words
}

fn seconds(times: &[f64]) -> String {
    let times: Vec<_> = times.iter().map(|time| format!("{time:.2}")).collect();
    format!("{} s", times.join(", "))
}

fn dash() -> String {
    "–".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{goals::goals, samples};

    fn sample() -> String {
        let figures = samples::figures();
        block(&figures, &goals(&figures))
    }

    #[test]
    fn the_block_is_put_between_the_marks_and_the_rest_stays() {
        let document = format!("# Speed\n\n{BEGIN}\nold\n{END}\n\nHow to repeat it.\n");
        let new = replaced(&document, "new\n").unwrap();
        assert_eq!(
            new,
            format!("# Speed\n\n{BEGIN}\nnew\n{END}\n\nHow to repeat it.\n")
        );
        assert_eq!(replaced("# Speed\n", "new\n"), None);
    }

    #[test]
    fn each_goal_says_whether_it_was_reached() {
        let block = sample();
        assert!(block.contains(
            "| members list: best rate, of the bare handler's | at least 50 % | 60 % (3,600 of 6,000) | reached |"
        ));
        assert!(
            block.contains("| later start, slowest | under 1.5 s | 1.60 s | **not reached** |")
        );
    }

    #[test]
    fn a_route_is_named_once_for_all_its_loads() {
        let block = sample();
        assert!(
            block.contains("| members list | 1 | 16 | 3,600 | 4.20 | 12.5 | 0 | 0 | 70 | 90 |")
        );
        assert!(block.contains("|  |  | 4,000 | 1,800 | 4.20 | 12.5 | 0 | 0 | 70 | 90 |"));
    }

    #[test]
    fn both_limits_stand_beside_the_best() {
        let row = "| members list | 3,600 | 3,000 (16), 6,000 (4,000) | 60 % | 9,000 (4), 20,000 (16) | 1 | 18 % |";
        assert!(sample().contains(row));
    }

    #[test]
    fn what_was_not_measured_leaves_no_empty_table() {
        let mut figures = samples::figures();
        figures.logins_alone = None;
        figures.reads_beside_logins = None;
        let block = block(&figures, &[]);
        assert!(!block.contains("### Logins") && !block.contains("### Goals"));
    }
}
