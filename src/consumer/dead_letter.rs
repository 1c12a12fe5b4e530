//! Deliveries that could not be handled and will not be sent again.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use crate::delivery::Stored;
use crate::event::Unreadable;

/// A dead letter: a delivery that could not be handled and will not be sent
/// again.
#[derive(Clone)]
pub struct DeadLetter {
    pub(super) gateway: &'static str,
    pub(super) reason: DeadLetterReason,
    pub(super) stored: Stored,
    pub(super) error: Option<Arc<dyn StdError + Send + Sync>>,
}

/// Why a delivery became a dead letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeadLetterReason {
    /// `unreadable`: it is authentic, but cannot be read.
    Unreadable(Unreadable),
    /// `failed`: the handler failed, and this was the last attempt.
    Failed,
    /// `given_up`: the handler gave up.
    GivenUp,
    /// `in_progress`: another worker was still processing it when the hold time
    /// was over. It is lost only if that worker fails.
    InProgress,
    /// `store_down`: the store was down, and this was the last attempt.
    StoreDown,
    /// `not_stored`: it could not be pushed ([`Consumer::accept`]), and the gateway's
    /// attempts may be over before it can.
    ///
    /// [`Consumer::accept`]: crate::Consumer::accept
    NotStored,
    /// `crashed`: every attempt at handling it has ended with its process.
    Crashed,
    /// `unknown_entry`: an entry of a queue that no worker knew for an hour: another
    /// gateway's, or authenticated in a way that this version does not know.
    UnknownEntry,
}

impl DeadLetterReason {
    /// The reason as one word, for logs and metrics.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::Failed => "failed",
            Self::GivenUp => "given_up",
            Self::InProgress => "in_progress",
            Self::StoreDown => "store_down",
            Self::NotStored => "not_stored",
            Self::Crashed => "crashed",
            Self::UnknownEntry => "unknown_entry",
        }
    }
}

impl DeadLetter {
    /// The gateway's name: [`Gateway::NAME`](crate::Gateway::NAME).
    pub fn gateway(&self) -> &'static str {
        self.gateway
    }

    /// Why it could not be handled.
    pub fn reason(&self) -> DeadLetterReason {
        self.reason
    }

    /// The exact bytes received.
    pub fn body(&self) -> &Bytes {
        self.stored.body()
    }

    /// The delivery in a form for a queue or a database, to be parsed again by
    /// [`Stored::parse_trusted`]. What is [unreadable](DeadLetterReason::Unreadable) is
    /// there as well: a later version may read it.
    pub fn stored(&self) -> &Stored {
        &self.stored
    }

    /// The error of the handler or the store, if there was one.
    pub fn error(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.error.as_deref()
    }
}

impl fmt::Debug for DeadLetter {
    /// Does not show the content of the event.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeadLetter")
            .field("gateway", &self.gateway)
            .field("reason", &self.reason)
            .field("body_len", &self.body().len())
            .finish_non_exhaustive()
    }
}
