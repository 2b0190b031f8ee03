//! Lists as files: the one way from a list's route to CSV or XLSX, page by page as the client takes them.
//!
//! A page is read by a short use case of its own, so an export holds neither a connection nor a snapshot while a slow
//! client reads. Whoever hangs up ends it with the page that is being read; when anything fails midway, the
//! connection is broken off, so that half a file never looks like a whole one.

mod columns;
mod csv;
mod desk;
mod sheet;
mod xlsx;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use actix_web::{HttpResponse, http::header, web::Bytes};
use futures_util::{Stream, stream};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use unionhall_application::{
    Application,
    call::Call,
    error::{Code, Coded},
    exports::{Begun, ExportError, Subject},
    pages::{Cursor, Page, PageRequest},
};
use unionhall_domain::audit::Target;
use utoipa::ToSchema;

use self::sheet::{Columns, Sheet};
pub(crate) use self::{
    desk::Desk,
    sheet::{Format, XLSX},
};
use super::{caller::Caller, pieces::PIECE, problem::Problem, query::Query};

/// How many rows are read at once: as many as a page of a list may have.
const ROWS_AT_ONCE: u16 = 100;
/// How many pieces wait for the client at most; then no further page is read.
const PIECES_AHEAD: usize = 32;
/// How long an export may take in all.
const LONGEST: Duration = Duration::from_secs(600);
/// How long a page waits before it is asked for again when the service was too busy for it.
const PAUSES: [Duration; 4] = [
    Duration::from_millis(250),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
];

/// What is exported: the list's name in the file's name and on record, and the kind of its rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Exported(pub(crate) &'static str, pub(crate) Target);

/// What the query says of an export, beside the list's own parameters.
pub(crate) struct Asked {
    format: Format,
    /// The list's parameters, for the record.
    shown: String,
    is_search: bool,
}

impl Asked {
    /// Takes what is the export's own out of a query; the rest is the list's, which reads it as ever.
    pub(crate) fn from(query: &mut Query) -> Self {
        let format = query.optional("format", Format::parse);
        for paging in ["limit", "cursor", "include_total"] {
            query.refuse(paging);
        }
        Self {
            format: format.unwrap_or_default(),
            shown: query.shown(),
            is_search: query.has("q"),
        }
    }

    /// The same, with the path on record too: it names what the list is about.
    pub(crate) fn about(self, caller: &Caller) -> Self {
        let path = caller.request.path();
        Self {
            shown: format!("{path}?{}", self.shown),
            ..self
        }
    }
}

/// A page with each row as its view shows it.
pub(crate) fn rows<'a, T, V>(found: &'a Page<T>) -> Page<Value>
where
    V: From<&'a T> + Serialize,
{
    let shown = |row| serde_json::to_value(V::from(row)).unwrap_or_default();
    Page {
        items: found.items.iter().map(shown).collect(),
        next: found.next.clone(),
        total: found.total,
    }
}

impl Caller {
    /// Answers with a whole list as a file. `list` reads a page of it, as the list's own route does; `V` is the view
    /// of its rows, whose fields become the columns.
    pub(crate) async fn export<V, S, E, L>(
        self,
        exported: Exported,
        asked: Asked,
        page: PageRequest<S>,
        list: L,
    ) -> Result<HttpResponse, Problem>
    where
        V: ToSchema,
        S: Clone + Send + 'static,
        E: Coded,
        L: Fn(&Application, &Call, &PageRequest<S>) -> Result<Page<Value>, E>
            + Clone
            + Send
            + 'static,
    {
        let (tenant, person) = (self.actor.tenant_id(), self.actor.user_id());
        let seat = self.shared.exports.seat(tenant, person)?;
        let columns = Columns::of::<V>();
        let mut export = Export {
            caller: self,
            sheet: Arc::new(Mutex::new(Sheet::new(asked.format, columns))),
            page: PageRequest {
                limit: ROWS_AT_ONCE,
                after: None,
                ..page
            },
            list,
            is_search: asked.is_search,
        };
        let (begun, head) = export.begin(exported, &asked).await?;
        let name = format!("{}-{}.{}", exported.0, begun.day, asked.format.ending());
        let (pieces, taken) = channel(PIECES_AHEAD);
        actix_web::rt::spawn(async move {
            let whole = export.run(begun.page.next, head, pieces);
            match tokio::time::timeout(LONGEST, whole).await {
                Ok(Ok(())) => {}
                Ok(Err(Ended::ClientGone)) => tracing::info!("an export was not taken to its end"),
                Ok(Err(Ended::Failed(problem))) => {
                    tracing::warn!(%problem, "an export was broken off");
                }
                Err(_) => tracing::warn!("an export took too long and was broken off"),
            }
            drop(seat);
        });
        Ok(HttpResponse::Ok()
            .content_type(asked.format.content_type())
            .insert_header((
                header::CONTENT_DISPOSITION,
                format!("attachment; filename=\"{name}\""),
            ))
            .streaming(body(taken)))
    }
}

