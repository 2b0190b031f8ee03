//! Tests of the use cases of grievances.

mod filing;
mod keeping;
mod moving;
mod reading;

use unionhall_domain::grievances::Grievance;
use unionhall_ports::mock::MockRepositories;

use crate::fixtures::{CASE, grievance};

/// Mocks that know the grievance, as it stands after a change.
fn with_case(change: impl FnOnce(&mut Grievance)) -> MockRepositories {
    let mut case = grievance();
    change(&mut case);
    let mut mocks = MockRepositories::default();
    mocks
        .grievances
        .expect_find()
        .returning(move |id| Ok((id == CASE).then(|| case.clone())));
    mocks
}
