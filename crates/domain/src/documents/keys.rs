//! The rule of object keys: where in the store a file lies.
//!
//! `{tenant}/{type}s/{owner}/{category}/{YYYY}/{MM}/{stamp}_{name}`: the tenant first, so that what is one tenant's is
//! together; then what somebody who browses the store looks for. The stamp is the time and the chance of an id, 80 bits
//! of it: no two files get the same key, and those of a month lie in the order in which they came.

use jiff::civil::Date;
use uuid::Uuid;

use super::{Category, FileKind, FileName, RecordType, names::plain};
use crate::tenants::TenantId;

/// The longest key, in bytes. A store that keeps what it knows of an upload in a file beside it has 255 bytes for the
/// name of that file, into which it writes the key in base64 and some more.
pub const LONGEST_KEY: usize = 126;

/// The longest name of a file in a key, without its extension.
const LONGEST_NAME: usize = 18;
/// How many characters the stamp has.
const STAMP: usize = 16;

/// Whose folder it is: a name that may change or say nothing in plain letters, and a number that is always there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// What the record is called, such as `Garcia María`; none where names are nobody's to see.
    pub name: Option<String>,
    /// How the record is known, such as `7464416` or `GR-2026-0001`.
    pub number: String,
}

impl Owner {
    /// The folder, of at most `most` characters: the number whole if it fits, and as much of the name as fits before it.
    fn folder(&self, most: usize) -> String {
        let number = plain(&self.number, most);
        let left = most.saturating_sub(number.len()).saturating_sub(1);
        let name = plain(self.name.as_deref().unwrap_or_default(), left);
        let parts = [name, number];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        if parts.is_empty() {
            "unnamed".to_owned()
        } else {
            parts.join("_")
        }
    }
}

/// Everything that the key of a file is made of.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Whose it is.
    pub tenant: TenantId,
    /// The type of the record.
    pub record: RecordType,
    /// The record.
    pub owner: &'a Owner,
    /// Which of its papers it is.
    pub category: Category,
    /// The tenant's day.
    pub day: Date,
    /// An id of version 7 (RFC 9562 §5.7) that nothing else has.
    pub id: Uuid,
    /// What the file is called.
    pub name: &'a FileName,
    /// What it is.
    pub kind: FileKind,
}

impl Place<'_> {
    /// Whether names say something that is not for whoever browses the store: who has a case, has asked for help, or is
    /// being organized.
    const fn is_nameless(&self) -> bool {
        self.owner.name.is_none()
            || matches!(
                self.category,
                Category::Salting | Category::Benevolence | Category::Grievances
            )
    }

    /// The key: at most [`LONGEST_KEY`] of `A-Z a-z 0-9 / _ . -`, without an empty segment and without two dots in a row,
    /// whatever the names are.
    pub fn key(&self) -> String {
        let Self {
            tenant, category, ..
        } = self;
        let (stem, _) = self.name.split();
        let stem = plain(stem, LONGEST_NAME);
        let stem = if stem.is_empty() || self.is_nameless() {
            "file"
        } else {
            &stem
        };
        let tail = format!(
            "{}/{:04}/{:02}/{}_{stem}.{}",
            category.as_str(),
            self.day.year(),
            self.day.month(),
            stamp(self.id),
            self.kind.extension()
        );
        let head = format!("{}/{}", tenant.uuid().simple(), self.record.folder());
        let taken = head.len().saturating_add(tail.len()).saturating_add(2);
        let name = self.owner.name.clone().filter(|_| !self.is_nameless());
        let number = self.owner.number.clone();
        let owner = Owner { name, number }.folder(LONGEST_KEY.saturating_sub(taken));
        format!("{head}/{owner}/{tail}")
    }
}

/// The time of an id, in milliseconds, and the last 32 of its random bits, in the digits of base 32 (RFC 4648 §7, small):
/// later ids of the same tenant sort behind.
fn stamp(id: Uuid) -> String {
    const DIGITS: [char; 32] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h',
        'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v',
    ];
    let whole = id.as_u128();
    let bits = ((whole >> 80) << 32) | (whole & 0xffff_ffff);
    let digit = |place: usize| {
        let shift = STAMP
            .saturating_sub(1)
            .saturating_sub(place)
            .saturating_mul(5);
        let digit = usize::try_from((bits >> shift) & 31).unwrap_or_default();
        DIGITS.get(digit).copied().unwrap_or('0')
    };
    (0..STAMP).map(digit).collect()
}
