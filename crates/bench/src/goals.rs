//! What is to be reached, and whether it was.

use serde::Serialize;

use crate::{
    figures::{Figures, Measured, RouteFigures},
    wrk::Load,
};

/// The share of the bare handler that each route is to reach.
const OF_BARE: [(&str, f64); 6] = [
    ("members_list", 0.50),
    ("members_filtered", 0.50),
    ("members_search", 0.50),
    ("grievances_list", 0.50),
    ("organizations_list", 0.50),
    ("member", 0.35),
];

/// A goal beside what was measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Goal {
    /// What is asked for.
    pub(crate) what: String,
    /// How much of it, in words.
    pub(crate) target: String,
    /// What was measured, in words.
    pub(crate) measured: String,
    /// Whether it was reached.
    pub(crate) reached: bool,
}

/// Every goal for which there are figures.
pub(crate) fn goals(figures: &Figures) -> Vec<Goal> {
    let routes = OF_BARE
        .iter()
        .filter_map(|(key, share)| of_bare(figures.route(key)?, *share));
    routes
        .chain(OF_PGBENCH.iter().filter_map(|key| of_pgbench(figures, key)))
        .chain(search(figures))
        .chain(logins(figures))
        .chain(reads(figures))
        .chain(held(figures))
        .chain(memory(figures))
        .chain(starts(figures))
        .collect()
}

fn of_bare(route: &RouteFigures, share: f64) -> Option<Goal> {
    let (best, limit) = (route.best()?, route.bare_best()?);
    let what = format!("{}: best rate, of the bare handler's", route.title);
    Some(at_least(what, best, limit, share))
}

/// The share of pgbench's rate with the same statements that each route is to reach which the bare handler lacks.
const OF_PGBENCH: [&str; 4] = ["search", "case_loads", "cases_due", "grievance_create"];

fn of_pgbench(figures: &Figures, key: &str) -> Option<Goal> {
    let route = figures.route(key)?;
    let limit = route.pgbench_best()?;
    let what = format!(
        "{}: best rate, of pgbench's with the same statements",
        route.title
    );
    Some(at_least(what, route.best()?, limit, 0.40))
}

fn search(figures: &Figures) -> Vec<Goal> {
    let searches = [
        ("search", &figures.search_among_many),
        ("`/search`", &figures.found_among_many),
    ];
    let goal = |(what, measured): (&str, &Option<Measured>)| {
        Some(p99(figures, what, &measured.as_ref()?.load))
    };
    searches.into_iter().filter_map(goal).collect()
}

fn p99(figures: &Figures, what: &str, load: &Load) -> Goal {
    let what = format!(
        "{what} among {} members: p99 at {} connections",
        grouped(figures.searched_members),
        load.connections
    );
    below(what, load.p99_ms, 50.0, "ms")
}

fn logins(figures: &Figures) -> Option<Goal> {
    let logins = figures.logins_alone.as_ref()?;
    let limit = f64::from(figures.machine.cores) / logins.bcrypt_seconds;
    let what = "logins alone, of cores ÷ time of one bcrypt".to_owned();
    Some(at_least(what, logins.load.load.per_second, limit, 0.95))
}

fn reads(figures: &Figures) -> Option<Goal> {
    let reads = figures.reads_beside_logins.as_ref()?;
    let what = "members list while logins queue, of its rate alone".to_owned();
    Some(at_least(
        what,
        reads.beside.per_second,
        reads.alone.per_second,
        0.50,
    ))
}

fn held(figures: &Figures) -> Vec<Goal> {
    let Some(held) = &figures.held else {
        return Vec::new();
    };
    let load = &held.load;
    let wrong = load.refused + load.socket_errors + load.timeouts;
    let connections = grouped(load.connections);
    let what = format!("{connections} connections held for {:.0} s", load.seconds);
    let errors = Goal {
        what: format!("{what}: errors, refusals and time-outs"),
        target: "0".to_owned(),
        measured: grouped(wrong),
        reached: wrong == 0,
    };
    let best = figures.route("members_list").and_then(RouteFigures::best);
    let rate = best.map(|best| {
        at_least(
            format!("{what}: rate, of the best"),
            load.per_second,
            best,
            0.70,
        )
    });
    [Some(errors), rate].into_iter().flatten().collect()
}

