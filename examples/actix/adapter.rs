//! **Copy this file**: everything between actix-web and zaphook. It needs none
//! of the other files.
//!
//! It has a route per gateway, which screens a request by its head, waits for a
//! slot to read and a slot to work, enforces deadlines, and lets work outlive
//! its caller; and a server that limits how long a request's head may take, and
//! shuts down without losing anything. The application implements
//! [`Application`]; [`serve`] runs it. `examples/receiver/mod.rs` is one, for
//! demonstration.
//!
//! ```toml
//! actix-web = { version = "4", default-features = false }
//! http = "1"
//! tokio = { version = "1", features = ["macros", "rt-multi-thread", "signal", "sync", "time"] }
//! zaphook = { version = "0.1", features = ["tokio"] }
//! ```

use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::{Arc, PoisonError, RwLock};
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::body::{BodySize, MessageBody};
use actix_web::error::{ErrorRequestTimeout, ErrorServiceUnavailable};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, RETRY_AFTER};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, rt, web};
use http::HeaderName;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};
use tokio::time::error::Elapsed;
use tokio::time::timeout;
use zaphook::idempotency::SharedStore;
use zaphook::{Answer, AnyDelivery, AnyReceiver, Consumer, Failure, Head, Headers, Request};

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

/// The headers of a request, which are those of another version of `http`:
/// looked up, not converted.
struct Received<'a>(&'a HeaderMap);

impl Headers for Received<'_> {
    fn values<'a>(&'a self, name: &HeaderName, each: &mut dyn FnMut(&'a [u8])) {
        self.0.get_all(name.as_str()).for_each(|value| each(value.as_bytes()));
    }

    fn each<'a>(&'a self, each: &mut dyn FnMut(&'a str, &'a [u8])) {
        self.0.iter().for_each(|(name, value)| each(name.as_str(), value.as_bytes()));
    }
}

fn head<'a>(request: &'a HttpRequest, headers: &'a Received<'a>) -> Head<'a> {
    let uri = request.uri().path_and_query().map_or("/", |uri| uri.as_str());
    let head = Head::new(headers).uri(uri);
    request.peer_addr().map_or(head, |peer| head.peer(peer.ip()))
}

async fn receive<A: Application>(
    route: web::Data<Route<A>>,
    request: HttpRequest,
    payload: web::Payload,
) -> actix_web::Result<HttpResponse> {
    let (consumer, shared) = (route.consumer(), Arc::clone(&route.shared));
    let gateway = consumer.gateway();

    // What the head alone gives away costs neither a body nor a place.
    if let Err(refusal) = consumer.screen(&head(&request, &Received(request.headers()))) {
        return answer(&shared.application, gateway, refusal.into());
    }
    let reading = route.place(&shared.reading).await;
    let reading = reading.ok_or_else(|| ErrorServiceUnavailable("full"))?;
    let body = pin!(payload.to_bytes_limited(consumer.body_limit()));
    let body = within(shared.limits.body_within, body).await.map_err(ErrorRequestTimeout)?;
    let Ok(body) = body else {
        return answer(&shared.application, gateway, consumer.too_large());
    };
    let body = body?;
    let working = route.place(&shared.working).await;
    let working = working.ok_or_else(|| ErrorServiceUnavailable("full"))?;
    drop(reading);

    let worked = Arc::clone(&shared);
    let mut handling = Box::pin(async move {
        let _working = working;
        let application = &worked.application;
        let headers = Received(request.headers());
        let request = head(&request, &headers).with_body(body);
        application.received(gateway, &request);
        application.answer(&consumer, &request).await
    });
    // Most deliveries wait for nothing and are done at once. What has to wait
    // goes on in a task of its own: a caller who hangs up cancels nothing.
    // Nothing comes between the two.
    let handled = match poll_fn(|context| Poll::Ready(handling.as_mut().poll(context))).await {
        Poll::Ready(handled) => return answer(&shared.application, gateway, handled),
        Poll::Pending => timeout(shared.limits.answer_within, rt::spawn(handling)).await,
    };
    let handled = handled.map_err(ErrorServiceUnavailable)?.map_err(ErrorServiceUnavailable)?;
    answer(&shared.application, gateway, handled)
}

/// What is ready at once, as most bodies are, needs no timer.
async fn within<F: Future>(limit: Duration, mut work: Pin<&mut F>) -> Result<F::Output, Elapsed> {
    match poll_fn(|context| Poll::Ready(work.as_mut().poll(context))).await {
        Poll::Ready(done) => Ok(done),
        Poll::Pending => timeout(limit, work).await,
    }
}

fn answer<A: Application>(
    application: &A,
    gateway: &'static str,
    answer: Answer,
) -> actix_web::Result<HttpResponse> {
    application.answered(gateway, &answer);
    if answer.is_withheld() {
        return Ok(HttpResponse::Ok().body(Withheld));
    }
    let status = StatusCode::from_u16(answer.status().as_u16());
    let mut response = HttpResponse::build(status.map_err(ErrorServiceUnavailable)?);
    if let Some(seconds) = answer.retry_after_seconds() {
        response.insert_header((RETRY_AFTER, seconds));
    }
    Ok(response.finish())
}

/// No answer at all: a body that fails before there is any of it, upon which actix
/// closes the connection without a byte, and the gateway sends the delivery again.
#[derive(Debug)]
struct Withheld;

impl MessageBody for Withheld {
    type Error = std::io::Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<web::Bytes, std::io::Error>>> {
        Poll::Ready(Some(Err(std::io::Error::other("the answer is withheld"))))
    }
}

// ---- The server -----------------------------------------------------------

/// How long an answer may take to be sent when there is nothing left to do.
const ANSWERED_WITHIN: Duration = Duration::from_secs(5);

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
    let data: Vec<_> = routes.iter().cloned().map(web::Data::from).collect();
    let configure = move |config: &mut web::ServiceConfig| {
        for route in &data {
            // With whatever a token or the gateway puts behind the path.
            for path in [route.path.clone(), format!("{}/{{below:.*}}", route.path)] {
                let resource = web::resource(path).app_data(route.clone());
                config.service(resource.route(web::post().to(receive::<A>)));
            }
        }
    };

    let listen = shared.limits.listen;
    let server = HttpServer::new(move || App::new().configure(configure.clone()))
        .client_request_timeout(shared.limits.head_within)
        .client_disconnect_timeout(Duration::from_secs(1))
        .shutdown_timeout(ANSWERED_WITHIN.as_secs())
        .disable_signals()
        .bind(listen)
        .map_err(|error| format!("{listen}: {error}"))?;
    for address in server.addrs() {
        eprintln!("receiving on {address}");
    }
    let server = server.run();
    let handle = server.handle();
    let server = tokio::spawn(server);
    shared.told_to_end(&routes, signals).await;

    // Nothing is accepted any more: who connects now is reset at the end, and
    // retries. First the work, which is done by the workers and would end with
    // them; then what answers are still on their way.
    let finish = async {
        handle.pause().await;
        let _places = shared.finished().await;
        handle.stop(true).await;
        let _ = server.await;
    };
    if timeout(shared.limits.finish_within, finish).await.is_err() {
        eprintln!("not everything was finished in time");
    }
    Ok(())
}
