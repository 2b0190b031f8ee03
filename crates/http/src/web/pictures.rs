//! The way from an upload to a picture: read off the threads that serve requests, one at a time.

use std::sync::Arc;

use actix_web::web::Bytes;
use tokio::sync::Semaphore;
use unionhall_application::pictures::{
    Picture, PictureError, PictureFormat, PictureReader, Pictures,
};

use super::problem::Problem;

/// How many pictures are read at once: each may take several hundred megabytes while it is read.
const AT_ONCE: usize = 1;
/// How many may wait.
const WAITING: usize = 16;

/// Reads pictures and keeps them.
#[derive(Clone)]
pub struct PictureGate {
    pub(crate) pictures: Pictures,
    reader: Arc<dyn PictureReader>,
    turns: Arc<Semaphore>,
    room: Arc<Semaphore>,
}

impl PictureGate {
    /// Reads with this reader and keeps with these use cases.
    #[must_use]
    pub fn new(pictures: Pictures, reader: Arc<dyn PictureReader>) -> Self {
        Self {
            pictures,
            reader,
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            room: Arc::new(Semaphore::new(AT_ONCE.saturating_add(WAITING))),
        }
    }

    /// A picture made anew of what was sent.
    ///
    /// # Errors
    /// `unavailable` when too many wait, `invalid_fields` when it is no picture.
    pub(crate) async fn read(
        &self,
        bytes: Bytes,
        format: PictureFormat,
    ) -> Result<Picture, Problem> {
        let _place = self.room.try_acquire().map_err(|_| Problem::busy())?;
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let turn = turn.map_err(|closed| Problem::internal(&closed))?;
        let reader = Arc::clone(&self.reader);
        let reading = tokio::task::spawn_blocking(move || {
            // A client that hangs up does not let the next one in before this is over.
            let _turn = turn;
            reader.read(&bytes, format)
        });
        let read = reading.await.map_err(|panic| Problem::internal(&panic))?;
        Ok(read.map_err(PictureError::from)?)
    }
}
