//! The first tenant and its owner, for installations that nobody sits at.

use std::path::PathBuf;

use unionhall_application::accounts::NewTenant;
use unionhall_domain::{
    tenants::{Currency, Slug, TenantKind, ZoneName},
    text::Line,
    users::EmailAddress,
};

use super::{parse, reader::Reader};

/// What is made on the first start, once.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The tenant.
    pub tenant: NewTenant,
    /// The address its owner signs in with.
    pub owner_email: EmailAddress,
    /// The owner's given name; `None`: made from the address.
    pub owner_first_name: Option<Line<100>>,
    /// The owner's family name; `None`: made from the address.
    pub owner_last_name: Option<Line<100>>,
    /// The file with the owner's first password; `None`: a link goes out by mail.
    pub password_file: Option<PathBuf>,
}

/// What names a set-up: with one of these, all are needed.
const NEEDED: [&str; 4] = [
    "setup.slug",
    "setup.name",
    "setup.kind",
    "setup.owner_email",
];
/// What means nothing without them.
const DETAILS: [&str; 5] = [
    "setup.time_zone",
    "setup.currency",
    "setup.owner_first_name",
    "setup.owner_last_name",
    "setup.password_file",
];

/// Where a hall is unless it says otherwise.
const ZONE: &str = "America/Los_Angeles";
const CURRENCY: &str = "USD";

/// Everything is read before the first `?`, so that one fault does not hide another.
pub(super) fn read(read: &mut Reader) -> Option<Option<Setup>> {
    let slug = read.optional("setup.slug", parse::of(Slug::parse));
    let name = read.optional("setup.name", parse::of(Line::parse));
    let kind = read.optional("setup.kind", parse::of(TenantKind::parse));
    let zone = read.optional("setup.time_zone", parse::of(ZoneName::parse));
    let currency = read.optional("setup.currency", parse::of(Currency::parse));
    let email = read.optional("setup.owner_email", parse::of(EmailAddress::parse));
    let first_name = read.optional("setup.owner_first_name", parse::of(Line::parse));
    let last_name = read.optional("setup.owner_last_name", parse::of(Line::parse));
    let password_file = read.optional("setup.password_file", parse::path);
    let whole = read.needed_by("setup.slug", &DETAILS) & read.together(&NEEDED);
    let zone = zone?.or_else(|| ZoneName::parse(ZONE).ok());
    let currency = currency?.or_else(|| Currency::parse(CURRENCY).ok());
    let named = slug?.zip(name?).zip(kind?.zip(email?));
    let (owner_first_name, owner_last_name) = (first_name?, last_name?);
    let password_file = password_file?;
    if !whole {
        return None;
    }
    let Some(((slug, name), (kind, owner_email))) = named else {
        return Some(None);
    };
    Some(Some(Setup {
        tenant: NewTenant {
            slug,
            name,
            kind,
            time_zone: zone?,
            currency: currency?,
        },
        owner_email,
        owner_first_name,
        owner_last_name,
        password_file,
    }))
}
