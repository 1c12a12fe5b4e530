//! **To be copied**: a queue of stored deliveries in a file of SQLite, by
//! [honker](https://honker.dev). All of a queue, claims, visibility and order, is
//! honker's; these are the calls.
//!
//! honker is young and calls itself alpha. What this file does beyond calling it:
//!
//! * `synchronous = FULL` on its connection, so that a power failure takes nothing that
//!   was answered with 200. Its own default takes the last commits.
//! * What is set aside is moved within a transaction that ends only if it was moved:
//!   `Job::fail` of 0.5.0 deletes an entry first, and loses it if it then cannot read
//!   what it deleted.
//! * Attempts are counted by the claims of the store, so honker's own limit is out of
//!   reach.
//!
//! Entries hold message texts and phone numbers, and with some gateways credentials:
//! what is done is deleted, and what was set aside should not stay for ever.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use honker::{Database, EnqueueOpts, QueueOpts};
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;
use zaphook::{Failure, Stored};

pub(crate) type Problem = Box<dyn std::error::Error + Send + Sync>;

const INBOX: &str = "inbox";

/// How many pushes share a commit at most. A commit waits for the disk.
const AT_ONCE: usize = 256;

/// The queue `inbox`, and honker's table of dead entries.
#[derive(Clone)]
pub(crate) struct Queue {
    database: Database,
    queue: honker::Queue,
    /// What honker knows this process by: what it took, nobody else can remove.
    worker: Arc<str>,
    pushes: Sender<Push>,
}

/// An entry that was taken.
pub(crate) struct Taken {
    pub(crate) id: i64,
    /// What was pushed, or why it is no delivery.
    pub(crate) stored: Result<Stored, serde_json::Error>,
}

/// An entry, and who waits for it to be on the disk.
struct Push {
    entry: Stored,
    pushed: oneshot::Sender<Result<(), Arc<honker::Error>>>,
}

impl Queue {
    /// Opens the file, and makes it if it is not there. An entry that was taken is not
    /// handed out again for so long.
    ///
    /// # Errors
    ///
    /// Where the file cannot be one that keeps what it has acknowledged.
    pub(crate) fn open(file: &Path, visible_after: Duration) -> Result<Self, Problem> {
        let database = Database::open(file)?;
        database.with_conn(|connection| {
            connection.execute_batch("pragma synchronous = full")?;
            let synchronous: i64 =
                connection.pragma_query_value(None, "synchronous", |row| row.get(0))?;
            let mode: String =
                connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
            match (synchronous, mode.as_str()) {
                (2, "wal") => Ok(()),
                _ => Err(Problem::from(format!(
                    "this file may forget what it has acknowledged: synchronous is \
                     {synchronous}, the journal {mode}"
                ))),
            }
        })?;
        let options =
            QueueOpts { visibility_timeout_s: seconds(visible_after), max_attempts: i64::MAX };
        let queue = database.queue(INBOX, options);
        let (pushes, waiting) = channel();
        let writer = Writer { database: database.clone(), queue: queue.clone() };
        std::thread::Builder::new().name("inbox".into()).spawn(move || writer.run(&waiting))?;
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
        let worker = format!("{}-{}", std::process::id(), now.as_nanos()).into();
        Ok(Self { database, queue, worker, pushes })
    }

    /// `Ok` once it is on the disk.
    pub(crate) async fn push(&self, entry: Stored) -> Result<(), Failure> {
        let (pushed, answer) = oneshot::channel();
        self.pushes.send(Push { entry, pushed }).map_err(|_| "the writer has ended")?;
        answer.await?.map_err(|error| Failure::retry(error.to_string()))
    }

    /// The next entries that are due, at most so many.
    pub(crate) async fn take(&self, most: i32) -> Result<Vec<Taken>, Problem> {
        let (queue, worker) = (self.queue.clone(), Arc::clone(&self.worker));
        let jobs = spawn_blocking(move || queue.claim_batch(&worker, most.into())).await??;
        let taken = jobs.iter();
        Ok(taken
            .map(|job| Taken { id: job.id, stored: serde_json::from_slice(&job.payload) })
            .collect())
    }

    /// These are done.
    pub(crate) async fn remove(&self, ids: &[i64]) -> Result<(), Problem> {
        let (queue, worker, ids) = (self.queue.clone(), Arc::clone(&self.worker), ids.to_vec());
        spawn_blocking(move || queue.ack_batch(&ids, &worker)).await??;
        Ok(())
    }

