//! The types of records that have documents, and which papers each of them has.

use crate::invalid::Invalid;

/// A type of record that documents belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecordType {
    /// A union member.
    Member,
    /// An employer, union, training partner or JATC.
    Organization,
    /// A grievance.
    Grievance,
    /// An application to the benevolence fund.
    BenevolenceApplication,
}

impl RecordType {
    /// Every type.
    pub const ALL: [Self; 4] = [
        Self::Member,
        Self::Organization,
        Self::Grievance,
        Self::BenevolenceApplication,
    ];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Organization => "organization",
            Self::Grievance => "grievance",
            Self::BenevolenceApplication => "benevolence_application",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        crate::text::one_of(text, &Self::ALL, Self::as_str)
    }

    /// The folder of all such records in the object store.
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Member => "members",
            Self::Organization => "organizations",
            Self::Grievance => "grievances",
            Self::BenevolenceApplication => "benevolences",
        }
    }

    /// The papers that such a record has.
    pub const fn categories(self) -> &'static [Category] {
        use Category as C;
        match self {
            Self::Member => &[
                C::Grievances,
                C::Benevolence,
                C::Salting,
                C::Dues,
                C::Employment,
                C::Certifications,
                C::Discipline,
                C::Correspondence,
                C::General,
            ],
            Self::Organization => &[
                C::Contracts,
                C::Correspondence,
                C::Salting,
                C::Grievances,
                C::General,
            ],
            Self::Grievance => &[
                C::Statements,
                C::Evidence,
                C::Correspondence,
                C::Settlement,
                C::General,
            ],
            Self::BenevolenceApplication => &[
                C::Applications,
                C::SupportingDocs,
                C::Correspondence,
                C::General,
            ],
        }
    }
}

/// Which of a record's papers a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is what it is called")]
pub enum Category {
    Applications,
    Benevolence,
    Certifications,
    Contracts,
    Correspondence,
    Discipline,
    Dues,
    Employment,
    Evidence,
    General,
    Grievances,
    Salting,
    Settlement,
    Statements,
    SupportingDocs,
}

impl Category {
    /// Every category, in the order of their names.
    pub const ALL: [Self; 15] = [
        Self::Applications,
        Self::Benevolence,
        Self::Certifications,
        Self::Contracts,
        Self::Correspondence,
        Self::Discipline,
        Self::Dues,
        Self::Employment,
        Self::Evidence,
        Self::General,
        Self::Grievances,
        Self::Salting,
        Self::Settlement,
        Self::Statements,
        Self::SupportingDocs,
    ];

    /// The name on the wire, in storage and in keys.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Applications => "applications",
            Self::Benevolence => "benevolence",
            Self::Certifications => "certifications",
            Self::Contracts => "contracts",
            Self::Correspondence => "correspondence",
            Self::Discipline => "discipline",
            Self::Dues => "dues",
            Self::Employment => "employment",
            Self::Evidence => "evidence",
            Self::General => "general",
            Self::Grievances => "grievances",
            Self::Salting => "salting",
            Self::Settlement => "settlement",
            Self::Statements => "statements",
            Self::SupportingDocs => "supporting_docs",
        }
    }

    /// Reads the name, out of those that somebody may know.
    ///
    /// # Errors
    /// `unknown_value`, with the names among these.
    pub fn parse(text: &str, among: &[Self]) -> Result<Self, Invalid> {
        crate::text::one_of(text, among, Self::as_str)
    }
}
