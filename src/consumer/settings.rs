//! The settings of a consumer.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
#[cfg(feature = "tracing")]
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use http::StatusCode;

use super::Consumer;
use super::dead_letter::DeadLetter;
use super::observed::{Observation, Observer};
use super::waiting::Places;
use super::work::Down;
use crate::retry::RetrySchedule;
use crate::timer::Timer;

/// The settings of a consumer. Each has a default that follows from the
/// gateway's retry schedule.
#[derive(Clone)]
pub(super) struct Settings {
    pub(super) gateway: &'static str,
    retries: &'static [RetrySchedule],
    pub(super) schedule: RetrySchedule,
    asked: Asked,
    pub(super) lease: Duration,
    pub(super) retention: Duration,
    pub(super) store_down: StoreDown,
    pub(super) hold: Duration,
    pub(super) timer: Option<Arc<dyn Timer>>,
    pub(super) on_dead_letter: Option<Hook>,
    pub(super) observer: Option<Arc<Observer>>,
    pub(super) waiting: Arc<Places>,
    /// How long a push may take, where there is a timer.
    pub(super) push_within: Duration,
    /// When entries of a queue are worked on again.
    attempts: RetrySchedule,
    /// How long what came out of a queue is remembered.
    pub(super) work_retention: Duration,
    pub(super) down: Arc<Down>,
    /// Whether it was said that deliveries can be lost.
    #[cfg(feature = "tracing")]
    pub(super) warned: Arc<AtomicBool>,
}

/// What was set and does not follow from the schedule.
#[derive(Clone, Copy, Default)]
struct Asked {
    lease: Option<Duration>,
    retention: Option<Duration>,
    store_down: Option<StoreDown>,
    hold: Option<Duration>,
}

pub(super) type Hook =
    Arc<dyn Fn(DeadLetter) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// What to do with deliveries while the store is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreDown {
    /// Answer 503, so that the gateway retries. The default where it keeps
    /// retrying for longer than five minutes.
    Refuse,
    /// Handle them without protection against duplicates, and mark them
    /// ([`Outcome::HandledWithoutStore`](crate::Outcome::HandledWithoutStore)).
    /// The default where the gateway does not retry, or not for long.
    RunUnprotected,
}

/// Retries over a shorter time than this do not outlast an outage of the store.
const OUTAGE: Duration = Duration::from_secs(5 * 60);

/// Whether retries go on for longer than an outage of the store takes.
pub(super) fn is_long(schedule: &RetrySchedule) -> bool {
    schedule.horizon().is_none_or(|all| all > OUTAGE)
}

