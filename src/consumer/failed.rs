//! What happens to a delivery that could not be handled.

use std::error::Error as StdError;
use std::pin::pin;
use std::sync::Arc;
#[cfg(feature = "tracing")]
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use http::StatusCode;

use super::dead_letter::{DeadLetter, DeadLetterReason};
use super::settings::{Settings, is_long};
use crate::answer::Answer;
use crate::delivery::{Consumable, Stored};
use crate::timer::caught;

/// How far a gateway's clock may be ahead of ours unnoticed.
pub(super) const CLOCK_ERROR: Duration = Duration::from_secs(10);

/// What is left of a delivery once its handler has it.
pub(super) struct Kept {
    pub(super) started: Instant,
    /// How long before its receipt it was first sent, where that is known. A time
    /// after its receipt tells nothing.
    pub(super) age: Option<Duration>,
    pub(super) stored: Stored,
}

impl Kept {
    /// How long before its receipt its token was issued, where it came with one: before
    /// the first attempt, or, should a gateway make one for each attempt, after it. A
    /// time after its receipt tells nothing.
    fn since_issued(&self) -> Option<Duration> {
        let issued_at = self.stored.proof().issued_at()?;
        self.stored.received_at().signed_duration_since(issued_at).to_std().ok()
    }
}

/// How long before its receipt a delivery was first sent.
pub(super) fn age(delivery: &impl Consumable) -> Option<Duration> {
    delivery.dispatched_at().and_then(|sent| before(sent, delivery.received_at()))
}

fn before(sent: DateTime<Utc>, received: DateTime<Utc>) -> Option<Duration> {
    let is_ahead = sent.signed_duration_since(received).to_std();
    match is_ahead {
        Ok(ahead) => (ahead <= CLOCK_ERROR).then_some(Duration::ZERO),
        Err(_) => received.signed_duration_since(sent).to_std().ok(),
    }
}

/// What the store knows about earlier attempts: at least how many, and since at
/// least how long.
#[derive(Clone, Copy, Default)]
pub(super) struct Counted {
    pub(super) attempt: Option<u32>,
    pub(super) since_first: Option<Duration>,
}

/// What is the same whatever is received and wherever it is stored, so that it is
/// compiled with this crate.
impl Settings {
    /// Whether the gateway is certain to send the delivery again, and goes on doing so
    /// for longer than an outage takes.
    pub(super) fn outlasts_an_outage(&self, kept: &Kept) -> bool {
        self.is_retried(kept, Counted::default()) && is_long(&self.schedule)
    }

    pub(super) async fn give_up(
        &self,
        kept: &Kept,
        error: Box<dyn StdError + Send + Sync>,
    ) -> Answer {
        let error: Arc<dyn StdError + Send + Sync> = error.into();
        let because = Some(Arc::clone(&error));
        let lost = self.dead_delivery(DeadLetterReason::GivenUp, kept, because).await;
        Answer::given_up().because(error).losing(lost)
    }

    pub(super) async fn failed(
        &self,
        kept: &Kept,
        counted: Counted,
        error: Box<dyn StdError + Send + Sync>,
        taken_over: bool,
    ) -> Answer {
        let error: Arc<dyn StdError + Send + Sync> = error.into();
        let because = Some(Arc::clone(&error));
        let lost = !taken_over
            && !self.is_retried(kept, counted)
            && self.dead_delivery(DeadLetterReason::Failed, kept, because).await;
        Answer::failed(&self.schedule).because(error).losing(lost)
    }

    /// Whether the gateway is certain to retry the delivery if asked to.
    ///
    /// Attempts that did not reach the store are not counted, and a token may be younger
    /// than the delivery: what was counted, how long ago the first claim was, and how
    /// long ago the token was issued can each say that this is the last attempt. That it
    /// is not, only the time of dispatch can say, or an earlier attempt that the store
    /// saw too short a time ago.
    pub(super) fn is_retried(&self, kept: &Kept, counted: Counted) -> bool {
        let schedule = &self.schedule;
        let attempt = counted.attempt.and_then(|attempt| usize::try_from(attempt).ok());
        let all_used = match (attempt, schedule.attempts()) {
            (Some(attempt), Some(attempts)) => attempt >= attempts,
            _ => false,
        };
        let took = kept.started.elapsed();
        let may_be_last =
            |age: Duration| schedule.may_be_last_by(age.saturating_add(took), CLOCK_ERROR);
        let since_first = counted.since_first.unwrap_or_default();
        let is_early = match kept.age {
            Some(age) => !may_be_last(age.max(since_first)),
            None => schedule.is_before_last(since_first),
        };
        schedule.repeats_after(StatusCode::SERVICE_UNAVAILABLE)
            && !all_used
            && is_early
            && !kept.since_issued().is_some_and(may_be_last)
    }

    pub(super) async fn dead_delivery(
        &self,
        reason: DeadLetterReason,
        kept: &Kept,
        error: Option<Arc<dyn StdError + Send + Sync>>,
    ) -> bool {
        self.dead_letter(reason, kept.stored.clone(), error).await
    }

    /// Gives it to the hook. Whether it is lost, since there is none.
    pub(super) async fn dead_letter(
        &self,
        reason: DeadLetterReason,
        stored: Stored,
        error: Option<Arc<dyn StdError + Send + Sync>>,
    ) -> bool {
        let Some(hook) = &self.on_dead_letter else {
            #[cfg(feature = "tracing")]
            tracing::error!(
                gateway = self.gateway,
                reason = reason.as_str(),
                "delivery lost: it will not be sent again, and no `on_dead_letter` hook keeps it"
            );
            return true;
        };
        let letter = DeadLetter { reason, stored, error, gateway: self.gateway };
        let _ = caught(pin!(async move { hook(letter).await })).await;
        false
    }

    /// Says once per receiver that deliveries can be lost without a trace: where
    /// one failure is the end of a delivery, or an outage outlasts its retries, and
    /// no hook keeps it.
    pub(super) fn warn_without_hook(&self) {
        #[cfg(feature = "tracing")]
        if self.on_dead_letter.is_none()
            && !self.warned.load(Ordering::Relaxed)
            && !self.warned.swap(true, Ordering::Relaxed)
        {
            let repeats = self.schedule.repeats_after(StatusCode::SERVICE_UNAVAILABLE);
            if repeats && is_long(&self.schedule) {
                return;
            }
            tracing::warn!(
                gateway = self.gateway,
                "deliveries that cannot be handled will be lost: this gateway does not retry \
                 them, or not for long, and there is no `on_dead_letter` hook"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_may_be_a_little_ahead() {
        let received = DateTime::from_timestamp(1_705_312_500, 0).unwrap();
        for (sent, age) in [
            (received - Duration::from_secs(90), Some(Duration::from_secs(90))),
            (received, Some(Duration::ZERO)),
            (received + CLOCK_ERROR, Some(Duration::ZERO)),
            (received + CLOCK_ERROR + Duration::from_nanos(1), None),
        ] {
            assert_eq!(before(sent, received), age, "{sent}");
        }
    }
}
