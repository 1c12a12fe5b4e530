//! A gateway that retries on a clock of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;

use super::sample::{Sample, Source};
use super::samples::Draft;
use crate::answer::Answer;
use crate::gateways::{self, Gateway as _};
use crate::request::{Head, Request};
use crate::retry::RetrySchedule;
use crate::secret::Secret;

/// A gateway with one delivery to make: it sends, looks at the answer, and retries as the
/// real one would, on a clock that only it moves. Nothing sleeps: the six hours that
/// EnviaAI waits before its last attempt take no time.
///
/// ```
/// use chrono::TimeDelta;
/// use zaphook::testing::{self, Ending, Scenario};
/// use zaphook::{EnviaAi, Failure, MemoryStore, Secret};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let secret = Secret::new("whs_4fd0a6c2")?;
/// let sample = Scenario::Text.of::<EnviaAi>().ok_or("EnviaAI tells it")?;
/// let consumer = sample.receiver(&secret).with_store(MemoryStore::new());
///
/// // The database is down for ten minutes.
/// let gateway = testing::Gateway::new(&sample, &secret);
/// let back = gateway.started_at() + TimeDelta::minutes(10);
/// let report = gateway
///     .deliver(async |attempt| {
///         let save = |_| async {
///             if attempt.at() < back { Err(Failure::retry("down")) } else { Ok(()) }
///         };
///         consumer.handle(&attempt.request(), save).await
///     })
///     .await;
///
/// assert_eq!(report.ending(), Ending::Delivered);
/// assert_eq!(report.attempts().len(), 4); // at once, after 30 s, 2 min, 10 min
/// # Ok(())
/// # }
/// ```
///
/// It sends over no network. To test a server, send [`Attempt::http`] to it with the
/// client of your choice, and return the status; `examples/send` does so.
///
/// | gateway | its usual schedule | what proves a retry |
/// |---|---|---|
/// | eazeWA | every 3 s until there is any answer | the same token |
/// | EnviaAI | its only one | the same signature |
/// | Evolution API | that of 2.3; Evolution Go's own | the same JWT, made with the first attempt |
/// | Wawp | Wawp's, five times 5 s | the same signature |
/// | Zavu | API v1 | a signature of its own; whether it is that or [the first](Self::signs_once) is not published |
///
/// Waits are nominal, without jitter, from the end of one attempt to the next.
#[derive(Clone, Debug)]
pub struct Gateway {
    draft: Draft,
    secret: Secret,
    schedule: RetrySchedule,
    started_at: DateTime<Utc>,
    signs_once: bool,
    heeds_retry_after: bool,
    at_most: usize,
    clock: Arc<AtomicU64>,
}

impl Gateway {
    /// With a delivery to make. It starts at the time of the sample.
    pub fn new<G: Source>(sample: &Sample<G>, secret: &Secret) -> Self {
        Self::of(sample.draft().clone(), secret)
    }

    fn of(draft: Draft, secret: &Secret) -> Self {
        let usual = match draft.origin.name {
            #[cfg(feature = "eazewa")]
            "eazewa" => gateways::EazeWa::RETRIES.first().cloned(),
            #[cfg(feature = "enviaai")]
            "enviaai" => gateways::EnviaAi::RETRIES.first().cloned(),
            #[cfg(feature = "evolution")]
            "evolution" => gateways::Evolution::RETRIES.first().cloned(),
            #[cfg(feature = "evolution")]
            "evolution_go" => Some(gateways::evolution::go::RETRIES),
            #[cfg(feature = "wawp")]
            "wawp" => gateways::Wawp::RETRIES.first().cloned(),
            #[cfg(feature = "zavu")]
            "zavu" => gateways::Zavu::RETRIES.first().cloned(),
            _ => None,
        };
        Self {
            schedule: usual.unwrap_or(RetrySchedule::fixed(&[])),
            started_at: draft.facts.at,
            // Only Zavu signs a time and may renew it.
            signs_once: draft.origin.name != "zavu",
            draft,
            secret: secret.clone(),
            heeds_retry_after: false,
            at_most: 1000,
            clock: Arc::default(),
        }
    }

