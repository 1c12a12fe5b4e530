//! A store that many machines share, and that a transaction can complete in:
//! PostgreSQL.

mod connections;
mod statements;

use std::error::Error;
use std::fmt;
use std::time::Duration;

use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Row, Transaction};

pub use self::connections::Connections;
use self::statements::{CLAIM, COMPLETE, EXTEND, LOCK_SCHEMA, LOOK, PURGE, RELEASE};
use super::remote::{LOOKS, Limit, microseconds, random_fence};
use super::{Claim, IdempotencyStore, Key, Settled, Ticket};
use crate::timer::Timer;

/// Remembers keys in a table of PostgreSQL, 13 or newer, for any number of
/// processes on any number of machines (feature `postgres`).
///
/// It takes the connections that you have: a pool by the trait
/// [`Connections`], or one `Arc<Client>`.
///
/// ```no_run
/// use zaphook::idempotency::PostgresStore;
///
/// # async fn connect() -> Result<(), Box<dyn std::error::Error>> {
/// let (client, connection) = tokio_postgres::connect("host=127.0.0.1 user=app", tokio_postgres::NoTls).await?;
/// tokio::spawn(connection);
///
/// let store = PostgresStore::new(std::sync::Arc::new(client));
/// store.create_schema().await?;             // or run `PostgresStore::SCHEMA` as a migration
/// # Ok(())
/// # }
/// ```
///
/// # Exactly once
///
/// [`complete_in`](PostgresStore::complete_in) completes within a transaction
/// of yours, so that the work and the mark that it is done commit together or
/// not at all. What the transaction writes is then there exactly once,
/// whatever crashes in between. What leaves the database, a message or a call
/// of another service, is not in the transaction: write down in it that it is
/// to be done, and do it later.
///
/// `examples/transaction.rs` shows it whole.
///
/// # What is promised
///
/// * A claim is one statement, and commits by itself. Whoever gets a row back
///   has the key; who loses looks once more to see to whom.
/// * The server's `clock_timestamp()` counts and no other clock.
/// * Completing, releasing and extending change nothing unless the ticket's
///   fence, 128 random bits, still stands in the row. A claim that lapsed can
///   be completed as long as nobody took over.
/// * Nobody waits for a transaction that completes a key: a claim meanwhile is
///   [`Claim::InProgress`], also when the lease is over.
/// * A call ends within the [time limit](Self::within), 1 s if not set, the
///   wait for a connection included. What was given up may still be done by
///   the server; a claim ends with its lease.
///
/// # What takes it away
///
/// * **Isolation.** Any level is right. At `repeatable read` and `serializable`
///   the server makes statements fail that come too close (40001); the store
///   asks again until the time limit. In a transaction of yours that is your
///   part: run all of it again, or let the handler fail and the gateway
///   repeat. The levels cost: prefer `read committed` for the store's own
///   connections.
/// * **Failover.** With `synchronous_commit = on` (the default) and synchronous
///   replication nothing is forgotten that was answered. With asynchronous
///   replication the last writes are: their events are handled again. With
///   `synchronous_commit = off` a crash forgets up to three times
///   `wal_writer_delay`, 600 ms.
/// * **Eviction.** There is none. What is over stays until
///   [`purge`](Self::purge) deletes it, and is claimed anew meanwhile as if it
///   were gone.
/// * **Clocks.** A server clock that is set forward ends leases early.
/// * **Proxies.** Statements are sent whole unless your [`Connections`] keep
///   prepared ones; each is a transaction of its own, so pooling by
///   transaction is fine.
///
/// # How to size it
///
/// A key of 60 bytes takes about 260 bytes with both indexes when they are
/// packed, and half as much again as they are written: a million events a day,
/// remembered for a day, some 400 MB. (What was measured is in
/// `tests/servers/figures.md`.) Claiming and completing are two commits. A
/// connection does one thing at a time: as many connections as deliveries that
/// are claimed or completed in the same few milliseconds are enough, not as
/// many as are handled.
///
/// Encode the database as UTF-8: keys hold ids as the gateways write them.
///
/// Of the crate `tokio-postgres`, version 0.7, `Client` and `Statement` (in
/// [`Connections`]), [`Transaction`] (in [`complete_in`](Self::complete_in)) and
/// `Error` (in [`PostgresStoreError`]) are part of this one's public API.
#[cfg_attr(docsrs, doc(cfg(feature = "postgres")))]
#[derive(Clone)]
pub struct PostgresStore<C> {
    connections: C,
    limit: Limit,
}

