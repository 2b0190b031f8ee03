//! The first limit: pgbench, with the server's own statements on the server's own database.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde::Serialize;

use crate::{
    failure::{Doing, Failure, Outcome},
    statements::Statement,
};

/// Connections that pgbench keeps busy, one number after the other: writers that wait for one row are quicker when
/// there are few.
const CLIENTS: [u32; 2] = [4, 16];

/// What pgbench reached.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Rate {
    /// Connections that were kept busy.
    pub(crate) connections: u32,
    /// Rounds a second: each is all statements of one request.
    pub(crate) per_second: f64,
    /// Mean time of one, in milliseconds.
    pub(crate) mean_ms: f64,
    /// How many statements one round has.
    pub(crate) statements: usize,
}

/// A script and the values of its variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Script {
    text: String,
    variables: Vec<(String, String)>,
    statements: usize,
}

/// Where and as whom pgbench runs.
#[derive(Debug)]
pub(crate) struct Target<'a> {
    /// The program.
    pub(crate) program: PathBuf,
    /// The database, as the role that the server uses.
    pub(crate) url: String,
    /// Whose rows the connections see.
    pub(crate) tenant: &'a str,
    /// Where the scripts are written.
    pub(crate) folder: &'a Path,
}

impl Script {
    /// A script that runs what was recorded, with the same values each time.
    pub(crate) fn repeating(recorded: &[Statement]) -> Self {
        Self::differing(recorded, recorded)
    }

    /// A script of a request that was recorded twice. What differs between the two is new in every round: ids are
    /// drawn, and the number is the one that the sequence gives.
    pub(crate) fn differing(recorded: &[Statement], again: &[Statement]) -> Self {
        let mut script = Self {
            text: String::new(),
            variables: Vec::new(),
            statements: recorded.len(),
        };
        let mut number = None;
        for (place, statement) in recorded.iter().enumerate() {
            let other = again.get(place).map_or(&[][..], |other| &other.values);
            let text = script.with_values(statement, other, place, number.as_deref());
            let given = returned(statement);
            let end = if given.is_some() { "\\gset next_" } else { ";" };
            number = given.or(number);
            // Writing to a string cannot fail.
            let _ = writeln!(script.text, "{text} {end}");
        }
        script
    }

    /// Whether there is nothing to run.
    pub(crate) fn is_empty(&self) -> bool {
        self.statements == 0
    }

    /// The same script for another record: `from` in the values becomes `to`.
    pub(crate) fn replacing(&self, from: &str, to: &str) -> Self {
        let variables = self.variables.iter();
        Self {
            variables: variables
                .map(|(name, value)| (name.clone(), value.replace(from, to)))
                .collect(),
            ..self.clone()
        }
    }

    fn with_values(
        &mut self,
        statement: &Statement,
        other: &[Option<String>],
        place: usize,
        number: Option<&str>,
    ) -> String {
        let mut text = own_part(&statement.text).to_owned();
        // From the last to the first: `$1` is also the beginning of `$12`.
        for (index, value) in statement.values.iter().enumerate().rev() {
            let mark = format!("${}", index + 1);
            let expression = match (value, other.get(index).and_then(Option::as_deref)) {
                (None, _) => "null".to_owned(),
                (Some(value), Some(second)) if value != second => {
                    fresh(value, number).unwrap_or_else(|| self.variable(place, index, value))
                }
                (Some(value), _) => self.variable(place, index, value),
            };
            let list = value.as_deref().filter(|_| statement.mentions("unnest("));
            let cast = list.map(cast_of_list).unwrap_or_default();
            text = text.replace(&mark, &format!("{expression}{cast}"));
        }
        text
    }

    fn variable(&mut self, place: usize, index: usize, value: &str) -> String {
        let name = format!("s{place}v{index}");
        let expression = format!(":{name}");
        self.variables.push((name, value.to_owned()));
        expression
    }
}

