//! What the receivers of the examples have in common, whichever framework
//! they stand on: configuration, gateways, store, and the work.

mod arguments;
mod captures;
mod config;
mod gateways;
#[cfg(feature = "postgres")]
#[path = "../postgres/pooled.rs"]
mod pooled;
mod store;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use http::StatusCode;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};
use zaphook::idempotency::SharedStore;
use zaphook::{Answer, AnyDelivery, AnyReceiver, Consumer, Failure, Outcome, Request};

use arguments::{Arguments, HELP};
use captures::Captures;
pub(crate) use config::{Config, Problem, Work};

/// One gateway's route. The receiver is replaced when secrets change.
///
/// The receivers are `AnyReceiver`s, so that one function serves every
/// gateway. With one gateway, a `Receiver<EnviaAi>` hands typed events to the
/// handler.
pub(crate) struct Route {
    /// The path, and the folder of paths that end with a token or the like.
    pub(crate) path: String,
    receiver: RwLock<Arc<Consumer<AnyReceiver, SharedStore>>>,
    /// A place for each body that may be read at once, over all routes.
    pub(crate) reading: Arc<Semaphore>,
    /// A place for each delivery that may be worked on at once, over all
    /// routes.
    pub(crate) working: Arc<Semaphore>,
    pub(crate) body_within: Duration,
    pub(crate) answer_within: Duration,
    pub(crate) work: Work,
    captures: Option<Captures>,
}

impl Route {
    /// The receiver as it is now.
    pub(crate) fn receiver(&self) -> Arc<Consumer<AnyReceiver, SharedStore>> {
        Arc::clone(&self.receiver.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// One of these places; `None` when all are taken. A gateway that takes any
    /// answer as final is kept waiting instead, before all others: when it hangs
    /// up, it comes again.
    pub(crate) async fn place(&self, places: &Arc<Semaphore>) -> Option<OwnedSemaphorePermit> {
        let free = Arc::clone(places).try_acquire_owned();
        if free.is_ok() || self.receiver().repeats_after(StatusCode::SERVICE_UNAVAILABLE) {
            return free.ok();
        }
        Arc::clone(places).acquire_owned().await.ok()
    }

    /// Keeps what was received, if it was asked for.
    pub(crate) fn keep(&self, gateway: &str, request: &Request<'_>) {
        if let Some(captures) = &self.captures {
            captures.keep(gateway, request);
        }
    }
}

/// Everything that is received, and what it takes.
pub(crate) struct App {
    pub(crate) config: Config,
    pub(crate) routes: Vec<Arc<Route>>,
    store: SharedStore,
    reading: Arc<Semaphore>,
    working: Arc<Semaphore>,
    captures: Option<Captures>,
}

impl App {
    /// `None` when all that was asked for is help.
    pub(crate) async fn from_environment() -> Result<Option<Self>, Problem> {
        let arguments = Arguments::read(std::env::args().skip(1))?;
        if arguments.help {
            print!("{HELP}");
            return Ok(None);
        }
        let config = Config::from_environment()?;
        // Every route shares it: keys of different gateways differ.
        let store = store::open(arguments.store, config.keys).await?;
        let captures = arguments.capture.map(|path| Captures::open(&path)).transpose()?;
        let reading = Arc::new(Semaphore::new(config.reading));
        let working = Arc::new(Semaphore::new(config.concurrency));
        let routes = gateways::receivers(&store)?
            .into_iter()
            .map(|receiver| {
                Arc::new(Route {
                    path: format!("/{}", receiver.gateway()),
                    receiver: RwLock::new(Arc::new(receiver)),
                    reading: Arc::clone(&reading),
                    working: Arc::clone(&working),
                    body_within: config.body_within,
                    answer_within: config.answer_within,
                    work: config.work,
                    captures: captures.clone(),
                })
            })
            .collect();
        Ok(Some(Self { config, routes, store, reading, working, captures }))
    }

    /// Waits until no body is read and nothing is worked on any more, also for
    /// a caller who hung up or was answered before, and what was to be kept is.
    /// As long as the places that it gives are held, nothing begins.
    pub(crate) async fn finished(&self) -> [Option<SemaphorePermit<'_>>; 2] {
        let all = |places| u32::try_from(places).unwrap_or(u32::MAX);
        // In this order: what is being read gets its place to be worked on.
        let reading = self.reading.acquire_many(all(self.config.reading)).await.ok();
        let working = self.working.acquire_many(all(self.config.concurrency)).await.ok();
        if let Some(captures) = &self.captures {
            captures.flushed().await;
        }
        [reading, working]
    }

    /// Reads the secrets again. When one cannot be used, nothing changes.
    pub(crate) fn reload(&self) -> Result<(), Problem> {
        for receiver in gateways::receivers(&self.store)? {
            let gateway = receiver.gateway();
            let route = self.routes.iter().find(|route| route.receiver().gateway() == gateway);
            let route = route.ok_or("a new gateway needs a new start")?;
            *route.receiver.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(receiver);
        }
        Ok(())
    }
}

/// What your application does with an event. `Ok` means done or durably
/// stored: the gateway is told so.
pub(crate) async fn handle(delivery: AnyDelivery, work: Work) -> Result<(), Failure> {
    if let Some(service) = work.at {
        // An error by `?`: the delivery is handled at its next attempt.
        TcpStream::connect(service).await?.read(&mut [0]).await?;
    }
    if !work.quiet {
        let key = delivery.key().map_or("-".to_owned(), |key| key.to_string());
        println!("{} {} {key}", delivery.gateway(), delivery.name());
    }
    Ok(())
}

/// Logs the gateway and the outcome, never the URI: with some gateways it
/// holds the credential.
pub(crate) fn log(gateway: &str, answer: &Answer) {
    let (status, outcome) = (answer.status().as_u16(), answer.outcome());
    match outcome {
        Outcome::Handled | Outcome::Duplicate => {}
        // Why, and never what was presented.
        Outcome::Refused(refusal) => eprintln!("{gateway}: {status} refused, {refusal}"),
        Outcome::Unreadable(unreadable) => {
            eprintln!("{gateway}: {status} unreadable, {unreadable}")
        }
        outcome => eprintln!("{gateway}: {status} {}", outcome.as_str()),
    }
}