/// Rows that one statement of a purge deletes.
const PURGED_AT_ONCE: u32 = 1000;

type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);

impl PostgresStore<()> {
    /// The table and its index, for those who migrate by hand. They are created
    /// in, and found through, the `search_path`.
    pub const SCHEMA: &'static str = include_str!("schema.sql");
}

impl<C: Connections> PostgresStore<C> {
    /// On these connections.
    pub fn new(connections: C) -> Self {
        Self { connections, limit: Limit::default() }
    }

    /// How long a call may take; 1 s if not set.
    #[must_use]
    pub fn within(self, limit: Duration) -> Self {
        Self { limit: self.limit.within(limit), ..self }
    }

    /// Who watches the time limit, for connections on another runtime than
    /// tokio.
    #[must_use]
    pub fn timer(self, timer: impl Timer) -> Self {
        Self { limit: self.limit.timer(timer), ..self }
    }

    /// Creates the table, if it is not there. Any number of processes may do so
    /// at once. It takes as long as it takes.
    ///
    /// # Errors
    ///
    /// When there is no connection, or the role may not create tables.
    pub async fn create_schema(&self) -> Result<(), PostgresStoreError> {
        let lent = self.lend().await?;
        let schema = [LOCK_SCHEMA, PostgresStore::SCHEMA].concat();
        Ok(C::client(&lent).batch_execute(&schema).await?)
    }

    /// Deletes what need not be remembered any longer, a thousand rows at a
    /// time, and says how many it was. Call it every few minutes, from one
    /// process or from all.
    ///
    /// # Errors
    ///
    /// When the database cannot be asked. What was deleted until then is.
    pub async fn purge(&self) -> Result<u64, PostgresStoreError> {
        let mut purged: u64 = 0;
        loop {
            let limit = i64::from(PURGED_AT_ONCE);
            let deleted = self.limited(self.execute(PURGE, &[(&limit, Type::INT8)])).await?;
            purged = purged.saturating_add(deleted);
            if deleted < u64::from(PURGED_AT_ONCE) {
                return Ok(purged);
            }
        }
    }

