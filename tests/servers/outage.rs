//! A store that is killed, hangs, or is slow, under a receiver that goes on
//! receiving.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::time::sleep;
use zaphook::idempotency::{Claim, IdempotencyStore, Settled, SharedStore, StoreError, Ticket};
use zaphook::{Consumer, EnviaAi, Key, Receiver, Request, Secret, StoreDown, testing};

use crate::proxy::{self, Delay};
use crate::run::{Run, seed};
use crate::server::{Redis, Server};
use crate::{crash, stores};

/// The default of the stores, written out.
const LIMIT: Duration = Duration::from_secs(1);
/// What a busy machine may add. With the full counts it is what was asked for.
const SLACK: Duration = Duration::from_millis(1000);
const ASKED_SLACK: Duration = Duration::from_millis(50);
const LEASE: Duration = Duration::from_secs(2);

#[derive(Clone, Copy, PartialEq)]
enum Trouble {
    Killed,
    Hung,
    Slow,
}

pub(crate) fn redis_killed(run: &Run) {
    outage(run, "Redis", &mut Redis::new(&["--appendonly", "yes"]), Trouble::Killed);
}

pub(crate) fn redis_hung(run: &Run) {
    outage(run, "Redis", &mut Redis::new(&[]), Trouble::Hung);
}

pub(crate) fn redis_slow(run: &Run) {
    outage(run, "Redis", &mut Redis::new(&[]), Trouble::Slow);
}

pub(crate) fn postgres_killed(run: &Run) {
    postgres(run, Trouble::Killed);
}

pub(crate) fn postgres_hung(run: &Run) {
    postgres(run, Trouble::Hung);
}

pub(crate) fn postgres_slow(run: &Run) {
    postgres(run, Trouble::Slow);
}

fn postgres(run: &Run, trouble: Trouble) {
    let mut postgres = run.postgres();
    crash::prepare(&postgres.url());
    outage(run, "PostgreSQL", &mut *postgres, trouble);
}

/// One delivery and its answer.
struct Answered {
    name: String,
    started: Instant,
    took: Duration,
    status: u16,
    outcome: &'static str,
}

impl Answered {
    fn ended(&self) -> Instant {
        self.started + self.took
    }
}

/// A store whose calls are timed.
struct Timed {
    store: SharedStore,
    /// The longest call, in microseconds.
    longest: Arc<AtomicU64>,
}

impl Timed {
    async fn time<T>(&self, call: impl Future<Output = T>) -> T {
        let started = Instant::now();
        let answered = call.await;
        let took = u64::try_from(started.elapsed().as_micros()).unwrap();
        self.longest.fetch_max(took, Ordering::SeqCst);
        answered
    }
}

impl IdempotencyStore for Timed {
    type Error = StoreError;

    async fn claim(
        &self,
        key: &Key,
        lease: Duration,
        retain: Duration,
    ) -> Result<Claim, StoreError> {
        self.time(self.store.claim(key, lease, retain)).await
    }

    async fn complete(&self, ticket: &Ticket, retain: Duration) -> Result<Settled, StoreError> {
        self.time(self.store.complete(ticket, retain)).await
    }

    async fn release(&self, ticket: &Ticket) -> Result<Settled, StoreError> {
        self.time(self.store.release(ticket)).await
    }

    async fn extend(&self, ticket: &Ticket, lease: Duration) -> Result<Settled, StoreError> {
        self.time(self.store.extend(ticket, lease)).await
    }
}

struct Route {
    receiver: Consumer<Receiver<EnviaAi>, Timed>,
    longest: Arc<AtomicU64>,
    /// The longest that this runtime took to sleep for the limit, in
    /// microseconds: what the machine adds, whatever a store does.
    slept: Arc<AtomicU64>,
    secret: Secret,
    handled: Mutex<HashMap<String, usize>>,
    answered: Mutex<Vec<Answered>>,
    under_way: AtomicUsize,
    over: AtomicBool,
}

