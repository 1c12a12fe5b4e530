//! A receiver that stores first, answers, and works later: on axum and PostgreSQL,
//! with [pgmq](https://github.com/pgmq/pgmq) as the queue.
//!
//! ```text
//! export DATABASE_URL=postgres://user:password@127.0.0.1/database
//! ENVIAAI_SECRETS=whs_3b9ff21c cargo run --features postgres --example inbox
//! ENVIAAI_SECRETS=whs_3b9ff21c cargo run --features postgres --example inbox -- --role door
//! ENVIAAI_SECRETS=whs_3b9ff21c cargo run --features postgres --example inbox -- --role worker
//! cargo run --features postgres --example inbox -- --dead
//! cargo run --features postgres --example inbox -- --replay all
//! ```
//!
//! Doors and workers run in any number, on any machines. What was answered 200 is
//! handled, set aside, or still in the queue, as long as PostgreSQL keeps what it has
//! committed; at the start it is checked whether it does.
//!
//! To be copied are `queue.rs` and `worker.rs`, beside `axum/adapter.rs` and
//! `postgres/pooled.rs`. This file is an application on them: its handler writes a
//! row per event, in the transaction that completes it, so that there is one row per
//! event whatever crashes. The gateways are configured as for `--example axum`.
//!
//! What cannot be pushed is not answered by 200: gateways that retry for hours are
//! told to, eazeWA gets no answer at all, and for Wawp and WAHA, whose attempts end
//! within seconds, it is appended to the file `UNSTORED` (`unstored.jsonl` if not
//! set), which `--push FILE` pushes later.

#[path = "../axum/adapter.rs"]
mod adapter;
#[path = "../receiver/config.rs"]
#[allow(dead_code, reason = "the settings of another example's store and work")]
mod config;
#[path = "../receiver/gateways.rs"]
mod gateways;
#[path = "../postgres/pooled.rs"]
mod pooled;
mod queue;
mod worker;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use zaphook::idempotency::{PostgresStore, Settled, SharedStore};
use zaphook::{
    Answer, AnyDelivery, DeadLetter, DeadLetterReason, Failure, Outcome, Request, Stored,
};

use adapter::{AnyConsumer, Application, Problem};
use pooled::Pooled;
use queue::Queue;

const HELP: &str = "\
A receiver that stores first and works later. DATABASE_URL names a PostgreSQL with
pgmq; the gateways are configured as for the example axum.

    --role door|worker|both   what this process does; both if not said
    --workers N               how many workers; 4 if not said
    --dead                    lists what was set aside
    --replay ID...|all        works on it once more
    --push FILE               pushes what could not be pushed when it came
    --help
";

/// How long what was handled is remembered where it is completed with its work: longer
/// than an entry may wait.
const REMEMBERED: Duration = Duration::from_secs(8 * 24 * 60 * 60);

/// For how long an entry that was taken is not handed out again. It may be shorter
/// than a lease: who looks too early is told so by the claim.
const VISIBLE_AFTER: Duration = Duration::from_secs(60);

#[tokio::main]
async fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn plain(error: queue::Problem) -> Problem {
    error
}

#[derive(Clone, Copy, PartialEq)]
enum Role {
    Door,
    Worker,
    Both,
}

async fn run(arguments: Vec<String>) -> Result<(), Problem> {
    let (mut role, mut workers) = (Role::Both, 4);
    let mut rest = arguments.iter();
    let mut task = None;
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--help" => {
                print!("{HELP}");
                return Ok(());
            }
            "--role" => {
                role = match rest.next().map(String::as_str) {
                    Some("door") => Role::Door,
                    Some("worker") => Role::Worker,
                    Some("both") => Role::Both,
                    _ => return Err("--role takes door, worker or both".into()),
                };
            }
            "--workers" => {
                let number = rest.next().and_then(|number| number.parse().ok());
                workers = number.ok_or("--workers takes a number")?;
            }
            "--dead" | "--replay" | "--push" => {
                task = Some((argument.clone(), rest.by_ref().cloned().collect::<Vec<_>>()));
            }
            other => return Err(format!("{other} is not known; --help tells what is").into()),
        }
    }
    let url = std::env::var("DATABASE_URL").map_err(|_| "set DATABASE_URL")?;
    let pool = Pooled::new(&url, 16)?;
    let queue = Queue::open(pool.clone(), VISIBLE_AFTER).await.map_err(plain)?;
    match task {
        Some((task, words)) => by_hand(&queue, &task, &words).await,
        None => serve(role, workers, pool, queue).await,
    }
}

/// What a person does with the dead letters.
async fn by_hand(queue: &Queue, task: &str, words: &[String]) -> Result<(), Problem> {
    match (task, words) {
        ("--dead", []) => {
            for entry in queue.dead().await.map_err(plain)? {
                match entry.stored {
                    Ok(stored) => {
                        let (gateway, time) = (stored.gateway(), stored.received_at());
                        let length = stored.body().len();
                        println!("{}\t{gateway}\t{time}\t{length} bytes", entry.id);
                    }
                    Err(error) => println!("{}\tno delivery: {error}", entry.id),
                }
            }
        }
        ("--replay", [all]) if all == "all" => {
            println!("{} replayed", queue.replay(None).await.map_err(plain)?);
        }
        ("--replay", [_, ..]) => {
            let ids: Vec<i64> = words.iter().map(|id| id.parse()).collect::<Result<_, _>>()?;
            println!("{} replayed", queue.replay(Some(&ids)).await.map_err(plain)?);
        }
        ("--push", [file]) => {
            let mut pushed = 0_u64;
            for line in tokio::fs::read_to_string(file).await?.lines() {
                let stored: Stored = serde_json::from_str(line)?;
                queue.push(stored).await.map_err(|failure| failure.error().to_string())?;
                pushed += 1;
            }
            println!("{pushed} pushed; what is pushed twice is handled once");
        }
        _ => return Err(format!("{task}: --help tells what it takes").into()),
    }
    Ok(())
}

