//! Contract of the repository of grievances.

mod lists;
mod numbers;
mod writing;

use jiff::civil::date;
use unionhall_domain::{
    grievances::{Claim, Grievance, GrievanceNumber, Progress, Settlement},
    members::Member,
    money::Amount,
    organizations::Organization,
    roles::Role,
    tenants::Tenant,
    text::Prose,
    users::User,
    version::Version,
};
use unionhall_ports::unit_of_work::{Scope, UnitOfWork};
use unionhall_testing::builders;

/// A tenant with somebody to file, somebody to file against and somebody to carry it.
pub(crate) struct Hall {
    pub(crate) tenant: Tenant,
    pub(crate) member: Member,
    pub(crate) employer: Organization,
    pub(crate) steward: User,
}

impl Hall {
    pub(crate) fn new(storage: &dyn UnitOfWork, slug: &str) -> Self {
        let tenant = builders::tenant(storage, slug);
        let steward = builders::user(storage, &format!("steward@{slug}.example"));
        builders::membership(storage, &steward, tenant.id, &[Role::Staff]);
        Self {
            member: builders::member(storage, tenant.id, "1", "Bo", "Li"),
            employer: builders::organization(storage, tenant.id, "Voltage Electric"),
            tenant,
            steward,
        }
    }

    pub(crate) fn scope(&self) -> Scope {
        Scope::Tenant(self.tenant.id)
    }

    /// A grievance of which only the necessary is known, not stored.
    pub(crate) fn grievance(&self, year: i16, place: i32) -> Grievance {
        Grievance {
            id: builders::fresh_id(),
            number: number(year, place),
            member: self.member.id,
            employer: self.employer.id,
            filed_date: date(2026, 3, 2),
            agreement: None,
            claim: Claim {
                incident_date: None,
                contract_article: None,
                violation_description: prose("Overtime was not paid."),
                remedy_sought: None,
                assigned_representative: None,
                steward: None,
                notes: None,
            },
            progress: Progress::FILED,
            version: Version::FIRST,
            created_at: builders::now(),
            updated_at: builders::now(),
            deleted_at: None,
        }
    }

    /// A grievance of which everything is known, not stored.
    fn whole_grievance(&self, year: i16, place: i32) -> Grievance {
        Grievance {
            claim: Claim {
                incident_date: Some(date(2026, 3, 1)),
                contract_article: Some(builders::line("12.3 (b)")),
                violation_description: prose("Two lines:\n'quoted' and \\ and ?"),
                remedy_sought: Some(prose("Pay for four hours.")),
                assigned_representative: Some(self.steward.id),
                steward: Some(self.steward.id),
                notes: Some(prose("Witnesses: two.")),
            },
            ..self.grievance(year, place)
        }
    }
}

fn number(year: i16, place: i32) -> GrievanceNumber {
    GrievanceNumber::new(year, place).unwrap()
}

fn prose<const MAX: usize>(text: &str) -> Prose<MAX> {
    Prose::parse(text).unwrap()
}

fn settlement(amount: Option<i64>) -> Settlement {
    Settlement {
        resolution: prose("Paid."),
        date: date(2026, 3, 9),
        amount: amount.map(|minor| Amount::from_minor(minor).unwrap()),
    }
}
