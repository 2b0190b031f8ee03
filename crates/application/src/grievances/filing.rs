//! Filing a grievance: the parties are of this hall, the number is the next one, the representative is told.

use jiff::civil::Date;
use unionhall_domain::{
    audit::{AuditAction, created},
    collective_agreements::CollectiveAgreementId,
    deadlines::countable,
    grievances::{Claim, FiledUnder, Grievance, Progress, check_dates},
    ids::Id,
    invalid::{FieldError, Invalid},
    members::{Member, MemberId},
    organizations::{Organization, OrganizationId, OrganizationType},
    users::UserId,
    version::Version,
};
use unionhall_ports::identity::Colleague;

use super::{GrievanceError, Grievances, record};
use crate::{call::Call, core::Change, deadlines::engine, mails, permissions::Permission};

/// A grievance to be filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileGrievance {
    /// Whose grievance it is.
    pub member: MemberId,
    /// Against whom.
    pub employer: OrganizationId,
    /// The day of filing; today in the tenant's time zone when nothing is said.
    pub filed_date: Option<Date>,
    /// Under which agreement, if it is to have deadlines.
    pub agreement: Option<CollectiveAgreementId>,
    /// What it claims.
    pub claim: Claim,
}

impl Grievances {
    /// Files a grievance: it is open on the first step, under the year's next number.
    ///
    /// # Errors
    /// [`GrievanceError`].
    pub fn file(&self, call: &Call, filing: FileGrievance) -> Result<Grievance, GrievanceError> {
        call.actor.require(Permission::GrievancesFile)?;
        self.core.change(call, |change| {
            let today = change.today();
            let filed_date = filing.filed_date.unwrap_or(today);
            let dates = check_dates(filed_date, filing.claim.incident_date, today);
            dates.map_err(GrievanceError::Invalid)?;
            parties(change, filing.member, filing.employer)?;
            if filing.agreement.is_some() {
                countable_incident(filing.claim.incident_date)?;
            }
            let agreement = filed_under(change, filing.agreement, filing.employer, filed_date)?;
            let colleague = representative(change, filing.claim.assigned_representative)?;
            steward(change, filing.claim.steward)?;
            let number = change.tx.grievances().next_number(filed_date.year())?;
            let grievance = Grievance {
                id: Id::new(change.new_id()),
                number,
                member: filing.member,
                employer: filing.employer,
                filed_date,
                agreement,
                claim: filing.claim,
                progress: Progress::FILED,
                version: Version::FIRST,
                created_at: change.now,
                updated_at: change.now,
                deleted_at: None,
            };
            change.tx.grievances().insert(&grievance)?;
            if let Some(colleague) = colleague {
                change.post(mails::grievance_filed(change, &grievance, &colleague.user))?;
            }
            let fields = created(grievance.fields());
            record(change, AuditAction::Created, &grievance, fields, Vec::new());
            engine::filed(change, &grievance)?;
            Ok(grievance)
        })
    }
}

/// Checks that deadlines can be counted from the day of the incident.
fn countable_incident(day: Option<Date>) -> Result<(), GrievanceError> {
    let checked = day.map_or(Ok(()), countable);
    checked.map_err(|invalid| GrievanceError::Invalid(vec![invalid.at("incident_date")]))
}

/// Holds member and employer, who must be of this tenant and not deleted.
pub(super) fn parties(
    change: &mut Change<'_>,
    member: MemberId,
    employer: OrganizationId,
) -> Result<(Member, Organization), GrievanceError> {
    let member = change.tx.members().hold(member)?;
    let employer = change.tx.organizations().hold(employer)?;
    let mut errors: Vec<FieldError> = Vec::new();
    if member.is_none() {
        errors.push(Invalid::new("unknown_member", "is no member of this tenant").at("member_id"));
    }
    match &employer {
        None => errors.push(
            Invalid::new("unknown_organization", "is no organization of this tenant")
                .at("employer_id"),
        ),
        Some(found) if found.details.org_type != OrganizationType::Employer => errors.push(
            Invalid::new("not_an_employer", "is an organization, but not an employer")
                .at("employer_id"),
        ),
        Some(_) => {}
    }
    match (member, employer) {
        (Some(member), Some(employer)) if errors.is_empty() => Ok((member, employer)),
        (Some(_) | None, Some(_) | None) => Err(GrievanceError::Invalid(errors)),
    }
}

