//! What could not be handled and will not come again.

use std::error::Error as StdError;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use bytes::Bytes;

use crate::delivery::{Delivery, Stored};
use crate::event::Unreadable;
use crate::gateways::Gateway;

/// A delivery that could not be handled and will not come again.
#[derive(Clone)]
pub struct Unsaved<G: Gateway> {
    pub(super) reason: UnsavedReason,
    pub(super) body: Bytes,
    pub(super) stored: Option<Stored>,
    pub(super) error: Option<Arc<dyn StdError + Send + Sync>>,
    pub(super) gateway: PhantomData<fn() -> G>,
}

/// Why a delivery could not be handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnsavedReason {
    /// `unreadable`: it is authentic and cannot be read.
    Unreadable(Unreadable),
    /// `failed`: the handler failed, and this was the last attempt.
    Failed,
    /// `given_up`: the handler gave up.
    GivenUp,
    /// `in_progress`: somebody else was still handling it when the time was
    /// up. It is unsaved only if they fail.
    InProgress,
    /// `store_down`: the store could not be asked, and this was the last
    /// attempt.
    StoreDown,
}

impl UnsavedReason {
    /// The word for it, as in logs and reports.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::Failed => "failed",
            Self::GivenUp => "given_up",
            Self::InProgress => "in_progress",
            Self::StoreDown => "store_down",
        }
    }
}

impl<G: Gateway> Unsaved<G> {
    /// Why it could not be handled.
    pub fn reason(&self) -> UnsavedReason {
        self.reason
    }

    /// The exact bytes received.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The delivery in the form for a queue or a database; `None` when it
    /// cannot be read.
    pub fn stored(&self) -> Option<&Stored> {
        self.stored.as_ref()
    }

    /// The delivery, read again; `None` when it cannot be read.
    pub fn delivery(&self) -> Option<Delivery<G>> {
        self.stored.as_ref()?.parse_trusted().ok()
    }

    /// What the handler or the store said was wrong, if so.
    pub fn error(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.error.as_deref()
    }
}

impl<G: Gateway> fmt::Debug for Unsaved<G> {
    /// Shows no text of the event.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unsaved")
            .field("gateway", &G::NAME)
            .field("reason", &self.reason)
            .field("body_len", &self.body.len())
            .finish_non_exhaustive()
    }
}
