//! The engine is killed, hangs, is slow or has no room; and the guard is away.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;
use tokio::time::sleep;
use zaphook::auth::TokenPlace;
use zaphook::{
    Delivery, Door, EazeWa, EnviaAi, Receiver, Request, Token, TokioTimer, Verdict, testing,
};

use super::engine::{Engine, database, in_queue, texts};
use super::{ATTEMPTS, body, consumer, receiver, secret, stored};
use crate::pooled::Pooled;
use crate::proxy::{self, Delay};
use crate::run::{Random, Run, seed};
use crate::server::{Postgres, Redis, Server};
use crate::{block_on, stores};

/// The limit of a push, written out, and what a busy machine may add.
const LIMIT: Duration = Duration::from_secs(1);
const SLACK: Duration = Duration::from_millis(1000);
const ASKED_SLACK: Duration = Duration::from_millis(50);
const TOKEN: &str = "9f2c51b7-5a0e-4d8e";

#[derive(Clone, Copy, PartialEq)]
enum Trouble {
    Killed,
    Hung,
    Slow,
}

pub(crate) fn hung(run: &Run) {
    for seconds in run.counts.inbox_outages {
        away(run, Trouble::Hung, *seconds);
    }
}

pub(crate) fn killed_for_a_while(run: &Run) {
    for seconds in run.counts.inbox_outages {
        away(run, Trouble::Killed, *seconds);
    }
}

pub(crate) fn slow(run: &Run) {
    for seconds in run.counts.inbox_outages {
        away(run, Trouble::Slow, *seconds);
    }
}

fn eazewa() -> Door<Receiver<EazeWa>> {
    let token = Token::new(TOKEN).unwrap();
    let receiver = Receiver::new(EazeWa::any_instance(TokenPlace::path(), token));
    receiver.door().timer(TokioTimer).hold(Duration::from_secs(20))
}

fn ack(index: usize) -> String {
    format!(
        r#"{{"event":"message_ack","instanceId":"33","data":{{"message":{{"id":{{"_serialized":"true_5511999990001@c.us_{index}"}}}},"ack":2}}}}"#
    )
}

/// A delivery of EnviaAI; gives what it was answered first, and after how long. What
/// was refused comes again until it is not, after pauses that grow as a gateway's do.
async fn repeated(
    door: &Door<Receiver<EnviaAi>>,
    engine: &Engine,
    body: String,
) -> (u16, Duration) {
    let mut random = Random::new(body.bytes().map(u64::from).sum::<u64>() + seed());
    let request = testing::enviaai(&secret(), body);
    let started = Instant::now();
    let answer = door.accept(&Request::from(&request), |entry| engine.push(entry)).await;
    let first = (answer.status().as_u16(), started.elapsed());
    let (mut last, mut pause) = (first.0, 2000);
    while last != 200 {
        sleep(Duration::from_millis((pause + random.below(pause)) as u64)).await;
        pause *= 2;
        let answer = door.accept(&Request::from(&request), |entry| engine.push(entry)).await;
        last = answer.status().as_u16();
    }
    first
}

/// A delivery of eazeWA, which repeats as long as it is not answered; gives the outcome
/// of the answer, and whether it came while the engine was away.
async fn once(
    door: &Door<Receiver<EazeWa>>,
    engine: &Engine,
    body: String,
    back: &AtomicBool,
) -> (&'static str, bool) {
    let request = testing::eazewa(TOKEN, body);
    loop {
        let answer = door.accept(&Request::from(&request), |entry| engine.push(entry)).await;
        let early = !back.load(Ordering::SeqCst);
        if !answer.is_withheld() {
            return (answer.outcome().as_str(), early);
        }
    }
}

