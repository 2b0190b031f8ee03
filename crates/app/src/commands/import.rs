//! `unionhall import members`: a roster from a file, and the report of every row that is wrong.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use unionhall_application::{
    Application,
    actor::Actor,
    call::Call,
    clock::Clock,
    members::import::{ImportError, ImportOptions, ImportReport, Roster, RowError},
    trail::Origin,
};

use super::{
    accounts::{call_failure, failure},
    console::Console,
    progress::Shown,
    table::{grouped, table},
};
use crate::{cli::ImportMembers, exit::Exit, failure::Failure};

/// So many mistakes fit on a screen; a file takes all that the report keeps.
const ON_A_SCREEN: usize = 50;

/// A roster in a file.
struct RosterFile(PathBuf);

impl Roster for RosterFile {
    fn open(&self) -> io::Result<Box<dyn Read>> {
        Ok(Box::new(File::open(&self.0)?))
    }
}

/// Brings members in from a file.
pub(super) fn members(
    application: &Application,
    clock: &dyn Clock,
    command: &ImportMembers,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let roster = roster(&command.file)?;
    let tenant = application
        .accounts
        .find_tenant(&command.tenant)
        .map_err(|error| failure("looking for the tenant", &error))?;
    let origin = Origin {
        request_id: clock.new_id().to_string(),
        address: None,
        device: Some("unionhall import members".to_owned()),
    };
    let mut call = Call::new(Actor::operator(tenant), origin);
    call.dry_run = command.dry_run;
    let options = ImportOptions {
        skip_bad: command.skip_bad,
    };
    let shown = Shown::on(console);
    let tell = |progress| shown.tell(progress);
    let result = application.members.import(&call, &roster, options, &tell);
    shown.finish();
    match result {
        Ok(report) => told(command, &report, true, console),
        Err(ImportError::BadRows(report)) => told(command, &report, false, console),
        Err(ImportError::Unreadable(why)) => Err(Failure::new(
            Exit::BadInput,
            format!("{} cannot be read: {why}", command.file.display()),
        )),
        Err(ImportError::Call(error)) => Err(call_failure("the import", &error)),
    }
}

/// The file, if it can be read three times from its beginning.
fn roster(path: &Path) -> Result<RosterFile, Failure> {
    let shown = path.display();
    let opened = File::open(path).and_then(|_| fs::metadata(path));
    match opened {
        Ok(found) if found.is_file() => Ok(RosterFile(path.to_owned())),
        Ok(_) => Err(Failure::new(
            Exit::Usage,
            format!(
                "{shown} is no plain file; a roster is read several times, so save it as a file first"
            ),
        )),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Failure::new(
            Exit::NotFound,
            format!("there is no file {shown}"),
        )),
        Err(error) => Err(Failure::caused(Exit::Failed, &shown.to_string(), &error)),
    }
}

/// Tells what came of it; what was `kept` is what the good rows said.
fn told(
    command: &ImportMembers,
    report: &ImportReport,
    kept: bool,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    mistakes(report, console);
    console.print(&summary(command, report, kept))?;
    if report.error_count == 0 {
        return Ok(Exit::Done);
    }
    if !kept {
        console.say(
            "Nothing was written. Correct the rows and import the file again, \
             or add --skip-bad to bring in the others.",
        );
    }
    Ok(Exit::BadInput)
}

fn summary(command: &ImportMembers, report: &ImportReport, kept: bool) -> String {
    let ImportReport {
        rows,
        created,
        updated,
        unchanged,
        bad,
        ..
    } = report;
    let delimiter = match report.delimiter {
        ',' => "commas",
        ';' => "semicolons",
        _ => "tabs",
    };
    let mut text = format!(
        "{} ({}, {delimiter})\n",
        command.file.display(),
        report.encoding
    );
    if !report.ignored_columns.is_empty() {
        text.push_str(&format!(
            "columns not read: {}\n",
            report.ignored_columns.join(", ")
        ));
    }
    let counts = [
        ("rows", rows),
        ("created", created),
        ("updated", updated),
        ("unchanged", unchanged),
        ("bad", bad),
    ];
    for (name, count) in counts {
        text.push_str(&format!("{name:10}{:>9}\n", grouped(*count)));
    }
    if kept && command.dry_run {
        text.push_str("This was a rehearsal: nothing was kept.\n");
    }
    text
}

fn mistakes(report: &ImportReport, console: &mut Console<'_>) {
    if report.errors.is_empty() {
        return;
    }
    let most = if console.watched {
        ON_A_SCREEN
    } else {
        usize::MAX
    };
    let row = |error: &RowError| {
        let place = if error.record == 0 {
            "heading".to_owned()
        } else {
            grouped(error.record)
        };
        let column = error.column.clone().unwrap_or_default();
        [
            place,
            grouped(error.line),
            column,
            error.invalid.detail.clone(),
        ]
    };
    let rows: Vec<_> = report.errors.iter().take(most).map(row).collect();
    let listed = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    console.say(table(["ROW", "LINE", "COLUMN", "WHAT IS WRONG"], &rows).trim_end());
    let more = report.error_count.saturating_sub(listed);
    if more > 0 {
        let hint = if console.watched {
            "; `2> mistakes.txt` lists more of them"
        } else {
            ""
        };
        console.say(&format!("… and {} more{hint}", grouped(more)));
    }
}

#[cfg(test)]
mod tests;
