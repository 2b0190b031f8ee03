//! How boards are shown.

use jiff::civil::Date;
use serde::Serialize;
use unionhall_application::{
    DueSort,
    pages::{Page, PageRequest},
};
use unionhall_domain::{
    grievance_boards::{
        CaseStatistics, DueItem, EmployerLoad, GroupOutcomes, Grouping, Outcomes, Period,
        RepresentativeLoad, StepDays, StepLoad,
    },
    grievances::{GrievanceId, GrievanceNumber},
    organizations::OrganizationId,
    users::UserId,
};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::{
    choices::{DueKindName, GrievanceStepName, StatisticsGroupingName},
    shown::Shown,
};
use crate::web::{
    answer,
    paging::{self, Named},
};

/// How many grievances are alive on a step.
#[derive(Serialize, ToSchema)]
#[schema(as = StepLoad)]
pub(super) struct StepLoadView {
    /// The step.
    #[schema(value_type = GrievanceStepName)]
    step: &'static str,
    /// Alive on it: open, in investigation, in hearing, or in arbitration.
    #[schema(minimum = 0)]
    open: u64,
    /// Of those, denied there: the union has to advance them or to give them up.
    #[schema(minimum = 0)]
    denied: u64,
    /// The day on which the oldest of them was filed.
    #[schema(value_type = Option<String>, required = true, format = Date)]
    oldest_filed_date: Option<Shown<Date>>,
}

/// What a representative has on the table.
#[derive(Serialize, ToSchema)]
#[schema(as = RepresentativeLoad)]
pub(super) struct RepresentativeLoadView {
    /// The user; null for the grievances that nobody carries.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    assigned_representative_id: Option<Shown<UserId>>,
    /// Their grievances that are alive.
    #[schema(minimum = 0)]
    open: u64,
    /// What is due today or in the six days after.
    #[schema(minimum = 0)]
    due_this_week: u64,
    /// What should have been done by now.
    #[schema(minimum = 0)]
    overdue: u64,
}

/// What there is against an employer.
#[derive(Serialize, ToSchema)]
#[schema(as = EmployerLoad)]
pub(super) struct EmployerLoadView {
    /// The employer.
    #[schema(value_type = String, format = "uuid")]
    employer_id: Shown<OrganizationId>,
    /// Grievances against it that are alive.
    #[schema(minimum = 0)]
    open: u64,
    /// What is due today or in the six days after.
    #[schema(minimum = 0)]
    due_this_week: u64,
    /// What should have been done by now.
    #[schema(minimum = 0)]
    overdue: u64,
}

/// One thing that is due.
#[derive(Serialize, ToSchema)]
#[schema(as = DueItem)]
pub(super) struct DueItemView<'a> {
    /// What it is.
    #[schema(value_type = DueKindName)]
    kind: &'static str,
    /// Its id, as its own routes know it.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<Uuid>,
    /// The grievance it belongs to.
    #[schema(value_type = String, format = "uuid")]
    grievance_id: Shown<GrievanceId>,
    /// The number of that grievance.
    #[schema(value_type = String, example = "GR-2026-0001")]
    grievance_number: Shown<GrievanceNumber>,
    /// Who carries that grievance.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    assigned_representative_id: Option<Shown<UserId>>,
    /// The last day, or the day of the meeting.
    #[schema(value_type = String, format = Date)]
    due_on: Shown<Date>,
    /// Whether that day has passed.
    is_overdue: bool,
    /// What it is about.
    about: &'a str,
}

/// How cases were filed and ended.
#[derive(Serialize, ToSchema)]
#[schema(as = Outcomes)]
pub(super) struct OutcomesView {
    /// Grievances whose day of filing lies in the period.
    #[schema(minimum = 0)]
    filed: u64,
    /// Grievances that were agreed on, with the day of the agreement in the period.
    #[schema(minimum = 0)]
    settled: u64,
    /// Of the settled, those in which the employer owes something: an amount above nothing, or an obligation of the
    /// employer's that was not waived.
    #[schema(minimum = 0)]
    won: u64,
    /// Grievances that the union gave up, by the day of the last decision to do so.
    #[schema(minimum = 0)]
    withdrawn: u64,
}

/// The outcomes of one group.
#[derive(Serialize, ToSchema)]
#[schema(as = GroupOutcomes)]
pub(super) struct GroupOutcomesView<'a> {
    /// The month as `2026-11`, the id of the employer or of the representative, or the article; null where the
    /// grievances do not say.
    #[schema(required = true)]
    group: Option<&'a str>,
    /// How its cases were filed and ended.
    outcomes: OutcomesView,
}

