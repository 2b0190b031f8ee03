//! Several receipts in one.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use unionhall_ports::{audit::Receipt, storage::StorageError};

/// Resolves when all of these have, or when one of them has failed.
pub(super) struct All(pub(super) Vec<Receipt>);

impl Future for All {
    type Output = Result<(), StorageError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut failed = None;
        self.0
            .retain_mut(|receipt| match receipt.as_mut().poll(context) {
                Poll::Pending => true,
                Poll::Ready(result) => {
                    failed = failed.take().or(result.err());
                    false
                }
            });
        match failed {
            Some(error) => Poll::Ready(Err(error)),
            None if self.0.is_empty() => Poll::Ready(Ok(())),
            None => Poll::Pending,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{future::ready, task::Waker};

    use super::*;

    fn polled(receipts: Vec<Receipt>) -> Poll<Result<(), StorageError>> {
        let mut all = All(receipts);
        Pin::new(&mut all).poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn all_are_there_when_each_is() {
        let done = || -> Receipt { Box::pin(ready(Ok(()))) };
        let waiting = || -> Receipt { Box::pin(std::future::pending()) };
        let failed = || -> Receipt { Box::pin(ready(Err(StorageError::Stale))) };
        assert!(matches!(polled(Vec::new()), Poll::Ready(Ok(()))));
        assert!(matches!(polled(vec![done(), done()]), Poll::Ready(Ok(()))));
        assert!(matches!(polled(vec![done(), waiting()]), Poll::Pending));
        assert!(matches!(
            polled(vec![waiting(), failed()]),
            Poll::Ready(Err(_))
        ));
    }
}
