//! Documents: files that belong to a record, in versions, and what may become of them.

mod categories;
mod keys;
mod kinds;
mod names;

use std::fmt;

use jiff::{SignedDuration, Timestamp, civil::Date};

use crate::{
    audit::Fields,
    benevolence::BenevolenceApplicationId,
    change::Change,
    grievances::GrievanceId,
    ids::Id,
    invalid::Invalid,
    members::MemberId,
    organizations::OrganizationId,
    refused::Refused,
    text::{Line, Prose},
    users::UserId,
    version::Version,
};

pub use self::{
    categories::{Category, RecordType},
    keys::{LONGEST_KEY, Owner, Place},
    kinds::{FileKind, HEAD},
    names::FileName,
};

/// The id of a document.
pub type DocumentId = Id<Document>;

/// How long a deleted document can be restored.
pub const RESTORABLE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How many tags a document has at most.
pub const MOST_TAGS: usize = 20;
/// How many versions a document has at most.
pub const MOST_VERSIONS: u32 = 100;

/// A word that documents are found by.
pub type Tag = Line<50>;

/// The record that a document belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordRef {
    /// A union member.
    Member(MemberId),
    /// An employer, union, training partner or JATC.
    Organization(OrganizationId),
    /// A grievance.
    Grievance(GrievanceId),
    /// An application to the benevolence fund.
    BenevolenceApplication(BenevolenceApplicationId),
}

impl RecordRef {
    /// The record of this type with this id.
    pub const fn of(kind: RecordType, id: uuid::Uuid) -> Self {
        match kind {
            RecordType::Member => Self::Member(Id::new(id)),
            RecordType::Organization => Self::Organization(Id::new(id)),
            RecordType::Grievance => Self::Grievance(Id::new(id)),
            RecordType::BenevolenceApplication => Self::BenevolenceApplication(Id::new(id)),
        }
    }

    /// What kind of record it is.
    pub const fn kind(self) -> RecordType {
        match self {
            Self::Member(_) => RecordType::Member,
            Self::Organization(_) => RecordType::Organization,
            Self::Grievance(_) => RecordType::Grievance,
            Self::BenevolenceApplication(_) => RecordType::BenevolenceApplication,
        }
    }

    /// Its bare id.
    pub const fn uuid(self) -> uuid::Uuid {
        match self {
            Self::Member(id) => id.uuid(),
            Self::Organization(id) => id.uuid(),
            Self::Grievance(id) => id.uuid(),
            Self::BenevolenceApplication(id) => id.uuid(),
        }
    }
}

/// The SHA-256 of a file (FIPS 180-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sha256(pub [u8; 32]);

impl Sha256 {
    /// Reads 64 hexadecimal digits.
    ///
    /// # Errors
    /// `not_a_sha256`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let wrong = || Invalid::new("not_a_sha256", "must be 64 hexadecimal digits");
        let digits = text.as_bytes();
        if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(wrong());
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| wrong())?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| wrong())?;
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0 {
            write!(formatter, "{byte:02x}")?;
        }
        Ok(())
    }
}

/// What a scanner has said of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScanState {
    /// Nothing yet.
    Unscanned,
    /// There is nothing in it that the scanner knows.
    Clean,
    /// There is something harmful in it.
    Infected,
    /// It could not be scanned.
    Failed,
}

impl ScanState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Unscanned, Self::Clean, Self::Infected, Self::Failed];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unscanned => "unscanned",
            Self::Clean => "clean",
            Self::Infected => "infected",
            Self::Failed => "failed",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        crate::text::one_of(text, &Self::ALL, Self::as_str)
    }

    /// Whether a file may be taken: without a scanner what nobody has looked at, with one only what is clean.
    pub const fn is_readable(self, with_scanner: bool) -> bool {
        match self {
            Self::Clean => true,
            Self::Unscanned => !with_scanner,
            Self::Infected | Self::Failed => false,
        }
    }
}

/// One version of a document: a file in the object store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentFile {
    /// Which version it is, from 1.
    pub number: u32,
    /// What it was called by whoever sent it.
    pub name: FileName,
    /// What it is.
    pub kind: FileKind,
    /// How many bytes it has.
    pub bytes: u64,
    /// Its digest.
    pub sha256: Sha256,
    /// Under which key it lies in the object store.
    pub key: String,
    /// What the scanner says.
    pub scan: ScanState,
    /// Who sent it; none for the operator.
    pub uploaded_by: Option<UserId>,
    /// When.
    pub uploaded_at: Timestamp,
}

