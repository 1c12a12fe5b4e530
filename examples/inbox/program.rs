//! Demonstration, not to be copied alone: what the examples `inbox` and `embedded` have
//! in common, whatever their queue and their store are. It takes the command line,
//! runs the door and the workers, and does by hand what a person does with the dead
//! letters. Beside it stand `Inbox`, which is the application, and `queue`.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use zaphook::{
    Answer, AnyDelivery, DeadLetter, DeadLetterReason, Failure, Outcome, Request, Stored,
};

use super::adapter::{self, AnyConsumer, Application, Problem};
use super::queue::{self, Queue};
use super::{Inbox, config, gateways, worker};

const HELP: &str = "
    --role door|worker|both   what this process does; both if not said
    --workers N               how many workers; 4 if not said
    --dead                    lists what was set aside
    --replay ID...|all        works on it once more
    --push FILE               pushes what could not be pushed when it came
    --help
";

/// How long what was handled is remembered where it is completed with its work: longer
/// than an entry may wait.
pub(crate) const REMEMBERED: Duration = Duration::from_secs(8 * 24 * 60 * 60);

/// For how long an entry that was taken is not handed out again. It may be shorter
/// than a lease: who looks too early is told so by the claim.
pub(crate) const VISIBLE_AFTER: Duration = Duration::from_secs(60);

/// Does what the command line says.
pub(crate) async fn main(about: &str) -> ExitCode {
    match run(about, std::env::args().skip(1).collect()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

pub(crate) fn plain(error: queue::Problem) -> Problem {
    error
}

#[derive(Clone, Copy, PartialEq)]
enum Role {
    Door,
    Worker,
    Both,
}

async fn run(about: &str, arguments: Vec<String>) -> Result<(), Problem> {
    let (mut role, mut workers) = (Role::Both, 4);
    let mut rest = arguments.iter();
    let mut task = None;
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--help" => {
                print!("{about}{HELP}");
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
    let inbox = Inbox::open().await?;
    match task {
        Some((task, words)) => by_hand(&inbox.queue, &task, &words).await,
        None => serve(role, workers, inbox).await,
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

async fn serve(role: Role, workers: usize, inbox: Inbox) -> Result<(), Problem> {
    let limits = config::Config::from_environment()?.limits;
    let inbox = Arc::new(inbox);

    let (ending, end) = watch::channel(false);
    let mut working = Vec::new();
    if role != Role::Door {
        for _ in 0..workers {
            let consumers = consumers(&inbox)?.into_iter();
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

fn consumers(inbox: &Inbox) -> Result<Vec<AnyConsumer>, Problem> {
    let consumers = gateways::consumers(&inbox.shared())?;
    let unstored = std::env::var_os("UNSTORED").map_or("unstored.jsonl".into(), PathBuf::from);
    let keep = |consumer: AnyConsumer| {
        let path = unstored.clone();
        consumer.on_dead_letter(move |letter| keep(path.clone(), letter))
    };
    Ok(consumers.into_iter().map(keep).collect())
}

/// Appends what could not be pushed to a file, and waits for the disk. It is a log and
/// no queue: `--push` pushes it.
async fn keep(path: PathBuf, letter: DeadLetter) {
    let Ok(line) = serde_json::to_string(letter.stored()) else {
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
        consumers(&self.0)
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