    /// Completes within a transaction: the key is done when it commits, and
    /// nothing has happened when it does not. Do it last, since nobody else can
    /// change the key from here on.
    ///
    /// On [`Settled::Lost`] somebody else owns the event: **roll back**, and
    /// fail. They do the work, and the gateway's next attempt is told so.
    ///
    /// A receiver whose handler has committed answers `handled`.
    ///
    /// ```no_run
    /// # use zaphook::{Delivery, EnviaAi, Failure, idempotency::{PostgresStore, Settled}};
    /// # use std::time::Duration;
    /// # const DAY: Duration = Duration::from_secs(86_400);
    /// # async fn handle(
    /// #     delivery: Delivery<EnviaAi>,
    /// #     mut client: tokio_postgres::Client,
    /// #     store: PostgresStore<std::sync::Arc<tokio_postgres::Client>>,
    /// # ) -> Result<(), Failure> {
    /// let ticket = delivery.ticket().ok_or("handled without a store")?;
    /// let work = client.transaction().await?;
    /// work.execute("insert into orders (text) values ($1)", &[&"…"]).await?;
    /// match store.complete_in(&work, ticket, DAY).await? {
    ///     Settled::Applied => work.commit().await?,
    ///     Settled::Lost => return Err(Failure::retry("somebody took over")),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the database cannot be asked, or fails the transaction (40001).
    pub async fn complete_in(
        &self,
        transaction: &Transaction<'_>,
        ticket: &Ticket,
        retain: Duration,
    ) -> Result<Settled, PostgresStoreError> {
        let (fence, time) = (ticket.fence().to_be_bytes(), microseconds(retain));
        let fence = fence.as_slice();
        let parameters: [Parameter<'_>; 3] =
            [(&ticket.key().as_str(), Type::TEXT), (&fence, Type::BYTEA), (&time, Type::INT8)];
        let changed = self
            .limited(async { Ok(transaction.execute_typed(COMPLETE, &parameters).await?) })
            .await?;
        if changed == 1 {
            ticket.mark_completed();
        }
        Ok(settled(changed))
    }

    async fn lend(&self) -> Result<C::Lent, PostgresStoreError> {
        let lent = self.connections.lend().await;
        lent.map_err(|error| PostgresStoreError::Connection(Box::new(error)))
    }

    async fn limited<T>(
        &self,
        call: impl Future<Output = Result<T, PostgresStoreError>> + Send,
    ) -> Result<T, PostgresStoreError> {
        let late = || Err(PostgresStoreError::TooSlow { limit: self.limit.within });
        self.limit.keep(call).await.unwrap_or_else(late)
    }

    /// Asks, and asks again when the server says that it came too close to
    /// another transaction.
    async fn query(
        &self,
        statement: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Option<Row>, PostgresStoreError> {
        let lent = self.lend().await?;
        let client = C::client(&lent);
        let prepared = C::prepared(&lent, statement).await?;
        let mut attempt = 0;
        loop {
            let row = match &prepared {
                Some(prepared) => client.query_opt(prepared, &untyped(parameters)).await,
                None => client.query_typed_opt(statement, parameters).await,
            };
            match row {
                Err(error) if came_too_close(&error) => {
                    self.limit.pause(attempt).await;
                    attempt = attempt.saturating_add(1).min(6);
                }
                row => return Ok(row?),
            }
        }
    }

    async fn execute(
        &self,
        statement: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<u64, PostgresStoreError> {
        let lent = self.lend().await?;
        let client = C::client(&lent);
        let prepared = C::prepared(&lent, statement).await?;
        let mut attempt = 0;
        loop {
            let changed = match &prepared {
                Some(prepared) => client.execute(prepared, &untyped(parameters)).await,
                None => client.execute_typed(statement, parameters).await,
            };
            match changed {
                Err(error) if came_too_close(&error) => {
                    self.limit.pause(attempt).await;
                    attempt = attempt.saturating_add(1).min(6);
                }
                changed => return Ok(changed?),
            }
        }
    }

    /// Changes the row if the ticket's fence is still in it.
    async fn settle(
        &self,
        statement: &str,
        ticket: &Ticket,
        time: Option<Duration>,
    ) -> Result<Settled, PostgresStoreError> {
        let fence = ticket.fence().to_be_bytes();
        let (key, fence) = (ticket.key().as_str(), fence.as_slice());
        let time = time.map(microseconds);
        let mut parameters: Vec<Parameter<'_>> = vec![(&key, Type::TEXT), (&fence, Type::BYTEA)];
        parameters.extend(time.as_ref().map(|time| -> Parameter<'_> { (time, Type::INT8) }));
        self.limited(self.execute(statement, &parameters)).await.map(settled)
    }

    async fn claim_now(
        &self,
        key: &Key,
        lease: Duration,
        retain: Duration,
    ) -> Result<Claim, PostgresStoreError> {
        let (name, fence) = (key.as_str(), random_fence()?);
        let bytes = fence.to_be_bytes();
        let (bytes, lease, retain) =
            (bytes.as_slice(), microseconds(lease), microseconds(retain.max(lease)));
        let parameters: [Parameter<'_>; 4] = [
            (&name, Type::TEXT),
            (&bytes, Type::BYTEA),
            (&lease, Type::INT8),
            (&retain, Type::INT8),
        ];
        for _ in 0..LOOKS {
            if let Some(row) = self.query(CLAIM, &parameters).await? {
                let attempt: i32 = row.try_get(0)?;
                let ticket = Ticket::new(key.clone(), fence);
                let since_first: i64 = row.try_get(1)?;
                // A server's clock may have been set back.
                let since_first = u64::try_from(since_first).ok().map(Duration::from_micros);
                let attempt = u32::try_from(attempt).ok();
                return Ok(Claim::Acquired { ticket, attempt, since_first });
            }
            let Some(row) = self.query(LOOK, &[(&name, Type::TEXT)]).await? else { continue };
            if row.try_get(0)? {
                return Ok(Claim::Done);
            }
            let left: i64 = row.try_get(1)?;
            if let Some(left) = u64::try_from(left).ok().filter(|left| *left > 0) {
                return Ok(Claim::InProgress { retry_after: Duration::from_micros(left) });
            }
        }
        // Lapsed, and its owner is completing it within a transaction.
        Ok(Claim::InProgress { retry_after: Duration::ZERO })
    }
}

fn untyped<'a>(parameters: &[Parameter<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    parameters.iter().map(|(value, _)| *value).collect()
}

fn settled(changed: u64) -> Settled {
    if changed == 1 { Settled::Applied } else { Settled::Lost }
}

/// The server's own words where it has any: the error's are "db error".
fn said(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(said) => format!("{} (SQLSTATE {})", said.message(), said.code().code()),
        None => error.to_string(),
    }
}

/// Whether the statement would have been right a moment earlier or later.
fn came_too_close(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|code| {
        *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED
    })
}

impl<C: Connections> IdempotencyStore for PostgresStore<C> {
    type Error = PostgresStoreError;

    async fn claim(
        &self,
        key: &Key,
        lease: Duration,
        retain: Duration,
    ) -> Result<Claim, PostgresStoreError> {
        self.limited(self.claim_now(key, lease, retain)).await
    }

    async fn complete(
        &self,
        ticket: &Ticket,
        retain: Duration,
    ) -> Result<Settled, PostgresStoreError> {
        self.settle(COMPLETE, ticket, Some(retain)).await
    }

    async fn release(&self, ticket: &Ticket) -> Result<Settled, PostgresStoreError> {
        self.settle(RELEASE, ticket, None).await
    }

    async fn extend(
        &self,
        ticket: &Ticket,
        lease: Duration,
    ) -> Result<Settled, PostgresStoreError> {
        self.settle(EXTEND, ticket, Some(lease)).await
    }
}

impl<C> fmt::Debug for PostgresStore<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").field("within", &self.limit).finish_non_exhaustive()
    }
}

/// Why PostgreSQL could not be asked.
#[cfg_attr(docsrs, doc(cfg(feature = "postgres")))]
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PostgresStoreError {
    /// There was no answer in time. What was asked may still be done.
    #[error("PostgreSQL did not answer within {limit:?}")]
    #[non_exhaustive]
    TooSlow {
        /// How long it had.
        limit: Duration,
    },
    /// The table is not there.
    #[error("the table zaphook_keys is missing: call create_schema, or run SCHEMA")]
    NoSchema,
    /// There is no connection to be had.
    #[error("no connection to PostgreSQL: {0}")]
    Connection(#[source] Box<dyn Error + Send + Sync>),
    /// The connection failed, or the server refused.
    #[error("PostgreSQL: {}", said(.0))]
    Postgres(#[source] tokio_postgres::Error),
    /// The system has no random numbers.
    #[error("no random numbers: {0}")]
    Random(#[from] getrandom::Error),
}

impl From<tokio_postgres::Error> for PostgresStoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        if error.code() == Some(&SqlState::UNDEFINED_TABLE) {
            Self::NoSchema
        } else {
            Self::Postgres(error)
        }
    }
}