/// Holds the agreement that a grievance was filed under, which must not be deleted: its deadlines go on.
pub(super) fn held_agreement(
    change: &mut Change<'_>,
    grievance: &Grievance,
) -> Result<(), GrievanceError> {
    let Some(under) = grievance.agreement else {
        return Ok(());
    };
    match change.tx.collective_agreements().hold(under.agreement)? {
        Some(_) => Ok(()),
        None => {
            let detail = "is an agreement that was deleted; restore it first";
            let error = Invalid::new("unknown_agreement", detail).at("agreement_id");
            Err(GrievanceError::Invalid(vec![error]))
        }
    }
}

/// The agreement that a grievance is filed under, and the version of its rules that is in force on the day.
pub(crate) fn filed_under(
    change: &mut Change<'_>,
    agreement: Option<CollectiveAgreementId>,
    employer: OrganizationId,
    day: Date,
) -> Result<Option<FiledUnder>, GrievanceError> {
    let Some(id) = agreement else { return Ok(None) };
    let wrong = |code, detail: &str| {
        let error = Invalid::new(code, detail).at("agreement_id");
        Err(GrievanceError::Invalid(vec![error]))
    };
    if let Err(invalid) = countable(day) {
        return Err(GrievanceError::Invalid(vec![invalid.at("filed_date")]));
    }
    let agreements = change.tx.collective_agreements();
    let Some(agreement) = agreements.hold(id)? else {
        return wrong("unknown_agreement", "is no agreement of this tenant");
    };
    if !agreement.terms.may_bind(employer) {
        return wrong("not_a_party", "is an agreement with other employers");
    }
    match agreements.rule_set_in_force(id, day)? {
        Some(rules) => Ok(Some(FiledUnder {
            agreement: id,
            rules: rules.version(),
        })),
        None => wrong(
            "no_rules",
            "is an agreement that has no rules in effect on the day of filing",
        ),
    }
}

/// The representative, if one is named: a user of this tenant who may work on grievances.
pub(super) fn representative(
    change: &mut Change<'_>,
    user: Option<UserId>,
) -> Result<Option<Colleague>, GrievanceError> {
    carrier(change, user, "assigned_representative_id")
}

/// The steward, if one is named: a user of this tenant who may work on grievances too.
pub(super) fn steward(
    change: &mut Change<'_>,
    user: Option<UserId>,
) -> Result<Option<Colleague>, GrievanceError> {
    carrier(change, user, "steward_id")
}

fn carrier(
    change: &mut Change<'_>,
    user: Option<UserId>,
    field: &'static str,
) -> Result<Option<Colleague>, GrievanceError> {
    let Some(user) = user else { return Ok(None) };
    let wrong = |code, detail: &str| {
        let error = Invalid::new(code, detail).at(field);
        GrievanceError::Invalid(vec![error])
    };
    let colleague = change
        .tx
        .identity()
        .find_colleague(user)?
        .ok_or_else(|| wrong("unknown_user", "is no user of this tenant"))?;
    let now = change.now;
    let held = |until: Option<jiff::Timestamp>| until.is_none_or(|until| now < until);
    let roles: Vec<_> = colleague
        .roles
        .iter()
        .filter(|role| held(role.expires_at))
        .map(|role| role.role)
        .collect();
    if Permission::GrievancesWork.held_by(&roles) {
        Ok(Some(colleague))
    } else {
        Err(wrong(
            "not_a_representative",
            "is a user who may not work on grievances",
        ))
    }
}
