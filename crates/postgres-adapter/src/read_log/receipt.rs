//! The promise of a receipt, and the receipt that waits for it: one value, sent once from a thread to a task.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Waker},
};

use unionhall_ports::storage::StorageError;

/// What the two sides share.
#[derive(Default)]
struct Shared {
    result: Option<Result<(), StorageError>>,
    waker: Option<Waker>,
}

/// The side that will say how it went. Dropped without a word, it says that it did not go well.
pub(super) struct Promise(Arc<Mutex<Shared>>);

/// The side that waits.
struct Waiting(Arc<Mutex<Shared>>);

/// A promise, and the receipt that resolves when it is kept or broken.
pub(super) fn promise() -> (
    Promise,
    impl Future<Output = Result<(), StorageError>> + Send,
) {
    let shared = Arc::new(Mutex::new(Shared::default()));
    (Promise(Arc::clone(&shared)), Waiting(shared))
}

impl Promise {
    /// Resolves the receipt.
    pub(super) fn resolve(self, result: Result<(), StorageError>) {
        self.settle(result);
    }

    fn settle(&self, result: Result<(), StorageError>) {
        let waker = {
            let mut shared = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if shared.result.is_none() {
                shared.result = Some(result);
            }
            shared.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Drop for Promise {
    fn drop(&mut self) {
        self.settle(Err(StorageError::Unavailable(
            "the audit log ended before it wrote the event".into(),
        )));
    }
}

impl Future for Waiting {
    type Output = Result<(), StorageError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut shared = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match shared.result.take() {
            Some(result) => Poll::Ready(result),
            None => {
                shared.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}
