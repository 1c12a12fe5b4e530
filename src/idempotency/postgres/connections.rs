//! Where a store has its connections from.

use std::convert::Infallible;
use std::error::Error;
use std::future::{Future, ready};
use std::sync::Arc;

use tokio_postgres::{Client, Statement};

/// Where a [`PostgresStore`](super::PostgresStore) has its connections from: a
/// pool of yours, or one `Arc<Client>`.
///
/// For a pool it takes a type of yours and three lines, here for
/// `deadpool-postgres`:
///
/// ```
/// use deadpool_postgres::{Object, Pool, PoolError};
/// use tokio_postgres::{Client, Statement};
/// use zaphook::idempotency::Connections;
///
/// struct Pooled(Pool);
///
/// impl Connections for Pooled {
///     type Lent = Object;
///     type Error = PoolError;
///
///     async fn lend(&self) -> Result<Object, PoolError> {
///         self.0.get().await
///     }
///
///     fn client(lent: &Object) -> &Client {
///         lent
///     }
///
///     async fn prepared(
///         lent: &Object,
///         statement: &str,
///     ) -> Result<Option<Statement>, tokio_postgres::Error> {
///         lent.prepare_cached(statement).await.map(Some)
///     }
/// }
/// ```
#[cfg_attr(docsrs, doc(cfg(feature = "postgres")))]
pub trait Connections: Send + Sync {
    /// A connection that is lent out and goes back when it is dropped.
    type Lent: Send + Sync;
    /// Why there is none.
    type Error: Error + Send + Sync + 'static;

    /// A connection that nobody else has a transaction on.
    fn lend(&self) -> impl Future<Output = Result<Self::Lent, Self::Error>> + Send;

    /// The client of a connection.
    fn client(lent: &Self::Lent) -> &Client;

    /// The statement as it was prepared on this connection, where the pool
    /// remembers that: it is then parsed and planned once. If not implemented, the
    /// statement is sent as a whole each time, which also suits proxies that
    /// cannot keep prepared statements.
    ///
    /// There are six statements; they never change.
    fn prepared(
        lent: &Self::Lent,
        statement: &str,
    ) -> impl Future<Output = Result<Option<Statement>, tokio_postgres::Error>> + Send {
        let _ = (lent, statement);
        ready(Ok(None))
    }
}

/// One connection. All calls share it, one after another, and when it is gone
/// every one of them fails: for tests and small programs.
#[cfg_attr(docsrs, doc(cfg(feature = "postgres")))]
impl Connections for Arc<Client> {
    type Lent = Self;
    type Error = Infallible;

    fn lend(&self) -> impl Future<Output = Result<Self, Infallible>> + Send {
        ready(Ok(Self::clone(self)))
    }

    fn client(lent: &Self) -> &Client {
        lent
    }
}
