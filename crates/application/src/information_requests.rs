//! Requests for information: asked with a clock of their own, answered item by item, followed up, withdrawn.

use std::sync::Arc;

use jiff::{Timestamp, civil::Date};
use unionhall_domain::{
    audit::{AuditAction, Fields, Target, created, differences},
    grievances::GrievanceId,
    ids::Id,
    information_requests::{
        Answers, Asked, Entry, FollowUp, InformationRequest, InformationRequestId, RequestAction,
        Unwritable,
    },
    text::Prose,
    users::UserId,
    version::Version,
};
use unionhall_ports::{
    information_requests::{InformationRequestFilter, InformationRequestSort},
    pages::{Page, PageRequest},
};

use crate::{
    actor::Actor,
    call::Call,
    cases::{self, CaseError, Dated},
    core::{Change, Core, Recorded},
    grievances::Readable,
    permissions::Permission,
};

/// The use cases of requests for information.
#[derive(Clone)]
pub struct InformationRequests {
    core: Arc<Core>,
}

impl InformationRequests {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// The requests that match, in short. Which are overdue is a matter of the tenant's day.
    ///
    /// # Errors
    /// [`CaseError::NotFound`] when a grievance is named that is not there.
    pub fn list(
        &self,
        call: &Call,
        mut filter: InformationRequestFilter,
        only_overdue: bool,
        page: &PageRequest<InformationRequestSort>,
    ) -> Result<Recorded<Page<Dated<InformationRequest>>>, CaseError> {
        call.actor.require(Permission::GrievancesRead)?;
        let today = call.actor.today(self.core.clock.now());
        filter.overdue_on = only_overdue.then_some(today);
        let found = self.core.snapshot(call, |tx| {
            Ok::<_, CaseError>(tx.information_requests().list_in_short(&filter, page)?)
        })?;
        let found = cases::dated_page(found, |request| dated(request, today));
        let mut details = vec![
            ("count", found.items.len().to_string()),
            ("overdue", only_overdue.to_string()),
        ];
        details.extend(filter.grievance.map(|id| ("grievance_id", id.to_string())));
        Ok(self
            .core
            .recorded_list(call, Target::InformationRequest, details, found)?)
    }

