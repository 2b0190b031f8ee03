//! The statements that the server really sends, read from the log of its database.
//!
//! They are recorded and not copied into this crate, so that pgbench runs what the program of today runs.

use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

use crate::failure::{Doing, Outcome};

/// One statement and its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    /// The process of the database that ran it.
    pub(crate) process: u32,
    /// Its text, with `$1` and so on for the values.
    pub(crate) text: String,
    /// The values as text; `None` for null.
    pub(crate) values: Vec<Option<String>>,
}

impl Statement {
    /// Whether the text holds these words, in any case.
    pub(crate) fn mentions(&self, words: &str) -> bool {
        self.text.to_lowercase().contains(words)
    }
}

/// A place in the log.
#[derive(Debug)]
pub(crate) struct Log {
    path: PathBuf,
    from: u64,
}

impl Log {
    /// The end of the log as it is now.
    pub(crate) fn end(path: &Path) -> Outcome<Self> {
        let size = path
            .metadata()
            .doing(format!("looking at {}", path.display()))?;
        Ok(Self {
            path: path.to_path_buf(),
            from: size.len(),
        })
    }

    /// The statements that were logged since.
    pub(crate) fn statements(&self) -> Outcome<Vec<Statement>> {
        let mut bytes = Vec::new();
        let read = File::open(&self.path).and_then(|mut file| {
            file.seek(SeekFrom::Start(self.from))?;
            file.read_to_end(&mut bytes)
        });
        read.doing(format!("reading {}", self.path.display()))?;
        Ok(parse(&String::from_utf8_lossy(&bytes)))
    }
}

/// What one request ran: of its reading process, without the trail of reads, which a writer of its own gathers.
pub(crate) fn of_read(logged: &[Statement], table: &str) -> Vec<Statement> {
    logged
        .iter()
        .filter(|statement| statement.mentions(table) && !statement.mentions("audit_events"))
        .cloned()
        .collect()
}

/// The last transaction that inserted into `table`, from its `begin` to its `commit`.
pub(crate) fn of_write(logged: &[Statement], table: &str) -> Vec<Statement> {
    let insert = format!("insert into {table}");
    let quoted = format!("insert into \"{table}\"");
    let inserts = |one: &Statement| one.mentions(&insert) || one.mentions(&quoted);
    let Some(process) = logged
        .iter()
        .rev()
        .find(|one| inserts(one))
        .map(|one| one.process)
    else {
        return Vec::new();
    };
    let mut transaction = Vec::new();
    let mut complete = Vec::new();
    for statement in logged.iter().filter(|one| one.process == process) {
        if statement.mentions("begin") {
            transaction.clear();
        }
        transaction.push(statement.clone());
        if statement.text.eq_ignore_ascii_case("commit") && transaction.iter().any(inserts) {
            complete = std::mem::take(&mut transaction);
        }
    }
    complete
}

/// The statements in a log with the line prefix `%m [%p] `. A message that has several lines goes on behind a tab.
fn parse(log: &str) -> Vec<Statement> {
    let mut statements: Vec<Statement> = Vec::new();
    for (process, level, message) in entries(log) {
        match level {
            "LOG" => statements.extend(statement(process, &message)),
            "DETAIL" => {
                let last = statements
                    .iter_mut()
                    .rev()
                    .find(|one| one.process == process);
                if let (Some(last), Some(list)) = (last, values_in(&message)) {
                    last.values = values(list);
                }
            }
            _ => {}
        }
    }
    statements
}

fn entries(log: &str) -> Vec<(u32, &str, String)> {
    let mut entries: Vec<(u32, &str, String)> = Vec::new();
    for line in log.lines() {
        if let Some(more) = line.strip_prefix('\t') {
            if let Some((_, _, message)) = entries.last_mut() {
                message.push('\n');
                message.push_str(more);
            }
        } else if let Some(entry) = entry(line) {
            entries.push(entry);
        }
    }
    entries
}

fn entry(line: &str) -> Option<(u32, &str, String)> {
    let (_, rest) = line.split_once(" [")?;
    let (process, rest) = rest.split_once("] ")?;
    let (level, message) = rest.split_once(":  ")?;
    Some((process.parse().ok()?, level, message.to_owned()))
}

