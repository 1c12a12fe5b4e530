//! What the door takes, against the bare engine and against handling in the request; and
//! what a door and its workers sustain.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use zaphook::{EnviaAi, Failure, Request, TokioTimer, testing};

use super::engine::{Engine, database, in_queue, texts};
use super::{SECRET, body, receiver, secret, stored};
use crate::examples::program::Program;
use crate::pooled::Pooled;
use crate::run::{Run, seed};
use crate::speed::{Rounds, pgbench};
use crate::{block_on, examples};

const CONNECTIONS: usize = 16;

fn empty(url: &str) {
    block_on(async {
        let client = Pooled::new(url, 1).unwrap().0.get().await.unwrap();
        client.batch_execute("truncate pgmq.q_inbox; checkpoint").await.unwrap();
    });
}

/// So many deliveries, answered one after the other by each of so many tasks; gives how
/// many were answered per second.
fn rate<F, Fut>(url: &str, count: usize, answer: F) -> f64
where
    F: Fn(Engine, String) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = u16> + Send,
{
    let url = url.to_owned();
    block_on(async move {
        let engine = Engine::open(&url, CONNECTIONS).await;
        let answer = Arc::new(answer);
        let run = seed();
        let all = async |count: usize, name: &str| {
            let next = Arc::new(AtomicUsize::new(0));
            let tasks = (0..CONNECTIONS).map(|_| {
                let (engine, answer) = (engine.clone(), Arc::clone(&answer));
                let (next, name) = (Arc::clone(&next), format!("{name}_{run}"));
                tokio::spawn(async move {
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        if index >= count {
                            break;
                        }
                        let status = answer(engine.clone(), body(&format!("{name}_{index}"))).await;
                        assert_eq!(status, 200);
                    }
                })
            });
            for task in tasks.collect::<Vec<_>>() {
                task.await.unwrap();
            }
        };
        // Connected before the clock runs.
        all(CONNECTIONS * 20, "warm").await;
        let started = Instant::now();
        all(count, "msg").await;
        count as f64 / started.elapsed().as_secs_f64()
    })
}

fn door_rate(url: &str, count: usize) -> f64 {
    let door = receiver().door().timer(TokioTimer);
    rate(url, count, move |engine, body| {
        let door = door.clone();
        async move {
            let request = testing::enviaai(&secret(), body);
            let push = |entry| engine.push(entry);
            door.accept(&Request::from(&request), push).await.status().as_u16()
        }
    })
}

pub(crate) fn against_the_engine(run: &Run) {
    let postgres = run.postgres();
    let url = database(&postgres);
    let count = run.counts.claims / 10;
    // What the door pushes for such a delivery.
    let entry = serde_json::to_string(&stored("msg_1790000000000000000_12345")).unwrap();
    // `:null` would be a variable of the tool.
    let entry = entry.replace(":null", ": null");
    let script = format!("select pgmq.send('inbox', '{entry}'::jsonb);\n");
    let name = url.rsplit('/').next().unwrap();
    let bare = || pgbench(&postgres, name, &script, CONNECTIONS, count);
    against(run, &url, count, bare, "the same `pgmq.send` by `pgbench -M prepared`", 85.0);
}

/// The door in turns with another way; asked is so much of its rate, in percent.
fn against(run: &Run, url: &str, count: usize, other: impl Fn() -> f64, of: &str, asked: f64) {
    let door = || {
        empty(url);
        door_rate(url, count)
    };
    let other = || {
        empty(url);
        other()
    };
    let rounds = Rounds::measure(run.counts.rounds, door, other);
    rounds.figure(run, &format!("pgmq: the door, {CONNECTIONS} connections"), of, asked);
}

pub(crate) fn against_handling(run: &Run) {
    let postgres = run.postgres();
    let url = database(&postgres);
    let count = run.counts.claims / 20;
    let handle = || {
        let store = crate::stores::postgres(&url, CONNECTIONS);
        let consumer = receiver().with_store(store).timer(TokioTimer);
        rate(&url, count, move |engine, body| {
            let consumer = consumer.clone();
            async move {
                let request = testing::enviaai(&secret(), body);
                let push = async |delivery: zaphook::Delivery<EnviaAi>| -> Result<(), Failure> {
                    engine.push(delivery.to_stored()).await
                };
                consumer.handle(&Request::from(&request), push).await.status().as_u16()
            }
        })
    };
    against(run, &url, count, handle, "`handle` around the push", 170.0);
}