    /// With another schedule: one of
    /// [`Gateway::RETRIES`](crate::Gateway::RETRIES), or as the server is configured.
    #[must_use]
    pub fn schedule(self, schedule: RetrySchedule) -> Self {
        Self { schedule, ..self }
    }

    /// With the signature of the first attempt in all of them.
    #[must_use]
    pub fn signs_once(self) -> Self {
        Self { signs_once: true, ..self }
    }

    /// Waits at least as long as the answer says in `Retry-After`, as WAHA does and no
    /// other.
    #[must_use]
    pub fn heeds_retry_after(self) -> Self {
        Self { heeds_retry_after: true, ..self }
    }

    /// Stops after so many attempts, for schedules without an end; 1,000 if not set, and
    /// at least one.
    #[must_use]
    pub fn at_most(self, attempts: usize) -> Self {
        Self { at_most: attempts.max(1), ..self }
    }

    /// When the first attempt is made.
    pub fn started_at(&self) -> DateTime<Utc> {
        self.started_at
    }

    /// Its clock: the time since the first attempt. For
    /// [`MemoryStore::with_clock`](crate::MemoryStore::with_clock), so that leases end by
    /// it.
    pub fn clock(&self) -> impl Fn() -> Duration + Send + Sync + 'static {
        let clock = Arc::clone(&self.clock);
        move || Duration::from_nanos(clock.load(Ordering::Relaxed))
    }

    /// Makes the delivery: calls `send` with each attempt until the gateway is done.
    /// `send` returns an [`Answer`], a [`StatusCode`], an `http::Response` or a [`Reply`].
    pub async fn deliver<R: Into<Reply>>(&self, mut send: impl AsyncFnMut(Attempt) -> R) -> Report {
        let mut course = Course::of(self);
        while let Some(attempt) = course.next() {
            let reply = send(attempt).await.into();
            course.answered(&reply);
        }
        course.report
    }
}

/// One attempt at a delivery.
#[derive(Clone, Debug)]
pub struct Attempt {
    number: usize,
    at: DateTime<Utc>,
    http: http::Request<Bytes>,
}

impl Attempt {
    /// Which one it is, counted from 1.
    pub fn number(&self) -> usize {
        self.number
    }

    /// When it is made, by the gateway's clock.
    pub fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// The request, received when it is made.
    pub fn request(&self) -> Request<'_> {
        let uri = self.http.uri().path_and_query().map_or("/", |uri| uri.as_str());
        let head = Head::new(self.http.headers()).method(self.http.method()).uri(uri);
        head.received_at(self.at).with_body(self.http.body())
    }

    /// The request, to be sent to a server.
    pub fn http(&self) -> &http::Request<Bytes> {
        &self.http
    }

    /// The request by value.
    pub fn into_http(self) -> http::Request<Bytes> {
        self.http
    }
}

/// What came back from an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    status: Option<StatusCode>,
    retry_after: Option<Duration>,
    took: Duration,
}

impl Reply {
    /// No answer: the server is down, hangs, or closes the connection.
    pub fn none() -> Self {
        Self { status: None, retry_after: None, took: Duration::ZERO }
    }

    /// After so long. What takes longer than the gateway waits is no answer.
    #[must_use]
    pub fn after(self, took: Duration) -> Self {
        Self { took, ..self }
    }
}

impl From<StatusCode> for Reply {
    fn from(status: StatusCode) -> Self {
        Self { status: Some(status), ..Self::none() }
    }
}

impl From<Answer> for Reply {
    /// One that is withheld is none.
    fn from(answer: Answer) -> Self {
        let status = (!answer.is_withheld()).then(|| answer.status());
        Self { status, retry_after: answer.retry_after(), ..Self::none() }
    }
}

