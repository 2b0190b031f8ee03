//! What can be typed behind `unionhall import`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use unionhall_domain::tenants::Slug;

use super::slug;

/// With what it ends, whatever is brought in.
const EXITS: &str = "\
Exit codes: 0 everything was brought in (or, with --dry-run, could be) · 2 wrong command line
            4 the database does not answer · 5 bad rows · 6 no such file or tenant";

/// What to bring in.
#[derive(Debug, Subcommand, PartialEq)]
pub enum ImportCommand {
    /// Bring members in from a CSV file
    ///
    /// The first row names the columns, in any order and with the usual spellings. A row whose member number
    /// is known changes that member; any other makes one. Every bad row is reported with its row, column and
    /// reason. When any row is bad nothing is written, unless --skip-bad is given.
    #[command(after_long_help = "\
Examples:
  unionhall import members roster.csv --tenant local-46 --dry-run
  unionhall import members roster.csv --tenant local-46 --skip-bad 2> rejected.txt

Exit codes: 0 everything was brought in (or, with --dry-run, could be) · 2 wrong command line
            4 the database does not answer · 5 bad rows · 6 no such file or tenant")]
    Members(ImportFile),
    /// Bring employers and other organizations in from a CSV file
    ///
    /// A row with a known id, or with the name and type of one organization, changes that one; any other makes
    /// one. What is like an organization that is there already is told and not merged.
    #[command(after_long_help = EXITS)]
    Organizations(ImportFile),
    /// Bring the people at organizations in from a CSV file
    ///
    /// A row names the organization by its id or its name. A row with a known id, or with the name of one person
    /// there, changes that person; any other makes one. One person of each organization stays the one to ask first.
    #[command(after_long_help = EXITS)]
    Contacts(ImportFile),
    /// Bring jobs of members in from a CSV file
    ///
    /// A row names the member by number and the organization by its id or its name. A row with a known id, or with
    /// the first day of a job that the member has there, changes that job; any other makes one. Nobody gets more
    /// jobs at once than the tenant allows.
    #[command(after_long_help = EXITS)]
    Employments(ImportFile),
}

/// What kind of records are brought in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportKind {
    /// Members.
    Members,
    /// Organizations.
    Organizations,
    /// Contacts.
    Contacts,
    /// Employments.
    Employments,
}

impl ImportKind {
    /// The name on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Members => "members",
            Self::Organizations => "organizations",
            Self::Contacts => "contacts",
            Self::Employments => "employments",
        }
    }
}

impl ImportCommand {
    /// What is brought in, and from where.
    pub const fn parts(&self) -> (ImportKind, &ImportFile) {
        match self {
            Self::Members(file) => (ImportKind::Members, file),
            Self::Organizations(file) => (ImportKind::Organizations, file),
            Self::Contacts(file) => (ImportKind::Contacts, file),
            Self::Employments(file) => (ImportKind::Employments, file),
        }
    }
}

/// A file to bring in.
#[derive(Debug, Args, PartialEq)]
pub struct ImportFile {
    /// The CSV file: UTF-8 or Windows-1252, with commas, semicolons or tabs
    pub file: PathBuf,
    /// Whose records they are
    #[arg(long, value_parser = slug, value_name = "SLUG")]
    pub tenant: Slug,
    /// Do everything, report everything, and keep nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Bring in the good rows although others are bad
    #[arg(long)]
    pub skip_bad: bool,
}
