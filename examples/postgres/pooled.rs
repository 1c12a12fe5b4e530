//! A pool of connections to PostgreSQL for the store. This file can be copied
//! alone.

use deadpool_postgres::{Manager, Object, Pool, PoolError};
use tokio_postgres::{Client, NoTls, Statement};
use zaphook::idempotency::Connections;

/// Connections that are replaced when they break, and cache their prepared
/// statements.
#[derive(Clone)]
pub(crate) struct Pooled(pub(crate) Pool);

impl Pooled {
    /// At most this many connections, opened when they are needed.
    pub(crate) fn new(url: &str, connections: usize) -> Result<Self, Box<dyn std::error::Error>> {
        let manager = Manager::new(url.parse()?, NoTls);
        Ok(Self(Pool::builder(manager).max_size(connections).build()?))
    }
}

impl Connections for Pooled {
    type Lent = Object;
    type Error = PoolError;

    async fn lend(&self) -> Result<Object, PoolError> {
        self.0.get().await
    }

    fn client(lent: &Object) -> &Client {
        lent
    }

    async fn prepared(
        lent: &Object,
        statement: &str,
    ) -> Result<Option<Statement>, tokio_postgres::Error> {
        lent.prepare_cached(statement).await.map(Some)
    }
}
