//! The one way from async handlers to the synchronous use cases: a bounded queue and as many threads as
//! there are connections.
//!
//! A thread that has finished takes the next use case from the queue itself, so under load nobody has to be
//! woken for it, and behind the gate nobody waits for a connection. A caller that hangs up does not stop a
//! use case that has begun: its transaction ends as it would have.
//!
//! Searches take longer than anything else that people do in numbers. They wait for each other before they
//! stand in line, so that they hold a third of the connections at most: each is answered sooner than if all
//! of them shared the database's cores, and whoever looks something up is not kept waiting by them.

use std::{
    collections::VecDeque,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU8, Ordering},
    },
    thread,
    time::Duration,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use unionhall_application::{error::Coded, round_trips};

use super::problem::Problem;

/// Runs as many use cases at once as there are connections, and lets a bounded number wait.
#[derive(Clone)]
pub struct Gate {
    queue: Arc<Queue>,
    searches: Arc<Semaphore>,
    patience: Duration,
    // The threads end when the last gate is gone.
    _open: Arc<Open>,
}

/// A result and the round trips to the database that it took.
pub(crate) struct Passed<T> {
    pub(crate) value: T,
    pub(crate) round_trips: u32,
}

type Job = Box<dyn FnOnce() + Send>;

/// What waits and who runs.
struct Queue {
    line: Mutex<Line>,
    wake: Condvar,
    width: usize,
    room: usize,
}

#[derive(Default)]
struct Line {
    jobs: VecDeque<Job>,
    running: usize,
    closed: bool,
}

impl Queue {
    fn line(&self) -> MutexGuard<'_, Line> {
        // Nothing that can panic happens under the lock.
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a job in line and tells whether it will wait behind others; gives `None` when the line is full.
    fn enter(&self, job: Job) -> Option<bool> {
        let mut line = self.line();
        let ahead = line.jobs.len().saturating_add(line.running);
        if ahead >= self.width.saturating_add(self.room) {
            return None;
        }
        line.jobs.push_back(job);
        drop(line);
        self.wake.notify_one();
        Some(ahead >= self.width)
    }

