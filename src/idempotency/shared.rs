//! One type for any store.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::{Claim, IdempotencyStore, Key, Settled, Ticket};

/// Any store behind an `Arc`, for code that should not be generic over the
/// store. Each call costs a boxed future.
///
/// ```
/// use zaphook::idempotency::{MemoryStore, SharedStore};
///
/// let store = SharedStore::new(MemoryStore::new());
/// let same = store.clone();
/// ```
#[derive(Clone)]
pub struct SharedStore(Arc<dyn Erased>);

impl SharedStore {
    /// Wraps a store.
    pub fn new(store: impl IdempotencyStore + 'static) -> Self {
        Self(Arc::new(store))
    }
}

impl fmt::Debug for SharedStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedStore(..)")
    }
}

/// Why a store behind a [`SharedStore`] is unavailable.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct StoreError(Box<dyn Error + Send + Sync>);

type Answered<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// The store without its types.
trait Erased: Send + Sync {
    fn claim<'a>(&'a self, key: &'a Key, lease: Duration, retain: Duration) -> Answered<'a, Claim>;
    fn complete<'a>(&'a self, ticket: &'a Ticket, retain: Duration) -> Answered<'a, Settled>;
    fn release<'a>(&'a self, ticket: &'a Ticket) -> Answered<'a, Settled>;
    fn extend<'a>(&'a self, ticket: &'a Ticket, lease: Duration) -> Answered<'a, Settled>;
}

impl<S: IdempotencyStore> Erased for S {
    fn claim<'a>(&'a self, key: &'a Key, lease: Duration, retain: Duration) -> Answered<'a, Claim> {
        erase(IdempotencyStore::claim(self, key, lease, retain))
    }

    fn complete<'a>(&'a self, ticket: &'a Ticket, retain: Duration) -> Answered<'a, Settled> {
        erase(IdempotencyStore::complete(self, ticket, retain))
    }

    fn release<'a>(&'a self, ticket: &'a Ticket) -> Answered<'a, Settled> {
        erase(IdempotencyStore::release(self, ticket))
    }

    fn extend<'a>(&'a self, ticket: &'a Ticket, lease: Duration) -> Answered<'a, Settled> {
        erase(IdempotencyStore::extend(self, ticket, lease))
    }
}

fn erase<'a, T, E: Error + Send + Sync + 'static>(
    answered: impl Future<Output = Result<T, E>> + Send + 'a,
) -> Answered<'a, T> {
    Box::pin(async move { answered.await.map_err(|error| StoreError(Box::new(error))) })
}

impl IdempotencyStore for SharedStore {
    type Error = StoreError;

    async fn claim(
        &self,
        key: &Key,
        lease: Duration,
        retain: Duration,
    ) -> Result<Claim, StoreError> {
        self.0.claim(key, lease, retain).await
    }

    async fn complete(&self, ticket: &Ticket, retain: Duration) -> Result<Settled, StoreError> {
        self.0.complete(ticket, retain).await
    }

    async fn release(&self, ticket: &Ticket) -> Result<Settled, StoreError> {
        self.0.release(ticket).await
    }

    async fn extend(&self, ticket: &Ticket, lease: Duration) -> Result<Settled, StoreError> {
        self.0.extend(ticket, lease).await
    }
}

/// Every clone of the `Arc` is the same store.
impl<S: IdempotencyStore> IdempotencyStore for Arc<S> {
    type Error = S::Error;

    fn claim(
        &self,
        key: &Key,
        lease: Duration,
        retain: Duration,
    ) -> impl Future<Output = Result<Claim, S::Error>> + Send {
        (**self).claim(key, lease, retain)
    }

    fn complete(
        &self,
        ticket: &Ticket,
        retain: Duration,
    ) -> impl Future<Output = Result<Settled, S::Error>> + Send {
        (**self).complete(ticket, retain)
    }

    fn release(&self, ticket: &Ticket) -> impl Future<Output = Result<Settled, S::Error>> + Send {
        (**self).release(ticket)
    }

    fn extend(
        &self,
        ticket: &Ticket,
        lease: Duration,
    ) -> impl Future<Output = Result<Settled, S::Error>> + Send {
        (**self).extend(ticket, lease)
    }
}
