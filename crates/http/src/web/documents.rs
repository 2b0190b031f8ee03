//! The way of files: taken in from a form piece by piece, and sent piece by piece, off the threads that serve requests.

mod form;
mod ranges;

use std::{sync::Arc, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse,
    body::SizedStream,
    http::{StatusCode, header},
    web::Bytes,
};
use futures_util::{Stream, StreamExt, stream};
use tokio::sync::Semaphore;
use unionhall_application::{
    documents::{DocumentError, Documents, Intake, LEAST_PART, Received, Taken},
    error::Code,
};
use unionhall_domain::documents::FileName;

pub(crate) use self::form::Form;
use super::problem::Problem;

/// How many files are taken in at once: each holds one part of it in memory.
const TAKEN_AT_ONCE: usize = 16;
/// For how long the next piece of a file is waited for: whoever sends nothing takes the turn of others.
const IDLE: Duration = Duration::from_secs(60);
/// How many bytes are read from the store at once.
const PIECE: u32 = 1024 * 1024;

/// Takes files in and sends them.
#[derive(Clone)]
pub struct FileGate {
    pub(crate) documents: Documents,
    turns: Arc<Semaphore>,
}

impl FileGate {
    /// For these use cases.
    #[must_use]
    pub fn new(documents: Documents) -> Self {
        Self {
            documents,
            turns: Arc::new(Semaphore::new(TAKEN_AT_ONCE)),
        }
    }

    /// A file that was taken in whole.
    ///
    /// # Errors
    /// `unavailable` when too many come in at once or the store is not there, `bad_request` when the file breaks off.
    pub(crate) async fn take_in(
        &self,
        mut intake: Intake,
        mut chunks: impl Stream<Item = Result<Bytes, Problem>> + Unpin,
    ) -> Result<Received, Problem> {
        let _turn = self.turns.try_acquire().map_err(|_| Problem::busy())?;
        let mut part = Vec::new();
        while let Some(chunk) = coming(&mut chunks, IDLE).await {
            let chunk = match chunk {
                Ok(chunk) => chunk,
                Err(problem) => {
                    off_the_threads(move || {
                        intake.give_up();
                        Ok::<_, DocumentError>(())
                    })
                    .await?;
                    return Err(problem);
                }
            };
            part.extend_from_slice(&chunk);
            if part.len() >= LEAST_PART {
                let whole = std::mem::take(&mut part);
                intake = off_the_threads(move || intake.part(whole)).await?;
            }
        }
        off_the_threads(move || intake.finish(part)).await
    }

    /// The answer with a file, or the part of it that was asked for.
    ///
    /// # Errors
    /// `range_not_satisfiable`; `unavailable` when the store is not there.
    pub(crate) async fn send(
        &self,
        request: &HttpRequest,
        taken: Taken,
    ) -> Result<HttpResponse, Problem> {
        let tag = format!("\"{}\"", taken.file.sha256);
        let size = taken.file.bytes;
        let range = ranges::asked(request.headers(), &tag, size).map_err(|_| {
            let detail = format!("the file has {size} bytes");
            Problem::new(Code::RangeNotSatisfiable, detail)
        })?;
        let (start, end) = range.unwrap_or((0, size));
        let mut response = HttpResponse::Ok();
        if range.is_some() {
            let last = end.saturating_sub(1);
            let content = format!("bytes {start}-{last}/{size}");
            response.status(StatusCode::PARTIAL_CONTENT);
            response.insert_header((header::CONTENT_RANGE, content));
        }
        response
            .content_type(taken.file.kind.media_type())
            .insert_header((header::CONTENT_DISPOSITION, disposition(&taken.file.name)))
            .insert_header((header::ETAG, tag))
            .insert_header((header::ACCEPT_RANGES, "bytes"))
            .insert_header((header::CACHE_CONTROL, "private, no-cache"));
        // The first piece is there before the answer begins: a store that is down is told as a problem.
        let (documents, taken) = (self.documents.clone(), Arc::new(taken));
        let first = piece(documents.clone(), Arc::clone(&taken), (start, end)).await?;
        let next = start.saturating_add(u64::try_from(first.len()).unwrap_or(u64::MAX));
        let rest = stream::unfold(next, move |at| {
            let (documents, taken) = (documents.clone(), Arc::clone(&taken));
            async move {
                if at >= end {
                    return None;
                }
                let read = piece(documents, taken, (at, end)).await;
                // What cannot be read ends the answer before its length is reached: the receiver sees that it is not whole.
                let next = read.as_ref().map_or(end, |read| {
                    at.saturating_add(u64::try_from(read.len()).unwrap_or(u64::MAX))
                });
                Some((read, next))
            }
        });
        let whole = stream::once(async { Ok(first) }).chain(rest);
        let whole = whole.map(|read| read.map_err(actix_web::Error::from));
        Ok(response.body(SizedStream::new(end.saturating_sub(start), Box::pin(whole))))
    }
}

/// The next piece of a file, unless it does not come for so long.
async fn coming(
    chunks: &mut (impl Stream<Item = Result<Bytes, Problem>> + Unpin),
    idle: Duration,
) -> Option<Result<Bytes, Problem>> {
    let next = tokio::time::timeout(idle, chunks.next()).await;
    next.unwrap_or_else(|_| {
        let detail = format!("nothing of the file came for {} seconds", idle.as_secs());
        Some(Err(Problem::new(Code::BadRequest, detail)))
    })
}

async fn piece(
    documents: Documents,
    taken: Arc<Taken>,
    (start, end): (u64, u64),
) -> Result<Bytes, Problem> {
    let left = u32::try_from(end.saturating_sub(start)).unwrap_or(u32::MAX);
    let read = off_the_threads(move || documents.piece(&taken, start, left.min(PIECE))).await?;
    Ok(Bytes::from(read))
}

/// Waits for the store where nothing else waits.
async fn off_the_threads<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DocumentError> + Send + 'static,
) -> Result<T, Problem> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|panic| Problem::internal(&panic))??)
}

/// A file that is kept under its name and never shown in place (RFC 6266 §4): the name twice, because some understand only
/// plain letters, and others (RFC 8187) every name.
pub(crate) fn disposition(name: &FileName) -> String {
    let plain: String = name
        .as_str()
        .chars()
        .map(|one| match one {
            '"' | '\\' | '%' | '/' => '_',
            one if one.is_ascii_graphic() || one == ' ' => one,
            _ => '_',
        })
        .collect();
    let mut encoded = String::new();
    for byte in name.as_str().bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn a_file_of_which_nothing_comes_any_more_is_given_up() {
        let mut none = stream::pending();
        let next = coming(&mut none, Duration::from_millis(5)).await;
        assert_eq!(next.unwrap().unwrap_err().code(), Code::BadRequest);
        let mut some = stream::iter([Ok(Bytes::from_static(b"a"))]);
        let next = coming(&mut some, Duration::from_secs(9)).await;
        assert_eq!(next.unwrap().unwrap(), "a");
    }

    #[test]
    fn a_name_is_told_in_plain_letters_and_whole_and_never_ends_its_header() {
        let told = |name: &str| disposition(&FileName::parse(name).unwrap());
        assert_eq!(
            told("a b.pdf"),
            "attachment; filename=\"a b.pdf\"; filename*=UTF-8''a%20b.pdf"
        );
        assert_eq!(
            told("Łuk\"\\.pdf"),
            "attachment; filename=\"_uk__.pdf\"; filename*=UTF-8''%C5%81uk%22%5C.pdf"
        );
        let injected = told("x\r\nSet-Cookie: a=b;.pdf");
        assert!(!injected.contains(['\r', '\n']));
    }
}