    fn work(&self) {
        let mut line = self.line();
        loop {
            if let Some(job) = line.jobs.pop_front() {
                line.running = line.running.saturating_add(1);
                drop(line);
                job();
                line = self.line();
                line.running = line.running.saturating_sub(1);
            } else if line.closed {
                return;
            } else {
                line = self.wake.wait(line).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}

/// Closes the queue when it is dropped; what waits is still done.
struct Open(Arc<Queue>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.line().closed = true;
        self.0.wake.notify_all();
    }
}

/// Whether a waiting use case was begun or given up, whichever comes first.
#[derive(Default)]
struct Turn(AtomicU8);

impl Turn {
    const BEGUN: u8 = 1;
    const GIVEN_UP: u8 = 2;

    fn take(&self, as_what: u8) -> bool {
        self.0
            .compare_exchange(0, as_what, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }
}

impl Gate {
    /// A gate for `width` use cases at once, with room for `queue` that wait at most `patience`.
    ///
    /// # Errors
    /// When the system has no threads to give.
    pub fn new(width: usize, queue: usize, patience: Duration) -> io::Result<Self> {
        let width = width.max(1);
        let queue = Arc::new(Queue {
            line: Mutex::default(),
            wake: Condvar::new(),
            width,
            room: queue,
        });
        for number in 0..width {
            let queue = Arc::clone(&queue);
            thread::Builder::new()
                .name(format!("use-case-{number}"))
                .spawn(move || queue.work())?;
        }
        Ok(Self {
            _open: Arc::new(Open(Arc::clone(&queue))),
            queue,
            searches: Arc::new(Semaphore::new(width.div_ceil(3))),
            patience,
        })
    }

    /// How many use cases wait now.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.queue.line().jobs.len()
    }

    /// How many use cases run now.
    #[must_use]
    pub fn running(&self) -> usize {
        self.queue.line().running
    }

    /// Waits, as long as the patience lasts, until one more search may run; the search ends when the turn is dropped.
    pub(crate) async fn turn_to_search(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let turn = Arc::clone(&self.searches).acquire_owned();
        match tokio::time::timeout(self.patience, turn).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(Problem::busy()),
        }
    }

    /// Runs a use case on one of the gate's threads, in the caller's tracing span.
    pub(crate) async fn run<T, E>(
        &self,
        work: impl FnOnce() -> Result<T, E> + Send + 'static,
    ) -> Result<Passed<T>, Problem>
    where
        T: Send + 'static,
        E: Coded,
    {
        let span = tracing::Span::current();
        let work = move || span.in_scope(|| finished(work));
        let (tell, told) = oneshot::channel();
        let turn = Arc::new(Turn::default());
        let begun = Arc::clone(&turn);
        let job = Box::new(move || {
            // Nobody waits for a use case whose caller has hung up or has been told to come later.
            if !tell.is_closed() && begun.take(Turn::BEGUN) {
                let _nobody_waits = tell.send(work());
            }
        });
        let waits = self.queue.enter(job).ok_or_else(Problem::busy)?;
        let outcome = if waits {
            self.patiently(told, &turn).await?
        } else {
            told.await
        };
        outcome.unwrap_or_else(|_| Err(Problem::busy()))
    }

    /// Waits for the turn at most for the patience, and from then on for the end.
    async fn patiently<T>(
        &self,
        mut told: oneshot::Receiver<T>,
        turn: &Turn,
    ) -> Result<Result<T, oneshot::error::RecvError>, Problem> {
        match tokio::time::timeout(self.patience, &mut told).await {
            Ok(outcome) => Ok(outcome),
            Err(_) if turn.take(Turn::GIVEN_UP) => Err(Problem::busy()),
            Err(_) => Ok(told.await),
        }
    }
}

/// Runs a use case to its end, counts its round trips, and turns both of its ways to fail into problems.
fn finished<T, E: Coded>(work: impl FnOnce() -> Result<T, E>) -> Result<Passed<T>, Problem> {
    // What a panic leaves half-done is a transaction, and that is rolled back.
    match catch_unwind(AssertUnwindSafe(|| round_trips::counted(work))) {
        Ok((result, round_trips)) => result
            .map_err(Problem::from)
            .map(|value| Passed { value, round_trips }),
        Err(_) => Err(Problem::panicked()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use unionhall_application::error::{CallError, Code};

    use super::*;

    fn gate(width: usize, queue: usize, patience: Duration) -> Gate {
        Gate::new(width, queue, patience).unwrap()
    }

    /// Occupies a gate of one until the sender is dropped.
    fn occupied(gate: &Gate) -> std::sync::mpsc::Sender<()> {
        let (release, released) = channel::<()>();
        let (tell, begun) = channel();
        gate.queue.enter(Box::new(move || {
            tell.send(()).unwrap();
            let _released = released.recv();
        }));
        begun.recv().unwrap();
        release
    }

    #[actix_web::test]
    async fn a_panic_in_a_use_case_is_a_problem_and_the_gate_stays_open() {
        let gate = gate(1, 1, Duration::from_secs(60));
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
        let gate = gate(1, 0, Duration::from_secs(60));
        let release = occupied(&gate);
        let problem = gate.run(|| Ok::<_, CallError>(())).await.err().unwrap();
        assert_eq!(problem.code(), Code::Unavailable);
        drop(release);
    }

    #[actix_web::test]
    async fn whoever_waits_too_long_is_told_to_come_later_and_nothing_is_done_for_them() {
        let gate = gate(1, 1, Duration::from_millis(1));
        let release = occupied(&gate);
        let (done, seen) = channel();
        let problem = gate
            .run(move || {
                done.send(()).unwrap();
                Ok::<_, CallError>(())
            })
            .await
            .err()
            .unwrap();
        assert_eq!(problem.code(), Code::Unavailable);
        drop(release);
        assert!(seen.recv().is_err());
    }

    #[actix_web::test]
    async fn searches_take_a_third_of_the_places_and_wait_for_each_other_no_longer_than_the_patience()
     {
        let gate = gate(4, 8, Duration::from_millis(1));
        let first = gate.turn_to_search().await.unwrap();
        let _second = gate.turn_to_search().await.unwrap();
        let problem = gate.turn_to_search().await.err().unwrap();
        assert_eq!(problem.code(), Code::Unavailable);
        assert!(gate.run(|| Ok::<_, CallError>(())).await.is_ok());
        drop(first);
        assert!(gate.turn_to_search().await.is_ok());
    }

    #[actix_web::test]
    async fn what_waits_is_done_in_turn_and_counted() {
        let gate = gate(1, 8, Duration::from_secs(60));
        let release = occupied(&gate);
        assert_eq!((gate.running(), gate.waiting()), (1, 0));
        let later = gate.run(|| {
            round_trips::add();
            Ok::<_, CallError>(())
        });
        let both = futures_util::future::join(later, async {
            assert_eq!(gate.waiting(), 1);
            drop(release);
        });
        assert_eq!(both.await.0.ok().map(|passed| passed.round_trips), Some(1));
    }
}
