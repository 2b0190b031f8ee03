//! Threads that do nothing but hash passwords: one for each core, of low priority, behind a bounded queue.
//!
//! Hashing takes a core for a quarter of a second. On the threads that serve requests a few sign-ins
//! would stop everything; here they wait for one another, and reads go past them.

use std::{
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread::{self, JoinHandle},
};

use tokio::sync::oneshot;

/// How much nicer than the rest of the program the threads are: beside one busy thread each gets
/// about a tenth of a core, so that sign-ins are slowed and not starved, and all of an idle one.
#[cfg(target_os = "linux")]
const NICER_BY: i32 = 10;

/// Why a job was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HashingError {
    /// The queue is full: ask again in a few seconds.
    #[error("too many passwords are waiting to be checked")]
    Full,
    /// The job panicked, or the pool is closing down.
    #[error("the password could not be checked")]
    Lost,
}

type Job = Box<dyn FnOnce() + Send>;

/// Threads for hashing passwords; dropping it drops what waits and finishes what runs.
#[derive(Debug)]
pub struct HashingPool {
    queue: Option<SyncSender<Job>>,
    closing: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl HashingPool {
    /// Starts as many threads as there are cores, with room for `queue` jobs that wait.
    ///
    /// # Errors
    /// When the system starts no more threads.
    pub fn start(queue: NonZeroUsize) -> std::io::Result<Self> {
        let cores = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self::with_threads(cores, queue)
    }

    /// Starts `threads` threads, with room for `queue` jobs that wait.
    ///
    /// # Errors
    /// When the system starts no more threads.
    pub fn with_threads(threads: NonZeroUsize, queue: NonZeroUsize) -> std::io::Result<Self> {
        let (sender, receiver) = sync_channel(queue.get());
        let receiver = Arc::new(Mutex::new(receiver));
        let closing = Arc::new(AtomicBool::new(false));
        let start = |number: usize| {
            let (receiver, closing) = (Arc::clone(&receiver), Arc::clone(&closing));
            thread::Builder::new()
                .name(format!("hashing-{number}"))
                .spawn(move || work(&receiver, &closing))
        };
        let threads = (0..threads.get()).map(start).collect::<Result<_, _>>()?;
        Ok(Self {
            queue: Some(sender),
            closing,
            threads,
        })
    }

    /// How many threads there are: as many jobs run at once.
    pub fn threads(&self) -> usize {
        self.threads.len()
    }

    /// Queues `job` at once and answers a future of its result. A job whose future is dropped before
    /// its turn is not done: nobody waits for it.
    ///
    /// The future fails with [`HashingError::Full`] when the queue is full, and with
    /// [`HashingError::Lost`] when the job panicked or the pool closed before its turn.
    pub fn submit<T, F>(
        &self,
        job: F,
    ) -> impl Future<Output = Result<T, HashingError>> + Send + use<T, F>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let span = tracing::Span::current();
        let queued = self.enqueue(Box::new(move || {
            if !sender.is_closed() {
                let result = span.in_scope(job);
                // Whoever asked may have left meanwhile; then nobody wants the result.
                drop(sender.send(result));
            }
        }));
        async move {
            queued?;
            receiver.await.map_err(|_| HashingError::Lost)
        }
    }

    fn enqueue(&self, job: Job) -> Result<(), HashingError> {
        let queue = self.queue.as_ref().ok_or(HashingError::Lost)?;
        queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => HashingError::Full,
            TrySendError::Disconnected(_) => HashingError::Lost,
        })
    }
}

impl Drop for HashingPool {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::Release);
        self.queue = None;
        for thread in self.threads.drain(..) {
            // The last owner may be a job; a thread cannot wait for itself. A panic was logged already.
            if thread.thread().id() != thread::current().id() {
                drop(thread.join());
            }
        }
    }
}

/// One thread's life: a job, the next job, until the pool closes.
fn work(queue: &Mutex<Receiver<Job>>, closing: &AtomicBool) {
    lower_priority();
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        // A closing pool drops what waits, so that stopping takes one job's time and not the queue's.
        if !closing.load(Ordering::Acquire) && catch_unwind(AssertUnwindSafe(job)).is_err() {
            tracing::error!("a password job panicked");
        }
    }
}