    /// It is due again after so long.
    pub(crate) async fn put_off(&self, id: i64, after: Duration) -> Result<(), Problem> {
        self.call("select honker_retry(?1, ?2, ?3, '')", id, seconds(after)).await
    }

    /// It goes to the table of dead entries.
    pub(crate) async fn set_aside(&self, id: i64) -> Result<(), Problem> {
        self.call("select honker_fail(?1, ?2, ?3)", id, String::new()).await
    }

    /// The dead letters, the oldest first.
    pub(crate) async fn dead(&self) -> Result<Vec<Taken>, Problem> {
        let database = self.database.clone();
        let dead = move || {
            database.with_conn(|connection| {
                let dead = "select id, payload from _honker_dead where queue = ?1 order by id";
                let mut dead = connection.prepare(dead)?;
                let rows = dead.query_map([INBOX], |row| Ok((row.get(0)?, row.get(1)?)))?;
                rows.collect::<Result<Vec<(i64, String)>, _>>()
            })
        };
        let dead = spawn_blocking(dead).await??.into_iter();
        let taken = dead.map(|(id, payload)| Taken { id, stored: serde_json::from_str(&payload) });
        Ok(taken.collect())
    }

    /// Pushes dead letters again, all of them or some, and says how many it was. In one
    /// transaction: pressed twice, it moves nothing the second time.
    pub(crate) async fn replay(&self, ids: Option<&[i64]>) -> Result<u64, Problem> {
        let (database, queue) = (self.database.clone(), self.queue.clone());
        let ids = ids.map(serde_json::to_string).transpose()?;
        let replay = move || -> Result<u64, honker::Error> {
            let transaction = database.transaction()?;
            let payloads: Vec<String> = {
                let dead = "
                    delete from _honker_dead
                    where queue = ?1
                        and (?2 is null or id in (select value from json_each(?2)))
                    returning payload";
                let mut dead = transaction.conn().prepare(dead)?;
                let rows = dead.query_map((INBOX, ids), |row| row.get(0))?;
                rows.collect::<Result<_, _>>()?
            };
            for payload in &payloads {
                let payload: &serde_json::value::RawValue = serde_json::from_str(payload)?;
                queue.enqueue_tx(&transaction, &payload, EnqueueOpts::default())?;
            }
            transaction.commit()?;
            Ok(payloads.len().try_into().unwrap_or(u64::MAX))
        };
        Ok(spawn_blocking(replay).await??)
    }

    /// One of honker's functions, which says how many entries it has changed. If it is
    /// none, because another worker has the entry by now, nothing is changed at all.
    async fn call(
        &self,
        statement: &'static str,
        id: i64,
        last: impl rusqlite::ToSql + Send + 'static,
    ) -> Result<(), Problem> {
        let (database, worker) = (self.database.clone(), Arc::clone(&self.worker));
        let call = move || -> Result<(), honker::Error> {
            let transaction = database.transaction()?;
            let changed: i64 =
                transaction.query_row(statement, (id, &*worker, last), |row| row.get(0))?;
            if changed == 1 { transaction.commit() } else { transaction.rollback() }
        };
        Ok(spawn_blocking(call).await??)
    }
}

/// Commits what waits, as one.
struct Writer {
    database: Database,
    queue: honker::Queue,
}

impl Writer {
    fn run(&self, waiting: &Receiver<Push>) {
        while let Ok(first) = waiting.recv() {
            let all: Vec<Push> =
                std::iter::once(first).chain(waiting.try_iter().take(AT_ONCE - 1)).collect();
            let committed = self.commit(&all).map_err(Arc::new);
            for push in all {
                // Who waited may have hung up.
                let _ = push.pushed.send(committed.clone());
            }
        }
    }

    fn commit(&self, all: &[Push]) -> Result<(), honker::Error> {
        let transaction = self.database.transaction()?;
        for push in all {
            self.queue.enqueue_tx(&transaction, &push.entry, EnqueueOpts::default())?;
        }
        transaction.commit()
    }
}

/// Whole seconds, never early.
fn seconds(time: Duration) -> i64 {
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    i64::try_from(seconds).unwrap_or(i64::MAX)
}
