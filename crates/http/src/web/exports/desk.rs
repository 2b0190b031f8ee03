//! How many exports run at once: few in all, fewer of one tenant, and fewer still of one person.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use unionhall_application::error::Code;
use unionhall_domain::{tenants::TenantId, users::UserId};

use super::super::problem::Problem;

/// How many may run at once.
const AT_ONCE: usize = 6;
/// How many of one tenant: one alone cannot take all seats, although two together can.
const OF_TENANT: usize = 4;
/// How many of one person.
const OF_ONE: usize = 2;

/// Who exports, and where.
type Whose = (TenantId, Option<UserId>);

/// Gives out seats to exports.
#[derive(Debug, Clone, Default)]
pub(crate) struct Desk {
    taken: Arc<Mutex<HashMap<Whose, usize>>>,
}

/// A seat, which is given back when it is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    desk: Desk,
    whose: Whose,
}

impl Desk {
    /// A seat for one export of this person in this tenant.
    pub(super) fn seat(&self, tenant: TenantId, person: Option<UserId>) -> Result<Seat, Problem> {
        let mut taken = self.taken();
        let all: usize = taken.values().sum();
        let of_tenant = taken.iter().filter(|((of, _), _)| *of == tenant);
        let of_tenant: usize = of_tenant.map(|(_, count)| count).sum();
        let whose = (tenant, person);
        if taken.get(&whose).is_some_and(|own| *own >= OF_ONE) {
            let detail = format!("{OF_ONE} exports of yours are under way; wait for one to end");
            return Err(Problem::new(Code::RateLimited, detail));
        }
        if all >= AT_ONCE || of_tenant >= OF_TENANT {
            let detail = "too many exports are under way; try again";
            return Err(Problem::new(Code::Unavailable, detail));
        }
        let own = taken.entry(whose).or_default();
        *own = own.saturating_add(1);
        drop(taken);
        let desk = self.clone();
        Ok(Seat { desk, whose })
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<Whose, usize>> {
        // Nothing that can panic happens under the lock.
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.desk.taken();
        if let Some(own) = taken.get_mut(&self.whose) {
            *own = own.saturating_sub(1);
        }
        taken.retain(|_, count| *count > 0);
    }
}

#[cfg(test)]
mod tests {
    use unionhall_domain::ids::Id;
    use uuid::Uuid;

    use super::*;

    fn seat(desk: &Desk, tenant: u128, person: u128) -> Result<Seat, Problem> {
        let id = Uuid::from_u128;
        desk.seat(Id::new(id(tenant)), Some(Id::new(id(person))))
    }

    fn refused(desk: &Desk, tenant: u128, person: u128) -> Code {
        seat(desk, tenant, person).unwrap_err().code()
    }

    #[test]
    fn one_person_has_two_exports_at_once_a_tenant_four_and_all_together_six() {
        let desk = Desk::default();
        let first = seat(&desk, 1, 1).unwrap();
        let _second = seat(&desk, 1, 1).unwrap();
        assert_eq!(refused(&desk, 1, 1), Code::RateLimited);
        let _colleagues = [2, 3].map(|person| seat(&desk, 1, person).unwrap());
        assert_eq!(refused(&desk, 1, 4), Code::Unavailable);
        let _others = [5, 6].map(|person| seat(&desk, 2, person).unwrap());
        assert_eq!(refused(&desk, 2, 7), Code::Unavailable);
        drop(first);
        assert!(seat(&desk, 1, 4).is_ok());
        assert!(seat(&desk, 1, 1).is_ok());
    }

    #[test]
    fn nobody_who_has_left_is_remembered() {
        let desk = Desk::default();
        drop(seat(&desk, 1, 1).unwrap());
        assert!(desk.taken().is_empty());
    }
}
