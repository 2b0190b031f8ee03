//! The exchange of request counts: a thread that lets this instance and the others know of each other.

use std::{
    io,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use unionhall_http::web::rate_limits::RateLimiter;

use crate::{exit::Exit, failure::Failure};

/// How long what one instance counted is unknown to the others.
const REST: Duration = Duration::from_secs(1);
/// After so many exchanges, what is over is swept out of the database.
const SWEEP: u32 = 60;

/// A running exchange. Dropping it ends it.
pub struct Exchange {
    stop: Sender<()>,
    thread: Option<JoinHandle<()>>,
}

impl Exchange {
    /// Starts exchanging.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(limiter: Arc<RateLimiter>) -> io::Result<Self> {
        let (stop, stopped) = channel();
        let thread = thread::Builder::new()
            .name("rate-limits".to_owned())
            .spawn(move || work(&limiter, &stopped))?;
        Ok(Self {
            stop,
            thread: Some(thread),
        })
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        // The thread may have ended by itself: then nobody listens, and nothing is left to stop.
        let _nobody_listens = self.stop.send(());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the exchange of request counts panicked");
        }
    }
}

fn work(limiter: &RateLimiter, stopped: &Receiver<()>) {
    let mut exchanges: u32 = 0;
    while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(REST) {
        exchanges = exchanges.wrapping_add(1);
        let outcome = match limiter.exchange() {
            Ok(()) if exchanges.is_multiple_of(SWEEP) => limiter.sweep().map(drop),
            outcome => outcome,
        };
        if let Err(error) = outcome {
            let failure = Failure::caused(Exit::Failed, "the request counts", &error);
            tracing::warn!(error = %failure, "the database is not told what was counted; it is tried again");
        }
    }
}
