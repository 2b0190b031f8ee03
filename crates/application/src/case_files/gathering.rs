//! Everything that is on record of a grievance, page by page.

use unionhall_domain::{
    case_files::{CaseRecords, RecordedEvent, TakenBack},
    documents::{Document, RecordRef, RecordType},
    grievances::{Grievance, GrievanceId},
};
use unionhall_ports::{
    deadlines::CaseEvent,
    documents::DocumentFilter,
    information_requests::InformationRequestFilter,
    obligations::ObligationFilter,
    pages::{Cursor, Direction, Page, PageRequest},
    storage::StorageError,
    unit_of_work::Repositories,
};

/// How many are read at once.
const PAGE: u16 = 100;

/// Everything, if each kind fits on one page: a fixed number of statements.
///
/// # Errors
/// [`StorageError`].
pub(super) fn first(
    tx: &mut dyn Repositories,
    grievance: Grievance,
) -> Result<Option<CaseRecords>, StorageError> {
    gathered(tx, grievance, 1)
}

/// Everything, on however many pages.
///
/// # Errors
/// [`StorageError`].
pub(super) fn all(
    tx: &mut dyn Repositories,
    grievance: Grievance,
) -> Result<CaseRecords, StorageError> {
    gathered(tx, grievance, usize::MAX)?
        .ok_or_else(|| StorageError::Failed("a list has no end".into()))
}

/// Everything, unless a kind has more pages than so many.
fn gathered(
    tx: &mut dyn Repositories,
    grievance: Grievance,
    pages: usize,
) -> Result<Option<CaseRecords>, StorageError> {
    let id = grievance.id;
    let requested = InformationRequestFilter {
        grievance: Some(id),
        ..InformationRequestFilter::default()
    };
    let owed = ObligationFilter {
        grievance: Some(id),
        ..ObligationFilter::default()
    };
    let steps = tx.grievances().steps(id)?;
    let Some(meetings) = whole(pages, |after| tx.step_meetings().list(id, &page(after)))? else {
        return Ok(None);
    };
    let Some(requests) = whole(pages, |after| {
        tx.information_requests().list(&requested, &page(after))
    })?
    else {
        return Ok(None);
    };
    let Some(obligations) = whole(pages, |after| tx.obligations().list(&owed, &page(after)))?
    else {
        return Ok(None);
    };
    let Some(log) = whole(pages, |after| {
        tx.representation_log().list(id, None, &page(after))
    })?
    else {
        return Ok(None);
    };
    let Some(documents) = papers(tx, id, pages)? else {
        return Ok(None);
    };
    let deadlines = tx.deadlines().of_grievance(id)?;
    let events = tx
        .deadlines()
        .events(id)?
        .into_iter()
        .map(recorded)
        .collect();
    let notices = tx.case_files().notices(id)?;
    Ok(Some(CaseRecords {
        grievance,
        steps,
        meetings,
        requests,
        obligations,
        log,
        deadlines: deadlines.into_iter().map(|case| case.deadline).collect(),
        events,
        notices,
        documents,
    }))
}

/// The documents, whatever their category, unless they have more pages than so many.
fn papers(
    tx: &mut dyn Repositories,
    id: GrievanceId,
    pages: usize,
) -> Result<Option<Vec<Document>>, StorageError> {
    let kept = DocumentFilter {
        categories: RecordType::Grievance.categories().to_vec(),
        ..DocumentFilter::default()
    };
    let of = RecordRef::Grievance(id);
    whole(pages, |after| tx.documents().list(of, &kept, &page(after)))
}

/// What deadlines are counted from, or were until it was taken back.
fn recorded(event: CaseEvent) -> RecordedEvent {
    let taken_back = event.retraction.map(|retraction| TakenBack {
        at: retraction.at,
        by: retraction.by,
        reason: retraction.reason,
    });
    RecordedEvent {
        happening: event.happening,
        taken_back,
    }
}

/// A list to its end, unless it has more pages than so many.
fn whole<T>(
    pages: usize,
    mut list: impl FnMut(Option<Cursor>) -> Result<Page<T>, StorageError>,
) -> Result<Option<Vec<T>>, StorageError> {
    let (mut items, mut after) = (Vec::new(), None);
    for _ in 0..pages {
        let page = list(after)?;
        items.extend(page.items);
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(Some(items)),
        }
    }
    Ok(None)
}

fn page<S: Default>(after: Option<Cursor>) -> PageRequest<S> {
    PageRequest {
        limit: PAGE,
        after,
        sort: S::default(),
        direction: Direction::Ascending,
        with_total: false,
    }
}