/// What stands in place of a value that is another one each time; nothing for a time, which may stay as it was.
fn fresh(value: &str, number: Option<&str>) -> Option<String> {
    let one = value.trim_start_matches('{').trim_end_matches('}');
    if uuid::Uuid::try_parse(one).is_ok() {
        return Some(if one == value {
            "gen_random_uuid()".to_owned()
        } else {
            "array[gen_random_uuid()]".to_owned()
        });
    }
    let is_number = value.parse::<u32>().is_ok();
    number
        .filter(|_| is_number)
        .map(|column| format!(":next_{column}"))
}

/// A connection that has not been told its tenant is told it with its `begin`; pgbench's are told before.
fn own_part(text: &str) -> &str {
    match text.split_once(';') {
        Some((begin, _)) if begin.starts_with("begin") => begin,
        _ => text,
    }
}

/// What `unnest` must be told of a list: the server says the type of each value, pgbench cannot.
fn cast_of_list(list: &str) -> &'static str {
    let first = list.trim_start_matches('{').trim_start_matches('"');
    let first = first.split([',', '"', '}']).next().unwrap_or_default();
    if uuid::Uuid::try_parse(first).is_ok() {
        "::uuid[]"
    } else if first.contains(':') && first.starts_with("20") {
        "::timestamptz[]"
    } else {
        "::text[]"
    }
}

/// The column in which a statement on the sequences gives the next number.
fn returned(statement: &Statement) -> Option<String> {
    if !statement.mentions("number_sequences") {
        return None;
    }
    let text = statement.text.to_lowercase();
    let (_, column) = text.rsplit_once("returning ")?;
    let column = column.rsplit(['.', ' ']).next()?.trim_matches('"');
    Some(column.to_owned())
}

/// Runs scripts, as often each as the others, for some seconds on each number of connections.
pub(crate) fn run(target: &Target<'_>, scripts: &[Script], seconds: u32) -> Outcome<Vec<Rate>> {
    let rates = CLIENTS
        .iter()
        .map(|clients| run_on(target, scripts, seconds, *clients));
    rates.collect()
}

fn run_on(target: &Target<'_>, scripts: &[Script], seconds: u32, clients: u32) -> Outcome<Rate> {
    let mut command = Command::new(&target.program);
    command
        .args(["--no-vacuum", "--protocol=prepared", "--jobs=2"])
        .arg(format!("--client={clients}"))
        .arg(format!("--time={seconds}"))
        .env("PGOPTIONS", session_settings(target.tenant));
    for (place, script) in scripts.iter().enumerate() {
        let path = target.folder.join(format!("script-{place}.sql"));
        // Every script has variables of its own name space, because pgbench has one for all.
        let own = script.named(place);
        fs::write(&path, &own.text).doing(format!("writing {}", path.display()))?;
        command.arg("--file").arg(&path);
        for (name, value) in &own.variables {
            command.arg(format!("--define={name}={value}"));
        }
    }
    let output = command
        .arg(&target.url)
        .output()
        .doing("starting pgbench")?;
    let said = String::from_utf8_lossy(&output.stdout);
    let statements = scripts.first().map_or(0, |script| script.statements);
    parse(&said, clients, statements).ok_or_else(|| {
        let complaints = String::from_utf8_lossy(&output.stderr);
        let first = complaints.lines().find(|line| line.contains("ERROR"));
        let first = first.unwrap_or(&complaints);
        Failure::new(format!(
            "pgbench gave no figures, or a statement failed: {first}"
        ))
    })
}

impl Script {
    fn named(&self, place: usize) -> Self {
        let mut own = self.clone();
        own.variables = self
            .variables
            .iter()
            .map(|(name, value)| (format!("f{place}{name}"), value.clone()))
            .collect();
        own.text = self.text.replace(":s", &format!(":f{place}s"));
        own
    }
}

/// What each session is told once, as the server tells its own.
fn session_settings(tenant: &str) -> String {
    format!("-c app.scope=tenant -c app.tenant={tenant} -c default_transaction_read_only=on")
}

