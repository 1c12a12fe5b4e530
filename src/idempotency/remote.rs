//! What remote stores have in common.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use crate::timer::{Timer, TokioTimer, within};

/// How long a call may take.
#[derive(Clone)]
pub(super) struct Limit {
    pub(super) within: Duration,
    timer: Arc<dyn Timer>,
}

impl Limit {
    pub(super) fn within(self, within: Duration) -> Self {
        Self { within, ..self }
    }

    pub(super) fn timer(self, timer: impl Timer) -> Self {
        Self { timer: Arc::new(timer), ..self }
    }

    /// Waits a little between two attempts, each time longer.
    #[cfg(feature = "postgres")]
    pub(super) async fn pause(&self, attempt: u32) {
        let pause =
            Duration::from_millis(2).saturating_mul(1_u32.checked_shl(attempt).unwrap_or(0));
        let (shortest, longest) = (Duration::from_millis(2), Duration::from_millis(100));
        self.timer.sleep(pause.clamp(shortest, longest)).await;
    }

    /// `None` when the work is not done in time; it is dropped then.
    pub(super) async fn keep<T>(&self, work: impl Future<Output = T> + Send) -> Option<T> {
        within(&*self.timer, self.within, pin!(work)).await
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self { within: Duration::from_secs(1), timer: Arc::new(TokioTimer) }
    }
}

impl fmt::Debug for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.within, f)
    }
}

/// How often a claim is tried again when the entry that blocked it is gone.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(super) const LOOKS: u32 = 3;

/// A unique fence: 128 random bits. A counter on the server could repeat after
/// a failover that lost its last values.
pub(super) fn random_fence() -> Result<u128, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(u128::from_be_bytes(bytes))
}

/// A century: longer than any lease, and within what servers can add to their
/// clocks.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 86_400);

/// Whole milliseconds, rounded up: what lives no time at all is refused by
/// servers.
#[cfg(feature = "redis")]
pub(super) fn milliseconds(duration: Duration) -> u64 {
    let micros = duration.min(LONGEST).as_micros();
    u64::try_from(micros.div_ceil(1000)).unwrap_or(u64::MAX).max(1)
}

/// Whole microseconds.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(super) fn microseconds(duration: Duration) -> i64 {
    i64::try_from(duration.min(LONGEST).as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_what_servers_take() {
        #[cfg(feature = "redis")]
        for (duration, expected) in [
            (Duration::ZERO, 1),
            (Duration::from_micros(1), 1),
            (Duration::from_micros(1001), 2),
            (Duration::from_secs(60), 60_000),
            (Duration::MAX, 3_153_600_000_000),
        ] {
            assert_eq!(milliseconds(duration), expected);
        }
        #[cfg(any(feature = "postgres", feature = "sqlite"))]
        assert_eq!(microseconds(Duration::MAX), 3_153_600_000_000_000);
    }

    #[test]
    fn fences_differ() {
        assert_ne!(random_fence().unwrap(), random_fence().unwrap());
    }

    #[cfg(feature = "postgres")]
    #[tokio::test]
    async fn pauses_become_longer_up_to_a_tenth_of_a_second() {
        use std::pin::Pin;
        use std::sync::Mutex;

        /// Notes how long it was to sleep, and does not.
        #[derive(Clone, Default)]
        struct Noted(Arc<Mutex<Vec<Duration>>>);

        impl Timer for Noted {
            fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
                self.0.lock().unwrap().push(duration);
                Box::pin(std::future::ready(()))
            }
        }

        let noted = Noted::default();
        let limit = Limit::default().timer(noted.clone());
        for attempt in [0, 1, 5, 6] {
            limit.pause(attempt).await;
        }
        let pauses = noted.0.lock().unwrap().iter().map(Duration::as_millis).collect::<Vec<_>>();
        assert_eq!(pauses, [2, 4, 64, 100]);
    }

    #[tokio::test]
    async fn the_limit_ends_what_hangs_and_nothing_else() {
        let limit = Limit::default().within(Duration::from_millis(10));
        assert_eq!(limit.keep(std::future::pending::<()>()).await, None);
        assert_eq!(limit.keep(async { 7 }).await, Some(7));
    }
}
