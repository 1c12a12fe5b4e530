//! A receiver that stores first, answers, and works later, on one machine with nothing
//! installed: on axum and a file of SQLite, with [honker](https://honker.dev) as the
//! queue.
//!
//! ```text
//! ENVIAAI_SECRETS=whs_3b9ff21c cargo run --features sqlite --example embedded
//! cargo run --features sqlite --example embedded -- --dead
//! cargo run --features sqlite --example embedded -- --replay all
//! ```
//!
//! The file is `DATABASE` (`inbox.db` if not set), on a disk of this machine: entries,
//! claims and the work are in it. What was answered 200 is handled, set aside, or still
//! in the queue. For doors and workers on many machines, and for a queue that has been
//! in use for years, see `--example inbox`.
//!
//! To be copied are `queue.rs` and `inbox/worker.rs`, beside `axum/adapter.rs`. This
//! file is an application on them: its handler writes a row per event, in the
//! transaction that completes it, so that there is one row per event whatever crashes.
//! The gateways are configured as for `--example axum`.
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
#[path = "../inbox/program.rs"]
mod program;
mod queue;
#[path = "../inbox/worker.rs"]
mod worker;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};
use tokio::task::spawn_blocking;
use zaphook::idempotency::{Settled, SharedStore, SqliteStore};
use zaphook::{AnyDelivery, Failure};

use adapter::Problem;
use program::{REMEMBERED, VISIBLE_AFTER, plain};
use queue::Queue;

const ABOUT: &str = "\
A receiver that stores first and works later, in one file of SQLite: DATABASE, or
inbox.db. The gateways are configured as for the example axum.
";

#[tokio::main]
async fn main() -> ExitCode {
    program::main(ABOUT).await
}

struct Inbox {
    file: PathBuf,
    queue: Queue,
    store: SqliteStore,
}

impl Inbox {
    async fn open() -> Result<Self, Problem> {
        let file = std::env::var_os("DATABASE").map_or("inbox.db".into(), PathBuf::from);
        let queue = Queue::open(&file, VISIBLE_AFTER).map_err(plain)?;
        // Who works waits for the door's commits, and for other workers'.
        let store = SqliteStore::open(&file)?.within(Duration::from_secs(5))?;
        let table = "create table if not exists inbox_events (
            key text not null, gateway text not null, name text not null,
            received_at text not null default current_timestamp)";
        connection(&file)?.execute_batch(table)?;
        Ok(Self { file, queue, store })
    }

    fn shared(&self) -> SharedStore {
        SharedStore::new(self.store.clone())
    }

    /// A row per event, written in the transaction that completes it.
    async fn handle(&self, delivery: AnyDelivery) -> Result<(), Failure> {
        let (file, store) = (self.file.clone(), self.store.clone());
        let work = move || -> Result<(), Failure> {
            let ticket = delivery.ticket().ok_or("handled without a claim")?;
            let mut connection = connection(&file)?;
            let work = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let insert = "insert into inbox_events (key, gateway, name) values (?1, ?2, ?3)";
            work.execute(insert, (ticket.key().as_str(), delivery.gateway(), delivery.name()))?;
            match store.complete_in(&work, ticket, REMEMBERED)? {
                Settled::Applied => work.commit()?,
                Settled::Lost => return Err(Failure::retry("another worker has taken it over")),
            }
            Ok(())
        };
        spawn_blocking(work).await?
    }
}

/// The application's own, on the same file.
fn connection(file: &PathBuf) -> rusqlite::Result<Connection> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.execute_batch("pragma synchronous = full")?;
    Ok(connection)
}
