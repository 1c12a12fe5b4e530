//! Claims per second, against the tools that come with the servers and do
//! nothing but send the same command; and what a key takes in memory.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use zaphook::idempotency::{Claim, IdempotencyStore, Settled};
use zaphook::testing::key;
use zaphook::{Key, PostgresStore};

use crate::pooled::Pooled;
use crate::run::{Run, seed};
use crate::server::{Postgres, Redis, Server, program};
use crate::worker::{DAY, acquire};
use crate::{block_on, crash, stores};

const LEASE: Duration = Duration::from_secs(60);
/// The keys are as long as those of real events.
const KEY: &str = "enviaai/inst_4b7d/message.received/message/";

/// New keys claimed by so many tasks, per second.
async fn claims<S: IdempotencyStore + Clone + 'static>(
    store: &S,
    tasks: usize,
    count: usize,
) -> f64 {
    let run = seed() % 1_000_000_000_000;
    let keys: Arc<Vec<Key>> =
        Arc::new((0..count).map(|index| key(&format!("{KEY}{run:012}{index:012}"))).collect());
    let next = Arc::new(AtomicUsize::new(0));
    let started = Instant::now();
    let tasks = (0..tasks).map(|_| {
        let (store, keys, next) = (store.clone(), Arc::clone(&keys), Arc::clone(&next));
        tokio::spawn(async move {
            while let Some(key) = keys.get(next.fetch_add(1, Ordering::Relaxed)) {
                let claim = store.claim(key, LEASE, DAY).await.unwrap();
                assert!(matches!(claim, Claim::Acquired { .. }));
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    count as f64 / started.elapsed().as_secs_f64()
}

pub(crate) struct Rounds(Vec<(f64, f64)>);

impl Rounds {
    /// Alternating, so that both see the same machine.
    pub(crate) fn measure(count: usize, store: impl Fn() -> f64, tool: impl Fn() -> f64) -> Self {
        // One to warm up.
        let _ = (store(), tool());
        Self((0..count).map(|_| (store(), tool())).collect())
    }

    /// Says how much of the other's rate it is, in percent; asked are so many.
    pub(crate) fn figure(mut self, run: &Run, what: &str, of: &str, asked: f64) {
        self.0.sort_by(|one, other| (one.0 / one.1).total_cmp(&(other.0 / other.1)));
        let ratio = |(store, tool): (f64, f64)| 100.0 * store / tool;
        let (least, most) = (self.0[0], self.0[self.0.len() - 1]);
        let median = self.0[self.0.len() / 2];
        run.figure(
            what,
            &format!("≥ {asked:.0} % of {of}"),
            &format!(
                "{:.0} % ({:.0} against {:.0} per second; {} rounds, {:.0} % to {:.0} %)",
                ratio(median),
                median.0,
                median.1,
                self.0.len(),
                ratio(least),
                ratio(most)
            ),
        );
        // Debug builds and a machine at other work say nothing about speed.
        let met = ratio(median) >= asked;
        assert!(!run.counts.full || met, "against {of}: {:.0} %", ratio(median));
    }
}

/// Runs a script by so many connections, each so often that it makes up the count; gives
/// its rate per second.
pub(crate) fn pgbench(
    postgres: &Postgres,
    database: &str,
    script: &str,
    connections: usize,
    count: usize,
) -> f64 {
    let file = std::env::temp_dir().join(format!("zaphook-pgbench-{}.sql", std::process::id()));
    std::fs::write(&file, script).unwrap();
    let output = postgres
        .pgbench()
        .args(["-n", "-M", "prepared", "-c", &connections.to_string(), "-j", "2"])
        .args(["-t", &count.div_ceil(connections).to_string(), "-f"])
        .arg(&file)
        .arg(database)
        .output()
        .unwrap();
    let _ = std::fs::remove_file(file);
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("tps = "));
    let rate = line.and_then(|line| line.split(' ').next()?.parse().ok());
    rate.unwrap_or_else(|| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)))
}

pub(crate) fn redis(run: &Run) {
    const TASKS: usize = 64;

    let redis = Redis::new(&[]);
    let (count, script) = (run.counts.claims, script(&redis));
    let (url, port) = (redis.url(), redis.port().to_string());
    let tasks = TASKS.to_string();
    let benchmark = |arguments: &[&str]| {
        redis.says("FLUSHALL");
        let output = Command::new(program("redis-benchmark", "redis-tools"))
            .args(["-h", "127.0.0.1", "-p", &port, "-c", &tasks, "-n", &count.to_string()])
            .args(["-r", "1000000000000", "--csv"])
            .args(arguments)
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let last = text.lines().last().unwrap_or_default();
        let rate = last.rsplit("\",\"").nth(6).and_then(|rate| rate.parse().ok());
        rate.unwrap_or_else(|| panic!("{text}"))
    };
    // With keys and values of the same length.
    let key = format!("zaphook:testing/{KEY}__rand_int__000000000000");
    let fence = format!("{:032x}", 7);
    let claim = || {
        let head = format!("c:{fence}:");
        benchmark(&["EVALSHA", &script, "1", &key, &head, "60000", "86400000"])
    };

    let rounds = Rounds::measure(
        run.counts.rounds,
        || {
            redis.says("FLUSHALL");
            block_on(async { claims(&stores::redis(&url).await, TASKS, count).await })
        },
        claim,
    );
    let what = format!("Redis: claims with {TASKS} tasks");
    rounds.figure(run, &what, "`redis-benchmark` with the same script", 70.0);

    // What a claim could be if nothing were kept of those that were released.
    let bare = || benchmark(&["SET", &key, &format!("c:{fence}"), "NX", "GET", "PX", "60000"]);
    let rounds = Rounds::measure(run.counts.rounds, claim, bare);
    let what = "Redis: the script of a claim, by `redis-benchmark`";
    rounds.figure(run, what, "a bare `SET` with `NX`, `GET` and `PX`", 40.0);
}

/// The script by which the store claims, as the server knows it.
fn script(redis: &Redis) -> String {
    redis.says("CONFIG SET slowlog-log-slower-than 0");
    let _ = block_on(async {
        acquire(&stores::redis(&redis.url()).await, &key("script"), LEASE).await
    });
    let log = redis.says("SLOWLOG GET 100");
    redis.says("CONFIG SET slowlog-log-slower-than 10000");
    let name = log.split("EVALSHA\r\n$40\r\n").nth(1).and_then(|rest| rest.get(..40));
    name.unwrap_or_else(|| panic!("{log}")).to_owned()
}

pub(crate) fn postgres(run: &Run) {
    const CONNECTIONS: usize = 16;

    let postgres = run.postgres();
    crash::prepare(&postgres.url());
    let url = postgres.url();
    let count = run.counts.claims / 10;
    let statement = block_on(statement(&url));
    // The same statement, prepared as the store has it prepared.
    let text = statement
        .replace("$1", ":key")
        .replace("$2", "'\\x000102030405060708090a0b0c0d0e0f'")
        .replace("$3", "60000000")
        .replace("$4", "86400000000");
    let keyed = text.replace(":key", &format!("('testing/{KEY}' || :number)"));
    let line = keyed.replace('\n', " ");
    let script = format!("\\set number random(100000000000, 999999999999999)\n{line};\n");
    let empty = || {
        block_on(async {
            let client = Pooled::new(&url, 1).unwrap().0.get().await.unwrap();
            client.batch_execute("truncate zaphook_keys; checkpoint").await.unwrap();
        });
    };
    let rounds = Rounds::measure(
        run.counts.rounds,
        || {
            empty();
            block_on(async {
                let store = stores::postgres(&url, CONNECTIONS);
                // Connected before the clock runs, as `pgbench` is.
                claims(&store, CONNECTIONS, CONNECTIONS * 20).await;
                claims(&store, CONNECTIONS, count).await
            })
        },
        || {
            empty();
            pgbench(&postgres, "postgres", &script, CONNECTIONS, count)
        },
    );
    let what = format!("PostgreSQL: claims over {CONNECTIONS} connections");
    rounds.figure(run, &what, "`pgbench -M prepared`", 70.0);
}

/// The statement by which the store claims, as the server has it prepared.
async fn statement(url: &str) -> String {
    let pool = Pooled::new(url, 1).unwrap();
    let store = PostgresStore::new(pool.clone());
    let _ = acquire(&store, &key(&format!("statement {}", seed())), LEASE).await;
    let client = pool.0.get().await.unwrap();
    let rows = client.query("select statement from pg_prepared_statements", &[]).await.unwrap();
    let statements = rows.iter().map(|row| row.get::<_, String>(0));
    statements.into_iter().find(|statement| statement.contains("insert into")).unwrap()
}

pub(crate) fn bytes(run: &Run) {
    let count = run.counts.claims / 2;
    let length = "zaphook:testing/".len() + KEY.len() + 12;
    for (state, finish) in [("claimed", Finish::Nothing), ("done", Finish::Complete)] {
        let redis = Redis::new(&[]);
        let before = redis.info("used_memory");
        block_on(async { fill(stores::redis(&redis.url()).await, count, finish).await });
        let per_key = (redis.info("used_memory") - before) / u64::try_from(count).unwrap();
        run.figure(
            &format!("Redis: bytes per {state} key of {length} bytes"),
            "to be known",
            &per_key.to_string(),
        );
    }

    let postgres = run.postgres();
    crash::prepare(&postgres.url());
    block_on(async {
        let client = Pooled::new(&postgres.url(), 1).unwrap().0.get().await.unwrap();
        client.batch_execute("truncate zaphook_keys").await.unwrap();
        fill(stores::postgres(&postgres.url(), 16), count, Finish::Complete).await;
        let size = "select pg_total_relation_size('zaphook_keys')";
        let bytes: i64 = client.query_one(size, &[]).await.unwrap().get(0);
        client.batch_execute("vacuum full zaphook_keys").await.unwrap();
        let packed: i64 = client.query_one(size, &[]).await.unwrap().get(0);
        let count = i64::try_from(count).unwrap();
        run.figure(
            &format!("PostgreSQL: bytes per done key of {} bytes, with indexes", length - 8),
            "to be known",
            &format!("{} before a vacuum, {} packed", bytes / count, packed / count),
        );
    });
}

/// What is done with a key once it is claimed.
#[derive(Clone, Copy, PartialEq)]
enum Finish {
    Nothing,
    Complete,
}

/// So many keys, claimed.
async fn fill<S: IdempotencyStore + Clone + 'static>(store: S, count: usize, finish: Finish) {
    let next = Arc::new(AtomicUsize::new(0));
    let tasks = (0..16).map(|_| {
        let (store, next) = (store.clone(), Arc::clone(&next));
        tokio::spawn(async move {
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= count {
                    break;
                }
                let ticket = acquire(&store, &key(&format!("{KEY}{index:012}")), LEASE).await;
                if finish == Finish::Complete {
                    assert_eq!(store.complete(&ticket, DAY).await.unwrap(), Settled::Applied);
                }
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
}