/// What is said of a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DocumentDetails {
    /// What it is called by the office.
    pub title: Option<Line<200>>,
    /// What is in it.
    pub description: Option<Prose<2000>>,
    /// Words it is found by, each once, in their order.
    pub tags: Vec<Tag>,
    /// The last day on which what it says holds, such as a certificate.
    pub expires_on: Option<Date>,
    /// The day until which it must be kept, deleted or not.
    pub keep_until: Option<Date>,
}

/// A partial change of what is said of a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DocumentChange {
    /// What it is called by the office.
    pub title: Change<Option<Line<200>>>,
    /// What is in it.
    pub description: Change<Option<Prose<2000>>>,
    /// Words it is found by.
    pub tags: Change<Vec<Tag>>,
    /// The last day on which what it says holds.
    pub expires_on: Change<Option<Date>>,
    /// The day until which it must be kept.
    pub keep_until: Change<Option<Date>>,
}

impl DocumentDetails {
    /// The details after a change.
    #[must_use]
    pub fn changed(mut self, change: DocumentChange) -> Self {
        let DocumentChange {
            title,
            description,
            tags,
            expires_on,
            keep_until,
        } = change;
        title.apply(&mut self.title);
        description.apply(&mut self.description);
        tags.apply(&mut self.tags);
        expires_on.apply(&mut self.expires_on);
        keep_until.apply(&mut self.keep_until);
        self.tags = ordered(self.tags);
        self
    }
}

/// Tags each once, in their order.
pub fn ordered(mut tags: Vec<Tag>) -> Vec<Tag> {
    tags.sort();
    tags.dedup();
    tags
}

/// That a document must not go, whatever else is said: somebody may ask for it at law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Why.
    pub reason: Line<500>,
    /// Who said so; none for the operator.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
}

/// A document of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// What it belongs to.
    pub record: RecordRef,
    /// Which of the record's papers it is.
    pub category: Category,
    /// What is said of it.
    pub details: DocumentDetails,
    /// Whether it must not go.
    pub hold: Option<Hold>,
    /// Its newest version.
    pub file: DocumentFile,
    /// Counts the changes.
    pub version: Version,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was deleted, if it is.
    pub deleted_at: Option<Timestamp>,
}

impl Document {
    /// Whether it may be deleted.
    ///
    /// # Errors
    /// [`Refused`] when it is held.
    pub fn may_go(&self) -> Result<(), Refused> {
        match self.hold {
            Some(_) => Err(Refused {
                what: "a document",
                status: "held",
                action: "delete",
                allowed: vec!["release"],
            }),
            None => Ok(()),
        }
    }

    /// Whether it is to be removed for good: deleted for longer than it can be restored, kept for as long as it must be,
    /// and not held. `today` is the tenant's.
    pub fn is_over(&self, now: Timestamp, today: Date) -> bool {
        let forgotten = self
            .deleted_at
            .is_some_and(|at| now.duration_since(at) >= RESTORABLE);
        let kept = self.details.keep_until.is_some_and(|until| until >= today);
        forgotten && !kept && self.hold.is_none()
    }

    /// Whether what it says holds no more on that day of the tenant's.
    pub fn is_expired(&self, today: Date) -> bool {
        self.details.expires_on.is_some_and(|last| last < today)
    }

    /// The document as the audit trail shows it. Its words are told, its content is not.
    pub fn fields(&self) -> Fields {
        let DocumentDetails {
            title,
            description,
            tags,
            expires_on,
            keep_until,
        } = &self.details;
        let tags: Vec<_> = tags.iter().map(Tag::as_str).collect();
        let DocumentFile {
            number,
            name,
            kind,
            bytes,
            sha256,
            ..
        } = &self.file;
        vec![
            ("record_type", Some(self.record.kind().as_str().to_owned())),
            ("record_id", Some(self.record.uuid().to_string())),
            ("category", Some(self.category.as_str().to_owned())),
            ("title", title.as_ref().map(ToString::to_string)),
            ("description", description.as_ref().map(ToString::to_string)),
            ("tags", (!tags.is_empty()).then(|| tags.join(", "))),
            ("expires_on", expires_on.map(|day| day.to_string())),
            ("keep_until", keep_until.map(|day| day.to_string())),
            (
                "hold",
                self.hold.as_ref().map(|hold| hold.reason.to_string()),
            ),
            ("file_version", Some(number.to_string())),
            ("file_name", Some(name.to_string())),
            ("media_type", Some(kind.media_type().to_owned())),
            ("bytes", Some(bytes.to_string())),
            ("sha256", Some(sha256.to_string())),
        ]
    }
}

#[cfg(test)]
pub(crate) mod tests;