/// An export under way.
struct Export<S, L> {
    caller: Caller,
    sheet: Arc<Mutex<Sheet>>,
    page: PageRequest<S>,
    list: L,
    is_search: bool,
}

/// Why an export ended before its end.
enum Ended {
    /// Nobody takes it any more.
    ClientGone,
    /// A page was refused or failed, such as when the session was ended meanwhile.
    Failed(Problem),
}

impl From<Problem> for Ended {
    fn from(problem: Problem) -> Self {
        Self::Failed(problem)
    }
}

/// What goes to the client: a piece of the file, or the word that the file is whole.
enum Piece {
    Bytes(Bytes),
    Whole,
}

/// The file was broken off; the client must not take it for a whole one.
#[derive(Debug, thiserror::Error)]
#[error("the export was broken off")]
struct BrokenOff;

impl<S, L, E> Export<S, L>
where
    S: Clone + Send + 'static,
    E: Coded,
    L: Fn(&Application, &Call, &PageRequest<S>) -> Result<Page<Value>, E> + Clone + Send + 'static,
{
    /// Reads the first page and puts the export on record.
    async fn begin(
        &mut self,
        exported: Exported,
        asked: &Asked,
    ) -> Result<(Begun<()>, Vec<u8>), Problem> {
        let subject = Subject {
            target: exported.1,
            list: exported.0,
            format: asked.format.ending(),
            query: asked.shown.clone(),
        };
        let page = PageRequest {
            with_total: true,
            ..self.page.clone()
        };
        let (list, sheet) = (self.list.clone(), Arc::clone(&self.sheet));
        self.caller
            .list(self.is_search, move |application, call| {
                let begun = application
                    .exports
                    .begin(call, &subject, |call| list(application, call, &page))?;
                Ok::<_, ExportError<E>>(begun.map(|begun| {
                    let head = written(&sheet, |sheet| {
                        sheet.head()?;
                        sheet.rows(&begun.page.items)
                    });
                    let page = Page {
                        items: Vec::new(),
                        next: begun.page.next,
                        total: begun.page.total,
                    };
                    head.map(|head| {
                        (
                            Begun {
                                page,
                                day: begun.day,
                            },
                            head,
                        )
                    })
                }))
            })
            .await?
    }

    /// Sends what there is and reads on until the end of the list.
    async fn run(
        mut self,
        mut next: Option<Cursor>,
        head: Vec<u8>,
        pieces: Sender<Piece>,
    ) -> Result<(), Ended> {
        send(&pieces, head).await?;
        while let Some(place) = next {
            self.page.after = Some(place);
            let (after, bytes) = self.patiently().await?;
            send(&pieces, bytes).await?;
            next = after;
        }
        let foot = written(&self.sheet, Sheet::foot)?;
        send(&pieces, foot).await?;
        let told = pieces.send(Piece::Whole).await;
        told.map_err(|_| Ended::ClientGone)
    }

    /// The next page; a service that is too busy for it is asked again, a few times, ever later.
    async fn patiently(&mut self) -> Result<(Option<Cursor>, Vec<u8>), Problem> {
        for pause in PAUSES {
            match self.go_on().await {
                Err(problem) if problem.code() == Code::Unavailable => {
                    tokio::time::sleep(pause).await;
                }
                outcome => return outcome,
            }
        }
        self.go_on().await
    }

    /// The next page, for whoever the caller still is: an ended session or a lost role ends the export, too.
    async fn go_on(&mut self) -> Result<(Option<Cursor>, Vec<u8>), Problem> {
        let (list, page) = (self.list.clone(), self.page.clone());
        let sheet = Arc::clone(&self.sheet);
        let authenticator = &self.caller.shared.authenticator;
        self.caller.actor = authenticator.actor(&self.caller.request).await?;
        let turn = if self.is_search {
            Some(self.caller.shared.gate.turn_to_search().await?)
        } else {
            None
        };
        let read = move |application: &Application, call: &Call| {
            let page = application
                .exports
                .go_on(call, |call| list(application, call, &page))?;
            let bytes = written(&sheet, |sheet| sheet.rows(&page.items));
            Ok::<_, ExportError<E>>(bytes.map(|bytes| (page.next, bytes)))
        };
        let outcome = self.caller.look(read).await?;
        drop(turn);
        outcome
    }
}

