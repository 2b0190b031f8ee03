//! Tables for a terminal, and numbers that can be read.

/// Rows under a heading, in columns two blanks apart; no blanks at the end of a line.
pub(super) fn table<const COLUMNS: usize>(
    heading: [&str; COLUMNS],
    rows: &[[String; COLUMNS]],
) -> String {
    let heading = heading.map(str::to_owned);
    let mut widths = heading.each_ref().map(|cell| cell.chars().count());
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let line = |row: &[String; COLUMNS]| {
        let cells = row.iter().zip(widths);
        let cells: Vec<_> = cells
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    std::iter::once(&heading).chain(rows).map(line).collect()
}

/// A count with commas: `12,345`.
pub(super) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && digits.len().saturating_sub(place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell_in_characters() {
        let rows = [["Zoë", "a"], ["Al", "bc"]].map(|row| row.map(str::to_owned));
        assert_eq!(table(["who", "x"], &rows), "who  x\nZoë  a\nAl   bc\n");
    }

    #[test]
    fn a_line_has_no_blanks_at_its_end() {
        let rows = [["a".to_owned(), String::new()]];
        assert_eq!(table(["one", "two"], &rows), "one  two\na\n");
    }

    #[test]
    fn large_counts_have_commas() {
        let table = [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
        ];
        for (count, text) in table {
            assert_eq!(grouped(count), text);
        }
    }
}
