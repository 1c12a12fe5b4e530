//! A store in a file, for one machine, that a transaction can complete in: SQLite.

mod statements;

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use tokio::task::spawn_blocking;

use self::statements::{CLAIM, COMPLETE, EXTEND, LOOK, PURGE, RELEASE};
use super::remote::{LOOKS, Limit, microseconds, random_fence};
use super::{Claim, IdempotencyStore, Key, Settled, Ticket};
use crate::timer::Timer;

/// Remembers keys in a file of SQLite, 3.35 or newer, for any number of processes on
/// **one machine**, also after a restart (feature `sqlite`).
///
/// ```no_run
/// use zaphook::idempotency::SqliteStore;
///
/// let store = SqliteStore::open("zaphook.db")?;
/// # Ok::<(), zaphook::idempotency::SqliteStoreError>(())
/// ```
///
/// # Which SQLite
///
/// The crate brings the crate `rusqlite` without its feature `bundled`: it links the
/// SQLite that the application has chosen. Add `rusqlite` of the same version, 0.40,
/// with `features = ["bundled"]` to have one compiled in (that takes a C compiler);
/// without it the system's library is linked, on Debian that of the package
/// `libsqlite3-dev`. Only one crate of a program can link SQLite.
///
/// # Exactly once
///
/// [`complete_in`](Self::complete_in) completes within a transaction of yours on the
/// **same file**, so that the work and the mark that it is done commit together or not
/// at all.
///
/// # What is promised
///
/// * The file is in WAL mode, and the store's connection has `synchronous = FULL`:
///   what was answered is on the disk. Both are checked, and a file that cannot do it
///   (a network's, one in memory) is an error.
/// * A claim is one statement. Completing, releasing and extending change nothing
///   unless the ticket's fence, 128 random bits, is still in the row. A claim that
///   lapsed can be completed as long as nobody took over.
/// * A call ends within the [time limit](Self::within), 1 s if not set, the wait for
///   other writers included. What was given up may still be done; a claim ends with its
///   lease.
/// * No call blocks the runtime: each runs on tokio's threads for blocking work
///   ([`spawn_blocking`]), so they must be made within a tokio runtime.
///
/// # What takes it away
///
/// * **A file on a network.** WAL needs memory that all processes share.
/// * **Clocks.** The machine's clock counts. Set forward it ends leases early, set back
///   it makes them longer.
/// * **Other writers.** SQLite has one at a time: whoever holds a transaction that
///   writes holds up every claim. Begin it as late as you can, and commit soon.
/// * **Eviction.** There is none. What is over stays until [`purge`](Self::purge)
///   deletes it, and is claimed anew meanwhile as if it were gone.
///
/// Each claim and each completion is a commit of its own, and so one wait for the disk,
/// one after another: some hundreds to thousands per second.
///
/// Of the crate `rusqlite`, version 0.40, `Connection` (in [`SqliteStore::on`]),
/// [`Transaction`] (in [`complete_in`](Self::complete_in)) and `Error` (in
/// [`SqliteStoreError`]) are part of this one's public API.
#[cfg_attr(docsrs, doc(cfg(feature = "sqlite")))]
#[derive(Clone)]
pub struct SqliteStore {
    connection: Arc<Mutex<Connection>>,
    limit: Limit,
}

/// Rows that one statement of a purge deletes.
const PURGED_AT_ONCE: i64 = 1000;

impl SqliteStore {
    /// The table and its index, which [`open`](Self::open) and [`on`](Self::on) create
    /// if they are not there.
    pub const SCHEMA: &'static str = include_str!("schema.sql");