impl Route {
    fn new(store: SharedStore, store_down: StoreDown) -> Arc<Self> {
        let secret = Secret::new("whs_3b9ff21c").unwrap();
        let longest = Arc::new(AtomicU64::new(0));
        let store = Timed { store, longest: Arc::clone(&longest) };
        let receiver = Receiver::new(EnviaAi::signed(secret.clone())).with_store(store);
        Arc::new(Self {
            receiver: receiver.lease(LEASE).store_down(store_down),
            longest,
            slept: Arc::default(),
            secret,
            handled: Mutex::default(),
            answered: Mutex::default(),
            under_way: AtomicUsize::new(0),
            over: AtomicBool::new(false),
        })
    }

    async fn deliver(&self, name: &str) -> (u16, &'static str) {
        let body = format!(
            r#"{{"event":"message.received","data":{{"messageId":"{name}","instanceId":"inst_1","from":"5511999990001","content":"Oi"}}}}"#
        );
        let request = testing::enviaai(&self.secret, &body);
        let answer = self
            .receiver
            .handle(&Request::from(&request), |_| async {
                *self.handled.lock().unwrap().entry(name.to_owned()).or_default() += 1;
                Ok(())
            })
            .await;
        (answer.status().as_u16(), answer.outcome().as_str())
    }

    /// Delivers so many per second until it is over.
    async fn load(self: &Arc<Self>, start: &str, rate: u32) {
        let mut ticks = tokio::time::interval(Duration::from_secs(1) / rate);
        let mut number = 0;
        while !self.over.load(Ordering::SeqCst) {
            ticks.tick().await;
            number += 1;
            let (route, name) = (Arc::clone(self), format!("{start}_{number}"));
            route.under_way.fetch_add(1, Ordering::SeqCst);
            let slept = Arc::clone(&route.slept);
            tokio::spawn(async move {
                let started = Instant::now();
                sleep(LIMIT).await;
                let took = u64::try_from(started.elapsed().as_micros()).unwrap();
                slept.fetch_max(took, Ordering::SeqCst);
            });
            tokio::spawn(async move {
                let started = Instant::now();
                let (status, outcome) = route.deliver(&name).await;
                let took = started.elapsed();
                let answered = Answered { name, started, took, status, outcome };
                route.answered.lock().unwrap().push(answered);
                route.under_way.fetch_sub(1, Ordering::SeqCst);
            });
        }
        while self.under_way.load(Ordering::SeqCst) > 0 {
            sleep(Duration::from_millis(5)).await;
        }
    }
}

async fn one_store(url: &str) -> SharedStore {
    if url.starts_with("redis:") {
        SharedStore::new(stores::redis(url).await.within(LIMIT))
    } else {
        SharedStore::new(stores::postgres(url, 16).within(LIMIT))
    }
}

