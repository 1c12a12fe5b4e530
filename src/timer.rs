//! Sleeping. This crate only sleeps through a timer that the caller provides.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

/// Sleeps on the runtime of your choice. The feature `tokio` provides
/// `TokioTimer`.
pub trait Timer: Send + Sync + 'static {
    /// Completes after this time.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// Sleeps on tokio's timer (feature `tokio`). The runtime must have its time
/// driver enabled.
#[cfg(feature = "tokio")]
#[cfg_attr(docsrs, doc(cfg(feature = "tokio")))]
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "it is made by its name")]
pub struct TokioTimer;

#[cfg(feature = "tokio")]
impl Timer for TokioTimer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(duration))
    }
}

// The following borrow what they poll: a future that is given away is there once more, and so
// is everything around it.

/// Polls to the end; `None` when it panics.
pub(crate) async fn caught<F: Future>(mut work: Pin<&mut F>) -> Option<F::Output> {
    poll_fn(|context| {
        // After a panic it is not polled again, only dropped.
        let polled = AssertUnwindSafe(|| work.as_mut().poll(context));
        catch_unwind(polled).map_or(Poll::Ready(None), |polled| polled.map(Some))
    })
    .await
}

/// `None` when the work is not done in time.
pub(crate) async fn within<F: Future>(
    timer: &dyn Timer,
    limit: Duration,
    mut work: Pin<&mut F>,
) -> Option<F::Output> {
    let mut sleep = None;
    poll_fn(|context| {
        if let Poll::Ready(done) = work.as_mut().poll(context) {
            return Poll::Ready(Some(done));
        }
        let sleep = sleep.get_or_insert_with(|| timer.sleep(limit));
        sleep.as_mut().poll(context).map(|()| None)
    })
    .await
}

/// Yields to other tasks once: a loop that waits must not block its thread,
/// however soon its timer is ready.
pub(crate) async fn breathe() {
    let mut breathed = false;
    poll_fn(|context| {
        if std::mem::replace(&mut breathed, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Polls both until the work is done; the other one never is.
pub(crate) async fn beside<F: Future>(
    mut work: Pin<&mut F>,
    mut other: Pin<&mut impl Future<Output = std::convert::Infallible>>,
) -> F::Output {
    poll_fn(|context| {
        if let Poll::Ready(done) = work.as_mut().poll(context) {
            return Poll::Ready(done);
        }
        match other.as_mut().poll(context) {
            Poll::Ready(never) => match never {},
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}
