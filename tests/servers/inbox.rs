//! Stored first, answered, worked on later: the door and the worker on a real
//! PostgreSQL with pgmq, killed, stopped and hung.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::time::sleep;
use zaphook::auth::TokenPlace;
use zaphook::idempotency::{IdempotencyStore, Settled};
use zaphook::retry::RetrySchedule;
use zaphook::{
    Consumer, Delivery, EazeWa, EnviaAi, Failure, PostgresStore, Receiver, Request, Secret, Stored,
    Tenants, Token, TokioTimer, Verdict, testing,
};

use crate::child::{self, Worker};
use crate::pooled::Pooled;
use crate::queue::{Queue, Taken};
use crate::run::{Random, Run, seed};
use crate::server::{Postgres, Server, signal};
use crate::{block_on, crash, stores};

const SECRET: &str = "whs_3b9ff21c";
const LEASE: Duration = Duration::from_millis(1500);
const VISIBLE_AFTER: Duration = Duration::from_secs(2);
/// How often an entry is worked on at most.
const ATTEMPTS: usize = 3;
/// One entry in so many ends its process.
const POISON: usize = 500;

// ---- pgmq, and what is in it ----------------------------------------------

/// pgmq's own SQL, out of the registry's copy of the crate of that name. Nothing of it
/// is built.
fn sql_of_pgmq() -> String {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../pgmq/Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--format-version", "1", "--manifest-path", manifest])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let pgmq = packages.iter().find(|package| package["name"] == "pgmq").unwrap();
    let folder = std::path::Path::new(pgmq["manifest_path"].as_str().unwrap()).parent().unwrap();
    std::fs::read_to_string(folder.join("src/install/embedded/sql/pgmq.sql")).unwrap()
}

/// A database of its own, with pgmq, and empty tables for what the handlers do.
pub(crate) fn database(postgres: &Postgres) -> String {
    let name = format!("inbox_{}", seed());
    block_on(async {
        let admin = Pooled::new(&postgres.url(), 1).unwrap().0.get().await.unwrap();
        admin.batch_execute(&format!("create database {name}")).await.unwrap();
        let url = postgres.database(&name);
        let client = Pooled::new(&url, 1).unwrap().0.get().await.unwrap();
        // Without it the queue says how to get it.
        let missing = Queue::open(Pooled::new(&url, 1).unwrap(), VISIBLE_AFTER).await;
        assert!(missing.err().unwrap().to_string().contains("create extension pgmq"));
        client.batch_execute(&sql_of_pgmq()).await.unwrap();
        client.batch_execute("create table claims (name text not null)").await.unwrap();
        queue(&url).await;
    });
    crash::prepare(&postgres.database(&name));
    postgres.database(&name)
}

async fn queue(url: &str) -> Queue {
    Queue::open(Pooled::new(url, 4).unwrap(), VISIBLE_AFTER).await.unwrap()
}

pub(crate) fn body(name: &str) -> String {
    format!(
        r#"{{"event":"message.received","data":{{"messageId":"{name}","instanceId":"inst_1","from":"5511999990001","content":"Oi"}}}}"#
    )
}

fn name_of(stored: &Stored) -> String {
    let delivery = stored.parse_trusted::<EnviaAi>().unwrap();
    delivery.event().message_id().unwrap().to_owned()
}

fn receiver() -> Receiver<EnviaAi> {
    Receiver::new(EnviaAi::signed(Secret::new(SECRET).unwrap()))
}

fn consumer<S: IdempotencyStore>(store: S) -> Consumer<Tenants<EnviaAi>, S> {
    let pauses = vec![Duration::from_millis(200); ATTEMPTS - 1];
    Tenants::<EnviaAi>::new()
        .with_store(store)
        .timer(TokioTimer)
        .lease(LEASE)
        .attempts(RetrySchedule::configured(pauses))
}

