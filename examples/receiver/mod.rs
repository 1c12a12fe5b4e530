//! Demonstration, not to be copied alone: an application for the adapters of
//! the examples, whichever framework they use. Settings are in `config.rs`,
//! policies in `gateways.rs`, the store in `store.rs`.

mod arguments;
mod captures;
mod config;
mod gateways;
#[cfg(feature = "postgres")]
#[path = "../postgres/pooled.rs"]
mod pooled;
mod store;

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use zaphook::idempotency::SharedStore;
use zaphook::{Answer, AnyDelivery, Failure, Outcome, Request, Stored};

use super::adapter::{AnyConsumer, Application, Limits, Problem};
use arguments::{Arguments, HELP};
use captures::Captures;
use config::{Config, Work};

pub(crate) struct Example {
    work: Work,
    /// Shared by all routes: keys of different gateways differ.
    store: SharedStore,
    captures: Option<Captures>,
    /// Where deliveries are stored instead of being handled.
    store_first: Option<PathBuf>,
}

impl Example {
    /// `None` when only help was requested.
    pub(crate) async fn from_environment() -> Result<Option<(Self, Limits)>, Problem> {
        let arguments = Arguments::read(std::env::args().skip(1))?;
        if arguments.help {
            print!("{HELP}");
            return Ok(None);
        }
        let Config { limits, keys, work } = Config::from_environment()?;
        let store = store::open(arguments.store, keys).await?;
        let captures = arguments.capture.map(|path| Captures::open(&path)).transpose()?;
        let store_first = arguments.store_first;
        Ok(Some((Self { work, store, captures, store_first }, limits)))
    }
}

/// `Ok` once the disk has it.
async fn append(file: PathBuf, entry: Stored) -> Result<(), Failure> {
    let line = serde_json::to_string(&entry)? + "\n";
    let written = tokio::task::spawn_blocking(move || {
        let mut file = File::options().create(true).append(true).open(file)?;
        file.write_all(line.as_bytes())?;
        file.sync_all()
    });
    Ok(written.await??)
}

impl Application for Example {
    fn consumers(&self) -> Result<Vec<AnyConsumer>, Problem> {
        gateways::consumers(&self.store)
    }

    async fn answer(&self, consumer: &AnyConsumer, request: &Request<'_>) -> Answer {
        match &self.store_first {
            None => consumer.handle(request, |delivery| self.handle(delivery)).await,
            Some(file) => consumer.accept(request, |entry| append(file.clone(), entry)).await,
        }
    }

    async fn handle(&self, delivery: AnyDelivery) -> Result<(), Failure> {
        if let Some(service) = self.work.at {
            // An error by `?`: the delivery is handled at its next attempt.
            TcpStream::connect(service).await?.read_to_end(&mut Vec::new()).await?;
        }
        if !self.work.quiet {
            let key = delivery.key().map_or("-".to_owned(), |key| key.to_string());
            println!("{} {} {key}", delivery.gateway(), delivery.name());
        }
        Ok(())
    }

    /// Writes it, if that was requested.
    fn received(&self, gateway: &'static str, request: &Request<'_>) {
        if let Some(captures) = &self.captures {
            captures.keep(gateway, request);
        }
    }

    fn answered(&self, gateway: &'static str, answer: &Answer) {
        let (status, outcome) = (answer.status().as_u16(), answer.outcome());
        match outcome {
            Outcome::Handled | Outcome::Duplicate | Outcome::Stored => {}
            // Why, and never what was presented.
            Outcome::Refused(refusal) => eprintln!("{gateway}: {status} refused, {refusal}"),
            Outcome::Unreadable(unreadable) => {
                eprintln!("{gateway}: {status} unreadable, {unreadable}")
            }
            outcome => eprintln!("{gateway}: {status} {}", outcome.as_str()),
        }
    }

    /// Everything captured has been written.
    async fn finish(&self) {
        if let Some(captures) = &self.captures {
            captures.flushed().await;
        }
    }
}