async fn serve(role: Role, workers: usize, pool: Pooled, queue: Queue) -> Result<(), Problem> {
    let store = PostgresStore::new(pool.clone());
    store.create_schema().await?;
    let table = "create table if not exists inbox_events (
        key text not null, gateway text not null, name text not null,
        received_at timestamptz not null default now())";
    pool.0.get().await?.batch_execute(table).await?;
    let limits = config::Config::from_environment()?.limits;
    let unstored = std::env::var_os("UNSTORED").map_or("unstored.jsonl".into(), PathBuf::from);
    let inbox = Arc::new(Inbox { pool, queue, store, unstored });

    let (ending, end) = watch::channel(false);
    let mut working = Vec::new();
    if role != Role::Door {
        for _ in 0..workers {
            let consumers = inbox.consumers()?.into_iter();
            let consumers = consumers.map(|consumer| (consumer.gateway(), consumer)).collect();
            let handling = Arc::clone(&inbox);
            let handle = move |delivery| {
                let inbox = Arc::clone(&handling);
                async move { inbox.handle(delivery).await }
            };
            let work = worker::work(inbox.queue.clone(), consumers, handle, end.clone());
            working.push(tokio::spawn(work));
        }
        let store = inbox.store.clone();
        tokio::spawn(async move {
            let mut every = tokio::time::interval(Duration::from_secs(300));
            loop {
                every.tick().await;
                if let Err(error) = store.purge().await {
                    eprintln!("old keys stay for now: {error}");
                }
            }
        });
    }
    if role == Role::Worker {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        eprintln!("working");
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    } else {
        adapter::serve(Door(inbox), limits).await?;
    }
    let _ = ending.send(true);
    for worker in working {
        worker.await?;
    }
    Ok(())
}

struct Inbox {
    pool: Pooled,
    queue: Queue,
    store: PostgresStore<Pooled>,
    unstored: PathBuf,
}

impl Inbox {
    fn consumers(&self) -> Result<Vec<AnyConsumer>, Problem> {
        let consumers = gateways::consumers(&SharedStore::new(self.store.clone()))?;
        let keep = |consumer: AnyConsumer| {
            let path = self.unstored.clone();
            consumer.on_dead_letter(move |letter| keep(path.clone(), letter))
        };
        Ok(consumers.into_iter().map(keep).collect())
    }

    /// A row per event, written in the transaction that completes it.
    async fn handle(&self, delivery: AnyDelivery) -> Result<(), Failure> {
        let ticket = delivery.ticket().ok_or("handled without a claim")?;
        let mut client = self.pool.0.get().await?;
        let work = client.transaction().await?;
        let insert = "insert into inbox_events (key, gateway, name) values ($1, $2, $3)";
        let key = ticket.key().as_str();
        work.execute(insert, &[&key, &delivery.gateway(), &delivery.name()]).await?;
        match self.store.complete_in(&work, ticket, REMEMBERED).await? {
            Settled::Applied => work.commit().await?,
            Settled::Lost => return Err(Failure::retry("another worker has taken it over")),
        }
        Ok(())
    }
}

/// Appends what could not be pushed to a file, and waits for the disk. It is a log and
/// no queue: `--push` pushes it.
async fn keep(path: PathBuf, letter: DeadLetter) {
    let stored = letter.stored().map(serde_json::to_string);
    let Some(Ok(line)) = stored else {
        eprintln!("{}: lost, {}", letter.gateway(), letter.reason().as_str());
        return;
    };
    let appended = tokio::task::spawn_blocking(move || {
        let mut file = std::fs::File::options().create(true).append(true).open(path)?;
        file.write_all(format!("{line}\n").as_bytes())?;
        file.sync_all()
    });
    match appended.await {
        Ok(Ok(())) if letter.reason() == DeadLetterReason::NotStored => {}
        Ok(Ok(())) => eprintln!("{}: kept, {}", letter.gateway(), letter.reason().as_str()),
        _ => eprintln!("{}: lost, the file cannot be written", letter.gateway()),
    }
}

/// What the adapter needs of it.
struct Door(Arc<Inbox>);

impl Application for Door {
    fn consumers(&self) -> Result<Vec<AnyConsumer>, Problem> {
        self.0.consumers()
    }

    async fn answer(&self, consumer: &AnyConsumer, request: &Request<'_>) -> Answer {
        consumer.accept(request, |entry| self.0.queue.push(entry)).await
    }

    async fn handle(&self, delivery: AnyDelivery) -> Result<(), Failure> {
        self.0.handle(delivery).await
    }

    fn received(&self, _: &'static str, _: &Request<'_>) {}

    fn answered(&self, gateway: &'static str, answer: &Answer) {
        match answer.outcome() {
            Outcome::Stored | Outcome::Skipped => {}
            outcome => {
                let answered = if answer.is_withheld() { "no answer" } else { "answered" };
                eprintln!(
                    "{gateway}: {answered} {} {}",
                    answer.status().as_u16(),
                    outcome.as_str()
                );
            }
        }
    }

    async fn finish(&self) {}
}
