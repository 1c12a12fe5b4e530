//! What the processes do that are killed and stopped.

use std::fs::File;
use std::io::Write;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::sleep;
use zaphook::idempotency::{IdempotencyStore, Settled};
use zaphook::{Delivery, EnviaAi, Failure, Request, Stored, Tenants, TokioTimer, testing};

use super::engine::Engine;
use super::{body, receiver, secret};
use crate::child;

/// At which point a process ends itself, and at which passage of it.
static POINT: OnceLock<(String, AtomicUsize)> = OnceLock::new();

pub(super) const POINTS_OF_A_DOOR: [&str; 2] = ["before the push", "after the push"];
pub(super) const POINTS_OF_A_WORKER: [&str; 3] =
    ["after the claim", "after the commit", "before the removal"];

/// Ends the process if this is its point.
pub(super) fn passes(point: &str) {
    if let Some((at, passages)) = POINT.get()
        && at == point
        && passages.fetch_sub(1, Ordering::SeqCst) == 1
    {
        std::process::abort();
    }
}

fn prepare(rest: &[String]) -> Log {
    let [log, point, passages] = rest else { panic!() };
    if !point.is_empty() {
        POINT.set((point.clone(), AtomicUsize::new(passages.parse().unwrap()))).unwrap();
    }
    Log::open(log)
}

/// When each handler of any process began and ended. A line that was written stays,
/// whatever becomes of the process.
pub(super) struct Log(File);

impl Log {
    pub(super) fn open(path: &str) -> Self {
        Self(File::options().create(true).append(true).open(path).unwrap())
    }

    pub(super) fn begins(&self, name: &str) {
        self.write("begins", name);
    }

    pub(super) fn ends(&self, name: &str) {
        self.write("ends", name);
    }

    fn write(&self, what: &str, name: &str) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros();
        let line = format!("{what} {name} {now} {}\n", std::process::id());
        (&self.0).write_all(line.as_bytes()).unwrap();
    }
}

/// A door: accepts the deliveries that it is told, and says what it answered.
pub(crate) async fn door(url: &str, rest: &[String]) {
    prepare(rest);
    let engine = Engine::open(url, 4).await;
    let door = receiver().door().timer(TokioTimer);
    child::say("ready");
    let (send, mut told) = tokio::sync::mpsc::unbounded_channel();
    std::thread::spawn(move || {
        std::io::stdin().lines().map_while(Result::ok).try_for_each(|name| send.send(name))
    });
    while let Some(name) = told.recv().await {
        let (door, engine) = (door.clone(), engine.clone());
        tokio::spawn(async move {
            let request = testing::enviaai(&secret(), body(&name));
            let push = async |entry| {
                passes("before the push");
                let pushed = engine.push(entry).await;
                passes("after the push");
                pushed
            };
            let answer = door.accept(&Request::from(&request), push).await;
            println!("{} {name}", answer.status().as_u16());
        });
    }
}

/// A worker: an effect per event, in the transaction that completes it. Poison ends it.
pub(crate) async fn work(url: &str, rest: &[String]) {
    let log = prepare(rest);
    let engine = Engine::open(url, 4).await;
    child::say("ready");
    loop {
        // A batch, so that poison could take others with it.
        let taken = engine.take(10).await;
        if taken.is_empty() {
            sleep(Duration::from_millis(50)).await;
        }
        for (id, stored) in taken {
            let verdict = engine.work(&stored, &log).await;
            passes("before the removal");
            engine.settle(id, &verdict).await;
        }
    }
}

/// A worker that is stopped in its handler, past its lease.
pub(crate) async fn stall(url: &str, rest: &[String]) {
    let [row] = rest else { panic!() };
    let stored: Stored = serde_json::from_str(row).unwrap();
    let engine = Engine::open(url, 4).await;
    let handler = async |delivery: Delivery<EnviaAi>| {
        child::say_and_wait("claimed");
        let settled = engine.effect(&delivery, Duration::ZERO).await?;
        child::say(&format!("{settled:?}"));
        match settled {
            Settled::Applied => Ok(()),
            Settled::Lost => Err(Failure::retry("another worker has taken it over")),
        }
    };
    let verdict = match &engine {
        Engine::Pgmq { store, .. } => stalling(store.clone()).work(&stored, handler).await,
        Engine::File { store, .. } => stalling(store.clone()).work(&stored, handler).await,
    };
    child::say(verdict.as_str());
}

fn stalling<S: IdempotencyStore>(store: S) -> zaphook::Consumer<Tenants<EnviaAi>, S> {
    Tenants::<EnviaAi>::new().with_store(store).lease(Duration::from_millis(500))
}
