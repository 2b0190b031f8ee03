//! How far an import has come: a bar for a person, a line now and then for a log.

use std::{
    cell::{Cell, RefCell},
    io::Write,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use unionhall_application::imports::{ImportPhase, ImportProgress};

use super::{console::Console, table::grouped};

/// After so many rows a log gets a line.
const ROWS_A_LINE: u64 = 10_000;

/// Shows an import's progress on standard error.
pub(super) enum Shown<'a> {
    Bar(ProgressBar),
    Lines {
        err: RefCell<&'a mut dyn Write>,
        /// What was told last: the phase, and how many lines' worth of rows.
        told: Cell<(ImportPhase, u64)>,
    },
}

impl<'a> Shown<'a> {
    /// A bar when a person watches, and lines otherwise.
    pub(super) fn on(console: &'a mut Console<'_>) -> Self {
        if console.watched {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            return Self::Bar(bar.with_style(style()));
        }
        Self::Lines {
            err: RefCell::new(&mut *console.err),
            told: Cell::new((ImportPhase::Reading, 0)),
        }
    }

    /// Shows how far it is now.
    pub(super) fn tell(&self, progress: ImportProgress) {
        match self {
            Self::Bar(bar) => {
                if let Some(total) = progress.bytes_total {
                    bar.set_length(total);
                }
                bar.set_position(progress.bytes);
                let rows = match progress.phase {
                    ImportPhase::Reading => String::new(),
                    ImportPhase::Checking | ImportPhase::Writing => {
                        format!("{} rows", grouped(progress.rows))
                    }
                };
                bar.set_prefix(spoken(progress.phase));
                bar.set_message(rows);
            }
            Self::Lines { err, told } => {
                let now = (progress.phase, progress.rows / ROWS_A_LINE);
                if now.1 > 0 && now != told.replace(now) {
                    let rows = now.1.saturating_mul(ROWS_A_LINE);
                    // Where nobody can be told, there is nobody to tell that either.
                    let _unheard = writeln!(
                        err.borrow_mut(),
                        "{} {} rows",
                        spoken(progress.phase),
                        grouped(rows)
                    );
                }
            }
        }
    }

    /// Takes the bar away: the report says the rest.
    pub(super) fn finish(self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{prefix:8} [{bar:32}] {percent:>3} %  {msg}").map_or_else(
        |_| ProgressStyle::default_bar(),
        |style| style.progress_chars("=> "),
    )
}

const fn spoken(phase: ImportPhase) -> &'static str {
    match phase {
        ImportPhase::Reading => "reading",
        ImportPhase::Checking => "checking",
        ImportPhase::Writing => "writing",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{commands::console, exit::Exit};

    #[test]
    fn the_bar_is_one_that_can_be_drawn() {
        assert!(
            ProgressStyle::with_template("{prefix:8} [{bar:32}] {percent:>3} %  {msg}").is_ok()
        );
    }

    #[test]
    fn a_log_gets_a_line_for_every_ten_thousand_rows_of_a_phase() {
        let said = console::run("", |console| {
            let shown = Shown::on(console);
            let tell = |phase, rows| {
                shown.tell(ImportProgress {
                    phase,
                    rows,
                    bytes: rows,
                    bytes_total: Some(25_000),
                });
            };
            tell(ImportPhase::Reading, 0);
            for phase in [ImportPhase::Checking, ImportPhase::Writing] {
                for rows in (500..=25_000).step_by(500) {
                    tell(phase, rows);
                }
            }
            shown.finish();
            Ok(Exit::Done)
        });
        let lines: Vec<_> = said.err.lines().collect();
        let expected = [
            "checking 10,000 rows",
            "checking 20,000 rows",
            "writing 10,000 rows",
            "writing 20,000 rows",
        ];
        assert_eq!(lines, expected);
    }
}