fn memory(figures: &Figures) -> Vec<Goal> {
    let most = figures.highest_memory().map(|mib| {
        below(
            "the server's memory at its highest".to_owned(),
            mib,
            250.0,
            "MiB",
        )
    });
    let idle = figures.idle.map(|memory| {
        below(
            "the server's memory idle".to_owned(),
            memory.now_mib,
            60.0,
            "MiB",
        )
    });
    [most, idle].into_iter().flatten().collect()
}

fn starts(figures: &Figures) -> Vec<Goal> {
    let Some(starts) = &figures.starts else {
        return Vec::new();
    };
    let slowest = |times: &[f64]| times.iter().copied().max_by(f64::total_cmp);
    let first = slowest(&starts.first)
        .map(|time| below("first start, slowest".to_owned(), time, 10.0, "s"));
    let later =
        slowest(&starts.later).map(|time| below("later start, slowest".to_owned(), time, 1.5, "s"));
    [first, later].into_iter().flatten().collect()
}

fn at_least(what: String, value: f64, limit: f64, share: f64) -> Goal {
    let reached = value / limit;
    Goal {
        what,
        target: format!("at least {:.0} %", share * 100.0),
        measured: format!(
            "{:.0} % ({} of {})",
            reached * 100.0,
            rate(value),
            rate(limit)
        ),
        reached: reached >= share,
    }
}

fn below(what: String, value: f64, limit: f64, unit: &str) -> Goal {
    Goal {
        what,
        target: format!("under {limit} {unit}"),
        measured: format!("{} {unit}", short(value)),
        reached: value < limit,
    }
}

/// A rate: whole above a hundred, with one or two decimals below.
pub(crate) fn rate(value: f64) -> String {
    if value < 10.0 {
        format!("{value:.2}")
    } else if value < 100.0 {
        format!("{value:.1}")
    } else {
        grouped_text(&format!("{value:.0}"))
    }
}

/// A measure: whole above a hundred, with one or two decimals below.
pub(crate) fn short(value: f64) -> String {
    rate(value)
}

/// A number with commas between its thousands.
pub(crate) fn grouped(value: impl std::fmt::Display) -> String {
    grouped_text(&value.to_string())
}

fn grouped_text(digits: &str) -> String {
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{figures, load, measured};

    fn find<'a>(goals: &'a [Goal], what: &str) -> &'a Goal {
        goals.iter().find(|goal| goal.what.contains(what)).unwrap()
    }

    #[test]
    fn a_route_is_judged_by_its_best_rate_against_the_bare_handlers_best() {
        let goals = goals(&figures());
        let list = find(&goals, "members list: best rate");
        assert_eq!(list.measured, "60 % (3,600 of 6,000)");
        assert!(list.reached);
        assert!(!find(&goals, "member by id: best rate").reached);
    }

    #[test]
    fn held_connections_must_not_meet_a_single_error() {
        let mut figures = figures();
        assert!(find(&goals(&figures), "time-outs").reached);
        let mut bad = measured(4_000, 3_000.0);
        bad.load.timeouts = 1;
        figures.held = Some(bad);
        let goals = goals(&figures);
        let errors = find(&goals, "time-outs");
        assert_eq!((errors.measured.as_str(), errors.reached), ("1", false));
    }

    #[test]
    fn the_slowest_start_counts() {
        let goals = goals(&figures());
        assert_eq!(find(&goals, "later start").measured, "1.60 s");
        assert!(!find(&goals, "later start").reached);
    }

    #[test]
    fn what_was_not_measured_is_no_goal() {
        let mut figures = figures();
        figures.routes.clear();
        figures.search_among_many = None;
        figures.found_among_many = None;
        let goals = goals(&figures);
        assert!(
            goals
                .iter()
                .all(|goal| !goal.what.contains("best rate") && !goal.what.contains("search"))
        );
    }

    #[test]
    fn logins_are_judged_against_the_time_of_one_hash() {
        let goals = goals(&figures());
        let logins = find(&goals, "logins alone");
        assert_eq!(logins.measured, "98 % (7.80 of 8.00)");
    }

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(rate(1_234_567.8), "1,234,568");
        assert_eq!(
            (rate(99.94), rate(7.8), rate(123.0)),
            ("99.9".into(), "7.80".into(), "123".into())
        );
        assert_eq!(grouped(100_000), "100,000");
        assert_eq!(load(16, 1.0).connections, 16);
    }
}
