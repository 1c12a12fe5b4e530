//! Who sleeps: nobody in this crate but a timer that the caller brings.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

/// Sleeps, on whatever runtime there is. The feature `tokio` brings
/// `TokioTimer`.
pub trait Timer: Send + Sync + 'static {
    /// Ready once the time has passed.
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

/// Polls both until the work is done; the other one never is.
pub(crate) async fn beside<T>(
    work: impl Future<Output = T>,
    other: impl Future<Output = std::convert::Infallible>,
) -> T {
    let mut work = pin!(work);
    let mut other = pin!(other);
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
