//! The mailbox's connections: a thread for each, around the SMTP state machine of `mailin`.
//!
//! `mailin-embedded`, which would do this too, can neither be stopped nor bound the length of a
//! line, so the few lines that accept and read are our own.

use std::{
    collections::HashMap,
    io::{self, BufRead, BufReader, Read, Write},
    net::{IpAddr, Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

use mailin::{Action, Handler, Response, SessionBuilder, response};

use super::{MAX_MAIL_BYTES, MailStore};

/// Connections served at the same time; further ones are told to come back.
const MAX_SESSIONS: usize = 32;

/// The longest line, in bytes; SMTP asks for 1,000 and programs send more.
const MAX_LINE_BYTES: u64 = 64 * 1024;

/// How long a client may be silent.
const SILENCE: Duration = Duration::from_secs(60);

/// How long to wait before accepting again after the system refused to (out of descriptors).
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A running receiver; it stops when it is dropped.
#[derive(Debug)]
pub(super) struct Receiver {
    address: SocketAddr,
    sessions: Arc<Sessions>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Receiver {
    /// Listens on a free port of 127.0.0.1 and keeps what comes in `store`.
    pub(super) fn start(store: Arc<MailStore>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let sessions = Arc::new(Sessions::default());
        let thread = {
            let sessions = Arc::clone(&sessions);
            thread::Builder::new()
                .name("mailbox".to_owned())
                .spawn(move || accept(&listener, &sessions, &store))?
        };
        Ok(Self {
            address,
            sessions,
            thread: Mutex::new(Some(thread)),
        })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops receiving and waits for the threads; a second call does nothing.
    pub(super) fn stop(&self) {
        let Some(thread) = lock(&self.thread).take() else {
            return;
        };
        self.sessions.close_all();
        // Accepting has no end of its own: one more connection makes it look around.
        // Where that fails, the listener is beyond accepting anyway.
        let _knock = TcpStream::connect(self.address);
        if thread.join().is_err() {
            tracing::warn!("a connection to the mailbox panicked");
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The connections that are open now.
#[derive(Debug, Default)]
struct Sessions {
    state: Mutex<SessionsState>,
}

#[derive(Debug, Default)]
struct SessionsState {
    stopping: bool,
    next: u64,
    open: HashMap<u64, TcpStream>,
}

/// A connection's entry among those that are open; dropping it gives the place back.
struct Place<'a> {
    sessions: &'a Sessions,
    number: u64,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        lock(&self.sessions.state).open.remove(&self.number);
    }
}

/// What became of a connection that came in.
enum Admission<'a> {
    /// It may be served.
    Open(Place<'a>),
    /// There are too many, or it broke at once.
    Full,
    /// The receiver is stopping.
    Stopping,
}

impl Sessions {
    fn admit(&self, stream: &TcpStream) -> Admission<'_> {
        let mut state = lock(&self.state);
        if state.stopping {
            return Admission::Stopping;
        }
        let Ok(stream) = stream.try_clone() else {
            return Admission::Full;
        };
        if state.open.len() >= MAX_SESSIONS {
            return Admission::Full;
        }
        let number = state.next;
        state.next += 1;
        state.open.insert(number, stream);
        Admission::Open(Place {
            sessions: self,
            number,
        })
    }

    /// Ends every connection, which wakes its thread, and admits no more.
    fn close_all(&self) {
        let mut state = lock(&self.state);
        state.stopping = true;
        for stream in state.open.values() {
            // Failing means that the client has gone already.
            let _gone = stream.shutdown(Shutdown::Both);
        }
    }
}

/// A panic elsewhere leaves these values whole: each change to them is a single step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Accepts until the receiver stops, then waits for the threads of all connections.
fn accept(listener: &TcpListener, sessions: &Sessions, store: &MailStore) {
    thread::scope(|threads| {
        for stream in listener.incoming() {
            let stream = match stream {
                Ok(stream) => stream,
                Err(error) => {
                    tracing::warn!(%error, "the mailbox cannot accept a connection");
                    thread::sleep(ACCEPT_PAUSE);
                    continue;
                }
            };
            let place = match sessions.admit(&stream) {
                Admission::Open(place) => place,
                Admission::Full => {
                    refuse(stream);
                    continue;
                }
                Admission::Stopping => break,
            };
            let thread = thread::Builder::new().name("mailbox-session".to_owned());
            let spawned = thread.spawn_scoped(threads, move || {
                if let Err(error) = serve(&stream, store) {
                    tracing::debug!(%error, "a connection to the mailbox broke");
                }
                drop(place);
            });
            if let Err(error) = spawned {
                tracing::warn!(%error, "the mailbox cannot start a thread");
            }
        }
    });
}

/// Tells a client to come back later; it is no matter whether it hears it.
fn refuse(mut stream: TcpStream) {
    let _gone = stream.write_all(b"421 too many connections, try again later\r\n");
}

/// Speaks SMTP with one client until it leaves.
fn serve(stream: &TcpStream, store: &MailStore) -> io::Result<()> {
    stream.set_read_timeout(Some(SILENCE))?;
    stream.set_write_timeout(Some(SILENCE))?;
    let mut session = SessionBuilder::new("unionhall-mailbox").build(
        IpAddr::V4(Ipv4Addr::LOCALHOST),
        Incoming {
            store,
            data: Vec::new(),
            size: 0,
        },
    );
    let mut reader = BufReader::new(stream);
    answer(stream, &session.greeting())?;
    let mut line = Vec::new();
    loop {
        line.clear();
        reader
            .by_ref()
            .take(MAX_LINE_BYTES)
            .read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(());
        }
        if !line.ends_with(b"\n") {
            return answer(stream, &Response::custom(500, "line too long".to_owned()));
        }
        let reply = session.process(&line);
        match reply.action {
            Action::NoReply => {}
            Action::Reply => answer(stream, &reply)?,
            Action::Close | Action::UpgradeTls => return answer(stream, &reply),
        }
    }
}

/// Sends a whole reply in one packet.
fn answer(mut stream: &TcpStream, reply: &Response) -> io::Result<()> {
    let mut bytes = Vec::new();
    reply.write_to(&mut bytes)?;
    stream.write_all(&bytes)
}

/// The mail that a connection is sending.
struct Incoming<'a> {
    store: &'a MailStore,
    data: Vec<u8>,
    /// Bytes received, also when they were too many to be kept.
    size: usize,
}

impl Handler for Incoming<'_> {
    fn data_start(&mut self, _host: &str, _from: &str, _8bit: bool, _to: &[String]) -> Response {
        self.data.clear();
        self.size = 0;
        response::OK
    }

    fn data(&mut self, line: &[u8]) -> io::Result<()> {
        self.size = self.size.saturating_add(line.len());
        if self.size <= MAX_MAIL_BYTES {
            self.data.extend_from_slice(line);
        }
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        if self.size > MAX_MAIL_BYTES {
            return last(Response::custom(
                552,
                "the mail is larger than 1 MiB".to_owned(),
            ));
        }
        match self.store.keep(&self.data) {
            Ok(()) => response::OK,
            Err(error) => {
                tracing::error!(%error, "the mailbox cannot keep a mail");
                last(response::INTERNAL_ERROR)
            }
        }
    }
}

/// The same reply, after which the connection is closed: having refused a mail, `mailin` would
/// go on to take commands for text.
fn last(mut reply: Response) -> Response {
    reply.action = Action::Close;
    reply
}
