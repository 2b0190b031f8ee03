//! The worker: a thread that writes down what no request waits for, and sends the mail that waits in the outbox.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use unionhall_application::{
    Application, case_files::CaseFiles, pictures::Pictures, postman::Postman,
};

use crate::{exit::Exit, failure::Failure};

/// How long the outbox is left alone when it was empty.
const REST: Duration = Duration::from_secs(1);
/// After so many rounds, it is written down when sessions were last used.
const USES: u32 = 60;
/// After so many rounds, it is looked whether somebody is to be warned of a deadline: five minutes are soon enough in
/// a morning.
const WARN: u32 = 300;
/// After so many rounds, what is long over is swept out.
const SWEEP: u32 = 3_600;

/// A running worker.
pub struct Worker {
    stop: Sender<()>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts sending, and keeps in `waiting` how many mails are left.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        postman: Postman,
        application: Application,
        pictures: Pictures,
        case_files: CaseFiles,
        waiting: Arc<AtomicUsize>,
    ) -> io::Result<Self> {
        let (stop, stopped) = channel();
        let thread = thread::Builder::new()
            .name("worker".to_owned())
            .spawn(move || {
                let files = (&pictures, &case_files);
                work(&postman, &application, files, &waiting, &stopped);
            })?;
        Ok(Self {
            stop,
            thread: Some(thread),
        })
    }

    /// Finishes the batch in hand and stops; what waits is sent after the next start.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        // The thread may have ended by itself: then nobody listens, and nothing is left to stop.
        let _nobody_listens = self.stop.send(());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the worker panicked");
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.end();
    }
}

fn work(
    postman: &Postman,
    application: &Application,
    (pictures, case_files): (&Pictures, &CaseFiles),
    waiting: &AtomicUsize,
    stopped: &Receiver<()>,
) {
    // At the start, and then once an hour or so.
    let mut rounds: u32 = 0;
    loop {
        keep_the_books(application, rounds);
        make_case_files(case_files, rounds);
        if let Err(error) = pictures.sweep() {
            warn("the files", &error);
        }
        rounds = rounds.wrapping_add(1);
        let rest = match postman.send_due() {
            Ok(0) => REST,
            Ok(_) => Duration::ZERO,
            Err(error) => {
                warn("the outbox", &error);
                REST
            }
        };
        if let Ok(left) = postman.waiting() {
            waiting.store(
                usize::try_from(left).unwrap_or(usize::MAX),
                Ordering::Relaxed,
            );
        }
        match stopped.recv_timeout(rest) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    write_uses(application);
}

/// What is written down apart from the requests it comes from.
fn keep_the_books(application: &Application, rounds: u32) {
    let locks = &application.locks;
    if let Err(error) = locks.tell() {
        warn("the locks", &error);
    }
    if rounds.is_multiple_of(SWEEP)
        && let Err(error) = locks.sweep()
    {
        warn("the places", &error);
    }
    if rounds.is_multiple_of(WARN) {
        watch_deadlines(application);
    }
    if rounds.is_multiple_of(USES) {
        write_uses(application);
    }
}

/// Who carries a grievance is told of what is due, and of what their calendar does not show yet.
fn watch_deadlines(application: &Application) {
    if let Err(error) = application.deadlines.warn() {
        warn("the deadlines", &error);
    }
    if let Err(error) = application.deadline_feeds.tell_moves() {
        warn("the calendar feeds", &error);
    }
}

/// Makes a case file that somebody asked for, and forgets those that are gone.
fn make_case_files(case_files: &CaseFiles, rounds: u32) {
    if let Err(error) = case_files.make_due() {
        warn("the case files", &error);
    }
    if rounds.is_multiple_of(SWEEP)
        && let Err(error) = case_files.sweep()
    {
        warn("the case files that are gone", &error);
    }
}

fn write_uses(application: &Application) {
    if let Err(error) = application.own_sessions.write_uses() {
        warn("the last use of sessions", &error);
    }
}

fn warn(what: &str, error: &dyn std::error::Error) {
    let failure = Failure::caused(Exit::Failed, what, error);
    tracing::warn!(error = %failure, "the worker cannot do its work; it is tried again");
}