fn outage(run: &Run, name: &str, server: &mut dyn Server, trouble: Trouble) {
    const BEFORE: Duration = Duration::from_secs(1);
    // Long enough to see that all is normal after two seconds.
    const AFTER: Duration = Duration::from_millis(2500);

    let down = Duration::from_secs(if run.counts.full { 3 } else { 2 });
    let start = format!("msg_{}", seed());
    // The proxy has a runtime of its own, which the server's end does not block.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (port, delay): (u16, Delay) = runtime.block_on(proxy::start(server.port()));
    let direct = server.url();
    let url = match trouble {
        Trouble::Slow => direct.replace(&server.port().to_string(), &port.to_string()),
        Trouble::Killed | Trouble::Hung => direct,
    };
    let refusing = Route::new(runtime.block_on(one_store(&url)), StoreDown::Refuse);
    let running = Route::new(runtime.block_on(one_store(&url)), StoreDown::RunUnprotected);

    let rate = run.counts.rate;
    let loads = [(&refusing, "r"), (&running, "u")].map(|(route, letter)| {
        let (route, start) = (Arc::clone(route), format!("{start}_{letter}"));
        // Half the rate each.
        let rate = rate.div_ceil(2);
        runtime.spawn(async move { route.load(&start, rate).await })
    });
    std::thread::sleep(BEFORE);
    let broken = Instant::now();
    match trouble {
        Trouble::Killed => server.kill(),
        Trouble::Hung => server.pause(),
        Trouble::Slow => delay.set(2 * LIMIT),
    }
    std::thread::sleep(down);
    // In the middle of the trouble all are as they will be.
    let (settled, returning) = (broken + Duration::from_millis(200), Instant::now());
    match trouble {
        Trouble::Killed => server.start(),
        Trouble::Hung => server.resume(),
        Trouble::Slow => delay.set(Duration::ZERO),
    }
    let returned = Instant::now();
    std::thread::sleep(AFTER);
    for route in [&refusing, &running] {
        route.over.store(true, Ordering::SeqCst);
    }
    runtime.block_on(async {
        for load in loads {
            load.await.unwrap();
        }
    });

    let word = match trouble {
        Trouble::Killed => "killed",
        Trouble::Hung => "hung",
        Trouble::Slow => "slow by 2 s",
    };
    let slack = if run.counts.full { ASKED_SLACK } else { SLACK };
    let mut normal = Duration::ZERO;
    // The longest answer that follows from one call, and the longest call.
    let mut longest = Duration::ZERO;
    let slept = [&refusing, &running].map(|route| route.slept.load(Ordering::SeqCst));
    let slept = Duration::from_micros(slept[0].max(slept[1]));
    let calls = [&refusing, &running].map(|route| route.longest.load(Ordering::SeqCst));
    let call = Duration::from_micros(calls[0].max(calls[1]));
    let mut while_down = [0; 2];
    for (index, (route, status, outcome)) in
        [(&refusing, 503, "store_down"), (&running, 200, "handled_without_store")]
            .into_iter()
            .enumerate()
    {
        let answered = route.answered.lock().unwrap();
        for one in answered.iter() {
            let normally = (one.status, one.outcome) == (200, "handled");
            let documented = (one.status, one.outcome) == (status, outcome);
            // A completion that did not arrive is said so.
            if documented {
                longest = longest.max(one.took);
            }
            let unmarked = (one.status, one.outcome) == (200, "handled_unmarked");
            assert!(normally || documented || unmarked, "{} {}", one.status, one.outcome);
            if one.ended() < broken {
                assert!(normally, "before: {} {}", one.status, one.outcome);
            }
            if one.started > settled && one.ended() < returning {
                assert!(documented, "while it was down: {} {}", one.status, one.outcome);
                while_down[index] += 1;
            }
            if !normally && one.started > returned {
                normal = normal.max(one.started - returned);
            }
        }
        // Something was seen before, in between, and after.
        assert!(while_down[index] > 10);
        let last = answered.iter().max_by_key(|one| one.started).unwrap();
        assert_eq!((last.status, last.outcome), (200, "handled"));
    }

    // What was refused comes again, and is handled then: none is lost. Its
    // claim may have arrived all the same, and then ends with its lease.
    let refused: Vec<String> = {
        let answered = refusing.answered.lock().unwrap();
        answered.iter().filter(|one| one.status == 503).map(|one| one.name.clone()).collect()
    };
    let again = runtime.block_on(async {
        let deadline = Instant::now() + LEASE + Duration::from_secs(1);
        for name in &refused {
            while refusing.deliver(name).await.0 != 200 {
                assert!(Instant::now() < deadline, "{name} is stuck");
                sleep(Duration::from_millis(50)).await;
            }
        }
        refused.len()
    });
    let handled = refusing.handled.lock().unwrap();
    assert_eq!(handled.len(), refusing.answered.lock().unwrap().len());
    let twice = handled.values().filter(|times| **times > 1).count();

    run.figure(
        &format!(
            "{name} {word} for {} s, {rate} deliveries per second: every answer",
            down.as_secs()
        ),
        "503 and `store_down`, or 200 and `handled_without_store`, within 1.05 s",
        &format!(
            "{} and {} of them; the longest took {:.3} s, the longest call of the store {:.3} s, the longest bare sleep of 1 s beside them {:.3} s",
            while_down[0],
            while_down[1],
            longest.as_secs_f64(),
            call.as_secs_f64(),
            slept.as_secs_f64()
        ),
    );
    run.figure(
        &format!("{name} {word}: normal again after its return"),
        "within 2 s; nothing lost",
        &format!(
            "last other answer to a delivery {:.2} s after; {again} refused came again and were handled, {twice} of all twice",
            normal.as_secs_f64()
        ),
    );
    // A machine that is late anyway is not the store's doing.
    assert!(longest.max(call) <= slept.max(LIMIT) + slack, "{longest:?} {call:?} {slept:?}");
    assert!(normal <= Duration::from_secs(2), "{normal:?}");
    runtime.shutdown_background();
}