/// What the sheet writes.
fn written(
    sheet: &Mutex<Sheet>,
    write: impl FnOnce(&mut Sheet) -> std::io::Result<()>,
) -> Result<Vec<u8>, Problem> {
    let mut sheet = sheet.lock().unwrap_or_else(PoisonError::into_inner);
    write(&mut sheet).map_err(|error| Problem::internal(&error))?;
    Ok(sheet.taken())
}

/// Sends bytes in pieces of the size of a connection's buffer.
async fn send(pieces: &Sender<Piece>, bytes: Vec<u8>) -> Result<(), Ended> {
    let mut rest = Bytes::from(bytes);
    while !rest.is_empty() {
        let piece = rest.split_to(rest.len().min(PIECE));
        let sent = pieces.send(Piece::Bytes(piece)).await;
        sent.map_err(|_| Ended::ClientGone)?;
    }
    Ok(())
}

/// The pieces as a body, which fails unless it is told that the file is whole.
fn body(taken: Receiver<Piece>) -> impl Stream<Item = Result<Bytes, BrokenOff>> + 'static {
    stream::unfold(taken, |mut taken| async move {
        match taken.recv().await {
            Some(Piece::Bytes(bytes)) => Some((Ok(bytes), taken)),
            Some(Piece::Whole) => None,
            None => Some((Err(BrokenOff), taken)),
        }
    })
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt;

    use super::*;

    #[actix_web::test]
    async fn a_body_that_is_not_told_to_be_whole_fails() {
        let (pieces, taken) = channel(4);
        assert!(send(&pieces, vec![7; 2 * PIECE]).await.is_ok());
        drop(pieces);
        let got: Vec<_> = body(taken)
            .take(3)
            .map(|piece| piece.is_ok())
            .collect()
            .await;
        assert_eq!(got, [true, true, false]);
    }

    #[actix_web::test]
    async fn a_body_that_is_told_to_be_whole_ends() {
        let (pieces, taken) = channel(4);
        assert!(send(&pieces, vec![7; PIECE + 1]).await.is_ok());
        assert!(pieces.send(Piece::Whole).await.is_ok());
        drop(pieces);
        let got: Vec<_> = body(taken).map(|piece| piece.is_ok()).collect().await;
        assert_eq!(got, [true, true]);
    }

    #[actix_web::test]
    async fn nothing_more_is_written_for_a_client_that_has_gone() {
        let (pieces, taken) = channel(4);
        drop(taken);
        let sent = send(&pieces, vec![7]).await;
        assert!(matches!(sent, Err(Ended::ClientGone)));
    }
}
