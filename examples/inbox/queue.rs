//! **To be copied**: a queue of stored deliveries in PostgreSQL, by pgmq. All of a
//! queue, leases, visibility and order, is pgmq's; these are the statements, and a task
//! that lets many pushes share a commit.
//!
//! Entries hold message texts and phone numbers, and with some gateways credentials:
//! what is done is deleted, and what was set aside should not stay for ever.
//!
//! A transaction that stays open for long keeps the tables of every queue from being
//! cleaned. Alarm on the age of the oldest entry (`oldest_msg_age_sec` of
//! `pgmq.metrics('inbox')`).

use std::slice;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::Object;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tokio_postgres::Row;
use zaphook::{Failure, Stored};

use super::pooled::Pooled;

pub(crate) type Problem = Box<dyn std::error::Error + Send + Sync>;

/// One for all that were in a statement.
type Refused = Arc<dyn std::error::Error + Send + Sync>;

/// How to get it where it is missing.
const INSTALL: &str = "\
pgmq is missing in this database. Where it can be installed as an extension
(most managed servers have it): `create extension pgmq`. Elsewhere run its SQL,
which needs no extension: https://github.com/pgmq/pgmq, file
pgmq-extension/sql/pgmq.sql";

/// How many pushes share a commit at most, and up to how many bytes. A commit waits for
/// the disk.
const TOGETHER: usize = 64;
const TOGETHER_BYTES: usize = 1 << 20;

/// How long a statement that pushes may take; then its connection is given up, since the
/// server may be gone without a word. The door has stopped waiting long before.
const PUSHED_WITHIN: Duration = Duration::from_secs(10);

/// The queue `inbox`, and its archive, which is where entries are set aside.
#[derive(Clone)]
pub(crate) struct Queue {
    pool: Pooled,
    /// In whole seconds.
    visible_after: i32,
    pushes: mpsc::Sender<Push>,
}

/// An entry as JSON, and who waits for it to be on the disk.
struct Push {
    entry: String,
    pushed: oneshot::Sender<Result<(), Refused>>,
}

/// An entry that was taken.
pub(crate) struct Taken {
    pub(crate) id: i64,
    /// What was pushed, or why it is no delivery.
    pub(crate) stored: Result<Stored, serde_json::Error>,
}

impl Queue {
    /// Opens the queue, and makes it if it is not there. An entry that was taken is not
    /// handed out again for so long.
    ///
    /// # Errors
    ///
    /// Where pgmq is missing, and on a server that may forget what it has acknowledged.
    pub(crate) async fn open(pool: Pooled, visible_after: Duration) -> Result<Self, Problem> {
        let (pushes, waiting) = mpsc::channel(TOGETHER);
        let queue = Self { pool, visible_after: seconds(visible_after), pushes };
        let client = queue.pool.0.get().await?;
        let has_pgmq = "select to_regprocedure('pgmq.send(text, jsonb)') is not null";
        if !client.query_one(has_pgmq, &[]).await?.get::<_, bool>(0) {
            return Err(INSTALL.into());
        }
        // Two that make it at once would collide.
        let make = "
            begin;
            select pg_advisory_xact_lock(8102098466870001);
            do $$ begin
                if not exists (select from pgmq.meta where queue_name = 'inbox') then
                    perform pgmq.create('inbox');
                end if;
            end $$;
            commit";
        client.batch_execute(make).await?;
        let settings = "
            select current_setting('fsync'), current_setting('full_page_writes'),
                current_setting('synchronous_commit'),
                current_setting('synchronous_standby_names') <> '',
                (select is_unlogged from pgmq.meta where queue_name = 'inbox')";
        let row = client.query_one(settings, &[]).await?;
        let forgets = |setting: &str| -> Problem {
            format!("this server may forget what it has acknowledged: {setting}").into()
        };
        for (at, name) in [(0, "fsync"), (1, "full_page_writes")] {
            if row.get::<_, &str>(at) != "on" {
                return Err(forgets(&format!("{name} is off")));
            }
        }
        let (commit, has_standby) = (row.get::<_, &str>(2), row.get::<_, bool>(3));
        if commit == "off" || has_standby && commit == "local" {
            return Err(forgets(&format!("synchronous_commit is {commit}")));
        }
        if row.get::<_, bool>(4) {
            return Err(forgets("the queue is unlogged"));
        }
        tokio::spawn(write(queue.pool.clone(), waiting));
        Ok(queue)
    }

    /// `Ok` once PostgreSQL has it on its disk. What is pushed while a statement is under
    /// way goes together in the next one.
    pub(crate) async fn push(&self, entry: Stored) -> Result<(), Failure> {
        let entry = serde_json::to_string(&entry)?;
        let (pushed, answer) = oneshot::channel();
        let push = Push { entry, pushed };
        self.pushes.send(push).await.map_err(|_| "the writer has ended")?;
        answer.await?.map_err(Failure::retry)
    }