pub(crate) async fn names(url: &str, statement: &str) -> Vec<String> {
    let client = Pooled::new(url, 1).unwrap().0.get().await.unwrap();
    client.query(statement, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

pub(crate) async fn in_queue(url: &str) -> usize {
    names(url, "select msg_id::text from pgmq.q_inbox").await.len()
}

// ---- What the processes do ------------------------------------------------

/// A door: accepts the deliveries that it is told, and says what it answered.
pub(crate) async fn door(url: &str) {
    let queue = queue(url).await;
    let door = receiver().door().timer(TokioTimer);
    let secret = Secret::new(SECRET).unwrap();
    child::say("ready");
    let (send, mut told) = tokio::sync::mpsc::unbounded_channel();
    std::thread::spawn(move || {
        std::io::stdin().lines().map_while(Result::ok).try_for_each(|name| send.send(name))
    });
    while let Some(name) = told.recv().await {
        let (door, queue, secret) = (door.clone(), queue.clone(), secret.clone());
        tokio::spawn(async move {
            let request = testing::enviaai(&secret, body(&name));
            let answer = door.accept(&Request::from(&request), |entry| queue.push(entry)).await;
            println!("{} {name}", answer.status().as_u16());
        });
    }
}

/// A worker: an effect per event, in the transaction that completes it. Poison ends it.
pub(crate) async fn work(url: &str) {
    let queue = queue(url).await;
    let store = stores::postgres(url, 4);
    let worker = consumer(store.clone());
    let pool = Pooled::new(url, 4).unwrap();
    child::say("ready");
    loop {
        // A batch, so that poison could take others with it.
        let taken = queue.take(10).await.unwrap_or_default();
        if taken.is_empty() {
            sleep(Duration::from_millis(50)).await;
        }
        for Taken { id, stored } in taken {
            let stored = stored.unwrap();
            let verdict = worker.work(&stored, |delivery| effect(&pool, &store, delivery)).await;
            // What could not be settled is handed out again.
            let _ = match verdict {
                Verdict::Done => queue.remove(id).await,
                Verdict::Again { after, .. } => queue.put_off(id, after).await,
                Verdict::Dead { .. } => queue.set_aside(id).await,
            };
        }
    }
}

async fn effect(
    pool: &Pooled,
    store: &PostgresStore<Pooled>,
    delivery: Delivery<EnviaAi>,
) -> Result<(), Failure> {
    let ticket = delivery.ticket().unwrap();
    let name = delivery.event().message_id().unwrap();
    let mut client = pool.0.get().await?;
    if name.contains("poison") {
        client.execute("insert into claims (name) values ($1)", &[&name]).await?;
        std::process::abort();
    }
    match crate::worker::effect(store, &mut client, ticket, Duration::from_millis(1)).await? {
        Settled::Applied => Ok(()),
        Settled::Lost => Err(Failure::retry("another worker has taken it over")),
    }
}

/// A worker that is stopped in its handler, past its lease.
pub(crate) async fn stall(url: &str, rest: &[String]) {
    let [row] = rest else { panic!() };
    let stored: Stored = serde_json::from_str(row).unwrap();
    let store = stores::postgres(url, 4);
    let pool = Pooled::new(url, 1).unwrap();
    let handler = async |delivery: Delivery<EnviaAi>| {
        child::say_and_wait("claimed");
        let mut client = pool.0.get().await?;
        let ticket = delivery.ticket().unwrap();
        let settled = crate::worker::effect(&store, &mut client, ticket, Duration::ZERO).await?;
        child::say(&format!("{settled:?}"));
        match settled {
            Settled::Applied => Ok(()),
            Settled::Lost => Err(Failure::retry("another worker has taken it over")),
        }
    };
    let worker = Tenants::<EnviaAi>::new().with_store(store.clone()).lease(SHORT);
    let verdict = worker.work(&stored, handler).await;
    child::say(verdict.as_str());
}

const SHORT: Duration = Duration::from_millis(500);

// ---- Killed ---------------------------------------------------------------

/// What the gateway has to deliver, and what was answered.
#[derive(Default)]
struct Gateway {
    due: Mutex<VecDeque<String>>,
    accepted: Mutex<BTreeSet<String>>,
    repeated: AtomicUsize,
    over: AtomicBool,
}

impl Gateway {
    /// Feeds a door, and the next one when it is killed: what was not answered comes
    /// again, and 5 % of what was.
    fn deliver(&self, url: &str, id: &AtomicU32) {
        let mut random = Random::new(seed());
        while !self.over.load(Ordering::SeqCst) {
            let mut door = Worker::start("inbox-door", url, &[]);
            id.store(door.id(), Ordering::SeqCst);
            let mut under_way = BTreeSet::new();
            if door.line().is_none() {
                continue;
            }
            loop {
                while under_way.len() < 16 {
                    let Some(name) = self.due.lock().unwrap().pop_front() else { break };
                    door.tell(&name);
                    under_way.insert(name);
                }
                if under_way.is_empty() {
                    if self.over.load(Ordering::SeqCst) {
                        return;
                    }
                    std::thread::sleep(Duration::from_millis(5));
                    // It may have been killed meanwhile.
                    if door.has_ended() {
                        break;
                    }
                    continue;
                }
                let Some(line) = door.line() else { break };
                // A line that was cut off by the kill was no answer.
                let Some((status, name)) = line.split_once(' ') else { continue };
                if !under_way.remove(name) {
                    continue;
                }
                if status == "200" {
                    self.accepted.lock().unwrap().insert(name.to_owned());
                    if random.below(20) > 0 {
                        continue;
                    }
                    self.repeated.fetch_add(1, Ordering::SeqCst);
                }
                self.due.lock().unwrap().push_back(name.to_owned());
            }
            self.due.lock().unwrap().extend(under_way);
        }
    }

    /// Keeps a worker running.
    fn employ(&self, url: &str, id: &AtomicU32) {
        while !self.over.load(Ordering::SeqCst) {
            let mut worker = Worker::start("inbox-work", url, &[]);
            id.store(worker.id(), Ordering::SeqCst);
            while worker.line().is_some() {}
        }
    }
}

pub(crate) fn killed(run: &Run) {
    let (total, kills, crashes) =
        (run.counts.inbox_deliveries, run.counts.inbox_kills, run.counts.inbox_crashes);
    let mut postgres = run.postgres();
    let url = database(&postgres);
    let all: Vec<String> = (0..total)
        .map(|index| match index % POISON {
            7 => format!("poison_{index}"),
            _ => format!("msg_{index}"),
        })
        .collect();
    let gateway = Gateway { due: Mutex::new(all.iter().cloned().collect()), ..Gateway::default() };
    let ids: [AtomicU32; 4] = Default::default();
    let started = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(|| gateway.deliver(&url, &ids[0]));
        for id in &ids[1..] {
            scope.spawn(|| gateway.employ(&url, id));
        }
        let mut random = Random::new(seed());
        for kill in 0..kills {
            std::thread::sleep(Duration::from_millis(50 + random.below(200) as u64));
            if kill % kills.div_ceil(crashes) == 0 {
                postgres.kill();
                postgres.start();
            }
            let id = ids[random.below(ids.len())].swap(0, Ordering::SeqCst);
            if id > 0 {
                signal("-KILL", &[id]);
            }
        }
        let patience = Instant::now();
        let drained = || {
            let delivered = gateway.accepted.lock().unwrap().len() == total;
            delivered && gateway.due.lock().unwrap().is_empty() && block_on(in_queue(&url)) == 0
        };
        while !drained() {
            assert!(patience.elapsed() < Duration::from_secs(1800), "it is never drained");
            std::thread::sleep(Duration::from_millis(200));
        }
        gateway.over.store(true, Ordering::SeqCst);
        signal("-KILL", &ids[1..].iter().map(|id| id.load(Ordering::SeqCst)).collect::<Vec<_>>());
    });
    let took = started.elapsed().as_secs_f64();

    let accepted = gateway.accepted.into_inner().unwrap();
    let effects = block_on(names(&url, "select key from effects"));
    let mut handled: BTreeMap<&str, usize> = BTreeMap::new();
    for key in &effects {
        *handled.entry(key.rsplit('/').next().unwrap()).or_default() += 1;
    }
    let dead: Vec<String> = block_on(async {
        let dead = queue(&url).await.dead().await.unwrap();
        dead.into_iter().map(|entry| name_of(&entry.stored.unwrap())).collect()
    });
    let dead: BTreeSet<&str> = dead.iter().map(String::as_str).collect();
    let mut claims: BTreeMap<String, usize> = BTreeMap::new();
    for name in block_on(names(&url, "select name from claims")) {
        *claims.entry(name).or_default() += 1;
    }
    let lost = accepted
        .iter()
        .filter(|name| !handled.contains_key(name.as_str()) && !dead.contains(name.as_str()))
        .count();
    let twice = handled.values().filter(|times| **times != 1).count();
    let good_dead = dead.iter().filter(|name| !name.starts_with("poison")).count();
    let repeated = gateway.repeated.into_inner();
    let name = format!(
        "pgmq: {total} deliveries, {kills} × kill -9 of door or worker, {crashes} × PostgreSQL"
    );
    run.figure(
        &name,
        "0 lost, every effect once",
        &format!(
            "{} answered 200, {repeated} of them sent again; {lost} lost, {} effects, {twice} not once, in {took:.0} s",
            accepted.len(),
            handled.len(),
        ),
    );
    let most = claims.values().max().copied().unwrap_or_default();
    run.figure(
        &format!("pgmq: poison, 1 in {POISON}, ends its process"),
        "set aside after so many attempts; none of the good",
        &format!("{} set aside of {}, after at most {most} runs of {ATTEMPTS} for each of its copies; {good_dead} good ones", dead.len(), claims.len()),
    );
    assert_eq!((lost, twice, good_dead), (0, 0, 0));
    assert_eq!(dead.len(), all.iter().filter(|name| name.starts_with("poison")).count());
}