    /// The requests of a grievance.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn list_of_grievance(
        &self,
        call: &Call,
        grievance: GrievanceId,
        page: &PageRequest<InformationRequestSort>,
    ) -> Result<Recorded<Page<Dated<InformationRequest>>>, CaseError> {
        call.actor.require(Permission::GrievancesRead)?;
        let today = call.actor.today(self.core.clock.now());
        let filter = InformationRequestFilter {
            grievance: Some(grievance),
            ..InformationRequestFilter::default()
        };
        let found = self.core.snapshot(call, |tx| {
            cases::shown(tx, &Readable::Every, grievance)?;
            Ok::<_, CaseError>(tx.information_requests().list_in_short(&filter, page)?)
        })?;
        let found = cases::dated_page(found, |request| dated(request, today));
        Ok(self
            .core
            .recorded(call, Target::Grievance, grievance.uuid(), found)?)
    }

    /// One request of a grievance.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn find(
        &self,
        call: &Call,
        grievance: GrievanceId,
        id: InformationRequestId,
    ) -> Result<Recorded<Dated<InformationRequest>>, CaseError> {
        call.actor.require(Permission::GrievancesRead)?;
        let found = self.core.snapshot(call, |tx| {
            cases::shown(tx, &Readable::Every, grievance)?;
            tx.information_requests()
                .find(grievance, id)?
                .ok_or(NO_REQUEST)
        })?;
        let found = dated(found, call.actor.today(self.core.clock.now()));
        Ok(self
            .core
            .recorded(call, Target::InformationRequest, id.uuid(), found)?)
    }

    /// Writes down what the union asked for.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn ask(
        &self,
        call: &Call,
        grievance: GrievanceId,
        asked: Asked,
    ) -> Result<Dated<InformationRequest>, CaseError> {
        call.actor.require(Permission::GrievancesWork)?;
        self.core.change(call, |change| {
            cases::alive(change, grievance, "ask_for_information")?;
            asked.check(change.today()).map_err(CaseError::Invalid)?;
            let request = InformationRequest {
                id: Id::new(change.new_id()),
                grievance,
                asked,
                asked_by: call.actor.user_id(),
                entries: Vec::new(),
                version: Version::FIRST,
                created_at: change.now,
                updated_at: change.now,
            };
            change.tx.information_requests().insert(&request)?;
            record(change, AuditAction::Created, &request, Vec::new(), &[]);
            Ok(dated(request, change.today()))
        })
    }

    /// Writes down what was given, refused or disputed.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn answer(
        &self,
        call: &Call,
        id: (GrievanceId, InformationRequestId),
        answers: Answers,
    ) -> Result<Dated<InformationRequest>, CaseError> {
        self.add(call, id, |change, request| {
            let ids: Vec<_> = answers.items.iter().map(|_| change.new_id()).collect();
            let mut ids = ids.into_iter();
            let new_id = || Id::new(ids.next().unwrap_or_default());
            let entries = request.answered(answers, by(change), new_id);
            entries.map_err(unwritable)
        })
    }

    /// Asks again.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn follow_up(
        &self,
        call: &Call,
        id: (GrievanceId, InformationRequestId),
        follow_up: FollowUp,
    ) -> Result<Dated<InformationRequest>, CaseError> {
        self.add(call, id, |change, request| {
            let id = Id::new(change.new_id());
            let entry = request.followed_up(follow_up, by(change), id);
            Ok(vec![entry.map_err(unwritable)?])
        })
    }

    /// Does without.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn withdraw(
        &self,
        call: &Call,
        id: (GrievanceId, InformationRequestId),
        reason: Prose<10_000>,
    ) -> Result<Dated<InformationRequest>, CaseError> {
        self.add(call, id, |change, request| {
            let id = Id::new(change.new_id());
            let entry = request.withdrawn(reason, by(change), id);
            Ok(vec![entry.map_err(unwritable)?])
        })
    }

    /// What this actor may do with a request now.
    pub fn allowed_actions(
        &self,
        actor: &Actor,
        request: &InformationRequest,
    ) -> Vec<&'static str> {
        let permission = |_| Permission::GrievancesWork;
        cases::named(actor, request.allowed(), permission, RequestAction::as_str)
    }

    fn add(
        &self,
        call: &Call,
        (grievance, id): (GrievanceId, InformationRequestId),
        work: impl FnOnce(&Change<'_>, &InformationRequest) -> Result<Vec<Entry>, CaseError>,
    ) -> Result<Dated<InformationRequest>, CaseError> {
        call.actor.require(Permission::GrievancesWork)?;
        self.core.change(call, |change| {
            cases::present(change, grievance)?;
            let before = change.tx.information_requests().find(grievance, id)?;
            let before = before.ok_or(NO_REQUEST)?;
            call.expects(before.version)?;
            let new = work(change, &before)?;
            let mut after = InformationRequest {
                version: before.version.next(),
                updated_at: change.now,
                ..before.clone()
            };
            after.entries.extend(new.iter().cloned());
            change.tx.information_requests().add(&after, &new)?;
            record(change, AuditAction::Moved, &after, before.fields(), &new);
            Ok(dated(after, change.today()))
        })
    }
}

const NO_REQUEST: CaseError = CaseError::NotFound("request for information");

fn dated(request: InformationRequest, today: Date) -> Dated<InformationRequest> {
    Dated {
        is_overdue: request.is_overdue(today),
        record: request,
    }
}

fn by(change: &Change<'_>) -> (Option<UserId>, Timestamp, Date) {
    (change.call.actor.user_id(), change.now, change.today())
}

fn unwritable(unwritable: Unwritable) -> CaseError {
    match unwritable {
        Unwritable::Refused(refused) => refused.into(),
        Unwritable::Invalid(errors) => CaseError::Invalid(errors),
    }
}

fn record(
    change: &mut Change<'_>,
    action: AuditAction,
    after: &InformationRequest,
    before: Fields,
    new: &[Entry],
) {
    let fields = if before.is_empty() {
        created(after.fields())
    } else {
        differences(before, after.fields())
    };
    let mut details = vec![("grievance_id", after.grievance.to_string())];
    let said = |entry: &Entry| match entry.item {
        Some(item) => format!("{} {item}", entry.kind.as_str()),
        None => entry.kind.as_str().to_owned(),
    };
    if !new.is_empty() {
        let said: Vec<_> = new.iter().map(said).collect();
        details.push(("entries", said.join(", ")));
    }
    let id = after.id.uuid();
    change.record(action, Target::InformationRequest, id, fields, details);
}

#[cfg(test)]
mod tests;
