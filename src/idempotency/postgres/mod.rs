//! A store for many machines, in which a transaction can complete an event:
//! PostgreSQL.

mod connections;
mod statements;

use std::error::Error;
use std::fmt;
use std::time::Duration;

use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Row, Statement, Transaction};

pub use self::connections::Connections;
use self::statements::{CLAIM, COMPLETE, EXTEND, LOCK_SCHEMA, LOOK, PURGE, RELEASE};
use super::remote::{LOOKS, Limit, microseconds, random_fence};
use super::{Claim, IdempotencyStore, Key, Settled, Ticket};
use crate::timer::Timer;

/// Remembers keys in a table of PostgreSQL, 13 or newer, for any number of
/// processes on any number of machines (feature `postgres`).
///
/// It uses your own connections: a pool through the trait [`Connections`], or
/// one `Arc<Client>`.
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
/// [`complete_in`](PostgresStore::complete_in) completes within your own
/// transaction, so that your work and the completion commit together or not at
/// all. What the transaction writes is then written exactly once, whatever
/// crashes in between. Effects outside the database, such as sending a message
/// or calling another service, are not part of the transaction: record in it
/// that they must be done, and do them later (an outbox).
///
/// `examples/transaction` is a complete example.
///
/// # What is promised
///
/// * A claim is one statement, and commits by itself. If it returns a row, the
///   caller has the key; otherwise a second query tells who does.
/// * Only the server's `clock_timestamp()` counts, no other clock.
/// * Completing, releasing and extending change nothing unless the row still
///   has the ticket's fence, 128 random bits. A claim whose lease has expired
///   can be completed as long as no one took over.
/// * No one waits for a transaction that is completing a key: a claim meanwhile
///   is [`Claim::InProgress`], even after the lease has ended.
/// * A call ends within the [time limit](Self::within), 1 s by default,
///   including the wait for a connection. The server may still carry out a call
///   that timed out; a claim ends with its lease.
///
/// # What can break it
///
/// * **Isolation.** Any level is correct. At `repeatable read` and
///   `serializable` the server fails conflicting statements (40001); the store
///   tries again until the time limit. In your own transaction that is up to
///   you: run all of it again, or let the handler fail and the gateway retry.
///   Higher levels cost more: prefer `read committed` for the store's own
///   connections.
/// * **Failover.** With `synchronous_commit = on` (the default) and synchronous
///   replication, nothing that was answered is lost. With asynchronous
///   replication the last writes can be lost, and their events are handled
///   again. With `synchronous_commit = off` a crash loses up to three times
///   `wal_writer_delay`, 600 ms.
/// * **Eviction.** There is none. Expired rows stay until
///   [`purge`](Self::purge) deletes them; until then they can be claimed as if
///   they were gone.
/// * **Clocks.** Setting the server's clock forward ends leases early.
/// * **Proxies.** Statements are sent whole unless your [`Connections`] keep
///   prepared ones; each is its own transaction, so transaction pooling works.
///
/// # How to size it
///
/// A key of 60 bytes takes about 260 bytes including both indexes when they are
/// packed, and half as much again in normal operation: a million events a day,
/// remembered for a day, take about 400 MB. (The measurements are in
/// `tests/servers/figures.md`.) Claiming and completing are two commits. A
/// connection does one thing at a time: you need as many connections as there
/// are deliveries being claimed or completed in the same few milliseconds, not
/// as many as are being handled.
///
/// Use UTF-8 as the database encoding: keys contain ids as the gateways write
/// them.
///
/// These types of the crate `tokio-postgres`, version 0.7, are part of this
/// crate's public API: `Client` and [`Statement`] (in [`Connections`]),
/// [`Transaction`] (in [`complete_in`](Self::complete_in)) and `Error` (in
/// [`PostgresStoreError`]).
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
    /// The SQL of the table and its index, for your own migrations. They are
    /// created in, and found through, the `search_path`.
    pub const SCHEMA: &'static str = include_str!("schema.sql");

    /// The statement of [`complete_in_prepared`](PostgresStore::complete_in_prepared).
    pub const COMPLETE: &'static str = COMPLETE;
}

impl<C: Connections> PostgresStore<C> {
    /// A store that uses these connections.
    pub fn new(connections: C) -> Self {
        Self { connections, limit: Limit::default() }
    }

    /// How long a call may take; the default is 1 s.
    #[must_use]
    pub fn within(self, limit: Duration) -> Self {
        Self { limit: self.limit.within(limit), ..self }
    }

