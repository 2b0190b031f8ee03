//! Tests of ending and starting many jobs at once.

use jiff::civil::date;
use unionhall_domain::{
    batches::{Batch, Meant},
    employments::{EmploymentDetails, Period},
    roles::Role,
};

use super::StartMany;
use crate::{
    error::Code,
    fixtures::{ADA, EMPLOYER, Hall, call, code, id},
};

#[test]
fn whoever_may_not_write_members_ends_and_starts_nothing() {
    let hall = Hall::untouchable();
    let employments = &hall.application.employments;
    let meant = |id| Meant { id, version: None };
    let jobs = Batch::parse(vec![Meant {
        id: id(6_001),
        version: None,
    }])
    .unwrap();
    let members = Batch::parse(vec![meant(ADA)]).unwrap();
    let new = StartMany {
        organization: EMPLOYER,
        details: EmploymentDetails {
            period: Period::new(date(2026, 11, 21), None).unwrap(),
            job_title: None,
            hourly_rate: None,
        },
        ends_previous: false,
    };
    for role in [Role::Organizer, Role::Instructor, Role::Member] {
        let call = call(role);
        let codes = [
            code(employments.end_many(&call, None, None, &jobs)),
            code(employments.start_many(&call, &new, &members)),
        ];
        assert_eq!(codes, [Code::Forbidden; 2]);
    }
    assert_eq!(hall.runs(), []);
}
