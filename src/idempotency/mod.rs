//! Handling each event once.
//!
//! Every gateway delivers at least once. A [`Key`] tells which deliveries are
//! the same event, and a store remembers which keys are being processed and
//! which are done:
//!
//! ```text
//!            claim                       complete(ticket)
//!  absent ----------> claimed, ticket n ------------------> done
//!    ^                 |   |    ^                             |
//!    | release(ticket) |   |    | claim, once the lease lapsed |
//!    +-----------------+   +----+ (ticket n + 1)               |
//!    +---------------------------------------------------------+
//!                        once the retention is over
//! ```
//!
//! * The **lease** is how long a claim lasts without being extended: longer
//!   than the slowest handler, shorter than you are willing to wait after a
//!   crash.
//! * The **retention** is how long a finished key is remembered: longer than
//!   the gateway's last retry.
//! * A **ticket** is fenced: an old one cannot change anything. A worker that
//!   is too late gets [`Settled::Lost`], which is an answer, not a store
//!   failure.
//!
//! The result: the handler runs at least once, and a key has one owner at a
//! time. For exactly once, complete in the same database transaction as the
//! work (`PostgresStore::complete_in`,
//! `SqliteStore::complete_in`).
//!
//! | store | feature | for | forgets | attempts, first claim |
//! |---|---|---|---|---|
//! | [`MemoryStore`] | | one process | all when it ends | known |
//! | `RedisStore` | `redis` | many machines | what a failover or an eviction drops | known |
//! | `SqliteStore` | `sqlite` | one machine, and exactly once | nothing that was committed | known |
//! | `PostgresStore` | `postgres` | many machines, and exactly once | nothing that was committed | known |

mod key;
mod memory;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "redis")]
mod redis;
#[cfg(any(feature = "postgres", feature = "redis", feature = "sqlite"))]
mod remote;
mod shared;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::error::Error;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub use key::Key;
pub use memory::{Full, MemoryStore};
#[cfg(feature = "postgres")]
pub use postgres::{Connections, PostgresStore, PostgresStoreError};
#[cfg(feature = "redis")]
pub use redis::{RedisStore, RedisStoreError};
pub use shared::{SharedStore, StoreError};
#[cfg(feature = "sqlite")]
pub use sqlite::{SqliteStore, SqliteStoreError};

pub(crate) use key::body_digest;

/// Remembers which keys are claimed and which are done.
///
/// Each operation is one atomic step. There is no "exists": checking first and
/// acting later is how two workers end up owning one event.
///
/// An error means that the store is unavailable; it is never mistaken for an
/// answer. Stores limit the time of a call themselves. A dropped future leaves
/// either no claim, or one that ends with its lease.
///
/// With the feature `testing`, `testing::store` has the tests that every store
/// must pass, including your own.
pub trait IdempotencyStore: Send + Sync {
    /// Why the store is unavailable.
    type Error: Error + Send + Sync + 'static;

    /// Claims a key, unless it is claimed or done.
    ///
    /// The claim ends with the lease. `retain` is how long the store may keep
    /// what it knows about a claim that is never settled; it is not shorter
    /// than the lease.
    fn claim(
        &self,
        key: &Key,
        lease: Duration,
        retain: Duration,
    ) -> impl Future<Output = Result<Claim, Self::Error>> + Send;

    /// Marks the key as done, to be remembered for `retain` from now on. This
    /// works even after the lease has expired, as long as no one took over.
    /// With a `retain` of zero the key is forgotten, its attempts included.
    fn complete(
        &self,
        ticket: &Ticket,
        retain: Duration,
    ) -> impl Future<Output = Result<Settled, Self::Error>> + Send;

    /// Gives up the claim, so that the key can be claimed again at once.
    fn release(&self, ticket: &Ticket)
    -> impl Future<Output = Result<Settled, Self::Error>> + Send;

    /// Extends the claim to `lease` from now on; it is remembered at least as
    /// long.
    fn extend(
        &self,
        ticket: &Ticket,
        lease: Duration,
    ) -> impl Future<Output = Result<Settled, Self::Error>> + Send;
}

/// The store's answer to a claim.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "an acquired claim blocks the key until its lease ends"]
#[expect(clippy::exhaustive_enums, reason = "there are no other answers")]
pub enum Claim {
    /// The caller now owns the key.
    Acquired {
        /// The ticket for the other operations.
        ticket: Ticket,
        /// The number of this claim of the key, counted from 1: claims that were
        /// released or expired count. `None` if the store does not count; those
        /// of this crate do.
        attempt: Option<u32>,
        /// How long ago the key was first claimed, by the store's clock; zero
        /// for the first claim. `None` if the store does not keep that time;
        /// those of this crate do.
        since_first: Option<Duration>,
    },
    /// Another worker is processing it.
    InProgress {
        /// How long until its lease ends, unless it is extended.
        retry_after: Duration,
    },
    /// It has already been handled.
    Done,
}

/// The store's answer to the holder of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "`Lost` means that another worker owns the event"]
#[expect(clippy::exhaustive_enums, reason = "there are no other answers")]
pub enum Settled {
    /// The operation was applied.
    Applied,
    /// The ticket is outdated, and nothing was changed.
    Lost,
}

/// A claim on a key: the key and a fence that no other claim of it has. It
/// cannot be cloned.
#[derive(Debug)]
#[must_use = "without its ticket a claim blocks the key until its lease ends"]
pub struct Ticket {
    key: Key,
    fence: u128,
    completed: AtomicBool,
}

impl PartialEq for Ticket {
    fn eq(&self, other: &Self) -> bool {
        (&self.key, self.fence) == (&other.key, other.fence)
    }
}

impl Eq for Ticket {}

impl Ticket {
    /// For stores: the ticket of a claim. A fence must never be reused for the
    /// same key, not even after the store has forgotten it: use a counter that
    /// never restarts, or 128 random bits.
    pub fn new(key: Key, fence: u128) -> Self {
        Self { key, fence, completed: AtomicBool::new(false) }
    }

    /// The key that was claimed.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// What distinguishes this claim from every other claim of the key.
    pub fn fence(&self) -> u128 {
        self.fence
    }

    /// For stores that complete within a transaction of the caller: completing
    /// it again then gives [`Settled::Lost`] if the transaction was committed.
    pub fn mark_completed(&self) {
        self.completed.store(true, Ordering::Release);
    }

    /// Whether it was completed within a transaction of the caller, which may
    /// have been rolled back since.
    pub fn is_marked_completed(&self) -> bool {
        self.completed.load(Ordering::Acquire)
    }
}
