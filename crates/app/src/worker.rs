//! The worker: a thread that sends the mail that waits in the outbox.

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

use unionhall_application::postman::Postman;

/// How long the outbox is left alone when it was empty.
const REST: Duration = Duration::from_secs(1);

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
    pub fn start(postman: Postman, waiting: Arc<AtomicUsize>) -> io::Result<Self> {
        let (stop, stopped) = channel();
        let thread = thread::Builder::new()
            .name("worker".to_owned())
            .spawn(move || work(&postman, &waiting, &stopped))?;
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

fn work(postman: &Postman, waiting: &AtomicUsize, stopped: &Receiver<()>) {
    loop {
        let rest = match postman.send_due() {
            Ok(0) => REST,
            Ok(_) => Duration::ZERO,
            Err(error) => {
                let failure = crate::failure::Failure::caused(
                    crate::exit::Exit::Failed,
                    "the outbox",
                    &error,
                );
                tracing::warn!(error = %failure, "the outbox cannot be read; it is tried again");
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
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}
