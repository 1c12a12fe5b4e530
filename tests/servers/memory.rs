//! Redis with no memory left: by `noeviction` an error, by other policies
//! forgotten keys, as documented.

use tokio::task::JoinSet;
use zaphook::RedisStore;
use zaphook::idempotency::{Claim, IdempotencyStore, RedisStoreError, Settled, Ticket};
use zaphook::testing::key;

use crate::run::Run;
use crate::server::{Redis, Server};
use crate::worker::{DAY, acquire};
use crate::{block_on, stores};

const MOST: usize = 100_000;

/// What is left of this once the server has started is enough for some thousand
/// claims.
const MEMORY: &str = "3mb";

pub(crate) fn out_of_memory(run: &Run) {
    let redis = Redis::new(&["--maxmemory", MEMORY, "--maxmemory-policy", "noeviction"]);
    block_on(async {
        let store = stores::redis(&redis.url()).await;
        let done = acquire(&store, &key("done"), DAY).await;
        assert_eq!(store.complete(&done, DAY).await.unwrap(), Settled::Applied);
        let (mut tickets, mut errors) = (Vec::new(), Vec::new());
        while errors.is_empty() {
            let names = (0..AT_ONCE).map(|index| format!("full {} {index}", tickets.len()));
            let claims = at_once(names, |name| {
                let store = store.clone();
                async move { store.claim(&key(&name), DAY, DAY).await }
            });
            for claim in claims.await {
                match claim {
                    Ok(Claim::Acquired { ticket, .. }) => tickets.push(ticket),
                    Ok(other) => panic!("{other:?}"),
                    Err(error) => errors.push(error),
                }
            }
            assert!(tickets.len() < MOST);
        }
        // A claim is an error, not an answer.
        for error in &errors {
            let RedisStoreError::Redis(source) = error else { panic!("{error:?}") };
            assert_eq!(source.code(), Some("OOM"), "{error}");
        }
        // Nothing was forgotten, and whoever works can go on and complete.
        assert_eq!(redis.info("evicted_keys"), 0);
        let (claims, half) = (tickets.len(), tickets.len() / 2);
        let settled = at_once(tickets.into_iter().enumerate(), |(index, ticket)| {
            let store = store.clone();
            async move {
                let extended = store.extend(&ticket, DAY).await.unwrap();
                let settled = match index < half {
                    true => store.complete(&ticket, DAY).await.unwrap(),
                    false => store.release(&ticket).await.unwrap(),
                };
                (extended, settled)
            }
        });
        let settled = settled.await;
        assert!(settled.iter().all(|both| *both == (Settled::Applied, Settled::Applied)));
        // What was released makes room.
        let _ = acquire(&store, &key("after"), DAY).await;
        assert_eq!(store.claim(done.key(), DAY, DAY).await.unwrap(), Claim::Done);
        run.figure(
            "Redis out of memory (`noeviction`)",
            "a claim is an error; extend, complete and release go on",
            &format!("error `OOM` after {claims} claims; all of them settled; 0 evicted"),
        );
    });
}

const AT_ONCE: usize = 64;

/// Does so with all of them, many at a time.
async fn at_once<I, T: Send + 'static, F: Future<Output = T> + Send + 'static>(
    items: impl IntoIterator<Item = I>,
    work: impl Fn(I) -> F,
) -> Vec<T> {
    let (mut tasks, mut all) = (JoinSet::new(), Vec::new());
    for item in items {
        if tasks.len() >= AT_ONCE {
            all.push(tasks.join_next().await.unwrap().unwrap());
        }
        tasks.spawn(work(item));
    }
    all.extend(tasks.join_all().await);
    all
}

pub(crate) fn evicting(run: &Run) {
    for policy in ["allkeys-lru", "volatile-ttl"] {
        let redis = Redis::new(&["--maxmemory", MEMORY, "--maxmemory-policy", policy]);
        block_on(evict(run, &redis, policy));
    }
}

async fn evict(run: &Run, redis: &Redis, policy: &str) {
    let store = stores::redis(&redis.url()).await;
    let mut tickets: Vec<Ticket> = Vec::new();
    while redis.info("evicted_keys") < 500 {
        let names = (0..500).map(|index| format!("evicted {} {index}", tickets.len()));
        let claims = at_once(names, |name| {
            let store = store.clone();
            async move { acquire(&store, &key(&name), DAY).await }
        });
        tickets.extend(claims.await);
        assert!(tickets.len() < MOST);
    }
    // Each claim was there or was forgotten; none turned into anything else,
    // and of the forgotten ones only the younger claim can complete.
    let claims = tickets.len();
    let seen = at_once(tickets, |ticket| {
        let store = store.clone();
        async move {
            let younger = again(&store, &ticket).await?;
            let old = store.complete(&ticket, DAY).await.unwrap();
            Some((old, store.complete(&younger, DAY).await.unwrap()))
        }
    });
    let seen = seen.await;
    let forgotten: Vec<_> = seen.iter().flatten().collect();
    assert!(forgotten.iter().all(|(old, _)| *old == Settled::Lost));
    // A younger one may itself be gone by now.
    let completed = forgotten.iter().filter(|(_, younger)| *younger == Settled::Applied).count();
    assert!(completed > 0 && forgotten.len() < claims);
    run.figure(
        &format!("Redis evicting (`{policy}`)"),
        "a forgotten claim can be claimed again; its old ticket is refused",
        &format!(
            "{claims} claims, {} of them forgotten and claimed again, every old ticket refused, {completed} completed by the younger one",
            forgotten.len()
        ),
    );
}

/// Claims the ticket's key once more; `None` when the claim still stands.
async fn again<C: redis::aio::ConnectionLike + Clone + Send + Sync>(
    store: &RedisStore<C>,
    ticket: &Ticket,
) -> Option<Ticket> {
    match store.claim(ticket.key(), DAY, DAY).await.unwrap() {
        Claim::Acquired { ticket, .. } => Some(ticket),
        Claim::InProgress { .. } => None,
        Claim::Done => panic!("nobody completed {}", ticket.key()),
    }
}