fn away(run: &Run, trouble: Trouble, seconds: u64) {
    let mut postgres = run.postgres();
    let url = database(&postgres);
    let rate = u64::from(run.counts.rate);
    let (longest, first, early, stored, sent) = block_on(async {
        let (port, delay): (u16, Delay) = proxy::start(postgres.port()).await;
        let through = url.replace(&format!(":{}/", postgres.port()), &format!(":{port}/"));
        let engine = Engine::open(&through, 16).await;
        let (enviaai, eazewa) = (receiver().door().timer(TokioTimer), eazewa());
        let back = Arc::new(AtomicBool::new(false));
        match trouble {
            Trouble::Killed => postgres.kill(),
            Trouble::Hung => postgres.pause(),
            Trouble::Slow => delay.set(Duration::from_secs(2)),
        }
        let mut repeaters: Vec<JoinHandle<(u16, Duration)>> = Vec::new();
        let mut finals: Vec<JoinHandle<(&'static str, bool)>> = Vec::new();
        let mut every = tokio::time::interval(Duration::from_millis(20));
        let started = Instant::now();
        let mut sent = 0_usize;
        while started.elapsed() < Duration::from_secs(seconds) {
            every.tick().await;
            let due = started.elapsed().as_millis() as u64 * rate / 1000;
            while (sent as u64) < due {
                let index = sent;
                let engine = engine.clone();
                if index.is_multiple_of(2) {
                    let door = enviaai.clone();
                    repeaters.push(tokio::spawn(async move {
                        repeated(&door, &engine, body(&format!("away_{index}"))).await
                    }));
                } else {
                    let (door, back) = (eazewa.clone(), Arc::clone(&back));
                    finals.push(tokio::spawn(async move {
                        once(&door, &engine, ack(index), &back).await
                    }));
                }
                sent += 1;
            }
        }
        // The last one is answered while the engine is away, too.
        sleep(LIMIT + SLACK).await;
        back.store(true, Ordering::SeqCst);
        match trouble {
            Trouble::Killed => postgres.start(),
            Trouble::Hung => postgres.resume(),
            Trouble::Slow => delay.set(Duration::ZERO),
        }
        let mut longest = Duration::ZERO;
        let mut first: BTreeMap<u16, usize> = BTreeMap::new();
        for repeater in repeaters {
            let (status, took) = repeater.await.unwrap();
            *first.entry(status).or_default() += 1;
            longest = longest.max(took);
        }
        let (mut early, mut stored) = (0, 0);
        for answered in finals {
            let (outcome, was_early) = answered.await.unwrap();
            early += usize::from(was_early);
            stored += usize::from(outcome == "stored");
        }
        (longest, first, early, stored, sent)
    });
    let entries = |gateway: &str| {
        let each = format!(
            "select distinct message->>'body' from pgmq.q_inbox where message->>'gateway' = '{gateway}'"
        );
        block_on(texts(&url, &each)).len()
    };
    let (of_enviaai, of_eazewa) = (entries("enviaai"), entries("eazewa"));
    let how = match trouble {
        Trouble::Killed => "killed",
        Trouble::Hung => "hung",
        Trouble::Slow => "slow by 2 s",
    };
    run.figure(
        &format!("pgmq {how} for {seconds} s, {rate} deliveries per second of EnviaAI and eazeWA"),
        "EnviaAI: 503 within 1.05 s; eazeWA: no answer, and everything stored after the return",
        &format!(
            "{sent} deliveries; EnviaAI at first: {first:?}, the longest after {:.3} s; {early} of eazeWA answered meanwhile; {of_enviaai} and {of_eazewa} in the queue after",
            longest.as_secs_f64(),
        ),
    );
    let of_each = (sent - sent / 2, sent / 2);
    assert_eq!(first, BTreeMap::from([(503, of_each.0)]));
    let slack = if run.counts.full { ASKED_SLACK } else { SLACK };
    assert!(longest <= LIMIT + slack, "{longest:?}");
    assert_eq!((early, stored), (0, of_each.1));
    assert_eq!((of_enviaai, of_eazewa), of_each);
}

// ---- No room --------------------------------------------------------------

/// No file of the server may grow beyond some size, which a full disk looks like to it.
pub(crate) fn disk_full(run: &Run) {
    const MOST: u32 = 24 << 20;
    const BODIES: usize = 600;

    let postgres = Postgres::with_files_of_at_most(MOST);
    let url = database(&postgres);
    let large = |index: usize| {
        // Nothing that compresses well.
        let mut random = Random::new(index as u64 + 1);
        let text: String = (0..8192).map(|_| format!("{:08x}", random.below(1 << 32))).collect();
        body(&format!("large_{index}_{text}"))
    };
    let (answers, withheld, kept, after) = block_on(async {
        let engine = Engine::open(&url, 4).await;
        let (enviaai, eazewa) = (receiver().door().timer(TokioTimer), eazewa());
        let accept = async |body: String| {
            let request = testing::enviaai(&secret(), body);
            let answer = enviaai.accept(&Request::from(&request), |entry| engine.push(entry)).await;
            answer.status().as_u16()
        };
        let mut answers: BTreeMap<u16, usize> = BTreeMap::new();
        for index in 0..BODIES {
            *answers.entry(accept(large(index)).await).or_default() += 1;
        }
        let request = testing::eazewa(TOKEN, ack(1).replace("33", &"3".repeat(200_000)));
        let eazewa = eazewa.hold(Duration::from_secs(1));
        let push = |entry| engine.push(entry);
        let withheld = eazewa.accept(&Request::from(&request), push).await.is_withheld();
        let kept = in_queue(&url).await;
        let client = Pooled::new(&url, 1).unwrap().0.get().await.unwrap();
        client.batch_execute("truncate pgmq.q_inbox").await.unwrap();
        (answers, withheld, kept, accept(large(BODIES)).await)
    });
    let accepted = answers.get(&200).copied().unwrap_or_default();
    run.figure(
        &format!("pgmq without room: {BODIES} deliveries of 64 kB, files of at most {MOST} bytes"),
        "no 200 without an entry; works again when there is room",
        &format!(
            "EnviaAI: {answers:?}, {kept} entries; eazeWA withheld: {withheld}; {after} when there was room"
        ),
    );
    assert_eq!(kept, accepted);
    assert!(answers.len() == 2 && answers.contains_key(&503), "{answers:?}");
    assert!(withheld);
    assert_eq!(after, 200);
}

// ---- The guard is away ----------------------------------------------------

pub(crate) fn guard_down(run: &Run) {
    const WORKERS: usize = 4;

    let mut redis = Redis::new(&["--appendonly", "yes"]);
    let postgres = run.postgres();
    let url = database(&postgres);
    let total = run.counts.inbox_deliveries / 50;
    let away = Duration::from_secs(*run.counts.inbox_outages.last().unwrap());
    let (before, meanwhile, after, handled) = block_on(async {
        let engine = Engine::open(&url, 16).await;
        for index in 0..total {
            engine.push(stored(&format!("guarded_{index}"))).await.ok().unwrap();
        }
        let handled: Arc<std::sync::Mutex<BTreeMap<String, usize>>> = Arc::default();
        let begun = Arc::new(AtomicUsize::new(0));
        let store = stores::redis(&redis.url()).await.within(LIMIT);
        let working: Vec<_> = (0..WORKERS)
            .map(|_| {
                let (engine, worker) = (engine.clone(), consumer(store.clone()));
                let (handled, begun) = (Arc::clone(&handled), Arc::clone(&begun));
                tokio::spawn(async move {
                    loop {
                        let taken = engine.take(5).await;
                        if taken.is_empty() {
                            sleep(Duration::from_millis(50)).await;
                        }
                        for (id, stored) in taken {
                            let handler = async |delivery: Delivery<EnviaAi>| {
                                begun.fetch_add(1, Ordering::SeqCst);
                                let name = delivery.event().message_id().unwrap().to_owned();
                                *handled.lock().unwrap().entry(name).or_default() += 1;
                                sleep(Duration::from_millis(2)).await;
                                Ok(())
                            };
                            let verdict = worker.work(&stored, handler).await;
                            assert!(!matches!(verdict, Verdict::Dead { .. }), "{verdict:?}");
                            engine.settle(id, &verdict).await;
                        }
                    }
                })
            })
            .collect();
        while begun.load(Ordering::SeqCst) < total / 4 {
            sleep(Duration::from_millis(5)).await;
        }
        redis.kill();
        // A claim that was made just before.
        sleep(Duration::from_millis(200)).await;
        let before = begun.load(Ordering::SeqCst);
        sleep(away).await;
        let meanwhile = begun.load(Ordering::SeqCst) - before;
        redis.start();
        let started = Instant::now();
        while in_queue(&url).await > 0 {
            assert!(started.elapsed() < Duration::from_secs(300), "it is never worked off");
            sleep(Duration::from_millis(100)).await;
        }
        let after = started.elapsed();
        working.iter().for_each(JoinHandle::abort);
        let handled = handled.lock().unwrap().clone();
        (before, meanwhile, after, handled)
    });
    let most = handled.values().max().copied().unwrap_or_default();
    run.figure(
        &format!("the guard (Redis) killed for {} s under {WORKERS} workers", away.as_secs()),
        "0 handled unguarded, 0 lost",
        &format!(
            "{before} of {total} handled before, {meanwhile} meanwhile, {} in all, at most {most} times; worked off {:.1} s after the return",
            handled.len(),
            after.as_secs_f64()
        ),
    );
    assert_eq!((meanwhile, handled.len()), (0, total));
    // It was killed with claims whose completion it had not heard of.
    assert!(most <= ATTEMPTS, "{most}");
}
