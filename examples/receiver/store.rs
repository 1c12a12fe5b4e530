//! Demonstration, not to be copied alone: where handled events are remembered,
//! in memory or in a server that many receivers share.

use zaphook::MemoryStore;
use zaphook::idempotency::SharedStore;

use super::arguments::Store;
use crate::adapter::Problem;

/// Opens the store; `keys` is how many are remembered in memory.
pub(crate) async fn open(store: Store, keys: usize) -> Result<SharedStore, Problem> {
    match store {
        Store::Memory => Ok(SharedStore::new(MemoryStore::with_capacity(keys))),
        Store::Redis(url) => redis(&url).await.map_err(|error| format!("--redis: {error}").into()),
        Store::Postgres(url) => {
            postgres(&url).await.map_err(|error| format!("--postgres: {error}").into())
        }
    }
}

#[cfg(feature = "redis")]
async fn redis(url: &str) -> Result<SharedStore, Problem> {
    use std::time::Duration;

    use redis::aio::{ConnectionManager, ConnectionManagerConfig};
    use zaphook::RedisStore;

    // It connects again by itself, and soon.
    let config = ConnectionManagerConfig::new()
        .set_max_delay(Duration::from_millis(500))
        .set_number_of_retries(3);
    let client = redis::Client::open(url)?;
    let store = RedisStore::new(ConnectionManager::new_with_config(client, config).await?);
    store.check().await?;
    Ok(SharedStore::new(store))
}

#[cfg(feature = "postgres")]
async fn postgres(url: &str) -> Result<SharedStore, Problem> {
    use std::time::Duration;

    use zaphook::PostgresStore;

    let store = PostgresStore::new(super::pooled::Pooled::new(url, 16)?);
    store.create_schema().await?;
    let purged = store.clone();
    tokio::spawn(async move {
        let mut every = tokio::time::interval(Duration::from_secs(300));
        loop {
            every.tick().await;
            if let Err(error) = purged.purge().await {
                eprintln!("old keys stay for now: {error}");
            }
        }
    });
    Ok(SharedStore::new(store))
}

#[cfg(not(feature = "redis"))]
async fn redis(_: &str) -> Result<SharedStore, Problem> {
    Err("built without it: cargo run --features redis --example axum".into())
}

#[cfg(not(feature = "postgres"))]
async fn postgres(_: &str) -> Result<SharedStore, Problem> {
    Err("built without it: cargo run --features postgres --example axum".into())
}