/// How long grievances were on a step.
#[derive(Serialize, ToSchema)]
#[schema(as = StepDays)]
pub(super) struct StepDaysView {
    /// The step.
    #[schema(value_type = GrievanceStepName)]
    step: &'static str,
    /// How many grievances it was counted over: those with a recorded meeting on the step, the last of them in the
    /// period.
    #[schema(minimum = 0)]
    cases: u64,
    /// Days from the filing, or from the last meeting on the step before, to the last meeting on the step; null over no
    /// grievances.
    #[schema(value_type = Option<String>, required = true, pattern = r"^[0-9]+\.[0-9]$", example = "12.5")]
    average_days: Option<String>,
}

/// Statistics of a period.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseStatistics)]
pub(super) struct CaseStatisticsView<'a> {
    /// The first day.
    #[schema(value_type = String, format = Date)]
    from: Shown<Date>,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    until: Shown<Date>,
    /// All cases together.
    total: OutcomesView,
    /// What the groups are.
    #[schema(value_type = StatisticsGroupingName)]
    by: &'static str,
    /// The groups, at most a hundred: months newest first, others with the most filings first.
    groups: Vec<GroupOutcomesView<'a>>,
    /// How long each step took.
    days_per_step: Vec<StepDaysView>,
}

/// A page of what is due, as it goes out.
pub(super) fn due(
    found: &Page<(DueItem, bool)>,
    orders: &[Named<DueSort>],
    page: &PageRequest<DueSort>,
) -> Vec<u8> {
    answer::bytes(&paging::view::<_, _, DueItemView<'_>>(found, orders, page))
}

impl From<&StepLoad> for StepLoadView {
    fn from(load: &StepLoad) -> Self {
        let StepLoad {
            step,
            open,
            denied,
            oldest_filed,
        } = load;
        Self {
            step: step.as_str(),
            open: *open,
            denied: *denied,
            oldest_filed_date: oldest_filed.map(Shown),
        }
    }
}

impl From<&RepresentativeLoad> for RepresentativeLoadView {
    fn from(load: &RepresentativeLoad) -> Self {
        let RepresentativeLoad {
            of,
            open,
            due_this_week,
            overdue,
        } = load;
        Self {
            assigned_representative_id: of.map(Shown),
            open: *open,
            due_this_week: *due_this_week,
            overdue: *overdue,
        }
    }
}

impl From<&EmployerLoad> for EmployerLoadView {
    fn from(load: &EmployerLoad) -> Self {
        let EmployerLoad {
            of,
            open,
            due_this_week,
            overdue,
        } = load;
        Self {
            employer_id: Shown(*of),
            open: *open,
            due_this_week: *due_this_week,
            overdue: *overdue,
        }
    }
}

impl<'a> From<&'a (DueItem, bool)> for DueItemView<'a> {
    fn from((item, is_overdue): &'a (DueItem, bool)) -> Self {
        let DueItem {
            kind,
            id,
            grievance,
            number,
            representative,
            due_on,
            about,
        } = item;
        Self {
            kind: kind.as_str(),
            id: Shown(*id),
            grievance_id: Shown(*grievance),
            grievance_number: Shown(*number),
            assigned_representative_id: representative.map(Shown),
            due_on: Shown(*due_on),
            is_overdue: *is_overdue,
            about,
        }
    }
}

impl From<&Outcomes> for OutcomesView {
    fn from(outcomes: &Outcomes) -> Self {
        let Outcomes {
            filed,
            settled,
            won,
            withdrawn,
        } = outcomes;
        Self {
            filed: *filed,
            settled: *settled,
            won: *won,
            withdrawn: *withdrawn,
        }
    }
}

impl<'a> From<&'a GroupOutcomes> for GroupOutcomesView<'a> {
    fn from(group: &'a GroupOutcomes) -> Self {
        let GroupOutcomes { group, outcomes } = group;
        Self {
            group: group.as_deref(),
            outcomes: outcomes.into(),
        }
    }
}

impl From<&StepDays> for StepDaysView {
    fn from(days: &StepDays) -> Self {
        let StepDays {
            step,
            cases,
            average_tenths,
        } = days;
        let average = |tenths: u64| format!("{}.{}", tenths / 10, tenths % 10);
        Self {
            step: step.as_str(),
            cases: *cases,
            average_days: average_tenths.map(average),
        }
    }
}

impl<'a> From<(&'a CaseStatistics, Grouping)> for CaseStatisticsView<'a> {
    fn from((statistics, by): (&'a CaseStatistics, Grouping)) -> Self {
        let CaseStatistics {
            period: Period { from, until },
            total,
            groups,
            days_per_step,
        } = statistics;
        Self {
            from: Shown(*from),
            until: Shown(*until),
            total: total.into(),
            by: by.as_str(),
            groups: groups.iter().map(GroupOutcomesView::from).collect(),
            days_per_step: days_per_step.iter().map(StepDaysView::from).collect(),
        }
    }
}
