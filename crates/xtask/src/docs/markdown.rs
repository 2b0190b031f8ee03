//! Just enough Markdown: code spans, links, and which lines are inside a fence.

/// One line of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// Counted from 1.
    pub(super) number: usize,
    pub(super) text: &'a str,
    /// Whether the line is inside a fenced block.
    pub(super) fenced: bool,
}

/// The lines of a document; the fences themselves are left out.
pub(super) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut fenced = false;
    let mut lines = Vec::new();
    for (number, text) in (1..).zip(text.lines()) {
        if text.trim_start().starts_with("```") {
            fenced = !fenced;
        } else {
            lines.push(Line {
                number,
                text,
                fenced,
            });
        }
    }
    lines
}

/// The code spans of a line: what stands between two backticks.
pub(super) fn code_spans(text: &str) -> Vec<&str> {
    let pairs = text.matches('`').count() / 2;
    text.split('`').skip(1).step_by(2).take(pairs).collect()
}

/// The targets of the links of a line.
pub(super) fn link_targets(text: &str) -> Vec<&str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once(')')?.0))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_spans_are_what_stands_between_two_backticks() {
        assert_eq!(
            code_spans("a `b` c `d/e.rs` and a stray ` here"),
            ["b", "d/e.rs"]
        );
        assert_eq!(code_spans("none"), [""; 0]);
    }

    #[test]
    fn link_targets_are_found_beside_each_other() {
        assert_eq!(
            link_targets("[a](b.md) and [c](d.md#e)"),
            ["b.md", "d.md#e"]
        );
    }

    #[test]
    fn lines_know_whether_they_are_fenced() {
        let found = lines("a\n```sh\nb\n```\nc\n");
        let flags: Vec<(usize, bool)> = found
            .iter()
            .map(|line| (line.number, line.fenced))
            .collect();
        assert_eq!(flags, [(1, false), (3, true), (5, false)]);
    }
}