    /// The timer for the time limit, for connections on a runtime other than
    /// tokio.
    #[must_use]
    pub fn timer(self, timer: impl Timer) -> Self {
        Self { limit: self.limit.timer(timer), ..self }
    }

    /// Creates the table if it does not exist. Any number of processes may do
    /// so at once. The time limit does not apply.
    ///
    /// # Errors
    ///
    /// When there is no connection, or the role may not create tables.
    pub async fn create_schema(&self) -> Result<(), PostgresStoreError> {
        let lent = self.lend().await?;
        let schema = [LOCK_SCHEMA, PostgresStore::SCHEMA].concat();
        Ok(C::client(&lent).batch_execute(&schema).await?)
    }

    /// Deletes expired rows, a thousand at a time, and returns how many. Call
    /// it every few minutes, from one process or from all.
    ///
    /// # Errors
    ///
    /// When the database is unavailable. What was deleted before that stays
    /// deleted.
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

    /// Completes within a transaction: if it commits, the key is done; if not,
    /// nothing has happened. Do it last, since it locks the key until the
    /// transaction ends.
    ///
    /// On [`Settled::Lost`] another worker owns the event: **roll back**, and
    /// return an error. That worker does the work, and the gateway's next
    /// attempt is answered accordingly.
    ///
    /// Once the handler has committed, the receiver answers `handled`.
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
    ///     Settled::Lost => return Err(Failure::retry("another worker took over")),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the database is unavailable, or fails the transaction (40001).
    pub async fn complete_in(
        &self,
        transaction: &Transaction<'_>,
        ticket: &Ticket,
        retain: Duration,
    ) -> Result<Settled, PostgresStoreError> {
        self.complete_by(transaction, None, ticket, retain).await
    }

    /// The same as [`complete_in`](Self::complete_in), by a statement that was prepared
    /// from [`PostgresStore::COMPLETE`](PostgresStore::COMPLETE) on the transaction's
    /// connection. The server then need not plan it each time; pools such as
    /// `deadpool-postgres` keep prepared statements (`prepare_cached`).
    ///
    /// # Errors
    ///
    /// As for [`complete_in`](Self::complete_in), and when the statement belongs to
    /// another connection.
    pub async fn complete_in_prepared(
        &self,
        transaction: &Transaction<'_>,
        complete: &Statement,
        ticket: &Ticket,
        retain: Duration,
    ) -> Result<Settled, PostgresStoreError> {
        self.complete_by(transaction, Some(complete), ticket, retain).await
    }

    async fn complete_by(
        &self,
        transaction: &Transaction<'_>,
        prepared: Option<&Statement>,
        ticket: &Ticket,
        retain: Duration,
    ) -> Result<Settled, PostgresStoreError> {
        let (fence, time) = (ticket.fence().to_be_bytes(), microseconds(retain));
        let fence = fence.as_slice();
        let parameters: [Parameter<'_>; 3] =
            [(&ticket.key().as_str(), Type::TEXT), (&fence, Type::BYTEA), (&time, Type::INT8)];
        let complete = async {
            Ok(match prepared {
                Some(prepared) => transaction.execute(prepared, &untyped(&parameters)).await?,
                None => transaction.execute_typed(COMPLETE, &parameters).await?,
            })
        };
        let changed = self.limited(complete).await?;
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

    /// Runs a query, and again when the server reports a conflict with another
    /// transaction.
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

/// The server's own message if there is one: the error's text is just "db
/// error".
fn said(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(said) => format!("{} (SQLSTATE {})", said.message(), said.code().code()),
        None => error.to_string(),
    }
}

/// Whether the statement failed because of a conflict and would succeed later.
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

/// Why PostgreSQL is unavailable.
#[cfg_attr(docsrs, doc(cfg(feature = "postgres")))]
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PostgresStoreError {
    /// There was no answer in time. The server may still carry out the request.
    #[error("PostgreSQL did not answer within {limit:?}")]
    #[non_exhaustive]
    TooSlow {
        /// The time limit.
        limit: Duration,
    },
    /// The table does not exist.
    #[error("the table zaphook_keys is missing: call create_schema, or run SCHEMA")]
    NoSchema,
    /// There is no connection available.
    #[error("no connection to PostgreSQL: {0}")]
    Connection(#[source] Box<dyn Error + Send + Sync>),
    /// The connection failed, or the server returned an error.
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
