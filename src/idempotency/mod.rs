//! Acting on an event once.
//!
//! Every gateway delivers at least once. A [`Key`] says which deliveries are
//! the same event, and a store remembers which keys are being worked on and
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
//! * The **lease** is how long a claim lives without being extended: longer
//!   than the slowest handler, shorter than one is willing to wait after a
//!   crash.
//! * The **retention** is how long a finished key is remembered: longer than
//!   the gateway's last retry.
//! * A **ticket** is fenced: with an old one nothing can be changed. Whoever
//!   comes too late is told so ([`Settled::Lost`]); that is an answer, not a
//!   failure of the store.
//!
//! What it adds up to: at least once for the handler, and one owner of a key
//! at a time. Exactly once is what a handler reaches that completes in the
//! same database transaction as its work (`PostgresStore::complete_in`,
//! `SqliteStore::complete_in`).
//!
//! | store | feature | for | forgets | attempts, first claim |
//! |---|---|---|---|---|
//! | [`MemoryStore`] | | one process | all when it ends | known |
//! | `RedisStore` | `redis` | many machines | what a failover or an eviction drops | not known |
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
/// Each operation is one atomic step. There is no "exists": asking first and
/// acting then is how two workers come to own one event.
///
/// An error means that the store could not be asked; it is never mistaken for
/// an answer. Stores limit the time of a call themselves. A dropped future
/// leaves either no claim, or one that ends with its lease.
///
/// With the feature `testing`, `testing::store` holds the tests that every
/// store has to pass, also one of your own.
pub trait IdempotencyStore: Send + Sync {
    /// Why the store could not be asked.
    type Error: Error + Send + Sync + 'static;

    /// Takes the right to work on a key, if nobody has it and nobody is done.
    ///
    /// The claim ends with the lease. `retain` is how long the store may keep
    /// what it knows of a claim that is never settled; it is not shorter than
    /// the lease.
    fn claim(
        &self,
        key: &Key,
        lease: Duration,
        retain: Duration,
    ) -> impl Future<Output = Result<Claim, Self::Error>> + Send;

    /// Marks the key as done, to be remembered for `retain` from now on. Also
    /// after the lease lapsed, as long as nobody took over. Remembered for no time,
    /// the key is as if it had never been claimed, its attempts included.
    fn complete(
        &self,
        ticket: &Ticket,
        retain: Duration,
    ) -> impl Future<Output = Result<Settled, Self::Error>> + Send;

    /// Gives the right back, so that the next claim gets it at once.
    fn release(&self, ticket: &Ticket)
    -> impl Future<Output = Result<Settled, Self::Error>> + Send;

    /// Lets the claim live for `lease` from now on, and be remembered at least
    /// as long.
    fn extend(
        &self,
        ticket: &Ticket,
        lease: Duration,
    ) -> impl Future<Output = Result<Settled, Self::Error>> + Send;
}

/// What a store answers to a claim.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "an acquired claim blocks the key until its lease ends"]
#[expect(clippy::exhaustive_enums, reason = "there are no other answers")]
pub enum Claim {
    /// The key is the caller's to work on.
    Acquired {
        /// What the other operations take.
        ticket: Ticket,
        /// Which claim of this key it is, counted from 1, where the store
        /// knows: claims that were released or lapsed count.
        attempt: Option<u32>,
        /// How long ago the key was claimed for the first time, where the store
        /// knows; zero at the first claim.
        since_first: Option<Duration>,
    },
    /// Somebody else works on it.
    InProgress {
        /// When their lease ends, unless they extend it.
        retry_after: Duration,
    },
    /// Somebody else has done it.
    Done,
}

/// What a store answers to the holder of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "`Lost` means that another worker owns the event"]
#[expect(clippy::exhaustive_enums, reason = "there are no other answers")]
pub enum Settled {
    /// It was done.
    Applied,
    /// The ticket is an old one, and nothing was changed.
    Lost,
}

/// The right to work on a key: the key and a fence that no other claim of it
/// has. There is one of each, so it cannot be copied.
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
    /// For stores: the ticket of a claim. The fence must not come again for
    /// this key, not even after the store forgot it: a counter that never
    /// restarts, or 128 random bits.
    pub fn new(key: Key, fence: u128) -> Self {
        Self { key, fence, completed: AtomicBool::new(false) }
    }

    /// The key that was claimed.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// What tells this claim from every other one of the key.
    pub fn fence(&self) -> u128 {
        self.fence
    }

    /// For stores that complete within a transaction of the caller's: whoever
    /// completes it once more is told [`Settled::Lost`], and then knows that
    /// nothing was.
    pub fn mark_completed(&self) {
        self.completed.store(true, Ordering::Release);
    }

    /// Whether it was completed within a transaction of the caller's, which may
    /// have been rolled back since.
    pub fn is_marked_completed(&self) -> bool {
        self.completed.load(Ordering::Acquire)
    }
}
