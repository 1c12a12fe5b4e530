//! **Copy this file**: everything between axum and zaphook. It needs none of
//! the other files.
//!
//! It has a route per gateway, which screens a request by its head, waits for a
//! slot to read and a slot to work, enforces deadlines, and lets work outlive
//! its caller; and a server that limits how long a request's head may take, and
//! shuts down without losing anything. The application implements
//! [`Application`]; [`serve`] runs it. `examples/receiver/mod.rs` is one, for
//! demonstration.
//!
//! ```toml
//! axum = { version = "0.8", default-features = false, features = ["http1", "tokio"] }
//! http = "1"
//! hyper = { version = "1", features = ["http1", "server"] }
//! hyper-util = { version = "0.1", features = ["http1", "server", "server-graceful", "service", "tokio"] }
//! tokio = { version = "1", features = ["macros", "net", "rt-multi-thread", "signal", "sync", "time"] }
//! zaphook = { version = "0.1", features = ["tokio"] }
//! ```

use std::future::{Future, poll_fn};
use std::net::{IpAddr, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::{Arc, PoisonError, RwLock};
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request as Received, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http::StatusCode;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};
use tokio::time::error::Elapsed;
use tokio::time::timeout;
use zaphook::idempotency::SharedStore;
use zaphook::{Answer, AnyDelivery, AnyReceiver, Consumer, Failure, Head, Request};

// ---- The application, and its limits: the same with every framework -------

pub(crate) type Problem = Box<dyn std::error::Error>;

/// One gateway's deliveries, each handled once. With one gateway, the
/// consumer of a `Receiver<EnviaAi>` hands typed events to the handler.
pub(crate) type AnyConsumer = Consumer<AnyReceiver, SharedStore>;

/// What your application provides.
pub(crate) trait Application: Send + Sync + 'static {
    /// A consumer per gateway. Called at startup, and again at `SIGHUP`, when
    /// secrets may have changed. An error then changes nothing.
    fn consumers(&self) -> Result<Vec<AnyConsumer>, Problem>;

    /// What to answer to a request: handled, which [`handle`](Self::handle) does. An
    /// application that stores first and works later says
    /// `consumer.accept(request, …)` here, as `examples/inbox` does.
    fn answer(
        &self,
        consumer: &AnyConsumer,
        request: &Request<'_>,
    ) -> impl Future<Output = Answer> + Send {
        consumer.handle(request, |delivery| self.handle(delivery))
    }

    /// Handles an event. `Ok` means done or durably stored, and is answered
    /// with 200.
    fn handle(&self, delivery: AnyDelivery) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Called with each request whose body was read, authentic or not, before
    /// it is handled.
    fn received(&self, gateway: &'static str, request: &Request<'_>);

    /// Called with each answer. Log it without the request's URI: with some
    /// gateways the URI contains the credential.
    fn answered(&self, gateway: &'static str, answer: &Answer);

    /// Called at the end, when no work is in progress any more.
    fn finish(&self) -> impl Future<Output = ()> + Send;
}

pub(crate) struct Limits {
    pub(crate) listen: SocketAddr,
    /// How many deliveries are handled at once. Above that the answer is 503 if
    /// the gateway then retries; otherwise the delivery waits.
    pub(crate) concurrency: usize,
    /// How many bodies are read at once; above that, the same applies.
    /// Multiplied by a gateway's body limit it is the memory that they may
    /// take.
    pub(crate) reading: usize,
    /// How long a request's head may take to arrive.
    pub(crate) head_within: Duration,
    /// How long a body may take to arrive.
    pub(crate) body_within: Duration,
    /// After how long a delivery that is still being handled is answered with
    /// 503; the work goes on.
    pub(crate) answer_within: Duration,
    /// How long the shutdown may take.
    pub(crate) finish_within: Duration,
}

/// What all routes share.
struct Shared<A> {
    application: A,
    limits: Limits,
    /// A slot for each body that may be read at once.
    reading: Arc<Semaphore>,
    /// A slot for each delivery that may be handled at once.
    working: Arc<Semaphore>,
}

/// One gateway's route.
struct Route<A> {
    /// The path, and the folder of paths that end with a token or similar.
    path: String,
    consumer: RwLock<Arc<AnyConsumer>>,
    shared: Arc<Shared<A>>,
}

type Routes<A> = Vec<Arc<Route<A>>>;