    /// The next entries that are due, at most so many.
    pub(crate) async fn take(&self, most: i32) -> Result<Vec<Taken>, Problem> {
        let client = self.pool.0.get().await?;
        let read = "select msg_id, message::text from pgmq.read('inbox', $1, $2)";
        let read = client.prepare_cached(read).await?;
        let rows = client.query(&read, &[&self.visible_after, &most]).await?;
        Ok(rows.iter().map(taken).collect())
    }

    /// These are done.
    pub(crate) async fn remove(&self, ids: &[i64]) -> Result<(), Problem> {
        let client = self.pool.0.get().await?;
        let remove = client.prepare_cached("select pgmq.delete('inbox', $1::bigint[])").await?;
        client.query(&remove, &[&ids]).await?;
        Ok(())
    }

    /// It is due again after so long.
    pub(crate) async fn put_off(&self, id: i64, after: Duration) -> Result<(), Problem> {
        let client = self.pool.0.get().await?;
        let put_off = "select msg_id from pgmq.set_vt('inbox', $1::bigint, $2::integer)";
        let put_off = client.prepare_cached(put_off).await?;
        client.query(&put_off, &[&id, &seconds(after)]).await?;
        Ok(())
    }

    /// It goes to the archive, the table of the dead letters.
    pub(crate) async fn set_aside(&self, id: i64) -> Result<(), Problem> {
        let client = self.pool.0.get().await?;
        let archive = client.prepare_cached("select pgmq.archive('inbox', $1::bigint)").await?;
        client.query_one(&archive, &[&id]).await?;
        Ok(())
    }

    /// The dead letters, the oldest first.
    pub(crate) async fn dead(&self) -> Result<Vec<Taken>, Problem> {
        let client = self.pool.0.get().await?;
        let dead = "select msg_id, message::text from pgmq.a_inbox order by msg_id";
        Ok(client.query(dead, &[]).await?.iter().map(taken).collect())
    }

    /// Pushes dead letters again, all of them or some, and says how many it was. In one
    /// statement: pressed twice, it moves nothing the second time.
    pub(crate) async fn replay(&self, ids: Option<&[i64]>) -> Result<u64, Problem> {
        let client = self.pool.0.get().await?;
        let replay = "
            with dead as (
                delete from pgmq.a_inbox
                where $1::bigint[] is null or msg_id = any($1)
                returning message
            )
            select pgmq.send('inbox', message) from dead";
        let replayed = client.query(replay, &[&ids]).await?.len();
        Ok(replayed.try_into()?)
    }
}

/// Pushes what waits, many at a time.
async fn write(pool: Pooled, mut waiting: mpsc::Receiver<Push>) {
    while let Some(first) = waiting.recv().await {
        let mut bytes = first.entry.len();
        let mut all = vec![first];
        while all.len() < TOGETHER && bytes < TOGETHER_BYTES {
            let Ok(next) = waiting.try_recv() else { break };
            bytes += next.entry.len();
            all.push(next);
        }
        // Whoever has hung up was answered already, by an error.
        all.retain(|push| !push.pushed.is_closed());
        if all.is_empty() {
            continue;
        }
        let together = send(&pool, &all).await.map_err(Arc::from);
        // Where one is refused, the others are not refused with it.
        let each = together.is_err() && all.len() > 1;
        for push in all {
            let sent = match each && !push.pushed.is_closed() {
                true => send(&pool, slice::from_ref(&push)).await.map_err(Arc::from),
                false => together.clone(),
            };
            let _ = push.pushed.send(sent);
        }
    }
}

async fn send(pool: &Pooled, all: &[Push]) -> Result<(), Problem> {
    let client = timeout(PUSHED_WITHIN, pool.0.get()).await??;
    let entries: Vec<&str> = all.iter().map(|push| &*push.entry).collect();
    let sent = timeout(PUSHED_WITHIN, async {
        let send = "select pgmq.send_batch('inbox', $1::text[]::jsonb[])";
        let send = client.prepare_cached(send).await?;
        client.query(&send, &[&entries]).await
    });
    match sent.await {
        Ok(sent) => Ok(sent.map(drop)?),
        Err(late) => {
            // Not back into the pool: nothing tells what this connection is still doing.
            drop(Object::take(client));
            Err(late.into())
        }
    }
}

/// Whole seconds, never early.
fn seconds(time: Duration) -> i32 {
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    i32::try_from(seconds).unwrap_or(i32::MAX)
}

fn taken(row: &Row) -> Taken {
    Taken { id: row.get(0), stored: serde_json::from_str(row.get(1)) }
}