// ---- Stopped --------------------------------------------------------------

pub(crate) fn stopped(run: &Run) {
    const AT_ONCE: usize = 10;

    let postgres = run.postgres();
    let url = database(&postgres);
    let pauses = run.counts.pauses;
    let mut refused = 0;
    for batch in 0..pauses.div_ceil(AT_ONCE) {
        let watched = (0..AT_ONCE.min(pauses - batch * AT_ONCE)).map(|index| {
            let (name, url) = (format!("stopped_{batch}_{index}"), url.clone());
            std::thread::spawn(move || {
                let delivery = Delivery::<EnviaAi>::parse_trusted(body(&name)).unwrap();
                let stored = delivery.to_stored();
                let row = serde_json::to_string(&stored).unwrap();
                let mut worker = Worker::start("inbox-stall", &url, &[&row]);
                worker.expect("claimed");
                signal("-STOP", &[worker.id()]);
                block_on(async {
                    let store = stores::postgres(&url, 2);
                    let pool = Pooled::new(&url, 1).unwrap();
                    let other = consumer(store.clone());
                    loop {
                        match other.work(&stored, |delivery| effect(&pool, &store, delivery)).await
                        {
                            Verdict::Done => break,
                            Verdict::Again { after, .. } => {
                                sleep(after.min(Duration::from_millis(20))).await;
                            }
                            dead @ Verdict::Dead { .. } => panic!("{dead:?}"),
                        }
                    }
                });
                signal("-CONT", &[worker.id()]);
                worker.go();
                worker.expect("Lost");
                worker.expect("again");
            })
        });
        for watched in watched.collect::<Vec<_>>() {
            refused += usize::from(watched.join().is_ok());
        }
    }
    let effects = block_on(names(&url, "select key from effects"));
    let once = effects.iter().collect::<BTreeSet<_>>().len();
    run.figure(
        &format!("pgmq: {pauses} workers stopped (SIGSTOP) in their handler past their lease"),
        "every stale completion refused, every effect once",
        &format!("{refused} of {pauses}; {once} effects once, {} not", effects.len() - once),
    );
    assert_eq!((refused, once, effects.len()), (pauses, pauses, pauses));
}

