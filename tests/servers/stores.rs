//! The stores under test, by the address of their server.

use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use zaphook::idempotency::SharedStore;
use zaphook::{PostgresStore, RedisStore, SqliteStore};

use crate::pooled::Pooled;

/// Longer than anything takes on a busy machine.
pub(crate) const PATIENT: Duration = Duration::from_secs(60);

pub(crate) async fn redis(url: &str) -> RedisStore<ConnectionManager> {
    let config = ConnectionManagerConfig::new()
        .set_max_delay(Duration::from_millis(500))
        // The store's limit is what is under test.
        .set_response_timeout(Some(PATIENT));
    let client = redis::Client::open(url).unwrap();
    RedisStore::new(ConnectionManager::new_with_config(client, config).await.unwrap())
}

/// Over one connection that does not come back.
pub(crate) async fn multiplexed(url: &str) -> redis::aio::MultiplexedConnection {
    redis::Client::open(url).unwrap().get_multiplexed_async_connection().await.unwrap()
}

pub(crate) fn postgres(url: &str, connections: usize) -> PostgresStore<Pooled> {
    PostgresStore::new(Pooled::new(url, connections).unwrap())
}

pub(crate) fn sqlite(url: &str) -> SqliteStore {
    SqliteStore::open(path(url)).unwrap().within(PATIENT).unwrap()
}

/// The application's own connection to the file.
pub(crate) fn file(url: &str) -> rusqlite::Connection {
    let file = rusqlite::Connection::open(path(url)).unwrap();
    file.busy_timeout(PATIENT).unwrap();
    file.execute_batch("pragma synchronous = full").unwrap();
    file
}

fn path(url: &str) -> &str {
    url.strip_prefix("sqlite:").unwrap()
}

/// One store for each of so many connections, with a time limit.
pub(crate) async fn open(url: &str, connections: usize, within: Duration) -> Vec<SharedStore> {
    if url.starts_with("redis:") {
        let mut stores = Vec::new();
        for _ in 0..connections {
            stores.push(SharedStore::new(redis(url).await.within(within)));
        }
        return stores;
    }
    if url.starts_with("sqlite:") {
        let store = SqliteStore::open(path(url)).unwrap().within(within).unwrap();
        return vec![SharedStore::new(store); connections];
    }
    let store = SharedStore::new(postgres(url, connections).within(within));
    vec![store; connections]
}

pub(crate) async fn open_one(url: &str) -> SharedStore {
    open(url, 8, PATIENT).await.remove(0)
}
