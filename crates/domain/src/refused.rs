//! A move that a table of states does not have, told in the same words whatever it is about.

/// Something cannot be done to a record as it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} that is {status} cannot be told to {action}")]
pub struct Refused {
    /// What it is, with its article: `an obligation`.
    pub what: &'static str,
    /// Where it stands.
    pub status: &'static str,
    /// What was tried.
    pub action: &'static str,
    /// What could be done instead.
    pub allowed: Vec<&'static str>,
}

/// A table of states and actions in Markdown: for each pair the name of where it leads, or none.
#[cfg(test)]
pub(crate) fn table<S: Copy, A: Copy>(
    (states, state): (&[S], fn(S) -> &'static str),
    (actions, action): (&[A], fn(A) -> &'static str),
    leads: impl Fn(S, A) -> Option<&'static str>,
) -> String {
    let names: Vec<_> = actions.iter().map(|one| action(*one)).collect();
    let mut lines = vec![
        format!("| state | {} |", names.join(" | ")),
        format!("|---|{}", "---|".repeat(names.len())),
    ];
    for from in states {
        let cells = actions.iter().map(|one| leads(*from, *one).unwrap_or("–"));
        let cells: Vec<_> = cells.collect();
        lines.push(format!("| {} | {} |", state(*from), cells.join(" | ")));
    }
    lines.join("\n")
}
