//! What is told to the outside about each delivery.

use std::future::Future;
use std::time::{Duration, Instant};

use http::StatusCode;

use super::Handling;
use crate::answer::{Answer, Outcome};
use crate::delivery::Delivery;
use crate::event::{EventSet, Recognition};
use crate::gateways::Gateway;
use crate::receiver::Receiver;

/// What became of one delivery: for metrics, by
/// [`Receiver::observe`](Receiver::observe).
///
/// Nothing in it is text of the delivery's own, so every part can be the label
/// of a metric.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Observation<'a> {
    /// The gateway's name: [`Gateway::NAME`].
    pub gateway: &'static str,
    /// The documented name of the event, or `unknown`; `None` for what was
    /// refused or could not be read.
    pub event: Option<&'static str>,
    /// How far the event was recognised; `None` as for `event`.
    pub recognition: Option<Recognition>,
    /// What became of it.
    pub outcome: &'a Outcome,
    /// The status that it is answered with.
    pub status: StatusCode,
    /// How long it took from the moment that it was read, the handler
    /// included; next to nothing for what was refused.
    pub took: Duration,
    /// The delivery gap: how long before its receipt the event happened, by
    /// the gateway's clock. `None` where the event tells no time, and where
    /// that lies ahead of this machine's clock.
    pub gap: Option<Duration>,
}

pub(super) type Observer = dyn Fn(&Observation<'_>) + Send + Sync;

/// What is known of a delivery before it is handled.
pub(super) struct Seen {
    started: Instant,
    event: Option<&'static str>,
    recognition: Option<Recognition>,
    gap: Option<Duration>,
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

/// The name of an event as far as it is documented.
fn documented<E: EventSet>(event: &E) -> &'static str {
    let position = E::position(event.name());
    position.and_then(|position| E::NAMES.get(position).copied()).unwrap_or("unknown")
}

impl<G: Gateway> Handling<G> {
    fn is_observed(&self) -> bool {
        #[cfg(feature = "tracing")]
        let traced = tracing::level_filters::LevelFilter::current()
            != tracing::level_filters::LevelFilter::OFF;
        #[cfg(not(feature = "tracing"))]
        let traced = false;
        self.observer.is_some() || traced
    }

    /// Of a delivery; `None` when nobody wants to know.
    pub(super) fn see(&self, delivery: &Delivery<G>) -> Option<Seen> {
        if !self.is_observed() {
            return None;
        }
        // A skipped event is not typed for this.
        let known = delivery.recognition() != Recognition::Skipped;
        let happened_at = if known { delivery.happened_at() } else { None };
        let gap = happened_at.and_then(|happened_at| {
            delivery.received_at().signed_duration_since(happened_at).to_std().ok()
        });
        let event = documented(delivery.event());
        Some(Seen {
            started: Instant::now(),
            event: Some(event),
            recognition: Some(delivery.recognition()),
            gap,
            #[cfg(feature = "tracing")]
            span: tracing::info_span!(
                "delivery",
                gateway = G::NAME,
                event,
                gap_ms = gap.map(milliseconds),
                outcome = tracing::field::Empty,
                status = tracing::field::Empty,
            ),
        })
    }

    /// Of a request that was not received.
    pub(super) fn see_request(&self) -> Option<Seen> {
        self.is_observed().then(|| Seen {
            started: Instant::now(),
            event: None,
            recognition: None,
            gap: None,
            #[cfg(feature = "tracing")]
            span: tracing::info_span!(
                "delivery",
                gateway = G::NAME,
                outcome = tracing::field::Empty,
                status = tracing::field::Empty,
            ),
        })
    }

    /// Tells what came of it.
    pub(super) fn tell(&self, seen: Option<Seen>, answer: &Answer) {
        let Some(seen) = seen else {
            return;
        };
        let outcome = answer.outcome();
        #[cfg(feature = "tracing")]
        seen.trace(outcome, answer.status());
        if let Some(observer) = &self.observer {
            observer(&Observation {
                gateway: G::NAME,
                event: seen.event,
                recognition: seen.recognition,
                outcome,
                status: answer.status(),
                took: seen.started.elapsed(),
                gap: seen.gap,
            });
        }
    }
}

/// The work in the span of its delivery, if there is one. Not an `async fn`:
/// those keep what they are given twice, and this is a large future.
#[cfg(feature = "tracing")]
pub(super) fn in_span<F: Future>(seen: &Option<Seen>, work: F) -> impl Future<Output = F::Output> {
    let span = seen.as_ref().map_or(tracing::Span::none(), |seen| seen.span.clone());
    tracing::Instrument::instrument(work, span)
}

#[cfg(not(feature = "tracing"))]
pub(super) fn in_span<F: Future>(_: &Option<Seen>, work: F) -> F {
    work
}

#[cfg(feature = "tracing")]
fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(feature = "tracing")]
impl Seen {
    fn trace(&self, outcome: &Outcome, status: StatusCode) {
        self.span.record("outcome", outcome.as_str());
        self.span.record("status", status.as_u16());
        let took_ms = milliseconds(self.started.elapsed());
        self.span.in_scope(|| match outcome {
            Outcome::Handled | Outcome::Duplicate | Outcome::Skipped => {
                tracing::debug!(outcome = outcome.as_str(), took_ms, "delivery answered");
            }
            // Anybody can cause these.
            Outcome::Refused(refusal) => {
                tracing::debug!(reason = refusal.reason().as_str(), "delivery refused");
            }
            Outcome::Unreadable(unreadable) => {
                tracing::warn!(reason = unreadable.reason().as_str(), "delivery unreadable");
            }
            _ => tracing::warn!(outcome = outcome.as_str(), took_ms, "delivery answered"),
        });
    }
}

impl<G: Gateway, S> Receiver<G, S> {
    /// Calls this with what became of each delivery: to count them, and to
    /// measure how long they take and how late they are. It is called on the
    /// task that handles, right before the answer is given, so it should only
    /// take note.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU64, Ordering};
    /// use zaphook::{EnviaAi, Receiver, Secret};
    ///
    /// static ANSWERED: AtomicU64 = AtomicU64::new(0);
    ///
    /// let receiver = Receiver::new(EnviaAi::signed(Secret::new("whs_4fd0a6c2")?))
    ///     .observe(|seen| {
    ///         // With a metrics crate: a counter with these labels.
    ///         let labels = [seen.gateway, seen.event.unwrap_or("-"), seen.outcome.as_str()];
    ///         ANSWERED.fetch_add(1, Ordering::Relaxed);
    ///     });
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn observe(mut self, observer: impl Fn(&Observation<'_>) + Send + Sync + 'static) -> Self {
        self.handling.observer = Some(std::sync::Arc::new(observer));
        self
    }
}
