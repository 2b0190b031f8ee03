//! How many exports run at once: few in all, and fewer of one person.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use unionhall_application::error::Code;
use unionhall_domain::users::UserId;

use super::super::problem::Problem;

/// How many may run at once.
const AT_ONCE: usize = 4;
/// How many of one person.
const OF_ONE: usize = 2;

/// Gives out seats to exports.
#[derive(Debug, Clone, Default)]
pub(crate) struct Desk {
    taken: Arc<Mutex<HashMap<Option<UserId>, usize>>>,
}

/// A seat, which is given back when it is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    desk: Desk,
    person: Option<UserId>,
}

impl Desk {
    /// A seat for one export of this person.
    pub(super) fn seat(&self, person: Option<UserId>) -> Result<Seat, Problem> {
        let mut taken = self.taken();
        let all: usize = taken.values().sum();
        let own = taken.entry(person).or_default();
        if *own >= OF_ONE {
            let detail = format!("{OF_ONE} exports of yours are under way; wait for one to end");
            return Err(Problem::new(Code::RateLimited, detail));
        }
        if all >= AT_ONCE {
            let detail = "too many exports are under way; try again";
            return Err(Problem::new(Code::Unavailable, detail));
        }
        *own = own.saturating_add(1);
        drop(taken);
        let desk = self.clone();
        Ok(Seat { desk, person })
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<Option<UserId>, usize>> {
        // Nothing that can panic happens under the lock.
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.desk.taken();
        if let Some(own) = taken.get_mut(&self.person) {
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

    fn person(number: u128) -> Option<UserId> {
        Some(Id::new(Uuid::from_u128(number)))
    }

    #[test]
    fn one_person_has_two_exports_at_once_and_all_together_have_four() {
        let desk = Desk::default();
        let first = desk.seat(person(1)).unwrap();
        let _second = desk.seat(person(1)).unwrap();
        assert_eq!(desk.seat(person(1)).unwrap_err().code(), Code::RateLimited);
        let _others = [desk.seat(person(2)).unwrap(), desk.seat(person(3)).unwrap()];
        assert_eq!(desk.seat(person(4)).unwrap_err().code(), Code::Unavailable);
        drop(first);
        assert!(desk.seat(person(4)).is_ok());
        assert!(desk.seat(person(1)).is_ok());
    }

    #[test]
    fn nobody_who_has_left_is_remembered() {
        let desk = Desk::default();
        drop(desk.seat(person(1)).unwrap());
        assert!(desk.taken().is_empty());
    }
}
