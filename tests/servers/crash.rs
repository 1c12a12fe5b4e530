//! Workers that die or stop in the middle.

use std::time::{Duration, Instant};

use tokio::time::sleep;
use zaphook::Key;
use zaphook::idempotency::{Claim, IdempotencyStore, Settled, SharedStore, Ticket};
use zaphook::testing::key;

use crate::block_on;
use crate::child::Worker;
use crate::pooled::Pooled;
use crate::run::{Random, Run, seed};
use crate::server::{Folder, Redis, Server, signal};
use crate::stores;
use crate::worker::{DAY, effect, effect_in_file};

const LEASE: Duration = Duration::from_millis(1500);
/// How many workers are at it at the same time.
const AT_ONCE: usize = 10;

pub(crate) fn redis_killed(run: &Run) {
    let redis = Redis::new(&[]);
    killed(run, "Redis", &redis.url(), "die");
}

pub(crate) fn postgres_killed(run: &Run) {
    let postgres = run.postgres();
    prepare(&postgres.url());
    killed(run, "PostgreSQL", &postgres.url(), "die");
}

pub(crate) fn postgres_killed_in_a_transaction(run: &Run) {
    let postgres = run.postgres();
    prepare(&postgres.url());
    killed(run, "PostgreSQL, in a transaction", &postgres.url(), "die-in-transaction");
}

pub(crate) fn sqlite_killed(run: &Run) {
    let folder = Folder::new();
    prepare_file(&folder.url());
    killed(run, "SQLite", &folder.url(), "die");
}

pub(crate) fn sqlite_killed_in_a_transaction(run: &Run) {
    let folder = Folder::new();
    prepare_file(&folder.url());
    killed(run, "SQLite, in a transaction", &folder.url(), "die-in-file");
}

pub(crate) fn sqlite_stopped(run: &Run) {
    let folder = Folder::new();
    prepare_file(&folder.url());
    stopped(run, "SQLite", &folder.url());
}

/// As `prepare`, in a file.
pub(crate) fn prepare_file(url: &str) {
    drop(stores::sqlite(url));
    stores::file(url).execute_batch("create table effects (key text not null)").unwrap();
}

/// The schema, and an empty table for what the transactions do.
pub(crate) fn prepare(url: &str) {
    block_on(async {
        stores::postgres(url, 1).create_schema().await.unwrap();
        let client = Pooled::new(url, 1).unwrap().0.get().await.unwrap();
        let table = "create table if not exists effects (key text not null); truncate effects";
        client.batch_execute(table).await.unwrap();
        // So that there is little to recover after a crash.
        client.batch_execute("checkpoint").await.unwrap();
    });
}

/// How many of the keys that start so have one effect, and how many have
/// another number of them.
pub(crate) async fn effects(url: &str, start: &str) -> (usize, usize) {
    if url.starts_with("sqlite:") {
        let file = stores::file(url);
        let counts =
            "select count(*) from effects where substr(key, 1, length(?1)) = ?1 group by key";
        let mut counts = file.prepare(counts).unwrap();
        let counts = counts.query_map([start], |row| row.get::<_, i64>(0)).unwrap();
        let counts: Vec<i64> = counts.map(Result::unwrap).collect();
        let single = counts.iter().filter(|count| **count == 1).count();
        return (single, counts.len() - single);
    }
    let client = Pooled::new(url, 1).unwrap().0.get().await.unwrap();
    let counts = "select count(*) from effects where starts_with(key, $1) group by key";
    let rows = client.query(counts, &[&start]).await.unwrap();
    let single = rows.iter().filter(|row| row.get::<_, i64>(0) == 1).count();
    (single, rows.len() - single)
}

/// A worker that died, as the one who takes over sees it.
struct Taken {
    /// From the kill to the takeover.
    waited: Duration,
    /// The worker was so quick that there was nothing to take over.
    was_done: bool,
}

fn killed(run: &Run, name: &str, url: &str, role: &'static str) {
    let kills = run.counts.kills;
    let start = format!("killed {}", seed());
    let lease = LEASE.as_millis().to_string();
    let mut random = Random::new(seed());
    let mut all = Vec::new();
    for batch in 0..kills.div_ceil(AT_ONCE) {
        let size = AT_ONCE.min(kills - batch * AT_ONCE);
        // Claimed, each killed 5 to 50 ms later; the work takes longer, but in
        // a transaction, where it is killed at any point.
        let work = if role == "die" { 1000 } else { 15 };
        let work = work.to_string();
        let workers: Vec<(Key, Worker, Duration)> = (0..size)
            .map(|index| {
                let name = format!("{start} {batch} {index}");
                let worker = Worker::start(role, url, &[&name, &lease, &work]);
                let after = Duration::from_millis(5 + u64::try_from(random.below(46)).unwrap());
                (key(&name), worker, after)
            })
            .collect();
        let watched = workers.into_iter().map(|(key, mut worker, after)| {
            let url = url.to_owned();
            std::thread::spawn(move || {
                worker.expect("claimed");
                std::thread::sleep(after);
                worker.kill();
                let killed = Instant::now();
                let said = worker.line();
                assert!(role != "die" || said.is_none(), "{said:?}");
                block_on(take_over(&url, &key, killed, role))
            })
        });
        all.extend(watched.collect::<Vec<_>>().into_iter().map(|taken| taken.join().unwrap()));
    }

    let longest = all.iter().map(|taken| taken.waited).max().unwrap();
    let taken = all.iter().filter(|taken| !taken.was_done).count();
    block_on(async {
        let store = stores::open_one(url).await;
        for batch in 0..kills.div_ceil(AT_ONCE) {
            for index in 0..AT_ONCE.min(kills - batch * AT_ONCE) {
                let key = key(&format!("{start} {batch} {index}"));
                assert_eq!(store.claim(&key, LEASE, DAY).await.unwrap(), Claim::Done);
            }
        }
    });
    let mut measured = format!(
        "{kills} done, {taken} of them taken over, the longest {:.2} s after the kill",
        longest.as_secs_f64()
    );
    let mut asked = format!(
        "every key done, none stuck beyond {:.1} s",
        (LEASE + Duration::from_secs(1)).as_secs_f64()
    );
    if role != "die" {
        let start = key(&start).as_str().to_owned();
        let (single, other) = block_on(effects(url, &start));
        assert_eq!((single, other), (kills, 0));
        measured.push_str(&format!("; {single} effects once, {other} not"));
        asked.push_str("; every effect once");
    }
    run.figure(&format!("{name}: {kills} kill -9 between claim and completion"), &asked, &measured);
    assert!(longest <= LEASE + Duration::from_secs(1), "{longest:?}");
}