// ---- The engine hangs -----------------------------------------------------

pub(crate) fn hung(run: &Run) {
    const SLACK: Duration = Duration::from_millis(1000);

    let postgres = run.postgres();
    let url = database(&postgres);
    let each = usize::try_from(run.counts.rate).unwrap();
    let token = Token::new("9f2c51b7-5a0e-4d8e").unwrap();
    let (longest, answers, early, stored) = block_on(async {
        let queue = Queue::open(Pooled::new(&url, 16).unwrap(), VISIBLE_AFTER).await.unwrap();
        // The connections are there already.
        let client = Pooled::new(&url, 1).unwrap().0.get().await.unwrap();
        drop(client);
        let enviaai = receiver().door().timer(TokioTimer);
        let eazewa = Receiver::new(EazeWa::any_instance(TokenPlace::path(), token))
            .door()
            .timer(TokioTimer)
            .hold(Duration::from_secs(20));
        postgres.pause();
        let resumed = Arc::new(AtomicBool::new(false));
        let repeaters = (0..each).map(|index| {
            let (door, queue) = (enviaai.clone(), queue.clone());
            tokio::spawn(async move {
                let request =
                    testing::enviaai(&Secret::new(SECRET).unwrap(), body(&format!("hung_{index}")));
                let started = Instant::now();
                let answer = door.accept(&Request::from(&request), |entry| queue.push(entry)).await;
                (answer.status().as_u16(), started.elapsed())
            })
        });
        let repeaters: Vec<_> = repeaters.collect();
        let finals = (0..each).map(|index| {
            let (door, queue, resumed) = (eazewa.clone(), queue.clone(), Arc::clone(&resumed));
            tokio::spawn(async move {
                let body = format!(
                    r#"{{"event":"message_ack","instanceId":"33","data":{{"message":{{"id":{{"_serialized":"true_5511999990001@c.us_{index}"}}}},"ack":2}}}}"#
                );
                let request = testing::eazewa("9f2c51b7-5a0e-4d8e", body);
                // As long as it is not answered, it comes again.
                loop {
                    let answer =
                        door.accept(&Request::from(&request), |entry| queue.push(entry)).await;
                    let early = !resumed.load(Ordering::SeqCst);
                    if !answer.is_withheld() {
                        return (answer.outcome().as_str(), early);
                    }
                }
            })
        });
        let finals: Vec<_> = finals.collect();
        sleep(Duration::from_secs(4)).await;
        let mut longest = Duration::ZERO;
        let mut answers: BTreeMap<u16, usize> = BTreeMap::new();
        for repeater in repeaters {
            let (status, took) = repeater.await.unwrap();
            *answers.entry(status).or_default() += 1;
            longest = longest.max(took);
        }
        resumed.store(true, Ordering::SeqCst);
        postgres.resume();
        let (mut early, mut stored) = (0, 0);
        for answered in finals {
            let (outcome, was_early) = answered.await.unwrap();
            early += usize::from(was_early);
            stored += usize::from(outcome == "stored");
        }
        (longest, answers, early, stored)
    });
    let rows = block_on(names(
        &url,
        "select distinct message->>'body' from pgmq.q_inbox where message->>'gateway' = 'eazewa'",
    ));
    run.figure(
        &format!("pgmq hung for 4 s, {each} deliveries each of EnviaAI and eazeWA"),
        "EnviaAI: 503 within 1.05 s; eazeWA: no answer, and everything stored after the return",
        &format!(
            "{answers:?}, the longest after {:.3} s; {early} answered while it hung, {stored} stored after, {} of them in the queue",
            longest.as_secs_f64(),
            rows.len()
        ),
    );
    assert_eq!(answers, BTreeMap::from([(503, each)]));
    assert!(longest <= Duration::from_secs(1) + SLACK, "{longest:?}");
    assert_eq!((early, stored, rows.len()), (0, each, each));
}