// ---- Sustained ------------------------------------------------------------

/// What came of each delivery over HTTP, and how long the answers took.
#[derive(Default)]
struct Answers {
    not_200: usize,
    took: Vec<Duration>,
}

pub(crate) fn sustained(run: &Run) {
    let (rate, seconds) = run.counts.sustained;
    let url = database(&run.postgres());
    let program = examples::example("inbox");
    let settings = [("DATABASE_URL", url.as_str()), ("ENVIAAI_SECRETS", SECRET)];
    let door = Program::run(&program, &settings, &["--role", "door"]);
    let worker = std::process::Command::new(&program)
        .args(["--role", "worker", "--workers", "4"])
        .env_clear()
        .envs(settings)
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let worker = examples::Killed(worker);
    let memory = |id: u32| -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    };
    let both = || (memory(door.child.id()), memory(worker.0.id()));
    let address = door.address;
    let (mut answers, oldest, early, late, behind) = block_on(async {
        const SENDERS: usize = 32;

        let started = Instant::now();
        let next = Arc::new(AtomicUsize::new(0));
        let total = rate * seconds;
        let run = seed();
        let senders: Vec<_> = (0..SENDERS)
            .map(|_| {
                let next = Arc::clone(&next);
                tokio::spawn(async move {
                    let mut stream = TcpStream::connect(address).await.unwrap();
                    stream.set_nodelay(true).unwrap();
                    let mut answers = Answers::default();
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        if index >= total {
                            return answers;
                        }
                        // Each has its time; who is late is late, and does not wait.
                        let due = Duration::from_secs_f64(index as f64 / rate as f64);
                        tokio::time::sleep_until((started + due).into()).await;
                        let request = post(&format!("sustained_{run}_{index}"));
                        let sent = Instant::now();
                        let status = send(&mut stream, &request).await;
                        answers.took.push(sent.elapsed());
                        answers.not_200 += usize::from(status != 200);
                    }
                })
            })
            .collect();
        let age =
            "select coalesce(extract(epoch from clock_timestamp() - min(enqueued_at)), 0)::text
            from pgmq.q_inbox";
        let (mut oldest, mut early) = (0.0_f64, None);
        while senders.iter().any(|sender| !sender.is_finished()) {
            tokio::time::sleep(Duration::from_secs(1)).await;
            oldest = oldest.max(texts(&url, age).await[0].parse().unwrap());
            if early.is_none() && started.elapsed().as_secs() * 5 >= seconds as u64 {
                early = Some(both());
            }
        }
        let late = both();
        let behind = in_queue(&url).await;
        let mut all = Answers::default();
        for sender in senders {
            let answers = sender.await.unwrap();
            all.not_200 += answers.not_200;
            all.took.extend(answers.took);
        }
        (all, oldest, early.unwrap_or(late), late, behind)
    });
    answers.took.sort();
    let at = |share: usize| answers.took[(answers.took.len() - 1) * share / 1000];
    run.figure(
        &format!("pgmq over HTTP: {rate} × 2 KiB per second for {seconds} s, a door and 4 workers"),
        "0 not 200, p99 < 20 ms, memory flat, oldest entry < 2 s",
        &format!(
            "{} not 200 of {}; median {:.1} ms, p99 {:.1} ms; door and workers {} and {} kB after a fifth, {} and {} kB at the end; the oldest entry {oldest:.1} s, {behind} left",
            answers.not_200,
            answers.took.len(),
            at(500).as_secs_f64() * 1000.0,
            at(990).as_secs_f64() * 1000.0,
            early.0,
            early.1,
            late.0,
            late.1,
        ),
    );
    assert_eq!(answers.not_200, 0);
}

fn post(name: &str) -> Vec<u8> {
    let plain = body(name);
    let body = plain.replace("Oi", &"Oi, tudo bem? ".repeat((2048 - plain.len()) / 14));
    let signature = EnviaAi::sign(&secret(), body.as_bytes());
    let head = format!(
        "POST /enviaai HTTP/1.1\r\nhost: local\r\nx-enviaai-signature: {signature}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.into_bytes(), body.into_bytes()].concat()
}

/// Gives the status of the answer, which has no body.
async fn send(stream: &mut TcpStream, request: &[u8]) -> u16 {
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        assert!(stream.read_buf(&mut answer).await.unwrap() > 0, "the door hung up");
    }
    std::str::from_utf8(&answer[9..12]).unwrap().parse().unwrap()
}
