//! What the processes do that are started to compete, to be killed and to be
//! stopped. They say on standard output how far they are.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use deadpool_postgres::Object;
use zaphook::idempotency::{
    Claim, IdempotencyStore, PostgresStoreError, Settled, SharedStore, SqliteStoreError, Ticket,
};
use zaphook::testing::key;
use zaphook::{Key, PostgresStore, SqliteStore};

use crate::pooled::Pooled;
use crate::run::Random;
use crate::{child, stores};

pub(crate) const DAY: Duration = Duration::from_secs(86_400);

pub(crate) async fn acquire<S: IdempotencyStore>(store: &S, key: &Key, lease: Duration) -> Ticket {
    match store.claim(key, lease, DAY).await.unwrap() {
        Claim::Acquired { ticket, .. } => ticket,
        other => panic!("{key} is {other:?}"),
    }
}

pub(crate) async fn run(arguments: &[String]) {
    let [role, url, rest @ ..] = arguments else { panic!("no role") };
    match role.as_str() {
        "race" => race(url, rest).await,
        "die" => die(url, rest).await,
        "die-in-transaction" => die_in_transaction(url, rest).await,
        "stall" => stall(url, rest).await,
        "die-in-file" => die_in_file(url, rest).await,
        "inbox-door" => crate::inbox::door(url, rest).await,
        "inbox-work" => crate::inbox::work(url, rest).await,
        "inbox-stall" => crate::inbox::stall(url, rest).await,
        other => panic!("no role {other}"),
    }
}

fn number(text: &str) -> usize {
    text.parse().unwrap()
}

fn milliseconds(text: &str) -> Duration {
    Duration::from_millis(text.parse().unwrap())
}

/// The order in which all keys are delivered so often: the same in every
/// process.
fn deliveries(seed: usize, keys: usize, times: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..keys * times).map(|index| index % keys).collect();
    Random::new(u64::try_from(seed).unwrap()).shuffle(&mut order);
    order
}

/// Takes every n-th delivery; says what it won.
async fn race(url: &str, rest: &[String]) {
    let [run, seed, keys, times, process, processes, connections] = rest else { panic!() };
    let (process, processes) = (number(process), number(processes));
    let order: Vec<usize> = deliveries(number(seed), number(keys), number(times))
        .into_iter()
        .skip(process)
        .step_by(processes)
        .collect();
    let stores = stores::open(url, number(connections), stores::PATIENT).await;
    child::say_and_wait("ready");

    let (order, next) = (Arc::new(order), Arc::new(AtomicUsize::new(0)));
    let tasks = stores.into_iter().map(|store| {
        let (order, next, run) = (Arc::clone(&order), Arc::clone(&next), run.clone());
        tokio::spawn(async move { take(&store, &run, &order, &next).await })
    });
    let mut all = Taken::default();
    for task in tasks.collect::<Vec<_>>() {
        let taken = task.await.unwrap();
        all.won.extend(taken.won);
        all.done += taken.done;
        all.in_progress += taken.in_progress;
    }
    for index in all.won {
        println!("won {index}");
    }
    println!("end {} {}", all.done, all.in_progress);
}

#[derive(Default)]
struct Taken {
    won: Vec<usize>,
    done: usize,
    in_progress: usize,
}

async fn take(store: &SharedStore, run: &str, order: &[usize], next: &AtomicUsize) -> Taken {
    let mut taken = Taken::default();
    while let Some(index) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
        let key = key(&format!("race {run} {index}"));
        match store.claim(&key, DAY, DAY).await.unwrap() {
            Claim::Acquired { ticket, .. } => {
                taken.won.push(*index);
                // As if it worked, so that others come meanwhile.
                tokio::task::yield_now().await;
                assert_eq!(store.complete(&ticket, DAY).await.unwrap(), Settled::Applied);
            }
            Claim::Done => taken.done += 1,
            Claim::InProgress { .. } => taken.in_progress += 1,
        }
    }
    taken
}

/// Claims, works for a time in which it is killed, completes.
async fn die(url: &str, rest: &[String]) {
    let [name, lease, work] = rest else { panic!() };
    let store = stores::open_one(url).await;
    let ticket = acquire(&store, &key(name), milliseconds(lease)).await;
    child::say("claimed");
    tokio::time::sleep(milliseconds(work)).await;
    println!("{:?}", store.complete(&ticket, DAY).await.unwrap());
}

/// Does its work and completes in one transaction; it is killed anywhere in
/// it.
async fn die_in_transaction(url: &str, rest: &[String]) {
    let [name, lease, work] = rest else { panic!() };
    let store = stores::postgres(url, 4);
    let pool = Pooled::new(url, 1).unwrap();
    let mut client = pool.0.get().await.unwrap();
    let ticket = acquire(&store, &key(name), milliseconds(lease)).await;
    child::say("claimed");
    let settled = effect(&store, &mut client, &ticket, milliseconds(work)).await;
    println!("{:?}", settled.unwrap());
    // So that it is there to be killed after the commit as well.
    tokio::time::sleep(milliseconds(work)).await;
}

/// The work of a transaction, a row in a table, and the mark that it is done.
pub(crate) async fn effect(
    store: &PostgresStore<Pooled>,
    client: &mut Object,
    ticket: &Ticket,
    takes: Duration,
) -> Result<Settled, PostgresStoreError> {
    let work = client.transaction().await?;
    work.execute("insert into effects (key) values ($1)", &[&ticket.key().as_str()]).await?;
    tokio::time::sleep(takes).await;
    let settled = store.complete_in(&work, ticket, DAY).await?;
    match settled {
        Settled::Applied => work.commit().await?,
        Settled::Lost => work.rollback().await?,
    }
    Ok(settled)
}

/// As `die_in_transaction`, in a file of SQLite.
async fn die_in_file(url: &str, rest: &[String]) {
    let [name, lease, work] = rest else { panic!() };
    let store = stores::sqlite(url);
    let ticket = acquire(&store, &key(name), milliseconds(lease)).await;
    child::say("claimed");
    let settled = effect_in_file(url, &store, &ticket, milliseconds(work));
    println!("{:?}", settled.unwrap());
    tokio::time::sleep(milliseconds(work)).await;
}

/// As `effect`, in a file of SQLite. Its one writer is to be as quick as it can.
pub(crate) fn effect_in_file(
    url: &str,
    store: &SqliteStore,
    ticket: &Ticket,
    takes: Duration,
) -> Result<Settled, SqliteStoreError> {
    let mut file = stores::file(url);
    let work = file.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    work.execute("insert into effects (key) values (?1)", [ticket.key().as_str()])?;
    std::thread::sleep(takes);
    let settled = store.complete_in(&work, ticket, DAY)?;
    match settled {
        Settled::Applied => work.commit()?,
        Settled::Lost => work.rollback()?,
    }
    Ok(settled)
}

/// Claims, is stopped past its lease, and then tries all that a ticket can.
async fn stall(url: &str, rest: &[String]) {
    let [name, lease] = rest else { panic!() };
    let store = stores::open_one(url).await;
    let ticket = acquire(&store, &key(name), milliseconds(lease)).await;
    child::say_and_wait("claimed");
    let extended = store.extend(&ticket, DAY).await.unwrap();
    let released = store.release(&ticket).await.unwrap();
    let completed = store.complete(&ticket, DAY).await.unwrap();
    println!("{extended:?} {released:?} {completed:?}");
}
