//! What a batch of rows means for the contacts there are, and for who is asked first.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target, created, differences},
    contacts::{Contact, ContactId, Rank},
    ids::Id,
    invalid::{FieldError, Invalid},
    organizations::{Organization, OrganizationId},
    version::Version,
};
use unionhall_ports::{contacts::PersonAt, organizations::Called};

use super::{Field, People, Row};
use crate::{
    core::Change,
    imports::{
        ImportError, Placed, Tally,
        places::{Hold, named},
    },
};

/// A contact on its way to what the file says.
struct Draft {
    line: u64,
    /// What it was; none when the file adds it.
    before: Option<Contact>,
    after: Contact,
    /// Whether a row is about it, and it does not only give its place up.
    in_file: bool,
}

/// What a batch is about.
struct Batch {
    /// The organizations, row by row.
    places: Vec<Result<Organization, FieldError>>,
    /// What people are called, row by row.
    called: Vec<Called<Contact>>,
    there: HashMap<ContactId, Contact>,
    made: HashMap<(OrganizationId, String), u64>,
}

impl People {
    /// Writes a batch and its part of the audit trail.
    pub(super) fn write_batch(
        &mut self,
        change: &mut Change<'_>,
        rows: &[Placed<Row>],
        tally: &mut Tally<'_, Field>,
    ) -> Result<(), ImportError> {
        let mut batch = Batch::look_up(change, rows)?;
        let (mut drafts, mut claims) = (Vec::new(), HashMap::new());
        for (place, row) in rows.iter().enumerate() {
            match self.draft(change, place, row, &mut batch) {
                Ok(draft) => {
                    if row.row.is_primary {
                        claims.insert(draft.after.organization, draft.after.id);
                    }
                    drafts.push(draft);
                }
                Err(error) => tally.reject(row, vec![error]),
            }
        }
        rank(change, &mut drafts, &claims)?;
        drafts.retain(|draft| draft.is_news(tally));
        if tally.keeps() {
            keep(change, drafts)?;
        }
        Ok(())
    }

    /// What a row makes of the contact that it is about.
    fn draft(
        &mut self,
        change: &Change<'_>,
        place: usize,
        Placed { line, row, .. }: &Placed<Row>,
        batch: &mut Batch,
    ) -> Result<Draft, FieldError> {
        let organization = batch.organization(place)?;
        let before = batch.meant(place, row, organization)?.cloned();
        let after = match &before {
            Some(before) => Contact {
                details: row.over(before.details.clone()),
                ..before.clone()
            },
            None => {
                batch.once(place, organization, *line)?;
                Contact {
                    id: Id::new(change.new_id()),
                    organization,
                    details: row.as_new(),
                    rank: Rank::Other,
                    version: Version::FIRST,
                    created_at: change.now,
                    updated_at: change.now,
                    deleted_at: None,
                }
            }
        };
        match self.named.entry(after.id) {
            Entry::Occupied(earlier) => return Err(twice(*earlier.get())),
            Entry::Vacant(free) => free.insert(*line),
        };
        if row.is_primary {
            match self.claimed.entry(organization) {
                Entry::Occupied(earlier) => return Err(second_primary(*earlier.get())),
                Entry::Vacant(free) => free.insert(*line),
            };
        }
        Ok(Draft {
            line: *line,
            before,
            after,
            in_file: true,
        })
    }
}

impl Batch {
    /// Locks the organizations and the contacts that rows name.
    fn look_up(change: &mut Change<'_>, rows: &[Placed<Row>]) -> Result<Self, ImportError> {
        let places: Vec<_> = rows.iter().map(|row| &row.row.place).collect();
        let places = named(change, &places, Hold::Locked)?;
        let person = |(row, place): (&Placed<Row>, &Result<Organization, FieldError>)| PersonAt {
            organization: place
                .as_ref()
                .map_or(Id::new(uuid::Uuid::nil()), |one| one.id),
            first_name: row.row.first_name.to_string(),
            last_name: row.row.last_name.to_string(),
        };
        let people: Vec<_> = rows.iter().zip(&places).map(person).collect();
        let called = change.tx.contacts().called(&people)?;
        let named = called.iter().flat_map(|called| called.ids.iter().copied());
        let mut ids: Vec<_> = named
            .chain(rows.iter().filter_map(|row| row.row.id))
            .collect();
        ids.sort();
        ids.dedup();
        let there = change.tx.contacts().lock_by_ids(&ids)?;
        Ok(Self {
            places,
            called,
            there: there.into_iter().map(|one| (one.id, one)).collect(),
            made: HashMap::new(),
        })
    }

    /// Where the person of a row works.
    fn organization(&self, place: usize) -> Result<OrganizationId, FieldError> {
        match self.places.get(place) {
            Some(Ok(organization)) => Ok(organization.id),
            Some(Err(error)) => Err(error.clone()),
            None => {
                Err(Invalid::new("blank", "must name the organization").at("organization_name"))
            }
        }
    }

