//! What the unit tests of imports share.

use unionhall_ports::mock::MockRepositories;

/// Lets the mocks bring a list in while nobody else does.
pub(crate) fn alone(mocks: &mut MockRepositories) {
    mocks.tenants.expect_hold_imports().returning(|_| Ok(()));
}