impl<B> From<http::Response<B>> for Reply {
    fn from(response: http::Response<B>) -> Self {
        let seconds = response.headers().get(http::header::RETRY_AFTER);
        let seconds = seconds.and_then(|value| value.to_str().ok()?.parse().ok());
        let retry_after = seconds.map(Duration::from_secs);
        Self { retry_after, ..Self::from(response.status()) }
    }
}

/// How a delivery ended for its gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ending {
    /// It was answered with success.
    Delivered,
    /// It was answered with a status after which the gateway does not retry.
    Final,
    /// All attempts failed.
    GivenUp,
    /// The gateway would go on: see [`Gateway::at_most`].
    Unfinished,
}

/// What a gateway saw of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    attempts: Vec<Attempted>,
    ending: Ending,
}

impl Report {
    /// How it ended.
    pub fn ending(&self) -> Ending {
        self.ending
    }

    /// Every attempt, in order.
    pub fn attempts(&self) -> &[Attempted] {
        &self.attempts
    }
}

/// An attempt, and its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempted {
    at: DateTime<Utc>,
    status: Option<StatusCode>,
}

impl Attempted {
    /// When it was made.
    pub fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// The status of the answer; `None` when there was none in time.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }
}

/// A delivery under way. What callers instantiate has as little of it as possible.
struct Course<'a> {
    gateway: &'a Gateway,
    first: http::Request<Bytes>,
    /// When the next attempt is due, since the first one; `None` when there is none.
    due: Option<Duration>,
    report: Report,
}

impl<'a> Course<'a> {
    fn of(gateway: &'a Gateway) -> Self {
        Self {
            gateway,
            first: gateway.draft.signed_at(&gateway.secret, gateway.started_at),
            due: Some(Duration::ZERO),
            report: Report { attempts: Vec::new(), ending: Ending::Unfinished },
        }
    }

    fn next(&mut self) -> Option<Attempt> {
        let due = self.due?;
        let gateway = self.gateway;
        let nanos = u64::try_from(due.as_nanos()).unwrap_or(u64::MAX);
        gateway.clock.store(nanos, Ordering::Relaxed);
        let at = after(gateway.started_at, due);
        self.report.attempts.push(Attempted { at, status: None });
        let http = match gateway.signs_once {
            true => self.first.clone(),
            false => gateway.draft.signed_at(&gateway.secret, at),
        };
        Some(Attempt { number: self.report.attempts.len(), at, http })
    }

    fn answered(&mut self, reply: &Reply) {
        let Gateway { schedule, at_most, heeds_retry_after, .. } = self.gateway;
        let made = self.due.take().unwrap_or_default();
        let limit = schedule.timeout();
        let late = limit.is_some_and(|limit| reply.took > limit);
        let status = reply.status.filter(|_| !late);
        if let Some(attempt) = self.report.attempts.last_mut() {
            attempt.status = status;
        }
        match status {
            Some(status) if schedule.succeeds_with(status) => {
                self.report.ending = Ending::Delivered;
                return;
            }
            Some(status) if !schedule.repeats_after(status) => {
                self.report.ending = Ending::Final;
                return;
            }
            _ => {}
        }
        let number = self.report.attempts.len();
        let Some(delay) = schedule.delays().nth(number.saturating_sub(1)) else {
            self.report.ending = Ending::GivenUp;
            return;
        };
        if number >= *at_most {
            return;
        }
        let took = if status.is_none() { limit.unwrap_or(reply.took) } else { reply.took };
        let asked = reply.retry_after.filter(|_| *heeds_retry_after).unwrap_or_default();
        self.due = Some(made.saturating_add(took).saturating_add(delay.max(asked)));
    }
}

fn after(time: DateTime<Utc>, wait: Duration) -> DateTime<Utc> {
    let wait = TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX);
    time.checked_add_signed(wait).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