/// On Linux priority belongs to a thread, and the process id 0 means the calling one.
#[cfg(target_os = "linux")]
fn lower_priority() {
    use rustix::process::{getpriority_process, setpriority_process};
    let lowered =
        getpriority_process(None).and_then(|nice| setpriority_process(None, nice + NICER_BY));
    if let Err(error) = lowered {
        tracing::warn!(%error, "password threads keep their priority");
    }
}

#[cfg(not(target_os = "linux"))]
fn lower_priority() {}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn pool(threads: usize, queue: usize) -> HashingPool {
        let number = |count| NonZeroUsize::new(count).unwrap();
        HashingPool::with_threads(number(threads), number(queue)).unwrap()
    }

    /// Occupies a thread of the pool until the sender that comes back is used or dropped.
    async fn occupy(pool: &HashingPool) -> mpsc::Sender<()> {
        let (release, wait) = mpsc::channel::<()>();
        let (running, started) = oneshot::channel();
        drop(tokio::spawn(pool.submit(move || {
            running.send(()).unwrap();
            let _ = wait.recv();
        })));
        started.await.unwrap();
        release
    }

    #[tokio::test]
    async fn a_job_comes_back_with_its_result() {
        let pool = pool(2, 4);
        let (one, two) = tokio::join!(
            pool.submit(|| 1),
            pool.submit(|| thread::current().name().map(str::to_owned))
        );
        assert_eq!(one, Ok(1));
        assert!(two.unwrap().unwrap().starts_with("hashing-"));
    }

    #[tokio::test]
    async fn a_full_queue_refuses_at_once_and_takes_again_when_there_is_room() {
        let pool = pool(1, 1);
        let release = occupy(&pool).await;
        let waiting = pool.submit(|| 2);
        assert_eq!(pool.submit(|| 3).await, Err(HashingError::Full));
        drop(release);
        assert_eq!(waiting.await, Ok(2));
        assert_eq!(pool.submit(|| 4).await, Ok(4));
    }

    #[tokio::test]
    async fn a_job_that_nobody_waits_for_is_not_done() {
        let pool = pool(1, 2);
        let release = occupy(&pool).await;
        let done = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&done);
        drop(pool.submit(move || flag.store(true, Ordering::SeqCst)));
        drop(release);
        assert_eq!(pool.submit(|| ()).await, Ok(()), "the queue moved on");
        assert!(!done.load(Ordering::SeqCst));
    }

    #[tokio::test]
    async fn a_panic_loses_its_job_and_not_its_thread() {
        let pool = pool(1, 1);
        let lost: Result<(), _> = pool.submit(|| panic!("on purpose")).await;
        assert_eq!(lost, Err(HashingError::Lost));
        assert_eq!(pool.submit(|| 1).await, Ok(1));
    }

    #[tokio::test]
    async fn a_pool_that_closes_drops_what_waits() {
        let pool = pool(1, 1);
        let release = occupy(&pool).await;
        let waiting = pool.submit(|| ());
        let is_closing = Arc::clone(&pool.closing);
        let closing = thread::spawn(move || drop(pool));
        while !is_closing.load(Ordering::Acquire) {
            thread::yield_now();
        }
        drop(release);
        assert_eq!(waiting.await, Err(HashingError::Lost));
        closing.join().unwrap();
    }

    #[tokio::test]
    async fn a_pool_whose_last_owner_is_a_job_closes_too() {
        let pool = Arc::new(pool(1, 1));
        let owner = Arc::clone(&pool);
        let release = occupy(&pool).await;
        let job = pool.submit(move || drop(owner));
        drop(pool);
        drop(release);
        assert_eq!(job.await, Ok(()));
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn its_threads_and_only_they_have_a_lower_priority() {
        use rustix::process::getpriority_process;
        let before = getpriority_process(None).unwrap();
        let pool = pool(1, 1);
        let theirs = pool
            .submit(|| getpriority_process(None).unwrap())
            .await
            .unwrap();
        assert_eq!(theirs, (before + NICER_BY).min(19));
        assert_eq!(getpriority_process(None).unwrap(), before);
    }

    #[test]
    fn there_are_as_many_threads_as_cores() {
        let pool = HashingPool::start(NonZeroUsize::MIN).unwrap();
        assert_eq!(
            pool.threads(),
            thread::available_parallelism().unwrap().get()
        );
    }
}
