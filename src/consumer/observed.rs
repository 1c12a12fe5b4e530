//! What is reported about each delivery.

use std::time::Duration;

use http::StatusCode;

use crate::answer::Outcome;
use crate::event::Recognition;

/// The outcome of one delivery, for metrics: see
/// [`Consumer::observe`](crate::Consumer::observe).
///
/// It contains no text from the delivery, so every field can be a metric label.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Observation<'a> {
    /// The gateway's name: [`Gateway::NAME`](crate::Gateway::NAME).
    pub gateway: &'static str,
    /// The documented name of the event, or `unknown`; `None` for what was
    /// refused, could not be read, or did not arrive whole.
    pub event: Option<&'static str>,
    /// Whether the event was recognised; `None` as for `event`.
    pub recognition: Option<Recognition>,
    /// The outcome.
    pub outcome: &'a Outcome,
    /// The HTTP status of the answer.
    pub status: StatusCode,
    /// How long handling took, from parsing to the answer; close to zero for
    /// refused requests.
    pub took: Duration,
    /// The delivery gap: how long before its receipt the event happened, by the
    /// gateway's clock. `None` where the event has no time, or a time ahead of
    /// this machine's clock.
    pub gap: Option<Duration>,
    /// Whether it is lost: [`Answer::is_lost`](crate::Answer::is_lost).
    pub lost: bool,
}

pub(super) type Observer = dyn Fn(&Observation<'_>) + Send + Sync;