/// Asks until it has the key, and does the work.
async fn take_over(url: &str, key: &Key, killed: Instant, role: &str) -> Taken {
    let transacting = stores::postgres(url_of_postgres(url), 2);
    let store = stores::open_one(url).await;
    let ticket: Ticket = loop {
        match store.claim(key, DAY, DAY).await.unwrap() {
            Claim::Acquired { ticket, .. } => break ticket,
            Claim::Done => {
                assert_ne!(role, "die", "nobody completed it");
                return Taken { waited: killed.elapsed(), was_done: true };
            }
            Claim::InProgress { retry_after } => {
                assert!(retry_after <= LEASE, "{retry_after:?}");
                sleep(Duration::from_millis(20)).await;
            }
        }
    };
    let waited = killed.elapsed();
    // Not before the lease was over: it was taken 5 to 50 ms before the kill.
    assert!(waited + Duration::from_millis(1000) >= LEASE, "{waited:?}");
    let settled = if role == "die" {
        store.complete(&ticket, DAY).await.unwrap()
    } else if role == "die-in-file" {
        let store = stores::sqlite(url);
        effect_in_file(url, &store, &ticket, Duration::ZERO).unwrap()
    } else {
        let pool = Pooled::new(url, 1).unwrap();
        let mut client = pool.0.get().await.unwrap();
        effect(&transacting, &mut client, &ticket, Duration::ZERO).await.unwrap()
    };
    assert_eq!(settled, Settled::Applied);
    Taken { waited, was_done: false }
}

/// A pool connects to nothing until it is asked.
fn url_of_postgres(url: &str) -> &str {
    if url.starts_with("postgres:") { url } else { "postgres://nowhere" }
}

pub(crate) fn redis_stopped(run: &Run) {
    let redis = Redis::new(&[]);
    stopped(run, "Redis", &redis.url());
}

pub(crate) fn postgres_stopped(run: &Run) {
    let postgres = run.postgres();
    prepare(&postgres.url());
    stopped(run, "PostgreSQL", &postgres.url());
}

fn stopped(run: &Run, name: &str, url: &str) {
    const SHORT: Duration = Duration::from_millis(500);

    let pauses = run.counts.pauses;
    let (start, lease) = (format!("stopped {}", seed()), SHORT.as_millis().to_string());
    let mut refused = 0;
    for batch in 0..pauses.div_ceil(AT_ONCE) {
        let size = AT_ONCE.min(pauses - batch * AT_ONCE);
        let watched = (0..size).map(|index| {
            let (name, url) = (format!("{start} {batch} {index}"), url.to_owned());
            let lease = lease.clone();
            std::thread::spawn(move || {
                let mut worker = Worker::start("stall", &url, &[&name, &lease]);
                worker.expect("claimed");
                signal("-STOP", &[worker.id()]);
                block_on(async {
                    let (store, key) = (stores::open_one(&url).await, key(&name));
                    let ticket = next(&store, &key).await;
                    signal("-CONT", &[worker.id()]);
                    worker.go();
                    worker.expect("Lost Lost Lost");
                    // The other's claim is untouched.
                    let claim = store.claim(&key, DAY, DAY).await.unwrap();
                    assert!(matches!(claim, Claim::InProgress { .. }), "{claim:?}");
                    assert_eq!(store.complete(&ticket, DAY).await.unwrap(), Settled::Applied);
                });
            })
        });
        for watched in watched.collect::<Vec<_>>() {
            refused += usize::from(watched.join().is_ok());
        }
    }
    run.figure(
        &format!("{name}: {pauses} workers stopped (SIGSTOP) past their lease"),
        "every stale extension, release and completion refused",
        &format!("{refused} of {pauses}"),
    );
    assert_eq!(refused, pauses);
}

/// The claim that comes after the lease.
async fn next(store: &SharedStore, key: &Key) -> Ticket {
    loop {
        match store.claim(key, DAY, DAY).await.unwrap() {
            Claim::Acquired { ticket, .. } => return ticket,
            Claim::Done => panic!("{key} is done"),
            Claim::InProgress { .. } => sleep(Duration::from_millis(20)).await,
        }
    }
}
