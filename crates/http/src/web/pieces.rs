//! Large bodies in small pieces, so that a connection's buffer stays small.
//!
//! Given a body whole, the server copies it into the connection's buffer and keeps that buffer for as long as
//! the connection lives: with thousands of connections, that is most of the memory.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    body::{BodySize, BoxBody, MessageBody},
    web::Bytes,
};

/// The largest piece, in bytes; the server's write buffer is of the same size.
pub(crate) const PIECE: usize = 7_680;

/// A body as the server is to send it: whole when it is small, else in pieces.
pub(crate) fn body(bytes: impl Into<Bytes>) -> BoxBody {
    let rest: Bytes = bytes.into();
    if rest.len() <= PIECE {
        BoxBody::new(rest)
    } else {
        let size = u64::try_from(rest.len()).unwrap_or(u64::MAX);
        BoxBody::new(Pieces { rest, size })
    }
}

struct Pieces {
    rest: Bytes,
    size: u64,
}

impl MessageBody for Pieces {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.size)
    }

    fn poll_next(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Infallible>>> {
        let rest = &mut self.get_mut().rest;
        if rest.is_empty() {
            return Poll::Ready(None);
        }
        // A slice shares the memory of the whole.
        Poll::Ready(Some(Ok(rest.split_to(rest.len().min(PIECE)))))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;

    use super::*;

    #[actix_web::test]
    async fn a_body_arrives_as_it_was_whatever_its_size() {
        for size in [0, 1, PIECE, PIECE + 1, 5 * PIECE, 5 * PIECE + 7] {
            let whole: Vec<u8> = (0..size)
                .map(|at| u8::try_from(at % 251).unwrap())
                .collect();
            let body = body(whole.clone());
            assert_eq!(body.size(), BodySize::Sized(u64::try_from(size).unwrap()));
            assert_eq!(to_bytes(body).await.unwrap(), whole);
        }
    }
}
