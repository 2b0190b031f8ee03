//! The one way from async handlers to the synchronous use cases.
//!
//! A semaphore as wide as the connection pool is awaited before a thread is taken, so waiting costs no
//! thread; behind it a use case never waits for a connection. A caller that hangs up does not stop a use
//! case that has begun: its transaction ends as it would have.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::sync::Semaphore;
use unionhall_application::{error::Coded, round_trips};

use super::problem::Problem;

/// Lets as many use cases run at once as there are connections, and a bounded number wait.
#[derive(Clone)]
pub struct Gate {
    permits: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    width: usize,
    queue: usize,
    patience: Duration,
}

/// A result and the round trips to the database that it took.
pub(crate) struct Passed<T> {
    pub(crate) value: T,
    pub(crate) round_trips: u32,
}

impl Gate {
    /// A gate for `width` use cases at once, with room for `queue` that wait at most `patience`.
    #[must_use]
    pub fn new(width: usize, queue: usize, patience: Duration) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(width)),
            waiting: Arc::new(AtomicUsize::new(0)),
            width,
            queue,
            patience,
        }
    }

    /// How many use cases wait now.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// How many use cases run now.
    #[must_use]
    pub fn running(&self) -> usize {
        self.width.saturating_sub(self.permits.available_permits())
    }

    /// Runs a use case on a thread of its own, in the caller's tracing span.
    pub(crate) async fn run<T, E>(
        &self,
        work: impl FnOnce() -> Result<T, E> + Send + 'static,
    ) -> Result<Passed<T>, Problem>
    where
        T: Send + 'static,
        E: Coded,
    {
        let permit = self.enter().await?;
        let span = tracing::Span::current();
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the one place that takes a blocking thread"
        )]
        let outcome = actix_web::web::block(move || {
            let _permit = permit;
            span.in_scope(|| round_trips::counted(work))
        })
        .await;
        let (result, round_trips) = outcome.map_err(|panic| Problem::internal(&panic))?;
        Ok(Passed {
            value: result.map_err(Problem::from)?,
            round_trips,
        })
    }

    async fn enter(&self) -> Result<tokio::sync::OwnedSemaphorePermit, Problem> {
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            return Ok(permit);
        }
        let _place = self.take_place()?;
        let permit = tokio::time::timeout(self.patience, Arc::clone(&self.permits).acquire_owned());
        match permit.await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(Problem::busy()),
        }
    }

    fn take_place(&self) -> Result<Place, Problem> {
        let place = Place(Arc::clone(&self.waiting));
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= self.queue {
            return Err(Problem::busy());
        }
        Ok(place)
    }
}

/// A place in the queue, given back when the wait is over or given up.
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use unionhall_application::error::{CallError, Code};

    use super::*;

    #[actix_web::test]
    async fn a_panic_in_a_use_case_is_a_problem_and_the_gate_stays_open() {
        let gate = Gate::new(1, 1, Duration::from_secs(1));
        let problem = gate
            .run(|| -> Result<(), CallError> { panic!("a bug") })
            .await
            .err()
            .unwrap();
        assert_eq!(problem.code(), Code::Internal);
        assert!(gate.run(|| Ok::<_, CallError>(7)).await.is_ok());
    }

    #[actix_web::test]
    async fn whoever_finds_the_queue_full_is_told_to_come_later() {
        let gate = Gate::new(1, 0, Duration::from_secs(1));
        let held = gate.enter().await.ok().unwrap();
        let problem = gate.run(|| Ok::<_, CallError>(())).await.err().unwrap();
        assert_eq!(problem.code(), Code::Unavailable);
        drop(held);
        assert!(gate.run(|| Ok::<_, CallError>(())).await.is_ok());
        assert_eq!(gate.waiting(), 0);
    }

    #[actix_web::test]
    async fn whoever_waits_too_long_is_told_to_come_later() {
        let gate = Gate::new(1, 1, Duration::from_millis(1));
        let _held = gate.enter().await.ok().unwrap();
        let problem = gate.run(|| Ok::<_, CallError>(())).await.err().unwrap();
        assert_eq!(problem.code(), Code::Unavailable);
        assert_eq!(gate.waiting(), 0);
    }
}
