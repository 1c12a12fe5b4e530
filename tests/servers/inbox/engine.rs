//! The two engines under test, by their address: pgmq beside the store of PostgreSQL, and
//! honker in one file with the store of SQLite.

use std::process::Command;
use std::time::{Duration, Instant};

use zaphook::idempotency::{Settled, SqliteStore};
use zaphook::{Delivery, EnviaAi, Failure, PostgresStore, Stored, Verdict};

use super::process::{Log, passes};
use super::{VISIBLE_AFTER, consumer};
use crate::pooled::Pooled;
use crate::run::seed;
use crate::server::{Folder, Postgres, Server};
use crate::{block_on, crash, embedded, queue, stores, worker};

/// What is in a queue: its number, and what was pushed.
pub(super) type Entry = (i64, Stored);

#[derive(Clone)]
pub(super) enum Engine {
    Pgmq { queue: queue::Queue, store: PostgresStore<Pooled>, pool: Pooled },
    File { queue: embedded::Queue, store: SqliteStore, url: String },
}

/// The same with either queue: they have the same calls, and no type in common.
macro_rules! on_queue {
    ($engine:expr, $queue:ident => $does:expr) => {
        match $engine {
            Engine::Pgmq { queue: $queue, .. } => $does,
            Engine::File { queue: $queue, .. } => $does,
        }
    };
}

/// The same with either store.
macro_rules! on_store {
    ($engine:expr, $store:ident => $does:expr) => {
        match $engine {
            Engine::Pgmq { store: $store, .. } => $does,
            Engine::File { store: $store, .. } => $does,
        }
    };
}

impl Engine {
    /// With so many connections, where there are any.
    pub(super) async fn open(url: &str, connections: usize) -> Self {
        match url.strip_prefix("sqlite:") {
            Some(path) => Self::File {
                queue: embedded::Queue::open(path.as_ref(), VISIBLE_AFTER).unwrap(),
                store: stores::sqlite(url),
                url: url.to_owned(),
            },
            None => {
                let pool = Pooled::new(url, connections).unwrap();
                // It may be down, or on its way back.
                let started = Instant::now();
                let queue = loop {
                    match queue::Queue::open(pool.clone(), VISIBLE_AFTER).await {
                        Ok(queue) => break queue,
                        Err(error) => assert!(started.elapsed() < stores::PATIENT, "{error}"),
                    }
                    tokio::time::sleep(Duration::from_millis(50)).await;
                };
                Self::Pgmq { queue, store: PostgresStore::new(pool.clone()), pool }
            }
        }
    }

    pub(super) async fn push(&self, entry: Stored) -> Result<(), Failure> {
        on_queue!(self, queue => queue.push(entry).await)
    }

    pub(super) async fn take(&self, most: i32) -> Vec<Entry> {
        on_queue!(self, queue => {
            let taken = queue.take(most).await.unwrap_or_default().into_iter();
            taken.map(|taken| (taken.id, taken.stored.unwrap())).collect()
        })
    }

    /// As the verdict says. What could not be settled is handed out again.
    pub(super) async fn settle(&self, id: i64, verdict: &Verdict) {
        let _ = on_queue!(self, queue => match verdict {
            Verdict::Done => queue.remove(&[id]).await,
            Verdict::Again { after, .. } => queue.put_off(id, *after).await,
            _ => queue.set_aside(id).await,
        });
    }

    pub(super) async fn dead(&self) -> Vec<Stored> {
        on_queue!(self, queue => {
            let dead = queue.dead().await.unwrap().into_iter();
            dead.map(|entry| entry.stored.unwrap()).collect()
        })
    }

    pub(super) async fn replay(&self) -> u64 {
        on_queue!(self, queue => queue.replay(None).await.unwrap())
    }

    /// Works on an entry: one row, in the transaction that completes it.
    pub(super) async fn work(&self, entry: &Stored, log: &Log) -> Verdict {
        on_store!(self, store => {
            consumer(store.clone()).work(entry, |delivery| self.handle(delivery, log)).await
        })
    }

