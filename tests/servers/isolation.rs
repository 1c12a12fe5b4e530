//! PostgreSQL at the stricter isolation levels, restarted under load, and with
//! a transaction that takes long.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::time::sleep;
use zaphook::idempotency::{Claim, IdempotencyStore, Settled};
use zaphook::testing::{key, store::Conformance};
use zaphook::{Delivery, EnviaAi, Failure, PostgresStore, Receiver, Request, Secret, testing};

use crate::pooled::Pooled;
use crate::run::{Random, Run, seed};
use crate::server::Server;
use crate::worker::{DAY, acquire, effect};
use crate::{block_on, crash, stores};

pub(crate) fn repeatable_read(run: &Run) {
    level(run, "repeatable read");
}

pub(crate) fn serializable(run: &Run) {
    level(run, "serializable");
}

fn level(run: &Run, level: &str) {
    let postgres = run.postgres();
    crash::prepare(&postgres.url());
    let option = format!("-c default_transaction_isolation={level}").replace(' ', "\\ ");
    // In an address a space is `%20` and a backslash `%5C`.
    let option = option.replacen("-c\\ ", "-c%20", 1).replace("\\ ", "%5C%20").replace('=', "%3D");
    let url = format!("{}?options={option}", postgres.url());
    block_on(async {
        let pool = Pooled::new(&url, 32).unwrap();
        let shown = pool.0.get().await.unwrap();
        let shown = shown.query_one("show transaction_isolation", &[]).await.unwrap();
        assert_eq!(shown.get::<_, &str>(0), level);

        let store = PostgresStore::new(pool.clone()).within(stores::PATIENT);
        Conformance::new(&store).run(seed().to_string()).check(sleep).await;

        // What another transaction has changed meanwhile is tried again.
        let ticket = acquire(&store, &key(&format!("changed {}", seed())), DAY).await;
        let mut other = pool.0.get().await.unwrap();
        let changing = other.transaction().await.unwrap();
        let touch = "update zaphook_keys set lease_until = lease_until where key = $1";
        changing.execute(touch, &[&ticket.key().as_str()]).await.unwrap();
        let completing = async { store.complete(&ticket, DAY).await.unwrap() };
        let committing = async {
            sleep(Duration::from_millis(200)).await;
            changing.commit().await.unwrap();
        };
        assert_eq!(tokio::join!(completing, committing).0, Settled::Applied);

        // Everybody at few keys, in transactions of that level.
        let keys = if run.counts.full { 1000 } else { 50 };
        let failed = Arc::default();
        let start = deliver_to_everybody(&store, &pool, keys, 10, &failed).await;
        let (single, other) = crash::effects(&postgres.url(), &start).await;
        run.figure(
            &format!("PostgreSQL at `{level}`: conformance, then {keys} keys × 10 deliveries, each by a transaction"),
            "every effect once",
            &format!(
                "conforms; {single} once, {other} not; {} transactions failed and were repeated",
                failed.load(Ordering::Relaxed)
            ),
        );
        assert_eq!((single, other), (keys, 0));
    });
}

type Pg = PostgresStore<Pooled>;

/// One handler: the work and the mark in one transaction.
async fn transact(delivery: Delivery<EnviaAi>, store: &Pg, pool: &Pooled) -> Result<(), Failure> {
    let ticket = delivery.ticket().ok_or("no claim")?;
    let mut client = pool.0.get().await?;
    match effect(store, &mut client, ticket, Duration::ZERO).await? {
        Settled::Applied => Ok(()),
        Settled::Lost => Err(Failure::retry("somebody took over")),
    }
}

/// Deliveries of the same events by many at once, until each is answered 200. Counts the
/// transactions that fail, and gives what the keys start with.
async fn deliver_to_everybody(
    store: &Pg,
    pool: &Pooled,
    keys: usize,
    times: usize,
    failed: &Arc<AtomicUsize>,
) -> String {
    let begin = format!("msg_{}_", seed());
    let secret = Secret::new("whs_3b9ff21c").unwrap();
    let receiver = Receiver::new(EnviaAi::signed(secret.clone()))
        .with_store(store.clone())
        .lease(Duration::from_secs(2));
    let receiver = Arc::new(receiver);
    let mut order: Vec<usize> = (0..keys * times).map(|index| index % keys).collect();
    Random::new(seed()).shuffle(&mut order);
    let (order, next) = (Arc::new(order), Arc::new(AtomicUsize::new(0)));
    let tasks = (0..16).map(|_| {
            let (receiver, order, next) =
                (Arc::clone(&receiver), Arc::clone(&order), Arc::clone(&next));
            let (secret, begin, failed) = (secret.clone(), begin.clone(), Arc::clone(failed));
            let (store, pool) = (store.clone(), pool.clone());
            tokio::spawn(async move {
                while let Some(index) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let body = format!(
                        r#"{{"event":"message.received","data":{{"messageId":"{begin}{index}","instanceId":"inst_1","from":"5511999990001","content":"Oi"}}}}"#
                    );
                    let request = testing::enviaai(&secret, &body);
                    let started = Instant::now();
                    loop {
                        let request = Request::from(&request);
                        let answer = receiver
                            .handle(&request, |delivery| transact(delivery, &store, &pool))
                            .await;
                        match (answer.status().as_u16(), answer.outcome().as_str()) {
                            (200, "handled" | "duplicate" | "handled_unmarked") => {
                                break;
                            }
                            (503, outcome) => {
                                failed.fetch_add(usize::from(outcome == "failed"), Ordering::Relaxed);
                            }
                            other => panic!("{other:?}"),
                        }
                        assert!(started.elapsed() < Duration::from_secs(60), "stuck");
                        sleep(Duration::from_millis(10)).await;
                    }
                }
            })
        });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    format!("enviaai/inst_1/message.received/message/{begin}")
}