    /// In this file, which is made if it is not there. It blocks for as long as the disk
    /// takes: call it at the start.
    ///
    /// # Errors
    ///
    /// When it cannot be opened, or does not keep what is written to it.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, SqliteStoreError> {
        Self::on(Connection::open(path)?)
    }

    /// On a connection of its own, which you have opened, with flags or a key of your
    /// choice. Its settings are the store's from here on.
    ///
    /// # Errors
    ///
    /// When the file does not keep what is written to it.
    pub fn on(connection: Connection) -> Result<Self, SqliteStoreError> {
        let limit = Limit::default();
        connection.busy_timeout(limit.within)?;
        let journal: String =
            connection.query_row("pragma journal_mode = wal", [], |row| row.get(0))?;
        connection.execute_batch("pragma synchronous = full")?;
        let synchronous: i64 = connection.query_row("pragma synchronous", [], |row| row.get(0))?;
        if journal != "wal" || synchronous != FULL {
            return Err(SqliteStoreError::NotDurable { journal, synchronous });
        }
        connection.execute_batch(Self::SCHEMA)?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)), limit })
    }

    /// How long a call may take; 1 s if not set.
    ///
    /// # Errors
    ///
    /// When SQLite does not take it as the time to wait for other writers.
    pub fn within(self, limit: Duration) -> Result<Self, SqliteStoreError> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner).busy_timeout(limit)?;
        Ok(Self { limit: self.limit.within(limit), ..self })
    }

    /// Who watches the time limit.
    #[must_use]
    pub fn timer(self, timer: impl Timer) -> Self {
        Self { limit: self.limit.timer(timer), ..self }
    }

    /// Deletes what need not be remembered any longer, a thousand rows at a time, and
    /// says how many it was. Call it every few minutes.
    ///
    /// # Errors
    ///
    /// When the file cannot be written. What was deleted until then is.
    pub async fn purge(&self) -> Result<u64, SqliteStoreError> {
        let mut purged: u64 = 0;
        loop {
            let delete = |connection: &Connection| {
                Ok(connection.prepare_cached(PURGE)?.execute(params![now(), PURGED_AT_ONCE])?)
            };
            let deleted = self.blocking(delete).await?;
            let deleted = i64::try_from(deleted).unwrap_or(i64::MAX);
            purged = purged.saturating_add(deleted.unsigned_abs());
            if deleted < PURGED_AT_ONCE {
                return Ok(purged);
            }
        }
    }

    /// Completes within a transaction on the same file: the key is done when it commits,
    /// and nothing has happened when it does not. It does not wait for a runtime, and
    /// blocks like every statement of yours: call it where you do your work. The
    /// connection is yours, and so is how durable its commits are: give it
    /// `synchronous = full` as well.
    ///
    /// On [`Settled::Lost`] another worker owns the event: **roll back**, and fail.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// use rusqlite::{Connection, TransactionBehavior};
    /// use zaphook::idempotency::{Settled, SqliteStore, Ticket};
    /// use zaphook::{EnviaAi, Delivery, Failure};
    ///
    /// const DAY: Duration = Duration::from_secs(86_400);
    ///
    /// async fn handle(delivery: Delivery<EnviaAi>, store: SqliteStore) -> Result<(), Failure> {
    ///     tokio::task::spawn_blocking(move || {
    ///         let ticket = delivery.ticket().ok_or("handled without a store")?;
    ///         let mut file = Connection::open("zaphook.db")?;
    ///         file.execute_batch("pragma synchronous = full")?;
    ///         let work = file.transaction_with_behavior(TransactionBehavior::Immediate)?;
    ///         work.execute("insert into orders (text) values (?1)", ["…"])?;
    ///         match store.complete_in(&work, ticket, DAY)? {
    ///             Settled::Applied => work.commit()?,
    ///             Settled::Lost => return Err(Failure::retry("another worker took over")),
    ///         }
    ///         Ok(())
    ///     })
    ///     .await?
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn complete_in(
        &self,
        transaction: &Transaction<'_>,
        ticket: &Ticket,
        retain: Duration,
    ) -> Result<Settled, SqliteStoreError> {
        let settled = settle(transaction, COMPLETE, &Held::of(ticket), microseconds(retain))?;
        if settled == Settled::Applied {
            ticket.mark_completed();
        }
        Ok(settled)
    }

    /// Does something with the connection where blocking is allowed.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, SqliteStoreError> + Send + 'static,
    ) -> Result<T, SqliteStoreError> {
        let connection = Arc::clone(&self.connection);
        let done = spawn_blocking(move || {
            work(&connection.lock().unwrap_or_else(PoisonError::into_inner))
        });
        match self.limit.keep(done).await {
            Some(Ok(answer)) => answer,
            // The runtime is ending.
            Some(Err(_)) => Err(SqliteStoreError::Ended),
            None => Err(SqliteStoreError::TooSlow { limit: self.limit.within }),
        }
    }

    async fn settle(
        &self,
        statement: &'static str,
        ticket: &Ticket,
        time: i64,
    ) -> Result<Settled, SqliteStoreError> {
        let held = Held::of(ticket);
        self.blocking(move |connection| settle(connection, statement, &held, time)).await
    }
}

/// What `pragma synchronous` says for `full`.
const FULL: i64 = 2;

