//! `unionhall import …`: records from a file, and the report of every row that is wrong.

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
    imports::{ImportError, ImportOptions, ImportProgress, ImportReport, RowError, Sheet},
    trail::Origin,
};

use super::{
    accounts::{call_failure, failure},
    console::Console,
    progress::Shown,
    table::{grouped, table},
};
use crate::{
    cli::{ImportCommand, ImportFile, ImportKind},
    exit::Exit,
    failure::Failure,
};

/// So many mistakes fit on a screen; a file takes all that the report keeps.
const ON_A_SCREEN: usize = 50;

/// A list in a file.
struct SheetFile(PathBuf);

impl Sheet for SheetFile {
    fn open(&self) -> io::Result<Box<dyn Read>> {
        Ok(Box::new(File::open(&self.0)?))
    }
}

/// Brings records in from a file.
pub(super) fn import(
    application: &Application,
    clock: &dyn Clock,
    command: &ImportCommand,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let (kind, command) = command.parts();
    let sheet = sheet(&command.file)?;
    let tenant = application
        .accounts
        .find_tenant(&command.tenant)
        .map_err(|error| failure("looking for the tenant", &error))?;
    let origin = Origin {
        request_id: clock.new_id().to_string(),
        address: None,
        device: Some(format!("unionhall import {}", kind.as_str())),
    };
    let mut call = Call::new(Actor::operator(tenant), origin);
    call.dry_run = command.dry_run;
    let options = ImportOptions {
        skip_bad: command.skip_bad,
    };
    let shown = Shown::on(console);
    let tell = |progress| shown.tell(progress);
    let result = brought_in(application, kind, (&call, &sheet), options, &tell);
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

fn brought_in(
    application: &Application,
    kind: ImportKind,
    (call, sheet): (&Call, &SheetFile),
    options: ImportOptions,
    tell: &dyn Fn(ImportProgress),
) -> Result<ImportReport, ImportError> {
    match kind {
        ImportKind::Members => application.members.import(call, sheet, options, tell),
        ImportKind::Organizations => application.organizations.import(call, sheet, options, tell),
        ImportKind::Contacts => application.contacts.import(call, sheet, options, tell),
        ImportKind::Employments => application.employments.import(call, sheet, options, tell),
    }
}

/// The file, if it can be read three times from its beginning.
fn sheet(path: &Path) -> Result<SheetFile, Failure> {
    let shown = path.display();
    let opened = File::open(path).and_then(|_| fs::metadata(path));
    match opened {
        Ok(found) if found.is_file() => Ok(SheetFile(path.to_owned())),
        Ok(_) => Err(Failure::new(
            Exit::Usage,
            format!(
                "{shown} is no plain file; a list is read several times, so save it as a file first"
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
    command: &ImportFile,
    report: &ImportReport,
    kept: bool,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    listed(&report.errors, report.error_count, "WHAT IS WRONG", console);
    let unusual = "WHAT IS UNUSUAL, AND WAS TAKEN";
    listed(&report.warnings, report.warning_count, unusual, console);
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

fn summary(command: &ImportFile, report: &ImportReport, kept: bool) -> String {
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

/// Tells what was found in rows, as far as it fits, and how much of it there is.
fn listed(found: &[RowError], count: u64, heading: &'static str, console: &mut Console<'_>) {
    if found.is_empty() {
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
    let rows: Vec<_> = found.iter().take(most).map(row).collect();
    let listed = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    console.say(table(["ROW", "LINE", "COLUMN", heading], &rows).trim_end());
    let more = count.saturating_sub(listed);
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