/// The pauses between attempts at an entry of a queue.
const ATTEMPTS: &[Duration] = &[
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_secs(2 * 60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(60 * 60),
];

/// How long an entry of a queue may have to wait for a worker.
const BACKLOG: Duration = Duration::from_secs(7 * 24 * 60 * 60);

impl Settings {
    pub(super) fn new(gateway: &'static str, retries: &'static [RetrySchedule]) -> Self {
        let usual = retries.first().cloned();
        Self {
            gateway,
            retries,
            schedule: usual.unwrap_or_else(|| RetrySchedule::configured(Vec::new())),
            asked: Asked::default(),
            lease: Duration::ZERO,
            retention: Duration::ZERO,
            store_down: StoreDown::Refuse,
            hold: Duration::ZERO,
            timer: None,
            on_dead_letter: None,
            observer: None,
            waiting: Arc::default(),
            push_within: Duration::from_secs(1),
            attempts: RetrySchedule::fixed(ATTEMPTS),
            work_retention: Duration::ZERO,
            down: Arc::default(),
            #[cfg(feature = "tracing")]
            warned: Arc::default(),
        }
        .derived()
    }

    /// Fills in what follows from the schedule, once and not per delivery.
    fn derived(mut self) -> Self {
        let Asked { lease, retention, store_down, hold } = self.asked;
        self.lease = lease.unwrap_or_else(|| self.schedule.lease());
        // The longest that any of the gateway's schedules asks for.
        self.retention = retention.unwrap_or_else(|| {
            let documented = self.retries.iter().map(RetrySchedule::retention);
            documented.fold(self.schedule.retention(), Duration::max)
        });
        // A claim must not be forgotten while it lives.
        self.retention = self.retention.max(self.lease);
        // A second copy of an entry may surface after all its attempts.
        let waits = self.attempts.longest_horizon().unwrap_or_default();
        self.work_retention = match retention {
            Some(_) => self.retention,
            None => self.retention.max(BACKLOG.saturating_add(waits)),
        };
        self.store_down = store_down.unwrap_or_else(|| {
            let repeats = self.schedule.repeats_after(StatusCode::SERVICE_UNAVAILABLE);
            match self.schedule.horizon() {
                Some(_) if repeats && is_long(&self.schedule) => StoreDown::Refuse,
                _ => StoreDown::RunUnprotected,
            }
        });
        // Longer than the lease, so that who waits for one that crashed gets
        // it.
        self.hold = hold.unwrap_or_else(|| self.lease.saturating_add(Duration::from_secs(2)));
        self
    }

    /// Whether this attempt at an entry of a queue is one too many.
    pub(super) fn is_beyond_last(&self, attempt: Option<u32>) -> bool {
        match (attempt.and_then(|attempt| usize::try_from(attempt).ok()), self.attempts.attempts())
        {
            (Some(attempt), Some(attempts)) => attempt > attempts,
            _ => false,
        }
    }

    /// How long after this attempt at an entry of a queue the next one is due; `None`
    /// when it was the last.
    pub(super) fn pause_after(&self, attempt: Option<u32>) -> Option<Duration> {
        let before = attempt.unwrap_or(1).saturating_sub(1);
        self.attempts.delays().nth(usize::try_from(before).unwrap_or(usize::MAX))
    }
}

impl<R, S> Consumer<R, S> {
    fn asking(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self.settings = self.settings.derived();
        self
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("lease", &self.lease)
            .field("retention", &self.retention)
            .field("store_down", &self.store_down)
            .field("hold", &self.hold)
            .field("timer", &self.timer.is_some())
            .field("on_dead_letter", &self.on_dead_letter.is_some())
            .field("observer", &self.observer.is_some())
            .finish_non_exhaustive()
    }
}

/// Settings. Those that you leave out follow from the gateway's retry schedule.
impl<R, S> Consumer<R, S> {
    /// A different retry schedule than the gateway's usual one: that of an
    /// older version, or one that you configured there.
    #[must_use]
    pub fn schedule(self, schedule: RetrySchedule) -> Self {
        self.asking(|settings| settings.schedule = schedule)
    }

    /// Whether the gateway retries a delivery that was answered with this
    /// status, as long as its schedule has another attempt. For code that
    /// answers before the receiver does: under overload, keep a delivery
    /// waiting rather than reject it if the gateway would not retry.
    ///
    /// ```
    /// use http::StatusCode;
    /// use zaphook::auth::TokenPlace;
    /// use zaphook::{EazeWa, EnviaAi, MemoryStore, Receiver, Secret, Token};
    ///
    /// let enviaai = Receiver::new(EnviaAi::signed(Secret::new("whs_4fd0a6c2")?))
    ///     .with_store(MemoryStore::new());
    /// assert!(enviaai.repeats_after(StatusCode::SERVICE_UNAVAILABLE));
    ///
    /// let token = Token::new("9f2c51b7-5a0e-4d8e")?;
    /// let eazewa = Receiver::new(EazeWa::any_instance(TokenPlace::path(), token))
    ///     .with_store(MemoryStore::new());
    /// assert!(!eazewa.repeats_after(StatusCode::SERVICE_UNAVAILABLE));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn repeats_after(&self, status: StatusCode) -> bool {
        let schedule = &self.settings.schedule;
        schedule.attempts() != Some(1) && schedule.repeats_after(status)
    }

    /// After which pauses, and how often, an entry of a queue is
    /// [worked on](Consumer::work): 5 s, 30 s, 2 min, 10 min and 1 h, six times in all,
    /// if not set.
    #[must_use]
    pub fn attempts(self, schedule: RetrySchedule) -> Self {
        self.asking(|settings| settings.attempts = schedule)
    }

    /// How long a push may take at the [door](Consumer::accept), where there is a
    /// timer: 1 s if not set. Where a push that failed is repeated at once, each one
    /// has twice as long as the one before.
    #[must_use]
    pub fn push_within(self, limit: Duration) -> Self {
        self.asking(|settings| settings.push_within = limit)
    }

    /// How long one worker owns an event before another may take over. Make it
    /// longer than your slowest handler, unless a [`timer`](Self::timer)
    /// extends it.
    #[must_use]
    pub fn lease(self, lease: Duration) -> Self {
        self.asking(|settings| settings.asked.lease = Some(lease))
    }

    /// How long a handled event is remembered. If it is not set, one that was
    /// [worked on](Consumer::work) is so for a week and all of its attempts: longer
    /// than any copy of it may wait in the queue.
    #[must_use]
    pub fn retention(self, retention: Duration) -> Self {
        self.asking(|settings| settings.asked.retention = Some(retention))
    }

    /// What to do while the store is down.
    #[must_use]
    pub fn store_down(self, policy: StoreDown) -> Self {
        self.asking(|settings| settings.asked.store_down = Some(policy))
    }

    /// With a timer, the lease is extended while a slow handler runs, and a
    /// duplicate that the gateway would not retry is held until the first one
    /// is done.
    #[must_use]
    pub fn timer(mut self, timer: impl Timer) -> Self {
        self.settings.timer = Some(Arc::new(timer));
        self
    }

    /// How long a duplicate is held at most, or a delivery that cannot be pushed and
    /// must not be answered. The default is 2 s longer than the
    /// lease, so that it can take over the event of a worker that crashed. If
    /// the route has a deadline, set this and the [`lease`](Self::lease) below
    /// it.
    #[must_use]
    pub fn hold(self, longest: Duration) -> Self {
        self.asking(|settings| settings.asked.hold = Some(longest))
    }

    /// What to do with a dead letter: a delivery that could not be handled and
    /// will not be sent again. Write it somewhere; the answer waits for it.
    ///
    /// Without a hook it is lost. With the feature `tracing` each loss is then a
    /// line at level `ERROR`, and where a gateway does not retry, or for less than
    /// five minutes, a line at level `WARN` says once per receiver that there is no
    /// hook. [`Answer::is_lost`](crate::Answer::is_lost) and
    /// [`Observation::lost`](crate::Observation::lost) tell as well.
    ///
    /// Whether a delivery will be sent again follows from the schedule and the
    /// time since the gateway first sent it. Attempts that never arrived are
    /// not counted, so the store's count and the time of the first attempt can
    /// only show that an attempt is the last one, or that it came too soon
    /// after another to be the last. The time at which a JWT was issued can
    /// only show that an attempt is the last one. In doubt the hook is called,
    /// even at the first failure if the body contains no time, or one that is
    /// more than 10 s ahead. A delivery that is retried after all is handled
    /// like any other, and one that another worker has taken over may be
    /// handled as well. The event stays claimed until the
    /// hook is done, as long as a [`timer`](Self::timer) extends its lease, and
    /// without one for as long as the lease; if the process crashes before that,
    /// the lease runs out and the event can be claimed again. Neither the hook nor
    /// a handler has a time limit: what may hang in them needs its own.
    #[must_use]
    pub fn on_dead_letter<F, Fut>(mut self, hook: F) -> Self
    where
        F: Fn(DeadLetter) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.settings.on_dead_letter = Some(Arc::new(move |letter| Box::pin(hook(letter))));
        self
    }

    /// Calls this with the outcome of each delivery, to count deliveries and to
    /// measure how long they take and how late they are. It is called on the
    /// handling task right before the answer is returned, so keep it short.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU64, Ordering};
    /// use zaphook::{EnviaAi, MemoryStore, Receiver, Secret};
    ///
    /// static ANSWERED: AtomicU64 = AtomicU64::new(0);
    ///
    /// let consumer = Receiver::new(EnviaAi::signed(Secret::new("whs_4fd0a6c2")?))
    ///     .with_store(MemoryStore::new())
    ///     .observe(|seen| {
    ///         // With a metrics crate: a counter with these labels.
    ///         let labels = [seen.gateway, seen.event.unwrap_or("-"), seen.outcome.as_str()];
    ///         ANSWERED.fetch_add(1, Ordering::Relaxed);
    ///     });
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn observe(mut self, observer: impl Fn(&Observation<'_>) + Send + Sync + 'static) -> Self {
        self.settings.observer = Some(Arc::new(observer));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_outlasts_an_outage_is_refused_meanwhile() {
        for (after, store_down) in [
            (OUTAGE, StoreDown::RunUnprotected),
            (OUTAGE + Duration::from_nanos(1), StoreDown::Refuse),
        ] {
            let retries = Vec::leak(vec![RetrySchedule::configured(vec![after])]);
            assert_eq!(is_long(&retries[0]), store_down == StoreDown::Refuse, "{after:?}");
            assert_eq!(Settings::new("any", retries).store_down, store_down, "{after:?}");
        }
        assert!(is_long(&RetrySchedule::until_answered(OUTAGE)));
    }
}
