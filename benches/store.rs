//! What it costs to handle an event once: a claim and a completion in the
//! memory store, against two inserts into a bare `HashMap`.
//!
//! ```text
//! cargo bench --bench store
//! ```
//!
//! Both sides take the same 32-byte keys, in turns within one run, and go
//! through as many keys as fit the store.

use std::collections::HashMap;
use std::future::Future;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use zaphook::idempotency::{Claim, IdempotencyStore};
use zaphook::{Key, MemoryStore, testing};

const KEYS: usize = 100_000;
const ROUNDS: usize = 15;

fn main() {
    let keys: Vec<Key> = (0..KEYS).map(|index| testing::key(&format!("{index:024}"))).collect();
    let (lease, retain) = (Duration::from_secs(60), Duration::from_secs(86_400));
    let (mut store_times, mut map_times) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let store = MemoryStore::with_capacity(KEYS);
        let started = Instant::now();
        for key in &keys {
            let Claim::Acquired { ticket, .. } = now(store.claim(key, lease, retain)) else {
                panic!("a new key is acquired");
            };
            let _ = black_box(now(store.complete(&ticket, retain)));
        }
        store_times.push(started.elapsed());

        let (mut claimed, mut done) = (HashMap::new(), HashMap::new());
        let started = Instant::now();
        for (index, key) in keys.iter().enumerate() {
            black_box(claimed.insert(key.clone(), index));
            black_box(done.insert(key.clone(), index));
        }
        map_times.push(started.elapsed());
    }
    let median = |times: &mut Vec<Duration>| {
        times.sort();
        times[ROUNDS / 2].as_secs_f64() * 1e9 / KEYS as f64
    };
    let (store, map) = (median(&mut store_times), median(&mut map_times));
    println!("claim and complete      {store:>7.0} ns");
    println!("two HashMap inserts     {map:>7.0} ns");
    println!("ratio                   {:>7.2}", store / map);
}

fn now<T, E: std::fmt::Debug>(future: impl Future<Output = Result<T, E>>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result.expect("the store has room"),
        Poll::Pending => panic!("the memory store is always ready"),
    }
}