fn parse(said: &str, connections: u32, statements: usize) -> Option<Rate> {
    let after = |name: &str| -> Option<f64> {
        let line = said.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse().ok()
    };
    let rate = Rate {
        connections,
        per_second: after("tps = ")?,
        mean_ms: after("latency average = ")?,
        statements,
    };
    let failed = after("number of failed transactions: ").unwrap_or_default();
    (failed == 0.0 && rate.per_second > 0.0 && !said.contains("aborted")).then_some(rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "0192d3a0-0000-7000-8000-00000000000a";
    const B: &str = "0192d3a0-0000-7000-8000-00000000000b";

    fn statement(text: &str, values: &[Option<&str>]) -> Statement {
        Statement {
            process: 1,
            text: text.to_owned(),
            values: values
                .iter()
                .map(|value| value.map(str::to_owned))
                .collect(),
        }
    }

    #[test]
    fn a_repeated_statement_keeps_its_values() {
        let text = "select $1, $2, $10 from members where name = $3::text";
        let mut values = vec![Some("one"), None, Some("three")];
        values.extend([Some("x"); 7]);
        let script = Script::repeating(&[statement(text, &values)]);
        assert_eq!(
            script.text,
            "select :s0v0, null, :s0v9 from members where name = :s0v2::text ;\n"
        );
        assert!(
            script
                .variables
                .contains(&("s0v2".to_owned(), "three".to_owned()))
        );
    }

    #[test]
    fn what_differs_between_two_recordings_is_new_in_every_round() {
        let transaction = |id: &str, place: &str, at: &str| {
            vec![
                statement(
                    "begin read write; select set_config('app.tenant', 'x', false)",
                    &[],
                ),
                statement(
                    "insert into number_sequences as s (year) values ($1) returning s.last",
                    &[Some("2026")],
                ),
                statement(
                    "insert into grievances values ($1, $2, $3, $4)",
                    &[Some(id), Some(place), Some(at), Some("same")],
                ),
                statement(
                    "insert into audit_events select * from unnest($1, $2, $3)",
                    &[
                        Some(&format!("{{{id}}}")),
                        Some("{\"2026-11-21 09:00:00+00\"}"),
                        Some("{created}"),
                    ],
                ),
                statement("commit", &[]),
            ]
        };
        let script = Script::differing(
            &transaction(A, "7", "2026-11-21 09:00:00"),
            &transaction(B, "8", "2026-11-21 09:00:01"),
        );
        let lines: Vec<_> = script.text.lines().collect();
        assert_eq!(lines[0], "begin read write ;");
        assert!(lines[1].ends_with("returning s.last \\gset next_"));
        assert_eq!(
            lines[2],
            "insert into grievances values (gen_random_uuid(), :next_last, :s2v2, :s2v3) ;"
        );
        assert_eq!(
            lines[3],
            "insert into audit_events select * from unnest(array[gen_random_uuid()]::uuid[], \
             :s3v1::timestamptz[], :s3v2::text[]) ;"
        );
        assert_eq!(script.statements, 5);
    }

    #[test]
    fn a_script_for_another_record_differs_in_its_values_alone() {
        let script = Script::repeating(&[statement("select $1", &[Some(A)])]);
        let other = script.replacing(A, B);
        assert_eq!(other.text, script.text);
        assert_eq!(other.variables, [("s0v0".to_owned(), B.to_owned())]);
    }

    #[test]
    fn scripts_do_not_share_variables() {
        let script = Script::repeating(&[statement("select $1::text", &[Some("x")])]).named(3);
        assert_eq!(script.text, "select :f3s0v0::text ;\n");
        assert_eq!(script.variables, [("f3s0v0".to_owned(), "x".to_owned())]);
    }

    #[test]
    fn the_rate_is_read_and_a_run_with_failures_is_none() {
        let said = "number of failed transactions: 0 (0.000%)\nlatency average = 0.812 ms\n\
                    tps = 19700.25 (without initial connection time)\n";
        let rate = parse(said, 16, 1).unwrap();
        assert_eq!((rate.per_second, rate.mean_ms), (19_700.25, 0.812));
        assert_eq!(parse(&said.replace(": 0 (", ": 3 ("), 16, 1), None);
        assert_eq!(parse("pgbench: error\n", 16, 1), None);
    }
}
