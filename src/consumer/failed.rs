//! What becomes of a delivery that could not be handled.

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::StatusCode;

use super::dead_letter::{DeadLetter, DeadLetterReason};
use super::settings::Settings;
use crate::answer::Answer;
use crate::delivery::Stored;

/// What is left of a delivery once its handler has it.
pub(super) struct Kept {
    pub(super) started: Instant,
    /// How long before its receipt it was first sent, where that is known.
    pub(super) age: Option<Duration>,
    pub(super) body: Bytes,
    pub(super) stored: Stored,
}

/// What is the same whatever is received and wherever it is stored, so that it is
/// compiled with this crate.
impl Settings {
    pub(super) async fn give_up(
        &self,
        kept: &Kept,
        error: Box<dyn StdError + Send + Sync>,
    ) -> Answer {
        let error: Arc<dyn StdError + Send + Sync> = error.into();
        self.dead_delivery(DeadLetterReason::GivenUp, kept, Some(Arc::clone(&error))).await;
        Answer::given_up().because(error)
    }

    pub(super) async fn failed(
        &self,
        kept: &Kept,
        attempt: Option<u32>,
        error: Box<dyn StdError + Send + Sync>,
        taken_over: bool,
    ) -> Answer {
        let error: Arc<dyn StdError + Send + Sync> = error.into();
        if !taken_over && !self.is_retried(kept, attempt) {
            self.dead_delivery(DeadLetterReason::Failed, kept, Some(Arc::clone(&error))).await;
        }
        Answer::failed(&self.schedule).because(error)
    }

    /// Whether the gateway will send the delivery again if it is told to.
    pub(super) fn is_retried(&self, kept: &Kept, attempt: Option<u32>) -> bool {
        let schedule = &self.schedule;
        let counted = attempt.and_then(|attempt| usize::try_from(attempt).ok());
        let all_used = match (counted, schedule.attempts()) {
            (Some(counted), Some(attempts)) => counted >= attempts,
            _ => false,
        };
        let by_time = match kept.age {
            Some(age) => !schedule.may_be_last(age.saturating_add(kept.started.elapsed())),
            // The number of attempts is all there is to go by.
            None => counted.is_some(),
        };
        schedule.repeats_after(StatusCode::SERVICE_UNAVAILABLE) && !all_used && by_time
    }

    pub(super) async fn dead_delivery(
        &self,
        reason: DeadLetterReason,
        kept: &Kept,
        error: Option<Arc<dyn StdError + Send + Sync>>,
    ) {
        let stored = kept.stored.clone();
        self.dead_letter(reason, kept.body.clone(), Some(stored), error).await;
    }

    pub(super) async fn dead_letter(
        &self,
        reason: DeadLetterReason,
        body: Bytes,
        stored: Option<Stored>,
        error: Option<Arc<dyn StdError + Send + Sync>>,
    ) {
        if let Some(hook) = &self.on_dead_letter {
            let gateway = self.gateway;
            hook(DeadLetter { reason, body, stored, error, gateway }).await;
        }
    }
}
