//! Finding records of several kinds at once.

use unionhall_domain::{
    members::MemberId,
    search::{Rank, SearchKind, SearchWords},
};
use uuid::Uuid;

use crate::storage::StorageError;

/// Which records of a kind may be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// All of them.
    All,
    /// Those of one member alone.
    Of(MemberId),
    /// None.
    Nothing,
}

/// Whether the names of those who apply to the benevolence fund are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applicants {
    /// Applications are found by name, and shown with it.
    Named,
    /// Applications are found by what they tell alone, and shown without a name.
    HeldBack,
}

/// What is looked for, and how far the look may go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchRequest {
    /// The words.
    pub words: SearchWords,
    /// The members that may be found.
    pub members: Reach,
    /// Whether organizations may be found.
    pub organizations: bool,
    /// The grievances that may be found.
    pub grievances: Reach,
    /// The applications to the benevolence fund that may be found.
    pub applications: Reach,
    /// The member who looks, if one does: of the drafts that members wrote for themselves they find their own alone.
    pub viewer: Option<MemberId>,
    /// Whether an application is found by its member's name, and shown with it.
    pub applicants: Applicants,
    /// At most so many finds, of all kinds together: 1 to 100.
    pub limit: u16,
}

impl SearchRequest {
    /// The kinds that may be found.
    pub fn kinds(&self) -> Vec<SearchKind> {
        let may = |kind: &SearchKind| match kind {
            SearchKind::Member => self.members != Reach::Nothing,
            SearchKind::Organization => self.organizations,
            SearchKind::Grievance => self.grievances != Reach::Nothing,
            SearchKind::BenevolenceApplication => self.applications != Reach::Nothing,
        };
        SearchKind::ALL.into_iter().filter(may).collect()
    }
}

/// A record that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Find {
    /// Of what kind it is.
    pub kind: SearchKind,
    /// Its id.
    pub id: Uuid,
    /// How well it fits.
    pub rank: Rank,
    /// The number that people quote, if it has one.
    pub number: Option<String>,
    /// What it is called: a name; of a case, the member's, or its number where the name is held back.
    pub title: String,
    /// What tells it from others of the name: a city; of a grievance, the employer; of an application, its reason.
    pub subtitle: Option<String>,
    /// Where it stands; of an organization, what it is to the hall.
    pub status: String,
    /// The texts that it may have been found by, with the names of their fields.
    pub texts: Vec<(&'static str, String)>,
}

/// Finds records of one tenant.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait SearchIndex {
    /// What is found, best first, with one statement: by rank, then by likeness, kind, title and id. Deleted records
    /// are not found, and neither is what lies beyond the reach.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, request: &SearchRequest) -> Result<Vec<Find>, StorageError>;
}
