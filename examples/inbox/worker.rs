//! **To be copied**: takes entries of the queue, works on them, and does what the
//! verdict says. The claims of the store see to it that one worker owns an event at a
//! time, wherever the others run.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use tokio::sync::watch;
use zaphook::idempotency::SharedStore;
use zaphook::{AnyDelivery, AnyReceiver, Consumer, Failure, Verdict};

use super::queue::{Problem, Queue, Taken};

/// How many entries are taken at once: few, so that the other workers have a part of
/// them, and more each time as long as there are that many. Attempts are counted by the
/// claims, so one that ends the process takes none of the others with it.
const AT_ONCE: RangeInclusive<i32> = 5..=50;

/// How long to wait when there is nothing to do, or no way to find out.
const IDLE: Duration = Duration::from_millis(250);

/// How long to wait when there was less than was asked for: asking costs as much for one
/// entry as for fifty.
const BRIEFLY: Duration = Duration::from_millis(50);

/// What an entry is put off by that no consumer knows: a roll-out may bring one.
const UNKNOWN: Duration = Duration::from_secs(300);

/// A worker: a consumer for each gateway.
pub(crate) type Consumers = HashMap<&'static str, Consumer<AnyReceiver, SharedStore>>;

/// Works until it is told to end, and finishes what it has begun.
pub(crate) async fn work<F, Fut>(
    queue: Queue,
    consumers: Consumers,
    handle: F,
    mut end: watch::Receiver<bool>,
) where
    F: Fn(AnyDelivery) -> Fut + Send + Sync,
    Fut: Future<Output = Result<(), Failure>> + Send,
{
    let (mut at_once, mut done) = (*AT_ONCE.start(), Vec::new());
    while !*end.borrow() {
        let (taken, ()) = tokio::join!(queue.take(at_once), remove(&queue, &done));
        let taken = taken.unwrap_or_else(|error| {
            eprintln!("the queue is away: {error}");
            Vec::new()
        });
        done.clear();
        let is_full = taken.len() >= at_once.unsigned_abs() as usize;
        at_once = match is_full {
            true => (at_once * 2).min(*AT_ONCE.end()),
            false => (at_once / 2).max(*AT_ONCE.start()),
        };
        for entry in &taken {
            match settle(&queue, &consumers, &handle, entry).await {
                Ok(true) => done.push(entry.id),
                Ok(false) => {}
                Err(error) => eprintln!("entry {}: {error}", entry.id),
            }
            if *end.borrow() {
                // What is left of them is handed out again.
                break;
            }
        }
        if !is_full {
            let pause = if taken.is_empty() { IDLE } else { BRIEFLY };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = end.changed() => {}
            }
        }
    }
    remove(&queue, &done).await;
}

/// Removes what is done: many at once, which saves each of them a commit. What a process
/// leaves behind that dies before this is handed out again, and found done.
async fn remove(queue: &Queue, done: &[i64]) {
    if !done.is_empty()
        && let Err(error) = queue.remove(done).await
    {
        eprintln!("{} entries that are done are still queued: {error}", done.len());
    }
}

/// Says whether the entry is done, and can be removed.
async fn settle<F, Fut>(
    queue: &Queue,
    consumers: &Consumers,
    handle: &F,
    entry: &Taken,
) -> Result<bool, Problem>
where
    F: Fn(AnyDelivery) -> Fut + Send + Sync,
    Fut: Future<Output = Result<(), Failure>> + Send,
{
    let id = entry.id;
    let stored = match &entry.stored {
        Ok(stored) => stored,
        // Another program's row; in the dead letters an operator will see it.
        Err(error) => {
            eprintln!("entry {id} is no delivery: {error}");
            queue.set_aside(id).await?;
            return Ok(false);
        }
    };
    let Some(consumer) = consumers.get(stored.gateway()) else {
        eprintln!("entry {id} is of a gateway that is not configured here");
        queue.put_off(id, UNKNOWN).await?;
        return Ok(false);
    };
    match consumer.work(stored, handle).await {
        Verdict::Done => return Ok(true),
        Verdict::Again { after, outcome, .. } => {
            eprintln!("entry {id}: {}, again in {after:?}", outcome.as_str());
            queue.put_off(id, after).await?;
        }
        Verdict::Dead { reason, .. } => {
            eprintln!("entry {id}: set aside, {}", reason.as_str());
            queue.set_aside(id).await?;
        }
    }
    Ok(false)
}
