//! The audit trail of reads: many readers share one write and one commit.
//!
//! One thread takes everything that waits, writes it with one statement, and lets the readers go. Nothing waits for
//! company: while one write is under way the next one gathers.

mod receipt;

use std::{
    io,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use diesel::{PgConnection, connection::SimpleConnection};
use unionhall_ports::{
    audit::{AuditEvent, ReadLog, Receipt},
    storage::StorageError,
};

use self::receipt::{Promise, promise};
use crate::{
    audit::insert_events,
    connections::connect,
    errors::{chain, storage_error},
};

/// How long after a first failure the database is not tried again; doubled with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// The longest such pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The log writes in every tenant's trail, and can do nothing else.
const SCOPE: &str = "\
    set default_transaction_read_only = off; \
    select set_config('app.scope', 'audit', false)";

/// How the log works.
#[derive(Clone)]
pub struct ReadLogConfig {
    /// The database and the role that owns nothing.
    pub url: String,
    /// How many events may wait; further ones are refused.
    pub capacity: usize,
    /// How many events are written at once at most.
    pub batch: usize,
}

impl ReadLogConfig {
    /// 8,192 may wait, and 500 are written at once.
    #[must_use]
    pub fn new(url: String) -> Self {
        Self {
            url,
            capacity: 8_192,
            batch: 500,
        }
    }
}

/// The log of reads: one thread with one connection. Dropping it writes what waits.
pub struct GroupReadLog {
    queue: Option<SyncSender<Entry>>,
    writer: Option<JoinHandle<()>>,
}

/// What goes through the queue.
enum Entry {
    /// An event, and whom to tell.
    Event(AuditEvent, Promise),
    /// Somebody who wants to know when all that came before is dealt with.
    Mark(SyncSender<()>),
}

impl GroupReadLog {
    /// Starts the log; it connects with its first event.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start(config: ReadLogConfig) -> io::Result<Self> {
        let (queue, entries) = sync_channel(config.capacity);
        let writer = thread::Builder::new()
            .name("audit-read-log".to_owned())
            .spawn(move || Writer::new(config).run(&entries))?;
        Ok(Self {
            queue: Some(queue),
            writer: Some(writer),
        })
    }

    /// Waits until everything that was submitted before is written or refused.
    pub fn drain(&self) {
        let (told, mark) = sync_channel(1);
        let sent = self
            .queue
            .as_ref()
            .is_some_and(|queue| queue.send(Entry::Mark(told)).is_ok());
        if sent {
            // An error means that the writer has ended: then nothing waits any more.
            let _ended = mark.recv();
        }
    }
}

impl Drop for GroupReadLog {
    fn drop(&mut self) {
        // The writer ends when there is nobody left to send and nothing left to write.
        self.queue = None;
        if let Some(writer) = self.writer.take()
            && writer.join().is_err()
        {
            tracing::error!("the audit log of reads had panicked");
        }
    }
}

impl ReadLog for GroupReadLog {
    fn submit(&self, event: AuditEvent) -> Result<Receipt, StorageError> {
        let (promise, receipt) = promise();
        self.queue
            .as_ref()
            .and_then(|queue| queue.try_send(Entry::Event(event, promise)).ok())
            .ok_or_else(|| unavailable("the audit log of reads is full"))?;
        Ok(Box::pin(receipt))
    }
}

fn unavailable(why: &str) -> StorageError {
    StorageError::Unavailable(why.into())
}

/// The thread's own state.
struct Writer {
    config: ReadLogConfig,
    connection: Option<PgConnection>,
    /// How long to leave a failing database alone, and until when.
    pause: Duration,
    resting_until: Option<Instant>,
}

impl Writer {
    fn new(config: ReadLogConfig) -> Self {
        Self {
            config,
            connection: None,
            pause: FIRST_PAUSE,
            resting_until: None,
        }
    }

    fn run(mut self, entries: &Receiver<Entry>) {
        while let Ok(first) = entries.recv() {
            let waiting = std::iter::once(first).chain(entries.try_iter());
            let (mut events, mut promises, mut mark) = (Vec::new(), Vec::new(), None);
            for entry in waiting {
                match entry {
                    Entry::Event(event, promise) => {
                        events.push(event);
                        promises.push(promise);
                    }
                    Entry::Mark(told) => mark = Some(told),
                }
                if events.len() >= self.config.batch.max(1) || mark.is_some() {
                    break;
                }
            }
            self.settle(&events, promises);
            if let Some(told) = mark {
                // Whoever asked may have gone.
                let _heard = told.send(());
            }
        }
    }

    /// Writes the events and resolves their promises.
    fn settle(&mut self, events: &[AuditEvent], promises: Vec<Promise>) {
        let events: Vec<&AuditEvent> = events.iter().collect();
        match self.write(&events) {
            Ok(()) => promises
                .into_iter()
                .for_each(|promise| promise.resolve(Ok(()))),
            Err(StorageError::Unavailable(_)) => {
                for promise in promises {
                    promise.resolve(Err(unavailable("the audit log of reads cannot write")));
                }
            }
            // One event is at fault: the others must not suffer for it.
            Err(_) if events.len() > 1 => {
                for (event, promise) in events.into_iter().zip(promises) {
                    promise.resolve(self.write(&[event]));
                }
            }
            Err(error) => {
                tracing::error!(error = %chain(&error), "an event of a read was not written");
                if let Some(promise) = promises.into_iter().next() {
                    promise.resolve(Err(error));
                }
            }
        }
    }

    /// Writes events with one statement, which is its own transaction; when it returns they are durable.
    fn write(&mut self, events: &[&AuditEvent]) -> Result<(), StorageError> {
        if events.is_empty() {
            return Ok(());
        }
        if self
            .resting_until
            .is_some_and(|until| Instant::now() < until)
        {
            return Err(unavailable("the database is given time to recover"));
        }
        let result = self.connection().and_then(|connection| {
            insert_events(connection, events)
                .map(drop)
                .map_err(storage_error)
        });
        match &result {
            Ok(()) => {
                self.pause = FIRST_PAUSE;
                self.resting_until = None;
            }
            Err(error @ StorageError::Unavailable(_)) => {
                tracing::warn!(error = %chain(error), "the audit log of reads cannot write");
                self.connection = None;
                self.resting_until = Some(Instant::now() + self.pause);
                self.pause = LONGEST_PAUSE.min(self.pause * 2);
            }
            Err(_) => {}
        }
        result
    }

    fn connection(&mut self) -> Result<&mut PgConnection, StorageError> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => {
                let mut connection = connect(&self.config.url)
                    .map_err(|error| StorageError::Unavailable(Box::new(error)))?;
                connection.batch_execute(SCOPE).map_err(storage_error)?;
                connection
            }
        };
        Ok(self.connection.insert(connection))
    }
}
