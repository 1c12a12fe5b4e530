//! The outcome of an entry of a queue.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::dead_letter::DeadLetterReason;
use crate::answer::Outcome;
use crate::delivery::Stored;

/// What to do with an entry of a queue, by [`Consumer::work`](crate::Consumer::work):
/// three things that every engine can do.
#[derive(Clone)]
#[must_use = "the entry is still in the queue"]
#[expect(clippy::exhaustive_enums, reason = "an engine can do no more")]
pub enum Verdict {
    /// Remove it: it was handled, now or before, or nobody asked for it.
    Done,
    /// Put it off, and work on it again.
    #[non_exhaustive]
    Again {
        /// For how long.
        after: Duration,
        /// What happened: `failed`, `in_progress`, `handled_late`,
        /// `handled_unmarked`, `store_down` or `unreadable`.
        outcome: Outcome,
        /// What the handler or the store said, or what else was in the way. It may
        /// hold text: mind where it is logged.
        error: Arc<dyn Error + Send + Sync>,
    },
    /// Set it aside, where it can be looked at and pushed again: that replays it.
    #[non_exhaustive]
    Dead {
        /// Why.
        reason: DeadLetterReason,
        /// As for `Again`.
        error: Arc<dyn Error + Send + Sync>,
    },
}

impl Verdict {
    pub(super) fn again(
        after: Duration,
        outcome: Outcome,
        error: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        // Nothing is gained by looking again at once.
        let after = after.max(Duration::from_millis(1));
        Self::Again { after, outcome, error: Arc::from(error.into()) }
    }

    pub(super) fn dead(
        reason: DeadLetterReason,
        error: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::Dead { reason, error: Arc::from(error.into()) }
    }

    /// The word for it, as in logs and reports.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Again { .. } => "again",
            Self::Dead { .. } => "dead",
        }
    }
}

impl fmt::Debug for Verdict {
    /// Shows no text of the handler's or the store's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done => f.write_str("Done"),
            Self::Again { after, outcome, .. } => f
                .debug_struct("Again")
                .field("after", after)
                .field("outcome", outcome)
                .finish_non_exhaustive(),
            Self::Dead { reason, .. } => {
                f.debug_struct("Dead").field("reason", reason).finish_non_exhaustive()
            }
        }
    }
}

/// An entry of a queue, for [`Consumer::work`](crate::Consumer::work): a
/// [`Stored`] delivery, and what the queue knows of it.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    pub(super) stored: &'a Stored,
    pub(super) reads: Option<u32>,
}

impl<'a> Entry<'a> {
    /// A delivery that came out of a queue.
    pub fn new(stored: &'a Stored) -> Self {
        Self { stored, reads: None }
    }

    /// How often the queue has handed it out, this time included. It counts as the
    /// number of attempts where the store does not count them, and nowhere else: an
    /// entry that is read in one batch with one that ends the process has been read
    /// and not worked on. The stores of this crate count; with one of your own that
    /// does not, take one entry at a time.
    #[must_use]
    pub fn reads(self, reads: u32) -> Self {
        Self { reads: Some(reads), ..self }
    }
}

impl<'a> From<&'a Stored> for Entry<'a> {
    fn from(stored: &'a Stored) -> Self {
        Self::new(stored)
    }
}