    /// Works on an entry that nobody can handle.
    pub(super) async fn give_up(&self, entry: &Stored) -> Verdict {
        let hopeless = |_| async { Err(Failure::give_up("no such customer")) };
        on_store!(self, store => consumer(store.clone()).work(entry, hopeless).await)
    }

    async fn handle(&self, delivery: Delivery<EnviaAi>, log: &Log) -> Result<(), Failure> {
        let name = delivery.event().message_id().unwrap();
        log.begins(name);
        passes("after the claim");
        if name.contains("poison") {
            std::process::abort();
        }
        let settled = self.effect(&delivery, Duration::from_millis(1)).await;
        passes("after the commit");
        // Before the claim is given back, if it is.
        log.ends(name);
        match settled? {
            Settled::Applied => Ok(()),
            Settled::Lost => Err(Failure::retry("another worker has taken it over")),
        }
    }

    pub(super) async fn effect(
        &self,
        delivery: &Delivery<EnviaAi>,
        takes: Duration,
    ) -> Result<Settled, Failure> {
        let ticket = delivery.ticket().unwrap();
        match self {
            Self::Pgmq { store, pool, .. } => {
                let mut client = pool.0.get().await?;
                Ok(worker::effect(store, &mut client, ticket, takes).await?)
            }
            Self::File { store, url, .. } => {
                let work = || worker::effect_in_file(url, store, ticket, takes);
                Ok(tokio::task::block_in_place(work)?)
            }
        }
    }
}

/// A file of its own, with empty tables for what the handlers do.
pub(super) fn file(folder: &Folder) -> String {
    let url = folder.url();
    block_on(Engine::open(&url, 1));
    crash::prepare_file(&url);
    url
}

/// pgmq's own SQL, out of the registry's copy of the crate of that name. Nothing of it
/// is built.
fn sql_of_pgmq() -> String {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../pgmq/Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--format-version", "1", "--manifest-path", manifest])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let pgmq = packages.iter().find(|package| package["name"] == "pgmq").unwrap();
    let folder = std::path::Path::new(pgmq["manifest_path"].as_str().unwrap()).parent().unwrap();
    std::fs::read_to_string(folder.join("src/install/embedded/sql/pgmq.sql")).unwrap()
}

/// A database of its own, with pgmq, and empty tables for what the handlers do.
pub(crate) fn database(postgres: &Postgres) -> String {
    let name = format!("inbox_{}", seed());
    block_on(async {
        let admin = Pooled::new(&postgres.url(), 1).unwrap().0.get().await.unwrap();
        admin.batch_execute(&format!("create database {name}")).await.unwrap();
        let url = postgres.database(&name);
        let client = Pooled::new(&url, 1).unwrap().0.get().await.unwrap();
        // Without it the queue says how to get it.
        let missing = queue::Queue::open(Pooled::new(&url, 1).unwrap(), VISIBLE_AFTER).await;
        assert!(missing.err().unwrap().to_string().contains("create extension pgmq"));
        client.batch_execute(&sql_of_pgmq()).await.unwrap();
        Engine::open(&url, 1).await;
    });
    crash::prepare(&postgres.database(&name));
    postgres.database(&name)
}

/// What a statement gives, a text a row.
pub(crate) async fn texts(url: &str, statement: &str) -> Vec<String> {
    if url.starts_with("sqlite:") {
        let file = stores::file(url);
        let mut statement = file.prepare(statement).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        return rows.map(Result::unwrap).collect();
    }
    let client = Pooled::new(url, 1).unwrap().0.get().await.unwrap();
    client.query(statement, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

pub(crate) async fn execute(url: &str, statements: &str) {
    if url.starts_with("sqlite:") {
        return stores::file(url).execute_batch(statements).unwrap();
    }
    let client = Pooled::new(url, 1).unwrap().0.get().await.unwrap();
    client.batch_execute(statements).await.unwrap();
}

pub(crate) async fn in_queue(url: &str) -> usize {
    let count = match url.starts_with("sqlite:") {
        true => "select cast(count(*) as text) from _honker_live",
        false => "select count(*)::text from pgmq.q_inbox",
    };
    texts(url, count).await[0].parse().unwrap()
}
