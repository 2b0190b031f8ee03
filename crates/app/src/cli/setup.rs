//! `unionhall setup`: what can be typed.

use std::path::PathBuf;

use clap::Args;
use unionhall_domain::{
    tenants::{Currency, Slug, TenantKind, ZoneName},
    text::Line,
    users::EmailAddress,
};

/// What `unionhall setup --help` adds to the flags.
pub(super) const HELP: &str = "\
Examples:
  unionhall setup --slug local-46 --name 'IBEW Local 46' --kind local --owner-email ada@hall.example
  pass hall/ada | unionhall setup --slug local-46 --name 'IBEW Local 46' --kind local \\
                                  --owner-email ada@hall.example --password-stdin

Without a terminal: UNIONHALL_SETUP_SLUG, UNIONHALL_SETUP_NAME, UNIONHALL_SETUP_KIND and
UNIONHALL_SETUP_OWNER_EMAIL name the same, and UNIONHALL_SETUP_PASSWORD_FILE the password. With them,
`unionhall serve` sets up on its first start by itself, and leaves it alone on every later one.

Exit codes: 0 made · 2 wrong command line or password · 4 the database does not answer
            7 there is a tenant already";

/// The first tenant and its owner.
#[derive(Debug, Args, PartialEq)]
pub struct SetUp {
    /// The short name in addresses and commands: lower-case letters, digits, inner hyphens
    #[arg(long, value_parser = super::slug)]
    pub slug: Option<Slug>,
    /// What the hall calls itself
    #[arg(long, value_parser = super::line::<255>)]
    pub name: Option<Line<255>>,
    /// `local` or `training_trust`
    #[arg(long, value_parser = super::kind)]
    pub kind: Option<TenantKind>,
    /// Where its days begin and end [default: America/Los_Angeles]
    #[arg(long, value_parser = super::zone, value_name = "ZONE")]
    pub time_zone: Option<ZoneName>,
    /// What its amounts are in [default: USD]
    #[arg(long, value_parser = super::currency, value_name = "ISO-4217")]
    pub currency: Option<Currency>,
    /// The address its owner signs in with
    #[arg(long, value_parser = super::email, value_name = "ADDRESS")]
    pub owner_email: Option<EmailAddress>,
    /// The owner's given name [default: made from the address]
    #[arg(long, value_parser = super::line::<100>, value_name = "NAME")]
    pub owner_first_name: Option<Line<100>>,
    /// The owner's family name [default: made from the address]
    #[arg(long, value_parser = super::line::<100>, value_name = "NAME")]
    pub owner_last_name: Option<Line<100>>,
    /// Read the owner's password from standard input
    #[arg(long, conflicts_with = "password_file")]
    pub password_stdin: bool,
    /// Read the owner's password from this file
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
}