fn statement(process: u32, message: &str) -> Option<Statement> {
    let is_statement = message.starts_with("execute ") || message.starts_with("statement");
    let (_, text) = message.split_once(": ")?;
    is_statement.then(|| Statement {
        process,
        text: text.trim().trim_end_matches(';').to_owned(),
        values: Vec::new(),
    })
}

fn values_in(message: &str) -> Option<&str> {
    let lists = ["parameters: ", "Parameters: "];
    lists.iter().find_map(|name| message.strip_prefix(name))
}

/// Reads `$1 = 'it''s', $2 = NULL`.
fn values(list: &str) -> Vec<Option<String>> {
    let mut values = Vec::new();
    let mut rest = list;
    while let Some((_, value)) = rest.split_once(" = ") {
        if let Some(quoted) = value.strip_prefix('\'') {
            let (text, behind) = unquoted(quoted);
            values.push(Some(text));
            rest = behind;
        } else {
            values.push(None);
            rest = value.strip_prefix("NULL").unwrap_or(value);
        }
    }
    values
}

/// The text up to its closing quote, and what comes behind that.
fn unquoted(quoted: &str) -> (String, &str) {
    let mut text = String::new();
    let mut rest = quoted;
    while let Some((before, behind)) = rest.split_once('\'') {
        text.push_str(before);
        match behind.strip_prefix('\'') {
            Some(more) => {
                text.push('\'');
                rest = more;
            }
            None => return (text, behind),
        }
    }
    text.push_str(rest);
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
2026-11-21 09:18:00.123 UTC [41] LOG:  statement: begin read write
2026-11-21 09:18:00.124 UTC [41] LOG:  execute __diesel_stmt_3: insert into grievances (id,
\t notes) values ($1, $2)
2026-11-21 09:18:00.124 UTC [41] DETAIL:  parameters: $1 = 'it''s, $9 = 2', $2 = NULL, $3 = 'two
\tlines'
2026-11-21 09:18:00.125 UTC [77] LOG:  execute <unnamed>: select * from outbox
2026-11-21 09:18:00.126 UTC [41] LOG:  statement: commit;
2026-11-21 09:18:00.127 UTC [41] LOG:  checkpoint starting: time
2026-11-21 09:18:00.128 UTC [41] LOG:  statement: begin read write
2026-11-21 09:18:00.129 UTC [41] LOG:  execute s: select 1
2026-11-21 09:18:00.130 UTC [41] LOG:  statement: commit
";

    #[test]
    fn statements_are_read_with_their_values() {
        let statements = parse(LOG);
        let insert = &statements[1];
        assert_eq!(insert.process, 41);
        assert_eq!(
            insert.text,
            "insert into grievances (id,\n notes) values ($1, $2)"
        );
        let values = [Some("it's, $9 = 2"), None, Some("two\nlines")];
        assert_eq!(insert.values, values.map(|value| value.map(str::to_owned)));
        assert_eq!(statements.len(), 7);
    }

    #[test]
    fn a_write_is_its_whole_transaction_and_nothing_of_others() {
        let texts: Vec<_> = of_write(&parse(LOG), "grievances")
            .into_iter()
            .map(|one| one.text)
            .collect();
        assert_eq!(texts.len(), 3);
        assert_eq!(
            (texts[0].as_str(), texts[2].as_str()),
            ("begin read write", "commit")
        );
    }

    #[test]
    fn a_write_that_was_not_logged_is_empty() {
        assert_eq!(of_write(&parse(LOG), "members"), []);
    }

    #[test]
    fn a_read_leaves_the_trail_of_reads_out() {
        let one = |text: &str| Statement {
            process: 1,
            text: text.to_owned(),
            values: Vec::new(),
        };
        let logged = [
            one("SELECT id FROM \"members\""),
            one("insert into audit_events select 'members'"),
            one("select * from sessions"),
        ];
        assert_eq!(of_read(&logged, "members"), [logged[0].clone()]);
    }
}