pub(crate) fn restarted_under_load(run: &Run) {
    let mut postgres = run.postgres();
    let url = postgres.url();
    crash::prepare(&url);
    let keys = if run.counts.full { 5000 } else { 500 };
    let (pool_url, over) = (url.clone(), Arc::new(AtomicBool::new(false)));
    let failed = Arc::<AtomicUsize>::default();
    let (ended, failing) = (Arc::clone(&over), Arc::clone(&failed));
    let load = std::thread::spawn(move || {
        block_on(async {
            let pool = Pooled::new(&pool_url, 32).unwrap();
            let store = PostgresStore::new(pool.clone());
            let mut rounds = Vec::new();
            // Until there has been a restart and a crash, and once more after.
            loop {
                let last = ended.load(Ordering::SeqCst);
                rounds.push(deliver_to_everybody(&store, &pool, keys, 3, &failing).await);
                if last {
                    return rounds;
                }
            }
        })
    });
    std::thread::sleep(Duration::from_millis(1500));
    postgres.restart();
    std::thread::sleep(Duration::from_millis(1500));
    // Once at the least, and until it has hit somebody in the middle of a transaction.
    for _ in 0..20 {
        postgres.kill();
        postgres.start();
        std::thread::sleep(Duration::from_millis(500));
        if failed.load(Ordering::Relaxed) > 0 {
            break;
        }
    }
    over.store(true, Ordering::SeqCst);
    let rounds = load.join().unwrap();

    let (mut all, mut others) = (0, 0);
    for start in &rounds {
        let (single, other) = block_on(crash::effects(&url, start));
        all += single;
        others += other;
    }
    let failed = failed.load(Ordering::Relaxed);
    run.figure(
        "PostgreSQL restarted and then killed under load, each delivery by a transaction",
        "every effect once",
        &format!("{all} once, {others} not; {failed} transactions failed and were repeated"),
    );
    assert_eq!((all, others), (keys * rounds.len(), 0));
    assert!(failed > 0, "nothing was restarted under load");
}

/// Nobody waits for a transaction that completes.
pub(crate) fn long_transaction(run: &Run) {
    const LEASE: Duration = Duration::from_millis(300);

    let postgres = run.postgres();
    crash::prepare(&postgres.url());
    block_on(async {
        let pool = Pooled::new(&postgres.url(), 4).unwrap();
        let store = PostgresStore::new(pool.clone());
        for commits in [true, false] {
            let key = key(&format!("long {commits} {}", seed()));
            let ticket = acquire(&store, &key, LEASE).await;
            let mut client = pool.0.get().await.unwrap();
            let work = client.transaction().await.unwrap();
            let completed = if commits {
                let complete = work.prepare_cached(PostgresStore::COMPLETE).await.unwrap();
                store.complete_in_prepared(&work, &complete, &ticket, DAY).await
            } else {
                store.complete_in(&work, &ticket, DAY).await
            };
            assert_eq!(completed.unwrap(), Settled::Applied);
            let mut longest = Duration::ZERO;
            // Within the lease and after it.
            for _ in 0..10 {
                let asked = Instant::now();
                let claim = store.claim(&key, LEASE, DAY).await.unwrap();
                longest = longest.max(asked.elapsed());
                assert!(matches!(claim, Claim::InProgress { .. }), "{claim:?}");
                sleep(LEASE / 5).await;
            }
            assert!(longest < Duration::from_millis(500), "{longest:?}");
            if commits {
                work.commit().await.unwrap();
                assert_eq!(store.claim(&key, LEASE, DAY).await.unwrap(), Claim::Done);
            } else {
                work.rollback().await.unwrap();
                let _ = acquire(&store, &key, LEASE).await;
                assert_eq!(store.complete(&ticket, DAY).await.unwrap(), Settled::Lost);
            }
        }
    });
}