    /// The contact that a row is about: the one with its id, or else the only one with its name there; none when there
    /// is none. An id that is not known here is one of another hall's books and says nothing.
    fn meant(
        &self,
        place: usize,
        row: &Row,
        organization: OrganizationId,
    ) -> Result<Option<&Contact>, FieldError> {
        if let Some(found) = row.id.and_then(|id| self.there.get(&id)) {
            if found.deleted_at.is_some() {
                let detail =
                    "is the id of a deleted contact; restore it first, or leave the id out";
                return Err(Invalid::new("deleted_contact", detail).at("id"));
            }
            if found.organization != organization {
                let detail = "is not where this contact works; delete the contact and add it there";
                return Err(Invalid::new("another_organization", detail).at("organization_id"));
            }
            return Ok(Some(found));
        }
        let ids = self.called.get(place).map(|called| called.ids.as_slice());
        let mut found = ids
            .unwrap_or_default()
            .iter()
            .filter_map(|id| self.there.get(id))
            .filter(|found| found.deleted_at.is_none() && found.organization == organization);
        let first = found.next();
        if found.next().is_some() {
            let detail = "is the name of several contacts there; say which by its id";
            return Err(Invalid::new("ambiguous_contact", detail).at("last_name"));
        }
        Ok(first)
    }

    /// Refuses a person whom an earlier row of the batch adds.
    fn once(
        &mut self,
        place: usize,
        organization: OrganizationId,
        line: u64,
    ) -> Result<(), FieldError> {
        let folded = self.called.get(place).map(|called| called.folded.clone());
        let key = (organization, folded.unwrap_or_default());
        match self.made.insert(key, line) {
            Some(earlier) => Err(twice(earlier)),
            None => Ok(()),
        }
    }
}

impl Draft {
    /// Counts it, and tells whether there is anything to write.
    fn is_news(&self, tally: &mut Tally<'_, Field>) -> bool {
        let news = self.before.as_ref() != Some(&self.after);
        match (self.in_file, &self.before, news) {
            (false, _, _) => {}
            (true, None, _) => tally.created(),
            (true, Some(_), true) => tally.updated(),
            (true, Some(_), false) => tally.unchanged(),
        }
        news
    }
}

/// Gives each organization of a batch its one primary contact: whom a row makes it, or else who is, or else the first that
/// was added there.
fn rank(
    change: &mut Change<'_>,
    drafts: &mut Vec<Draft>,
    claims: &HashMap<OrganizationId, ContactId>,
) -> Result<(), ImportError> {
    let places: HashSet<_> = drafts
        .iter()
        .map(|draft| draft.after.organization)
        .collect();
    let mut places: Vec<_> = places.into_iter().collect();
    places.sort();
    let primaries = change.tx.contacts().primaries(&places)?;
    let mut first: HashMap<_, _> = primaries
        .iter()
        .map(|one| (one.organization, one.id))
        .collect();
    for draft in &*drafts {
        first
            .entry(draft.after.organization)
            .or_insert(draft.after.id);
    }
    first.extend(claims.iter().map(|(place, id)| (*place, *id)));
    for draft in &mut *drafts {
        let is_primary = first.get(&draft.after.organization) == Some(&draft.after.id);
        draft.after.rank = Rank::of(is_primary);
    }
    let drafted: HashMap<_, _> = drafts.iter().map(|one| (one.after.id, one.line)).collect();
    for before in primaries {
        let Some(claimant) = claims.get(&before.organization) else {
            continue;
        };
        if *claimant != before.id && !drafted.contains_key(&before.id) {
            drafts.push(Draft {
                line: drafted.get(claimant).copied().unwrap_or_default(),
                after: Contact {
                    rank: Rank::Other,
                    ..before.clone()
                },
                before: Some(before),
                in_file: false,
            });
        }
    }
    Ok(())
}

/// Writes contacts: places are given up before they are taken.
fn keep(change: &mut Change<'_>, drafts: Vec<Draft>) -> Result<(), ImportError> {
    let (mut others, mut added, mut primaries) = (Vec::new(), Vec::new(), Vec::new());
    for draft in drafts {
        let Some(before) = draft.before else {
            let fields = created(draft.after.fields());
            record(
                change,
                AuditAction::Created,
                &draft.after,
                fields,
                draft.line,
            );
            added.push(draft.after);
            continue;
        };
        let after = Contact {
            version: before.version.next(),
            updated_at: change.now,
            ..draft.after
        };
        let fields = differences(before.fields(), after.fields());
        record(change, AuditAction::Updated, &after, fields, draft.line);
        match after.rank {
            Rank::Primary => primaries.push(after),
            Rank::Other => others.push(after),
        }
    }
    if !others.is_empty() {
        change.tx.contacts().update_many(&others)?;
    }
    if !added.is_empty() {
        change.tx.contacts().insert_many(&added)?;
    }
    if !primaries.is_empty() {
        change.tx.contacts().update_many(&primaries)?;
    }
    Ok(())
}

fn twice(earlier: u64) -> FieldError {
    let detail = format!("is the person of the row on line {earlier} too");
    Invalid::new("duplicate_row", detail).at("last_name")
}

fn second_primary(earlier: u64) -> FieldError {
    let detail =
        format!("is said of another person there on line {earlier}; one alone is asked first");
    Invalid::new("second_primary", detail).at("is_primary")
}

fn record(
    change: &mut Change<'_>,
    action: AuditAction,
    contact: &Contact,
    fields: Vec<FieldChange>,
    line: u64,
) {
    let details = vec![("import_line", line.to_string())];
    change.record(action, Target::Contact, contact.id.uuid(), fields, details);
}