// ---- Replayed -------------------------------------------------------------

pub(crate) fn replayed(run: &Run) {
    const DEAD: usize = 100;

    let postgres = run.postgres();
    let url = database(&postgres);
    let (first, second) = block_on(async {
        let queue = queue(&url).await;
        let store = stores::postgres(&url, 4);
        let worker = consumer(store.clone());
        let pool = Pooled::new(&url, 2).unwrap();
        let mut replays = Vec::new();
        for index in 0..DEAD {
            let delivery =
                Delivery::<EnviaAi>::parse_trusted(body(&format!("dead_{index}"))).unwrap();
            queue.push(delivery.to_stored()).await.ok().unwrap();
        }
        let hopeless = |_| async { Err(Failure::give_up("no such customer")) };
        loop {
            let taken = queue.take(50).await.unwrap();
            if taken.is_empty() {
                break;
            }
            for entry in taken {
                let verdict = worker.work(&entry.stored.unwrap(), hopeless).await;
                assert!(matches!(verdict, Verdict::Dead { .. }), "{verdict:?}");
                queue.set_aside(entry.id).await.unwrap();
            }
        }
        assert_eq!(queue.dead().await.unwrap().len(), DEAD);
        for _ in 0..2 {
            replays.push(queue.replay(None).await.unwrap());
        }
        loop {
            let taken = queue.take(50).await.unwrap();
            if taken.is_empty() {
                break;
            }
            for entry in taken {
                let stored = entry.stored.unwrap();
                let verdict =
                    worker.work(&stored, |delivery| effect(&pool, &store, delivery)).await;
                assert!(matches!(verdict, Verdict::Done), "{verdict:?}");
                queue.remove(entry.id).await.unwrap();
            }
        }
        (replays[0], replays[1])
    });
    let effects = block_on(names(&url, "select key from effects"));
    let once = effects.iter().collect::<BTreeSet<_>>().len();
    run.figure(
        &format!("pgmq: {DEAD} dead letters replayed, pressed twice"),
        "all handled, none twice",
        &format!("{first} and {second} pushed; {once} handled once, {} not", effects.len() - once),
    );
    assert_eq!((first, second), (DEAD as u64, 0));
    assert_eq!((once, effects.len()), (DEAD, DEAD));
}
