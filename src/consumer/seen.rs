//! What is known about a delivery before it is handled, and reported
//! afterwards.

#[cfg(feature = "tracing")]
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::time::{Duration, Instant};

#[cfg(feature = "tracing")]
use http::StatusCode;

use super::observed::Observation;
use super::settings::Settings;
use crate::answer::Answer;
#[cfg(feature = "tracing")]
use crate::answer::Outcome;
use crate::delivery::Consumable;
use crate::event::Recognition;

/// What is known about a delivery before it is handled.
pub(super) struct Seen {
    started: Instant,
    event: Option<&'static str>,
    recognition: Option<Recognition>,
    gap: Option<Duration>,
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

impl Settings {
    fn is_observed(&self) -> bool {
        #[cfg(feature = "tracing")]
        let traced = tracing::level_filters::LevelFilter::current()
            != tracing::level_filters::LevelFilter::OFF;
        #[cfg(not(feature = "tracing"))]
        let traced = false;
        self.observer.is_some() || traced
    }

    /// Of a delivery; `None` when nobody wants to know.
    pub(super) fn see(&self, delivery: &impl Consumable) -> Option<Seen> {
        if !self.is_observed() {
            return None;
        }
        // A skipped event is not typed for this.
        let known = delivery.recognition() != Recognition::Skipped;
        let happened_at = if known { delivery.happened_at() } else { None };
        let gap = happened_at.and_then(|happened_at| {
            delivery.received_at().signed_duration_since(happened_at).to_std().ok()
        });
        let event = delivery.documented_name().unwrap_or("unknown");
        Some(Seen {
            started: Instant::now(),
            event: Some(event),
            recognition: Some(delivery.recognition()),
            gap,
            #[cfg(feature = "tracing")]
            span: tracing::info_span!(
                "delivery",
                gateway = self.gateway,
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
                gateway = self.gateway,
                outcome = tracing::field::Empty,
                status = tracing::field::Empty,
            ),
        })
    }

    /// Reports the outcome.
    pub(super) fn tell(&self, seen: Option<Seen>, answer: &Answer) {
        let Some(seen) = seen else {
            return;
        };
        let outcome = answer.outcome();
        #[cfg(feature = "tracing")]
        seen.trace(outcome, answer.status());
        if let Some(observer) = &self.observer {
            let observation = Observation {
                gateway: self.gateway,
                event: seen.event,
                recognition: seen.recognition,
                outcome,
                status: answer.status(),
                took: seen.started.elapsed(),
                gap: seen.gap,
                lost: answer.is_lost(),
            };
            // The answer does not depend on it.
            let _ = catch_unwind(AssertUnwindSafe(|| observer(&observation)));
        }
    }
}

/// The work in the span of its delivery, if there is one.
#[cfg(feature = "tracing")]
pub(super) fn in_span<F: Future>(
    seen: &Option<Seen>,
    work: Pin<&mut F>,
) -> impl Future<Output = F::Output> {
    let span = seen.as_ref().map_or(tracing::Span::none(), |seen| seen.span.clone());
    tracing::Instrument::instrument(work, span)
}

#[cfg(not(feature = "tracing"))]
pub(super) fn in_span<'a, F>(_: &Option<Seen>, work: Pin<&'a mut F>) -> Pin<&'a mut F> {
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
            // Anyone can cause these. They are shown all the same: a wrong secret
            // looks like this.
            Outcome::Refused(refusal) => {
                let reason = refusal.reason().as_str();
                let (by, name) = (refusal.mechanism().map(|by| by.as_str()), refusal.name());
                let (detail, hint) = (refusal.detail().to_string(), refusal.hint());
                tracing::info!(reason, by, name, detail, hint, "delivery refused");
            }
            Outcome::Unreadable(unreadable) => {
                let reason = unreadable.reason().as_str();
                tracing::warn!(reason, detail = %unreadable, "delivery unreadable");
            }
            _ => tracing::warn!(outcome = outcome.as_str(), took_ms, "delivery answered"),
        });
    }
}

#[cfg(all(test, feature = "tracing"))]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_milliseconds() {
        assert_eq!(milliseconds(Duration::from_micros(2_500_999)), 2500);
        assert_eq!(milliseconds(Duration::MAX), u64::MAX);
    }
}
