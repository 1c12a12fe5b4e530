//! A receiver that stores first, answers, and works later: on axum and PostgreSQL,
//! with [pgmq](https://github.com/pgmq/pgmq) as the queue.
//!
//! ```text
//! export DATABASE_URL=postgres://user:password@127.0.0.1/database
//! ENVIAAI_SECRETS=whs_3b9ff21c cargo run --features postgres --example inbox
//! ENVIAAI_SECRETS=whs_3b9ff21c cargo run --features postgres --example inbox -- --role door
//! ENVIAAI_SECRETS=whs_3b9ff21c cargo run --features postgres --example inbox -- --role worker
//! cargo run --features postgres --example inbox -- --dead
//! cargo run --features postgres --example inbox -- --replay all
//! ```
//!
//! Doors and workers run in any number, on any machines. What was answered 200 is
//! handled, set aside, or still in the queue, as long as PostgreSQL keeps what it has
//! committed; at the start it is checked whether it does.
//!
//! To be copied are `queue.rs` and `worker.rs`, beside `axum/adapter.rs` and
//! `postgres/pooled.rs`. This file is an application on them: its handler writes a
//! row per event, in the transaction that completes it, so that there is one row per
//! event whatever crashes. The gateways are configured as for `--example axum`.
//!
//! What cannot be pushed is not answered by 200: gateways that retry for hours are
//! told to, eazeWA gets no answer at all, and for Wawp and WAHA, whose attempts end
//! within seconds, it is appended to the file `UNSTORED` (`unstored.jsonl` if not
//! set), which `--push FILE` pushes later.

#[path = "../axum/adapter.rs"]
mod adapter;
#[path = "../receiver/config.rs"]
#[allow(dead_code, reason = "the settings of another example's store and work")]
mod config;
#[path = "../receiver/gateways.rs"]
mod gateways;
#[path = "../postgres/pooled.rs"]
mod pooled;
mod program;
mod queue;
mod worker;

use std::process::ExitCode;

use tokio_postgres::types::ToSql;
use zaphook::idempotency::{PostgresStore, Settled, SharedStore};
use zaphook::{AnyDelivery, Failure};

use adapter::Problem;
use pooled::Pooled;
use program::{REMEMBERED, VISIBLE_AFTER, plain};
use queue::Queue;

const ABOUT: &str = "\
A receiver that stores first and works later. DATABASE_URL names a PostgreSQL with
pgmq; the gateways are configured as for the example axum.
";

#[tokio::main]
async fn main() -> ExitCode {
    program::main(ABOUT).await
}

struct Inbox {
    pool: Pooled,
    queue: Queue,
    store: PostgresStore<Pooled>,
}

impl Inbox {
    async fn open() -> Result<Self, Problem> {
        let url = std::env::var("DATABASE_URL").map_err(|_| "set DATABASE_URL")?;
        let pool = Pooled::new(&url, 16)?;
        let queue = Queue::open(pool.clone(), VISIBLE_AFTER).await.map_err(plain)?;
        let store = PostgresStore::new(pool.clone());
        store.create_schema().await?;
        let table = "create table if not exists inbox_events (
            key text not null, gateway text not null, name text not null,
            received_at timestamptz not null default now())";
        pool.0.get().await?.batch_execute(table).await?;
        Ok(Self { pool, queue, store })
    }

    fn shared(&self) -> SharedStore {
        SharedStore::new(self.store.clone())
    }

    /// A row per event, written in the transaction that completes it.
    async fn handle(&self, delivery: AnyDelivery) -> Result<(), Failure> {
        let ticket = delivery.ticket().ok_or("handled without a claim")?;
        let mut client = self.pool.0.get().await?;
        let work = client.transaction().await?;
        let insert = "insert into inbox_events (key, gateway, name) values ($1, $2, $3)";
        let insert = work.prepare_cached(insert).await?;
        let complete = work.prepare_cached(PostgresStore::COMPLETE).await?;
        let (key, gateway, name) = (ticket.key().as_str(), delivery.gateway(), delivery.name());
        let row: [&(dyn ToSql + Sync); 3] = [&key, &gateway, &name];
        // Sent one after the other, and answered together.
        let insert = work.execute(&insert, &row);
        let complete = self.store.complete_in_prepared(&work, &complete, ticket, REMEMBERED);
        let (inserted, completed) = tokio::join!(insert, complete);
        inserted?;
        match completed? {
            Settled::Applied => work.commit().await?,
            Settled::Lost => return Err(Failure::retry("another worker has taken it over")),
        }
        Ok(())
    }
}
