//! What can be handled.

use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::{Delivery, Stored};
use crate::event::{EventSet, Recognition};
use crate::gateways::Gateway;
use crate::idempotency::{Key, Ticket};

/// What handling an event needs of its delivery. Implemented by the crate for
/// [`Delivery`] and [`AnyDelivery`](crate::AnyDelivery).
pub trait Consumable: sealed::Sealed + Send + Sized + 'static {
    #[doc(hidden)]
    fn recognition(&self) -> Recognition;

    /// The name in the gateway's list; `None` for an event that is not in it.
    #[doc(hidden)]
    fn documented_name(&self) -> Option<&'static str>;

    /// When the gateway first sent it, where the body says so.
    #[doc(hidden)]
    fn dispatched_at(&self) -> Option<DateTime<Utc>>;

    #[doc(hidden)]
    fn received_at(&self) -> DateTime<Utc>;

    #[doc(hidden)]
    fn happened_at(&self) -> Option<DateTime<Utc>>;

    #[doc(hidden)]
    fn key(&self) -> Option<Key>;

    #[doc(hidden)]
    fn body(&self) -> &Bytes;

    #[doc(hidden)]
    fn to_stored(&self) -> Stored;

    /// The same delivery under a claim.
    #[doc(hidden)]
    fn under(self, ticket: Arc<Ticket>, attempt: Option<u32>) -> Self;
}

pub(crate) mod sealed {
    pub trait Sealed {}
}

impl<G: Gateway> sealed::Sealed for Delivery<G> {}

impl<G: Gateway> Consumable for Delivery<G> {
    fn recognition(&self) -> Recognition {
        self.recognition()
    }

    fn documented_name(&self) -> Option<&'static str> {
        let position = G::Event::position(self.event().name())?;
        G::Event::NAMES.get(position).copied()
    }

    fn dispatched_at(&self) -> Option<DateTime<Utc>> {
        G::dispatched_at(self.envelope())
    }

    fn received_at(&self) -> DateTime<Utc> {
        self.received_at()
    }

    fn happened_at(&self) -> Option<DateTime<Utc>> {
        self.happened_at()
    }

    fn key(&self) -> Option<Key> {
        self.key()
    }

    fn body(&self) -> &Bytes {
        &self.body
    }

    fn to_stored(&self) -> Stored {
        self.to_stored()
    }

    fn under(self, ticket: Arc<Ticket>, attempt: Option<u32>) -> Self {
        Self { attempt, ticket: Some(ticket), ..self }
    }
}
