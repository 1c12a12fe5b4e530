//! Where a store gets its connections.

use std::convert::Infallible;
use std::error::Error;
use std::future::{Future, ready};
use std::sync::Arc;

use tokio_postgres::{Client, Statement};

/// Where a [`PostgresStore`](super::PostgresStore) gets its connections: your
/// pool, or one `Arc<Client>`.
///
/// For a pool, implement it for a type of your own, here for
/// `deadpool-postgres`:
///
/// ```
/// # // What the example needs of that crate, which is no dependency of this one's tests.
/// # mod deadpool_postgres {
/// #     use tokio_postgres::{Client, Error, Statement};
/// #     pub type PoolError = std::convert::Infallible;
/// #     pub struct Object(std::sync::Arc<Client>);
/// #     pub struct Pool(std::sync::Arc<Client>);
/// #     impl Pool {
/// #         pub async fn get(&self) -> Result<Object, PoolError> { Ok(Object(self.0.clone())) }
/// #     }
/// #     impl Object {
/// #         pub async fn prepare_cached(&self, query: &str) -> Result<Statement, Error> {
/// #             self.0.prepare(query).await
/// #         }
/// #     }
/// #     impl std::ops::Deref for Object {
/// #         type Target = Client;
/// #         fn deref(&self) -> &Client { &self.0 }
/// #     }
/// # }
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
    /// A borrowed connection, which returns to the pool when it is dropped.
    type Lent: Send + Sync;
    /// Why there is no connection.
    type Error: Error + Send + Sync + 'static;

    /// A connection on which no one else has a transaction open.
    fn lend(&self) -> impl Future<Output = Result<Self::Lent, Self::Error>> + Send;

    /// The client of this connection.
    fn client(lent: &Self::Lent) -> &Client;

    /// The statement, prepared on this connection, if the pool caches prepared
    /// statements: it is then parsed and planned once. By default the statement
    /// is sent whole each time, which also works with proxies that do not
    /// support prepared statements.
    ///
    /// There are six statements, and they never change.
    fn prepared(
        lent: &Self::Lent,
        statement: &str,
    ) -> impl Future<Output = Result<Option<Statement>, tokio_postgres::Error>> + Send {
        let _ = (lent, statement);
        ready(Ok(None))
    }
}

/// A single connection. All calls share it, one after another, and once it is
/// lost every call fails: for tests and small programs.
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