/// What a ticket says, to be sent to another thread.
struct Held {
    key: String,
    fence: [u8; 16],
}

impl Held {
    fn of(ticket: &Ticket) -> Self {
        Self { key: ticket.key().as_str().to_owned(), fence: ticket.fence().to_be_bytes() }
    }
}

/// Changes the row if the ticket's fence is still in it.
fn settle(
    connection: &Connection,
    statement: &str,
    held: &Held,
    time: i64,
) -> Result<Settled, SqliteStoreError> {
    let parameters = params![held.key, held.fence.as_slice(), now(), time];
    let changed = connection.prepare_cached(statement)?.execute(parameters)?;
    Ok(if changed == 1 { Settled::Applied } else { Settled::Lost })
}

fn claim(
    connection: &Connection,
    key: &Key,
    lease: i64,
    retain: i64,
) -> Result<Claim, SqliteStoreError> {
    let fence = random_fence()?;
    let bytes = fence.to_be_bytes();
    for _ in 0..LOOKS {
        let now = now();
        let (lease_until, keep_until) = (now.saturating_add(lease), now.saturating_add(retain));
        let parameters = params![key.as_str(), bytes.as_slice(), now, lease_until, keep_until];
        let acquired: Option<(u32, i64)> = connection
            .prepare_cached(CLAIM)?
            .query_row(parameters, |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        if let Some((attempt, since)) = acquired {
            let since = Duration::from_micros(u64::try_from(since).unwrap_or_default());
            let ticket = Ticket::new(key.clone(), fence);
            return Ok(Claim::Acquired {
                ticket,
                attempt: Some(attempt),
                since_first: Some(since),
            });
        }
        let held: Option<(bool, i64)> = connection
            .prepare_cached(LOOK)?
            .query_row(params![key.as_str(), now], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        match held {
            Some((true, _)) => return Ok(Claim::Done),
            Some((false, lease_until)) if lease_until > now => {
                let left = lease_until.saturating_sub(now);
                let left = Duration::from_micros(u64::try_from(left).unwrap_or_default());
                return Ok(Claim::InProgress { retry_after: left });
            }
            // What was in the way is gone.
            _ => {}
        }
    }
    Ok(Claim::InProgress { retry_after: Duration::ZERO })
}

/// Microseconds since 1970.
fn now() -> i64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_1970.as_micros()).unwrap_or(i64::MAX)
}

impl IdempotencyStore for SqliteStore {
    type Error = SqliteStoreError;

    async fn claim(
        &self,
        key: &Key,
        lease: Duration,
        retain: Duration,
    ) -> Result<Claim, SqliteStoreError> {
        let (key, lease, retain) =
            (key.clone(), microseconds(lease), microseconds(retain.max(lease)));
        self.blocking(move |connection| claim(connection, &key, lease, retain)).await
    }

    async fn complete(
        &self,
        ticket: &Ticket,
        retain: Duration,
    ) -> Result<Settled, SqliteStoreError> {
        self.settle(COMPLETE, ticket, microseconds(retain)).await
    }

    async fn release(&self, ticket: &Ticket) -> Result<Settled, SqliteStoreError> {
        self.settle(RELEASE, ticket, 0).await
    }

    async fn extend(&self, ticket: &Ticket, lease: Duration) -> Result<Settled, SqliteStoreError> {
        self.settle(EXTEND, ticket, microseconds(lease)).await
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").field("within", &self.limit).finish_non_exhaustive()
    }
}

/// Why the file is unavailable.
#[cfg_attr(docsrs, doc(cfg(feature = "sqlite")))]
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SqliteStoreError {
    /// The file does not keep what is written to it through a loss of power.
    #[error("SQLite is not durable here: journal_mode is {journal}, synchronous {synchronous}")]
    #[non_exhaustive]
    NotDurable {
        /// What `journal_mode` is, where it should be `wal`.
        journal: String,
        /// What `synchronous` is, where it should be 2.
        synchronous: i64,
    },
    /// There was no answer in time. What was asked may still be done.
    #[error("SQLite did not answer within {limit:?}")]
    #[non_exhaustive]
    TooSlow {
        /// How long it had.
        limit: Duration,
    },
    /// The runtime is ending.
    #[error("the runtime is ending")]
    Ended,
    /// SQLite refused.
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The system has no random numbers.
    #[error("no random numbers: {0}")]
    Random(#[from] getrandom::Error),
}