impl<A> Route<A> {
    /// The consumer as it is now.
    fn consumer(&self) -> Arc<AnyConsumer> {
        Arc::clone(&self.consumer.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// One of these slots; `None` when all are taken. A gateway that treats any
    /// answer as final waits instead, ahead of all others: when it hangs up, it
    /// retries.
    async fn place(&self, places: &Arc<Semaphore>) -> Option<OwnedSemaphorePermit> {
        let free = Arc::clone(places).try_acquire_owned();
        if free.is_ok() || self.consumer().repeats_after(http::StatusCode::SERVICE_UNAVAILABLE) {
            return free.ok();
        }
        Arc::clone(places).acquire_owned().await.ok()
    }
}

impl<A: Application> Shared<A> {
    /// Everything that is received, and what it takes.
    fn start(application: A, limits: Limits) -> Result<(Arc<Self>, Routes<A>), Problem> {
        let (reading, working) = (limits.reading, limits.concurrency);
        let [reading, working] = [reading, working].map(|places| Arc::new(Semaphore::new(places)));
        let shared = Arc::new(Self { application, limits, reading, working });
        let consumers = shared.application.consumers()?;
        let route = |consumer: AnyConsumer| {
            let path = format!("/{}", consumer.gateway());
            let consumer = RwLock::new(Arc::new(consumer));
            Arc::new(Route { path, consumer, shared: Arc::clone(&shared) })
        };
        let routes = consumers.into_iter().map(route).collect();
        Ok((shared, routes))
    }

    /// Asks for the consumers again. When one cannot be made, nothing changes.
    fn reload(&self, routes: &[Arc<Route<A>>]) -> Result<(), Problem> {
        let mut changed = Vec::new();
        for consumer in self.application.consumers()? {
            let gateway = consumer.gateway();
            let route = routes.iter().find(|route| route.consumer().gateway() == gateway);
            changed.push((route.ok_or("a new gateway needs a new start")?, Arc::new(consumer)));
        }
        for (route, consumer) in changed {
            *route.consumer.write().unwrap_or_else(PoisonError::into_inner) = consumer;
        }
        Ok(())
    }

    /// Until it is told to end: `SIGHUP` reads the secrets again.
    async fn told_to_end(&self, routes: &[Arc<Route<A>>], mut signals: Signals) {
        loop {
            tokio::select! {
                _ = signals.hangup.recv() => match self.reload(routes) {
                    Ok(()) => eprintln!("secrets read again"),
                    Err(error) => eprintln!("the secrets stay as they are: {error}"),
                },
                _ = signals.terminate.recv() => return,
                _ = signals.interrupt.recv() => return,
            }
        }
    }

    /// Waits until no body is read and nothing is worked on any more, also for
    /// a caller who hung up or was answered before. As long as the places that
    /// it gives are held, nothing begins.
    async fn finished(&self) -> [Option<SemaphorePermit<'_>>; 2] {
        let all = |places| u32::try_from(places).unwrap_or(u32::MAX);
        // In this order: what is being read gets its place to be worked on.
        let reading = self.reading.acquire_many(all(self.limits.reading)).await.ok();
        let working = self.working.acquire_many(all(self.limits.concurrency)).await.ok();
        self.application.finish().await;
        [reading, working]
    }
}

// ---- A request ------------------------------------------------------------

tokio::task_local! {
    /// The peer address of the connection. Each has a task of its own, so that this costs
    /// nothing; as an extension of the request it would be put into a map for each.
    static PEER: IpAddr;
}

async fn receive<A: Application>(
    State(route): State<Arc<Route<A>>>,
    request: Received,
) -> Response {
    let (consumer, shared) = (route.consumer(), Arc::clone(&route.shared));
    let (gateway, peer) = (consumer.gateway(), PEER.get());
    let (parts, body) = request.into_parts();

    // What the head alone gives away costs neither a body nor a place.
    if let Err(refusal) = consumer.screen(&Head::from(&parts).peer(peer)) {
        return answer(&shared.application, gateway, refusal.into());
    }
    let Some(reading) = route.place(&shared.reading).await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let body = pin!(to_bytes(body, consumer.body_limit()));
    let body = match within(shared.limits.body_within, body).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return answer(&shared.application, gateway, consumer.too_large()),
        Err(_) => return StatusCode::REQUEST_TIMEOUT.into_response(),
    };
    let Some(working) = route.place(&shared.working).await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    drop(reading);

    let worked = Arc::clone(&shared);
    let mut handling = Box::pin(async move {
        let _working = working;
        let application = &worked.application;
        let request = Head::from(&parts).peer(peer).with_body(body);
        application.received(gateway, &request);
        application.answer(&consumer, &request).await
    });
    // Most deliveries wait for nothing and are done at once. What has to wait
    // goes on in a task of its own: a caller who hangs up cancels nothing.
    // Nothing comes between the two.
    let handled = match poll_fn(|context| Poll::Ready(handling.as_mut().poll(context))).await {
        Poll::Ready(handled) => return answer(&shared.application, gateway, handled),
        Poll::Pending => timeout(shared.limits.answer_within, tokio::spawn(handling)).await,
    };
    match handled {
        Ok(Ok(handled)) => answer(&shared.application, gateway, handled),
        _ => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// What is ready at once, as most bodies are, needs no timer.
async fn within<F: Future>(limit: Duration, mut work: Pin<&mut F>) -> Result<F::Output, Elapsed> {
    match poll_fn(|context| Poll::Ready(work.as_mut().poll(context))).await {
        Poll::Ready(done) => Ok(done),
        Poll::Pending => timeout(limit, work).await,
    }
}

fn answer<A: Application>(application: &A, gateway: &'static str, answer: Answer) -> Response {
    application.answered(gateway, &answer);
    let withheld = answer.is_withheld();
    let mut response: Response = answer.into();
    if withheld {
        response.extensions_mut().insert(Withheld);
    }
    response
}

/// No answer at all: the connection is closed without a byte, and the gateway sends
/// the delivery again.
#[derive(Clone, Copy, Debug)]
struct Withheld;

impl std::fmt::Display for Withheld {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the answer is withheld")
    }
}

impl std::error::Error for Withheld {}

// ---- The server -----------------------------------------------------------

/// What reloads and what ends. It is there before the address is announced, since a
/// signal that nothing waits for kills the process.
struct Signals {
    hangup: Signal,
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            hangup: signal(SignalKind::hangup())?,
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }
}

/// Receives until `SIGTERM` or Ctrl-C, and finishes what is being worked on.
pub(crate) async fn serve<A: Application>(application: A, limits: Limits) -> Result<(), Problem> {
    let (shared, routes) = Shared::start(application, limits)?;
    let signals = Signals::new()?;
    let router = routes.iter().fold(Router::new(), |router, route| {
        let handler = || post(receive::<A>).with_state(Arc::clone(route));
        // With whatever a token or the gateway puts behind the path.
        let (folder, below) = (format!("{}/", route.path), format!("{}/{{*below}}", route.path));
        router.route(&route.path, handler()).route(&folder, handler()).route(&below, handler())
    });

    let listen = shared.limits.listen;
    let listener = TcpListener::bind(listen).await.map_err(|error| format!("{listen}: {error}"))?;
    eprintln!("receiving on {}", listener.local_addr()?);

    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(shared.limits.head_within);
    let graceful = GracefulShutdown::new();
    let mut end = pin!(shared.told_to_end(&routes, signals));
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // Out of file descriptors, or a connection that is gone
                // already: the next one may be fine.
                let Ok((stream, peer)) = accepted else {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    continue;
                };
                let router = TowerToHyperService::new(router.clone());
                let service = service_fn(move |request: hyper::Request<Incoming>| {
                    let answering = router.call(request);
                    async move {
                        let Ok(response) = answering.await;
                        match response.extensions().get::<Withheld>() {
                            // hyper closes the connection, and sends nothing before.
                            Some(withheld) => Err(*withheld),
                            None => Ok(response),
                        }
                    }
                });
                let connection = builder.serve_connection(TokioIo::new(stream), service);
                let connection = PEER.scope(peer.ip(), graceful.watch(connection));
                // A connection that breaks is the other side's business.
                tokio::spawn(async move { drop(connection.await) });
            }
            () = &mut end => break,
        }
    }

    // No new connections; those that have a request get their answer; work
    // whose caller hung up is finished as well.
    drop(listener);
    let finish = async {
        graceful.shutdown().await;
        drop(shared.finished().await);
    };
    if timeout(shared.limits.finish_within, finish).await.is_err() {
        eprintln!("not everything was finished in time");
    }
    Ok(())
}
