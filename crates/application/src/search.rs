//! Search: one question over everything that the caller may read.

use std::sync::Arc;

use jiff::civil::Date;
use unionhall_domain::{
    audit::Target,
    search::{SearchKind, SearchWords},
};
use unionhall_ports::{
    search::{Applicants, Find, Reach, SearchRequest},
    storage::StorageError,
    unit_of_work::Repositories,
};

use crate::{
    actor::Actor,
    benevolence,
    call::Call,
    core::{Core, Recorded},
    error::CallError,
    permissions::Permission,
};

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The words.
    pub words: SearchWords,
    /// The kinds that are wanted; empty for all.
    pub kinds: Vec<SearchKind>,
    /// At most so many finds: 1 to 100.
    pub limit: u16,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings {
    /// The words.
    pub words: SearchWords,
    /// The kinds that were looked through: those that were wanted and the caller may read.
    pub kinds: Vec<SearchKind>,
    /// The finds, best first.
    pub finds: Vec<Find>,
}

/// The use case of search.
#[derive(Clone)]
pub struct Search {
    core: Arc<Core>,
}

impl Search {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Finds records of every kind that is wanted and that the caller may read; who may read only what is their own
    /// finds nothing else, and who may read nothing finds nothing. From whom the names of applicants are held back
    /// ([`benevolence`]) finds no application by name, and sees none. Sensitive kinds go on record as lists do.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn find(&self, call: &Call, question: Question) -> Result<Recorded<Findings>, CallError> {
        let mut request = within_reach(&call.actor, question);
        let kinds = request.kinds();
        let finds = match request.applications {
            _ if kinds.is_empty() => Vec::new(),
            Reach::All => {
                let today = call.actor.today(self.core.clock.now());
                self.core.snapshot(call, |tx| {
                    request.applicants = applicants(tx, &call.actor, today)?;
                    Ok::<_, CallError>(tx.search().find(&request)?)
                })?
            }
            Reach::Of(_) | Reach::Nothing => self.core.read(call, |tx| {
                tx.search().find(&request).map_err(CallError::from)
            })?,
        };
        let events = kinds.iter().filter_map(|kind| {
            let details = vec![
                ("count", counted(&finds, *kind).to_string()),
                ("q", request.words.as_str().to_owned()),
            ];
            sensitive(*kind).map(|target| (target, details))
        });
        let events = events.collect();
        let words = request.words;
        let findings = Findings {
            words,
            kinds,
            finds,
        };
        self.core.recorded_lists(call, events, findings)
    }
}

/// The question, narrowed to what the actor may read.
fn within_reach(actor: &Actor, question: Question) -> SearchRequest {
    let Question {
        words,
        kinds,
        limit,
    } = question;
    let wanted = |kind| kinds.is_empty() || kinds.contains(&kind);
    let reach = |kind, all, own| {
        if wanted(kind) {
            reach(actor, all, own)
        } else {
            Reach::Nothing
        }
    };
    SearchRequest {
        members: reach(
            SearchKind::Member,
            Permission::MembersRead,
            Permission::MembersReadOwn,
        ),
        organizations: wanted(SearchKind::Organization) && actor.may(Permission::OrganizationsRead),
        grievances: reach(
            SearchKind::Grievance,
            Permission::GrievancesRead,
            Permission::GrievancesReadOwn,
        ),
        applications: reach(
            SearchKind::BenevolenceApplication,
            Permission::BenevolenceRead,
            Permission::BenevolenceReadOwn,
        ),
        viewer: actor.member(),
        // Who finds only their own knows whose they are.
        applicants: Applicants::Named,
        words,
        limit,
    }
}

/// Whether the actor may find applications by name on that day.
fn applicants(
    tx: &mut dyn Repositories,
    actor: &Actor,
    day: Date,
) -> Result<Applicants, StorageError> {
    Ok(if benevolence::names_held_back(tx, actor, day)? {
        Applicants::HeldBack
    } else {
        Applicants::Named
    })
}

/// Whose records of a kind the actor may read, by the permissions to read all and to read one's own.
fn reach(actor: &Actor, all: Permission, own: Permission) -> Reach {
    if actor.may(all) {
        return Reach::All;
    }
    let member = actor.member().filter(|_| actor.may(own));
    member.map_or(Reach::Nothing, Reach::Of)
}

/// As what the reading of a kind goes on record, if it does.
const fn sensitive(kind: SearchKind) -> Option<Target> {
    match kind {
        SearchKind::Member => Some(Target::Member),
        SearchKind::Grievance => Some(Target::Grievance),
        SearchKind::BenevolenceApplication => Some(Target::BenevolenceApplication),
        SearchKind::Organization => None,
    }
}

fn counted(finds: &[Find], kind: SearchKind) -> usize {
    finds.iter().filter(|find| find.kind == kind).count()
}

#[cfg(test)]
mod tests;
