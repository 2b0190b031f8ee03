//! JSON bodies: read whole, within a limit, and understood only when the handler asks.

use std::{future::Future, marker::PhantomData, pin::Pin};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    web::{Bytes, BytesMut},
};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use unionhall_application::error::Code;

use super::{caller::shared, problem::Problem};

/// A JSON body that holds a `T`.
pub(crate) struct Body<T> {
    bytes: Bytes,
    content_type: String,
    holds: PhantomData<T>,
}

impl<T> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let content_type = request.content_type().to_ascii_lowercase();
        let limit = shared(request).map(|shared| shared.body_bytes);
        let payload = payload.take();
        Box::pin(async move {
            Ok(Self {
                bytes: whole(payload, limit?).await?,
                content_type,
                holds: PhantomData,
            })
        })
    }
}

/// A body to its end.
///
/// # Errors
/// `too_large` as soon as there is more than `limit` bytes of it, `bad_request` when it breaks off.
pub(crate) async fn whole(mut payload: Payload, limit: usize) -> Result<Bytes, Problem> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Problem::new(Code::BadRequest, "the body broke off"))?;
        if bytes.len().saturating_add(chunk.len()) > limit {
            let detail = format!("the body is larger than {limit} bytes");
            return Err(Problem::new(Code::TooLarge, detail));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

impl<T: DeserializeOwned> Body<T> {
    /// The body as it came.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What the body says, or the same as `{}` when there is none.
    ///
    /// # Errors
    /// As for [`parse`](Self::parse).
    pub(crate) fn parse_if_any(&self) -> Result<T, Problem>
    where
        T: Default,
    {
        if self.bytes.is_empty() {
            Ok(T::default())
        } else {
            self.parse()
        }
    }

    /// What the body says.
    ///
    /// # Errors
    /// `unsupported_media_type` unless it says it is JSON, `bad_request` unless it is a JSON object.
    pub(crate) fn parse(&self) -> Result<T, Problem> {
        if self.content_type != "application/json" {
            let detail = "send the body as application/json";
            return Err(Problem::new(Code::UnsupportedMediaType, detail));
        }
        if !self.bytes.trim_ascii_start().starts_with(b"{") {
            return Err(Problem::new(
                Code::BadRequest,
                "the body is not a JSON object",
            ));
        }
        serde_json::from_slice(&self.bytes).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let detail =
                format!("the body is not JSON as expected, at line {line}, column {column}");
            Problem::new(Code::BadRequest, detail)
        })
    }
}
