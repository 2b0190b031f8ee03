//! The worker: a thread that writes down what no request waits for, and sends the mail that waits in the outbox.

use std::{
    error::Error,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use unionhall_application::{
    Application, case_files::CaseFiles, documents::Documents, pictures::Pictures, postman::Postman,
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

/// After so many rounds, it is looked whether a deleted document is to be removed for good.
const PURGE: u32 = 60;

/// What the worker does with files.
pub struct Files {
    /// Removes files that nothing refers to.
    pub pictures: Pictures,
    /// Makes case files.
    pub case_files: CaseFiles,
    /// Removes documents for good.
    pub documents: Documents,
}

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
        files: Files,
        waiting: Arc<AtomicUsize>,
    ) -> io::Result<Self> {
        let (stop, stopped) = channel();
        let thread = thread::Builder::new()
            .name("worker".to_owned())
            .spawn(move || work(&postman, &application, &files, &waiting, &stopped))?;
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
    files: &Files,
    waiting: &AtomicUsize,
    stopped: &Receiver<()>,
) {
    // At the start, and then once an hour or so.
    let mut rounds: u32 = 0;
    loop {
        keep_the_books(application, rounds);
        make_case_files(&files.case_files, rounds);
        if rounds.is_multiple_of(PURGE) {
            done("the deleted documents", || files.documents.purge());
        }
        done("the files", || files.pictures.sweep());
        rounds = rounds.wrapping_add(1);
        let rest = match done("the outbox", || postman.send_due()) {
            Some(0) | None => REST,
            Some(_) => Duration::ZERO,
        };
        if let Some(left) = done("what waits in the outbox", || postman.waiting()) {
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
    done("the locks", || locks.tell());
    if rounds.is_multiple_of(SWEEP) {
        done("the places", || locks.sweep());
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
    done("the deadlines", || application.deadlines.warn());
    done("the calendar feeds", || {
        application.deadline_feeds.tell_moves()
    });
}

/// Makes a case file that somebody asked for, and forgets those that are gone.
fn make_case_files(case_files: &CaseFiles, rounds: u32) {
    done("the case files", || case_files.make_due());
    if rounds.is_multiple_of(SWEEP) {
        done("the case files that are gone", || case_files.sweep());
    }
}

fn write_uses(application: &Application) {
    done("the last use of sessions", || {
        application.own_sessions.write_uses()
    });
}

/// Does one job, and tells what came of it if it succeeded. One that fails or panics is tried again in its next round, and
/// keeps no other job from being done: the mail goes out although a case file cannot be written.
fn done<T, E: Error>(what: &str, job: impl FnOnce() -> Result<T, E>) -> Option<T> {
    // What a job leaves half done is rolled back with its transaction; nothing else is shared between rounds.
    match catch_unwind(AssertUnwindSafe(job)) {
        Ok(Ok(value)) => Some(value),
        Ok(Err(error)) => {
            let failure = Failure::caused(Exit::Failed, what, &error);
            tracing::warn!(error = %failure, "the worker cannot do its work; it is tried again");
            None
        }
        Err(_) => {
            tracing::error!(
                job = what,
                "a job of the worker panicked; it is tried again"
            );
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_that_fails_or_panics_keeps_no_other_from_being_done() {
        let mut rounds = Vec::new();
        for _ in 0..2 {
            let failed = done("the first", || Err::<u8, _>(io::Error::other("not now")));
            let panicked = done("the second", || -> io::Result<u8> { panic!("a bug") });
            let third = done("the third", || Ok::<u8, io::Error>(3));
            rounds.push([failed, panicked, third]);
        }
        assert_eq!(rounds, [[None, None, Some(3)]; 2]);
    }
}
