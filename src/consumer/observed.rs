//! What is told to the outside about each delivery.

use std::time::Duration;

use http::StatusCode;

use crate::answer::Outcome;
use crate::event::Recognition;

/// What became of one delivery: for metrics, by
/// [`Consumer::observe`](crate::Consumer::observe).
///
/// Nothing in it is text of the delivery's own, so every part can be the label
/// of a metric.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Observation<'a> {
    /// The gateway's name: [`Gateway::NAME`](crate::Gateway::NAME).
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
